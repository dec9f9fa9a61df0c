//! Checks the entries of a run against what the script expects.

use core::time::Duration;
use std::collections::BTreeMap;

use coach::{Named, Phase};

use super::{Expectation, Pattern, Run, Scalar};
use crate::reader::spelled;

/// An entry of the transcript with its fields flattened. A field inside a table is named by its path (`means.rating`),
/// and the table's own name holds the name of that field (`means` is then `rating`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObservedEntry {
    /// Time since the session began.
    pub at: Duration,
    /// Kind of entry.
    pub kind: String,
    /// Fields by path.
    pub fields: BTreeMap<String, Scalar>,
}

/// Collects the entries of one run and checks expectations against them.
#[derive(Debug, Clone, Default)]
pub struct ExpectationChecker {
    seen: Vec<ObservedEntry>,
    /// Number of entries up to and including the one that the last `expect` step found.
    past: usize,
    /// Time of that entry.
    last: Duration,
}

impl ExpectationChecker {
    /// Adds the next entry.
    pub fn see(&mut self, entry: ObservedEntry) {
        self.seen.push(entry);
    }

    /// Number of entries so far; for [`ExpectationChecker::since`].
    #[must_use]
    pub const fn count(&self) -> usize {
        self.seen.len()
    }

    /// Whether a matching entry came after the first `count` entries.
    #[must_use]
    pub fn since(&self, count: usize, entry: &Pattern) -> bool {
        self.seen.iter().skip(count).any(|seen| seen.is_like(entry))
    }

    /// Checks an `expect` step: a matching entry has come since the last such step. Later steps look only beyond it.
    ///
    /// # Errors
    /// What was missing, as a sentence.
    pub fn expect(&mut self, wanted: &Expectation) -> Result<(), String> {
        if let Some(times) = wanted.times {
            return self.times(0, wanted, times);
        }
        (self.past, self.last) = self.find(self.past, self.last, wanted)?;
        Ok(())
    }

    /// Checks a `never` step: no matching entry has come since the last `expect` step.
    ///
    /// # Errors
    /// What came, as a sentence.
    pub fn never(&self, unwanted: &Pattern) -> Result<(), String> {
        self.absent(self.past, unwanted)
    }

    /// Failed expectations of the whole run, each with its line and a sentence.
    #[must_use]
    pub fn verdict(&self, run: &Run) -> Vec<(u32, String)> {
        let mut missed = Vec::new();
        let start = run.reached.map_or(0, |phase| self.reached(phase));
        let began = run.reached.and_then(|_| self.seen.get(start)).map_or(Duration::ZERO, |seen| seen.at);
        let (mut past, mut last) = (start, began);
        for wanted in &run.expect {
            let found = match wanted.what.times {
                Some(times) => self.times(start, &wanted.what, times),
                None => self.find(past, last, &wanted.what).map(|found| (past, last) = found),
            };
            missed.extend(found.err().map(|reason| (wanted.line, reason)));
        }
        for unwanted in &run.never {
            missed.extend(self.absent(start, &unwanted.what).err().map(|reason| (unwanted.line, reason)));
        }
        missed
    }

    /// Index of the entry with which this phase first began.
    fn reached(&self, phase: Phase) -> usize {
        let to = Some(Scalar::Text(phase.name().to_owned()));
        self.seen
            .iter()
            .position(|seen| seen.kind == "phase" && seen.fields.get("to") == to.as_ref())
            .unwrap_or(self.seen.len())
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

    fn times(&self, past: usize, wanted: &Expectation, times: u32) -> Result<(), String> {
        let came = self.seen.iter().skip(past).filter(|seen| seen.is_like(&wanted.entry)).count();
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

impl ObservedEntry {
    /// Whether the entry matches the pattern.
    #[must_use]
    pub fn is_like(&self, entry: &Pattern) -> bool {
        entry.fits(&self.kind, |path| self.fields.get(path).cloned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Script;

    /// A hold at 31 s, a SHARP at 40 s, a hold at 75 s.
    fn checker() -> ExpectationChecker {
        let mut checker = ExpectationChecker::default();
        for (at, kind, outcome) in
            [(31, "hold", Some("done")), (40, "sharp", None), (75, "hold", Some("void"))]
        {
            let outcome = outcome.map(|outcome| ("outcome".to_owned(), Scalar::Text(outcome.to_owned())));
            let counted = ("counted_ms".to_owned(), Scalar::Number(at * 1000));
            let fields = outcome.into_iter().chain([counted]).collect();
            checker.see(ObservedEntry {
                at: Duration::from_secs(at.unsigned_abs()),
                kind: kind.to_owned(),
                fields,
            });
        }
        checker
    }

    fn run(expect: &str) -> Run {
        let script = Script::parse("s.toml", &format!("steps = [ {{ wait = \"1s\" }} ]\n{expect}"));
        script.unwrap_or_else(|diagnostics| panic!("{diagnostics}")).run
    }

    fn verdict(expect: &str) -> Vec<String> {
        checker()
            .verdict(&run(expect))
            .into_iter()
            .map(|(line, reason)| format!("{line}: {reason}"))
            .collect()
    }

    #[test]
    fn what_came_in_order_is_as_expected() {
        let met = [
            "expect = [ { kind = \"hold\", outcome = \"done\" }, { kind = \"sharp\" }, { kind = \"hold\", outcome = \"void\" } ]",
            "expect = [ { kind = \"sharp\", after = \"40s\", within = \"40s\" }, { kind = \"hold\", after = \"35s\", within = \"35s\" } ]",
            "expect = [ { kind = \"hold\", times = 2 }, { kind = \"sharp\", times = 1 }, { kind = \"gap\", times = 0 } ]",
            "expect = [ { kind = \"hold\", counted_ms = { least = 31000, most = 31000 } } ]",
            "expect = [ { kind = \"hold\", outcome = { not = \"done\" } } ]",
            "never = [ { kind = \"gap\" }, { kind = \"hold\", outcome = \"cut\" } ]",
        ];
        for expect in met {
            assert_eq!(verdict(expect), Vec::<String>::new(), "{expect}");
        }
    }

    #[test]
    fn what_did_not_come_or_came_otherwise_is_named_with_its_line() {
        let missed = [
            ("expect = [ { kind = \"gap\" } ]", "2: expected, and did not come: gap"),
            (
                "expect = [\n{ kind = \"sharp\" },\n{ kind = \"hold\", outcome = \"done\" } ]",
                "4: expected, and did not come: hold, outcome done",
            ),
            (
                "expect = [ { kind = \"sharp\", within = \"39s\" } ]",
                "2: expected, within 39s, and came 40s after the one before: sharp",
            ),
            (
                "expect = [ { kind = \"sharp\" }, { kind = \"hold\", after = \"36s\" } ]",
                "2: expected, after 36s, and came 35s after the one before: hold",
            ),
            ("expect = [ { kind = \"hold\", times = 3 } ]", "2: expected 3 times, and came 2 times: hold"),
            (
                "never = [ { kind = \"hold\", outcome = \"void\" } ]",
                "2: must not come, and came at 75000 ms: hold, outcome void",
            ),
            (
                "expect = [ { kind = \"hold\", counted_ms = { least = 80000 } } ]",
                "2: expected, and did not come: hold, counted_ms at least 80000",
            ),
        ];
        for (expect, said) in missed {
            assert_eq!(verdict(expect), [said], "{expect}");
        }
    }

    #[test]
    fn after_reach_everything_before_it_is_passed_over() {
        let mut checker = ExpectationChecker::default();
        for (at, to) in [(1, "warming"), (5, "holding"), (9, "flushing"), (12, "holding")] {
            let fields = [("to".to_owned(), Scalar::Text(to.to_owned()))].into();
            checker.see(ObservedEntry { at: Duration::from_secs(at), kind: "phase".to_owned(), fields });
        }
        let verdict = |expect: &str| {
            let script = format!("steps = [ {{ reach = \"holding\" }} ]\n{expect}");
            let run =
                Script::parse("s.toml", &script).unwrap_or_else(|diagnostics| panic!("{diagnostics}")).run;
            checker.verdict(&run)
        };
        let met = [
            "never = [ { kind = \"phase\", to = \"warming\" } ]",
            "expect = [ { kind = \"phase\", to = \"flushing\", after = \"4s\", within = \"4s\" } ]",
            "expect = [ { kind = \"phase\", to = \"holding\", within = \"0s\" }, { kind = \"phase\", to = \"holding\" } ]",
            "expect = [ { kind = \"phase\", times = 3 } ]",
        ];
        for expect in met {
            assert_eq!(verdict(expect), [], "{expect}");
        }
        assert_eq!(verdict("expect = [ { kind = \"phase\", to = \"warming\" } ]").len(), 1);
        assert_eq!(verdict("never = [ { kind = \"phase\", to = \"holding\" } ]").len(), 1);
    }

    #[test]
    fn an_entry_that_was_missed_does_not_hide_the_next() {
        assert_eq!(verdict("expect = [ { kind = \"gap\" }, { kind = \"hold\", outcome = \"cut\" }, { kind = \"sharp\" } ]").len(), 2);
    }

    #[test]
    fn a_step_looks_from_the_entry_that_the_one_before_found() {
        let run = run(
            "expect = [ { kind = \"sharp\" }, { kind = \"hold\", outcome = \"done\" }, { kind = \"hold\" } ]",
        );
        let [sharp, done, hold] = &run.expect[..] else { panic!("three") };
        let mut checker = checker();
        assert!(checker.never(&done.what.entry).is_err());
        assert_eq!(checker.expect(&sharp.what), Ok(()));
        assert_eq!(checker.never(&done.what.entry), Ok(()), "it lies before the SHARP");
        assert!(checker.expect(&done.what).is_err());
        assert_eq!(checker.expect(&hold.what), Ok(()), "what was missed has passed nothing");
        assert!(checker.expect(&hold.what).is_err());
    }

    #[test]
    fn since_counts_from_what_had_come() {
        let checker = checker();
        let run = run("never = [ { kind = \"sharp\" } ]");
        let sharp = &run.never[0].what;
        assert!(checker.since(1, sharp) && !checker.since(2, sharp) && !checker.since(99, sharp));
        assert_eq!(checker.count(), 3);
    }
}
