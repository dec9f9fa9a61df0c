//! The clicker as a whole: what each event does, and what is to be done next.
//!
//! It decides and never does: no radio, no flash, no lights, no clock. Sounds alone are queued; all else there is to
//! do is read off the state when [`Handheld::poll_output`] asks, so that nothing can overflow and an alarm never waits
//! behind anything but what lies in the Bluetooth stack already.

use core::time::Duration;

use heapless::Deque;
use wire::{Alarm, Cue, Dial, Means, Mode, Report, Tone, Version};

use crate::alarms::Alarms;
use crate::display::{Display, face_of};
use crate::event::{Bond, Button, Edge, Entry, Event, Output, Owner, Place, Session, Setup};
use crate::face::Face;
use crate::gesture::{Gesture, Gestures, Length};
use crate::grammar::{Meaning, meaning};
use crate::hearing::{Change, Hearing};
use crate::outbox::{Outbox, Outcome, Work};
use crate::sound::Sound;
use crate::time::Uptime;

/// How many reports lie in the Bluetooth stack at most: its queue cannot be overtaken, so an alarm waits for these.
pub const STACK_PLACES: u8 = 2;

/// From settling to releasing: a link is Stale after 1 s of silence, so three beats in a row may fail.
pub const BEAT_WHILE_PRESSING: Duration = Duration::from_millis(250);

/// Otherwise: half the air time, and one lost beat is no Stale link.
pub const BEAT: Duration = Duration::from_millis(500);

/// "More?" stands for this long.
pub const MORE_STANDS: Duration = Duration::from_secs(3);

/// The question whether another laptop may take the clicker stands for this long.
pub const TAKE_OVER_STANDS: Duration = Duration::from_secs(10);

/// Sounds that one event can give at most: a tick for each event waiting for storage and one a timer.
const SOUNDS: usize = 16;

/// The clicker's logic. See the [crate's documentation](crate) for the one rule of its use.
#[derive(Debug, Clone)]
pub struct Handheld {
    now: Uptime,
    gestures: Gestures<Context>,
    dial: Option<Dial>,
    shown: Shown,
    question: Question,
    owner: Option<Owner>,
    owner_to_keep: bool,
    hearing: Hearing,
    link: Option<Link>,
    outbox: Outbox,
    alarms: Alarms,
    display: Display,
    sounds: Deque<Sound, SOUNDS>,
}

/// The grammar in force, and the number by which the laptop knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Shown {
    mode: Mode,
    number: u16,
}

/// What the clicker was showing when a button went down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Context {
    /// `None` outside a session.
    shown: Option<Shown>,
    answers: Answers,
}

/// The question of the clicker's own that a press may answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answers {
    Nothing,
    More,
    TakeOver,
}

/// What the clicker itself is asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Question {
    None,
    More {
        until: Uptime,
    },
    /// The logo was touched in time; whether the touch is short is not decided yet.
    MoreTouched,
    TakeOver {
        until: Uptime,
        session: Session,
    },
}

/// A laptop that hears.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Link {
    bond: Bond,
    /// Places free in the stack.
    room: u8,
    hello_due: bool,
    /// When the next beat is due; `None` where it is now.
    beat_at: Option<Uptime>,
    /// The session for which the clicker was not given over on this connection.
    declined: Option<u32>,
}

/// Everything that happens by time alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Timer {
    /// A press becomes short, long, a STOP or a cover.
    Gesture,
    /// "More?" and the question for the clicker stand no longer.
    Question,
    /// No pulse for 2.5 s.
    Silence,
    /// An alarm is not stored after 1 s.
    AlarmOverdue,
    /// "Not heard" is said again.
    SayAgain,
    /// Something lit goes out.
    Display,
    /// An alarm goes out again.
    AlarmAgain,
    /// A beat is due.
    Beat,
    /// No progress for 400 ms: again from the oldest.
    NoProgress,
    /// Storage is asked again.
    StoreAgain,
}

impl Timer {
    /// Those due at the same moment run in this order.
    const ALL: [Self; 10] = [
        Self::Gesture,
        Self::Question,
        Self::Silence,
        Self::AlarmOverdue,
        Self::SayAgain,
        Self::Display,
        Self::AlarmAgain,
        Self::Beat,
        Self::NoProgress,
        Self::StoreAgain,
    ];
}

impl Handheld {
    /// Starts at [`Uptime::START`] with what storage holds. There is no rating, whatever it was before.
    #[must_use]
    pub fn begin(setup: Setup) -> Self {
        Self {
            now: Uptime::START,
            gestures: Gestures::new(),
            dial: None,
            shown: Shown { mode: Mode::Rate, number: 0 },
            question: Question::None,
            owner: setup.owner,
            owner_to_keep: false,
            hearing: Hearing::new(Uptime::START),
            link: None,
            outbox: Outbox::new(setup.boot, setup.kept),
            alarms: Alarms::new(),
            display: Display::new(),
            sounds: Deque::new(),
        }
    }

    /// Takes in what happened at `now`, after running every timer due by then. A `now` before an earlier one is taken
    /// for that one.
    pub fn handle(&mut self, now: Uptime, event: Event) {
        self.handle_timeout(now);
        match event {
            Event::Edge(button, edge) => self.edge(button, edge),
            Event::LinkUp(bond) => self.link_up(bond),
            Event::LinkDown => self.link_down(),
            Event::Cue(cue) => self.cue(cue),
            Event::Sent => {
                if let Some(link) = &mut self.link {
                    link.room = link.room.saturating_add(1).min(STACK_PLACES);
                }
            }
            Event::Store(answer) => match self.outbox.answer(self.now, answer) {
                Outcome::Nothing => {}
                Outcome::Kept(mode) => self.play(Sound::Tick(mode)),
                Outcome::Failed => self.refuse(self.now, Face::StoreFault),
            },
        }
    }

    /// Runs every timer due by `now`, each at its own moment.
    pub fn handle_timeout(&mut self, now: Uptime) {
        let now = now.max(self.now);
        while let Some((at, timer)) = self.next_timer().filter(|(at, _)| *at <= now) {
            self.now = at.max(self.now);
            self.run(timer, now);
        }
        self.now = now;
    }

    /// The next thing to do, `None` where all is done until the next event or timer.
    pub fn poll_output(&mut self) -> Option<Output> {
        if let Some(report) = self.transmit() {
            return Some(Output::Send(report));
        }
        // What the old owner left goes first, so that a reset in between never hands it to the new one.
        if let Some(before) = self.outbox.take_forget() {
            return Some(Output::Forget { before });
        }
        if let Some(owner) = self.owner.filter(|_| core::mem::take(&mut self.owner_to_keep)) {
            return Some(Output::KeepOwner(owner));
        }
        if let Some(work) = self.outbox.work() {
            return Some(match work {
                Work::Keep(entry) => Output::Keep(entry),
                Work::Fetch { from } => Output::Fetch { from },
            });
        }
        if let Some(face) = self.display.draw(self.face_now()) {
            return Some(Output::Face(face));
        }
        self.sounds.pop_front().map(Output::Sound)
    }

    /// When to call [`Handheld::handle_timeout`] next.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Uptime> {
        self.next_timer().map(|(at, _)| at)
    }

    /// The dial, `None` for no rating.
    #[must_use]
    pub const fn dial(&self) -> Option<Dial> {
        self.dial
    }

    /// What a gesture means now: the grammar shown, or the rating grammar where nobody hears. `None` outside a session.
    #[must_use]
    pub fn mode(&self) -> Option<Mode> {
        self.shown_now().map(|shown| shown.mode)
    }

    /// How many accepted events the laptop has not acknowledged yet.
    #[must_use]
    pub const fn kept(&self) -> usize {
        self.outbox.len()
    }

    /// What the lights say, as of the last [`Output::Face`].
    #[must_use]
    pub const fn face(&self) -> Face {
        self.display.drawn()
    }

    /// Whether somebody listens, as far as the clicker can know. True outside a session, where nothing is to be heard.
    #[must_use]
    pub fn is_heard(&self) -> bool {
        self.session().is_none() || self.hearing.is_heard()
    }
}

/// Hands.
impl Handheld {
    fn edge(&mut self, button: Button, edge: Edge) {
        let answers = match (edge, button, self.question) {
            (Edge::Down, Button::Logo, Question::More { .. }) if self.gestures.is_up(button) => {
                self.question = Question::MoreTouched;
                Answers::More
            }
            (Edge::Down, Button::B, Question::TakeOver { .. }) => Answers::TakeOver,
            (Edge::Down | Edge::Up, Button::A | Button::B | Button::Logo, _) => Answers::Nothing,
        };
        let context = Context { shown: self.shown_now(), answers };
        if let Some(gesture) = self.gestures.edge(self.now, button, edge, context) {
            self.decided(gesture);
        }
    }

    fn decided(&mut self, gesture: Gesture<Context>) {
        // A question stands until the next gesture, whatever it is.
        let question = self.drop_question();
        match gesture {
            Gesture::Sharp => self.alarm(Alarm::Sharp),
            Gesture::Stop => self.alarm(Alarm::Stop),
            // It counts as nothing; that it is covered is on the lights for as long as it is.
            Gesture::Covered => self.play(Sound::No),
            Gesture::Press { button, length, context } => match (context.answers, question, length) {
                (Answers::TakeOver, Question::TakeOver { session, .. }, Length::Long) => {
                    self.take_over(session)
                }
                (Answers::More, Question::MoreTouched, Length::Short) => self.accept(Means::More, context),
                // The question it answers was withdrawn before the touch was decided.
                (
                    Answers::More,
                    Question::None | Question::More { .. } | Question::TakeOver { .. },
                    Length::Short,
                ) => {
                    self.refuse(self.now, Face::Refused);
                }
                (Answers::Nothing | Answers::More | Answers::TakeOver, _, Length::Short | Length::Long) => {
                    self.pressed(button, length, context);
                }
            },
        }
    }

    fn pressed(&mut self, button: Button, length: Length, context: Context) {
        let (Some(shown), Some(_)) = (context.shown, self.session()) else {
            self.refuse(self.now, Face::NoSession);
            return;
        };
        match meaning(shown.mode, button, length, self.dial) {
            Meaning::Event(means) => self.accept(means, context),
            Meaning::AskMore if self.shown_now() == Some(shown) => {
                self.question = Question::More { until: self.now + MORE_STANDS };
                self.play(Sound::Question);
            }
            Meaning::AskMore | Meaning::Nothing => self.refuse(self.now, Face::Refused),
        }
    }

    fn accept(&mut self, means: Means, context: Context) {
        let Some(shown) = context.shown.filter(|_| self.session().is_some()) else {
            self.refuse(self.now, Face::NoSession);
            return;
        };
        if !self.outbox.has_room() {
            self.refuse(self.now, Face::Full);
            return;
        }
        if let Means::Rating(dial) = means {
            self.dial = Some(dial);
        }
        self.keep(means, shown);
    }

    fn alarm(&mut self, what: Alarm) {
        if self.session().is_none() {
            self.refuse(self.now, Face::NoSession);
            return;
        }
        if !self.outbox.has_room_for_alarm() {
            self.refuse(self.now, Face::Full);
            self.say_not_heard();
            return;
        }
        let means = match what {
            Alarm::Sharp => Means::Sharp,
            Alarm::Stop => Means::Stop,
        };
        self.alarms.raise(self.now, self.outbox.next(), what);
        let shown = self.shown_now().unwrap_or(self.shown);
        self.keep(means, shown);
    }

    /// Accepts an event for which there is room. Its tick waits until it would survive a reset.
    fn keep(&mut self, means: Means, shown: Shown) {
        let entry =
            Entry { place: self.outbox.next(), uptime: self.now.on_the_air(), show: shown.number, means };
        self.outbox.push(entry, shown.mode);
        match face_of(means) {
            Some(face) => self.display.flash(self.now, face),
            None => self.display.light(self.now),
        }
        if !self.hearing.is_heard() {
            self.say_not_heard();
        }
    }

    /// The "no" cue, and why.
    fn refuse(&mut self, now: Uptime, why: Face) {
        if self.session().is_some() {
            self.display.flash(now, why);
        } else {
            self.display.flash_alone(now, why);
        }
        self.play(Sound::No);
    }
}

/// The laptop.
impl Handheld {
    fn link_up(&mut self, bond: Bond) {
        self.link_down();
        self.link = Some(Link { bond, room: STACK_PLACES, hello_due: true, beat_at: None, declined: None });
        self.alarms.say_all_again();
    }

    fn link_down(&mut self) {
        self.link = None;
        self.outbox.rewind();
        if let Question::TakeOver { .. } = self.question {
            self.question = Question::None;
        }
    }

    fn cue(&mut self, cue: Cue) {
        let Some(link) = self.link else { return };
        if let Cue::Welcome { session, version, alone } = cue {
            if session != 0 && Version::CURRENT.speaks_with(version) {
                self.welcome(link, Session { id: session, alone });
            }
            return;
        }
        let Some(owner) = self.owner.filter(|owner| owner.bond == link.bond) else { return };
        match cue {
            Cue::Welcome { .. } => {}
            Cue::Ack { boot, next } => self.acknowledge(Place { boot, seq: next }),
            Cue::AlarmStored { boot, seq } => {
                self.alarms.stored(Place { boot, seq });
                self.judge();
            }
            Cue::Show { number, mode } => {
                if owner.session.is_some() {
                    self.show(Shown { mode, number });
                }
            }
            Cue::Play { tone } => {
                if owner.session.is_some() {
                    self.tell(tone);
                }
            }
            Cue::Pulse { .. } => {
                if owner.session.is_some() {
                    self.hearing.pulse(self.now);
                    self.judge();
                }
            }
            Cue::Bye { session } => {
                if owner.session.is_some_and(|open| open.id == session) {
                    self.owned(Owner { session: None, ..owner });
                    self.withdraw_more();
                }
            }
        }
    }

    fn welcome(&mut self, link: Link, session: Session) {
        let mine = self.owner.filter(|owner| owner.bond == link.bond);
        let free = self.outbox.len() == 0 && self.session().is_none();
        match mine {
            Some(Owner { session: Some(open), .. }) if open.id == session.id => {
                if open != session {
                    self.owned(Owner { bond: link.bond, session: Some(session) });
                }
                self.hearing.pulse(self.now);
                self.judge();
            }
            Some(_) => self.open(link.bond, session),
            None if free => self.open(link.bond, session),
            None => self.ask_take_over(link, session),
        }
    }

    fn open(&mut self, bond: Bond, session: Session) {
        self.owned(Owner { bond, session: Some(session) });
        self.dial = None;
        // The number stays, so that the laptop's go on from it and none is ever taken for an earlier one.
        self.shown.mode = Mode::Rate;
        self.hearing = Hearing::new(self.now);
        self.withdraw_more();
        self.judge();
        if let Some(link) = &mut self.link {
            link.beat_at = None;
        }
    }

    fn ask_take_over(&mut self, link: Link, session: Session) {
        let asked = match self.question {
            Question::TakeOver { session: asked, .. } => asked.id == session.id,
            Question::None | Question::More { .. } | Question::MoreTouched => false,
        };
        if asked || link.declined == Some(session.id) {
            return;
        }
        self.question = Question::TakeOver { until: self.now + TAKE_OVER_STANDS, session };
        self.play(Sound::Question);
    }

    /// The receiver gives the clicker to the laptop that is connected, and what was kept for another away.
    fn take_over(&mut self, session: Session) {
        let Some(link) = &mut self.link else { return };
        let bond = link.bond;
        link.hello_due = true;
        self.outbox.discard();
        self.alarms.clear();
        self.open(bond, session);
    }

    fn owned(&mut self, owner: Owner) {
        self.owner = Some(owner);
        self.owner_to_keep = true;
    }

    fn acknowledge(&mut self, before: Place) {
        if before > self.outbox.next() {
            return;
        }
        for mode in self.outbox.acknowledge(self.now, before) {
            self.play(Sound::Tick(mode));
        }
        self.alarms.stored_before(before);
        self.judge();
    }

    fn show(&mut self, shown: Shown) {
        if shown == self.shown {
            return;
        }
        self.shown = shown;
        self.withdraw_more();
        let period = self.beat_period();
        if let Some(link) = &mut self.link {
            link.beat_at = link.beat_at.map(|at| at.min(self.now + period));
        }
    }

    fn tell(&mut self, tone: Tone) {
        self.display.flash(self.now, Face::Told(tone));
        self.play(tone.into());
    }

    /// The next report, if the stack has room for one.
    fn transmit(&mut self) -> Option<Report> {
        let mut link = self.link.filter(|link| link.room > 0)?;
        let report = self.report(&mut link)?;
        link.room -= 1;
        self.link = Some(link);
        Some(report)
    }

    fn report(&mut self, link: &mut Link) -> Option<Report> {
        if link.hello_due || (self.outbox.take_restatement() && self.is_owner(*link)) {
            link.hello_due = false;
            return Some(self.hello(*link));
        }
        if !self.is_owner(*link) {
            return None;
        }
        if let Some(alarm) = self.alarms.transmit(self.now) {
            return Some(alarm);
        }
        // A backlog must not keep the beat back, or a busy link looks like a lost one.
        if self.session().is_some() && link.beat_at.is_none() {
            link.beat_at = Some(self.now + self.beat_period());
            return Some(self.beat());
        }
        self.outbox.transmit(self.now)
    }

    fn hello(&self, link: Link) -> Report {
        let next = self.outbox.next();
        let (first, session) = match self.owner.filter(|owner| owner.bond == link.bond) {
            Some(owner) => (self.outbox.first(), owner.session.map_or(0, |session| session.id)),
            None => (next, 0),
        };
        Report::Hello {
            boot: next.boot,
            first_boot: first.boot,
            first_seq: first.seq,
            version: Version::CURRENT,
            session,
        }
    }

    fn beat(&self) -> Report {
        let next = self.outbox.next();
        Report::Beat {
            boot: next.boot,
            uptime: self.now.on_the_air(),
            dial: self.dial,
            next: next.seq,
            show: self.shown.number,
            alarm: self.alarms.is_pending(),
        }
    }

    const fn beat_period(&self) -> Duration {
        match self.shown.mode {
            Mode::Settle | Mode::Hold | Mode::Release => BEAT_WHILE_PRESSING,
            Mode::Rate | Mode::Ask | Mode::Locate | Mode::Next | Mode::AfterSharp | Mode::Sides => BEAT,
        }
    }

    fn is_owner(&self, link: Link) -> bool {
        self.owner.is_some_and(|owner| owner.bond == link.bond)
    }

    fn session(&self) -> Option<Session> {
        self.owner.and_then(|owner| owner.session)
    }
}

/// Time, and what follows from the state.
impl Handheld {
    fn deadline(&self, timer: Timer) -> Option<Uptime> {
        let in_session = self.session().is_some();
        // Without room in the stack nothing could be sent; that it has room again is an event of its own.
        let sending = self.link.filter(|link| link.room > 0 && self.is_owner(*link));
        match timer {
            Timer::Gesture => self.gestures.deadline(),
            Timer::Question => match self.question {
                Question::More { until } | Question::TakeOver { until, .. } => Some(until),
                Question::None | Question::MoreTouched => None,
            },
            Timer::Silence => self.hearing.silent_at().filter(|_| in_session),
            Timer::AlarmOverdue => self.alarms.overdue_at(),
            Timer::SayAgain => self.hearing.says_at().filter(|_| in_session),
            Timer::Display => self.display.deadline(),
            Timer::AlarmAgain => self.alarms.again_at().filter(|_| sending.is_some()),
            Timer::Beat => sending.filter(|_| in_session).and_then(|link| link.beat_at),
            Timer::NoProgress => self.outbox.no_progress_at().filter(|_| sending.is_some()),
            Timer::StoreAgain => self.outbox.store_again_at(),
        }
    }

    /// Runs a timer at its moment, which is `self.now`. Whatever repeats is next due after `late`, the moment up to
    /// which time is being caught up, so that nothing is said twice for having slept.
    fn run(&mut self, timer: Timer, late: Uptime) {
        let at = self.now;
        match timer {
            Timer::Gesture => {
                if let Some(gesture) = self.gestures.expire(at) {
                    self.decided(gesture);
                }
            }
            Timer::Question => {
                self.drop_question();
            }
            Timer::Silence => {
                self.hearing.run_silent();
                if self.session().is_some_and(|session| session.alone) {
                    self.tell(Tone::PressureOff);
                }
                self.judge();
            }
            Timer::AlarmOverdue => {
                self.alarms.run_overdue(at);
                self.judge();
            }
            Timer::SayAgain => {
                self.play(Sound::NotHeard);
                self.hearing.said(late);
            }
            Timer::Display => self.display.expire(at),
            Timer::AlarmAgain => self.alarms.run_again(at),
            Timer::Beat => {
                if let Some(link) = &mut self.link {
                    link.beat_at = None;
                }
            }
            Timer::NoProgress => self.outbox.rewind(),
            Timer::StoreAgain => self.outbox.store_again(at),
        }
    }

    fn next_timer(&self) -> Option<(Uptime, Timer)> {
        let due = |timer: Timer| self.deadline(timer).map(|at| (at, timer));
        Timer::ALL.into_iter().filter_map(due).min_by_key(|(at, _)| *at)
    }

    /// Judges whether somebody listens, after something that may have changed it.
    fn judge(&mut self) {
        if self.session().is_none() {
            return;
        }
        match self.hearing.judge(self.now, self.alarms.is_overdue()) {
            Change::None | Change::HeardAgain => {}
            Change::NoLongerHeard => {
                self.withdraw_more();
                self.play(Sound::NotHeard);
            }
        }
    }

    fn say_not_heard(&mut self) {
        self.play(Sound::NotHeard);
        if !self.hearing.is_heard() {
            self.hearing.said(self.now);
        }
    }

    /// "More?" is asked no longer, because what it was asked in has passed.
    fn withdraw_more(&mut self) {
        match self.question {
            Question::More { .. } | Question::MoreTouched => self.question = Question::None,
            Question::None | Question::TakeOver { .. } => {}
        }
    }

    /// Ends whatever is asked, and gives it. A clicker not given over now is not asked for again on this connection.
    fn drop_question(&mut self) -> Question {
        if let (Question::TakeOver { session, .. }, Some(link)) = (self.question, &mut self.link) {
            link.declined = Some(session.id);
        }
        core::mem::replace(&mut self.question, Question::None)
    }

    /// What gestures obey now, `None` outside a session.
    fn shown_now(&self) -> Option<Shown> {
        self.session()?;
        Some(if self.hearing.is_heard() { self.shown } else { Shown { mode: Mode::Rate, ..self.shown } })
    }

    fn face_now(&self) -> Face {
        if self.gestures.covered() {
            return Face::Covered;
        }
        if self.alarms.is_sharp_pending() {
            return Face::Sharp;
        }
        match self.question {
            Question::TakeOver { .. } => return Face::TakeOver,
            Question::More { .. } | Question::MoreTouched => return Face::AskMore,
            Question::None => {}
        }
        let idle = if self.is_heard() { Face::Blank } else { Face::NotHeard };
        self.display.lit(self.dial).unwrap_or(idle)
    }

    fn play(&mut self, sound: Sound) {
        // One handling gives fewer sounds than there are places. Were it otherwise, the earlier ones matter more.
        let _ = self.sounds.push_back(sound);
    }
}
