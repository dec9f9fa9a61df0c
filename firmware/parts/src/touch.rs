//! A touch logo: a bare pad with a large resistor to the supply. Pulled low and let go, it rises within a time that grows
//! with what touches it; a finger makes it several times as long.
//!
//! A board looks once, at [`Touch::after_us`], whether the pad is still low, and says so.

use handheld::Edge;

/// The pad of the micro:bit v2 has 10 megohms and some 15 picofarads: it rises within 180 us. A finger adds a hundred.
const AFTER_US: u32 = 320;

/// Nothing is taken for a touch later than this.
const LATEST_US: u32 = 2000;

/// So many looks in a row say the same before it is believed: a radio event or the mains may spoil one.
const AGREE: u8 = 2;

/// A pad that was never found high, and is low at so many looks, 25 ms apart, is not touched but slower than was thought.
/// 20 s is longer than anybody is asked to hold it.
const STUCK: u16 = 800;

/// What is known of the logo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Touch {
    after_us: u32,
    touched: bool,
    /// So many looks have said otherwise.
    otherwise: u8,
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
        Self { after_us: AFTER_US, touched: false, otherwise: 0, held: 0, rises: false }
    }

    /// When to look, in microseconds from letting it go.
    #[must_use]
    pub const fn after_us(&self) -> u32 {
        self.after_us
    }

    /// Whether it is touched.
    #[must_use]
    pub const fn is_touched(&self) -> bool {
        self.touched
    }

    /// Whether it may be about to change, so that it is looked at again soon.
    #[must_use]
    pub const fn is_in_doubt(&self) -> bool {
        self.otherwise > 0
    }

    /// It was looked at, and was still low or not. The edge, where that makes one.
    pub fn look(&mut self, low: bool) -> Option<Edge> {
        self.rises |= !low;
        if low == self.touched {
            self.otherwise = 0;
            self.held = if low { self.held.saturating_add(1) } else { 0 };
            if self.rises || self.held < STUCK {
                return None;
            }
            self.after_us = (self.after_us + self.after_us / 2).min(LATEST_US);
            return Some(self.turn(false));
        }
        self.otherwise += 1;
        if self.otherwise < AGREE { None } else { Some(self.turn(low)) }
    }

    fn turn(&mut self, touched: bool) -> Edge {
        (self.touched, self.otherwise, self.held) = (touched, 0, 0);
        if touched { Edge::Down } else { Edge::Up }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_look_that_says_otherwise_is_not_believed() {
        let mut touch = Touch::new();
        assert_eq!(touch.look(true), None);
        assert!(touch.is_in_doubt());
        assert_eq!((touch.look(false), touch.is_in_doubt()), (None, false));
        assert_eq!((touch.look(true), touch.look(true)), (None, Some(Edge::Down)));
        assert_eq!((touch.look(false), touch.look(true)), (None, None));
        assert!(touch.is_touched());
        assert_eq!((touch.look(false), touch.look(false)), (None, Some(Edge::Up)));
    }

    #[test]
    fn a_pad_that_is_always_low_is_looked_at_later() {
        let mut touch = Touch::new();
        // One that rises within half a millisecond, which nobody touches.
        let mut edges = 0;
        for _ in 0..4 * u32::from(STUCK) {
            let low = touch.after_us() < 500;
            edges += u32::from(touch.look(low).is_some());
        }
        assert!(!touch.is_touched() && touch.after_us() >= 500);
        assert!(edges <= 4);
        // And then a finger is felt.
        assert_eq!((touch.look(true), touch.look(true)), (None, Some(Edge::Down)));
    }

    #[test]
    fn a_palm_that_lies_on_it_for_minutes_does_not_make_it_numb() {
        let mut touch = Touch::new();
        touch.look(false);
        for _ in 0..5 * 60 * 40 {
            touch.look(true);
        }
        assert!(touch.is_touched() && touch.after_us() == AFTER_US);
        assert_eq!((touch.look(false), touch.look(false)), (None, Some(Edge::Up)));
    }

    #[test]
    fn holding_it_for_ten_seconds_is_holding_it() {
        let mut touch = Touch::new();
        let edges = (0..10_000 / 25).filter(|_| touch.look(true).is_some()).count();
        assert!(touch.is_touched() && edges == 1);
    }
}
