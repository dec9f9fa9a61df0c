//! A program in a pseudo-terminal, with the moment of each of its writes: a screen is measured as a person sees it. What
//! it wrote is only kept while it runs, and made a screen of when somebody looks, so that looking costs it nothing.

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

/// All that was written, and when each piece of it began to be there, since 1970 as a trace counts.
#[derive(Default)]
struct Written {
    bytes: Vec<u8>,
    moments: Vec<Duration>,
}

/// A terminal and the program in it. It ends with this value, and leaves what it wrote in `NAME.tty`.
pub(crate) struct Terminal {
    name: String,
    pty: Arc<Pty>,
    child: Child,
    written: Arc<Mutex<Written>>,
    file: PathBuf,
}

impl Terminal {
    /// Starts it.
    pub(super) fn start(name: &str, command: Command, logs: &Path) -> anyhow::Result<Self> {
        let (pty, pts) = pty_process::blocking::open()?;
        pty.resize(Size::new(ROWS.get(), COLUMNS.get()))?;
        let command = command.env("TERM", "xterm-256color").env("COLORTERM", "truecolor");
        let child = command.spawn(pts).with_context(|| format!("{name} cannot be started"))?;
        let (pty, written) = (Arc::new(pty), Arc::new(Mutex::new(Written::default())));
        let (reads, keeps) = (Arc::clone(&pty), Arc::clone(&written));
        thread::spawn(move || {
            let mut bytes = [0; 64 * 1024];
            // It ends with an error when the program does.
            while let Ok(count @ 1..) = (&*reads).read(&mut bytes) {
                let now = now();
                let mut written = keeps.lock().unwrap_or_else(PoisonError::into_inner);
                written.bytes.extend_from_slice(&bytes[..count]);
                written.moments.push(now);
            }
        });
        Ok(Self { name: name.to_owned(), pty, child, written, file: logs.join(format!("{name}.tty")) })
    }

    /// Types these keys.
    pub(crate) fn press(&self, keys: &str) -> anyhow::Result<()> {
        (&*self.pty).write_all(keys.as_bytes()).with_context(|| format!("{} takes no keys", self.name))
    }

    /// Waits until this stands on the screen.
    pub(crate) fn shows(&self, text: &str, within: Duration) -> anyhow::Result<()> {
        let shown = super::until(&format!("{} shows {text:?}", self.name), within, || {
            Ok(self.screen().contains(text).then_some(()))
        });
        shown.with_context(|| format!("the screen is\n{}", self.screen()))
    }

    /// When each write began to be there.
    pub(crate) fn moments(&self) -> Vec<Duration> {
        self.written.lock().unwrap_or_else(PoisonError::into_inner).moments.clone()
    }

    /// Waits for its end by itself; an end that is no success is an error.
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

/// The clock of the machine, as a trace reads it.
pub(crate) fn now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}
