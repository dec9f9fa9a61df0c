//! Everything that happens by time alone.

use wire::Tone;

use super::{Handheld, Hello, Link, Question};
use crate::sound::Sound;
use crate::time::Uptime;

/// What a clicker waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Timer {
    /// A press becomes short, long, a STOP or a cover.
    Gesture,
    /// "More?" and the question for the clicker stand no longer.
    Question,
    /// No pulse for 2.5 s.
    Silence,
    /// An alarm is not stored after 1 s.
    AlarmOverdue,
    /// It has been left alone for so long that it rests.
    Rest,
    /// "Not heard" is said again.
    SayAgain,
    /// Something lit goes out.
    Display,
    /// Nobody has answered the hello.
    HelloAgain,
    /// An alarm goes out again.
    AlarmAgain,
    /// A beat is due.
    Beat,
    /// No progress for 400 ms: again from the oldest.
    NoProgress,
    /// Storage is asked again.
    StoreAgain,
}

impl Timer {
    /// Those due at the same moment run in this order.
    pub(super) const ALL: [Self; 12] = [
        Self::Gesture,
        Self::Question,
        Self::Silence,
        Self::AlarmOverdue,
        Self::Rest,
        Self::SayAgain,
        Self::Display,
        Self::HelloAgain,
        Self::AlarmAgain,
        Self::Beat,
        Self::NoProgress,
        Self::StoreAgain,
    ];
}

impl Handheld {
    pub(super) fn deadline(&self, timer: Timer) -> Option<Uptime> {
        let in_session = self.session().is_some();
        // Without room in the stack nothing could be sent; that it has room again is an event of its own.
        let room = self.link.filter(|link| link.room > 0);
        let sending = room.filter(|link| self.is_owner(*link));
        match timer {
            Timer::Gesture => self.gestures.deadline(),
            Timer::Question => match self.question {
                Question::More { until } | Question::TakeOver { until, .. } => Some(until),
                Question::None | Question::MoreTouched => None,
            },
            Timer::Silence => self.hearing.silent_at().filter(|_| in_session),
            Timer::AlarmOverdue => self.alarms.overdue_at(),
            // Nothing is done for it: it is read off the time, and whoever draws and looks at the logo is to see it.
            Timer::Rest => self.hearing.rests_at(self.now).filter(|_| in_session),
            Timer::SayAgain => self.hearing.says_at().filter(|_| in_session && !self.is_resting()),
            Timer::Display => self.display.deadline(),
            Timer::HelloAgain => match room {
                Some(Link { hello: Hello::Said { again }, .. }) => Some(again),
                Some(Link { hello: Hello::Due | Hello::Answered, .. }) | None => None,
            },
            Timer::AlarmAgain => self.alarms.again_at().filter(|_| sending.is_some()),
            Timer::Beat => sending.filter(|_| in_session).and_then(|link| link.beat_at),
            Timer::NoProgress => self.outbox.no_progress_at().filter(|_| sending.is_some()),
            Timer::StoreAgain => self.outbox.store_again_at(),
        }
    }

    /// Runs a timer at its moment, which is `self.now`. Whatever repeats is next due after `late`, the moment up to
    /// which time is being caught up, so that nothing is said twice for having slept.
    pub(super) fn run(&mut self, timer: Timer, late: Uptime) {
        let at = self.now;
        match timer {
            Timer::Gesture => {
                if let Some(gesture) = self.gestures.expire(at) {
                    self.decided(gesture);
                }
            }
            Timer::Question => {
                self.drop_question();
            }
            Timer::Silence => {
                self.hearing.run_silent();
                if self.session().is_some_and(|session| session.alone) {
                    self.tell(Tone::PressureOff);
                }
                self.judge();
            }
            Timer::AlarmOverdue => {
                self.alarms.run_overdue(at);
                self.judge();
            }
            Timer::Rest => {}
            Timer::SayAgain => {
                self.play(Sound::NotHeard);
                self.hearing.said(late);
            }
            Timer::Display => self.display.expire(at),
            Timer::HelloAgain => self.say_hello(),
            Timer::AlarmAgain => self.alarms.run_again(at),
            Timer::Beat => {
                if let Some(link) = &mut self.link {
                    link.beat_at = None;
                }
            }
            Timer::NoProgress => self.outbox.rewind(),
            Timer::StoreAgain => self.outbox.store_again(at),
        }
    }

    pub(super) fn next_timer(&self) -> Option<(Uptime, Timer)> {
        let due = |timer: Timer| self.deadline(timer).map(|at| (at, timer));
        Timer::ALL.into_iter().filter_map(due).min_by_key(|(at, _)| *at)
    }
}
