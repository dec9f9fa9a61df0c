//! How the program fails: what is said, and with which code it ends.

use std::fmt;
use std::path::Path;
use std::process::ExitCode;

use journal::{OpenError, WriteError};
use words::{foreign, foreign_lines};

/// Why a command did not do what was asked.
#[derive(Debug)]
pub enum Failure {
    /// It was asked wrongly, or handed a script or plan that cannot be read: exit 2.
    Usage(String),
    /// It was asked rightly and could not be done: exit 1. The text says what to do next.
    Failed(anyhow::Error),
    /// It was done, everything has been said, and the answer is no: exit 1.
    No,
    /// A signal ended it, everything being stored: 128 and its number, as shells have it.
    Signal(u8),
    /// A signal interrupted long work; `left` says what there is of it. 128 and the signal's number.
    Interrupted {
        /// The signal's number.
        signal: u8,
        /// What was done and what was not.
        left: String,
    },
}

impl Failure {
    /// The code the program ends with.
    #[must_use]
    pub fn code(&self) -> ExitCode {
        match self {
            Self::Usage(_) => ExitCode::from(2),
            Self::Failed(_) | Self::No => ExitCode::FAILURE,
            Self::Signal(number) | Self::Interrupted { signal: number, .. } => ExitCode::from(128 + number),
        }
    }

    /// A disk that does not take any more says so in the words of a session. Here it is said what was not done; all other
    /// failures stay as they are.
    pub(crate) fn on_full_disk(self, undone: &str) -> Self {
        match self {
            Self::Failed(error)
                if matches!(error.downcast_ref(), Some(WriteError::Full))
                    || matches!(error.downcast_ref(), Some(OpenError::Full(_))) =>
            {
                anyhow::anyhow!("the disk is full, and {undone}: make room on it, and do it again").into()
            }
            other => other,
        }
    }

    /// Whether it failed only because nobody reads its output any more (`unknot history | head -1`), which is no fault.
    #[must_use]
    pub fn is_broken_pipe(&self) -> bool {
        let Self::Failed(error) = self else { return false };
        error
            .chain()
            .filter_map(|cause| cause.downcast_ref::<std::io::Error>())
            .any(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
    }
}

/// What is said of it. Paths, names and lines of files that it quotes are shown as text from outside is.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(text) => f.write_str(&foreign_lines(text)),
            // All causes in one line: a screen reader reads it once.
            Self::Failed(error) if error.chain().any(|cause| cause.is::<Lines>()) => {
                f.write_str(&foreign_lines(&format!("{error:#}")))
            }
            Self::Failed(error) => f.write_str(&foreign(&format!("{error:#}"))),
            Self::Interrupted { left, .. } => write!(f, "interrupted: {}", foreign_lines(left)),
            Self::No | Self::Signal(_) => Ok(()),
        }
    }
}

/// What is said in more than one line, each of which is meant: a list, or several faults. What it quotes is in it as
/// [`foreign`] shows it; of any other failure a line end is no more than a blank.
#[derive(Debug)]
pub(crate) struct Lines(pub(crate) String);

impl fmt::Display for Lines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Lines {}

/// A path as it may be shown: a file may have any name, with line ends in it, too.
pub(crate) fn shown(path: &Path) -> String {
    foreign(&path.display().to_string()).into_owned()
}

/// A file that was named and cannot be used, for these reasons, each of them a line. The file's own name has none.
pub(crate) fn faulty(file: &Path, why: &str) -> Failure {
    Failure::Usage(why.replace(&file.display().to_string(), &shown(file)))
}

impl<E: Into<anyhow::Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_told_of_with_what_was_not_done_and_what_to_do() {
        let told = |error: WriteError| Failure::from(error).on_full_disk("nothing was deleted").to_string();
        assert_eq!(
            told(WriteError::Full),
            "the disk is full, and nothing was deleted: make room on it, and do it again"
        );
        let full = Failure::from(OpenError::Full("store.db".into())).on_full_disk("nothing was deleted");
        assert_eq!(full.to_string(), told(WriteError::Full));
        assert_eq!(told(WriteError::Gone), WriteError::Gone.to_string(), "the control");
    }
}
