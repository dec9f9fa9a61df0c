//! Questions and their answers: screening, warming, the ready check.

use coach::body::Side;
use coach::{Awaits, Because, Click, Key, Named, Output, Phase, Screened};

use super::{last_move, late, said, until};
use crate::support::{Sitting, outputs, secs};

/// A second screening, after half an hour, lifted "no holds today".
#[test]
fn no_holds_today_holds_all_day() {
    for (resting, pressed) in [(7, false), (5, true)] {
        let mut sitting = Sitting::begin();
        until(&mut sitting, Awaits::Resting);
        sitting.rate(resting);
        sitting.wait(secs(3));
        sitting.go_to(Phase::Warming);
        sitting.stop();
        sitting.wait(secs(30 * 60));
        sitting.click(Click::Yes);
        assert_eq!(sitting.phase(), Phase::Screening);
        let mut leaned = false;
        for _ in 0..60 {
            leaned |= sitting.phase() == Phase::Settling;
            if leaned || !sitting.answer() {
                break;
            }
        }
        assert_eq!(leaned, pressed, "{resting} at rest, and 3 half an hour later");
    }
}

/// A late number was taken for the answer.
#[test]
fn a_late_number_is_no_answer() {
    let mut sitting = Sitting::begin();
    until(&mut sitting, Awaits::Bother);
    for value in [7, 6, 5, 4] {
        late(&mut sitting, value);
    }
    sitting.wait(secs(10));
    assert_eq!(sitting.view().awaits, Awaits::Bother);
    sitting.rate(4);
    sitting.wait(secs(3));
    let bothers: Vec<_> = outputs(&sitting.log)
        .filter_map(|(_, output)| match output {
            Output::Screening(Screened::Bother { rating, after: false }) => Some(rating.value()),
            _ => None,
        })
        .collect();
    assert_eq!(bothers, [4], "the control: one in time is");
}

/// Two questions were asked in one moment, and the answer went to the one that nobody heard.
#[test]
fn the_first_yes_to_warm_enough_goes_on() {
    let mut sitting = Sitting::at(Phase::Warming);
    let given = sitting.wait(secs(300));
    assert_eq!(said(&given), ["warm-check"]);
    sitting.click(Click::Yes);
    assert_eq!(sitting.phase(), Phase::Warming, "the control: a yes to the check is no wish to go on");
    let given = sitting.wait(secs(300));
    assert_eq!(said(&given), ["warm-enough"]);
    sitting.click(Click::Yes);
    assert_eq!(last_move(&sitting), (Phase::BroadStrokes, Because::Answered));
}

/// When the strokes were over, an alarm that had long been followed was said once more instead of the question.
#[test]
fn the_end_of_the_strokes_puts_the_open_check_again() {
    let mut sitting = Sitting::at(Phase::BroadStrokes);
    sitting.wait(secs(11));
    assert!(said(&sitting.rate(6)).contains(&"lighter-strokes"));
    sitting.rate(3);
    let given = sitting.wait(secs(80));
    assert_eq!(said(&given), ["rest-hand"]);
    assert_eq!(sitting.phase(), Phase::BroadStrokes, "no hold before the check");
}

/// Whoever always pressed the same button passed.
#[test]
fn after_a_wrong_side_both_are_asked_for() {
    let mut sitting = Sitting::at(Phase::BroadStrokes);
    sitting.wait(secs(11));
    let Awaits::Hand(first) = sitting.view().awaits else { panic!("{:?}", sitting.view()) };
    let other = Side::ALL.iter().copied().find(|&side| side != first).expect("two sides");
    for _ in 0..5 {
        sitting.click(Click::Felt(other));
        assert!(matches!(sitting.view().awaits, Awaits::Hand(_)), "{other} every time does not pass");
    }
    for _ in 0..2 {
        sitting.answer();
    }
    assert_eq!(sitting.view().awaits, Awaits::TrySharp, "the control: both sides as they are felt");
    assert_eq!(said(&sitting.key(Key::Again)), ["try-sharp"]);
}
