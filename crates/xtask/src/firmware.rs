//! Builds board images and checks their sizes against the recorded figures. On request the micro:bit's image is built
//! twice and compared.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, bail, ensure};

use crate::card;
use crate::figures::Figures;
use crate::image::{Image, Sizes};
use crate::lab::{cargo, target};
use crate::steps::installed;
use crate::symbolize::{self, SOURCE_ROOT};

/// Target of the boards: Cortex-M4 with FPU.
const TRIPLE: &str = "thumbv7em-none-eabihf";

/// Packages of the two boards: the product's, and the one that the lab emulates.
const MICROBIT: &str = "microbit";
const EMULATED: &str = "qemu";

/// Name prefixes of the symbols in Nordic's link layer and radio sharing library. Nearly all of those names are obfuscated.
const NORDIC_PREFIXES: &[&str] = &["sym_", "sdc_", "mpsl_", "MPSL_"];

/// Compiler flags for size. A panic traps, and the hard fault handler keeps the address, which is more exact than a
/// line and costs nothing; `Debug` output is removed; one-line calls are inlined early; identical functions are merged.
/// All but the last are unstable and need `RUSTC_BOOTSTRAP`.
const SIZE_FLAGS: &[&str] = &[
    "-Zunstable-options",
    "-Cpanic=immediate-abort",
    "-Zfmt-debug=none",
    "-Zinline-mir=yes",
    "-Clink-arg=--icf=all",
];

/// The prebuilt `core` is optimised for speed and contains panic messages, so it is built from source.
const CORE_FLAGS: &[&str] = &["-Zbuild-std=core", "-Zbuild-std-features=optimize_for_size"];

/// Tolerated difference from the recorded size, in bytes. The two compilers in use differ by less; a larger change in
/// either direction needs a look.
const SIZE_TOLERANCE: u32 = 1024;

/// What to do with changed figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    /// Report them as faults.
    Refuse,
    /// Record them.
    Take,
}

/// Number of builds of the micro:bit's image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BuildCount {
    /// One, to be flashed.
    Once,
    /// A second one in another folder, which must be identical.
    Twice,
}

/// Which Rust builds the images.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum RustSource {
    /// The active toolchain, with the source of its `core`.
    Toolchain,
    /// Debian's newer Rust, with its own source of `core`.
    Debian,
}

/// What cargo does with a board package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CargoMode {
    Build,
    /// Run clippy with the flags of the build, without code generation.
    Lint,
}

/// Builds the micro:bit's image and writes it as HEX. Faults: builds that differ, figures that have changed.
pub(crate) fn run(root: &Path, change: Change, builds: BuildCount) -> anyhow::Result<Vec<String>> {
    let rust = install(root)?;
    let mut faults = Vec::new();
    let folder = target(root, "firmware/target");
    let first = build(root, rust, &folder.join("image"), MICROBIT)?;
    // Two calls, because the boards' features for critical sections exclude each other.
    for package in [MICROBIT, EMULATED] {
        // Debian's Rust comes without clippy.
        if rust == RustSource::Toolchain
            && !cargo_for_board(root, rust, &folder.join("image"), package, CargoMode::Lint)?
        {
            faults.push(format!("firmware: clippy reports warnings in {package}; see above"));
        }
    }
    let elf = fs::read(&first).with_context(|| format!("cannot read {}", first.display()))?;
    let image = Image::of_elf(&elf)?;
    let hex = image.hex();
    if builds == BuildCount::Twice {
        faults.extend(differs(root, rust, &folder, &first, &hex)?);
    }
    let path = folder.join("unknot-microbit.hex");
    fs::write(&path, &hex).with_context(|| format!("cannot write {}", path.display()))?;
    let Sizes { flash, ram } = image.sizes();
    println!("{}", path.display());
    let often = if builds == BuildCount::Twice { ", twice" } else { "" };
    println!(
        "{flash} bytes of flash, {ram} bytes of static RAM; CRC-32 {:08x}{often}",
        crc32(hex.as_bytes())
    );

    let nordic = Image::named(&elf, NORDIC_PREFIXES)?;
    println!("{nordic} bytes of flash are Nordic's libraries");

    let mut figures = Figures::read(root)?;
    for (key, measured) in [("microbit-flash", flash), ("microbit-nordic", nordic), ("microbit-ram", ram)] {
        let figure = figures.number(key)?;
        if change == Change::Take {
            figures = figures.with(key, measured);
        } else if measured.abs_diff(figure) > SIZE_TOLERANCE {
            let how = if measured > figure { "more" } else { "less" };
            faults.push(format!(
                "firmware: {key} is {measured}, {how} than the recorded {figure}; if that is intended, run `cargo xtask firmware --take`"
            ));
        }
    }
    if change == Change::Take {
        figures.write(root)?;
        card::write(root)?;
    } else if !figures.is_shown(root)? || !card::is_written(root)? {
        faults.push(
            "firmware: README.md or card.html is out of date; run `cargo xtask firmware --take`".to_owned(),
        );
    }
    Ok(faults)
}

/// Builds the micro:bit's image again and compares it.
fn differs(
    root: &Path,
    rust: RustSource,
    folder: &Path,
    first: &Path,
    hex: &str,
) -> anyhow::Result<Option<String>> {
    // Another folder, so that nothing of the first build is reused and no path of it can get into the image.
    let again = folder.join("image-again");
    copy_host_artifacts(&folder.join("image"), &again)?;
    let second = build(root, rust, &again, MICROBIT)?;
    let elf = fs::read(&second).with_context(|| format!("cannot read {}", second.display()))?;
    let same = Image::of_elf(&elf)?.hex() == hex;
    let told = || {
        format!(
            "firmware: two builds of the same source differ; compare {} and {}",
            first.display(),
            second.display()
        )
    };
    Ok((!same).then(told))
}

/// Builds the image for the emulated board and returns its ELF file.
pub(crate) fn emulated_board(root: &Path) -> anyhow::Result<PathBuf> {
    let rust = install(root)?;
    build(root, rust, &target(root, "firmware/target").join("image"), EMULATED)
}

/// Prints the source lines at this address of a package's image.
fn print_frames(root: &Path, package: &str, address: &str) -> anyhow::Result<Vec<String>> {
    let address = symbolize::parse(address)?;
    let elf = build(root, install(root)?, &target(root, "firmware/target").join("image"), package)?;
    let elf = fs::read(&elf).with_context(|| format!("cannot read {}", elf.display()))?;
    for frame in symbolize::frames(&elf, address)? {
        println!("{frame}");
    }
    Ok(Vec::new())
}

/// Prints the source lines at this address of the micro:bit's image.
pub(crate) fn at(root: &Path, address: &str) -> anyhow::Result<Vec<String>> {
    print_frames(root, MICROBIT, address)
}

/// Prints the source lines at this address of the emulated board's image.
pub(crate) fn emulated_at(root: &Path, address: &str) -> anyhow::Result<Vec<String>> {
    print_frames(root, EMULATED, address)
}

/// Installs the build tools through the firmware's install script.
fn install(root: &Path) -> anyhow::Result<RustSource> {
    match installed(&mut Command::new(root.join("firmware/install.sh")))?.lines().last() {
        Some("toolchain") => Ok(RustSource::Toolchain),
        Some("debian") => Ok(RustSource::Debian),
        other => bail!("firmware/install.sh printed {other:?}; expected `toolchain` or `debian`"),
    }
}

/// Builds a package's image in this folder and returns its ELF file.
fn build(root: &Path, rust: RustSource, folder: &Path, package: &str) -> anyhow::Result<PathBuf> {
    ensure!(
        cargo_for_board(root, rust, folder, package, CargoMode::Build)?,
        "the image of {package} does not build; see above"
    );
    Ok(folder.join(TRIPLE).join("image").join(package))
}

/// Runs cargo for a board package. Returns whether it succeeded.
fn cargo_for_board(
    root: &Path,
    rust: RustSource,
    folder: &Path,
    package: &str,
    mode: CargoMode,
) -> anyhow::Result<bool> {
    let mut command = match rust {
        RustSource::Toolchain => cargo(),
        RustSource::Debian => {
            let mut command = Command::new("/usr/bin/cargo");
            command.env("RUSTC", "/usr/bin/rustc");
            // Keeps a toolchain that rustup has put first in PATH out of this build.
            command.env_remove("RUSTUP_TOOLCHAIN").env_remove("CARGO").env("PATH", "/usr/bin:/bin");
            command
        }
    };
    // Denies warnings in the board's own code; cargo hides those of dependencies.
    let mut flags = vec!["-Dwarnings".to_owned()];
    flags.extend(SIZE_FLAGS.iter().map(|flag| (*flag).to_owned()));
    flags.push(format!("--remap-path-prefix={}={SOURCE_ROOT}", root.canonicalize()?.display()));
    if let Some(home) = home() {
        flags.push(format!("--remap-path-prefix={}=/registry", home.join("registry/src").display()));
    }
    if rust == RustSource::Debian {
        flags.extend(["-Clinker-flavor=ld.lld", "-Clinker=ld.lld"].map(str::to_owned));
    }
    match mode {
        CargoMode::Build => command.args(["build", "--package", package]),
        // clippy-driver as the compiler of the workspace's own crates reuses the dependencies of the image build;
        // `cargo clippy` would check all of them again.
        CargoMode::Lint => command
            .args(["rustc", "--package", package, "--bin", package])
            .env("RUSTC_WORKSPACE_WRAPPER", sysroot()?.join("bin/clippy-driver")),
    };
    command.args(["--profile", "image", "--target", TRIPLE]);
    let status = command
        .args(CORE_FLAGS)
        .arg("--manifest-path")
        .arg(root.join("firmware/Cargo.toml"))
        .arg("--target-dir")
        .arg(folder)
        .args(if mode == CargoMode::Lint { &["--", "-Zno-codegen"][..] } else { &[] })
        .env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"))
        .env("RUSTC_BOOTSTRAP", "1")
        .current_dir(root)
        .status()
        .context("cannot run cargo")?;
    Ok(status.success())
}

/// Copies the first build's build scripts and macros, which run on this machine and are not part of the image. They
/// take half of the time; everything in the image is compiled again.
fn copy_host_artifacts(from: &Path, to: &Path) -> anyhow::Result<()> {
    let (from, to) = (from.join("image"), to.join("image"));
    if to.exists() || !from.exists() {
        return Ok(());
    }
    let folder = to.parent().context("the target folder has no parent")?;
    fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let status = Command::new("cp").arg("-a").args([&from, &to]).status().context("cannot run cp")?;
    ensure!(status.success(), "cannot copy {}", from.display());
    Ok(())
}

/// Folder of the active toolchain.
fn sysroot() -> anyhow::Result<PathBuf> {
    let told = Command::new("rustc").args(["--print", "sysroot"]).output().context("cannot run rustc")?;
    Ok(PathBuf::from(String::from_utf8(told.stdout)?.trim_end()))
}

/// Cargo's home, whose source paths would otherwise appear in the image.
fn home() -> Option<PathBuf> {
    let told = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    told.or_else(|| std::env::home_dir().map(|home| home.join(".cargo")))
}

fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 };
    !bytes.iter().fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), step))
}
