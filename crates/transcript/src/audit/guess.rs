//! The partner's guess: keyed while a hold is flushed, with a rating that was known in that hold. Part of promise 9: it
//! is recorded in its place, and never with a rating that the receiver did not give.

use coach::{Phase, Rating};

use super::Audit;
use super::story::Story;
use crate::entry::Kind;

const PROMISE: u8 = 9;

pub(super) fn check(story: &Story<'_>, audit: &mut Audit) {
    for (index, entry) in story.entries.iter().enumerate() {
        let Kind::Guess { of, .. } = entry.kind else { continue };
        if story.states[index].phase != Phase::Flushing || story.is_alone() {
            audit.find(PROMISE, entry.at_ms, "a guess was taken where no hold is flushed by two people");
        }
        if !known_in_last_hold(story, index, of) {
            let what = format!("a guess stands beside {of}, which was no rating of that hold");
            audit.find(PROMISE, entry.at_ms, what);
        }
    }
}

/// Whether this rating was clicked, or shown by the clicker's beats, in the last hold before the entry at `index`.
fn known_in_last_hold(story: &Story<'_>, index: usize, of: Rating) -> bool {
    let ended = |hold: &&super::story::Hold| hold.end.is_some_and(|end| end.index < index);
    let Some(hold) = story.holds.iter().rev().find(ended) else { return false };
    let Some(held) = hold.held else { return false };
    story.entries[held..hold.inside.end].iter().any(|entry| match entry.kind {
        Kind::Rating { value, late: false } => value == of,
        Kind::Link { dial, .. } => dial == Some(of),
        _ => false,
    })
}
