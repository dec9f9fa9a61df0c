//! Radio events, derived from the HCI packets between host and controller. A clicker takes part in every connection
//! event, or skips as many as the latency allows, and takes part in the next one whenever it has something to send.

use crate::h4::{ACL, DISCONNECTED, EVENT};

const COMMAND: u8 = 1;
const LE: u8 = 0x3e;
const CONNECTED: u8 = 0x01;
const UPDATED: u8 = 0x03;
const CONNECTED_ENHANCED: u8 = 0x0a;
/// Opcodes of LE Set Advertising Parameters and LE Set Advertising Enable, little-endian.
const ADVERTISING: [u8; 2] = [0x06, 0x20];
const ADVERTISE: [u8; 2] = [0x0a, 0x20];

/// Average of the random delay of up to 10 ms in each advertising interval (vol 6 part B 4.4.2.2.1).
const DELAY_US: u64 = 5_000;

/// Radio events since the start.
#[derive(Debug, Default)]
pub struct RadioEvents {
    events: u64,
    link: Option<Link>,
    adverts: u64,
    /// Interval between advertising events, delay included.
    pause_us: u64,
    advertising: Option<u64>,
    every_event: bool,
}

#[derive(Debug, Clone, Copy)]
struct Link {
    interval_us: u64,
    latency: u64,
    /// Next connection event the clicker takes part in.
    next_us: u64,
}

impl Link {
    /// Takes part in the next connection event after `now_us`.
    const fn hurry(&mut self, now_us: u64) {
        self.next_us -= (self.next_us - now_us - 1) / self.interval_us * self.interval_us;
    }
}

impl RadioEvents {
    /// Starts at zero.
    #[must_use]
    pub const fn new() -> Self {
        Self { events: 0, link: None, adverts: 0, pause_us: DELAY_US, advertising: None, every_event: false }
    }

    /// Connection events the clicker took part in.
    pub fn events(&mut self, now_us: u64) -> u64 {
        self.count(now_us);
        self.events
    }

    /// Advertising events.
    #[must_use]
    pub fn adverts(&self, now_us: u64) -> u64 {
        self.adverts + self.advertising.map_or(0, |since| now_us.saturating_sub(since) / self.pause_us)
    }

    /// Sets whether it listens at every event, regardless of latency.
    pub fn every_event(&mut self, yes: bool, now_us: u64) {
        self.count(now_us);
        self.every_event = yes;
        if let Some(link) = &mut self.link {
            link.hurry(now_us);
        }
    }

    /// Records an H4 packet to the controller.
    pub fn to_controller(&mut self, packet: &[u8], now_us: u64) {
        match packet {
            [ACL, ..] => {
                self.count(now_us);
                if let Some(link) = &mut self.link {
                    link.hurry(now_us);
                }
            }
            [COMMAND, op0, op1, _, low, high, ..] if [*op0, *op1] == ADVERTISING => {
                self.pause_us = u64::from(u16::from_le_bytes([*low, *high])) * 625 + DELAY_US;
            }
            [COMMAND, op0, op1, _, enable] if [*op0, *op1] == ADVERTISE => {
                self.adverts = self.adverts(now_us);
                self.advertising = (*enable != 0).then_some(now_us);
            }
            _ => {}
        }
    }

    /// Records an H4 packet from the controller.
    pub fn from_controller(&mut self, packet: &[u8], now_us: u64) {
        match packet {
            [EVENT, LE, _, kind @ (CONNECTED | CONNECTED_ENHANCED), 0, rest @ ..] => {
                self.adverts = self.adverts(now_us);
                self.advertising = None;
                // After handle, role and address; the enhanced event has two more addresses.
                let at = if *kind == CONNECTED { 10 } else { 22 };
                self.link = rest.get(at..at + 4).map(|params| Link::of(params, now_us));
            }
            [EVENT, LE, _, UPDATED, 0, _, _, params @ ..] if params.len() >= 4 && self.link.is_some() => {
                self.count(now_us);
                self.link = Some(Link::of(params, now_us));
            }
            [EVENT, DISCONNECTED, ..] => {
                self.count(now_us);
                (self.link, self.every_event) = (None, false);
            }
            _ => {}
        }
    }

    fn count(&mut self, now_us: u64) {
        let Some(link) = &mut self.link else { return };
        let slept = if self.every_event { 0 } else { link.latency };
        while link.next_us <= now_us {
            self.events += 1;
            link.next_us += link.interval_us * (1 + slept);
        }
    }
}

impl Link {
    /// From the interval in units of 1.25 ms and the latency, two bytes each.
    fn of(params: &[u8], now_us: u64) -> Self {
        let word = |at: usize| u64::from(u16::from_le_bytes([params[at], params[at + 1]]));
        // The minimum interval is 7.5 ms.
        let interval_us = word(0).max(6) * 1250;
        Self { interval_us, latency: word(2), next_us: now_us + interval_us }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: u64 = 1_000_000;

    /// Connected at 0 with 15 ms and a latency of 30, the clicker's request in a session.
    fn connected() -> RadioEvents {
        connected_by(12, 30)
    }

    /// Connected at 0 with an interval of `steps` x 1.25 ms and this latency.
    fn connected_by(steps: u8, latency: u8) -> RadioEvents {
        let mut radio = RadioEvents::new();
        let mut packet = [0; 22];
        packet[..5].copy_from_slice(&[EVENT, LE, 19, CONNECTED, 0]);
        packet[15..19].copy_from_slice(&[24, 0, 0, 0]);
        radio.from_controller(&packet, 0);
        assert_eq!(radio.link.map(|link| (link.interval_us, link.latency)), Some((30_000, 0)));
        radio.from_controller(&[EVENT, LE, 10, UPDATED, 0, 0, 0, steps, 0, latency, 0, 144, 1], 0);
        let terms = (u64::from(steps) * 1250, u64::from(latency));
        assert_eq!(radio.link.map(|link| (link.interval_us, link.latency)), Some(terms));
        radio
    }

    #[test]
    fn with_nothing_to_send_it_sleeps_through_what_was_agreed_on() {
        let mut radio = connected();
        // The first after 15 ms, then one every 465 ms.
        assert_eq!(radio.events(15_000 + 10 * 465_000), 11);
    }

    #[test]
    fn a_packet_takes_the_next_event_and_the_sleep_begins_anew_from_it() {
        let mut radio = connected();
        assert_eq!(radio.events(20_000), 1);
        radio.to_controller(&[ACL, 0, 0], 100_000);
        assert_eq!(radio.events(104_999), 1);
        assert_eq!(radio.events(105_000), 2);
        assert_eq!(radio.events(105_000 + 465_000 - 1), 2);
        assert_eq!(radio.events(105_000 + 465_000), 3);
    }

    #[test]
    fn one_shortly_before_an_event_that_comes_anyway_costs_none() {
        let (mut quiet, mut busy) = (connected(), connected());
        for turn in 1..20 {
            busy.to_controller(&[ACL, 0, 0], turn * 465_000 + 10_000);
        }
        assert_eq!(busy.events(20 * 465_000), quiet.events(20 * 465_000));
    }

    #[test]
    fn outside_a_session_a_hello_rides_in_the_fourth_turn_or_the_third() {
        for (steps, turns) in [(24, 4), (36, 3)] {
            let mut radio = connected_by(steps, 22);
            for hello in 0..20 {
                radio.to_controller(&[ACL, 0, 0], hello * 2_750_000);
            }
            assert_eq!(radio.events(20 * 2_750_000 - 1), 20 * turns, "{steps}");
        }
    }

    #[test]
    fn in_a_session_it_listens_at_every_event() {
        let mut radio = connected();
        radio.every_event(true, 0);
        assert_eq!(radio.events(3 * SECOND), 200);
        radio.every_event(false, 3 * SECOND);
        assert_eq!(radio.events(4 * SECOND), 203);
        radio.from_controller(&[EVENT, DISCONNECTED, 4, 0, 0, 0, 8], 4 * SECOND);
        assert_eq!(radio.events(9 * SECOND), 203);
    }

    #[test]
    fn advertising_is_counted_while_it_lasts() {
        let mut radio = RadioEvents::new();
        radio.to_controller(&[COMMAND, 0x06, 0x20, 15, 48, 0, 48, 0, 0], 0);
        assert_eq!(radio.adverts(SECOND), 0);
        radio.to_controller(&[COMMAND, 0x0a, 0x20, 1, 1], SECOND);
        // 30 ms plus 5 ms on average.
        assert_eq!(radio.adverts(SECOND + 350_000), 10);
        radio.to_controller(&[COMMAND, 0x0a, 0x20, 1, 0], SECOND + 350_000);
        assert_eq!(radio.adverts(9 * SECOND), 10);
    }

    #[test]
    fn what_is_cut_short_is_no_link() {
        let mut radio = RadioEvents::new();
        radio.from_controller(&[EVENT, LE, 2, CONNECTED, 0, 0, 0], 0);
        radio.from_controller(&[EVENT, LE, 2, UPDATED, 0], 0);
        radio.to_controller(&[ACL], 5);
        assert_eq!((radio.events(SECOND), radio.adverts(SECOND)), (0, 0));
    }
}
