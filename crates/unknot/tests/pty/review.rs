//! Looking back in a real terminal: keys, the mouse, and that the terminal is what it was afterwards.

use std::process::Command as Process;

use report::timeline::Timeline;
use rustix::process::Signal;
use vt100::MouseProtocolMode;

use crate::assert_sane;
use crate::place::Place;
use crate::terminal::Terminal;

/// A store whose last session is one of simulated people with a SHARP, and when that was. What a seed leads to changes with
/// the rules.
fn place() -> (Place, u64) {
    let place = Place::new();
    let sharp = (1..60).find_map(|seed: u32| {
        let played = Process::new(env!("CARGO_BIN_EXE_unknot"))
            .args(["practice", "--headless", "--seed", &seed.to_string(), "--speed", "max"])
            .env("UNKNOT_DB", place.store())
            .output()
            .expect("the program starts");
        assert!(played.status.success(), "{played:?}");
        Timeline::of(&place.stored()).sharps().find(|at| *at > 60_000)
    });
    (place, sharp.expect("one of so many has a SHARP"))
}

#[track_caller]
fn assert_left(terminal: &Terminal) {
    assert_eq!(
        terminal.screen().mouse_protocol_mode(),
        MouseProtocolMode::None,
        "the mouse is still told of"
    );
    assert_sane(terminal);
}

#[test]
fn a_session_is_reviewed_with_keys_and_the_mouse_at_both_sizes() {
    let (place, sharp) = place();
    let mut terminal = Terminal::start(place.unknot(&["review"]), 80, 24);
    terminal.until("LOOKING BACK");
    assert_ne!(terminal.screen().mouse_protocol_mode(), MouseProtocolMode::None);
    terminal.press("\r");
    terminal.until("simulated, seed ");
    terminal.press("x");
    terminal.until("SHARP");
    terminal.press("t");
    terminal.until(&format!("{} of ", report::text::clock(sharp - 10_000)));
    // A click in the last column of the plot, as SGR mouse reports have it: near the end.
    let end = Timeline::of(&place.stored()).end_ms;
    let before = terminal.text();
    terminal.send_whole("\u{1b}[<0;79;5M\u{1b}[<0;79;5m");
    terminal.until_that("another moment", |screen| {
        let moment = screen.contents().lines().next().map(str::to_owned).unwrap_or_default();
        !before.starts_with(&moment) && moment.trim_end().ends_with(&report::text::clock(end))
    });
    terminal.resize(200, 60);
    terminal.until_that("a timeline as wide as the screen", |screen| {
        screen.contents().lines().next().is_some_and(|line| line.trim_end().chars().count() > 190)
    });
    terminal.until("you stand here");
    terminal.resize(40, 12);
    terminal.until_that("no plot", |screen| !screen.contents().contains('┄'));
    terminal.resize(80, 24);
    terminal.until("you stand here");
    terminal.press("p");
    terminal.until("REPLAY · ");
    terminal.press("q");
    terminal.until("zoom");
    terminal.press("q");
    terminal.until("LOOKING BACK");
    terminal.press("q");
    assert!(terminal.end().success());
    assert_left(&terminal);
}

#[test]
fn looking_back_begins_at_the_start_screen_and_leads_back_to_it() {
    let (place, _) = place();
    let mut terminal = Terminal::start(place.unknot(&[]), 80, 24);
    terminal.until("Practise on this keyboard");
    assert_eq!(terminal.screen().mouse_protocol_mode(), MouseProtocolMode::None);
    terminal.press("r");
    terminal.until("LOOKING BACK");
    terminal.press("q");
    terminal.until("Practise on this keyboard");
    assert_eq!(terminal.screen().mouse_protocol_mode(), MouseProtocolMode::None);
    terminal.press("q");
    assert!(terminal.end().success());
    assert_left(&terminal);
}

#[test]
fn a_session_is_played_again_on_the_screen_and_a_signal_gives_the_terminal_back() {
    let (place, _) = place();
    let stored = place.stored();
    let mut terminal = Terminal::start(place.unknot(&["replay", "last", "--speed", "50"]), 80, 24);
    terminal.until("REPLAY · SCREENING");
    terminal.until("REPLAY · WARMING");
    terminal.press("x");
    terminal.until("!!! ALARM !!!");
    terminal.until("50x · REPLAY");
    terminal.send(Signal::TERM);
    assert_eq!(terminal.end().code(), Some(128 + 15));
    assert_left(&terminal);
    assert_eq!(place.stored(), stored, "nothing of it was stored");
}
