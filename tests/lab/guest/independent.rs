//! The laptop and the clicker that share no code with the project's programs (`independent/`), run inside the machine.
//! They print lines of JSON.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use serde_json::Value;

use super::Radio;
use super::process::Process;

/// Limit for starting: Python loads many modules, which takes minutes under emulation on a busy host.
pub(crate) const STARTED: Duration = Duration::from_secs(180);
/// The client's own limit for a whole command.
const WHOLE: Duration = Duration::from_secs(120);
/// Port of the radio reserved for these programs; a case that uses it has at most two clickers.
pub(super) const PORT: &str = "clicker3";

/// One of the two programs, running.
pub(crate) struct Independent {
    process: Process,
    name: String,
}

impl Independent {
    /// `program` is `client` or `clicker`.
    pub(super) fn start(
        name: &str,
        program: &str,
        work: &Path,
        logs: &Path,
        arguments: &[&str],
    ) -> anyhow::Result<Self> {
        let own = format!("tcp-client:{}:{}", super::host()?, super::port_of(PORT)?);
        let mut command = super::python()?;
        command
            .arg(format!("{}/independent/{program}.py", super::variable("LAB")?))
            .args(["--transport", &own])
            .args(arguments)
            .current_dir(work);
        Ok(Self { process: Process::start(name, &mut command, logs)?, name: name.to_owned() })
    }

    /// Writes a line to its standard input.
    pub(crate) fn order(&mut self, line: &str) -> anyhow::Result<()> {
        self.process.order(line)
    }

    /// Waits for the next line that contains `needle` and parses it.
    pub(crate) fn says(&self, needle: &str, within: Duration) -> anyhow::Result<Value> {
        let line = self.process.line(needle, within)?;
        serde_json::from_str(&line).with_context(|| format!("{} says {line:?}", self.name))
    }

    /// All lines of this event so far.
    pub(crate) fn all(&self, event: &str) -> Vec<Value> {
        let all = self.process.all();
        let lines = all.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        lines.filter(|line| line["event"] == event).collect()
    }

    /// Events so far in the clicker's format: `boot 1 seq 4 rating 3`. `event` is `taken` for the client, `accepted`
    /// for the clicker.
    pub(crate) fn clicks(&self, event: &str) -> anyhow::Result<Vec<String>> {
        self.all(event)
            .iter()
            .map(|line| {
                let means = match &line["means"] {
                    Value::String(word) => dashed(word),
                    Value::Array(parts) => {
                        let words: Vec<_> = parts
                            .iter()
                            .map(|part| part.as_str().map_or_else(|| part.to_string(), dashed))
                            .collect();
                        words.join(" ")
                    }
                    other => anyhow::bail!("unexpected meaning {other}"),
                };
                Ok(format!("boot {} seq {} {means}", line["boot"], line["seq"]))
            })
            .collect()
    }

    /// Waits for the client's result and requires that all its checks passed.
    pub(crate) fn holds(&mut self) -> anyhow::Result<()> {
        let result = self.says("\"event\": \"result\"", STARTED + WHOLE)?;
        ensure!(result["ok"] == true, "{}: {}", self.name, result["problems"]);
        let status = self.process.ended(Duration::from_secs(30))?;
        ensure!(status.success(), "{}: all checks passed, but it ended with {status}", self.name);
        Ok(())
    }

    /// Passkey that the clicker shows.
    pub(crate) fn passkey(&self, within: Duration) -> anyhow::Result<String> {
        let shown = self.says("\"event\": \"passkey\"", within)?;
        shown["passkey"].as_str().map(str::to_owned).with_context(|| format!("no passkey in {shown}"))
    }

    /// Waits until the client scans for a clicker.
    pub(crate) fn looks(&self, radio: &Radio) -> anyhow::Result<()> {
        super::until(&format!("{} looks for a clicker", self.name), STARTED, || {
            let stats = radio.stats()?;
            let all = stats["controllers"].as_array().map(Vec::as_slice).unwrap_or_default();
            Ok(all.iter().any(|one| one["name"] == PORT && one["scanning"] == true).then_some(()))
        })
    }

    /// Kills it, like a power cut.
    pub(crate) fn kill(&mut self) {
        self.process.kill();
    }
}

/// `LetGo` as `let-go`.
fn dashed(name: &str) -> String {
    let mut out = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !out.is_empty() {
            out.push('-');
        }
        out.push(letter.to_ascii_lowercase());
    }
    out
}
