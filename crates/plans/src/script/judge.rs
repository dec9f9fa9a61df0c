//! Comparing what a run was expected to do with what it did.

use core::time::Duration;
use std::collections::BTreeMap;

use super::{Expectation, Pattern, Run, Scalar};
use crate::reader::spelled;

/// An entry of the transcript as it is compared: its fields laid flat. A field within a table is named by its path
/// (`means.rating`), and the table's own name holds the name of that field (`means` is then `rating`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// When, since the session began.
    pub at: Duration,
    /// Its kind.
    pub kind: String,
    /// Its fields by their path.
    pub fields: BTreeMap<String, Scalar>,
}

/// Compares the entries of one run, as they come, with what is expected of them.
#[derive(Debug, Clone, Default)]
pub struct Judge {
    seen: Vec<Seen>,
    /// How many entries lie behind the last expectation that was met by a step.
    past: usize,
    /// When that one came.
    last: Duration,
}

impl Judge {
    /// Takes the next entry in.
    pub fn see(&mut self, entry: Seen) {
        self.seen.push(entry);
    }

    /// How many entries came so far; for [`Judge::since`].
    #[must_use]
    pub const fn count(&self) -> usize {
        self.seen.len()
    }

    /// Whether an entry like this came after the first `count`.
    #[must_use]
    pub fn since(&self, count: usize, entry: &Pattern) -> bool {
        self.seen.iter().skip(count).any(|seen| seen.is_like(entry))
    }

    /// A step's `expect`: an entry like this has come since the last such step. It is passed by then.
    ///
    /// # Errors
    /// What was missed, in words.
    pub fn expect(&mut self, wanted: &Expectation) -> Result<(), String> {
        if let Some(times) = wanted.times {
            return self.times(wanted, times);
        }
        (self.past, self.last) = self.find(self.past, self.last, wanted)?;
        Ok(())
    }

    /// A step's `never`: no entry like this has come since the last step with `expect`.
    ///
    /// # Errors
    /// What came, in words.
    pub fn never(&self, unwanted: &Pattern) -> Result<(), String> {
        self.absent(self.past, unwanted)
    }

    /// What the run as a whole missed or should not have done: each with its line, in words.
    #[must_use]
    pub fn verdict(&self, run: &Run) -> Vec<(u32, String)> {
        let mut missed = Vec::new();
        let (mut past, mut last) = (0, Duration::ZERO);
        for wanted in &run.expect {
            let found = match wanted.what.times {
                Some(times) => self.times(&wanted.what, times),
                None => self.find(past, last, &wanted.what).map(|found| (past, last) = found),
            };
            missed.extend(found.err().map(|reason| (wanted.line, reason)));
        }
        for unwanted in &run.never {
            missed.extend(self.absent(0, &unwanted.what).err().map(|reason| (unwanted.line, reason)));
        }
        missed
    }

    fn find(&self, past: usize, last: Duration, wanted: &Expectation) -> Result<(usize, Duration), String> {
        let earliest = last + wanted.after.unwrap_or_default();
        let latest = wanted.within.map(|within| last + within);
        let mut other_time = None;
        for (index, seen) in self.seen.iter().enumerate().skip(past) {
            if !seen.is_like(&wanted.entry) {
                continue;
            }
            if seen.at >= earliest && latest.is_none_or(|latest| seen.at <= latest) {
                return Ok((index + 1, seen.at));
            }
            other_time.get_or_insert(seen.at);
        }
        let entry = &wanted.entry;
        Err(match other_time {
            None => format!("expected, and did not come: {entry}"),
            Some(at) => {
                let waited = spelled(at.saturating_sub(last));
                let after =
                    wanted.after.map(|after| format!(", after {}", spelled(after))).unwrap_or_default();
                let within =
                    wanted.within.map(|within| format!(", within {}", spelled(within))).unwrap_or_default();
                format!("expected{after}{within}, and came {waited} after the one before: {entry}")
            }
        })
    }

    fn times(&self, wanted: &Expectation, times: u32) -> Result<(), String> {
        let came = self.seen.iter().filter(|seen| seen.is_like(&wanted.entry)).count();
        if usize::try_from(times) == Ok(came) {
            return Ok(());
        }
        Err(format!("expected {times} times, and came {came} times: {}", wanted.entry))
    }

    fn absent(&self, past: usize, unwanted: &Pattern) -> Result<(), String> {
        match self.seen.iter().skip(past).find(|seen| seen.is_like(unwanted)) {
            None => Ok(()),
            Some(seen) => Err(format!("must not come, and came at {} ms: {unwanted}", seen.at.as_millis())),
        }
    }
}

impl Seen {
    /// Whether it is like this.
    #[must_use]
    pub fn is_like(&self, entry: &Pattern) -> bool {
        entry.fits(&self.kind, |path| self.fields.get(path).cloned())
    }
}
