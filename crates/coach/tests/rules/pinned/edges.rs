//! Edges of the rules that stood in the code and were held by no test: each was moved once, and nothing failed.

use core::time::Duration;

use coach::body::{Spot, Toward};
use coach::{
    Awaits, Because, Click, Input, Key, Lesson, Output, Past, Phase, Plan, PlanParams, Pressed, Prompt,
    Refusal, Setup, Technique, Worked,
};

use super::{asked_what_next, last_move, late, said, until};
use crate::support::{AREA, Sitting, rating, secs};

const HOUR: Duration = secs(3600);

fn of(figures: PlanParams) -> Sitting {
    Sitting::begin_with(Setup::of(Plan::build(figures).expect("gentle enough")))
}

fn why(given: &[Output]) -> Option<Refusal> {
    given.iter().find_map(|output| match output {
        Output::Refused { why, .. } => Some(*why),
        _ => None,
    })
}

/// Looking for the knot, of somebody on whom two holds were pressed here so long before this moment.
fn pressed_here(ago: Duration) -> Sitting {
    let until_here = Sitting::at(Phase::Locating).now.since(coach::Moment::START);
    let pressed = Pressed::new(Spot::centre(AREA), secs(35));
    let worked = Worked { pressed, ago: ago - until_here };
    let past = Past { worked: vec![worked; 2], ..Past::default() };
    let mut sitting = Sitting::begin_with(Setup { past, ..Setup::of(Plan::partner()) });
    sitting.go_to(Phase::Locating);
    assert_eq!(sitting.now.since(coach::Moment::START), until_here);
    sitting
}

/// What was pressed grows older while the session runs.
#[test]
fn a_day_and_two_days_are_over_to_the_second_and_in_the_course_of_a_session_too() {
    let second = secs(1);
    let spot = |ago| pressed_here(ago).click(Click::Spot);
    assert_eq!(why(&spot(24 * HOUR - second)), Some(Refusal::SpotToday));
    assert_eq!(said(&spot(24 * HOUR)), ["ask-again"]);
    assert_eq!(said(&spot(48 * HOUR - second)), ["ask-again"]);
    assert_eq!(said(&spot(48 * HOUR)), ["lean-in"]);
}

/// The first of the three was yes, and the last was no.
#[test]
fn one_yes_of_three_closes_a_new_region() {
    for yes in 0..3 {
        let mut sitting = Sitting::at(Phase::Locating);
        while sitting.view().spot.is_some_and(|spot| spot.area() == AREA) {
            sitting.click(Click::Nudge(Toward::Right));
        }
        sitting.click(Click::Spot);
        let mut given = sitting.click(Click::Yes);
        for question in 0..3 {
            given = sitting.click(if question == yes { Click::Yes } else { Click::No });
        }
        assert_eq!(said(&given), ["leave-area"], "yes to the question at {yes}");
        assert_eq!(sitting.phase(), Phase::Locating);
    }
}

/// A guess is beside a rating of the hold that is flushed: a lean that was cut has none.
#[test]
fn there_is_nothing_to_guess_after_a_lean_that_came_to_no_hold() {
    let mut sitting = Sitting::begin();
    asked_what_next(&mut sitting);
    assert_eq!(why(&sitting.key(Key::Guess(rating(4)))), None, "the control: that hold had one");
    sitting.click(Click::SameSpot);
    sitting.go_to(Phase::Settling);
    sitting.click(Click::Less);
    sitting.go_to(Phase::Flushing);
    assert_eq!(why(&sitting.key(Key::Guess(rating(4)))), Some(Refusal::NothingToGuess));
}

/// Alone with a ball, after a hold.
fn flushed_alone() -> Sitting {
    let mut sitting = of(PlanParams::given(Technique::Ball));
    sitting.go_to(Phase::Holding);
    sitting.rate(4);
    sitting.wait(secs(30));
    assert_eq!(sitting.phase(), Phase::Flushing);
    sitting
}

#[test]
fn whoever_presses_themselves_guesses_nothing() {
    let mut sitting = flushed_alone();
    assert_eq!(why(&sitting.key(Key::Guess(rating(4)))), Some(Refusal::NotNow));
}

/// What is shown and never confirmed was not said.
#[test]
fn a_place_where_it_is_felt_is_gone_where_nobody_confirms_it() {
    let mut sitting = flushed_alone();
    until(&mut sitting, Awaits::Next);
    sitting.click(Click::Enough);
    until(&mut sitting, Awaits::FeltElsewhere);
    sitting.click(Click::Yes);
    sitting.click(Click::Nudge(Toward::Head));
    assert!(sitting.view().felt.is_some(), "the control");
    let given = sitting.wait(secs(60));
    assert_eq!(sitting.phase(), Phase::Heat);
    assert_eq!(sitting.view().felt, None);
    assert!(!given.iter().any(|output| matches!(output, Output::Felt { .. })), "{given:?}");
}

/// "Somewhere else" would be answered with the gestures that say what the SHARP was.
#[test]
fn while_a_sharp_is_open_nothing_else_is_asked() {
    for is_sharp in [true, false] {
        let mut sitting = Sitting::at(Phase::Releasing);
        if is_sharp {
            sitting.sharp();
        }
        sitting.go_to(Phase::Flushing);
        let given = sitting.wait(secs(19));
        let elsewhere = said(&given).contains(&"ask-elsewhere");
        assert_eq!((elsewhere, said(&given).contains(&"ask-sharp")), (!is_sharp, is_sharp), "{given:?}");
    }
}

/// Leaning in again and again, a little short of a hold, is pressure without a flush.
#[test]
fn a_minute_of_leaning_without_a_hold_is_flushed() {
    let mut sitting = Sitting::at(Phase::Locating);
    let mut leaned = Duration::ZERO;
    for toward in [Toward::Left, Toward::Right].into_iter().cycle().take(13) {
        assert_eq!(sitting.phase(), Phase::Locating, "after {leaned:?}");
        sitting.click(Click::Spot);
        sitting.wait_ms(4_900);
        sitting.click(Click::Nudge(toward));
        leaned += Duration::from_millis(4_900);
    }
    assert_eq!(last_move(&sitting), (Phase::Flushing, Because::Nudged));
}

/// The clicker is the receiver's: a SHARP of the keyboard is no gesture that was learned.
#[test]
fn the_partners_sharp_is_a_cry_while_sharp_is_learned() {
    let mut sitting = Sitting::at(Phase::Warming);
    sitting.key(Key::Lesson);
    while sitting.view().awaits != Awaits::Lesson(Lesson::Sharp) {
        sitting.answer();
    }
    let given = sitting.key(Key::Sharp);
    assert!(given.contains(&Output::Prompt(Prompt::SharpHeat)), "{given:?}");
    assert_eq!(sitting.phase(), Phase::Paused);
    assert!(!sitting.view().learned.has(Lesson::Sharp));
}

#[test]
fn a_gesture_that_comes_late_is_not_learned() {
    let mut sitting = Sitting::at(Phase::Warming);
    sitting.key(Key::Lesson);
    late(&mut sitting, 6);
    let less = Input::Click { means: Click::Less, late: true, passed: false };
    assert_eq!(why(&sitting.tell(less)), Some(Refusal::TooLate));
    assert!(!sitting.view().learned.has(Lesson::Higher));
    sitting.rate(4);
    assert!(sitting.view().learned.has(Lesson::Higher), "the control");
}

/// Whoever asked for less is held no longer than anybody else, however low they rate it.
#[test]
fn less_brings_the_maximum_of_low_90_back() {
    for (less, holding) in [(true, false), (false, true)] {
        let mut sitting = of(PlanParams { low_90: true, ..PlanParams::partner() });
        sitting.go_to(Phase::Holding);
        sitting.rate(3);
        if less {
            sitting.click(Click::Less);
        }
        // The lean began 5 s before.
        for _ in 0..6 {
            sitting.click(Click::Same(rating(3)));
            sitting.wait_ms(9_200);
        }
        assert_eq!(sitting.phase() == Phase::Holding, holding);
    }
}

fn on_the_stairs() -> Sitting {
    let mut sitting = of(PlanParams { staircase: true, ..PlanParams::partner() });
    sitting.go_to(Phase::Holding);
    sitting.rate(5);
    sitting.wait(secs(4));
    sitting
}

#[test]
fn on_the_stairs_nobody_is_asked_for_more_who_asked_for_less() {
    let mut sitting = on_the_stairs();
    assert!(said(&sitting.clone().rate(3)).contains(&"step-up"), "the control");
    sitting.click(Click::Less);
    assert!(!said(&sitting.rate(3)).contains(&"step-up"));
}

/// One fall is one question: after the yes, the next is measured from what comes then.
#[test]
fn on_the_stairs_one_fall_asks_for_more_once() {
    let mut sitting = on_the_stairs();
    sitting.rate(3);
    sitting.click(Click::More);
    assert!(!said(&sitting.click(Click::Same(rating(3)))).contains(&"step-up"));
    sitting.rate(4);
    sitting.wait(secs(3));
    sitting.rate(5);
    sitting.wait(secs(3));
    assert!(said(&sitting.rate(3)).contains(&"step-up"), "the control: another fall");
}
