//! Build cost of `unknot`: number of crates, time of a clean build, size of the release. Crates and size have limits;
//! the time is only reported, because machines differ.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context as _, ensure};

/// Maximum crates of the default build on Linux, including our own and those for build scripts and macros. Raise it
/// when you add one, and give the reason in the commit.
const MAX_CRATES: usize = 221;

/// Maximum size of the release, in bytes.
const MAX_RELEASE_BYTES: u64 = 20_000_000;

/// Prints the cost and returns what exceeds its limit.
pub(crate) fn run(root: &Path, release: bool, quick: bool) -> anyhow::Result<Vec<String>> {
    let root = &root.canonicalize()?;
    let mut faults = Vec::new();

    let tree =
        cargo_output(root, &["tree", "--package", "unknot", "--edges", "normal,build", "--prefix", "none"])?;
    let Crates { all, ours } = Crates::of(&tree);
    println!("crates            {all}, {ours} of them ours");
    if cfg!(target_os = "linux") && all > MAX_CRATES {
        faults.push(format!("unknot has {all} crates, more than {MAX_CRATES}; remove a dependency, or raise MAX_CRATES and give the reason in the commit"));
    }

    if !quick {
        let (wall, cpu) = clean_build_time(root)?;
        let cpu = cpu.map_or_else(|| "unknown".to_owned(), |cpu| format!("{:.0} s", cpu.as_secs_f64()));
        println!("clean build       {:.0} s, CPU {cpu}", wall.as_secs_f64());
    }

    if release {
        build_release(root)?;
    }
    let program = released(root);
    match fs::metadata(&program) {
        Err(_) => println!("release           not built; run `cargo xtask cost --release`"),
        Ok(built) => {
            let size = built.len();
            println!("release           {:.1} MB", megabytes(size));
            if size > MAX_RELEASE_BYTES {
                let (size, largest) = (megabytes(size), megabytes(MAX_RELEASE_BYTES));
                faults.push(format!("{} has {size:.1} MB, more than {largest:.1} MB", program.display()));
            }
            let lines = debug_info_of(&program);
            let is_this = fs::metadata(&lines).is_ok_and(|lines| {
                // Debug information older than the program belongs to an earlier build.
                lines.modified().ok().zip(built.modified().ok()).is_some_and(|(lines, built)| lines >= built)
            });
            if is_this {
                println!("  debug info      {:.1} MB, {}", megabytes(size_of(&lines)?), lines.display());
            } else {
                println!("  debug info      missing; run `cargo xtask cost --release`");
            }
        }
    }
    Ok(faults)
}

/// Number of crates in the output of `cargo tree`.
#[derive(Debug, PartialEq, Eq)]
struct Crates {
    all: usize,
    ours: usize,
}

impl Crates {
    /// Each line is a crate, repeated for each of its dependents: `name v1.2.3 (path or kind) (*)`.
    fn of(tree: &str) -> Self {
        let lines = tree.lines().map(|line| line.trim_end_matches(" (*)")).filter(|line| !line.is_empty());
        let crates: BTreeSet<&str> = lines.collect();
        let is_ours = |name: &&&str| name.ends_with(')') && !name.ends_with("(proc-macro)");
        Self { all: crates.len(), ours: crates.iter().filter(is_ours).count() }
    }
}

/// Builds into an empty folder. Returns the wall time and the CPU time of all processors together.
fn clean_build_time(root: &Path) -> anyhow::Result<(Duration, Option<Duration>)> {
    let folder = std::env::temp_dir().join(format!("unknot-cost-{}", std::process::id()));
    let target = ["build", "--package", "unknot", "--quiet", "--target-dir"];
    let (before, began) = (cpu_of_children(), Instant::now());
    let built = cargo(root, target.iter().map(OsStr::new).chain([folder.as_os_str()]));
    let (wall, after) = (began.elapsed(), cpu_of_children());
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    built?;
    Ok((wall, after.zip(before).and_then(|(after, before)| after.checked_sub(before))))
}

/// CPU time of all finished child processes; Linux only.
fn cpu_of_children() -> Option<Duration> {
    cpu_in(&fs::read_to_string("/proc/self/stat").ok()?)
}

/// Reads `cutime` and `cstime` of proc(5), in clock ticks of 10 ms, the unit on every system that Rust supports.
fn cpu_in(stat: &str) -> Option<Duration> {
    // Field 2 is a name in brackets with arbitrary content; `cutime` is field 16.
    let (_, fields) = stat.rsplit_once(')')?;
    let mut times = fields.split_whitespace().skip(13).map(str::parse::<u64>);
    let (user, system) = (times.next()?.ok()?, times.next()?.ok()?);
    Some(Duration::from_millis((user + system) * 10))
}

/// Path of the release; its debug information lies beside it.
fn released(root: &Path) -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    target.join("release").join(format!("unknot{}", std::env::consts::EXE_SUFFIX))
}

/// Path of the debug information, under the name that debuggers and backtraces look for.
fn debug_info_of(program: &Path) -> PathBuf {
    program.with_extension(if cfg!(windows) {
        "pdb"
    } else if cfg!(target_os = "macos") {
        "dSYM"
    } else {
        "debug"
    })
}

/// Builds the release and its debug information. The program is linked with debug information and split afterwards, so
/// that the addresses in both files agree.
fn build_release(root: &Path) -> anyhow::Result<()> {
    let mut arguments = vec!["rustc", "--release", "--package", "unknot", "--bin", "unknot", "--"];
    arguments.extend(match () {
        // The compiler writes a separate file anyway.
        () if cfg!(windows) => ["-C", "strip=debuginfo"].as_slice(),
        () if cfg!(target_os = "macos") => &["-C", "split-debuginfo=packed"],
        () => &["-C", "strip=none"],
    });
    cargo(root, arguments)?;
    if cfg!(any(windows, target_os = "macos")) {
        return Ok(());
    }
    let program = released(root);
    let lines = debug_info_of(&program);
    let parted = program.with_extension("parted");
    let (from, to) = (program.as_os_str(), parted.as_os_str());
    objcopy(&[OsStr::new("--only-keep-debug"), from, lines.as_os_str()])?;
    let mut link = std::ffi::OsString::from("--add-gnu-debuglink=");
    link.push(&lines);
    objcopy(&[OsStr::new("--strip-debug"), &link, from, to])?;
    fs::rename(&parted, &program).with_context(|| format!("cannot replace {}", program.display()))?;
    // Newer than the program, which marks the two as belonging together.
    Ok(fs::File::options().append(true).open(&lines)?.set_modified(SystemTime::now())?)
}

fn objcopy(arguments: &[&OsStr]) -> anyhow::Result<()> {
    let ended = Command::new("objcopy").args(arguments).status();
    let ended = ended.context("cannot start objcopy; install binutils")?;
    ensure!(ended.success(), "objcopy {arguments:?}: {ended}");
    Ok(())
}

/// Size of a file, or of all files in a folder.
fn size_of(path: &Path) -> std::io::Result<u64> {
    if !path.is_dir() {
        return Ok(fs::metadata(path)?.len());
    }
    fs::read_dir(path)?.map(|entry| size_of(&entry?.path())).sum()
}

fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

fn cargo<A: AsRef<OsStr>>(root: &Path, arguments: impl IntoIterator<Item = A>) -> anyhow::Result<()> {
    let ended = command(root).args(arguments).status().context("cannot start cargo")?;
    ensure!(ended.success(), "cargo: {ended}");
    Ok(())
}

fn cargo_output(root: &Path, arguments: &[&str]) -> anyhow::Result<String> {
    let ended = command(root).args(arguments).output().context("cannot start cargo")?;
    ensure!(ended.status.success(), "cargo: {}", String::from_utf8_lossy(&ended.stderr).trim());
    Ok(String::from_utf8(ended.stdout)?)
}

fn command(root: &Path) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root);
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_counts_once_however_many_depend_on_it() {
        let tree = "unknot v0.1.0 (/here/crates/unknot)\nserde v1.0.1\nserde_derive v1.0.1 (proc-macro)\nserde v1.0.1\n\
                    serde_derive v1.0.1 (proc-macro) (*)\nsyn v2.0.1\nsyn v3.0.1\ncoach v0.1.0 (/here/crates/coach)\n\
                    coach v0.1.0 (/here/crates/coach) (*)\n";
        assert_eq!(Crates::of(tree), Crates { all: 6, ours: 2 });
    }

    #[test]
    fn the_time_of_children_is_found_whatever_the_program_is_called() {
        let stat = "7 (a) b (c)) S 1 7 7 0 -1 4194304 1 2 3 4 11 12 250 50 20 0 1 0 99\n";
        assert_eq!(cpu_in(stat), Some(Duration::from_secs(3)));
        assert_eq!(cpu_in("7 (a) S 1"), None);
    }
}
