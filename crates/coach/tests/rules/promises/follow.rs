//! What the properties have in common: following a transcript, hold by hold and step by step.

use coach::{Because, HoldEnd, Input, Moment, Output, Phase, Prompt, Rating};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::people::runs;
use crate::support::{Entry, Sitting, outputs};

/// Holds each value of a strategy against a promise.
pub(super) fn check<S: Strategy>(strategy: S, promise: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    let config = Config { cases: 128, failure_persistence: None, ..Config::default() };
    if let Err(broken) = TestRunner::new(config).run(&strategy, promise) {
        panic!("{broken}");
    }
}

/// Plays random sittings and holds each against a promise.
pub(super) fn always(promise: impl Fn(&Sitting) -> Result<(), TestCaseError>) {
    check(runs(), |run| promise(&run.play()));
}

/// A hold, as its entries tell it.
#[derive(Debug)]
pub(super) struct Seen<'a> {
    /// Settling began: the lean.
    pub(super) lean: Moment,
    /// The count may begin: holding began. `None` where the hold ended while settling.
    pub(super) began: Option<Moment>,
    /// When pressure came off, and how the hold ended; `None` while it lasts. (Where the laptop stood still or was
    /// dead, that is since when nobody was there to see.)
    pub(super) ended: Option<(Moment, HoldEnd)>,
    /// All entries from the lean to the end.
    pub(super) entries: &'a [Entry],
}

/// Since when nobody was there, where that ended the hold of these entries.
fn watched(entries: &[Entry]) -> Option<Moment> {
    let before = |index: usize| entries[..index].iter().map(Entry::at).max();
    entries.iter().enumerate().find_map(|(index, entry)| match *entry {
        Entry::Took(at, Input::Gap(by)) => Some(at - by),
        Entry::Took(_, Input::Resumed) => before(index),
        Entry::Took(..) | Entry::Gave(..) => None,
    })
}

/// The holds of a transcript, the leaning before them included. A lean that a nudge took back is none.
pub(super) fn holds(log: &[Entry]) -> Vec<Seen<'_>> {
    let mut holds = Vec::new();
    let mut open: Option<(usize, Moment, Option<Moment>)> = None;
    for (index, entry) in log.iter().enumerate() {
        let &Entry::Gave(at, output) = entry else { continue };
        match output {
            Output::Phase { to: Phase::Settling, .. } => open = Some((index, at, None)),
            Output::Phase { to: Phase::Holding, .. } => {
                let (first, lean, _) = open.expect("a hold begins by leaning in");
                open = Some((first, lean, Some(at)));
            }
            Output::Hold(end) => {
                let (first, lean, began) = open.take().expect("only what was begun can end");
                holds.push(Seen {
                    lean,
                    began,
                    ended: Some((watched(&log[first..=index]).unwrap_or(at), end)),
                    entries: &log[first..=index],
                });
            }
            Output::Phase { from: Phase::Settling, because: Because::Nudged, .. } => open = None,
            _ => {}
        }
    }
    if let Some((first, lean, began)) = open {
        holds.push(Seen { lean, began, ended: None, entries: &log[first..] });
    }
    holds
}

/// The steps of a transcript: each input with what was given at once, at its own moment.
pub(super) fn steps(log: &[Entry]) -> impl Iterator<Item = (Moment, Input, &[Entry])> {
    log.iter().enumerate().filter_map(|(index, entry)| {
        let &Entry::Took(at, input) = entry else { return None };
        let rest = &log[index + 1..];
        let own = |entry: &&Entry| matches!(entry, Entry::Gave(given, _) if *given == at);
        Some((at, input, &rest[..rest.iter().take_while(own).count()]))
    })
}

/// The phase after each entry.
pub(super) fn phase_before(log: &[Entry], first: Phase) -> impl Iterator<Item = (Phase, &Entry)> {
    let mut phase = first;
    log.iter().map(move |entry| {
        let before = phase;
        if let Entry::Gave(_, Output::Phase { to, .. }) = entry {
            phase = *to;
        }
        (before, entry)
    })
}

/// Every entry with the phase it fell into, as input or as output.
pub(super) fn flat(log: &[Entry]) -> impl Iterator<Item = (Moment, Phase, Option<Input>, Option<Output>)> {
    phase_before(log, Phase::Screening).map(|(phase, entry)| match *entry {
        Entry::Took(at, input) => (at, phase, Some(input), None),
        Entry::Gave(at, output) => (at, phase, None, Some(output)),
    })
}

pub(super) fn said(given: &[Entry], wanted: impl Fn(&Prompt) -> bool) -> bool {
    outputs(given).any(|(_, output)| matches!(output, Output::Prompt(prompt) if wanted(&prompt)))
}

/// The ratings given within a hold, each with the moment it was given at.
pub(super) fn rated(seen: &Seen<'_>) -> Vec<(Moment, Rating)> {
    let Some(began) = seen.began else { return Vec::new() };
    outputs(seen.entries)
        .filter(|&(at, _)| at >= began)
        .filter_map(|(at, output)| match output {
            Output::Rating { value, late: false } => Some((at, value)),
            _ => None,
        })
        .collect()
}
