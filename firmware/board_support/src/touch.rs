//! Touch detection on a bare pad with a large pull-up resistor. The pad is pulled low and released; the time it takes
//! to rise grows with its capacitance, and a finger multiplies it.
//!
//! The board samples the level once, [`Touch::sample_after_us`] after the release, and passes it to [`Touch::sample`].

use handheld::Edge;

/// Delay of the sample in us. The pad of the micro:bit v2 has 10 megohms and about 15 picofarads, so it rises within
/// 180 us; a finger adds 100 picofarads.
const SAMPLE_AFTER_US: u32 = 320;

/// Upper limit of that delay, in us.
const MAX_SAMPLE_AFTER_US: u32 = 2000;

/// Equal samples needed to change the state: a radio event or mains hum may spoil one.
const DEBOUNCE: u8 = 2;

/// A pad that was never high and is low for this many samples, 25 ms apart, rises more slowly than assumed and is not
/// touched. 20 s is longer than anyone is asked to hold it.
const STUCK_SAMPLES: u16 = 800;

/// State of the touch logo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Touch {
    sample_after_us: u32,
    touched: bool,
    /// Consecutive samples that contradict the state.
    opposite: u8,
    /// Consecutive samples that found it touched.
    held: u16,
    /// Whether any sample was high, so that the delay is long enough.
    rises: bool,
}

impl Default for Touch {
    fn default() -> Self {
        Self::new()
    }
}

impl Touch {
    /// Starts as not touched.
    #[must_use]
    pub const fn new() -> Self {
        Self { sample_after_us: SAMPLE_AFTER_US, touched: false, opposite: 0, held: 0, rises: false }
    }

    /// Delay of the sample, in us after the release.
    #[must_use]
    pub const fn sample_after_us(&self) -> u32 {
        self.sample_after_us
    }

    /// Whether it is touched.
    #[must_use]
    pub const fn is_touched(&self) -> bool {
        self.touched
    }

    /// Whether the state may be about to change, so that the next sample should follow soon.
    #[must_use]
    pub const fn is_in_doubt(&self) -> bool {
        self.opposite > 0
    }

    /// Processes a sample, `low` or high. Returns the edge if the state changes.
    pub fn sample(&mut self, low: bool) -> Option<Edge> {
        self.rises |= !low;
        if low == self.touched {
            self.opposite = 0;
            self.held = if low { self.held.saturating_add(1) } else { 0 };
            if self.rises || self.held < STUCK_SAMPLES {
                return None;
            }
            self.sample_after_us = (self.sample_after_us + self.sample_after_us / 2).min(MAX_SAMPLE_AFTER_US);
            return Some(self.turn(false));
        }
        self.opposite += 1;
        if self.opposite < DEBOUNCE { None } else { Some(self.turn(low)) }
    }

    fn turn(&mut self, touched: bool) -> Edge {
        (self.touched, self.opposite, self.held) = (touched, 0, 0);
        if touched { Edge::Down } else { Edge::Up }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_look_that_says_otherwise_is_not_believed() {
        let mut touch = Touch::new();
        assert_eq!(touch.sample(true), None);
        assert!(touch.is_in_doubt());
        assert_eq!((touch.sample(false), touch.is_in_doubt()), (None, false));
        assert_eq!((touch.sample(true), touch.sample(true)), (None, Some(Edge::Down)));
        assert_eq!((touch.sample(false), touch.sample(true)), (None, None));
        assert!(touch.is_touched());
        assert_eq!((touch.sample(false), touch.sample(false)), (None, Some(Edge::Up)));
    }

    #[test]
    fn a_pad_that_is_always_low_is_looked_at_later() {
        let mut touch = Touch::new();
        // A pad that takes half a millisecond to rise, not touched.
        let mut edges = 0;
        for _ in 0..4 * u32::from(STUCK_SAMPLES) {
            let low = touch.sample_after_us() < 500;
            edges += u32::from(touch.sample(low).is_some());
        }
        assert!(!touch.is_touched() && touch.sample_after_us() >= 500);
        assert!(edges <= 4);
        // Then a touch is detected.
        assert_eq!((touch.sample(true), touch.sample(true)), (None, Some(Edge::Down)));
    }

    #[test]
    fn a_palm_that_lies_on_it_for_minutes_does_not_make_it_numb() {
        let mut touch = Touch::new();
        touch.sample(false);
        for _ in 0..5 * 60 * 40 {
            touch.sample(true);
        }
        assert!(touch.is_touched() && touch.sample_after_us() == SAMPLE_AFTER_US);
        assert_eq!((touch.sample(false), touch.sample(false)), (None, Some(Edge::Up)));
    }

    #[test]
    fn holding_it_for_ten_seconds_is_holding_it() {
        let mut touch = Touch::new();
        let button_events = (0..10_000 / 25).filter(|_| touch.sample(true).is_some()).count();
        assert!(touch.is_touched() && button_events == 1);
    }
}
