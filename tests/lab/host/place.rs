//! Where things lie: the folder that the installer fills, the repository's, the logs, and copies of the programs under
//! test, so that a build beside a running machine does not pull them from under it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, bail};

use crate::cases::{Case, Program};

/// The folders.
pub(super) struct Place {
    /// What `install.sh` made.
    pub(super) lab: PathBuf,
    /// This folder, with the scripts and the radio.
    pub(super) folder: PathBuf,
    /// Under the build's own folder; emptied at the beginning of a run.
    pub(super) logs: PathBuf,
}

impl Place {
    /// Installs what is missing, and finds the rest.
    pub(super) fn install() -> anyhow::Result<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("lab");
        let output = Command::new(folder.join("install.sh"))
            .stderr(std::process::Stdio::inherit())
            .output()
            .context("the installer cannot be run")?;
        if !output.status.success() {
            bail!("what the lab needs could not be installed; see above");
        }
        let text = String::from_utf8(output.stdout)?;
        let lab = PathBuf::from(text.lines().last().context("the installer names no folder")?);
        // The test's own place is `TARGET/PROFILE/deps`.
        let program = std::env::current_exe()?;
        let target = program.ancestors().nth(3).context("the build has no folder")?;
        let logs = target.join("lab/run");
        let _ = fs::remove_dir_all(&logs);
        fs::create_dir_all(&logs)?;
        let place = Self { lab, folder, logs };
        place.copy(&program, "lab")?;
        Ok(place)
    }

    /// Makes sure of the programs that a case runs, which the caller names in `LAB_UNKNOT` and `LAB_CLICKER`.
    pub(super) fn binaries_for(&self, case: &Case) -> anyhow::Result<()> {
        for program in case.needs {
            let (variable, name) = match program {
                Program::Unknot => ("LAB_UNKNOT", "unknot"),
                Program::Clicker => ("LAB_CLICKER", "clicker"),
            };
            if !self.program(name).exists() {
                let path = std::env::var_os(variable).with_context(|| {
                    format!("{} needs {name}: set {variable}, or run `cargo xtask lab`", case.name)
                })?;
                self.copy(Path::new(&path), name)?;
            }
        }
        Ok(())
    }

    /// Where the copy of a program lies.
    pub(super) fn program(&self, name: &str) -> PathBuf {
        self.logs.join("bin").join(name)
    }

    pub(super) fn python(&self) -> PathBuf {
        self.lab.join("venv/bin/python")
    }

    pub(super) fn copy(&self, from: &Path, name: &str) -> anyhow::Result<()> {
        let to = self.program(name);
        fs::create_dir_all(self.logs.join("bin"))?;
        fs::copy(from, &to).with_context(|| format!("{} cannot be copied", from.display()))?;
        Ok(())
    }
}
