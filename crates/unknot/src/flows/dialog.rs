//! The dialog in which a flow speaks to the person: it shows a page, and waits for a key, the end, or an event of its own.

use std::io::{self, Write};

use coach::Prompt;
use tokio::time::{Instant, timeout_at};

use super::{Exit, Flow};
use crate::front::Spoilt;
use crate::input::{Came, Input};
use crate::keys::Press;
use crate::live::Why;
use crate::signals::stand_still;
use crate::terminal::{Lines, Raw};

/// What is shown of a flow.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Page {
    /// What it is about.
    pub(crate) title: String,
    /// The stop that it shows, if it shows one.
    pub(crate) stop: Option<Prompt>,
    /// Lines that stay: what to do, what to choose from.
    pub(crate) said: Vec<String>,
    /// What is being done or awaited. Never empty while somebody waits.
    pub(crate) now: String,
    /// The digits that are being typed, while they are asked for.
    pub(crate) typed: Option<String>,
    /// The line of text that is being typed, while one is asked for.
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

/// What a page is shown on: the screen, or plain lines. What each flow shows and takes is in the table of
/// [`flows`](super).
pub(crate) trait DialogView {
    /// Shows the page as it is now.
    fn show(&mut self, page: &Page) -> io::Result<()>;

    /// Whether input is interactive. A pipe has its keys from before.
    fn answers(&self) -> bool;

    /// Whether what was shown can still be read when the page is left.
    fn keeps(&self) -> bool;

    /// The terminal has another size, or the shell had it.
    fn spoilt(&mut self, how: Spoilt) -> io::Result<()>;

    /// Gives the terminal back, stands still until the shell lets the program go on, and takes it again.
    fn step_aside(&mut self) -> io::Result<()>;
}

/// A page on a view, and the input that answers it.
pub(crate) struct Dialog<'a, V> {
    /// What it is shown on.
    pub(crate) view: &'a mut V,
    input: &'a mut Input,
    /// The page.
    pub(crate) page: Page,
}

/// What came first.
pub(crate) enum Next<T> {
    /// The event that was waited for.
    Event(T),
    /// A key.
    Press(Press),
}

impl<'a, V: DialogView> Dialog<'a, V> {
    /// An empty page on this view, answered by this input.
    pub(crate) fn new(view: &'a mut V, input: &'a mut Input) -> Self {
        Self { view, input, page: Page::default() }
    }

    /// Shows the page with this being done or awaited.
    pub(crate) fn now(&mut self, now: String) -> io::Result<()> {
        self.page.now = now;
        self.show()
    }

    /// Shows the page.
    pub(crate) fn show(&mut self) -> io::Result<()> {
        self.view.show(&self.page)
    }

    /// Waits for a key to which `means` gives a meaning. Esc leaves, unless it has one.
    pub(crate) async fn answer<T>(&mut self, means: impl Fn(Press) -> Option<T>) -> Flow<T> {
        loop {
            let press = self.press(true).await?;
            match means(press) {
                Some(meaning) => return Ok(meaning),
                None if press == Press::Esc => return Err(Exit::Left(Why::Asked)),
                None => {}
            }
        }
    }

    /// Waits for an event. Esc leaves; other keys are dropped, but those of a pipe are kept for a later question.
    pub(crate) async fn until<T>(&mut self, event: impl Future<Output = T>) -> Flow<T> {
        let mut event = std::pin::pin!(event);
        loop {
            if let Next::Event(event) = self.next(false, event.as_mut()).await? {
                return Ok(event);
            }
        }
    }

    /// Waits for an event for no longer than `by`; `None` if it has not come.
    pub(crate) async fn until_by<T>(
        &mut self,
        by: Instant,
        event: impl Future<Output = T>,
    ) -> Flow<Option<T>> {
        self.until(async { timeout_at(by, event).await.ok() }).await
    }

    /// Waits for an event or a key, whichever comes first. Esc leaves. Cancel-safe if the event is.
    pub(crate) async fn next<T>(&mut self, listens: bool, event: impl Future<Output = T>) -> Flow<Next<T>> {
        tokio::select! {
            event = event => Ok(Next::Event(event)),
            press = self.press(listens) => match press? {
                Press::Esc => Err(Exit::Left(Why::Asked)),
                press => Ok(Next::Press(press)),
            },
        }
    }

    /// Waits for the next key. Ctrl-C, the end of the input and a signal leave. Where `listens` is false the keys of a
    /// pipe are kept for a later question. A paste goes into what is being typed, and is a key without meaning. Cancel-safe.
    pub(crate) async fn press(&mut self, listens: bool) -> Flow<Press> {
        loop {
            match self.input.next(listens || self.view.answers()).await {
                Came::Press(Press::Interrupt) => return Err(Exit::Left(Why::Asked)),
                Came::Press(press) => return Ok(press),
                // Four of ten passkeys have the same digit twice in a row.
                Came::Again(press @ (Press::Char('0'..='9') | Press::Backspace)) => return Ok(press),
                // And many words the same letter.
                Came::Again(press @ Press::Char(_)) if self.page.line.is_some() => return Ok(press),
                Came::Again(_) | Came::Pointed(_) => {}
                Came::Pasted(text) => {
                    text.chars().for_each(|char| self.page.put(char));
                    return Ok(Press::Other);
                }
                Came::Resized => self.spoilt(Spoilt::Resized)?,
                Came::GoOn => self.spoilt(Spoilt::Lent)?,
                Came::StepAside => {
                    self.view.step_aside()?;
                    self.show()?;
                }
                Came::Leave(why) => return Err(Exit::Left(why)),
            }
        }
    }

    fn spoilt(&mut self, how: Spoilt) -> io::Result<()> {
        self.view.spoilt(how)?;
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
        let mut view = LineView::new(&mut lines, raw);
        for page in pages {
            view.show(page).unwrap();
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
