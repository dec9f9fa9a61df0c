//! Practice by hand: a person plays the receiver's clicker and the partner on one keyboard, and every prompt is a line.

use std::io::{IsTerminal as _, Write, stdin, stdout};
use std::time::Duration;

use anyhow::Context as _;
use coach::{Moment, Phase};
use jiff::Timestamp;
use journal::{Key, Writer};
use session::{ResumeError, Session};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use transcript::{Entry, Kind, PlanKept};
use words::Words;

use super::clicker::Pump;
use super::{header, opening};
use crate::clock::{Clock as _, Pace, SystemClock, Timeline, fresh_id};
use crate::countdown::spoken;
use crate::failure::Failure;
use crate::keys;
use crate::live::{Ending, Live, Why};
use crate::signals::Signals;
use crate::sitting::OnDisk;
use crate::store::Store;
use crate::terminal::{Lines, Raw, Typed, typed};

/// What a session begins or goes on with.
struct Start {
    id: String,
    session: Session,
    shelf: OnDisk,
    /// The moment at which it begins or goes on.
    now: Moment,
    /// How often its clicker had been switched on before.
    boots: u16,
}

/// A session that was interrupted.
struct Found {
    key: Key,
    id: String,
    entries: Vec<Entry>,
}

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
            None => Start::anew(writer, plan, wall)?,
            Some(found) => match offer(&found, &mut lines, &mut keys, &mut signals).await? {
                Answer::TakeUp => Start::again(writer, found, plan, wall, &mut lines)?,
                Answer::Close => Start::instead_of(found.key, writer, plan, wall)?,
                Answer::Leave(why) => return left(why, &mut lines),
            },
        };
        let id = start.id.clone();
        match play(start, pace, &mut clock, &mut keys, &mut signals, &mut lines).await? {
            Ending::Finished => {
                lines.line(&format!(
                    "Stored as {id}. `unknot show last` tells it again, `unknot audit` checks it."
                ))?;
                Ok(())
            }
            Ending::Left(why) => left(why, &mut lines),
        }
    })
}

impl Start {
    fn anew(writer: Writer, plan: PlanKept, wall: Timestamp) -> Result<Self, Failure> {
        let header = header(fresh_id(), plan, None, wall);
        let id = header.id.clone();
        let session = Session::begin(header, opening(&id))?;
        Ok(Self { id, session, shelf: OnDisk::new(writer), now: Moment::START, boots: 0 })
    }

    fn instead_of(old: Key, mut writer: Writer, plan: PlanKept, wall: Timestamp) -> Result<Self, Failure> {
        writer.close(old)?;
        Self::anew(writer, plan, wall)
    }

    /// Takes up what was found; where that cannot be, it is said, and a new session takes its place.
    fn again(
        writer: Writer,
        found: Found,
        plan: PlanKept,
        wall: Timestamp,
        lines: &mut Lines<impl Write>,
    ) -> Result<Self, Failure> {
        match found.resume(wall) {
            Ok((session, now)) => Ok(Self {
                session,
                now,
                boots: found.boots(),
                shelf: OnDisk::of(writer, found.key),
                id: found.id,
            }),
            Err(error) => {
                lines
                    .line(&format!("It cannot be taken up: {error}. It is closed, and a new one begins."))?;
                Self::instead_of(found.key, writer, plan, wall)
            }
        }
    }
}

impl Found {
    fn resume(&self, wall: Timestamp) -> Result<(Session, Moment), ResumeError> {
        // On the clock of the session it is as late now as it is on the wall, and never earlier than it was.
        let began = self.entries.iter().find_map(|entry| match &entry.kind {
            Kind::Session(header) => header.wall.parse::<Timestamp>().ok(),
            _ => None,
        });
        let since = began.and_then(|began| Duration::try_from(wall.duration_since(began)).ok());
        let last = self.entries.last().map_or(Moment::START, Entry::at);
        let now = last.max(Moment::START + since.unwrap_or_default());
        Session::resume(&self.entries, opening(&self.id), now, wall.to_string()).map(|session| (session, now))
    }

    fn boots(&self) -> u16 {
        let boots = self.entries.iter().filter_map(|entry| match entry.kind {
            Kind::Click { boot, .. } | Kind::Alarm { boot, .. } => Some(boot),
            _ => None,
        });
        boots.max().unwrap_or(0)
    }

    fn phase(&self) -> Phase {
        let phases = self.entries.iter().rev().find_map(|entry| match entry.kind {
            Kind::Phase { to, .. } => Some(to),
            _ => None,
        });
        phases.unwrap_or(Phase::Screening)
    }
}

fn interrupted(writer: &Writer) -> Result<Option<Found>, Failure> {
    let Some(session) = writer.last_open()? else { return Ok(None) };
    let entries = writer.entries(session.key)?;
    Ok(Some(Found { key: session.key, id: session.id, entries }))
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
    let lasted = found.entries.last().map_or(Duration::ZERO, |entry| Duration::from_millis(entry.at_ms));
    lines.line(&format!("A session was interrupted after {}, in this phase: {phase}.", spoken(lasted)))?;
    loop {
        lines.line("y takes it up again, with flush strokes first where a hold was open. n closes it and begins a new one.")?;
        let typed = tokio::select! {
            typed = keys.recv() => typed.unwrap_or(Typed::Ended),
            number = signals.next() => return Ok(Answer::Leave(Why::Signal(number))),
        };
        match typed {
            Typed::Press(keys::Press::Char('y')) => return Ok(Answer::TakeUp),
            Typed::Press(keys::Press::Char('n')) => return Ok(Answer::Close),
            Typed::Press(keys::Press::Interrupt | keys::Press::Esc) => return Ok(Answer::Leave(Why::Asked)),
            Typed::Press(_) => {}
            Typed::Ended => return Ok(Answer::Leave(Why::InputEnded)),
        }
    }
}

async fn play(
    start: Start,
    pace: Pace,
    clock: &mut SystemClock,
    keys: &mut UnboundedReceiver<Typed>,
    signals: &mut Signals,
    lines: &mut Lines<impl Write>,
) -> Result<Ending, Failure> {
    let (laptop, clicker) = link::memory::pair();
    let (hand, gestures) = unbounded_channel();
    let (shown, lights) = unbounded_channel();
    let pump = Pump::new(SystemClock::start(), pace, start.boots, clicker, gestures, shown);
    let timeline = Timeline::new(pace, start.now, clock.read());
    let live = Live {
        session: start.session,
        clock,
        timeline,
        link: laptop,
        store: Store::start(start.shelf)?,
        keys,
        signals,
        hand,
        lights,
        lines,
    };
    let (ending, ()) = tokio::join!(live.run(start.now), pump.run());
    Ok(ending)
}

/// What is said on leaving a session that is not over, and what the shell is told.
fn left(why: Why, lines: &mut Lines<impl Write>) -> Result<(), Failure> {
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
