//! Assigns cases to machines through files in a folder that the host and all machines share; nothing else crosses the
//! border of a machine in virtual time. A machine takes a case by renaming its file, so each is taken once.
//!
//! ```text
//! waiting/07-NAME  --the machine renames it-->  taken/NAME@machine-2  --the machine writes-->  done/NAME
//! ```

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;

use crate::cases::{self, Case};

/// The folder with the three states.
pub(crate) struct Queue(PathBuf);

/// Result of a case, as its machine reports it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ended {
    /// Duration by the machine's own clock.
    pub(crate) took: Duration,
    /// Failure, if any.
    pub(crate) fault: Option<String>,
}

impl Queue {
    /// The queue in this folder.
    pub(crate) fn at(folder: &Path) -> Self {
        Self(folder.to_owned())
    }

    /// Empties the queue and adds these cases in this order.
    pub(crate) fn create(&self, cases: &[&Case]) -> anyhow::Result<()> {
        let _ = fs::remove_dir_all(&self.0);
        for folder in ["waiting", "taken", "done"] {
            fs::create_dir_all(self.0.join(folder))?;
        }
        for (number, case) in cases.iter().enumerate() {
            fs::write(self.0.join("waiting").join(format!("{number:02}-{}", case.name)), "")?;
        }
        Ok(())
    }

    /// Whether a case is waiting for a machine.
    pub(crate) fn has_waiting(&self) -> bool {
        self.names("waiting").is_ok_and(|names| !names.is_empty())
    }

    /// Takes the next case for this machine; `None` if none is waiting.
    pub(crate) fn take(&self, machine: &str) -> anyhow::Result<Option<&'static Case>> {
        for waiting in self.names("waiting")? {
            let name = waiting.split_once('-').map_or("", |(_, name)| name);
            let taken = self.0.join("taken").join(format!("{name}@{machine}"));
            match fs::rename(self.0.join("waiting").join(&waiting), taken) {
                Ok(()) => {
                    let case = cases::named(name);
                    return case.map(Some).with_context(|| format!("no case is called {name}"));
                }
                // Another machine took it first.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error).context("cannot take a case"),
            }
        }
        Ok(None)
    }

    /// Cases that this machine has taken.
    pub(crate) fn taken(&self, machine: &str) -> anyhow::Result<Vec<&'static Case>> {
        let names = self.names("taken")?;
        let own = names.iter().filter_map(|name| name.split_once('@')).filter(|(_, of)| *of == machine);
        Ok(own.filter_map(|(name, _)| cases::named(name)).collect())
    }

    /// Reports the result of a case. Only the first report counts.
    pub(crate) fn finish(&self, case: &Case, ended: &Ended) -> anyhow::Result<()> {
        let to = self.0.join("done").join(case.name);
        if to.exists() {
            return Ok(());
        }
        let text = format!("{} {}", ended.took.as_millis(), ended.fault.as_deref().unwrap_or_default());
        // Renaming makes the file appear complete.
        let new = self.0.join(format!("{}.new", case.name));
        fs::write(&new, text)?;
        Ok(fs::rename(new, to)?)
    }

    /// Result of a case; `None` if it is not known yet.
    pub(crate) fn ended(&self, case: &Case) -> anyhow::Result<Option<Ended>> {
        let text = match fs::read_to_string(self.0.join("done").join(case.name)) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let (took, fault) = text.split_once(' ').context("the result has no duration")?;
        let took = Duration::from_millis(took.parse()?);
        Ok(Some(Ended { took, fault: (!fault.is_empty()).then(|| fault.to_owned()) }))
    }

    fn names(&self, folder: &str) -> anyhow::Result<Vec<String>> {
        let folder = self.0.join(folder);
        let files = fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
        let mut names: Vec<String> =
            files.flatten().filter_map(|file| file.file_name().into_string().ok()).collect();
        names.sort();
        Ok(names)
    }
}
