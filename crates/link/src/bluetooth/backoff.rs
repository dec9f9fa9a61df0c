//! How long to wait before trying again. There is no last try: a clicker comes back when it is carried back.

use core::time::Duration;

/// The waits before the first, second, ... try, the last of them before every further one.
///
/// At once after a link has ended, because most ends are a body in the way and over when they are noticed. Then slowly
/// enough that the radio's time goes into hearing the clicker, which each try interrupts, and never so slowly that
/// coming back into reach feels ignored.
const DELAYS: [Duration; 5] = [
    Duration::ZERO,
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(3),
];

/// Counts the tries since things last went well.
#[derive(Debug, Default)]
pub(super) struct Backoff {
    attempts: usize,
}

impl Backoff {
    /// How long to wait before the next try, which is counted by asking.
    pub(super) fn next_delay(&mut self) -> Duration {
        let wait = DELAYS[self.attempts.min(DELAYS.len() - 1)];
        self.attempts = self.attempts.saturating_add(1);
        wait
    }

    /// It went well: the next wait is the first again.
    pub(super) fn reset(&mut self) {
        self.attempts = 0;
    }
}

/// Connections in a row that fell before they were encrypted, and what is to be thought of them.
///
/// BlueZ before 5.73 does not tell that the clicker has no key for this computer: the connection stands for a moment and
/// falls. Being carried out of reach just then looks the same, and does not happen every time.
#[derive(Debug, Default)]
pub(super) struct EarlyDrops {
    count: u32,
}

/// As often as chance is not to be believed, and few enough that a person is told within ten seconds.
const MAX_EARLY_DROPS: u32 = 3;

impl EarlyDrops {
    /// One fell. Gives whether the clicker must have lost its key.
    pub(super) fn record(&mut self) -> bool {
        self.count += 1;
        self.count >= MAX_EARLY_DROPS
    }

    /// Something else happened.
    pub(super) fn reset(&mut self) {
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
    fn only_falls_in_a_row_are_no_chance() {
        let mut early_drops = EarlyDrops::default();
        assert!(!early_drops.record());
        assert!(!early_drops.record());
        early_drops.reset();
        assert!(!early_drops.record());
        assert!(!early_drops.record());
        assert!(early_drops.record());
    }
}
