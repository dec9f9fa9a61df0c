//! Practice by hand: a person plays the receiver's clicker and the partner on one keyboard, and every prompt is a line.

use std::io::{IsTerminal as _, Write, stdin, stdout};

use anyhow::Context as _;
use journal::Writer;
use tokio::sync::mpsc::UnboundedReceiver;
use transcript::PlanKept;
use words::Words;

use super::begin::{Found, Start, interrupted, play};
use crate::clock::{Clock as _, Pace, SystemClock};
use crate::countdown::spoken;
use crate::failure::Failure;
use crate::front::Plain;
use crate::keys;
use crate::live::{Ending, Why};
use crate::signals::{Signals, Wish};
use crate::terminal::{Lines, Raw, Typed, typed};

/// What to do with it.
enum Answer {
    TakeUp,
    Close,
    Leave(Why),
}

/// A session with this plan, or one that was interrupted, until it is over or left.
pub(crate) fn by_hand(plan: PlanKept, pace: Pace, writer: Writer) -> Result<(), Failure> {
    let found = interrupted(&writer)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let raw = Raw::enter().context("the terminal cannot be read key by key: pipe the keys in instead")?;
        let mut lines = Lines::on(stdout(), raw.as_ref());
        let mut keys = typed()?;
        let mut signals = Signals::listen()?;
        let mut clock = SystemClock::start();
        welcome(pace, &mut lines)?;
        let wall = clock.read().wall;
        let start = match found {
            None => Start::anew(writer, plan, None, wall)?,
            Some(found) => match offer(&found, &mut lines, &mut keys, &mut signals).await? {
                Answer::TakeUp => Start::again(writer, &found, plan, wall)?,
                Answer::Close => Start::instead_of(&found, writer, plan, None, wall)?,
                Answer::Leave(why) => return left(why, &mut lines),
            },
        };
        if let Some(why) = &start.instead {
            lines.line(why)?;
        }
        let id = start.id.clone();
        let clocks = [&mut clock, &mut SystemClock::start()];
        let mut plain = Plain::new(&mut lines, raw.is_some());
        match play(start, pace, clocks, &mut keys, &mut signals, &mut plain).await? {
            Ending::Finished => Ok(lines.line(&stored(&id))?),
            Ending::Left(why) => left(why, &mut lines),
        }
    })
}

fn welcome(pace: Pace, lines: &mut Lines<impl Write>) -> Result<(), Failure> {
    lines.line(
        "Practice. No hardware is needed and nobody is touched: you play both people on this keyboard.",
    )?;
    for line in keys::help() {
        lines.line(&line)?;
    }
    if !stdin().is_terminal() {
        lines.line("Standard input is no terminal: its characters are the keys. When it ends, the session is paused.")?;
    }
    if pace != Pace::REAL {
        lines.line("Time runs faster or slower than the clock, as you asked with --speed.")?;
    }
    Ok(())
}

async fn offer(
    found: &Found,
    lines: &mut Lines<impl Write>,
    keys: &mut UnboundedReceiver<Typed>,
    signals: &mut Signals,
) -> Result<Answer, Failure> {
    let phase = Words::english().name(found.phase());
    let lasted = spoken(found.lasted());
    lines.line(&format!("A session was interrupted after {lasted}, in this phase: {phase}."))?;
    loop {
        lines.line("y takes it up again, with flush strokes first where a hold was open. n closes it and begins a new one.")?;
        let typed = tokio::select! {
            typed = keys.recv() => typed.unwrap_or(Typed::Ended),
            wish = signals.next() => match wish {
                Wish::End(number) => return Ok(Answer::Leave(Why::Signal(number))),
                Wish::StepAside => {
                    Raw::step_aside()?;
                    continue;
                }
                Wish::GoOn => continue,
            },
        };
        match typed {
            Typed::Press(keys::Press::Char('y')) => return Ok(Answer::TakeUp),
            Typed::Press(keys::Press::Char('n')) => return Ok(Answer::Close),
            Typed::Press(keys::Press::Interrupt | keys::Press::Esc) => return Ok(Answer::Leave(Why::Asked)),
            Typed::Press(keys::Press::Suspend) => Raw::step_aside()?,
            Typed::Press(_) | Typed::Resized => {}
            Typed::Ended => return Ok(Answer::Leave(Why::InputEnded)),
        }
    }
}

/// What is said of a session that is over.
pub(crate) fn stored(id: &str) -> String {
    format!("Stored as {id}. `unknot show last` tells it again, `unknot audit` checks it.")
}

/// What is said on leaving a session that is not over, and what the shell is told.
pub(crate) fn left(why: Why, lines: &mut Lines<impl Write>) -> Result<(), Failure> {
    const STORED: &str = "The session is paused and stored; `unknot practice` takes it up again.";
    match why {
        Why::Asked => Ok(lines.line(STORED)?),
        Why::InputEnded => {
            lines.line(&format!("Standard input has ended. {STORED}"))?;
            Err(Failure::No)
        }
        Why::NobodyReads => Ok(()),
        Why::StoreGone => Err(anyhow::anyhow!(
            "the store failed and the last entries are not in it: `unknot show last` tells what is"
        )
        .into()),
        Why::Signal(number) => {
            // Whoever sent it may have closed the terminal with it.
            drop(lines.line(STORED));
            Err(Failure::Signal(number))
        }
    }
}
