//! What is put in comes out.

use coach::{Because, Named as _, Outcome, StoreState};
use journal::{Holds, Journal, ResolveError, SessionKind, State, WriteError, Writer};
use transcript::{Entry, Header, Kind};

use crate::{batch, header};

#[test]
fn a_session_comes_back_as_it_was_appended() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("unknot.db");
    let mut entries = vec![Entry { at_ms: 0, kind: Kind::Session(Box::new(header("a"))) }];
    {
        let mut store = Writer::open(&path).unwrap();
        let session = store.create(&header("a")).unwrap();
        for number in 1..=5 {
            store.append(session, &batch(number, number)).unwrap();
            entries.extend(batch(number, number));
        }
        assert_eq!(store.entries(session).unwrap(), entries);
    }
    let store = Journal::open(&path).unwrap();
    assert_eq!(store.entries(store.resolve("a").unwrap().key).unwrap(), entries);
}

#[test]
fn two_sessions_written_in_turns_stay_apart() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = Writer::open(&dir.path().join("unknot.db")).unwrap();
    let (a, b) = (store.create(&header("a")).unwrap(), store.create(&header("b")).unwrap());
    for number in 1..=3 {
        store.append(a, &batch(number, 1)).unwrap();
        store.append(b, &batch(number + 10, 2)).unwrap();
    }
    let moments = |key| store.entries(key).unwrap().iter().map(|entry| entry.at_ms).collect::<Vec<_>>();
    assert_eq!(moments(a), [0, 1, 2, 3]);
    assert_eq!(moments(b), [0, 11, 11, 12, 12, 13, 13]);
}

#[test]
fn a_reader_sees_what_a_running_session_has_stored() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("unknot.db");
    let mut writer = Writer::open(&path).unwrap();
    let session = writer.create(&header("a")).unwrap();
    let reader = Journal::open(&path).unwrap();
    writer.append(session, &batch(1, 2)).unwrap();
    let key = reader.resolve("last").unwrap().key;
    assert_eq!(reader.entries(key).unwrap().len(), 3);
}

#[test]
fn a_session_has_one_header_and_one_id() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = Writer::open(&dir.path().join("unknot.db")).unwrap();
    let session = store.create(&header("a")).unwrap();
    assert!(matches!(store.create(&header("a")), Err(WriteError::Exists(id)) if id == "a"));
    let second = Entry { at_ms: 1, kind: Kind::Session(Box::new(header("a"))) };
    let with_header = [batch(1, 1), vec![second]].concat();
    assert!(matches!(store.append(session, &with_header), Err(WriteError::SecondHeader)));
    assert_eq!(store.entries(session).unwrap().len(), 1, "nothing of a refused batch is kept");
    store.append(session, &batch(2, 1)).unwrap();
    assert_eq!(store.entries(session).unwrap().len(), 2);
}

/// A session that was interrupted and taken up on the next day had "lasted" for the night as well.
#[test]
fn a_session_lasted_for_as_long_as_somebody_was_there() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = Writer::open(&dir.path().join("unknot.db")).unwrap();
    let session = store.create(&header("a")).unwrap();
    let at = |at_ms, kind| Entry { at_ms, kind };
    let night = Kind::Resumed { wall: "2026-11-23T20:00:00Z".to_owned() };
    store.append(session, &[at(2_000, Kind::Sharp {})]).unwrap();
    store.append(session, &[at(93_602_000, night), at(93_605_000, Kind::Sharp {})]).unwrap();
    store.append(session, &[at(93_665_000, Kind::Gap { ms: 60_000 })]).unwrap();
    let found = store.resolve("a").unwrap();
    assert_eq!((found.lasted_ms, found.reached_ms), (5_000, 93_665_000));
}

#[test]
fn a_listing_says_how_a_session_went() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = Writer::open(&dir.path().join("unknot.db")).unwrap();
    let session = store.create(&header("a")).unwrap();
    let hold = |at_ms, outcome| Entry {
        at_ms,
        kind: Kind::Hold { outcome, because: Because::Time, counted_ms: 30_000, pressed_ms: 40_000 },
    };
    store
        .append(session, &[hold(10, Outcome::Done), hold(20, Outcome::Cut), hold(30, Outcome::Done)])
        .unwrap();
    store.append(session, &[hold(40, Outcome::Void)]).unwrap();
    let found = store.resolve("a").unwrap();
    assert_eq!(found.holds, Holds { done: 2, void: 1, cut: 1 });
    assert_eq!(Outcome::ALL.iter().map(|outcome| found.holds.of(*outcome)).sum::<u32>(), 4);
    assert_eq!((found.lasted_ms, found.state), (40, State::Open));
    assert_eq!((found.plan.as_str(), found.receiver.as_deref()), ("partner", Some("Ada")));
    assert_eq!(found.started, "2026-11-22T18:00:00Z");

    let finished = Entry { at_ms: 50, kind: Kind::Finished { because: Because::Enough } };
    store.append(session, &[finished]).unwrap();
    assert_eq!(store.resolve("a").unwrap().state, State::Finished(Because::Enough));
}

#[test]
fn the_session_to_resume_is_the_last_that_neither_finished_nor_was_closed() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = Writer::open(&dir.path().join("unknot.db")).unwrap();
    let open = |store: &Writer| store.last_open(SessionKind::Practice).unwrap().map(|session| session.id);
    assert_eq!(open(&store), None);
    let (a, b, c) = (
        store.create(&header("a")).unwrap(),
        store.create(&header("b")).unwrap(),
        store.create(&header("c")).unwrap(),
    );
    assert_eq!(open(&store).as_deref(), Some("c"));
    let finished = Entry { at_ms: 50, kind: Kind::Finished { because: Because::Enough } };
    store.append(c, &[finished]).unwrap();
    assert_eq!(open(&store).as_deref(), Some("b"));
    store.close(b).unwrap();
    assert_eq!(open(&store).as_deref(), Some("a"));
    assert_eq!(store.resolve("b").unwrap().state, State::Closed);
    store.close(a).unwrap();
    assert_eq!(open(&store), None);
}

#[test]
fn a_session_on_a_person_is_not_taken_up_as_practice_nor_practice_on_a_person() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = Writer::open(&dir.path().join("unknot.db")).unwrap();
    store.create(&header("practised")).unwrap();
    let in_hand = Header { clicker: Some("C0:12:34:56:78:9A".to_owned()), ..header("in hand") };
    store.create(&in_hand).unwrap();
    for (held, id) in [(SessionKind::Practice, "practised"), (SessionKind::InHand, "in hand")] {
        let session = store.last_open(held).unwrap().unwrap();
        assert_eq!((session.id.as_str(), session.kind), (id, held));
    }
}

#[test]
fn a_session_is_found_by_its_id_by_a_prefix_that_only_it_has_or_as_the_last() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = Writer::open(&dir.path().join("unknot.db")).unwrap();
    assert!(matches!(store.resolve("last"), Err(ResolveError::NoSessions)));
    for id in ["0189-aa", "0189-ab", "0190-aa", "0190"] {
        store.create(&header(id)).unwrap();
    }
    let found = |name: &str| store.resolve(name).map(|session| session.id);
    assert_eq!(found("last").unwrap(), "0190");
    assert_eq!(found("0189-aa").unwrap(), "0189-aa");
    assert_eq!(found("0189-AB").unwrap(), "0189-ab");
    assert_eq!(found("0190-").unwrap(), "0190-aa");
    assert_eq!(found("0190").unwrap(), "0190", "an exact id is meant, though it begins another");
    for name in ["0189", "0189-a", "01"] {
        assert!(matches!(found(name), Err(ResolveError::Ambiguous { .. })), "{name}");
    }
    for name in ["", "02", "%", "0189-aaa", "_189-aa"] {
        assert!(matches!(found(name), Err(ResolveError::Unknown(_))), "{name}");
    }
    assert_eq!(
        found("0189").unwrap_err().to_string(),
        "`0189` is the beginning of 2 sessions: give more of it (0189-aa, 0189-ab)"
    );
}

#[test]
fn a_note_stands_at_the_end_and_says_when_it_was_written() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = Writer::open(&dir.path().join("unknot.db")).unwrap();
    let session = store.create(&header("a")).unwrap();
    let failed = Entry { at_ms: 70, kind: StoreState::Failed.into() };
    store.append(session, &[failed]).unwrap();
    store.note(session, "softer than last week", "2026-11-23T09:00:00Z").unwrap();
    let note = Kind::Note {
        text: "softer than last week".to_owned(),
        wall: Some("2026-11-23T09:00:00Z".to_owned()),
        edits: None,
    };
    assert_eq!(store.entries(session).unwrap().last(), Some(&Entry { at_ms: 70, kind: note }));
}

#[test]
fn a_note_is_edited_by_an_entry_of_its_own_and_nothing_else_can_be() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = Writer::open(&dir.path().join("unknot.db")).unwrap();
    let session = store.create(&header("a")).unwrap();
    store.append(session, &[Entry { at_ms: 70, kind: StoreState::Failed.into() }]).unwrap();
    store.note(session, "softer", "2026-11-23T09:00:00Z").unwrap();
    store.edit_note(session, 2, "much softer", "2026-11-24T09:00:00Z").unwrap();
    for no_note in [0, 1, 4] {
        let refused = store.edit_note(session, no_note, "anything", "2026-11-24T09:00:00Z");
        assert!(matches!(refused, Err(WriteError::NotANote(place)) if place == no_note), "{refused:?}");
    }
    let entries = store.entries(session).unwrap();
    assert_eq!(entries.len(), 4, "both wordings, and nothing that was refused");
    let [note] = &transcript::notes(&entries)[..] else { panic!("{entries:?}") };
    assert_eq!((note.now.text.as_str(), note.before[0].text.as_str()), ("much softer", "softer"));
    assert_eq!(store.broken(session).unwrap(), None, "an edit is part of the chain");
}
