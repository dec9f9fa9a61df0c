//! Stores that cannot be used: said clearly, exit 1, and nothing overwritten. And what the audit finds in one.

use std::fs;

use coach::{Because, Outcome};
use journal::{Journal, Writer};
use transcript::{Entry, Kind};

use crate::tear::tear;
use crate::{Place, bytes};

/// Every command that opens the store refuses it with these words and leaves it as it is.
fn refused(place: &Place, words: &str) {
    let before = bytes(&place.store());
    let practice = ["practice", "--headless", "--seed", "1", "--speed", "max"];
    for arguments in [&practice[..], &["practice"], &["history"], &["show", "last"], &["audit"]] {
        let ran = place.run(arguments);
        assert_eq!((ran.code, ran.out.as_str()), (Some(1), ""), "{arguments:?}");
        assert!(ran.err.contains(words), "{arguments:?}: {}", ran.err);
    }
    assert_eq!(bytes(&place.store()), before);
}

#[test]
fn every_plan_that_ships_runs_to_its_end() {
    let place = Place::new();
    let listed = place.run(&["plan", "list"]).out;
    let plans = ["partner", "ball", "cane", "pin-and-stretch", "low-90", "staircase"];
    assert_eq!(listed.lines().count(), plans.len());
    for plan in plans {
        let line = listed.lines().find(|line| line.split(' ').next() == Some(plan)).unwrap();
        assert_eq!(line.contains("background"), ["low-90", "staircase"].contains(&plan), "{line}");
        let ran = place.run(&["practice", "--headless", "--plan", plan, "--seed", "4", "--speed", "max"]);
        assert_eq!(ran.code, Some(0), "{plan}: {}", ran.err);
        assert!(ran.out.lines().last().unwrap().contains("\"kind\":\"finished\""), "{plan}");
        assert!(ran.out.contains("\"outcome\":\"done\""), "{plan}");
    }
    assert_eq!(place.run(&["audit", "--all"]).out, "6 sessions checked: every promise is kept.\n");
}

#[test]
fn what_is_no_store_is_left_alone() {
    let place = Place::new();
    place.write("store.db", "Dear diary, today my back hurts.\n".repeat(40));
    refused(&place, "is not a store of Unknot");
}

#[test]
fn a_store_of_a_newer_version_is_left_alone() {
    let place = Place::new();
    place.simulated(7);
    let mut store = bytes(&place.store());
    // The `user_version` of a SQLite file: four bytes at 60, the highest first.
    store[60..64].copy_from_slice(&9_999_u32.to_be_bytes());
    fs::write(place.store(), store).unwrap();
    refused(&place, "use a newer program");
}

#[test]
fn a_store_cut_short_is_left_alone() {
    let place = Place::new();
    place.simulated(7);
    let store = bytes(&place.store());
    fs::write(place.store(), &store[..store.len() / 2]).unwrap();
    refused(&place, "is damaged");
}

#[test]
fn a_store_that_cannot_be_there_is_said_to_be_so() {
    let place = Place::new();
    let file = place.write("a-file", "");
    let ran = place.run(&["practice", "--db", &format!("{file}/store.db")]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.contains("--db"), "{}", ran.err);
}

#[test]
fn where_nothing_was_stored_reading_says_so_and_makes_nothing() {
    let place = Place::new();
    let history = place.run(&["history"]);
    assert_eq!((history.code, history.out.as_str()), (Some(0), "No sessions yet.\n"));
    let show = place.run(&["show", "last"]);
    assert_eq!(show.code, Some(1));
    assert!(show.err.contains("`unknot practice` makes one"), "{}", show.err);
    assert_eq!(place.run(&["audit", "--all"]).code, Some(0));
    let export = place.run(&["export", "--all", "--with-practice", "--format", "csv"]);
    assert_eq!((export.code, export.out.as_str()), (Some(1), ""));
    assert!(export.err.contains("`unknot practice` makes one"), "{}", export.err);
    assert!(!place.store().exists());
}

#[test]
fn a_running_session_has_the_store_to_itself_and_readers_are_let_in() {
    let place = Place::new();
    let mut hands = place.by_hand("1");
    hands.until("Where is the knot?");
    let second = place.run(&["practice"]);
    assert_eq!(second.code, Some(1));
    assert!(second.err.contains("in use by another running session"), "{}", second.err);
    assert_eq!(place.run(&["history"]).code, Some(0));
    assert_eq!(hands.end().0, Some(1));
}

#[test]
fn the_audit_passes_what_was_lived_and_finds_what_was_forged() {
    let place = Place::new();
    place.simulated(7);
    let kept = place.run(&["audit", "--all"]);
    assert_eq!(kept.code, Some(0), "{}", kept.out);

    let journal = Journal::open(&place.store()).unwrap();
    let mut entries = journal.entries(journal.last().unwrap().unwrap().key).unwrap();
    drop(journal);
    forge(&mut entries);
    let Kind::Session(mut header) = entries.remove(0).kind else { panic!("a header") };
    header.id = "01890a5d-ac96-774b-bcce-b302099a8057".to_owned();
    Writer::open(&place.store()).unwrap().create_with(&header, &entries).unwrap();

    let broken = place.run(&["audit", "--all"]);
    assert_eq!((broken.code, broken.err.as_str()), (Some(1), ""));
    assert!(broken.out.contains("01890a5d-ac96-774b-bcce-b302099a8057: promise 1 "), "{}", broken.out);
    assert!(broken.out.contains("2 sessions checked: 1 with a broken promise."), "{}", broken.out);
    let json = place.run(&["audit", "01890a5d", "--json"]).out;
    assert!(json.contains(r#""kept":false"#) && json.contains(r#""promise":1"#), "{json}");
}

#[test]
fn a_session_that_cannot_be_read_hides_nothing_of_the_others() {
    let place = Place::new();
    place.simulated(7);
    place.simulated(8);
    tear(&place.store(), r#""kind":"session""#, r#""kind":"sezzion""#);
    let ran = place.run(&["audit", "--all"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(1), ""));
    assert!(ran.out.contains("entry 0 of session") && ran.out.contains("cannot be read"), "{}", ran.out);
    assert!(ran.out.contains("2 sessions checked: 1 with a broken promise."), "{}", ran.out);
}

/// A hold that is called done long before its minimum.
fn forge(entries: &mut [Entry]) {
    let hold = entries.iter_mut().find_map(|entry| match &mut entry.kind {
        Kind::Hold { outcome, because, counted_ms, .. } => Some((outcome, because, counted_ms)),
        _ => None,
    });
    let (outcome, because, counted_ms) = hold.expect("a hold");
    (*outcome, *because, *counted_ms) = (Outcome::Done, Because::LetGo, 1_000);
}

/// A session that was taken out of the store was missed by nobody, and a backup was replaced by what was left.
#[test]
fn sessions_that_are_missing_are_told_of_until_the_store_is_taken_as_it_stands() {
    let place = Place::new();
    place.simulated(7);
    place.simulated(8);
    let backup = place.file("backup.ndjson").display().to_string();
    let export = ["export", "--all", "--with-practice", "--format", "ndjson", "-o", &backup];
    assert_eq!(place.run(&export).code, Some(0));
    let whole = fs::read(&backup).unwrap();
    let db = rusqlite::Connection::open(place.store()).unwrap();
    db.execute_batch("DELETE FROM sessions WHERE key = 1; DELETE FROM entries WHERE session = 1").unwrap();
    drop(db);

    for arguments in
        [&["history"][..], &["history", "--json"], &["audit", "--all"], &["show", "last"], &export]
    {
        let ran = place.run(arguments);
        assert_eq!(ran.code, Some(1), "{arguments:?}");
        assert!(ran.err.contains("`unknot forget missing`"), "{arguments:?}: {}", ran.err);
    }
    assert_eq!(fs::read(&backup).unwrap(), whole, "what has more is left as it is");
    let asked = place.run(&["forget", "missing"]);
    assert_eq!(asked.code, Some(2), "it is asked, and nobody is there to answer: {}", asked.err);
    let taken = place.run(&["forget", "missing", "--yes"]);
    assert_eq!(taken.code, Some(0), "{}", taken.err);
    assert_eq!(place.run(&["history"]).code, Some(0));
    assert_eq!(place.run(&["forget", "missing", "--yes"]).code, Some(1));
}

#[test]
fn what_names_no_file_is_no_store() {
    let place = Place::new();
    for name in [":memory:", "file:store.db", ""] {
        for arguments in [&["history"][..], &["practice", "--headless", "--seed", "1", "--speed", "max"]] {
            let ran = place.run(&[&["--db", name], arguments].concat());
            assert!(ran.code != Some(0) && ran.out.is_empty(), "{name:?} {arguments:?}");
            assert!(ran.err.contains("names no file") || name.is_empty(), "{name:?}: {}", ran.err);
        }
    }
}

/// It ended by "stored as ...", and nothing was there.
#[cfg(unix)]
#[test]
fn a_store_that_goes_away_in_a_session_is_not_said_to_have_it() {
    let place = Place::new();
    let mut hands = place.by_hand("20");
    hands.until("Where is the knot?");
    fs::rename(place.store(), place.file("elsewhere.db")).unwrap();
    hands.press("onnnn");
    hands.until("The record cannot be written");
    let (_, said) = hands.end();
    assert!(!said.iter().any(|line| line.contains("Stored as")), "{said:?}");
}
