//! Long work: how far it is stands on the terminal, and it can be interrupted between two of its pieces.
//!
//! It decides nothing about what is left behind: whoever works writes aside, and gives back what an interruption says.

use std::io::{IsTerminal as _, Stderr, Write, stderr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

use crate::failure::Failure;

/// The signals that interrupt it. A second one of the same ends the program at once, as if nobody listened.
const SIGNALS: [u8; 2] = [2, 15];

/// A piece of work of so many parts.
#[derive(Debug)]
pub(crate) struct Long<W: Write = Stderr> {
    /// What is done to a part: "exported".
    done: &'static str,
    at: usize,
    of: usize,
    /// What stands on the terminal, in percent; `None` without one.
    shown: Option<usize>,
    terminal: Option<W>,
    asked: [Arc<AtomicBool>; 2],
}

impl Long {
    /// Begins: from now on Control-C interrupts and no longer ends the program. `done` is what is done to each of the
    /// `of` parts, as in "exported".
    pub(crate) fn begin(done: &'static str, of: usize) -> Result<Self, Failure> {
        let asked = [Arc::default(), Arc::default()];
        for (signal, asked) in [SIGINT, SIGTERM].into_iter().zip(&asked) {
            flag::register_conditional_default(signal, Arc::clone(asked))?;
            flag::register(signal, Arc::clone(asked))?;
        }
        let terminal = stderr();
        Ok(Self { done, at: 0, of, shown: None, terminal: terminal.is_terminal().then_some(terminal), asked })
    }
}

impl<W: Write> Long<W> {
    /// One more part is done.
    ///
    /// # Errors
    /// [`Failure::Interrupted`] where it is to end here. `left` says what there is of it then.
    pub(crate) fn step(&mut self, left: impl FnOnce() -> String) -> Result<(), Failure> {
        self.to(self.at + 1, left)
    }

    /// So many parts are done.
    ///
    /// # Errors
    /// As [`Long::step`].
    pub(crate) fn to(&mut self, at: usize, left: impl FnOnce() -> String) -> Result<(), Failure> {
        self.at = at;
        let percent = self.at * 100 / self.of.max(1);
        // A hundred times at most, however many parts there are.
        if self.shown != Some(percent)
            && let Some(terminal) = &mut self.terminal
        {
            self.shown = Some(percent);
            // Work does not fail for want of somebody to watch it.
            let _ = write!(terminal, "\r\x1b[K{} of {} {} ({percent} %)", self.at, self.of, self.done);
            let _ = terminal.flush();
        }
        let asked = SIGNALS.into_iter().zip(&self.asked).find(|(_, asked)| asked.load(Ordering::Relaxed));
        match asked {
            Some((signal, _)) => Err(Failure::Interrupted { signal, left: left() }),
            None => Ok(()),
        }
    }

    /// Takes the line off the terminal, so that something else can stand there.
    pub(crate) fn clear(&mut self) {
        if self.shown.take().is_some()
            && let Some(terminal) = &mut self.terminal
        {
            let _ = terminal.write_all(b"\r\x1b[K");
            let _ = terminal.flush();
        }
    }
}

impl<W: Write> Drop for Long<W> {
    fn drop(&mut self) {
        self.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn long(terminal: Option<Vec<u8>>, of: usize) -> Long<Vec<u8>> {
        Long { done: "exported", at: 0, of, shown: None, terminal, asked: [Arc::default(), Arc::default()] }
    }

    fn written(long: &Long<Vec<u8>>) -> String {
        String::from_utf8(long.terminal.clone().unwrap_or_default()).unwrap()
    }

    #[test]
    fn it_says_how_far_it_is_once_a_percent_and_takes_it_away_again() {
        let mut work = long(Some(Vec::new()), 1_000);
        for _ in 0..25 {
            work.step(String::new).unwrap();
        }
        assert_eq!(
            written(&work),
            "\r\x1b[K1 of 1000 exported (0 %)\r\x1b[K10 of 1000 exported (1 %)\r\x1b[K20 of 1000 exported (2 %)"
        );
        work.clear();
        work.clear();
        assert!(written(&work).ends_with("(2 %)\r\x1b[K"));
    }

    #[test]
    fn nothing_is_written_where_there_is_no_terminal_and_nothing_to_do_is_no_fault() {
        let mut work = long(None, 0);
        work.step(String::new).unwrap();
        assert_eq!(written(&work), "");
    }

    #[test]
    fn it_ends_between_two_parts_when_it_is_asked_to() {
        let mut work = long(None, 3);
        work.step(|| "one".to_owned()).unwrap();
        work.asked[0].store(true, Ordering::Relaxed);
        let ended = work.step(|| "nothing was written".to_owned()).unwrap_err();
        assert!(matches!(&ended, Failure::Interrupted { signal: 2, left } if left == "nothing was written"));
        assert_eq!(ended.to_string(), "interrupted: nothing was written");
    }
}
