//! What a hold measures: the counted time, the highest and lowest rating, and the state of the signal.

use core::time::Duration;

use crate::Deadline;
use crate::context::Given;
use crate::output::{Because, Outcome, Reason};
use crate::rating::Rating;
use crate::rules;
use crate::time::Moment;

/// A clock that runs and stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Counter {
    counted: Duration,
    running_since: Option<Moment>,
}

/// The signal, as the hold takes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SignalState {
    /// It is there, or has been gone for less than 2 s.
    Well,
    /// It was lost at this moment: it has to be back, with a fresh rating, within 10 s.
    Lost(Moment),
    /// It is back, with a fresh rating: three, two, one.
    Back { next: Moment, n: u8 },
}

/// How far the asking for a fresh rating has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Overdue {
    No,
    AskedByClicker,
    AskedByVoice,
}

impl SignalState {
    /// The signal is lost: of one that has not been well since it was lost before, the first time counts.
    pub(super) fn lost(self, now: Moment) -> Self {
        match self {
            Self::Well | Self::Back { .. } => Self::Lost(now),
            Self::Lost(first) => Self::Lost(first),
        }
    }

    /// Up to when it has to be back.
    pub(super) fn lost_due(self) -> Option<Deadline> {
        match self {
            Self::Lost(at) => Some(Deadline { at: at + rules::LOST, reason: Reason::LostTooLong }),
            Self::Well | Self::Back { .. } => None,
        }
    }

    /// When the next second is counted.
    pub(super) fn back_due(self) -> Option<Deadline> {
        match self {
            Self::Back { next, .. } => Some(Deadline { at: next, reason: Reason::Step }),
            Self::Well | Self::Lost(_) => None,
        }
    }
}

impl Counter {
    /// What it has counted by `now`.
    pub(super) fn at(self, now: Moment) -> Duration {
        self.counted + self.running_since.map_or(Duration::ZERO, |since| now.since(since))
    }

    pub(super) fn is_running(self) -> bool {
        self.running_since.is_some()
    }

    /// Lets it run or stand from `now` on.
    pub(super) fn run(&mut self, now: Moment, on: bool) {
        self.counted = self.at(now);
        self.running_since = on.then_some(now);
    }

    /// When it will have counted `target`, while it runs and has not.
    pub(super) fn due(self, target: Duration) -> Option<Deadline> {
        let since = self.running_since?;
        let at = since + target.checked_sub(self.counted)?;
        Some(Deadline { at, reason: Reason::Minimum })
    }
}

/// The peak (for a fall) and the low (for a rise) of the ratings of a hold at or below its ceiling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Extremes {
    peak: Option<Rating>,
    low: Option<Rating>,
    /// The peak counts only ratings given since here: the last "ease off".
    since: Moment,
}

impl Extremes {
    /// `given` stood until `now`: it counts toward the extremes where it stood long enough.
    pub(super) fn stood(&mut self, given: Given, now: Moment, ceiling: Rating) {
        if given.rating > ceiling {
            return;
        }
        if now.since(given.at.max(self.since)) >= rules::PEAK_STOOD {
            self.peak = self.peak.max(Some(given.rating));
        }
        if now.since(given.at) >= rules::LOW_STOOD {
            self.low = Some(self.low.map_or(given.rating, |low| low.min(given.rating)));
        }
    }

    /// Whether `rating` is a fall of 2 or more from the peak.
    pub(super) fn is_fall(self, rating: Rating) -> bool {
        self.peak.is_some_and(|peak| rating.below(peak) >= rules::CHANGE)
    }

    /// Whether `rating` is a rise of 2 or more over the low.
    pub(super) fn is_rise(self, rating: Rating) -> bool {
        self.low.is_some_and(|low| low.below(rating) >= rules::CHANGE)
    }

    /// "Ease off" was said: what stood before is no measure of what comes now.
    pub(super) fn eased(&mut self, now: Moment) {
        self.peak = None;
        self.since = now;
    }
}

/// What a hold is that ended by this, its minimum counted or not.
pub(super) const fn outcome(because: Because, is_counted: bool) -> Outcome {
    let as_it_should =
        matches!(because, Because::LetGo | Because::Fell | Because::HardlyHurt | Because::Maximum);
    if matches!(because, Because::Sharp) {
        Outcome::Void
    } else if as_it_should && is_counted {
        Outcome::Done
    } else {
        Outcome::Cut
    }
}

/// In seconds, begun ones counted.
pub(super) fn whole_seconds(left: Duration) -> u32 {
    u32::try_from(left.as_millis().div_ceil(1_000)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: u64) -> Moment {
        Moment::from_millis(ms)
    }

    #[test]
    fn a_counter_that_stands_does_not_count() {
        let mut counter = Counter::default();
        counter.run(at(1_000), true);
        counter.run(at(4_000), false);
        counter.run(at(9_000), true);
        assert_eq!(counter.at(at(10_000)), Duration::from_secs(4));
        let due = Deadline { at: at(36_000), reason: Reason::Minimum };
        assert_eq!(counter.due(Duration::from_secs(30)), Some(due));
    }

    #[test]
    fn a_rating_has_to_stand_to_be_the_peak() {
        let given = Given { rating: Rating::CEILING, at: at(0) };
        let three = Rating::new(3).unwrap();
        let mut brief = Extremes::default();
        brief.stood(given, at(1_999), Rating::CEILING);
        assert!(!brief.is_fall(three));
        let mut long = Extremes::default();
        long.stood(given, at(2_000), Rating::CEILING);
        assert!(long.is_fall(three));
    }
}
