//! What has been found wrong once, each pinned by the shortest way to it.
//!
//! Properties find what nobody thought of; these hold what somebody did find, so that it stays mended. Each has its
//! control beside it where the same steps with one difference have to come out otherwise.

mod asked;
mod before;
mod edges;
mod holding;
mod learning;
mod pauses;
mod places;
mod sharp;

use coach::body::{Area, Region, Side, Toward};
use coach::{Awaits, Because, Click, Input, Key, Level, Link, Output, Phase, Prompt};

use crate::support::{Sitting, moves, rating, secs};

/// The ids of what was said, in order.
fn said(given: &[Output]) -> Vec<&'static str> {
    prompts(given).map(|prompt| prompt.id()).collect()
}

fn prompts(given: &[Output]) -> impl Iterator<Item = Prompt> {
    given.iter().filter_map(|output| match *output {
        Output::Prompt(prompt) => Some(prompt),
        _ => None,
    })
}

fn loudest(given: &[Output]) -> Option<Level> {
    prompts(given).map(|prompt| prompt.level()).max()
}

/// The last phase that was gone to, and why.
fn last_move(sitting: &Sitting) -> (Phase, Because) {
    let (_, _, to, because) = moves(&sitting.log).last().expect("it went somewhere");
    (to, because)
}

/// A hold in which the receiver has just said 4.
fn rated() -> Sitting {
    let mut sitting = Sitting::in_a_hold();
    sitting.rate(4);
    sitting
}

/// A hold of 30 s and more that has let go, with the question what comes next.
fn asked_what_next(sitting: &mut Sitting) {
    sitting.go_to(Phase::Holding);
    for _ in 0..3 {
        sitting.rate(3);
        sitting.wait_ms(11_000);
    }
    sitting.click(Click::LetGo);
    until(sitting, Awaits::Next);
}

/// A receiver who has fallen silent in a hold: it was flushed, and any touch is waited for.
fn silent() -> Sitting {
    let mut sitting = rated();
    sitting.wait_ms(25_000);
    assert_eq!(last_move(&sitting), (Phase::Flushing, Because::Time));
    sitting
}

/// Does what is awaited until this is.
fn until(sitting: &mut Sitting, awaits: Awaits) {
    for _ in 0..100 {
        if sitting.view().awaits == awaits {
            return;
        }
        assert!(sitting.answer(), "{awaits:?} does not come: {:?}", sitting.view());
    }
    panic!("{awaits:?} does not come: {:?}", sitting.view());
}

/// Locating in this area, with these closed by broken skin.
fn locating_in(area: Area, closed: &[Area]) -> Sitting {
    let mut sitting = Sitting::begin();
    for &closed in closed {
        sitting.key(Key::Where(closed));
        sitting.key(Key::GoOn);
        sitting.click(Click::Yes);
        sitting.click(Click::Yes);
        sitting.click(Click::No);
        sitting.click(Click::No);
        assert_eq!(sitting.view().awaits, Awaits::Elsewhere);
        sitting.click(Click::Yes);
    }
    sitting.key(Key::Where(area));
    sitting.key(Key::GoOn);
    sitting.go_to(Phase::Locating);
    assert_eq!(sitting.view().area, Some(area));
    sitting
}

const fn left(region: Region) -> Area {
    Area { side: Side::Left, region }
}

/// Nudges, so many centimetres each way.
fn nudge(sitting: &mut Sitting, ways: &[(Toward, usize)]) -> Vec<Output> {
    ways.iter()
        .flat_map(|&(toward, cm)| std::iter::repeat_n(toward, cm))
        .flat_map(|toward| sitting.click(Click::Nudge(toward)))
        .collect()
}

fn late(sitting: &mut Sitting, value: u8) -> Vec<Output> {
    sitting.tell(Input::Click { means: Click::Rating(rating(value)), late: true, passed: false })
}

/// The signal is lost and comes back, the dial as it was.
fn lost_and_back(sitting: &mut Sitting) {
    sitting.tell(Input::Link(Link::Lost));
    sitting.wait(secs(1));
    sitting.link_up();
}
