//! The laptop's real program, with settings, journal and logs in the case's own folders.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::process::Process;
use super::terminal::Terminal;

pub(super) fn start(name: &str, work: &Path, logs: &Path, arguments: &[&str]) -> anyhow::Result<Process> {
    let mut command = Command::new(super::variable("LAB_UNKNOT")?);
    command.args(arguments).current_dir(work).envs(own(work)).env("NO_COLOR", "1");
    Process::start(name, &mut command, logs)
}

pub(super) fn on_screen(
    name: &str,
    work: &Path,
    logs: &Path,
    arguments: &[&str],
) -> anyhow::Result<Terminal> {
    let command = pty_process::blocking::Command::new(super::variable("LAB_UNKNOT")?);
    Terminal::start(name, command.args(arguments).current_dir(work).envs(own(work)), logs)
}

fn own(work: &Path) -> [(&'static str, PathBuf); 4] {
    [
        ("HOME", work.to_owned()),
        ("XDG_DATA_HOME", work.join("data")),
        ("XDG_CONFIG_HOME", work.join("config")),
        ("XDG_STATE_HOME", work.join("state")),
    ]
}
