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

/// Block characters by the quarters of the cell that they fill: top left, top right, bottom left, bottom right.
const BLOCKS: &str = "     ▘X   ▝ X  ▀XX  ▖  X ▌X X ▞ XX ▛XXX ▗   X▚X  X▐ X X▜XX X▄  XX▙X XX▟ XXX█XXXX";

/// Whether this stands somewhere in letters of so many rows: each pixel of the font is where it belongs.
fn has(buffer: &Buffer, line: &str, rows: u16) -> bool {
    let wide = u16::try_from(line.chars().count()).unwrap_or(u16::MAX) * rows;
    // Two pixels to a cell and side, or one.
    let pixels = 8 / rows;
    let lit = |x: u16, y: u16| {
        let symbol = buffer.cell((x / pixels, y / pixels)).map_or(" ", |cell| cell.symbol());
        let blocks: Vec<char> = BLOCKS.chars().collect();
        let known = blocks.chunks(5).find(|block| symbol.starts_with(block[0]));
        known.map(|block| block[1 + usize::from(y % pixels * 2 + x % pixels)] != ' ')
    };
    let wanted = |x: u16, y: u16| {
        let char = line.chars().nth(usize::from(x / 8)).map_or(0, |char| char as usize);
        BASIC_LEGACY.get(char).is_some_and(|glyph| glyph[usize::from(y)] >> (x % 8) & 1 == 1)
    };
    let at = |left: u16, top: u16| {
        let places = (0..8).flat_map(|y| (0..wide * pixels).map(move |x| (x, y)));
        places.into_iter().all(|(x, y)| lit(left * pixels + x, top * pixels + y) == Some(wanted(x, y)))
    };
    let area = buffer.area;
    (0..=area.width.saturating_sub(wide)).any(|x| (0..=area.height.saturating_sub(rows)).any(|y| at(x, y)))
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
