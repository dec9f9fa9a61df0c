//! A sitting: a coach, a clock that is a number, and the transcript of both; with people who answer what is asked.

use core::time::Duration;

use coach::body::{Area, Region, Side, Toward};
use coach::{
    Alarm, Awaits, Because, Click, Coach, Deadline, HoldEnd, Input, Key, Lesson, Link, Moment, Output, Phase,
    Plan, Rating, Setup, View,
};

/// Where everybody works in these tests: far from all closed ground, so that there is room to nudge and to go beside.
pub(crate) const AREA: Area = Area { side: Side::Left, region: Region::Latissimus };

/// One line of the transcript, with its moment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Entry {
    Took(Moment, Input),
    Gave(Moment, Output),
}

/// How long it takes to start the program again.
const AWAY: Duration = secs(3);

impl Entry {
    pub(crate) const fn at(&self) -> Moment {
        match *self {
            Self::Took(at, _) | Self::Gave(at, _) => at,
        }
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Sitting {
    pub(crate) coach: Coach,
    pub(crate) now: Moment,
    pub(crate) log: Vec<Entry>,
    /// The clicker's dial, as its beats report it.
    pub(crate) dial: Option<Rating>,
}

impl Sitting {
    /// A session that has just begun, with a clicker that is heard.
    pub(crate) fn begin() -> Self {
        Self::begin_with(Setup::of(Plan::partner()))
    }

    /// The same with somebody of whom something is known from before.
    pub(crate) fn begin_with(setup: Setup) -> Self {
        let coach = Coach::begin(setup);
        let mut sitting = Self { coach, now: Moment::START, log: Vec::new(), dial: None };
        sitting.drain();
        sitting.tell(Input::Link(Link::Live { dial: None }));
        sitting
    }

    /// A session that two willing people have brought this far.
    pub(crate) fn at(phase: Phase) -> Self {
        let mut sitting = Self::begin();
        sitting.go_to(phase);
        sitting
    }

    /// A session in a hold that began this very moment, its rating not given yet.
    pub(crate) fn in_a_hold() -> Self {
        Self::at(Phase::Holding)
    }

    pub(crate) fn view(&self) -> View {
        self.coach.view(self.now)
    }

    pub(crate) fn phase(&self) -> Phase {
        self.view().phase
    }

    pub(crate) fn deadline(&self) -> Option<Deadline> {
        self.coach.poll_timeout()
    }

    /// What the coach gave in answer to `input` at this moment.
    pub(crate) fn tell(&mut self, input: Input) -> Vec<Output> {
        match input {
            Input::Gap(stood_still) => self.now += stood_still,
            Input::Resumed => self.die_and_come_back(),
            Input::Click { .. } | Input::Alarm(_) | Input::Key(_) | Input::Link(_) | Input::Store(_) => {
                self.coach.handle_timeout(self.now);
                self.drain();
            }
        }
        self.log.push(Entry::Took(self.now, input));
        self.note_dial(input);
        let from = self.log.len();
        self.coach.handle(self.now, input);
        self.drain();
        self.given_since(from)
    }

    /// Lets this much time pass, waking at every deadline in between. What the coach gave meanwhile.
    pub(crate) fn wait(&mut self, time: Duration) -> Vec<Output> {
        let from = self.log.len();
        let until = self.now + time;
        while let Some(deadline) = self.deadline().filter(|deadline| deadline.at <= until) {
            self.now = self.now.max(deadline.at);
            self.coach.handle_timeout(self.now);
            self.drain();
        }
        self.now = until;
        self.coach.handle_timeout(self.now);
        self.drain();
        self.given_since(from)
    }

    pub(crate) fn wait_ms(&mut self, ms: u64) -> Vec<Output> {
        self.wait(Duration::from_millis(ms))
    }

    pub(crate) fn click(&mut self, means: Click) -> Vec<Output> {
        self.tell(Input::Click { means, late: false, passed: false })
    }

    pub(crate) fn key(&mut self, key: Key) -> Vec<Output> {
        self.tell(Input::Key(key))
    }

    pub(crate) fn rate(&mut self, value: u8) -> Vec<Output> {
        self.click(Click::Rating(rating(value)))
    }

    pub(crate) fn sharp(&mut self) -> Vec<Output> {
        self.tell(Input::Alarm(Alarm::Sharp))
    }

    pub(crate) fn stop(&mut self) -> Vec<Output> {
        self.tell(Input::Alarm(Alarm::Stop))
    }

    /// The link is live (again), with the dial as it stands.
    pub(crate) fn link_up(&mut self) -> Vec<Output> {
        self.tell(Input::Link(Link::Live { dial: self.dial }))
    }

    /// Does what is awaited as two willing people would, or lets time pass to the next deadline where it is time that
    /// is awaited. False where nothing is left to be done.
    pub(crate) fn answer(&mut self) -> bool {
        match self.view().awaits {
            Awaits::Nothing => {
                let Some(deadline) = self.deadline() else { return false };
                self.wait(deadline.at.since(self.now));
            }
            Awaits::Where => {
                if self.view().area == Some(AREA) {
                    self.key(Key::GoOn);
                } else {
                    self.key(Key::Where(AREA));
                }
            }
            Awaits::Page(_) => {
                self.key(Key::No);
            }
            Awaits::Partner => {
                self.key(Key::GoOn);
            }
            Awaits::Question(_) => {
                self.click(Click::No);
            }
            Awaits::Since(_) | Awaits::LessonOffer => {
                self.click(Click::No);
            }
            Awaits::Lesson(lesson) => self.show(lesson),
            Awaits::Clearance(_)
            | Awaits::Still(_)
            | Awaits::Again
            | Awaits::Elsewhere
            | Awaits::GoOn
            | Awaits::HeardThat => {
                self.click(Click::Yes);
            }
            Awaits::Resting | Awaits::Bother => {
                self.rate(3);
                self.wait_ms(3_000);
            }
            Awaits::WarmCheck | Awaits::Rating => {
                self.rate(4);
            }
            Awaits::Hand(side) => {
                self.click(Click::Felt(side));
            }
            Awaits::TrySharp => {
                self.sharp();
            }
            Awaits::Spot => {
                self.click(Click::Spot);
            }
            Awaits::FeltElsewhere => {
                self.click(Click::No);
            }
            Awaits::WhereFelt => {
                self.click(Click::Spot);
            }
            Awaits::Next => {
                self.click(Click::Beside);
            }
            Awaits::AfterSharp => {
                self.click(Click::OnlySharp);
            }
            Awaits::Receiver => {
                self.click(Click::Yes);
            }
            Awaits::Signal => {
                self.link_up();
            }
        }
        true
    }

    /// The gesture of a lesson, as the clicker would send it.
    pub(crate) fn show(&mut self, lesson: Lesson) {
        let dial = self.dial.map_or(3, Rating::value);
        match lesson {
            Lesson::Higher => drop(self.rate((dial + 1).min(10))),
            Lesson::Lower => drop(self.rate(dial.saturating_sub(1).max(1))),
            Lesson::Sharp => drop(self.sharp()),
            Lesson::Less => drop(self.click(Click::Less)),
            Lesson::Same => drop(self.click(Click::Same(rating(dial)))),
            Lesson::Left => drop(self.click(Click::Nudge(Toward::Left))),
            Lesson::Right => drop(self.click(Click::Nudge(Toward::Right))),
            Lesson::Head => drop(self.click(Click::Nudge(Toward::Head))),
            Lesson::Feet => drop(self.click(Click::Nudge(Toward::Feet))),
            Lesson::Spot => drop(self.click(Click::Spot)),
            Lesson::Yes => drop(self.click(Click::Yes)),
            Lesson::No => drop(self.click(Click::No)),
            Lesson::LetGo => drop(self.click(Click::LetGo)),
            Lesson::More => drop(self.click(Click::More)),
            Lesson::Stop => drop(self.stop()),
        }
    }

    /// Answers and waits until this phase is reached.
    pub(crate) fn go_to(&mut self, phase: Phase) {
        for _ in 0..400 {
            if self.phase() == phase {
                return;
            }
            assert!(self.answer(), "{phase} is not reached: {:?} at {:?}", self.view(), self.now);
        }
        panic!("{phase} is not reached in 400 steps: {:?}", self.view());
    }

    /// Every hold that has ended, in order.
    pub(crate) fn holds(&self) -> Vec<(Moment, HoldEnd)> {
        outputs(&self.log)
            .filter_map(|(at, output)| match output {
                Output::Hold(end) => Some((at, end)),
                _ => None,
            })
            .collect()
    }

    fn note_dial(&mut self, input: Input) {
        match input {
            Input::Click { means: Click::Rating(rating) | Click::Same(rating), .. } => {
                self.dial = Some(rating)
            }
            Input::Link(Link::Restarted) => self.dial = None,
            Input::Link(Link::Live { dial }) => self.dial = dial,
            _ => {}
        }
    }

    /// The program is killed after its last entry was stored, and started again 3 s later on what was stored.
    fn die_and_come_back(&mut self) {
        self.coach = replayed(&self.log).0;
        self.now += AWAY;
    }

    fn drain(&mut self) {
        give(&mut self.coach, &mut self.log);
    }

    fn given_since(&self, from: usize) -> Vec<Output> {
        outputs(&self.log[from..]).map(|(_, output)| output).collect()
    }
}

/// A fresh coach that was given the inputs of this transcript, and the transcript that came of it.
///
/// Before an input timers are run up to its moment. Not so before [`Input::Gap`]: nobody was there to run them, and
/// the coach knows from when on. Nor before [`Input::Resumed`]: the program was dead, and what had been run before it
/// died is what had been stored.
pub(crate) fn replayed(log: &[Entry]) -> (Coach, Vec<Entry>) {
    let mut coach = Coach::begin(Setup::of(Plan::partner()));
    let mut again = Vec::new();
    give(&mut coach, &mut again);
    let mut stored = Moment::START;
    for entry in log {
        let (at, input) = match *entry {
            Entry::Gave(at, _) => {
                stored = stored.max(at);
                continue;
            }
            Entry::Took(at, input) => (at, input),
        };
        match input {
            Input::Gap(_) => {}
            Input::Resumed => coach.handle_timeout(stored),
            Input::Click { .. } | Input::Alarm(_) | Input::Key(_) | Input::Link(_) | Input::Store(_) => {
                coach.handle_timeout(at);
            }
        }
        give(&mut coach, &mut again);
        let first = again.len();
        coach.handle(at, input);
        give(&mut coach, &mut again);
        // What a timer did before the gap began comes before the gap.
        let before = again[first..].iter().take_while(|entry| entry.at() < at).count();
        again.insert(first + before, Entry::Took(at, input));
        stored = stored.max(at);
    }
    coach.handle_timeout(stored);
    give(&mut coach, &mut again);
    (coach, again)
}

fn give(coach: &mut Coach, log: &mut Vec<Entry>) {
    while let Some((at, output)) = coach.poll_output() {
        log.push(Entry::Gave(at, output));
    }
}

pub(crate) fn outputs(log: &[Entry]) -> impl Iterator<Item = (Moment, Output)> {
    log.iter().filter_map(|entry| match *entry {
        Entry::Gave(at, output) => Some((at, output)),
        Entry::Took(..) => None,
    })
}

pub(crate) fn moves(log: &[Entry]) -> impl Iterator<Item = (Moment, Phase, Phase, Because)> {
    outputs(log).filter_map(|(at, output)| match output {
        Output::Phase { from, to, because } => Some((at, from, to, because)),
        _ => None,
    })
}

pub(crate) fn rating(value: u8) -> Rating {
    Rating::new(value).expect("1 to 10")
}

pub(crate) const fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// One thing that people, time or the air may do, chosen without knowing the state.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Doing {
    /// Time passes.
    Wait(u64),
    /// Time passes to the coach's next deadline, and this many milliseconds less or more.
    ToDeadline(i8),
    /// What is awaited.
    Answer,
    /// The dial is moved.
    Rate(u8),
    /// "Same as before", at whatever the dial shows.
    Same,
    /// Anything else the clicker, the keyboard, the link or the store may say.
    Tell(Input),
    /// The link is live, with the dial as it is.
    LinkUp,
}

impl Sitting {
    pub(crate) fn act(&mut self, doing: Doing) {
        match doing {
            Doing::Wait(ms) => {
                self.wait_ms(ms);
            }
            Doing::ToDeadline(beside) => {
                let Some(deadline) = self.deadline() else { return };
                let at = match beside {
                    ..0 => deadline.at - Duration::from_millis(1),
                    0 => deadline.at,
                    1.. => deadline.at + Duration::from_millis(1),
                };
                self.wait(at.since(self.now));
            }
            Doing::Answer => {
                self.answer();
            }
            Doing::Rate(value) => {
                self.rate(value);
            }
            Doing::Same => {
                if let Some(dial) = self.dial {
                    self.click(Click::Same(dial));
                }
            }
            Doing::Tell(input) => {
                self.tell(input);
            }
            Doing::LinkUp => {
                self.link_up();
            }
        }
    }
}
