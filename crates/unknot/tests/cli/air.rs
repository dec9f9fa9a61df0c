//! What is said where there is no Bluetooth to be had: no test here looks for a clicker, on whatever machine it runs.

use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::{Place, Ran};

/// Nobody waits longer than this for being told that there is no Bluetooth.
const WITHIN: Duration = Duration::from_secs(20);

fn run(place: &Place, arguments: &[&str]) -> Ran {
    let began = Instant::now();
    let ran = place.run(arguments);
    assert!(began.elapsed() < WITHIN, "{arguments:?} took {:?}", began.elapsed());
    ran
}

/// Whatever stands in the way on this system, the remedy is told.
fn tells_of_bluetooth(text: &str) -> bool {
    text.contains("Bluetooth")
}

const REMEMBERED: &str = "[[clicker]]\nid = \"C0:12:34:56:78:9A\"\nname = \"Unknot 9A\"\n\
    paired = \"2026-01-01T00:00:00Z\"\nbattery = 83\nbattery_read = \"2026-01-01T10:00:00Z\"\n";

#[test]
fn devices_tells_what_is_remembered_and_why_nothing_is_heard() {
    let place = Place::new();
    place.write("clickers.toml", REMEMBERED);
    let ran = run(&place, &["devices"]);
    assert_eq!(ran.code, Some(1));
    assert!(tells_of_bluetooth(&ran.err), "{}", ran.err);
    assert!(
        ran.out.starts_with("Unknot 9A (C0:12:34:56:78:9A): not heard now, battery 83 % "),
        "{}",
        ran.out
    );
    let ran = run(&place, &["devices", "--json"]);
    assert_eq!(ran.code, Some(1));
    let line: serde_json::Value = serde_json::from_str(ran.out.trim()).unwrap();
    assert_eq!(line["id"], "C0:12:34:56:78:9A");
    assert_eq!((&line["near"], &line["remembered"]), (&false.into(), &true.into()));
    assert_eq!(line["battery_percent"], 83);
    assert!(line["battery_age_s"].as_u64().is_some());
}

#[test]
fn pairing_needs_bluetooth_and_says_so() {
    let place = Place::new();
    for arguments in [&["pair"][..], &["pair", "C0:12:34:56:78:9A"]] {
        let ran = run(&place, arguments);
        // Said only where the answer takes a moment, as on a busy machine.
        let said = ran.out.replace("Looking at this computer's Bluetooth.\n", "");
        assert_eq!((ran.code, said.as_str()), (Some(1), ""), "{arguments:?}");
        assert!(tells_of_bluetooth(&ran.err), "{}", ran.err);
    }
    assert!(!place.file("clickers.toml").exists());
}

#[test]
fn an_id_that_is_none_is_a_usage_error() {
    let place = Place::new();
    for arguments in [&["pair", "the red one"][..], &["session", "--device", "the red one"]] {
        let ran = run(&place, arguments);
        assert_eq!(ran.code, Some(2), "{arguments:?}");
        assert!(ran.err.contains("the red one") && ran.err.contains("C0:12:34:56:78:9A"), "{}", ran.err);
    }
}

#[test]
fn a_session_without_a_paired_clicker_says_how_to_pair_one() {
    let place = Place::new();
    let ran = run(&place, &["session", "--plain"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.contains("unknot pair") && ran.err.contains("unknot practice"), "{}", ran.err);
}

#[test]
fn a_session_that_cannot_reach_its_clicker_leaves_none_behind() {
    let place = Place::new();
    place.write("clickers.toml", REMEMBERED);
    for device in [&[][..], &["--device", "C0:12:34:56:78:9A"]] {
        let ran = run(&place, &[&["session", "--plain", "--receiver", "Anna"], device].concat());
        assert_eq!(ran.code, Some(1));
        assert!(tells_of_bluetooth(&ran.err), "{}", ran.err);
    }
    assert_eq!(run(&place, &["history", "--json"]).out, "");
}

#[test]
fn several_clickers_and_no_bluetooth_is_told_too() {
    let place = Place::new();
    place.write("clickers.toml", format!("{REMEMBERED}{}", REMEMBERED.replace("9A", "9B")));
    let ran = run(&place, &["session", "--plain"]);
    assert_eq!(ran.code, Some(1));
    assert!(tells_of_bluetooth(&ran.err), "{}", ran.err);
}

#[test]
fn rubbish_among_the_remembered_clickers_names_its_line_and_stays() {
    let place = Place::new();
    let rubbish = "# mine\n[[clicker]]\nid = 7\n";
    let file = place.write("clickers.toml", rubbish);
    for arguments in [&["devices"][..], &["pair"], &["session", "--plain"]] {
        let ran = run(&place, arguments);
        assert_eq!(ran.code, Some(1), "{arguments:?}");
        assert!(ran.err.contains(&format!("{file}:3:")), "{arguments:?}: {}", ran.err);
    }
    let ran = run(&place, &["doctor"]);
    assert!(ran.out.contains(&format!("{file}:3:")), "{}", ran.out);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), rubbish);
}

#[test]
fn the_doctor_tells_everything_in_lines_and_ends_with_no() {
    let place = Place::new();
    let ran = run(&place, &["doctor"]);
    assert_eq!(ran.code, Some(1));
    for about in ["store", "terminal", "speech"] {
        assert!(ran.out.lines().any(|line| line.contains(about)), "{}", ran.out);
    }
    let not = ran.out.lines().find(|line| line.starts_with("NOT OK  Bluetooth"));
    assert!(not.is_some_and(|line| line.len() > 40), "{}", ran.out);
    assert!(!place.store().exists(), "the doctor makes nothing");
}

/// A copy of the file is no backup while a session runs: what is one is said where somebody looks for it.
#[test]
fn the_doctor_says_what_a_backup_is() {
    let place = Place::new();
    place.simulated(7);
    let ran = run(&place, &["doctor"]);
    let command = "unknot export --all --format ndjson -o FILE";
    assert!(ran.out.contains(command), "{}", ran.out);
    // It is a command that works, and its file is taken in by another store.
    let file = place.file("backup.nd").display().to_string();
    let arguments: Vec<&str> =
        command.split(' ').skip(1).map(|word| if word == "FILE" { &file } else { word }).collect();
    assert_eq!(place.run(&[&arguments[..], &["--with-practice"]].concat()).code, Some(0));
    let other = Place::new();
    assert_eq!(other.run(&["import", &file]).code, Some(0));
    assert_eq!(other.run(&["history"]).out, place.run(&["history"]).out);
}

#[test]
fn the_doctor_tells_of_a_store_that_is_none_and_of_a_session_that_was_interrupted() {
    let place = Place::new();
    let mut hands = place.by_hand("1");
    hands.until("Where is the knot?");
    hands.end();
    let ran = run(&place, &["doctor"]);
    assert!(ran.out.contains("one session"), "{}", ran.out);
    assert!(ran.out.contains("`unknot practice` offers to take it up again"), "{}", ran.out);
    std::fs::write(place.store(), "rubbish, and enough of it to be no empty file").unwrap();
    let ran = run(&place, &["doctor"]);
    assert!(ran.out.lines().any(|line| line.starts_with("NOT OK  store")), "{}", ran.out);
}

#[test]
fn practice_waits_for_no_bluetooth() {
    let place = Place::new();
    let mut command = place.command(&["practice", "--plain"]);
    let began = Instant::now();
    let ran = command.stdin(Stdio::null()).output().unwrap();
    assert_eq!(ran.status.code(), Some(1), "its input ends at once");
    assert!(began.elapsed() < WITHIN);
    assert!(String::from_utf8(ran.stdout).unwrap().contains("paused and stored"));
}
