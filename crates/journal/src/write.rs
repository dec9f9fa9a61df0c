//! Writing: one batch, one transaction, one sync.

use std::fs::File;
use std::ops::Deref;
use std::path::Path;

use coach::Named as _;
use rusqlite::{ErrorCode, OptionalExtension as _, Transaction, TransactionBehavior, params};
use transcript::{Entry, Hash, Header, Kind, ndjson};

use crate::error::{OpenError, WriteError};
use crate::index;
use crate::open;
use crate::read::{Journal, Key, hash, millis};

/// A store, for writing. While it lives no other program can open one on the same store.
#[derive(Debug)]
pub struct Writer {
    journal: Journal,
    /// The session last appended to, and where its next entry goes.
    end: Option<(Key, End)>,
    /// Held, never read: closing it gives the lock back.
    _lock: File,
}

/// A session that another store gave.
#[derive(Debug, Clone, Copy)]
pub struct Foreign<'a> {
    /// Its header.
    pub header: &'a Header,
    /// Its entries after the header.
    pub entries: &'a [Entry],
    /// Whether it was closed there without having finished.
    pub closed: bool,
}

/// What came of a session from elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// It was not there.
    New,
    /// Its beginning was there; the rest has been added.
    Completed,
    /// It was there.
    Same,
}

/// Where the next entry of a session goes, and the hash it follows.
#[derive(Debug, Clone, Copy)]
struct End {
    n: i64,
    hash: Hash,
}

impl End {
    const START: Self = Self { n: 0, hash: Hash::START };
}

impl Writer {
    /// Opens the store for writing, and makes it where there is none, with its folder.
    ///
    /// # Errors
    /// Any but [`OpenError::Missing`]; the file is then as it was.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        open::writer(path).map(|(db, lock)| Self { journal: Journal { db }, end: None, _lock: lock })
    }

    /// Opens a session; its header is its first entry. Durable on return.
    ///
    /// # Errors
    /// Where its id is taken, or the disk does not take it.
    pub fn create(&mut self, header: &Header) -> Result<Key, WriteError> {
        self.create_with(header, &[])
    }

    /// Opens a session with the entries of its first batch: the header and all of them, or nothing. Durable on return.
    ///
    /// # Errors
    /// Where its id is taken, or the disk does not take it. The same may be tried again.
    pub fn create_with(&mut self, header: &Header, batch: &[Entry]) -> Result<Key, WriteError> {
        let transaction = self.begin()?;
        let (key, end) = insert_session(&transaction, header, batch)?;
        transaction.commit()?;
        self.end = Some((key, end));
        Ok(key)
    }

    /// Appends a batch to a session: all of it or nothing. Durable on return.
    ///
    /// # Errors
    /// Where the disk does not take it. The same batch may be tried again.
    pub fn append(&mut self, session: Key, batch: &[Entry]) -> Result<(), WriteError> {
        let end = match self.end {
            Some((key, end)) if key == session => end,
            _ => self.end_of(session)?,
        };
        let transaction = self.begin()?;
        let end = insert_all(&transaction, session, end, batch)?;
        transaction.commit()?;
        self.end = Some((session, end));
        Ok(())
    }

    /// Adds a remark, at the moment of the session's last entry. `wall` is when it was written, as RFC 3339.
    ///
    /// # Errors
    /// Where the disk does not take it.
    pub fn note(&mut self, session: Key, text: &str, wall: &str) -> Result<(), WriteError> {
        self.remark(session, text, wall, None)
    }

    /// Gives a remark another wording. The older one stays, in its place. `note` is the place of the remark, or of any
    /// wording of it.
    ///
    /// # Errors
    /// Where there is no remark at that place, or the disk does not take it.
    pub fn edit_note(&mut self, session: Key, note: u32, text: &str, wall: &str) -> Result<(), WriteError> {
        let kind: Option<String> = self
            .journal
            .db
            .prepare_cached("SELECT kind FROM entries WHERE session = ?1 AND n = ?2")?
            .query_row(params![session.0, note], |row| row.get(0))
            .optional()?;
        if kind.as_deref() != Some("note") {
            return Err(WriteError::NotANote(note));
        }
        self.remark(session, text, wall, Some(note))
    }

    fn remark(&mut self, session: Key, text: &str, wall: &str, edits: Option<u32>) -> Result<(), WriteError> {
        self.add(session, Kind::Note { text: text.to_owned(), wall: Some(wall.to_owned()), edits })
    }

    /// Adds what a person says of a session later, at the moment of its last entry: a remark, or how it has been since.
    ///
    /// # Errors
    /// Where the disk does not take it.
    pub fn add(&mut self, session: Key, aside: Kind) -> Result<(), WriteError> {
        let at_ms = self
            .journal
            .db
            .prepare_cached(
                "SELECT at_ms FROM entries WHERE session = ?1 AND json_valid(body) ORDER BY n DESC LIMIT 1",
            )?
            .query_row([session.0], |row| row.get(0).map(millis))
            .optional()?
            .ok_or(WriteError::Gone)?;
        self.append(session, &[Entry { at_ms, kind: aside }])
    }

    /// Marks a session that did not finish as one that shall not be resumed.
    ///
    /// # Errors
    /// Where the disk does not take it.
    pub fn close(&mut self, session: Key) -> Result<(), WriteError> {
        let changed = self
            .journal
            .db
            .prepare_cached("UPDATE sessions SET closed = 1 WHERE key = ?1")?
            .execute([session.0])?;
        if changed == 1 { Ok(()) } else { Err(WriteError::Gone) }
    }

    /// Takes sessions from elsewhere: all of them or nothing. What is in the store already is not stored again; a session
    /// that goes on where the stored one ends is completed. Durable on return.
    ///
    /// # Errors
    /// Where the store holds another session under one of the ids, or the disk does not take it.
    pub fn import(&mut self, sessions: &[Foreign<'_>]) -> Result<Vec<Taken>, WriteError> {
        self.import_each(sessions.iter().copied().map(Ok))
    }

    /// The same one after the other: an error in their midst, by which whoever gives them breaks off, takes nothing.
    ///
    /// # Errors
    /// As [`Writer::import`], and those that were given.
    pub fn import_each<'a, E: From<WriteError>>(
        &mut self,
        sessions: impl IntoIterator<Item = Result<Foreign<'a>, E>>,
    ) -> Result<Vec<Taken>, E> {
        self.end = None;
        let transaction = self.begin()?;
        let taken = sessions
            .into_iter()
            .map(|foreign| Ok(take(&transaction, &foreign?)?))
            .collect::<Result<_, E>>()?;
        transaction.commit().map_err(WriteError::from)?;
        Ok(taken)
    }

    /// Removes a session for good: its rows are overwritten with zeros, and so is the log that they went through.
    ///
    /// # Errors
    /// Where the disk does not take it, or somebody is reading the session just now.
    pub fn forget(&mut self, session: Key) -> Result<(), WriteError> {
        self.forget_all(&[session])
    }

    /// Removes sessions for good, as [`Writer::forget`] does with one: all of them or none. What the index knows of the
    /// other sessions' notes is written anew, which takes longer the more notes there are and not the more sessions are
    /// forgotten.
    ///
    /// # Errors
    /// Where one of them is not there, the disk does not take it, or somebody is reading the store just now.
    pub fn forget_all(&mut self, sessions: &[Key]) -> Result<(), WriteError> {
        let keys: Vec<i64> = sessions.iter().map(|session| session.0).collect();
        self.end = None;
        let transaction = self.begin()?;
        for key in &keys {
            if transaction.prepare_cached("DELETE FROM sessions WHERE key = ?1")?.execute([key])? == 0 {
                return Err(WriteError::Gone);
            }
        }
        index::forget(&transaction, &keys)?;
        transaction.commit()?;
        // The log still holds the pages as they were; emptied, it holds nothing.
        let busy: i64 = self.journal.db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
        if busy == 0 { Ok(()) } else { Err(WriteError::StillRead) }
    }

    fn begin(&mut self) -> Result<Transaction<'_>, WriteError> {
        Ok(self.journal.db.transaction_with_behavior(TransactionBehavior::Immediate)?)
    }

    fn end_of(&self, session: Key) -> Result<End, WriteError> {
        self.journal
            .db
            .prepare_cached("SELECT n + 1, hash FROM entries WHERE session = ?1 ORDER BY n DESC LIMIT 1")?
            .query_row([session.0], |row| Ok(End { n: row.get(0)?, hash: hash(row, 1)? }))
            .optional()?
            .ok_or(WriteError::Gone)
    }
}

impl Deref for Writer {
    type Target = Journal;

    fn deref(&self) -> &Journal {
        &self.journal
    }
}

/// Takes one session from elsewhere.
fn take(transaction: &Transaction<'_>, foreign: &Foreign<'_>) -> Result<Taken, WriteError> {
    let Foreign { header, entries, closed } = *foreign;
    let known = transaction
        .prepare_cached("SELECT key FROM sessions WHERE id = ?1")?
        .query_row([&header.id], |row| row.get(0).map(Key))
        .optional()?;
    let (key, taken) = match known {
        None => (insert_session(transaction, header, entries)?.0, Taken::New),
        Some(key) => (key, complete(transaction, key, header, entries)?),
    };
    if closed {
        transaction.prepare_cached("UPDATE sessions SET closed = 1 WHERE key = ?1")?.execute([key.0])?;
    }
    Ok(taken)
}

/// Appends what the store does not have of a session of which it has the beginning.
fn complete(
    transaction: &Transaction<'_>,
    key: Key,
    header: &Header,
    entries: &[Entry],
) -> Result<Taken, WriteError> {
    let mut statement =
        transaction.prepare_cached("SELECT n, body, hash FROM entries WHERE session = ?1 ORDER BY n")?;
    let mut stored = statement.query([key.0])?;
    let mut lines = std::iter::once(ndjson::line(&opening(header))).chain(entries.iter().map(ndjson::line));
    let mut end = End::START;
    while let Some(row) = stored.next()? {
        // The store has more of it already.
        let Some(line) = lines.next() else { return Ok(Taken::Same) };
        let n = row.get(0)?;
        if row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)? != line {
            return Err(WriteError::Differs { id: header.id.clone(), n });
        }
        end = End { n: n + 1, hash: hash(row, 2)? };
    }
    let there = usize::try_from(end.n).unwrap_or(usize::MAX).saturating_sub(1);
    match entries.get(there..) {
        None | Some([]) => Ok(Taken::Same),
        Some(more) => insert_all(transaction, key, end, more).map(|_| Taken::Completed),
    }
}

/// The entry that a header is.
fn opening(header: &Header) -> Entry {
    Entry { at_ms: 0, kind: Kind::Session(Box::new(header.clone())) }
}

fn insert_session(
    transaction: &Transaction<'_>,
    header: &Header,
    batch: &[Entry],
) -> Result<(Key, End), WriteError> {
    let inserted = transaction
        .prepare_cached("INSERT INTO sessions (id, started, receiver, plan) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![header.id, header.wall, header.receiver, header.plan.name]);
    match inserted {
        Ok(_) => {}
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => {
            return Err(WriteError::Exists(header.id.clone()));
        }
        Err(error) => return Err(error.into()),
    }
    let key = Key(transaction.last_insert_rowid());
    let end = insert(transaction, key, End::START, &opening(header))?;
    Ok((key, insert_all(transaction, key, end, batch)?))
}

/// Gives where the entry after these goes.
fn insert_all(
    transaction: &Transaction<'_>,
    session: Key,
    mut end: End,
    batch: &[Entry],
) -> Result<End, WriteError> {
    for entry in batch {
        match &entry.kind {
            Kind::Session(_) => return Err(WriteError::SecondHeader),
            Kind::Finished { because } => {
                transaction
                    .prepare_cached("UPDATE sessions SET finished = ?2 WHERE key = ?1")?
                    .execute(params![session.0, because.name()])?;
            }
            _ => {}
        }
        end = insert(transaction, session, end, entry)?;
    }
    Ok(end)
}

fn insert(transaction: &Transaction<'_>, session: Key, end: End, entry: &Entry) -> rusqlite::Result<End> {
    let body = ndjson::line(entry);
    let hash = end.hash.then(&body);
    transaction
        .prepare_cached("INSERT INTO entries (session, n, body, hash) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![session.0, end.n, body, hash.to_bytes()])?;
    index::take(transaction, session.0, end.n, &entry.kind)?;
    Ok(End { n: end.n + 1, hash })
}

#[cfg(test)]
mod tests {
    use super::*;
    use transcript::{PlanKept, SCHEMA, Versions};

    fn header() -> Header {
        Header {
            learn: None,
            id: "a".to_owned(),
            versions: Versions { program: "0.1.0".to_owned(), wire: "1.0".to_owned(), schema: SCHEMA },
            plan: PlanKept::new(&coach::Plan::partner(), ""),
            seed: None,
            wall: "2026-11-22T18:00:00Z".to_owned(),
            receiver: None,
            closed: Vec::new(),
            past: transcript::PastKept::default(),
            clicker: None,
            table: None,
        }
    }

    #[test]
    fn a_full_disk_takes_nothing_of_a_batch_and_all_of_it_when_there_is_room() {
        let dir = tempfile::tempdir().unwrap();
        let mut store = Writer::open(&dir.path().join("unknot.db")).unwrap();
        let session = store.create(&header()).unwrap();
        let pages: i64 = store.db.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
        let limit = |store: &Writer, pages: i64| {
            store.db.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(())).unwrap();
        };
        limit(&store, pages + 2);
        let batch: Vec<Entry> = (0..50).map(|ms| Entry { at_ms: 1, kind: Kind::Gap { ms } }).collect();
        let mut kept = 0;
        let refused = loop {
            match store.append(session, &batch) {
                Ok(()) => kept += 1,
                Err(error) => break error,
            }
        };
        assert!(matches!(refused, WriteError::Full), "{refused}");
        assert_eq!(store.entries(session).unwrap().len(), 1 + kept * batch.len());
        limit(&store, 1_000_000);
        store.append(session, &batch).unwrap();
        assert_eq!(store.entries(session).unwrap().len(), 1 + (kept + 1) * batch.len());
    }

    #[test]
    fn the_connection_is_set_up_for_durability_and_forgetting() {
        let dir = tempfile::tempdir().unwrap();
        let store = Writer::open(&dir.path().join("unknot.db")).unwrap();
        let pragma = |name| store.db.pragma_query_value(None, name, |row| row.get::<_, i64>(0)).unwrap();
        assert_eq!(pragma("synchronous"), 2, "FULL");
        assert_eq!(pragma("secure_delete"), 1);
        assert_eq!(pragma("foreign_keys"), 1);
        let mode: String = store.db.pragma_query_value(None, "journal_mode", |row| row.get(0)).unwrap();
        assert_eq!(mode, "wal");
    }
}
