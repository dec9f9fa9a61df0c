//! Recorded figures of the firmware: a table of tab-separated values that chores and tests are checked against, and its
//! rendering in `firmware/README.md`.
//!
//! Columns: key, description, value, unit, aim, source. To add a measurement, add a row and check it against the
//! measured value; never edit the rendered table by hand.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, ensure};

/// Path of the table, from the root.
const TABLE: &str = "firmware/figures.tsv";

/// File with the rendered table, and the lines around it.
const SHOWN: &str = "firmware/README.md";
const BEGIN: &str = "<!-- figures: written by `cargo xtask firmware --take` from figures.tsv -->\n";
const END: &str = "<!-- end of figures -->\n";

/// The table of figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Figures {
    rows: Vec<[String; 6]>,
}

impl Figures {
    /// Reads the table of the repository.
    pub(crate) fn read(root: &Path) -> anyhow::Result<Self> {
        let text = fs::read_to_string(root.join(TABLE)).with_context(|| format!("cannot read {TABLE}"))?;
        Self::parse(&text).with_context(|| format!("{TABLE} is not a table of figures"))
    }

    fn parse(text: &str) -> anyhow::Result<Self> {
        let mut rows = Vec::new();
        for (number, line) in text.lines().enumerate().skip(1) {
            let fields: Vec<String> = line.split('\t').map(str::to_owned).collect();
            let row: [String; 6] = fields
                .try_into()
                .map_err(|_| anyhow::anyhow!("line {}: expected six tab-separated fields", number + 1))?;
            rows.push(row);
        }
        ensure!(!rows.is_empty(), "the table is empty");
        Ok(Self { rows })
    }

    /// Numeric value of a row.
    pub(crate) fn number(&self, key: &str) -> anyhow::Result<u32> {
        let row = self.rows.iter().find(|row| row[0] == key);
        let row = row.with_context(|| format!("{TABLE} has no row {key}"))?;
        row[2]
            .replace(',', "")
            .parse()
            .with_context(|| format!("{TABLE}: the value of {key} is not a number"))
    }

    /// Replaces the value of a row.
    pub(crate) fn with(mut self, key: &str, value: u32) -> Self {
        for row in self.rows.iter_mut().filter(|row| row[0] == key) {
            row[2] = grouped(value);
        }
        self
    }

    /// Writes the table and its rendering.
    pub(crate) fn write(&self, root: &Path) -> anyhow::Result<()> {
        let mut text = String::from("key\twhat\tvalue\tunit\taim\tfrom\n");
        for row in &self.rows {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{}", row.join("\t"));
        }
        fs::write(root.join(TABLE), text).with_context(|| format!("cannot write {TABLE}"))?;
        let shown = root.join(SHOWN);
        let before = fs::read_to_string(&shown).with_context(|| format!("cannot read {SHOWN}"))?;
        fs::write(&shown, self.put_into(&before)?).with_context(|| format!("cannot write {SHOWN}"))
    }

    /// Whether the rendering is up to date.
    pub(crate) fn is_shown(&self, root: &Path) -> anyhow::Result<bool> {
        let text = fs::read_to_string(root.join(SHOWN)).with_context(|| format!("cannot read {SHOWN}"))?;
        Ok(self.put_into(&text)? == text)
    }

    fn put_into(&self, text: &str) -> anyhow::Result<String> {
        let (before, rest) =
            text.split_once(BEGIN).with_context(|| format!("{SHOWN} has no line {BEGIN}"))?;
        let (_, after) = rest.split_once(END).with_context(|| format!("{SHOWN} has no line {END}"))?;
        Ok(format!("{before}{BEGIN}{}{END}{after}", self.picture()))
    }

    fn picture(&self) -> String {
        let mut text = String::from("\n| | | aim | from |\n|---|---|---|---|\n");
        for [_, what, value, unit, aim, from] in &self.rows {
            let _ = writeln!(text, "| {what} | {} | {aim} | {from} |", format!("{value} {unit}").trim());
        }
        text.push('\n');
        text
    }
}

/// With a comma before every three digits.
fn grouped(value: u32) -> String {
    let digits = value.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root() -> std::path::PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
    }

    /// Rewritten by `cargo xtask firmware --take`.
    #[test]
    fn the_readme_shows_the_table_as_it_stands() {
        let figures = Figures::read(&root()).unwrap();
        assert!(figures.is_shown(&root()).unwrap(), "run `cargo xtask firmware --take`");
    }

    #[test]
    fn every_row_has_a_key_of_its_own() {
        let figures = Figures::read(&root()).unwrap();
        let mut keys: Vec<&String> = figures.rows.iter().map(|row| &row[0]).collect();
        let rows = keys.len();
        keys.sort();
        keys.dedup();
        assert_eq!(keys.len(), rows);
    }

    #[test]
    fn a_figure_is_read_and_written_with_its_commas() {
        let figures = Figures::parse("key\t...\na\tbytes of a\t1,234,567\tbytes\t-\there\n").unwrap();
        assert_eq!(figures.number("a").unwrap(), 1_234_567);
        let figures = figures.with("a", 89);
        assert_eq!(figures.number("a").unwrap(), 89);
        assert!(figures.number("b").is_err());
        assert!(figures.picture().contains("| bytes of a | 89 bytes | - | here |"));
        assert_eq!((grouped(999), grouped(1000), grouped(1_000_000)).2, "1,000,000");
    }

    #[test]
    fn a_line_that_is_no_row_is_named() {
        let error = format!("{:#}", Figures::parse("key\n1\t2\n").unwrap_err());
        assert!(error.contains("line 2"), "{error}");
    }
}
