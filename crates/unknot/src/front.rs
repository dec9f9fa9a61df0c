//! What a session that is lived through shows of itself. Two fit the loop: plain lines, here, and the screen.
//!
//! The contract, for both:
//! - a front shows and steers nothing; the loop goes on whatever it does;
//! - nothing here waits for anything but the terminal;
//! - an error means that nobody sees it any more, and the loop then leaves the session, pressure off;
//! - `now` is the session's time, and never goes back.

use std::io::{self, Write};

use coach::{Moment, Prompt, Technique};
use handheld::Display;
use session::View;
use transcript::Entry;

use crate::air::{LinkStatus, StatusLines};
use crate::keys::{self, Clicker, Press};
use crate::signals::stand_still;
use crate::teller::{self, Teller};
use crate::terminal::{Lines, Raw};

/// What is seen of a session.
pub(crate) trait Front {
    /// The session is led by this technique: who presses, and with what. Told before anything else.
    fn led_by(&mut self, technique: Technique);

    /// This came about.
    fn happened(&mut self, now: Moment, entry: &Entry) -> io::Result<()>;

    /// This is said. It comes as an entry too, for those who tell entries.
    fn said(&mut self, now: Moment, prompt: Prompt) -> io::Result<()>;

    /// A line that is no part of the transcript.
    fn notice(&mut self, now: Moment, text: &str) -> io::Result<()>;

    /// This is told of the clicker, besides what it says itself.
    fn told(&mut self, now: Moment, status: &LinkStatus) -> io::Result<()>;

    /// The note that is being typed, whenever it changes; `None` when it is over.
    fn note(&mut self, text: Option<&str>) -> io::Result<()>;

    /// The keys are asked for.
    fn help(&mut self) -> io::Result<()>;

    /// Whether the front takes this key for itself, to turn a page of its own. It may not take a key that stops.
    fn takes(&mut self, press: Press) -> bool;

    /// The terminal has another size, or somebody else may have had it.
    fn spoilt(&mut self, how: Spoilt) -> io::Result<()>;

    /// Gives the terminal back, stands still until the shell lets the program go on, and takes it again.
    fn step_aside(&mut self) -> io::Result<()>;

    /// A turn of the loop is over: everything above has been told, and this is how it stands.
    fn turn(&mut self, now: Moment, view: &View) -> io::Result<()>;

    /// When [`Front::turn`] will have something to show by itself.
    fn due(&self, now: Moment, view: &View) -> Option<Moment>;
}

/// What happened to the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spoilt {
    /// It has another size.
    Resized,
    /// The program stood still, and the shell had it.
    Lent,
}

/// What the practice clicker's lights say, as a line.
pub(crate) fn lights(face: Display) -> Option<String> {
    teller::clicker(face).map(|text| format!("Clicker: {text}."))
}

/// Plain lines: for screen readers, dumb terminals and pipes.
#[derive(Debug)]
pub(crate) struct Plain<'a, W> {
    lines: &'a mut Lines<W>,
    teller: Teller,
    /// Whether a terminal is kept raw.
    raw: bool,
    clicker: Clicker,
    statuses: StatusLines,
    /// The note, as far as it stands in the line.
    noted: String,
}

impl<'a, W: Write> Plain<'a, W> {
    /// Lines for a session, on a terminal that is kept raw or on something else.
    pub(crate) fn new(lines: &'a mut Lines<W>, raw: bool, clicker: Clicker, statuses: StatusLines) -> Self {
        Self { lines, teller: Teller::new(clicker), raw, clicker, statuses, noted: String::new() }
    }
}

impl<W> Plain<'_, W> {
    /// Why the session was stopped, where it was.
    pub(crate) fn stop(&self) -> Option<String> {
        self.teller.stop()
    }
}

impl<W: Write> Front for Plain<'_, W> {
    fn led_by(&mut self, technique: Technique) {
        self.teller.led_by(technique);
    }

    fn happened(&mut self, _: Moment, entry: &Entry) -> io::Result<()> {
        self.teller.entry(entry).map_or(Ok(()), |line| self.lines.line(&line))
    }

    fn said(&mut self, _: Moment, prompt: Prompt) -> io::Result<()> {
        self.teller.heard(prompt);
        Ok(())
    }

    fn notice(&mut self, _: Moment, text: &str) -> io::Result<()> {
        self.lines.line(text)
    }

    fn told(&mut self, _: Moment, status: &LinkStatus) -> io::Result<()> {
        self.statuses.line(status).map_or(Ok(()), |line| self.lines.line(&line))
    }

    fn note(&mut self, text: Option<&str>) -> io::Result<()> {
        let Some(text) = text else {
            self.noted.clear();
            return Ok(());
        };
        self.lines.typed(&self.noted, text)?;
        text.clone_into(&mut self.noted);
        Ok(())
    }

    fn help(&mut self) -> io::Result<()> {
        keys::help(self.clicker).try_for_each(|line| self.lines.line(&line))
    }

    fn takes(&mut self, _: Press) -> bool {
        false
    }

    fn spoilt(&mut self, _: Spoilt) -> io::Result<()> {
        Ok(())
    }

    fn step_aside(&mut self) -> io::Result<()> {
        if self.raw { Raw::step_aside() } else { stand_still() }
    }

    fn turn(&mut self, _: Moment, view: &View) -> io::Result<()> {
        let lines: Vec<String> = self.teller.turn(&view.coach, true).collect();
        lines.iter().try_for_each(|line| self.lines.line(line))
    }

    fn due(&self, now: Moment, view: &View) -> Option<Moment> {
        self.teller.due(now, &view.coach)
    }
}
