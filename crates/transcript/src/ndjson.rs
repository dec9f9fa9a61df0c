//! Entries as NDJSON: one JSON object a line, `at_ms` and `kind` first.
//!
//! This is the form on the disk. What `export` and `--headless` print is the same with the sentence of each prompt
//! added, which [`parse`] takes and drops again.

use std::fmt;

use serde_json::Value;

use crate::entry::Entry;

/// A line that is not an entry.
#[derive(Debug, PartialEq, Eq)]
pub struct ReadError {
    /// Its number, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub reason: String,
}

/// One entry as a line, without the line break.
#[must_use]
pub fn line(entry: &Entry) -> String {
    // Every key is a string and no part of an entry can refuse: there is nothing for this to fail on.
    serde_json::to_string(entry).unwrap_or_default()
}

/// The entry in this line; `number` is its place in the file, from 1, for the error.
///
/// # Errors
/// Where the line is not JSON, or not an entry of a kind this version knows, with exactly its fields.
pub fn parse(line: &str, number: usize) -> Result<Entry, ReadError> {
    let fail = |error: serde_json::Error| ReadError { line: number, reason: plain(&error) };
    let mut value: Value = serde_json::from_str(line).map_err(fail)?;
    if let Some(object) = value.as_object_mut()
        && object.get("kind").and_then(Value::as_str) == Some("prompt")
    {
        object.remove("text");
    }
    serde_json::from_value(value).map_err(fail)
}

/// The entries of a whole file. Empty lines are passed over.
///
/// # Errors
/// At the first line that is no entry.
pub fn read(text: &str) -> Result<Vec<Entry>, ReadError> {
    text.lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(index, line)| parse(line, index + 1))
        .collect()
}

/// The message without serde's own line number, which is that within the line and always 1.
fn plain(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rfind(" at line ") {
        Some(end) => text[..end].to_owned(),
        None => text,
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.reason)
    }
}

impl std::error::Error for ReadError {}
