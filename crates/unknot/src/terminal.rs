//! The terminal: raw while keys are read and cooked again on every way out, the screen taken and given back, keys into
//! presses, lines out.
//!
//! Where standard input is no terminal its bytes are the keys, so that a pipe or a test can play too.

use std::io::{self, IsTerminal as _, Read as _, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crossterm::cursor::{Hide, Show};
use crossterm::event::{
    DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture,
};
use crossterm::execute;
use crossterm::terminal::{
    EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use tokio::sync::mpsc;
use words::{fitting, foreign, width};

use crate::clock::{Clock, SystemClock};
use crate::keys::Press;
use crate::reading::Reader;
use crate::signals::stand_still;

/// What comes from the keyboard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Typed {
    /// A key.
    Press(Press),
    /// The same key again, so soon that it may be one that is held. Text takes it, as digits and names have doubled letters;
    /// a command does not.
    Again(Press),
    /// A text that was pasted, as a line. Where a text is being typed it is put in; anywhere else it is one stray key, for
    /// nobody pressed the keys that it is made of.
    Pasted(String),
    /// The mouse, where it was asked for.
    Mouse(Mouse),
    /// The terminal has another size.
    Resized,
    /// Nothing more will come.
    Ended,
}

/// What the mouse did, and in which cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mouse {
    /// What.
    pub did: Pointed,
    /// The column, from 0.
    pub x: u16,
    /// The row, from 0.
    pub y: u16,
}

/// What a mouse does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pointed {
    /// The left button went down.
    Down,
    /// It was moved with the left button down.
    Drag,
    /// The wheel turned away from the hand.
    WheelUp,
    /// The wheel turned toward the hand.
    WheelDown,
}

/// Whether the terminal was asked to tell of the mouse. It is so only where something is looked back at: in a session a
/// stray touch is nothing, and what stands on the screen can be marked and copied as in any terminal.
static MOUSE: AtomicBool = AtomicBool::new(false);

/// Whether the terminal was asked to mark what is pasted.
static PASTES: AtomicBool = AtomicBool::new(false);

/// Whether the other screen is on. A process has one terminal, and the hook of a panic has nothing else to ask.
static ON_SCREEN: AtomicBool = AtomicBool::new(false);

/// Keeps the terminal raw for as long as it lives.
#[derive(Debug)]
pub struct Raw(());

impl Raw {
    /// Makes the terminal raw, where standard input is one.
    ///
    /// # Errors
    /// Where the terminal refuses.
    pub fn enter() -> io::Result<Option<Self>> {
        if !io::stdin().is_terminal() {
            return Ok(None);
        }
        enable_raw_mode()?;
        tell_of_pastes(true);
        Ok(Some(Self(())))
    }

    /// Gives the terminal back, stands still until the shell lets the program go on, and takes it again.
    ///
    /// # Errors
    /// Where the terminal refuses.
    pub fn step_aside() -> io::Result<()> {
        tell_of_pastes(false);
        disable_raw_mode()?;
        stand_still()?;
        enable_raw_mode()?;
        tell_of_pastes(true);
        Ok(())
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        restore();
    }
}

/// Keeps the terminal's other screen on, without a cursor and raw, for as long as it lives. What stood in the terminal
/// before is there again afterwards.
#[derive(Debug)]
pub struct Taken(());

impl Taken {
    /// Takes the screen.
    ///
    /// # Errors
    /// Where the terminal refuses; it is then as it was.
    pub fn enter() -> io::Result<Self> {
        // Dropped on the way out, it restores what had been done so far.
        let taken = Self(());
        take()?;
        Ok(taken)
    }

    /// Gives the screen back, stands still until the shell lets the program go on, and takes it again.
    ///
    /// # Errors
    /// Where the terminal refuses.
    pub fn step_aside(&self) -> io::Result<()> {
        let mouse = MOUSE.load(Ordering::SeqCst);
        restore();
        stand_still()?;
        take()?;
        tell_of_mouse(mouse)
    }

    /// Takes the screen again after somebody else may have had it.
    ///
    /// # Errors
    /// Where the terminal refuses.
    pub fn again(&self) -> io::Result<()> {
        let mouse = MOUSE.load(Ordering::SeqCst);
        // What crossterm and this program believe of the terminal may be wrong, so it is told twice.
        drop(disable_raw_mode());
        MOUSE.store(false, Ordering::SeqCst);
        PASTES.store(false, Ordering::SeqCst);
        take()?;
        tell_of_mouse(mouse)
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        restore();
    }
}

fn take() -> io::Result<()> {
    enable_raw_mode()?;
    ON_SCREEN.store(true, Ordering::SeqCst);
    tell_of_pastes(true);
    execute!(io::stdout(), EnterAlternateScreen, Hide)
}

/// Asks the terminal to tell of the mouse, or not to any more.
pub(crate) fn tell_of_mouse(told: bool) -> io::Result<()> {
    if MOUSE.swap(told, Ordering::SeqCst) == told {
        return Ok(());
    }
    if told {
        execute!(io::stdout(), EnableMouseCapture)
    } else {
        execute!(io::stdout(), DisableMouseCapture)
    }
}

/// Asks the terminal to mark what is pasted, or not to any more. One that cannot is left as it is.
fn tell_of_pastes(told: bool) {
    fn tell(mut out: impl Write, told: bool) -> io::Result<()> {
        if told { execute!(out, EnableBracketedPaste) } else { execute!(out, DisableBracketedPaste) }
    }
    if PASTES.swap(told, Ordering::SeqCst) == told {
        return;
    }
    // The lines may go into a file while the keys come from a terminal.
    if io::stdout().is_terminal() {
        drop(tell(io::stdout(), told));
    } else if io::stderr().is_terminal() {
        drop(tell(io::stderr(), told));
    }
}

/// Makes the terminal what it was. Harmless where it is so already.
fn restore() {
    drop(tell_of_mouse(false));
    tell_of_pastes(false);
    // There is nobody left to tell where this fails.
    if ON_SCREEN.swap(false, Ordering::SeqCst) {
        drop(execute!(io::stdout(), EndSynchronizedUpdate, LeaveAlternateScreen, Show));
    }
    drop(disable_raw_mode());
}

/// From now on a panic of this thread, the main one, restores the terminal before it is reported; a panic of another
/// leaves the screen alone, for it goes on.
pub fn restore_on_panic() {
    let main = std::thread::current().id();
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if std::thread::current().id() == main {
            restore();
            report(panic);
        } else {
            tracing::error!(%panic, "a thread panicked");
        }
    }));
}

/// Lines for a person, one call a line, each out at once.
#[derive(Debug)]
pub struct Lines<W> {
    out: W,
    end: &'static str,
    /// Whether a line has been begun that is not ended.
    begun: bool,
    /// Lines are broken between words where they would be longer than this.
    width: usize,
}

impl<W: Write> Lines<W> {
    /// Lines written to `out`, where nobody has made a terminal raw.
    pub const fn new(out: W) -> Self {
        Self { out, end: "\n", begun: false, width: usize::MAX }
    }

    /// Lines written to `out` as this terminal wants them: a raw one does not go back to the left by itself.
    pub fn on(out: W, terminal: Option<&Raw>) -> Self {
        let Some(Raw(())) = terminal else { return Self::new(out) };
        let width = crossterm::terminal::size().map_or(usize::MAX, |(columns, _)| columns.into());
        Self { out, end: "\r\n", begun: false, width }
    }

    /// Writes one line. Whatever it quotes is shown as text from outside is; of what the program does itself, a bell may
    /// go before it.
    ///
    /// # Errors
    /// Where `out` takes no more: a closed pipe, a terminal that is gone.
    pub fn line(&mut self, text: &str) -> io::Result<()> {
        if std::mem::take(&mut self.begun) {
            self.out.write_all(self.end.as_bytes())?;
        }
        let said = text.strip_prefix(BELL);
        if said.is_some() {
            write!(self.out, "{BELL}")?;
        }
        for part in broken(&foreign(said.unwrap_or(text)), self.width) {
            self.out.write_all(part.as_bytes())?;
            self.out.write_all(self.end.as_bytes())?;
        }
        self.out.flush()
    }

    /// Brings the line that is being typed from what it was to what it is now. The next line begins below it; where one
    /// has come between, it is begun again.
    ///
    /// # Errors
    /// As [`Lines::line`].
    pub fn typed(&mut self, before: &str, now: &str) -> io::Result<()> {
        let (before, now) = (foreign(if self.begun { before } else { "" }), foreign(now));
        // A mark that is added changes the letter before it.
        let letter = |text: &str, at: usize| fitting(&text[at..], 0) == 0 || at == text.len();
        let same = before.char_indices().map(|(at, char)| at + char.len_utf8());
        let same = same
            .take_while(|end| now.get(..*end) == before.get(..*end))
            .filter(|end| letter(&now, *end) && letter(&before, *end));
        let same = same.last().unwrap_or(0);
        let back = width(&before[same..]);
        self.begun |= !now.is_empty();
        // Back, over it, and back again.
        write!(self.out, "{}{}", "\u{8} \u{8}".repeat(back), &now[same..])?;
        self.out.flush()
    }
}

/// The text in lines of at most `width` cells, broken between words where that can be.
fn broken(text: &str, width: usize) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut rest = text;
    // One column stays free: some terminals go to the next line as soon as the last is written.
    loop {
        // A letter that is wider than the line is written all the same.
        let first = rest.chars().next().map_or(0, char::len_utf8);
        let end = fitting(rest, width.saturating_sub(1).max(1)).max(first);
        if end == rest.len() {
            break;
        }
        // A word that is longer than a line is broken where the line ends.
        let fits = rest[end..].starts_with(' ');
        let space = rest[..end].rfind(' ').filter(|&at| !fits && !rest[..at].trim().is_empty());
        let at = space.unwrap_or(end);
        lines.push(rest[..at].trim_end());
        rest = rest[at..].trim_start();
    }
    lines.push(rest);
    lines
}

/// What stands before an alarm: the only sound that a plain terminal has.
pub(crate) const BELL: char = '\u{7}';

/// The text without what would steer a terminal: a name comes from a command line, and is kept.
#[must_use]
pub fn without_controls(text: &str) -> String {
    text.chars().filter(|char| !char.is_control()).take(NAME_MAX).collect()
}

/// No name is longer on the start screen either.
const NAME_MAX: usize = 40;

/// Starts reading keys on a thread of its own, which ends with the program: there is no portable way to end a read.
///
/// # Errors
/// Where the thread cannot be started.
pub fn typed() -> io::Result<mpsc::UnboundedReceiver<Typed>> {
    let (typed, read) = mpsc::unbounded_channel();
    let terminal = io::stdin().is_terminal();
    std::thread::Builder::new().name("keys".to_owned()).spawn(move || {
        if terminal {
            read_terminal(&typed)
        } else {
            read_bytes(&typed)
        }
        // Whoever read the keys may have gone first.
        let _gone = typed.send(Typed::Ended);
    })?;
    Ok(read)
}

/// What comes within this time of a key came with it. No hand is so quick; and no key waits for longer. (For no time at
/// all crossterm looks at nothing, not even at what it has read already.)
const AT_ONCE: Duration = Duration::from_millis(5);

fn read_terminal(typed: &mpsc::UnboundedSender<Typed>) {
    let mut clock = SystemClock::start();
    let mut reader = Reader::default();
    while let Ok(event) = crossterm::event::read() {
        let more = crossterm::event::poll(AT_ONCE).unwrap_or(false);
        for came in reader.take(event, more, clock.read().monotonic) {
            if typed.send(came).is_err() {
                return;
            }
        }
    }
    for came in reader.rest(clock.read().monotonic) {
        let _gone = typed.send(came);
    }
}

fn read_bytes(typed: &mpsc::UnboundedSender<Typed>) {
    let mut pending = Vec::new();
    for byte in io::stdin().lock().bytes() {
        let Ok(byte) = byte else { return };
        pending.push(byte);
        let Some(press) = press_from(&pending) else { continue };
        pending.clear();
        if press.is_some_and(|press| typed.send(Typed::Press(press)).is_err()) {
            return;
        }
    }
}

/// The press these bytes spell: `None` where more are needed, `Some(None)` where they spell nothing.
///
/// A lone escape cannot be told from the beginning of an arrow before the next byte; a pipe spells it twice.
fn press_from(bytes: &[u8]) -> Option<Option<Press>> {
    match bytes {
        [0x1b] | [0x1b, b'['] => None,
        [0x1b, 0x1b] => Some(Some(Press::Esc)),
        [0x1b, b'[', b'A'] => Some(Some(Press::Up)),
        [0x1b, b'[', b'B'] => Some(Some(Press::Down)),
        [0x1b, b'[', b'C'] => Some(Some(Press::Right)),
        [0x1b, b'[', b'D'] => Some(Some(Press::Left)),
        [0x1b, ..] => Some(None),
        [0x03] => Some(Some(Press::Interrupt)),
        [0x7f | 0x08] => Some(Some(Press::Backspace)),
        [b'\n' | b'\r'] => Some(Some(Press::LineEnd)),
        [0x00..=0x1f] => Some(None),
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => Some(text.chars().next().map(Press::Char)),
            Err(error) if error.error_len().is_none() => None,
            Err(_) => Some(None),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn presses(bytes: &[u8]) -> Vec<Press> {
        let mut pending = Vec::new();
        let mut presses = Vec::new();
        for byte in bytes {
            pending.push(*byte);
            if let Some(press) = press_from(&pending) {
                pending.clear();
                presses.extend(press);
            }
        }
        presses
    }

    #[test]
    fn bytes_spell_keys() {
        use Press::{Char, Down, Esc, Interrupt, Up};
        assert_eq!(presses(b"a\x1b[A\x1b[B\x1b\x1b\x03"), [Char('a'), Up, Down, Esc, Interrupt]);
        assert_eq!(presses("né".as_bytes()), [Char('n'), Char('é')]);
    }

    #[test]
    fn bytes_that_spell_nothing_are_passed_over() {
        assert_eq!(presses(b"\xff\x00b\x1bxb"), [Press::Char('b'), Press::Char('b')]);
    }

    #[test]
    fn long_lines_are_broken_between_words() {
        assert_eq!(broken("Hold still, from the hips.", 12), ["Hold still,", "from the", "hips."]);
        assert_eq!(broken("  a       button A", 80), ["  a       button A"]);
        assert_eq!(broken("überausunbrechbar", 6), ["übera", "usunb", "rechb", "ar"]);
        assert_eq!(broken("", 80), [""]);
        // Each of these letters is two cells wide.
        assert_eq!(broken("田中花子 と", 6), ["田中", "花子", "と"]);
        assert_eq!(broken("田中", 1), ["田", "中"]);
    }

    fn written(write: impl FnOnce(&mut Lines<&mut Vec<u8>>) -> io::Result<()>) -> String {
        let mut out = Vec::new();
        write(&mut Lines::new(&mut out)).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_line_is_one_line_whatever_it_quotes() {
        let quoted = written(|lines| lines.line("With a\u{1b}[2Jb\r\nReady.\u{7}\u{202e}"));
        assert_eq!(quoted, "With a\u{fffd}[2Jb Ready.\u{fffd}\u{fffd}\n");
        assert_eq!(
            written(|lines| lines.line("\u{7}!!! SHARP")),
            "\u{7}!!! SHARP\n",
            "the program's own bell"
        );
    }

    #[test]
    fn what_is_taken_back_is_as_wide_as_it_was() {
        let typed = |texts: &[&str]| {
            written(|lines| texts.windows(2).try_for_each(|pair| lines.typed(pair[0], pair[1])))
        };
        assert_eq!(typed(&["", "1", "12", "1", "17"]), "12\u{8} \u{8}7");
        assert_eq!(typed(&["", "a田", "a"]), "a田\u{8} \u{8}\u{8} \u{8}");
        assert_eq!(typed(&["", "e", "e\u{301}", ""]), "e\u{8} \u{8}e\u{301}\u{8} \u{8}");
        assert_eq!(typed(&["", "a\u{1b}"]), "a\u{fffd}");
        let between = written(|lines| {
            lines.typed("", "so")?;
            lines.line("Click.")?;
            lines.typed("so", "sof")
        });
        assert_eq!(between, "so\nClick.\nsof");
    }

    #[test]
    fn a_line_is_out_at_once() {
        let mut out = Vec::new();
        Lines::new(&mut out).line("Hold.").unwrap();
        assert_eq!(out, b"Hold.\n");
    }
}
