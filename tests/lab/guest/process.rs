//! A running program with its output: in a log file for people, in memory for the case. Each wait searches only the
//! output after the previous match, so that no line is matched twice.

use std::fs::File;
use std::io::{Read, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};

/// Output so far, and how far the case has read it.
#[derive(Default)]
struct Printed {
    text: String,
    taken: usize,
    open_pipes: usize,
}

struct Page {
    printed: Mutex<Printed>,
    more: Condvar,
}

/// One running program. Killed on drop.
pub(crate) struct Process {
    name: String,
    child: Child,
    stdin: Option<ChildStdin>,
    page: Arc<Page>,
}

impl Process {
    /// Starts it. Its output goes to `NAME.log` among the logs; a second run appends to it.
    pub(crate) fn start(name: &str, command: &mut Command, logs: &Path) -> anyhow::Result<Self> {
        let mut child =
            command
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .with_context(|| format!("cannot start {name}: {}", command.get_program().display()))?;
        let page = Arc::new(Page { printed: Mutex::default(), more: Condvar::new() });
        let file = File::options().create(true).append(true).open(logs.join(format!("{name}.log")))?;
        let stdout = child.stdout.take().context("no stdout")?;
        let stderr = child.stderr.take().context("no stderr")?;
        page.printed.lock().unwrap_or_else(PoisonError::into_inner).open_pipes = 2;
        follow(stdout, file.try_clone()?, Arc::clone(&page));
        follow(stderr, file, Arc::clone(&page));
        let stdin = child.stdin.take();
        Ok(Self { name: name.to_owned(), child, stdin, page })
    }

    /// Writes a line to its standard input.
    pub(crate) fn order(&mut self, line: &str) -> anyhow::Result<()> {
        let stdin = self.stdin.as_mut().with_context(|| format!("{} has no open stdin", self.name))?;
        writeln!(stdin, "{line}").with_context(|| format!("cannot write {line:?} to {}", self.name))
    }

    /// Waits for the next complete line that contains `needle`.
    pub(crate) fn line(&self, needle: &str, within: Duration) -> anyhow::Result<String> {
        self.wait(needle, within, |text| {
            let at = text.find(needle)?;
            let begin = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
            let end = at + text[at..].find('\n')?;
            Some((text[begin..end].trim().to_owned(), end))
        })
    }

    /// Waits for text that need not be a complete line, such as a prompt.
    pub(crate) fn text(&self, needle: &str, within: Duration) -> anyhow::Result<()> {
        self.wait(needle, within, |text| text.find(needle).map(|at| ((), at + needle.len())))
    }

    /// All output so far.
    pub(crate) fn all(&self) -> String {
        self.page.printed.lock().unwrap_or_else(PoisonError::into_inner).text.clone()
    }

    /// Skips the output since the last wait.
    pub(crate) fn skip(&self) {
        let mut printed = self.page.printed.lock().unwrap_or_else(PoisonError::into_inner);
        printed.taken = printed.text.len();
    }

    /// Waits until it ends by itself.
    pub(crate) fn ended(&mut self, within: Duration) -> anyhow::Result<ExitStatus> {
        let name = self.name.clone();
        let child = &mut self.child;
        super::until(&format!("{name} ends"), within, || Ok(child.try_wait()?))
    }

    /// Kills it, like a power cut.
    pub(crate) fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Process id, for signals.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    fn wait<T>(
        &self,
        needle: &str,
        within: Duration,
        find: impl Fn(&str) -> Option<(T, usize)>,
    ) -> anyhow::Result<T> {
        let began = Instant::now();
        let mut printed = self.page.printed.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some((found, length)) = find(&printed.text[printed.taken..]) {
                printed.taken += length;
                return Ok(found);
            }
            let left = within.saturating_sub(began.elapsed());
            let over = printed.open_pipes == 0;
            if left.is_zero() || over {
                let tail: Vec<&str> = printed.text.lines().rev().take(12).collect();
                let tail = tail.into_iter().rev().collect::<Vec<_>>().join("\n  ");
                let why = if over { "before it ended".to_owned() } else { format!("within {within:?}") };
                bail!("{} did not print {needle:?} {why}; its last lines:\n  {tail}", self.name);
            }
            printed = self.page.more.wait_timeout(printed, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Copies a pipe to the file and to memory until it closes.
fn follow(mut pipe: impl Read + Send + 'static, mut file: File, page: Arc<Page>) {
    thread::spawn(move || {
        let mut bytes = [0; 4096];
        let mut plain = Plain::default();
        loop {
            let length = pipe.read(&mut bytes).unwrap_or(0);
            let mut printed = page.printed.lock().unwrap_or_else(PoisonError::into_inner);
            if length == 0 {
                printed.open_pipes -= 1;
                page.more.notify_all();
                return;
            }
            let text = plain.take(&String::from_utf8_lossy(&bytes[..length]));
            let _ = file.write_all(text.as_bytes());
            printed.text.push_str(&text);
            page.more.notify_all();
        }
    });
}

/// Removes control sequences, so that the visible text is searched.
#[derive(Default)]
struct Plain {
    inside: Option<bool>,
}

impl Plain {
    fn take(&mut self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        for letter in text.chars() {
            match self.inside {
                None if letter == '\u{1b}' => self.inside = Some(false),
                // Readline marks text without width with these.
                None if matches!(letter, '\u{1}' | '\u{2}' | '\r') => {}
                None => out.push(letter),
                Some(false) if letter == '[' => self.inside = Some(true),
                Some(false) => self.inside = None,
                Some(true) if letter.is_ascii_alphabetic() => self.inside = None,
                Some(true) => {}
            }
        }
        out
    }
}
