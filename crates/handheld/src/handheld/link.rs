//! Messages to and from the laptop: ownership of the session, the mode in force, and the next report.

use core::time::Duration;

use wire::{Cue, Mode, Report, Tone, Version};

use super::{
    ActiveMode, BEAT_INTERVAL, BEAT_INTERVAL_PRESSING, FAST_HELLOS, HELLO_INTERVAL, Handheld, Hello, Link,
    Question, SLOW_HELLO_INTERVAL, STACK_SLOTS, TAKE_OVER_TIMEOUT,
};
use crate::display::Display;
use crate::event::{Bond, EventId, Owner, Session};
use crate::liveness::Liveness;
use crate::sound::Sound;

impl Handheld {
    pub(super) fn link_up(&mut self, bond: Bond) {
        self.link_down();
        let (hello, hellos_sent) = (Hello::Due, 0);
        self.link = Some(Link { bond, room: STACK_SLOTS, hello, hellos_sent, beat_at: None, declined: None });
        self.alarms.resend_all();
    }

    pub(super) fn link_down(&mut self) {
        self.link = None;
        self.outbox.rewind();
        if let Question::TakeOver { .. } = self.question {
            self.question = Question::None;
        }
    }

    pub(super) fn cue(&mut self, cue: Cue) {
        let Some(link) = self.link else { return };
        if let Cue::Welcome { session, version, alone } = cue {
            if session != 0 && Version::CURRENT.is_compatible_with(version) {
                self.welcome(link, Session { id: session, alone });
            }
            return;
        }
        let Some(owner) = self.owner.filter(|owner| owner.bond == link.bond) else { return };
        match cue {
            Cue::Welcome { .. } => {}
            Cue::Ack { boot, next } => self.acknowledge(EventId { boot, seq: next }),
            Cue::AlarmStored { boot, seq } => {
                self.alarms.stored(EventId { boot, seq });
                self.update_liveness();
            }
            Cue::Show { number, mode } => {
                if owner.session.is_some() {
                    self.show(ActiveMode { mode, number });
                }
            }
            Cue::Play { tone } => {
                if owner.session.is_some() {
                    self.play_tone(tone);
                }
            }
            // Only the arrival of a pulse matters here. The event stream brings the laptop's rating up to date.
            Cue::Pulse { .. } => {
                if owner.session.is_some() {
                    self.liveness.pulse(self.now);
                    self.update_liveness();
                }
            }
            Cue::Bye { session } => {
                if owner.session.is_some_and(|open| open.id == session) {
                    self.set_owner(Owner { session: None, ..owner });
                    self.cancel_more();
                    // The next session may be opened on this connection, so hellos start again as on a new one.
                    if let Some(link) = &mut self.link {
                        link.hello = Hello::Sent { again: self.now + HELLO_INTERVAL };
                        link.hellos_sent = 0;
                    }
                }
            }
        }
    }

    pub(super) fn welcome(&mut self, link: Link, session: Session) {
        let mine = self.owner.filter(|owner| owner.bond == link.bond);
        let free = self.outbox.len() == 0 && self.session().is_none();
        match mine {
            Some(Owner { session: Some(open), .. }) if open.id == session.id => {
                if open != session {
                    self.set_owner(Owner { bond: link.bond, session: Some(session) });
                }
                self.liveness.pulse(self.now);
                self.update_liveness();
                self.queue_hello();
            }
            Some(_) => self.open(link.bond, session),
            None if free => self.open(link.bond, session),
            None => self.ask_take_over(link, session),
        }
    }

    pub(super) fn open(&mut self, bond: Bond, session: Session) {
        self.set_owner(Owner { bond, session: Some(session) });
        self.dial = None;
        // The number stays, so that the laptop continues from it and none is mistaken for an earlier one.
        self.active.mode = Mode::Rate;
        self.liveness = Liveness::new(self.now);
        self.cancel_more();
        self.update_liveness();
        self.queue_hello();
        if let Some(link) = &mut self.link {
            link.beat_at = None;
        }
    }

    /// Every welcome is answered, so that the laptop can tell reports in its session from earlier ones.
    pub(super) fn queue_hello(&mut self) {
        if let Some(link) = &mut self.link {
            link.hello = Hello::Due;
        }
    }

    pub(super) fn ask_take_over(&mut self, link: Link, session: Session) {
        let asked = match self.question {
            Question::TakeOver { session: asked, .. } => asked.id == session.id,
            Question::None | Question::More { .. } | Question::MoreTouched => false,
        };
        if asked || link.declined == Some(session.id) {
            return;
        }
        self.question = Question::TakeOver { until: self.now + TAKE_OVER_TIMEOUT, session };
        self.play(Sound::Question);
    }

    /// The receiver agreed: the connected laptop becomes the owner, and the other's events are discarded.
    pub(super) fn take_over(&mut self, session: Session) {
        let Some(Link { bond, .. }) = self.link else { return };
        self.outbox.discard();
        self.alarms.clear();
        self.open(bond, session);
    }

    pub(super) fn set_owner(&mut self, owner: Owner) {
        self.owner = Some(owner);
        self.owner_to_keep = true;
    }

    pub(super) fn acknowledge(&mut self, before: EventId) {
        if before > self.outbox.next() {
            return;
        }
        let answers = before >= self.outbox.first() && self.session().is_some();
        if let Some(Link { hello: hello @ Hello::Sent { .. }, .. }) = &mut self.link
            && answers
        {
            *hello = Hello::Answered;
        }
        for mode in self.outbox.acknowledge(self.now, before) {
            self.play(Sound::Tick(mode));
        }
        self.alarms.stored_before(before);
        self.update_liveness();
    }

    pub(super) fn show(&mut self, active: ActiveMode) {
        if active == self.active {
            return;
        }
        if clears_dial(self.active.mode, active.mode) {
            self.dial = None;
        }
        self.active = active;
        self.cancel_more();
        let period = self.beat_period();
        if let Some(link) = &mut self.link {
            link.beat_at = link.beat_at.map(|at| at.min(self.now + period));
        }
    }

    pub(super) fn play_tone(&mut self, tone: Tone) {
        self.display_timer.show_feedback(self.now, Display::Tone(tone));
        self.play(tone.into());
    }

    /// The next report, if the stack has a free slot.
    pub(super) fn transmit(&mut self) -> Option<Report> {
        let mut link = self.link.filter(|link| link.room > 0)?;
        let report = self.report(&mut link)?;
        link.room -= 1;
        self.link = Some(link);
        Some(report)
    }

    pub(super) fn report(&mut self, link: &mut Link) -> Option<Report> {
        if link.hello == Hello::Due || (self.outbox.take_resync() && self.is_owner(*link)) {
            link.hellos_sent = link.hellos_sent.saturating_add(1);
            let seldom = self.session().is_none() && link.hellos_sent >= FAST_HELLOS;
            let pause = if seldom { SLOW_HELLO_INTERVAL } else { HELLO_INTERVAL };
            link.hello = Hello::Sent { again: self.now + pause };
            return Some(self.hello(*link));
        }
        if !self.is_owner(*link) {
            return None;
        }
        if let Some(alarm) = self.alarms.transmit(self.now) {
            return Some(alarm);
        }
        // A backlog must not delay the beat, or a busy link would look dead.
        if self.session().is_some() && link.beat_at.is_none() {
            link.beat_at = Some(self.now + self.beat_period());
            return Some(self.beat());
        }
        self.outbox.transmit(self.now)
    }

    pub(super) fn hello(&self, link: Link) -> Report {
        let next = self.outbox.next();
        let (first, session) = match self.owner.filter(|owner| owner.bond == link.bond) {
            Some(owner) => (self.outbox.first(), owner.session.map_or(0, |session| session.id)),
            None => (next, 0),
        };
        Report::Hello {
            boot: next.boot,
            first_boot: first.boot,
            first_seq: first.seq,
            version: Version::CURRENT,
            session,
        }
    }

    pub(super) fn beat(&self) -> Report {
        let next = self.outbox.next();
        Report::Beat {
            boot: next.boot,
            uptime: self.now.to_wire(),
            dial: self.dial,
            next: next.seq,
            show: self.active.number,
            alarm: self.alarms.is_pending(),
        }
    }

    pub(super) const fn beat_period(&self) -> Duration {
        match self.active.mode {
            Mode::Settle | Mode::Hold | Mode::Release => BEAT_INTERVAL_PRESSING,
            Mode::Rate | Mode::Ask | Mode::Locate | Mode::Next | Mode::AfterSharp | Mode::Sides => {
                BEAT_INTERVAL
            }
        }
    }

    pub(super) fn is_owner(&self, link: Link) -> bool {
        self.owner.is_some_and(|owner| owner.bond == link.bond)
    }

    pub(super) fn session(&self) -> Option<Session> {
        self.owner.and_then(|owner| owner.session)
    }
}

/// Whether the rating is cleared when the mode changes. A rating describes the present touch: each hold asks for a new
/// one, and the answer to a question ("how much when you move?") belongs to no touch. Releasing a hold is still the
/// same touch.
const fn clears_dial(from: Mode, to: Mode) -> bool {
    match to {
        Mode::Rate => true,
        Mode::Hold => !matches!(from, Mode::Hold),
        Mode::Ask
        | Mode::Locate
        | Mode::Settle
        | Mode::Release
        | Mode::Next
        | Mode::AfterSharp
        | Mode::Sides => false,
    }
}
