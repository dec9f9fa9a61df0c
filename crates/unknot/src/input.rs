//! Keys, the mouse and signals, where nothing else is waited for: outside of a session.

use tokio::sync::mpsc::UnboundedReceiver;

use crate::keys::Press;
use crate::live::Why;
use crate::signals::{Signals, Wish};
use crate::terminal::{Mouse, Typed};

/// What came, where nothing but keys and signals is waited for.
pub(crate) enum Came {
    Press(Press),
    Again(Press),
    Pasted(String),
    Pointed(Mouse),
    Resized,
    StepAside,
    GoOn,
    Leave(Why),
}

/// Waits for the next of it. Nothing is lost where the wait is given up.
pub(crate) async fn came(keys: &mut UnboundedReceiver<Typed>, signals: &mut Signals) -> Came {
    tokio::select! {
        typed = keys.recv() => match typed {
            Some(Typed::Press(press)) => Came::Press(press),
            Some(Typed::Again(press)) => Came::Again(press),
            Some(Typed::Pasted(text)) => Came::Pasted(text),
            Some(Typed::Mouse(mouse)) => Came::Pointed(mouse),
            Some(Typed::Resized) => Came::Resized,
            Some(Typed::Ended) | None => Came::Leave(Why::InputEnded),
        },
        wish = signals.next() => match wish {
            Wish::End(number) => Came::Leave(Why::Signal(number)),
            Wish::StepAside => Came::StepAside,
            Wish::GoOn => Came::GoOn,
        },
    }
}
