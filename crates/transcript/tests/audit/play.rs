//! Plays a session by the rule of recording, without a clicker or an air: the good transcripts that the tests break.

use core::time::Duration;

use coach::body::{Area, Region, Side, Spot};
use coach::screening::Question;
use coach::{Alarm, Before, Cleared, Coach, Day, Moment, Past, Plan, Pressed, Rating, View, Worked};
use transcript::{
    Action, Entry, Header, Kind, LinkState, Means, PastKept, PlanKept, SCHEMA, Versions, rerun,
};

/// A session being played.
pub(crate) struct Play {
    coach: Coach,
    pub(crate) now: u64,
    boot: u16,
    seq: u32,
    /// The clicker's dial.
    dial: Option<Rating>,
    pub(crate) entries: Vec<Entry>,
}

pub(crate) fn header() -> Header {
    Header {
        learn: None,
        id: "01890a5d-ac96-774b-bcce-b302099a8057".to_owned(),
        versions: Versions { program: "0.1.0".to_owned(), wire: "1.0".to_owned(), schema: SCHEMA },
        plan: PlanKept::new(&Plan::partner(), ""),
        seed: None,
        wall: "2026-11-22T18:00:00Z".to_owned(),
        receiver: None,
        closed: Vec::new(),
        past: PastKept::default(),
        clicker: None,
        table: None,
    }
}

pub(crate) fn rating(value: u8) -> Rating {
    Rating::new(value).unwrap()
}

impl Play {
    pub(crate) fn new() -> Self {
        Self::with(header())
    }

    pub(crate) fn with(header: Header) -> Self {
        let coach = Coach::begin(header.setup().unwrap());
        let entries = vec![Entry { at_ms: 0, kind: Kind::Session(Box::new(header)) }];
        let mut play = Self { coach, now: 0, boot: 1, seq: 40, dial: None, entries };
        play.drain();
        play
    }

    /// Screening, warming and the ready check are over, and the strokes have led to locating.
    pub(crate) fn locating() -> Self {
        let mut play = Self::new();
        play.bring_to_locating();
        play
    }

    /// Locating, with a receiver whose knot was worked on yesterday, with a clearance, and with a SHARP near the knot.
    pub(crate) fn known() -> Self {
        let knot = Spot::centre(Area { side: Side::Left, region: Region::UpperTrapezius });
        let before = |spot: Spot, hours: u32| Before { spot, ago: hours * Duration::from_secs(3_600) };
        let worked = |spot: Spot, hours: u32| Worked {
            pressed: Pressed::new(spot, Duration::from_secs(35)),
            ago: before(spot, hours).ago,
        };
        let on = Day::new(2026, 11, 20).unwrap();
        let past = Past {
            today: Day::new(2026, 11, 22),
            cleared: vec![Cleared { question: Question::Clot, on }],
            worked: [30, 20, 47].map(|hours| worked(knot, hours)).into(),
            sharps: vec![before(knot, 60)],
        };
        let mut play = Self::with(Header { past: past.into(), ..header() });
        play.link(LinkState::Live, None);
        play.click(Means::Spot);
        // The questions on the skin, the sharp place and the clearance, and the pages.
        for means in [Means::No, Means::No, Means::Yes, Means::No, Means::No, Means::No] {
            play.click(means);
        }
        play.rate_at_rest();
        play.pass_the_check();
        play
    }

    /// From the first question to locating.
    pub(crate) fn bring_to_locating(&mut self) {
        self.screen();
        self.pass_the_check();
    }

    /// Through the strokes and the ready check.
    pub(crate) fn pass_the_check(&mut self) {
        self.wait(10_000);
        self.click(Means::Felt(Side::Left));
        self.alarm(Alarm::Sharp);
        self.click(Means::Yes);
        self.wait(80_000);
    }

    /// A hold has begun and waits for its first rating.
    pub(crate) fn holding() -> Self {
        let mut play = Self::locating();
        play.click(Means::Spot);
        play.wait(5_000);
        play
    }

    /// From the first question to the strokes.
    pub(crate) fn screen(&mut self) {
        self.link(LinkState::Live, None);
        self.click(Means::Spot);
        for _ in 0..4 {
            self.click(Means::No);
        }
        self.rate_at_rest();
    }

    pub(crate) fn rate_at_rest(&mut self) {
        for _ in 0..2 {
            self.rate(3);
            self.wait(3_000);
        }
        self.key(Action::AlreadyWarm);
    }

    /// A hold at 4, kept fresh, until it lets go after its minimum.
    pub(crate) fn hold_well(&mut self) {
        self.wait(2_000);
        self.rate(4);
        for _ in 0..2 {
            self.wait(14_000);
            self.click(Means::Same(rating(4)));
        }
        self.wait(2_500);
        self.click(Means::LetGo);
        self.wait(5_000);
    }

    /// From the question after a flush to the end.
    pub(crate) fn finish(&mut self) {
        self.click(Means::Enough);
        self.wait(50_000);
        self.rate(2);
        self.wait(3_000);
        self.click(Means::Yes);
    }

    pub(crate) fn wait(&mut self, ms: u64) {
        self.now += ms;
        self.coach.handle_timeout(self.at());
        self.drain();
    }

    pub(crate) fn rate(&mut self, value: u8) {
        self.click(Means::Rating(rating(value)));
    }

    pub(crate) fn click(&mut self, means: Means) {
        self.clicked(means, self.now, false);
    }

    /// A click that took its time.
    pub(crate) fn late(&mut self, means: Means) {
        self.clicked(means, self.now.saturating_sub(1_500), true);
    }

    /// An alarm, and at once its ordered copy.
    pub(crate) fn alarm(&mut self, what: Alarm) {
        self.input(Kind::Alarm { boot: self.boot, seq: self.seq, what });
        self.click(what.into());
    }

    pub(crate) fn key(&mut self, action: Action) {
        self.input(Kind::Key { action });
    }

    pub(crate) fn link(&mut self, state: LinkState, dial: Option<u8>) {
        self.input(Kind::Link { state, dial: dial.map(rating) });
    }

    /// A beat after a silence, with the clicker's own dial or with one that it has been turned to meanwhile.
    pub(crate) fn beat(&mut self, turned: Option<u8>) {
        self.dial = self.dial.map(|dial| turned.map_or(dial, rating));
        self.input(Kind::Link { state: LinkState::Live, dial: self.dial });
    }

    /// The clicker restarts: a new boot counts from 0.
    pub(crate) fn restart(&mut self) {
        (self.boot, self.seq, self.dial) = (self.boot + 1, 0, None);
        self.link(LinkState::Restarted, None);
    }

    /// The laptop is suspended.
    pub(crate) fn gap(&mut self, ms: u64) {
        self.now += ms;
        self.input_alone(Kind::Gap { ms });
    }

    /// The program is killed, and started again after `ms` with the state of a replay.
    pub(crate) fn resume(&mut self, ms: u64) {
        self.coach = rerun(&self.entries).unwrap().coach;
        self.now += ms;
        self.input_alone(Kind::Resumed { wall: "2026-11-22T18:30:00Z".to_owned() });
    }

    pub(crate) fn clicked(&mut self, means: Means, clicked_ms: u64, late: bool) {
        let (boot, seq) = (self.boot, self.seq);
        self.seq += 1;
        if let Means::Rating(rating) | Means::Same(rating) = means {
            self.dial = Some(rating);
        }
        self.input(Kind::Click { boot, seq, clicked_ms, late, means, passed: false });
    }

    pub(crate) fn input(&mut self, kind: Kind) {
        self.coach.handle_timeout(self.at());
        self.drain();
        self.input_alone(kind);
    }

    fn input_alone(&mut self, kind: Kind) {
        let input = kind.input();
        self.entries.push(Entry { at_ms: self.now, kind });
        if let Some(input) = input {
            self.coach.handle(self.at(), input);
        }
        self.drain();
    }

    fn drain(&mut self) {
        while let Some((at, output)) = self.coach.poll_output() {
            self.entries.extend(Entry::of_output(at, output));
        }
    }

    /// What there is to see.
    pub(crate) fn view(&self) -> View {
        self.coach.view(self.at())
    }

    /// Waits for what is due next; false where nothing is.
    pub(crate) fn wait_for_due(&mut self) -> bool {
        let due = self.coach.poll_timeout().map(|deadline| deadline.at.as_millis());
        if let Some(due) = due {
            self.wait(due.saturating_sub(self.now));
        }
        due.is_some()
    }

    fn at(&self) -> Moment {
        Moment::from_millis(self.now)
    }
}
