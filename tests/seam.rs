//! The real clicker and the real session, joined by pipes that lose frames: a single one or every nth one, in either
//! direction. Whatever is lost, the session opens, every accepted event is recorded once, and the session closes.

use std::collections::VecDeque;
use std::num::NonZeroU32;

use coach::{Key, Moment, Phase, Plan};
use session::{Input, Opening, Output, Session};
use sim::clicker::{BoardOutput, Flash};
use sim::{Button, Clicker, Gesture, Time};
use transcript::{Entry, Header, Kind, PlanKept, SCHEMA, Versions};
use wire::{Cue, Frame, Report};

/// Delay of a frame, one way.
const LATENCY_MS: u64 = 15;

/// From a batch to its being on the disk.
const DISK_MS: u64 = 20;

/// Values of n for losing every nth frame.
const COUNTS: std::ops::RangeInclusive<u32> = 2..=40;

/// Clicks before the SHARP: enough for either side to send more frames than the largest n.
const CLICKS: u32 = 25;

/// Which frames are lost.
#[derive(Debug, Clone, Copy)]
enum Loss {
    /// Every nth frame.
    Every(u32),
    /// Only the nth frame.
    Only(u32),
    /// All frames that match.
    Kind(fn(&[u8]) -> bool),
}

/// One direction of the link.
#[derive(Debug)]
struct Pipe {
    loss: Option<Loss>,
    count: u32,
    lost: u32,
    flying: VecDeque<(u64, Frame)>,
}

impl Pipe {
    fn new(loss: Option<Loss>) -> Self {
        Self { loss, count: 0, lost: 0, flying: VecDeque::new() }
    }

    fn send(&mut self, now: u64, frame: Frame) {
        self.count += 1;
        let lost = match self.loss {
            Some(Loss::Every(n)) => self.count.is_multiple_of(n),
            Some(Loss::Only(n)) => self.count == n,
            Some(Loss::Kind(lost)) => lost(frame.as_bytes()),
            None => false,
        };
        if lost {
            self.lost += 1;
        } else {
            self.flying.push_back((now + LATENCY_MS, frame));
        }
    }
}

/// A clicker, a laptop, and the pipes between them.
#[derive(Debug)]
struct Harness {
    now: u64,
    clicker: Clicker,
    session: Session,
    up: Pipe,
    down: Pipe,
    /// Batch being written: its number, when it is on the disk, and its entries.
    writing: Option<(u64, u64, Vec<Entry>)>,
    stored: Vec<Entry>,
    finished: bool,
    /// Times at which frames leave the clicker's stack.
    left: VecDeque<u64>,
    /// Start of this session.
    begun: u64,
}

impl Harness {
    /// Connected, with a session that is not open yet.
    fn new(up: Option<Loss>, down: Option<Loss>) -> Self {
        let mut harness = Self {
            now: 0,
            clicker: Clicker::new(Time::START, Flash::GOOD),
            session: begin(1),
            up: Pipe::new(up),
            down: Pipe::new(down),
            writing: None,
            stored: Vec::new(),
            finished: false,
            left: VecDeque::new(),
            begun: 0,
        };
        harness.linked();
        harness
    }

    fn linked(&mut self) {
        self.session.handle(self.moment(), Input::Connected);
        self.clicker.link_up(self.time());
        self.drain();
    }

    fn unlinked(&mut self) {
        self.up.flying.clear();
        self.down.flying.clear();
        self.left.clear();
        self.session.handle(self.moment(), Input::Disconnected);
        self.clicker.link_down(self.time());
        self.drain();
    }

    /// Starts a new session on the same laptop. Returns what the previous one stored.
    fn next_session(&mut self, air: u32) -> Vec<Entry> {
        self.session = begin(air);
        self.writing = None;
        self.finished = false;
        self.begun = self.now;
        self.down.flying.clear();
        let before = std::mem::take(&mut self.stored);
        self.session.handle(self.moment(), Input::Connected);
        self.drain();
        before
    }

    fn time(&self) -> Time {
        Time::from_millis(self.now)
    }

    fn moment(&self) -> Moment {
        Moment::from_millis(self.now - self.begun)
    }

    fn gesture(&mut self, gesture: Gesture) {
        self.clicker.gesture(self.time(), gesture);
        self.drain();
    }

    fn key(&mut self, key: Key) {
        self.session.handle(self.moment(), Input::Key(key));
        self.drain();
    }

    /// Advances the time until `done`, by `ms` at most. Returns whether it was reached.
    fn until(&mut self, ms: u64, done: impl Fn(&Self) -> bool) -> bool {
        let end = self.now + ms;
        while !done(self) {
            let Some(at) = self.next_at().filter(|at| *at <= end) else {
                self.now = end;
                return done(self);
            };
            self.now = self.now.max(at);
            self.step();
        }
        true
    }

    fn wait(&mut self, ms: u64) {
        self.until(ms, |_| false);
    }

    fn next_at(&self) -> Option<u64> {
        let session = self.session.poll_timeout().map(|due| due.at.as_millis() + self.begun);
        let flying = [&self.up, &self.down].map(|way| way.flying.front().map(|(at, _)| *at));
        let writing = self.writing.as_ref().map(|(at, ..)| *at);
        let others =
            [session, self.clicker.poll_timeout().map(Time::as_millis), writing, self.left.front().copied()];
        flying.into_iter().chain(others).flatten().min()
    }

    /// Processes one event that is due now.
    fn step(&mut self) {
        let now = self.now;
        if let Some((_, frame)) = self.up.flying.pop_front_if(|(at, _)| *at <= now) {
            self.session.handle(self.moment(), Input::Frame(frame.as_bytes()));
        } else if let Some((_, frame)) = self.down.flying.pop_front_if(|(at, _)| *at <= now) {
            self.clicker.hear(self.time(), frame.as_bytes());
        } else if self.left.pop_front_if(|at| *at <= now).is_some() {
            self.clicker.sent(self.time());
        } else if let Some((_, batch, entries)) = self.writing.take_if(|(at, ..)| *at <= now) {
            self.stored.extend(entries);
            self.session.handle(self.moment(), Input::Stored { batch });
        } else {
            self.clicker.handle_timeout(self.time());
            self.session.handle_timeout(self.moment());
        }
        self.drain();
    }

    fn drain(&mut self) {
        while let Some(signal) = self.clicker.poll_output(self.time()) {
            match signal {
                BoardOutput::Send(frame) => {
                    self.left.push_back(self.now + LATENCY_MS);
                    self.up.send(self.now, frame);
                }
                BoardOutput::Sound(_) | BoardOutput::Display(_) => {}
            }
        }
        while let Some(output) = self.session.poll_output() {
            match output {
                Output::Store { batch, entries } => self.writing = Some((self.now + DISK_MS, batch, entries)),
                Output::Send(cue) => self.down.send(self.now, Frame::of(&cue)),
                Output::Finished => self.finished = true,
                Output::Speak(_) | Output::Happened(_) | Output::Notice(_) => {}
            }
        }
    }

    /// Asserts that every accepted event is recorded once and in order.
    fn assert_recorded(&self, what: &str) {
        let made: Vec<(u16, u32)> =
            self.clicker.made().iter().map(|made| (made.event.id.boot, made.event.id.seq)).collect();
        assert_eq!(places(&self.stored), made, "{what}");
    }

    /// Whether the session is open on both sides, and the clicker shows the wanted mode.
    fn is_open(&self) -> bool {
        self.session.view(self.moment()).acknowledged && self.clicker.mode().is_some()
    }

    /// Ends the session by the partner's keys.
    fn end(&mut self) {
        self.key(Key::End);
        self.key(Key::End);
        for _ in 0..4 {
            if self.session.view(self.moment()).coach.phase == Phase::Finished {
                return;
            }
            self.key(Key::Yes);
        }
        panic!("not finished: {:?}", self.session.view(self.moment()));
    }
}

fn begin(air: u32) -> Session {
    let header = Header {
        id: format!("00000000-0000-7000-8000-{air:012x}"),
        versions: Versions { program: "0".to_owned(), wire: "1.0".to_owned(), schema: SCHEMA },
        plan: PlanKept::new(&Plan::partner(), ""),
        seed: None,
        wall: "2026-01-01T00:00:00Z".to_owned(),
        receiver: None,
        closed: Vec::new(),
        past: transcript::PastKept::default(),
        clicker: None,
        table: None,
        learn: None,
    };
    let session = NonZeroU32::new(air).expect("a session has an id");
    Session::begin(header, Opening { session, alone: false }).expect("the plan gives a session")
}

fn places(entries: &[Entry]) -> Vec<(u16, u32)> {
    let click = |entry: &Entry| match entry.kind {
        Kind::Click { boot, seq, .. } => Some((boot, seq)),
        _ => None,
    };
    entries.iter().filter_map(click).collect()
}

/// Positions of the alarms that acted.
fn alarms(entries: &[Entry]) -> Vec<(u16, u32)> {
    let alarm = |entry: &Entry| match entry.kind {
        Kind::Alarm { boot, seq, .. } => Some((boot, seq)),
        _ => None,
    };
    entries.iter().filter_map(alarm).collect()
}

/// A session from opening to end with these losses.
fn whole(up: Option<Loss>, down: Option<Loss>) -> Harness {
    let what = format!("up {up:?}, down {down:?}");
    let mut harness = Harness::new(up, down);
    assert!(harness.until(10_000, Harness::is_open), "{what}: it does not open");
    for click in 0..CLICKS {
        harness.gesture(Gesture::Short(if click % 2 == 0 { Button::B } else { Button::A }));
        harness.wait(300);
    }
    harness.gesture(Gesture::SHARP);
    let stored = |harness: &Harness| harness.clicker.kept() == 0 && !alarms(&harness.stored).is_empty();
    assert!(harness.until(20_000, stored), "{what}: {:?}", harness.clicker.made());
    harness.end();
    let closed = |harness: &Harness| harness.finished && harness.clicker.mode().is_none();
    assert!(harness.until(10_000, closed), "{what}: it does not close");
    harness.assert_recorded(&what);
    assert_eq!(places(&harness.stored).len(), CLICKS as usize + 1, "{what}: all were accepted");
    assert_eq!(alarms(&harness.stored), [(1, CLICKS)], "{what}: SHARP steers once");
    harness
}

#[test]
fn every_nth_frame_of_the_clicker_is_lost() {
    for n in COUNTS {
        assert!(whole(Some(Loss::Every(n)), None).up.lost > 0, "{n}");
    }
}

#[test]
fn every_nth_frame_of_the_laptop_is_lost() {
    for n in COUNTS {
        assert!(whole(None, Some(Loss::Every(n))).down.lost > 0, "{n}");
    }
}

#[test]
fn every_nth_frame_of_both_is_lost() {
    for n in COUNTS {
        whole(Some(Loss::Every(n)), Some(Loss::Every(n)));
    }
}

#[test]
fn any_one_frame_is_lost() {
    for n in 1..=*COUNTS.end() {
        assert_eq!(whole(Some(Loss::Only(n)), None).up.lost, 1, "{n}");
        assert_eq!(whole(None, Some(Loss::Only(n))).down.lost, 1, "{n}");
    }
}

fn is_alarm(bytes: &[u8]) -> bool {
    matches!(wire::decode(bytes), Ok(Report::Alarm { .. }))
}

fn is_acknowledgement(bytes: &[u8]) -> bool {
    matches!(wire::decode(bytes), Ok(Cue::Ack { .. } | Cue::AlarmStored { .. }))
}

fn is_welcome(bytes: &[u8]) -> bool {
    matches!(wire::decode(bytes), Ok(Cue::Welcome { .. }))
}

#[test]
fn an_alarm_that_never_arrives_steers_from_its_place_in_the_order() {
    let harness = whole(Some(Loss::Kind(is_alarm)), None);
    assert!(harness.up.lost > 0, "it was said");
    let late = |entry: &Entry| matches!(entry.kind, Kind::Click { late: true, .. });
    assert!(!harness.stored.iter().any(late), "it was in time all the same");
}

#[test]
fn an_alarm_that_a_reset_overtook_steers_late() {
    let mut harness = Harness::new(None, None);
    assert!(harness.until(10_000, Harness::is_open));
    harness.unlinked();
    harness.gesture(Gesture::SHARP);
    harness.wait(1_000);
    harness.clicker.reset(harness.time(), 500);
    assert!(harness.until(5_000, |harness| harness.clicker.is_on()));
    harness.linked();
    assert!(harness.until(5_000, |harness| harness.clicker.kept() == 0));
    assert_eq!((alarms(&harness.stored), places(&harness.stored)), (vec![(1, 0)], vec![(1, 0)]));
    let late = |entry: &Entry| matches!(entry.kind, Kind::Click { late: true, .. });
    assert!(harness.stored.iter().any(late));
}

#[test]
fn lost_acknowledgements_are_said_again_and_nothing_is_recorded_twice() {
    let mut harness = Harness::new(None, None);
    assert!(harness.until(10_000, Harness::is_open));
    harness.down.loss = Some(Loss::Kind(is_acknowledgement));
    harness.gesture(Gesture::Short(Button::B));
    harness.gesture(Gesture::SHARP);
    harness.wait(3_000);
    assert_eq!((harness.clicker.kept(), places(&harness.stored).len()), (2, 2));
    harness.down.loss = None;
    assert!(harness.until(450, |harness| harness.clicker.kept() == 0), "with the next repetition");
    harness.assert_recorded("after the repetitions");
    assert_eq!(alarms(&harness.stored), [(1, 1)]);
}

/// The laptop's program dies while the clicker has more events, and starts another session on the same connection,
/// whose welcome is lost for a while.
#[test]
fn what_an_older_session_left_reaches_the_next_late_and_does_not_stand_for_its_answer() {
    let mut harness = Harness::new(None, None);
    assert!(harness.until(10_000, Harness::is_open));
    harness.down.loss = Some(Loss::Kind(|_| true));
    harness.up.loss = Some(Loss::Kind(|_| true));
    // Long enough that the clicker is not heard, so that the clicks are ratings.
    harness.wait(3_000);
    harness.gesture(Gesture::Short(Button::B));
    harness.gesture(Gesture::SHARP);
    harness.wait(600);
    let before = harness.next_session(2);
    assert_eq!(places(&before), []);
    harness.up.loss = None;
    harness.down.loss = Some(Loss::Kind(is_welcome));
    harness.wait(5_000);
    assert!(!harness.is_open() && harness.down.lost > 2, "the welcome is said again and again");
    assert_eq!(harness.clicker.dial().map(|dial| dial.value()), Some(3), "the older session is open there");
    let rated = |entry: &Entry| {
        matches!(entry.kind, Kind::Link { dial: Some(_), .. } | Kind::Rating { late: false, .. })
    };
    assert!(!harness.stored.iter().any(rated), "its dial is no rating of this one");
    harness.down.loss = None;
    assert!(harness.until(3_000, Harness::is_open));
    assert_eq!(harness.clicker.dial(), None);
    assert!(harness.until(3_000, |harness| harness.clicker.kept() == 0));
    harness.assert_recorded("what was left");
    let in_time = |entry: &Entry| matches!(entry.kind, Kind::Click { late: false, .. });
    assert!(!harness.stored.iter().any(in_time));
    assert_eq!(alarms(&harness.stored), [(1, 1)], "a SHARP is heeded whenever it comes");
}

/// A session ends and its `Bye` is lost; the next one starts on the same connection.
#[test]
fn a_session_follows_another_whose_end_was_not_heard() {
    for lost in [false, true] {
        let mut harness = Harness::new(None, None);
        assert!(harness.until(10_000, Harness::is_open));
        harness.end();
        if lost {
            harness.down.loss = Some(Loss::Kind(|_| true));
        }
        assert!(harness.until(3_000, |harness| harness.finished));
        harness.wait(100);
        harness.down.loss = None;
        assert_eq!(harness.clicker.mode().is_some(), lost);
        harness.next_session(2);
        assert!(harness.until(2_000, Harness::is_open), "lost: {lost}");
    }
}
