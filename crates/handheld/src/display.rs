//! The 5x5 lights as data.
//!
//! A display is chosen by the clicker's logic and drawn by a board (or a screen) from [`Display::rows`]. No two displays draw
//! the same, and none draws a number that is not the dial.

use wire::{Dial, Tone, Toward};

use crate::event::Button;

/// What the lights say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Display {
    /// Dark.
    Blank,
    /// The dial.
    Rating(Dial),
    /// The dial has no rating yet.
    NoRating,
    /// Nudged that way.
    Nudge(Toward),
    /// "That's the spot."
    Spot,
    /// A question was answered with this button.
    Answered(Button),
    /// "Less pressure, please."
    Less,
    /// The clicker asks back: "more?" Only a new touch of the logo says yes.
    AskMore,
    /// "More", confirmed.
    More,
    /// "It has let go."
    LetGo,
    /// SHARP, until the laptop has stored it.
    Sharp,
    /// STOP.
    Stop,
    /// The gesture means nothing here.
    Refused,
    /// No place is left to keep the gesture.
    Full,
    /// Storage does not take what is to be kept.
    StoreFault,
    /// No session is open.
    NoSession,
    /// Nobody hears: say it aloud.
    NotHeard,
    /// The logo is covered by a palm or cheek.
    Covered,
    /// Another laptop wants the clicker, and what is kept would be discarded: B held says yes.
    TakeOver,
    /// Told by the laptop.
    Tone(Tone),
}

impl Display {
    /// The five rows from top to bottom; of each, bit 4 is the leftmost light.
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
        // A dial is 1 to 10, so this is ten, as one glyph: nobody should have to read two.
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
    fn no_two_faces_draw_the_same() {
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
