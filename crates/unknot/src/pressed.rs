//! A thousand seeded sessions in which the machine is suspended, its clock is set, its program is killed and leans are broken
//! off: no pressing is ever stored as less than was called for, and the audit agrees with every one.
//!
//! Here a world has one true time, which no program can read. The program reads a monotonic clock that stands while the machine
//! is suspended, and a wall clock that anybody sets; it goes through [`Timeline`] and [`again_at`], as in `live.rs` and
//! `begin.rs`. What is not tried is a clock that is set back while the machine sleeps: no reading can tell of that sleep. Nor a loop that
//! is late by less than a second, which is in time: what it calls off then is recorded at the moment that was due.
//!
//! `SEED=17 cargo test -p unknot --lib pressed` plays one seed again; `SEEDS=20000` plays as many.

use std::time::Duration;

use coach::body::{Area, Region, Side, Spot, Toward};
use coach::{Alarm, Awaits, Coach, Dose, Key, Moment, Outcome, Phase, Plan, Rating};
use jiff::{SignedDuration, Timestamp};
use sim::rng::{RngStream, SeededRng};
use transcript::{Action, Entry, Header, Kind, LinkState, Means, PlanKept, audit, pressings, rerun};
use uuid::Uuid;

use crate::clock::{Pace, Reading, Timeline, again_at};
use crate::practice::header;

const SEEDS: u64 = 1_000;
/// The loop of the program turns at least this often.
const TURN: Duration = Duration::from_millis(500);
const AREA: Area = Area { side: Side::Left, region: Region::Latissimus };

/// A time that pressure was called for, by the true time.
#[derive(Debug, Clone, Copy)]
struct Called {
    spot: Spot,
    since_ms: u64,
    /// The longest that the coach would have called for it, there and then.
    most: Duration,
    /// How long it was called for; `None` while it goes on.
    lasted: Option<Duration>,
}

struct World {
    rng: SeededRng,
    true_ms: u64,
    suspended_ms: u64,
    /// By how much the wall clock was set.
    set_ms: i64,
    plan: Plan,
    began: Timestamp,
    timeline: Timeline,
    coach: Coach,
    now: Moment,
    entries: Vec<Entry>,
    seq: u32,
    called: Vec<Called>,
    tally: Tally,
}

/// What came about, so that none of it goes untried.
#[derive(Debug, Default, Clone, Copy)]
struct Tally {
    gaps: u32,
    kills: u32,
    broken_off: u32,
    holds: u32,
    shortened: u32,
}

impl World {
    fn begin(seed: u64) -> Self {
        let mut rng = SeededRng::new(seed, RngStream::Partner);
        let figures = coach::PlanParams {
            low_90: rng.per_mille(200),
            name: "tried".to_owned(),
            ..coach::PlanParams::partner()
        };
        let plan = Plan::build(figures).unwrap();
        let began: Timestamp = "2026-11-22T18:00:00Z".parse().unwrap();
        let header: Header = header(Uuid::nil(), PlanKept::new(&plan, ""), Some(seed), began);
        let coach = Coach::begin(header.setup().unwrap());
        let first = Reading { monotonic: Duration::ZERO, wall: began };
        let mut world = Self {
            rng,
            true_ms: 0,
            suspended_ms: 0,
            set_ms: 0,
            plan,
            began,
            timeline: Timeline::new(Pace::REAL, Moment::START, first),
            coach,
            now: Moment::START,
            entries: vec![Entry { at_ms: 0, kind: Kind::Session(Box::new(header)) }],
            seq: 0,
            called: Vec::new(),
            tally: Tally::default(),
        };
        world.drain();
        world.happens(Kind::Link { state: LinkState::Live, dial: None });
        world
    }

    fn reading(&self) -> Reading {
        let since = SignedDuration::from_millis(i64::try_from(self.true_ms).unwrap() + self.set_ms);
        Reading {
            monotonic: Duration::from_millis(self.true_ms - self.suspended_ms),
            wall: self.began.checked_add(since).unwrap(),
        }
    }

    fn due(&self) -> Moment {
        let latest = self.now + TURN;
        self.coach.poll_timeout().map_or(latest, |deadline| deadline.at.min(latest))
    }

    /// A turn of the loop.
    fn turn(&mut self, due: Moment) {
        let turn = self.timeline.turn(self.reading(), due);
        self.now = turn.now;
        if let Some(gap) = turn.gap {
            self.tally.gaps += 1;
            let ms = u64::try_from(gap.as_millis()).unwrap();
            // As `session` does it.
            self.coach.handle_timeout(self.now - Duration::from_millis(ms));
            self.drain();
            self.feed(Kind::Gap { ms });
            self.happens(Kind::Link { state: LinkState::Live, dial: None });
        }
        self.coach.handle_timeout(self.now);
        self.drain();
    }

    fn wait(&mut self, ms: u64) {
        let until = self.true_ms + ms;
        while self.true_ms < until {
            let due = self.due();
            let wait = u64::try_from(self.timeline.until(self.now, due).as_millis()).unwrap();
            self.true_ms = until.min(self.true_ms + wait.max(1));
            self.turn(due);
        }
    }

    /// Something happens to the program while it waits.
    fn happens(&mut self, kind: Kind) {
        self.turn(self.due());
        self.feed(kind);
    }

    fn feed(&mut self, kind: Kind) {
        let input = kind.input();
        self.entries.push(Entry::new(self.now, kind));
        if let Some(input) = input {
            self.coach.handle(self.now, input);
        }
        self.drain();
    }

    fn drain(&mut self) {
        while let Some((at, output)) = self.coach.poll_output() {
            self.entries.extend(Entry::of_output(at, output));
        }
        self.see();
    }

    /// Takes note of whether pressure is called for, by the true time.
    fn see(&mut self) {
        let view = self.coach.view(self.now);
        let presses = view.phase.pressure_called_for();
        let open = self.called.last().copied().filter(|called| called.lasted.is_none());
        match (presses, open, view.spot) {
            (true, None, Some(spot)) => {
                let (since_ms, most) = (self.true_ms, self.most(spot));
                self.called.push(Called { spot, since_ms, most, lasted: None });
            }
            (false, Some(called), _) => {
                let lasted = self.lasted(called);
                self.called.last_mut().unwrap().lasted = Some(lasted);
            }
            _ => {}
        }
    }

    fn lasted(&self, called: Called) -> Duration {
        called.lasted.unwrap_or(Duration::from_millis(self.true_ms - called.since_ms).min(called.most))
    }

    /// For how long a lean may be held that has just begun here. One of a minute and a half needs low ratings to its end, and
    /// so is not asked for.
    fn most(&self, spot: Spot) -> Duration {
        let before = pressings(&self.entries);
        let before = before.split_last().map_or(&[][..], |(_, before)| before);
        // A slip gives its hold back.
        let all = || {
            before.iter().map(|pressing| match pressing.outcome {
                Some(Outcome::Void) => pressing.pressed.given_back(),
                _ => pressing.pressed,
            })
        };
        let here = Dose::of(all().filter(|one| one.spot.is_same(spot)), &self.plan);
        let spares = |dose: Dose, most| dose.spares(most, &self.plan).unwrap_or_default();
        let left =
            spares(here, self.plan.holds_per_spot).min(spares(Dose::of(all(), &self.plan), self.plan.holds));
        left.min(self.plan.hold_max)
    }

    fn click(&mut self, means: Means) {
        let (seq, clicked_ms) = (self.seq, self.now.as_millis());
        self.seq += 1;
        self.happens(Kind::Click { boot: 1, seq, clicked_ms, late: false, means, passed: false });
    }

    fn rate(&mut self, value: u8) {
        self.click(Means::Rating(Rating::new(value).unwrap()));
    }

    fn key(&mut self, key: Key) {
        self.happens(Kind::from(key));
    }

    fn sharp(&mut self) {
        self.happens(Kind::Alarm { boot: 1, seq: self.seq, what: Alarm::Sharp });
        self.click(Means::Sharp);
    }

    /// Something goes wrong, or the clock is set.
    fn mishap(&mut self) {
        let ms = u64::from(match self.rng.between(0, 3) {
            0 => self.rng.between(1_100, 5_000),
            1 | 2 => self.rng.between(5_000, 70_000),
            _ => self.rng.between(290_000, 2_000_000),
        });
        let signed = i64::try_from(ms).unwrap();
        match self.rng.between(0, 5) {
            0 | 1 => {
                self.true_ms += ms;
                self.suspended_ms += ms;
                self.turn(self.due());
            }
            2 => {
                // The loop stalls, or the program is stopped: both clocks go on. Late by less than a second it is in time.
                let due = self.due();
                self.true_ms += ms.max(1_600);
                self.turn(due);
            }
            3 => {
                self.set_ms += signed;
                self.turn(self.due());
            }
            4 => {
                self.set_ms -= signed;
                self.turn(self.due());
            }
            _ => self.kill(ms),
        }
    }

    /// The program is killed, and started again, after the clock was set, or the whole machine was started again.
    fn kill(&mut self, gone_ms: u64) {
        self.tally.kills += 1;
        self.true_ms += gone_ms;
        match self.rng.between(0, 3) {
            0 => self.set_ms -= i64::from(self.rng.between(0, 600_000)),
            1 => self.set_ms += i64::from(self.rng.between(0, 600_000)),
            _ => {}
        }
        let last = self.entries.last().map_or(Moment::START, Entry::at);
        self.coach = rerun(&self.entries).unwrap().coach;
        self.now = again_at(Some(self.began), self.reading().wall, last);
        self.timeline = Timeline::new(Pace::REAL, self.now, self.reading());
        self.feed(Kind::Resumed { wall: self.reading().wall.to_string() });
        self.happens(Kind::Link { state: LinkState::Live, dial: None });
    }

    /// One thing that people do, or that befalls them.
    fn step(&mut self) {
        let view = self.coach.view(self.now);
        match (view.phase, view.awaits) {
            (Phase::Settling, _) => match self.rng.between(0, 9) {
                0..=4 => {
                    let ms = u64::from(self.rng.between(100, 4_900));
                    self.wait(ms);
                    let way = if self.rng.per_mille(500) { Toward::Head } else { Toward::Feet };
                    self.click(Means::Nudge(way));
                }
                5 => self.mishap(),
                _ => self.wait(1_500),
            },
            (Phase::Holding, _) => match self.rng.between(0, 29) {
                0..=9 => {
                    let value = u8::try_from(self.rng.between(2, 5)).unwrap();
                    self.rate(value);
                }
                10 => self.rate(7),
                11 => self.click(Means::LetGo),
                12 => self.click(Means::Less),
                13 => self.key(Key::Stop),
                14 | 15 => self.mishap(),
                16 => self.sharp(),
                _ => {
                    let ms = u64::from(self.rng.between(500, 9_000));
                    self.wait(ms);
                }
            },
            _ if self.rng.per_mille(20) => self.mishap(),
            (_, awaits) => self.answer(awaits),
        }
    }

    fn answer(&mut self, awaits: Awaits) {
        match awaits {
            Awaits::Nothing => self.wait(2_000),
            Awaits::Where if self.coach.view(self.now).area == Some(AREA) => self.key(Key::GoOn),
            Awaits::Where => self.key(Key::Where(AREA)),
            Awaits::Page(_) | Awaits::Question(_) => self.key(Key::No),
            Awaits::Partner => self.key(Key::GoOn),
            Awaits::Since(_) | Awaits::LessonOffer | Awaits::FeltElsewhere => self.click(Means::No),
            Awaits::Resting | Awaits::Bother => {
                self.rate(3);
                self.wait(3_000);
            }
            Awaits::WarmCheck | Awaits::Rating => self.rate(3),
            Awaits::Hand(side) => self.click(Means::Felt(side)),
            Awaits::TrySharp => self.sharp(),
            Awaits::Spot => self.click(Means::Spot),
            Awaits::WhereFelt => self.click(Means::Spot),
            Awaits::Next if self.rng.per_mille(700) => self.click(Means::SameSpot),
            Awaits::Next => self.click(Means::Beside),
            Awaits::AfterSharp if self.rng.per_mille(500) => self.click(Means::Slipped),
            Awaits::AfterSharp => self.click(Means::OnlySharp),
            Awaits::Signal => self.happens(Kind::Link { state: LinkState::Live, dial: None }),
            Awaits::Clearance(_)
            | Awaits::Still(_)
            | Awaits::Again
            | Awaits::Elsewhere
            | Awaits::GoOn
            | Awaits::HeardThat
            | Awaits::Lesson(_)
            | Awaits::Receiver => self.click(Means::Yes),
        }
        match self.coach.view(self.now).phase {
            Phase::Warming => self.happens(Kind::Key { action: Action::AlreadyWarm }),
            // A refused gesture is not made again in the same second.
            Phase::Locating => self.wait(700),
            _ => self.wait(150),
        }
    }

    /// What is wrong with it.
    fn wrong(&mut self) -> Vec<String> {
        let mut wrong: Vec<String> = audit(&self.entries).findings.iter().map(ToString::to_string).collect();
        let stored = pressings(&self.entries);
        if stored.len() != self.called.len() {
            wrong.push(format!("{} pressings are stored, of {}", stored.len(), self.called.len()));
        }
        for (index, (stored, called)) in stored.iter().zip(&self.called).enumerate() {
            let lasted = self.lasted(*called);
            let pressed = stored.pressed;
            if pressed.spot != called.spot || pressed.lasted < lasted {
                wrong.push(format!("pressing {index}: {called:?} for {lasted:?} is stored as {stored:?}"));
            }
            self.tally.holds += u32::from(stored.outcome.is_some());
            self.tally.broken_off += u32::from(stored.outcome.is_none());
            self.tally.shortened += u32::from(called.most < self.plan.hold_max);
        }
        // One that is open counts as a whole hold, whatever it would have been allowed.
        let ended = self.called.iter().filter(|called| called.lasted.is_some()).count();
        for pressing in stored.iter().take(ended) {
            let here = stored.iter().filter(|other| other.lean <= pressing.lean);
            let here = here.map(|other| other.pressed).filter(|one| one.spot.is_same(pressing.pressed.spot));
            let (lasted, most) =
                (Dose::of(here, &self.plan).lasted, self.plan.hold_longest() * self.plan.holds_per_spot);
            if lasted > most {
                wrong.push(format!("{:?} was pressed for {lasted:?}", pressing.pressed.spot));
            }
        }
        wrong
    }
}

fn played(seed: u64) -> World {
    let mut world = World::begin(seed);
    for _ in 0..2_000 {
        let until = 15 * 60 * 1_000;
        if world.coach.view(world.now).phase == Phase::Finished || world.called.len() > 60 {
            break;
        }
        if world.true_ms - world.suspended_ms > until && world.rng.per_mille(20) {
            break;
        }
        world.step();
    }
    world
}

#[test]
fn a_thousand_sessions_never_store_less_pressing_than_was_called_for() {
    let number = |name| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let seeds = match (number("SEED"), number("SEEDS")) {
        (Some(seed), _) => seed..seed + 1,
        (None, seeds) => 0..seeds.unwrap_or(SEEDS),
    };
    let whole = seeds.end - seeds.start >= SEEDS;
    let mut all = Tally::default();
    for seed in seeds {
        let mut world = played(seed);
        let wrong = world.wrong();
        assert!(
            wrong.is_empty(),
            "again by `SEED={seed} cargo test -p unknot --lib pressed`:\n  {}",
            wrong.join("\n  ")
        );
        let Tally { gaps, kills, broken_off, holds, shortened } = world.tally;
        all.gaps += gaps;
        all.kills += kills;
        all.broken_off += broken_off;
        all.holds += holds;
        all.shortened += shortened;
    }
    if whole {
        let Tally { gaps, kills, broken_off, holds, shortened } = all;
        let least = [gaps, kills, broken_off, holds, shortened].into_iter().min();
        assert!(least > Some(300), "hardly tried: {all:?}");
    }
}
