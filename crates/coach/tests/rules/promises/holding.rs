//! Promises 1, 2 and 7: how a hold begins, counts, is spoken in and ends.

use core::time::Duration;

use coach::{
    Alarm, Because, Click, Counting, Input, Key, Level, Link, Moment, Outcome, Output, Phase, Plan, Prompt,
    Rating, RatingNow,
};
use proptest::prelude::*;

use super::follow::{Seen, always, check, holds, rated, said, steps};
use crate::people::runs;
use crate::support::{Entry, Sitting, outputs, rating, secs};

/// Promise 1: not done before the minimum, off at the maximum.
#[test]
fn no_hold_is_done_early_or_outlasts_its_maximum() {
    always(|sitting| {
        let plan = Plan::partner();
        for seen in holds(&sitting.log) {
            let at = seen.entries.last().expect("the lean at least").at();
            let Some((ended, end)) = seen.ended else {
                prop_assert!(sitting.now.since(seen.lean) < plan.hold_max, "{seen:?} should be over");
                continue;
            };
            prop_assert!(ended.since(seen.lean) <= plan.hold_max, "{seen:?}");
            let slept = [Because::Gap, Because::Resumed].contains(&end.because);
            prop_assert!(slept || at == ended, "{end:?} at {at:?}");
            // What nobody saw counts as pressed.
            let lasted = match end.because {
                Because::Resumed => plan.hold_max,
                _ => at.since(seen.lean).min(plan.hold_max),
            };
            prop_assert!(end.pressed <= lasted, "{end:?} at {at:?}");
            let shortened = sitting.log.iter().any(|entry| matches!(entry, Entry::Gave(_, Output::Nudge(_))));
            prop_assert!(end.pressed == lasted || shortened, "{end:?} at {at:?}");
            prop_assert!(end.counted <= end.pressed, "{seen:?}");
            if end.outcome == Outcome::Done {
                prop_assert!(end.counted >= plan.hold_min, "{seen:?}");
            }
        }
        Ok(())
    });
}

/// Promise 1: stopping is never refused and never needs a second press.
#[test]
fn stop_takes_pressure_off_at_once_and_is_never_refused() {
    let and_then = prop_oneof![
        Just(Input::Alarm(Alarm::Stop)),
        Just(Input::Key(Key::Stop)),
        Just(Input::Key(Key::End)),
    ];
    check((runs(), and_then), |(run, stop)| {
        let mut sitting = run.play();
        let was_on = sitting.phase().pressure_may_be_on();
        let held = sitting.phase().pressure_called_for();
        let given = sitting.tell(stop);
        prop_assert!(!sitting.phase().pressure_may_be_on(), "{stop:?} leaves {}", sitting.phase());
        prop_assert!(
            stop == Input::Key(Key::End)
                || !given.iter().any(|output| matches!(output, Output::Refused { .. })),
            "{given:?}"
        );
        if was_on {
            let high =
                |output: &Output| matches!(output, Output::Prompt(prompt) if prompt.level() == Level::High);
            prop_assert!(given.iter().any(high), "pressure comes off aloud: {given:?}");
        }
        if held {
            let cut = |output: &Output| matches!(output, Output::Hold(end) if end.outcome == Outcome::Cut);
            prop_assert!(given.iter().any(cut), "a hold so ended is cut: {given:?}");
        }
        Ok(())
    });
}

/// Promise 2: the count.
#[test]
fn the_count_runs_only_while_a_rating_of_this_hold_is_live_and_at_most_five() {
    always(|sitting| {
        for seen in holds(&sitting.log) {
            let Some((_, end)) = seen.ended else { continue };
            let most = countable(&seen);
            prop_assert!(end.counted <= most, "counted {:?} of {most:?}: {seen:?}", end.counted);
            if !troubled(&seen) {
                prop_assert_eq!(end.counted, most, "nothing else stopped the count: {:?}", seen);
            }
        }
        Ok(())
    });
}

/// Promise 2: the first rating, and everything above five.
#[test]
fn a_hold_ends_that_is_not_rated_or_does_not_come_down() {
    always(|sitting| {
        for seen in holds(&sitting.log) {
            let Some(began) = seen.began else { continue };
            let last = seen.ended.map_or(sitting.now, |(at, _)| at);
            let ratings = rated(&seen);
            let first = ratings.first().map_or(last, |&(at, _)| at);
            prop_assert!(first.since(began) <= secs(10), "no rating in 10 s: {seen:?}");
            if ratings.is_empty() && last.since(began) == secs(10) {
                prop_assert!(seen.ended.is_some(), "{seen:?}");
            }

            let mut above: Option<(Moment, Rating)> = None;
            let mut lower = false;
            for (index, &(at, value)) in ratings.iter().enumerate() {
                let until = ratings.get(index + 1).map_or(last, |&(next, _)| next);
                if value >= Rating::HANDS_OFF {
                    prop_assert_eq!(
                        seen.ended.map(|(at, end)| (at, end.because)),
                        Some((at, Because::HandsOff))
                    );
                    break;
                }
                if value <= Rating::CEILING {
                    (above, lower) = (None, false);
                    continue;
                }
                let (since, at_first) = *above.get_or_insert((at, value));
                lower |= value < at_first;
                let patience = if lower { secs(10) } else { secs(5) };
                prop_assert!(until.since(since) <= patience, "above five since {since:?}: {seen:?}");
            }
        }
        Ok(())
    });
}

/// Promise 2: "ease off" at once, and "a little less" at a rise.
#[test]
fn every_rating_above_five_in_a_hold_eases_off_at_once() {
    always(|sitting| {
        for seen in holds(&sitting.log) {
            let Some(began) = seen.began else { continue };
            let mut before: Option<Rating> = None;
            for (at, input, given) in steps(seen.entries).filter(|&(at, ..)| at >= began) {
                let Input::Click { means: Click::Rating(value) | Click::Same(value), late: false, .. } =
                    input
                else {
                    continue;
                };
                if !outputs(given).any(|(_, output)| matches!(output, Output::Rating { late: false, .. })) {
                    continue;
                }
                let crossed = before.is_none_or(|before| before <= Rating::CEILING);
                before = Some(value);
                if value >= Rating::HANDS_OFF {
                    prop_assert!(
                        said(given, |said| matches!(said, Prompt::HandsOff { .. })),
                        "{at:?} {given:?}"
                    );
                } else if value > Rating::CEILING && crossed {
                    prop_assert!(
                        said(given, |said| matches!(said, Prompt::EaseOff { .. })),
                        "{at:?} {given:?}"
                    );
                }
            }
        }
        Ok(())
    });
}

/// Promise 7.
#[test]
fn every_hold_begins_with_lean_from_your_hips() {
    always(|sitting| {
        for seen in holds(&sitting.log) {
            let at_once: Vec<Entry> = seen
                .entries
                .iter()
                .take_while(|entry| matches!(entry, Entry::Gave(at, _) if *at == seen.lean))
                .copied()
                .collect();
            prop_assert!(said(&at_once, |prompt| matches!(prompt, Prompt::LeanIn { .. })), "{seen:?}");
        }
        Ok(())
    });
}

/// Promise 7: the posture reminder is withheld when it might be taken for "more".
#[test]
fn the_posture_reminder_comes_only_in_a_calm_hold() {
    always(|sitting| {
        for seen in holds(&sitting.log) {
            let mut given: Option<Rating> = None;
            let mut live = true;
            let mut eased: Option<Moment> = None;
            let mut reminded = seen.lean;
            let mut again = false;
            for entry in seen.entries {
                if let Entry::Took(_, input) = entry {
                    // Whoever asks for it hears the last sentence once more, whatever it was.
                    again =
                        matches!(input, Input::Key(Key::Again) | Input::Click { means: Click::Again, .. });
                }
                match *entry {
                    Entry::Gave(_, Output::Prompt(_)) if again => {}
                    Entry::Gave(_, Output::Rating { value, late: false }) => given = Some(value),
                    Entry::Took(_, Input::Link(Link::Live { .. })) => live = true,
                    Entry::Took(_, Input::Link(Link::Stale | Link::Lost)) => live = false,
                    Entry::Took(_, Input::Link(Link::Restarted)) => given = None,
                    Entry::Gave(
                        at,
                        Output::Prompt(Prompt::EaseOff { .. } | Prompt::LittleLess | Prompt::Less)
                        | Output::Ask(coach::Ask::Less),
                    ) => eased = Some(at),
                    Entry::Gave(at, Output::Prompt(Prompt::Posture { .. })) => {
                        prop_assert!(
                            live && given.is_some_and(|given| given <= rating(4)),
                            "{at:?}: {given:?}"
                        );
                        prop_assert!(
                            eased.is_none_or(|eased| at.since(eased) >= secs(5)),
                            "{at:?} {eased:?}"
                        );
                        prop_assert!(at.since(reminded) >= secs(15), "{at:?} after {reminded:?}");
                        reminded = at;
                    }
                    _ => {}
                }
            }
        }
        Ok(())
    });
}

/// Promise 7, the other way about: in a calm hold it does come, every 15 s.
#[test]
fn in_a_calm_hold_the_posture_reminder_comes_every_fifteen_seconds() {
    let mut sitting = Sitting::in_a_hold();
    let began = sitting.now;
    let from = sitting.log.len();
    for _ in 0..27 {
        sitting.rate(4);
        sitting.wait_ms(2_000);
    }
    let reminded: Vec<u128> = outputs(&sitting.log[from..])
        .filter(|(_, output)| is_posture(output))
        .map(|(at, _)| at.since(began).as_millis())
        .collect();
    assert_eq!(reminded, [15_000, 30_000, 45_000]);
}

fn is_posture(output: &Output) -> bool {
    matches!(output, Output::Prompt(Prompt::Posture { .. }))
}

/// Promise 7: it is withheld above 4, when not Live, and within 5 s of "less".
#[test]
fn the_posture_reminder_is_withheld_when_it_might_be_taken_for_more() {
    let reminded = |before: fn(&mut Sitting), at: u64| {
        let mut sitting = Sitting::in_a_hold();
        sitting.rate(4);
        sitting.wait_ms(at);
        before(&mut sitting);
        let given = sitting.wait_ms(15_000 - at);
        given.iter().any(is_posture)
    };
    let less_and_same = |sitting: &mut Sitting| {
        sitting.click(Click::Less);
        sitting.click(Click::Same(rating(4)));
    };
    let five = |sitting: &mut Sitting| drop(sitting.rate(5));
    let stale = |sitting: &mut Sitting| drop(sitting.tell(Input::Link(Link::Stale)));
    assert!(reminded(|_| {}, 14_000), "the control");
    assert!(reminded(less_and_same, 10_000), "5 s after \"less\"");
    assert!(!reminded(less_and_same, 10_001), "within 5 s of \"less\"");
    assert!(!reminded(five, 14_000), "above 4");
    assert!(!reminded(stale, 14_000), "not Live");
}

/// Promise 2: a rise of 2 over the lowest rating that stood for 3 s, still 5 or less.
#[test]
fn a_rise_of_two_over_what_stood_is_a_little_less() {
    for (low_for, from, to, little_less) in [
        (3_000, 2, 4, true),
        (2_999, 2, 4, false),
        (3_000, 2, 3, false),
        (3_000, 3, 5, true),
        (3_000, 4, 6, false),
    ] {
        let mut sitting = Sitting::in_a_hold();
        sitting.rate(from);
        sitting.wait_ms(low_for);
        let given = sitting.rate(to);
        let said = given.contains(&Output::Prompt(Prompt::LittleLess));
        assert_eq!(said, little_less, "{from} for {low_for} ms, then {to}: {given:?}");
    }
}

/// Promise 1: "it has let go" is remembered before the minimum, and answered.
#[test]
fn it_has_let_go_before_the_minimum_ends_the_hold_at_the_minimum() {
    let mut sitting = Sitting::in_a_hold();
    sitting.rate(4);
    sitting.wait_ms(12_000);
    let given = sitting.click(Click::LetGo);
    assert!(given.contains(&Output::Prompt(Prompt::HoldOn { seconds: 18 })), "{given:?}");
    sitting.click(Click::Same(rating(4)));
    sitting.wait_ms(17_999);
    assert!(sitting.holds().is_empty(), "a millisecond short of the minimum");
    sitting.wait_ms(1);
    let (_, end) = sitting.holds()[0];
    assert_eq!((end.outcome, end.because, end.counted), (Outcome::Done, Because::LetGo, secs(30)));
}

/// A hold that hardly hurt does not claim to have let go.
#[test]
fn a_hold_at_two_says_that_it_hardly_hurt() {
    let mut sitting = Sitting::in_a_hold();
    sitting.rate(2);
    sitting.wait_ms(15_000);
    sitting.click(Click::Same(rating(2)));
    let given = sitting.wait_ms(15_000);
    assert!(given.contains(&Output::Prompt(Prompt::ReleaseHardlyHurt)), "{given:?}");
    assert!(!given.contains(&Output::Prompt(Prompt::ReleaseLetGo)), "{given:?}");
}

/// Promise 2: the first "less" is passed on; a second within 10 s is as above five.
#[test]
fn less_twice_within_ten_seconds_stops_the_count_and_ends_the_hold_unless_it_becomes_lower() {
    for (apart, lower, ends) in [(10_000, false, true), (9_999, false, true), (9_999, true, false)] {
        let mut sitting = Sitting::in_a_hold();
        sitting.rate(4);
        sitting.wait_ms(1_000);
        sitting.click(Click::Less);
        sitting.wait_ms(apart);
        sitting.click(Click::Less);
        assert_eq!(sitting.view().count.map(|count| count.what), Some(Counting::Stopped), "{apart}");
        if lower {
            sitting.rate(3);
        }
        sitting.wait_ms(5_000);
        let ended = sitting.holds().first().map(|(_, end)| end.because);
        assert_eq!(ended, ends.then_some(Because::AboveFive), "{apart} ms apart, lower: {lower}");
    }
}

fn troubled(seen: &Seen<'_>) -> bool {
    seen.entries.iter().any(|entry| {
        matches!(
            entry,
            Entry::Took(_, Input::Link(_) | Input::Gap(_) | Input::Resumed | Input::Click { late: true, .. })
                | Entry::Took(_, Input::Click { means: Click::Less, .. })
        )
    })
}

/// How long the count can have run at most: a rating of this hold stood, was Live and was 5 or less.
fn countable(seen: &Seen<'_>) -> Duration {
    let (Some(began), Some((ended, _))) = (seen.began, seen.ended) else { return Duration::ZERO };
    let mut total = Duration::ZERO;
    let mut from = began;
    let mut given: Option<Rating> = None;
    let mut heard = true;
    for entry in seen.entries {
        let at = entry.at().min(ended);
        if at < began {
            continue;
        }
        if heard && given.is_some_and(|rating| rating <= Rating::CEILING) {
            total += at.since(from);
        }
        from = at;
        match *entry {
            Entry::Gave(_, Output::Rating { value, late: false }) => given = Some(value),
            Entry::Took(_, Input::Link(Link::Live { .. })) => heard = true,
            Entry::Took(_, Input::Link(Link::Stale | Link::Lost)) => heard = false,
            Entry::Took(_, Input::Link(Link::Restarted)) => given = None,
            _ => {}
        }
    }
    total
}

/// Promise 2: each hold begins with no rating.
#[test]
fn a_hold_begins_with_no_rating_to_be_seen() {
    let mut sitting = Sitting::at(Phase::Settling);
    sitting.rate(3);
    assert!(matches!(sitting.view().rating, RatingNow::Live { .. }), "the control: there was one");
    sitting.go_to(Phase::Holding);
    assert_eq!(sitting.view().rating, RatingNow::None);
}

/// Limits: a hold cut before 10 s does not use up its spot.
#[test]
fn a_hold_of_ten_seconds_uses_up_its_spot_and_a_shorter_one_does_not() {
    let mut at_once = Sitting::in_a_hold();
    at_once.stop();
    let leaned = at_once.holds()[0].1.pressed;
    for (pressed, holds) in [(9_999, 0), (10_000, 1)] {
        let mut sitting = Sitting::in_a_hold();
        sitting.wait(Duration::from_millis(pressed).saturating_sub(leaned));
        sitting.stop();
        assert_eq!(sitting.holds()[0].1.pressed, Duration::from_millis(pressed));
        assert_eq!(sitting.view().holds, holds, "after {pressed} ms");
    }
}
