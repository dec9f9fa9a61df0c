//! The radio lab: builds the programs that the chosen cases need, then starts the lab's own runner (`tests/lab`).

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail, ensure};

use crate::firmware;

/// Builds the programs and runs the lab with these arguments. Returns no faults on success.
pub(crate) fn run(root: &Path, arguments: &[String]) -> anyhow::Result<Vec<String>> {
    let built = tested_programs(root)?;
    let runner = built.join("lab");
    let mut environment = Vec::new();
    if arguments.iter().any(|flag| flag == "--real-time" || flag == "--interactive") {
        // Emulation is slow, so release builds are used.
        for program in needed(root, &runner, arguments)?.lines() {
            match program {
                "unknot" => environment.push(("LAB_UNKNOT", build_unknot(root)?)),
                "clicker" => environment.push(("LAB_CLICKER", build_clicker(root)?)),
                "bare" => environment.push(("LAB_BARE", build_bare(root)?)),
                "board" => environment.push(("LAB_BOARD", firmware::emulated_board(root)?)),
                other => bail!("the lab asks for {other}, which xtask cannot build"),
            }
        }
    } else {
        environment.push(("LAB_UNKNOT", built.join("unknot")));
        environment.push(("LAB_CLICKER", tested_clicker(root)?));
    }
    let status = Command::new(&runner)
        .args(arguments)
        .current_dir(root)
        .envs(environment)
        .status()
        .with_context(|| format!("cannot run {}", runner.display()))?;
    Ok(if status.success() { Vec::new() } else { vec!["the radio lab failed; see above".to_owned()] })
}

/// Builds and returns the folder of debug programs: `unknot` and the lab's runner. Uses the same call as the tests,
/// because a build of one package would use other features and start from scratch.
pub(crate) fn tested_programs(root: &Path) -> anyhow::Result<PathBuf> {
    let status = cargo().args(["test", "--workspace", "--no-run", "--quiet"]).current_dir(root).status()?;
    ensure!(status.success(), "the workspace does not build; see above");
    Ok(target(root, "target").join("debug"))
}

/// Builds the clicker's program as its tests do.
fn tested_clicker(root: &Path) -> anyhow::Result<PathBuf> {
    let status = cargo()
        .args(["build", "--quiet", "--all-targets", "--manifest-path", crate::FIRMWARE])
        .current_dir(root)
        .status()?;
    ensure!(status.success(), "the firmware does not build; see above");
    Ok(target(root, "firmware/target").join("debug/clicker"))
}

/// Asks the runner which programs the chosen cases need, one per line.
fn needed(root: &Path, runner: &Path, arguments: &[String]) -> anyhow::Result<String> {
    let output = Command::new(runner)
        .arg("--needs")
        .args(arguments)
        .current_dir(root)
        .stderr(Stdio::inherit())
        .output()?;
    ensure!(output.status.success(), "no such case; `cargo xtask lab --list` lists them");
    String::from_utf8(output.stdout).context("cannot read the lab's list of programs")
}

fn build_unknot(root: &Path) -> anyhow::Result<PathBuf> {
    build(root, &["--release", "--package", "unknot"], root, &target(root, "target"))?;
    Ok(target(root, "target").join("release/unknot"))
}

fn build_bare(root: &Path) -> anyhow::Result<PathBuf> {
    let what = ["--release", "--package", "link", "--example", "bare", "--features", "bluetooth"];
    build(root, &what, root, &target(root, "target"))?;
    Ok(target(root, "target").join("release/examples/bare"))
}

fn build_clicker(root: &Path) -> anyhow::Result<PathBuf> {
    // The clicker is another workspace; its own target folder keeps either build from invalidating the other.
    let folder = target(root, "firmware/target").join("lab");
    build(root, &["--release", "--package", "linux", "--bin", "clicker"], &root.join("firmware"), &folder)?;
    Ok(folder.join("release/clicker"))
}

fn build(root: &Path, what: &[&str], workspace: &Path, target: &Path) -> anyhow::Result<()> {
    let status = cargo()
        .arg("build")
        .args(what)
        .arg("--manifest-path")
        .arg(workspace.join("Cargo.toml"))
        .arg("--target-dir")
        .arg(target)
        .current_dir(root)
        .status()?;
    ensure!(status.success(), "{} does not build", what.join(" "));
    Ok(())
}

/// Cargo's target folder: `CARGO_TARGET_DIR`, or `usual`.
pub(crate) fn target(root: &Path, usual: &str) -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join(usual), |told| root.join(told))
}

pub(crate) fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")))
}
