//! Learning the clicker: each gesture is asked for, recognised and answered; what is not asked for is what it always is.

use coach::{
    Alarm, Awaits, Click, Coach, Input, Key, Learn, Lesson, Moment, Named as _, Output, Phase, Plan, Prompt,
    Setup, Tried,
};

use crate::support::Sitting;

fn in_a_lesson() -> Sitting {
    let mut sitting = Sitting::at(Phase::Warming);
    sitting.key(Key::Lesson);
    assert_eq!(sitting.view().awaits, Awaits::Lesson(Lesson::Higher));
    sitting
}

fn asked(outputs: &[Output]) -> Vec<(Lesson, Tried)> {
    let learn = |output: &Output| match *output {
        Output::Prompt(Prompt::Learn { lesson, tried }) => Some((lesson, tried)),
        _ => None,
    };
    outputs.iter().filter_map(learn).collect()
}

/// Up to this lesson, each done at once.
fn up_to(sitting: &mut Sitting, wanted: Lesson) {
    while let Awaits::Lesson(lesson) = sitting.view().awaits
        && lesson != wanted
    {
        sitting.show(lesson);
    }
    assert_eq!(sitting.view().awaits, Awaits::Lesson(wanted));
}

#[test]
fn a_round_asks_for_every_gesture_once_and_stop_really_stops() {
    let mut sitting = in_a_lesson();
    let mut seen = Vec::new();
    while let Awaits::Lesson(lesson) = sitting.view().awaits {
        seen.push(lesson);
        sitting.show(lesson);
        sitting.wait_ms(1_000);
    }
    assert_eq!(seen, Lesson::ALL);
    assert_eq!(sitting.phase(), Phase::Paused);
    assert!(Lesson::ALL.iter().all(|&lesson| sitting.view().learned.has(lesson)));
    sitting.click(Click::Yes);
    assert_eq!(sitting.phase(), Phase::Warming, "the heat goes on");
}

#[test]
fn another_gesture_is_told_and_the_same_is_asked_for_again() {
    let mut sitting = in_a_lesson();
    up_to(&mut sitting, Lesson::Left);
    assert_eq!(asked(&sitting.click(Click::Spot)), [(Lesson::Left, Tried::Other)]);
    assert!(!sitting.view().learned.has(Lesson::Left));
}

/// With a question of its own for each, the clicker's dial would begin at 3 each time.
#[test]
fn one_up_and_one_down_are_told_apart_by_the_dial() {
    let mut sitting = in_a_lesson();
    let question = sitting.view().question;
    sitting.rate(3);
    assert_eq!(asked(&sitting.rate(4)), [(Lesson::Lower, Tried::Other)]);
    assert_eq!(asked(&sitting.rate(3)), [(Lesson::Sharp, Tried::Right)]);
    assert_eq!(sitting.view().question, question);
}

#[test]
fn what_does_not_come_is_passed_over_and_asked_for_first_in_the_next_round() {
    let mut sitting = in_a_lesson();
    sitting.wait_ms(7_999);
    assert_eq!(sitting.view().awaits, Awaits::Lesson(Lesson::Higher), "the control");
    assert_eq!(asked(&sitting.wait_ms(1)), [(Lesson::Lower, Tried::Missed)]);
    sitting.show(Lesson::Lower);
    sitting.key(Key::GoOn);
    assert_eq!(sitting.phase(), Phase::Warming);
    sitting.key(Key::Lesson);
    assert_eq!(sitting.view().awaits, Awaits::Lesson(Lesson::Higher));
    sitting.show(Lesson::Higher);
    assert_eq!(sitting.view().awaits, Awaits::Lesson(Lesson::Sharp), "one down is known");
}

#[test]
fn a_round_is_a_minute_and_its_end_is_stops() {
    let mut sitting = in_a_lesson();
    sitting.wait_ms(52_000);
    assert_eq!(sitting.view().awaits, Awaits::Lesson(Lesson::Stop));
    sitting.wait_ms(7_999);
    assert_eq!(sitting.phase(), Phase::Learning, "the control");
    sitting.wait_ms(1);
    assert_eq!(sitting.phase(), Phase::Warming);
}

#[test]
fn a_sharp_that_is_asked_for_is_heard_and_another_is_a_cry() {
    let mut sitting = in_a_lesson();
    up_to(&mut sitting, Lesson::Sharp);
    let outputs = sitting.sharp();
    assert!(outputs.contains(&Output::Sharp));
    assert_eq!(sitting.phase(), Phase::Learning);
    let outputs = sitting.sharp();
    assert!(outputs.contains(&Output::Prompt(Prompt::SharpHeat)), "{outputs:?}");
    assert_eq!(sitting.phase(), Phase::Paused);
}

#[test]
fn a_stop_that_is_not_asked_for_stops_too() {
    let mut sitting = in_a_lesson();
    sitting.stop();
    assert_eq!(sitting.phase(), Phase::Paused);
    sitting.click(Click::Yes);
    assert_eq!(sitting.view().awaits, Awaits::Lesson(Lesson::Higher), "and the round begins again");
}

#[test]
fn whoever_is_new_is_offered_it_while_the_heat_works() {
    let mut sitting = Sitting::begin();
    sitting.coach = Coach::begin(Setup { learn: Some(Learn::Offered), ..Setup::of(Plan::partner()) });
    sitting.link_up();
    sitting.go_to(Phase::Warming);
    sitting.wait_ms(9_999);
    assert_eq!(sitting.view().awaits, Awaits::Nothing, "the control");
    sitting.wait_ms(1);
    assert_eq!(sitting.view().awaits, Awaits::LessonOffer);
    let mut not_now = sitting.clone();
    not_now.click(Click::No);
    assert_eq!((not_now.phase(), not_now.view().awaits), (Phase::Warming, Awaits::Nothing));
    sitting.click(Click::Yes);
    assert_eq!(sitting.phase(), Phase::Learning);
}

#[test]
fn where_it_is_all_that_is_to_be_done_nothing_else_is_asked() {
    let coach = Coach::begin(Setup { learn: Some(Learn::Only), ..Setup::of(Plan::partner()) });
    let mut sitting = Sitting { coach, now: Moment::START, ..Sitting::begin() };
    sitting.link_up();
    assert_eq!(sitting.phase(), Phase::Learning);
    sitting.tell(Input::Alarm(Alarm::Sharp));
    assert_eq!(sitting.phase(), Phase::Paused, "no heat is on, and it is a cry all the same");
    sitting.wait_ms(5_000);
    sitting.click(Click::OnlySharp);
    sitting.wait_ms(60_000);
    assert_eq!(sitting.phase(), Phase::Finished);
}

#[test]
fn where_it_is_all_that_is_to_be_done_its_stop_is_the_end() {
    let coach = Coach::begin(Setup { learn: Some(Learn::Only), ..Setup::of(Plan::partner()) });
    let mut sitting = Sitting { coach, now: Moment::START, ..Sitting::begin() };
    sitting.link_up();
    up_to(&mut sitting, Lesson::Stop);
    sitting.stop();
    assert_eq!(sitting.phase(), Phase::Paused);
    sitting.click(Click::Yes);
    assert_eq!(sitting.phase(), Phase::Finished);
}

#[test]
fn it_is_refused_while_anybody_is_touched() {
    for phase in [Phase::BroadStrokes, Phase::Locating, Phase::Holding] {
        let mut sitting = Sitting::at(phase);
        sitting.key(Key::Lesson);
        assert_eq!(sitting.phase(), phase);
    }
}
