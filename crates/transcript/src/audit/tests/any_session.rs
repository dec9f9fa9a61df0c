//! Whatever people, clickers and links do, a session of the coach keeps the promises.

use coach::Alarm;
use coach::body::{Side, Toward};
use proptest::prelude::*;

use super::findings;
use crate::audit::play::{Play, rating};
use crate::entry::{Action, LinkState, Means};

#[derive(Debug, Clone, Copy)]
enum Step {
    Wait(u64),
    Click(Means),
    Late(Means),
    Alarm(Alarm),
    Key(Action),
    Beat(Option<u8>),
    Silent(LinkState),
    Restart,
    Gap(u64),
    Resume(u64),
    HoldWell,
}

fn step() -> impl Strategy<Value = Step> {
    let means = prop_oneof![
        8 => (1..=5u8).prop_map(|value| Means::Rating(rating(value))),
        2 => (6..=10u8).prop_map(|value| Means::Rating(rating(value))),
        2 => (1..=10u8).prop_map(|value| Means::Same(rating(value))),
        12 => prop::sample::select(vec![
            Means::Spot, Means::Spot, Means::Spot, Means::Yes, Means::No, Means::Again, Means::Beside,
            Means::SameSpot, Means::SameSpot, Means::Enough, Means::OnlySharp, Means::Numb, Means::Slipped,
            Means::Felt(Side::Left), Means::Felt(Side::Right), Means::Less, Means::More, Means::LetGo,
            Means::Nudge(Toward::Feet), Means::Nudge(Toward::Left),
        ]),
    ]
    .boxed();
    let action = prop::sample::select(vec![
        Action::Stop,
        Action::GoOn,
        Action::GoOn,
        Action::Yes,
        Action::Spot,
        Action::Sharp,
        Action::Again,
        Action::End,
        Action::Back,
        Action::AlreadyWarm,
    ]);
    let link = prop_oneof![
        3 => prop::option::of(1..=6u8).prop_map(Step::Beat),
        1 => Just(Step::Silent(LinkState::Stale)),
        1 => Just(Step::Silent(LinkState::Lost)),
    ];
    prop_oneof![
        8 => (1..4_000u64).prop_map(Step::Wait),
        4 => prop::sample::select(vec![1_000, 3_000, 5_000, 10_000, 15_000, 20_000, 25_000, 60_000]).prop_map(Step::Wait),
        10 => means.clone().prop_map(Step::Click),
        2 => means.prop_map(Step::Late),
        1 => prop::sample::select(vec![Alarm::Sharp, Alarm::Stop]).prop_map(Step::Alarm),
        2 => action.prop_map(Step::Key),
        3 => link,
        1 => Just(Step::Restart),
        1 => prop_oneof![1_001..20_000u64, 200_000..2_000_000u64].prop_map(Step::Gap),
        1 => prop_oneof![1_001..20_000u64, 200_000..2_000_000u64].prop_map(Step::Resume),
        1 => Just(Step::HoldWell),
    ]
}

fn play(play: &mut Play, step: Step) {
    match step {
        Step::Wait(ms) => play.wait(ms),
        Step::Click(means) => play.click(means),
        Step::Late(means) => play.late(means),
        Step::Alarm(alarm) => play.alarm(alarm),
        Step::Key(action) => play.key(action),
        Step::Beat(turned) => play.beat(turned),
        Step::Silent(state) => play.link(state, None),
        Step::Restart => play.restart(),
        Step::Gap(ms) => play.gap(ms),
        Step::Resume(ms) => play.resume(ms),
        Step::HoldWell => {
            play.click(Means::Spot);
            play.wait(5_000);
            play.hold_well();
            play.wait(20_000);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn every_session_of_the_coach_is_clean(
        from in 0..3, steps in prop::collection::vec(step(), 1..80)
    ) {
        let mut played = match from {
            0 => Play::new(),
            1 => Play::locating(),
            _ => Play::holding(),
        };
        for step in steps {
            play(&mut played, step);
        }
        let found = findings(&played.entries);
        prop_assert!(found.is_empty(), "{found}");
    }
}
