//! The tests of what a change touches: those of each package with a changed file, and where one of the laptop's changed,
//! what crosses their borders (`tests`).
//!
//! Everything is built by the same call as all tests are, because a build of some packages alone has other features and
//! begins anew; then only these packages' tests are run.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, ensure};
use serde_json::Value;

use crate::FIRMWARE;
use crate::lab::cargo;

/// What a change touches.
#[derive(Debug, PartialEq, Eq, Default)]
pub(crate) struct Affected {
    /// Folders of packages of the laptop's workspace.
    laptop: BTreeSet<String>,
    /// Packages of the clicker's workspace.
    clicker: BTreeSet<String>,
    /// A manifest, a lock or another file of the whole.
    all: bool,
}

impl Affected {
    /// By the changed files, each from the root.
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
                // Its figures and pages are held by the chores' tests.
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
        // The clicker is built from both of them.
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

/// Runs the tests. What differs from `base` has changed; without one, what is not on the upstream branch.
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
            faults.push("the clicker's tests fail; see above".to_owned());
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

/// Files that differ from the base, and files that git does not know yet.
fn changed(root: &Path, base: Option<&str>) -> anyhow::Result<Vec<String>> {
    let base = match base {
        Some(base) => base.to_owned(),
        // No upstream: what is not committed.
        None => git(root, &["merge-base", "HEAD", "@{upstream}"]).unwrap_or_else(|_| "HEAD".to_owned()),
    };
    let known = git(root, &["diff", "--name-only", base.trim()])
        .with_context(|| format!("git does not know {base}; --base wants a commit"))?;
    let new = git(root, &["ls-files", "--others", "--exclude-standard"])?;
    Ok(known.lines().chain(new.lines()).map(str::to_owned).collect())
}

fn git(root: &Path, arguments: &[&str]) -> anyhow::Result<String> {
    let output = Command::new("git")
        .args(arguments)
        .current_dir(root)
        .stderr(Stdio::null())
        .output()
        .context("there is no git")?;
    ensure!(output.status.success(), "git {} fails", arguments.join(" "));
    Ok(String::from_utf8(output.stdout)?)
}

/// Every test program of the workspace, built, with the folder of its package.
fn executables(root: &Path) -> anyhow::Result<Vec<(String, PathBuf)>> {
    let output = cargo()
        .args(["test", "--workspace", "--no-run", "--message-format=json-render-diagnostics"])
        .current_dir(root)
        .stderr(Stdio::inherit())
        .output()?;
    ensure!(output.status.success(), "the tests do not build");
    let root = root.canonicalize()?;
    let mut all = Vec::new();
    for line in String::from_utf8(output.stdout)?.lines() {
        let message: Value = serde_json::from_str(line).context("cargo speaks otherwise than it did")?;
        let (Some(executable), Some(manifest)) =
            (message["executable"].as_str(), message["manifest_path"].as_str())
        else {
            continue;
        };
        if message["profile"]["test"] != true {
            continue;
        }
        let folder = Path::new(manifest).parent().and_then(|folder| folder.strip_prefix(&root).ok());
        let folder = folder.with_context(|| format!("{manifest} lies elsewhere"))?;
        all.push((folder.display().to_string(), executable.into()));
    }
    Ok(all)
}

/// Runs one test program as cargo does: in its package's folder.
fn test(root: &Path, folder: &str, executable: &Path) -> anyhow::Result<Option<String>> {
    let package = root.join(folder);
    println!("-- {folder}: {}", executable.file_name().unwrap_or_default().display());
    let status = Command::new(executable)
        .current_dir(&package)
        .env("CARGO_MANIFEST_DIR", &package)
        .env("PROPTEST_RNG_SEED", crate::PROPTEST_SEED)
        .status()?;
    Ok((!status.success()).then(|| format!("{folder}: tests fail; see above")))
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
