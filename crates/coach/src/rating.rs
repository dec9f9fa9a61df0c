//! The numeric rating (NRS, 1 to 10): what the touch does now.

use core::fmt;

/// A rating from 1 (barely felt) to 10 (the worst imaginable). "No rating" is `Option::None`, never a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Rating(u8);

impl Rating {
    /// The lowest rating.
    pub const MIN: Self = Self(1);
    /// The highest rating.
    pub const MAX: Self = Self(10);
    /// "Hurts so good" ends here: above 5 the coach asks for less (domain: pain scale, given).
    pub const CEILING: Self = Self(5);
    /// At this rating and above, hands come off at once (promise 2).
    pub const HANDS_OFF: Self = Self(8);
    /// At this rating and below it hardly hurts, and a hold may end after its minimum.
    pub const SOFT: Self = Self(2);

    /// The rating with this value, if it is one of 1 to 10.
    #[must_use]
    pub const fn new(value: u8) -> Option<Self> {
        if value >= 1 && value <= 10 { Some(Self(value)) } else { None }
    }

    /// The value, 1 to 10.
    #[must_use]
    pub const fn value(self) -> u8 {
        self.0
    }

    /// How far this rating lies below `other`; 0 where it does not.
    #[must_use]
    pub const fn below(self, other: Self) -> u8 {
        other.0.saturating_sub(self.0)
    }
}

impl fmt::Display for Rating {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_to_ten_are_ratings() {
        let valid: Vec<u8> = (0..=255).filter_map(Rating::new).map(Rating::value).collect();
        assert_eq!(valid, (1..=10).collect::<Vec<_>>());
    }
}
