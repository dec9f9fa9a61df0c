//! Whether anybody listens, as far as the clicker can know.
//!
//! ```text
//!            2.5 s without a pulse, or an alarm not stored within 1 s
//!   heard ----------------------------------------------------------> not heard: says so, every 2 s
//!     ^                                                                  |
//!     +------- a pulse has come, and every overdue alarm is stored ------+
//! ```
//!
//! After half an hour without a pulse and without a hand it rests: whoever forgot it is spared the sound, and its battery
//! the looks at the logo. The next touch of a button wakes it, and it says so again.

use core::time::Duration;

use crate::time::Uptime;

/// The laptop pulses twice a second: five pulses have failed.
pub const PULSE_TIMEOUT: Duration = Duration::from_millis(2500);

/// Between two sayings of "not heard": the cue lasts 0.9 s, and presses must be heard between.
pub const NOT_HEARD_REPEAT: Duration = Duration::from_secs(2);

/// So long without a pulse and without a hand: whoever comes back after it goes through screening anew anyway.
pub const REST_AFTER: Duration = Duration::from_secs(30 * 60);

#[derive(Debug, Clone)]
pub(crate) struct Liveness {
    /// When the laptop is taken to be gone; `None` once it is.
    pulse_until: Option<Uptime>,
    /// When "not heard" is said again; `None` while somebody listens.
    announce_at: Option<Uptime>,
    /// When it has been left alone for long enough to rest.
    rests_at: Uptime,
}

/// What changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    None,
    Lost,
    Restored,
}

impl Liveness {
    /// As if a pulse had come at `now`.
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

    /// A hand is on the clicker. One that rested says at once that nobody hears.
    pub(crate) fn touched(&mut self, now: Uptime) {
        if self.is_resting(now) {
            self.announce_at = Some(now);
        }
        self.rests_at = now + REST_AFTER;
    }

    pub(crate) fn is_resting(&self, now: Uptime) -> bool {
        !self.is_heard() && now >= self.rests_at
    }

    /// When it begins to rest, while it does not.
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

    /// "Not heard" has been said at `now`, or is being said.
    pub(crate) fn announced(&mut self, now: Uptime) {
        self.announce_at = Some(now + NOT_HEARD_REPEAT);
    }

    /// Judges anew, given whether an alarm is overdue.
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
