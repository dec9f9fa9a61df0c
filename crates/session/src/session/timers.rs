//! Timers of a session, in the order in which they fall due.

use core::time::Duration;

use coach::Moment;
use transcript::Kind;
use wire::Cue;

use super::{Life, Session};
use crate::output::{Deadline, Output, Timer};
use crate::translate;

/// Twice a second, so that the clicker's 2.5 s without a pulse are four lost ones in a row (product: not heard).
pub(super) const PULSE: Duration = Duration::from_millis(500);

/// When the session is over, events that the clicker has but the laptop has not are waited for this long: five
/// repetitions of 400 ms. What comes later stays on the clicker.
const LAST_EVENTS: Duration = Duration::from_secs(2);

impl Session {
    /// When to call [`Session::handle_timeout`] next.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Deadline> {
        let on_air = |at: Option<Moment>| at.filter(|_| self.on_air());
        let coach =
            self.coach.poll_timeout().map(|due| Deadline { at: due.at, timer: Timer::Coach(due.reason) });
        let others = [
            (self.freshness.deadline(), Timer::Silence),
            (on_air(self.handshake.deadline()), Timer::Welcome),
            (on_air(self.mode_sync.deadline()), Timer::Show),
            (on_air(self.pulse), Timer::Pulse),
            (self.write_queue.deadline(), Timer::Retry),
            (self.bye_at(), Timer::Bye),
        ];
        let others = others.into_iter().filter_map(|(at, timer)| at.map(|at| Deadline { at, timer }));
        coach.into_iter().chain(others).min_by_key(|deadline| deadline.at)
    }

    /// Runs the coach's timers and the link's silence in the order in which they fall due, whatever the driver's
    /// delay, then whatever else is due. With equal moments the coach's timers run first: so they do in a replay.
    pub(super) fn run(&mut self, now: Moment) {
        loop {
            let silence = self.freshness.deadline().filter(|at| *at <= now);
            let until = silence.unwrap_or(now);
            if self.coach.poll_timeout().is_some_and(|due| due.at <= until) {
                self.coach.handle_timeout(until);
                self.drain();
                self.watch(until);
            }
            let Some(at) = silence else { break };
            let link = self.freshness.silent();
            self.feed_link(at, link);
        }
        if self.on_air() && self.handshake.deadline().is_some_and(|at| at <= now) {
            self.welcome(now);
        }
        if self.on_air() && self.mode_sync.deadline().is_some_and(|at| at <= now) {
            let cue = self.mode_sync.cue(now);
            self.steer(cue);
        }
        if let Some(due) = self.pulse.filter(|at| *at <= now) {
            // A missed pulse is not sent later: the clicker needs only the latest.
            self.pulse = Some(if due + PULSE > now { due + PULSE } else { now + PULSE });
            let dial = self.freshness.dial().and_then(translate::dial);
            self.steer(Some(Cue::Pulse { show: self.mode_sync.number(), dial }));
        }
        if let Some((batch, entries)) = self.write_queue.retry(now) {
            self.outputs.push_back(Output::Store { batch, entries });
        }
    }

    /// Runs at the end of every call of the driver, so that its entries go to the disk in one batch.
    pub(super) fn settle(&mut self, now: Moment) {
        if let Some((batch, entries)) = self.write_queue.write() {
            self.outputs.push_back(Output::Store { batch, entries });
        }
        if self.bye_at().is_some_and(|at| at <= now) {
            self.life = Life::Ended;
            self.bye();
            self.pulse = None;
            self.outputs.push_back(Output::Finished);
        }
    }

    /// When the Bye is due: not before everything is on the disk.
    fn bye_at(&self) -> Option<Moment> {
        match self.life {
            Life::Ending { since } if self.write_queue.unstored() == 0 => {
                Some(if self.events_pending { since + LAST_EVENTS } else { since })
            }
            Life::Ending { .. } | Life::Running | Life::Ended => None,
        }
    }

    /// The gap makes the coach treat the link as unknown. Its timers that were due when the gap began run first.
    pub(super) fn gap(&mut self, now: Moment, stood: Duration) {
        let ms = u64::try_from(stood.as_millis()).unwrap_or(u64::MAX);
        self.coach.handle_timeout(now - Duration::from_millis(ms));
        self.drain();
        self.lateness.gap(now);
        self.freshness.lose();
        self.feed(now, Kind::Gap { ms });
    }
}
