//! Learning the clicker: the SHARP that is asked for is one to be heard, and any other a cry.

use coach::Alarm;
use transcript::{Action, Entry, Kind, LinkState, Means, Value};

use crate::play::Play;
use crate::{assert_broken, assert_clean, without};

/// Up to the lesson that asks for a SHARP, and a SHARP.
fn sharp_in_a_lesson() -> Vec<Entry> {
    let mut play = Play::new();
    play.link(LinkState::Live, None);
    play.click(Means::Spot);
    for _ in 0..4 {
        play.click(Means::No);
    }
    for _ in 0..2 {
        play.rate(3);
        play.wait(3_000);
    }
    play.key(Action::Lesson);
    play.rate(4);
    play.rate(3);
    play.alarm(Alarm::Sharp);
    play.wait(2_000);
    play.entries
}

#[test]
fn a_sharp_that_a_lesson_asks_for_is_answered_by_the_next_lesson() {
    let entries = sharp_in_a_lesson();
    assert!(entries.iter().any(|entry| matches!(entry.kind, Kind::Sharp {})));
    assert_clean(&entries);
}

#[test]
fn one_that_was_not_asked_for_and_took_nothing_off_is_found() {
    let asks = |kind: &Kind| matches!(kind, Kind::Prompt(said) if said.args.get("lesson") == Some(&Value::Name("sharp".to_owned())));
    let entries = without(&sharp_in_a_lesson(), asks);
    assert_broken(3, &entries, "SHARP in learning was not answered by sharp-heat");
}
