//! The radio lab: builds the programs that the chosen cases run, then the lab's own runner, and hands over to it. What
//! is tried, and how, is the lab's matter (`tests/lab`).

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, bail, ensure};

use crate::firmware;

/// The lab's runner, built and run by cargo; a plain `cargo test` leaves it out.
const RUNNER: &[&str] = &["test", "--quiet", "--package", "tests", "--test", "lab"];

/// Builds what is needed and runs the lab with these arguments. Gives no fault where all went well.
pub(crate) fn run(root: &Path, arguments: &[String]) -> anyhow::Result<Vec<String>> {
    let mut environment = Vec::new();
    for program in needed(root, arguments)?.lines() {
        match program {
            "unknot" => environment.push(("LAB_UNKNOT", build_unknot(root)?)),
            "clicker" => environment.push(("LAB_CLICKER", build_clicker(root)?)),
            "bare" => environment.push(("LAB_BARE", build_bare(root)?)),
            "board" => environment.push(("LAB_BOARD", firmware::emulated_board(root)?)),
            other => bail!("the lab needs {other}, which is not known here"),
        }
    }
    let mut runner = cargo();
    runner.args(RUNNER).arg("--").args(arguments).current_dir(root).envs(environment);
    let status = runner.status()?;
    Ok(if status.success() { Vec::new() } else { vec!["the radio lab failed; see above".to_owned()] })
}

/// The names of the programs that the chosen cases run, one a line.
fn needed(root: &Path, arguments: &[String]) -> anyhow::Result<String> {
    let output = cargo()
        .args(RUNNER)
        .args(["--", "--needs"])
        .args(arguments)
        .current_dir(root)
        .stderr(std::process::Stdio::inherit())
        .output()?;
    ensure!(output.status.success(), "the lab's runner does not build, or knows no such case");
    String::from_utf8(output.stdout).context("the lab's needs cannot be read")
}

/// Emulation is slow enough without a debug build.
fn build_unknot(root: &Path) -> anyhow::Result<PathBuf> {
    build(
        root,
        &["--release", "--package", "unknot", "--features", "bluetooth"],
        root,
        &target(root, "target"),
    )?;
    Ok(target(root, "target").join("release/unknot"))
}

fn build_bare(root: &Path) -> anyhow::Result<PathBuf> {
    let what = ["--release", "--package", "link", "--example", "bare", "--features", "bluetooth"];
    build(root, &what, root, &target(root, "target"))?;
    Ok(target(root, "target").join("release/examples/bare"))
}

fn build_clicker(root: &Path) -> anyhow::Result<PathBuf> {
    // A workspace of its own, and a folder of its own, so that neither build throws the other's out.
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

/// Where cargo builds to: as told, or as it does by itself.
pub(crate) fn target(root: &Path, usual: &str) -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join(usual), |told| root.join(told))
}

pub(crate) fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")))
}
