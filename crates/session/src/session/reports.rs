//! What the clicker reports: events in their order, alarms ahead of it, heartbeats.

use coach::Moment;
use transcript::Kind;
use wire::{DecodeError, Report};

use super::{Life, Session};
use crate::delivery::{self, EventId, Receipt, alarm_stored};
use crate::freshness::StreamOrder;
use crate::handshake::Admission;
use crate::output::{Notice, Output};
use crate::translate;

impl Session {
    pub(super) fn frame(&mut self, now: Moment, bytes: &[u8]) {
        match wire::decode::<Report>(bytes) {
            Ok(report) => self.report(now, report),
            Err(error) => {
                use DecodeError::{Empty, Malformed, TooLong, UnknownMessage, UnknownValue};
                match error {
                    UnknownMessage { .. } | UnknownValue { .. } => self.frames.unknown += 1,
                    Malformed | Empty | TooLong => self.frames.malformed += 1,
                }
                self.outputs.push_back(Output::Notice(Notice::Unreadable(error)));
            }
        }
    }

    fn report(&mut self, now: Moment, report: Report) {
        let hello = matches!(report, Report::Hello { .. });
        let admission = match hello {
            true if self.handshake.linked() => Admission::Accepted,
            true => Admission::Rejected,
            // It would have to be welcomed first.
            false if self.life == Life::Ended && !self.handshake.open() => Admission::Rejected,
            false => self.handshake.report(),
        };
        match admission {
            Admission::Accepted => {}
            Admission::Unwelcomed => self.welcome(now),
            Admission::Rejected => {
                self.frames.rejected += 1;
                return;
            }
        }
        match report {
            Report::Hello { boot, first_boot, first_seq, version, session } => {
                self.hello(now, boot, EventId { boot: first_boot, seq: first_seq }, version, session);
            }
            Report::Clicked { boot, seq, uptime, show, means } => {
                self.boot(now, boot);
                self.event(now, EventId { boot, seq }, uptime, show, means);
            }
            Report::Alarm { boot, seq, uptime, what } => {
                self.boot(now, boot);
                self.alarm(now, EventId { boot, seq }, uptime, what);
            }
            Report::Beat { boot, uptime, dial, next, show, alarm } => {
                self.boot(now, boot);
                self.beat(now, EventId { boot, seq: next }, uptime, dial, show, alarm);
            }
        }
    }

    fn event(&mut self, now: Moment, id: EventId, uptime: u32, show: u16, means: wire::Means) {
        match self.delivery.event(id) {
            delivery::Event::Early => self.frames.early += 1,
            delivery::Event::Repeated => {
                // The acknowledgement was lost, or waits for the disk; what is on the disk can be said again.
                self.frames.repeated += 1;
                let acknowledgement = self.delivery.acknowledgement();
                self.send(acknowledgement);
            }
            delivery::Event::Take { steers } => {
                self.frames.taken += 1;
                let EventId { boot, seq } = id;
                let judged = self.lateness.event(now, boot, uptime);
                if !judged.late {
                    self.freshness.sign_of_life(now);
                }
                if let Some(what) = translate::alarm_in_order(means).filter(|_| steers) {
                    self.write_queue.ack_after(Receipt::Alarm(id));
                    self.feed(now, Kind::Alarm { boot, seq, what });
                }
                if let Some(rating) = translate::dial_in(means) {
                    self.freshness.clicked(rating, judged.late);
                }
                self.write_queue.ack_after(Receipt::Event(id));
                self.feed(
                    now,
                    Kind::Click {
                        boot,
                        seq,
                        clicked_ms: judged.made.as_millis(),
                        late: judged.late,
                        means: translate::means(means),
                        passed: self.mode_sync.passed(show),
                    },
                );
            }
        }
    }

    fn alarm(&mut self, now: Moment, id: EventId, uptime: u32, what: wire::Alarm) {
        match self.delivery.alarm(id) {
            delivery::Alarm::Repeated => self.frames.repeated += 1,
            delivery::Alarm::Stored => {
                self.frames.repeated += 1;
                self.send(Some(alarm_stored(id)));
            }
            delivery::Alarm::Take => {
                let EventId { boot, seq } = id;
                if !self.lateness.event(now, boot, uptime).late {
                    self.freshness.sign_of_life(now);
                }
                self.write_queue.ack_after(Receipt::Alarm(id));
                self.feed(now, Kind::Alarm { boot, seq, what: translate::alarm(what) });
            }
        }
    }

    fn beat(
        &mut self,
        now: Moment,
        next: EventId,
        uptime: u32,
        dial: Option<wire::Dial>,
        show: u16,
        alarm: bool,
    ) {
        if self.life == Life::Ended {
            // Only a clicker in a session beats: the first word was lost.
            self.bye();
            return;
        }
        if !self.handshake.shared() {
            // The beat may belong to another session: its dial and mode are ignored.
            return;
        }
        let order = match self.delivery.next() {
            Some(taken) if next > taken => StreamOrder::Ahead,
            Some(taken) if next < taken => StreamOrder::Behind,
            Some(_) | None => StreamOrder::Even,
        };
        self.events_pending = alarm || order == StreamOrder::Ahead;
        let cue = self.mode_sync.beat(now, show);
        self.steer(cue);
        if self.lateness.beat(now, next.boot, uptime) {
            let link = self.freshness.beat(now, dial.map(translate::rating), order);
            self.feed_link(now, link);
        }
    }
}
