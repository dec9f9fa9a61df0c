//! Delivery to a model of the laptop over a link that loses frames and ends, with resets at any point: every accepted
//! event arrives exactly once and in order.

use std::collections::VecDeque;

use handheld::{
    Answer, Backlog, Bond, Button, Edge, Entry, Event, EventId, Handheld, Output, Owner, Setup, Uptime,
};
use proptest::prelude::*;
use rstest::rstest;
use wire::{Alarm, Cue, Frame, Means, Mode, Report, Version};

const ME: Bond = Bond(1);
const SESSION: u32 = 9;

/// Transmission time of a frame, in ms.
const FLIGHT: u64 = 20;

/// What survives a reset of the clicker.
#[derive(Debug, Clone, Default)]
struct Store {
    entries: VecDeque<Entry>,
    owner: Option<Owner>,
    boot: u16,
}

/// The laptop's side of delivery. Everything it takes is stored at once.
#[derive(Debug, Default)]
struct Laptop {
    next: Option<EventId>,
    taken: Vec<Entry>,
    alarms: Vec<(EventId, Alarm)>,
    /// Duplicate and out-of-order frames.
    dropped: usize,
    /// Gaps in the event stream that the clicker announced.
    gaps: Vec<(EventId, EventId)>,
}

struct World {
    now: u64,
    clicker: Handheld,
    started: u64,
    store: Store,
    laptop: Laptop,
    linked: bool,
    up: VecDeque<(u64, Frame)>,
    down: VecDeque<(u64, Frame)>,
    /// Which frames are lost, by their number counted over both directions.
    lose: Box<dyn Fn(u64) -> bool>,
    frames: u64,
    /// Number of outputs carried out until a power failure, if there is one.
    dies_after: Option<u64>,
    outputs: u64,
    /// Every event that ticked.
    accepted: Vec<EventId>,
    /// Events handed to storage that have not ticked yet.
    unticked: VecDeque<EventId>,
    /// Every event sent, with its time.
    clicked: Vec<(u64, EventId)>,
}

impl World {
    fn new(lose: impl Fn(u64) -> bool + 'static) -> Self {
        let store = Store { boot: 1, ..Store::default() };
        Self {
            now: 0,
            clicker: Handheld::new(Setup { boot: 1, backlog: None, owner: None }),
            started: 0,
            store,
            laptop: Laptop::default(),
            linked: false,
            up: VecDeque::new(),
            down: VecDeque::new(),
            lose: Box::new(lose),
            frames: 0,
            dies_after: None,
            outputs: 0,
            accepted: Vec::new(),
            unticked: VecDeque::new(),
            clicked: Vec::new(),
        }
    }

    /// In a session in mode `Ask`, at 1 s.
    fn in_session(lose: impl Fn(u64) -> bool + 'static) -> Self {
        let mut world = Self::new(lose);
        world.link();
        world.open();
        world
    }

    /// Opens a session by 1 s, whatever was lost.
    fn open(&mut self) {
        self.advance(500);
        if self.clicker.mode().is_none() {
            self.greet();
        }
        self.advance(1_000);
    }

    fn link(&mut self) {
        self.linked = true;
        self.event(Event::LinkUp(ME));
    }

    fn unlink(&mut self) {
        self.linked = false;
        self.up.clear();
        self.down.clear();
        self.event(Event::LinkDown);
    }

    /// The battery is removed and inserted again.
    fn reset(&mut self) {
        let linked = std::mem::take(&mut self.linked);
        self.up.clear();
        self.down.clear();
        self.unticked.clear();
        self.store.boot += 1;
        self.started = self.now;
        let kept = self.store.entries.front().map(|oldest| Backlog {
            oldest: oldest.id,
            count: u16::try_from(self.store.entries.len()).expect("a store holds at most 1,056"),
        });
        self.clicker = Handheld::new(Setup { boot: self.store.boot, backlog: kept, owner: self.store.owner });
        self.drain();
        if linked {
            self.link();
        }
    }

    fn event(&mut self, event: Event) {
        self.clicker.handle(self.uptime(), event);
        self.drain();
    }

    fn press(&mut self, button: Button, ms: u64) {
        self.event(Event::Button(button, Edge::Down));
        self.advance(self.now + ms);
        self.event(Event::Button(button, Edge::Up));
    }

    /// SHARP.
    fn chord(&mut self) {
        for edge in [Edge::Down, Edge::Up] {
            self.event(Event::Button(Button::A, edge));
            self.event(Event::Button(Button::B, edge));
        }
    }

    fn wait(&mut self, ms: u64) {
        self.advance(self.now + ms);
    }

    fn advance(&mut self, to: u64) {
        loop {
            let timer = self.clicker.poll_timeout().map(|at| at.as_millis() + self.started);
            let up = self.up.front().map(|(at, _)| *at);
            let down = self.down.front().map(|(at, _)| *at);
            let Some(at) = [timer, up, down].into_iter().flatten().min().filter(|at| *at <= to) else {
                break;
            };
            self.now = at.max(self.now);
            if let Some((_, frame)) = self.up.pop_front_if(|(at, _)| *at <= self.now) {
                self.hear(frame);
                self.event(Event::Sent);
            } else if let Some((_, frame)) = self.down.pop_front_if(|(at, _)| *at <= self.now) {
                self.event(Event::Cue(wire::decode(frame.as_bytes()).expect("a cue is a cue")));
            } else {
                self.clicker.handle_timeout(self.uptime());
                self.drain();
            }
        }
        self.now = to;
    }

    fn uptime(&self) -> Uptime {
        Uptime::from_millis(self.now - self.started)
    }

    fn drain(&mut self) {
        while let Some(output) = self.clicker.poll_output() {
            if self.dies_after.is_some_and(|after| self.outputs >= after) {
                // The power fails before this output is carried out.
                self.dies_after = None;
                self.reset();
                return;
            }
            self.outputs += 1;
            self.carry_out(output);
        }
    }

    fn carry_out(&mut self, output: Output) {
        let answer = match output {
            Output::Send(report) => {
                assert!(self.up.len() < usize::from(handheld::STACK_SLOTS), "the stack holds two");
                if let Report::Clicked { boot, seq, .. } = report {
                    self.clicked.push((self.now, EventId { boot, seq }));
                }
                self.up.push_back((self.now + FLIGHT, Frame::of(&report)));
                return;
            }
            Output::Keep(entry) => {
                assert!(self.store.entries.back().is_none_or(|newest| newest.id < entry.id), "in order");
                self.store.entries.push_back(entry);
                self.unticked.push_back(entry.id);
                Answer::Kept
            }
            Output::Fetch { from } => match self.store.entries.iter().find(|entry| entry.id >= from) {
                Some(entry) => Answer::Fetched(*entry),
                None => Answer::NothingThere,
            },
            Output::Forget { before } => {
                self.store.entries.retain(|entry| entry.id >= before);
                return;
            }
            Output::KeepOwner(owner) => {
                self.store.owner = Some(owner);
                return;
            }
            Output::Sound(handheld::Sound::Tick(_)) => {
                self.accepted.extend(self.unticked.pop_front());
                return;
            }
            Output::Display(_) | Output::Sound(_) => return,
        };
        self.clicker.handle(self.uptime(), Event::Store(answer));
    }

    fn lost(&mut self) -> bool {
        self.frames += 1;
        (self.lose)(self.frames)
    }

    fn say(&mut self, cue: Cue) {
        if !self.lost() {
            self.down.push_back((self.now + FLIGHT, Frame::of(&cue)));
        }
    }

    fn hear(&mut self, frame: Frame) {
        if self.lost() {
            return;
        }
        match wire::decode(frame.as_bytes()).expect("a report is a report") {
            Report::Hello { first_boot, first_seq, session, .. } => {
                let first = EventId { boot: first_boot, seq: first_seq };
                match self.laptop.next {
                    Some(next) if next.boot == first.boot && next < first => {
                        self.laptop.gaps.push((next, first));
                        self.laptop.next = Some(first);
                    }
                    Some(_) => {}
                    None => self.laptop.next = Some(first),
                }
                if session == 0 || self.laptop.taken.is_empty() {
                    self.greet();
                }
                if let Some(EventId { boot, seq }) = self.laptop.next {
                    self.say(Cue::Ack { boot, next: seq });
                }
            }
            Report::Clicked { boot, seq, uptime, show, means } => {
                let entry = Entry { id: EventId { boot, seq }, uptime, show, means };
                self.take(entry);
            }
            Report::Alarm { boot, seq, what, .. } => {
                let id = EventId { boot, seq };
                if !self.laptop.alarms.contains(&(id, what)) {
                    self.laptop.alarms.push((id, what));
                }
                self.say(Cue::AlarmStored { boot, seq });
            }
            Report::Beat { show, .. } => {
                if show != 3 {
                    self.say(Cue::Show { number: 3, mode: Mode::Ask });
                }
                self.say(Cue::Pulse { show: 3, dial: None });
            }
        }
    }

    fn greet(&mut self) {
        self.say(Cue::Welcome { session: SESSION, version: Version::CURRENT, alone: false });
    }

    fn take(&mut self, entry: Entry) {
        let next = self.laptop.next.unwrap_or(entry.id);
        let newer = entry.id.boot > next.boot && entry.id.seq == 0;
        if entry.id == next || newer {
            self.laptop.taken.push(entry);
            self.laptop.next = Some(EventId { boot: entry.id.boot, seq: entry.id.seq + 1 });
        } else {
            self.laptop.dropped += 1;
        }
        if let Some(EventId { boot, seq }) = self.laptop.next {
            self.say(Cue::Ack { boot, next: seq });
        }
    }

    fn taken(&self) -> Vec<EventId> {
        self.laptop.taken.iter().map(|entry| entry.id).collect()
    }

    /// Stops losing frames, lets everything arrive, and compares the two sides.
    fn settle(mut self) -> Result<Self, TestCaseError> {
        self.lose = Box::new(|_| false);
        self.dies_after = None;
        if self.clicker.mode().is_none() {
            // A laptop that receives no beats repeats its welcome; here the test does.
            self.greet();
        }
        if !self.linked {
            self.link();
        }
        self.wait(30_000);
        let taken = self.taken();
        prop_assert!(taken.is_sorted_by(|a, b| a < b), "in order and once: {:?}", taken);
        for id in &self.accepted {
            prop_assert!(taken.contains(id), "{:?} ticked and never came", id);
        }
        for (id, what) in &self.laptop.alarms {
            let copy = self.laptop.taken.iter().find(|entry| entry.id == *id);
            let means = if *what == Alarm::Sharp { Means::Sharp } else { Means::Stop };
            prop_assert!(copy.is_none_or(|entry| entry.means == means), "an alarm and its copy share an id");
        }
        prop_assert_eq!(self.clicker.unacknowledged(), 0);
        prop_assert!(self.store.entries.is_empty(), "storage let go of everything: {:?}", self.store.entries);
        Ok(self)
    }
}

/// Half a minute of clicks with two alarms, in which the link ends twice.
fn thirty_seconds(world: &mut World) {
    for turn in 0..12 {
        world.press(Button::A, 60);
        world.wait(90);
        world.press(Button::B, 200);
        match turn {
            3 => world.chord(),
            5 if world.linked => world.unlink(),
            7 => world.press(Button::B, 2_100),
            8 if !world.linked => world.link(),
            _ => world.wait(150),
        }
    }
}

#[test]
fn without_faults_each_event_comes_once_and_nothing_is_dropped() {
    let mut world = World::in_session(|_| false);
    for _ in 0..20 {
        world.press(Button::A, 100);
        world.wait(200);
    }
    let world = world.settle().unwrap();
    assert_eq!((world.laptop.taken.len(), world.laptop.dropped), (20, 0));
}

#[test]
fn whichever_frame_is_lost_every_event_arrives_once_and_in_order() {
    let mut world = World::in_session(|_| false);
    thirty_seconds(&mut world);
    let whole = world.settle().unwrap();
    assert!(whole.laptop.alarms.len() == 2 && whole.laptop.taken.len() > 24, "a rich case");
    for nth in 1..whole.frames {
        let mut world = World::in_session(move |frame| frame == nth);
        thirty_seconds(&mut world);
        let world = world.settle().unwrap();
        assert_eq!(world.taken(), whole.taken(), "without frame {nth}");
        // An alarm is not repeated once its in-order copy has arrived.
        assert!(!world.laptop.alarms.is_empty(), "without frame {nth}");
    }
}

#[test]
fn at_whichever_output_the_power_fails_every_event_that_ticked_arrives_once_and_in_order() {
    let mut world = World::in_session(|_| false);
    thirty_seconds(&mut world);
    let outputs = world.outputs;
    assert!(outputs > 150, "a rich case: {outputs}");
    for after in 1..outputs {
        let mut world = World::new(|_| false);
        world.dies_after = Some(after);
        world.link();
        world.open();
        thirty_seconds(&mut world);
        let world = world.settle().unwrap();
        assert!(world.accepted.len() >= 24, "one event at most is cut off, when power fails after {after}");
        assert_eq!(world.store.boot, 2, "when power fails after {after}");
    }
}

#[test]
fn a_backlog_of_a_thousand_is_fetched_and_delivered_over_several_boots() {
    let mut world = World::in_session(|_| false);
    world.unlink();
    for turn in 0..1_000 {
        world.press(Button::B, 90);
        world.wait(10);
        if turn % 300 == 299 {
            world.reset();
        }
    }
    assert_eq!(world.clicker.unacknowledged(), 1_000);
    world.link();
    let world = world.settle().unwrap();
    assert_eq!(world.laptop.taken.len(), 1_000);
}

#[test]
fn at_most_8_are_in_flight_and_they_go_again_after_400_ms_without_progress() {
    let mut world = World::in_session(|_| false);
    world.unlink();
    for _ in 0..20 {
        world.press(Button::B, 90);
        world.wait(10);
    }
    // From here on nothing arrives in either direction.
    world.lose = Box::new(|_| true);
    world.clicked.clear();
    world.link();
    world.wait(1_000);
    let seqs: Vec<u32> = world.clicked.iter().map(|(_, id)| id.seq).collect();
    assert_eq!(seqs[..16], [0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(world.clicked[8].0 - world.clicked[0].0, 400);
}

#[test]
fn what_is_in_flight_is_of_one_boot() {
    let mut world = World::in_session(|_| false);
    world.unlink();
    for _ in 0..3 {
        world.press(Button::B, 90);
        world.wait(10);
    }
    world.reset();
    world.press(Button::B, 90);
    world.lose = Box::new(|_| true);
    world.clicked.clear();
    world.link();
    world.wait(3_000);
    assert!(world.clicked.len() > 9 && world.clicked.iter().all(|(_, id)| id.boot == 1));
    let world = world.settle().unwrap();
    assert_eq!(world.taken().last(), Some(&EventId { boot: 2, seq: 0 }));
}

#[rstest]
#[case::in_the_middle(&[(1, 9)], 19)]
#[case::several(&[(1, 9), (1, 10), (1, 11)], 17)]
#[case::the_newest_of_a_boot(&[(1, 19)], 19)]
fn what_storage_has_lost_is_told_and_the_rest_arrives(#[case] lost: &[(u16, u32)], #[case] arrive: usize) {
    let mut world = World::in_session(|_| false);
    world.unlink();
    for _ in 0..20 {
        world.press(Button::B, 90);
        world.wait(10);
    }
    world.reset();
    world.store.entries.retain(|entry| !lost.contains(&(entry.id.boot, entry.id.seq)));
    world.link();
    world.accepted.clear();
    world.press(Button::B, 90);
    let world = world.settle().unwrap();
    assert_eq!(world.laptop.taken.len(), arrive + 1, "and the one of the new boot");
    let told = usize::from(lost[0].1 != 19);
    assert_eq!(world.laptop.gaps.len(), told, "{:?}", world.laptop.gaps);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn in_bad_air_with_resets_every_event_that_ticked_arrives_once_and_in_order(
        seed in any::<u64>(),
        per_hundred in 0_u64..40,
        happens in prop::collection::vec((0_u64..600, 0_u8..8), 5..60),
    ) {
        // A hash of the frame's number decides which frames are lost.
        let lose = move |frame: u64| (frame ^ seed).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32 & 0x7f < per_hundred;
        let mut world = World::in_session(|_| false);
        world.lose = Box::new(lose);
        for (gap, what) in happens {
            world.wait(gap);
            match what {
                0 if world.linked => world.unlink(),
                0 | 1 if !world.linked => world.link(),
                2 => world.reset(),
                3 => world.chord(),
                4 => world.press(Button::A, 2_050),
                _ => world.press(Button::A, 60),
            }
        }
        world.settle()?;
    }
}
