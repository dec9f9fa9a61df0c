//! Tones as data, and their samples. Alarm levels differ in pattern and in pitch, so that a person who hears only one of
//! the two still tells them apart. The patterns follow the pulse groups of medical alarms: 3 + 2, 3, and 1.

use coach::{Level, Prompt};

/// Samples per second, one channel.
pub const SAMPLE_RATE: u32 = 24_000;

/// Milliseconds in which a pulse swells and fades, so that it does not click.
const EDGE_MS: u32 = 8;

/// A tone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tone {
    /// Hands off.
    AlarmHigh,
    /// Ease off.
    AlarmMedium,
    /// Attention; nothing has to come off.
    AlarmLow,
    /// One of a count: three, two, one, and the last five seconds of a hold.
    Count,
    /// The hold begins.
    HoldBegins,
    /// The minimum of the hold is reached.
    Minimum,
    /// Ten seconds to the maximum.
    TenSeconds,
    /// Release slowly.
    Release,
    /// Flush strokes begin.
    Flush,
}

/// A pulse: its pitch in hertz (0 is silence) and its length in milliseconds.
pub(crate) type Pulse = (u32, u32);

impl Tone {
    /// All tones.
    pub const ALL: [Self; 9] = [
        Self::AlarmHigh,
        Self::AlarmMedium,
        Self::AlarmLow,
        Self::Count,
        Self::HoldBegins,
        Self::Minimum,
        Self::TenSeconds,
        Self::Release,
        Self::Flush,
    ];

    /// The tone that goes with a prompt.
    #[must_use]
    pub const fn of(prompt: &Prompt) -> Option<Self> {
        match prompt {
            Prompt::Countdown { .. } => Some(Self::Count),
            Prompt::HowMuch => Some(Self::HoldBegins),
            Prompt::TenSeconds => Some(Self::TenSeconds),
            Prompt::ReleaseLetGo | Prompt::ReleaseHardlyHurt | Prompt::ReleaseMaximum => Some(Self::Release),
            Prompt::Flush | Prompt::FlushAround => Some(Self::Flush),
            // Attention is for what nobody expects; a question is part of the course of things.
            Prompt::NoSignal | Prompt::ClickerRestarted | Prompt::AskAloud | Prompt::Stopped { .. } => {
                Some(Self::AlarmLow)
            }
            _ => match prompt.level() {
                Level::High => Some(Self::AlarmHigh),
                Level::Medium => Some(Self::AlarmMedium),
                Level::Low | Level::Calm => None,
            },
        }
    }

    /// The pulses of the tone, in order.
    pub(crate) const fn pulses(self) -> &'static [Pulse] {
        match self {
            Self::AlarmHigh => &[
                (988, 90),
                (0, 60),
                (988, 90),
                (0, 60),
                (988, 90),
                (0, 180),
                (1_319, 90),
                (0, 60),
                (1_319, 90),
            ],
            Self::AlarmMedium => &[(740, 150), (0, 120), (740, 150), (0, 120), (740, 150)],
            Self::AlarmLow => &[(554, 220)],
            Self::Count => &[(660, 70)],
            Self::HoldBegins => &[(660, 100), (880, 200)],
            Self::Minimum => &[(880, 100), (0, 50), (880, 100)],
            Self::TenSeconds => &[(440, 100), (0, 50), (440, 100)],
            Self::Release => &[(880, 120), (660, 120), (523, 240)],
            Self::Flush => &[(523, 100), (659, 100), (523, 100)],
        }
    }

    /// How long the tone lasts, in milliseconds.
    #[must_use]
    pub fn millis(self) -> u32 {
        self.pulses().iter().map(|(_, ms)| ms).sum()
    }

    /// The samples of the tone as 16-bit little-endian PCM, one channel, [`SAMPLE_RATE`]. `volume` is in percent, 100 at
    /// most.
    #[must_use]
    pub fn pcm(self, volume: u8) -> Vec<u8> {
        let loudest = f64::from(i16::MAX) * f64::from(volume.min(100)) / 100.0;
        let mut pcm = Vec::new();
        for &(pitch, ms) in self.pulses() {
            let (samples, edge) = (SAMPLE_RATE * ms / 1_000, SAMPLE_RATE * EDGE_MS / 1_000);
            for n in 0..samples {
                let swell = f64::from(n.min(samples - n - 1).min(edge)) / f64::from(edge);
                let turns = f64::from(n) * f64::from(pitch) / f64::from(SAMPLE_RATE);
                // A third harmonic carries through a pillow better than a pure tone.
                let wave = (turns * std::f64::consts::TAU).sin() * 0.8
                    + (turns * 3.0 * std::f64::consts::TAU).sin() * 0.2;
                pcm.extend(((wave * swell * loudest) as i16).to_le_bytes());
            }
        }
        pcm
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn sounding(tone: Tone) -> Vec<u32> {
        tone.pulses().iter().filter(|(pitch, _)| *pitch > 0).map(|(pitch, _)| *pitch).collect()
    }

    #[test]
    fn alarm_levels_differ_in_pattern_and_in_pitch() {
        assert_eq!(sounding(Tone::AlarmHigh).len(), 5);
        assert_eq!(sounding(Tone::AlarmMedium).len(), 3);
        assert_eq!(sounding(Tone::AlarmLow).len(), 1);
        let pitches: BTreeSet<u32> =
            [Tone::AlarmHigh, Tone::AlarmMedium, Tone::AlarmLow].map(|tone| sounding(tone)[0]).into();
        assert_eq!(pitches.len(), 3);
    }

    #[test]
    fn no_two_tones_are_the_same() {
        let patterns: BTreeSet<&[Pulse]> = Tone::ALL.map(Tone::pulses).into();
        assert_eq!(patterns.len(), Tone::ALL.len());
    }

    #[test]
    fn samples_last_as_long_as_the_tone_and_volume_zero_is_silence() {
        for tone in Tone::ALL {
            let pcm = tone.pcm(100);
            assert_eq!(pcm.len() as u32, tone.millis() * SAMPLE_RATE / 1_000 * 2);
            let loudest = |pcm: &[u8]| {
                pcm.chunks(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]]).unsigned_abs()).max().unwrap()
            };
            assert!(loudest(&pcm) > 20_000, "{tone:?}");
            assert_eq!(loudest(&tone.pcm(0)), 0);
            // It begins and ends at rest.
            assert_eq!((&pcm[..2], &pcm[pcm.len() - 2..]), (&[0, 0][..], &[0, 0][..]));
        }
    }

    #[test]
    fn an_alarm_has_the_tone_of_its_level() {
        assert_eq!(Tone::of(&Prompt::SharpHolding), Some(Tone::AlarmHigh));
        assert_eq!(Tone::of(&Prompt::LittleLess), Some(Tone::AlarmMedium));
        assert_eq!(Tone::of(&Prompt::NoSignal), Some(Tone::AlarmLow));
        assert_eq!(Tone::of(&Prompt::AskSharp), None);
    }
}
