//! Every chore of the repository as one command, the same here and in CI. Needs only Rust, except for the radio lab and
//! the board images, which install what they need.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a chore speaks to the person who runs it")]

mod affected;
mod board;
mod card;
mod cost;
mod external;
mod figures;
mod firmware;
mod image;
mod lab;
mod licences;
mod lint;
mod power;
mod steps;
mod symbolize;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::board::Scope;
use crate::firmware::{BuildCount, Change};
use crate::steps::{EXIT_UNSUPPORTED, Step, Unsupported, run, run_lanes};

/// Manifest of the clicker's workspace, from the root.
const FIRMWARE: &str = "firmware/Cargo.toml";

/// Fixed seed of all property tests, so that a commit always gives the same result. Plain `cargo test` uses a random
/// one.
const PROPTEST_SEED: &str = "5";

/// Lints the build without Bluetooth. `tests` and `xtask` are excluded because they enable it.
const WITHOUT_BLUETOOTH: [&str; 10] = [
    "clippy",
    "--workspace",
    "--exclude",
    "tests",
    "--exclude",
    "xtask",
    "--no-default-features",
    "--",
    "-D",
    "warnings",
];

/// The chores of this repository.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Runs what CI runs: format, lints, all tests, documentation, firmware, one image, an emulated board, exports
    /// against independent programs, clippy for Windows, and the radio lab in virtual time. Installs what it needs.
    Check {
        /// Run only format, lints and the tests of changed packages.
        #[arg(long, conflicts_with = "all")]
        quick: bool,
        /// Run also what takes hours: the lab and the boards in real time, a second image build, long seeds, the size
        /// of the release.
        #[arg(long)]
        all: bool,
        /// With `--quick`: compare with this commit instead of the upstream branch.
        #[arg(long, value_name = "COMMIT", requires = "quick")]
        base: Option<String>,
    },
    /// Runs the tests of changed packages.
    Touched {
        /// Compare with this commit instead of the upstream branch.
        #[arg(long, value_name = "COMMIT")]
        base: Option<String>,
    },
    /// Checks the exports against independent programs: a FHIR validator, a spreadsheet reader, a browser.
    Exports,
    /// Checks `.github/workflows` with actionlint.
    Workflows,
    /// Checks the repository's own rules: file heads, file lengths, banned words.
    Lint,
    /// Checks the licences and sources of all crates, those for other systems and of the clicker included.
    Licences {
        /// Write the notices that go into a package to this file.
        #[arg(long, value_name = "FILE")]
        notices: Option<PathBuf>,
    },
    /// Prints the benchmarks: wire, coach, virtual time, disk, click to acknowledgement; the figures of the last lab
    /// run; the screen in a pseudo-terminal; and a store of ten thousand sessions.
    Bench,
    /// Builds the documentation with warnings as errors.
    Doc,
    /// Reports what `unknot` costs to build: number of crates, time of a clean build, size of the release.
    Cost {
        /// Build the release first, with its debug information in a separate file.
        #[arg(long)]
        release: bool,
        /// Skip the clean build, which takes minutes.
        #[arg(long)]
        quick: bool,
    },
    /// Builds the micro:bit's image as a HEX file for its drive, and checks its size against the recorded figures.
    Firmware {
        /// Build it a second time and compare the two.
        #[arg(long, conflicts_with_all = ["take", "at"])]
        twice: bool,
        /// Record the measured values as the new figures.
        #[arg(long)]
        take: bool,
        /// Instead: print the source line at this address, which a clicker reports after `panic` or `fault`.
        #[arg(long, value_name = "ADDRESS", conflicts_with = "take")]
        at: Option<String>,
    },
    /// Runs the clicker's image on an emulated Cortex-M4F: boot, pairing, session, idle; measures stack, latency and
    /// power.
    Board {
        /// Test also radio faults and resets, and compare the board's clock with this machine's.
        #[arg(long, conflicts_with_all = ["take", "at"])]
        long: bool,
        /// Record the measured values as the new figures.
        #[arg(long)]
        take: bool,
        /// Instead: print the source line at this address of the emulated board's image.
        #[arg(long, value_name = "ADDRESS", conflicts_with = "take")]
        at: Option<String>,
    },
    /// Runs the real programs over two real Bluetooth stacks, in machines in virtual time (Linux on x86-64; installs
    /// what it needs as root).
    Lab {
        /// Use emulated machines in real time, and run the cases that need them.
        #[arg(long, conflicts_with_all = ["interactive", "attach"])]
        real_time: bool,
        /// Boot one machine with a terminal for `clicker`; open the one for `unknot` with `--attach`.
        #[arg(long, conflicts_with_all = ["attach", "list", "cases"])]
        interactive: bool,
        /// Open the second terminal of the machine that `--interactive` booted.
        #[arg(long, conflicts_with_all = ["list", "cases"])]
        attach: bool,
        /// List the cases with a description.
        #[arg(long)]
        list: bool,
        /// Run only the cases whose name contains one of these.
        cases: Vec<String>,
    },
}

fn main() -> ExitCode {
    let chore = Arguments::parse().chore;
    // Two folders above this crate's manifest, wherever cargo was called from.
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    match chore {
        Chore::Check { quick: true, base, .. } => run(&root, &quick_check(base.as_deref())),
        Chore::Check { all, .. } => {
            let mut lanes = check();
            if all {
                lanes.push(nightly());
            }
            run_lanes(&root, &lab::target(&root, "target").join("check"), &lanes)
        }
        Chore::Touched { base } => exit_code(affected::run(&root, base.as_deref())),
        Chore::Exports => exit_code(external::exports(&root)),
        Chore::Workflows => exit_code(external::workflows(&root)),
        Chore::Lint => exit_code(lint::repository(&root)),
        Chore::Licences { notices } => exit_code(licences::run(&root, notices.as_deref())),
        Chore::Bench => run(
            &root,
            &[
                Step::cargo("bench", &["bench", "--package", "tests", "--bench", "table"]),
                Step::cargo("screen", &["bench", "--package", "unknot", "--bench", "screen"]),
                Step::cargo("size", &["bench", "--package", "unknot", "--bench", "size"]),
            ],
        ),
        Chore::Doc => run(&root, &[doc()]),
        Chore::Cost { release, quick } => exit_code(cost::run(&root, release, quick)),
        Chore::Firmware { at: Some(at), .. } => exit_code(firmware::at(&root, &at)),
        Chore::Firmware { take, twice, .. } => {
            let builds = if twice { BuildCount::Twice } else { BuildCount::Once };
            exit_code(firmware::run(&root, change(take), builds))
        }
        Chore::Board { at: Some(at), .. } => exit_code(firmware::emulated_at(&root, &at)),
        Chore::Board { take, long, .. } => {
            let scope = if long { Scope::Long } else { Scope::Short };
            exit_code(board::run(&root, change(take), scope))
        }
        Chore::Lab { real_time, interactive, attach, list, cases } => {
            let flags = [
                ("--real-time", real_time),
                ("--interactive", interactive),
                ("--attach", attach),
                ("--list", list),
            ];
            let flags = flags.iter().filter(|(_, set)| *set).map(|(name, _)| (*name).to_owned());
            exit_code(lab::run(&root, &flags.chain(cases).collect::<Vec<_>>()))
        }
    }
}

fn change(take: bool) -> Change {
    if take { Change::Take } else { Change::Refuse }
}

fn format() -> [Step; 2] {
    let check = ["fmt", "--manifest-path", FIRMWARE, "--all", "--check"];
    [Step::cargo("format", &["fmt", "--all", "--check"]), Step::cargo("firmware format", &check)]
}

fn clippy() -> Step {
    Step::cargo("clippy", &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])
}

fn doc() -> Step {
    Step::cargo("doc", &["doc", "--workspace", "--no-deps"]).with("RUSTDOCFLAGS", "-D warnings")
}

fn firmware_clippy() -> Step {
    let clippy = ["clippy", "--manifest-path", FIRMWARE, "--all-targets", "--", "-D", "warnings"];
    Step::cargo("firmware clippy", &clippy)
}

/// Steps that find most errors within two minutes.
fn quick_check(base: Option<&str>) -> Vec<Step> {
    let touched: Vec<&str> =
        ["touched"].into_iter().chain(base.into_iter().flat_map(|base| ["--base", base])).collect();
    let mut steps = Vec::from(format());
    steps.extend([
        Step::chore("lint", &["lint"]),
        clippy(),
        firmware_clippy(),
        Step::chore("tests of changed packages", &touched),
    ]);
    steps
}

/// First tier, in three lanes that run side by side: the laptop's build and tests; the clicker's; and downloads, the
/// lab and checks by independent programs.
fn check() -> Vec<Vec<Step>> {
    let [format, firmware_format] = format();
    vec![
        vec![
            format,
            firmware_format,
            Step::chore("lint", &["lint"]),
            clippy(),
            // Linted only: the tests would be the same. Naming the whole workspace keeps the features of shared
            // dependencies, so that few crates are checked again.
            Step::cargo("check without Bluetooth", &WITHOUT_BLUETOOTH),
            Step::cargo("test build", &["test", "--workspace", "--no-run"]),
            Step::cargo("test", &["test", "--workspace", "--no-fail-fast"])
                .with("PROPTEST_RNG_SEED", PROPTEST_SEED),
            doc(),
            Step::chore("crates counted", &["cost", "--quick"]),
            Step::chore("licences", &["licences"]),
        ],
        vec![
            firmware_clippy(),
            // All targets, so that the lab finds the clicker's program built.
            Step::cargo("firmware test build", &["build", "--manifest-path", FIRMWARE, "--all-targets"]),
            Step::cargo("firmware test", &["test", "--manifest-path", FIRMWARE, "--no-fail-fast"]),
            Step::chore("image", &["firmware"]).after(&["install"]),
            Step::chore("board", &["board"]),
        ],
        vec![
            Step::script("install", "tests/install", &[]),
            Step::script("codec of the independent client", "tests/lab/independent/check", &[]),
            Step::chore("workflows", &["workflows"]),
            Step::script("kernel", "tests/lab/kernel/build.sh", &[]),
            Step::chore("lab", &["lab"]).after(&["test build", "firmware test"]),
            Step::chore("exports", &["exports"]),
            Step::script("windows check", "tests/windows/check", &[]),
        ],
    ]
}

/// The steps of `--all`. They start after the first tier, because they measure time.
fn nightly() -> Vec<Step> {
    vec![
        Step::chore("image twice", &["firmware", "--twice"]).after(&["exports", "board", "crates counted"]),
        Step::chore("board, long", &["board", "--long"]),
        Step::chore("lab in real time", &["lab", "--real-time"]),
        Step::cargo("long seeds", &["test", "--release", "--package", "tests", "--test", "simulate"])
            .with("SEEDS", "1000"),
        Step::chore("release", &["cost", "--release"]),
    ]
}

/// Reports the faults of a chore and converts the result.
fn exit_code(ended: anyhow::Result<Vec<String>>) -> ExitCode {
    match ended {
        Ok(faults) if faults.is_empty() => ExitCode::SUCCESS,
        Ok(faults) => {
            eprintln!("{}", faults.join("\n"));
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("xtask: {error:#}");
            if error.is::<Unsupported>() { ExitCode::from(EXIT_UNSUPPORTED) } else { ExitCode::FAILURE }
        }
    }
}
