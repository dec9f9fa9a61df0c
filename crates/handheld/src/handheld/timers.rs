//! Timers: everything that happens by time alone.

use wire::Tone;

use super::{Handheld, Hello, Link, Question};
use crate::sound::Sound;
use crate::time::Uptime;

/// The timers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Timer {
    /// A press becomes short, long, STOP or covered.
    Gesture,
    /// "More?" or the takeover question times out.
    Question,
    /// No pulse for 2.5 s.
    PulseTimeout,
    /// An alarm is not stored after 1 s.
    AlarmOverdue,
    /// The clicker begins to rest.
    Rest,
    /// "Not heard" is announced again.
    NotHeardRepeat,
    /// Feedback or the rating leaves the display.
    Display,
    /// The hello was not answered.
    HelloResend,
    /// An alarm is repeated.
    AlarmResend,
    /// A beat is due.
    Beat,
    /// No acknowledgement for 400 ms: resend from the oldest event.
    Retransmit,
    /// A store request is repeated.
    StoreRetry,
}

impl Timer {
    /// Timers due at the same time run in this order.
    pub(super) const ALL: [Self; 12] = [
        Self::Gesture,
        Self::Question,
        Self::PulseTimeout,
        Self::AlarmOverdue,
        Self::Rest,
        Self::NotHeardRepeat,
        Self::Display,
        Self::HelloResend,
        Self::AlarmResend,
        Self::Beat,
        Self::Retransmit,
        Self::StoreRetry,
    ];
}

impl Handheld {
    pub(super) fn deadline(&self, timer: Timer) -> Option<Uptime> {
        let in_session = self.session().is_some();
        // Without a free slot nothing could be sent; a slot that becomes free is an event of its own.
        let room = self.link.filter(|link| link.room > 0);
        let sending = room.filter(|link| self.is_owner(*link));
        match timer {
            Timer::Gesture => self.gestures.deadline(),
            Timer::Question => match self.question {
                Question::More { until } | Question::TakeOver { until, .. } => Some(until),
                Question::None | Question::MoreTouched => None,
            },
            Timer::PulseTimeout => self.liveness.pulse_deadline().filter(|_| in_session),
            Timer::AlarmOverdue => self.alarms.overdue_at(),
            // It has no action: resting follows from the time. The timer exists so that the display and the logo
            // sampling are updated.
            Timer::Rest => self.liveness.rests_at(self.now).filter(|_| in_session),
            Timer::NotHeardRepeat => self.liveness.announce_at().filter(|_| in_session && !self.is_resting()),
            Timer::Display => self.display_timer.deadline(),
            Timer::HelloResend => match room {
                Some(Link { hello: Hello::Sent { again }, .. }) => Some(again),
                Some(Link { hello: Hello::Due | Hello::Answered, .. }) | None => None,
            },
            Timer::AlarmResend => self.alarms.resend_at().filter(|_| sending.is_some()),
            Timer::Beat => sending.filter(|_| in_session).and_then(|link| link.beat_at),
            Timer::Retransmit => self.outbox.retransmit_at().filter(|_| sending.is_some()),
            Timer::StoreRetry => self.outbox.store_retry_at(),
        }
    }

    /// Runs a timer at its own time, which is `self.now`. A repeating announcement is rescheduled relative to `late`,
    /// the time up to which the clicker is catching up, so that it is not repeated for the time slept.
    pub(super) fn run(&mut self, timer: Timer, late: Uptime) {
        let at = self.now;
        match timer {
            Timer::Gesture => {
                if let Some(gesture) = self.gestures.expire(at) {
                    self.on_gesture(gesture);
                }
            }
            Timer::Question => {
                self.drop_question();
            }
            Timer::PulseTimeout => {
                self.liveness.expire_pulse();
                if self.session().is_some_and(|session| session.alone) {
                    self.play_tone(Tone::PressureOff);
                }
                self.update_liveness();
            }
            Timer::AlarmOverdue => {
                self.alarms.expire_overdue(at);
                self.update_liveness();
            }
            Timer::Rest => {}
            Timer::NotHeardRepeat => {
                self.play(Sound::NotHeard);
                self.liveness.announced(late);
            }
            Timer::Display => self.display_timer.expire(at),
            Timer::HelloResend => self.queue_hello(),
            Timer::AlarmResend => self.alarms.expire_resend(at),
            Timer::Beat => {
                if let Some(link) = &mut self.link {
                    link.beat_at = None;
                }
            }
            Timer::Retransmit => self.outbox.rewind(),
            Timer::StoreRetry => self.outbox.retry_store(at),
        }
    }

    pub(super) fn next_timer(&self) -> Option<(Uptime, Timer)> {
        let due = |timer: Timer| self.deadline(timer).map(|at| (at, timer));
        Timer::ALL.into_iter().filter_map(due).min_by_key(|(at, _)| *at)
    }
}
