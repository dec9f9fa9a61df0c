//! A property for each numbered promise, over random sittings. Only what a transcript would hold is looked at: each
//! property follows the entries and judges them by the words of the promise.

mod follow;
mod holding;
mod session;
mod sharp;
mod signal;

use std::collections::BTreeMap;

use coach::{Because, Named, Outcome, Phase};
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;

use crate::people::runs;
use crate::support::moves;

/// The properties below would hold of sittings in which nothing happens. These happen.
#[test]
fn the_random_sittings_come_to_every_phase_and_every_end_of_a_hold() {
    let mut runner = TestRunner::deterministic();
    let mut ends: BTreeMap<(Outcome, Because), u32> = BTreeMap::new();
    let mut phases: BTreeMap<Phase, u32> = BTreeMap::new();
    for _ in 0..1_000 {
        let sitting = runs().new_tree(&mut runner).expect("a run").current().play();
        for (_, end) in sitting.holds() {
            *ends.entry((end.outcome, end.because)).or_default() += 1;
        }
        for (_, _, to, _) in moves(&sitting.log) {
            *phases.entry(to).or_default() += 1;
        }
    }
    for &phase in Phase::ALL {
        assert!(
            phase == Phase::Screening || phases.contains_key(&phase),
            "{phase} was not come to: {phases:?}"
        );
    }
    let expected = [
        (Outcome::Done, Because::LetGo),
        (Outcome::Done, Because::Fell),
        (Outcome::Done, Because::HardlyHurt),
        (Outcome::Done, Because::Maximum),
        (Outcome::Cut, Because::Maximum),
        (Outcome::Cut, Because::NoRating),
        (Outcome::Cut, Because::AboveFive),
        (Outcome::Cut, Because::HandsOff),
        (Outcome::Cut, Because::Silent),
        (Outcome::Cut, Because::Stop),
        (Outcome::Cut, Because::Lost),
        (Outcome::Cut, Because::Restarted),
        (Outcome::Cut, Because::Gap),
        (Outcome::Cut, Because::Resumed),
        (Outcome::Void, Because::Sharp),
    ];
    for end in expected {
        assert!(ends.contains_key(&end), "no hold ended {end:?}: {ends:?}");
    }
}
