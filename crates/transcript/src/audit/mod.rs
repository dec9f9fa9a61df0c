//! The audit: promises 1 to 9 and 11, proved on a stored session.
//!
//! Each promise is read off the entries alone, by rules written a second time and independently of the coach; only
//! promise 11 asks the coach itself, by a replay. What a transcript cannot show (10, what was on the disk when; 12,
//! the air) is held by tests elsewhere.
//!
//! A session that ends in the middle of something was killed there, which is no breach: what is due is only required
//! where the transcript goes on beyond it. And where a rule leaves room (two timers at one moment, a signal that came
//! and went), the audit asks for less than the coach does, never for more: what it finds is wrong.

mod count;
mod dose;
mod felt;
mod flush;
mod guess;
mod minimum;
mod posture;
mod record;
mod refusal;
mod screening;
mod sharp;
mod signal;
mod story;
mod tools;

use std::fmt;

use crate::entry::{Entry, Kind};
use crate::replay::difference;
use story::Story;

/// A hundred years, in milliseconds: later moments are invalid and ignored.
const CENTURY: u64 = 100 * 366 * 24 * 3_600 * 1_000;

/// What the audit of one session came to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Audit {
    /// What is wrong, in the order of the promises.
    pub findings: Vec<Finding>,
}

/// One breach of one promise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The promise, by its number.
    pub promise: u8,
    /// The moment at which it shows.
    pub at_ms: u64,
    /// What is wrong, in words.
    pub what: String,
}

/// Proves promises 1 to 9 and 11 on a stored session, or says where they are broken.
#[must_use]
pub fn audit(entries: &[Entry]) -> Audit {
    let mut audit = Audit::default();
    let Some((Entry { kind: Kind::Session(header), .. }, _)) = entries.split_first() else {
        audit.find(11, 0, "the transcript does not begin with its `session` entry");
        return audit;
    };
    if let Some(entry) = entries.iter().find(|entry| entry.at_ms > CENTURY) {
        audit.find(9, entry.at_ms, "no session lasts that long");
        return audit;
    }
    let story = Story::read(header, entries);
    minimum::check(&story, &mut audit);
    count::check(&story, &mut audit);
    sharp::check(&story, &mut audit);
    signal::check(&story, &mut audit);
    flush::check(&story, &mut audit);
    screening::check(&story, &mut audit);
    felt::check(&story, &mut audit);
    tools::check(&story, &mut audit);
    dose::check(&story, &mut audit);
    posture::check(&story, &mut audit);
    refusal::check(&story, &mut audit);
    record::check(&story, &mut audit);
    guess::check(&story, &mut audit);
    match difference(entries) {
        Ok(None) => {}
        Ok(Some(difference)) => audit.find(11, difference.at_ms(), difference.to_string()),
        Err(error) => audit.find(11, 0, error.to_string()),
    }
    audit
}

impl Audit {
    /// Whether every promise is kept.
    #[must_use]
    pub const fn is_clean(&self) -> bool {
        self.findings.is_empty()
    }

    fn find(&mut self, promise: u8, at_ms: u64, what: impl Into<String>) {
        self.findings.push(Finding { promise, at_ms, what: what.into() });
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.at_ms / 1_000;
        let (minutes, seconds, ms) = (seconds / 60, seconds % 60, self.at_ms % 1_000);
        write!(f, "promise {} at {minutes}:{seconds:02}.{ms:03}: {}", self.promise, self.what)
    }
}
