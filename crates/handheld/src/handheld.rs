//! The clicker as a whole: what each event does, and what is to be done next.
//!
//! It decides and never does: no radio, no flash, no lights, no clock. Sounds alone are queued; all else there is to
//! do is read off the state when [`Handheld::poll_output`] asks, so that nothing can overflow and an alarm never waits
//! behind anything but what lies in the Bluetooth stack already.

mod input;
mod link;
mod timers;

use core::time::Duration;

use heapless::Deque;
use wire::{Dial, Mode};

use crate::alarms::Alarms;
use crate::display::Display;
use crate::display_timer::DisplayTimer;
use crate::event::{Bond, Event, Output, Owner, Session, Setup};
use crate::gestures::Gestures;
use crate::liveness::{Change, Liveness};
use crate::outbox::{Outbox, Outcome, StoreRequest};
use crate::sound::Sound;
use crate::time::Uptime;

/// How many reports lie in the Bluetooth stack at most: its queue cannot be overtaken, so an alarm waits for these.
pub const STACK_SLOTS: u8 = 2;

/// From settling to releasing: a link is Stale after 1 s of silence, so three beats in a row may fail.
pub const BEAT_INTERVAL_PRESSING: Duration = Duration::from_millis(250);

/// Otherwise: half the air time, and one lost beat is no Stale link.
pub const BEAT_INTERVAL: Duration = Duration::from_millis(500);

/// Between two hellos_sent that nobody answers: a lost one keeps a session waiting no longer than a person notices.
pub const HELLO_INTERVAL: Duration = Duration::from_secs(1);

/// So many of them, while no session is open. A laptop that has missed all of ten is not waiting for one.
pub const FAST_HELLOS: u8 = 10;

/// Between two after that: they only show that the link is alive, and a laptop gives up one that is silent for 8 s, so one
/// may be lost. A clicker that sleeps through 22 connection events of 30 or 45 ms takes part in one every 690 or 1,035 ms. This
/// is a little less than four turns of the first, so that a hello rides in the fourth instead of waking the radio for itself;
/// of the second it rides in the third, which comes a third of a turn early for it. Just below 2,070 ms, three turns of the
/// first and two of the second, none would come early, but there would be more hellos_sent, which cost as much.
pub const SLOW_HELLO_INTERVAL: Duration = Duration::from_millis(2750);

/// "More?" stands for this long.
pub const MORE_TIMEOUT: Duration = Duration::from_secs(3);

/// The question whether another laptop may take the clicker stands for this long.
pub const TAKE_OVER_TIMEOUT: Duration = Duration::from_secs(10);

/// Sounds that one event can give at most: a tick for each event waiting for storage and one a timer.
const SOUND_QUEUE: usize = 16;

/// The clicker's logic. See the [crate's documentation](crate) for the one rule of its use.
#[derive(Debug, Clone)]
pub struct Handheld {
    now: Uptime,
    gestures: Gestures<Context>,
    dial: Option<Dial>,
    active: ActiveMode,
    question: Question,
    owner: Option<Owner>,
    owner_to_keep: bool,
    liveness: Liveness,
    link: Option<Link>,
    outbox: Outbox,
    alarms: Alarms,
    display_timer: DisplayTimer,
    sounds: Deque<Sound, SOUND_QUEUE>,
}

/// The grammar in force, and the number by which the laptop knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct ActiveMode {
    mode: Mode,
    number: u16,
}

/// What the clicker was showing when a button went down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Context {
    /// `None` outside a session.
    active: Option<ActiveMode>,
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
    hello: Hello,
    /// How many have been said since the link came up or a session ended.
    hellos_sent: u8,
    /// When the next beat is due; `None` where it is now.
    beat_at: Option<Uptime>,
    /// The session for which the clicker was not given over on this connection.
    declined: Option<u32>,
}

/// Where the word stands by which the laptop learns whose session is open and where the order goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hello {
    Due,
    Sent {
        again: Uptime,
    },
    /// A session is open, and what the laptop acknowledges shows that it knows where the order goes on.
    Answered,
}

impl Handheld {
    /// Starts at [`Uptime::START`] with what storage holds. There is no rating, whatever it was before.
    #[must_use]
    pub fn new(setup: Setup) -> Self {
        Self {
            now: Uptime::START,
            gestures: Gestures::new(),
            dial: None,
            active: ActiveMode { mode: Mode::Rate, number: 0 },
            question: Question::None,
            owner: setup.owner,
            owner_to_keep: false,
            liveness: Liveness::new(Uptime::START),
            link: None,
            outbox: Outbox::new(setup.boot, setup.backlog),
            alarms: Alarms::new(),
            display_timer: DisplayTimer::new(),
            sounds: Deque::new(),
        }
    }

    /// Takes in what happened at `now`, after running every timer due by then. A `now` before an earlier one is taken
    /// for that one.
    pub fn handle(&mut self, now: Uptime, event: Event) {
        self.handle_timeout(now);
        match event {
            Event::Button(button, edge) => self.on_edge(button, edge),
            Event::LinkUp(bond) => self.link_up(bond),
            Event::LinkDown => self.link_down(),
            Event::Cue(cue) => self.cue(cue),
            Event::Sent => {
                if let Some(link) = &mut self.link {
                    link.room = link.room.saturating_add(1).min(STACK_SLOTS);
                }
            }
            Event::Store(answer) => match self.outbox.answer(self.now, answer) {
                Outcome::Nothing => {}
                Outcome::Kept(mode) => self.play(Sound::Tick(mode)),
                Outcome::Failed => self.refuse(self.now, Display::StoreFault),
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
        if let Some(request) = self.outbox.next_store_request() {
            return Some(match request {
                StoreRequest::Keep(entry) => Output::Keep(entry),
                StoreRequest::Fetch { from } => Output::Fetch { from },
            });
        }
        if let Some(display) = self.display_timer.draw(self.current_display()) {
            return Some(Output::Display(display));
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

    /// What a gesture means now: the grammar active, or the rating grammar where nobody hears. `None` outside a session.
    #[must_use]
    pub fn mode(&self) -> Option<Mode> {
        self.active_mode().map(|active| active.mode)
    }

    /// How many accepted events the laptop has not acknowledged yet.
    #[must_use]
    pub const fn unacknowledged(&self) -> usize {
        self.outbox.len()
    }

    /// What the lights say, as of the last [`Output::Display`].
    #[must_use]
    pub const fn display(&self) -> Display {
        self.display_timer.drawn()
    }

    /// Whether somebody listens, as far as the clicker can know. True outside a session, where nothing is to be heard.
    #[must_use]
    pub fn is_heard(&self) -> bool {
        self.session().is_none() || self.liveness.is_heard()
    }

    /// Whether the logo may mean something, so that a board has to look at it: in a session, until it is left alone.
    #[must_use]
    pub fn needs_logo(&self) -> bool {
        self.session().is_some() && !self.is_resting()
    }
}

/// What follows from the state, for all parts.
impl Handheld {
    /// Judges whether somebody listens, after something that may have changed it.
    fn update_liveness(&mut self) {
        if self.session().is_none() {
            return;
        }
        match self.liveness.update(self.now, self.alarms.is_overdue()) {
            Change::None | Change::Restored => {}
            Change::Lost => {
                self.cancel_more();
                self.play(Sound::NotHeard);
            }
        }
    }

    fn announce_not_heard(&mut self) {
        self.play(Sound::NotHeard);
        if !self.liveness.is_heard() {
            self.liveness.announced(self.now);
        }
    }

    /// Whether nobody has been heard or felt for so long that nobody is there to be told. An alarm that is not stored is told on.
    fn is_resting(&self) -> bool {
        self.liveness.is_resting(self.now) && !self.alarms.is_pending()
    }

    /// "More?" is asked no longer, because what it was asked in has passed.
    fn cancel_more(&mut self) {
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
    fn active_mode(&self) -> Option<ActiveMode> {
        self.session()?;
        Some(if self.liveness.is_heard() {
            self.active
        } else {
            ActiveMode { mode: Mode::Rate, ..self.active }
        })
    }

    fn current_display(&self) -> Display {
        if self.gestures.covered() {
            return Display::Covered;
        }
        if self.alarms.is_sharp_pending() {
            return Display::Sharp;
        }
        match self.question {
            Question::TakeOver { .. } => return Display::TakeOver,
            Question::More { .. } | Question::MoreTouched => return Display::AskMore,
            Question::None => {}
        }
        let idle = if self.is_heard() || self.is_resting() { Display::Blank } else { Display::NotHeard };
        self.display_timer.lit(self.dial).unwrap_or(idle)
    }

    fn play(&mut self, sound: Sound) {
        // One handling gives fewer sounds than there are places. Were it otherwise, the earlier ones matter more.
        let _ = self.sounds.push_back(sound);
    }
}
