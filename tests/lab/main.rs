//! The radio lab: the real programs over two real Bluetooth stacks, on a machine without a radio. This program is both
//! ends of it: on the host it boots machines and reports results (`host`); inside such a machine, called with `guest`,
//! it runs the cases (`guest`). `cases` has one behaviour per file; `queue` passes cases to machines.
//!
//! Run it by `cargo xtask lab [CASE...]`, which builds what it needs; the README beside this file says how to add one.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test runner speaks to the person who runs it"
)]

#[cfg(target_os = "linux")]
mod cases;
#[cfg(target_os = "linux")]
mod guest;
#[cfg(target_os = "linux")]
mod host;
#[cfg(target_os = "linux")]
mod queue;

use std::process::ExitCode;

/// Ports of the radio, one controller each: the kernel's, the clickers', and last the stand-in's. 0 is any free TCP
/// port.
#[cfg(target_os = "linux")]
const RADIO_PORTS: &[&str] = &["kernel:0", "clicker1:0", "clicker2:0", "clicker3:0", "stand-in:0"];

#[cfg(target_os = "linux")]
fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let rest = arguments.get(1..).unwrap_or_default();
    let ended = match arguments.first().map(String::as_str) {
        Some("guest") => guest::drive(rest),
        Some("--interactive") => host::interactive(),
        Some("--attach") => host::attach(),
        Some("--needs") => host::needs(rest),
        Some("--list") => {
            for case in cases::ALL {
                println!("{:<40} {}", case.name, case.about);
            }
            Ok(true)
        }
        _ => host::run(&arguments),
    };
    match ended {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("lab: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The lab needs a Linux kernel.
#[cfg(not(target_os = "linux"))]
fn main() -> ExitCode {
    eprintln!("THE RADIO LAB DID NOT RUN: it needs Linux. No case was run.");
    println!("0 passed, 0 failed, 1 skipped");
    if std::env::var_os("CI").is_some() { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
