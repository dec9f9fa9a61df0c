//! Promise 4: the number, the link, and a receiver who falls silent.

use coach::{
    Because, Click, Counting, Freshness, Input, Key, Link, Moment, Output, Phase, Prompt, Rating, RatingNow,
    Tone,
};
use proptest::prelude::*;

use super::follow::{always, check, holds, phase_before, rated, said, steps};
use crate::people::runs;
use crate::support::{Entry, Sitting, outputs, rating, secs};

/// Promise 4: the number.
#[test]
fn a_rating_is_a_number_only_while_the_link_is_live() {
    check(runs(), |run| {
        let mut sitting = run.begin();
        for &doing in &run.doings {
            sitting.act(doing);
            let live = heard(&sitting.log);
            let shown = sitting.view().rating;
            prop_assert!(live || !matches!(shown, RatingNow::Live { .. }), "{shown:?} after {doing:?}");
            if let RatingNow::Live { rating, .. } = shown {
                prop_assert_eq!(Some(rating), told_of_the_dial(&sitting.log), "the clicker owns the dial");
            }
            let told = outputs(&sitting.log)
                .filter_map(|(_, output)| match output {
                    Output::Freshness(state) => Some(state),
                    _ => None,
                })
                .last();
            let is = match shown {
                RatingNow::None => Freshness::None,
                RatingNow::Live { .. } => Freshness::Live,
                RatingNow::Stale => Freshness::Stale,
                RatingNow::Lost => Freshness::Lost,
            };
            prop_assert_eq!(told.unwrap_or(Freshness::None), is, "what was told is what is shown");
        }
        Ok(())
    });
}

/// Promise 4: no pressure without a link, none long without a fresh rating.
#[test]
fn pressure_begins_on_a_live_link_and_ends_when_the_receiver_is_not_heard() {
    always(|sitting| {
        let mut live = false;
        for entry in &sitting.log {
            match *entry {
                Entry::Took(_, Input::Link(Link::Live { .. })) => live = true,
                Entry::Took(_, Input::Link(Link::Stale | Link::Lost)) => live = false,
                Entry::Gave(at, Output::Phase { to: Phase::Settling, .. }) => {
                    prop_assert!(live, "pressure begins unheard at {at:?}");
                }
                _ => {}
            }
        }
        for seen in holds(&sitting.log) {
            let Some(began) = seen.began else { continue };
            let last = seen.ended.map_or(sitting.now, |(at, _)| at);
            // A signal that is lost, or a clicker that restarted, has a limit of its own.
            let unheard = seen
                .entries
                .iter()
                .any(|entry| matches!(entry, Entry::Took(_, Input::Link(Link::Lost | Link::Restarted))));
            let mut fresh: Vec<Moment> = rated(&seen).iter().map(|&(at, _)| at).collect();
            fresh.insert(0, began);
            fresh.push(last);
            for pair in fresh.windows(2) {
                let silent = pair[1].since(pair[0]);
                prop_assert!(unheard || silent <= secs(25), "silent from {:?}: {seen:?}", pair[0]);
                prop_assert!(silent <= secs(45), "silent from {:?}: {seen:?}", pair[0]);
            }
            let mut lost: Option<Moment> = None;
            for entry in seen.entries {
                match *entry {
                    Entry::Took(at, Input::Link(Link::Lost)) => lost = lost.or(Some(at)),
                    Entry::Took(_, Input::Link(Link::Live { .. })) => lost = None,
                    Entry::Took(..) | Entry::Gave(..) => {}
                }
            }
            if let Some(lost) = lost {
                prop_assert!(last.since(lost) <= secs(10), "lost since {lost:?}: {seen:?}");
            }
        }
        Ok(())
    });
}

/// Promise 4: Lost while pressing.
#[test]
fn a_signal_lost_while_pressing_says_ease_off() {
    always(|sitting| {
        let mut lost = false;
        for (phase, entry) in phase_before(&sitting.log, Phase::Screening) {
            let &Entry::Took(at, input) = entry else { continue };
            match input {
                Input::Link(Link::Lost) if !lost => {
                    lost = true;
                    let (.., given) = steps(&sitting.log)
                        .find(|&(when, what, _)| when == at && what == input)
                        .expect("its own step");
                    let told = said(given, |prompt| *prompt == Prompt::NoSignalPressing);
                    prop_assert!(!phase.pressure_called_for() || told, "{phase} {given:?}");
                }
                Input::Link(Link::Live { .. }) => lost = false,
                _ => {}
            }
        }
        Ok(())
    });
}

/// Promise 4: back within 10 s, and a fresh rating: three, two, one, and on.
#[test]
fn a_signal_that_is_back_in_time_goes_on_after_a_fresh_rating_and_three_seconds() {
    let mut sitting = Sitting::in_a_hold();
    sitting.rate(4);
    sitting.wait_ms(8_000);
    sitting.tell(Input::Link(Link::Stale));
    sitting.wait_ms(1_000);
    sitting.tell(Input::Link(Link::Lost));
    sitting.wait_ms(7_000);
    sitting.link_up();
    sitting.wait_ms(2_000);
    let stands = |sitting: &Sitting| {
        let count = sitting.view().count.expect("a hold counts");
        (count.what, count.left)
    };
    assert_eq!(stands(&sitting), (Counting::Stopped, secs(22)), "the link alone is not enough");
    sitting.rate(4);
    let given = sitting.wait_ms(2_999);
    let counted = [3, 2, 1].map(|n| Output::Prompt(Prompt::Countdown { n }));
    let last_three: Vec<Output> =
        outputs(&sitting.log).map(|(_, output)| output).filter(|output| counted.contains(output)).collect();
    assert!(last_three.ends_with(&counted), "{given:?}");
    assert_eq!(stands(&sitting), (Counting::Stopped, secs(22)));
    sitting.wait_ms(1_001);
    assert_eq!(stands(&sitting), (Counting::ToMinimum, secs(21)));
}

/// The control of the one above.
#[test]
fn a_signal_that_is_back_without_a_fresh_rating_cuts_the_hold_after_ten_seconds() {
    let mut sitting = Sitting::in_a_hold();
    sitting.rate(4);
    sitting.wait_ms(8_000);
    sitting.tell(Input::Link(Link::Lost));
    let lost = sitting.now;
    sitting.wait_ms(2_000);
    sitting.link_up();
    sitting.wait_ms(20_000);
    let (at, end) = sitting.holds()[0];
    assert_eq!((at, end.because, end.counted), (lost + secs(10), Because::Lost, secs(8)));
}

/// Promise 4: each loss is said, and "the signal is back" is never the last word of a signal that is gone.
#[test]
fn a_signal_that_is_lost_again_is_said_again_and_has_no_longer() {
    let mut sitting = Sitting::in_a_hold();
    sitting.rate(4);
    sitting.wait_ms(8_000);
    let lost = sitting.now;
    for time in 1..=3 {
        let given = sitting.tell(Input::Link(Link::Lost));
        for wanted in [Output::Prompt(Prompt::NoSignalPressing), Output::Tone(Tone::PressureOff)] {
            assert!(given.contains(&wanted), "{wanted:?}, time {time}: {given:?}");
        }
        assert!(sitting.tell(Input::Link(Link::Lost)).is_empty(), "the control: it is lost already");
        sitting.wait_ms(1_000);
        assert!(sitting.link_up().contains(&Output::Prompt(Prompt::SignalBack)), "time {time}");
        sitting.wait_ms(1_000);
    }
    sitting.wait_ms(20_000);
    let (at, end) = sitting.holds()[0];
    assert_eq!((at, end.because), (lost + secs(10), Because::Lost));
}

/// Promise 4: a receiver who falls silent.
#[test]
fn a_silent_receiver_is_asked_let_go_of_and_looked_at() {
    let mut sitting = Sitting::in_a_hold();
    sitting.rate(4);
    let last = sitting.now;
    let from = sitting.log.len();
    sitting.wait_ms(120_000);
    let when = |wanted: Output| {
        outputs(&sitting.log[from..])
            .find(|&(_, output)| output == wanted)
            .map(|(at, _)| at.since(last).as_secs())
    };
    assert_eq!(when(Output::Tone(Tone::Question)), Some(15));
    assert_eq!(when(Output::Prompt(Prompt::StillThere)), Some(20));
    let (at, end) = sitting.holds()[0];
    assert_eq!((at, end.because), (last + secs(25), Because::Silent));
    assert_eq!(sitting.phase(), Phase::Paused, "flushed, and paused until the receiver clicks");
    assert_eq!(when(Output::Prompt(Prompt::LookAtThem)), Some(85));
    sitting.key(Key::GoOn);
    assert_eq!(sitting.phase(), Phase::Paused, "only a touch of the receiver answers it");
    sitting.rate(3);
    assert_ne!(sitting.phase(), Phase::Paused);
}

/// Promise 4: only a new touch after the question answers it.
#[test]
fn a_touch_from_before_the_question_does_not_answer_for_a_silent_receiver() {
    for (late, passed) in [(true, false), (false, true), (true, true)] {
        let mut sitting = Sitting::in_a_hold();
        sitting.rate(4);
        sitting.wait_ms(30_000);
        let touch = Input::Click { means: Click::Same(rating(4)), late, passed };
        sitting.tell(touch);
        sitting.wait_ms(30_000);
        assert_eq!(sitting.phase(), Phase::Paused, "made before the strokes were over: {touch:?}");
        sitting.tell(touch);
        assert_eq!(sitting.phase(), Phase::Paused, "made before it was asked: {touch:?}");
    }
}

/// The clicker's dial, by the last word on it that came in time.
fn told_of_the_dial(log: &[Entry]) -> Option<Rating> {
    log.iter().rev().find_map(|entry| match *entry {
        Entry::Took(
            _,
            Input::Click { means: Click::Rating(rating) | Click::Same(rating), late: false, .. },
        ) => Some(Some(rating)),
        Entry::Took(_, Input::Link(Link::Live { dial })) => Some(dial),
        Entry::Took(_, Input::Link(Link::Restarted)) => Some(None),
        Entry::Took(..) | Entry::Gave(..) => None,
    })?
}

/// Whether the clicker is heard, by the last word on it.
fn heard(log: &[Entry]) -> bool {
    log.iter()
        .rev()
        .find_map(|entry| match entry {
            Entry::Took(_, Input::Link(Link::Live { .. })) => Some(true),
            Entry::Took(_, Input::Link(Link::Stale | Link::Lost)) => Some(false),
            Entry::Took(..) | Entry::Gave(..) => None,
        })
        .unwrap_or(false)
}
