//! Pictures for the 5x5 LED display: the display chosen by the logic, or the state of pairing.

use handheld::Display;
use wire::Dial;

/// A picture for the LED display.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Picture {
    /// Chosen by the clicker's logic.
    Display(Display),
    /// Chosen by the pairing window.
    Pairing(PairingDisplay),
}

/// What the pairing window shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PairingDisplay {
    /// The window is open: a laptop may pair.
    Open,
    /// Dark, between two digits.
    Gap,
    /// One digit of the passkey.
    Digit {
        /// Its position, 1 to 6.
        place: u8,
        /// Its value, 0 to 9.
        digit: u8,
    },
    /// The pairing succeeded.
    Paired,
    /// The attempt failed.
    Failed,
    /// All bonds are deleted.
    Forgotten,
}

impl Picture {
    /// The five rows from top to bottom. Bit 4 is the leftmost LED.
    #[must_use]
    pub const fn rows(self) -> [u8; 5] {
        match self {
            Self::Display(face) => face.rows(),
            Self::Pairing(face) => face.rows(),
        }
    }
}

impl PairingDisplay {
    /// The five rows from top to bottom. Bit 4 is the leftmost LED.
    ///
    /// A digit is in the middle. The outer columns count its position: one to three LEDs on the left, and for the
    /// second half of the passkey three on the left and one to three on the right.
    #[must_use]
    pub const fn rows(self) -> [u8; 5] {
        match self {
            Self::Open => [0b00110, 0b10101, 0b01110, 0b10101, 0b00110],
            Self::Gap => [0; 5],
            Self::Digit { place, digit } => {
                let mut rows = glyph(digit);
                let mut counted = 0;
                while counted < place && counted < 6 {
                    let row = 2 * (counted % 3);
                    rows[row as usize] |= if counted < 3 { 0b10000 } else { 0b00001 };
                    counted += 1;
                }
                rows
            }
            Self::Paired => [0, 0b00001, 0b00010, 0b10100, 0b11111],
            Self::Failed => [0b10001, 0, 0b00100, 0, 0b10001],
            Self::Forgotten => [0b01110, 0b10001, 0b10001, 0b10001, 0b01110],
        }
    }
}

/// The three middle columns: the digits of the dial, and zero.
const fn glyph(digit: u8) -> [u8; 5] {
    match Dial::new(digit) {
        Some(dial) if digit < 10 => Display::Rating(dial).rows(),
        _ => [0b01110, 0b01010, 0b01010, 0b01010, 0b01110],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_digit_at_every_place_can_be_told_from_every_other() {
        let digits =
            (1..=6).flat_map(|place| (0..10).map(move |digit| PairingDisplay::Digit { place, digit }));
        let others = [
            PairingDisplay::Open,
            PairingDisplay::Gap,
            PairingDisplay::Paired,
            PairingDisplay::Failed,
            PairingDisplay::Forgotten,
        ];
        let all: heapless::Vec<_, 80> = digits.chain(others).collect();
        assert_eq!(all.len(), 65);
        for (at, face) in all.iter().enumerate() {
            for other in &all[at + 1..] {
                assert_ne!(face.rows(), other.rows(), "{face:?} and {other:?}");
            }
        }
    }

    #[test]
    fn a_digit_leaves_the_columns_of_its_place_free() {
        for digit in 0..10 {
            for row in glyph(digit) {
                assert_eq!(row & 0b10001, 0, "{digit}");
            }
        }
    }

    #[test]
    fn no_digit_of_a_passkey_is_taken_for_a_rating() {
        for value in 1..=10 {
            let rating = Display::Rating(Dial::new(value).unwrap()).rows();
            for place in 1..=6 {
                for digit in 0..10 {
                    assert_ne!(PairingDisplay::Digit { place, digit }.rows(), rating);
                }
            }
        }
    }
}
