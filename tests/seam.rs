//! The real clicker and the real session, joined by a pipe that loses frames: one after another, every nth one, in
//! either direction. Whatever is lost, the session opens, every accepted event is recorded once, and it closes.

use std::collections::VecDeque;
use std::num::NonZeroU32;

use coach::{Key, Moment, Phase, Plan};
use session::{Input, Opening, Output, Session};
use sim::clicker::{Flash, Signal};
use sim::{Button, Clicker, Gesture, Time};
use transcript::{Entry, Header, Kind, PlanKept, SCHEMA, Versions};
use wire::{Cue, Frame, Report};

/// One way through the air.
const FLIGHT_MS: u64 = 15;

/// From a batch to its being on the disk.
const DISK_MS: u64 = 20;

/// Every count of frames at which one is lost.
const COUNTS: std::ops::RangeInclusive<u32> = 2..=40;

/// Clicks before the SHARP: so many that either side sends more frames than the highest count.
const CLICKS: u32 = 25;

/// Which frames are lost.
#[derive(Debug, Clone, Copy)]
enum Loss {
    /// Every one of this number.
    Every(u32),
    /// The one with this number alone.
    Only(u32),
    /// All that are of this kind.
    Kind(fn(&[u8]) -> bool),
}

/// One direction of the pipe.
#[derive(Debug)]
struct Way {
    loss: Option<Loss>,
    count: u32,
    lost: u32,
    flying: VecDeque<(u64, Frame)>,
}

impl Way {
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
            self.flying.push_back((now + FLIGHT_MS, frame));
        }
    }
}

/// A clicker, a laptop, and the pipe between them.
#[derive(Debug)]
struct Bench {
    now: u64,
    clicker: Clicker,
    session: Session,
    up: Way,
    down: Way,
    /// The batch that is being written, and when it is on the disk.
    writing: Option<(u64, u64, Vec<Entry>)>,
    stored: Vec<Entry>,
    finished: bool,
    /// Frames of the clicker that have left its stack.
    left: VecDeque<u64>,
    /// When this session began.
    begun: u64,
}

impl Bench {
    /// Linked at the beginning, with a session that is not open yet.
    fn new(up: Option<Loss>, down: Option<Loss>) -> Self {
        let mut bench = Self {
            now: 0,
            clicker: Clicker::new(Time::START, Flash::GOOD),
            session: begin(1),
            up: Way::new(up),
            down: Way::new(down),
            writing: None,
            stored: Vec::new(),
            finished: false,
            left: VecDeque::new(),
            begun: 0,
        };
        bench.linked();
        bench
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

    /// A new session on the same laptop. What the older one stored is kept apart and given.
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

    /// Lets time run until `done`, for so long at most. Gives whether it came to that.
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

    /// One thing that is due now.
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
                Signal::Send(frame) => {
                    self.left.push_back(self.now + FLIGHT_MS);
                    self.up.send(self.now, frame);
                }
                Signal::Sound(_) | Signal::Display(_) => {}
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

    /// Every event the clicker accepted is in the record, in its order and once.
    fn assert_recorded(&self, what: &str) {
        let made: Vec<(u16, u32)> =
            self.clicker.made().iter().map(|made| (made.event.id.boot, made.event.id.seq)).collect();
        assert_eq!(places(&self.stored), made, "{what}");
    }

    /// The session is open on both sides, and the clicker shows what is wanted.
    fn is_open(&self) -> bool {
        self.session.view(self.moment()).obeyed && self.clicker.mode().is_some()
    }

    /// The partner ends the session.
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

/// The alarms that steered.
fn alarms(entries: &[Entry]) -> Vec<(u16, u32)> {
    let alarm = |entry: &Entry| match entry.kind {
        Kind::Alarm { boot, seq, .. } => Some((boot, seq)),
        _ => None,
    };
    entries.iter().filter_map(alarm).collect()
}

/// A session from its opening to its end over this air.
fn whole(up: Option<Loss>, down: Option<Loss>) -> Bench {
    let what = format!("up {up:?}, down {down:?}");
    let mut bench = Bench::new(up, down);
    assert!(bench.until(10_000, Bench::is_open), "{what}: it does not open");
    for click in 0..CLICKS {
        bench.gesture(Gesture::Short(if click % 2 == 0 { Button::B } else { Button::A }));
        bench.wait(300);
    }
    bench.gesture(Gesture::SHARP);
    let stored = |bench: &Bench| bench.clicker.kept() == 0 && !alarms(&bench.stored).is_empty();
    assert!(bench.until(20_000, stored), "{what}: {:?}", bench.clicker.made());
    bench.end();
    let closed = |bench: &Bench| bench.finished && bench.clicker.mode().is_none();
    assert!(bench.until(10_000, closed), "{what}: it does not close");
    bench.assert_recorded(&what);
    assert_eq!(places(&bench.stored).len(), CLICKS as usize + 1, "{what}: all were accepted");
    assert_eq!(alarms(&bench.stored), [(1, CLICKS)], "{what}: SHARP steers once");
    bench
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
    let bench = whole(Some(Loss::Kind(is_alarm)), None);
    assert!(bench.up.lost > 0, "it was said");
    let late = |entry: &Entry| matches!(entry.kind, Kind::Click { late: true, .. });
    assert!(!bench.stored.iter().any(late), "it was in time all the same");
}

#[test]
fn an_alarm_that_a_reset_overtook_steers_late() {
    let mut bench = Bench::new(None, None);
    assert!(bench.until(10_000, Bench::is_open));
    bench.unlinked();
    bench.gesture(Gesture::SHARP);
    bench.wait(1_000);
    bench.clicker.reset(bench.time(), 500);
    assert!(bench.until(5_000, |bench| bench.clicker.is_on()));
    bench.linked();
    assert!(bench.until(5_000, |bench| bench.clicker.kept() == 0));
    assert_eq!((alarms(&bench.stored), places(&bench.stored)), (vec![(1, 0)], vec![(1, 0)]));
    let late = |entry: &Entry| matches!(entry.kind, Kind::Click { late: true, .. });
    assert!(bench.stored.iter().any(late));
}

#[test]
fn lost_acknowledgements_are_said_again_and_nothing_is_recorded_twice() {
    let mut bench = Bench::new(None, None);
    assert!(bench.until(10_000, Bench::is_open));
    bench.down.loss = Some(Loss::Kind(is_acknowledgement));
    bench.gesture(Gesture::Short(Button::B));
    bench.gesture(Gesture::SHARP);
    bench.wait(3_000);
    assert_eq!((bench.clicker.kept(), places(&bench.stored).len()), (2, 2));
    bench.down.loss = None;
    assert!(bench.until(450, |bench| bench.clicker.kept() == 0), "with the next repetition");
    bench.assert_recorded("after the repetitions");
    assert_eq!(alarms(&bench.stored), [(1, 1)]);
}

/// The laptop's program goes without a word while the clicker has more to tell, and begins another session on the
/// same connection, whose welcome is lost for a while.
#[test]
fn what_an_older_session_left_reaches_the_next_late_and_does_not_stand_for_its_answer() {
    let mut bench = Bench::new(None, None);
    assert!(bench.until(10_000, Bench::is_open));
    bench.down.loss = Some(Loss::Kind(|_| true));
    bench.up.loss = Some(Loss::Kind(|_| true));
    // Nobody hears, so that the clicks are ratings.
    bench.wait(3_000);
    bench.gesture(Gesture::Short(Button::B));
    bench.gesture(Gesture::SHARP);
    bench.wait(600);
    let before = bench.next_session(2);
    assert_eq!(places(&before), []);
    bench.up.loss = None;
    bench.down.loss = Some(Loss::Kind(is_welcome));
    bench.wait(5_000);
    assert!(!bench.is_open() && bench.down.lost > 2, "the welcome is said again and again");
    assert_eq!(bench.clicker.dial().map(|dial| dial.value()), Some(3), "the older session is open there");
    let rated = |entry: &Entry| {
        matches!(entry.kind, Kind::Link { dial: Some(_), .. } | Kind::Rating { late: false, .. })
    };
    assert!(!bench.stored.iter().any(rated), "its dial is no rating of this one");
    bench.down.loss = None;
    assert!(bench.until(3_000, Bench::is_open));
    assert_eq!(bench.clicker.dial(), None);
    assert!(bench.until(3_000, |bench| bench.clicker.kept() == 0));
    bench.assert_recorded("what was left");
    let in_time = |entry: &Entry| matches!(entry.kind, Kind::Click { late: false, .. });
    assert!(!bench.stored.iter().any(in_time));
    assert_eq!(alarms(&bench.stored), [(1, 1)], "a SHARP is heeded whenever it comes");
}

/// A session ends and its last word is lost; the next begins on the same connection.
#[test]
fn a_session_follows_another_whose_end_was_not_heard() {
    for lost in [false, true] {
        let mut bench = Bench::new(None, None);
        assert!(bench.until(10_000, Bench::is_open));
        bench.end();
        if lost {
            bench.down.loss = Some(Loss::Kind(|_| true));
        }
        assert!(bench.until(3_000, |bench| bench.finished));
        bench.wait(100);
        bench.down.loss = None;
        assert_eq!(bench.clicker.mode().is_some(), lost);
        bench.next_session(2);
        assert!(bench.until(2_000, Bench::is_open), "lost: {lost}");
    }
}
