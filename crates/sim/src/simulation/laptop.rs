//! The laptop of a simulation: the session as its program drives it, the disk below it, and what can happen to both.
//!
//! Its program knows of the world's time what its two clocks say, as the real one does: a laptop that stands still is
//! suspended, and only the wall clock tells of it.

use std::collections::VecDeque;
use std::time::Duration;

use coach::{Key, Moment, Prompt, View};
use jiff::{SignedDuration, Timestamp};
use session::timeline::{Pace, Reading, Timeline, again_at};
use session::{Input, Opening, Output, ResumeError, Session};
use transcript::{Entry, Header, SetupError};
use wire::{Cue, Frame};

use super::stopped::Stopped;
use super::storage::Storage;
use crate::Time;

/// What a laptop asks of the world around it.
#[derive(Debug)]
pub(super) enum Asked {
    /// Put this on the air.
    Send(Cue),
    /// This is said aloud.
    Speak(Prompt),
    /// This came about.
    Happened(Entry),
}

/// The laptop.
#[derive(Debug)]
pub(super) struct Laptop<S> {
    header: Header,
    opening: Opening,
    power: Power,
    timeline: Timeline,
    /// For how long it was suspended, since the world began.
    suspended: Duration,
    /// What the link gave while the laptop stood still.
    inbox: VecDeque<Arrived>,
    disk: Disk<S>,
    /// The screen as it was last.
    view: View,
    finished: bool,
}

#[derive(Debug)]
enum Power {
    Awake(Session),
    /// It stands still from the first moment until the second.
    Still(Session, Time, Time),
    /// The program was killed, and starts again at this moment.
    Gone(Time),
    /// It was killed when all was stored: there is nothing to take up again.
    Over,
}

#[derive(Debug)]
enum Arrived {
    Connected,
    Disconnected,
    Frame(Frame),
}

#[derive(Debug)]
struct Disk<S> {
    storage: S,
    takes: Duration,
    failing: Failing,
    writing: Option<Writing>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Failing {
    No,
    Until(Option<Time>),
}

#[derive(Debug)]
struct Writing {
    done: Time,
    batch: u64,
    entries: Vec<Entry>,
}

/// The wall time of every resumption. Simulated laptops know of no other, and it steers nothing.
const WALL: &str = "2026-01-01T00:00:00Z";

impl<S: Storage> Laptop<S> {
    pub(super) fn begin(
        header: Header,
        opening: Opening,
        storage: S,
        takes: Duration,
    ) -> Result<Self, SetupError> {
        let session = Session::begin(header.clone(), opening)?;
        Ok(Self {
            header,
            opening,
            view: session.view(Moment::START).coach,
            power: Power::Awake(session),
            timeline: Timeline::new(Pace::REAL, Moment::START, reading(Time::START, Duration::ZERO)),
            suspended: Duration::ZERO,
            inbox: VecDeque::new(),
            disk: Disk { storage, takes, failing: Failing::No, writing: None },
            finished: false,
        })
    }

    pub(super) const fn finished(&self) -> bool {
        self.finished
    }

    /// Whether the program runs, even if it stands still.
    pub(super) const fn is_on(&self) -> bool {
        matches!(self.power, Power::Awake(_) | Power::Still(..))
    }

    pub(super) const fn is_awake(&self) -> bool {
        matches!(self.power, Power::Awake(_))
    }

    pub(super) const fn storage(&self) -> &S {
        &self.disk.storage
    }

    pub(super) fn into_storage(self) -> S {
        self.disk.storage
    }

    pub(super) fn view(&self, now: Time) -> View {
        match &self.power {
            Power::Awake(session) => session.view(self.moment(now)).coach,
            Power::Still(..) | Power::Gone(_) | Power::Over => self.view,
        }
    }

    /// What the program has for its screen; nothing, while it does not run.
    pub(super) fn program_view(&self, now: Time) -> Option<session::View> {
        match &self.power {
            Power::Awake(session) => Some(session.view(self.moment(now))),
            Power::Still(..) | Power::Gone(_) | Power::Over => None,
        }
    }

    /// Whether the clicker has taken up the mode that is shown.
    pub(super) fn acknowledged(&self, now: Time) -> bool {
        match &self.power {
            Power::Awake(session) => session.view(self.moment(now)).acknowledged,
            Power::Still(..) | Power::Gone(_) | Power::Over => false,
        }
    }

    pub(super) fn due(&self) -> Option<Time> {
        match &self.power {
            Power::Awake(session) => {
                let timer = session.poll_timeout().map(|due| Time::from_millis(due.at.as_millis()));
                let disk = self.disk.writing.as_ref().map(|writing| writing.done);
                timer.into_iter().chain(disk).min()
            }
            Power::Still(_, _, until) | Power::Gone(until) => Some(*until),
            Power::Over => None,
        }
    }

    /// Runs what is due: the end of a standstill or of a restart, what the disk has done, the session's timers.
    pub(super) fn handle_timeout(&mut self, now: Time) -> Result<(), Stopped> {
        self.wake(now)?;
        let now_there = self.moment(now);
        let Power::Awake(session) = &mut self.power else { return Ok(()) };
        match self.disk.writing.take_if(|writing| writing.done <= now) {
            Some(Writing { batch, entries, .. }) => {
                let input = match self.disk.write(now, &entries) {
                    true => Input::Stored { batch },
                    false => Input::StoreFailed { batch },
                };
                // Timers run first in any case.
                session.handle(now_there, input);
            }
            None => session.handle_timeout(now_there),
        }
        Ok(())
    }

    /// What time it is in the session, as its program reckons.
    fn moment(&self, now: Time) -> Moment {
        self.timeline.at(reading(now, self.suspended).monotonic)
    }

    /// The next thing to carry away.
    pub(super) fn poll(&mut self, now: Time) -> Option<Asked> {
        let Power::Awake(session) = &mut self.power else { return None };
        loop {
            match session.poll_output()? {
                Output::Store { batch, entries } => {
                    self.disk.writing = Some(Writing { done: now + self.disk.takes, batch, entries });
                }
                Output::Send(cue) => return Some(Asked::Send(cue)),
                Output::Speak(prompt) => return Some(Asked::Speak(prompt)),
                Output::Happened(entry) => return Some(Asked::Happened(entry)),
                Output::Notice(_) => {}
                Output::Finished => self.finished = true,
            }
        }
    }

    pub(super) fn connected(&mut self, now: Time) {
        self.arrived(now, Arrived::Connected);
    }

    pub(super) fn disconnected(&mut self, now: Time) {
        self.arrived(now, Arrived::Disconnected);
    }

    pub(super) fn frame(&mut self, now: Time, frame: Frame) {
        self.arrived(now, Arrived::Frame(frame));
    }

    /// A key is pressed. Nobody reads it while the laptop stands still or is dark.
    pub(super) fn key(&mut self, now: Time, key: Key) {
        let now = self.moment(now);
        if let Power::Awake(session) = &mut self.power {
            session.handle(now, Input::Key(key));
        }
    }

    /// The laptop stands still, as in suspend.
    pub(super) fn stand_still(&mut self, now: Time, lasting: Duration) {
        self.view = self.view(now);
        self.power = match std::mem::replace(&mut self.power, Power::Gone(now)) {
            Power::Awake(session) => Power::Still(session, now, now + lasting),
            still @ (Power::Still(..) | Power::Gone(_) | Power::Over) => still,
        };
    }

    /// The program is killed without warning. A batch that was being written is on the disk or is not: every other
    /// one is.
    pub(super) fn kill(&mut self, now: Time, gone: Duration) {
        self.view = self.view(now);
        if let Power::Gone(_) | Power::Over = self.power {
            return;
        }
        self.power = Power::Gone(now + gone);
        self.inbox.clear();
        if let Some(writing) = self.disk.writing.take()
            && writing.batch.is_multiple_of(2)
        {
            self.disk.write(now, &writing.entries);
        }
    }

    pub(super) const fn disk_takes(&mut self, takes: Duration) {
        self.disk.takes = takes;
    }

    pub(super) const fn disk_fails(&mut self, until: Option<Time>) {
        self.disk.failing = Failing::Until(until);
    }

    pub(super) const fn disk_recovers(&mut self) {
        self.disk.failing = Failing::No;
    }

    /// Everything that has come about is written, without waiting for the disk.
    pub(super) fn flush(&mut self, now: Time) -> Result<(), Stopped> {
        self.wake(now)?;
        let now_there = self.moment(now);
        while let (Power::Awake(session), Some(writing)) = (&mut self.power, self.disk.writing.take()) {
            if !self.disk.write(now, &writing.entries) {
                return Ok(());
            }
            session.handle(now_there, Input::Stored { batch: writing.batch });
            while let Some(output) = session.poll_output() {
                if let Output::Store { batch, entries } = output {
                    self.disk.writing = Some(Writing { done: now, batch, entries });
                }
            }
        }
        Ok(())
    }

    /// Ends a standstill or a restart whose time has come.
    fn wake(&mut self, now: Time) -> Result<(), Stopped> {
        match &mut self.power {
            Power::Still(_, _, until) | Power::Gone(until) if *until > now => return Ok(()),
            Power::Awake(_) | Power::Over => return Ok(()),
            Power::Still(..) => self.wake_up(now),
            Power::Gone(_) => self.start_again(now)?,
        }
        Ok(())
    }

    fn arrived(&mut self, now: Time, arrived: Arrived) {
        let now = self.moment(now);
        match &mut self.power {
            Power::Awake(session) => arrived.give(session, now),
            Power::Still(..) => self.inbox.push_back(arrived),
            Power::Gone(_) | Power::Over => {}
        }
    }

    fn wake_up(&mut self, now: Time) {
        let Power::Still(mut session, since, _) = std::mem::replace(&mut self.power, Power::Gone(now)) else {
            return;
        };
        self.suspended += Duration::from_millis(now.since(since));
        // What it waited for comes after it woke: nothing waits for a laptop that sleeps.
        let turn = self.timeline.turn(reading(now, self.suspended), Moment::from_millis(u64::MAX));
        if let Some(gap) = turn.gap {
            session.handle(turn.now, Input::Gap(gap));
        }
        for arrived in self.inbox.drain(..) {
            arrived.give(&mut session, turn.now);
        }
        self.power = Power::Awake(session);
    }

    fn start_again(&mut self, now: Time) -> Result<(), Stopped> {
        let entries = self.disk.storage.entries().map_err(Stopped::Storage)?;
        let session = if entries.is_empty() {
            // Killed before anything was stored: nothing is lost, since nothing was acknowledged.
            Session::begin(self.header.clone(), self.opening)
                .map_err(|error| Stopped::Storage(error.into()))?
        } else {
            let (clocks, last) =
                (reading(now, self.suspended), entries.last().map_or(Moment::START, Entry::at));
            let again = again_at(Some(Timestamp::UNIX_EPOCH), clocks.wall, last);
            self.timeline = Timeline::new(Pace::REAL, again, clocks);
            match Session::resume(&entries, self.opening, again, WALL) {
                Ok(session) => session,
                Err(ResumeError::Over) => {
                    self.finished = true;
                    self.power = Power::Over;
                    return Ok(());
                }
                Err(error) => return Err(Stopped::Resume(error)),
            }
        };
        self.power = Power::Awake(session);
        Ok(())
    }
}

impl<S: Storage> Disk<S> {
    /// Whether the batch is on the disk.
    fn write(&mut self, now: Time, entries: &[Entry]) -> bool {
        let fails = match self.failing {
            Failing::No => false,
            Failing::Until(until) => until.is_none_or(|until| now < until),
        };
        !fails && self.storage.append(entries).is_ok()
    }
}

impl Arrived {
    fn give(self, session: &mut Session, now: Moment) {
        match self {
            Self::Connected => session.handle(now, Input::Connected),
            Self::Disconnected => session.handle(now, Input::Disconnected),
            Self::Frame(frame) => session.handle(now, Input::Frame(frame.as_bytes())),
        }
    }
}

/// Both clocks of a laptop that was suspended for so long. The session begins with the world, and so does its wall clock.
fn reading(now: Time, suspended: Duration) -> Reading {
    let since = Duration::from_millis(now.as_millis());
    let wall =
        SignedDuration::try_from(since).ok().and_then(|since| Timestamp::UNIX_EPOCH.checked_add(since).ok());
    Reading { monotonic: since.saturating_sub(suspended), wall: wall.unwrap_or(Timestamp::MAX) }
}
