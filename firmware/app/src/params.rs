//! Asking the laptop for a link that spares the battery and survives a fade.
//!
//! ```text
//!   secured --5 s--> ask for 15 ms --no answer in 5 s--> ask for 15 to 30 ms --> live with what there is
//! ```
//!
//! The stack says when the laptop has agreed and only logs when it has not, hence the waiting. BlueZ opens links with a
//! supervision timeout of 420 ms, which a hand under a body outlasts easily.

use core::time::Duration;

use handheld::Uptime;

/// After pairing and discovery, which want the air for themselves.
pub(crate) const SETTLED: Duration = Duration::from_secs(5);

/// An agreement takes six connection events and a few exchanges of messages.
const ANSWERED: Duration = Duration::from_secs(5);

/// So many events may be slept through: 15 ms x 31 x 3 = 1.4 s is below the timeout, as Apple asks.
pub(crate) const LATENCY: u16 = 30;

/// Silence for this long is the end of the link: a fade of two or three seconds is not.
pub(crate) const SUPERVISION: Duration = Duration::from_secs(4);

/// What is asked for: an interval from the first to the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ask {
    pub(crate) min: Duration,
    pub(crate) max: Duration,
}

const FIRST: Ask = Ask { min: Duration::from_millis(15), max: Duration::from_millis(15) };
const SECOND: Ask = Ask { min: Duration::from_millis(15), max: Duration::from_millis(30) };

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asking {
    /// Nothing is known of the laptop.
    NotYet,
    First {
        at: Uptime,
    },
    Second {
        at: Uptime,
    },
    Done,
}

impl Asking {
    /// The laptop of a bond is there.
    pub(crate) fn secured(&mut self, now: Uptime) {
        if *self == Self::NotYet {
            *self = Self::First { at: now + SETTLED };
        }
    }

    /// The link is kept otherwise from now on.
    pub(crate) fn updated(&mut self) {
        match self {
            // That was not an answer to anything asked.
            Self::NotYet | Self::First { .. } => {}
            Self::Second { .. } | Self::Done => *self = Self::Done,
        }
    }

    /// When [`Asking::due`] has something.
    pub(crate) const fn poll_timeout(&self) -> Option<Uptime> {
        match self {
            Self::First { at } | Self::Second { at } => Some(*at),
            Self::NotYet | Self::Done => None,
        }
    }

    /// What is to be asked for now.
    pub(crate) fn due(&mut self, now: Uptime) -> Option<Ask> {
        match *self {
            Self::First { at } if at <= now => {
                *self = Self::Second { at: now + ANSWERED };
                Some(FIRST)
            }
            Self::Second { at } if at <= now => {
                *self = Self::Done;
                Some(SECOND)
            }
            Self::First { .. } | Self::Second { .. } | Self::NotYet | Self::Done => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Uptime {
        Uptime::from_millis(seconds * 1000)
    }

    #[test]
    fn it_asks_once_when_the_laptop_agrees() {
        let mut asking = Asking::NotYet;
        assert_eq!(asking.poll_timeout(), None);
        asking.secured(at(1));
        asking.updated();
        assert_eq!((asking.poll_timeout(), asking.due(at(5))), (Some(at(6)), None));
        assert_eq!(asking.due(at(6)), Some(FIRST));
        asking.updated();
        assert_eq!((asking.poll_timeout(), asking.due(at(60))), (None, None));
    }

    #[test]
    fn it_asks_for_less_once_and_then_lives_with_it() {
        let mut asking = Asking::NotYet;
        asking.secured(at(0));
        assert_eq!(asking.due(at(5)), Some(FIRST));
        assert_eq!(asking.due(at(9)), None);
        assert_eq!(asking.due(at(10)), Some(SECOND));
        asking.secured(at(11));
        assert_eq!((asking.poll_timeout(), asking.due(at(99))), (None, None));
    }

    #[test]
    fn what_is_asked_for_fits_apple_and_the_specification() {
        for ask in [FIRST, SECOND] {
            let slept = ask.min * (u32::from(LATENCY) + 1);
            assert!(slept * 3 < SUPERVISION && slept < Duration::from_secs(2), "{ask:?}");
            assert!(ask.max * (u32::from(LATENCY) + 1) * 2 < SUPERVISION, "{ask:?}");
        }
    }
}
