//! Out-of-band delivery of SHARP and STOP: sent at once and repeated every 200 ms until the laptop has stored them.
//!
//! The outbox delivers their in-order copies. A reset discards what is pending here, because the in-order copy still
//! reports it.

use core::time::Duration;

use heapless::Vec;
use wire::{Alarm, Report};

use crate::event::EventId;
use crate::time::Uptime;

/// Interval between repeats of an alarm: several fit within [`ALARM_STORE_TIMEOUT`].
pub const ALARM_REPEAT: Duration = Duration::from_millis(200);

/// An alarm not stored within this time counts as not heard.
pub const ALARM_STORE_TIMEOUT: Duration = Duration::from_secs(1);

/// Number of alarms that can be pending at once. Further ones are delivered in order only: the hands are off already.
const PENDING: usize = 4;

#[derive(Debug, Clone)]
pub(crate) struct Alarms {
    pending: Vec<Pending, PENDING>,
}

#[derive(Debug, Clone, Copy)]
struct Pending {
    id: EventId,
    uptime: u32,
    what: Alarm,
    /// `None` if it is due now.
    resend_at: Option<Uptime>,
    /// `None` once it is overdue.
    overdue_at: Option<Uptime>,
}

impl Alarms {
    pub(crate) const fn new() -> Self {
        Self { pending: Vec::new() }
    }

    pub(crate) fn raise(&mut self, at: Uptime, id: EventId, what: Alarm) {
        let overdue_at = Some(at + ALARM_STORE_TIMEOUT);
        let alarm = Pending { id, uptime: at.to_wire(), what, resend_at: None, overdue_at };
        // If the list is full, the alarm is delivered in order only.
        let _ = self.pending.push(alarm);
    }

    pub(crate) fn is_pending(&self) -> bool {
        !self.pending.is_empty()
    }

    pub(crate) fn is_sharp_pending(&self) -> bool {
        self.pending.iter().any(|alarm| alarm.what == Alarm::Sharp)
    }

    pub(crate) fn is_overdue(&self) -> bool {
        self.pending.iter().any(|alarm| alarm.overdue_at.is_none())
    }

    pub(crate) fn stored(&mut self, id: EventId) {
        self.pending.retain(|alarm| alarm.id != id);
    }

    /// Every alarm before `id` is stored.
    pub(crate) fn stored_before(&mut self, id: EventId) {
        self.pending.retain(|alarm| alarm.id >= id);
    }

    /// The oldest alarm that is due.
    pub(crate) fn transmit(&mut self, now: Uptime) -> Option<Report> {
        let alarm = self.pending.iter_mut().find(|alarm| alarm.resend_at.is_none())?;
        alarm.resend_at = Some(now + ALARM_REPEAT);
        let Pending { id: EventId { boot, seq }, uptime, what, .. } = *alarm;
        Some(Report::Alarm { boot, seq, uptime, what })
    }

    pub(crate) fn resend_all(&mut self) {
        for alarm in &mut self.pending {
            alarm.resend_at = None;
        }
    }

    pub(crate) fn resend_at(&self) -> Option<Uptime> {
        self.pending.iter().filter_map(|alarm| alarm.resend_at).min()
    }

    pub(crate) fn expire_resend(&mut self, at: Uptime) {
        for alarm in &mut self.pending {
            alarm.resend_at = alarm.resend_at.filter(|due| *due > at);
        }
    }

    pub(crate) fn overdue_at(&self) -> Option<Uptime> {
        self.pending.iter().filter_map(|alarm| alarm.overdue_at).min()
    }

    pub(crate) fn expire_overdue(&mut self, at: Uptime) {
        for alarm in &mut self.pending {
            alarm.overdue_at = alarm.overdue_at.filter(|due| *due > at);
        }
    }

    pub(crate) fn clear(&mut self) {
        self.pending.clear();
    }
}
