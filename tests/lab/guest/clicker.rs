//! The clicker's real program on one of the radio's ports: its buttons are lines, and so is what it shows.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::Context as _;

use super::process::Process;

/// A running clicker.
pub(crate) struct Clicker {
    process: Process,
    /// The radio's port that it is on.
    pub(crate) port: u16,
}

impl Clicker {
    /// `work/NAME` is its storage, which a power cut leaves as it is.
    pub(super) fn start(
        name: &str,
        port: u16,
        work: &Path,
        logs: &Path,
        arguments: &[&str],
    ) -> anyhow::Result<Self> {
        let mut command = Command::new(super::variable("LAB_CLICKER")?);
        command
            .args(["--plain", "--h4", &format!("{}:{port}", super::HOST), "--store"])
            .arg(work.join(name))
            .args(arguments);
        Ok(Self { process: Process::start(name, &mut command, logs)?, port })
    }

    /// A line of the clicker's commands: `press a`, `long b`, `hold a`, `press chord`, `quit`, ...
    pub(crate) fn order(&mut self, line: &str) -> anyhow::Result<()> {
        self.process.order(line)
    }

    /// Waits for the next line that contains this.
    pub(crate) fn line(&self, needle: &str, within: Duration) -> anyhow::Result<String> {
        self.process.line(needle, within)
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

    /// What it has decided so far, in its order: `boot 1 seq 4 rating 3`.
    pub(crate) fn made(&self) -> Vec<String> {
        let all = self.all();
        all.lines().filter_map(|line| line.split_once(" event ")).map(|(_, event)| event.to_owned()).collect()
    }

    /// Waits until it has decided so many events in all.
    pub(crate) fn until_made(&self, count: usize, within: Duration) -> anyhow::Result<()> {
        super::until(&format!("{count} events are made"), within, || {
            Ok((self.made().len() >= count).then_some(()))
        })
    }

    /// What has been printed since the last wait is passed over.
    pub(crate) fn skip(&self) {
        self.process.skip();
    }

    /// Everything it printed.
    pub(crate) fn all(&self) -> String {
        self.process.all()
    }

    /// The battery falls out.
    pub(crate) fn kill(&mut self) {
        self.process.kill();
    }
}
