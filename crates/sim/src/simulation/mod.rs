//! A whole session under one virtual clock: the practice clicker, the air, the session with its coach, a store, and
//! people or a script. Headless practice at full speed, the scenarios and the simulated sessions are all this.
//!
//! Nothing waits. Each [`Simulation::turn`] jumps to the earliest moment at which any part has something to do, lets it
//! happen, and carries what comes of it to the other parts.
//!
//! ```text
//!  people or script --gestures--> clicker <==frames==> air <==frames==> session --batches--> storage
//!        ^    |                                                        ^   |
//!        |    +--------------------------keys--------------------------+   +--> Simulation::poll_entry
//!        +-------------------------------view, prompts---------------------+
//! ```
//!
//! Faults are part of it: the link ends, stalls and loses frames; the clicker's battery falls out; the laptop stands
//! still, or its program is killed and taken up again from what the storage holds; the disk is slow or takes nothing.

mod faults;
mod laptop;
mod observed;
mod people;
mod stopped;
mod storage;

use std::collections::VecDeque;
use std::num::NonZeroU32;
use std::time::Duration;

use coach::{Prompt, View};
use plans::{LinkChange, Run, Script};
use session::Opening;
use transcript::{Entry, Header, SetupError};
use wire::Frame;

use crate::air::{Air, Arrival, LinkConditions};
use crate::clicker::{BoardOutput, Clicker, Flash};
use crate::rng::{RngStream, SeededRng};
use crate::script::{Failure, Observation, Runner, ScriptAction};
use crate::{Gesture, Time};
use faults::{Fault, Faults};
use laptop::{Asked, Laptop};
use people::People;

pub use faults::Trouble;
pub use observed::observed;
pub use stopped::Stopped;
pub use storage::{Memory, Storage};

/// What a simulation is to be like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// From which all chance comes: people, air, faults.
    pub seed: u64,
    /// The air; `None` leaves it to the seed and the trouble.
    pub climate: Option<LinkConditions>,
    /// What may go wrong by itself.
    pub trouble: Trouble,
    /// The clicker's storage.
    pub flash: Flash,
    /// From a batch to its being on the disk. A commit with its sync takes a few milliseconds.
    pub disk_takes: Duration,
}

/// Who acts.
#[derive(Debug, Clone)]
pub enum Cast {
    /// A script, whose keys mean what this keymap says.
    Script(Run, Keymap),
    /// A receiver and a partner made of numbers.
    People,
}

/// What a key of a script does at the laptop, by the table that the program reads keys with; `None` where it does nothing in
/// a session. The second argument is whether hands may be pressing.
pub type Keymap = fn(plans::Key, bool) -> Option<KeyEffect>;

/// What a key does in a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyEffect {
    /// The partner's word.
    Partner(coach::Key),
    /// The receiver's hand on a clicker that is played on the keyboard.
    Clicker(Gesture),
}

/// How far a simulation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It goes on.
    Going,
    /// The session is over and everything is on the storage.
    Finished,
    /// The script is over; the session may not be.
    ScriptOver,
}

/// A simulation.
#[derive(Debug)]
pub struct Simulation<S> {
    now: Time,
    clicker: Clicker,
    air: Air<Frame, Frame>,
    laptop: Laptop<S>,
    cast: Playing,
    faults: Faults,
    /// Whether the two machines are in reach of each other, and if not, from when on, where that is known.
    reach: Reach,
    entries: VecDeque<Entry>,
    prompts: VecDeque<Prompt>,
    state: State,
    /// Turns taken without time passing.
    standing: u32,
}

#[derive(Debug)]
enum Playing {
    Script { runner: Box<Runner>, keymap: Keymap, due: Option<Time> },
    People(Box<People>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    Near,
    Away { until: Option<Time> },
}

/// More turns than this at one moment mean that two parts keep each other busy for ever.
const MOST_TURNS_AT_ONCE: u32 = 10_000;

impl Settings {
    /// A quiet room and machines that work.
    #[must_use]
    pub const fn quiet(seed: u64) -> Self {
        Self {
            seed,
            climate: Some(LinkConditions::CALM),
            trouble: Trouble::None,
            flash: Flash::GOOD,
            disk_takes: Duration::from_millis(4),
        }
    }

    /// As the seed has it, within this much trouble.
    #[must_use]
    pub const fn seeded(seed: u64, trouble: Trouble) -> Self {
        Self { climate: None, trouble, ..Self::quiet(seed) }
    }

    /// As a script has it.
    #[must_use]
    pub fn of(script: &Script) -> Self {
        let climate = LinkConditions {
            latency_ms: u32::try_from(script.air.delay.as_millis()).unwrap_or(u32::MAX),
            lose_every: script.air.lose,
            double_every: script.air.double,
            ..LinkConditions::IDEAL
        };
        Self { climate: Some(climate), ..Self::quiet(script.seed) }
    }
}

impl<S: Storage> Simulation<S> {
    /// Begins a session with this header.
    ///
    /// # Errors
    /// Where the header gives no session.
    pub fn begin(header: Header, storage: S, settings: Settings, cast: Cast) -> Result<Self, SetupError> {
        let Settings { seed, climate, trouble, flash, disk_takes } = settings;
        let mut faults = Faults::new(seed, trouble);
        let climate = climate.unwrap_or_else(|| faults.climate());
        let mut dice = SeededRng::new(seed, RngStream::Machines);
        let id = NonZeroU32::new(dice.between(1, u32::MAX)).unwrap_or(NonZeroU32::MIN);
        let opening = Opening { session: id, alone: header.plan.figures.technique.is_alone() };
        let mut simulation = Self {
            now: Time::START,
            clicker: Clicker::new(Time::START, flash),
            air: Air::new(climate, SeededRng::new(seed, RngStream::Air)),
            laptop: Laptop::begin(header, opening, storage, disk_takes)?,
            cast: match cast {
                Cast::Script(run, keymap) => {
                    Playing::Script { runner: Box::new(Runner::new(run)), keymap, due: Some(Time::START) }
                }
                Cast::People => Playing::People(Box::new(People::new(seed))),
            },
            faults,
            reach: Reach::Near,
            entries: VecDeque::new(),
            prompts: VecDeque::new(),
            state: State::Going,
            standing: 0,
        };
        simulation.carry();
        Ok(simulation)
    }

    /// Runs until it is over, or until this much time of the session has passed. Every entry is given as it comes.
    ///
    /// # Errors
    /// See [`Stopped`].
    pub fn run(&mut self, limit: Duration, mut each: impl FnMut(Entry)) -> Result<State, Stopped> {
        let end = Time::START + limit;
        while self.state == State::Going && self.now <= end {
            let turn = self.turn();
            self.prompts.clear();
            while let Some(entry) = self.poll_entry() {
                each(entry);
            }
            turn?;
        }
        if self.state == State::ScriptOver {
            self.settle()?;
            while let Some(entry) = self.poll_entry() {
                each(entry);
            }
        }
        Ok(self.state)
    }

    /// At the end of a script: what has come about gets to the storage without waiting for the disk.
    ///
    /// # Errors
    /// See [`Stopped`].
    pub fn settle(&mut self) -> Result<(), Stopped> {
        self.laptop.flush(self.now)?;
        self.carry();
        Ok(())
    }

    /// Jumps to the next moment at which something happens, and lets it happen. Entries wait in
    /// [`Simulation::poll_entry`].
    ///
    /// # Errors
    /// See [`Stopped`].
    pub fn turn(&mut self) -> Result<State, Stopped> {
        let dues = self.dues();
        let Some(due) = dues.earliest() else { return Err(Stopped::Stuck { at: self.now }) };
        self.standing = if due > self.now { 0 } else { self.standing + 1 };
        if self.standing > MOST_TURNS_AT_ONCE {
            return Err(Stopped::Stuck { at: self.now });
        }
        self.now = self.now.max(due);
        if let Some(fault) = self.faults.poll(self.now) {
            self.happen(fault);
        }
        if matches!(self.reach, Reach::Away { until: Some(until) } if until <= self.now) {
            self.reach = Reach::Near;
        }
        if dues.clicker.is_some_and(|at| at <= self.now) {
            self.clicker.handle_timeout(self.now);
            self.carry();
        }
        while let Some(arrival) = self.air.poll(self.now) {
            self.arrive(arrival);
        }
        if dues.laptop.is_some_and(|at| at <= self.now) {
            self.laptop.handle_timeout(self.now)?;
            self.carry();
        }
        self.connect();
        self.play()?;
        if self.laptop.finished() && matches!(self.cast, Playing::People(_)) {
            self.state = State::Finished;
        }
        Ok(self.state)
    }

    /// When something happens next; `None` where nothing ever will.
    #[must_use]
    pub fn due(&self) -> Option<Time> {
        self.dues().earliest()
    }

    /// The next entry that came about. Under a store that is killed or fails it may never be stored.
    pub fn poll_entry(&mut self) -> Option<Entry> {
        self.entries.pop_front()
    }

    /// The next prompt that was said, for whoever draws them. [`Simulation::run`] draws nothing and drops them.
    pub fn poll_prompt(&mut self) -> Option<Prompt> {
        self.prompts.pop_front()
    }

    /// What the program has for its screen at this moment, from now on until something happens; nothing, while the laptop
    /// is dark.
    #[must_use]
    pub fn program_view(&self, at: Time) -> Option<session::View> {
        self.laptop.program_view(at)
    }

    /// The present.
    #[must_use]
    pub const fn now(&self) -> Time {
        self.now
    }

    /// How far it is.
    #[must_use]
    pub const fn state(&self) -> State {
        self.state
    }

    /// What the laptop shows; as it was last, while it is dark.
    #[must_use]
    pub fn view(&self) -> View {
        self.laptop.view(self.now)
    }

    /// The clicker.
    #[must_use]
    pub const fn clicker(&self) -> &Clicker {
        &self.clicker
    }

    /// What is stored.
    #[must_use]
    pub const fn storage(&self) -> &S {
        self.laptop.storage()
    }

    /// What is stored, for whoever comes after.
    #[must_use]
    pub fn into_storage(self) -> S {
        self.laptop.into_storage()
    }

    /// What this run expects of all that came about in a script, and did not get: the script's own run, or another
    /// one that is held against it. Nothing for people, whose entries are not kept.
    #[must_use]
    pub fn verdict(&self, run: &Run) -> Vec<Failure> {
        match &self.cast {
            Playing::Script { runner, .. } => runner.verdict(run),
            Playing::People(_) => Vec::new(),
        }
    }
}

/// When each part has something to do. Asking is the dearest thing in a turn, so each is asked once.
struct Dues {
    clicker: Option<Time>,
    laptop: Option<Time>,
    others: Option<Time>,
}

impl Dues {
    fn earliest(&self) -> Option<Time> {
        [self.clicker, self.laptop, self.others].into_iter().flatten().min()
    }
}

/// What passes between the parts.
impl<S: Storage> Simulation<S> {
    fn dues(&self) -> Dues {
        let cast = match &self.cast {
            Playing::Script { due, .. } => *due,
            Playing::People(people) => Some(people.due()),
        };
        let near = match self.reach {
            Reach::Near => None,
            Reach::Away { until } => until,
        };
        Dues {
            clicker: self.clicker.poll_timeout(),
            laptop: self.laptop.due(),
            others: [self.air.poll_timeout(), cast, near, self.faults.due()].into_iter().flatten().min(),
        }
    }

    /// Carries what the parts have put out to where it belongs, until there is nothing left.
    fn carry(&mut self) {
        let now = self.now;
        while let Some(signal) = self.clicker.poll_output(now) {
            match signal {
                // Without a connection there is no stack that could hold it; the clicker is told of the end itself.
                BoardOutput::Send(frame) => drop(self.air.send_up(now, frame)),
                BoardOutput::Sound(_) | BoardOutput::Display(_) => {}
            }
        }
        while let Some(asked) = self.laptop.poll(now) {
            match asked {
                // All that matters is sent again.
                Asked::Send(cue) => drop(self.air.send_down(now, Frame::of(&cue))),
                Asked::Speak(prompt) => {
                    self.prompts.push_back(prompt);
                    if let Playing::People(people) = &mut self.cast {
                        people.hear(now, &prompt);
                    }
                }
                Asked::Happened(entry) => {
                    if let Playing::Script { runner, .. } = &mut self.cast {
                        runner.see(observed(&entry));
                    }
                    self.entries.push_back(entry);
                }
            }
        }
    }

    fn arrive(&mut self, arrival: Arrival<Frame, Frame>) {
        let now = self.now;
        match arrival {
            Arrival::Connected => {
                // The laptop listens before the clicker speaks.
                self.laptop.connected(now);
                self.clicker.link_up(now);
            }
            Arrival::Up(frame) => {
                self.clicker.sent(now);
                self.laptop.frame(now, frame);
            }
            Arrival::DuplicateUp(frame) => self.laptop.frame(now, frame),
            Arrival::LostUp => self.clicker.sent(now),
            Arrival::Down(frame) => self.clicker.hear(now, frame.as_bytes()),
        }
        self.carry();
    }

    /// A connection is made whenever there can be one.
    fn connect(&mut self) {
        if self.reach == Reach::Near && self.clicker.is_on() && self.laptop.is_on() {
            self.air.up(self.now);
        }
    }

    /// The connection ends, and both ends are told.
    fn disconnect(&mut self) {
        if self.air.down() {
            self.clicker.link_down(self.now);
            self.laptop.disconnected(self.now);
            self.carry();
        }
    }

    fn happen(&mut self, fault: Fault) {
        match fault {
            Fault::Stall(lasting) => self.air.stall(self.now, millis(lasting)),
            Fault::Lose(way, n) => self.air.lose_nth(way, n),
            Fault::Outage(lasting) => {
                self.reach = Reach::Away { until: Some(self.now + lasting) };
                self.disconnect();
            }
            Fault::Reset(out) => self.reset(out),
            Fault::Gap(lasting) => self.laptop.stand_still(self.now, lasting),
            Fault::Kill(gone) => self.kill(gone),
            Fault::DiskFull(lasting) => self.laptop.disk_fails(Some(self.now + lasting)),
            Fault::DiskSlow(takes) => self.laptop.disk_takes(takes),
        }
    }

    fn reset(&mut self, out: Duration) {
        self.disconnect();
        self.clicker.reset(self.now, millis(out));
    }

    fn kill(&mut self, gone: Duration) {
        self.laptop.kill(self.now, gone);
        self.disconnect();
    }
}

/// Who acts.
impl<S: Storage> Simulation<S> {
    fn play(&mut self) -> Result<(), Stopped> {
        match self.cast {
            Playing::People(_) => self.play_people(),
            Playing::Script { .. } => self.play_script()?,
        }
        Ok(())
    }

    fn play_people(&mut self) {
        let now = self.now;
        let Playing::People(people) = &mut self.cast else { return };
        if people.due() > now {
            return;
        }
        let view = self.laptop.is_awake().then(|| self.laptop.view(now));
        let (gesture, key) = people.half_second(now, view.as_ref(), &self.clicker);
        if let Some(gesture) = gesture {
            self.gesture(gesture);
        }
        if let Some(key) = key {
            self.laptop.key(now, key);
            self.carry();
        }
    }

    fn play_script(&mut self) -> Result<(), Stopped> {
        loop {
            let now = self.now;
            let view = self.laptop.view(now);
            let settled = self.laptop.acknowledged(now) || !self.air.connected();
            let dial = self.clicker.dial().map(|dial| dial.value());
            let Playing::Script { runner, due, keymap } = &mut self.cast else { return Ok(()) };
            let act = runner.next(now, &Observation { view: &view, dial, mode_applied: settled }).map_err(
                |failure| {
                    self.state = State::ScriptOver;
                    Stopped::Script(failure)
                },
            )?;
            match act {
                ScriptAction::Wait(at) => {
                    *due = Some(at);
                    return Ok(());
                }
                ScriptAction::Done => {
                    *due = None;
                    self.state = State::ScriptOver;
                    return Ok(());
                }
                ScriptAction::Gesture(gesture) => self.gesture(gesture),
                ScriptAction::Key(key) => {
                    let effect = keymap(key, view.pressure_may_be_on());
                    self.press(effect);
                }
                ScriptAction::Action(key) => self.laptop.key(now, key),
                ScriptAction::Link(LinkChange::Down) => {
                    self.reach = Reach::Away { until: None };
                    self.disconnect();
                }
                ScriptAction::Link(LinkChange::Up) => {
                    self.reach = Reach::Near;
                    self.connect();
                }
                ScriptAction::Link(LinkChange::Stall(lasting)) => self.air.stall(now, millis(lasting)),
                ScriptAction::Reset(out) => self.reset(out),
                ScriptAction::Store(plans::StoreState::Failed) => self.laptop.disk_fails(None),
                ScriptAction::Store(plans::StoreState::Recovered) => self.laptop.disk_recovers(),
                ScriptAction::Gap(lasting) => self.laptop.stand_still(now, lasting),
                ScriptAction::Kill(gone) => self.kill(gone),
            }
            self.carry();
        }
    }

    /// A key of the keyboard that does this.
    fn press(&mut self, effect: Option<KeyEffect>) {
        match effect {
            Some(KeyEffect::Partner(key)) => self.laptop.key(self.now, key),
            Some(KeyEffect::Clicker(gesture)) => self.gesture(gesture),
            None => {}
        }
    }

    fn gesture(&mut self, gesture: Gesture) {
        self.clicker.gesture(self.now, gesture);
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
