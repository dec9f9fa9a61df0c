//! What people, time and the air do in the random sittings: plausible enough to come to many holds, and wild enough to
//! meet what nobody thought of.

use core::time::Duration;
use std::sync::LazyLock;

use coach::body::{Side, Stand, Toward};
use coach::{Alarm, Awaits, Click, Input, Key, Link, Phase, StoreState};
use proptest::prelude::*;

use crate::support::{Doing, Sitting, rating};

/// A random sitting: where it begins, and what is done then.
#[derive(Debug, Clone)]
pub(crate) struct Run {
    pub(crate) beginning: usize,
    pub(crate) doings: Vec<Doing>,
}

/// Sittings brought to places from which much can go wrong, with the weight each is chosen by.
pub(crate) static BEGINNINGS: LazyLock<Vec<(u32, &'static str, Sitting)>> = LazyLock::new(|| {
    let rated = || {
        let mut sitting = Sitting::in_a_hold();
        sitting.wait_ms(1_000);
        sitting.rate(4);
        sitting
    };
    let after_sharp = || {
        let mut sitting = rated();
        sitting.wait_ms(4_000);
        sitting.sharp();
        sitting
    };
    let nearly_done = || {
        let mut sitting = rated();
        sitting.wait_ms(14_000);
        sitting.rate(4);
        sitting.wait_ms(14_000);
        sitting.rate(4);
        sitting
    };
    let stopped = || {
        let mut sitting = rated();
        sitting.wait_ms(4_000);
        sitting.stop();
        sitting
    };
    let second_hold = || {
        let mut sitting = nearly_done();
        sitting.go_to(Phase::Flushing);
        sitting.go_to(Phase::Holding);
        sitting
    };
    let flushing = || {
        let mut sitting = nearly_done();
        sitting.go_to(Phase::Flushing);
        sitting
    };
    let asked = || {
        let mut sitting = flushing();
        while sitting.view().awaits != Awaits::Next {
            sitting.answer();
        }
        sitting
    };
    let learning = || {
        let mut sitting = Sitting::at(Phase::Warming);
        sitting.key(Key::Lesson);
        sitting
    };
    let stretching = || {
        let mut sitting = asked();
        sitting.click(Click::Enough);
        sitting
    };
    vec![
        (1, "fresh", Sitting::begin()),
        (1, "warming", Sitting::at(Phase::Warming)),
        (1, "learning", learning()),
        (1, "strokes", Sitting::at(Phase::BroadStrokes)),
        (2, "locating", Sitting::at(Phase::Locating)),
        (2, "settling", Sitting::at(Phase::Settling)),
        (4, "hold", Sitting::in_a_hold()),
        (8, "rated", rated()),
        (6, "nearly done", nearly_done()),
        (2, "after sharp", after_sharp()),
        (1, "stopped", stopped()),
        (2, "flushing", flushing()),
        (2, "what next", asked()),
        (3, "second hold", second_hold()),
        (1, "stretching", stretching()),
    ]
});

/// The sitting that begins there.
pub(crate) fn beginning(name: &str) -> Sitting {
    let named = BEGINNINGS.iter().find(|beginning| beginning.1 == name);
    named.unwrap_or_else(|| panic!("no sitting begins at {name:?}")).2.clone()
}

impl Run {
    pub(crate) fn begin(&self) -> Sitting {
        BEGINNINGS[self.beginning].2.clone()
    }

    /// The sitting after all of it.
    pub(crate) fn play(&self) -> Sitting {
        let mut sitting = self.begin();
        for &doing in &self.doings {
            sitting.act(doing);
        }
        sitting
    }
}

/// Whole runs.
pub(crate) fn runs() -> impl Strategy<Value = Run> {
    (beginnings(), prop::collection::vec(doings(), 1..60))
        .prop_map(|(beginning, doings)| Run { beginning, doings })
}

fn beginnings() -> impl Strategy<Value = usize> {
    let weighted = BEGINNINGS.iter().enumerate().map(|(index, &(weight, ..))| (weight, Just(index).boxed()));
    prop::strategy::Union::new_weighted(weighted.collect())
}

pub(crate) fn doings() -> impl Strategy<Value = Doing> {
    prop_oneof![
        10 => waits(),
        8 => Just(Doing::Answer),
        6 => ratings().prop_map(Doing::Rate),
        2 => Just(Doing::Same),
        5 => in_the_midst().prop_map(Doing::Tell),
        1 => anything().prop_map(Doing::Tell),
        1 => alarms().prop_map(Doing::Tell),
        1 => air(),
    ]
}

fn waits() -> impl Strategy<Value = Doing> {
    prop_oneof![
        3 => (-1..=1_i8).prop_map(Doing::ToDeadline),
        2 => (0..3_000_u64).prop_map(Doing::Wait),
        2 => (0..12_u64).prop_map(|seconds| Doing::Wait(seconds * 1_000)),
        1 => (0..45_000_u64).prop_map(Doing::Wait),
    ]
}

fn ratings() -> impl Strategy<Value = u8> {
    prop_oneof![8 => 2..=5_u8, 1 => Just(1_u8), 3 => 6..=7_u8, 1 => 8..=10_u8]
}

fn timely(means: Click) -> Input {
    Input::Click { means, late: false, passed: false }
}

/// What fits a hold and the moments around it.
fn in_the_midst() -> impl Strategy<Value = Input> {
    prop_oneof![
        Just(timely(Click::Less)),
        Just(timely(Click::LetGo)),
        Just(timely(Click::More)),
        Just(timely(Click::Spot)),
        Just(timely(Click::Beside)),
        Just(timely(Click::SameSpot)),
        Just(timely(Click::Slipped)),
        Just(timely(Click::OnlySharp)),
        Just(Input::Key(Key::GoOn)),
        Just(Input::Key(Key::No)),
        towards().prop_map(|toward| timely(Click::Nudge(toward))),
    ]
}

fn alarms() -> impl Strategy<Value = Input> {
    prop_oneof![
        3 => Just(Input::Alarm(Alarm::Sharp)),
        1 => Just(Input::Alarm(Alarm::Stop)),
        1 => Just(Input::Key(Key::Stop)),
    ]
}

fn air() -> impl Strategy<Value = Doing> {
    prop_oneof![
        3 => Just(Doing::LinkUp),
        2 => Just(Doing::Tell(Input::Link(Link::Stale))),
        2 => Just(Doing::Tell(Input::Link(Link::Lost))),
        1 => Just(Doing::Tell(Input::Link(Link::Restarted))),
    ]
}

fn towards() -> impl Strategy<Value = Toward> {
    prop::sample::select(vec![Toward::Left, Toward::Right, Toward::Head, Toward::Feet])
}

fn sides() -> impl Strategy<Value = Side> {
    prop::sample::select(vec![Side::Left, Side::Right])
}

pub(crate) fn clicks() -> impl Strategy<Value = Click> {
    prop_oneof![
        ratings().prop_map(|value| Click::Rating(rating(value))),
        ratings().prop_map(|value| Click::Same(rating(value))),
        towards().prop_map(Click::Nudge),
        sides().prop_map(Click::Felt),
        prop::sample::select(vec![
            Click::Spot,
            Click::No,
            Click::Yes,
            Click::Again,
            Click::Beside,
            Click::SameSpot,
            Click::Enough,
            Click::OnlySharp,
            Click::Numb,
            Click::Slipped,
            Click::Less,
            Click::More,
            Click::LetGo,
        ]),
    ]
}

/// Every input there is, whether or not anybody waits for it.
pub(crate) fn anything() -> impl Strategy<Value = Input> {
    let keys = prop_oneof![
        towards().prop_map(Key::Move),
        prop::sample::select(vec![Stand::LeftSide, Stand::RightSide, Stand::AtHead, Stand::AtFeet])
            .prop_map(Key::Stand),
        prop::sample::select(vec![
            Key::Stop,
            Key::GoOn,
            Key::Yes,
            Key::No,
            Key::Spot,
            Key::Sharp,
            Key::Again,
            Key::AlreadyWarm,
            Key::Lesson,
            Key::Guess(rating(4)),
            Key::End,
            Key::Back,
        ]),
    ];
    prop_oneof![
        6 => (clicks(), any::<bool>(), prop::bool::weighted(0.2))
            .prop_map(|(means, late, passed)| Input::Click { means, late, passed }),
        6 => keys.prop_map(Input::Key),
        1 => prop::sample::select(vec![StoreState::Failed, StoreState::Recovered]).prop_map(Input::Store),
        1 => (1_001..400_000_u64).prop_map(|ms| Input::Gap(Duration::from_millis(ms))),
        1 => Just(Input::Resumed),
    ]
}
