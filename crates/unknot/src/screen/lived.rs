//! Whole sessions on a pane of glass, in virtual time: the real loop, clicker, session and scenes, and somebody who
//! knows nothing but what is written on the screen.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::io;
use std::rc::Rc;
use std::time::Duration;

use coach::body::Side;
use coach::{Awaits, Moment, Named as _, Phase, Prompt};
use jiff::Timestamp;
use link::memory::{LaptopEnd, LinkSource, Switch};
use link::{NotReached, Reach};
use session::{Session, View};
use sim::Gesture;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::time::sleep;
use transcript::{Entry, Kind, PlanKept, audit};
use tui::Theme;
use uuid::Uuid;
use words::Words;

use super::glass::tests::Pane;
use super::painter::Painter;
use super::session::OnScreen;
use super::{Known, start};
use crate::air::{LinkStatus, Lookout, Near, Radio, Sight, StatusLines};
use crate::clock::{Clock as _, Pace, PausedClock, Timeline};
use crate::front::{Front, Spoilt};
use crate::input::Input;
use crate::keys::{self, Act, Clicker, Press, TABLE};
use crate::live::{Ending, Hand, Live, Why};
use crate::practice::clicker::Pump;
use crate::practice::{header, opening};
use crate::store::Store;
use crate::terminal::Typed;

/// Where a session is lived through, as whoever sits at the keyboard has it.
pub(super) struct Room {
    pub(super) pane: Pane,
    keys: UnboundedSender<Typed>,
    /// The clicker, where it is in the receiver's hand and its link may go.
    pub(super) air: Option<Air>,
    pub(super) entries: Rc<RefCell<Vec<Entry>>>,
    /// How it stands, for those who do not read it from the screen.
    view: Rc<Cell<Option<View>>>,
    /// Whether the loop has ended.
    ended: Rc<Cell<bool>>,
    /// What the status line calls each phase.
    phases: Rc<[(Phase, String)]>,
    /// By how much the laptop's wall clock is ahead.
    pub(super) ahead: Rc<Cell<Duration>>,
}

/// A clicker in the receiver's hand, and the air between it and the laptop.
pub(super) struct Air {
    /// What the hand does.
    pub(super) hand: UnboundedSender<Gesture>,
    /// What is told besides frames.
    pub(super) tell: UnboundedSender<LinkStatus>,
    switch: Rc<RefCell<Switch>>,
    away: UnboundedSender<Duration>,
}

impl Air {
    /// The link ends, and the next comes after so long.
    pub(super) fn cut(&self, away: Duration) {
        self.away.send(away).unwrap();
        self.switch.borrow().cut();
    }
}

impl Room {
    /// A line of the screen, counted from the bottom where it is negative.
    pub(super) fn line(&self, n: isize) -> String {
        let text = self.pane.text();
        let lines: Vec<&str> = text.lines().collect();
        let at = if n < 0 { lines.len().saturating_sub(n.unsigned_abs()) } else { n.unsigned_abs() };
        lines.get(at).copied().unwrap_or_default().to_owned()
    }

    pub(super) fn press(&self, press: Press) {
        if let (Some(air), Some(Act::Clicker(gesture))) =
            (&self.air, keys::act(press, false, Clicker::OnKeyboard))
        {
            // The session may have ended a moment ago.
            let _gone = air.hand.send(gesture);
            return;
        }
        self.key(press);
    }

    /// A key of the keyboard, whoever holds the clicker.
    pub(super) fn key(&self, press: Press) {
        // The session may have ended a moment ago.
        let _gone = self.keys.send(Typed::Press(press));
    }

    /// A text is pasted.
    pub(super) fn pastes(&self, text: &str) {
        let _gone = self.keys.send(Typed::Pasted(text.to_owned()));
    }

    pub(super) fn types(&self, text: &str) {
        text.chars().for_each(|char| self.press(Press::Char(char)));
    }

    /// The phase as the status line has it.
    pub(super) fn phase(&self) -> Option<Phase> {
        let status = self.line(0);
        let status = status.trim_start();
        self.phases.iter().find(|(_, name)| status.starts_with(name)).map(|(phase, _)| *phase)
    }

    /// Does what the screen asks for, as somebody would who wants to get on. Says whether there was anything.
    fn answer(&self) -> bool {
        let asked = self.line(-2);
        let answers = [
            ("really end?", Press::Esc),
            ("where is the knot?", Press::Enter),
            ("one answer for this page", Press::Char('n')),
            ("yes or no", Press::Char('n')),
            ("is it pleasant?", Press::Char('b')),
            ("go on when you like", Press::Enter),
            ("LEFT shoulder", Press::Char('a')),
            ("RIGHT shoulder", Press::Char('b')),
            ("both buttons together", Press::Char('x')),
            ("did you hear the alarm?", Press::Char('y')),
            ("touch the logo when it is there", Press::Char('l')),
            ("click how much it is now", Press::Char('b')),
            ("B beside it", Press::Char('a')),
            ("it slipped", Press::Char('l')),
            ("a click, to go on", Press::Char('b')),
            ("go on when you are ready", Press::Enter),
        ];
        if asked.contains("click 1 to 10") {
            self.types("bo");
            return true;
        }
        let Some((_, press)) = answers.iter().find(|(words, _)| asked.contains(words)) else { return false };
        self.press(*press);
        true
    }

    /// Does what is awaited, the long way round: every phase is come by.
    fn get_on(&self, view: &coach::View) {
        if view.ending {
            return self.press(Press::Esc);
        }
        let keys = match view.awaits {
            Awaits::Where | Awaits::GoOn | Awaits::Partner => "o",
            Awaits::Page(_)
            | Awaits::Question(_)
            | Awaits::Clearance(_)
            | Awaits::Since(_)
            | Awaits::LessonOffer => "n",
            Awaits::Still(_) | Awaits::Again | Awaits::Elsewhere | Awaits::HeardThat => "y",
            Awaits::Resting | Awaits::Bother => "bo",
            Awaits::WarmCheck | Awaits::Hand(Side::Right) | Awaits::Next | Awaits::Receiver => "b",
            Awaits::Rating => "b",
            Awaits::Hand(Side::Left) | Awaits::FeltElsewhere => "a",
            Awaits::TrySharp => "x",
            Awaits::Spot | Awaits::WhereFelt | Awaits::AfterSharp => "l",
            Awaits::Nothing if view.phase == Phase::Warming => "w",
            Awaits::Nothing | Awaits::Signal | Awaits::Lesson(_) => "",
        };
        self.types(keys);
    }

    /// Gets on through the session until this is so, for an hour at the most.
    pub(super) async fn until(&self, so: impl Fn(&Self) -> bool) {
        for turn in 0..7_200 {
            if so(self) {
                return;
            }
            match self.phase() {
                Some(Phase::Warming) => self.press(Press::Char('w')),
                // The receiver says now and then that it is the same.
                Some(Phase::Holding) if turn % 16 == 0 && self.line(-2).contains("nothing but time") => {
                    self.press(Press::Char('l'));
                }
                _ => {}
            }
            self.answer();
            sleep(Duration::from_millis(500)).await;
        }
        let entries = self.entries.borrow();
        let last: Vec<String> = entries.iter().rev().take(30).rev().map(transcript::ndjson::line).collect();
        panic!("it never came:\n{}\n{}", self.pane.text(), last.join("\n"));
    }

    pub(super) fn is_over(&self) -> bool {
        self.entries.borrow().iter().any(|entry| matches!(entry.kind, Kind::Finished { .. }))
    }
}

/// A session on the screen, and how it stands.
struct Watched<'a> {
    screen: OnScreen<'a, Pane>,
    view: Rc<Cell<Option<View>>>,
}

impl Front for Watched<'_> {
    fn led_by(&mut self, technique: coach::Technique) {
        self.screen.led_by(technique);
    }

    fn happened(&mut self, now: Moment, entry: &Entry) -> io::Result<()> {
        self.screen.happened(now, entry)
    }

    fn said(&mut self, now: Moment, prompt: Prompt) -> io::Result<()> {
        self.screen.said(now, prompt)
    }

    fn notice(&mut self, now: Moment, text: &str) -> io::Result<()> {
        self.screen.notice(now, text)
    }

    fn told(&mut self, now: Moment, status: &LinkStatus) -> io::Result<()> {
        self.screen.told(now, status)
    }

    fn note(&mut self, text: Option<&str>) -> io::Result<()> {
        self.screen.note(text)
    }

    fn help(&mut self) -> io::Result<()> {
        self.screen.help()
    }

    fn takes(&mut self, press: Press) -> bool {
        self.screen.takes(press)
    }

    fn spoilt(&mut self, how: Spoilt) -> io::Result<()> {
        self.screen.spoilt(how)
    }

    fn step_aside(&mut self) -> io::Result<()> {
        self.screen.step_aside()
    }

    fn turn(&mut self, now: Moment, view: &View) -> io::Result<()> {
        self.view.set(Some(*view));
        self.screen.turn(now, view)
    }

    fn due(&self, now: Moment, view: &View) -> Option<Moment> {
        self.screen.due(now, view)
    }
}

/// Lives through practice while somebody acts in it. When they have gone, no more keys come.
pub(super) async fn lived(size: (u16, u16), act: impl AsyncFnOnce(&Room)) -> (Ending, Vec<Entry>, String) {
    lived_on(Store::in_memory, size, act).await
}

/// The same on another disk.
pub(super) async fn lived_on(
    store: impl FnOnce(Rc<RefCell<Vec<Entry>>>) -> Store,
    size: (u16, u16),
    act: impl AsyncFnOnce(&Room),
) -> (Ending, Vec<Entry>, String) {
    let (laptop, clicker) = link::memory::pair();
    let (presses, gestures) = unbounded_channel();
    let (shown, lights) = unbounded_channel();
    let pump = Pump::new(PausedClock::start(), Pace::REAL, 0, clicker, gestures, shown);
    let hand = Hand::Keyboard { presses, lights };
    let played = played(store, size, LinkSource::from(laptop), hand, None, act);
    tokio::join!(played, pump.run()).0
}

/// Lives through a session with a clicker in the receiver's hand. What stands in the way of reaching it comes first.
pub(super) async fn lived_in_hand(
    in_the_way: impl IntoIterator<Item = NotReached>,
    act: impl AsyncFnOnce(&Room),
) -> (Ending, Vec<Entry>, String) {
    let (way, bringer) = link::memory::link_source();
    let (laptop, clicker, switch) = link::memory::pair_with_switch();
    bringer.supply(laptop);
    let (hand, gestures) = unbounded_channel();
    let (shown, _lights) = unbounded_channel();
    let mut pump = Pump::new(PausedClock::start(), Pace::REAL, 0, clicker, gestures, shown);
    let (tell, statuses) = unbounded_channel();
    let (away, mut comes) = unbounded_channel();
    let switch = Rc::new(RefCell::new(switch));
    let air = Air { hand, tell, switch: Rc::clone(&switch), away };
    let world = async move {
        loop {
            pump.carry().await;
            let Some(away) = comes.recv().await else { return };
            sleep(away).await;
            let (laptop, clicker, next) = link::memory::pair_with_switch();
            switch.replace(next);
            pump.linked(clicker);
            bringer.supply(laptop);
        }
    };
    let reach = Scripted { in_the_way: in_the_way.into_iter().collect(), way };
    let played = played(Store::in_memory, (80, 24), reach, Hand::Receiver { statuses }, Some(air), act);
    tokio::join!(played, world).0
}

/// What stands in the way, one after the other, and then the way.
struct Scripted {
    in_the_way: VecDeque<NotReached>,
    way: LinkSource,
}

impl Reach for Scripted {
    type Link = LaptopEnd;

    async fn reach(&mut self) -> Result<LaptopEnd, NotReached> {
        match self.in_the_way.pop_front() {
            Some(why) => Err(why),
            None => self.way.reach().await,
        }
    }
}

async fn played(
    store: impl FnOnce(Rc<RefCell<Vec<Entry>>>) -> Store,
    size: (u16, u16),
    reach: impl Reach,
    hand: Hand,
    air: Option<Air>,
    act: impl AsyncFnOnce(&Room),
) -> (Ending, Vec<Entry>, String) {
    let pane = Pane::new(size.0, size.1);
    let mut painter = Painter::new(pane.clone(), Theme::default()).unwrap();
    let (typed, keys) = unbounded_channel();
    let entries = Rc::default();
    let mut clock = PausedClock::start();
    let room = Room {
        ahead: Rc::clone(&clock.ahead),
        pane: pane.clone(),
        keys: typed,
        air,
        entries: Rc::clone(&entries),
        phases: phases(),
        ended: Rc::default(),
        view: Rc::default(),
    };
    let ended = Rc::clone(&room.ended);

    let plan = coach::Plan::partner();
    let header =
        header(Uuid::nil(), PlanKept::new(&plan, plans::plan::text(&plan)), None, Timestamp::UNIX_EPOCH);
    let opening = opening(&header.id, &header.plan);
    let statuses = StatusLines::of("Unknot 7");
    let screen = OnScreen::new(&mut painter, None, &[], Pace::REAL, (hand.clicker(), statuses));
    let mut front = Watched { screen, view: Rc::clone(&room.view) };
    let live = Live {
        session: Session::begin(header, opening).unwrap(),
        timeline: Timeline::new(Pace::REAL, Moment::START, clock.read()),
        clock: &mut clock,
        reach,
        store: store(Rc::clone(&entries)),
        input: &mut Input::new(keys).unwrap(),
        hand,
        front: &mut front,
    };
    let life = async {
        let ending = live.run(Moment::START).await;
        ended.set(true);
        ending
    };
    let people = async move {
        act(&room).await;
        drop(room);
    };
    let (ending, ()) = tokio::join!(life, people);
    let entries = entries.borrow().clone();
    (ending, entries, pane.text())
}

fn phases() -> Rc<[(Phase, String)]> {
    let words = Words::english();
    Phase::ALL.iter().map(|&phase| (phase, words.name(phase).to_uppercase())).collect()
}

pub(super) fn keeps_the_promises(entries: &[Entry]) {
    let findings = audit(entries).findings;
    assert!(findings.is_empty(), "{findings:#?}");
}

fn times(entries: &[Entry], to: Phase) -> usize {
    let into = |entry: &&Entry| matches!(entry.kind, Kind::Phase { to: phase, .. } if phase == to);
    entries.iter().filter(into).count()
}

#[tokio::test(start_paused = true)]
async fn who_does_what_the_screen_says_gets_through_a_whole_session() {
    for size in [(80, 24), (200, 60)] {
        let (ending, entries, last) = lived(size, async |room| room.until(Room::is_over).await).await;
        assert_eq!(ending, Ending::Finished);
        assert!(last.contains("One hold"), "{last}");
        assert_eq!(times(&entries, Phase::Holding), 1);
        keeps_the_promises(&entries);
    }
}

#[tokio::test(start_paused = true)]
async fn a_running_hold_is_one_frame_a_second() {
    let act = async |room: &Room| {
        room.until(|room| room.phase() == Some(Phase::Holding)).await;
        room.types("b");
        sleep(Duration::from_secs(2)).await;
        // Nothing is pressed and nothing is said in these seconds.
        let before = room.pane.frames();
        sleep(Duration::from_secs(8)).await;
        let drawn = room.pane.frames() - before;
        assert!((7..=9).contains(&drawn), "{drawn} frames");
    };
    lived((120, 40), act).await;
}

#[tokio::test(start_paused = true)]
async fn an_alarm_flashes_no_more_than_twice_a_second_and_a_resize_leaves_it_there() {
    let act = async |room: &Room| {
        room.until(|room| room.phase() == Some(Phase::Holding)).await;
        room.types("b");
        sleep(Duration::from_secs(2)).await;
        let (before, rung) = (room.pane.frames(), room.pane.rings());
        room.types("x");
        sleep(Duration::from_secs(2)).await;
        assert!(room.pane.rings() > rung);
        // Two flashes are four halves; SHARP itself changes the phase as well.
        let drawn = room.pane.frames() - before;
        assert!((8..=14).contains(&drawn), "{drawn} frames");
        for (width, height) in [(100, 30), (40, 12), (20, 5), (200, 60), (80, 24)] {
            room.pane.resize(width, height);
            room.keys.send(Typed::Resized).unwrap();
            sleep(Duration::from_millis(100)).await;
            let word = if width < 80 { "HANDS OFF" } else { "ALARM" };
            assert!(room.pane.text().contains(word), "{}", room.pane.text());
        }
    };
    let (_, entries, _) = lived((80, 24), act).await;
    keeps_the_promises(&entries);
}

#[tokio::test(start_paused = true)]
async fn space_stops_at_once_and_so_does_a_key_without_a_meaning() {
    for press in [Press::Char(' '), Press::Char('v'), Press::Backspace, Press::Other] {
        let act = async |room: &Room| {
            room.until(|room| room.phase() == Some(Phase::Holding)).await;
            // Also where the table of keys lies over it.
            room.types("?");
            sleep(Duration::from_millis(100)).await;
            room.press(press);
            sleep(Duration::from_millis(100)).await;
            assert_ne!(room.phase(), Some(Phase::Holding), "{press:?}");
        };
        let (ending, entries, _) = lived((80, 24), act).await;
        assert_eq!(ending, Ending::Left(Why::InputEnded));
        keeps_the_promises(&entries);
    }
}

#[tokio::test(start_paused = true)]
async fn escape_closes_the_help_and_ends_nothing() {
    let act = async |room: &Room| {
        room.until(|room| room.phase() == Some(Phase::Warming)).await;
        room.types("?");
        sleep(Duration::from_millis(100)).await;
        assert!(room.pane.text().contains("step aside for the shell") || room.pane.text().contains("more"));
        room.press(Press::Esc);
        room.press(Press::Esc);
        room.press(Press::Esc);
        sleep(Duration::from_millis(100)).await;
        assert_eq!(room.phase(), Some(Phase::Warming));
        assert!(!room.pane.text().contains("Esc back"), "{}", room.pane.text());
    };
    lived((80, 24), act).await;
}

#[tokio::test(start_paused = true)]
async fn a_note_is_seen_while_it_is_typed_and_kept() {
    let act = async |room: &Room| {
        room.until(|room| room.phase() == Some(Phase::Warming)).await;
        room.types("mleft q");
        room.press(Press::Backspace);
        sleep(Duration::from_millis(100)).await;
        assert!(room.pane.text().contains("Note: left _"), "{}", room.pane.text());
        room.types("hand");
        room.press(Press::Enter);
        sleep(Duration::from_millis(100)).await;
        assert_eq!(room.phase(), Some(Phase::Warming));
    };
    let (_, entries, _) = lived((80, 24), act).await;
    let noted =
        entries.iter().any(|entry| matches!(&entry.kind, Kind::Note { text, .. } if text == "left hand"));
    assert!(noted);
}

/// Every key is pressed in every phase, a few at a visit, until each has been pressed in each.
#[tokio::test(start_paused = true)]
async fn no_key_in_any_phase_panics_or_breaks_a_promise() {
    use Press::{Backspace, Char, LineEnd, Other};
    let strays = [Char('v'), Char('é'), Char('漢'), LineEnd, Backspace, Other];
    let keys: Vec<Press> = TABLE.iter().flat_map(|row| row.presses()).chain(strays).collect();
    let phases = Phase::ALL.iter().copied().filter(|&phase| phase != Phase::Finished);
    let left: RefCell<Vec<(Phase, Press)>> =
        RefCell::new(phases.flat_map(|phase| keys.iter().map(move |&key| (phase, key))).collect());
    let next = |phase| {
        let mut left = left.borrow_mut();
        left.iter().position(|(of, _)| *of == phase).map(|at| left.swap_remove(at).1)
    };
    for session in 0.. {
        if left.borrow().is_empty() {
            break;
        }
        assert!(session < 200, "never pressed: {:?}", left.borrow());
        let act = async |room: &Room| {
            while let Some(view) = room.view.get()
                && !room.ended.get()
            {
                let to_learn = left.borrow().iter().any(|(of, _)| *of == Phase::Learning);
                if view.coach.phase == Phase::Warming && to_learn {
                    room.types("k");
                } else if let Some(press) = next(view.coach.phase) {
                    room.press(press);
                    // What a note or the help has begun is left again.
                    room.press(Press::Esc);
                } else {
                    room.get_on(&view.coach);
                }
                sleep(Duration::from_millis(700)).await;
                let now = room.view.get().unwrap_or(view).coach;
                // Both heats are left by a key, so not before their own keys, and the lesson's, have been pressed.
                let stays = left.borrow().iter().any(|(of, _)| match now.phase {
                    Phase::Warming => matches!(of, Phase::Warming | Phase::Learning),
                    Phase::Heat => *of == Phase::Heat,
                    _ => false,
                });
                if !stays {
                    room.get_on(&now);
                }
                // No whole second in all: phases last whole seconds, and their ends are not always to fall here.
                sleep(Duration::from_millis(310)).await;
            }
        };
        // Small, so that the many frames of it cost little.
        let (_, entries, _) = lived((40, 12), act).await;
        keeps_the_promises(&entries);
    }
}

#[tokio::test(start_paused = true)]
async fn an_idle_start_screen_is_drawn_once_and_again_when_something_else_is_near() {
    let pane = Pane::new(80, 24);
    let mut painter = Painter::new(pane.clone(), Theme::default()).unwrap();
    let (typed, keys) = unbounded_channel();
    let (seen, dreamt) = unbounded_channel();
    let mut input = Input::new(keys).unwrap();
    let near = |rssi_dbm| Near {
        id: "C0:12:34:56:78:9A".to_owned(),
        name: Some("Unknot 9A".to_owned()),
        rssi_dbm: Some(rssi_dbm),
        bonded: Some(false),
        connected: false,
    };
    let sight = |dbm| Sight { radio: Radio::Ready, near: vec![near(dbm)] };
    let people = async {
        sleep(Duration::from_secs(600)).await;
        assert_eq!(pane.frames(), 1);
        seen.send(sight(-58)).unwrap();
        sleep(Duration::from_secs(1)).await;
        assert_eq!(pane.frames(), 2);
        assert!(pane.text().contains("Unknot 9A: near, strong signal (-60 dBm)"), "{}", pane.text());
        assert!(pane.text().contains("no clicker is paired; c pairs one"), "{}", pane.text());
        // A breath of air is no change, and neither is the same again.
        for dbm in [-56, -59, -60] {
            seen.send(sight(dbm)).unwrap();
        }
        sleep(Duration::from_secs(600)).await;
        assert_eq!(pane.frames(), 2);
        seen.send(Sight { radio: Radio::Not("it is off; switch it on".to_owned()), near: Vec::new() })
            .unwrap();
        sleep(Duration::from_secs(1)).await;
        assert!(pane.text().contains("No clicker can be used: it is off; switch it on"), "{}", pane.text());
        typed.send(Typed::Press(Press::Char('c'))).unwrap();
        sleep(Duration::from_secs(1)).await;
        assert!(pane.text().contains("Not now: no Bluetooth"), "{}", pane.text());
        seen.send(sight(-58)).unwrap();
        sleep(Duration::from_secs(1)).await;
        typed.send(Typed::Press(Press::Char('c'))).unwrap();
    };
    let mut lookout = Lookout::dreaming(dreamt);
    let choose = start::choose(&mut painter, &mut input, Known::default(), &mut lookout);
    let (choice, ()) = tokio::join!(choose, people);
    assert_eq!(choice.unwrap(), start::Choice::Pair);
}
