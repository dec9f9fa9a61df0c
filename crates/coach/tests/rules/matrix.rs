//! Every phase meets every input: a move, an effect, or a recorded refusal with its reason, and never silence where
//! somebody spoke.
//!
//! What comes of each pair stands in `matrix.txt`, to be read by a person; run this test with `UNKNOT_BLESS=1` in the
//! environment to write it anew, and read the difference.

use core::fmt::Write as _;
use core::time::Duration;
use std::collections::BTreeMap;

use coach::body::{Side, Stand, Toward};
use coach::{Alarm, Click, Input, Key, Link, Named, Output, Phase, StoreState};

use crate::support::{AREA, Sitting, rating};

/// What came of an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fate {
    Moves(Phase),
    Takes,
    Refuses(coach::Refusal),
    Silent,
}

/// A place for every phase, and more than one where a phase waits for different things.
fn places() -> Vec<(&'static str, Sitting)> {
    let after = |phase, go: fn(&mut Sitting)| {
        let mut sitting = Sitting::at(phase);
        go(&mut sitting);
        sitting
    };
    let until = |phase, awaits: fn(coach::Awaits) -> bool| {
        let mut sitting = Sitting::at(phase);
        while !awaits(sitting.view().awaits) {
            assert!(sitting.phase() == phase && sitting.answer(), "{:?}", sitting.view());
        }
        sitting
    };
    let held = |go: fn(&mut Sitting)| {
        let mut sitting = Sitting::in_a_hold();
        sitting.rate(5);
        sitting.wait_ms(4_000);
        go(&mut sitting);
        sitting
    };
    vec![
        ("screening: where", Sitting::begin()),
        ("screening: page", until(Phase::Screening, |awaits| matches!(awaits, coach::Awaits::Page(_)))),
        ("screening: resting", until(Phase::Screening, |awaits| awaits == coach::Awaits::Resting)),
        ("warming", Sitting::at(Phase::Warming)),
        (
            "learning",
            after(Phase::Warming, |sitting| {
                sitting.key(Key::Lesson);
            }),
        ),
        ("strokes: settling in", Sitting::at(Phase::BroadStrokes)),
        ("strokes: hand", until(Phase::BroadStrokes, |awaits| matches!(awaits, coach::Awaits::Hand(_)))),
        ("strokes: try sharp", until(Phase::BroadStrokes, |awaits| awaits == coach::Awaits::TrySharp)),
        ("strokes: heard that", until(Phase::BroadStrokes, |awaits| awaits == coach::Awaits::HeardThat)),
        ("locating", Sitting::at(Phase::Locating)),
        (
            "locating: a new region",
            after(Phase::Locating, |sitting| {
                while sitting.view().spot.is_some_and(|spot| spot.area() == AREA) {
                    sitting.click(Click::Nudge(Toward::Right));
                }
                sitting.click(Click::Spot);
            }),
        ),
        ("settling", Sitting::at(Phase::Settling)),
        ("holding: not rated", Sitting::in_a_hold()),
        ("holding: counting", held(|_| {})),
        (
            "holding: above five",
            held(|sitting| {
                sitting.rate(6);
            }),
        ),
        (
            "holding: lost",
            held(|sitting| {
                sitting.tell(Input::Link(Link::Lost));
            }),
        ),
        (
            "releasing",
            after(Phase::Holding, |sitting| {
                sitting.rate(4);
                sitting.go_to(Phase::Releasing);
            }),
        ),
        (
            "flushing",
            after(Phase::Holding, |sitting| {
                sitting.rate(4);
                sitting.go_to(Phase::Flushing);
            }),
        ),
        (
            "flushing: felt elsewhere?",
            after(Phase::Holding, |sitting| {
                sitting.rate(4);
                sitting.go_to(Phase::Flushing);
                while sitting.view().awaits != coach::Awaits::FeltElsewhere {
                    sitting.answer();
                }
            }),
        ),
        (
            "flushing: where is it felt?",
            after(Phase::Holding, |sitting| {
                sitting.rate(4);
                sitting.go_to(Phase::Flushing);
                while sitting.view().awaits != coach::Awaits::FeltElsewhere {
                    sitting.answer();
                }
                sitting.click(Click::Yes);
            }),
        ),
        (
            "flushing: next?",
            after(Phase::Holding, |sitting| {
                sitting.rate(4);
                sitting.go_to(Phase::Flushing);
                while sitting.view().awaits != coach::Awaits::Next {
                    sitting.answer();
                }
            }),
        ),
        (
            "flushing: sharp?",
            held(|sitting| {
                sitting.sharp();
                while sitting.view().awaits != coach::Awaits::AfterSharp {
                    sitting.answer();
                }
            }),
        ),
        (
            "moving",
            after(Phase::Holding, |sitting| {
                sitting.rate(4);
                sitting.go_to(Phase::Moving);
            }),
        ),
        (
            "stretching",
            after(Phase::Holding, |sitting| {
                sitting.rate(4);
                sitting.go_to(Phase::Flushing);
                while sitting.view().awaits != coach::Awaits::Next {
                    sitting.answer();
                }
                sitting.click(Click::Enough);
            }),
        ),
        (
            "heat",
            after(Phase::Holding, |sitting| {
                sitting.rate(4);
                sitting.go_to(Phase::Flushing);
                while sitting.view().awaits != coach::Awaits::Next {
                    sitting.answer();
                }
                sitting.click(Click::Enough);
                sitting.go_to(Phase::Heat);
            }),
        ),
        (
            "paused by receiver",
            held(|sitting| {
                sitting.stop();
            }),
        ),
        (
            "paused by partner",
            held(|sitting| {
                sitting.key(Key::Stop);
            }),
        ),
        (
            "asked to end",
            held(|sitting| {
                sitting.key(Key::End);
            }),
        ),
        (
            "finished",
            held(|sitting| {
                sitting.sharp();
                while sitting.view().awaits != coach::Awaits::AfterSharp {
                    sitting.answer();
                }
                sitting.click(Click::Numb);
            }),
        ),
    ]
}

fn inputs() -> Vec<(String, Input)> {
    let clicks = [
        Click::Rating(rating(4)),
        Click::Rating(rating(6)),
        Click::Rating(rating(8)),
        Click::Same(rating(4)),
        Click::Nudge(Toward::Left),
        Click::Nudge(Toward::Feet),
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
        Click::Felt(Side::Left),
        Click::Felt(Side::Right),
        Click::Less,
        Click::More,
        Click::LetGo,
    ];
    let keys = [
        Key::Stop,
        Key::GoOn,
        Key::Yes,
        Key::No,
        Key::Spot,
        Key::Sharp,
        Key::Again,
        Key::Stand(Stand::AtHead),
        Key::Move(Toward::Right),
        Key::Where(AREA),
        Key::AlreadyWarm,
        Key::Lesson,
        Key::Guess(rating(4)),
        Key::End,
        Key::Back,
    ];
    let others = [
        Input::Alarm(Alarm::Sharp),
        Input::Alarm(Alarm::Stop),
        Input::Link(Link::Live { dial: None }),
        Input::Link(Link::Stale),
        Input::Link(Link::Lost),
        Input::Link(Link::Restarted),
        Input::Store(StoreState::Failed),
        Input::Store(StoreState::Recovered),
        Input::Gap(Duration::from_secs(2)),
        Input::Gap(Duration::from_secs(400)),
    ];
    let click = |means, late, passed| Input::Click { means, late, passed };
    let mut inputs = Vec::new();
    inputs.extend(clicks.map(|means| (format!("click {means:?}"), click(means, false, false))));
    inputs.extend(clicks.map(|means| (format!("late {means:?}"), click(means, true, false))));
    inputs.extend(
        [Click::Yes, Click::Beside, Click::OnlySharp, Click::Felt(Side::Left), Click::Spot]
            .map(|means| (format!("passed {means:?}"), click(means, false, true))),
    );
    inputs.extend(keys.map(|key| (format!("key {key:?}"), Input::Key(key))));
    inputs.extend(others.map(|input| (format!("{input:?}"), input)));
    inputs
}

fn fate(sitting: &Sitting, input: Input) -> Fate {
    let before = &sitting.coach;
    let mut sitting = sitting.clone();
    let given = sitting.tell(input);
    let moved = given.iter().rev().find_map(|output| match output {
        Output::Phase { to, .. } => Some(*to),
        _ => None,
    });
    let refused = given.iter().find_map(|output| match output {
        Output::Refused { why, .. } => Some(*why),
        _ => None,
    });
    match (moved, refused) {
        (Some(to), _) => Fate::Moves(to),
        (None, Some(why)) => Fate::Refuses(why),
        (None, None) if given.is_empty() && sitting.coach == *before => Fate::Silent,
        (None, None) => Fate::Takes,
    }
}

/// The facts that may be taken in without a word: nobody spoke.
///
/// STOP is never refused, and when the session is over there is nothing left to stop.
fn is_a_fact(phase: Phase, input: Input) -> bool {
    match input {
        Input::Link(_) | Input::Store(_) | Input::Gap(_) | Input::Resumed => true,
        Input::Alarm(Alarm::Stop) | Input::Key(Key::Stop) => phase == Phase::Finished,
        Input::Click { .. } | Input::Alarm(_) | Input::Key(_) => false,
    }
}

#[test]
fn there_is_a_place_for_every_phase() {
    let places = places();
    for &phase in Phase::ALL {
        assert!(places.iter().any(|(_, sitting)| sitting.phase() == phase), "{phase}");
    }
}

#[test]
fn whoever_speaks_is_answered_in_every_phase() {
    for (place, sitting) in places() {
        for (name, input) in inputs() {
            let fate = fate(&sitting, input);
            assert!(
                fate != Fate::Silent || is_a_fact(sitting.phase(), input),
                "{place}: {name} is met with silence"
            );
        }
    }
}

#[test]
fn every_pair_of_place_and_input_comes_to_what_the_table_says() {
    let table = table();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/rules/matrix.txt");
    if std::env::var_os("UNKNOT_BLESS").is_some() {
        std::fs::write(path, &table).expect("the table is written");
    }
    let stored = std::fs::read_to_string(path).expect("the table is read");
    for (stored, now) in stored.lines().zip(table.lines()) {
        assert_eq!(now, stored, "read `matrix.rs` on how to write the table anew");
    }
    assert_eq!(table.lines().count(), stored.lines().count());
}

fn table() -> String {
    let places = places();
    let mut table = String::from(
        "What comes of every input in every place. Written by `matrix.rs`, which says how.\n\
         `->` a move, `taken` an effect without a move, `refused` with its reason, `known` a fact without a word.\n",
    );
    for (name, input) in inputs() {
        let name =
            name.replace("Rating(Rating(", "Rating(").replace("Same(Rating(", "Same(").replace("))", ")");
        let mut fates: BTreeMap<Fate, Vec<&str>> = BTreeMap::new();
        for (place, sitting) in &places {
            fates.entry(fate(sitting, input)).or_default().push(place);
        }
        let _ = writeln!(table, "\n{name}");
        for (fate, places) in fates {
            let fate = match fate {
                Fate::Moves(to) => format!("-> {to}"),
                Fate::Takes => "taken".to_owned(),
                Fate::Refuses(why) => format!("refused, {why}"),
                Fate::Silent => "known".to_owned(),
            };
            table.push_str(&wrapped(&fate, &places));
        }
    }
    table
}

/// `fate: place | place`, in lines that fit a screen.
fn wrapped(fate: &str, places: &[&str]) -> String {
    let mut text = String::new();
    let mut line = format!("    {fate}:");
    for (index, place) in places.iter().enumerate() {
        let place = if index == 0 { format!(" {place}") } else { format!(" | {place}") };
        if line.len() + place.len() > 100 {
            text += &line;
            text.push('\n');
            line = " ".repeat(7);
        }
        line += &place;
    }
    text + &line + "\n"
}
