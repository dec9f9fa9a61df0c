//! The binary: arguments in, exit code out. Everything else is in the library, where tests reach it.
#![expect(clippy::print_stderr, reason = "errors go to stderr")]

use std::process::ExitCode;

use clap::{CommandFactory as _, Parser as _};
use unknot::args::Arguments;

fn main() -> ExitCode {
    // Asked for nothing, it says what there is. (Not left to clap: a store named by the environment is no question.)
    if std::env::args_os().len() < 2 {
        eprint!("{}", Arguments::command().render_help());
        return ExitCode::from(2);
    }
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
