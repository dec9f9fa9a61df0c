//! Good sessions pass; with any one promise broken they do not.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod alarms;
mod any_session;
mod before;
mod ground;
mod guess;
mod holds;
mod learning;
mod play;
mod pressed;
mod record;
mod whole_sessions;

use coach::{Because, Outcome, Phase};
use transcript::{Entry, Finding, Kind, audit};

use crate::play::Play;

/// The findings, as text for a failing test.
fn findings(entries: &[Entry]) -> String {
    audit(entries).findings.iter().map(Finding::to_string).collect::<Vec<_>>().join("\n")
}

fn assert_clean(entries: &[Entry]) {
    assert_eq!(findings(entries), "");
}

/// Asserts that this promise is found broken, and says what was found.
fn assert_broken(promise: u8, entries: &[Entry], words: &str) {
    let audit = audit(entries);
    let found =
        audit.findings.iter().any(|finding| finding.promise == promise && finding.what.contains(words));
    assert!(found, "no finding of promise {promise} with `{words}` among:\n{}", findings(entries));
}

/// The place of the first entry that fits.
fn find(entries: &[Entry], fits: impl Fn(&Kind) -> bool) -> usize {
    entries.iter().position(|entry| fits(&entry.kind)).expect("the session has such an entry")
}

fn last(entries: &[Entry], fits: impl Fn(&Kind) -> bool) -> usize {
    entries.iter().rposition(|entry| fits(&entry.kind)).expect("the session has such an entry")
}

fn says(id: &'static str) -> impl Fn(&Kind) -> bool {
    move |kind| matches!(kind, Kind::Prompt(said) if said.id == id)
}

fn moves_to(phase: Phase) -> impl Fn(&Kind) -> bool {
    move |kind| matches!(kind, Kind::Phase { to, .. } if *to == phase)
}

fn is_hold(kind: &Kind) -> bool {
    matches!(kind, Kind::Hold { .. })
}

/// The session without the entries that fit.
fn without(entries: &[Entry], fits: impl Fn(&Kind) -> bool) -> Vec<Entry> {
    entries.iter().filter(|entry| !fits(&entry.kind)).cloned().collect()
}

/// A whole session with one hold that let go.
fn whole() -> Vec<Entry> {
    let mut play = Play::holding();
    play.hold_well();
    play.wait(20_000);
    play.finish();
    play.entries
}

/// The hold of `whole`, recorded otherwise.
fn with_hold(change: impl Fn(&mut Outcome, &mut Because, &mut u64, &mut u64)) -> Vec<Entry> {
    let mut entries = whole();
    let index = find(&entries, is_hold);
    if let Kind::Hold { outcome, because, counted_ms, pressed_ms } = &mut entries[index].kind {
        change(outcome, because, counted_ms, pressed_ms);
    }
    entries
}

#[test]
fn a_whole_session_is_clean() {
    assert_clean(&whole());
}

#[test]
fn a_session_cut_off_anywhere_between_two_happenings_is_clean() {
    let entries = whole();
    for length in 1..=entries.len() {
        let next = entries.get(length);
        // What one happening led to is stored as one batch.
        let whole = next.is_none_or(|next| !next.kind.is_output() || next.at_ms > entries[length - 1].at_ms);
        if whole {
            assert_clean(&entries[..length]);
        }
    }
}

#[test]
fn what_is_no_session_is_said_to_be_none() {
    assert_broken(11, &[], "does not begin");
    assert_broken(11, &whole()[1..], "does not begin");
}
