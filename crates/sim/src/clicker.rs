//! The practice clicker: the real logic, on a board made of memory.
//!
//! The board has a store that survives a reset (and takes a moment to write, as flash does), a hand whose gestures
//! become timed edges, and a battery that can be taken out.
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

/// What the board asks of the world around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// Put this on the air, and call [`Clicker::sent`] when it has left the stack.
    Send(Frame),
    /// This is to be heard and felt.
    Sound(Sound),
    /// This is to be seen from now on.
    Display(Display),
}

/// How the board's storage behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flash {
    /// From a request to write or read to its answer. A flash page of the nRF52833 takes a few milliseconds.
    pub takes_ms: u32,
    /// Of so many writes one fails. 0: none.
    pub fails_every: u32,
}

/// A clicker on a wrist that is not there.
#[derive(Debug, Clone)]
pub struct Clicker {
    kept: Kept,
    logic: Option<Handheld>,
    boot_at: Time,
    back_at: Option<Time>,
    hand: VecDeque<(Time, Button, bool)>,
    hand_free: Time,
    answers: VecDeque<(Time, Request)>,
    made: Vec<Made>,
}

/// An event that the logic made of a gesture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Made {
    /// The event.
    pub event: Entry,
    /// Whether it got into the store, and was accepted with that. One that a reset overtook may have been heard by the
    /// laptop all the same, or by nobody.
    pub kept: bool,
}

/// What outlives a reset.
#[derive(Debug, Clone)]
struct Kept {
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

/// The laptop of practice. There is no other.
const LAPTOP: Bond = Bond(0);

impl Flash {
    /// A good one.
    pub const GOOD: Self = Self { takes_ms: 3, fails_every: 0 };
}

impl Clicker {
    /// A clicker that is switched on at `now` for the first time.
    #[must_use]
    pub fn new(now: Time, flash: Flash) -> Self {
        let mut clicker = Self {
            kept: Kept { flash, boot: 0, entries: VecDeque::new(), owner: None, writes: 0 },
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

    /// A hand makes this gesture, once it is free. Gives the moment at which it will be free again.
    pub fn gesture(&mut self, now: Time, gesture: Gesture) -> Time {
        let from = self.hand_free.max(now);
        for edge in gesture.edges() {
            self.hand.push_back((from.plus(edge.after_ms.into()), edge.button, edge.down));
        }
        self.hand_free = from.plus((gesture.lasts_ms() + crate::gesture::REST_MS).into());
        self.hand_free
    }

    /// The battery is out for so long, and then in again. What was kept is kept; the link is gone, and to be ended by
    /// whoever drives the air. It connects again only after [`Clicker::is_on`].
    pub fn reset(&mut self, now: Time, out_ms: u64) {
        self.logic = None;
        self.answers.clear();
        self.back_at = Some(now.plus(out_ms));
    }

    /// Whether the board runs.
    #[must_use]
    pub const fn is_on(&self) -> bool {
        self.logic.is_some()
    }

    /// The laptop is connected, and what is sent is heard.
    pub fn link_up(&mut self, now: Time) {
        self.handle(now, Event::LinkUp(LAPTOP));
    }

    /// The link has ended.
    pub fn link_down(&mut self, now: Time) {
        self.handle(now, Event::LinkDown);
    }

    /// A frame arrived. One that cannot be read is dropped, as a board does.
    pub fn hear(&mut self, now: Time, frame: &[u8]) {
        if let Ok(cue) = wire::decode::<Cue>(frame) {
            self.handle(now, Event::Cue(cue));
        }
    }

    /// A report has left the stack.
    pub fn sent(&mut self, now: Time) {
        self.handle(now, Event::Sent);
    }

    /// Runs what is due by `now`: edges of the hand, answers of the storage, timers of the logic, each at its time.
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

    /// The next thing for the world around. Requests to the storage are taken here; `now` is when they are made.
    pub fn poll_output(&mut self, now: Time) -> Option<Signal> {
        loop {
            let ready = now.plus(self.kept.flash.takes_ms.into());
            match self.logic.as_mut()?.poll_output()? {
                Output::Send(report) => return Some(Signal::Send(Frame::of(&report))),
                Output::Display(face) => return Some(Signal::Display(face)),
                Output::Sound(sound) => return Some(Signal::Sound(sound)),
                Output::Keep(entry) => {
                    // One that could not be written comes again.
                    if self.made.last().is_none_or(|made| made.event != entry) {
                        self.made.push(Made { event: entry, kept: false });
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

    /// The digit; `None` for no rating, and while the battery is out.
    #[must_use]
    pub fn dial(&self) -> Option<Dial> {
        self.logic.as_ref().and_then(Handheld::dial)
    }

    /// What its gestures mean; `None` outside a session, and while the battery is out.
    #[must_use]
    pub fn mode(&self) -> Option<Mode> {
        self.logic.as_ref().and_then(Handheld::mode)
    }

    /// Every event that was ever made, in the order in which they were: what a record is held against.
    #[must_use]
    pub fn made(&self) -> &[Made] {
        &self.made
    }

    /// How many events are kept because the laptop has not said that it has them.
    #[must_use]
    pub fn kept(&self) -> usize {
        self.kept.entries.len()
    }

    /// Whether this event is one of them.
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

/// The same three, as the board names them.
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

    /// A laptop at the other end of a wire without delay, which acknowledges only when told to.
    struct Desk {
        clicker: Clicker,
        now: Time,
        heard: Vec<Report>,
        sounds: Vec<Sound>,
    }

    impl Desk {
        fn in_session(flash: Flash) -> Self {
            let now = Time::START;
            let mut desk =
                Self { clicker: Clicker::new(now, flash), now, heard: Vec::new(), sounds: Vec::new() };
            desk.connect();
            desk
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
                    Signal::Send(frame) => {
                        self.heard.push(wire::decode(frame.as_bytes()).unwrap());
                        self.clicker.sent(self.now);
                    }
                    Signal::Sound(sound) => self.sounds.push(sound),
                    Signal::Display(_) => {}
                }
            }
        }

        /// Time passes, with a pulse twice a second.
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
        let mut desk = Desk::in_session(Flash::GOOD);
        desk.clicker.gesture(desk.now, Gesture::Short(Button::B));
        desk.clicker.gesture(desk.now, Gesture::Short(Button::B));
        desk.pass(1000);
        assert_eq!(desk.events(), [(1, 0, rating(3)), (1, 1, rating(4))]);
        assert_eq!(desk.clicker.kept(), 2);
        assert!(desk.sounds.contains(&Sound::Tick(Mode::Rate)));
        desk.tell(Cue::Ack { boot: 1, next: 2 });
        assert_eq!(desk.clicker.kept(), 0);
    }

    #[test]
    fn what_was_accepted_outlives_the_battery_and_the_dial_does_not() {
        let mut desk = Desk::in_session(Flash::GOOD);
        desk.clicker.gesture(desk.now, Gesture::Short(Button::B));
        desk.pass(1000);
        desk.clicker.reset(desk.now, 2000);
        assert!(!desk.clicker.is_on());
        desk.pass(3000);
        assert!(desk.clicker.is_on());
        assert_eq!(desk.clicker.dial(), None);
        desk.heard.clear();
        desk.connect();
        desk.pass(1000);
        assert!(
            matches!(desk.heard[0], Report::Hello { boot: 2, first_boot: 1, first_seq: 0, .. }),
            "{:?}",
            desk.heard
        );
        assert_eq!(desk.events(), [(1, 0, rating(3))]);
    }

    #[test]
    fn a_gesture_cut_off_by_the_battery_before_it_was_stored_was_never_accepted() {
        let mut desk = Desk::in_session(Flash { takes_ms: 500, fails_every: 0 });
        desk.clicker.gesture(desk.now, Gesture::Short(Button::B));
        desk.pass(200);
        desk.clicker.reset(desk.now, 100);
        desk.pass(1000);
        desk.connect();
        desk.pass(1000);
        assert!(
            desk.clicker.made().iter().all(|made| !made.kept)
                && !desk.sounds.contains(&Sound::Tick(Mode::Rate))
        );
        assert_eq!(desk.clicker.kept(), 0);
    }

    #[test]
    fn a_write_that_fails_is_made_again_and_counted_once() {
        let mut desk = Desk::in_session(Flash { takes_ms: 3, fails_every: 2 });
        for _ in 0..4 {
            desk.clicker.gesture(desk.now, Gesture::Short(Button::B));
        }
        desk.pass(5000);
        assert_eq!(
            desk.events(),
            [(1, 0, rating(3)), (1, 1, rating(4)), (1, 2, rating(5)), (1, 3, rating(6))]
        );
        assert_eq!(desk.clicker.made().iter().filter(|made| made.kept).count(), 4);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn a_chord_is_one_sharp_however_far_apart_its_buttons(gap_ms in 0_u32..1500) {
            let mut desk = Desk::in_session(Flash::GOOD);
            desk.clicker.gesture(desk.now, Gesture::Chord { gap_ms });
            desk.pass(3000);
            let sharps = desk.events().iter().filter(|(.., means)| *means == Means::Sharp).count();
            prop_assert_eq!(sharps, 1);
        }
    }
}
