//! What comes from elsewhere, what was changed behind the store's back, what is removed, and stores of older versions.

use std::fs;
use std::path::Path;

use journal::{Foreign, Held, Journal, Key, Taken, WriteError, Writer};
use rusqlite::Connection;
use transcript::{Entry, Kind};

use crate::{batch, header};

fn store_of(path: &Path, id: &str, batches: u64) -> (Writer, Key) {
    let mut store = Writer::open(path).unwrap();
    let session = store.create(&header(id)).unwrap();
    for number in 1..=batches {
        store.append(session, &batch(number, 2)).unwrap();
    }
    (store, session)
}

#[test]
fn a_change_from_outside_is_found_at_its_place() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("unknot.db");
    let (store, session) = store_of(&path, "a", 5);
    assert_eq!(store.broken(session).unwrap(), None);
    drop(store);
    let whole = fs::read(&path).unwrap();
    for (change, place) in [
        ("UPDATE entries SET body = replace(body, '\"ms\":1', '\"ms\":2') WHERE n = 4", 4),
        ("UPDATE entries SET hash = x'00' WHERE n = 3", 3),
        ("UPDATE entries SET hash = NULL WHERE n = 0", 0),
        ("DELETE FROM entries WHERE n = 2", 3),
        (
            "UPDATE entries SET n = n + 10 WHERE n = 7; UPDATE entries SET n = 7 WHERE n = 8; UPDATE entries SET n = 8 WHERE n = 17",
            7,
        ),
    ] {
        fs::write(&path, &whole).unwrap();
        Connection::open(&path).unwrap().execute_batch(change).unwrap();
        let store = Journal::open(&path).unwrap();
        assert_eq!(store.broken(session).unwrap(), Some(place), "{change}");
    }
}

#[test]
fn what_was_made_unreadable_takes_nothing_else_away() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("unknot.db");
    let (mut store, session) = store_of(&path, "a", 5);
    store.note(session, "left hand", "2026-11-23T08:00:00Z").unwrap();
    let entries = store.entries(session).unwrap();
    let whole = store.readable(session).unwrap();
    assert_eq!((&whole.entries, whole.unread.len()), (&entries, 0));
    drop(store);
    let kept = fs::read(&path).unwrap();
    // Each as long as it was: a kind that is none, no JSON, no text.
    for (place, from, to) in
        [(0, &b"session"[..], &b"sezzion"[..]), (4, b"{", b"#"), (4, b"}", b"\xff"), (11, b"{", b"#")]
    {
        let mut body = transcript::ndjson::line(&entries[place]).into_bytes();
        let at = kept.windows(body.len()).position(|window| window == body).expect("it is in the file");
        let change = body.windows(from.len()).position(|window| window == from).unwrap();
        body[change..change + to.len()].copy_from_slice(to);
        let mut torn = kept.clone();
        torn[at..at + body.len()].copy_from_slice(&body);
        fs::write(&path, &torn).unwrap();
        let body = String::from_utf8_lossy(&body);
        let mut store = Writer::open(&path).unwrap();
        let listed = store.sessions().unwrap();
        let read = store.readable(session).unwrap();
        let rest = entries.iter().enumerate().filter(|(nth, _)| *nth != place).map(|(_, entry)| entry);
        assert!(read.entries.iter().eq(rest), "{body}");
        let unread: Vec<u32> = read.unread.iter().map(|unread| unread.place).collect();
        assert_eq!(unread, [u32::try_from(place).unwrap()], "{body}");
        assert_eq!(store.broken(session).unwrap(), i64::try_from(place).ok(), "{body}");
        assert!(store.entries(session).is_err(), "{body}");
        let last = if place == 11 { entries[10].at_ms } else { entries[11].at_ms };
        assert_eq!((listed.len(), listed[0].lasted_ms), (1, last), "{body}");
        store.note(session, "softer", "2026-11-23T09:00:00Z").unwrap();
        assert_eq!(store.readable(session).unwrap().places.last(), Some(&12), "{body}");
    }
}

#[test]
fn an_entry_added_later_goes_on_with_the_chain() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("unknot.db");
    let (store, session) = store_of(&path, "a", 2);
    drop(store);
    let mut store = Writer::open(&path).unwrap();
    store.note(session, "felt good", "2026-11-23T08:00:00Z").unwrap();
    assert_eq!(store.broken(session).unwrap(), None);
}

/// As version 1 made it.
const VERSION_1: &str = "PRAGMA application_id = 1431194452; PRAGMA user_version = 1;
    CREATE TABLE sessions (key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, started TEXT NOT NULL, receiver TEXT,
        plan TEXT NOT NULL, finished TEXT, closed INTEGER NOT NULL DEFAULT 0 CHECK (closed IN (0, 1))) STRICT;
    CREATE TABLE entries (session INTEGER NOT NULL REFERENCES sessions (key) ON DELETE CASCADE, n INTEGER NOT NULL,
        body TEXT NOT NULL, at_ms INTEGER GENERATED ALWAYS AS (body ->> '$.at_ms') VIRTUAL,
        kind TEXT GENERATED ALWAYS AS (body ->> '$.kind') VIRTUAL, PRIMARY KEY (session, n)) STRICT, WITHOUT ROWID;
    CREATE INDEX holds ON entries (session, n) WHERE kind = 'hold';";

/// Makes one of it at this path, with two sessions, and gives their entries.
fn of_version_1(path: &Path) -> Vec<Vec<Entry>> {
    let old = Connection::open(path).unwrap();
    old.execute_batch(VERSION_1).unwrap();
    let mut kept = Vec::new();
    for (key, id) in [(1, "a"), (2, "b")] {
        old.execute(
            "INSERT INTO sessions (key, id, started, plan) VALUES (?1, ?2, '2026-01-01T00:00:00Z', 'partner')",
            (key, id),
        )
        .unwrap();
        let opening = Entry { at_ms: 0, kind: Kind::Session(Box::new(header(id))) };
        let entries = [vec![opening], batch(1, 3)].concat();
        for (n, entry) in (0..).zip(&entries) {
            let body = transcript::ndjson::line(entry);
            old.execute("INSERT INTO entries (session, n, body) VALUES (?1, ?2, ?3)", (key, n, body))
                .unwrap();
        }
        kept.push(entries);
    }
    kept
}

#[test]
fn a_store_of_version_1_is_read_as_it_is_and_gets_its_chain_from_the_first_writer() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("unknot.db");
    let kept = of_version_1(&path);
    let as_it_was = fs::read(&path).unwrap();

    let reader = Journal::open(&path).unwrap();
    let session = reader.resolve("b").unwrap().key;
    assert_eq!(reader.entries(session).unwrap(), kept[1]);
    assert_eq!(reader.broken(session).unwrap(), None, "there is no chain yet");
    drop(reader);
    assert_eq!(fs::read(&path).unwrap(), as_it_was, "reading changes nothing");

    let mut store = Writer::open(&path).unwrap();
    store.append(session, &batch(9, 1)).unwrap();
    for (id, entries) in [("a", &kept[0]), ("b", &[kept[1].clone(), batch(9, 1)].concat())] {
        let session = store.resolve(id).unwrap().key;
        assert_eq!(&store.entries(session).unwrap(), entries);
        assert_eq!(store.broken(session).unwrap(), None);
    }
    drop(store);
    Connection::open(&path)
        .unwrap()
        .execute_batch("UPDATE entries SET body = body || ' ' WHERE n = 2")
        .unwrap();
    assert_eq!(Journal::open(&path).unwrap().broken(session).unwrap(), Some(2), "from then on it is held");
}

#[test]
fn a_store_of_version_1_in_which_something_cannot_be_read_is_listed_all_the_same() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("unknot.db");
    let kept = of_version_1(&path);
    let mut bytes = fs::read(&path).unwrap();
    // The header of one, and of the other an entry that is no JSON any more.
    let lines = [&kept[0][0], &kept[1][2]].map(|entry| transcript::ndjson::line(entry).into_bytes());
    let place = |bytes: &[u8], line: &[u8]| bytes.windows(line.len()).rposition(|window| window == line);
    let header = place(&bytes, &lines[0]).unwrap();
    let entry = place(&bytes, &lines[1]).unwrap();
    bytes[header + lines[0].iter().position(|byte| *byte == b'k').unwrap()] = b'K';
    bytes[entry] = b'#';
    fs::write(&path, bytes).unwrap();
    let reader = Journal::open(&path).unwrap();
    let listed = reader.sessions().unwrap();
    assert_eq!(listed.iter().map(|session| session.id.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(listed[0].held, Held::InHand, "it may have been on a person");
    assert_eq!(listed.iter().map(|one| reader.readable(one.key).unwrap().unread.len()).sum::<usize>(), 2);
}

#[test]
fn what_another_store_gave_is_there_once() {
    let dir = tempfile::tempdir().unwrap();
    let (mut store, a) = store_of(&dir.path().join("unknot.db"), "a", 2);
    let stored = store.entries(a).unwrap();
    let (header_a, header_b) = (header("a"), header("b"));
    let entries = batch(4, 6);
    let same = Foreign { header: &header_a, entries: &stored[1..], closed: false };
    let new = Foreign { header: &header_b, entries: &entries, closed: true };
    assert_eq!(store.import(&[same, new]).unwrap(), [Taken::Same, Taken::New]);
    assert_eq!(store.import(&[same, new]).unwrap(), [Taken::Same, Taken::Same]);
    let b = store.resolve("b").unwrap();
    assert_eq!((store.entries(b.key).unwrap().len(), b.state), (7, journal::State::Closed));

    let longer = [&stored[1..], &batch(9, 1)].concat();
    let grown = Foreign { entries: &longer, ..same };
    assert_eq!(store.import(&[grown]).unwrap(), [Taken::Completed]);
    assert_eq!(
        store.import(&[grown, same]).unwrap(),
        [Taken::Same, Taken::Same],
        "what is shorter takes nothing away"
    );
    for id in ["a", "b"] {
        assert_eq!(store.broken(store.resolve(id).unwrap().key).unwrap(), None);
    }
}

#[test]
fn another_session_under_the_same_id_takes_nothing_in() {
    let dir = tempfile::tempdir().unwrap();
    let (mut store, a) = store_of(&dir.path().join("unknot.db"), "a", 2);
    let before = store.entries(a).unwrap();
    let (header_a, header_b) = (header("a"), header("b"));
    let mut changed = before[1..].to_vec();
    changed[2].at_ms += 1;
    let new = Foreign { header: &header_b, entries: &[], closed: false };
    let other = Foreign { header: &header_a, entries: &changed, closed: false };
    let refused = store.import(&[new, other]).unwrap_err();
    assert!(matches!(&refused, WriteError::Differs { id, n: 3 } if id == "a"), "{refused}");
    assert_eq!(store.sessions().unwrap().len(), 1, "not even the one before it");
    assert_eq!(store.entries(a).unwrap(), before);
}

#[test]
fn what_is_forgotten_is_in_no_byte_of_the_store() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("unknot.db");
    let (mut store, a) = store_of(&path, "a", 40);
    let b = store.create(&header("b")).unwrap();
    // The index has words in small letters and without accents. What begins another word it may keep in part.
    for note in 0..50 {
        store.note(a, &format!("the word is Xýlophone {note}"), "2026-11-23T08:00:00Z").unwrap();
        store.note(b, &format!("the word is Bassoon {note}"), "2026-11-23T08:00:00Z").unwrap();
    }
    let traces = |word: &str| {
        let holds = |name: &str| {
            let bytes = fs::read(dir.path().join(name)).unwrap_or_default();
            bytes.windows(word.len()).any(|window| window == word.as_bytes())
        };
        ["unknot.db", "unknot.db-wal", "unknot.db-shm"].into_iter().filter(|name| holds(name)).count()
    };
    for word in ["Xýlophone", "xylophone"] {
        assert!(traces(word) > 0, "{word}");
    }
    store.forget(a).unwrap();
    for part in ["Xýlophone", "xylophone", "xylo", "ylophone"] {
        assert_eq!(traces(part), 0, "{part}");
    }
    for word in ["Bassoon", "bassoon"] {
        assert!(traces(word) > 0, "{word}: the other session is still there");
    }
    assert_eq!(store.search("xylophone", 9).unwrap(), []);
    assert_eq!(store.search("bassoon", 99).unwrap().len(), 50);
    assert!(matches!(store.forget(a), Err(WriteError::Gone)));
    assert_eq!(store.broken(b).unwrap(), None);
}

#[test]
fn sessions_are_forgotten_together_or_not_at_all() {
    let dir = tempfile::tempdir().unwrap();
    let (mut store, a) = store_of(&dir.path().join("unknot.db"), "a", 2);
    let b = store.create(&header("b")).unwrap();
    store.forget(a).unwrap();
    let refused = store.forget_all(&[b, a]).unwrap_err();
    assert!(matches!(refused, WriteError::Gone), "{refused}");
    assert_eq!(store.sessions().unwrap().len(), 1);
    store.forget_all(&[b]).unwrap();
    assert_eq!(store.sessions().unwrap(), []);
}

#[test]
fn a_reader_in_the_midst_of_it_is_told_of() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("unknot.db");
    let (mut store, a) = store_of(&path, "a", 2);
    let reader = Connection::open(&path).unwrap();
    reader.execute_batch("BEGIN; SELECT count(*) FROM entries").unwrap();
    let refused = store.forget(a).unwrap_err();
    assert!(matches!(refused, WriteError::StillRead), "{refused}");
}
