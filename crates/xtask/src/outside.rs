//! Holds what the program writes against programs of others: FHIR's models, a reader of tables, a browser. Each is a script
//! under `tests/` that brings what it needs, and says where it cannot.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::Context as _;

use crate::lab::{target, tested_programs};

/// What a script ends with where this machine cannot run it.
const CANNOT: i32 = 3;

/// FHIR against an independent implementation, CSV against a library that reads it as a spreadsheet does, the pages in a
/// browser, whose pictures of them are left beside the build. In CI a machine that cannot is a fault.
pub(crate) fn exports(root: &Path) -> anyhow::Result<Vec<String>> {
    let program = tested_programs(root)?.join("unknot");
    let mut faults = Vec::new();
    for name in ["fhir", "table", "browser"] {
        let began = Instant::now();
        let script = root.join("tests").join(name).join("check");
        let status = Command::new(&script)
            .arg(&program)
            .arg(target(root, "target").join(name))
            .status()
            .with_context(|| format!("{} cannot be run", script.display()))?;
        println!("{name}: {:.1} s", began.elapsed().as_secs_f64());
        match status.code() {
            Some(0) => {}
            Some(CANNOT) if std::env::var_os("CI").is_none() => {
                eprintln!("{name}: PASSED OVER: this machine cannot run it; see above");
            }
            _ => faults.push(format!("{name}: what is written does not hold; see above")),
        }
    }
    Ok(faults)
}
