//! Measurements of a run: printed after the summary, and collected in one file for `cargo xtask bench`.
//!
//! A case leaves `figures.tsv` among its logs: description, value, and aim if there is one. The run's own `figures.tsv`
//! has the same lines with the case in front. Figures are printed and never tested.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::cases::Case;

/// Name of both files.
const FILE: &str = "figures.tsv";

/// Collects the figures of these cases; writes no file if there are none.
pub(super) fn collect(logs: &Path, cases: &[&Case]) -> anyhow::Result<()> {
    let mut all = String::new();
    for case in cases {
        // Most cases measure nothing.
        let Ok(text) = fs::read_to_string(logs.join(case.name).join(FILE)) else { continue };
        for line in text.lines() {
            writeln!(all, "{}\t{line}", case.name)?;
        }
    }
    if all.is_empty() {
        return Ok(());
    }
    fs::write(logs.join(FILE), &all)?;
    println!();
    for line in all.lines() {
        let mut columns = line.split('\t').skip(1);
        let mut next = || columns.next().unwrap_or_default();
        let (what, figure, aim) = (next(), next(), next());
        let aim = if aim.is_empty() { String::new() } else { format!("   (aim: {aim})") };
        println!("{what:<60} {figure}{aim}");
    }
    Ok(())
}
