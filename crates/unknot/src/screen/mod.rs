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
use tokio::sync::mpsc::UnboundedReceiver;
use transcript::PlanKept;
use tui::Scene;
use words::Words;

use crate::air::reach::{self, Came as Reaching, Reached};
use crate::air::{Lookout, StatusLines};
use crate::begin::{New, SessionEnv, Start, interrupted, play};
use crate::clickers::Clickers;
use crate::clock::{Clock as _, Pace, SystemClock};
use crate::commands::plan;
use crate::failure::Failure;
use crate::flows::check_in::{self, Since};
use crate::flows::pair;
use crate::flows::table_height;
use crate::flows::table_height::TableHeight;
use crate::flows::{Dialog, Page};
use crate::keys::Clicker;
use crate::live::{Ending, Why};
use crate::plainly::{left, stored};
use crate::review::Review;
use crate::signals::Signals;
use crate::stop;
use crate::terminal::{Lines, Typed, typed};

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
        let mut house = House { ask, painter, keys: typed()?, signals, clock, lookout, plans, stopped: None };
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
    keys: UnboundedReceiver<Typed>,
    signals: Signals,
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
                    let Self { painter, keys, signals, lookout, .. } = self;
                    start::choose(painter, keys, signals, known, lookout).await?
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
                    self.begin(Anew { receiver, close, only_learn: false }).await
                }
                Choice::Session { receiver, plan, close } => {
                    self.led_by(plan);
                    self.session(Some(Anew { receiver, close, only_learn: false })).await
                }
                Choice::Learn { held, receiver, close } => {
                    let anew = Anew { receiver, close, only_learn: true };
                    match held {
                        SessionKind::Practice => self.begin(anew).await,
                        SessionKind::InHand => self.session(Some(anew)).await,
                    }
                }
                Choice::TakeUp(SessionKind::Practice) => self.take_up().await,
                Choice::TakeUp(SessionKind::InHand) => self.session(None).await,
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

    /// Asks the receiver how it has been since their last session, where that is due. `None`: the next may begin.
    async fn since(&mut self, receiver: Option<&str>) -> Result<Option<Step>, Failure> {
        let mut writer = self.writer().await?;
        let wall = self.clock.read().wall;
        let mut desk = dialog::ScreenView(&mut self.painter);
        let (keys, signals) = (&mut self.keys, &mut self.signals);
        let mut at = Dialog { desk: &mut desk, keys, signals, page: Page::default() };
        Ok(match check_in::ask(&mut writer, receiver, wall, &mut at).await? {
            Since::GoOn => None,
            Since::Stopped(stop) => {
                self.stopped = Some(stop);
                Some(Step::GaveUp)
            }
            Since::Left(why) => Some(Step::left(why)),
        })
    }

    /// The plan of the coming session, and of those after it.
    fn led_by(&mut self, plan: usize) {
        if let Some(plan) = self.plans.take(plan) {
            self.ask.plan = plan;
        }
    }

    async fn begin(&mut self, anew: Anew) -> Result<Step, Failure> {
        let Anew { receiver, close, only_learn } = anew;
        if !only_learn && let Some(step) = self.since(receiver.as_deref()).await? {
            return Ok(step);
        }
        let mut writer = self.writer().await?;
        let wall = self.clock.read().wall;
        let known = if self.ask.table.is_some() { self.ask.table } else { table_height::known(&writer)? };
        let table = known.filter(|_| !self.ask.plan.figures.technique.is_alone());
        let new =
            New { plan: self.ask.plan.clone(), receiver: receiver.clone(), clicker: None, table, only_learn };
        let start = match interrupted(&mut writer, SessionKind::Practice)? {
            None => Start::anew(writer, new, wall)?,
            Some(found) if close => Start::instead_of(&found, writer, new, wall)?,
            // Another program left it meanwhile: it is asked before it is closed.
            Some(_) => return Ok(Step::Changed),
        };
        Ok(Begun::practice(start, receiver, Vec::new()))
    }

    async fn take_up(&mut self) -> Result<Step, Failure> {
        let mut writer = self.writer().await?;
        let Some(found) = interrupted(&mut writer, SessionKind::Practice)? else { return Ok(Step::Changed) };
        let start = Start::again(writer, &found, self.ask.plan.clone(), self.clock.read().wall)?;
        let receiver = found.receiver();
        let so_far = if start.instead.is_none() { found.entries } else { Vec::new() };
        Ok(Begun::practice(start, receiver, so_far))
    }

    /// A session with a clicker: a new one with this receiver, and whether an interrupted one is closed for it, or the
    /// interrupted one. The clicker is reached before anything is asked or written.
    async fn session(&mut self, new: Option<Anew>) -> Result<Step, Failure> {
        if let Some(Anew { receiver, only_learn: false, .. }) = &new
            && let Some(step) = self.since(receiver.as_deref()).await?
        {
            return Ok(step);
        }
        let mut writer = self.writer().await?;
        let found = interrupted(&mut writer, SessionKind::InHand)?;
        let close = new.as_ref().is_some_and(|new| new.close);
        if found.is_some() != (new.is_none() || close) {
            return Ok(Step::Changed);
        }
        let device = match &self.ask.first {
            First::Session { device: Some(device), .. } => Some(device.clone()),
            // What was not stored yet lies on the clicker with which it began.
            _ if new.is_none() => {
                found.as_ref().and_then(|found| found.clicker()).and_then(|id| id.parse().ok())
            }
            _ => None,
        };
        let clickers = Clickers::beside(&self.ask.db)?;
        self.lookout.rest();
        let bluetooth = self.lookout.bluetooth();
        let mut desk = dialog::ScreenView(&mut self.painter);
        let (keys, signals) = (&mut self.keys, &mut self.signals);
        let mut at = Dialog { desk: &mut desk, keys, signals, page: Page::default() };
        let mut table = None;
        let reached = match reach::pick(&bluetooth, &clickers, device.as_ref(), &mut at).await? {
            Reaching::Yes(chosen) => {
                // One that is taken up goes on as it was.
                if new.as_ref().is_some_and(|new| !new.only_learn) {
                    let technique = self.ask.plan.figures.technique;
                    match table_height::ask(&writer, technique, self.ask.table, &mut at).await? {
                        TableHeight::On(on) => table = on,
                        TableHeight::Left(why) => return Ok(Step::left(why)),
                    }
                }
                reach::reach(&bluetooth, chosen, &mut at).await?
            }
            Reaching::Left(why) => Reaching::Left(why),
            Reaching::No(why) => Reaching::No(why),
        };
        let reached = match reached {
            Reaching::Yes(reached) => reached,
            Reaching::Left(why) => return Ok(Step::left(why)),
            Reaching::No(why) => return Err(anyhow::anyhow!("{why}").into()),
        };
        let (plan, wall) = (self.ask.plan.clone(), self.clock.read().wall);
        let clicker = Some(reached.chosen.id.to_string());
        let (start, receiver, so_far) = match (new, found) {
            (Some(Anew { receiver, only_learn, .. }), found) => {
                let new = New { plan, receiver: receiver.clone(), clicker, table, only_learn };
                let start = match found {
                    None => Start::anew(writer, new, wall)?,
                    Some(found) => Start::instead_of(&found, writer, new, wall)?,
                };
                (start, receiver, Vec::new())
            }
            (None, Some(found)) => {
                let start = Start::again(writer, &found, plan, wall)?;
                let receiver = found.receiver();
                let so_far = if start.instead.is_none() { found.entries } else { Vec::new() };
                (start, receiver, so_far)
            }
            (None, None) => return Ok(Step::Changed),
        };
        Ok(Step::Begun(Box::new(Begun { start, receiver, so_far, reached: Some(reached) })))
    }

    /// Pairs a clicker, and goes back to the start.
    async fn pair(&mut self) -> Result<Step, Failure> {
        let mut clickers = Clickers::beside(&self.ask.db)?;
        self.lookout.rest();
        let bluetooth = self.lookout.bluetooth();
        let mut desk = dialog::ScreenView(&mut self.painter);
        let (keys, signals) = (&mut self.keys, &mut self.signals);
        let mut at = Dialog { desk: &mut desk, keys, signals, page: Page::default() };
        Ok(match pair::lead(&bluetooth, &mut clickers, None, &mut at).await? {
            Reaching::Yes(text) | Reaching::No(text) => Step::Told(text),
            Reaching::Left(why) => Step::left(why),
        })
    }

    /// Looks back, and goes back to the start. `Some` where the program is left with it.
    async fn review(&mut self) -> Result<Option<Out>, Failure> {
        let review = Review::open(&self.ask.db, None, self.clock.read().wall)?;
        let Self { painter, keys, signals, clock, .. } = self;
        Hall { painter, keys, signals, clock }.review(review).await
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
        let Begun { start, receiver, so_far, .. } = begun;
        let id = start.id.clone();
        let hand = match &begun.reached {
            Some(reached) => (Clicker::InHand, StatusLines::of(reached.chosen.name.clone())),
            None => (Clicker::OnKeyboard, StatusLines::none()),
        };
        let mut front = OnScreen::new(&mut self.painter, receiver, &so_far, self.ask.pace, hand);
        if let Some(text) = start.told() {
            front.open_with(&text);
        }
        let env = SessionEnv {
            pace: self.ask.pace,
            clock: &mut self.clock,
            keys: &mut self.keys,
            signals: &mut self.signals,
            front: &mut front,
            voice: self.ask.look.voice(true),
        };
        let ending = match begun.reached {
            Some(reached) => reach::live(start, reached, &self.ask.db, env).await?,
            None => play(start, &mut SystemClock::start(), env).await?,
        };
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
            let Self { painter, keys, signals, ask, .. } = self;
            let letter = || summary::letter(&ask.db, &id);
            if let Some(number) = over::over(painter, (keys, signals), finished, back, letter).await? {
                return Ok(Some(Out::Signal(number)));
            }
        }
        Ok((!again).then_some(Out::Finished(id)))
    }
}

/// What a new session is begun for.
struct Anew {
    /// With whom.
    receiver: Option<String>,
    /// Whether one that was interrupted is closed for it.
    close: bool,
    /// It is there to learn the clicker, and for nothing else.
    only_learn: bool,
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

/// A session that is about to begin or go on.
struct Begun {
    start: Start,
    receiver: Option<String>,
    so_far: Vec<transcript::Entry>,
    /// The clicker in the receiver's hand; none in practice.
    reached: Option<Reached>,
}

impl Begun {
    fn practice(start: Start, receiver: Option<String>, so_far: Vec<transcript::Entry>) -> Step {
        Step::Begun(Box::new(Self { start, receiver, so_far, reached: None }))
    }

    const fn held(&self) -> SessionKind {
        if self.reached.is_some() { SessionKind::InHand } else { SessionKind::Practice }
    }
}

impl Step {
    /// A page was left.
    const fn left(why: Why) -> Self {
        match why {
            Why::Asked => Self::GaveUp,
            Why::Signal(number) => Self::Out(Out::Signal(number)),
            Why::InputEnded | Why::NobodyReads | Why::Unstored => Self::Out(Out::Quit),
        }
    }
}
