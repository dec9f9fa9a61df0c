//! Runs the tests of changed packages, and the `tests` package if any of the laptop's packages changed.
//!
//! All tests are built with the usual workspace call: a build of single packages would use other features and start
//! from scratch. Then only the test programs of changed packages run.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, ensure};
use serde_json::Value;

use crate::FIRMWARE;
use crate::lab::cargo;

/// Packages that a change affects.
#[derive(Debug, PartialEq, Eq, Default)]
pub(crate) struct Affected {
    /// Folders of packages in the laptop's workspace.
    laptop: BTreeSet<String>,
    /// Packages of the clicker's workspace.
    clicker: BTreeSet<String>,
    /// A workspace manifest or lock file changed: everything is affected.
    all: bool,
}

impl Affected {
    /// Determines the packages from changed files, by their paths from the root.
    fn by<'f>(files: impl Iterator<Item = &'f str>) -> Self {
        let mut affected = Self::default();
        for file in files {
            let mut parts = file.split('/');
            match (parts.next().unwrap_or_default(), parts.next(), parts.next()) {
                ("crates", Some(package), Some(_)) => {
                    affected.laptop.insert(format!("crates/{package}"));
                }
                ("tests", Some(_), _) => {
                    affected.laptop.insert("tests".to_owned());
                }
                // Files in `firmware/` itself, such as the figures, are checked by the tests of xtask.
                ("firmware", Some(_), None) => {
                    affected.laptop.insert("crates/xtask".to_owned());
                }
                ("firmware", Some(package), Some(_)) => {
                    affected.clicker.insert(package.to_owned());
                }
                ("Cargo.toml" | "Cargo.lock", None, None) => affected.all = true,
                _ => {}
            }
        }
        // The clicker depends on both.
        if affected.laptop.contains("crates/wire") || affected.laptop.contains("crates/handheld") {
            affected.clicker.extend(["app".to_owned(), "linux".to_owned()]);
        }
        if affected.laptop.iter().any(|folder| folder.starts_with("crates/") && folder != "crates/xtask") {
            affected.laptop.insert("tests".to_owned());
        }
        affected
    }

    fn has(&self, folder: &str) -> bool {
        self.all || self.laptop.contains(folder)
    }
}

/// Runs the tests. Compares with `base`, or with the upstream branch if none is given.
pub(crate) fn run(root: &Path, base: Option<&str>) -> anyhow::Result<Vec<String>> {
    let files = changed(root, base)?;
    let affected = Affected::by(files.iter().map(String::as_str));
    println!("{} changed files, in: {}", files.len(), shown(&affected));
    let mut faults = Vec::new();
    if affected.all || !affected.laptop.is_empty() {
        for (folder, executable) in executables(root)? {
            if affected.has(&folder) {
                faults.extend(test(root, &folder, &executable)?);
            }
        }
    }
    if !affected.clicker.is_empty() {
        let mut command = cargo();
        command.args(["test", "--manifest-path", FIRMWARE, "--no-fail-fast"]).current_dir(root);
        if !command.status()?.success() {
            faults.push("the clicker's tests failed; see above".to_owned());
        }
    }
    Ok(faults)
}

fn shown(affected: &Affected) -> String {
    if affected.all {
        return "everything".to_owned();
    }
    let clicker = affected.clicker.iter().map(|package| format!("firmware/{package}"));
    let all: Vec<String> = affected.laptop.iter().cloned().chain(clicker).collect();
    if all.is_empty() { "no package".to_owned() } else { all.join(", ") }
}

/// Files that differ from the base, and untracked files.
fn changed(root: &Path, base: Option<&str>) -> anyhow::Result<Vec<String>> {
    let base = match base {
        Some(base) => base.to_owned(),
        // Without an upstream branch only uncommitted changes count.
        None => git(root, &["merge-base", "HEAD", "@{upstream}"]).unwrap_or_else(|_| "HEAD".to_owned()),
    };
    let known = git(root, &["diff", "--name-only", base.trim()])
        .with_context(|| format!("git does not know {base}; pass a commit to --base"))?;
    let new = git(root, &["ls-files", "--others", "--exclude-standard"])?;
    Ok(known.lines().chain(new.lines()).map(str::to_owned).collect())
}

fn git(root: &Path, arguments: &[&str]) -> anyhow::Result<String> {
    let output = Command::new("git")
        .args(arguments)
        .current_dir(root)
        .stderr(Stdio::null())
        .output()
        .context("cannot run git; install it")?;
    ensure!(output.status.success(), "git {} failed", arguments.join(" "));
    Ok(String::from_utf8(output.stdout)?)
}

/// Builds all test programs of the workspace; returns each with the folder of its package.
fn executables(root: &Path) -> anyhow::Result<Vec<(String, PathBuf)>> {
    let output = cargo()
        .args(["test", "--workspace", "--no-run", "--message-format=json-render-diagnostics"])
        .current_dir(root)
        .stderr(Stdio::inherit())
        .output()?;
    ensure!(output.status.success(), "the tests do not build; see above");
    let root = root.canonicalize()?;
    let mut all = Vec::new();
    for line in String::from_utf8(output.stdout)?.lines() {
        let message: Value = serde_json::from_str(line).context("cannot parse the JSON message of cargo")?;
        let (Some(executable), Some(manifest)) =
            (message["executable"].as_str(), message["manifest_path"].as_str())
        else {
            continue;
        };
        if message["profile"]["test"] != true {
            continue;
        }
        let folder = Path::new(manifest).parent().and_then(|folder| folder.strip_prefix(&root).ok());
        let folder = folder.with_context(|| format!("{manifest} is outside the repository"))?;
        all.push((folder.display().to_string(), executable.into()));
    }
    Ok(all)
}

/// Runs one test program in its package's folder, as cargo does.
fn test(root: &Path, folder: &str, executable: &Path) -> anyhow::Result<Option<String>> {
    let package = root.join(folder);
    println!("-- {folder}: {}", executable.file_name().unwrap_or_default().display());
    let status = Command::new(executable)
        .current_dir(&package)
        .env("CARGO_MANIFEST_DIR", &package)
        .env("PROPTEST_RNG_SEED", crate::PROPTEST_SEED)
        .status()?;
    Ok((!status.success()).then(|| format!("{folder}: tests failed; see above")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(files: &[&str]) -> String {
        shown(&Affected::by(files.iter().copied()))
    }

    #[test]
    fn a_change_touches_its_package_and_what_crosses_borders() {
        assert_eq!(of(&["crates/tui/src/lib.rs"]), "crates/tui, tests");
        assert_eq!(of(&["crates/xtask/src/main.rs"]), "crates/xtask");
        assert_eq!(of(&["tests/scenarios/a.toml"]), "tests");
        assert_eq!(of(&["README.md", ".github/CONTRIBUTING.md"]), "no package");
    }

    #[test]
    fn the_clicker_is_touched_by_what_it_is_built_from() {
        assert_eq!(of(&["firmware/flash/src/lib.rs"]), "firmware/flash");
        assert_eq!(of(&["crates/wire/src/lib.rs"]), "crates/wire, tests, firmware/app, firmware/linux");
        assert_eq!(of(&["firmware/README.md"]), "crates/xtask");
    }

    #[test]
    fn a_lock_touches_everything() {
        assert_eq!(of(&["Cargo.lock"]), "everything");
        assert!(Affected::by(["Cargo.lock"].into_iter()).has("crates/coach"));
        assert!(!Affected::by(["README.md"].into_iter()).has("crates/coach"));
    }
}
