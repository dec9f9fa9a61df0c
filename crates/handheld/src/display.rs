//! Content of the 5x5 LED display.
//!
//! The clicker's logic chooses a [`Display`]; a board or a screen draws its [`Display::rows`]. No two displays have the
//! same rows, and none looks like a number other than the dial.

use wire::{Dial, Tone, Toward};

use crate::event::Button;

/// What the LEDs show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Display {
    /// All LEDs off.
    Blank,
    /// The rating on the dial.
    Rating(Dial),
    /// No rating yet.
    NoRating,
    /// A nudge in that direction.
    Nudge(Toward),
    /// "That's the spot."
    Spot,
    /// A question was answered with this button.
    Answered(Button),
    /// "Less pressure, please."
    Less,
    /// The clicker asks "more?". Only a new touch of the logo confirms.
    AskMore,
    /// "More", confirmed.
    More,
    /// "It has let go."
    LetGo,
    /// SHARP, until the laptop has stored it.
    Sharp,
    /// STOP.
    Stop,
    /// The gesture has no meaning in this mode.
    Refused,
    /// No space is left to store the gesture.
    Full,
    /// Storage failed to store an event.
    StoreFault,
    /// No session is open.
    NoSession,
    /// The laptop does not respond: say it aloud.
    NotHeard,
    /// The logo is covered by a palm or cheek.
    Covered,
    /// Another laptop wants the clicker, which would discard stored events. Holding B agrees.
    TakeOver,
    /// The glyph of a tone played by the laptop.
    Tone(Tone),
}

impl Display {
    /// The five rows from top to bottom. Bit 4 is the leftmost LED.
    #[must_use]
    pub const fn rows(self) -> [u8; 5] {
        match self {
            Self::Blank => [0; 5],
            Self::Rating(dial) => digit(dial),
            Self::NoRating => [0, 0, 0b01110, 0, 0],
            Self::Nudge(Toward::Left) => [0b00100, 0b01000, 0b11111, 0b01000, 0b00100],
            Self::Nudge(Toward::Right) => [0b00100, 0b00010, 0b11111, 0b00010, 0b00100],
            Self::Nudge(Toward::Head) => [0b00100, 0b01110, 0b10101, 0b00100, 0b00100],
            Self::Nudge(Toward::Feet) => [0b00100, 0b00100, 0b10101, 0b01110, 0b00100],
            Self::Spot => [0b01110, 0b10001, 0b10101, 0b10001, 0b01110],
            Self::Answered(Button::A) => [0b01110, 0b10001, 0b11111, 0b10001, 0b10001],
            Self::Answered(Button::B) => [0b11110, 0b10001, 0b11110, 0b10001, 0b11110],
            Self::Answered(Button::Logo) => [0, 0b01110, 0b01010, 0b01110, 0],
            Self::Less => [0, 0b10001, 0b01010, 0b00100, 0],
            Self::AskMore => [0b00010, 0b00111, 0b10010, 0b01000, 0b10000],
            Self::More => [0b00100, 0b00100, 0b11111, 0b00100, 0b00100],
            Self::LetGo => [0b10001, 0b00000, 0b01110, 0b00000, 0b10001],
            Self::Sharp => [0b10001, 0b01010, 0b00100, 0b01010, 0b10001],
            Self::Stop => [0b11111; 5],
            Self::Refused => [0, 0b01010, 0b00100, 0b01010, 0],
            Self::Full => [0b11111, 0b10001, 0b11111, 0b11111, 0b11111],
            Self::StoreFault => [0b11111, 0b10001, 0b10101, 0b10001, 0b11111],
            Self::NoSession => [0b00111, 0b01001, 0b10101, 0b10010, 0b11100],
            Self::NotHeard => [0b01010, 0b01010, 0, 0b01110, 0b10001],
            Self::Covered => [0, 0b01110, 0b01110, 0b01110, 0],
            Self::TakeOver => [0b01010, 0b11111, 0b00000, 0b11111, 0b01010],
            Self::Tone(tone) => tone_rows(tone),
        }
    }
}

const fn digit(dial: Dial) -> [u8; 5] {
    match dial.value() {
        1 => [0b00100, 0b01100, 0b00100, 0b00100, 0b01110],
        2 => [0b01110, 0b00010, 0b01110, 0b01000, 0b01110],
        3 => [0b01110, 0b00010, 0b00110, 0b00010, 0b01110],
        4 => [0b01010, 0b01010, 0b01110, 0b00010, 0b00010],
        5 => [0b01110, 0b01000, 0b01110, 0b00010, 0b01110],
        6 => [0b01000, 0b01000, 0b01110, 0b01010, 0b01110],
        7 => [0b01110, 0b00010, 0b00100, 0b00100, 0b00100],
        8 => [0b01110, 0b01010, 0b01110, 0b01010, 0b01110],
        9 => [0b01110, 0b01010, 0b01110, 0b00010, 0b00010],
        // A dial is 1 to 10, so this is ten, as a single glyph: two digits in turn would take longer to read.
        _ => [0b10111, 0b10101, 0b10101, 0b10101, 0b10111],
    }
}

const fn tone_rows(tone: Tone) -> [u8; 5] {
    match tone {
        Tone::No => [0b11011, 0b11011, 0b00100, 0b11011, 0b11011],
        Tone::Question => [0b01110, 0b00010, 0b00110, 0, 0b00100],
        Tone::HoldBegins => [0b00100, 0b00100, 0b01110, 0b00100, 0b11111],
        Tone::MinimumReached => [0, 0b00001, 0b00010, 0b10100, 0b01000],
        Tone::TenSeconds => [0b11111, 0b01010, 0b00100, 0b01010, 0b11111],
        Tone::PressureOff => [0b00100, 0b01110, 0b00100, 0, 0b11111],
        Tone::Flush => [0b01001, 0b10010, 0, 0b01001, 0b10010],
        Tone::Over => [0b01010, 0, 0b10001, 0b01110, 0],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> impl Iterator<Item = Display> {
        let ratings = (1..=10).filter_map(Dial::new).map(Display::Rating);
        let nudges = [Toward::Left, Toward::Right, Toward::Head, Toward::Feet].map(Display::Nudge);
        let answers = [Button::A, Button::B, Button::Logo].map(Display::Answered);
        let told = [
            Tone::No,
            Tone::Question,
            Tone::HoldBegins,
            Tone::MinimumReached,
            Tone::TenSeconds,
            Tone::PressureOff,
            Tone::Flush,
            Tone::Over,
        ];
        let others = [
            Display::Blank,
            Display::NoRating,
            Display::Spot,
            Display::Less,
            Display::AskMore,
            Display::More,
            Display::LetGo,
            Display::Sharp,
            Display::Stop,
            Display::Refused,
            Display::Full,
            Display::StoreFault,
            Display::NoSession,
            Display::NotHeard,
            Display::Covered,
            Display::TakeOver,
        ];
        ratings.chain(nudges).chain(answers).chain(told.map(Display::Tone)).chain(others)
    }

    #[test]
    fn no_two_displays_have_the_same_rows() {
        for (at, display) in all().enumerate() {
            assert!(display.rows().iter().all(|row| *row < 32), "{display:?} is 5 lights wide");
            for other in all().skip(at + 1) {
                assert_ne!(display.rows(), other.rows(), "{display:?} and {other:?}");
            }
        }
    }

    #[test]
    fn arrows_mirror_each_other() {
        let [left, right, head, feet] = [Toward::Left, Toward::Right, Toward::Head, Toward::Feet]
            .map(|toward| Display::Nudge(toward).rows());
        assert_eq!(left.map(|row| row.reverse_bits() >> 3), right);
        assert_eq!(left[2], 0b11111);
        assert!(left[1] & 0b01000 != 0, "bit 4 is the leftmost light, and the point is at the left");
        let mut turned = head;
        turned.reverse();
        assert_eq!(turned, feet);
    }
}
