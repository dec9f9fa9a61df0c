//! Checks against independent programs: a FHIR validator, a spreadsheet reader, a browser, a linter of workflows. Each
//! is a script under `tests/` that installs what it needs and reports if it cannot.

use std::path::Path;
use std::process::Command;

use anyhow::Context as _;

use crate::lab::{target, tested_programs};
use crate::steps::EXIT_UNSUPPORTED;

/// Checks the FHIR export with an independent implementation, CSV with a spreadsheet library, and the pages in a
/// browser. Screenshots are left in the target folder.
pub(crate) fn exports(root: &Path) -> anyhow::Result<Vec<String>> {
    let program = tested_programs(root)?.join("unknot");
    let mut faults = Vec::new();
    for name in ["fhir", "table", "browser"] {
        let mut script = Command::new(root.join("tests").join(name).join("check"));
        script.arg(&program).arg(target(root, "target").join(name));
        faults.extend(holds(name, &mut script)?);
    }
    Ok(faults)
}

/// Checks the workflow files with actionlint.
pub(crate) fn workflows(root: &Path) -> anyhow::Result<Vec<String>> {
    let fault = holds("workflows", &mut Command::new(root.join("tests/workflows/check")))?;
    Ok(fault.into_iter().collect())
}

/// Runs a script and returns its fault, if it fails. A machine that cannot run it is a fault only in CI.
fn holds(name: &str, script: &mut Command) -> anyhow::Result<Option<String>> {
    let status = script.status().with_context(|| format!("cannot run {}", script.get_program().display()))?;
    Ok(match status.code() {
        Some(0) => None,
        Some(code) if code == i32::from(EXIT_UNSUPPORTED) && std::env::var_os("CI").is_none() => {
            eprintln!("{name}: SKIPPED: this machine cannot run it; see above");
            None
        }
        _ => Some(format!("{name}: the check failed; see above")),
    })
}
