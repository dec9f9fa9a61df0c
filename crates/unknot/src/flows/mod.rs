//! What is asked and done around a session: each flow once, for the full screen and for plain lines.
//!
//! A flow speaks to the person through a [`Dialog`] alone. What is shown of it is a [`Page`]; a [`DialogView`] shows the
//! page on the screen (`screen/dialog.rs`) or as lines ([`LineView`]). On the screen the page is drawn anew at each
//! change; in lines, what is new on it becomes a line, and the keys a line in brackets where a person types them.
//! Input that is piped in was typed before anything was asked: it answers only what every run asks.
//!
//! | flow              | what is shown                                          | keys                                 |
//! |-------------------|--------------------------------------------------------|--------------------------------------|
//! | [`resume`]        | a session was interrupted: when, and in which phase    | lines: y takes it up, n closes it; screen: u on the start screen takes it up, p or s twice closes it |
//! | [`check_in`]      | new numbness? how is it? how much does it bother? a remark | y n; b s o w; 1-9 0; a line of text; Enter and Esc pass over all but the first |
//! | [`connect`]       | the adapter, which clicker, how far reaching it has come | 1-9 which, Enter try again         |
//! | [`table_height`]  | what the receiver lies on                              | f b t; Enter passes over             |
//! | [`pair`]          | the adapter, which clicker, each step, the six digits  | 1-9 which; digits and Enter; Enter try again |
//!
//! Esc leaves each of them, unless the table says otherwise; Ctrl-C, the end of the input and a signal always do.
//! [`begin`] puts them in their order before a session.

pub(crate) mod begin;
pub(crate) mod check_in;
pub(crate) mod connect;
mod dialog;
pub(crate) mod pair;
pub(crate) mod resume;
pub(crate) mod table_height;

pub(crate) use dialog::{Dialog, DialogView, LineView, Page};

use crate::failure::{Failure, Lines};
use crate::live::Why;

/// What a flow gives: its result, or why it has none.
pub(crate) type Flow<T> = Result<T, Exit>;

/// Why a flow ended before its end.
#[derive(Debug)]
pub(crate) enum Exit {
    /// The person left, or no more input comes.
    Left(Why),
    /// It cannot be done. The text says what the person can do.
    No(String),
    /// No session may begin. The person has been told why; this line repeats it.
    Refused(String),
    /// The store no longer holds what was chosen from.
    Changed,
    /// Something failed.
    Failed(Failure),
}

impl Exit {
    /// The same as the program's failure. [`Exit::Refused`] and [`Exit::Changed`] have nothing more to say.
    pub(crate) fn failure(self) -> Failure {
        match self {
            Self::Left(Why::Signal(number)) => Failure::Signal(number),
            Self::No(why) => Lines(why).into(),
            Self::Failed(failure) => failure,
            Self::Left(_) | Self::Refused(_) | Self::Changed => Failure::No,
        }
    }
}

impl<E: Into<Failure>> From<E> for Exit {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// Failures have no equality of their own; tests compare what is said of them.
#[cfg(test)]
impl PartialEq for Exit {
    fn eq(&self, other: &Self) -> bool {
        format!("{self:?}") == format!("{other:?}")
    }
}
