//! The binary: arguments in, exit code out. Everything else is in the library, where tests reach it.
#![expect(clippy::print_stderr, reason = "errors go to stderr")]

use std::process::ExitCode;

use clap::Parser as _;
use unknot::args::Arguments;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    unknot::terminal::restore_on_panic();
    match unknot::run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) if failure.is_broken_pipe() => ExitCode::SUCCESS,
        Err(failure) => {
            let text = failure.to_string();
            if !text.is_empty() {
                eprintln!("unknot: {text}");
            }
            failure.code()
        }
    }
}
