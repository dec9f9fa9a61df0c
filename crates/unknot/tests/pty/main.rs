//! The real binary in a real pseudo-terminal: a session typed into it, and every way out of it. Whatever the way, the
//! terminal is what it was: the other screen left, the cursor shown, lines edited and echoed.
#![cfg(unix)]

#[cfg(target_os = "linux")]
mod awake;
#[cfg(target_os = "linux")]
mod bus;
mod pasted;
mod place;
mod review;
mod terminal;
mod voice;

use std::io::{Read as _, Write as _};
use std::time::{Duration, Instant};

use coach::screening::Feels;
use coach::{Because, Outcome, Prompt};
use pty_process::blocking::Command;
use rustix::process::{Signal, WaitOptions, waitpid};
use transcript::{Entry, Kind, Means};
use unknot::terminal::{Taken, restore_on_panic};

use place::Place;
use terminal::Terminal;

/// Ten seconds of a session in one of the clock: quick for a test, slow enough for a busy machine.
const QUICK: &str = "10";

fn rated(entries: &[Entry]) -> usize {
    let rated = |entry: &&Entry| matches!(entry.kind, Kind::Click { means: Means::Rating(_), .. });
    entries.iter().filter(rated).count()
}

fn cut_because(entries: &[Entry]) -> Option<Because> {
    entries.iter().find_map(|entry| match entry.kind {
        Kind::Hold { outcome: Outcome::Cut, because, .. } => Some(because),
        _ => None,
    })
}

#[track_caller]
fn assert_sane(terminal: &Terminal) {
    let screen = terminal.screen();
    assert!(!screen.alternate_screen(), "the other screen is still on");
    assert!(!screen.hide_cursor(), "the cursor is still hidden");
    assert!(!screen.bracketed_paste(), "what is pasted is still marked");
    assert!(terminal.is_cooked(), "the terminal is still raw");
}

/// Takes up the session that was interrupted while the spot was being looked for, up to a rating in a hold.
fn lean_in(terminal: &mut Terminal) {
    terminal.until("Take up the session");
    let screen = terminal.screen();
    assert!(screen.alternate_screen() && screen.hide_cursor() && !terminal.is_cooked());
    terminal.press("u");
    terminal.until("Receiver: guide the hands");
    terminal.press("l");
    terminal.until("HOLDING");
    terminal.press("b");
    terminal.until("to the minimum");
}

#[test]
fn a_session_is_typed_into_it_from_the_first_question_to_a_hold() {
    let place = Place::new();
    let mut terminal = Terminal::start(place.unknot(&["practice", "--speed", QUICK]), 80, 24);
    terminal.until("Both: where is the knot?");
    while !terminal.text().contains("Receiver: click 1 to 10") {
        let before = terminal.text();
        terminal.press(if before.contains("where is the knot?") { "\r" } else { "n" });
        terminal.until_that("the next page", |screen| screen.contents() != before);
    }
    terminal.press("b");
    // How much it hurts, and how much it bothers them when they move: the second question looks like the first.
    let bothers =
        |entry: &Entry| matches!(&entry.kind, Kind::Prompt(said) if said.id == Prompt::AskBother.id());
    terminal.until_elsewhere("the second question", || place.stored().iter().any(bothers));
    terminal.press("b");
    terminal.until("WARMING");
    terminal.press("w");
    terminal.until("Partner: a hand on their ");
    let side = if terminal.text().contains("a hand on their LEFT") { "a" } else { "b" };
    terminal.press(side);
    terminal.until("Receiver: both buttons together");
    terminal.press("x");
    terminal.until("Both: did you hear the alarm?");
    terminal.press("b");
    terminal.until("Receiver: guide the hands");
    terminal.press("l");
    terminal.until("HOLDING");
    terminal.press("b");
    terminal.until("to the minimum");
    terminal.press("\u{3}");
    assert_eq!(terminal.end().code(), Some(0));
    assert!(terminal.text().contains("paused and stored"), "{}", terminal.text());
    assert_sane(&terminal);
    assert_eq!(cut_because(&place.stored()), Some(Because::Stop));
}

#[test]
fn it_is_resized_in_an_alarm_and_space_still_stops() {
    let place = Place::interrupted();
    let mut terminal = Terminal::start(place.unknot(&["practice", "--speed", "4"]), 80, 24);
    lean_in(&mut terminal);
    terminal.press("x");
    terminal.until("!!! ALARM !!!");
    terminal.resize(200, 60);
    terminal.until_that("an alarm as wide as the screen", |screen| {
        screen.contents().lines().any(|line| line.contains("!!! ALARM !!!") && line.chars().count() == 200)
    });
    terminal.resize(60, 20);
    terminal.until("Unknot needs 80x24");
    assert!(terminal.text().contains("Hands off, now!"), "{}", terminal.text());
    terminal.press(" ");
    terminal.until("PAUSED");
    terminal.until("hands off");
    terminal.press("\u{3}");
    assert_eq!(terminal.end().code(), Some(0));
    assert_sane(&terminal);
}

#[test]
fn a_start_screen_that_is_looked_at_writes_nothing_and_quit_gives_the_terminal_back() {
    let place = Place::new();
    let mut terminal = Terminal::start(place.unknot(&[]), 80, 24);
    terminal.until("Practise on this keyboard");
    // The rest of the frame may come with a second read.
    terminal.read_until(Instant::now() + Duration::from_millis(300));
    let drawn = terminal.written();
    terminal.read_until(Instant::now() + Duration::from_secs(1));
    assert_eq!(terminal.written(), drawn);
    assert!(!terminal.is_cooked());
    terminal.press("q");
    assert_eq!(terminal.end().code(), Some(0));
    assert_eq!(terminal.text().trim(), "");
    assert_sane(&terminal);
}

/// No key makes these bytes: a stray report of a mouse does, and a line of noise.
#[test]
fn a_mouse_report_from_outside_the_screen_leaves_the_keys_alone() {
    let place = Place::new();
    let mut terminal = Terminal::start(place.unknot(&[]), 80, 24);
    terminal.until("Practise on this keyboard");
    // Before the first column and row: as X10 has it, as xterm has it, as rxvt has it.
    for report in ["\u{1b}[M   ", "\u{1b}[<0;0;0M", "\u{1b}[32;0;0M"] {
        terminal.send_whole(report);
        terminal.press("?");
        terminal.until("Here:");
        terminal.press("\u{1b}");
        terminal.until("Practise on this keyboard");
    }
    terminal.press("q");
    assert_eq!(terminal.end().code(), Some(0));
    assert_sane(&terminal);
}

/// What is kept behind the end of the last session.
fn asides(place: &Place) -> Vec<Kind> {
    place.stored().into_iter().map(|entry| entry.kind).filter(Kind::is_aside).collect()
}

/// Anna comes again, and has told how it feels and how much it bothers her; a note is asked for.
fn asked_for_a_note(place: &Place, feels: &str, bother: &str) -> Terminal {
    let mut terminal = Terminal::start(place.unknot(&[]), 80, 24);
    terminal.until("Anna");
    terminal.press("p");
    terminal.until("new numbness or weakness");
    terminal.press("n");
    terminal.until("How has it been since?");
    terminal.press(feels);
    terminal.until("when you move?");
    terminal.press(bother);
    terminal.until("A note on it");
    terminal
}

#[test]
fn neither_a_key_nor_a_size_is_lost_where_both_come_at_once() {
    let place = Place::of_yesterday();
    let mut terminal = asked_for_a_note(&place, "\r", "\r");
    let mut note = String::new();
    for (at, letter) in ('a'..='z').chain('a'..='z').enumerate() {
        let rows = if at % 2 == 0 { 30 } else { 24 };
        terminal.resize(80, rows);
        terminal.press(letter.encode_utf8(&mut [0; 4]));
        note.push(letter);
        terminal.until(&format!("{note}_"));
        terminal.until_that("the keys in the last row of the new size", |screen| {
            screen.rows(0, 80).last().is_some_and(|row| row.contains("keep it"))
        });
    }
}

#[test]
fn who_comes_again_the_next_day_is_asked_once_how_it_has_been() {
    let place = Place::of_yesterday();
    let mut terminal = asked_for_a_note(&place, "o", "4");
    terminal.press("still well");
    terminal.until("still well_");
    terminal.resize(200, 60);
    terminal.until("still well_");
    terminal.press("\r");
    terminal.until("where is the knot?");
    terminal.press("\u{3}");
    assert_eq!(terminal.end().code(), Some(0));
    assert_sane(&terminal);
    let journal = journal::Journal::open(&place.store()).unwrap();
    let session = journal.sessions().unwrap()[0].key;
    let kept: Vec<Kind> = journal.entries(session).unwrap().into_iter().map(|entry| entry.kind).collect();
    let [.., Kind::CheckIn { feels, bother, numb: false, .. }, Kind::Note { text, .. }] = &kept[..] else {
        panic!("{kept:?}")
    };
    assert_eq!((*feels, bother.map(coach::Rating::value)), (Feels::Sore, Some(4)));
    assert_eq!(text, "still well", "with its double letters");
    assert_eq!(journal.broken(session).unwrap(), None);
    let mut terminal = Terminal::start(place.unknot(&[]), 80, 24);
    terminal.until("Anna");
    terminal.press("p");
    terminal.until("This would close");
    terminal.press("p");
    terminal.until("where is the knot?");
    terminal.press("\u{3}");
    assert_eq!(terminal.end().code(), Some(0));
}

/// It kept her from ever beginning again.
#[test]
fn whoever_has_a_session_that_cannot_be_read_may_begin_and_is_told() {
    let place = Place::of_yesterday().torn(r#""kind":"session""#, r#""kind":"sezzion""#);
    let mut terminal = asked_for_a_note(&place, "\r", "\r");
    terminal.press("\r");
    terminal.until("where is the knot?");
    terminal.until("counts as pressed");
    terminal.press("\u{3}");
    assert_eq!(terminal.end().code(), Some(0));
    let stored = place.stored();
    let Some(Kind::Session(header)) = stored.first().map(|first| &first.kind) else { panic!("{stored:?}") };
    assert_eq!(header.receiver.as_deref(), Some("Anna"));
}

#[test]
fn a_session_that_cannot_be_read_is_not_taken_up_and_hinders_no_other() {
    let place = Place::interrupted().torn(r#""kind":"click""#, r#""kind":"clack""#);
    let mut terminal = Terminal::start(place.unknot(&["practice"]), 80, 24);
    terminal.until("Take up the session");
    terminal.press("u");
    terminal.until("where is the knot?");
    terminal.press("\u{3}");
    assert_eq!(terminal.end().code(), Some(0));
    let sessions = journal::Journal::open(&place.store()).unwrap().sessions().unwrap();
    let closed = sessions.iter().filter(|session| session.state == journal::State::Closed).count();
    assert_eq!((sessions.len(), closed), (2, 1));
}

#[test]
fn new_numbness_shows_the_stop_page_and_no_session_begins() {
    let place = Place::of_yesterday();
    let mut terminal = Terminal::start(place.unknot(&[]), 80, 24);
    for key in ["y", "n"] {
        terminal.until("Anna");
        terminal.press("p");
        if key == "y" {
            terminal.until("new numbness or weakness");
            terminal.press(key);
        }
        terminal.until("We stop here");
        terminal.until("emergency care");
        // Neither the key that answered nor Enter, by habit, takes it away: only the one it names, once it is named.
        terminal.press(key);
        terminal.press("\r\r ");
        terminal.until("q or Ctrl-C leave");
        terminal.press(key);
        terminal.press("\r\r ");
        terminal.until("We stop here");
        terminal.press("q");
        terminal.until("What next?");
    }
    terminal.press("q");
    assert_eq!(terminal.end().code(), Some(0));
    assert!(terminal.text().contains("!!! NO PRESSING: SEE A PROFESSIONAL FIRST."), "{}", terminal.text());
    assert!(matches!(asides(&place)[..], [Kind::CheckIn { numb: true, .. }]));
}

/// Its page said in large letters to get up slowly, and any key took it away.
#[test]
fn an_emergency_is_left_by_the_key_it_names_and_said_once_more_where_the_screen_was() {
    let place = Place::new();
    let mut terminal = Terminal::start(place.unknot(&["practice"]), 80, 24);
    terminal.until("Both: where is the knot?");
    for (key, next) in [("\r", "skin"), ("n", "fever"), ("n", "lood thinners"), ("n", "between the legs")] {
        terminal.press(key);
        terminal.until(next);
    }
    terminal.press("y");
    terminal.until("Both: yes or no");
    terminal.press("y");
    terminal.until("Numb between the legs? Yes.");
    terminal.until("Seek emergency care now.");
    terminal.press("yyn\r\r\r \u{1b}");
    terminal.until("q or Ctrl-C done");
    terminal.press("yn\r\r abz");
    terminal.until("Seek emergency care now.");
    terminal.press("q");
    assert_eq!(terminal.end().code(), Some(0));
    assert_sane(&terminal);
    let text = terminal.text();
    let last = text.trim_end().rsplit("!!! ").next().unwrap_or_default();
    assert!(last.starts_with("SEEK EMERGENCY CARE NOW. Numb between the legs? Yes."), "{text}");
}

#[test]
fn a_name_that_is_typed_fast_keeps_its_double_letters() {
    let place = Place::new();
    let mut terminal = Terminal::start(place.unknot(&[]), 80, 24);
    terminal.until("someone else");
    terminal.press("i");
    terminal.press("Anna Hess\r");
    terminal.until("Anna Hess");
    terminal.press("q");
    assert!(terminal.end().success());
    assert_sane(&terminal);
}

#[test]
fn a_signal_gives_the_terminal_back_on_the_start_screen_and_in_a_session() {
    for (signal, number) in [(Signal::TERM, 15), (Signal::HUP, 1), (Signal::INT, 2)] {
        for (arguments, there) in [(&[][..], "Practise on this keyboard"), (&["practice"], "Both: where is")]
        {
            let place = Place::new();
            let mut terminal = Terminal::start(place.unknot(arguments), 80, 24);
            terminal.until(there);
            assert!(!terminal.is_cooked());
            terminal.send(signal);
            assert_eq!(terminal.end().code(), Some(128 + number), "{signal:?} {arguments:?}");
            assert_sane(&terminal);
            let said = terminal.text().contains("paused and stored");
            assert_eq!(said, !arguments.is_empty(), "{}", terminal.text());
        }
    }
}

#[test]
fn killed_in_mid_hold_it_offers_to_go_on_and_goes_on_at_flushing() {
    let place = Place::interrupted();
    let before = rated(&place.stored());
    let mut terminal = Terminal::start(place.unknot(&["practice", "--speed", "4"]), 80, 24);
    lean_in(&mut terminal);
    // The screen does not wait for the disk, so the click may still be on its way there.
    terminal.until_elsewhere("the click on the disk", || rated(&place.stored()) > before);
    let kept = place.stored();
    terminal.kill();

    let mut terminal = Terminal::start(place.unknot(&[]), 80, 24);
    terminal.until("A session was interrupted");
    terminal.press("u");
    terminal.until("FLUSHING");
    terminal.press("\u{3}");
    assert_eq!(terminal.end().code(), Some(0));
    assert_sane(&terminal);
    let after = place.stored();
    assert_eq!(after[..kept.len()], kept[..]);
    assert_eq!(cut_because(&after[kept.len()..]), Some(Because::Resumed));
}

#[test]
fn while_it_stands_aside_the_shell_has_the_terminal_and_the_time_is_a_gap() {
    let place = Place::interrupted();
    let mut terminal = Terminal::start(place.unknot(&["practice", "--speed", "4"]), 80, 24);
    lean_in(&mut terminal);
    terminal.press("\u{1a}");
    let pid = terminal.pid();
    let stands = || {
        let status =
            waitpid(Some(pid), WaitOptions::UNTRACED | WaitOptions::NOHANG).expect("it is our child");
        status.is_some_and(|(_, status)| status.stopped())
    };
    terminal.until_elsewhere("it stands still", stands);
    assert_sane(&terminal);
    // A second of the clock is what counts as a gap.
    terminal.read_until(Instant::now() + Duration::from_millis(1_100));
    terminal.send(Signal::CONT);
    terminal.until("PAUSED");
    assert!(terminal.screen().alternate_screen() && terminal.screen().hide_cursor() && !terminal.is_cooked());
    let gap = |entry: &Entry| matches!(entry.kind, Kind::Gap { .. });
    terminal.until_elsewhere("the gap on the disk", || place.stored().iter().any(gap));
    assert_eq!(cut_because(&place.stored()), Some(Because::Stop), "hands came off before it stood still");
    terminal.press("\u{3}");
    assert_eq!(terminal.end().code(), Some(0));
    assert_sane(&terminal);
}

/// Set where this program is to panic with the screen taken, and says on which thread.
const PANICS: &str = "UNKNOT_TEST_PANICS";

/// This program once more, in a terminal, to panic there: the real one has no key for that.
fn panicking(test: &str, thread: &str) -> Terminal {
    let this = std::env::current_exe().expect("a program knows itself");
    let command = Command::new(this).args(["--exact", test, "--nocapture"]).env(PANICS, thread);
    Terminal::start(command.env_remove("RUST_BACKTRACE"), 80, 24)
}

#[test]
fn a_panic_of_the_main_thread_is_read_in_a_terminal_that_was_given_back() {
    if std::env::var_os(PANICS).is_some() {
        restore_on_panic();
        // Nothing is dropped: the hook alone restores, as it has to where a panic is the end.
        std::mem::forget(Taken::enter());
        panic!("as if by mistake");
    }
    let test = "a_panic_of_the_main_thread_is_read_in_a_terminal_that_was_given_back";
    let mut terminal = panicking(test, "main");
    assert_ne!(terminal.end().code(), Some(0));
    assert_sane(&terminal);
    assert!(terminal.text().contains("as if by mistake"), "{}", terminal.text());
}

#[test]
fn a_panic_of_another_thread_leaves_the_screen_as_it_is() {
    if std::env::var_os(PANICS).is_some() {
        restore_on_panic();
        let taken = Taken::enter();
        let other = std::thread::spawn(|| panic!("as if by mistake"));
        assert!(other.join().is_err());
        let mut out = std::io::stdout();
        out.write_all(b"it goes on").and_then(|()| out.flush()).expect("there is a terminal");
        // Until somebody has looked.
        std::io::stdin().read_exact(&mut [0]).expect("there is a terminal");
        return drop(taken);
    }
    let mut terminal = panicking("a_panic_of_another_thread_leaves_the_screen_as_it_is", "other");
    terminal.until("it goes on");
    assert!(terminal.screen().alternate_screen() && terminal.screen().hide_cursor() && !terminal.is_cooked());
    assert!(!terminal.text().contains("mistake"), "{}", terminal.text());
    terminal.press("x");
    assert_eq!(terminal.end().code(), Some(0));
    assert_sane(&terminal);
}
