//! The delivery of a clicker as a model: it keeps what it accepts until it is acknowledged, and sends it again.

use std::collections::VecDeque;

use wire::{Alarm, Cue, Means, Report, Version};

use crate::desk::SESSION;

/// Unacknowledged events in flight at most.
const WINDOW: usize = 8;

/// Boot and number of an event.
pub(crate) type EventId = (u16, u32);

/// The model.
#[derive(Debug)]
pub(crate) struct Clicker {
    boot: u16,
    /// The session's time at which this boot began.
    booted_at: u64,
    next: u32,
    kept: VecDeque<(EventId, Report)>,
    alarms: Vec<(EventId, Report)>,
    show: u16,
    /// Every event ever accepted, in order.
    pub(crate) accepted: Vec<(EventId, Means)>,
    /// Everything before this is acknowledged.
    pub(crate) acknowledged: EventId,
    /// Alarms acknowledged as stored.
    pub(crate) confirmed: Vec<EventId>,
}

impl Clicker {
    pub(crate) fn new() -> Self {
        Self {
            boot: 1,
            booted_at: 0,
            next: 0,
            kept: VecDeque::new(),
            alarms: Vec::new(),
            show: 0,
            accepted: Vec::new(),
            acknowledged: (1, 0),
            confirmed: Vec::new(),
        }
    }

    /// A gesture.
    pub(crate) fn press(&mut self, now: u64, means: Means) {
        let place = (self.boot, self.next);
        self.next += 1;
        let (boot, seq) = place;
        let uptime = self.uptime(now);
        self.accepted.push((place, means));
        self.kept.push_back((place, Report::Clicked { boot, seq, uptime, show: self.show, means }));
        let what = match means {
            Means::Sharp => Alarm::Sharp,
            Means::Stop => Alarm::Stop,
            _ => return,
        };
        self.alarms.push((place, Report::Alarm { boot, seq, uptime, what }));
    }

    /// Battery out, battery in. What was kept is kept; alarms wait in their place of the order.
    pub(crate) fn reset(&mut self, now: u64) {
        self.boot += 1;
        self.booted_at = now;
        self.next = 0;
        self.show = 0;
        self.alarms.clear();
    }

    pub(crate) fn hello(&self) -> Report {
        let (first_boot, first_seq) = self.kept.front().map_or((self.boot, self.next), |kept| kept.0);
        let version = Version::CURRENT;
        Report::Hello { boot: self.boot, first_boot, first_seq, version, session: SESSION.get() }
    }

    pub(crate) fn beat(&self, now: u64) -> Report {
        Report::Beat {
            boot: self.boot,
            uptime: self.uptime(now),
            dial: None,
            next: self.next,
            show: self.show,
            alarm: !self.alarms.is_empty(),
        }
    }

    /// What it sends when 400 ms have passed without progress: its alarms, and the oldest events of one boot.
    pub(crate) fn window(&self) -> Vec<Report> {
        let boot = self.kept.front().map(|kept| kept.0.0);
        let events = self.kept.iter().filter(|kept| Some(kept.0.0) == boot).take(WINDOW);
        self.alarms.iter().chain(events).map(|kept| kept.1).collect()
    }

    /// Whether nothing is left to send.
    pub(crate) fn is_idle(&self) -> bool {
        self.kept.is_empty() && self.alarms.is_empty()
    }

    pub(crate) fn hear(&mut self, cue: Cue) {
        match cue {
            Cue::Ack { boot, next } => {
                self.acknowledged = self.acknowledged.max((boot, next));
                self.kept.retain(|kept| kept.0 >= (boot, next));
            }
            Cue::AlarmStored { boot, seq } => {
                self.confirmed.push((boot, seq));
                self.alarms.retain(|alarm| alarm.0 != (boot, seq));
            }
            Cue::Show { number, .. } => self.show = number,
            Cue::Welcome { .. } | Cue::Play { .. } | Cue::Pulse { .. } | Cue::Bye { .. } => {}
        }
    }

    fn uptime(&self, now: u64) -> u32 {
        u32::try_from(now - self.booted_at).unwrap()
    }
}
