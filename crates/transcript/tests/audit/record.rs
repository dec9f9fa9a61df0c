//! Promises 8, 9 and 11, broken one by one.

use coach::body::Toward;
use coach::screening::Feels;
use coach::{Alarm, Refusal, What};
use transcript::{Action, Entry, Kind, Means};

use crate::play::{Play, rating};
use crate::{assert_broken, assert_clean, find, last, says, whole, without};

// Promise 8.

#[test]
fn every_refusal_says_its_reason() {
    let mut play = Play::locating();
    play.key(Action::GoOn);
    assert_clean(&play.entries);
    assert_broken(8, &without(&play.entries, says("refused")), "without saying");
    let mut entries = play.entries.clone();
    let refused = last(&entries, |kind| matches!(kind, Kind::Refused { .. }));
    entries[refused].kind = Kind::Refused { what: What::GoOn, why: Refusal::Paused };
    assert_broken(8, &entries, "without saying paused");
}

// Promise 9.

#[test]
fn every_event_is_recorded_once_and_in_its_place() {
    let entries = whole();
    let click = |kind: &Kind| matches!(kind, Kind::Click { means: Means::Same(_), .. });
    let index = find(&entries, click);
    let mut twice = entries.clone();
    twice.insert(index, entries[index].clone());
    assert_broken(9, &twice, "is not the next one");
    let mut missing = entries.clone();
    missing.remove(index);
    assert_broken(9, &missing, "is not the next one");
    let mut early = entries.clone();
    early.swap(index, index - 3);
    assert_broken(9, &early, "out of its place");
    let mut alarm_twice = entries.clone();
    let alarm = find(&entries, |kind| matches!(kind, Kind::Alarm { .. }));
    alarm_twice.insert(alarm, entries[alarm].clone());
    assert_broken(9, &alarm_twice, "recorded twice");
    let mut alone = entries.clone();
    alone.remove(alarm);
    assert_broken(9, &alone, "do not match");
    let mut other = entries;
    if let Kind::Alarm { what, .. } = &mut other[alarm].kind {
        *what = Alarm::Stop;
    }
    assert_broken(9, &other, "do not match");
}

#[test]
fn a_new_boot_begins_at_nought() {
    let mut play = Play::locating();
    play.restart();
    play.rate(3);
    assert_clean(&play.entries);
    let mut entries = play.entries.clone();
    let index = last(&entries, |kind| matches!(kind, Kind::Click { .. }));
    if let Kind::Click { seq, .. } = &mut entries[index].kind {
        *seq = 1;
    }
    assert_broken(9, &entries, "is not the next one");
}

#[test]
fn what_came_late_is_marked_and_steers_only_downward() {
    let mut play = Play::locating();
    play.late(Means::Spot);
    play.late(Means::Rating(rating(3)));
    play.late(Means::Less);
    play.late(Means::Rating(rating(6)));
    assert_clean(&play.entries);
    let mut entries = play.entries.clone();
    let index = last(&entries, |kind| matches!(kind, Kind::Click { .. }));
    if let Kind::Click { late, .. } = &mut entries[index].kind {
        *late = false;
    }
    assert_broken(9, &entries, "not marked late");
    // Each of these led to something in time, and could not have done so late.
    for means in [Means::Spot, Means::Nudge(Toward::Feet), Means::Rating(rating(3)), Means::LetGo] {
        let mut play = if means == Means::LetGo { Play::holding() } else { Play::locating() };
        play.click(means);
        let mut entries = play.entries;
        let index = last(&entries, |kind| matches!(kind, Kind::Click { .. }));
        if let Kind::Click { late, .. } = &mut entries[index].kind {
            *late = true;
        }
        assert_broken(9, &entries, "a late event steered");
    }
}

// Promise 11.

#[test]
fn outputs_that_inputs_do_not_lead_to_are_found() {
    let entries = whole();
    for index in (1..entries.len()).filter(|&index| entries[index].kind.is_output()) {
        let mut changed = entries.clone();
        changed.remove(index);
        assert_broken(11, &changed, "recorded");
    }
    let mut changed = entries;
    changed.pop();
    assert_broken(11, &changed, "recorded: nothing more");
}

#[test]
fn a_check_in_stands_once_behind_the_end_and_changes_nothing() {
    let check_in = |at_ms| Entry {
        at_ms,
        kind: Kind::CheckIn {
            wall: "2026-11-23T08:00:00Z".to_owned(),
            feels: Feels::Better,
            bother: None,
            numb: false,
        },
    };
    let mut entries = whole();
    let at_ms = entries[entries.len() - 1].at_ms;
    entries.push(check_in(at_ms));
    assert_clean(&entries);
    let mut twice = entries.clone();
    twice.push(check_in(at_ms));
    assert_broken(9, &twice, "asked twice");
    let mut early = whole();
    early.insert(early.len() / 2, check_in(0));
    assert_broken(9, &early, "behind a check-in");
}

#[test]
fn a_note_changes_nothing() {
    let mut entries = whole();
    let at_ms = entries[entries.len() / 2].at_ms;
    let kind = Kind::Note { text: "softer".to_owned(), wall: None, edits: None };
    entries.insert(entries.len() / 2, Entry { at_ms, kind });
    entries.push(Entry { at_ms: 0, kind: Kind::Note { text: "later".to_owned(), wall: None, edits: None } });
    assert_clean(&entries);
}
