//! The log, only where one is asked for. It is for whoever mends the program: no person needs it, and nothing a person
//! should know is said only there.

use std::fs::OpenOptions;
use std::path::Path;
use std::sync::Mutex;

use anyhow::Context as _;
use tracing::level_filters::LevelFilter;

use crate::failure::shown;

/// Appends to this file from now on.
pub(crate) fn start(file: &Path) -> anyhow::Result<()> {
    let failed = || format!("the log {} cannot be written: name another file with --log", shown(file));
    let log = OpenOptions::new().create(true).append(true).open(file).with_context(failed)?;
    tracing_subscriber::fmt()
        .with_writer(Mutex::new(log))
        .with_ansi(false)
        .with_max_level(LevelFilter::DEBUG)
        .init();
    Ok(())
}
