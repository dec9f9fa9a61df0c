//! What is spoken in a session at real pace, by a stand-in for the program that speaks.

use std::fs::{self, File};
use std::io::Read as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use pty_process::blocking::Command;
use rustix::fs::{CWD, FileType, Mode, mknodat};

use crate::place::Place;
use crate::terminal::Terminal;

/// Longer than any machine needs to start a script.
const LIMIT: Duration = Duration::from_secs(30);

/// A folder for `PATH` in which `spd-say` is this script.
fn speaker(script: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("spd-say");
    fs::write(&file, format!("#!/bin/sh\n{script}\n")).expect("a script");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).expect("it may run");
    folder
}

/// What the stand-in is given, a text for each of its processes.
fn heard(pipe: &Path) -> Receiver<String> {
    mknodat(CWD, pipe, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).expect("a pipe");
    let (tell, told) = mpsc::channel();
    let pipe = pipe.to_owned();
    thread::spawn(move || {
        loop {
            let mut text = String::new();
            let read = File::open(&pipe).and_then(|mut file| file.read_to_string(&mut text));
            if read.is_err() || tell.send(text).is_err() {
                return;
            }
        }
    });
    told
}

fn practice(place: &Place, folder: &Path, arguments: &[&str]) -> Command {
    place.unknot(arguments).env("PATH", folder).env_remove("UNKNOT_VOICE").env_remove("UNKNOT_SPEECH")
}

#[test]
fn prompts_are_spoken_and_a_sharp_cuts_them_off() {
    let place = Place::new();
    let folder = speaker(
        r#"case "$1" in --cancel) echo CUT > "${0%/*}/pipe" ;; *) /bin/cat > "${0%/*}/pipe"; exec /bin/sleep 20 ;; esac"#,
    );
    let heard = heard(&folder.path().join("pipe"));
    let mut terminal = Terminal::start(practice(&place, folder.path(), &["practice"]), 80, 24);
    let first = heard.recv_timeout(LIMIT).expect("the question is spoken");
    assert!(first.starts_with("Where is the knot?"), "{first}");
    terminal.until("where is the knot");
    terminal.press("x");
    assert_eq!(heard.recv_timeout(LIMIT).expect("it is cut off").trim(), "CUT");
    let alarm = heard.recv_timeout(LIMIT).expect("the alarm is spoken");
    assert!(alarm.to_lowercase().contains("sharp"), "{alarm}");
}

#[test]
fn a_speaker_that_fails_is_named_on_the_screen_and_the_session_goes_on() {
    let place = Place::new();
    let folder = speaker("exit 3");
    let mut terminal = Terminal::start(practice(&place, folder.path(), &["practice"]), 80, 24);
    terminal.until("The voice has failed");
    terminal.press("\u{3}");
    assert_eq!(terminal.end().code(), Some(0));
}

#[test]
fn nothing_is_spoken_as_lines_or_where_it_is_switched_off() {
    for arguments in [&["practice", "--plain"][..], &["practice", "--voice", "off"]] {
        let place = Place::new();
        let folder = speaker(r#"echo said > "${0%/*}/said""#);
        let mut terminal = Terminal::start(practice(&place, folder.path(), arguments), 80, 24);
        terminal.until("here is the knot?");
        terminal.press("\u{3}");
        assert_eq!(terminal.end().code(), Some(0));
        assert!(!folder.path().join("said").exists(), "{arguments:?}");
    }
}
