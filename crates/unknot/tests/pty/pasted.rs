//! A text that is pasted into a session in a real terminal, one that marks it and one that does not.

use transcript::{Action, Entry, Kind};

use crate::place::Place;
use crate::terminal::Terminal;
use crate::{QUICK, assert_sane, lean_in};

/// Every letter of it is a key that does something, SHARP and STOP among them.
const TEXT: &str = "please buy bread\rand a large melon, x z r k\r";

/// As a terminal passes it on: marked, where it was asked to, or as keys.
fn paste(terminal: &mut Terminal, marked: bool) {
    assert!(terminal.screen().bracketed_paste(), "it was not asked to mark what is pasted");
    if marked {
        terminal.send_whole(&format!("\u{1b}[200~{TEXT}\u{1b}[201~"));
    } else {
        terminal.send_whole(TEXT);
    }
}

fn sharps(place: &Place) -> usize {
    place.stored().iter().filter(|entry| matches!(entry.kind, Kind::Sharp {})).count()
}

/// It ended the session with a SHARP on the record that nobody had said.
#[test]
fn on_a_question_it_presses_nothing() {
    for (marked, arguments) in
        [(true, &["practice"][..]), (false, &["practice"]), (true, &["practice", "--plain"])]
    {
        let place = Place::new();
        let mut terminal = Terminal::start(place.unknot(arguments), 80, 24);
        let plain = arguments.len() > 1;
        terminal.until(if plain { "Where is the knot?" } else { "where is the knot?" });
        paste(&mut terminal, marked);
        terminal.until("That key does nothing now");
        terminal.press("\u{3}");
        assert_eq!(terminal.end().code(), Some(0));
        assert_sane(&terminal);
        let did = |entry: &Entry| {
            let stops = matches!(entry.kind, Kind::Key { action: Action::Stop });
            matches!(entry.kind, Kind::Key { .. } | Kind::Click { .. } | Kind::Sharp {} | Kind::Note { .. })
                && !stops
        };
        let stored = place.stored();
        assert!(!stored.iter().any(did), "marked: {marked}, plain: {plain}: {stored:#?}");
    }
}

#[test]
fn in_a_hold_it_stops_and_in_a_note_it_is_the_note() {
    for marked in [true, false] {
        let place = Place::interrupted();
        let mut terminal = Terminal::start(place.unknot(&["practice", "--speed", QUICK]), 80, 24);
        // That of the ready check.
        let before = sharps(&place);
        lean_in(&mut terminal);
        paste(&mut terminal, marked);
        terminal.until("PAUSED");
        terminal.press("m");
        terminal.until("Note: _");
        paste(&mut terminal, marked);
        terminal.until("x z r k_");
        terminal.press("\r");
        let noted = |entry: &Entry| matches!(&entry.kind, Kind::Note { text, .. } if text == "please buy bread and a large melon, x z r k");
        terminal.until_elsewhere("the note on the disk", || place.stored().iter().any(noted));
        terminal.press("\u{3}");
        assert_eq!(terminal.end().code(), Some(0));
        assert_sane(&terminal);
        assert_eq!(sharps(&place), before, "marked: {marked}");
    }
}
