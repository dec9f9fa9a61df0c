//! Promises 1, 2 and 7, broken one by one.

use coach::{Alarm, Because, Phase, Refusal, What};
use transcript::{Action, Entry, Kind, LinkState, Means};

use crate::play::{Play, rating};
use crate::{assert_broken, assert_clean, find, is_hold, last, moves_to, says, whole, with_hold, without};

// Promise 1.

#[test]
fn a_hold_is_not_done_before_its_minimum_nor_for_any_reason() {
    assert_broken(1, &with_hold(|_, _, counted, _| *counted = 29_999), "done after 29999");
    assert_broken(1, &with_hold(|_, because, _, _| *because = Because::Lost), "ended by lost counts as done");
    assert_broken(1, &with_hold(|_, _, _, pressed| *pressed -= 1), "recorded as pressed for");
    assert_broken(1, &with_hold(|_, _, _, pressed| *pressed = 60_001), "pressed for 60001");
}

#[test]
fn pressure_is_called_off_at_its_maximum() {
    let mut play = Play::holding();
    play.rate(4);
    for _ in 0..4 {
        play.wait(14_000);
        play.click(Means::Same(rating(4)));
    }
    assert_clean(&play.entries);
    // The end at the maximum never came, and the receiver clicked on.
    let ends = find(&play.entries, |kind| matches!(kind, Kind::Hold { because: Because::Maximum, .. }));
    let mut entries = play.entries[..ends].to_vec();
    let at_ms = play.now + 2_000;
    entries.push(Entry { at_ms, kind: Kind::Key { action: Action::Again } });
    assert_broken(1, &entries, "after the lean");
}

#[test]
fn an_end_without_a_beginning_is_found() {
    let entries = without(&whole(), moves_to(Phase::Settling));
    assert_broken(1, &entries, "had not begun");
}

#[test]
fn stopping_stops_at_once_and_is_not_refused() {
    for stop in [0, 1, 2] {
        let mut play = Play::holding();
        play.rate(4);
        play.wait(3_000);
        let from = play.entries.len();
        match stop {
            0 => play.alarm(Alarm::Stop),
            1 => play.key(Action::Stop),
            _ => play.key(Action::End),
        }
        assert_clean(&play.entries);
        let ignored = [&play.entries[..from], &without(&play.entries[from..], Kind::is_output)].concat();
        assert_broken(1, &ignored, "did not stop at once");
        assert_broken(1, &ignored, "did not cut the hold");
        let mut refused = play.entries.clone();
        let kind = Kind::Refused { what: What::GoOn, why: Refusal::NotNow };
        refused.insert(from + 1, Entry { at_ms: play.now, kind });
        assert_broken(1, &refused, "stopping was refused");
    }
}

// Promise 2.

#[test]
fn no_more_is_counted_than_may_be() {
    assert_broken(2, &with_hold(|_, _, counted, _| *counted += 1), "were counted");
    // The control: the count pauses while the signal is stale.
    let mut play = Play::holding();
    play.rate(4);
    play.wait(9_000);
    play.link(LinkState::Stale, None);
    play.wait(900);
    play.link(LinkState::Live, Some(4));
    play.wait(2_000);
    play.key(Action::Stop);
    assert_clean(&play.entries);
    let mut entries = play.entries;
    let index = find(&entries, is_hold);
    if let Kind::Hold { counted_ms, .. } = &mut entries[index].kind {
        assert_eq!(*counted_ms, 11_000);
        *counted_ms += 900;
    }
    assert_broken(2, &entries, "11900 ms were counted, of which 11000 ms");
}

#[test]
fn nothing_is_counted_while_the_dial_is_above() {
    let mut play = Play::holding();
    play.rate(4);
    play.wait(9_000);
    play.link(LinkState::Live, Some(6));
    play.wait(900);
    play.key(Action::Stop);
    assert_clean(&play.entries);
    let index = find(&play.entries, is_hold);
    if let Kind::Hold { counted_ms, .. } = &mut play.entries[index].kind {
        assert_eq!(*counted_ms, 9_000);
        *counted_ms += 900;
    }
    assert_broken(2, &play.entries, "9900 ms were counted, of which 9000 ms");
}

#[test]
fn a_rating_is_asked_for_at_once_and_awaited_for_ten_seconds() {
    assert_broken(2, &without(&whole(), says("how-much")), "without asking");
    let mut play = Play::holding();
    play.wait(12_000);
    assert_clean(&play.entries);
    assert!(
        play.entries.iter().any(|entry| matches!(entry.kind, Kind::Hold { because: Because::NoRating, .. }))
    );
    let ends = find(&play.entries, says("no-rating"));
    let mut entries = play.entries[..ends].to_vec();
    entries.push(Entry { at_ms: play.now, kind: Kind::Key { action: Action::Again } });
    assert_broken(2, &entries, "without a rating");
}

#[test]
fn above_five_eases_off_and_then_ends() {
    let mut play = Play::holding();
    play.rate(4);
    play.wait(3_000);
    play.rate(6);
    let eased = play.entries.len();
    play.wait(4_999);
    assert_clean(&play.entries);
    assert_broken(2, &without(&play.entries, says("ease-off")), "not answered by \"ease off\"");
    let mut went_on = play.entries[..eased].to_vec();
    let at_ms = play.now + 2;
    went_on.push(Entry { at_ms, kind: Kind::Key { action: Action::Again } });
    assert_broken(2, &went_on, "was not followed");
    play.wait(1);
    assert_clean(&play.entries);
    assert_eq!(play.entries[last(&play.entries, is_hold)].at_ms, play.now);
}

#[test]
fn lower_but_not_low_enough_has_ten_seconds() {
    let mut play = Play::holding();
    play.rate(7);
    play.wait(3_000);
    play.rate(6);
    let lowered = play.entries.len();
    play.wait(6_000);
    assert_clean(&play.entries);
    assert!(!play.entries.iter().any(|entry| is_hold(&entry.kind)), "6 is lower than 7");
    play.wait(1_500);
    assert_clean(&play.entries);
    let mut went_on = play.entries[..lowered].to_vec();
    went_on.push(Entry { at_ms: play.now, kind: Kind::Key { action: Action::Again } });
    assert_broken(2, &went_on, "was not followed");
}

#[test]
fn eight_takes_hands_off() {
    let mut play = Play::holding();
    play.rate(4);
    play.wait(3_000);
    play.late(Means::Rating(rating(8)));
    assert_clean(&play.entries);
    assert_broken(2, &without(&play.entries, says("hands-off")), "hands did not come off at 8");
    assert_broken(2, &without(&play.entries, is_hold), "hands did not come off at 8");
}

#[test]
fn less_is_passed_on_and_followed_or_ends_the_hold() {
    let mut play = Play::holding();
    play.rate(4);
    play.wait(3_000);
    play.click(Means::Less);
    assert_clean(&play.entries);
    assert_broken(2, &without(&play.entries, says("less")), "not passed on");
    let asked = play.entries.len();
    play.wait(14_999);
    assert_clean(&play.entries);
    let mut went_on = play.entries[..asked].to_vec();
    went_on.push(Entry { at_ms: play.now + 2, kind: Kind::Key { action: Action::Again } });
    assert_broken(2, &went_on, "was not followed");
    play.wait(1);
    assert_clean(&play.entries);
    assert_eq!(play.entries[last(&play.entries, is_hold)].at_ms, play.now);
}

#[test]
fn less_twice_is_as_above_five() {
    let mut play = Play::holding();
    play.rate(4);
    play.wait(3_000);
    play.click(Means::Less);
    play.wait(4_000);
    play.click(Means::Less);
    let asked = play.entries.len();
    play.wait(5_001);
    assert_clean(&play.entries);
    let mut went_on = play.entries[..asked].to_vec();
    went_on.push(Entry { at_ms: play.now, kind: Kind::Key { action: Action::Again } });
    assert_broken(2, &went_on, "was not followed");
}

#[test]
fn a_rise_of_two_asks_for_a_little_less() {
    let mut play = Play::holding();
    play.rate(2);
    play.wait(3_000);
    play.rate(4);
    assert_clean(&play.entries);
    assert_broken(2, &without(&play.entries, says("little-less")), "a rise to 4");
}

// Promise 7.

#[test]
fn leaning_from_the_hips_is_prompted_and_posture_reminded() {
    let entries = whole();
    assert_broken(7, &without(&entries, says("lean-in")), "from your hips");
    assert_broken(7, &without(&entries, says("posture")), "not reminded");
    let posture = find(&entries, says("posture"));
    for by in [-1, 1] {
        let mut moved = entries.clone();
        moved[posture].at_ms = moved[posture].at_ms.saturating_add_signed(by);
        assert_broken(7, &moved, "out of its time");
    }
    let mut outside = entries.clone();
    outside.push(Entry { at_ms: 9_000_000, ..entries[posture].clone() });
    assert_broken(7, &outside, "outside of a hold");
}

#[test]
fn a_click_at_the_moment_of_a_reminder_comes_after_it() {
    let mut play = Play::holding();
    play.rate(5);
    play.wait(15_000);
    play.rate(4);
    play.wait(15_000);
    play.rate(5);
    play.wait(500);
    assert_clean(&play.entries);
    let reminders = play.entries.iter().filter(|entry| says("posture")(&entry.kind));
    assert_eq!(reminders.count(), 1, "withheld at 5, said at 4");
    assert_broken(7, &without(&play.entries, says("posture")), "not reminded");
}

#[test]
fn posture_is_withheld_above_four_when_not_live_and_after_less() {
    let good = |prepare: fn(&mut Play)| {
        let mut play = Play::holding();
        play.rate(4);
        play.wait(12_000);
        prepare(&mut play);
        play.wait(15_000 - (play.now - play.entries[last(&play.entries, moves_to(Phase::Holding))].at_ms));
        play.wait(500);
        play.entries
    };
    let at_five = good(|play| play.rate(5));
    let stale = good(|play| play.link(LinkState::Stale, None));
    let less = good(|play| play.click(Means::Less));
    let calm = good(|play| play.wait(1_000));
    let reminder = calm[last(&calm, says("posture"))].clone();
    for mut entries in [at_five, stale, less] {
        assert_clean(&entries);
        assert!(!entries.iter().any(|entry| says("posture")(&entry.kind)));
        entries.push(reminder.clone());
        assert_broken(7, &entries, "should have been withheld");
    }
}
