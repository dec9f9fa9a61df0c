//! The conductor: joins the parts, each of which judges one thing and knows nothing of the others.

use core::time::Duration;
use std::collections::VecDeque;

use coach::{Coach, Key, Link, Moment, StoreState};
use transcript::{Entry, Header, Kind, SetupError};
use wire::{Cue, DecodeError, Report, Version};

use crate::delivery::{self, Delivery, EventId, Receipt, alarm_stored};
use crate::freshness::{Freshness, StreamOrder};
use crate::handshake::{Admission, Answered, Handshake, Opening};
use crate::lateness::Lateness;
use crate::mode_sync::ModeSync;
use crate::output::{Deadline, FrameCounts, Notice, Output, Timer, View};
use crate::resume::{self, ResumeError};
use crate::write_queue::WriteQueue;
use crate::{Input, translate};

/// Twice a second, so that the clicker's 2.5 s without a pulse are four lost ones in a row (product: not heard).
const PULSE: Duration = Duration::from_millis(500);

/// When the session is over, events that the clicker has but the laptop has not are waited for this long: five
/// repetitions of 400 ms. What comes later stays on the clicker.
const LAST_EVENTS: Duration = Duration::from_secs(2);

/// One sitting, from the first question to the last entry on the disk.
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
    /// Whether the clicker has told of an event or alarm that has not been taken.
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
    /// Everything is on the disk and the clicker has been told.
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
    /// Where the transcript gives no session, is over, or is not what its own inputs lead to.
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

    /// When to call [`Session::handle_timeout`] next.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Deadline> {
        let on_air = |at: Option<Moment>| at.filter(|_| self.on_air());
        let coach =
            self.coach.poll_timeout().map(|due| Deadline { at: due.at, timer: Timer::Coach(due.reason) });
        let others = [
            (self.freshness.deadline(), Timer::Silence),
            (on_air(self.handshake.deadline()), Timer::Welcome),
            (on_air(self.mode_sync.deadline()), Timer::Show),
            (on_air(self.pulse), Timer::Pulse),
            (self.write_queue.deadline(), Timer::Retry),
            (self.bye_at(), Timer::Bye),
        ];
        let others = others.into_iter().filter_map(|(at, timer)| at.map(|at| Deadline { at, timer }));
        coach.into_iter().chain(others).min_by_key(|deadline| deadline.at)
    }

    /// What there is to see.
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

/// Time.
impl Session {
    /// Runs the coach's timers and the link's silence in the order in which they fall due, whatever the driver's
    /// delay, then whatever else is due. With equal moments the coach's timers run first: so they do in a replay.
    fn run(&mut self, now: Moment) {
        loop {
            let silence = self.freshness.deadline().filter(|at| *at <= now);
            let until = silence.unwrap_or(now);
            if self.coach.poll_timeout().is_some_and(|due| due.at <= until) {
                self.coach.handle_timeout(until);
                self.drain();
                self.watch(until);
            }
            let Some(at) = silence else { break };
            let link = self.freshness.silent();
            self.feed_link(at, link);
        }
        if self.on_air() && self.handshake.deadline().is_some_and(|at| at <= now) {
            self.welcome(now);
        }
        if self.on_air() && self.mode_sync.deadline().is_some_and(|at| at <= now) {
            let cue = self.mode_sync.cue(now);
            self.steer(cue);
        }
        if let Some(due) = self.pulse.filter(|at| *at <= now) {
            // A pulse that was missed is not made up for: the clicker wants to know of the present.
            self.pulse = Some(if due + PULSE > now { due + PULSE } else { now + PULSE });
            let dial = self.freshness.dial().and_then(translate::dial);
            self.steer(Some(Cue::Pulse { show: self.mode_sync.number(), dial }));
        }
        if let Some((batch, entries)) = self.write_queue.retry(now) {
            self.outputs.push_back(Output::Store { batch, entries });
        }
    }

    /// The end of every call of the driver: what it brought about goes to the disk together.
    fn settle(&mut self, now: Moment) {
        if let Some((batch, entries)) = self.write_queue.write() {
            self.outputs.push_back(Output::Store { batch, entries });
        }
        if self.bye_at().is_some_and(|at| at <= now) {
            self.life = Life::Ended;
            self.bye();
            self.pulse = None;
            self.outputs.push_back(Output::Finished);
        }
    }

    /// When the clicker may be told that the session is over. Not before everything is on the disk.
    fn bye_at(&self) -> Option<Moment> {
        match self.life {
            Life::Ending { since } if self.write_queue.unstored() == 0 => {
                Some(if self.events_pending { since + LAST_EVENTS } else { since })
            }
            Life::Ending { .. } | Life::Running | Life::Ended => None,
        }
    }

    /// The coach knows from the gap that nothing is known of the link. What it had due as the gap began is said first.
    fn gap(&mut self, now: Moment, stood: Duration) {
        let ms = u64::try_from(stood.as_millis()).unwrap_or(u64::MAX);
        self.coach.handle_timeout(now - Duration::from_millis(ms));
        self.drain();
        self.lateness.gap(now);
        self.freshness.lose();
        self.feed(now, Kind::Gap { ms });
    }
}

/// The link.
impl Session {
    fn connected(&mut self, now: Moment) {
        if self.handshake.linked() {
            // Two connections without an end between them: the first has ended unseen.
            self.disconnected(now);
        }
        self.handshake.connected();
        self.lateness.connected(now);
    }

    fn disconnected(&mut self, now: Moment) {
        self.handshake.disconnected();
        self.apart(now);
    }

    /// Nothing is known any more of what the clicker shows or has.
    fn apart(&mut self, now: Moment) {
        self.mode_sync.forget();
        self.pulse = None;
        self.events_pending = false;
        let link = self.freshness.ended();
        self.feed_link(now, link);
    }

    fn frame(&mut self, now: Moment, bytes: &[u8]) {
        match wire::decode::<Report>(bytes) {
            Ok(report) => self.report(now, report),
            Err(error) => {
                use DecodeError::{Empty, Malformed, TooLong, UnknownMessage, UnknownValue};
                match error {
                    UnknownMessage { .. } | UnknownValue { .. } => self.frames.unknown += 1,
                    Malformed | Empty | TooLong => self.frames.malformed += 1,
                }
                self.outputs.push_back(Output::Notice(Notice::Unreadable(error)));
            }
        }
    }

    fn report(&mut self, now: Moment, report: Report) {
        let hello = matches!(report, Report::Hello { .. });
        let admission = match hello {
            true if self.handshake.linked() => Admission::Accepted,
            true => Admission::Rejected,
            // It would have to be welcomed first.
            false if self.life == Life::Ended && !self.handshake.open() => Admission::Rejected,
            false => self.handshake.report(),
        };
        match admission {
            Admission::Accepted => {}
            Admission::Unwelcomed => self.welcome(now),
            Admission::Rejected => {
                self.frames.rejected += 1;
                return;
            }
        }
        match report {
            Report::Hello { boot, first_boot, first_seq, version, session } => {
                self.hello(now, boot, EventId { boot: first_boot, seq: first_seq }, version, session);
            }
            Report::Clicked { boot, seq, uptime, show, means } => {
                self.boot(now, boot);
                self.event(now, EventId { boot, seq }, uptime, show, means);
            }
            Report::Alarm { boot, seq, uptime, what } => {
                self.boot(now, boot);
                self.alarm(now, EventId { boot, seq }, uptime, what);
            }
            Report::Beat { boot, uptime, dial, next, show, alarm } => {
                self.boot(now, boot);
                self.beat(now, EventId { boot, seq: next }, uptime, dial, show, alarm);
            }
        }
    }

    fn hello(&mut self, now: Moment, boot: u16, first: EventId, clicker: Version, session: u32) {
        if !Version::CURRENT.is_compatible_with(clicker) {
            self.reject(now, Notice::OtherVersion { clicker, laptop: Version::CURRENT });
            return;
        }
        match self.delivery.hello(boot, first) {
            delivery::HelloCheck::Welcome => {}
            delivery::HelloCheck::Lost { from: EventId { boot, seq } } => {
                self.outputs.push_back(Output::Notice(Notice::EventsLost { boot, from: seq, to: first.seq }));
            }
            delivery::HelloCheck::Stranger { known } => {
                self.reject(now, Notice::OtherClicker { boot, known });
                return;
            }
        }
        self.boot(now, boot);
        if self.life == Life::Ended {
            self.hello_after_the_end(session);
            return;
        }
        if session != self.opening.session.get() {
            self.welcome(now);
            return;
        }
        match self.handshake.answered() {
            // It goes on. The welcome tells whether the receiver is alone, which may have changed.
            Answered::Unasked => self.say_welcome(now),
            Answered::Asked => {
                // What was made before is of another session, or of a time without a link.
                self.lateness.connected(now);
                self.bring_up_to_date(now);
            }
            Answered::Again => self.bring_up_to_date(now),
        }
    }

    fn reject(&mut self, now: Moment, notice: Notice) {
        if self.handshake.reject() {
            self.outputs.push_back(Output::Notice(notice));
        }
        self.apart(now);
    }

    /// Welcomes the clicker to a session that is not known to be open there.
    fn welcome(&mut self, now: Moment) {
        self.handshake.welcome(now);
        self.say_welcome(now);
    }

    fn say_welcome(&mut self, now: Moment) {
        let Opening { session, alone } = self.opening;
        self.send(Some(Cue::Welcome { session: session.get(), version: Version::CURRENT, alone }));
        self.bring_up_to_date(now);
    }

    /// Tells the clicker what is on the disk and what it is to show.
    fn bring_up_to_date(&mut self, now: Moment) {
        let acknowledgement = self.delivery.acknowledgement();
        self.send(acknowledgement);
        let show = self.mode_sync.cue(now);
        self.steer(show);
        self.pulse.get_or_insert(now + PULSE);
    }

    /// A hello after the end: nobody is welcomed any more, and a clicker on which this session is still open has not
    /// heard its end.
    fn hello_after_the_end(&mut self, session: u32) {
        self.handshake.answered();
        if session == self.opening.session.get() {
            self.bye();
        }
    }

    /// A report of this boot: if of a later one than any before, the clicker has restarted.
    fn boot(&mut self, now: Moment, boot: u16) {
        let link = self.freshness.boot(boot);
        if link.is_some() {
            self.mode_sync.forget();
        }
        self.feed_link(now, link);
    }

    fn event(&mut self, now: Moment, id: EventId, uptime: u32, show: u16, means: wire::Means) {
        match self.delivery.event(id) {
            delivery::Event::Early => self.frames.early += 1,
            delivery::Event::Repeated => {
                // The acknowledgement was lost, or waits for the disk; what is on the disk can be said again.
                self.frames.repeated += 1;
                let acknowledgement = self.delivery.acknowledgement();
                self.send(acknowledgement);
            }
            delivery::Event::Take { steers } => {
                self.frames.taken += 1;
                let EventId { boot, seq } = id;
                let judged = self.lateness.event(now, boot, uptime);
                if !judged.late {
                    self.freshness.sign_of_life(now);
                }
                if let Some(what) = translate::alarm_in_order(means).filter(|_| steers) {
                    self.write_queue.ack_after(Receipt::Alarm(id));
                    self.feed(now, Kind::Alarm { boot, seq, what });
                }
                if let Some(rating) = translate::dial_in(means) {
                    self.freshness.clicked(rating, judged.late);
                }
                self.write_queue.ack_after(Receipt::Event(id));
                self.feed(
                    now,
                    Kind::Click {
                        boot,
                        seq,
                        clicked_ms: judged.made.as_millis(),
                        late: judged.late,
                        means: translate::means(means),
                        passed: self.mode_sync.passed(show),
                    },
                );
            }
        }
    }

    fn alarm(&mut self, now: Moment, id: EventId, uptime: u32, what: wire::Alarm) {
        match self.delivery.alarm(id) {
            delivery::Alarm::Repeated => self.frames.repeated += 1,
            delivery::Alarm::Stored => {
                self.frames.repeated += 1;
                self.send(Some(alarm_stored(id)));
            }
            delivery::Alarm::Take => {
                let EventId { boot, seq } = id;
                if !self.lateness.event(now, boot, uptime).late {
                    self.freshness.sign_of_life(now);
                }
                self.write_queue.ack_after(Receipt::Alarm(id));
                self.feed(now, Kind::Alarm { boot, seq, what: translate::alarm(what) });
            }
        }
    }

    fn beat(
        &mut self,
        now: Moment,
        next: EventId,
        uptime: u32,
        dial: Option<wire::Dial>,
        show: u16,
        alarm: bool,
    ) {
        if self.life == Life::Ended {
            // Only a clicker in a session beats: the first word was lost.
            self.bye();
            return;
        }
        if !self.handshake.shared() {
            // It may tell of another session: its dial and what it shows are nothing to this one.
            return;
        }
        let order = match self.delivery.next() {
            Some(taken) if next > taken => StreamOrder::Ahead,
            Some(taken) if next < taken => StreamOrder::Behind,
            Some(_) | None => StreamOrder::Even,
        };
        self.events_pending = alarm || order == StreamOrder::Ahead;
        let cue = self.mode_sync.beat(now, show);
        self.steer(cue);
        if self.lateness.beat(now, next.boot, uptime) {
            let link = self.freshness.beat(now, dial.map(translate::rating), order);
            self.feed_link(now, link);
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

    /// Tells the clicker if the coach now wants its gestures to mean something else.
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
