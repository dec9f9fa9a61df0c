//! SHARP and STOP on their way round the order: said at once and again every 200 ms until the laptop has stored them.
//!
//! Their copies in the order are the outbox's matter. A reset forgets what is pending here, because by then the
//! ordered copy is the news.

use core::time::Duration;

use heapless::Vec;
use wire::{Alarm, Report};

use crate::event::Place;
use crate::time::Uptime;

/// Between two sayings of an alarm: several reach the laptop within the second it has.
pub const REPEAT: Duration = Duration::from_millis(200);

/// An alarm not stored after this long has not been heard.
pub const STORED_WITHIN: Duration = Duration::from_secs(1);

/// Alarms pending at once. A further one needs no words of its own: the hands are off already, and its ordered copy
/// is kept like any event.
const PENDING: usize = 4;

#[derive(Debug, Clone)]
pub(crate) struct Alarms {
    pending: Vec<Pending, PENDING>,
}

#[derive(Debug, Clone, Copy)]
struct Pending {
    place: Place,
    uptime: u32,
    what: Alarm,
    /// `None` where it is due now.
    again_at: Option<Uptime>,
    /// `None` once it is overdue.
    overdue_at: Option<Uptime>,
}

impl Alarms {
    pub(crate) const fn new() -> Self {
        Self { pending: Vec::new() }
    }

    pub(crate) fn raise(&mut self, at: Uptime, place: Place, what: Alarm) {
        let overdue_at = Some(at + STORED_WITHIN);
        let alarm = Pending { place, uptime: at.on_the_air(), what, again_at: None, overdue_at };
        // Beyond what can be pending it goes in the order alone.
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

    pub(crate) fn stored(&mut self, place: Place) {
        self.pending.retain(|alarm| alarm.place != place);
    }

    /// Everything before `place` is stored.
    pub(crate) fn stored_before(&mut self, place: Place) {
        self.pending.retain(|alarm| alarm.place >= place);
    }

    /// The alarm that is due, the oldest first.
    pub(crate) fn transmit(&mut self, now: Uptime) -> Option<Report> {
        let alarm = self.pending.iter_mut().find(|alarm| alarm.again_at.is_none())?;
        alarm.again_at = Some(now + REPEAT);
        let Pending { place: Place { boot, seq }, uptime, what, .. } = *alarm;
        Some(Report::Alarm { boot, seq, uptime, what })
    }

    pub(crate) fn say_all_again(&mut self) {
        for alarm in &mut self.pending {
            alarm.again_at = None;
        }
    }

    pub(crate) fn again_at(&self) -> Option<Uptime> {
        self.pending.iter().filter_map(|alarm| alarm.again_at).min()
    }

    pub(crate) fn run_again(&mut self, at: Uptime) {
        for alarm in &mut self.pending {
            alarm.again_at = alarm.again_at.filter(|due| *due > at);
        }
    }

    pub(crate) fn overdue_at(&self) -> Option<Uptime> {
        self.pending.iter().filter_map(|alarm| alarm.overdue_at).min()
    }

    pub(crate) fn run_overdue(&mut self, at: Uptime) {
        for alarm in &mut self.pending {
            alarm.overdue_at = alarm.overdue_at.filter(|due| *due > at);
        }
    }

    pub(crate) fn clear(&mut self) {
        self.pending.clear();
    }
}
