//! A page on which something is done step by step, on lines or on the screen: a clicker is reached, or paired.
//!
//! **Never a blank wait**: what is being done, or what is awaited, stands in [`Page::now`].

use std::io::{self, Write};

use coach::Prompt;
use tokio::sync::mpsc::UnboundedReceiver;

use crate::front::Spoilt;
use crate::keys::Press;
use crate::live::Why;
use crate::signals::{Signals, Wish, stand_still};
use crate::terminal::{Lines, Raw, Typed};

/// What stands on it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Page {
    /// What it is about.
    pub(crate) title: String,
    /// Why nothing is done, where that is so.
    pub(crate) stop: Option<Prompt>,
    /// What stands: what to do, what to choose from.
    pub(crate) said: Vec<String>,
    /// What is being done or awaited.
    pub(crate) now: String,
    /// What is being typed, where something is.
    pub(crate) typed: Option<String>,
    /// The line of text that is being typed, where one is.
    pub(crate) line: Option<String>,
    /// Keys and what they do.
    pub(crate) keys: Vec<(String, String)>,
}

/// A passkey has six digits; a few more are shown, so that a slip is seen.
const DIGITS_MAX: usize = 12;

/// A remark of a line or two; `unknot note` takes longer ones.
const LINE_MAX: usize = 200;

impl Page {
    /// Puts a character into what is being typed, as long as there is room in it.
    pub(crate) fn put(&mut self, char: char) {
        let (text, most) = match (&mut self.typed, &mut self.line) {
            (Some(digits), _) => (digits, DIGITS_MAX),
            (None, Some(line)) => (line, LINE_MAX),
            (None, None) => return,
        };
        if text.chars().count() < most {
            text.push(char);
        }
    }

    /// Takes the last letter of it back.
    pub(crate) fn rub_out(&mut self) {
        if let Some(text) = self.typed.as_mut().or(self.line.as_mut()) {
            words::rub_out(text);
        }
    }
}

/// What a page is shown on.
pub(crate) trait DialogView {
    /// Shows it as it stands.
    fn show(&mut self, page: &Page) -> io::Result<()>;

    /// Whether whoever reads it can press keys when they have read it. A pipe has its keys from before.
    fn answers(&self) -> bool;

    /// Whether what was shown can still be read when the page is left.
    fn keeps(&self) -> bool;

    /// The terminal has another size, or somebody else may have had it.
    fn spoilt(&mut self, how: Spoilt) -> io::Result<()>;

    /// Gives the terminal back, stands still until the shell lets the program go on, and takes it again.
    fn step_aside(&mut self) -> io::Result<()>;
}

/// A page, and whoever sits before it.
pub(crate) struct Dialog<'a, D> {
    /// What it is shown on.
    pub(crate) desk: &'a mut D,
    /// The keyboard.
    pub(crate) keys: &'a mut UnboundedReceiver<Typed>,
    /// Signals of the system.
    pub(crate) signals: &'a mut Signals,
    /// The page.
    pub(crate) page: Page,
}

/// What came from whoever sits before a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    /// A key.
    Press(Press),
    /// Leave.
    Leave(Why),
}

impl<D: DialogView> Dialog<'_, D> {
    /// Shows the page with this being done or awaited.
    pub(crate) fn now(&mut self, now: String) -> io::Result<()> {
        self.page.now = now;
        self.show()
    }

    /// Shows the page.
    pub(crate) fn show(&mut self) -> io::Result<()> {
        self.desk.show(&self.page)
    }

    /// What comes next. Where `listens` is not so, keys wait: those of a pipe are for something that comes later.
    /// Nothing is lost where the wait is given up.
    pub(crate) async fn came(&mut self, listens: bool) -> io::Result<Asked> {
        loop {
            tokio::select! {
                typed = self.keys.recv(), if listens || self.desk.answers() => match typed.unwrap_or(Typed::Ended) {
                    Typed::Press(Press::Interrupt) => return Ok(Asked::Leave(Why::Asked)),
                    Typed::Press(Press::Suspend) => self.step_aside()?,
                    Typed::Press(press) => return Ok(Asked::Press(press)),
                    // Four of ten passkeys have the same digit twice in a row.
                    Typed::Again(press @ (Press::Char('0'..='9') | Press::Backspace)) => return Ok(Asked::Press(press)),
                    // And many words the same letter.
                    Typed::Again(press @ Press::Char(_)) if self.page.line.is_some() => return Ok(Asked::Press(press)),
                    Typed::Again(_) | Typed::Mouse(_) => {}
                    Typed::Pasted(text) => {
                        text.chars().for_each(|char| self.page.put(char));
                        return Ok(Asked::Press(Press::Other));
                    }
                    Typed::Resized => self.spoilt(Spoilt::Resized)?,
                    Typed::Ended => return Ok(Asked::Leave(Why::InputEnded)),
                },
                wish = self.signals.next() => match wish {
                    Wish::End(number) => return Ok(Asked::Leave(Why::Signal(number))),
                    Wish::StepAside => self.step_aside()?,
                    Wish::GoOn => self.spoilt(Spoilt::Lent)?,
                },
            }
        }
    }

    fn step_aside(&mut self) -> io::Result<()> {
        self.desk.step_aside()?;
        self.show()
    }

    fn spoilt(&mut self, how: Spoilt) -> io::Result<()> {
        self.desk.spoilt(how)?;
        self.show()
    }
}

/// Plain lines: what is new on the page becomes a line.
#[derive(Debug)]
pub(crate) struct LineView<'a, W> {
    lines: &'a mut Lines<W>,
    /// Whether a terminal is kept raw.
    raw: bool,
    shown: Page,
}

impl<'a, W: Write> LineView<'a, W> {
    /// On a terminal that is kept raw, or on something else.
    pub(crate) fn new(lines: &'a mut Lines<W>, raw: bool) -> Self {
        Self { lines, raw, shown: Page::default() }
    }
}

impl<W: Write> DialogView for LineView<'_, W> {
    fn show(&mut self, page: &Page) -> io::Result<()> {
        let shown = std::mem::replace(&mut self.shown, page.clone());
        for line in page.said.iter().filter(|line| !shown.said.contains(line)) {
            self.lines.line(line)?;
        }
        if page.now != shown.now && !page.now.is_empty() {
            self.lines.line(&page.now)?;
        }
        if self.raw && page.keys != shown.keys && !page.keys.is_empty() {
            let keys: Vec<String> = page.keys.iter().map(|(key, what)| format!("{key} {what}")).collect();
            self.lines.line(&format!("[{}]", keys.join(", ")))?;
        }
        // Nobody sees what is typed on a raw terminal unless it is written there.
        let typed = page.typed.as_ref().or(page.line.as_ref());
        let before = shown.typed.or(shown.line).unwrap_or_default();
        let now = typed.map(String::as_str).unwrap_or_default();
        if !self.raw || typed.is_none() {
            return Ok(());
        }
        self.lines.typed(&before, now)
    }

    fn answers(&self) -> bool {
        self.raw
    }

    fn keeps(&self) -> bool {
        true
    }

    fn spoilt(&mut self, _: Spoilt) -> io::Result<()> {
        Ok(())
    }

    fn step_aside(&mut self) -> io::Result<()> {
        if self.raw { Raw::step_aside() } else { stand_still() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(pages: &[Page], raw: bool) -> String {
        let mut out = Vec::new();
        let mut lines = Lines::new(&mut out);
        let mut desk = LineView::new(&mut lines, raw);
        for page in pages {
            desk.show(page).unwrap();
        }
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn only_what_is_new_becomes_a_line() {
        let first = Page { said: vec!["Hold the logo.".into()], now: "Searching.".into(), ..Page::default() };
        let second = Page { now: "Connecting.".into(), ..first.clone() };
        assert_eq!(
            lines(&[first.clone(), first.clone(), second, first], false),
            "Hold the logo.\nSearching.\nConnecting.\nSearching.\n"
        );
    }

    #[test]
    fn digits_are_echoed_where_the_terminal_does_not() {
        let typed = |typed: &str| Page { typed: Some(typed.into()), ..Page::default() };
        let pages = ["", "1", "12", "1", "17"].map(typed);
        assert_eq!(lines(&pages, true), "12\u{8} \u{8}7");
        assert_eq!(lines(&pages, false), "", "a pipe's digits are not to be read");
    }
}
