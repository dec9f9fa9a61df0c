//! The time of a session, made of the readings of two clocks and of nothing else.
//!
//! **Monotonic** time is what holds are judged by, scaled by a [`Pace`] in practice; it becomes the [`Moment`]s of a session.
//! It stands still while the machine is suspended, so both clocks are read on every turn of the loop and compared by
//! [`Timeline::turn`]: what the wall clock is ahead is a gap, and time of the session. Nothing here reads a clock.

use std::time::Duration;

use coach::Moment;
use jiff::Timestamp;

/// Two clocks further apart than this since the last turn, or a turn later than this: nobody was there in between.
const GAP: Duration = Duration::from_secs(1);

/// As fine as the moments of a session are.
const INSTANT: Duration = Duration::from_millis(1);

/// Both clocks, read together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// Monotonic time since the clock was made.
    pub monotonic: Duration,
    /// Wall time.
    pub wall: Timestamp,
}

/// When a session goes on that began at this wall time and was interrupted at `last`: on its own clock it is as late now as
/// on the wall, and never earlier than it was.
#[must_use]
pub fn again_at(began: Option<Timestamp>, wall: Timestamp, last: Moment) -> Moment {
    let since = began.and_then(|began| Duration::try_from(wall.duration_since(began)).ok());
    last.max(Moment::START + since.unwrap_or_default())
}

/// How many seconds of a session pass in one second of the clock. Always above 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pace(f64);

impl Pace {
    /// As on the clock.
    pub const REAL: Self = Self(1.0);
    /// Beyond this the loop could not keep up with the clicker's four beats a second.
    pub const MOST: f64 = 100.0;

    /// A pace above 0 and at most [`Pace::MOST`].
    #[must_use]
    pub fn new(factor: f64) -> Option<Self> {
        (factor > 0.0 && factor <= Self::MOST).then_some(Self(factor))
    }

    /// So many seconds of a session pass in one of the clock.
    #[must_use]
    pub const fn factor(self) -> f64 {
        self.0
    }

    /// So much of the session passes in `real` time.
    #[must_use]
    pub fn passes_in(self, real: Duration) -> Duration {
        real.mul_f64(self.0)
    }

    /// So much real time is needed for `session` time.
    #[must_use]
    pub fn takes(self, session: Duration) -> Duration {
        session.div_f64(self.0)
    }
}

/// One turn of the loop, in the session's own time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turn {
    /// Now.
    pub now: Moment,
    /// Nobody was there for this long until now: the machine was suspended, or the loop stalled.
    pub gap: Option<Duration>,
}

/// The session's time, made of readings and of nothing else.
///
/// It goes with the clock that went further: monotonic time stands while the machine is suspended, and the wall clock then
/// runs ahead of it. A wall clock that is set forward cannot be told from that, and is taken for it; one that is set back is
/// no standstill.
#[derive(Debug)]
pub struct Timeline {
    pace: Pace,
    origin: Moment,
    began: Reading,
    last: Reading,
    /// For how long the machine was suspended since it began, of the clock.
    suspended: Duration,
    /// The moment of the last turn. What was seen until then was seen.
    reached: Moment,
}

impl Timeline {
    /// A time that is `origin` at this reading: [`Moment::START`] for a new session, later for one taken up again.
    #[must_use]
    pub fn new(pace: Pace, origin: Moment, began: Reading) -> Self {
        Self { pace, origin, began, last: began, suspended: Duration::ZERO, reached: origin }
    }

    /// Takes a reading at the beginning of a turn. `due` is what the loop was waiting for.
    pub fn turn(&mut self, reading: Reading, due: Moment) -> Turn {
        let ran = reading.monotonic.saturating_sub(self.last.monotonic);
        let told = Duration::try_from(reading.wall.duration_since(self.last.wall)).unwrap_or_default();
        let apart = Some(told.saturating_sub(ran)).filter(|apart| *apart > GAP);
        self.last = reading;
        self.suspended = self.suspended.saturating_add(apart.unwrap_or_default());
        let now = self.at(reading.monotonic);
        // Nobody can have been missing before the last turn.
        let since = now.since(self.reached);
        let late = now.since(due).min(since);
        self.reached = now;
        let is_gap = apart.is_some() || self.pace.takes(late) >= GAP;
        // What was due was not done in time: the gap began before it.
        let missed = if late.is_zero() { late } else { late + INSTANT };
        let gap = missed.max(self.pace.passes_in(apart.unwrap_or_default())).min(since);
        Turn { now, gap: is_gap.then_some(gap) }
    }

    /// What this monotonic time is in the session, as far as no suspension has been found since the last turn.
    #[must_use]
    pub fn at(&self, monotonic: Duration) -> Moment {
        let ran = monotonic.saturating_sub(self.began.monotonic);
        self.origin + self.pace.passes_in(ran.saturating_add(self.suspended))
    }

    /// How fast the session's time runs.
    #[must_use]
    pub const fn pace(&self) -> Pace {
        self.pace
    }

    /// How long to wait, on the clock, until this moment of the session.
    #[must_use]
    pub fn until(&self, now: Moment, due: Moment) -> Duration {
        self.pace.takes(due.since(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(monotonic_ms: u64, wall_ms: i64) -> Reading {
        Reading {
            monotonic: Duration::from_millis(monotonic_ms),
            wall: Timestamp::from_millisecond(1_700_000_000_000 + wall_ms).unwrap(),
        }
    }

    fn timeline() -> Timeline {
        Timeline::new(Pace::REAL, Moment::START, reading(0, 0))
    }

    #[test]
    fn a_turn_in_time_is_no_gap() {
        let turn = timeline().turn(reading(999, 1_000), Moment::from_millis(500));
        assert_eq!(turn, Turn { now: Moment::from_millis(999), gap: None });
    }

    #[test]
    fn suspend_is_seen_by_the_wall_clock_alone_and_is_time_of_the_session() {
        let turn = timeline().turn(reading(10, 60_010), Moment::from_millis(500));
        assert_eq!(turn, Turn { now: Moment::from_millis(60_010), gap: Some(Duration::from_mins(1)) });
    }

    #[test]
    fn a_wall_clock_set_back_is_no_standstill() {
        let mut timeline = timeline();
        let turn = timeline.turn(reading(10, -5_000), Moment::from_millis(500));
        assert_eq!(turn, Turn { now: Moment::from_millis(10), gap: None });
        let turn = timeline.turn(reading(400, -4_610), Moment::from_millis(500));
        assert_eq!(turn, Turn { now: Moment::from_millis(400), gap: None });
    }

    /// A gap that reached back before what had been seen took that away again.
    #[test]
    fn a_gap_begins_at_the_last_turn_at_the_earliest() {
        let mut timeline = timeline();
        timeline.turn(reading(38_000, 38_000), Moment::from_millis(38_000));
        let turn = timeline.turn(reading(38_400, 98_400), Moment::from_millis(12));
        assert_eq!(turn, Turn { now: Moment::from_millis(98_400), gap: Some(Duration::from_millis(60_400)) });
    }

    #[test]
    fn a_gap_is_in_the_time_of_the_session() {
        let mut fast = Timeline::new(Pace::new(10.0).unwrap(), Moment::START, reading(0, 0));
        let suspended = fast.turn(reading(100, 6_100), Moment::from_millis(2_000));
        assert_eq!(suspended, Turn { now: Moment::from_millis(61_000), gap: Some(Duration::from_secs(60)) });
        let stalled = fast.turn(reading(3_100, 9_100), Moment::from_millis(71_000));
        assert_eq!(
            stalled,
            Turn { now: Moment::from_millis(91_000), gap: Some(Duration::from_secs(20) + INSTANT) }
        );
    }

    #[test]
    fn a_session_is_taken_up_again_as_late_as_it_is_on_the_wall_and_never_earlier_than_it_was() {
        let (began, last) = (reading(0, 0).wall, Moment::from_millis(5_000));
        for (wall, now) in [(93_600_000, 93_600_000), (5_001, 5_001), (4_000, 5_000), (-60_000, 5_000)] {
            assert_eq!(again_at(Some(began), reading(0, wall).wall, last), Moment::from_millis(now));
        }
        assert_eq!(again_at(None, began, last), last);
    }

    #[test]
    fn a_loop_late_by_a_second_is_a_gap() {
        let due = Moment::from_millis(500);
        assert_eq!(timeline().turn(reading(1_499, 1_499), due).gap, None);
        assert_eq!(
            timeline().turn(reading(1_500, 1_500), due).gap,
            Some(GAP + INSTANT),
            "what was due was missed"
        );
    }

    #[test]
    fn each_turn_is_held_against_the_one_before() {
        let mut timeline = timeline();
        assert!(timeline.turn(reading(10, 60_010), Moment::from_millis(500)).gap.is_some());
        assert_eq!(timeline.turn(reading(20, 60_020), Moment::from_millis(500)).gap, None);
    }

    #[test]
    fn lateness_is_judged_on_the_clock_whatever_the_pace() {
        let mut fast = Timeline::new(Pace::new(50.0).unwrap(), Moment::from_millis(1_000), reading(0, 0));
        let turn = fast.turn(reading(100, 100), Moment::from_millis(2_000));
        assert_eq!(turn, Turn { now: Moment::from_millis(6_000), gap: None });
        assert_eq!(fast.until(turn.now, Moment::from_millis(11_000)), Duration::from_millis(100));
    }
}
