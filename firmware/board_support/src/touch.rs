//! A touch logo: a bare pad with a large resistor to the supply. Pulled low and let go, it rises within a time that grows
//! with what touches it; a finger makes it several times as long.
//!
//! A board looks once, at [`Touch::sample_after_us`], whether the pad is still low, and says so.

use handheld::Edge;

/// The pad of the micro:bit v2 has 10 megohms and some 15 picofarads: it rises within 180 us. A finger adds a hundred.
const SAMPLE_AFTER_US: u32 = 320;

/// Nothing is taken for a touch later than this.
const MAX_SAMPLE_AFTER_US: u32 = 2000;

/// So many looks in a row say the same before it is believed: a radio event or the mains may spoil one.
const DEBOUNCE: u8 = 2;

/// A pad that was never found high, and is low at so many looks, 25 ms apart, is not touched but slower than was thought.
/// 20 s is longer than anybody is asked to hold it.
const STUCK_SAMPLES: u16 = 800;

/// What is known of the logo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Touch {
    sample_after_us: u32,
    touched: bool,
    /// So many looks have said opposite.
    opposite: u8,
    /// So many have found it touched.
    held: u16,
    /// Whether one has found it high: it does rise in this time.
    rises: bool,
}

impl Default for Touch {
    fn default() -> Self {
        Self::new()
    }
}

impl Touch {
    /// Not touched.
    #[must_use]
    pub const fn new() -> Self {
        Self { sample_after_us: SAMPLE_AFTER_US, touched: false, opposite: 0, held: 0, rises: false }
    }

    /// When to sample, in microseconds from letting it go.
    #[must_use]
    pub const fn sample_after_us(&self) -> u32 {
        self.sample_after_us
    }

    /// Whether it is touched.
    #[must_use]
    pub const fn is_touched(&self) -> bool {
        self.touched
    }

    /// Whether it may be about to change, so that it is looked at again soon.
    #[must_use]
    pub const fn is_in_doubt(&self) -> bool {
        self.opposite > 0
    }

    /// It was looked at, and was still low or not. The edge, where that makes one.
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
        // One that rises within half a millisecond, which nobody touches.
        let mut button_events = 0;
        for _ in 0..4 * u32::from(STUCK_SAMPLES) {
            let low = touch.sample_after_us() < 500;
            button_events += u32::from(touch.sample(low).is_some());
        }
        assert!(!touch.is_touched() && touch.sample_after_us() >= 500);
        assert!(button_events <= 4);
        // And then a finger is felt.
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
