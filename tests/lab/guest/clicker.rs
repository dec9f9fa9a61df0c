//! The clicker's real program on one of the radio's ports: its buttons are lines, and so is what it shows.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::Context as _;

use super::process::Process;

/// A running clicker.
pub(crate) struct Clicker(Process);

impl Clicker {
    /// `work/NAME` is its storage, which a power cut leaves as it is.
    pub(super) fn start(
        name: &str,
        at: &str,
        work: &Path,
        logs: &Path,
        arguments: &[&str],
    ) -> anyhow::Result<Self> {
        let mut command = Command::new(super::variable("LAB_CLICKER")?);
        command.args(["--h4", at, "--plain", "--store"]).arg(work.join(name)).args(arguments);
        Ok(Self(Process::start(name, &mut command, logs)?))
    }

    /// A line of the clicker's commands: `press a`, `long b`, `hold a`, `press chord`, `quit`, ...
    pub(crate) fn order(&mut self, line: &str) -> anyhow::Result<()> {
        self.0.order(line)
    }

    /// Waits for the next line that contains this.
    pub(crate) fn line(&self, needle: &str, within: Duration) -> anyhow::Result<String> {
        self.0.line(needle, within)
    }

    /// Its address, which it says first.
    pub(crate) fn address(&self) -> anyhow::Result<String> {
        let line = self.line("address ", Duration::from_secs(20))?;
        line.split("address ").nth(1).map(|rest| rest.trim().to_owned()).context("no address after the word")
    }

    /// The passkey that it shows.
    pub(crate) fn passkey(&self, within: Duration) -> anyhow::Result<String> {
        let line = self.line("passkey ", within)?;
        let digits = line.split("passkey ").nth(1).and_then(|rest| rest.split_whitespace().next());
        digits.map(str::to_owned).with_context(|| format!("no passkey in {line:?}"))
    }

    /// Everything it printed.
    pub(crate) fn all(&self) -> String {
        self.0.all()
    }

    /// The battery falls out.
    pub(crate) fn kill(mut self) {
        self.0.kill();
    }
}
