//! Pressed time of holds whose end was not seen, or that were broken off.

use coach::body::Toward;
use coach::{Because, Outcome, Phase};
use transcript::{Entry, Kind, Means, pressings};

use crate::play::Play;
use crate::{assert_broken, assert_clean, find, findings, is_hold, whole};

/// For how long each pressing of the session lasted, in milliseconds.
fn pressed(entries: &[Entry]) -> Vec<u128> {
    pressings(entries).iter().map(|pressing| pressing.pressed.lasted.as_millis()).collect()
}

fn ended(entries: &[Entry]) -> (Outcome, Because) {
    let hold = entries.iter().find_map(|entry| match entry.kind {
        Kind::Hold { outcome, because, .. } => Some((outcome, because)),
        _ => None,
    });
    hold.unwrap()
}

#[test]
fn what_nobody_saw_counts_as_pressed_up_to_the_maximum() {
    for (gap, lasted) in [(1_500, 39_500), (20_000, 58_000), (60_000, 60_000), (4_000_000, 60_000)] {
        let mut play = Play::holding();
        play.wait(2_000);
        play.rate(4);
        play.wait(14_000);
        play.rate(3);
        play.wait(14_000);
        play.rate(4);
        play.wait(3_000);
        play.gap(gap);
        assert_clean(&play.entries);
        assert_eq!(pressed(&play.entries), [lasted], "a gap of {gap} ms");
        assert_eq!(ended(&play.entries), (Outcome::Cut, Because::Gap));
        // Stored as less, it is found.
        let index = find(&play.entries, is_hold);
        if let Kind::Hold { pressed_ms, .. } = &mut play.entries[index].kind {
            *pressed_ms -= 1;
        }
        assert_broken(1, &play.entries, "is recorded as pressed for");
    }
}

#[test]
fn a_gap_in_a_lean_counts_as_pressed() {
    let mut play = Play::locating();
    play.click(Means::Spot);
    play.wait(3_000);
    play.gap(20_000);
    assert_eq!(pressed(&play.entries), [23_000]);
    assert_clean(&play.entries);
}

#[test]
fn a_killed_programs_hold_counts_as_its_maximum_and_so_does_one_that_is_not_on_record_to_its_end() {
    let mut play = Play::holding();
    play.rate(4);
    play.wait(300);
    assert_eq!(pressed(&play.entries), [60_000], "not on record to its end");
    assert_clean(&play.entries);
    play.resume(5_000);
    assert_eq!(pressed(&play.entries), [60_000]);
    assert_clean(&play.entries);
    assert_eq!(ended(&play.entries), (Outcome::Cut, Because::Resumed));
}

#[test]
fn four_pressings_that_were_killed_are_not_followed_by_a_fifth() {
    let mut play = Play::locating();
    let mut leans = 0;
    for _ in 0..5 {
        play.click(Means::Spot);
        let leaned =
            play.entries.iter().filter(|entry| matches!(entry.kind, Kind::Phase { to: Phase::Settling, .. }));
        if leaned.count() == leans {
            break;
        }
        leans += 1;
        play.wait(5_300);
        play.resume(20_000);
        play.wait(5_000);
        play.beat(None);
        play.wait(20_000);
        play.click(Means::SameSpot);
    }
    assert_eq!(leans, 2, "two holds a spot");
    assert_clean(&play.entries);
}

/// Leans that a nudge breaks off at so many ms, going to and fro, until no more is allowed. Gives how many there were.
fn broken_off(play: &mut Play, after: u64) -> usize {
    let mut ways = [Toward::Head, Toward::Feet].into_iter().cycle();
    for _ in 0..130 {
        play.click(Means::Spot);
        play.wait(after);
        play.click(Means::Nudge(ways.next().unwrap()));
        play.wait(21_000);
        if matches!(play.entries.last().unwrap().kind, Kind::Finished { .. }) {
            break;
        }
        play.click(Means::SameSpot);
    }
    pressings(&play.entries).len()
}

#[test]
fn leans_that_nudges_break_off_add_up_and_are_bounded() {
    let mut play = Play::locating();
    let leans = broken_off(&mut play, 4_700);
    let all: u128 = pressed(&play.entries).iter().sum();
    assert!((12..30).contains(&leans) && all <= 120_000, "{leans} leans of {all} ms in all");
    assert_clean(&play.entries);
}

/// The second minute of them was a hold without an end to the audit.
#[test]
fn minutes_of_leaning_at_spots_apart_are_clean() {
    let mut play = Play::locating();
    let led_to = |play: &Play| {
        let phases = play.entries.iter().rev().find_map(|entry| match entry.kind {
            Kind::Phase { to, .. } => Some(to),
            _ => None,
        });
        phases.unwrap()
    };
    for _ in 0..2 {
        for toward in [Toward::Right, Toward::Left].into_iter().cycle().take(13) {
            play.click(Means::Spot);
            let last = &play.entries[play.entries.len() - 4..];
            assert_eq!(led_to(&play), Phase::Settling, "{last:#?}");
            play.wait(4_900);
            play.click(Means::Nudge(toward));
        }
        assert_eq!(led_to(&play), Phase::Flushing, "{:?}", pressed(&play.entries));
        play.wait(20_000);
        for _ in 0..7 {
            play.click(Means::Nudge(Toward::Left));
        }
    }
    assert_eq!(pressed(&play.entries), [4_900; 26]);
    assert_clean(&play.entries);
}

#[test]
fn a_hold_has_what_broken_off_leans_have_left() {
    let mut play = Play::locating();
    // 14 leans of 4.7 s, with their flush, leave 54.2 s.
    for toward in [Toward::Head, Toward::Feet].into_iter().cycle().take(14) {
        play.click(Means::Spot);
        play.wait(4_700);
        play.click(Means::Nudge(toward));
        play.wait(21_000);
        play.click(Means::SameSpot);
    }
    play.click(Means::Spot);
    play.wait(5_000);
    for _ in 0..5 {
        play.rate(4);
        play.wait(11_000);
    }
    assert_eq!(pressed(&play.entries).last(), Some(&54_200));
    assert_eq!(ended(&play.entries), (Outcome::Done, Because::Maximum));
    assert_clean(&play.entries);
}

#[test]
fn a_lean_over_the_dose_is_found() {
    // As if a minute and a half had been leaned into before, and nothing had come of it.
    let play = Play::locating();
    let spot = play.entries.iter().rev().find_map(|entry| match entry.kind {
        Kind::Spot(place) => Some(place),
        _ => None,
    });
    let (at, nudged) = (play.now, Because::Nudged);
    let locating = play.entries.len();
    let mut entries = play.entries;
    let mut push = |at_ms, kind| entries.push(Entry { at_ms, kind });
    for n in 0..30 {
        let lean = Kind::Phase { from: Phase::Locating, to: Phase::Settling, because: Because::ThatsTheSpot };
        push(at + n * 4_000, lean);
        push(at + n * 4_000 + 3_000, Kind::Spot(spot.unwrap()));
        let back = Kind::Phase { from: Phase::Settling, to: Phase::Locating, because: nudged };
        push(at + n * 4_000 + 3_000, back);
    }
    assert_broken(6, &entries, "this spot had had 0 holds in this session, and has at most 2: 87 s");
    assert!(!findings(&entries[..locating + 30]).contains("had had"), "the control");
    assert!(!findings(&whole()).contains("had had"));
}
