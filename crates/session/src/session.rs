//! The conductor: passes what happened between the coach, the clicker and the disk.
//!
//! Each part judges one thing and does not know the others. Connections, reports and timers have modules of their own.

mod handshake;
mod reports;
mod timers;

use std::collections::VecDeque;

use coach::{Coach, Key, Link, Moment, StoreState};
use transcript::{Entry, Header, Kind, SetupError};
use wire::Cue;

use crate::delivery::Delivery;
use crate::freshness::Freshness;
use crate::handshake::{Handshake, Opening};
use crate::lateness::Lateness;
use crate::mode_sync::ModeSync;
use crate::output::{FrameCounts, Notice, Output, View};
use crate::resume::{self, ResumeError};
use crate::write_queue::WriteQueue;
use crate::{Input, translate};

/// One session, from the first question to the last entry on the disk.
#[derive(Debug, Clone)]
pub struct Session {
    opening: Opening,
    coach: Coach,
    delivery: Delivery,
    lateness: Lateness,
    freshness: Freshness,
    handshake: Handshake,
    mode_sync: ModeSync,
    write_queue: WriteQueue,
    pulse: Option<Moment>,
    /// Whether the last beat counts an event or alarm that has not arrived.
    events_pending: bool,
    life: Life,
    frames: FrameCounts,
    outputs: VecDeque<Output>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Life {
    Running,
    /// The coach has finished.
    Ending {
        since: Moment,
    },
    /// Everything is on the disk and the Bye has been sent.
    Ended,
}

impl Session {
    /// Begins a session at [`Moment::START`]. Its first batch, with the header, waits in [`Session::poll_output`].
    ///
    /// # Errors
    /// Where the header gives no session.
    pub fn begin(header: Header, opening: Opening) -> Result<Self, SetupError> {
        let coach = Coach::begin(header.setup()?);
        let mut session = Self::around(coach, opening, Moment::START);
        session.record(Entry::new(Moment::START, Kind::Session(Box::new(header))));
        session.drain();
        session.settle(Moment::START);
        Ok(session)
    }

    /// Takes a stored session up again: the coach is run through the stored inputs, and learns that the session was
    /// interrupted. `now` is on the clock of the session, not before its last entry; `wall` the wall time as RFC 3339.
    ///
    /// # Errors
    /// If the transcript has no usable header, is over, or differs from a replay of its inputs.
    pub fn resume(
        entries: &[Entry],
        opening: Opening,
        now: Moment,
        wall: impl Into<String>,
    ) -> Result<Self, ResumeError> {
        let resume::Rebuilt { coach, delivery, reached } = resume::rebuild(entries)?;
        let now = now.max(reached);
        let mut session = Self { delivery, ..Self::around(coach, opening, reached) };
        session.feed(now, Kind::Resumed { wall: wall.into() });
        session.settle(now);
        Ok(session)
    }

    fn around(coach: Coach, opening: Opening, now: Moment) -> Self {
        let view = coach.view(now);
        Self {
            opening,
            coach,
            delivery: Delivery::default(),
            lateness: Lateness::default(),
            freshness: Freshness::new(),
            handshake: Handshake::Apart,
            mode_sync: ModeSync::new(view.mode, view.question),
            write_queue: WriteQueue::new(),
            pulse: None,
            events_pending: false,
            life: Life::Running,
            frames: FrameCounts::default(),
            outputs: VecDeque::new(),
        }
    }

    /// Takes in what happened at `now`. Timers due by then are run first, except before a gap.
    pub fn handle(&mut self, now: Moment, input: Input<'_>) {
        match input {
            Input::Gap(stood) => self.gap(now, stood),
            Input::Connected => {
                self.run(now);
                self.connected(now);
            }
            Input::Disconnected => {
                self.run(now);
                self.disconnected(now);
            }
            Input::Frame(bytes) => {
                self.run(now);
                self.frame(now, bytes);
            }
            Input::Key(key) => {
                self.run(now);
                self.key(now, key);
            }
            Input::Note(text) => {
                self.run(now);
                self.record(Entry::new(now, Kind::Note { text: text.to_owned(), wall: None, edits: None }));
            }
            Input::Stored { batch } => {
                self.run(now);
                self.stored(now, batch);
            }
            Input::StoreFailed { batch } => {
                self.run(now);
                self.store_failed(now, batch);
            }
        }
        self.settle(now);
    }

    /// Runs every timer due by `now`.
    pub fn handle_timeout(&mut self, now: Moment) {
        self.run(now);
        self.settle(now);
    }

    /// The next thing to do.
    pub fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// The state at `now`, for screens, scripts and tests.
    #[must_use]
    pub fn view(&self, now: Moment) -> View {
        View {
            coach: self.coach.view(now),
            connected: self.handshake.open(),
            acknowledged: self.handshake.open() && self.mode_sync.is_acknowledged(),
            unstored: self.write_queue.unstored(),
            store_failing: self.write_queue.failing(),
            frames: self.frames,
        }
    }
}

/// The partner, the disk, the coach.
impl Session {
    fn key(&mut self, now: Moment, key: Key) {
        self.feed(now, key.into());
    }

    fn stored(&mut self, now: Moment, batch: u64) {
        let Some(stored) = self.write_queue.stored(batch) else { return };
        for cue in self.delivery.stored(&stored.receipts) {
            self.send(Some(cue));
        }
        if stored.recovered {
            self.feed(now, StoreState::Recovered.into());
        }
    }

    fn store_failed(&mut self, now: Moment, batch: u64) {
        let Some(failed) = self.write_queue.failed(batch, now) else { return };
        self.outputs.push_back(Output::Notice(Notice::StoreFailed { batch, retry: failed.retry }));
        if failed.first {
            self.feed(now, StoreState::Failed.into());
        }
    }

    fn feed_link(&mut self, now: Moment, link: Option<Link>) {
        if let Some(link) = link {
            self.feed(now, link.into());
        }
    }

    /// Records what happened and lets the coach hear exactly what was recorded.
    fn feed(&mut self, now: Moment, kind: Kind) {
        let input = kind.input();
        self.record(Entry::new(now, kind));
        if let Some(input) = input {
            self.coach.handle(now, input);
            self.drain();
            self.watch(now);
        }
    }

    fn drain(&mut self) {
        while let Some((at, output)) = self.coach.poll_output() {
            Entry::of_output(at, output).into_iter().for_each(|entry| self.record(entry));
            match output {
                coach::Output::Prompt(prompt) => self.outputs.push_back(Output::Speak(prompt)),
                coach::Output::Tone(tone) => self.steer(Some(Cue::Play { tone: translate::tone(tone) })),
                coach::Output::Finished(_) => self.life = Life::Ending { since: at },
                coach::Output::Phase { .. }
                | coach::Output::Spot(_)
                | coach::Output::Rating { .. }
                | coach::Output::Nudge(_)
                | coach::Output::Ask(_)
                | coach::Output::Felt { .. }
                | coach::Output::Sharp
                | coach::Output::Freshness(_)
                | coach::Output::Refused { .. }
                | coach::Output::Hold(_)
                | coach::Output::Guess { .. }
                | coach::Output::Screening(_) => {}
            }
        }
    }

    /// Sends the mode to the clicker if the coach changed it.
    fn watch(&mut self, now: Moment) {
        let coach::View { mode, question, .. } = self.coach.view(now);
        let cue = self.mode_sync.want(now, mode, question);
        self.steer(cue);
    }

    fn record(&mut self, entry: Entry) {
        self.outputs.push_back(Output::Happened(entry.clone()));
        self.write_queue.record(entry);
    }

    /// Whether there is a clicker that the session has not been closed on.
    fn on_air(&self) -> bool {
        self.handshake.open() && self.life != Life::Ended
    }

    /// Sends what only a running session has to say.
    fn steer(&mut self, cue: Option<Cue>) {
        if self.life != Life::Ended {
            self.send(cue);
        }
    }

    fn send(&mut self, cue: Option<Cue>) {
        self.outputs.extend(cue.filter(|_| self.handshake.open()).map(Output::Send));
    }

    fn bye(&mut self) {
        self.send(Some(Cue::Bye { session: self.opening.session.get() }));
    }
}
