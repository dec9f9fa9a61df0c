//! Looking back as plain lines, and what is said of a session that is not there.

use std::io::Write as _;
use std::process::Stdio;

use coach::Outcome;
use report::timeline::Timeline;
use transcript::{Entry, Kind};

use crate::tear::tear;
use crate::{Place, Ran, bytes};

/// The program with these keys piped in.
fn keyed(place: &Place, arguments: &[&str], keys: &str) -> Ran {
    let mut command = place.command(arguments);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(keys.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    Ran {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// The entries of the last session, as they are stored.
fn stored(place: &Place) -> Vec<Entry> {
    let journal = journal::Journal::open(&place.store()).unwrap();
    journal.entries(journal.last().unwrap().unwrap().key).unwrap()
}

/// A session with a SHARP, the last one in its store. What a seed leads to changes with the rules.
fn sharp(place: &Place) -> u64 {
    let stored = (1..60).find_map(|seed| {
        place.simulated(seed);
        Timeline::of(&stored(place)).sharps().find(|at| *at > 20_000)
    });
    stored.expect("one of so many has a SHARP")
}

#[test]
fn a_pipe_reviews_in_lines() {
    let place = Place::new();
    let sharp = sharp(&place);
    let ran = keyed(&place, &["review", "--plain"], "\nxt");
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "{}", ran.out);
    let lines: Vec<&str> = ran.out.lines().collect();
    assert!(lines[0].ends_with(" sessions") || lines[0] == "one session", "{}", lines[0]);
    assert!(ran.out.contains("simulated, seed "), "{}", ran.out);
    let told = |line: &str| line.contains(&report::text::clock(sharp)) && line.contains("SHARP");
    assert!(ran.out.lines().any(told), "{}", ran.out);
    for moment in [sharp, sharp - 10_000] {
        let line = format!("{} of ", report::text::clock(moment));
        assert!(ran.out.lines().any(|told| told.starts_with(&line)), "{line}: {}", ran.out);
    }
    // A note that is piped in is stored.
    let ran = keyed(&place, &["review", "last"], "msofter\n");
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.out.contains("> softer ("), "{}", ran.out);
    assert!(place.run(&["note", "last"]).out.starts_with("1  softer ("));
}

#[test]
fn a_session_is_played_again_in_lines_without_a_bell_and_nothing_is_stored() {
    let place = Place::new();
    sharp(&place);
    // Everything is in the file, and no longer in a log beside it.
    drop(journal::Writer::open(&place.store()).unwrap());
    let before = bytes(&place.store());
    let ran = keyed(&place, &["replay", "last", "--speed", "100"], "");
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "{}", ran.out);
    assert!(ran.out.starts_with("This is played again from the transcript"), "{}", ran.out);
    assert!(ran.out.contains("!!! ") && !ran.out.contains('\u{7}'), "alarms are told, and do not sound");
    let told = |text: &str| ran.out.lines().filter(|line| line.contains(text)).count();
    let ended = |wanted| {
        let is = |entry: &Entry| matches!(entry.kind, Kind::Hold { outcome, .. } if outcome == wanted);
        stored(&place).into_iter().filter(is).count()
    };
    let (done, void) = (ended(Outcome::Done), ended(Outcome::Void));
    assert!(done + void + ended(Outcome::Cut) > 0, "nobody was held");
    assert_eq!((told(" Hold done "), told(" Hold void ")), (done, void), "{}", ran.out);
    assert!(ran.out.ends_with("This is as far as the transcript goes.\n"), "{}", ran.out);
    assert_eq!(bytes(&place.store()), before);
}

#[test]
fn an_unknown_or_ambiguous_session_lists_those_that_may_be_meant() {
    let place = Place::new();
    place.simulated(7);
    place.simulated(9);
    let listed = place.run(&["history"]).out;
    let ids: Vec<&str> = listed.lines().skip(1).map(|line| line.split(' ').next().unwrap()).collect();
    for command in [&["review"][..], &["replay"], &["show"], &["note"], &["export", "--format", "html"]] {
        let unknown = place.run(&[command, &["zzz"]].concat());
        assert_eq!((unknown.code, unknown.out.as_str()), (Some(1), ""), "{command:?}");
        assert!(unknown.err.contains("no session begins with `zzz`"), "{}", unknown.err);
        let ambiguous = place.run(&[command, &["0"]].concat());
        assert_eq!((ambiguous.code, ambiguous.out.as_str()), (Some(1), ""), "{command:?}");
        assert!(
            ambiguous.err.contains("`0` is the beginning of 2 sessions: give more of it"),
            "{}",
            ambiguous.err
        );
        for id in &ids {
            assert!(unknown.err.contains(id) && ambiguous.err.contains(id), "{command:?}: {}", ambiguous.err);
        }
    }
}

#[test]
fn an_empty_store_says_how_to_make_a_session() {
    let place = Place::new();
    let ran = place.run(&["review"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(
        ran.out.contains("There are no sessions yet.") && ran.out.contains("`unknot practice`"),
        "{}",
        ran.out
    );
    for arguments in [["review", "last"], ["replay", "last"]] {
        let ran = place.run(&arguments);
        assert_eq!((ran.code, ran.out.as_str()), (Some(1), ""));
        assert!(ran.err.contains("`unknot practice` makes one"), "{}", ran.err);
    }
    assert!(!place.store().exists());
}

#[test]
fn a_transcript_that_was_changed_is_never_shown_silently() {
    let place = Place::new();
    place.simulated(12);
    let state = |state| format!(r#""kind":"freshness","state":"{state}""#);
    tear(&place.store(), &state("live"), &state("lost"));
    for arguments in [["review", "last"], ["replay", "last"]] {
        let ran = keyed(&place, &arguments, "q");
        assert!(ran.out.contains("Changed from outside at entry "), "{arguments:?}: {} {}", ran.out, ran.err);
    }
}
