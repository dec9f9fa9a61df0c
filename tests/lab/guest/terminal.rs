//! A program in a pseudo-terminal, with the time of each of its writes, to measure the screen as a person sees it.
//! Output is only recorded while the program runs and rendered on demand, so that observing costs nothing.

use std::fs;
use std::io::{Read as _, Write as _};
use std::num::NonZeroU16;
use std::path::{Path, PathBuf};
use std::process::{Child, ExitStatus};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, bail};
use pty_process::Size;
use pty_process::blocking::{Command, Pty};

const COLUMNS: NonZeroU16 = NonZeroU16::new(120).expect("it is some");
const ROWS: NonZeroU16 = NonZeroU16::new(40).expect("it is some");

/// Output so far, and the time of each piece since 1970, as in a trace.
#[derive(Default)]
struct Written {
    bytes: Vec<u8>,
    moments: Vec<Duration>,
}

/// A terminal and its program. Killed on drop; the output is left in `NAME.tty`.
pub(crate) struct Terminal {
    name: String,
    pty: Arc<Pty>,
    child: Child,
    written: Arc<Mutex<Written>>,
    file: PathBuf,
}

impl Terminal {
    /// Starts the program.
    pub(super) fn start(name: &str, command: Command, logs: &Path) -> anyhow::Result<Self> {
        let (pty, pts) = pty_process::blocking::open()?;
        pty.resize(Size::new(ROWS.get(), COLUMNS.get()))?;
        let command = command.env("TERM", "xterm-256color").env("COLORTERM", "truecolor");
        let child = command.spawn(pts).with_context(|| format!("cannot start {name}"))?;
        let (pty, written) = (Arc::new(pty), Arc::new(Mutex::new(Written::default())));
        let (reads, keeps) = (Arc::clone(&pty), Arc::clone(&written));
        thread::spawn(move || {
            let mut bytes = [0; 64 * 1024];
            // Reading fails when the program ends.
            while let Ok(count @ 1..) = (&*reads).read(&mut bytes) {
                let now = now();
                let mut written = keeps.lock().unwrap_or_else(PoisonError::into_inner);
                written.bytes.extend_from_slice(&bytes[..count]);
                written.moments.push(now);
            }
        });
        Ok(Self { name: name.to_owned(), pty, child, written, file: logs.join(format!("{name}.tty")) })
    }

    /// Types keys.
    pub(crate) fn press(&self, keys: &str) -> anyhow::Result<()> {
        (&*self.pty)
            .write_all(keys.as_bytes())
            .with_context(|| format!("cannot write to the terminal of {}", self.name))
    }

    /// Waits until the screen shows this text.
    pub(crate) fn shows(&self, text: &str, within: Duration) -> anyhow::Result<()> {
        let shown = super::until(&format!("{} shows {text:?}", self.name), within, || {
            Ok(self.screen().contains(text).then_some(()))
        });
        shown.with_context(|| format!("the screen is\n{}", self.screen()))
    }

    /// Times of all writes.
    pub(crate) fn moments(&self) -> Vec<Duration> {
        self.written.lock().unwrap_or_else(PoisonError::into_inner).moments.clone()
    }

    /// Waits until it ends by itself, which must be with success.
    pub(crate) fn ended(&mut self, within: Duration) -> anyhow::Result<()> {
        let child = &mut self.child;
        let status: ExitStatus =
            super::until(&format!("{} ends", self.name), within, || Ok(child.try_wait()?))?;
        if !status.success() {
            bail!("{} ended with {status}:\n{}", self.name, self.screen());
        }
        Ok(())
    }

    fn screen(&self) -> String {
        let bytes = self.written.lock().unwrap_or_else(PoisonError::into_inner).bytes.clone();
        let mut parser = vt100::Parser::new(ROWS, COLUMNS, 0);
        parser.process(&bytes);
        parser.screen().contents()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::write(&self.file, &self.written.lock().unwrap_or_else(PoisonError::into_inner).bytes);
    }
}

/// The machine's clock, as in a trace.
pub(crate) fn now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}
