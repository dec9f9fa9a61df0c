//! The only place where a clock is read.
//!
//! Three kinds of time meet here. **Monotonic** time is what holds are judged by, scaled by a [`Pace`] in practice;
//! it becomes the [`Moment`](coach::Moment)s of a session by [`Timeline`]. **Wall** time stands in headers and beside gaps
//! and steers no hold.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use uuid::{NoContext, Uuid};

pub use session::timeline::{Pace, Reading, Timeline, again_at};

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
pub(crate) struct PausedClock {
    began: tokio::time::Instant,
    /// By how much the wall clock is ahead: the machine was suspended, or the clock was set.
    pub(crate) ahead: std::rc::Rc<std::cell::Cell<Duration>>,
}

#[cfg(test)]
impl PausedClock {
    /// A clock whose monotonic time begins now. To be called within the runtime.
    pub(crate) fn start() -> Self {
        Self { began: tokio::time::Instant::now(), ahead: std::rc::Rc::default() }
    }
}

#[cfg(test)]
impl Clock for PausedClock {
    fn read(&mut self) -> Reading {
        let monotonic = self.began.elapsed();
        Reading { monotonic, wall: Timestamp::UNIX_EPOCH + monotonic + self.ahead.get() }
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

#[cfg(test)]
mod tests {
    use coach::Moment;

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

    /// However often the machine is suspended, and however its clock is set back, each standstill is one gap.
    #[test]
    fn one_standstill_is_one_gap() {
        for seed in 0..1_000_u64 {
            let mut rng = sim::rng::SeededRng::new(seed, sim::rng::RngStream::Machines);
            let mut timeline = timeline();
            let (mut ran, mut wall, mut slept) = (0_u64, 0_i64, Vec::new());
            let mut gaps = Vec::new();
            for _ in 0..60 {
                let due = timeline.at(Duration::from_millis(ran)) + Duration::from_millis(500);
                let turn = u64::from(rng.between(1, 500));
                ran += turn;
                wall += i64::try_from(turn).unwrap();
                match rng.between(0, 9) {
                    0 => {
                        let lasts = u64::from(rng.between(1_001, 90_000));
                        wall += i64::try_from(lasts).unwrap();
                        slept.push(lasts);
                    }
                    1 => wall -= i64::from(rng.between(1, 90_000)),
                    _ => {}
                }
                let turn = timeline.turn(reading(ran, wall), due);
                gaps.extend(turn.gap.map(|gap| u64::try_from(gap.as_millis()).unwrap()));
                let all: u64 = slept.iter().sum();
                assert_eq!(turn.now.as_millis(), ran + all, "seed {seed}");
            }
            // A millisecond more where what was due was missed.
            let fits = |(gap, slept): (&u64, &u64)| gap.abs_diff(*slept) <= 1;
            assert_eq!(gaps.len(), slept.len(), "seed {seed}");
            assert!(gaps.iter().zip(&slept).all(fits), "seed {seed}: {gaps:?}, {slept:?}");
        }
    }
}
