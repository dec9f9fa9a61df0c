//! Latency from the deciding button event to its frame in the controller's queue, and the number of frames queued
//! before an alarm.
//!
//! Gestures decided by a timeout (a short press within 80 ms) have no deciding event. Gestures decided while no laptop
//! is subscribed, or while both stack slots are taken, wait for the radio. Neither is measured.

use core::fmt;

use handheld::EventId;
use heapless::Deque;
use wire::Report;

use crate::h4::{ACL, DISCONNECTED, EVENT};

/// The most reports in the controller, by the logic's rule.
const SLOTS: usize = handheld::STACK_SLOTS as usize;

/// The most packets in a controller.
const PACKETS: usize = 16;

const COMPLETED_PACKETS: u8 = 0x13;
/// L2CAP channel of the Attribute Protocol, little-endian, at offset [`CHANNEL`].
const ATT: [u8; 2] = [4, 0];
const CHANNEL: usize = 7;
/// ATT opcode of a notification, at offset [`OPCODE`].
const NOTIFICATION: u8 = 0x1b;
const OPCODE: usize = 9;
/// Offset of the value, after opcode and attribute handle.
const VALUE: usize = 12;

/// Measurements since the start.
#[derive(Debug, Default)]
pub struct Latency {
    /// Reports handed to the controller.
    reported: u32,
    count: u32,
    sum: u64,
    worst: u64,
    alarms: u32,
    alarm_worst: u64,
    ahead: usize,
    /// The decision whose frame has not been sent yet.
    awaited: Option<Decision>,
    /// For each packet in the controller, whether it is a report.
    in_controller: Deque<bool, PACKETS>,
}

#[derive(Debug, Clone, Copy)]
struct Decision {
    id: EventId,
    at: u64,
    /// Whether a stack slot was free at the time.
    timed: bool,
    /// Reports in the controller at the time, and those added since.
    ahead: usize,
}

impl Latency {
    /// Starts without measurements.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            reported: 0,
            count: 0,
            sum: 0,
            worst: 0,
            alarms: 0,
            alarm_worst: 0,
            ahead: 0,
            awaited: None,
            in_controller: Deque::new(),
        }
    }

    /// A button event at `at` decided this event.
    pub fn decided(&mut self, id: EventId, at: u64) {
        let ahead = self.reports();
        self.awaited = Some(Decision { id, at, timed: ahead < SLOTS, ahead });
    }

    /// The laptop does not receive reports any more.
    pub fn link_down(&mut self) {
        self.awaited = None;
    }

    /// Records an H4 packet to the controller.
    pub fn to_controller(&mut self, packet: &[u8], now: u64) {
        if packet.first() != Some(&ACL) {
            return;
        }
        let report = report_of(packet);
        self.reported += u32::from(report.is_some());
        if self.in_controller.push_back(report.is_some()).is_err() {
            // More packets than expected: forget which are reports.
            self.in_controller.clear();
        }
        let id = match report {
            Some(Report::Clicked { boot, seq, .. } | Report::Alarm { boot, seq, .. }) => {
                Some(EventId { boot, seq })
            }
            Some(Report::Hello { .. } | Report::Beat { .. }) => None,
            None => return,
        };
        let Some(awaited) = &mut self.awaited else { return };
        if Some(awaited.id) != id {
            awaited.ahead += 1;
            return;
        }
        let decision = *awaited;
        self.awaited = None;
        let is_alarm = matches!(report, Some(Report::Alarm { .. }));
        if is_alarm {
            self.ahead = self.ahead.max(decision.ahead);
        }
        if !decision.timed {
            return;
        }
        let took = now.saturating_sub(decision.at);
        self.count += 1;
        self.sum += took;
        self.worst = self.worst.max(took);
        if is_alarm {
            self.alarms += 1;
            self.alarm_worst = self.alarm_worst.max(took);
        }
    }

    /// Records an H4 packet from the controller.
    pub fn from_controller(&mut self, packet: &[u8]) {
        match packet {
            [EVENT, COMPLETED_PACKETS, _, links, rest @ ..] => {
                // For each connection a handle and a count, two bytes each.
                for link in rest.chunks_exact(4).take(usize::from(*links)) {
                    for _ in 0..u16::from_le_bytes([link[2], link[3]]) {
                        self.in_controller.pop_front();
                    }
                }
            }
            // The controller has discarded the packets of the connection.
            [EVENT, DISCONNECTED, ..] => {
                self.in_controller.clear();
                self.link_down();
            }
            _ => {}
        }
    }

    fn reports(&self) -> usize {
        self.in_controller.iter().filter(|is_report| **is_report).count()
    }
}

/// The report in an ACL packet, if it is one.
fn report_of(packet: &[u8]) -> Option<Report> {
    let value = packet.get(VALUE..)?;
    let is_notification =
        packet.get(CHANNEL..)?.starts_with(&ATT) && packet.get(OPCODE) == Some(&NOTIFICATION);
    if is_notification { wire::decode(value).ok() } else { None }
}

impl fmt::Display for Latency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mean = self.sum / u64::from(self.count.max(1));
        write!(
            f,
            "reports {} decisions {} mean-ticks {mean} worst-ticks {} ",
            self.reported, self.count, self.worst
        )?;
        write!(f, "alarms {} alarm-worst-ticks {} ", self.alarms, self.alarm_worst)?;
        write!(f, "ahead-of-alarm {}", self.ahead)
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::vec::Vec;

    use wire::{Alarm, Dial, Frame, Means};

    use super::*;

    const PLACE: EventId = EventId { boot: 1, seq: 7 };

    fn notification(report: &Report) -> Vec<u8> {
        let frame = Frame::of(report);
        let value = frame.as_bytes();
        let att = value.len() as u8 + 3;
        let mut packet = std::vec![2, 0x40, 0, att + 4, 0, att, 0, 4, 0, 0x1b, 18, 0];
        packet.extend_from_slice(value);
        packet
    }

    fn clicked(seq: u32) -> Vec<u8> {
        let means = Means::Rating(Dial::new(4).unwrap());
        notification(&Report::Clicked { boot: 1, seq, uptime: 0, show: 0, means })
    }

    fn alarm(seq: u32) -> Vec<u8> {
        notification(&Report::Alarm { boot: 1, seq, uptime: 0, what: Alarm::Sharp })
    }

    fn completed(packets: u8) -> [u8; 8] {
        [4, 0x13, 5, 1, 0x40, 0, packets, 0]
    }

    #[test]
    fn a_decision_is_timed_until_its_own_frame() {
        let mut latency = Latency::new();
        latency.decided(PLACE, 100);
        latency.to_controller(&clicked(6), 150);
        assert_eq!(latency.count, 0);
        latency.to_controller(&clicked(7), 180);
        // A retransmission.
        latency.to_controller(&clicked(7), 900);
        assert_eq!((latency.count, latency.worst, latency.sum), (1, 80, 80));
    }

    #[test]
    fn what_waits_for_the_air_is_not_the_devices_matter() {
        let mut latency = Latency::new();
        latency.to_controller(&clicked(1), 0);
        latency.to_controller(&clicked(2), 0);
        latency.decided(PLACE, 100);
        latency.from_controller(&completed(2));
        latency.to_controller(&clicked(7), 5000);
        assert_eq!(latency.count, 0);
        latency.decided(PLACE, 6000);
        latency.link_down();
        latency.to_controller(&clicked(7), 9000);
        assert_eq!(latency.count, 0);
    }

    #[test]
    fn an_alarm_counts_the_reports_before_it() {
        let mut latency = Latency::new();
        latency.to_controller(&[2, 0x40, 0, 5, 0, 1, 0, 4, 0, 0x13], 0);
        latency.to_controller(&clicked(1), 0);
        latency.to_controller(&clicked(2), 0);
        latency.to_controller(&clicked(3), 0);
        // The response to a write and the first report are sent.
        latency.from_controller(&completed(2));
        latency.decided(PLACE, 10);
        latency.to_controller(&alarm(7), 30);
        assert_eq!((latency.ahead, latency.alarms), (2, 0), "both places were taken, so it is not timed");
        latency.from_controller(&[4, 5, 4, 0, 0x40, 0, 8]);
        latency.decided(PLACE, 100);
        latency.to_controller(&alarm(7), 125);
        assert_eq!((latency.ahead, latency.alarms, latency.alarm_worst), (2, 1, 25));
    }

    #[test]
    fn what_goes_to_the_controller_before_an_alarm_is_ahead_of_it_too() {
        let mut latency = Latency::new();
        latency.to_controller(&clicked(1), 0);
        latency.decided(PLACE, 10);
        latency.to_controller(&clicked(2), 20);
        latency.to_controller(&alarm(7), 30);
        assert_eq!((latency.ahead, latency.alarms), (2, 1));
    }

    #[test]
    fn what_is_no_report_is_none() {
        let commands = [1, 3, 0x0c, 0];
        let smp = [2, 0x40, 0, 5, 0, 1, 0, 6, 0, 0x1b, 0, 0, 1, 1, 7, 0];
        for packet in [&commands[..], &smp, &clicked(7)[..14]] {
            let mut latency = Latency::new();
            latency.decided(PLACE, 0);
            latency.to_controller(packet, 10);
            assert_eq!((latency.count, latency.reports()), (0, 0), "{packet:?}");
        }
    }
}
