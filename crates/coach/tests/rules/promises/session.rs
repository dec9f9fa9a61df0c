//! Promises 5, 6, 8 and 11: the flush, what comes before any pressure, refusals, and replay.

use core::time::Duration;
use std::collections::BTreeMap;

use coach::screening::{Answer, Page, Question, Weight};
use coach::{Awaits, Click, Input, Key, Moment, Named, Output, Phase, Plan, Prompt, Rating, Screened};
use proptest::prelude::*;

use super::follow::{always, check, flat};
use crate::people::{Run, runs};
use crate::support::{Doing, Entry, Sitting, moves, outputs, replayed};

/// Promise 5.
#[test]
fn every_hold_is_followed_by_at_least_twenty_seconds_of_flush_before_the_next_pressure() {
    always(|sitting| {
        let mut owed = false;
        let mut flushing: Option<Moment> = None;
        for (at, _, input, output) in flat(&sitting.log) {
            if let (Some(Input::Gap(stood_still)), Some(since)) = (input, &mut flushing) {
                *since += stood_still;
            }
            match output {
                Some(Output::Hold(_)) => owed = true,
                Some(Output::Phase { to: Phase::Flushing, .. }) => flushing = Some(at),
                Some(Output::Phase { from: Phase::Flushing, .. }) => {
                    let since = flushing.take().expect("it began");
                    owed &= at.since(since) < Plan::partner().flush;
                }
                _ => {}
            }
            if let Some(Output::Phase { to: Phase::Settling, .. }) = output {
                prop_assert!(!owed, "pressure at {at:?} without a flush");
            }
        }
        Ok(())
    });
}

/// Promise 6: from the very beginning, by two people who key at random until something comes of it.
#[test]
fn nothing_is_pressed_before_screening_and_the_ready_check() {
    let from_the_start = runs().prop_map(|run| Run { beginning: 0, ..run });
    check(from_the_start, |run| {
        let mut sitting = run.play();
        for _ in 0..60 {
            sitting.answer();
        }
        screened_and_ready(&sitting)
    });
    always(screened_and_ready);
}

/// Promise 6: a stop answer.
#[test]
fn a_stop_answer_ends_it_whatever_is_done_then() {
    for &question in Question::ALL {
        let page = Page::ALL.iter().find(|page| page.questions().contains(&question)).expect("on a page");
        let mut sitting = Sitting::begin();
        while sitting.view().awaits != Awaits::Page(*page) {
            sitting.answer();
        }
        sitting.click(Click::Yes);
        while sitting.view().awaits != Awaits::Question(question) {
            sitting.click(Click::No);
        }
        sitting.click(Click::Yes);
        if question.weight() == Weight::StopsUnlessCleared {
            assert_eq!(sitting.view().awaits, Awaits::Clearance(question));
            sitting.click(Click::No);
        }
        if question.weight() == Weight::ClosesArea {
            assert_eq!(sitting.phase(), Phase::Screening, "{question} closes an area and no more");
            continue;
        }
        assert_eq!(sitting.phase(), Phase::Finished, "{question}");
        for key in [Key::GoOn, Key::Yes, Key::No, Key::Back, Key::AlreadyWarm, Key::Spot, Key::End] {
            sitting.key(key);
            sitting.wait_ms(1_000);
            assert_eq!(sitting.phase(), Phase::Finished, "{question} overridden by {key:?}");
        }
    }
}

/// Promise 8: the reason, in words. (`words` holds that every reason has a sentence.)
#[test]
fn every_refusal_is_said_with_its_reason() {
    always(|sitting| {
        let given: Vec<(Moment, Output)> = outputs(&sitting.log).collect();
        for (index, &(at, output)) in given.iter().enumerate() {
            let Output::Refused { what, why } = output else { continue };
            let said = given.get(index + 1);
            prop_assert_eq!(said, Some(&(at, Output::Prompt(Prompt::Refused { what, why }))));
        }
        Ok(())
    });
}

/// Promise 11.
#[test]
fn replaying_the_inputs_gives_the_same_outputs() {
    always(|sitting| is_same(&sitting.log, &replayed(&sitting.log).1));
}

/// Promise 11: a timer that ran with no input after it, and then nothing ran for a while. A replay that left it out
/// gave another transcript.
#[test]
fn what_ran_before_a_gap_or_a_kill_runs_before_it_in_the_replay() {
    let gap = Duration::from_millis(1_001);
    let (settle, most) = (Plan::partner().settle, Plan::partner().hold_max);
    for (input, pressed) in [(Input::Gap(gap), settle + gap), (Input::Resumed, most)] {
        let mut sitting = Sitting::at(Phase::Settling);
        let over = sitting.now + Plan::partner().settle;
        sitting.wait(over.since(sitting.now));
        assert_eq!(sitting.phase(), Phase::Holding, "a timer alone led here");
        sitting.tell(input);
        let began = moves(&sitting.log).find(|&(_, _, to, _)| to == Phase::Holding).map(|(at, ..)| at);
        assert_eq!(began, Some(over));
        let (_, end) = sitting.holds()[0];
        assert_eq!(end.pressed, pressed, "{input:?}: what nobody saw counts as pressed");
        assert_eq!(replayed(&sitting.log).1, sitting.log, "{input:?}");
    }
}

/// Promise 11: how often the coach is woken in between makes no difference.
#[test]
fn waking_the_coach_at_other_moments_changes_nothing() {
    check((runs(), 1..7_000_u64), |(run, every)| {
        let often = Run {
            doings: run.doings.iter().flat_map(|&doing| in_pieces(doing, every)).collect(),
            ..run.clone()
        };
        is_same(&run.play().log, &often.play().log)
    });
}

fn screened_and_ready(sitting: &Sitting) -> Result<(), TestCaseError> {
    let mut answers: BTreeMap<Question, Answer> = BTreeMap::new();
    let mut resting: Option<Rating> = None;
    let mut ready = false;
    let mut stopped = false;
    for (at, output) in outputs(&sitting.log) {
        match output {
            Output::Screening(Screened::Answered { question, answer, .. }) => {
                answers.insert(question, answer);
                stopped |= answer == Answer::Yes && question.weight() != Weight::ClosesArea;
            }
            Output::Screening(Screened::Resting(rating)) => resting = Some(rating),
            Output::Prompt(Prompt::Ready) => ready = true,
            Output::Phase { to, .. } => {
                prop_assert!(
                    !stopped || matches!(to, Phase::Finished | Phase::Paused),
                    "{to} after a stop answer"
                );
                if matches!(to, Phase::Warming | Phase::BroadStrokes) {
                    for page in Page::ALL {
                        for question in page.questions() {
                            prop_assert!(answers.contains_key(question), "{to} at {at:?} without {question}");
                        }
                    }
                    prop_assert!(resting.is_some(), "{to} at {at:?} without a rating at rest");
                }
                if matches!(to, Phase::Locating | Phase::Settling | Phase::Holding) {
                    prop_assert!(ready, "{to} at {at:?} before the ready check");
                    prop_assert!(resting.is_some_and(|rating| rating <= Rating::CEILING), "{to} at {at:?}");
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// Whether two transcripts are the same; the first entry that is not is told.
fn is_same(one: &[Entry], other: &[Entry]) -> Result<(), TestCaseError> {
    for (index, (one, other)) in one.iter().zip(other).enumerate() {
        prop_assert_eq!(one, other, "entry {}", index);
    }
    prop_assert_eq!(one.len(), other.len());
    Ok(())
}

/// The same wait, slept through in naps.
fn in_pieces(doing: Doing, nap: u64) -> Vec<Doing> {
    let Doing::Wait(ms) = doing else { return vec![doing] };
    let mut naps = vec![Doing::Wait(nap); usize::try_from(ms / nap).expect("few naps").min(500)];
    naps.push(Doing::Wait(ms - nap * naps.len() as u64));
    naps
}
