//! Every chore is one command, the same here and in CI. Nothing is needed beyond what comes with Rust, but for the radio
//! lab and the images of boards, which bring together what they need.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a chore speaks to the person who runs it")]

mod board;
mod card;
mod figures;
mod firmware;
mod image;
mod lab;
mod lint;
mod outside;
mod place;
mod power;
mod steps;

use std::path::Path;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::board::Trial;
use crate::firmware::{Builds, Change};
use crate::steps::{Step, run};

/// The clicker's workspace, from the root.
const FIRMWARE: &str = "firmware/Cargo.toml";

/// The chores of this repository.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Format, the repository's own rules, clippy, every test, the documentation, the firmware, an emulated board, the radio lab:
    /// what CI runs.
    Check,
    /// Only the repository's own rules: heads of files, their length, what may not stand in them.
    Lint,
    /// The bench tables: the wire, the coach, virtual time, the disk, click to acknowledged; what the last lab
    /// run measured over the air; the screen in a pseudo-terminal; and a store of ten thousand sessions.
    Bench,
    /// Build the documentation with warnings as errors.
    Doc,
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
    /// The real programs over two real Bluetooth stacks, in emulated machines (Linux; installs what it needs as root).
    Lab {
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
    let lint = Step::own("lint", lint::repository);
    let doc = Step::cargo("doc", &["doc", "--workspace", "--no-deps"]).with("RUSTDOCFLAGS", "-D warnings");
    let image = Step::own("firmware image", |root| firmware::run(root, Change::Refuse, Builds::One));
    let board = Step::own("board", |root| board::run(root, Change::Refuse, Trial::Short));
    match chore {
        Chore::Check => run(
            &root,
            &[
                Step::cargo("format", &["fmt", "--all", "--check"]),
                lint,
                Step::cargo("clippy", &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]),
                // Built so where there is no Bluetooth to build for; the tests would say nothing new.
                Step::cargo(
                    "clippy without Bluetooth",
                    &[
                        "clippy",
                        "--package",
                        "unknot",
                        "--no-default-features",
                        "--all-targets",
                        "--",
                        "-D",
                        "warnings",
                    ],
                ),
                // One seed for all properties, so that a commit gives the same answer twice; `cargo test` by itself
                // throws new dice every time.
                Step::cargo("test", &["test", "--workspace", "--no-fail-fast"])
                    .with("PROPTEST_RNG_SEED", "5"),
                doc,
                Step::own("fhir", outside::fhir),
                Step::own("table", outside::table),
                Step::own("browser", outside::browser),
                // The clicker is a workspace of its own.
                Step::cargo("firmware format", &["fmt", "--manifest-path", FIRMWARE, "--all", "--check"]),
                Step::cargo(
                    "firmware clippy",
                    &["clippy", "--manifest-path", FIRMWARE, "--all-targets", "--", "-D", "warnings"],
                ),
                Step::cargo("firmware test", &["test", "--manifest-path", FIRMWARE, "--no-fail-fast"]),
                image,
                board,
                // Not among the targets of the workspace's tests: it wants machines.
                Step::cargo(
                    "lab clippy",
                    &["clippy", "--package", "tests", "--test", "lab", "--", "-D", "warnings"],
                ),
                Step::own("lab", |root| lab::run(root, &[])),
            ],
        ),
        Chore::Lint => run(&root, &[lint]),
        Chore::Bench => run(
            &root,
            &[
                Step::cargo("bench", &["bench", "--package", "tests", "--bench", "table"]),
                Step::cargo("screen", &["bench", "--package", "unknot", "--bench", "screen"]),
                Step::cargo("size", &["bench", "--package", "unknot", "--bench", "size"]),
            ],
        ),
        Chore::Doc => run(&root, &[doc]),
        Chore::Firmware { at: Some(at), .. } => said(firmware::at(&root, &at)),
        Chore::Firmware { twice: true, .. } => run(
            &root,
            &[Step::own("firmware image", |root| firmware::run(root, Change::Refuse, Builds::Two))],
        ),
        Chore::Firmware { take: true, .. } => {
            run(&root, &[Step::own("firmware image", |root| firmware::run(root, Change::Take, Builds::One))])
        }
        Chore::Firmware { .. } => run(&root, &[image]),
        Chore::Board { at: Some(at), .. } => said(firmware::emulated_at(&root, &at)),
        Chore::Board { long: true, .. } => {
            run(&root, &[Step::own("board", |root| board::run(root, Change::Refuse, Trial::Long))])
        }
        Chore::Board { take: true, .. } => {
            run(&root, &[Step::own("board", |root| board::run(root, Change::Take, Trial::Short))])
        }
        Chore::Board { .. } => run(&root, &[board]),
        Chore::Lab { interactive, attach, list, cases } => {
            let flags = [("--interactive", interactive), ("--attach", attach), ("--list", list)];
            let flags = flags.iter().filter(|(_, set)| *set).map(|(name, _)| (*name).to_owned());
            said(lab::run(&root, &flags.chain(cases).collect::<Vec<_>>()))
        }
    }
}

/// How a chore that is no row of steps has ended.
fn said(ended: anyhow::Result<Vec<String>>) -> ExitCode {
    match ended {
        Ok(faults) if faults.is_empty() => ExitCode::SUCCESS,
        Ok(faults) => {
            eprintln!("{}", faults.join("\n"));
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}
