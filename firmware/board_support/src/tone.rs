//! What a note is on a speaker and a vibration motor.

use core::time::Duration;

use handheld::Note;

/// Minimum vibration: a 10 mm motor takes this long to be felt, so it runs longer than a click of 15 ms sounds.
pub const MIN_VIBRATION: Duration = Duration::from_millis(60);

/// Whether the note is so short that it is always played to its end.
#[must_use]
pub fn is_click(note: Note) -> bool {
    note.from_hz == note.to_hz
}

/// How long a motor runs for the note.
#[must_use]
pub fn vibration_time(note: Note) -> Duration {
    note.lasts.max(MIN_VIBRATION)
}

/// How cues are played.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Volume {
    /// By the speaker, and by the motor if there is one.
    Heard,
    /// By the motor only.
    Felt,
}

impl Volume {
    /// The volume for a requested quiet mode. `Err` if it is refused because there is no motor: a clicker without any
    /// feedback cannot be used with eyes closed.
    pub const fn requested(quiet: bool, motor: bool) -> Result<Self, Self> {
        match (quiet, motor) {
            (false, _) => Ok(Self::Heard),
            (true, true) => Ok(Self::Felt),
            (true, false) => Err(Self::Heard),
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use handheld::Sound;
    use wire::{Mode, Tone};

    use super::*;

    extern crate std;
    use std::vec::Vec;

    /// Every cue.
    pub(crate) fn all() -> Vec<Sound> {
        let modes = [
            Mode::Rate,
            Mode::Hold,
            Mode::Ask,
            Mode::Locate,
            Mode::Settle,
            Mode::Release,
            Mode::Next,
            Mode::AfterSharp,
            Mode::Sides,
        ];
        let tones = [
            Tone::No,
            Tone::Question,
            Tone::HoldBegins,
            Tone::MinimumReached,
            Tone::TenSeconds,
            Tone::PressureOff,
            Tone::Flush,
            Tone::Over,
        ];
        let ticks = modes.into_iter().map(Sound::Tick);
        ticks.chain(tones.into_iter().map(Sound::from)).chain([Sound::NotHeard]).collect()
    }

    #[test]
    fn a_click_shakes_for_longer_than_it_sounds() {
        let click = Sound::Tick(Mode::Locate).note();
        assert!(is_click(click) && vibration_time(click) == MIN_VIBRATION);
        let glide = Sound::Over.note();
        assert!(!is_click(glide) && vibration_time(glide) == glide.lasts);
    }

    #[test]
    fn quiet_is_refused_without_a_motor() {
        assert_eq!(Volume::requested(true, false), Err(Volume::Heard));
        assert_eq!(Volume::requested(true, true), Ok(Volume::Felt));
        assert_eq!(Volume::requested(false, false), Ok(Volume::Heard));
        assert_eq!(Volume::requested(false, true), Ok(Volume::Heard));
    }
}
