//! The binary: arguments in, exit code out. Everything else is in the library, where tests reach it.
#![expect(clippy::print_stderr, reason = "errors go to stderr")]

use std::borrow::Cow;
use std::process::ExitCode;

use clap::Parser as _;
use unknot::args::Arguments;
use words::{foreign, foreign_lines};

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return refused(error),
    };
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

/// The arguments are not taken, or ask for help. What is said quotes them, and they may be names of files: it is said of
/// the arguments as they may be shown.
fn refused(error: clap::Error) -> ExitCode {
    let shown = std::env::args_os().map(|argument| foreign(&argument.to_string_lossy()).into_owned());
    let error = Arguments::try_parse_from(shown).err().unwrap_or(error);
    let text = error.to_string();
    // What the environment holds is quoted, too.
    let shown = foreign_lines(&text);
    if matches!(shown, Cow::Borrowed(_)) {
        error.exit()
    }
    eprint!("{shown}");
    u8::try_from(error.exit_code()).map_or(ExitCode::FAILURE, ExitCode::from)
}
