//! Promise 3: SHARP.

use coach::{
    Alarm, Awaits, Because, Click, Input, Key, Lesson, Level, Moment, Outcome, Output, Phase, Prompt,
    Refusal, Tone, Tried,
};
use proptest::prelude::*;

use super::follow::{always, check, flat};
use crate::people::runs;
use crate::support::{Sitting, moves, outputs, secs};

/// Promise 3.
#[test]
fn sharp_takes_hands_off_at_once_in_every_phase_and_voids_the_hold() {
    let sharp = prop_oneof![3 => Just(Input::Alarm(Alarm::Sharp)), 1 => Just(Input::Key(Key::Sharp))];
    check((runs(), sharp), |(run, sharp)| {
        let mut sitting = run.play();
        let held = sitting.phase().pressure_called_for();
        let over = sitting.phase() == Phase::Finished;
        let lesson = sitting.view().awaits == Awaits::Lesson(Lesson::Sharp);
        let given = sitting.tell(sharp);
        // Nobody is touched while the clicker is learned, and this SHARP was asked for: it is praised, not alarmed at.
        if lesson && sharp == Input::Alarm(Alarm::Sharp) {
            let praised =
                |output: &Output| matches!(output, Output::Prompt(Prompt::Learn { tried: Tried::Right, .. }));
            prop_assert!(given.iter().any(praised), "{given:?}");
            prop_assert!(given.contains(&Output::Tone(Tone::PressureOff)), "{given:?}");
            return Ok(());
        }
        prop_assert!(!sitting.phase().pressure_called_for(), "{}", sitting.phase());
        let high =
            |output: &Output| matches!(output, Output::Prompt(prompt) if prompt.level() == Level::High);
        prop_assert!(given.iter().any(high), "{given:?}");
        prop_assert!(given.contains(&Output::Sharp), "{given:?}");
        let void = |output: &Output| matches!(output, Output::Hold(end) if end.outcome == Outcome::Void);
        prop_assert_eq!(given.iter().any(void), held, "{:?}", given);
        prop_assert!(
            over || !sitting.phase().pressure_may_be_on()
                || sitting.phase() == Phase::Releasing
                || given.iter().any(|output| matches!(output, Output::Prompt(Prompt::HeardThat))),
            "{}",
            sitting.phase()
        );
        Ok(())
    });
}

/// Promise 3: the questions after it.
#[test]
fn five_seconds_after_a_sharp_the_receiver_is_asked_and_no_pressure_comes_before_the_answer() {
    always(|sitting| {
        let mut open: Option<Moment> = None;
        let mut asked = false;
        let mut aloud = false;
        let mut ending = false;
        let mut last = None;
        let mut counted = 0_u32;
        let entries: Vec<_> = flat(&sitting.log).collect();
        for (index, &(at, phase, input, output)) in entries.iter().enumerate() {
            // One that was only to be heard: the ready check's, or a gesture that is learned.
            let rehearsed = matches!(
                entries
                    .get(index + 1..)
                    .and_then(|rest| rest.iter().find_map(|entry| entry.3.filter(is_prompt))),
                Some(Output::Prompt(Prompt::HeardThat | Prompt::Learn { .. }))
            );
            last = input.or(last);
            if let Some(Input::Key(key)) = input {
                // Asked aloud, the partner passes on what they were told: "no" is "only sharp".
                if key == Key::No && aloud && !ending && phase == Phase::Paused {
                    (open, asked, aloud) = (None, false, false);
                }
                ending = false;
            }
            if let Some(Input::Click { means, late: false, passed: false }) = input {
                match means {
                    Click::Slipped if asked => (open, asked, counted) = (None, false, counted - 1),
                    Click::OnlySharp | Click::Numb if asked => (open, asked) = (None, false),
                    _ => {}
                }
            }
            match output {
                Some(Output::Prompt(Prompt::AskSharp)) => {
                    let heard = open.expect("only a SHARP is asked about");
                    prop_assert!(at.since(heard) >= secs(5), "asked at {at:?}, heard at {heard:?}");
                    asked = true;
                }
                Some(Output::Prompt(Prompt::AskAloud)) => aloud = true,
                Some(Output::Prompt(Prompt::ReallyEnd)) => ending = true,
                // What they pass on while one is being asked about is the same cry.
                Some(Output::Sharp) if open.is_some() && last == Some(Input::Key(Key::Sharp)) => {}
                Some(Output::Sharp) if !rehearsed && phase != Phase::Finished => {
                    (open, asked, aloud) = (Some(at), false, false);
                    counted += 1;
                }
                Some(Output::Phase { to: Phase::Settling, .. }) => {
                    prop_assert!(open.is_none(), "pressure at {at:?} before the SHARP is explained");
                    prop_assert!(counted < 3, "pressure at {at:?} after three SHARPs");
                }
                _ => {}
            }
        }
        Ok(())
    });
}

/// A hold that ends by SHARP, brought to the question what it was.
fn sharp_in_a_hold(sitting: &mut Sitting) {
    sitting.go_to(Phase::Holding);
    sitting.rate(4);
    sitting.wait_ms(3_000);
    sitting.sharp();
    while sitting.view().awaits != Awaits::AfterSharp {
        assert!(sitting.answer());
    }
}

/// Brings the session to the same spot once more.
fn same_spot(sitting: &mut Sitting) -> Vec<Output> {
    while sitting.view().awaits != Awaits::Next {
        assert!(sitting.answer());
    }
    sitting.click(Click::SameSpot)
}

#[test]
fn the_receiver_is_asked_five_seconds_after_the_sharp_and_aloud_after_twenty_more() {
    let mut sitting = Sitting::in_a_hold();
    sitting.rate(4);
    sitting.wait_ms(3_000);
    let heard = sitting.now;
    sitting.sharp();
    sitting.wait_ms(60_000);
    let when = |wanted| {
        outputs(&sitting.log).find(|&(_, output)| output == Output::Prompt(wanted)).map(|(at, _)| at)
    };
    assert_eq!(when(Prompt::AskSharp), Some(heard + secs(5)));
    assert_eq!(when(Prompt::AskAloud), Some(heard + secs(25)));
    assert_eq!(sitting.phase(), Phase::Paused);
    sitting.click(Click::OnlySharp);
    assert_eq!(sitting.phase(), Phase::Flushing, "the hold is still to be flushed");
}

#[test]
fn numb_ends_the_session() {
    let mut sitting = Sitting::begin();
    sharp_in_a_hold(&mut sitting);
    sitting.click(Click::Numb);
    let last = moves(&sitting.log).last().map(|(_, _, to, because)| (to, because));
    assert_eq!(last, Some((Phase::Finished, Because::Numb)));
}

#[test]
fn two_sharps_at_one_spot_close_it_and_a_third_anywhere_ends_the_session() {
    let mut sitting = Sitting::begin();
    sharp_in_a_hold(&mut sitting);
    sitting.click(Click::OnlySharp);
    same_spot(&mut sitting);
    sharp_in_a_hold(&mut sitting);
    let given = sitting.click(Click::OnlySharp);
    assert!(given.contains(&Output::Prompt(Prompt::SpotClosed)), "{given:?}");
    let given = same_spot(&mut sitting);
    let closed = |output: &Output| matches!(output, Output::Refused { why: Refusal::ClosedBySharp, .. });
    assert!(given.iter().any(closed), "{given:?}");
    sharp_in_a_hold(&mut sitting);
    sitting.click(Click::OnlySharp);
    let last = moves(&sitting.log).last().map(|(_, _, to, because)| (to, because));
    assert_eq!(last, Some((Phase::Finished, Because::ThreeSharps)));
}

/// The control of the one above: the same, and each time it slipped.
#[test]
fn a_slip_counts_toward_nothing_further() {
    let mut sitting = Sitting::begin();
    for _ in 0..4 {
        sharp_in_a_hold(&mut sitting);
        let given = sitting.click(Click::Slipped);
        assert!(!given.contains(&Output::Prompt(Prompt::SpotClosed)), "{given:?}");
    }
    assert_ne!(sitting.phase(), Phase::Finished);
}

fn is_prompt(output: &Output) -> bool {
    matches!(output, Output::Prompt(_))
}
