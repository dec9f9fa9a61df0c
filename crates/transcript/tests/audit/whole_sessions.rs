//! Whole sessions of people who mostly do what is asked: alone and with a partner, in every region, with whatever comes in
//! between. None is called broken. By a seed each; a failure says how to play it again.

use coach::body::{Area, Toward};
use coach::{Alarm, Awaits, Lesson, Named as _, Phase, Plan, PlanParams, Technique};
use transcript::{Action, Header, Kind, LinkState, Means, PlanKept};

use crate::findings;
use crate::play::{Play, header, rating};

/// As many sessions; `SESSIONS` asks for more, `SEED` for one.
const SESSIONS: u64 = 1_000;

/// No session goes on for longer.
const STEPS: usize = 400;

#[test]
fn no_honest_session_is_called_broken() {
    let number = |name| std::env::var(name).ok().and_then(|number| number.parse::<u64>().ok());
    let seeds = match number("SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("SESSIONS").unwrap_or(SESSIONS),
    };
    let (mut held, mut finished, mut broken) = (0, 0, Vec::new());
    for seed in seeds.clone() {
        let play = session(seed);
        held += play.entries.iter().filter(|entry| matches!(entry.kind, Kind::Hold { .. })).count();
        finished += usize::from(play.view().phase == Phase::Finished);
        let found = findings(&play.entries);
        if !found.is_empty() {
            broken.push(format!("SEED={seed} cargo test -p transcript --lib whole_sessions\n{found}"));
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    if seeds.end - seeds.start >= SESSIONS {
        let least = seeds.count() / 4;
        assert!(
            held > least && finished > least,
            "the control: {held} holds, {finished} sessions to their end"
        );
    }
}

fn session(seed: u64) -> Play {
    let mut dice = Dice(seed);
    let technique = dice.of(&[
        Technique::Partner,
        Technique::Partner,
        Technique::Ball,
        Technique::Cane,
        Technique::PinAndStretch,
    ]);
    let given = PlanParams::given(technique);
    let figures = PlanParams { low_90: dice.one_in(4), staircase: dice.one_in(4), ..given.clone() };
    let plan = Plan::build(figures).or_else(|_| Plan::build(given)).unwrap();
    let mut play = Play::with(Header { plan: PlanKept::new(&plan, ""), ..header() });
    let areas: Vec<Area> = Area::all().collect();
    let area = dice.of(&areas);
    // From one in four to one in forty: sessions that come far, and such in which much happens.
    let trouble = 4 + dice.below(37);
    play.link(LinkState::Live, None);
    for _ in 0..STEPS {
        if play.view().phase == Phase::Finished {
            break;
        }
        if dice.one_in(trouble) {
            happen(&mut play, &mut dice, &areas);
        } else {
            answer(&mut play, &mut dice, area);
        }
    }
    play
}

/// Does what is asked, one way or another.
fn answer(play: &mut Play, dice: &mut Dice, area: Area) {
    let mostly = |dice: &mut Dice, one, other| if dice.one_in(8) { other } else { one };
    match play.view().awaits {
        Awaits::Nothing => {
            if !play.wait_for_due() {
                play.wait(1_000);
            }
        }
        Awaits::Where if play.view().area == Some(area) || dice.one_in(20) => play.key(Action::GoOn),
        Awaits::Where => play.key(area.into()),
        Awaits::Page(_) => play.click(mostly(dice, Means::No, Means::Yes)),
        Awaits::Question(_) | Awaits::Since(_) => {
            let yes = dice.one_in(20);
            play.click(if yes { Means::Yes } else { Means::No });
            // By mistake.
            if yes && dice.one_in(2) {
                play.key(Action::Back);
            }
        }
        Awaits::LessonOffer => play.click(mostly(dice, Means::No, Means::Yes)),
        Awaits::Lesson(lesson) => show(play, lesson),
        Awaits::Clearance(_) | Awaits::Still(_) | Awaits::Again | Awaits::Elsewhere | Awaits::HeardThat => {
            play.click(mostly(dice, Means::Yes, Means::No));
        }
        Awaits::GoOn => {
            play.wait(dice.up_to(20_000));
            play.click(Means::Yes);
        }
        Awaits::Resting | Awaits::Bother => {
            play.rate(dice.rating(3));
            play.wait(3_000);
        }
        Awaits::WarmCheck if dice.one_in(2) => play.key(Action::AlreadyWarm),
        Awaits::WarmCheck => play.rate(3),
        Awaits::Rating => {
            play.wait(dice.up_to(6_000));
            play.rate(dice.rating(4));
        }
        Awaits::Hand(side) => play.click(Means::Felt(side)),
        Awaits::TrySharp => play.alarm(Alarm::Sharp),
        Awaits::Spot => {
            for _ in 0..dice.below(4) {
                play.click(Means::Nudge(dice.of(Toward::ALL)));
            }
            play.click(Means::Spot);
        }
        Awaits::FeltElsewhere => play.click(if dice.one_in(2) { Means::Yes } else { Means::No }),
        Awaits::WhereFelt => {
            for _ in 0..dice.below(6) {
                play.click(Means::Nudge(dice.of(Toward::ALL)));
            }
            play.click(Means::Spot);
        }
        Awaits::Next => play.click(dice.of(&[Means::Beside, Means::Beside, Means::SameSpot, Means::Enough])),
        Awaits::AfterSharp => play.click(mostly(dice, Means::OnlySharp, Means::Slipped)),
        Awaits::Receiver => {
            play.wait(pause(dice));
            play.click(Means::Yes);
        }
        Awaits::Partner => {
            play.wait(pause(dice));
            play.key(Action::GoOn);
        }
        Awaits::Signal => {
            play.wait(dice.up_to(6_000));
            play.beat(None);
            play.rate(dice.rating(4));
        }
    }
}

/// How long a pause lasts, in milliseconds: mostly a minute at most, now and then one that leads further back.
fn pause(dice: &mut Dice) -> u64 {
    match dice.below(10) {
        0 => 5 * 60_000 + dice.up_to(60_000),
        1 => 30 * 60_000 + dice.up_to(60_000),
        _ => dice.up_to(60_000),
    }
}

/// Something unasked for.
fn happen(play: &mut Play, dice: &mut Dice, areas: &[Area]) {
    match dice.below(20) {
        0 => play.late(Means::Rating(rating(dice.any_rating()))),
        1 => play.late(Means::Same(rating(dice.any_rating()))),
        2 => play.late(dice.of(GESTURES)),
        3 => play.click(dice.of(GESTURES)),
        4 => play.rate(dice.any_rating()),
        5 => play.click(Means::Same(rating(dice.any_rating()))),
        6 => play.alarm(Alarm::Sharp),
        7 | 8 => play.alarm(Alarm::Stop),
        9 => play.key(Action::Stop),
        10 => play.key(dice.of(&[Action::Sharp, Action::Yes, Action::Spot, Action::Again, Action::End])),
        11 => play.key(Action::Back),
        12 => play.key(dice.of(areas).into()),
        13 => play.restart(),
        14 => play.gap(1_001 + pause(dice)),
        15 => play.resume(1_001 + pause(dice)),
        16 | 17 => {
            for _ in 0..=dice.below(2) {
                play.link(LinkState::Stale, None);
                play.wait(dice.up_to(1_000));
                if dice.one_in(2) {
                    play.link(LinkState::Lost, None);
                    play.wait(dice.up_to(4_000));
                }
                play.beat(dice.one_in(3).then(|| dice.any_rating()));
                play.wait(dice.up_to(2_000));
            }
        }
        _ => play.wait(dice.up_to(30_000)),
    }
}

const GESTURES: &[Means] = &[
    Means::Yes,
    Means::No,
    Means::Spot,
    Means::Again,
    Means::Less,
    Means::Less,
    Means::More,
    Means::LetGo,
    Means::LetGo,
    Means::Beside,
    Means::SameSpot,
    Means::Enough,
    Means::OnlySharp,
    Means::Numb,
    Means::Slipped,
    Means::Nudge(Toward::Left),
    Means::Nudge(Toward::Feet),
];

fn show(play: &mut Play, lesson: Lesson) {
    play.click(match lesson {
        Lesson::Sharp => return play.alarm(Alarm::Sharp),
        Lesson::Stop => return play.alarm(Alarm::Stop),
        Lesson::Higher => Means::Rating(rating(4)),
        Lesson::Lower => Means::Rating(rating(3)),
        Lesson::Same => Means::Same(rating(3)),
        Lesson::Less => Means::Less,
        Lesson::Left => Means::Nudge(Toward::Left),
        Lesson::Right => Means::Nudge(Toward::Right),
        Lesson::Head => Means::Nudge(Toward::Head),
        Lesson::Feet => Means::Nudge(Toward::Feet),
        Lesson::Spot => Means::Spot,
        Lesson::Yes => Means::Yes,
        Lesson::No => Means::No,
        Lesson::LetGo => Means::LetGo,
        Lesson::More => Means::More,
    });
}

/// Chance by a seed (SplitMix64), the same everywhere.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % most
    }

    fn up_to(&mut self, most: u64) -> u64 {
        self.below(most + 1)
    }

    fn one_in(&mut self, many: u64) -> bool {
        self.below(many) == 0
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[usize::try_from(self.below(all.len() as u64)).unwrap()]
    }

    fn any_rating(&mut self) -> u8 {
        u8::try_from(1 + self.below(10)).unwrap()
    }

    /// This or one beside it.
    fn rating(&mut self, about: u8) -> u8 {
        about - 1 + u8::try_from(self.below(3)).unwrap()
    }
}
