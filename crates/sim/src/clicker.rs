//! The practice clicker: the real clicker logic on a simulated board.
//!
//! The board has storage that survives a reset and takes a few milliseconds to write, as flash does; a hand whose
//! gestures become timed button edges; and a battery that can be removed.
//!
//! **The one rule: after every call that takes a [`Time`], drain [`Clicker::poll_output`] until `None`, then wait for
//! [`Clicker::poll_timeout`] or the next event.**

use std::collections::VecDeque;

use handheld::{
    Answer, Backlog, Bond, Display, Entry, Event, EventId, Handheld, Output, Owner, Setup, Sound, Uptime,
};
use wire::{Cue, Dial, Frame, Mode};

use crate::gesture::{Button, Gesture};
use crate::time::Time;

/// Output of the board.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BoardOutput {
    /// Send this frame, and call [`Clicker::sent`] when it has left the stack.
    Send(Frame),
    /// Play this sound and vibration.
    Sound(Sound),
    /// Show this from now on.
    Display(Display),
}

/// Behaviour of the board's storage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flash {
    /// From a read or write request to its answer, in milliseconds. A flash page of the nRF52833 takes a few.
    pub takes_ms: u32,
    /// Every nth write fails. 0: none.
    pub fails_every: u32,
}

/// A simulated clicker.
#[derive(Debug, Clone)]
pub struct Clicker {
    kept: Persistent,
    logic: Option<Handheld>,
    boot_at: Time,
    back_at: Option<Time>,
    hand: VecDeque<(Time, Button, bool)>,
    hand_free: Time,
    answers: VecDeque<(Time, Request)>,
    made: Vec<MadeEvent>,
}

/// An event that the logic made from a gesture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MadeEvent {
    /// The event.
    pub event: Entry,
    /// Whether it was stored, and so accepted. After a reset during the write the laptop may or may not have received
    /// it.
    pub kept: bool,
}

/// State that survives a reset.
#[derive(Debug, Clone)]
struct Persistent {
    flash: Flash,
    boot: u16,
    entries: VecDeque<Entry>,
    owner: Option<Owner>,
    writes: u32,
}

#[derive(Debug, Clone, Copy)]
enum Request {
    Keep(Entry),
    Fetch(EventId),
}

/// Bond of the practice laptop, the only one.
const LAPTOP: Bond = Bond(0);

impl Flash {
    /// Storage without failures.
    pub const GOOD: Self = Self { takes_ms: 3, fails_every: 0 };
}

impl Clicker {
    /// A clicker that is switched on for the first time at `now`.
    #[must_use]
    pub fn new(now: Time, flash: Flash) -> Self {
        let mut clicker = Self {
            kept: Persistent { flash, boot: 0, entries: VecDeque::new(), owner: None, writes: 0 },
            logic: None,
            boot_at: now,
            back_at: None,
            hand: VecDeque::new(),
            hand_free: now,
            answers: VecDeque::new(),
            made: Vec::new(),
        };
        clicker.boot(now);
        clicker
    }

    /// Queues a gesture of the hand, to begin when the hand is free. Returns when it will be free again.
    pub fn gesture(&mut self, now: Time, gesture: Gesture) -> Time {
        let from = self.hand_free.max(now);
        for edge in gesture.edges() {
            self.hand.push_back((from.plus(edge.after_ms.into()), edge.button, edge.down));
        }
        self.hand_free = from.plus((gesture.lasts_ms() + crate::gesture::REST_MS).into());
        self.hand_free
    }

    /// Removes the battery for `out_ms`, then puts it back. Stored events are kept. The caller ends the link, and
    /// connects it again only once [`Clicker::is_on`] is true.
    pub fn reset(&mut self, now: Time, out_ms: u64) {
        self.logic = None;
        self.answers.clear();
        self.back_at = Some(now.plus(out_ms));
    }

    /// Whether the board is powered.
    #[must_use]
    pub const fn is_on(&self) -> bool {
        self.logic.is_some()
    }

    /// Reports that the laptop is connected and receives.
    pub fn link_up(&mut self, now: Time) {
        self.handle(now, Event::LinkUp(LAPTOP));
    }

    /// Reports that the link has ended.
    pub fn link_down(&mut self, now: Time) {
        self.handle(now, Event::LinkDown);
    }

    /// Receives a frame. Drops one that cannot be decoded, as a board does.
    pub fn hear(&mut self, now: Time, frame: &[u8]) {
        if let Ok(cue) = wire::decode::<Cue>(frame) {
            self.handle(now, Event::Cue(cue));
        }
    }

    /// Reports that a frame has left the stack.
    pub fn sent(&mut self, now: Time) {
        self.handle(now, Event::Sent);
    }

    /// Processes everything due by `now`, each at its own time: button edges, storage answers, timers of the logic.
    pub fn handle_timeout(&mut self, now: Time) {
        if self.back_at.is_some_and(|at| at <= now) {
            self.back_at = None;
            self.boot(now);
        }
        while let Some((at, button, down)) = self.hand.front().copied().filter(|(at, ..)| *at <= now) {
            self.hand.pop_front();
            let edge = if down { handheld::Edge::Down } else { handheld::Edge::Up };
            self.handle(at, Event::Button(on_the_board(button), edge));
        }
        while let Some((at, request)) = self.answers.front().copied().filter(|(at, _)| *at <= now) {
            self.answers.pop_front();
            let answer = self.answer(request);
            self.handle(at, Event::Store(answer));
        }
        let uptime = self.uptime(now);
        if let Some(logic) = &mut self.logic {
            logic.handle_timeout(uptime);
        }
    }

    /// Next output. Storage requests are handled inside; `now` is their time.
    pub fn poll_output(&mut self, now: Time) -> Option<BoardOutput> {
        loop {
            let ready = now.plus(self.kept.flash.takes_ms.into());
            match self.logic.as_mut()?.poll_output()? {
                Output::Send(report) => return Some(BoardOutput::Send(Frame::of(&report))),
                Output::Display(display) => return Some(BoardOutput::Display(display)),
                Output::Sound(sound) => return Some(BoardOutput::Sound(sound)),
                Output::Keep(entry) => {
                    // A failed write is requested again for the same event.
                    if self.made.last().is_none_or(|made| made.event != entry) {
                        self.made.push(MadeEvent { event: entry, kept: false });
                    }
                    self.answers.push_back((ready, Request::Keep(entry)));
                }
                Output::Fetch { from } => self.answers.push_back((ready, Request::Fetch(from))),
                Output::Forget { before } => self.kept.entries.retain(|entry| entry.id >= before),
                Output::KeepOwner(owner) => self.kept.owner = Some(owner),
            }
        }
    }

    /// When to call [`Clicker::handle_timeout`] next.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Time> {
        let hand = self.hand.front().map(|(at, ..)| *at);
        let answer = self.answers.front().map(|(at, _)| *at);
        let logic = self.logic.as_ref().and_then(Handheld::poll_timeout);
        let logic = logic.map(|uptime| self.boot_at.plus(uptime.as_millis()));
        [self.back_at, hand, answer, logic].into_iter().flatten().min()
    }

    /// Rating on the dial; `None` without a rating, and while the battery is out.
    #[must_use]
    pub fn dial(&self) -> Option<Dial> {
        self.logic.as_ref().and_then(Handheld::dial)
    }

    /// Mode in which gestures are interpreted; `None` outside a session, and while the battery is out.
    #[must_use]
    pub fn mode(&self) -> Option<Mode> {
        self.logic.as_ref().and_then(Handheld::mode)
    }

    /// Every event ever made, in order: the reference for a transcript.
    #[must_use]
    pub fn made(&self) -> &[MadeEvent] {
        &self.made
    }

    /// Number of stored events that the laptop has not acknowledged.
    #[must_use]
    pub fn kept(&self) -> usize {
        self.kept.entries.len()
    }

    /// Whether this event is stored and not acknowledged.
    #[must_use]
    pub fn keeps(&self, event: &Entry) -> bool {
        self.kept.entries.contains(event)
    }

    fn boot(&mut self, now: Time) {
        self.boot_at = now;
        self.kept.boot += 1;
        let backlog = self.kept.entries.front().map(|oldest| Backlog {
            oldest: oldest.id,
            count: u16::try_from(self.kept.entries.len()).unwrap_or(u16::MAX),
        });
        self.logic = Some(Handheld::new(Setup { boot: self.kept.boot, backlog, owner: self.kept.owner }));
    }

    fn handle(&mut self, now: Time, event: Event) {
        let uptime = self.uptime(now);
        if let Some(logic) = &mut self.logic {
            logic.handle(uptime, event);
        }
    }

    fn answer(&mut self, request: Request) -> Answer {
        match request {
            Request::Keep(entry) => {
                self.kept.writes += 1;
                let every = self.kept.flash.fails_every;
                if every > 0 && self.kept.writes.is_multiple_of(every) {
                    return Answer::KeepFailed;
                }
                self.kept.entries.push_back(entry);
                if let Some(made) = self.made.last_mut() {
                    made.kept = true;
                }
                Answer::Kept
            }
            Request::Fetch(from) => {
                let next = self.kept.entries.iter().find(|entry| entry.id >= from);
                next.map_or(Answer::NothingThere, |entry| Answer::Fetched(*entry))
            }
        }
    }

    fn uptime(&self, now: Time) -> Uptime {
        Uptime::from_millis(now.since(self.boot_at))
    }
}

/// Converts to the board's type.
const fn on_the_board(button: Button) -> handheld::Button {
    match button {
        Button::A => handheld::Button::A,
        Button::B => handheld::Button::B,
        Button::Logo => handheld::Button::Logo,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use wire::{Means, Report, Version};

    /// A laptop on a link without delay; it acknowledges only on a call of the test.
    struct TestLaptop {
        clicker: Clicker,
        now: Time,
        heard: Vec<Report>,
        sounds: Vec<Sound>,
    }

    impl TestLaptop {
        fn in_session(flash: Flash) -> Self {
            let now = Time::START;
            let mut laptop =
                Self { clicker: Clicker::new(now, flash), now, heard: Vec::new(), sounds: Vec::new() };
            laptop.connect();
            laptop
        }

        fn connect(&mut self) {
            self.clicker.link_up(self.now);
            let version = Version { major: 1, minor: 0 };
            self.tell(Cue::Welcome { session: 9, version, alone: false });
            self.tell(Cue::Show { number: 1, mode: Mode::Rate });
        }

        fn tell(&mut self, cue: Cue) {
            self.clicker.hear(self.now, Frame::of(&cue).as_bytes());
            self.drain();
        }

        fn drain(&mut self) {
            while let Some(signal) = self.clicker.poll_output(self.now) {
                match signal {
                    BoardOutput::Send(frame) => {
                        self.heard.push(wire::decode(frame.as_bytes()).unwrap());
                        self.clicker.sent(self.now);
                    }
                    BoardOutput::Sound(sound) => self.sounds.push(sound),
                    BoardOutput::Display(_) => {}
                }
            }
        }

        /// Advances the time, with a pulse every 500 ms.
        fn pass(&mut self, ms: u64) {
            let end = self.now.plus(ms);
            let mut pulse = self.now.plus(500);
            while self.now < end {
                self.now =
                    self.clicker.poll_timeout().into_iter().chain([pulse, end]).min().unwrap().max(self.now);
                if self.now == pulse {
                    self.tell(Cue::Pulse { show: 1, dial: None });
                    pulse = pulse.plus(500);
                }
                self.clicker.handle_timeout(self.now);
                self.drain();
            }
        }

        fn events(&self) -> Vec<(u16, u32, Means)> {
            let mut events: Vec<_> = self
                .heard
                .iter()
                .filter_map(|report| match *report {
                    Report::Clicked { boot, seq, means, .. } => Some((boot, seq, means)),
                    _ => None,
                })
                .collect();
            events.sort_by_key(|(boot, seq, _)| (*boot, *seq));
            events.dedup();
            events
        }
    }

    fn rating(value: u8) -> Means {
        Means::Rating(Dial::new(value).unwrap())
    }

    #[test]
    fn a_gesture_becomes_an_event_on_the_air_and_in_the_store() {
        let mut laptop = TestLaptop::in_session(Flash::GOOD);
        laptop.clicker.gesture(laptop.now, Gesture::Short(Button::B));
        laptop.clicker.gesture(laptop.now, Gesture::Short(Button::B));
        laptop.pass(1000);
        assert_eq!(laptop.events(), [(1, 0, rating(3)), (1, 1, rating(4))]);
        assert_eq!(laptop.clicker.kept(), 2);
        assert!(laptop.sounds.contains(&Sound::Tick(Mode::Rate)));
        laptop.tell(Cue::Ack { boot: 1, next: 2 });
        assert_eq!(laptop.clicker.kept(), 0);
    }

    #[test]
    fn what_was_accepted_outlives_the_battery_and_the_dial_does_not() {
        let mut laptop = TestLaptop::in_session(Flash::GOOD);
        laptop.clicker.gesture(laptop.now, Gesture::Short(Button::B));
        laptop.pass(1000);
        laptop.clicker.reset(laptop.now, 2000);
        assert!(!laptop.clicker.is_on());
        laptop.pass(3000);
        assert!(laptop.clicker.is_on());
        assert_eq!(laptop.clicker.dial(), None);
        laptop.heard.clear();
        laptop.connect();
        laptop.pass(1000);
        assert!(
            matches!(laptop.heard[0], Report::Hello { boot: 2, first_boot: 1, first_seq: 0, .. }),
            "{:?}",
            laptop.heard
        );
        assert_eq!(laptop.events(), [(1, 0, rating(3))]);
    }

    #[test]
    fn a_gesture_cut_off_by_the_battery_before_it_was_stored_was_never_accepted() {
        let mut laptop = TestLaptop::in_session(Flash { takes_ms: 500, fails_every: 0 });
        laptop.clicker.gesture(laptop.now, Gesture::Short(Button::B));
        laptop.pass(200);
        laptop.clicker.reset(laptop.now, 100);
        laptop.pass(1000);
        laptop.connect();
        laptop.pass(1000);
        assert!(
            laptop.clicker.made().iter().all(|made| !made.kept)
                && !laptop.sounds.contains(&Sound::Tick(Mode::Rate))
        );
        assert_eq!(laptop.clicker.kept(), 0);
    }

    #[test]
    fn a_write_that_fails_is_made_again_and_counted_once() {
        let mut laptop = TestLaptop::in_session(Flash { takes_ms: 3, fails_every: 2 });
        for _ in 0..4 {
            laptop.clicker.gesture(laptop.now, Gesture::Short(Button::B));
        }
        laptop.pass(5000);
        assert_eq!(
            laptop.events(),
            [(1, 0, rating(3)), (1, 1, rating(4)), (1, 2, rating(5)), (1, 3, rating(6))]
        );
        assert_eq!(laptop.clicker.made().iter().filter(|made| made.kept).count(), 4);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn a_chord_is_one_sharp_however_far_apart_its_buttons(gap_ms in 0_u32..1500) {
            let mut laptop = TestLaptop::in_session(Flash::GOOD);
            laptop.clicker.gesture(laptop.now, Gesture::Chord { gap_ms });
            laptop.pass(3000);
            let sharps = laptop.events().iter().filter(|(.., means)| *means == Means::Sharp).count();
            prop_assert_eq!(sharps, 1);
        }
    }
}
