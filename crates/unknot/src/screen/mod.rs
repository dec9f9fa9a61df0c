//! The program on a screen: the start screen, a session, what is known of it at the end, and back.
//!
//! ```text
//!   start --practise, take up---------------> session --finished--> over --a named key--> start
//!     |   --session, take up--> connecting --^     |                          (or out, where the session was asked for)
//!     |   --pair--> pairing --> start              |
//!     |   --look back--> review --left--> start
//!     +--quit, a signal--> out <-------------------+--left: paused and stored
//! ```
//!
//! Whatever the way out, the terminal is what it was before anything more is said.

mod dialog;
#[cfg(test)]
mod disturbed;
mod glass;
#[cfg(test)]
mod in_hand;
mod known;
#[cfg(test)]
mod legible;
#[cfg(test)]
mod lived;
mod look;
mod over;
mod painter;
#[cfg(test)]
mod pasted;
mod plans;
mod review;
mod session;
mod start;
mod summary;

use std::io::stdout;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context as _;
use coach::body::Table;
use journal::{SessionKind, Writer};
use link::bluetooth::Bluetooth;
use transcript::PlanKept;
use tui::Scene;
use words::Words;

use crate::air::Lookout;
use crate::begin::{SessionEnv, interrupted};
use crate::clickers::Clickers;
use crate::clock::{Clock as _, Pace, SystemClock};
use crate::commands::plan;
use crate::failure::Failure;
use crate::flows::begin::{Begun, InHand, Setup, Wanted, prepare};
use crate::flows::{Dialog, Exit, pair};
use crate::input::Input;
use crate::live::{Ending, Why};
use crate::plainly::{left, stored};
use crate::review::Review;
use crate::signals::Signals;
use crate::stop;
use crate::terminal::{Lines, typed};

use dialog::ScreenView;
use glass::{Glass, Tty};
use known::Known;
pub(crate) use look::Look;
use painter::Painter;
use plans::Plans;
use review::Hall;
pub(crate) use review::{replay, review};
use session::OnScreen;
use start::Choice;

/// The thread that wrote the last session gives the store free by itself, within a moment.
const STORE_FREE_WITHIN: Duration = Duration::from_secs(1);

/// What is asked of the screen.
#[derive(Debug)]
pub(crate) struct Ask {
    /// The store.
    pub(crate) db: PathBuf,
    /// The plan of a new session.
    pub(crate) plan: PlanKept,
    /// How high the receiver lies, where that is named.
    pub(crate) table: Option<Table>,
    /// How fast it runs.
    pub(crate) pace: Pace,
    /// How it looks.
    pub(crate) look: Look,
    /// What comes first.
    pub(crate) first: First,
}

/// What comes first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum First {
    /// The start screen, and again after each session.
    Start,
    /// One practice session, unless there is something to be asked before it.
    Practice,
    /// One session with a clicker, unless there is something to be asked before it.
    Session {
        /// Who is the receiver, where they are named.
        receiver: Option<String>,
        /// Which clicker, where one is named.
        device: Option<link::bluetooth::ClickerId>,
    },
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
    run(Ask { db, plan: plan::chosen(None)?, table: None, pace: Pace::REAL, look, first: First::Start })
}

/// Opens the screen and stays on it until it is left.
pub(crate) fn run(ask: Ask) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        // Before the terminal is taken: a signal that comes now is to find somebody who gives it back.
        let signals = Signals::listen()?;
        let tty = Tty::enter().context("this terminal cannot be drawn on: add --plain")?;
        let painter = Painter::new(tty, ask.look.theme)?;
        let (clock, lookout) = (SystemClock::start(), Lookout::default());
        let plans = Plans::with(&ask.plan)?;
        let mut house = House {
            ask,
            painter,
            input: Input { keys: typed()?, signals },
            clock,
            lookout,
            plans,
            stopped: None,
        };
        let out = house.run().await;
        let stopped = house.stopped.take();
        // The terminal is given back before anything is said in it.
        drop(house);
        let mut lines = Lines::new(stdout());
        let left = out.and_then(|out| match out {
            Out::Quit => Ok(()),
            Out::Finished(id) => Ok(lines.line(&stored(&id))?),
            Out::Left(why, held) => left(why, held, &mut lines),
            Out::Signal(number) => Err(Failure::Signal(number)),
        });
        // Whoever sent a signal may have closed the terminal with it.
        if let Some(stopped) = stopped {
            drop(lines.line(&stopped));
        }
        left
    })
}

/// How the screen was left.
enum Out {
    Quit,
    /// After a session that is over, with this id.
    Finished(String),
    /// In the midst of a session.
    Left(Why, SessionKind),
    /// By a signal, outside one.
    Signal(u8),
}

/// Everything that outlives a session.
struct House<G> {
    ask: Ask,
    painter: Painter<G>,
    input: Input,
    clock: SystemClock,
    lookout: Lookout,
    plans: Plans,
    /// Why the last session was stopped, or none began: said once more where the screen was.
    stopped: Option<String>,
}

impl<G: Glass> House<G> {
    async fn run(&mut self) -> Result<Out, Failure> {
        let mut notice = None;
        loop {
            let known = Known { notice: notice.take(), ..self.known() };
            let straight = self.straight(&known);
            let is_straight = straight.is_some();
            let choice = match straight {
                Some(choice) => choice,
                None => {
                    let Self { painter, input, lookout, .. } = self;
                    start::choose(painter, input, known, lookout).await?
                }
            };
            let step = match choice {
                Choice::Leave(Why::Signal(number)) => return Ok(Out::Signal(number)),
                Choice::Leave(_) => return Ok(Out::Quit),
                Choice::Review => match self.review().await {
                    Ok(Some(out)) => return Ok(out),
                    Ok(None) => continue,
                    Err(failure) => Err(failure),
                },
                Choice::Practise { receiver, plan, close } => {
                    self.led_by(plan);
                    self.begin(SessionKind::Practice, Wanted::New { receiver, close, only_learn: false })
                        .await
                }
                Choice::Session { receiver, plan, close } => {
                    self.led_by(plan);
                    self.begin(SessionKind::InHand, Wanted::New { receiver, close, only_learn: false }).await
                }
                Choice::Learn { held, receiver, close } => {
                    self.begin(held, Wanted::New { receiver, close, only_learn: true }).await
                }
                Choice::TakeUp(held) => self.begin(held, Wanted::Resume).await,
                Choice::Pair => self.pair().await,
            };
            match step {
                Ok(Step::Begun(begun)) => match self.live(*begun).await? {
                    Some(out) => return Ok(out),
                    None => continue,
                },
                Ok(Step::Out(out)) => return Ok(out),
                Ok(Step::GaveUp) if is_straight => return Err(Failure::No),
                Ok(Step::GaveUp) => {}
                Ok(Step::Told(text)) => notice = Some(text),
                // What the start screen knew is no longer so: it is shown again.
                Ok(Step::Changed) if !is_straight => {}
                Ok(Step::Changed) => self.ask.first = First::Start,
                Err(failure) if is_straight => return Err(failure),
                Err(failure) => notice = Some(failure.to_string()),
            }
        }
    }

    /// What was asked for, where there is nothing to be asked before it.
    fn straight(&self, known: &Known) -> Option<Choice> {
        let open = |held| known.interrupted.iter().any(|(of, _)| *of == held);
        match &self.ask.first {
            First::Practice if !open(SessionKind::Practice) => {
                Some(Choice::Practise { receiver: None, plan: self.plans.begins_with, close: false })
            }
            First::Session { receiver, .. } if !open(SessionKind::InHand) => Some(Choice::Session {
                receiver: receiver.clone(),
                plan: self.plans.begins_with,
                close: false,
            }),
            _ => None,
        }
    }

    /// What the store tells before anybody writes in it.
    fn known(&mut self) -> Known {
        let known = if self.ask.db.exists() { Known::of(&self.ask.db) } else { Ok(Known::default()) };
        let mut known =
            known.unwrap_or_else(|error| Known { notice: Some(format!("{error:#}")), ..Known::default() });
        match Clickers::beside(&self.ask.db) {
            Ok(clickers) => known.clickers = clickers.all,
            Err(error) => known.notice = known.notice.or(Some(format!("{error:#}"))),
        }
        known.wall = self.clock.read().wall;
        (known.plans, known.plan) = (self.plans.lines(), self.plans.begins_with);
        match &self.ask.first {
            First::Start => {}
            // What was not asked for is not offered in its place.
            First::Practice => known.interrupted.retain(|(held, _)| *held == SessionKind::Practice),
            First::Session { receiver, .. } => {
                known.interrupted.retain(|(held, _)| *held == SessionKind::InHand);
                if let Some(name) = receiver {
                    known::named(&mut known.receivers, name);
                }
            }
        }
        known
    }

    /// The plan of the coming session, and of those after it.
    fn led_by(&mut self, plan: usize) {
        if let Some(plan) = self.plans.take(plan) {
            self.ask.plan = plan;
        }
    }

    /// Asks what is to be asked before a session of this kind, and begins it or takes it up.
    async fn begin(&mut self, held: SessionKind, wanted: Wanted) -> Result<Step, Failure> {
        let mut writer = self.writer().await?;
        let found = interrupted(&mut writer, held)?;
        let clicker = match held {
            SessionKind::Practice => None,
            SessionKind::InHand => {
                let clickers = Clickers::beside(&self.ask.db)?;
                let device = match &self.ask.first {
                    First::Session { device, .. } => device.clone(),
                    First::Start | First::Practice => None,
                };
                Some(InHand { bluetooth: self.bluetooth(), clickers, device })
            }
        };
        let (plan, table) = (self.ask.plan.clone(), self.ask.table);
        let setup = Setup { writer, found, plan, table, clicker };
        let mut view = ScreenView(&mut self.painter);
        let mut dialog = Dialog::new(&mut view, &mut self.input);
        match prepare(setup, wanted, &mut self.clock, &mut dialog).await {
            Ok(begun) => Ok(Step::Begun(Box::new(begun))),
            Err(Exit::No(why)) => Err(anyhow::anyhow!("{why}").into()),
            Err(exit) => self.exit(exit),
        }
    }

    /// Pairs a clicker, and goes back to the start.
    async fn pair(&mut self) -> Result<Step, Failure> {
        let mut clickers = Clickers::beside(&self.ask.db)?;
        let bluetooth = self.bluetooth();
        let mut view = ScreenView(&mut self.painter);
        let mut dialog = Dialog::new(&mut view, &mut self.input);
        match pair::lead(&bluetooth, &mut clickers, None, &mut dialog).await {
            Ok(text) | Err(Exit::No(text)) => Ok(Step::Told(text)),
            Err(exit) => self.exit(exit),
        }
    }

    /// This computer's Bluetooth, for a flow: nothing looks for clickers beside it.
    fn bluetooth(&mut self) -> Bluetooth {
        self.lookout.rest();
        self.lookout.bluetooth()
    }

    /// What follows from a flow that ended before its end.
    fn exit(&mut self, exit: Exit) -> Result<Step, Failure> {
        match exit {
            Exit::Left(Why::Asked) => Ok(Step::GaveUp),
            Exit::Left(Why::Signal(number)) => Ok(Step::Out(Out::Signal(number))),
            Exit::Left(Why::InputEnded | Why::NobodyReads | Why::Unstored) => Ok(Step::Out(Out::Quit)),
            Exit::Refused(stop) => {
                self.stopped = Some(stop);
                Ok(Step::GaveUp)
            }
            Exit::Changed => Ok(Step::Changed),
            exit @ (Exit::No(_) | Exit::Failed(_)) => Err(exit.failure()),
        }
    }

    /// Looks back, and goes back to the start. `Some` where the program is left with it.
    async fn review(&mut self) -> Result<Option<Out>, Failure> {
        let review = Review::open(&self.ask.db, None, self.clock.read().wall, jiff::tz::TimeZone::system())?;
        let Self { painter, input, clock, .. } = self;
        Hall { painter, input, clock }.review(review).await
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
        self.stopped = None;
        let held = begun.held();
        let id = begun.start.id.clone();
        let receiver = begun.receiver.clone();
        let mut front =
            OnScreen::new(&mut self.painter, receiver, &begun.so_far, self.ask.pace, begun.clicker());
        if let Some(text) = begun.start.told() {
            front.open_with(&text);
        }
        let Self { ask, clock, input, .. } = self;
        let voice = ask.look.voice(true);
        let env = SessionEnv { pace: ask.pace, clock, input, front: &mut front, voice };
        let ending = begun.live(&ask.db, env).await?;
        if let Ending::Left(why) = ending {
            return Ok(Some(Out::Left(why, held)));
        }
        let again = self.ask.first == First::Start;
        let back = if again { "back to the start" } else { "done" };
        if let Some(Scene::Finished(finished)) = front.finished(0, Vec::new()) {
            if let Some(last) = finished.last.filter(|last| stop::is_stop(*last)) {
                let words = Words::english().of(finished.technique);
                self.stopped = Some(stop::loud(&words, &last, finished.answered));
            }
            let Self { painter, input, ask, .. } = self;
            let letter = || summary::letter(&ask.db, &id);
            if let Some(number) = over::over(painter, input, finished, back, letter).await? {
                return Ok(Some(Out::Signal(number)));
            }
        }
        Ok((!again).then_some(Out::Finished(id)))
    }
}

/// What came of a choice.
enum Step {
    /// A session is about to begin or go on.
    Begun(Box<Begun>),
    /// The start screen knew something that is no longer so.
    Changed,
    /// This is to be read at the start.
    Told(String),
    /// Whoever sits there thought better of it.
    GaveUp,
    /// The program is left.
    Out(Out),
}
