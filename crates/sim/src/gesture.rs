//! What a hand does on the clicker, and the button edges that come of it.

pub use plans::Button;

/// One gesture of a hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gesture {
    /// A short press.
    Short(Button),
    /// Held for more than 600 ms, released before 2 s.
    Long(Button),
    /// Held for this many milliseconds.
    Hold(Button, u32),
    /// A and B, B this many milliseconds after A. Within 80 ms they need not even overlap.
    Chord {
        /// From A down to B down.
        gap_ms: u32,
    },
}

/// A button going down or up, so many milliseconds after the gesture began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edge {
    /// When.
    pub after_ms: u32,
    /// Which button.
    pub button: Button,
    /// Down or up.
    pub down: bool,
}

/// A tap: shorter than the 80 ms in which a second button would make it a chord, as quick people press.
const SHORT_MS: u32 = 70;

/// Between the 600 ms of a long press and the 2 s of a STOP, nearer to the former.
const LONG_MS: u32 = 800;

/// For how long both buttons of a chord stay down together.
const CHORD_MS: u32 = 150;

/// For how long a hand needs to rest between two gestures, so that they stay two: more than the 80 ms of a chord.
pub const REST_MS: u32 = 120;

impl Gesture {
    /// The STOP of a hand that means it: A held for more than 2 s.
    pub const STOP: Self = Self::Hold(Button::A, 2100);

    /// SHARP, as most hands do it.
    pub const SHARP: Self = Self::Chord { gap_ms: 30 };

    /// The edges, in the order of time.
    #[must_use]
    pub fn edges(self) -> Vec<Edge> {
        match self {
            Self::Short(button) => press(button, SHORT_MS),
            Self::Long(button) => press(button, LONG_MS),
            Self::Hold(button, ms) => press(button, ms),
            Self::Chord { gap_ms } => {
                let up = gap_ms + CHORD_MS;
                vec![
                    Edge { after_ms: 0, button: Button::A, down: true },
                    Edge { after_ms: gap_ms, button: Button::B, down: true },
                    Edge { after_ms: up, button: Button::A, down: false },
                    Edge { after_ms: up, button: Button::B, down: false },
                ]
            }
        }
    }

    /// From its first edge to its last.
    #[must_use]
    pub fn lasts_ms(self) -> u32 {
        match self {
            Self::Short(_) => SHORT_MS,
            Self::Long(_) => LONG_MS,
            Self::Hold(_, ms) => ms,
            Self::Chord { gap_ms } => gap_ms + CHORD_MS,
        }
    }
}

fn press(button: Button, ms: u32) -> Vec<Edge> {
    vec![Edge { after_ms: 0, button, down: true }, Edge { after_ms: ms, button, down: false }]
}
