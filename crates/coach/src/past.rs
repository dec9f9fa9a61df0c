//! What earlier sessions of the same receiver tell this one, as plain values. Nothing here reads a clock: whoever
//! begins a session works out the ages.

use core::fmt;
use core::time::Duration;

use crate::body::Spot;
use crate::dose::Pressed;
use crate::screening::Question;

/// What is known of a receiver from before.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Past {
    /// The day of this session, which clearances given in it are stored with.
    pub today: Option<Day>,
    /// What one who knows of it has said is fine, and when that was told first.
    pub cleared: Vec<Cleared>,
    /// What was pressed, in the 48 hours before this session began.
    pub worked: Vec<Worked>,
    /// Spots that SHARP closed, and that have to be asked about.
    pub sharps: Vec<Before>,
}

/// An earlier answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cleared {
    /// The question that was answered yes.
    pub question: Question,
    /// The day on which it was first told that massage is fine.
    pub on: Day,
}

/// Something that was at a spot, this long before the session began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Before {
    /// Where.
    pub spot: Spot,
    /// How long before the session began.
    pub ago: Duration,
}

/// Pressure that ended this long before the session began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Worked {
    /// Where, and for how long.
    pub pressed: Pressed,
    /// How long before the session began.
    pub ago: Duration,
}

/// A day of the calendar. What lies between two days is the business of whoever has a calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Day {
    year: u16,
    month: u8,
    day: u8,
}

impl Day {
    /// The day, where the calendar has it: `year` up to 9999.
    #[must_use]
    pub const fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        if year <= 9_999 && 1 <= day && day <= last_of_month(year, month) {
            Some(Self { year, month, day })
        } else {
            None
        }
    }

    /// The day written as `2026-11-22`.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let day =
            Self::new(parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?)?;
        // Written otherwise, the same day would have two spellings in the record.
        (parts.next().is_none() && day.to_string() == text).then_some(day)
    }

    /// Year, month and day, for a sentence to weave in.
    #[must_use]
    pub const fn parts(self) -> (u32, u8, u8) {
        (self.year as u32, self.month, self.day)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// The last day of this month; 0 where there is no such month.
const fn last_of_month(year: u16, month: u8) -> u8 {
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_read_as_it_is_written_and_in_no_other_way() {
        let day = Day::new(2026, 11, 2).unwrap();
        assert_eq!(day.to_string(), "2026-11-02");
        assert_eq!(Day::from_text("2026-11-02"), Some(day));
        for text in ["2026-11-2", "2026-13-01", "2026-11-32", "2026-11-02-", "02.11.2026", "", "2026-11"] {
            assert_eq!(Day::from_text(text), None, "{text}");
        }
        for text in ["2026-02-29", "1900-02-29", "2026-02-30", "2026-04-31", "2026-00-10", "2026-01-00"] {
            assert_eq!(Day::from_text(text), None, "{text}");
        }
        assert!(Day::from_text("2024-02-29").is_some() && Day::from_text("2000-02-29").is_some());
        assert!(Day::new(2025, 12, 31) < Day::new(2026, 1, 1), "they are in order");
    }
}
