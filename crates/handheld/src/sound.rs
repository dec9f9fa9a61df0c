//! The clicker's sounds as data; a board plays them.
//!
//! Each is one click or one glide, and no two are alike. The laptop's alarms are groups of beeps, so they cannot be
//! confused with these.

use core::time::Duration;

use wire::{Mode, Tone};

/// A sound, also felt where the board has a vibration motor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sound {
    /// A gesture was accepted in this mode, and the event survives a reset.
    Tick(Mode),
    /// The gesture was refused.
    No,
    /// A question.
    Question,
    /// A hold begins.
    HoldBegins,
    /// The minimum hold time is reached.
    MinimumReached,
    /// Ten seconds to the maximum hold time.
    TenSeconds,
    /// Pressure off.
    PressureOff,
    /// Flush strokes.
    Flush,
    /// The laptop does not respond: say it aloud.
    NotHeard,
    /// The session is over.
    Over,
}

/// A tone from its first to its last pitch. In a click the two are equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Note {
    /// First pitch in Hz, within the range of a 10 mm piezo speaker (200 to 4,000).
    pub from_hz: u16,
    /// Last pitch in Hz.
    pub to_hz: u16,
    /// Duration. A vibration motor runs for the same time.
    pub lasts: Duration,
}

impl Sound {
    /// The note to play. Clicks are shorter than 50 ms, each mode with a pitch of its own; glides are longer.
    #[must_use]
    pub const fn note(self) -> Note {
        match self {
            Self::Tick(mode) => tick(mode),
            Self::No => glide(400, 250, 250),
            Self::Question => glide(700, 1400, 350),
            Self::HoldBegins => glide(500, 750, 300),
            Self::MinimumReached => glide(900, 1200, 300),
            Self::TenSeconds => glide(1200, 1000, 200),
            Self::PressureOff => glide(1600, 500, 700),
            Self::Flush => glide(600, 450, 500),
            Self::NotHeard => glide(2600, 300, 900),
            Self::Over => glide(1000, 350, 1200),
        }
    }
}

impl From<Tone> for Sound {
    fn from(tone: Tone) -> Self {
        match tone {
            Tone::No => Self::No,
            Tone::Question => Self::Question,
            Tone::HoldBegins => Self::HoldBegins,
            Tone::MinimumReached => Self::MinimumReached,
            Tone::TenSeconds => Self::TenSeconds,
            Tone::PressureOff => Self::PressureOff,
            Tone::Flush => Self::Flush,
            Tone::Over => Self::Over,
        }
    }
}

const fn tick(mode: Mode) -> Note {
    match mode {
        Mode::Rate => click(1000, 20),
        Mode::Hold => click(1250, 20),
        Mode::Release => click(800, 20),
        Mode::Ask => click(1600, 30),
        Mode::Sides => click(1800, 30),
        Mode::Locate => click(2000, 15),
        Mode::Settle => click(2200, 15),
        Mode::Next => click(2500, 40),
        Mode::AfterSharp => click(2800, 40),
    }
}

const fn click(hz: u16, ms: u64) -> Note {
    Note { from_hz: hz, to_hz: hz, lasts: Duration::from_millis(ms) }
}

const fn glide(from_hz: u16, to_hz: u16, ms: u64) -> Note {
    Note { from_hz, to_hz, lasts: Duration::from_millis(ms) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Sound; 18] = [
        Sound::Tick(Mode::Rate),
        Sound::Tick(Mode::Hold),
        Sound::Tick(Mode::Ask),
        Sound::Tick(Mode::Locate),
        Sound::Tick(Mode::Settle),
        Sound::Tick(Mode::Release),
        Sound::Tick(Mode::Next),
        Sound::Tick(Mode::AfterSharp),
        Sound::Tick(Mode::Sides),
        Sound::No,
        Sound::Question,
        Sound::HoldBegins,
        Sound::MinimumReached,
        Sound::TenSeconds,
        Sound::PressureOff,
        Sound::Flush,
        Sound::NotHeard,
        Sound::Over,
    ];

    #[test]
    fn no_two_cues_sound_the_same() {
        for (at, sound) in ALL.iter().enumerate() {
            for other in &ALL[at + 1..] {
                assert_ne!(sound.note(), other.note(), "{sound:?} and {other:?}");
            }
        }
    }

    #[test]
    fn ticks_are_clicks_and_all_else_glides() {
        for sound in ALL {
            let note = sound.note();
            let click = note.from_hz == note.to_hz && note.lasts < Duration::from_millis(50);
            assert_eq!(click, matches!(sound, Sound::Tick(_)), "{sound:?}");
            assert!(note.from_hz.min(note.to_hz) >= 200 && note.from_hz.max(note.to_hz) <= 4000, "{sound:?}");
        }
    }
}
