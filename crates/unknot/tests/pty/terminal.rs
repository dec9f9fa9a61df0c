//! A program in a pseudo-terminal, as a person has it: keys in, a screen to look at, and the terminal's own modes.
//!
//! Nothing here waits for time to pass. What is wanted is looked for in what has come, and looked for again with
//! everything more that comes, until a bound beyond which it will not.

use std::io::{Read as _, Write as _};
use std::num::NonZeroU16;
use std::process::{Child, ExitStatus};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use pty_process::Size;
use pty_process::blocking::{Command, Pty};
use rustix::process::{Pid, Signal, kill_process};
use rustix::termios::{Termios, tcgetattr};

/// Nothing that is looked for takes this long, on any machine: what does will not come.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// The program takes a key that comes again within 120 ms for one that is held.
const NEW_PRESS: Duration = Duration::from_millis(150);

/// A terminal and the program in it. The program ends with it.
pub(crate) struct Terminal {
    pty: Arc<Pty>,
    child: Child,
    out: Receiver<Heard>,
    seen: vt100::Parser,
    /// The modes before the program came.
    before: Termios,
    /// The last key, and when what it led to was seen.
    pressed: Option<(char, Instant)>,
    /// Everything that was ever written.
    written: Written,
}

/// What was written, in figures.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Written {
    /// Bytes.
    pub(crate) bytes: u64,
    /// Writes that came apart from each other.
    pub(crate) writes: u64,
}

/// What one read gave, and when.
type Heard = (Instant, Vec<u8>);

impl Terminal {
    /// Starts the program in a terminal of so many columns and rows.
    pub(crate) fn start(command: Command, columns: u16, rows: u16) -> Self {
        let (pty, pts) = pty_process::blocking::open().expect("there are pseudo-terminals");
        pty.resize(Size::new(rows, columns)).expect("a new terminal takes a size");
        let before = tcgetattr(&pts).expect("a terminal has modes");
        let child = command.env("TERM", "xterm-256color").spawn(pts).expect("the program starts");
        let pty = Arc::new(pty);
        let (heard, out) = channel();
        let reads = Arc::clone(&pty);
        std::thread::spawn(move || {
            let mut bytes = [0; 64 * 1024];
            // It ends with an error when the last program in the terminal does.
            while let Ok(count @ 1..) = (&*reads).read(&mut bytes) {
                if heard.send((Instant::now(), bytes[..count].to_vec())).is_err() {
                    return;
                }
            }
        });
        let seen = vt100::Parser::new(side(rows), side(columns), 0);
        Self { pty, child, out, seen, before, pressed: None, written: Written::default() }
    }

    /// Types these keys, one after the other.
    pub(crate) fn press(&mut self, keys: &str) {
        for key in keys.chars() {
            if let Some((last, at)) = self.pressed
                && last == key
            {
                self.read_until(at + NEW_PRESS);
            }
            let mut text = [0; 4];
            let text = key.encode_utf8(&mut text);
            (&*self.pty).write_all(text.as_bytes()).expect("a terminal takes keys");
            self.pressed = Some((key, Instant::now()));
        }
    }

    /// Sends what belongs together at once, as a terminal does with what its mouse tells.
    pub(crate) fn send_whole(&mut self, text: &str) {
        (&*self.pty).write_all(text.as_bytes()).expect("a terminal takes what its mouse tells");
    }

    /// Reads on until this stands on the screen.
    pub(crate) fn until(&mut self, text: &str) {
        self.until_that(text, |screen| screen.contents().contains(text));
    }

    /// Reads on until the screen is like this.
    pub(crate) fn until_that(&mut self, what: &str, is_so: impl Fn(&vt100::Screen) -> bool) {
        let end = Instant::now() + PATIENCE;
        while !is_so(self.seen.screen()) {
            let more = self.read(end);
            assert!(more, "`{what}` did not come; the screen is\n{}", self.text());
        }
        if let Some((_, at)) = &mut self.pressed {
            *at = Instant::now();
        }
    }

    /// Reads on until something outside the terminal is so.
    pub(crate) fn until_elsewhere(&mut self, what: &str, mut is_so: impl FnMut() -> bool) {
        let end = Instant::now() + PATIENCE;
        while !is_so() {
            assert!(Instant::now() < end, "`{what}` did not come; the screen is\n{}", self.text());
            self.read_until(Instant::now() + Duration::from_millis(20));
        }
    }

    /// Reads what comes until this moment.
    pub(crate) fn read_until(&mut self, end: Instant) {
        while self.read(end) {}
    }

    /// Reads once; whether something came before this moment.
    fn read(&mut self, end: Instant) -> bool {
        match self.out.recv_timeout(end.saturating_duration_since(Instant::now())) {
            Ok((_, bytes)) => {
                self.written.writes += 1;
                self.written.bytes += u64::try_from(bytes.len()).unwrap_or(u64::MAX);
                self.seen.process(&bytes);
                true
            }
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => false,
        }
    }

    /// What was written so far.
    pub(crate) const fn written(&self) -> Written {
        self.written
    }

    /// What stands on the screen.
    pub(crate) fn text(&self) -> String {
        self.seen.screen().contents()
    }

    /// The screen.
    pub(crate) fn screen(&self) -> &vt100::Screen {
        self.seen.screen()
    }

    /// Gives the terminal another size, which the program is told by a signal.
    pub(crate) fn resize(&mut self, columns: u16, rows: u16) {
        self.seen.screen_mut().set_size(side(rows), side(columns));
        self.pty.resize(Size::new(rows, columns)).expect("a terminal takes a size");
    }

    /// The program.
    pub(crate) fn pid(&self) -> Pid {
        Pid::from_child(&self.child)
    }

    /// Sends the program a signal.
    pub(crate) fn send(&self, signal: Signal) {
        kill_process(self.pid(), signal).expect("the program is there");
    }

    /// Whether lines are edited and echoed as they were before the program came.
    pub(crate) fn is_cooked(&self) -> bool {
        let now = tcgetattr(&*self.pty).expect("a terminal has modes");
        now.local_modes == self.before.local_modes
            && now.input_modes == self.before.input_modes
            && now.output_modes == self.before.output_modes
            && now.control_modes == self.before.control_modes
    }

    /// Waits for the program to end by itself.
    pub(crate) fn end(&mut self) -> ExitStatus {
        let end = Instant::now() + PATIENCE;
        loop {
            self.read_until(Instant::now() + Duration::from_millis(20));
            if let Some(status) = self.child.try_wait().expect("the program was started here") {
                // What it wrote last may still be on its way.
                self.read_until(Instant::now() + Duration::from_millis(100));
                return status;
            }
            assert!(Instant::now() < end, "it does not end; the screen is\n{}", self.text());
        }
    }

    /// Ends the program at once, without a word to it.
    pub(crate) fn kill(&mut self) {
        self.child.kill().expect("the program is there");
        self.end();
    }
}

impl Drop for Terminal {
    /// A test that fails leaves nobody behind.
    fn drop(&mut self) {
        // It may have ended by itself.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn side(cells: u16) -> NonZeroU16 {
    NonZeroU16::new(cells).expect("a terminal has rows and columns")
}
