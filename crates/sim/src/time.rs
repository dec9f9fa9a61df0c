//! The one clock of a simulated world.
//!
//! The caller derives both the laptop's `Moment` and the clicker's `Uptime` from it; neither device sees this clock
//! itself.

use core::ops::Add;
use core::time::Duration;

/// Milliseconds since the simulated world began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Time(u64);

impl Time {
    /// The beginning of the world.
    pub const START: Self = Self(0);

    /// This many milliseconds after the beginning.
    #[must_use]
    pub const fn from_millis(ms: u64) -> Self {
        Self(ms)
    }

    /// Milliseconds since the beginning.
    #[must_use]
    pub const fn as_millis(self) -> u64 {
        self.0
    }

    /// Milliseconds since `earlier`; 0 where that is not in the past.
    #[must_use]
    pub const fn since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }

    /// This many milliseconds later.
    #[must_use]
    pub const fn plus(self, ms: u64) -> Self {
        Self(self.0.saturating_add(ms))
    }
}

impl Add<Duration> for Time {
    type Output = Self;

    fn add(self, by: Duration) -> Self {
        self.plus(u64::try_from(by.as_millis()).unwrap_or(u64::MAX))
    }
}
