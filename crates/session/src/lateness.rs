//! How late an event is: a pure judge of arrival against the clicker's own clock.
//!
//! For each boot of the clicker the offset is the least (arrival - uptime) over the beats and events of the last 60 s:
//! the fastest frame gives the best estimate of the difference between the clocks. An event is late if it arrived more
//! than 1 s beyond that offset, or was made before the connection that brought it.
//!
//! A beat is made when it is sent, an event may have been kept for minutes. So only a beat opens the reckoning of a
//! boot: until one has been heard every event is late, which at worst makes the coach gentler.

use core::time::Duration;
use std::collections::VecDeque;

use coach::Moment;

/// Samples older than this are forgotten: clocks drift, and a slow minute must not be held against the next.
const WINDOW: Duration = Duration::from_secs(60);

/// Beyond this an event is late (promise 9).
const LATE: Duration = Duration::from_secs(1);

/// After a gap the first frames have waited in the laptop's own queues for an unknown time. A clicker in a session
/// beats at least twice a second, so after this much a fresh beat has come through.
const QUEUES_EMPTY: Duration = Duration::from_secs(1);

/// The judge.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lateness {
    boots: Vec<Boot>,
    /// Events made before this are late.
    known_since: Moment,
    /// Frames that arrive before this are late, beats included.
    trusted_from: Moment,
}

/// Verdict on an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Judged {
    /// Whether it is late.
    pub(crate) late: bool,
    /// When it was made, as near as is known and never after its arrival.
    pub(crate) made: Moment,
}

/// The samples of one boot. Of two samples the later one with the smaller value makes the earlier one useless, so
/// values rise from front to back and the front is the least.
#[derive(Debug, Clone)]
struct Boot {
    boot: u16,
    samples: VecDeque<(Moment, i64)>,
}

impl Lateness {
    /// The clicker has opened the session: events it kept from before are late.
    pub(crate) fn connected(&mut self, now: Moment) {
        self.known_since = now;
    }

    /// The laptop was suspended, and its clock may have stopped too: every offset is discarded.
    pub(crate) fn gap(&mut self, now: Moment) {
        self.boots.clear();
        self.known_since = now;
        self.trusted_from = now + QUEUES_EMPTY;
    }

    /// A beat arrived. Returns whether it is in time.
    pub(crate) fn beat(&mut self, now: Moment, boot: u16, uptime: u32) -> bool {
        if now < self.trusted_from {
            return false;
        }
        self.forget(now);
        let sample = offset(now, uptime);
        let known = match self.boots.iter_mut().find(|known| known.boot == boot) {
            Some(known) => known,
            None => {
                self.boots.push(Boot { boot, samples: VecDeque::new() });
                // Just pushed, so there is a last one; a boot without a beat is never stored.
                let Some(known) = self.boots.last_mut() else { return false };
                known
            }
        };
        known.add(now, sample);
        known.least().is_some_and(|least| sample - least <= millis(LATE))
    }

    /// An event or an alarm arrived.
    pub(crate) fn event(&mut self, now: Moment, boot: u16, uptime: u32) -> Judged {
        self.forget(now);
        let Some(known) = self.boots.iter_mut().find(|known| known.boot == boot) else {
            return Judged { late: true, made: self.known_since.min(now) };
        };
        let sample = offset(now, uptime);
        known.add(now, sample);
        let least = known.least().unwrap_or(sample);
        // Below 0 where it was made before the session began.
        let made = i64::from(uptime) + least;
        let before = made < i64::try_from(self.known_since.as_millis()).unwrap_or(i64::MAX);
        let made = Moment::from_millis(u64::try_from(made).unwrap_or(0));
        Judged { late: sample - least > millis(LATE) || before, made }
    }

    fn forget(&mut self, now: Moment) {
        for boot in &mut self.boots {
            while boot.samples.front().is_some_and(|(at, _)| now.since(*at) > WINDOW) {
                boot.samples.pop_front();
            }
        }
        self.boots.retain(|boot| !boot.samples.is_empty());
    }
}

impl Boot {
    fn add(&mut self, now: Moment, sample: i64) {
        while self.samples.back().is_some_and(|(_, other)| *other >= sample) {
            self.samples.pop_back();
        }
        self.samples.push_back((now, sample));
    }

    fn least(&self) -> Option<i64> {
        self.samples.front().map(|(_, sample)| *sample)
    }
}

/// Arrival less uptime. It is negative where the clicker has been up for longer than the session.
fn offset(now: Moment, uptime: u32) -> i64 {
    i64::try_from(now.as_millis()).unwrap_or(i64::MAX) - i64::from(uptime)
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn at(ms: u64) -> Moment {
        Moment::from_millis(ms)
    }

    /// Connected at 10 s; the clicker's clock is 7 s behind; one beat took 20 ms.
    fn settled() -> Lateness {
        let mut lateness = Lateness::default();
        lateness.connected(at(10_000));
        assert!(lateness.beat(at(10_520), 1, 3_500));
        lateness
    }

    #[rstest]
    #[case::at_once(4_000, 11_020, false)]
    #[case::a_second_on_the_way(4_000, 12_020, false)]
    #[case::a_millisecond_more(4_000, 12_021, true)]
    #[case::made_as_the_link_came(2_980, 10_900, false)]
    #[case::made_before_the_link(2_979, 10_900, true)]
    fn an_event_is_late_beyond_a_second(#[case] uptime: u32, #[case] arrival: u64, #[case] late: bool) {
        assert_eq!(settled().event(at(arrival), 1, uptime).late, late);
    }

    #[test]
    fn the_moment_it_was_made_is_told_on_the_laptops_clock() {
        assert_eq!(settled().event(at(13_000), 1, 4_000).made, at(11_020));
    }

    #[test]
    fn what_was_made_just_before_the_session_began_is_late() {
        let mut lateness = Lateness::default();
        lateness.connected(Moment::START);
        assert!(lateness.beat(Moment::START, 1, 5_000));
        assert_eq!(lateness.event(at(10), 1, 4_999), Judged { late: true, made: Moment::START });
        assert!(!lateness.event(at(10), 1, 5_000).late);
    }

    #[test]
    fn a_faster_event_moves_the_offset() {
        let mut lateness = settled();
        assert_eq!(lateness.event(at(11_000), 1, 4_000), Judged { late: false, made: at(11_000) });
        assert!(lateness.event(at(12_001), 1, 4_000).late, "now 1001 ms beyond the least");
    }

    #[test]
    fn a_kept_event_does_not_open_the_reckoning() {
        let mut lateness = Lateness::default();
        lateness.connected(at(10_000));
        assert!(lateness.event(at(10_100), 1, 50).late);
        assert!(lateness.event(at(10_101), 1, 100).late, "the first one has taught nothing");
    }

    #[test]
    fn an_earlier_boot_of_which_nothing_is_known_is_late() {
        assert_eq!(settled().event(at(11_000), 0, 99), Judged { late: true, made: at(10_000) });
    }

    #[test]
    fn after_a_minute_a_slow_air_is_the_new_measure() {
        let mut lateness = settled();
        assert!(!lateness.beat(at(12_520), 1, 4_000), "1.5 s slower than the least");
        for second in 1..=60 {
            lateness.beat(at(12_520 + second * 1_000), 1, 4_000 + u32::try_from(second).unwrap() * 1_000);
        }
        assert!(lateness.beat(at(73_020), 1, 64_500));
        assert!(!lateness.event(at(73_520), 1, 65_000).late);
    }

    #[test]
    fn a_reconnection_within_the_minute_keeps_the_offset() {
        let mut lateness = settled();
        lateness.connected(at(20_000));
        assert!(lateness.event(at(20_050), 1, 12_000).late, "made at 19.02 s, without a link");
        assert!(!lateness.event(at(20_100), 1, 13_050).late);
    }

    #[test]
    fn after_a_gap_nothing_is_believed_until_the_queues_are_empty() {
        let mut lateness = settled();
        lateness.gap(at(30_000));
        assert!(!lateness.beat(at(30_100), 1, 4_000), "it may have waited through the gap");
        assert!(lateness.event(at(30_200), 1, 23_100).late);
        assert!(lateness.beat(at(31_000), 1, 24_000));
        assert!(!lateness.event(at(31_100), 1, 24_100).late);
    }

    #[test]
    fn a_clicker_up_for_days_is_judged_alike() {
        let mut lateness = Lateness::default();
        lateness.connected(at(0));
        assert!(lateness.beat(at(500), 9, u32::MAX - 10_000));
        assert_eq!(lateness.event(at(1_500), 9, u32::MAX - 9_000), Judged { late: false, made: at(1_500) });
        assert!(lateness.event(at(3_000), 9, u32::MAX - 9_000).late);
    }
}
