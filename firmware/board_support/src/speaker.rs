//! Plays a note as one sequence of an nRF52 PWM (nRF52833 Product Specification, PWM), which the peripheral reads by
//! itself: no processor time passes between start and end, so nothing waits for a note.
//!
//! In waveform mode the peripheral reads four words for each entry: three compare values, of which this speaker uses
//! the first, and the length of the PWM period. An entry is repeated for a fixed number of periods.
//!
//! **A PWM that is disabled ignores a start**, so it is enabled first.

use core::time::Duration;

use handheld::Note;

/// Counts of the PWM in a second: 16 MHz / 16.
const COUNTS_PER_SECOND: u64 = 1_000_000;

/// Words of an entry.
const ENTRY: usize = 4;

/// Entries of the longest sequence. Longer notes repeat each entry for more periods: the widest glide, of 1,300 periods,
/// changes its pitch every four of them (1.5 to 13 ms).
const ENTRIES: usize = 400;

/// Memory for a sequence: its entries, and a silent one.
pub type SpeakerWords = [u16; (ENTRIES + 1) * ENTRY];

/// A [`SpeakerWords`] to start with.
pub const SPEAKER_WORDS: SpeakerWords = [0; (ENTRIES + 1) * ENTRY];

/// Bit of a compare value: the output begins the period high and falls, instead of beginning low.
const FALLING: u16 = 0x8000;

/// Length of the silent entry in counts.
const SILENT_COUNTS: u16 = 1000;

/// Registers that a note uses. Those of sequences are of sequence 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PwmRegister {
    /// Pin of channel 0: its number, and 32 more for port 1.
    Pin,
    /// Counter mode: 0 counts up.
    Mode,
    /// Power of two by which 16 MHz are divided.
    Prescaler,
    /// What the words of a sequence mean: 3 is a waveform.
    Decoder,
    /// Repetitions of both sequences: 0 plays one of them once.
    Loop,
    /// Events that trigger tasks: bit 0 stops the PWM at the end of the sequence.
    Shorts,
    /// Periods for which an entry is repeated, after the first.
    Refresh,
    /// Periods added after the sequence.
    EndDelay,
    /// 1 enables, 0 disables; a disabled PWM leaves its pin to the GPIO.
    Enable,
    /// Task: starts the sequence.
    Start,
    /// Task: stops at the end of the period.
    Stop,
}

/// The registers of a PWM.
pub trait Pwm {
    /// Writes a register.
    fn write(&mut self, register: PwmRegister, value: u32);

    /// Sets the address and number of words of the sequence. The words do not change until the PWM has been disabled.
    fn set_words(&mut self, words: &[u16]);
}

/// A speaker at channel 0 of a PWM.
#[derive(Debug)]
pub struct Speaker<P> {
    pwm: P,
    words: &'static mut SpeakerWords,
}

impl<P: Pwm> Speaker<P> {
    /// A silent speaker at this pin, which is an output and low.
    pub fn new(mut pwm: P, pin: u8, words: &'static mut SpeakerWords) -> Self {
        for (register, value) in [
            (PwmRegister::Enable, 0),
            (PwmRegister::Pin, pin.into()),
            (PwmRegister::Mode, 0),
            (PwmRegister::Prescaler, 4),
            (PwmRegister::Decoder, 3),
            (PwmRegister::Loop, 0),
            (PwmRegister::EndDelay, 0),
            (PwmRegister::Shorts, 1),
        ] {
            pwm.write(register, value);
        }
        Self { pwm, words }
    }

    /// Starts a note, in place of one that is sounding. It ends by itself; [`Speaker::stop`] saves its current. Returns
    /// how long it sounds, which differs from the note's time by less than one entry.
    pub fn start(&mut self, note: Note) -> Duration {
        self.stop();
        let Sequence { len, repeats, lasts } = Sequence::write(note, self.words);
        self.pwm.write(PwmRegister::Refresh, repeats - 1);
        self.pwm.set_words(&self.words[..len]);
        self.pwm.write(PwmRegister::Enable, 1);
        self.pwm.write(PwmRegister::Start, 1);
        lasts
    }

    /// Ends the sound at once.
    pub fn stop(&mut self) {
        self.pwm.write(PwmRegister::Stop, 1);
        self.pwm.write(PwmRegister::Enable, 0);
    }
}

/// A note as words.
struct Sequence {
    /// Number of words.
    len: usize,
    /// Periods of each entry.
    repeats: u32,
    lasts: Duration,
}

impl Sequence {
    fn write(note: Note, words: &mut SpeakerWords) -> Self {
        let whole_us = micros(note.lasts);
        let (from, to) = (i64::from(note.from_hz), i64::from(note.to_hz));
        // The mean pitch times the time, and one entry more for rounding.
        let periods = (from + to) as u64 / 2 * whole_us / COUNTS_PER_SECOND;
        let repeats = (periods / (ENTRIES as u64 - 1) + 1) as u32;
        let (entries, silence) = words.split_at_mut(ENTRIES * ENTRY);
        let mut at_us = 0;
        let mut len = 0;
        for entry in entries.chunks_exact_mut(ENTRY) {
            if at_us >= whole_us {
                entry.copy_from_slice(&SILENT);
                break;
            }
            let hz = from + (to - from) * at_us as i64 / whole_us as i64;
            // From 40 Hz on it fits 15 bits; the lowest pitch is 200 Hz.
            let counts = (COUNTS_PER_SECOND / hz.max(40) as u64) as u16;
            entry.copy_from_slice(&[FALLING | (counts / 2), 0, 0, counts]);
            at_us += u64::from(counts) * u64::from(repeats);
            len += ENTRY;
        }
        silence.copy_from_slice(&SILENT);
        Self { len: len + ENTRY, repeats, lasts: Duration::from_micros(at_us) }
    }
}

/// An entry that is low throughout.
const SILENT: [u16; ENTRY] = [FALLING, 0, 0, SILENT_COUNTS];

const fn micros(time: Duration) -> u64 {
    time.as_micros() as u64
}

#[cfg(test)]
mod tests {
    extern crate std;

    use std::boxed::Box;
    use std::fmt::Write as _;
    use std::string::String;
    use std::vec::Vec;

    use super::*;
    use crate::tone::tests::all;

    /// Stands in for a PWM: it records writes, and what would be heard. Like the chip's, it ignores tasks while it is
    /// disabled.
    #[derive(Default)]
    struct Recorder {
        writes: String,
        enabled: bool,
        refresh: u32,
        words: Vec<u16>,
        /// Length of a period in counts, and number of periods.
        heard: Vec<(u16, u32)>,
    }

    impl Pwm for &mut Recorder {
        fn write(&mut self, register: PwmRegister, value: u32) {
            let _ = write!(self.writes, " {register:?}={value}");
            match register {
                PwmRegister::Enable => self.enabled = value == 1,
                PwmRegister::Refresh => self.refresh = value,
                PwmRegister::Start if self.enabled => {
                    let periods = self.refresh + 1;
                    let entries: Vec<[u16; 4]> =
                        self.words.chunks_exact(4).map(|entry| entry.try_into().unwrap()).collect();
                    for [compare, _, _, top] in entries {
                        let high = if compare & FALLING == 0 { top - compare } else { compare & !FALLING };
                        if high > 0 && high < top {
                            self.heard.push((top, periods));
                        }
                    }
                }
                _ => {}
            }
        }

        fn set_words(&mut self, words: &[u16]) {
            let (first, last) = (&words[..4], &words[words.len() - 8..words.len() - 4]);
            let _ = write!(self.writes, " {}x{first:?}..{last:?}", words.len() / 4 - 1);
            assert_eq!(words[words.len() - 4..], SILENT, "it ends silent");
            self.words = words.to_vec();
        }
    }

    fn played(note: Note) -> (Recorder, Duration) {
        let mut pwm = Recorder::default();
        let mut speaker = Speaker::new(&mut pwm, 0, Box::leak(Box::new(SPEAKER_WORDS)));
        let lasts = speaker.start(note);
        (pwm, lasts)
    }

    #[test]
    fn every_cue_sounds_from_its_first_pitch_to_its_last_in_its_time() {
        for sound in all() {
            let note = sound.note();
            let (pwm, lasts) = played(note);
            assert!(!pwm.heard.is_empty(), "{sound:?} is silent");
            let us: u64 = pwm.heard.iter().map(|(top, periods)| u64::from(*top) * u64::from(*periods)).sum();
            assert_eq!(Duration::from_micros(us), lasts, "{sound:?}");
            let late = lasts.checked_sub(note.lasts).unwrap();
            assert!(late <= Duration::from_millis(14), "{sound:?} sounds {lasts:?}");
            let hz = |at: usize| 1_000_000 / i32::from(pwm.heard[at].0);
            assert!((hz(0) - i32::from(note.from_hz)).abs() <= 10, "{sound:?} begins at {}", hz(0));
            let last = hz(pwm.heard.len() - 1);
            assert!((last - i32::from(note.to_hz)).abs() <= 40, "{sound:?} ends at {last}");
            let rises = note.to_hz >= note.from_hz;
            for two in pwm.heard.windows(2) {
                assert!((two[1].0 <= two[0].0) == rises || two[1].0 == two[0].0, "{sound:?}");
            }
        }
    }

    /// A pitch changes before the ear hears it stay.
    #[test]
    fn no_entry_of_a_glide_is_long() {
        for sound in all() {
            for (top, periods) in played(sound.note()).0.heard {
                assert!(u32::from(top) * periods <= 14_000, "{sound:?}: {periods} of {top} us");
            }
        }
    }

    #[test]
    fn a_note_takes_the_place_of_another() {
        let mut pwm = Recorder::default();
        let mut speaker = Speaker::new(&mut pwm, 0, Box::leak(Box::new(SPEAKER_WORDS)));
        for sound in all() {
            speaker.start(sound.note());
        }
        speaker.stop();
        assert!(!pwm.enabled);
        let one_by_one: Vec<_> = all().into_iter().flat_map(|sound| played(sound.note()).0.heard).collect();
        assert_eq!(pwm.heard, one_by_one);
    }

    /// The writes of every cue, in `speaker.golden`. If a change is meant, put the text that this prints there.
    #[test]
    fn the_writes_of_every_cue_are_these() {
        let mut text = String::new();
        for sound in all() {
            let _ = writeln!(text, "{sound:?}:{}", played(sound.note()).0.writes);
        }
        assert!(text == include_str!("speaker.golden"), "the writes are now:\n{text}");
    }

    #[test]
    fn a_disabled_pwm_ignores_a_start() {
        let mut pwm = Recorder::default();
        let mut registers = &mut pwm;
        registers.set_words(&[FALLING | 500, 0, 0, 1000, FALLING, 0, 0, SILENT_COUNTS]);
        registers.write(PwmRegister::Start, 1);
        registers.write(PwmRegister::Enable, 1);
        assert_eq!(pwm.heard, []);
    }
}
