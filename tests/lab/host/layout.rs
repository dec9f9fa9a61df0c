//! Paths of the lab: installed tools, the repository's folder, logs, and copies of the programs under test, so that a
//! build during a run does not replace them.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};

use crate::cases::Program;

/// Exit code of the installer if this machine cannot run the lab.
const CANNOT_RUN_HERE: i32 = 3;

/// Folder of logs with this name, beside the build.
pub(super) fn logs_of(name: &str) -> anyhow::Result<PathBuf> {
    // This program lies in `TARGET/PROFILE`.
    let program = std::env::current_exe()?;
    Ok(program.ancestors().nth(2).context("the build folder has no parent")?.join("lab").join(name))
}

/// Clock of the machines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Time {
    /// Virtual time, which stops while anything computes: User Mode Linux.
    Virtual,
    /// The host's clock: an emulated machine.
    Real,
}

/// Files that a machine of each kind boots from.
pub(super) enum Clock {
    /// User Mode Linux.
    Virtual {
        /// The kernel, an ordinary program.
        kernel: PathBuf,
    },
    /// An emulated machine.
    Real {
        /// Folder with its kernel and initial file system.
        machine: PathBuf,
    },
}

/// Paths of a run.
pub(super) struct Layout {
    /// What machines boot from.
    pub(super) clock: Clock,
    /// Python with the radio's library.
    pub(super) python: PathBuf,
    /// The lab's folder, with the scripts and the radio.
    pub(super) folder: PathBuf,
    /// Folder of logs, in the target folder; emptied at the beginning of a run. `/lab` in every machine.
    pub(super) logs: PathBuf,
    /// Held during the run, because two runs would empty each other's logs.
    _lock: File,
}

impl Layout {
    /// Installs what is missing; `None` if this machine cannot run the lab. Empties and uses `target/lab/NAME` for
    /// logs.
    pub(super) fn install(name: &str, time: Time) -> anyhow::Result<Option<Self>> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("lab");
        let output = Command::new(folder.join("install.sh"))
            .arg(match time {
                Time::Virtual => "virtual",
                Time::Real => "emulated",
            })
            .stderr(Stdio::inherit())
            .output()
            .context("cannot run the installer")?;
        if output.status.code() == Some(CANNOT_RUN_HERE) {
            return Ok(None);
        }
        if !output.status.success() {
            bail!("the installer failed; see above");
        }
        let text = String::from_utf8(output.stdout)?;
        let told = |what: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(what)?.strip_prefix(' '));
            line.map(PathBuf::from).with_context(|| format!("the installer printed no path of {what}"))
        };
        let clock = match time {
            Time::Virtual => Clock::Virtual { kernel: told("kernel")? },
            Time::Real => Clock::Real { machine: told("machine")? },
        };
        let program = std::env::current_exe()?;
        let logs = logs_of(name)?;
        fs::create_dir_all(&logs)?;
        let lock = File::create(logs.with_extension("lock"))?;
        lock.try_lock()
            .with_context(|| format!("another run of the lab uses {}; wait until it ends", logs.display()))?;
        fs::remove_dir_all(&logs)?;
        fs::create_dir_all(&logs)?;
        let layout = Self { clock, python: told("python")?, folder, logs, _lock: lock };
        layout.copy(&program, "lab")?;
        Ok(Some(layout))
    }

    /// Copies these programs. The environment variable of each has its path.
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

    /// Path of the copy of a program.
    pub(super) fn program(&self, name: &str) -> PathBuf {
        self.logs.join("bin").join(name)
    }

    fn copy(&self, from: &Path, name: &str) -> anyhow::Result<()> {
        let to = self.program(name);
        fs::create_dir_all(self.logs.join("bin"))?;
        fs::copy(from, &to).with_context(|| format!("cannot copy {}", from.display()))?;
        Ok(())
    }
}
