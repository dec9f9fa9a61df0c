//! A store that somebody or something has changed: two thousand seeded ways, and no command that answers otherwise without
//! saying so.

use std::fs;
use std::ops::Range;
use std::path::Path;

use jiff::Timestamp;
use journal::Journal;
use rusqlite::Connection;

use super::{audit, read, transfer};
use crate::args::{Export, Form};
use crate::earlier::earlier;
use crate::earlier::tests::{SHARP_TWICE, Shelf};

/// As many ways in all. Each half of them is a test, so that both cores are used.
const WAYS: u64 = 2_000;

/// What each command answers, by its name; an error is not kept silent, and is `None`.
type Answers = Vec<(String, Option<String>)>;

#[test]
fn no_change_of_a_store_is_answered_in_silence() {
    hold(0..WAYS / 2);
}

#[test]
fn no_other_change_of_a_store_is_answered_in_silence() {
    hold(WAYS / 2..WAYS);
}

fn hold(ways: Range<u64>) {
    let ways = match std::env::var("SEED").ok().and_then(|seed| seed.parse().ok()) {
        Some(seed) => seed..seed + 1,
        None => ways,
    };
    let shelf = shelf();
    let store = shelf.path();
    drop(shelf.writer);
    let whole = fs::read(&store).unwrap();
    let ids: Vec<String> =
        Journal::open(&store).unwrap().sessions().unwrap().into_iter().map(|session| session.id).collect();
    let wanted = answers(&store, &ids);
    assert!(wanted.iter().all(|(_, answer)| answer.is_some()), "the control: {wanted:?}");
    let mut told = 0;
    for seed in ways {
        fs::write(&store, &whole).unwrap();
        let way = change(&store, &mut Dice(seed));
        for ((what, wanted), (_, answer)) in wanted.iter().zip(answers(&store, &ids)) {
            told += u32::from(answer.is_none());
            assert!(
                answer.is_none() || answer == *wanted,
                "{what} answers otherwise in silence after: {way}; again: SEED={seed} cargo test -p unknot --lib commands::altered"
            );
        }
        for beside in ["-wal", "-shm"] {
            let _ = fs::remove_file(format!("{}{beside}", store.display()));
        }
    }
    assert!(told > 0, "the control: most changes are told of");
}

/// A session with a SHARP and a note, one that was only screened, and practice.
fn shelf() -> Shelf {
    let mut shelf = Shelf::new();
    shelf.play(SHARP_TWICE, "2026-01-01T10:00:00Z");
    shelf.play("steps = [{ screen = \"clear\" }]", "2026-01-01T12:00:00Z");
    shelf.play_with("steps = [{ screen = \"clear\" }]", "2026-01-01T13:00:00Z", None);
    let first = shelf.writer.sessions().unwrap()[0].key;
    shelf.writer.note(first, "softer on the left", "2026-01-01T14:00:00Z").unwrap();
    shelf
}

fn answers(store: &Path, ids: &[String]) -> Answers {
    let mut answers = Vec::new();
    let mut ask = |what: String, answer: &mut dyn FnMut(&mut Vec<u8>) -> bool| {
        let mut out = Vec::new();
        let answered = answer(&mut out);
        answers.push((what, answered.then(|| String::from_utf8_lossy(&out).into_owned())));
    };
    ask("history".to_owned(), &mut |out| read::history(store, true, None, out).is_ok());
    for id in ids {
        ask(format!("show {id}"), &mut |out| read::show(store, id, true, out).is_ok());
    }
    ask("show last".to_owned(), &mut |out| read::show(store, "last", false, out).is_ok());
    ask("audit --all".to_owned(), &mut |out| audit::run(store, None, false, out).is_ok());
    let asked = Export {
        session: None,
        all: true,
        format: Form::Csv,
        output: None,
        with_practice: true,
        with_screening: true,
    };
    ask("export --all".to_owned(), &mut |out| transfer::export(store, &asked, out).is_ok());
    for receiver in ["Anna", "Bea"] {
        ask(format!("a session with {receiver}"), &mut |out| {
            let wall: Timestamp = "2026-01-02T10:00:00Z".parse().unwrap();
            let told = Journal::open(store).ok().and_then(|store| earlier(&store, Some(receiver), wall).ok());
            let told = told.filter(|told| told.unread.is_empty());
            out.extend(format!("{told:?}").into_bytes());
            told.is_some()
        });
    }
    answers
}

/// Changes a closed store in one way, and says in which.
fn change(store: &Path, dice: &mut Dice) -> String {
    match dice.below(10) {
        0..=3 => {
            let mut bytes = fs::read(store).unwrap();
            let at = dice.below(bytes.len());
            let bit = dice.below(8);
            bytes[at] ^= 1 << bit;
            fs::write(store, bytes).unwrap();
            format!("bit {bit} of byte {at} turned over")
        }
        4 => {
            let mut bytes = fs::read(store).unwrap();
            let at = dice.below(bytes.len());
            let way = if dice.below(2) == 0 {
                bytes.truncate(at);
                format!("cut to {at} bytes")
            } else {
                let until = bytes.len().min(at + 1 + dice.below(600));
                bytes[at..until].fill(0);
                format!("bytes {at} to {until} are zeros")
            };
            fs::write(store, bytes).unwrap();
            way
        }
        _ => {
            let statement = statement(dice);
            let db = Connection::open(store).unwrap();
            // Some lead to a row that is there already, and change nothing.
            let _ = db.execute_batch(&statement);
            statement
        }
    }
}

/// A statement that changes the tables.
fn statement(dice: &mut Dice) -> String {
    let session = 1 + dice.below(3);
    let other = 1 + session % 3;
    let n = dice.below(120);
    let letter = char::from(b'a' + u8::try_from(dice.below(26)).unwrap());
    let digit = dice.below(10);
    match dice.below(22) {
        0 => format!("DELETE FROM entries WHERE session = {session} AND n = {n}"),
        1 => format!("DELETE FROM entries WHERE session = {session} AND n >= {n}"),
        2 => format!(
            "DELETE FROM entries WHERE session = {session} AND n >= {n} AND n < {}",
            n + dice.below(9)
        ),
        3 => format!("DELETE FROM entries WHERE session = {session}"),
        4 => format!("DELETE FROM sessions WHERE key = {session}"),
        5 => format!(
            "DELETE FROM sessions WHERE key = {session}; DELETE FROM entries WHERE session = {session}"
        ),
        6 => format!(
            "UPDATE entries SET body = replace(body, '{letter}', 'q') WHERE session = {session} AND n = {n}"
        ),
        7 => format!(
            "UPDATE entries SET body = replace(body, '{digit}', '{}') WHERE session = {session} AND n = {n}",
            (digit + 1) % 10
        ),
        8 => format!(
            "UPDATE entries SET session = session + 10 WHERE session IN ({session}, {other}); UPDATE entries SET session = {} - session WHERE session > 9",
            10 + session + other
        ),
        9 => format!(
            "UPDATE sessions SET key = key + 10 WHERE key IN ({session}, {other}); UPDATE sessions SET key = {} - key WHERE key > 9",
            10 + session + other
        ),
        10 => {
            format!("UPDATE sessions SET summary = replace(summary, '{letter}', 'q') WHERE key = {session}")
        }
        11 => format!(
            "UPDATE sessions SET summary = replace(summary, '{digit}', '{}') WHERE key = {session}",
            (digit + 1) % 10
        ),
        12 => format!("UPDATE sessions SET summary = replace(summary, 'Anna', 'Bea') WHERE key = {session}"),
        13 => format!(
            "UPDATE sessions SET summary = replace(summary, '\"Anna\"', 'null') WHERE key = {session}"
        ),
        14 => {
            format!("UPDATE sessions SET summary = replace(summary, 'true', 'false') WHERE key = {session}")
        }
        15 => format!("UPDATE sessions SET length = {n} WHERE key = {session}"),
        16 => format!(
            "UPDATE sessions SET (summary, length, head, seal) = (SELECT summary, length, head, seal FROM sessions WHERE key = {other}) WHERE key = {session}"
        ),
        17 => format!("UPDATE entries SET hash = zeroblob(16) WHERE session = {session} AND n = {n}"),
        18 => format!(
            "INSERT INTO entries SELECT session, n + 500, body, hash FROM entries WHERE session = {session} AND n = {n}"
        ),
        19 => format!(
            "INSERT INTO sessions SELECT key + 5, summary, length, head, seal FROM sessions WHERE key = {session}"
        ),
        20 => format!("UPDATE store SET sessions = {digit}"),
        _ => "DELETE FROM store".to_owned(),
    }
}

/// Chance by a seed (SplitMix64), the same everywhere.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) % most as u64).unwrap()
    }
}
