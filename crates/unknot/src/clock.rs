//! The only place where a clock is read.
//!
//! Three kinds of time meet here. **Monotonic** time is what holds are judged by, scaled by a [`Pace`] in practice;
//! it becomes the [`Moment`]s of a session. **Wall** time stands in headers and beside gaps and steers no hold.
//! Monotonic time stands still while the machine is suspended, so both are read on every turn of the loop and held
//! against each other by [`Timeline::turn`].

use std::time::{Duration, Instant};

use coach::Moment;
use jiff::Timestamp;
use uuid::{NoContext, Uuid};

/// Two clocks further apart than this since the last turn, or a turn later than this: nobody was there in between.
const GAP: Duration = Duration::from_secs(1);

/// Both clocks, read together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// Monotonic time since the clock was made.
    pub monotonic: Duration,
    /// Wall time.
    pub wall: Timestamp,
}

/// What tells the time. The loop takes it as a parameter, so that a test can stop it, bend it and suspend it.
pub trait Clock {
    /// Reads both clocks.
    fn read(&mut self) -> Reading;
}

impl<C: Clock> Clock for &mut C {
    fn read(&mut self) -> Reading {
        (**self).read()
    }
}

/// The clock of the machine.
#[derive(Debug)]
pub struct SystemClock {
    began: Instant,
}

impl SystemClock {
    /// A clock whose monotonic time begins now.
    #[must_use]
    pub fn start() -> Self {
        Self { began: Instant::now() }
    }
}

impl Clock for SystemClock {
    fn read(&mut self) -> Reading {
        Reading { monotonic: self.began.elapsed(), wall: Timestamp::now() }
    }
}

/// The time of a paused runtime, as a clock: for tests, which wait for nothing.
#[cfg(test)]
pub(crate) struct PausedClock(tokio::time::Instant);

#[cfg(test)]
impl PausedClock {
    /// A clock whose monotonic time begins now. To be called within the runtime.
    pub(crate) fn start() -> Self {
        Self(tokio::time::Instant::now())
    }
}

#[cfg(test)]
impl Clock for PausedClock {
    fn read(&mut self) -> Reading {
        let monotonic = self.0.elapsed();
        Reading { monotonic, wall: Timestamp::UNIX_EPOCH + monotonic }
    }
}

/// So long from now, for what is waited for outside of a session: on the timers' own clock, which tests may stop.
pub(crate) fn from_now(span: Duration) -> tokio::time::Instant {
    tokio::time::Instant::now() + span
}

/// A fresh id: sorted by time where it names a session, with enough chance in it to seed one.
#[must_use]
pub fn fresh_id() -> Uuid {
    id_at(Timestamp::now())
}

/// A fresh id of this moment. Ids begin in 1970: by a clock that stands before that they are of its first second.
fn id_at(wall: Timestamp) -> Uuid {
    let wall = wall.max(Timestamp::UNIX_EPOCH);
    let (seconds, nanoseconds) = (wall.as_second().unsigned_abs(), wall.subsec_nanosecond().unsigned_abs());
    Uuid::new_v7(uuid::Timestamp::from_unix(NoContext, seconds, nanoseconds))
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
    /// Nobody was there for this long: the machine was suspended, or the loop stalled.
    pub gap: Option<Duration>,
}

/// The session's time, made of readings.
#[derive(Debug)]
pub struct Timeline {
    pace: Pace,
    origin: Moment,
    began: Reading,
    last: Reading,
}

impl Timeline {
    /// A time that is `origin` at this reading: [`Moment::START`] for a new session, later for one taken up again.
    #[must_use]
    pub fn new(pace: Pace, origin: Moment, began: Reading) -> Self {
        Self { pace, origin, began, last: began }
    }

    /// Takes a reading at the beginning of a turn. `due` is what the loop was waiting for.
    pub fn turn(&mut self, reading: Reading, due: Moment) -> Turn {
        let now = self.origin + self.pace.passes_in(reading.monotonic.saturating_sub(self.began.monotonic));
        let counted = reading.monotonic.saturating_sub(self.last.monotonic);
        let told = reading.wall.duration_since(self.last.wall);
        let apart = told - jiff::SignedDuration::try_from(counted).unwrap_or(jiff::SignedDuration::MAX);
        let late = self.pace.takes(now.since(due));
        self.last = reading;
        let gap = if apart.unsigned_abs() > GAP {
            Some(apart.unsigned_abs().max(late))
        } else {
            (late >= GAP).then_some(late)
        };
        Turn { now, gap }
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
    fn a_clock_before_1970_gives_ids_all_the_same() {
        for wall in ["1901-12-13T20:45:52Z", "1969-12-31T23:59:59.5Z", "1970-01-01T00:00:00Z"] {
            let wall: Timestamp = wall.parse().unwrap();
            let (one, other) = (id_at(wall), id_at(wall));
            assert_ne!(one, other, "{wall}");
            assert!(one < id_at("2026-11-22T18:00:00Z".parse().unwrap()), "{wall}: sorted by time");
        }
    }

    #[test]
    fn a_turn_in_time_is_no_gap() {
        let turn = timeline().turn(reading(999, 1_000), Moment::from_millis(500));
        assert_eq!(turn, Turn { now: Moment::from_millis(999), gap: None });
    }

    #[test]
    fn suspend_is_seen_by_the_wall_clock_alone() {
        let turn = timeline().turn(reading(10, 60_010), Moment::from_millis(500));
        assert_eq!(turn, Turn { now: Moment::from_millis(10), gap: Some(Duration::from_mins(1)) });
    }

    #[test]
    fn a_wall_clock_set_back_is_a_gap_too() {
        let turn = timeline().turn(reading(10, -5_000), Moment::from_millis(500));
        assert_eq!(turn.gap, Some(Duration::from_millis(5_010)));
    }

    #[test]
    fn a_loop_late_by_a_second_is_a_gap() {
        let due = Moment::from_millis(500);
        assert_eq!(timeline().turn(reading(1_499, 1_499), due).gap, None);
        assert_eq!(timeline().turn(reading(1_500, 1_500), due).gap, Some(GAP));
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
