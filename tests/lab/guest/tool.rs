//! `bluetoothctl` with a pairing agent, controlled by typing.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::Context as _;

use super::process::Process;
use super::radio::Radio;

/// Limit for an answer; the tool is slow under emulation.
const PATIENCE: Duration = Duration::from_secs(20);

/// The running tool.
pub(crate) struct Bluetoothctl(Process);

impl Bluetoothctl {
    pub(super) fn start(logs: &Path) -> anyhow::Result<Self> {
        let mut command = Command::new("bluetoothctl");
        command.args(["--agent", "KeyboardOnly"]);
        let tool = Self(Process::start("bluetoothctl", &mut command, logs)?);
        tool.text("Agent registered", PATIENCE)?;
        Ok(tool)
    }

    /// Types a line.
    pub(crate) fn order(&mut self, line: &str) -> anyhow::Result<()> {
        self.0.order(line)
    }

    /// Waits for text, which may be a prompt.
    pub(crate) fn text(&self, needle: &str, within: Duration) -> anyhow::Result<()> {
        self.0.text(needle, within)
    }

    /// Scans until this address has been heard.
    pub(crate) fn find(&mut self, address: &str) -> anyhow::Result<()> {
        self.order("scan on")?;
        self.text(address, PATIENCE)?;
        self.order("scan off")?;
        self.text("Discovery stopped", PATIENCE)
    }

    /// Finds this address, pairs, and types the passkey that the stand-in shows.
    pub(crate) fn pair(&mut self, radio: &Radio, address: &str) -> anyhow::Result<()> {
        self.find(address)?;
        self.order(&format!("pair {address}"))?;
        self.text("Enter passkey", PATIENCE)?;
        let shown = radio.said("passkey", PATIENCE)?;
        let passkey = shown.split_once(' ').context("no passkey after the word")?.1.to_owned();
        self.order(&passkey)?;
        self.text("Pairing successful", PATIENCE)
    }
}
