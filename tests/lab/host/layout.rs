//! Where things lie: what the installer brings, the repository's folder, the logs, and copies of the programs under
//! test, so that a build beside a running machine does not pull them from under it.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};

use crate::cases::Program;

/// How the installer ends where it cannot do its work.
const CANNOT_RUN_HERE: i32 = 3;

/// Where logs of that name lie: beside what is built.
pub(super) fn logs_of(name: &str) -> anyhow::Result<PathBuf> {
    // A program's own place is `TARGET/PROFILE`.
    let program = std::env::current_exe()?;
    Ok(program.ancestors().nth(2).context("the build has no folder")?.join("lab").join(name))
}

/// By which clock machines live.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Time {
    /// It stands while anything computes: User Mode Linux.
    Virtual,
    /// The host's: an emulated machine.
    Real,
}

/// What machines of such a clock are made of.
pub(super) enum Clock {
    /// A kernel as a program.
    Virtual {
        /// The program.
        kernel: PathBuf,
    },
    /// An emulated machine's kernel and initial file system.
    Real {
        /// The folder with both.
        machine: PathBuf,
    },
}

/// The folders.
pub(super) struct Layout {
    /// What machines are made of.
    pub(super) clock: Clock,
    /// The Python that has the radio's library.
    pub(super) python: PathBuf,
    /// This folder, with the scripts and the radio.
    pub(super) folder: PathBuf,
    /// Under the build's own folder; emptied at the beginning of a run. `/lab` in every machine.
    pub(super) logs: PathBuf,
    /// Held while this lives: two runs would empty each other's logs.
    _lock: File,
}

impl Layout {
    /// Installs what is missing, and finds the rest; nothing where this machine cannot run the lab. The logs go to
    /// `target/lab/NAME`, which is emptied.
    pub(super) fn install(name: &str, time: Time) -> anyhow::Result<Option<Self>> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("lab");
        let output = Command::new(folder.join("install.sh"))
            .arg(match time {
                Time::Virtual => "virtual",
                Time::Real => "emulated",
            })
            .stderr(Stdio::inherit())
            .output()
            .context("the installer cannot be run")?;
        if output.status.code() == Some(CANNOT_RUN_HERE) {
            return Ok(None);
        }
        if !output.status.success() {
            bail!("what the lab needs could not be installed; see above");
        }
        let text = String::from_utf8(output.stdout)?;
        let told = |what: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(what)?.strip_prefix(' '));
            line.map(PathBuf::from).with_context(|| format!("the installer names no {what}"))
        };
        let clock = match time {
            Time::Virtual => Clock::Virtual { kernel: told("kernel")? },
            Time::Real => Clock::Real { machine: told("machine")? },
        };
        let program = std::env::current_exe()?;
        let logs = logs_of(name)?;
        fs::create_dir_all(&logs)?;
        let lock = File::create(logs.with_extension("lock"))?;
        lock.try_lock().with_context(|| format!("another lab writes to {}", logs.display()))?;
        fs::remove_dir_all(&logs)?;
        fs::create_dir_all(&logs)?;
        let layout = Self { clock, python: told("python")?, folder, logs, _lock: lock };
        layout.copy(&program, "lab")?;
        Ok(Some(layout))
    }

    /// Copies the programs that a case runs, which the caller names in the variable of each.
    pub(super) fn take(&self, programs: &[Program]) -> anyhow::Result<()> {
        for program in programs {
            let (name, variable) = (program.name(), program.variable());
            if !self.program(name).exists() {
                let path = std::env::var_os(variable)
                    .with_context(|| format!("{variable} does not name {name}; run `cargo xtask lab`"))?;
                self.copy(Path::new(&path), name)?;
            }
        }
        Ok(())
    }

    /// Where the copy of a program lies.
    pub(super) fn program(&self, name: &str) -> PathBuf {
        self.logs.join("bin").join(name)
    }

    fn copy(&self, from: &Path, name: &str) -> anyhow::Result<()> {
        let to = self.program(name);
        fs::create_dir_all(self.logs.join("bin"))?;
        fs::copy(from, &to).with_context(|| format!("{} cannot be copied", from.display()))?;
        Ok(())
    }
}
