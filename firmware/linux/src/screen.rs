//! Full-screen terminal: LEDs, latest status lines, and keys.

use std::io::{self, Write};
use std::time::{Duration, Instant};

use app::{PairingDisplay, Picture, StatusEvent};
use console::Command;
use crossterm::cursor::{Hide, MoveTo, Show};
use crossterm::event::{self, Event, KeyCode, KeyEventKind, KeyModifiers};
use crossterm::terminal::{
    self, Clear, ClearType, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use crossterm::{execute, queue};
use handheld::Display;
use tokio::sync::mpsc::UnboundedSender;

/// A held key repeats faster than this; a finger does not.
const REPEAT: Duration = Duration::from_millis(120);

/// Status lines shown.
const LINES: usize = 8;

/// The terminal, in use until dropped.
pub(crate) struct Screen {
    title: String,
    picture: Picture,
    passkey: Option<u32>,
    sound: String,
    held: usize,
    lines: Vec<String>,
    _raw: Raw,
}

/// Raw mode and the alternate screen. Restored however the program ends.
struct Raw;

impl Raw {
    fn new() -> io::Result<Self> {
        enable_raw_mode()?;
        let raw = Self;
        execute!(io::stdout(), EnterAlternateScreen, Hide)?;
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            restore();
            before(panic);
        }));
        Ok(raw)
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        restore();
    }
}

fn restore() {
    // Nothing can be restored if the terminal is gone.
    let _ = execute!(io::stdout(), LeaveAlternateScreen, Show);
    let _ = disable_raw_mode();
}

impl Screen {
    pub(crate) fn new(title: String) -> io::Result<Self> {
        let screen = Self {
            title,
            picture: Picture::Display(Display::Blank),
            passkey: None,
            sound: String::new(),
            held: 0,
            lines: Vec::new(),
            _raw: Raw::new()?,
        };
        screen.draw();
        Ok(screen)
    }

    pub(crate) fn show(&mut self, picture: Picture) {
        self.picture = picture;
        if !matches!(picture, Picture::Pairing(PairingDisplay::Digit { .. } | PairingDisplay::Gap)) {
            self.passkey = None;
        }
        self.draw();
    }

    pub(crate) fn play(&mut self, words: &str) {
        words.clone_into(&mut self.sound);
        self.draw();
    }

    pub(crate) fn notify(&mut self, status: StatusEvent) {
        match status {
            StatusEvent::Backlog(held) => self.held = held,
            StatusEvent::Passkey(passkey) => self.passkey = Some(passkey),
            StatusEvent::Stored(_) => return,
            other => return self.say(&console::StatusText(other).to_string()),
        }
        self.draw();
    }

    pub(crate) fn say(&mut self, line: &str) {
        if self.lines.len() == LINES {
            self.lines.remove(0);
        }
        self.lines.push(line.to_owned());
        self.draw();
    }

    fn draw(&self) {
        // A terminal that is gone does not stop the clicker.
        let _ = self.try_draw();
    }

    fn try_draw(&self) -> io::Result<()> {
        let mut out = io::stdout().lock();
        queue!(out, MoveTo(0, 0))?;
        let mut lines = vec![self.title.clone(), String::new()];
        for row in self.picture.rows() {
            let lights: Vec<&str> =
                (0..5).map(|at| if row & (0b10000 >> at) == 0 { " ·" } else { "██" }).collect();
            lines.push(format!("    {}", lights.join(" ")));
        }
        let said =
            console::PictureText::of(self.picture).map(|picture| picture.to_string()).unwrap_or_default();
        let said = self.passkey.map_or(said, |passkey| format!("type this on the laptop: {passkey:06}"));
        lines.extend([
            String::new(),
            format!("    {said}"),
            format!("    sound: {}", self.sound),
            format!("    events waiting for the laptop: {}", self.held),
            String::new(),
        ]);
        lines.extend(self.lines.iter().map(|line| format!("    {line}")));
        lines.resize(12 + LINES + 1, String::new());
        lines.push(String::from("a b l short   A B L long   x SHARP   z STOP   , . / as a b l   q quit"));
        let (width, height) = terminal::size()?;
        for (row, line) in lines.iter().take(usize::from(height)).enumerate() {
            let line: String = line.chars().take(usize::from(width)).collect();
            let row = u16::try_from(row).unwrap_or(u16::MAX);
            queue!(out, MoveTo(0, row), Clear(ClearType::CurrentLine))?;
            write!(out, "{line}")?;
        }
        out.flush()
    }
}

/// Reads keys forever, on a thread of its own.
pub(crate) fn keys(commands: &UnboundedSender<Command>) {
    let mut last: Option<(KeyCode, Instant)> = None;
    loop {
        let key = match event::read() {
            Ok(Event::Key(key)) if key.kind != KeyEventKind::Release => key,
            Ok(_) => continue,
            // The terminal is gone, and with it the only input.
            Err(_) => {
                let _ = commands.send(Command::Quit);
                return;
            }
        };
        let repeated = last.is_some_and(|(code, at)| code == key.code && at.elapsed() < REPEAT);
        last = Some((key.code, Instant::now()));
        if repeated {
            continue;
        }
        let command = match key.code {
            KeyCode::Char('c') if key.modifiers.contains(KeyModifiers::CONTROL) => Some(Command::Quit),
            KeyCode::Char(key) => Command::of_key(key),
            _ => None,
        };
        if command.is_some_and(|command| commands.send(command).is_err()) {
            return;
        }
    }
}
