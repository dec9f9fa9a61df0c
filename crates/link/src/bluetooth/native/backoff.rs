//! Backoff between connection attempts, and detection of a bond that the clicker has lost. Retries never stop: a
//! clicker may come back into reach at any time.

use core::time::Duration;

/// Delay before the first, second, ... attempt; the last value repeats.
///
/// The first attempt follows at once, because most disconnects are caused by a body in the way and are over when they
/// are noticed. Later attempts are slow enough to leave the radio time to scan, which each attempt interrupts, and
/// quick enough that a return into reach is noticed within 3 s.
const DELAYS: [Duration; 5] = [
    Duration::ZERO,
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(3),
];

/// Counts attempts since the last success.
#[derive(Debug, Default)]
pub(super) struct Backoff {
    attempts: usize,
}

impl Backoff {
    /// Delay before the next attempt. Each call counts as one attempt.
    pub(super) fn next_delay(&mut self) -> Duration {
        let wait = DELAYS[self.attempts.min(DELAYS.len() - 1)];
        self.attempts = self.attempts.saturating_add(1);
        wait
    }

    /// Resets after a success: the next delay is the first one again.
    pub(super) fn reset(&mut self) {
        self.attempts = 0;
    }
}

/// Counts consecutive connections that dropped before they were encrypted.
///
/// BlueZ before 5.73 does not report that the clicker has no key for this computer: the connection comes up and drops
/// at once. The edge of radio range looks the same for as long as the clicker is there, so this is only a suspicion.
#[derive(Debug, Default)]
pub(super) struct EarlyDrops {
    count: u32,
}

/// Consecutive drops before a lost bond is suspected. With the delays above the person is told within 10 s.
const MAX_EARLY_DROPS: u32 = 3;

impl EarlyDrops {
    /// Records one early drop.
    pub(super) const fn record(&mut self) {
        self.count = self.count.saturating_add(1);
    }

    /// Whether the clicker may have lost its key.
    pub(super) const fn is_suspicious(&self) -> bool {
        self.count >= MAX_EARLY_DROPS
    }

    /// Resets after any other outcome.
    pub(super) const fn reset(&mut self) {
        self.count = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_tries_at_once_then_slower_and_never_gives_up() {
        let mut backoff = Backoff::default();
        let millis: Vec<u128> = (0..8).map(|_| backoff.next_delay().as_millis()).collect();
        assert_eq!(millis, [0, 500, 1000, 2000, 3000, 3000, 3000, 3000]);
        backoff.attempts = usize::MAX;
        assert_eq!(backoff.next_delay(), Duration::from_secs(3));
    }

    #[test]
    fn after_a_success_it_tries_at_once_again() {
        let mut backoff = Backoff::default();
        for _ in 0..4 {
            backoff.next_delay();
        }
        backoff.reset();
        assert_eq!(backoff.next_delay(), Duration::ZERO);
    }

    #[test]
    fn three_drops_in_a_row_are_a_suspicion_until_something_else_happens() {
        let mut early_drops = EarlyDrops::default();
        for (again, suspicious) in [(0, false), (1, false), (2, true), (3, true)] {
            early_drops.record();
            assert_eq!(early_drops.is_suspicious(), suspicious, "{again}");
        }
        early_drops.reset();
        early_drops.record();
        assert!(!early_drops.is_suspicious());
    }
}
