//! The terminal: raw while keys are read and cooked again on every way out, the screen taken and given back, keys into
//! presses, lines out.
//!
//! Where standard input is no terminal its bytes are the keys, so that a pipe or a test can play too.

use std::io::{self, IsTerminal as _, Read as _, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crossterm::cursor::{Hide, Show};
use crossterm::event::{
    DisableMouseCapture, EnableMouseCapture, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers,
    MouseButton, MouseEvent, MouseEventKind,
};
use crossterm::execute;
use crossterm::terminal::{
    EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use tokio::sync::mpsc;

use crate::clock::{Clock, SystemClock};
use crate::keys::Press;
use crate::signals::stand_still;

/// Terminals repeat a held key every 30 to 100 ms and say nothing of its release: the same key again within this time
/// is the same press. (The pause before the first repeat is longer, so a held key counts twice at most.)
const REPEAT: Duration = Duration::from_millis(120);

/// What comes from the keyboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Typed {
    /// A key.
    Press(Press),
    /// The same key again, so soon that it may be one that is held. Text takes it, as digits and names have doubled letters;
    /// a command does not.
    Again(Press),
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
        Ok(Some(Self(())))
    }

    /// Gives the terminal back, stands still until the shell lets the program go on, and takes it again.
    ///
    /// # Errors
    /// Where the terminal refuses.
    pub fn step_aside() -> io::Result<()> {
        disable_raw_mode()?;
        stand_still()?;
        enable_raw_mode()
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
        // What crossterm believes of the terminal may be wrong, so it is told twice.
        drop(disable_raw_mode());
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

/// Makes the terminal what it was. Harmless where it is so already.
fn restore() {
    drop(tell_of_mouse(false));
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

    /// Writes one line.
    ///
    /// # Errors
    /// Where `out` takes no more: a closed pipe, a terminal that is gone.
    pub fn line(&mut self, text: &str) -> io::Result<()> {
        if std::mem::take(&mut self.begun) {
            self.out.write_all(self.end.as_bytes())?;
        }
        for part in broken(text, self.width) {
            self.out.write_all(part.as_bytes())?;
            self.out.write_all(self.end.as_bytes())?;
        }
        self.out.flush()
    }

    /// Writes a character of a line that is being typed. The next line begins below it.
    ///
    /// # Errors
    /// As [`Lines::line`].
    pub fn part(&mut self, char: char) -> io::Result<()> {
        self.begun = true;
        write!(self.out, "{char}")?;
        self.out.flush()
    }
}

/// The text in lines of at most `width` characters, broken between words where that can be.
fn broken(text: &str, width: usize) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut rest = text;
    // One column stays free: some terminals go to the next line as soon as the last is written.
    while let Some((end, _)) = rest.char_indices().nth(width.saturating_sub(1).max(1)) {
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

/// The text without what would steer a terminal: a name comes from a command line, and is drawn.
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

fn read_terminal(typed: &mpsc::UnboundedSender<Typed>) {
    let mut clock = SystemClock::start();
    let mut held = Held::default();
    while let Ok(event) = crossterm::event::read() {
        if let Event::Resize(..) = event
            && typed.send(Typed::Resized).is_err()
        {
            return;
        }
        if let Event::Mouse(event) = event
            && let Some(mouse) = mouse_of(event)
            && typed.send(Typed::Mouse(mouse)).is_err()
        {
            return;
        }
        let Event::Key(key) = event else { continue };
        let Some(press) = press_of(key) else { continue };
        let press = match held.is_repeat(press, clock.read().monotonic) {
            true => Typed::Again(press),
            false => Typed::Press(press),
        };
        if typed.send(press).is_err() {
            return;
        }
    }
}

/// Tells a held key from one pressed again.
#[derive(Debug, Default)]
struct Held {
    last: Option<(Press, Duration)>,
}

impl Held {
    fn is_repeat(&mut self, press: Press, now: Duration) -> bool {
        let before = self.last.replace((press, now));
        before.is_some_and(|(key, then)| key == press && now.saturating_sub(then) < REPEAT)
    }
}

fn press_of(key: KeyEvent) -> Option<Press> {
    if key.kind != KeyEventKind::Press {
        return None;
    }
    let control = key.modifiers.contains(KeyModifiers::CONTROL);
    Some(match key.code {
        KeyCode::Char('c') if control => Press::Interrupt,
        KeyCode::Char('z') if control => Press::Suspend,
        KeyCode::Char(_) if control || key.modifiers.contains(KeyModifiers::ALT) => Press::Other,
        KeyCode::Char(char) => Press::Char(char),
        KeyCode::Up => Press::Up,
        KeyCode::Down => Press::Down,
        KeyCode::Left => Press::Left,
        KeyCode::Right => Press::Right,
        KeyCode::PageUp => Press::PageUp,
        KeyCode::PageDown => Press::PageDown,
        KeyCode::Home => Press::Home,
        KeyCode::End => Press::End,
        KeyCode::Esc => Press::Esc,
        KeyCode::Enter => Press::Enter,
        KeyCode::Backspace => Press::Backspace,
        _ => Press::Other,
    })
}

fn mouse_of(MouseEvent { kind, column, row, modifiers: _ }: MouseEvent) -> Option<Mouse> {
    let did = match kind {
        MouseEventKind::Down(MouseButton::Left) => Pointed::Down,
        MouseEventKind::Drag(MouseButton::Left) => Pointed::Drag,
        MouseEventKind::ScrollUp => Pointed::WheelUp,
        MouseEventKind::ScrollDown => Pointed::WheelDown,
        _ => return None,
    };
    Some(Mouse { did, x: column, y: row })
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
    fn a_held_key_is_one_press_and_a_quick_second_key_another() {
        let mut held = Held::default();
        let ms = Duration::from_millis;
        let repeats: Vec<bool> = [0, 30, 140, 261].map(|at| held.is_repeat(Press::Char('b'), ms(at))).into();
        assert_eq!(repeats, [false, true, true, false]);
        assert!(!held.is_repeat(Press::Char('a'), ms(270)));
    }

    #[test]
    fn long_lines_are_broken_between_words() {
        assert_eq!(broken("Hold still, from the hips.", 12), ["Hold still,", "from the", "hips."]);
        assert_eq!(broken("  a       button A", 80), ["  a       button A"]);
        assert_eq!(broken("überausunbrechbar", 6), ["übera", "usunb", "rechb", "ar"]);
        assert_eq!(broken("", 80), [""]);
    }

    #[test]
    fn a_line_is_out_at_once() {
        let mut out = Vec::new();
        Lines::new(&mut out).line("Hold.").unwrap();
        assert_eq!(out, b"Hold.\n");
    }
}
