//! Promises 3 and 4, broken one by one.

use coach::{Alarm, Because, Freshness, Outcome, Phase};
use transcript::{Action, Entry, Kind, LinkState, Means};

use crate::play::{Play, header};
use crate::{assert_broken, assert_clean, find, is_hold, last, moves_to, says, whole, with_hold, without};

// Promise 3.

#[test]
fn sharp_takes_hands_off_in_the_words_of_the_phase() {
    for by_key in [false, true] {
        let mut play = Play::holding();
        play.rate(4);
        play.wait(3_000);
        match by_key {
            true => play.key(Action::Sharp),
            false => play.alarm(Alarm::Sharp),
        }
        play.wait(26_000);
        play.key(Action::Again);
        assert_clean(&play.entries);
        assert_broken(3, &without(&play.entries, says("sharp-holding")), "not answered by sharp-holding");
        assert_broken(3, &without(&play.entries, |kind| matches!(kind, Kind::Sharp {})), "not heard");
        assert_broken(3, &without(&play.entries, is_hold), "did not void the hold");
        let off = |kind: &Kind| moves_to(Phase::Releasing)(kind) || moves_to(Phase::Flushing)(kind);
        assert_broken(3, &without(&play.entries, off), "did not take hands off");
        assert_broken(3, &without(&play.entries, says("ask-sharp")), "not asked");
        assert_broken(3, &without(&play.entries, says("ask-aloud")), "nobody was told to ask aloud");
    }
}

#[test]
fn a_hold_is_void_by_sharp_and_by_nothing_else() {
    assert_broken(3, &with_hold(|outcome, _, _, _| *outcome = Outcome::Void), "ended by let-go is void");
    assert_broken(3, &with_hold(|_, because, _, _| *because = Because::Sharp), "ended by sharp is done");
}

#[test]
fn the_answer_to_what_it_was_is_heeded() {
    let asked = || {
        let mut play = Play::holding();
        play.rate(4);
        play.wait(3_000);
        play.alarm(Alarm::Sharp);
        play.wait(6_000);
        play
    };
    let mut numb = asked();
    numb.click(Means::Numb);
    assert_clean(&numb.entries);
    assert_broken(3, &without(&numb.entries, says("stopped")), "not ended with advice");

    let mut slipped = asked();
    slipped.click(Means::Slipped);
    slipped.wait(14_000);
    assert_clean(&slipped.entries);
}

#[test]
fn two_sharps_at_one_spot_close_it_and_three_end_the_session() {
    let mut play = Play::holding();
    for _ in 0..2 {
        play.rate(4);
        play.wait(3_000);
        play.alarm(Alarm::Sharp);
        play.wait(6_000);
        play.click(Means::OnlySharp);
        play.wait(14_000);
        play.click(Means::SameSpot);
        play.click(Means::Spot);
        play.wait(5_000);
    }
    assert_clean(&play.entries);
    assert!(play.entries.iter().any(|entry| says("spot-closed")(&entry.kind)));

    // The lean at the closed spot that never was.
    let mut entries = play.entries.clone();
    let kind = Kind::Phase { from: Phase::Flushing, to: Phase::Settling, because: Because::ThatsTheSpot };
    entries.push(Entry { at_ms: play.now, kind });
    assert_broken(3, &entries, "a spot that SHARP has closed");

    play.alarm(Alarm::Sharp);
    play.wait(6_000);
    let before = play.entries.len();
    play.click(Means::OnlySharp);
    assert_clean(&play.entries);
    let entries = [&play.entries[..before], &without(&play.entries[before..], Kind::is_output)].concat();
    assert_broken(3, &entries, "the third SHARP did not end the session");
}

#[test]
fn a_spot_closed_in_the_days_before_stays_closed() {
    let mut entries = whole();
    let spot = find(&entries, |kind| matches!(kind, Kind::Spot(_)));
    let Kind::Spot(place) = entries[spot].kind else { unreachable!("found as a spot") };
    let mut closed = header();
    closed.closed = vec![place];
    entries[0].kind = Kind::Session(Box::new(closed));
    assert_broken(3, &entries, "a spot that SHARP has closed");
}

// Promise 4.

#[test]
fn freshness_follows_the_link() {
    let mut play = Play::locating();
    play.rate(3);
    for state in [LinkState::Stale, LinkState::Lost, LinkState::Live] {
        play.link(state, Some(3).filter(|_| state == LinkState::Live));
        play.wait(1_000);
    }
    assert_clean(&play.entries);
    for wanted in [Freshness::Stale, Freshness::Lost] {
        let is = move |kind: &Kind| matches!(kind, Kind::Freshness { state } if *state == wanted);
        assert_broken(4, &without(&play.entries, is), "as the link changed");
    }
    let mut entries = play.entries.clone();
    let lost = find(&entries, |kind| matches!(kind, Kind::Freshness { state: Freshness::Lost }));
    entries.insert(
        lost + 1,
        Entry { at_ms: entries[lost].at_ms, kind: Kind::Freshness { state: Freshness::Live } },
    );
    assert_broken(4, &entries, "live without a signal");
}

#[test]
fn a_lost_signal_is_said_and_ends_the_hold_unless_it_comes_back() {
    let mut play = Play::holding();
    play.rate(4);
    play.wait(5_000);
    play.link(LinkState::Stale, None);
    play.wait(1_000);
    play.link(LinkState::Lost, None);
    let lost = play.entries.len();
    play.wait(9_999);
    assert_clean(&play.entries);
    assert_broken(4, &without(&play.entries, says("no-signal-pressing")), "was not said");
    let mut went_on = play.entries[..lost].to_vec();
    went_on.push(Entry { at_ms: play.now + 2, kind: Kind::Key { action: Action::Again } });
    assert_broken(4, &went_on, "without a signal for more than 10 s");
    play.wait(1);
    assert_clean(&play.entries);
    assert_eq!(play.entries[last(&play.entries, is_hold)].at_ms, play.now);
}

#[test]
fn a_signal_that_comes_back_with_a_fresh_rating_goes_on() {
    let mut play = Play::holding();
    play.rate(4);
    play.wait(5_000);
    play.link(LinkState::Lost, None);
    play.wait(4_000);
    play.link(LinkState::Live, Some(4));
    play.wait(2_000);
    play.rate(4);
    play.wait(12_000);
    assert_clean(&play.entries);
    assert!(!play.entries.iter().any(|entry| is_hold(&entry.kind)));
}

#[test]
fn a_signal_that_is_lost_again_is_said_again() {
    let mut play = Play::holding();
    play.rate(4);
    play.wait(5_000);
    for _ in 0..2 {
        play.link(LinkState::Lost, None);
        play.wait(1_000);
        play.beat(None);
        play.wait(1_000);
    }
    assert_clean(&play.entries);
    let mut entries = play.entries.clone();
    entries.remove(last(&play.entries, says("no-signal-pressing")));
    assert_broken(4, &entries, "was not said");
}

#[test]
fn a_signal_lost_while_leaning_in_ends_it() {
    let mut play = Play::locating();
    play.click(Means::Spot);
    play.wait(2_000);
    play.link(LinkState::Lost, None);
    assert_clean(&play.entries);
    assert_broken(4, &without(&play.entries, is_hold), "while leaning in");
    assert_broken(4, &without(&play.entries, says("no-signal-pressing")), "while leaning in");
}

#[test]
fn no_pressure_begins_without_a_signal() {
    let mut entries = whole();
    let lean = find(&entries, moves_to(Phase::Settling));
    let at_ms = entries[lean].at_ms;
    entries.insert(lean, Entry { at_ms, kind: Kind::Link { state: LinkState::Stale, dial: None } });
    assert_broken(4, &entries, "began without a signal");
}

#[test]
fn an_old_rating_is_asked_for_and_ends_the_hold_and_the_receiver_is_looked_at() {
    let mut play = Play::holding();
    play.rate(4);
    let rated = play.entries.len();
    play.wait(24_000);
    assert_clean(&play.entries);
    play.wait(130_000);
    play.key(Action::Again);
    assert_clean(&play.entries);
    assert_broken(4, &without(&play.entries, says("still-there")), "was not asked for");
    assert_broken(4, &without(&play.entries, says("look-at-them")), "told to look at them");
    let mut went_on = play.entries[..rated].to_vec();
    went_on.push(Entry { at_ms: play.now, kind: Kind::Key { action: Action::Again } });
    assert_broken(4, &went_on, "older than 25 s");
    let mut entries = play.entries.clone();
    let paused = find(&entries, moves_to(Phase::Paused));
    if let Kind::Phase { to, .. } = &mut entries[paused].kind {
        *to = Phase::Moving;
    }
    assert_broken(4, &entries, "nobody waited for them");
}
