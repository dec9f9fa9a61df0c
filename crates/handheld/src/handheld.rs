//! The state machine of the clicker: handles events and produces outputs.
//!
//! It performs no I/O. Only sounds are queued; every other output is derived from the state when
//! [`Handheld::poll_output`] is called, so nothing overflows, and an alarm waits only for what is already in the
//! Bluetooth stack.

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

/// Maximum number of reports in the Bluetooth stack. Its queue has no priorities, so an alarm waits for these.
pub const STACK_SLOTS: u8 = 2;

/// Heartbeat interval from settling to releasing: the laptop calls a link stale after 1 s of silence, so three beats in
/// a row may be lost.
pub const BEAT_INTERVAL_PRESSING: Duration = Duration::from_millis(250);

/// Heartbeat interval otherwise: half the air time, and one lost beat does not make the link stale.
pub const BEAT_INTERVAL: Duration = Duration::from_millis(500);

/// Interval between unanswered hellos: short enough that a lost one does not delay a session noticeably.
pub const HELLO_INTERVAL: Duration = Duration::from_secs(1);

/// Hellos sent at that interval while no session is open. A laptop that has missed ten is not waiting for one.
pub const FAST_HELLOS: u8 = 10;

/// Interval after that. These hellos only show that the link is alive: a laptop drops a link after 8 s of silence, so
/// one may be lost. With a latency of 22 and an interval of 30 or 45 ms the clicker takes part in a connection event
/// every 690 or 1,035 ms. 2,750 ms is slightly less than four times 690 ms, so a hello goes out in the fourth such
/// event instead of waking the radio for itself; with 1,035 ms it goes out in the third, which comes a third of a
/// period early for it. Just below 2,070 ms, three periods of 690 ms and two of 1,035 ms, none would come early, but
/// there would be more hellos, which cost as much.
pub const SLOW_HELLO_INTERVAL: Duration = Duration::from_millis(2750);

/// How long "more?" waits for the logo.
pub const MORE_TIMEOUT: Duration = Duration::from_secs(3);

/// How long the question waits whether another laptop may take the clicker.
pub const TAKE_OVER_TIMEOUT: Duration = Duration::from_secs(10);

/// The most sounds one event can cause: a tick for each event waiting for storage, and one per timer.
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

/// The mode in force, and the number of its `Show`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct ActiveMode {
    mode: Mode,
    number: u16,
}

/// State of the clicker when a button went down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Context {
    /// `None` outside a session.
    active: Option<ActiveMode>,
    answers: Answers,
}

/// The clicker's own question that a press may answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answers {
    Nothing,
    More,
    TakeOver,
}

/// The question the clicker itself is asking.
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

/// A subscribed laptop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Link {
    bond: Bond,
    /// Free slots in the stack.
    room: u8,
    hello: Hello,
    /// Hellos sent since the link came up or a session ended.
    hellos_sent: u8,
    /// When the next beat is due; `None` if it is due now.
    beat_at: Option<Uptime>,
    /// The session for which a takeover was declined on this connection.
    declined: Option<u32>,
}

/// State of the hello, from which the laptop learns the open session and the next event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hello {
    Due,
    Sent {
        again: Uptime,
    },
    /// A session is open, and an acknowledgement shows that the laptop knows the next event.
    Answered,
}

impl Handheld {
    /// Starts at [`Uptime::START`] with the state read from storage. There is no rating.
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

    /// Handles an event at `now`, after running every timer due by then. A `now` earlier than the last one counts as
    /// the last one.
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

    /// Runs every timer due by `now`, each at its own time.
    pub fn handle_timeout(&mut self, now: Uptime) {
        let now = now.max(self.now);
        while let Some((at, timer)) = self.next_timer().filter(|(at, _)| *at <= now) {
            self.now = at.max(self.now);
            self.run(timer, now);
        }
        self.now = now;
    }

    /// The next action, `None` if there is none until the next event or timer.
    pub fn poll_output(&mut self) -> Option<Output> {
        if let Some(report) = self.transmit() {
            return Some(Output::Send(report));
        }
        // Deleting comes before the new owner, so that a reset in between never hands it the old owner's events.
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

    /// The rating on the dial, `None` if there is none.
    #[must_use]
    pub const fn dial(&self) -> Option<Dial> {
        self.dial
    }

    /// The mode gestures are interpreted in: the one shown, or `Rate` while the laptop does not respond. `None` outside
    /// a session.
    #[must_use]
    pub fn mode(&self) -> Option<Mode> {
        self.active_mode().map(|active| active.mode)
    }

    /// Number of accepted events that the laptop has not acknowledged.
    #[must_use]
    pub const fn unacknowledged(&self) -> usize {
        self.outbox.len()
    }

    /// The display as of the last [`Output::Display`].
    #[must_use]
    pub const fn display(&self) -> Display {
        self.display_timer.drawn()
    }

    /// Whether the laptop responds. Always true outside a session.
    #[must_use]
    pub fn is_heard(&self) -> bool {
        self.session().is_none() || self.liveness.is_heard()
    }

    /// Whether touches of the logo can have a meaning, so that the board has to sample it: in a session, until the
    /// clicker rests.
    #[must_use]
    pub fn needs_logo(&self) -> bool {
        self.session().is_some() && !self.is_resting()
    }
}

/// Helpers shared by the parts below.
impl Handheld {
    /// Re-evaluates whether the laptop responds.
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

    /// Whether there was no pulse and no touch for so long that the clicker stops announcing it. An alarm that is not
    /// stored prevents that.
    fn is_resting(&self) -> bool {
        self.liveness.is_resting(self.now) && !self.alarms.is_pending()
    }

    /// Cancels "more?", because the situation it was asked in has passed.
    fn cancel_more(&mut self) {
        match self.question {
            Question::More { .. } | Question::MoreTouched => self.question = Question::None,
            Question::None | Question::TakeOver { .. } => {}
        }
    }

    /// Ends and returns the question. A takeover declined now is not asked for again on this connection.
    fn drop_question(&mut self) -> Question {
        if let (Question::TakeOver { session, .. }, Some(link)) = (self.question, &mut self.link) {
            link.declined = Some(session.id);
        }
        core::mem::replace(&mut self.question, Question::None)
    }

    /// The mode gestures are interpreted in, `None` outside a session.
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
        // One event causes fewer sounds than the queue holds. If it were full, the earlier sounds would matter more.
        let _ = self.sounds.push_back(sound);
    }
}
