//! A session by hand that ends before it is over: by the end of its input, by a signal, by a kill in mid-hold.

use journal::Journal;
use transcript::{Entry, Kind, Means};

use crate::Place;

/// Ten seconds of a session in one of the clock: quick for a test, slow enough for a busy machine.
const QUICK: &str = "10";

/// What is on the disk, as anybody else sees it while the program runs.
fn stored(place: &Place) -> Vec<Entry> {
    let journal = Journal::open(&place.store()).unwrap();
    journal.entries(journal.last().unwrap().unwrap().key).unwrap()
}

fn ratings(entries: &[Entry]) -> usize {
    let rated = |entry: &&Entry| matches!(entry.kind, Kind::Click { means: Means::Rating(_), .. });
    entries.iter().filter(rated).count()
}

/// It was said once, and lines about the store came after it.
#[test]
fn in_lines_an_emergency_is_said_loudly_and_once_more_at_the_end() {
    let place = Place::new();
    let mut hands = place.by_hand("1");
    hands.until("Where is the knot?");
    hands.press("onnn");
    hands.until("umb between the legs");
    hands.press("y");
    hands.until("Yes: B or y");
    hands.press("y");
    hands.until("The session is over");
    let (code, said) = hands.end();
    assert_eq!(code, Some(0));
    assert!(said.iter().any(|line| line.starts_with("\u{7}!!! We stop here.")), "{said:#?}");
    let last = said.last().unwrap();
    let loud = "\u{7}!!! SEEK EMERGENCY CARE NOW. Numb between the legs? Yes. We stop here.";
    assert!(last.starts_with(loud) && last.ends_with("Seek emergency care now."), "{said:#?}");
}

#[test]
fn when_the_input_ends_the_session_is_paused_and_stored() {
    let place = Place::new();
    let mut hands = place.by_hand("1");
    hands.until("Where is the knot?");
    hands.press("o");
    hands.until("look at the skin");
    let (code, said) = hands.end();
    assert_eq!(code, Some(1));
    let last = said.last().unwrap();
    assert!(last.contains("Standard input has ended") && last.contains("paused and stored"), "{last}");
    assert!(place.run(&["history", "--json"]).out.contains(r#""state":"open""#));
    assert_eq!(place.run(&["audit"]).code, Some(0));
}

#[test]
fn a_session_that_was_left_is_offered_and_can_be_closed() {
    let place = Place::new();
    let mut hands = place.by_hand("1");
    hands.until("Where is the knot?");
    hands.end();
    let mut hands = place.by_hand("1");
    hands.until("A session was interrupted");
    hands.press("n");
    hands.until("Where is the knot?");
    hands.end();
    let history = place.run(&["history", "--json"]).out;
    let states: Vec<bool> = history.lines().map(|line| line.contains(r#""state":"closed""#)).collect();
    assert_eq!(states, [true, false], "{history}");
}

#[test]
fn a_headless_session_leaves_one_that_was_interrupted_alone() {
    let place = Place::new();
    let mut hands = place.by_hand("1");
    hands.until("Where is the knot?");
    hands.end();
    let ran = place.run(&["practice", "--headless", "--seed", "7", "--speed", "max"]);
    assert_eq!(ran.code, Some(0));
    assert!(ran.err.contains("an earlier session was interrupted"), "{}", ran.err);
    assert!(place.run(&["history", "--json"]).out.lines().next().unwrap().contains(r#""state":"open""#));
}

#[test]
fn help_is_printed_and_a_note_is_kept() {
    let place = Place::new();
    let mut hands = place.by_hand("1");
    hands.until("Where is the knot?");
    hands.press("?");
    hands.until("these keys");
    hands.press("mnot the left one\n");
    hands.until("Noted: not the left one");
    hands.end();
    let notes: Vec<Entry> =
        stored(&place).into_iter().filter(|entry| matches!(entry.kind, Kind::Note { .. })).collect();
    assert_eq!(notes.len(), 1);
}

#[cfg(unix)]
#[test]
fn a_wish_to_terminate_stops_and_stores() {
    let place = Place::new();
    let mut hands = place.by_hand("1");
    hands.until("Where is the knot?");
    let id = hands.child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    hands.until("paused and stored");
    assert_eq!(hands.child.wait().unwrap().code(), Some(128 + 15));
}

#[test]
fn killed_in_mid_hold_nothing_that_was_acknowledged_is_lost_and_the_session_goes_on_at_flushing() {
    let place = Place::new();
    let mut hands = place.by_hand(QUICK);
    hands.up_to_the_lean();
    hands.until("-- holding");
    let before = ratings(&stored(&place));
    hands.press("b");
    hands.until("Rating 3.");
    // The screen does not wait for the disk, so the click may still be on its way there.
    let seen = (0..100_000).any(|_| ratings(&stored(&place)) > before);
    assert!(seen, "the click did not get to the disk");
    let kept = stored(&place);
    hands.child.kill().unwrap();
    hands.child.wait().unwrap();

    let after = stored(&place);
    assert_eq!(after[..kept.len()], kept[..]);
    let audit = place.run(&["audit"]);
    assert_eq!(audit.code, Some(0), "{}", audit.out);

    let mut hands = place.by_hand(QUICK);
    hands.until("A session was interrupted");
    hands.until("y takes it up again");
    hands.press("y");
    hands.until("-- flushing");
    hands.end();
    let after = stored(&place);
    assert_eq!(after[..kept.len()], kept[..]);
    let cut = after.iter().any(|entry| {
        matches!(
            entry.kind,
            Kind::Hold { outcome: coach::Outcome::Cut, because: coach::Because::Resumed, .. }
        )
    });
    assert!(cut, "{after:#?}");
    let audit = place.run(&["audit"]);
    assert_eq!(audit.code, Some(0), "{}", audit.out);
}
