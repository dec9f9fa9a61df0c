//! Control of the radio: commands of a case and their answers. The README lists the commands.

use std::cell::RefCell;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use serde_json::{Value, json};

/// Address of the stand-in clicker.
pub(crate) const STAND_IN: &str = "F0:00:00:00:00:01";

/// A connection to the radio's control port.
pub(crate) struct Radio {
    stream: RefCell<BufReader<TcpStream>>,
}

impl Radio {
    pub(super) fn reach(host: &str, port: u16) -> anyhow::Result<Self> {
        let stream = TcpStream::connect((host, port)).context("cannot connect to the radio")?;
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        Ok(Self { stream: RefCell::new(BufReader::new(stream)) })
    }

    /// Sends a command and returns the answer.
    pub(crate) fn order(&self, order: &Value) -> anyhow::Result<Value> {
        let mut stream = self.stream.borrow_mut();
        writeln!(stream.get_mut(), "{order}")?;
        let mut line = String::new();
        stream.read_line(&mut line).context("no answer from the radio")?;
        let answer: Value =
            serde_json::from_str(&line).with_context(|| format!("the radio says {line:?}"))?;
        ensure!(answer["ok"] == true, "the radio rejected {order}: {answer}");
        Ok(answer)
    }

    pub(super) fn begin(&self, log: &str) -> anyhow::Result<()> {
        self.order(&json!({"do": "begin", "log": log})).map(drop)
    }

    /// Takes all devices out of reach of each other, or back.
    pub(crate) fn reach_all(&self, link: bool) -> anyhow::Result<()> {
        self.order(&json!({"do": "reach", "link": link})).map(drop)
    }

    /// Delivers nothing for this long. If shorter than the supervision timeout, the link survives.
    pub(crate) fn stall(&self, length: Duration) -> anyhow::Result<()> {
        self.order(&json!({"do": "stall", "ms": length.as_millis()})).map(drop)
    }

    /// Ends every link at once, as a long absence would.
    pub(crate) fn end_links(&self) -> anyhow::Result<()> {
        self.order(&json!({"do": "end"})).map(drop)
    }

    /// Gives the independent programs' controller the laptop's address.
    pub(crate) fn pose_as_the_laptop(&self) -> anyhow::Result<()> {
        self.order(&json!({"do": "pose", "of": super::independent::PORT, "as": super::bluetooth::PORT}))
            .map(drop)
    }

    /// Links, keys, controllers, and the output of the stand-in.
    pub(crate) fn stats(&self) -> anyhow::Result<Value> {
        self.order(&json!({"do": "stats"}))
    }

    /// First open link of the laptop and the clicker, or null.
    pub(crate) fn link(&self) -> anyhow::Result<Value> {
        Ok(self.stats()?["links"][0].clone())
    }

    /// Last encryption: `result` is `same`, `mismatch`, `missing` or `asked`; `hash` identifies the key.
    pub(crate) fn last_key(&self) -> anyhow::Result<Value> {
        let stats = self.stats()?;
        stats["keys"]
            .as_array()
            .and_then(|keys| keys.last())
            .cloned()
            .context("no link has been encrypted yet")
    }

    /// Key of the latest pairing, equal on both sides.
    pub(crate) fn agreed_key(&self) -> anyhow::Result<Value> {
        let key = self.last_key()?;
        ensure!(key["result"] == "same", "the two sides paired with different keys: {key}");
        Ok(key)
    }

    /// Checks that the last encryption used this earlier key.
    pub(crate) fn came_back_by(&self, key: &Value) -> anyhow::Result<()> {
        let again = self.last_key()?;
        ensure!(
            again["result"] == "same" && again["hash"] == key["hash"],
            "not the stored key: {again}, first {key}"
        );
        Ok(())
    }

    /// Sends `start`, `stop` or `forget` to the stand-in clicker.
    pub(crate) fn stand_in(&self, order: &str) -> anyhow::Result<()> {
        self.order(&json!({"do": "stand-in", "order": order})).map(drop)
    }

    /// Waits until the stand-in has printed this at any time; returns the last such line.
    pub(crate) fn said(&self, needle: &str, within: Duration) -> anyhow::Result<String> {
        super::until(&format!("the stand-in says {needle:?}"), within, || {
            Ok(self.lines()?.into_iter().rev().find(|line| line.contains(needle)))
        })
    }

    /// How often the stand-in has shown a passkey.
    pub(crate) fn passkeys(&self) -> anyhow::Result<usize> {
        Ok(self.lines()?.iter().filter(|line| line.starts_with("passkey")).count())
    }

    fn lines(&self) -> anyhow::Result<Vec<String>> {
        let stats = self.stats()?;
        let said = stats["said"].as_array().map(Vec::as_slice).unwrap_or_default();
        Ok(said.iter().filter_map(Value::as_str).map(str::to_owned).collect())
    }
}
