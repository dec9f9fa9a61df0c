//! Time on the clicker.
//!
//! An [`Uptime`] is monotonic within a boot. It orders events and tells the laptop how old they are; holds are not
//! timed with it. A clicker does not know the wall-clock time.

use core::ops::Add;
use core::time::Duration;

/// Milliseconds since the clicker started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Uptime(u64);

impl Uptime {
    /// The start of this boot.
    pub const START: Self = Self(0);

    /// `ms` milliseconds after the start.
    #[must_use]
    pub const fn from_millis(ms: u64) -> Self {
        Self(ms)
    }

    /// Milliseconds since the start.
    #[must_use]
    pub const fn as_millis(self) -> u64 {
        self.0
    }

    /// The time since `earlier`; zero if that is in the future.
    #[must_use]
    pub const fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(self.0.saturating_sub(earlier.0))
    }

    /// As sent in messages. It wraps after 49 days, longer than any battery lasts.
    pub(crate) const fn to_wire(self) -> u32 {
        self.0 as u32
    }
}

impl Add<Duration> for Uptime {
    type Output = Self;

    fn add(self, by: Duration) -> Self {
        Self(self.0.saturating_add(u64::try_from(by.as_millis()).unwrap_or(u64::MAX)))
    }
}
