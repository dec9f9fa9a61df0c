//! The laptop's real program, with settings, journal and logs in the case's own folders.

use std::path::Path;
use std::process::Command;

use super::process::Process;

pub(super) fn start(name: &str, work: &Path, logs: &Path, arguments: &[&str]) -> anyhow::Result<Process> {
    let mut command = Command::new(super::variable("LAB_UNKNOT")?);
    command
        .args(arguments)
        .current_dir(work)
        .env("HOME", work)
        .env("XDG_DATA_HOME", work.join("data"))
        .env("XDG_CONFIG_HOME", work.join("config"))
        .env("XDG_STATE_HOME", work.join("state"))
        .env("NO_COLOR", "1");
    Process::start(name, &mut command, logs)
}
