//! The program behind the binary: arguments, the clock, the one select loop, and the commands that read the store.
//!
//! It decides nothing about a massage. It brings together what does: `coach`, in `session`, is fed with frames, keys and
//! time, and what comes out of it goes to the store, to the clicker and to the person. What earlier sessions mean for the
//! next one is not decided in the loop or on a page either: `earlier` and the rule of `flows::check_in` read it from the
//! store before it begins.

mod air;
pub mod args;
mod awake;
mod begin;
mod clickers;
pub mod clock;
mod commands;
mod countdown;
mod earlier;
pub mod failure;
mod flows;
mod front;
mod hints;
mod input;
pub mod keys;
mod live;
mod log;
mod long;
mod plainly;
mod practice;
#[cfg(test)]
mod pressed;
mod reading;
mod review;
mod screen;
pub mod script_keys;
pub mod signals;
mod stop;
pub mod store;
mod teller;
pub mod terminal;
mod voiced;

use std::io::{BufWriter, Write as _, stdout};

use args::{Arguments, Command};
use clap::CommandFactory as _;
use failure::Failure;

/// Does what the arguments ask for. Data goes to stdout; the caller reports the failure and ends with its code.
///
/// # Errors
/// See [`Failure`].
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    if let Some(file) = &arguments.log {
        log::start(file)?;
    }
    let mut out = BufWriter::new(stdout().lock());
    let db = || store::path(arguments.db.as_deref());
    let look = screen::Look::of(arguments);
    let Some(command) = &arguments.command else {
        return screen::start(look, db()?);
    };
    match command {
        Command::Practice(practice) => practice::run(practice, look, &db()?, &mut out)?,
        Command::Session(session) => air::session::run(session, look, &db()?)?,
        Command::Devices { json } => air::devices(&db()?, *json, &mut out)?,
        Command::Pair { id } => flows::pair::on_lines(&db()?, id.as_deref())?,
        Command::Flash(flash) => commands::flash::run(flash, &db()?, &mut out)?,
        Command::Doctor { speak: true } => voiced::try_out(arguments.volume, &mut out)?,
        Command::Doctor { speak: false } => {
            let found = air::doctor(&db()?, look, &mut out);
            out.flush()?;
            found?;
        }
        Command::History { json, receiver } => {
            commands::read::history(&db()?, *json, receiver.as_deref(), &mut out)?;
        }
        Command::Show { session, json } => commands::read::show(&db()?, session, *json, &mut out)?,
        Command::Review { session, plain } => {
            let (db, session) = (db()?, session.as_deref());
            if *plain || !look.fits() {
                review::review_plainly(&db, session)?;
            } else {
                screen::review(look, &db, session)?;
            }
        }
        Command::Replay { session, speed, plain } => {
            let tape = review::tape(&db()?, session, *speed)?;
            if *plain || !look.fits() {
                review::replay_plainly(tape)?;
            } else {
                screen::replay(look, tape)?;
            }
        }
        Command::Audit { session, all, json } => {
            let one = (!all).then(|| session.as_deref().unwrap_or("last"));
            commands::audit::run(&db()?, one, *json, &mut out)?;
        }
        Command::Export(export) => commands::transfer::export(&db()?, export, &mut out)?,
        Command::Letter { session, format, output } => {
            commands::letter::run(&db()?, session, *format, output.as_deref(), &mut out)?;
        }
        Command::Import { files } => commands::transfer::import(&db()?, files, &mut out)?,
        Command::Note { session, text: None, edit: _ } => {
            commands::keep::notes(&db()?, session, &mut out)?;
        }
        Command::Note { session, text: Some(text), edit } => {
            commands::keep::note(&db()?, session, text, *edit, &mut out)?;
        }
        Command::Forget { session, all: _, yes } => {
            commands::keep::forget(&db()?, session.as_deref(), *yes, &mut out)?;
        }
        Command::Plan(plan) => commands::plan::run(plan, &mut out)?,
        Command::Completions { shell } => {
            let mut text = Vec::new();
            clap_complete::generate(*shell, &mut Arguments::command(), "unknot", &mut text);
            out.write_all(&text)?;
        }
    }
    out.flush()?;
    Ok(())
}
