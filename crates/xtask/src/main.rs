//! Every chore is one command, the same here and in CI. Nothing is needed beyond what comes with Rust, but for the radio
//! lab and the images of boards, which bring together what they need.
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
mod lint;
mod power;
mod steps;
mod symbolize;

use std::path::Path;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::board::Scope;
use crate::firmware::{BuildCount, Change};
use crate::steps::{EXIT_UNSUPPORTED, Step, Unsupported, run, run_lanes};

/// The clicker's workspace, from the root.
const FIRMWARE: &str = "firmware/Cargo.toml";

/// One seed for all properties, so that a commit gives the same answer twice; `cargo test` by itself throws new dice every
/// time.
const PROPTEST_SEED: &str = "5";

/// The build for where there is no Bluetooth. Other members ask for it.
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
    /// What CI runs: format, lints, every test, the documentation, the firmware, one image, an emulated board, exports
    /// against programs of others, the radio lab in virtual time. Installs what it needs.
    Check {
        /// Only format, lints and the tests of what a change touches.
        #[arg(long, conflicts_with = "all")]
        quick: bool,
        /// And what takes a night: the lab and boards in real time, the image twice, long seeds, the release's size.
        #[arg(long)]
        all: bool,
        /// With `--quick`: what differs from this commit has changed. Without it, what is not on the upstream branch.
        #[arg(long, value_name = "COMMIT", requires = "quick")]
        base: Option<String>,
    },
    /// The tests of what a change touches.
    Touched {
        /// What differs from this commit has changed. Without it, what is not on the upstream branch.
        #[arg(long, value_name = "COMMIT")]
        base: Option<String>,
    },
    /// What is exported against programs of others: FHIR's models, a reader of tables, a browser.
    Exports,
    /// `.github/workflows` by actionlint.
    Workflows,
    /// Only the repository's own rules: heads of files, their length, what may not stand in them.
    Lint,
    /// The bench tables: the wire, the coach, virtual time, the disk, click to acknowledged; what the last lab
    /// run measured over the air; the screen in a pseudo-terminal; and a store of ten thousand sessions.
    Bench,
    /// Build the documentation with warnings as errors.
    Doc,
    /// What `unknot` costs to build: its crates, the time of a build from nothing, the size of what is released.
    Cost {
        /// BuildCount the release first, with its tables of lines in a file beside it.
        #[arg(long)]
        release: bool,
        /// Leaves out the build from nothing, which takes minutes.
        #[arg(long)]
        quick: bool,
    },
    /// The micro:bit's image: written as HEX to be dragged onto its drive, its size held against the figures.
    Firmware {
        /// It is built a second time, and the two are compared.
        #[arg(long, conflicts_with_all = ["take", "at"])]
        twice: bool,
        /// What is measured are the figures from now on.
        #[arg(long)]
        take: bool,
        /// Instead: which line stands at this address, which a clicker tells behind `panic` or `fault`.
        #[arg(long, value_name = "ADDRESS", conflicts_with = "take")]
        at: Option<String>,
    },
    /// The clicker's image on an emulated Cortex-M4F: booted, paired, in a session and idle; its stack, latency and power.
    Board {
        /// What goes wrong on the air and with its power is tried too, and its clock is shown beside this machine's.
        #[arg(long, conflicts_with_all = ["take", "at"])]
        long: bool,
        /// What is measured are the figures from now on.
        #[arg(long)]
        take: bool,
        /// Instead: which line stands at this address of its own image.
        #[arg(long, value_name = "ADDRESS", conflicts_with = "take")]
        at: Option<String>,
    },
    /// The real programs over two real Bluetooth stacks, in machines whose clock stands while they compute (Linux on
    /// x86-64; installs what it needs as root).
    Lab {
        /// In emulated machines, by the clock on the wall, with the cases that mean something only there.
        #[arg(long, conflicts_with_all = ["interactive", "attach"])]
        real_time: bool,
        /// Boot one machine with terminals for you, to run `clicker` in one and `unknot` in the other.
        #[arg(long, conflicts_with_all = ["attach", "list", "cases"])]
        interactive: bool,
        /// The second terminal of the machine that `--interactive` booted.
        #[arg(long, conflicts_with_all = ["list", "cases"])]
        attach: bool,
        /// Name the cases and what each pins.
        #[arg(long)]
        list: bool,
        /// Only the cases whose name contains one of these.
        cases: Vec<String>,
    },
}

fn main() -> ExitCode {
    let chore = Arguments::parse().chore;
    // The manifest of this crate lies two folders below the root, wherever cargo was called from.
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

/// What tells within two minutes most of what is wrong.
fn quick_check(base: Option<&str>) -> Vec<Step> {
    let touched: Vec<&str> =
        ["touched"].into_iter().chain(base.into_iter().flat_map(|base| ["--base", base])).collect();
    let mut steps = Vec::from(format());
    steps.extend([
        Step::chore("lint", &["lint"]),
        clippy(),
        firmware_clippy(),
        Step::chore("tests of what is touched", &touched),
    ]);
    steps
}

/// The first tier, in lanes: the laptop's build; the clicker's; and what is fetched and built for others' programs and the
/// lab, which then run beside the tests.
fn check() -> Vec<Vec<Step>> {
    let [format, firmware_format] = format();
    vec![
        vec![
            format,
            firmware_format,
            Step::chore("lint", &["lint"]),
            clippy(),
            // Built so where there is no Bluetooth to build for; the tests would say nothing new.
            // With what the rest of the workspace asks of the crates that both depend on, so that few are looked at anew. The
            // tests would say nothing new.
            Step::cargo("check without Bluetooth", &WITHOUT_BLUETOOTH),
            Step::cargo("test build", &["test", "--workspace", "--no-run"]),
            Step::cargo("test", &["test", "--workspace", "--no-fail-fast"])
                .with("PROPTEST_RNG_SEED", PROPTEST_SEED),
            doc(),
            Step::chore("crates counted", &["cost", "--quick"]),
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
            Step::chore("workflows", &["workflows"]),
            Step::script("kernel", "tests/lab/kernel/build.sh", &[]),
            Step::chore("lab", &["lab"]).after(&["test build", "firmware test"]),
            Step::chore("exports", &["exports"]),
        ],
    ]
}

/// What is left, for a night. It begins when the rest is over, because seconds count in it.
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

/// How a chore that is no row of steps has ended.
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
