//! Holds what is written against programs of others: FHIR's models, a reader of tables, a browser, a linter of workflows.
//! Each is a script under `tests/` that brings what it needs, and says where it cannot.

use std::path::Path;
use std::process::Command;

use anyhow::Context as _;

use crate::lab::{target, tested_programs};
use crate::steps::EXIT_UNSUPPORTED;

/// FHIR against an independent implementation, CSV against a library that reads it as a spreadsheet does, the pages in a
/// browser, whose pictures of them are left beside the build.
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

/// The workflow files against a linter made for them.
pub(crate) fn workflows(root: &Path) -> anyhow::Result<Vec<String>> {
    let fault = holds("workflows", &mut Command::new(root.join("tests/workflows/check")))?;
    Ok(fault.into_iter().collect())
}

/// Runs a script, and gives the fault where it does not hold. In CI a machine that cannot run it is a fault.
fn holds(name: &str, script: &mut Command) -> anyhow::Result<Option<String>> {
    let status =
        script.status().with_context(|| format!("{} cannot be run", script.get_program().display()))?;
    Ok(match status.code() {
        Some(0) => None,
        Some(code) if code == i32::from(EXIT_UNSUPPORTED) && std::env::var_os("CI").is_none() => {
            eprintln!("{name}: PASSED OVER: this machine cannot run it; see above");
            None
        }
        _ => Some(format!("{name}: what is written does not hold; see above")),
    })
}
