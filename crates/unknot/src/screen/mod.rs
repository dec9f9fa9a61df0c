//! The program on a screen: the start screen, a session, what is known of it at the end, and back.
//!
//! ```text
//!   start --practise, take up--> session --finished--> summary --any key--> start
//!     |                             |                                (or out, where the session was asked for)
//!     +--quit, a signal--> out <----+--left: paused and stored
//! ```
//!
//! Whatever the way out, the terminal is what it was before anything more is said.

mod glass;
#[cfg(test)]
mod lived;
mod look;
mod painter;
mod session;
mod start;
mod summary;

use std::io::stdout;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context as _;
use journal::{Journal, Writer};
use tokio::sync::mpsc::UnboundedReceiver;
use transcript::PlanKept;
use tui::{Hint, Receiver, Scene};

use crate::clock::{Clock as _, Pace, SystemClock};
use crate::commands::plan;
use crate::countdown::spoken;
use crate::failure::Failure;
use crate::keys::Press;
use crate::live::{Ending, Why};
use crate::practice::begin::{Start, interrupted, play};
use crate::practice::by_hand::{left, stored};
use crate::signals::{Signals, Wish};
use crate::terminal::{Lines, Typed, typed};

use glass::{Glass, Tty};
pub(crate) use look::Look;
use painter::Painter;
use session::OnScreen;
use start::Choice;

/// A summary is there this long before a key can take it away: the key may have been meant for the session.
const SUMMARY_STANDS: Duration = Duration::from_secs(1);

/// The thread that wrote the last session gives the store free by itself, within a moment.
const STORE_FREE_WITHIN: Duration = Duration::from_secs(1);

/// More receivers than this are nobody's; the start screen scrolls a few.
const RECEIVERS: usize = 50;

/// What is asked of the screen.
#[derive(Debug)]
pub(crate) struct Ask {
    /// The store.
    pub(crate) db: PathBuf,
    /// The plan of a new session.
    pub(crate) plan: PlanKept,
    /// How fast it runs.
    pub(crate) pace: Pace,
    /// How it looks.
    pub(crate) look: Look,
    /// What comes first.
    pub(crate) first: First,
}

/// What comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum First {
    /// The start screen, and again after each session.
    Start,
    /// One practice session, unless there is something to be asked before it.
    Practice,
}

/// What the start screen knows.
#[derive(Debug, Default)]
struct Known {
    /// Who has been here, the last one first.
    receivers: Vec<Receiver>,
    /// What is to be said of a session that can be taken up again.
    interrupted: Option<String>,
    /// Something else worth reading.
    notice: Option<String>,
}

/// `unknot` alone.
pub(crate) fn start(look: Look, db: PathBuf) -> Result<(), Failure> {
    if !look.fits() {
        return Err(Failure::Usage(
            "the start screen needs a terminal at both ends. New here? `unknot practice` leads you through a session \
             in plain lines; `unknot --help` tells what else there is"
                .to_owned(),
        ));
    }
    run(Ask { db, plan: plan::chosen(None)?, pace: Pace::REAL, look, first: First::Start })
}

/// Opens the screen and stays on it until it is left.
pub(crate) fn run(ask: Ask) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        // Before the terminal is taken: a signal that comes now is to find somebody who gives it back.
        let signals = Signals::listen()?;
        let tty = Tty::enter().context("this terminal cannot be drawn on: add --plain")?;
        let painter = Painter::new(tty, ask.look.theme)?;
        let mut house = House { ask, painter, keys: typed()?, signals, clock: SystemClock::start() };
        let out = house.run().await;
        // The terminal is given back before anything is said in it.
        drop(house);
        match out? {
            Out::Quit => Ok(()),
            Out::Finished(id) => Ok(Lines::new(stdout()).line(&stored(&id))?),
            Out::Left(why) => left(why, &mut Lines::new(stdout())),
            Out::Signal(number) => Err(Failure::Signal(number)),
        }
    })
}

/// How the screen was left.
enum Out {
    Quit,
    /// After a session that is over, with this id.
    Finished(String),
    /// In the midst of a session.
    Left(Why),
    /// By a signal, outside one.
    Signal(u8),
}

/// Everything that outlives a session.
struct House<G> {
    ask: Ask,
    painter: Painter<G>,
    keys: UnboundedReceiver<Typed>,
    signals: Signals,
    clock: SystemClock,
}

impl<G: Glass> House<G> {
    async fn run(&mut self) -> Result<Out, Failure> {
        let mut notice = None;
        loop {
            let known = Known { notice: notice.take(), ..self.known() };
            let straight = self.ask.first == First::Practice && known.interrupted.is_none();
            let choice = if straight {
                Choice::Practise { receiver: None, close: false }
            } else {
                start::choose(&mut self.painter, &mut self.keys, &mut self.signals, known).await?
            };
            let begun = match choice {
                Choice::Leave(Why::Signal(number)) => return Ok(Out::Signal(number)),
                Choice::Leave(_) => return Ok(Out::Quit),
                Choice::Practise { receiver, close } => self.begin(receiver, close).await,
                Choice::TakeUp => self.take_up().await,
            };
            match begun {
                Ok(Some(begun)) => match self.live(begun).await? {
                    Some(out) => return Ok(out),
                    None => continue,
                },
                // What the start screen knew is no longer so: it is shown again.
                Ok(None) if !straight => {}
                Ok(None) => self.ask.first = First::Start,
                Err(failure) if straight => return Err(failure),
                Err(failure) => notice = Some(failure.to_string()),
            }
        }
    }

    /// What the store tells before anybody writes in it.
    fn known(&self) -> Known {
        if !self.ask.db.exists() {
            return Known::default();
        }
        match read(&self.ask.db) {
            Ok(known) => known,
            Err(error) => Known { notice: Some(format!("{error:#}")), ..Known::default() },
        }
    }

    async fn begin(&mut self, receiver: Option<String>, close: bool) -> Result<Option<Begun>, Failure> {
        let writer = self.writer().await?;
        let (plan, wall) = (self.ask.plan.clone(), self.clock.read().wall);
        let start = match interrupted(&writer)? {
            None => Start::anew(writer, plan, receiver.clone(), wall)?,
            Some(found) if close => Start::instead_of(&found, writer, plan, receiver.clone(), wall)?,
            // Another program left it meanwhile: it is asked before it is closed.
            Some(_) => return Ok(None),
        };
        Ok(Some(Begun { start, receiver, so_far: Vec::new() }))
    }

    async fn take_up(&mut self) -> Result<Option<Begun>, Failure> {
        let writer = self.writer().await?;
        let Some(found) = interrupted(&writer)? else { return Ok(None) };
        let start = Start::again(writer, &found, self.ask.plan.clone(), self.clock.read().wall)?;
        let receiver = found.receiver();
        let so_far = if start.instead.is_none() { found.entries } else { Vec::new() };
        Ok(Some(Begun { start, receiver, so_far }))
    }

    async fn writer(&self) -> Result<Writer, Failure> {
        const TRIES: u32 = 20;
        for _ in 1..TRIES {
            if let Ok(writer) = Writer::open(&self.ask.db) {
                return Ok(writer);
            }
            tokio::time::sleep(STORE_FREE_WITHIN / TRIES).await;
        }
        Ok(Writer::open(&self.ask.db)?)
    }

    /// Lives through a session, and shows what came of it. `None` leads back to the start screen.
    async fn live(&mut self, begun: Begun) -> Result<Option<Out>, Failure> {
        let Begun { start, receiver, so_far } = begun;
        let id = start.id.clone();
        // Faster than the clock, a flash would be faster than is safe.
        let still = self.ask.pace != Pace::REAL;
        let mut front = OnScreen::new(&mut self.painter, receiver, &so_far, still);
        if let Some(why) = &start.instead {
            front.open_with(why);
        }
        let clocks = [&mut self.clock, &mut SystemClock::start()];
        let ending =
            play(start, self.ask.pace, clocks, &mut self.keys, &mut self.signals, &mut front).await?;
        if let Ending::Left(why) = ending {
            return Ok(Some(Out::Left(why)));
        }
        let again = self.ask.first == First::Start;
        let what = if again { "back to the start" } else { "done" };
        let any = Hint { key: "any key".to_owned(), what: what.to_owned() };
        if let Some(scene) = front.finished(0, vec![any])
            && let Some(number) = self.summary(&scene).await?
        {
            return Ok(Some(Out::Signal(number)));
        }
        Ok((!again).then_some(Out::Finished(id)))
    }

    /// Shows how it went until a key is pressed. A signal ends it too, and is told.
    async fn summary(&mut self, scene: &Scene) -> Result<Option<u8>, Failure> {
        let stands = self.clock.read().monotonic + SUMMARY_STANDS;
        loop {
            self.painter.draw(scene)?;
            match came(&mut self.keys, &mut self.signals).await {
                Came::Press(Press::Suspend) | Came::StepAside => self.painter.step_aside()?,
                Came::Press(Press::Interrupt) => return Ok(None),
                Came::Press(_) if self.clock.read().monotonic < stands => {}
                Came::Press(_) => return Ok(None),
                Came::Resized => self.painter.resized()?,
                Came::GoOn => self.painter.lent()?,
                Came::Leave(Why::Signal(number)) => return Ok(Some(number)),
                Came::Leave(_) => return Ok(None),
            }
        }
    }
}

/// A session that is about to begin or go on.
struct Begun {
    start: Start,
    receiver: Option<String>,
    so_far: Vec<transcript::Entry>,
}

/// What came, where nothing but keys and signals is waited for.
enum Came {
    Press(Press),
    Resized,
    StepAside,
    GoOn,
    Leave(Why),
}

async fn came(keys: &mut UnboundedReceiver<Typed>, signals: &mut Signals) -> Came {
    tokio::select! {
        typed = keys.recv() => match typed {
            Some(Typed::Press(press)) => Came::Press(press),
            Some(Typed::Resized) => Came::Resized,
            Some(Typed::Ended) | None => Came::Leave(Why::InputEnded),
        },
        wish = signals.next() => match wish {
            Wish::End(number) => Came::Leave(Why::Signal(number)),
            Wish::StepAside => Came::StepAside,
            Wish::GoOn => Came::GoOn,
        },
    }
}

fn read(db: &std::path::Path) -> anyhow::Result<Known> {
    let journal = Journal::open(db)?;
    let sessions = journal.sessions()?;
    let mut receivers: Vec<Receiver> = Vec::new();
    for session in sessions {
        if let Some(name) = session.receiver
            && receivers.iter().all(|known| known.name != name)
        {
            let last = format!("last {}", session.started.get(..10).unwrap_or(&session.started));
            receivers.push(Receiver { name, last });
        }
    }
    receivers.truncate(RECEIVERS);
    let interrupted = journal.last_open()?.map(|session| {
        let lasted = spoken(Duration::from_millis(session.lasted_ms));
        format!("A session was interrupted after {lasted}. It can be taken up again, or closed.")
    });
    Ok(Known { receivers, interrupted, notice: None })
}
