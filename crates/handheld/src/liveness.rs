//! Detects whether the laptop responds.
//!
//! ```text
//!            2.5 s without a pulse, or an alarm not stored within 1 s
//!   heard ----------------------------------------------------------> not heard: announced every 2 s
//!     ^                                                                  |
//!     +------- a pulse arrives, and every overdue alarm is stored -------+
//! ```
//!
//! After half an hour without a pulse or a touch the clicker rests: it stops announcing, and the board stops sampling
//! the logo to save the battery. The next touch of a button wakes it and it announces again.

use core::time::Duration;

use crate::time::Uptime;

/// The laptop sends two pulses a second: five have been lost.
pub const PULSE_TIMEOUT: Duration = Duration::from_millis(2500);

/// Interval between "not heard" cues: a cue lasts 0.9 s, and the sounds of presses must be audible in between.
pub const NOT_HEARD_REPEAT: Duration = Duration::from_secs(2);

/// Time without a pulse or touch until the clicker rests: after so long a break the screening is repeated anyway.
pub const REST_AFTER: Duration = Duration::from_secs(30 * 60);

#[derive(Debug, Clone)]
pub(crate) struct Liveness {
    /// When the pulse times out; `None` once it has.
    pulse_until: Option<Uptime>,
    /// When "not heard" is announced next; `None` while the laptop responds.
    announce_at: Option<Uptime>,
    /// When the clicker rests if nothing happens.
    rests_at: Uptime,
}

/// Result of [`Liveness::update`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    None,
    Lost,
    Restored,
}

impl Liveness {
    /// Starts as if a pulse had arrived at `now`.
    pub(crate) fn new(now: Uptime) -> Self {
        Self { pulse_until: Some(now + PULSE_TIMEOUT), announce_at: None, rests_at: now + REST_AFTER }
    }

    pub(crate) const fn is_heard(&self) -> bool {
        self.announce_at.is_none()
    }

    pub(crate) fn pulse(&mut self, now: Uptime) {
        self.pulse_until = Some(now + PULSE_TIMEOUT);
        self.rests_at = now + REST_AFTER;
    }

    /// A button was touched. A resting clicker announces "not heard" at once.
    pub(crate) fn touched(&mut self, now: Uptime) {
        if self.is_resting(now) {
            self.announce_at = Some(now);
        }
        self.rests_at = now + REST_AFTER;
    }

    pub(crate) fn is_resting(&self, now: Uptime) -> bool {
        !self.is_heard() && now >= self.rests_at
    }

    /// When it will rest; `None` while the laptop responds or once it rests.
    pub(crate) fn rests_at(&self, now: Uptime) -> Option<Uptime> {
        (!self.is_heard() && now < self.rests_at).then_some(self.rests_at)
    }

    pub(crate) const fn pulse_deadline(&self) -> Option<Uptime> {
        self.pulse_until
    }

    pub(crate) fn expire_pulse(&mut self) {
        self.pulse_until = None;
    }

    pub(crate) const fn announce_at(&self) -> Option<Uptime> {
        self.announce_at
    }

    /// "Not heard" was announced at `now`, or is being announced.
    pub(crate) fn announced(&mut self, now: Uptime) {
        self.announce_at = Some(now + NOT_HEARD_REPEAT);
    }

    /// Re-evaluates, given whether an alarm is overdue.
    pub(crate) fn update(&mut self, now: Uptime, alarm_overdue: bool) -> Change {
        let heard = self.pulse_until.is_some() && !alarm_overdue;
        match (self.is_heard(), heard) {
            (true, true) | (false, false) => Change::None,
            (true, false) => {
                self.announced(now);
                Change::Lost
            }
            (false, true) => {
                self.announce_at = None;
                Change::Restored
            }
        }
    }
}
