//! A session as plain lines: practice, where a person plays the receiver's clicker and the partner on one keyboard, or
//! with a clicker in the receiver's hand. Every prompt is a line.

use std::io::{IsTerminal as _, Write, stdin, stdout};
use std::path::Path;

use anyhow::Context as _;
use coach::body::Table;
use journal::{SessionKind, Writer};
use tokio::sync::mpsc::UnboundedReceiver;
use transcript::PlanKept;
use words::Words;

use crate::air::StatusLines;
use crate::begin::{Found, New, SessionEnv, Start, interrupted, play};
use crate::clock::{Clock as _, Pace, SystemClock};
use crate::commands::letter;
use crate::countdown::spoken;
use crate::failure::Failure;
use crate::flows::table_height;
use crate::front::Plain;
use crate::keys::{self, Clicker};
use crate::live::{Ending, Why};
use crate::signals::{Signals, Wish};
use crate::terminal::{Lines, Raw, Typed, typed};
use crate::voiced::Voice;

/// What to do with a session that was interrupted.
enum Answer {
    TakeUp,
    Close,
    Leave(Why),
}

/// Practice with this plan, or one that was interrupted, until it is over or left.
pub(crate) fn practice(
    plan: PlanKept,
    table: Option<Table>,
    pace: Pace,
    mut writer: Writer,
    db: &Path,
    voice: Option<Voice>,
) -> Result<(), Failure> {
    const HELD: SessionKind = SessionKind::Practice;
    let known = if table.is_some() { table } else { table_height::known(&writer)? };
    let table = known.filter(|_| !plan.figures.technique.is_alone());
    let found = interrupted(&mut writer, HELD)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let raw = Raw::enter().context("the terminal cannot be read key by key: pipe the keys in instead")?;
        let mut lines = Lines::on(stdout(), raw.as_ref());
        let mut keys = typed()?;
        let mut signals = Signals::listen()?;
        let mut clock = SystemClock::start();
        welcome(pace, &mut lines)?;
        let wall = clock.read().wall;
        let new = |plan| New { plan, receiver: None, clicker: None, table, only_learn: false };
        let start = match found {
            None => Start::anew(writer, new(plan), wall)?,
            Some(found) => match offer(&found, &mut lines, &mut keys, &mut signals).await? {
                Answer::TakeUp => Start::again(writer, &found, plan, wall)?,
                Answer::Close => Start::instead_of(&found, writer, new(plan), wall)?,
                Answer::Leave(why) => return left(why, HELD, &mut lines),
            },
        };
        if let Some(text) = start.told() {
            lines.line(&text)?;
        }
        let id = start.id.clone();
        let mut front = Plain::new(&mut lines, raw.is_some(), Clicker::OnKeyboard, StatusLines::none());
        let (keys, signals) = (&mut keys, &mut signals);
        let env = SessionEnv { pace, clock: &mut clock, keys, signals, front: &mut front, voice };
        let ending = play(start, &mut SystemClock::start(), env).await?;
        let stop = front.stop();
        match ending {
            Ending::Finished => over(db, &id, stop, &mut lines),
            Ending::Left(why) => left(why, HELD, &mut lines),
        }
    })
}

/// What a session over the air is asked for with.
pub(crate) struct Ask {
    /// The plan of a new session.
    pub(crate) plan: PlanKept,
    /// Who is the receiver, where they are named.
    pub(crate) receiver: Option<String>,
    /// How high they lie, where that is named.
    pub(crate) table: Option<Table>,
    /// Which clicker, where one is named.
    pub(crate) device: Option<link::bluetooth::ClickerId>,
    /// The store.
    pub(crate) db: std::path::PathBuf,
    /// What is spoken, if anything is.
    pub(crate) voice: Option<Voice>,
}

/// A session with a clicker in the receiver's hand, or one that was interrupted, until it is over or left.
pub(crate) fn session(ask: Ask) -> Result<(), Failure> {
    use crate::air::reach::{Came, live, pick, reach};
    use crate::clickers::Clickers;
    use crate::flows::check_in::{self, Since};
    use crate::flows::table_height::TableHeight;
    use crate::flows::{Dialog, LineView, Page};
    use link::bluetooth::Bluetooth;

    const HELD: SessionKind = SessionKind::InHand;
    let Ask { plan, receiver, mut table, mut device, db, voice } = ask;
    let clickers = Clickers::beside(&db)?;
    let mut writer = Writer::open(&db)?;
    let found = interrupted(&mut writer, HELD)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let raw = Raw::enter().context("the terminal cannot be read key by key: pipe the keys in instead")?;
        let mut lines = Lines::on(stdout(), raw.as_ref());
        let mut keys = typed()?;
        let mut signals = Signals::listen()?;
        let mut clock = SystemClock::start();
        let answer = match &found {
            None => None,
            Some(found) => Some((offer(found, &mut lines, &mut keys, &mut signals).await?, found)),
        };
        match &answer {
            Some((Answer::Leave(why), _)) => return left(*why, HELD, &mut lines),
            // What was not stored yet lies on the clicker with which it began.
            Some((Answer::TakeUp, found)) if device.is_none() => {
                device = found.clicker().and_then(|id| id.parse().ok());
            }
            _ => {}
        }
        if !matches!(answer, Some((Answer::TakeUp, _))) {
            let mut desk = LineView::new(&mut lines, raw.is_some());
            let mut at =
                Dialog { desk: &mut desk, keys: &mut keys, signals: &mut signals, page: Page::default() };
            match check_in::ask(&mut writer, receiver.as_deref(), clock.read().wall, &mut at).await? {
                Since::GoOn => {}
                Since::Left(Why::Signal(number)) => return Err(Failure::Signal(number)),
                Since::Stopped(stop) => {
                    lines.line(&stop)?;
                    return Err(Failure::No);
                }
                Since::Left(_) => return Err(Failure::No),
            }
        }
        let bluetooth = Bluetooth::start();
        let mut desk = LineView::new(&mut lines, raw.is_some());
        let mut at =
            Dialog { desk: &mut desk, keys: &mut keys, signals: &mut signals, page: Page::default() };
        let reached = match pick(&bluetooth, &clickers, device.as_ref(), &mut at).await? {
            Came::Yes(chosen) => {
                if !matches!(answer, Some((Answer::TakeUp, _))) {
                    match table_height::ask(&writer, plan.figures.technique, table, &mut at).await? {
                        TableHeight::On(on) => table = on,
                        TableHeight::Left(Why::Signal(number)) => return Err(Failure::Signal(number)),
                        TableHeight::Left(_) => return Err(Failure::No),
                    }
                }
                reach(&bluetooth, chosen, &mut at).await?
            }
            Came::Left(why) => Came::Left(why),
            Came::No(why) => Came::No(why),
        };
        let reached = match reached {
            Came::Yes(reached) => reached,
            Came::Left(Why::Signal(number)) => return Err(Failure::Signal(number)),
            Came::Left(_) => return Err(Failure::No),
            Came::No(why) => return Err(crate::failure::Lines(why).into()),
        };
        for line in keys::help(Clicker::InHand) {
            lines.line(&line)?;
        }
        let wall = clock.read().wall;
        let clicker = Some(reached.chosen.id.to_string());
        let start = match answer {
            None => Start::anew(writer, New { plan, receiver, clicker, table, only_learn: false }, wall)?,
            Some((Answer::TakeUp, found)) => Start::again(writer, found, plan, wall)?,
            Some((Answer::Close | Answer::Leave(_), found)) => Start::instead_of(
                found,
                writer,
                New { plan, receiver, clicker, table, only_learn: false },
                wall,
            )?,
        };
        if let Some(text) = start.told() {
            lines.line(&text)?;
        }
        let id = start.id.clone();
        let statuses = StatusLines::of(reached.chosen.name.clone());
        let mut front = Plain::new(&mut lines, raw.is_some(), Clicker::InHand, statuses);
        let (keys, signals) = (&mut keys, &mut signals);
        let env = SessionEnv { pace: Pace::REAL, clock: &mut clock, keys, signals, front: &mut front, voice };
        let ending = live(start, reached, &db, env).await?;
        let stop = front.stop();
        match ending {
            Ending::Finished => over(&db, &id, stop, &mut lines),
            Ending::Left(why) => left(why, HELD, &mut lines),
        }
    })
}

fn welcome(pace: Pace, lines: &mut Lines<impl Write>) -> Result<(), Failure> {
    lines.line(
        "Practice. No hardware is needed and nobody is touched: you play both people on this keyboard.",
    )?;
    for line in keys::help(Clicker::OnKeyboard) {
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
            Typed::Press(_) | Typed::Again(_) | Typed::Pasted(_) | Typed::Mouse(_) | Typed::Resized => {}
            Typed::Ended => return Ok(Answer::Leave(Why::InputEnded)),
        }
    }
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
