//! What comes from elsewhere, what was changed behind the store's back, and what is removed.

use std::fs;
use std::path::Path;

use journal::{Foreign, Journal, Key, Taken, WriteError, Writer};
use rusqlite::Connection;

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
        ("UPDATE entries SET hash = x'' WHERE n = 0", 0),
        ("DELETE FROM entries WHERE n = 2", 2),
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
        assert_eq!((listed.len(), listed[0].reached_ms), (1, entries[11].at_ms), "{body}");
        store.note(session, "softer", "2026-11-23T09:00:00Z").unwrap();
        assert_eq!(store.readable(session).unwrap().places.last(), Some(&12), "{body}");
        assert_eq!(store.broken(session).unwrap(), i64::try_from(place).ok(), "{body}: a note hides nothing");
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

/// What was cut off at the end was not missed, and the list was believed whatever it said.
#[test]
fn what_was_cut_or_altered_in_the_list_is_found() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("unknot.db");
    let (mut store, a) = store_of(&path, "a", 5);
    let b = store.create(&header("b")).unwrap();
    let listed = store.sessions().unwrap();
    drop(store);
    let whole = fs::read(&path).unwrap();
    let changed = |change: &str| {
        fs::write(&path, &whole).unwrap();
        Connection::open(&path).unwrap().execute_batch(change).unwrap();
        Journal::open(&path).unwrap()
    };
    for change in [
        "DELETE FROM entries WHERE session = 1 AND n >= 8",
        "DELETE FROM entries WHERE session = 1 AND n >= 1",
        "UPDATE entries SET session = 3 WHERE session = 1 AND n >= 8",
        "UPDATE sessions SET length = 8 WHERE key = 1",
        "UPDATE sessions SET head = (SELECT head FROM sessions WHERE key = 2) WHERE key = 1",
        "UPDATE sessions SET summary = replace(summary, 'Ada', 'Bea') WHERE key = 1",
        "UPDATE sessions SET summary = (SELECT summary FROM sessions WHERE key = 2) WHERE key = 1",
        "UPDATE sessions SET seal = zeroblob(16) WHERE key = 1",
        "UPDATE entries SET session = session + 10; UPDATE entries SET session = 13 - session",
    ] {
        let store = changed(change);
        assert!(store.broken(a).unwrap().is_some(), "{change}");
        let ids: Vec<String> = store.sessions().unwrap().into_iter().map(|session| session.id).collect();
        assert_eq!(ids.len(), 2, "{change}: {ids:?}");
        drop(store);
        let mut store = Writer::open(&path).unwrap();
        let first = store.append(a, &batch(9, 1));
        assert!(matches!(first, Err(WriteError::Altered(_))), "{change}: {first:?}");
    }
    // Of one whose row says something else, what its entries say is listed.
    let store = changed("UPDATE sessions SET summary = replace(summary, 'Ada', 'Bea') WHERE key = 1");
    let altered = journal::Session { altered: true, ..listed[0].clone() };
    assert_eq!(store.sessions().unwrap(), [altered, listed[1].clone()]);
    assert!(!store.is_missing_some().unwrap() && store.broken(b).unwrap().is_none());
    drop(store);

    for change in [
        "DELETE FROM sessions WHERE key = 1",
        "DELETE FROM sessions; DELETE FROM entries",
        "INSERT INTO sessions SELECT 9, summary, length, head, seal FROM sessions WHERE key = 1",
        "UPDATE store SET sessions = 1",
        "DELETE FROM store",
    ] {
        assert!(changed(change).is_missing_some().unwrap(), "{change}");
        let mut store = Writer::open(&path).unwrap();
        store.create(&header("new")).unwrap();
        assert!(store.is_missing_some().unwrap(), "{change}: a new session does not hide it");
        store.accept().unwrap();
        assert!(!store.is_missing_some().unwrap(), "{change}: it was taken as it stands");
    }
    let mut store = Writer::open(&path).unwrap();
    store.accept().unwrap();
    drop(store);
    let store = changed("UPDATE sessions SET seal = zeroblob(16) WHERE key = 1");
    assert!(store.is_missing_some().unwrap());
    drop(store);
    let mut store = Writer::open(&path).unwrap();
    store.forget(a).unwrap();
    assert!(!store.is_missing_some().unwrap(), "with the altered session goes the memory of it");
}

/// What was written into a store that had been moved away was acknowledged, and is nowhere.
#[cfg(unix)]
#[test]
fn a_store_that_went_away_takes_nothing_more() {
    for name in ["unknot.db", "unknot.db-wal", "unknot.db.lock"] {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("unknot.db");
        let (mut store, session) = store_of(&path, "a", 2);
        fs::rename(dir.path().join(name), dir.path().join("elsewhere")).unwrap();
        let refused = store.append(session, &batch(3, 1)).unwrap_err();
        assert!(matches!(&refused, WriteError::Away(at) if at.ends_with(name)), "{name}: {refused}");
        let refused = store.note(session, "softer", "2026-11-23T09:00:00Z").unwrap_err();
        assert!(matches!(refused, WriteError::Away(_)), "{name}: {refused}");
        fs::rename(dir.path().join("elsewhere"), dir.path().join(name)).unwrap();
        store.append(session, &batch(3, 1)).unwrap();
        assert_eq!(store.entries(session).unwrap().len(), 6, "{name}: once it is back, it is stored once");
    }
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
    assert!(traces("Xýlophone") > 0);
    store.forget(a).unwrap();
    for part in ["Xýlophone", "xylophone", "ylophone", "lophone"] {
        assert_eq!(traces(part), 0, "{part}");
    }
    assert!(traces("Bassoon") > 0, "the other session is still there");
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
