//! Running a session again: the recorded inputs through the coach, for the outputs (promise 11).

use coach::{Coach, Moment};

use crate::entry::Entry;
use crate::header::SetupError;
use crate::ndjson;
use crate::player::{Played, Player};

/// Why a transcript cannot be run again.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReplayError {
    /// The header is missing: it is the first entry.
    #[error("the transcript does not begin with its `session` entry")]
    NoHeader,
    /// The header gives no session.
    #[error(transparent)]
    Setup(#[from] SetupError),
}

/// Where a replay and its transcript part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What the transcript has there; `None` where it has ended.
    pub recorded: Option<Entry>,
    /// What the replay gives there; `None` where it has ended.
    pub replayed: Option<Entry>,
}

/// A session run again as far as its transcript goes.
#[derive(Debug, Clone)]
pub struct Rerun {
    /// The coach at that moment.
    pub coach: Coach,
    /// Everything it put out.
    pub outputs: Vec<Entry>,
    /// The moment up to which it is on record that time was running.
    pub reached: Moment,
}

/// The outputs that a transcript's inputs lead to.
///
/// # Errors
/// Where the transcript has no usable header.
pub fn replay(entries: &[Entry]) -> Result<Vec<Entry>, ReplayError> {
    rerun(entries).map(|rerun| rerun.outputs)
}

/// Runs a transcript's inputs through a new coach.
///
/// It is a [`Player`] that plays to the end, as far as the transcript goes.
///
/// # Errors
/// Where the transcript has no usable header.
pub fn rerun(entries: &[Entry]) -> Result<Rerun, ReplayError> {
    let mut player = Player::begin(entries)?;
    let reached = player.end();
    let mut outputs = Vec::new();
    player.play_to(reached, |at, played, _| {
        if let Played::Output(output) = played {
            outputs.extend(Entry::of_output(at, output));
        }
    });
    Ok(Rerun { coach: player.into_coach(), outputs, reached })
}

/// Where the outputs of a transcript first differ from those that its inputs lead to; `None` where they do not.
///
/// # Errors
/// Where the transcript cannot be run again.
pub fn difference(entries: &[Entry]) -> Result<Option<Difference>, ReplayError> {
    let replayed = replay(entries)?;
    let recorded = entries.iter().filter(|entry| entry.kind.is_output());
    let mut pairs = (recorded, replayed.iter());
    loop {
        match (pairs.0.next(), pairs.1.next()) {
            (None, None) => return Ok(None),
            (recorded, replayed) if recorded == replayed => {}
            (recorded, replayed) => {
                return Ok(Some(Difference { recorded: recorded.cloned(), replayed: replayed.cloned() }));
            }
        }
    }
}

impl Difference {
    /// The moment at which they part.
    #[must_use]
    pub fn at_ms(&self) -> u64 {
        self.recorded.iter().chain(&self.replayed).map(|entry| entry.at_ms).min().unwrap_or(0)
    }
}

impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let side =
            |entry: &Option<Entry>| entry.as_ref().map_or_else(|| "nothing more".to_owned(), ndjson::line);
        write!(f, "recorded: {}; replayed: {}", side(&self.recorded), side(&self.replayed))
    }
}
