//! The machine is kept awake while a session runs, as logind and a desktop see it.

use std::time::{Duration, Instant};

use pty_process::blocking::Command;

use crate::bus::{Bus, Gives, Heard};
use crate::place::Place;
use crate::terminal::Terminal;
use crate::{QUICK, assert_sane, lean_in};

/// The library that asks gives up on a bus after 25 seconds. The end of the program, from the key for it, is sooner.
const SOON: Duration = Duration::from_secs(12);

fn with(command: Command, logind: &Bus, desktop: &Bus) -> Command {
    command
        .env("DBUS_SYSTEM_BUS_ADDRESS", logind.address())
        .env("DBUS_SESSION_BUS_ADDRESS", desktop.address())
}

#[test]
fn from_its_beginning_to_its_end_a_session_keeps_the_machine_awake_and_its_display_on() {
    let (logind, desktop) = (Bus::with(Gives::Lock), Bus::with(Gives::Cookie(4711)));
    let place = Place::interrupted();
    let command = with(place.unknot(&["practice", "--speed", "4"]), &logind, &desktop);
    let mut terminal = Terminal::start(command, 80, 24);
    terminal.until("Take up the session");
    assert!(logind.is_quiet() && desktop.is_quiet(), "no session runs yet");

    lean_in(&mut terminal);
    let Heard::Inhibit(words, Some(lock)) = logind.hear() else { panic!("logind is asked for a lock") };
    assert_eq!(words, ["sleep:idle", "Unknot", "a session runs", "block"]);
    let Heard::Inhibit(words, None) = desktop.hear() else { panic!("the desktop is asked for a lock") };
    assert_eq!(words, ["org.unknot.Unknot", "a session runs"]);
    assert!(lock.is_held(), "in a hold");
    terminal.press("x");
    terminal.until("!!! ALARM !!!");
    assert!(lock.is_held(), "in an alarm");
    assert!(desktop.is_quiet(), "the display stays on");

    // It is over, and how it went is on the screen: the program goes on, the locks do not.
    terminal.until("b numb or elsewhere");
    terminal.press("b");
    terminal.until("q or Ctrl-C");
    lock.until_let_go();
    assert!(matches!(desktop.hear(), Heard::UnInhibit(4711)));
    assert!(matches!(desktop.hear(), Heard::Left));
    assert!(terminal.screen().alternate_screen(), "the program still runs");
}

#[test]
fn a_bus_that_never_answers_is_not_waited_for() {
    let mute = Bus::with(Gives::Nothing);
    let place = Place::new();
    let command = with(place.unknot(&["practice", "--speed", QUICK]), &mute, &mute);
    let mut terminal = Terminal::start(command, 80, 24);
    terminal.until("Both: where is the knot?");
    let began = Instant::now();
    terminal.press("\u{3}");
    assert_eq!(terminal.end().code(), Some(0));
    assert!(began.elapsed() < SOON, "{:?}", began.elapsed());
    assert_sane(&terminal);
}
