//! A hand for a board without buttons: gestures become timed button_events of buttons.
//!
//! A terminal tells no key's release and repeats held keys, so each key is one gesture. What the gestures mean is no
//! matter of this file, nor who waits between the button_events.

use core::fmt;

use handheld::{Button, Edge};
use heapless::Vec;

/// A tap: shorter than the 80 ms in which a second button would make it a chord, as quick people press.
const SHORT: u64 = 70;

/// Between the 600 ms of a long press and the 2 s of a STOP.
const LONG: u64 = 800;

/// Longer than the 2 s of a STOP.
const HOLD: u64 = 2100;

/// B after A in a SHARP, and both up after that.
const CHORD: (u64, u64) = (30, 180);

/// Between two gestures, so that they stay two: more than the 80 ms of a chord.
const REST: u64 = 120;

/// Edges of buttons with the milliseconds from the beginning of the gesture, and how long it takes.
#[derive(Debug, Clone)]
pub struct TimedButtonEvents {
    /// In their order.
    pub events: Vec<(u64, Button, Edge), 4>,
    /// With the rest after it, in milliseconds.
    pub lasts: u64,
}

impl TimedButtonEvents {
    fn of(events: &[(u64, Button, Edge)], lasts: u64) -> Self {
        // No gesture has more than four.
        Self { events: events.iter().copied().collect(), lasts }
    }
}

/// Why a line is no command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParseCommandError {
    /// It begins with no word that is known, or has too many or too few.
    Verb,
    /// There is no such button.
    Button,
    /// That is no length of time.
    Millis,
}

impl fmt::Display for ParseCommandError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Verb => "say press, long, hold, down, up, wait or quit; see --help",
            Self::Button => "no such button; say a, b or logo",
            Self::Millis => "no number of milliseconds",
        })
    }
}

impl core::error::Error for ParseCommandError {}

/// Something for the hand to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// A short press.
    Press(Button),
    /// Held until it is long.
    Long(Button),
    /// Held for more than 2 s.
    Hold(Button),
    /// A and B.
    Chord,
    /// Goes down and stays.
    Down(Button),
    /// Comes up.
    Up(Button),
    /// Nothing for so many milliseconds.
    Wait(u64),
    /// No more.
    Quit,
}

impl Command {
    /// Reads one line; nothing for an empty one.
    ///
    /// # Errors
    ///
    /// A line that is no command, with what to say instead.
    pub fn parse(line: &str) -> Result<Option<Self>, ParseCommandError> {
        let mut words = Vec::<&str, 3>::new();
        for word in line.split_whitespace() {
            words.push(word).map_err(|_| ParseCommandError::Verb)?;
        }
        let command = match words[..] {
            [] => return Ok(None),
            ["press", "chord"] => Self::Chord,
            ["press", button] => Self::Press(button_of(button)?),
            ["long", button] => Self::Long(button_of(button)?),
            ["hold", button] => Self::Hold(button_of(button)?),
            ["down", button] => Self::Down(button_of(button)?),
            ["up", button] => Self::Up(button_of(button)?),
            ["wait", ms] => Self::Wait(ms.parse().map_err(|_| ParseCommandError::Millis)?),
            ["quit"] => Self::Quit,
            _ => return Err(ParseCommandError::Verb),
        };
        Ok(Some(command))
    }

    /// What this key stands for.
    #[must_use]
    pub const fn of_key(key: char) -> Option<Self> {
        Some(match key {
            'a' | ',' => Self::Press(Button::A),
            'b' | '.' => Self::Press(Button::B),
            'l' | '/' => Self::Press(Button::Logo),
            'A' => Self::Long(Button::A),
            'B' => Self::Long(Button::B),
            'L' => Self::Long(Button::Logo),
            'x' => Self::Chord,
            'z' => Self::Hold(Button::A),
            'q' => Self::Quit,
            _ => return None,
        })
    }

    /// Its button_events by milliseconds from its beginning, and how long it takes with the rest after it.
    #[must_use]
    pub fn timed_events(self) -> TimedButtonEvents {
        let held =
            |button, ms| TimedButtonEvents::of(&[(0, button, Edge::Down), (ms, button, Edge::Up)], ms + REST);
        match self {
            Self::Press(button) => held(button, SHORT),
            Self::Long(button) => held(button, LONG),
            Self::Hold(button) => held(button, HOLD),
            Self::Chord => {
                let (gap, up) = CHORD;
                let events = [
                    (0, Button::A, Edge::Down),
                    (gap, Button::B, Edge::Down),
                    (up, Button::A, Edge::Up),
                    (up, Button::B, Edge::Up),
                ];
                TimedButtonEvents::of(&events, up + REST)
            }
            Self::Down(button) => TimedButtonEvents::of(&[(0, button, Edge::Down)], 0),
            Self::Up(button) => TimedButtonEvents::of(&[(0, button, Edge::Up)], 0),
            Self::Wait(ms) => TimedButtonEvents::of(&[], ms),
            Self::Quit => TimedButtonEvents::of(&[], 0),
        }
    }

    /// Whether it does not wait for the gesture before it to end.
    #[must_use]
    pub const fn is_urgent(self) -> bool {
        matches!(self, Self::Chord | Self::Hold(_))
    }
}

fn button_of(word: &str) -> Result<Button, ParseCommandError> {
    match word {
        "a" => Ok(Button::A),
        "b" => Ok(Button::B),
        "logo" => Ok(Button::Logo),
        _ => Err(ParseCommandError::Button),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_command_or_says_why_it_is_none() {
        assert_eq!(Command::parse("  press  a "), Ok(Some(Command::Press(Button::A))));
        assert_eq!(Command::parse("press chord"), Ok(Some(Command::Chord)));
        assert_eq!(Command::parse("long logo"), Ok(Some(Command::Long(Button::Logo))));
        assert_eq!(Command::parse("wait 250"), Ok(Some(Command::Wait(250))));
        assert_eq!(Command::parse(""), Ok(None));
        let bad = [
            ("jump", ParseCommandError::Verb),
            ("press", ParseCommandError::Verb),
            ("press a b", ParseCommandError::Verb),
            ("press a b c", ParseCommandError::Verb),
            ("press c", ParseCommandError::Button),
            ("wait soon", ParseCommandError::Millis),
        ];
        for (line, why) in bad {
            assert_eq!(Command::parse(line), Err(why), "{line}");
        }
    }
}
