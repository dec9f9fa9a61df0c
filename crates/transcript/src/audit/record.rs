//! Promise 9: an event the clicker accepted is recorded exactly once and in its place; one that came late can only make
//! the coach gentler.

use std::collections::BTreeMap;

use coach::{Alarm, Because, Outcome, Phase, Rating, Refusal};

use super::Audit;
use super::story::Story;
use crate::entry::{Entry, Kind, Means};

const PROMISE: u8 = 9;

/// An event that arrives more than this after it was made is late.
const LATE: u64 = 1_000;

pub(super) fn check(story: &Story<'_>, audit: &mut Audit) {
    in_place(story, audit);
    for (index, entry) in story.entries.iter().enumerate() {
        let Kind::Click { clicked_ms, late, means, .. } = entry.kind else { continue };
        if !late && entry.at_ms.saturating_sub(clicked_ms) > LATE {
            let ms = entry.at_ms - clicked_ms;
            audit.find(PROMISE, entry.at_ms, format!("an event that took {ms} ms is not marked late"));
        }
        if late {
            gentler(story, index, means, audit);
        }
    }
}

fn in_place(story: &Story<'_>, audit: &mut Audit) {
    let mut last: Option<(u16, u32)> = None;
    let mut alarms: BTreeMap<(u16, u32), Alarm> = BTreeMap::new();
    let mut reached = 0;
    let mut checked_in = false;
    for entry in story.entries {
        if entry.at_ms < reached && !entry.kind.is_aside() {
            audit.find(PROMISE, entry.at_ms, format!("a {} is out of its place", entry.kind.name()));
        }
        if checked_in && !entry.kind.is_aside() {
            audit.find(PROMISE, entry.at_ms, format!("a {} stands behind a check-in", entry.kind.name()));
        }
        reached = reached.max(entry.at_ms);
        match entry.kind {
            Kind::Alarm { boot, seq, what } => {
                let before = alarms.insert((boot, seq), what);
                if before.is_some() {
                    let what = format!("the alarm {seq} of boot {boot} is recorded twice");
                    audit.find(PROMISE, entry.at_ms, what);
                }
            }
            Kind::Click { boot, seq, means, .. } => {
                let follows = match last {
                    None => true,
                    Some((same, before)) if same == boot => before.checked_add(1) == Some(seq),
                    Some((before, _)) => boot > before && seq == 0,
                };
                if !follows {
                    let what = format!("event {seq} of boot {boot} is not the next one");
                    audit.find(PROMISE, entry.at_ms, what);
                }
                last = Some((boot, seq));
                if means.alarm() != alarms.get(&(boot, seq)).copied() {
                    let what = format!("event {seq} of boot {boot} and its alarm do not match");
                    audit.find(PROMISE, entry.at_ms, what);
                }
            }
            Kind::CheckIn { .. } if std::mem::replace(&mut checked_in, true) => {
                audit.find(PROMISE, entry.at_ms, "the receiver was asked twice how it has been since");
            }
            _ => {}
        }
    }
}

/// What a late event led to.
fn gentler(story: &Story<'_>, index: usize, means: Means, audit: &mut Audit) {
    let at = story.entries[index].at_ms;
    let response = story.response(index);
    let ceiling = story.ceiling(index).min(Rating::CEILING);
    // In plans with longer low holds, a late event ends the extension.
    let longer = story.figures().low_90 && story.states[index].phase == Phase::Holding;
    let harmless = match means {
        // The alarm has steered already.
        Means::Sharp | Means::Stop => response.is_empty(),
        Means::Rating(rating) | Means::Same(rating) if rating <= ceiling => {
            response.iter().all(|output| match output.kind {
                Kind::Rating { late, .. } => late,
                _ => longer && is_of_maximum(&output.kind),
            })
        }
        Means::Rating(_) | Means::Same(_) | Means::Less => {
            response.iter().all(|output| !is_harsher(output) || (longer && is_of_maximum(&output.kind)))
        }
        _ => response.iter().all(|output| match &output.kind {
            Kind::Refused { why, .. } => *why == Refusal::TooLate,
            Kind::Prompt(said) => said.id == "refused",
            _ => false,
        }),
    };
    if !harmless {
        audit.find(PROMISE, at, "a late event steered");
    }
}

/// Whether an output says that the maximum is near or reached.
fn is_of_maximum(kind: &Kind) -> bool {
    match kind {
        Kind::Hold { because, .. } | Kind::Phase { because, .. } => *because == Because::Maximum,
        Kind::Prompt(said) => matches!(said.id.as_str(), "ten-seconds" | "release-maximum"),
        _ => false,
    }
}

/// Whether an output is anything but gentler.
fn is_harsher(output: &Entry) -> bool {
    match &output.kind {
        Kind::Phase { to, .. } => match to {
            Phase::Releasing | Phase::Flushing | Phase::Paused | Phase::Heat | Phase::Finished => false,
            Phase::Screening
            | Phase::Warming
            | Phase::Learning
            | Phase::BroadStrokes
            | Phase::Locating
            | Phase::Settling
            | Phase::Holding
            | Phase::Moving
            | Phase::Stretching => true,
        },
        Kind::Hold { outcome, .. } => *outcome == Outcome::Done,
        Kind::Rating { late, .. } => !late,
        Kind::Prompt(said) => said.id == "more",
        Kind::Spot(_) | Kind::Nudge { .. } => true,
        _ => false,
    }
}
