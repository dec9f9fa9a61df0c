//! Notes for a small speaker and a vibration motor, as steps of constant pitch.

use core::time::Duration;

use handheld::Note;

/// Duration of a step of a glide: too short to be heard as a step, long enough to sleep.
const STEP_MS: u64 = 10;

/// Minimum vibration: a 10 mm motor takes this long to be felt, so it runs longer than a click of 15 ms sounds.
pub const MIN_VIBRATION: Duration = Duration::from_millis(60);

/// A constant pitch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// Pitch in Hz.
    pub hz: u16,
    /// Duration.
    pub lasts: Duration,
}

/// The steps of a note, from first to last pitch.
pub fn steps(note: Note) -> impl Iterator<Item = Step> {
    let whole = note.lasts.as_millis() as u64;
    let glides = note.from_hz != note.to_hz;
    let count = if glides { whole.div_ceil(STEP_MS).max(2) } else { 1 };
    (0..count).map(move |step| {
        let (from, to) = (i64::from(note.from_hz), i64::from(note.to_hz));
        let along = if count > 1 { (to - from) * step as i64 / (count as i64 - 1) } else { 0 };
        // Between two pitches that fit `u16`.
        let hz = (from + along) as u16;
        let ends = |step: u64| whole * step / count;
        Step { hz, lasts: Duration::from_millis(ends(step + 1) - ends(step)) }
    })
}

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
mod tests {
    use handheld::Sound;
    use wire::{Mode, Tone};

    use super::*;

    extern crate std;
    use std::vec::Vec;

    fn all() -> Vec<Sound> {
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
    fn a_note_is_played_from_its_first_pitch_to_its_last_in_its_time() {
        for sound in all() {
            let note = sound.note();
            let played: Vec<Step> = steps(note).collect();
            let (first, last) = (played[0], played[played.len() - 1]);
            assert_eq!((first.hz, last.hz), (note.from_hz, note.to_hz), "{sound:?}");
            assert_eq!(played.iter().map(|step| step.lasts).sum::<Duration>(), note.lasts, "{sound:?}");
            let rises = note.to_hz >= note.from_hz;
            assert!(played.windows(2).all(|two| (two[1].hz >= two[0].hz) == rises || two[1].hz == two[0].hz));
        }
    }

    #[test]
    fn no_cue_has_a_pause_in_it() {
        // A group of beeps has pauses. So would a step of zero length.
        for sound in all() {
            assert!(
                steps(sound.note()).all(|step| step.lasts > Duration::ZERO && step.hz >= 200),
                "{sound:?}"
            );
        }
    }

    #[test]
    fn every_cue_is_played_unlike_every_other() {
        let played: Vec<Vec<Step>> = all().into_iter().map(|sound| steps(sound.note()).collect()).collect();
        for (at, one) in played.iter().enumerate() {
            assert!(!played[at + 1..].contains(one), "{:?}", all()[at]);
        }
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
