//! Images for boards: what they are built with is brought together, each is built, and what it takes is held against the
//! figures. Where it is asked for, the micro:bit's is built a second time, and the two are compared.

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

/// What boards are built for: Cortex-M4 with its floating point.
const TRIPLE: &str = "thumbv7em-none-eabihf";

/// The packages of the two boards: the one that is sold, and the one that the lab emulates.
const MICROBIT: &str = "microbit";
const EMULATED: &str = "qemu";

/// How all names begin in Nordic's link layer and in what it shares the radio by; nearly all are made unreadable.
const NORDIC_PREFIXES: &[&str] = &["sym_", "sdc_", "mpsl_", "MPSL_"];

/// What makes an image smaller. It traps where it gives up, and the handler of hard faults keeps the address,
/// which tells more than a line and costs nothing; nobody reads what `Debug` writes; calls of one line are woven in early;
/// functions of the same code are one. The compiler keeps all but the last for its own developers, whose switch is on.
const SIZE_FLAGS: &[&str] = &[
    "-Zunstable-options",
    "-Cpanic=immediate-abort",
    "-Zfmt-debug=none",
    "-Zinline-mir=yes",
    "-Clink-arg=--icf=all",
];

/// The compiler's own `core` is built for speed, and to say why it gives up. So it is built here from its source.
const CORE_FLAGS: &[&str] = &["-Zbuild-std=core", "-Zbuild-std-features=optimize_for_size"];

/// Bytes by which an image may differ from the figures. The two compilers that it is built by differ by fewer; a larger
/// step is to be looked at, either way.
const SIZE_TOLERANCE: u32 = 1024;

/// What is to become of figures that have changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    /// It is a fault.
    Refuse,
    /// They are the figures from now on.
    Take,
}

/// How often the micro:bit's image is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BuildCount {
    /// To be flashed.
    Once,
    /// A second time in another folder, which must not change a byte.
    Twice,
}

/// How images are built here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum RustSource {
    /// By the toolchain that is in use, with the source of its `core`.
    Toolchain,
    /// By Debian's newer Rust, with that of its own.
    Debian,
}

/// What cargo is to do with a board.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CargoMode {
    Build,
    /// As it is built, by clippy, and no machine code of it.
    Lint,
}

/// BuildCount the micro:bit's image, and writes it as HEX. The faults: two builds that differ, figures that have changed.
pub(crate) fn run(root: &Path, change: Change, builds: BuildCount) -> anyhow::Result<Vec<String>> {
    let rust = install(root)?;
    let mut faults = Vec::new();
    let folder = target(root, "firmware/target");
    let first = build(root, rust, &folder.join("image"), MICROBIT)?;
    // By two calls: the features by which the two boards shut interrupts out exclude each other.
    for package in [MICROBIT, EMULATED] {
        // Debian's Rust comes without it.
        if rust == RustSource::Toolchain
            && !cargo_for_board(root, rust, &folder.join("image"), package, CargoMode::Lint)?
        {
            faults.push(format!("firmware: clippy has something to say of {package}'s image"));
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
    println!("{nordic} bytes of it are Nordic's libraries");

    let mut figures = Figures::read(root)?;
    for (key, measured) in [("microbit-flash", flash), ("microbit-nordic", nordic), ("microbit-ram", ram)] {
        let figure = figures.number(key)?;
        if change == Change::Take {
            figures = figures.with(key, measured);
        } else if measured.abs_diff(figure) > SIZE_TOLERANCE {
            let how = if measured > figure { "more" } else { "less" };
            faults.push(format!(
                "firmware: {key} is {measured}, which is {how} than {figure}; where that is meant, run `cargo xtask firmware --take`"
            ));
        }
    }
    if change == Change::Take {
        figures.write(root)?;
        card::write(root)?;
    } else if !figures.is_shown(root)? || !card::is_written(root)? {
        faults
            .push("firmware: README.md or card.html is behind; run `cargo xtask firmware --take`".to_owned());
    }
    Ok(faults)
}

/// BuildCount the micro:bit's image once more, and tells where it is not the same.
fn differs(
    root: &Path,
    rust: RustSource,
    folder: &Path,
    first: &Path,
    hex: &str,
) -> anyhow::Result<Option<String>> {
    // Another folder, so that nothing of the first build is taken for the second, and no path of it comes into the image.
    let again = folder.join("image-again");
    copy_host_artifacts(&folder.join("image"), &again)?;
    let second = build(root, rust, &again, MICROBIT)?;
    let elf = fs::read(&second).with_context(|| format!("cannot read {}", second.display()))?;
    let same = Image::of_elf(&elf)?.hex() == hex;
    let told =
        || format!("firmware: two builds of one source differ: {} and {}", first.display(), second.display());
    Ok((!same).then(told))
}

/// BuildCount the image for the emulated board, and gives its ELF file.
pub(crate) fn emulated_board(root: &Path) -> anyhow::Result<PathBuf> {
    let rust = install(root)?;
    build(root, rust, &target(root, "firmware/target").join("image"), EMULATED)
}

/// Says which line stands at this address of the image of this package.
fn print_frames(root: &Path, package: &str, address: &str) -> anyhow::Result<Vec<String>> {
    let address = symbolize::parse(address)?;
    let elf = build(root, install(root)?, &target(root, "firmware/target").join("image"), package)?;
    let elf = fs::read(&elf).with_context(|| format!("cannot read {}", elf.display()))?;
    for frame in symbolize::frames(&elf, address)? {
        println!("{frame}");
    }
    Ok(Vec::new())
}

/// Says which line stands at this address of the micro:bit's image.
pub(crate) fn at(root: &Path, address: &str) -> anyhow::Result<Vec<String>> {
    print_frames(root, MICROBIT, address)
}

/// Says which line stands at this address of the emulated board's image.
pub(crate) fn emulated_at(root: &Path, address: &str) -> anyhow::Result<Vec<String>> {
    print_frames(root, EMULATED, address)
}

/// Brings together what is needed, which the script knows.
fn install(root: &Path) -> anyhow::Result<RustSource> {
    match installed(&mut Command::new(root.join("firmware/install.sh")))?.lines().last() {
        Some("toolchain") => Ok(RustSource::Toolchain),
        Some("debian") => Ok(RustSource::Debian),
        other => bail!("firmware/install.sh ends with {other:?}, which is not known here"),
    }
}

/// BuildCount the image of this package in this folder, and gives its ELF file.
fn build(root: &Path, rust: RustSource, folder: &Path, package: &str) -> anyhow::Result<PathBuf> {
    ensure!(
        cargo_for_board(root, rust, folder, package, CargoMode::Build)?,
        "the image of {package} does not build"
    );
    Ok(folder.join(TRIPLE).join("image").join(package))
}

/// Has cargo do this with the board of this package. Whether it did.
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
            // A toolchain that rustup has put in front is not to be mixed in.
            command.env_remove("RUSTUP_TOOLCHAIN").env_remove("CARGO").env("PATH", "/usr/bin:/bin");
            command
        }
    };
    // The board's own code is held to it as all other code is; warnings in what it depends on are not shown.
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
        // Clippy is the compiler with more lints: called in its place for the workspace's own crates, it takes what they
        // depend on as the image was built from, where `cargo clippy` would check all of that once more.
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
        .context("cargo cannot be run")?;
    Ok(status.success())
}

/// The second build takes over the first one's build scripts and macros, which run here and are no part of the image.
/// They are half of the time; all that goes into the image is compiled again.
fn copy_host_artifacts(from: &Path, to: &Path) -> anyhow::Result<()> {
    let (from, to) = (from.join("image"), to.join("image"));
    if to.exists() || !from.exists() {
        return Ok(());
    }
    let folder = to.parent().context("it lies in a folder")?;
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let status = Command::new("cp").arg("-a").args([&from, &to]).status().context("there is no cp")?;
    ensure!(status.success(), "{} cannot be copied", from.display());
    Ok(())
}

/// The folder of the toolchain that is in use.
fn sysroot() -> anyhow::Result<PathBuf> {
    let told = Command::new("rustc").args(["--print", "sysroot"]).output().context("rustc cannot be run")?;
    Ok(PathBuf::from(String::from_utf8(told.stdout)?.trim_end()))
}

/// Where cargo keeps the sources whose paths a panic would name.
fn home() -> Option<PathBuf> {
    let told = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    told.or_else(|| std::env::home_dir().map(|home| home.join(".cargo")))
}

fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 };
    !bytes.iter().fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), step))
}
