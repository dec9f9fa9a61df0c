//! Steering the radio on the host: what a case orders of the air, and what it learns from it. The words of the orders
//! are listed in the README.

use std::cell::RefCell;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use serde_json::{Value, json};

/// The address of the stand-in for the clicker.
pub(crate) const STAND_IN: &str = "F0:00:00:00:00:01";

/// One connection to the radio's control port.
pub(crate) struct Radio {
    stream: RefCell<BufReader<TcpStream>>,
}

impl Radio {
    pub(super) fn reach(host: &str, port: u16) -> anyhow::Result<Self> {
        let stream = TcpStream::connect((host, port)).context("the radio cannot be reached")?;
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        Ok(Self { stream: RefCell::new(BufReader::new(stream)) })
    }

    /// One order, and the answer.
    pub(crate) fn order(&self, order: &Value) -> anyhow::Result<Value> {
        let mut stream = self.stream.borrow_mut();
        writeln!(stream.get_mut(), "{order}")?;
        let mut line = String::new();
        stream.read_line(&mut line).context("the radio does not answer")?;
        let answer: Value =
            serde_json::from_str(&line).with_context(|| format!("the radio says {line:?}"))?;
        ensure!(answer["ok"] == true, "the radio refuses {order}: {answer}");
        Ok(answer)
    }

    pub(super) fn begin(&self, log: &str) -> anyhow::Result<()> {
        self.order(&json!({"do": "begin", "log": log})).map(drop)
    }

    /// Everything out of reach of everything, or back.
    pub(crate) fn reach_all(&self, link: bool) -> anyhow::Result<()> {
        self.order(&json!({"do": "reach", "link": link})).map(drop)
    }

    /// Nothing crosses for so long; shorter than the supervision timeout the link lives on.
    pub(crate) fn stall(&self, length: Duration) -> anyhow::Result<()> {
        self.order(&json!({"do": "stall", "ms": length.as_millis()})).map(drop)
    }

    /// Every link ends at once, as by a moment out of reach that is longer than any of them lives.
    pub(crate) fn end_links(&self) -> anyhow::Result<()> {
        self.order(&json!({"do": "end"})).map(drop)
    }

    /// The controller of the independent programs goes by the laptop's own address.
    pub(crate) fn pose_as_the_laptop(&self) -> anyhow::Result<()> {
        self.order(&json!({"do": "pose", "of": super::independent::PORT, "as": super::bluetooth::PORT}))
            .map(drop)
    }

    /// Links, keys, controllers, and what the stand-in has said.
    pub(crate) fn stats(&self) -> anyhow::Result<Value> {
        self.order(&json!({"do": "stats"}))
    }

    /// The first open link with these two ends, or null.
    pub(crate) fn link(&self) -> anyhow::Result<Value> {
        Ok(self.stats()?["links"][0].clone())
    }

    /// How the last encryption went: `result` is `same`, `mismatch`, `missing` or `asked`, `hash` tells keys apart.
    pub(crate) fn last_key(&self) -> anyhow::Result<Value> {
        let stats = self.stats()?;
        stats["keys"].as_array().and_then(|keys| keys.last()).cloned().context("nothing was encrypted yet")
    }

    /// The key of a pairing just made, which both sides have alike.
    pub(crate) fn agreed_key(&self) -> anyhow::Result<Value> {
        let key = self.last_key()?;
        ensure!(key["result"] == "same", "paired with keys that differ: {key}");
        Ok(key)
    }

    /// The last encryption was by this key of an earlier one.
    pub(crate) fn came_back_by(&self, key: &Value) -> anyhow::Result<()> {
        let again = self.last_key()?;
        ensure!(
            again["result"] == "same" && again["hash"] == key["hash"],
            "not the stored key: {again}, first {key}"
        );
        Ok(())
    }

    /// `start`, `stop` or `forget`, to the stand-in for the clicker.
    pub(crate) fn stand_in(&self, order: &str) -> anyhow::Result<()> {
        self.order(&json!({"do": "stand-in", "order": order})).map(drop)
    }

    /// Waits until the stand-in has said this, whenever it was; gives the last such line.
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
