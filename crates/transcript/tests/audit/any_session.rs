//! Whatever people, clickers and links do, a session of the coach keeps the promises.

use core::time::Duration;

use coach::body::{Side, Toward};
use coach::{Alarm, Because, Moment, Outcome};
use proptest::prelude::*;
use transcript::{Action, Entry, Kind, LinkState, Means, Played, Player, audit, replay};

use crate::play::{Play, rating};
use crate::{findings, whole};

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

/// Edits of a transcript.
#[derive(Debug, Clone)]
enum Change {
    Moment(u64),
    Drop,
    Twice,
    Swap(prop::sample::Index),
    Gap(u64),
    Hold(u64),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        prop_oneof![0..400_000u64, any::<u64>(), 0..4_000_000_000_000u64].prop_map(Change::Moment),
        Just(Change::Drop),
        Just(Change::Twice),
        any::<prop::sample::Index>().prop_map(Change::Swap),
        any::<u64>().prop_map(Change::Gap),
        any::<u64>().prop_map(Change::Hold),
    ]
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
        Action::No,
        Action::No,
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
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn a_transcript_out_of_joint_is_never_a_panic(
        changes in prop::collection::vec((any::<prop::sample::Index>(), change()), 1..6)
    ) {
        let mut entries = whole();
        for (index, change) in changes {
            let index = 1 + index.index(entries.len() - 1);
            match change {
                Change::Moment(at_ms) => entries[index].at_ms = at_ms,
                Change::Drop => drop(entries.remove(index)),
                Change::Twice => entries.insert(index, entries[index].clone()),
                Change::Swap(with) => {
                    let with = 1 + with.index(entries.len() - 1);
                    entries.swap(index, with);
                }
                Change::Gap(ms) => entries[index].kind = Kind::Gap { ms },
                Change::Hold(ms) => {
                    entries[index].kind = Kind::Hold {
                        outcome: Outcome::Cut,
                        because: Because::Gap,
                        counted_ms: ms,
                        pressed_ms: ms,
                    };
                }
            }
        }
        // Whether it is found broken is for the tests of each promise: some changes change nothing that counts.
        for finding in audit(&entries).findings {
            prop_assert!(!finding.to_string().is_empty());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn every_session_of_the_coach_is_clean(
        from in 0..4, steps in prop::collection::vec(step(), 1..80), pace in 1..30_000u64
    ) {
        let mut played = match from {
            0 => Play::new(),
            1 => Play::locating(),
            2 => Play::known(),
            _ => Play::holding(),
        };
        for step in steps {
            play(&mut played, step);
        }
        let found = findings(&played.entries);
        prop_assert!(found.is_empty(), "{found}");
        // However it is played again, in strides or from one thing to the next, it is the same session.
        let strides = |_: &Player, now: Moment| Some(now + Duration::from_millis(pace));
        prop_assert_eq!(outputs(&played.entries, strides), replay(&played.entries).unwrap());
        let each = |player: &Player, _: Moment| player.due();
        prop_assert_eq!(outputs(&played.entries, each), replay(&played.entries).unwrap());
    }
}

/// The results of a player that plays from one entry to the next until the end.
fn outputs(entries: &[Entry], next: impl Fn(&Player, Moment) -> Option<Moment>) -> Vec<Entry> {
    let mut player = Player::begin(entries).unwrap();
    let mut outputs = Vec::new();
    let mut to = Some(Moment::START);
    while let Some(now) = to {
        player.play_to(now, |at, played, _| {
            if let Played::Output(output) = played {
                outputs.extend(Entry::of_output(at, output));
            }
        });
        to = next(&player, now).filter(|_| now < player.end());
    }
    outputs
}
