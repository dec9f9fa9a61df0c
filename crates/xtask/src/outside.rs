//! Holds what the program writes against programs of others: FHIR's models, a reader of tables, a browser. Each is a script
//! under `tests/` that brings what it needs, and says where it cannot.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, ensure};

/// What a script ends with where this machine cannot run it.
const CANNOT: i32 = 3;

/// The FHIR export against an independent implementation.
pub(crate) fn fhir(root: &Path) -> anyhow::Result<Vec<String>> {
    run(root, "fhir", None)
}

/// The CSV export against a library that reads it as a spreadsheet does.
pub(crate) fn table(root: &Path) -> anyhow::Result<Vec<String>> {
    run(root, "table", None)
}

/// The pages in a browser; its pictures of them are left beside the build.
pub(crate) fn browser(root: &Path) -> anyhow::Result<Vec<String>> {
    run(root, "browser", Some(target(root).join("browser")))
}

/// Builds the program and runs the script with it. In CI a machine that cannot is a fault.
fn run(root: &Path, name: &str, folder: Option<PathBuf>) -> anyhow::Result<Vec<String>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built =
        Command::new(cargo).args(["build", "--quiet", "--package", "unknot"]).current_dir(root).status()?;
    ensure!(built.success(), "unknot does not build");
    let script = root.join("tests").join(name).join("check");
    let status = Command::new(&script)
        .arg(target(root).join("debug/unknot"))
        .args(folder)
        .status()
        .with_context(|| format!("{} cannot be run", script.display()))?;
    Ok(match status.code() {
        Some(0) => Vec::new(),
        Some(CANNOT) if std::env::var_os("CI").is_none() => {
            eprintln!("{name}: PASSED OVER: this machine cannot run it; see above");
            Vec::new()
        }
        _ => vec![format!("{name}: what is written does not hold; see above")],
    })
}

fn target(root: &Path) -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), Into::into)
}
