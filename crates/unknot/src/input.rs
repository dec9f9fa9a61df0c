//! Keys, the mouse and signals: the one place that waits for them.

use std::io;

use tokio::sync::mpsc::UnboundedReceiver;

use crate::keys::Press;
use crate::live::Why;
use crate::signals::{Signals, Wish};
use crate::terminal::{Mouse, Typed};

/// What comes from the keyboard and from the system.
#[derive(Debug)]
pub(crate) struct Input {
    /// The keyboard, or what was piped in.
    pub(crate) keys: UnboundedReceiver<Typed>,
    /// Signals of the system.
    pub(crate) signals: Signals,
}

/// What came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Came {
    /// A key.
    Press(Press),
    /// A key that is held.
    Again(Press),
    /// A text that was pasted.
    Pasted(String),
    /// A touch of the mouse.
    Pointed(Mouse),
    /// The terminal has another size.
    Resized,
    /// The shell wants the terminal.
    StepAside,
    /// The program stood still, and the shell had the terminal.
    GoOn,
    /// No more keys will come, or a signal ends the program.
    Leave(Why),
}

impl Input {
    /// Listens to signals from now on, and to these keys.
    ///
    /// # Errors
    /// Where the system refuses.
    pub(crate) fn new(keys: UnboundedReceiver<Typed>) -> io::Result<Self> {
        Ok(Self { keys, signals: Signals::listen()? })
    }

    /// Waits for what comes next. Where `listens` is false keys are left waiting, and only signals come. Cancel-safe.
    pub(crate) async fn next(&mut self, listens: bool) -> Came {
        match self.in_session(listens).await {
            Came::Press(Press::Suspend) => Came::StepAside,
            came => came,
        }
    }

    /// The same in a session, where Ctrl-Z is a key like the others: it ends a note and a guess.
    pub(crate) async fn in_session(&mut self, listens: bool) -> Came {
        tokio::select! {
            typed = self.keys.recv(), if listens => match typed.unwrap_or(Typed::Ended) {
                Typed::Press(press) => Came::Press(press),
                Typed::Again(press) => Came::Again(press),
                Typed::Pasted(text) => Came::Pasted(text),
                Typed::Mouse(mouse) => Came::Pointed(mouse),
                Typed::Resized => Came::Resized,
                Typed::Ended => Came::Leave(Why::InputEnded),
            },
            wish = self.signals.next() => match wish {
                Wish::End(number) => Came::Leave(Why::Signal(number)),
                Wish::StepAside => Came::StepAside,
                Wish::GoOn => Came::GoOn,
            },
        }
    }
}
