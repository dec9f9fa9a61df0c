//! A session taken up again from its transcript.

use coach::{Coach, Moment};
use transcript::{Difference, Entry, Kind, ReplayError, Rerun};

use crate::delivery::{Delivery, EventId, Receipt};

/// Why a stored session cannot be taken up again.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ResumeError {
    /// It cannot be run again.
    #[error(transparent)]
    Replay(#[from] ReplayError),
    /// It has finished.
    #[error("the session has finished; begin a new one")]
    Over,
    /// Its inputs lead to other outputs than are recorded.
    #[error("the session was made by other rules; close it and begin a new one ({0})")]
    OtherRules(Box<Difference>),
}

/// What a transcript gives back.
#[derive(Debug, Clone)]
pub(crate) struct Rebuilt {
    pub(crate) coach: Coach,
    pub(crate) delivery: Delivery,
    /// No later input may lie before this.
    pub(crate) reached: Moment,
}

/// Runs the coach through the stored inputs, and remembers which events of the clicker are on the disk.
pub(crate) fn rebuild(entries: &[Entry]) -> Result<Rebuilt, ResumeError> {
    if entries.iter().any(|entry| matches!(entry.kind, Kind::Finished { .. })) {
        return Err(ResumeError::Over);
    }
    if let Some(difference) = transcript::difference(entries)? {
        return Err(ResumeError::OtherRules(Box::new(difference)));
    }
    let Rerun { coach, outputs: _, reached } = transcript::rerun(entries)?;
    let mut delivery = Delivery::default();
    for receipt in entries.iter().filter_map(|entry| receipt(&entry.kind)) {
        delivery.recall(receipt);
    }
    let last = entries.last().map_or(reached, Entry::at);
    Ok(Rebuilt { coach, delivery, reached: reached.max(last) })
}

fn receipt(kind: &Kind) -> Option<Receipt> {
    match *kind {
        Kind::Click { boot, seq, .. } => Some(Receipt::Event(EventId { boot, seq })),
        Kind::Alarm { boot, seq, .. } => Some(Receipt::Alarm(EventId { boot, seq })),
        Kind::Session(_)
        | Kind::Key { .. }
        | Kind::Link { .. }
        | Kind::Store { .. }
        | Kind::Gap { .. }
        | Kind::Resumed { .. }
        | Kind::Phase { .. }
        | Kind::Spot(_)
        | Kind::Rating { .. }
        | Kind::Nudge { .. }
        | Kind::Ask { .. }
        | Kind::Felt { .. }
        | Kind::Sharp {}
        | Kind::Freshness { .. }
        | Kind::Prompt(_)
        | Kind::Refused { .. }
        | Kind::Hold { .. }
        | Kind::Finished { .. }
        | Kind::Guess { .. }
        | Kind::Screening(_)
        | Kind::Note { .. }
        | Kind::CheckIn { .. } => None,
    }
}
