//! Console commands: gestures for a board without buttons, turned into timed button events.
//!
//! A terminal reports no key releases and repeats held keys, so each key is a whole gesture. The board waits between
//! the events.

use core::fmt;

use handheld::{Button, Edge};
use heapless::Vec;

/// Duration of a short press, in ms: less than the 80 ms chord window, as fast users press.
const SHORT: u64 = 70;

/// Duration of a long press, in ms: between 600 ms and the 2 s of a STOP.
const LONG: u64 = 800;

/// Duration of a STOP, in ms: more than 2 s.
const HOLD: u64 = 2100;

/// In a SHARP, times of B's press and of both releases, in ms after A's press.
const CHORD: (u64, u64) = (30, 180);

/// Pause after a gesture, in ms: longer than the 80 ms chord window, so that gestures stay apart.
const REST: u64 = 120;

/// The button events of a gesture, and its duration.
#[derive(Debug, Clone)]
pub struct TimedButtonEvents {
    /// Each with its time in ms from the start of the gesture, in order.
    pub events: Vec<(u64, Button, Edge), 4>,
    /// Duration in ms, including the pause after it.
    pub lasts: u64,
}

impl TimedButtonEvents {
    fn of(events: &[(u64, Button, Edge)], lasts: u64) -> Self {
        // No gesture has more than four.
        Self { events: events.iter().copied().collect(), lasts }
    }
}

/// Why a line is not a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParseCommandError {
    /// Unknown command word, or a wrong number of words.
    Verb,
    /// Unknown button.
    Button,
    /// Not a number of milliseconds.
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

/// A command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// A short press.
    Press(Button),
    /// A long press.
    Long(Button),
    /// A press of more than 2 s.
    Hold(Button),
    /// A and B together.
    Chord,
    /// Press and hold.
    Down(Button),
    /// Release.
    Up(Button),
    /// Pause, in ms.
    Wait(u64),
    /// Quit.
    Quit,
}

impl Command {
    /// Parses a line. `None` if it is empty.
    ///
    /// # Errors
    ///
    /// Why the line is not a command; the text says what to write instead.
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

    /// The command of a key.
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

    /// The button events, and the duration including the pause after it.
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

    /// Whether the command interrupts the gesture before it.
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
