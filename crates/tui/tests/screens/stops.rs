//! Why a session stopped is the largest thing on its page, on every screen that has eighty columns.

use coach::screening::{Advice, Question};
use coach::{Because, Named as _, Phase, Prompt, Technique};
use font8x8::legacy::BASIC_LEGACY;
use ratatui::buffer::Buffer;
use tui::{Scene, Steps};
use words::Words;

use super::people::{alarmed, draw, finished, live, of, sitting, text};

/// Screens, and how large the largest letters can be there.
const SCREENS: [(u16, u16, u16); 4] = [(80, 24, 4), (80, 23, 4), (100, 30, 4), (200, 60, 8)];

/// Whether this stands somewhere in letters of so many rows, or larger ones.
fn has(buffer: &Buffer, line: &str, rows: u16) -> bool {
    let least = rows / 4;
    (least..=8).any(|down| (down..=2 * down).any(|across| has_dots(buffer, line, across, down)))
}

/// Whether it stands in letters whose dots are this many half columns and half rows large.
fn has_dots(buffer: &Buffer, line: &str, across: u16, down: u16) -> bool {
    const QUARTERS: &str = " ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█";
    let wide = u16::try_from(line.chars().count()).unwrap_or(u16::MAX) * 8;
    let inked = |x: u16, y: u16| {
        let char = line.chars().nth(usize::from(x / across / 8)).map_or(0, |char| char as usize);
        let glyph = BASIC_LEGACY.get(char);
        glyph.is_some_and(|glyph| glyph[usize::from(y / down)] >> (x / across % 8) & 1 == 1)
    };
    // Whether one quarter of a cell has ink: right of its middle, below its middle.
    let quarter = |symbol: &str, right: u16, below: u16| {
        let at = QUARTERS.chars().position(|one| symbol.starts_with(one)).unwrap_or(0);
        at >> (right + 2 * below) & 1 == 1
    };
    let (columns, rows) = (wide / 2 * across, 4 * down);
    let at = |x: u16, y: u16| {
        (0..2 * rows).all(|dy| {
            (0..2 * columns).all(|dx| {
                let symbol = buffer[(x + dx / 2, y + dy / 2)].symbol();
                quarter(symbol, dx % 2, dy % 2) == inked(dx, dy)
            })
        })
    };
    let Some(right) = buffer.area.width.checked_sub(columns) else { return false };
    let Some(bottom) = buffer.area.height.checked_sub(rows) else { return false };
    (0..=right).any(|x| (0..=bottom).any(|y| at(x, y)))
}

/// All of these lines stand there in the largest letters.
fn assert_largest(scene: &Scene, lines: &str) {
    for (width, height, size) in SCREENS {
        let buffer = draw(scene, width, height);
        for line in lines.lines() {
            assert!(has(&buffer, line, size), "{line} at {width}x{height}\n{}", text(&buffer));
        }
    }
}

/// What stands in small letters, without its line breaks.
fn small(scene: &Scene, width: u16, height: u16) -> String {
    let picture = text(&draw(scene, width, height)).replace("\n|", " ");
    picture.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn stopped(advice: Advice, answered: Option<Question>) -> Scene {
    let mut over = finished();
    over.because = Because::StopAnswer;
    over.last = Some(Prompt::Stopped { advice });
    over.answered = answered;
    Scene::Finished(Box::new(over))
}

/// The largest letters said to get up slowly, and to drink some water; what to do stood one row high.
#[test]
fn what_to_do_is_larger_than_anything_else_where_a_session_was_stopped() {
    let words = Words::english();
    for &advice in Advice::ALL {
        let scene = stopped(advice, None);
        let shout = words.screen(&Prompt::Stopped { advice }).unwrap_or_default();
        assert_largest(&scene, &shout);
        for (width, height, size) in SCREENS {
            let buffer = draw(&scene, width, height);
            assert!(!has(&buffer, "Get up slowly", size), "{advice} at {width}x{height}");
            let small = small(&scene, width, height);
            assert!(small.contains(&words.name(advice)), "{advice} at {width}x{height}: {small}");
            assert!(small.contains("Get up slowly. Drink some water."), "{advice}: {small}");
        }
    }
    let shout = |advice| words.screen(&Prompt::Stopped { advice }).unwrap_or_default().replace('\n', " ");
    assert_eq!(shout(Advice::Emergency), "SEEK EMERGENCY CARE NOW");
    assert!(
        Advice::ALL.iter().all(|&advice| advice == Advice::Emergency || shout(advice).contains("PRESSING"))
    );
}

#[test]
fn what_was_answered_stands_with_it() {
    for &question in Question::ALL {
        let Some(advice) = question.advice() else { continue };
        let scene = stopped(advice, Some(question));
        for (width, height, _) in SCREENS {
            let small = small(&scene, width, height);
            let asked = format!("{} Yes.", Words::english().name(question));
            assert!(small.contains(&asked), "{question} at {width}x{height}: {small}");
        }
    }
}

#[test]
fn a_session_that_came_to_its_end_says_to_get_up_slowly() {
    assert_largest(&Scene::Finished(Box::new(finished())), "Get up slowly\nDrink some water");
}

/// On a screen of any size what to do comes first, and what the screen needs last.
#[test]
fn on_a_small_screen_what_to_do_comes_first() {
    for (width, height) in [(50, 20), (40, 12), (20, 5)] {
        let small = small(&stopped(Advice::Emergency, Some(Question::Saddle)), width, height);
        assert!(
            small.starts_with("| SEEK EMERGENCY CARE NOW") || small.starts_with("|SEEK EMERGENCY CARE NOW"),
            "{small}"
        );
    }
}

#[test]
fn where_no_session_begins_the_reason_stands_in_the_place_of_the_title() {
    let stop = Prompt::Stopped { advice: Advice::NewSigns };
    let words = Words::english();
    let steps = Steps {
        title: "Since then".to_owned(),
        stop: Some(stop),
        said: vec![words.prompt(&stop)],
        ..Steps::default()
    };
    let scene = Scene::Steps(steps);
    assert_largest(&scene, &words.screen(&stop).unwrap_or_default());
    for (width, height, size) in SCREENS {
        assert!(!has(&draw(&scene, width, height), "Since then", size));
        assert!(small(&scene, width, height).contains("seek emergency care now"));
    }
}

/// A pause says whom it waits for, and an alarm in it why.
#[test]
fn a_pause_is_in_the_largest_letters() {
    let pauses = [Prompt::PausedForReceiver, Prompt::PausedForPartner, Prompt::ReallyEnd, Prompt::AskSharp];
    let alarms = [Prompt::StopNow, Prompt::GapCut, Prompt::Silent, Prompt::StoreFailed, Prompt::SharpResting];
    for technique in [Technique::Partner, Technique::Ball] {
        let words = Words::english().of(technique);
        let pause = |instruction| {
            let mut paused = sitting(Phase::Paused, live(4, 2));
            paused.view.technique = technique;
            paused.shown.instruction = Some(instruction);
            paused
        };
        for prompt in pauses {
            assert_largest(&of(pause(prompt)), &words.screen(&prompt).unwrap_or_default());
        }
        for prompt in alarms {
            let scene = of(alarmed(pause(Prompt::PausedForPartner), prompt));
            assert_largest(&scene, &words.screen(&prompt).unwrap_or_default());
        }
    }
}

/// What a session is told of its limits.
#[test]
fn that_no_more_is_pressed_is_in_the_largest_letters() {
    for (phase, prompt) in [
        (Phase::Warming, Prompt::NoHoldsToday),
        (Phase::Warming, Prompt::DayUsed),
        (Phase::Flushing, Prompt::Limit),
        (Phase::Flushing, Prompt::NoSignal),
        (Phase::Paused, Prompt::NoSignal),
    ] {
        let mut told = sitting(phase, live(4, 2));
        told.shown.instruction = Some(prompt);
        let lines = Words::english().screen(&prompt).unwrap_or_default();
        for (width, height, size) in SCREENS.into_iter().filter(|(_, height, _)| *height != 23) {
            let buffer = draw(&of(told.clone()), width, height);
            for line in lines.lines() {
                assert!(has(&buffer, line, size), "{line} in {phase} at {width}x{height}\n{}", text(&buffer));
            }
        }
    }
}
