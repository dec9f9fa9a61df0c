//! The radio lab: the real programs over two real Bluetooth stacks, on a machine without a radio. This one program is
//! both ends of it: on the host it boots emulated machines and tells how the cases went (`host`); inside such a
//! machine, called with `guest`, it drives them (`guest`). What is tried stands in `cases`, one behaviour a file.
//!
//! Run it by `cargo xtask lab [CASE...]`, which builds what it needs; the README beside this file says how to add one.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test runner speaks to the person who runs it"
)]

mod cases;
mod guest;
mod host;

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let ended = match arguments.first().map(String::as_str) {
        Some("guest") => guest::drive(&arguments[1..]),
        Some("--interactive") => host::interactive(),
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
