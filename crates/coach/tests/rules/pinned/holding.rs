//! The hold, its count, and what ends it.

use coach::body::Region;
use coach::{
    Awaits, Because, Click, Counting, Input, Key, Level, Link, Output, Phase, Prompt, RatingNow, Tone,
};

use super::{asked_what_next, left, locating_in, lost_and_back, loudest, prompts, rated, said, until};
use crate::support::{Sitting, rating, secs};

fn is_counting(sitting: &Sitting) -> bool {
    sitting.view().count.is_some_and(|count| count.what == Counting::ToMinimum)
}

/// A rating that came down and went up again within the 5 s had "been lower".
#[test]
fn lower_after_five_seconds_is_lower_then_and_not_once() {
    for (again, goes_on) in [(7, false), (6, true)] {
        let mut sitting = rated();
        sitting.rate(7);
        sitting.wait(secs(2));
        sitting.rate(6);
        sitting.wait(secs(2));
        sitting.rate(again);
        sitting.wait(secs(1));
        assert_eq!(sitting.phase() == Phase::Holding, goes_on, "at {again}");
        sitting.wait(secs(5));
        assert_ne!(sitting.phase(), Phase::Holding, "still above 5 after 10 s");
    }
}

/// A lower rating between the two made the second "less" a first one.
#[test]
fn less_twice_within_ten_seconds_eases_off_whatever_came_between() {
    for (between, eases) in [(secs(2), true), (secs(4), true), (secs(9), false)] {
        let mut sitting = rated();
        sitting.click(Click::Less);
        sitting.wait(secs(2));
        sitting.rate(3);
        sitting.wait(between);
        assert!(is_counting(&sitting));
        sitting.click(Click::Less);
        assert_eq!(!is_counting(&sitting), eases, "the second {:?} after the first", secs(2) + between);
    }
}

/// They were counted back into the pressure that they were asked to take off.
#[test]
fn nobody_is_counted_back_while_easing_off() {
    let wishes: [(&str, &[Click]); 3] =
        [("nothing", &[]), ("6", &[Click::Rating(rating(6))]), ("less twice", &[Click::Less, Click::Less])];
    for (what, wish) in wishes {
        let mut sitting = rated();
        lost_and_back(&mut sitting);
        assert!(said(&sitting.rate(4)).contains(&"countdown"));
        sitting.wait_ms(500);
        for &click in wish {
            sitting.click(click);
        }
        let given = sitting.wait(secs(4));
        let counted = said(&given).contains(&"countdown") || said(&given).contains(&"count-goes-on");
        assert_eq!(counted, wish.is_empty(), "{what}: {given:?}");
    }
}

/// A clicker that restarts during 3-2-1 has no rating to count back to.
#[test]
fn nobody_is_counted_back_without_a_rating() {
    let mut sitting = rated();
    lost_and_back(&mut sitting);
    sitting.rate(4);
    sitting.wait_ms(500);
    sitting.tell(Input::Link(Link::Restarted));
    let given = sitting.wait(secs(4));
    assert!(said(&given).iter().all(|id| !["countdown", "count-goes-on"].contains(id)), "{given:?}");
    assert_eq!(sitting.view().awaits, Awaits::Rating);
    sitting.rate(4);
    assert!(is_counting(&sitting), "the control: with one it counts");
}

/// Hands were left where they were: nothing said to take them off.
#[test]
fn every_cut_says_to_take_the_pressure_off() {
    let eased = || {
        let mut sitting = rated();
        sitting.rate(6);
        sitting
    };
    let unheard = || {
        let mut sitting = rated();
        lost_and_back(&mut sitting);
        sitting.wait_ms(8_900);
        sitting
    };
    let restarted = Some(Input::Link(Link::Restarted));
    for (what, mut sitting, input) in [
        ("restarted while easing off", eased(), restarted),
        ("restarted while leaning", Sitting::at(Phase::Settling), restarted),
        ("back, and no rating in 10 s", unheard(), None),
    ] {
        let given = match input {
            Some(input) => sitting.tell(input),
            None => sitting.wait_ms(200),
        };
        assert!(given.iter().any(|output| matches!(output, Output::Hold(_))), "{what}: {given:?}");
        assert!(loudest(&given) >= Some(Level::Medium), "{what}: {given:?}");
        assert!(given.contains(&Output::Tone(Tone::PressureOff)), "{what}: {given:?}");
    }
    // The control: without "ease off" a restart asks for the rating, and the hold goes on.
    let mut sitting = rated();
    sitting.tell(Input::Link(Link::Restarted));
    assert_eq!(sitting.phase(), Phase::Holding);
}

/// While it is let go of slowly, pressure may still be on.
#[test]
fn releasing_is_pressing_until_it_is_over() {
    let no_signal = Prompt::NoSignalPressing;
    let hands_off = Prompt::HandsOff { rating: rating(8) };
    let rated = Input::Click { means: Click::Rating(rating(8)), late: false, passed: false };
    for (input, prompt) in [(Input::Link(Link::Lost), no_signal), (rated, hands_off)] {
        let mut sitting = Sitting::at(Phase::Releasing);
        let given = sitting.tell(input);
        assert!(given.contains(&Output::Prompt(prompt)), "{given:?}");
        assert!(given.contains(&Output::Tone(Tone::PressureOff)), "{given:?}");
        assert_eq!(sitting.phase(), Phase::Flushing);
    }
    let mut control = Sitting::at(Phase::Flushing);
    let given = control.tell(Input::Link(Link::Lost));
    assert_eq!(said(&given), ["no-signal"], "nothing is pressed in flushing");
}

/// The dial as it stood before the hold ended a hold in which nobody had rated.
#[test]
fn a_dial_from_before_the_hold_does_not_ease_it_off() {
    for (dial, eases) in [(6, false), (7, true)] {
        let mut sitting = Sitting::begin();
        asked_what_next(&mut sitting);
        sitting.rate(6);
        sitting.click(Click::SameSpot);
        sitting.go_to(Phase::Holding);
        sitting.tell(Input::Link(Link::Stale));
        sitting.wait_ms(300);
        let given = sitting.tell(Input::Link(Link::Live { dial: Some(rating(dial)) }));
        assert_eq!(said(&given).contains(&"ease-off"), eases, "{given:?}");
    }
}

/// "How much does it bother you when you move" is not a rating of the touch.
#[test]
fn the_answer_of_the_screening_stands_in_no_later_phase() {
    let mut sitting = Sitting::begin();
    until(&mut sitting, Awaits::Bother);
    sitting.rate(9);
    assert!(matches!(sitting.view().rating, RatingNow::Live { .. }), "the control: there it is shown");
    sitting.wait(secs(3));
    assert_eq!(sitting.phase(), Phase::Warming);
    assert_eq!(sitting.view().rating, RatingNow::None);
    sitting.key(Key::AlreadyWarm);
    assert_eq!(sitting.view().rating, RatingNow::None);
}

/// A fall to 2 was told as "it hardly hurt".
#[test]
fn a_fall_to_two_has_let_go_and_two_all_along_hardly_hurt() {
    for (first, because) in [(5, Because::Fell), (4, Because::Fell), (3, Because::HardlyHurt)] {
        let mut sitting = Sitting::in_a_hold();
        sitting.rate(first);
        sitting.wait(secs(10));
        sitting.rate(2);
        sitting.wait(secs(10));
        sitting.rate(2);
        sitting.wait(secs(11));
        assert_eq!(sitting.holds()[0].1.because, because, "from {first}");
    }
}

/// "More" was repeated by the partner's key, at any rating and as often as it was pressed.
#[test]
fn more_is_never_said_again() {
    let mut sitting = rated();
    assert!(said(&sitting.click(Click::More)).contains(&"more"), "the control: the receiver's own word");
    sitting.rate(5);
    for _ in 0..3 {
        let given = sitting.key(Key::Again);
        assert!(!said(&given).contains(&"more"), "{given:?}");
    }
}

/// The base of the skull was leaned into, and "more" taken at its ceiling.
#[test]
fn under_the_skull_there_is_no_leaning_and_no_more_at_its_ceiling() {
    for (region, at_three, at_two) in
        [(Region::Suboccipital, false, true), (Region::LevatorScapulae, true, true)]
    {
        let mut sitting = locating_in(left(region), &[]);
        let given = sitting.click(Click::Spot);
        assert!(
            prompts(&given)
                .any(|prompt| matches!(prompt, Prompt::LeanIn { region: here, .. } if here == region)),
            "{given:?}"
        );
        sitting.go_to(Phase::Holding);
        sitting.rate(3);
        assert_eq!(said(&sitting.click(Click::More)).contains(&"more"), at_three, "{region} at 3");
        sitting.rate(2);
        assert_eq!(said(&sitting.click(Click::More)).contains(&"more"), at_two, "{region} at 2");
        let given = sitting.wait(secs(15));
        assert!(prompts(&given).any(|prompt| prompt == Prompt::Posture { region, table: None }), "{given:?}");
        let eases = said(&sitting.rate(4)).contains(&"ease-off");
        assert_eq!(eases, region == Region::Suboccipital, "4 in {region}");
    }
}

/// A hold that hours were slept through led to the next one without screening.
#[test]
fn a_hold_that_a_long_standstill_cut_goes_back_as_after_any_pause() {
    let phases = [Phase::Settling, Phase::Holding, Phase::Releasing];
    for phase in phases {
        for (stood, by_way_of) in [(4, Phase::Flushing), (10, Phase::BroadStrokes), (120, Phase::Screening)] {
            let stood = secs(stood * 60);
            let mut sitting = Sitting::at(phase);
            sitting.tell(Input::Gap(stood));
            sitting.link_up();
            if sitting.phase() == Phase::Paused {
                sitting.click(Click::Yes);
            }
            sitting.wait_ms(0);
            assert_eq!(sitting.phase(), by_way_of, "{phase}, a gap of {stood:?}");

            let mut sitting = Sitting::at(phase);
            sitting.now += stood;
            sitting.tell(Input::Resumed);
            sitting.wait_ms(0);
            assert_eq!(sitting.phase(), by_way_of, "{phase}, resumed after {stood:?}");
            assert_eq!(sitting.holds().len(), 1, "{phase}");
        }
    }
}
