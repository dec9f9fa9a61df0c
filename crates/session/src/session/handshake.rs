//! A connection begins and ends, and which session is open on the clicker.

use coach::Moment;
use wire::{Cue, Version};

use super::timers::PULSE;
use super::{Life, Session};
use crate::delivery::{EventId, HelloCheck};
use crate::handshake::{Answered, Opening};
use crate::output::{Notice, Output};

impl Session {
    pub(super) fn connected(&mut self, now: Moment) {
        if self.handshake.linked() {
            // Two connections without an end between them: the first ended without a report.
            self.disconnected(now);
        }
        self.handshake.connected();
        self.lateness.connected(now);
    }

    pub(super) fn disconnected(&mut self, now: Moment) {
        self.handshake.disconnected();
        self.apart(now);
    }

    /// Discards what was known of the clicker on the connection that ended.
    fn apart(&mut self, now: Moment) {
        self.mode_sync.forget();
        self.pulse = None;
        self.events_pending = false;
        let link = self.freshness.ended();
        self.feed_link(now, link);
    }

    pub(super) fn hello(&mut self, now: Moment, boot: u16, first: EventId, clicker: Version, session: u32) {
        if !Version::CURRENT.is_compatible_with(clicker) {
            self.reject(now, Notice::OtherVersion { clicker, laptop: Version::CURRENT });
            return;
        }
        match self.delivery.hello(boot, first) {
            HelloCheck::Welcome => {}
            HelloCheck::Lost { from: EventId { boot, seq } } => {
                self.outputs.push_back(Output::Notice(Notice::EventsLost { boot, from: seq, to: first.seq }));
            }
            HelloCheck::Stranger { known } => {
                self.reject(now, Notice::OtherClicker { boot, known });
                return;
            }
        }
        self.boot(now, boot);
        if self.life == Life::Ended {
            self.hello_after_the_end(session);
            return;
        }
        if session != self.opening.session.get() {
            self.welcome(now);
            return;
        }
        match self.handshake.answered() {
            // The session continues. The welcome is sent because `alone` may have changed.
            Answered::Unasked => self.say_welcome(now),
            Answered::Asked => {
                // Events made before this belong to another session, or to a time without a link.
                self.lateness.connected(now);
                self.bring_up_to_date(now);
            }
            Answered::Again => self.bring_up_to_date(now),
        }
    }

    fn reject(&mut self, now: Moment, notice: Notice) {
        if self.handshake.reject() {
            self.outputs.push_back(Output::Notice(notice));
        }
        self.apart(now);
    }

    /// Welcomes the clicker to a session that is not known to be open there.
    pub(super) fn welcome(&mut self, now: Moment) {
        self.handshake.welcome(now);
        self.say_welcome(now);
    }

    fn say_welcome(&mut self, now: Moment) {
        let Opening { session, alone } = self.opening;
        self.send(Some(Cue::Welcome { session: session.get(), version: Version::CURRENT, alone }));
        self.bring_up_to_date(now);
    }

    /// Sends the acknowledgement and the mode.
    fn bring_up_to_date(&mut self, now: Moment) {
        let acknowledgement = self.delivery.acknowledgement();
        self.send(acknowledgement);
        let show = self.mode_sync.cue(now);
        self.steer(show);
        self.pulse.get_or_insert(now + PULSE);
    }

    /// A hello after the end gets no welcome. A clicker that still has this session open has missed the Bye and gets it
    /// again.
    fn hello_after_the_end(&mut self, session: u32) {
        self.handshake.answered();
        if session == self.opening.session.get() {
            self.bye();
        }
    }

    /// A report of this boot: if of a later one than any before, the clicker has restarted.
    pub(super) fn boot(&mut self, now: Moment, boot: u16) {
        let link = self.freshness.boot(boot);
        if link.is_some() {
            self.mode_sync.forget();
        }
        self.feed_link(now, link);
    }
}
