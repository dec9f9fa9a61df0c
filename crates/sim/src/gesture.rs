//! Gestures of a hand on the clicker, and the button edges that they produce.

pub use plans::Button;

/// One gesture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gesture {
    /// A short press.
    Short(Button),
    /// Held for more than 600 ms, released before 2 s.
    Long(Button),
    /// Held for this many milliseconds.
    Hold(Button, u32),
    /// A, then B after this many milliseconds. Within 80 ms they need not overlap.
    Chord {
        /// From A down to B down.
        gap_ms: u32,
    },
}

/// A button edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edge {
    /// Milliseconds since the gesture began.
    pub after_ms: u32,
    /// Which button.
    pub button: Button,
    /// Down or up.
    pub down: bool,
}

/// A quick tap: shorter than the 80 ms in which a second button would make it a chord.
const SHORT_MS: u32 = 70;

/// Between the 600 ms of a long press and the 2 s of a STOP, nearer to the former.
const LONG_MS: u32 = 800;

/// How long both buttons of a chord stay down.
const CHORD_MS: u32 = 150;

/// Pause between two gestures: longer than the 80 ms of a chord, so that they stay separate.
pub const REST_MS: u32 = 120;

impl Gesture {
    /// A deliberate STOP: A held for more than 2 s.
    pub const STOP: Self = Self::Hold(Button::A, 2100);

    /// SHARP with a typical gap between the buttons.
    pub const SHARP: Self = Self::Chord { gap_ms: 30 };

    /// Edges in chronological order.
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

    /// Milliseconds from the first edge to the last.
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
