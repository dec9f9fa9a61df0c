//! A hold against a small model of it, in which the passing of time is one of the transitions.
//!
//! The model knows nothing of timers and deadlines. It goes through time in ticks of 100 ms and asks at each one what
//! the rules of a hold (promises 1, 2 and 4) say now. Every figure of a hold is a whole number of ticks, so the two
//! must agree to the millisecond: on whether the hold goes on, why and how it ended, what was counted, for how long
//! pressure was called for, and what the countdown shows.

use core::time::Duration;

use coach::{Alarm, Because, Click, Count, Counting, HoldEnd, Input, Link, Outcome, Output, Phase, Rating};
use proptest::prelude::*;
use proptest::test_runner::Config;
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest, prop_state_machine};

use crate::support::{Sitting, rating};

/// Ticks of 100 ms.
type Ticks = u32;

const SETTLE: Ticks = 50;
const MINIMUM: Ticks = 300;
const MAXIMUM: Ticks = 600;
const CEILING: u8 = 5;

/// A hold, and how it stands with the receiver.
#[derive(Debug, Clone)]
struct Hold {
    /// Since holding began; the lean was 5 s before.
    now: Ticks,
    link: Air,
    /// The loss that is not mended yet: when it began.
    lost: Option<Ticks>,
    /// The signal and a fresh rating are back: three, two, one. When the next is counted, and which.
    back: Option<(Ticks, u8)>,
    given: Option<Given>,
    /// The last rating told, whether or not the signal was lost since.
    told: Option<u8>,
    /// A rating has been given in this hold.
    rated: bool,
    counted: Ticks,
    ease: Option<Ease>,
    less: Option<(Ticks, Option<u8>)>,
    less_at: Option<Ticks>,
    /// The last "ease off": the peak is of what stood since then.
    eased_at: Ticks,
    peak: Option<u8>,
    low: Option<u8>,
    let_go: bool,
    mores: u8,
    gentler: bool,
    /// Whether the last "more" was passed on.
    more_taken: Option<bool>,
    ended: Option<(Outcome, Because)>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Air {
    Live,
    Stale,
    Lost,
}

#[derive(Debug, Clone, Copy)]
struct Given {
    value: u8,
    /// The value has stood since then.
    since: Ticks,
    /// The receiver touched the clicker for it then.
    fresh: Ticks,
}

#[derive(Debug, Clone, Copy)]
struct Ease {
    since: Ticks,
    from: Option<u8>,
}

#[derive(Debug, Clone)]
enum Happens {
    Wait(Ticks),
    Rate(u8),
    Same,
    Less,
    LetGo,
    More,
    Stop,
    Sharp,
    Air(Air),
}

impl Hold {
    fn begin() -> Self {
        Self {
            now: 0,
            link: Air::Live,
            lost: None,
            back: None,
            given: None,
            told: None,
            rated: false,
            counted: 0,
            ease: None,
            less: None,
            less_at: None,
            eased_at: 0,
            peak: None,
            low: None,
            let_go: false,
            mores: 0,
            gentler: false,
            more_taken: None,
            ended: None,
        }
    }

    fn value(&self) -> Option<u8> {
        self.given.map(|given| given.value)
    }

    fn counts(&self) -> bool {
        self.link == Air::Live
            && self.lost.is_none()
            && self.back.is_none()
            && self.ease.is_none()
            && self.value().is_some_and(|value| value <= CEILING)
    }

    fn end(&mut self, because: Because) {
        let outcome = match because {
            Because::Sharp => Outcome::Void,
            Because::LetGo | Because::Fell | Because::HardlyHurt | Because::Maximum
                if self.counted >= MINIMUM =>
            {
                Outcome::Done
            }
            _ => Outcome::Cut,
        };
        self.ended = Some((outcome, because));
    }

    /// A tenth of a second goes by.
    fn tick(&mut self) {
        if self.counts() {
            self.counted += 1;
        }
        self.now += 1;
        self.measure();
        if let Some(because) = self.over() {
            return self.end(because);
        }
        self.less_is_due();
        if self.counted >= MINIMUM
            && self.counts()
            && let Some(because) = self.softened()
        {
            return self.end(because);
        }
        self.count_back();
    }

    /// Three, two, one, go; nobody is counted back into pressure while they are asked to ease off.
    fn count_back(&mut self) {
        self.back = match self.back {
            Some((next, _)) if self.now == next && self.ease.is_some() => Some((next + 10, 3)),
            Some((next, 0)) if self.now == next => None,
            Some((next, n)) if self.now == next => Some((next + 10, n - 1)),
            back => back,
        };
    }

    /// What stood long enough is the peak or the low.
    fn measure(&mut self) {
        let Some(given) = self.given.filter(|given| given.value <= CEILING) else { return };
        if self.now - given.since.max(self.eased_at) >= 20 {
            self.peak = self.peak.max(Some(given.value));
        }
        if self.now - given.since >= 30 {
            self.low = Some(self.low.map_or(given.value, |low| low.min(given.value)));
        }
    }

    fn over(&self) -> Option<Because> {
        if self.now + SETTLE >= MAXIMUM {
            return Some(Because::Maximum);
        }
        if self.lost.is_some_and(|since| self.now - since >= 100) {
            return Some(Because::Lost);
        }
        if let Some(ease) = self.ease {
            let lower = self.told.zip(ease.from).is_some_and(|(told, from)| told < from);
            let eased_for = self.now - ease.since;
            if eased_for == 100 || (eased_for == 50 && !lower) {
                return Some(Because::AboveFive);
            }
        }
        match self.given {
            None if !self.rated && self.now >= 100 => Some(Because::NoRating),
            Some(given) if self.now - given.fresh >= 250 => Some(Because::Silent),
            None | Some(_) => None,
        }
    }

    /// Why a hold may end whose minimum is counted.
    fn softened(&self) -> Option<Because> {
        let value = self.value().filter(|&value| value <= CEILING)?;
        if self.let_go {
            Some(Because::LetGo)
        } else if self.peak.is_some_and(|peak| peak >= value + 2) {
            Some(Because::Fell)
        } else if value <= 2 {
            Some(Because::HardlyHurt)
        } else {
            None
        }
    }

    /// A "less" that was not followed for 10 s. While another "ease off" stands it waits for its turn.
    fn less_is_due(&mut self) {
        if self.ease.is_none()
            && let Some((_, from)) = self.less.take_if(|(at, _)| self.now - *at >= 100)
        {
            self.less_at = None;
            self.ease_off(from);
        }
    }

    fn ease_off(&mut self, from: Option<u8>) {
        self.gentler = true;
        self.eased_at = self.now;
        self.peak = None;
        self.ease.get_or_insert(Ease { since: self.now, from });
    }

    fn rate(&mut self, value: u8, same: bool) {
        if value >= 8 {
            return self.end(Because::HandsOff);
        }
        self.told = Some(value);
        self.rated = true;
        let before = self.value();
        let since = self.given.filter(|given| given.value == value).map_or(self.now, |given| given.since);
        self.given = Some(Given { value, since, fresh: self.now });
        let calm = value <= CEILING;
        if let Some((_, from)) = self.less
            && (same || (calm && from.is_none_or(|from| value < from)))
        {
            self.less = None;
        }
        if !calm {
            match &mut self.ease {
                Some(ease) => ease.from = ease.from.max(Some(value)),
                None => self.ease_off(Some(value)),
            }
            return;
        }
        if self.ease.is_some_and(|ease| ease.from.is_none_or(|from| value < from)) {
            self.ease = None;
            self.less_is_due();
        }
        if self.lost.is_some() && self.link == Air::Live {
            self.lost = None;
            self.back = Some((self.now, 3));
            self.count_back();
        }
        let rise = self.low.is_some_and(|low| value >= low + 2);
        self.gentler |= rise && before.is_none_or(|before| value > before);
        if self.counted >= MINIMUM
            && let Some(because) = self.softened()
        {
            self.end(because);
        }
    }

    fn less(&mut self) {
        self.gentler = true;
        let from = self.value();
        if self.less_at.take().is_some_and(|at| self.now - at <= 100) {
            self.less = None;
            self.ease_off(from);
        } else {
            self.less_at = Some(self.now);
            self.less = Some((self.now, from));
        }
    }

    fn more(&mut self) {
        let low = self.link == Air::Live && self.value().is_some_and(|value| value <= 4);
        let taken = low && !self.gentler && self.mores < 2;
        self.mores += u8::from(taken);
        self.more_taken = Some(taken);
    }

    fn air(&mut self, air: Air) {
        self.link = air;
        if air == Air::Lost && self.lost.is_none() {
            self.lost = Some(self.now);
            self.back = None;
            self.given = None;
            self.gentler = true;
        }
    }

    /// What the countdown shows.
    fn count(&self) -> Count {
        let left = |ticks: Ticks| Duration::from_millis(u64::from(ticks) * 100);
        if self.counted >= MINIMUM {
            Count { what: Counting::ToMaximum, left: left(MAXIMUM - SETTLE - self.now) }
        } else if self.counts() {
            Count { what: Counting::ToMinimum, left: left(MINIMUM - self.counted) }
        } else {
            Count { what: Counting::Stopped, left: left(MINIMUM - self.counted) }
        }
    }
}

impl ReferenceStateMachine for Hold {
    type State = Self;
    type Transition = Happens;

    fn init_state() -> BoxedStrategy<Self> {
        Just(Self::begin()).boxed()
    }

    fn transitions(hold: &Self) -> BoxedStrategy<Happens> {
        if hold.ended.is_some() {
            return Just(Happens::Wait(1)).boxed();
        }
        let waits = prop_oneof![
            2 => 1..30_u32,
            2 => prop::sample::select(vec![10, 19, 20, 21, 29, 30, 31, 49, 50, 51, 99, 100, 101]),
        ];
        let next = match hold.link {
            Air::Live => vec![Air::Stale],
            Air::Stale => vec![Air::Live, Air::Lost],
            Air::Lost => vec![Air::Live],
        };
        let air = prop::sample::select(next).prop_map(Happens::Air);
        if hold.link != Air::Live {
            // Nothing the receiver does is heard.
            return prop_oneof![3 => air, 2 => waits.prop_map(Happens::Wait)].boxed();
        }
        let rates = prop_oneof![8 => 1..=5_u8, 2 => 6..=7_u8, 1 => Just(8_u8)].prop_map(Happens::Rate);
        let near = hold.value().unwrap_or(4);
        let a_step = prop_oneof![Just(near.saturating_sub(1).max(1)), Just((near + 1).min(5))];
        let silent = hold.given.is_none_or(|given| hold.now - given.fresh > 100);
        let same = if hold.given.is_some() { Happens::Same } else { Happens::Rate(4) };
        prop_oneof![
            40 => waits.prop_map(Happens::Wait),
            (if silent { 40 } else { 4 }) => Just(same),
            10 => a_step.prop_map(Happens::Rate),
            (if silent { 10 } else { 3 }) => rates,
            3 => Just(Happens::Less),
            4 => Just(Happens::LetGo),
            3 => Just(Happens::More),
            2 => air,
            1 => prop_oneof![Just(Happens::Stop), Just(Happens::Sharp)],
        ]
        .boxed()
    }

    /// The receiver is heard only over a live link, and repeats only what was given.
    fn preconditions(hold: &Self, happens: &Happens) -> bool {
        match happens {
            Happens::Wait(_) | Happens::Stop | Happens::Sharp => true,
            Happens::Same => hold.link == Air::Live && hold.given.is_some(),
            Happens::Rate(_) | Happens::Less | Happens::LetGo | Happens::More => hold.link == Air::Live,
            Happens::Air(air) => *air != hold.link,
        }
    }

    fn apply(mut hold: Self, happens: &Happens) -> Self {
        hold.more_taken = None;
        if hold.ended.is_some() {
            return hold;
        }
        match *happens {
            Happens::Wait(ticks) => {
                for _ in 0..ticks {
                    if hold.ended.is_none() {
                        hold.tick();
                    }
                }
            }
            Happens::Rate(value) => hold.rate(value, false),
            Happens::Same => {
                if let Some(value) = hold.value() {
                    hold.rate(value, true);
                }
            }
            Happens::Less => hold.less(),
            Happens::LetGo if hold.counted >= MINIMUM => hold.end(Because::LetGo),
            Happens::LetGo => hold.let_go = true,
            Happens::More => hold.more(),
            Happens::Stop => hold.end(Because::Stop),
            Happens::Sharp => hold.end(Because::Sharp),
            Happens::Air(air) => hold.air(air),
        }
        hold
    }
}

/// The coach in a hold, beside the model.
struct Beside;

impl StateMachineTest for Beside {
    type SystemUnderTest = Sitting;
    type Reference = Hold;

    fn init_test(_: &Hold) -> Sitting {
        Sitting::in_a_hold()
    }

    fn apply(mut sitting: Sitting, hold: &Hold, happens: Happens) -> Sitting {
        if hold.ended.is_some() && !sitting.holds().is_empty() {
            return sitting;
        }
        match happens {
            Happens::Wait(ticks) => {
                sitting.wait_ms(u64::from(ticks) * 100);
            }
            Happens::Rate(value) => {
                sitting.rate(value);
            }
            Happens::Same => {
                let dial = sitting.dial.expect("a rating was given");
                sitting.click(Click::Same(dial));
            }
            Happens::Less => {
                sitting.click(Click::Less);
            }
            Happens::LetGo => {
                sitting.click(Click::LetGo);
            }
            Happens::More => {
                let given = sitting.click(Click::More);
                let taken = given.contains(&Output::Ask(coach::Ask::More));
                assert_eq!(Some(taken), hold.more_taken, "more: {given:?}");
            }
            Happens::Stop => {
                sitting.tell(Input::Alarm(Alarm::Stop));
            }
            Happens::Sharp => {
                sitting.tell(Input::Alarm(Alarm::Sharp));
            }
            Happens::Air(Air::Live) => {
                sitting.link_up();
            }
            Happens::Air(Air::Stale) => {
                sitting.tell(Input::Link(Link::Stale));
            }
            Happens::Air(Air::Lost) => {
                sitting.tell(Input::Link(Link::Lost));
            }
        }
        sitting
    }

    fn check_invariants(sitting: &Sitting, hold: &Hold) {
        let ended = sitting.holds().pop().map(|(_, end)| end);
        let expected = hold.ended.map(|(outcome, because)| {
            let ticks = |ticks: Ticks| Duration::from_millis(u64::from(ticks) * 100);
            HoldEnd { outcome, because, counted: ticks(hold.counted), pressed: ticks(hold.now + SETTLE) }
        });
        assert_eq!(ended, expected);
        if ended.is_none() {
            assert_eq!(sitting.phase(), Phase::Holding);
            assert_eq!(sitting.view().count, Some(hold.count()));
        }
    }
}

prop_state_machine! {
    #![proptest_config(Config { cases: 512, failure_persistence: None, ..Config::default() })]

    #[test]
    fn a_hold_goes_as_the_model_says(sequential 1..80 => Beside);
}

/// The model is only worth something where it and the coach come to the same ends for other reasons than doing
/// nothing: one path by hand, with the trace decided beforehand.
#[test]
fn the_model_knows_a_fall_after_the_minimum() {
    let path = [
        Happens::Wait(10),
        Happens::Rate(5),
        Happens::Wait(150),
        Happens::Same,
        Happens::Wait(100),
        Happens::Rate(3),
        Happens::Wait(50),
    ];
    let hold = path.iter().fold(Hold::begin(), |hold, happens| {
        assert_eq!(hold.ended, None);
        <Hold as ReferenceStateMachine>::apply(hold, happens)
    });
    assert_eq!(hold.ended, Some((Outcome::Done, Because::Fell)));
    assert_eq!((hold.counted, hold.now), (MINIMUM, 310));
    assert_eq!(rating(CEILING), Rating::CEILING);
}
