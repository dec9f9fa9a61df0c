//! Why a simulation cannot go on.

use std::error::Error;
use std::fmt;

use crate::Time;
use crate::script::Failure;
use session::ResumeError;

/// What stopped a simulation short of its end.
#[derive(Debug)]
pub enum Stopped {
    /// A step of the script was not fulfilled.
    Script(Failure),
    /// After a kill the session could not be taken up again.
    Resume(ResumeError),
    /// What is stored could not be read back.
    Storage(anyhow::Error),
    /// Nothing will ever happen again, or two parts keep each other busy at one moment. A fault of the program.
    Stuck {
        /// When.
        at: Time,
    },
}

impl fmt::Display for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Script(failure) => write!(f, "line {}: {}", failure.line, failure.reason),
            Self::Resume(error) => write!(f, "the session could not be taken up again: {error}"),
            Self::Storage(error) => write!(f, "what is stored could not be read back: {error}"),
            Self::Stuck { at } => write!(f, "the simulation came to a standstill at {} ms", at.as_millis()),
        }
    }
}

impl Error for Stopped {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Resume(error) => Some(error),
            Self::Storage(error) => Some(error.as_ref()),
            Self::Script(_) | Self::Stuck { .. } => None,
        }
    }
}
