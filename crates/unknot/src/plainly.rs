//! A session as plain lines: practice, where a person plays the receiver's clicker and the partner on one keyboard, or
//! with a clicker in the receiver's hand. Every prompt is a line.

use std::io::{IsTerminal as _, Write, stdin, stdout};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use coach::body::Table;
use journal::{SessionKind, Writer};
use link::bluetooth::{Bluetooth, ClickerId};
use transcript::PlanKept;

use crate::begin::{SessionEnv, interrupted};
use crate::clickers::Clickers;
use crate::clock::{Pace, SystemClock};
use crate::commands::letter;
use crate::failure::Failure;
use crate::flows::begin::{InHand, Setup, Wanted, prepare};
use crate::flows::{Dialog, Exit, LineView, resume};
use crate::front::Plain;
use crate::input::Input;
use crate::keys::{self, Clicker};
use crate::live::{Ending, Why};
use crate::terminal::{Lines, Raw, typed};
use crate::voiced::Voice;

/// What a session is asked for with.
pub(crate) struct Ask {
    /// Whether it is practice.
    pub(crate) held: SessionKind,
    /// The plan of a new session.
    pub(crate) plan: PlanKept,
    /// Who is the receiver, where they are named.
    pub(crate) receiver: Option<String>,
    /// How high they lie, where that is named.
    pub(crate) table: Option<Table>,
    /// Which clicker, where one is named.
    pub(crate) device: Option<ClickerId>,
    /// How fast it runs.
    pub(crate) pace: Pace,
    /// The store.
    pub(crate) db: PathBuf,
    /// What is spoken, if anything is.
    pub(crate) voice: Option<Voice>,
}

/// A new session, or one that was interrupted, until it is over or left.
pub(crate) fn session(ask: Ask) -> Result<(), Failure> {
    let Ask { held, plan, receiver, table, device, pace, db, voice } = ask;
    let clickers = (held == SessionKind::InHand).then(|| Clickers::beside(&db)).transpose()?;
    let mut writer = Writer::open(&db)?;
    let found = interrupted(&mut writer, held)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let raw = Raw::enter().context("the terminal cannot be read key by key: pipe the keys in instead")?;
        let mut lines = Lines::on(stdout(), raw.as_ref());
        let mut input = Input::new(typed()?)?;
        let mut clock = SystemClock::start();
        if held == SessionKind::Practice {
            welcome(pace, &mut lines)?;
        }
        let mut view = LineView::new(&mut lines, raw.is_some());
        let mut dialog = Dialog::new(&mut view, &mut input);
        let wanted = match &found {
            None => Wanted::New { receiver, close: false, only_learn: false },
            Some(found) => match resume::ask(found, &mut dialog).await {
                Ok(true) => Wanted::Resume,
                Ok(false) => Wanted::New { receiver, close: true, only_learn: false },
                Err(Exit::Left(why)) => return left(why, held, &mut lines),
                Err(exit) => return Err(exit.failure()),
            },
        };
        let clicker = clickers.map(|clickers| InHand { bluetooth: Bluetooth::start(), clickers, device });
        let setup = Setup { writer, found, plan, table, clicker };
        let begun = match prepare(setup, wanted, &mut clock, &mut dialog).await {
            Ok(begun) => begun,
            Err(exit) => {
                if let Exit::Refused(stop) = &exit {
                    lines.line(stop)?;
                }
                return Err(exit.failure());
            }
        };
        let (clicker, statuses) = begun.clicker();
        if clicker == Clicker::InHand {
            tell_keys(clicker, &mut lines)?;
        }
        if let Some(text) = begun.start.told() {
            lines.line(&text)?;
        }
        let id = begun.start.id.clone();
        let mut front = Plain::new(&mut lines, raw.is_some(), clicker, statuses);
        let env = SessionEnv { pace, clock: &mut clock, input: &mut input, front: &mut front, voice };
        let ending = begun.live(&db, env).await?;
        let stop = front.stop();
        match ending {
            Ending::Finished => over(&db, &id, stop, &mut lines),
            Ending::Left(why) => left(why, held, &mut lines),
        }
    })
}

fn tell_keys(clicker: Clicker, lines: &mut Lines<impl Write>) -> Result<(), Failure> {
    for line in keys::help(clicker) {
        lines.line(&line)?;
    }
    Ok(())
}

fn welcome(pace: Pace, lines: &mut Lines<impl Write>) -> Result<(), Failure> {
    lines.line(
        "Practice. No hardware is needed and nobody is touched: you play both people on this keyboard.",
    )?;
    tell_keys(Clicker::OnKeyboard, lines)?;
    if !stdin().is_terminal() {
        lines.line("Standard input is no terminal: its characters are the keys. When it ends, the session is paused.")?;
    }
    if pace != Pace::REAL {
        lines.line("Time runs faster or slower than the clock, as you asked with --speed.")?;
    }
    Ok(())
}

/// Says what came of a session that is over; after a stop that there can be a letter about it, and last why it stopped.
fn over(db: &Path, id: &str, stop: Option<String>, lines: &mut Lines<impl Write>) -> Result<(), Failure> {
    lines.line(&stored(id))?;
    if letter::is_about(db, id) {
        lines.line(&format!(
            "It was stopped: `unknot letter {id}` writes a page about it for a health professional."
        ))?;
    }
    stop.map_or(Ok(()), |stop| Ok(lines.line(&stop)?))
}

/// What is said of a session that is over.
pub(crate) fn stored(id: &str) -> String {
    format!("Stored as {id}. `unknot show last` tells it again, `unknot audit` checks it.")
}

/// What is said on leaving a session that is not over, and what the shell is told.
pub(crate) fn left(why: Why, held: SessionKind, lines: &mut Lines<impl Write>) -> Result<(), Failure> {
    let command = match held {
        SessionKind::Practice => "unknot practice",
        SessionKind::InHand => "unknot session",
    };
    let stored = format!("The session is paused and stored; `{command}` takes it up again.");
    match why {
        Why::Asked => Ok(lines.line(&stored)?),
        Why::InputEnded => {
            lines.line(&format!("Standard input has ended. {stored}"))?;
            Err(Failure::No)
        }
        Why::NobodyReads => Ok(()),
        Why::Unstored => Err(anyhow::anyhow!(
            "the last entries are not in the store, which took no more: `unknot show last` tells what is"
        )
        .into()),
        Why::Signal(number) => {
            // Whoever sent it may have closed the terminal with it.
            drop(lines.line(&stored));
            Err(Failure::Signal(number))
        }
    }
}
