//! Writing: one batch, one transaction, one sync.

use std::collections::HashMap;
use std::fs::File;
use std::ops::Deref;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension as _, Transaction, TransactionBehavior, params};
use transcript::{Entry, Hash, Header, Kind, ndjson};

use crate::error::{OpenError, WriteError};
use crate::open::{self, Files};
use crate::read::{self, Journal, Key};
use crate::schema::{self, Seals};
use crate::summary::Summary;

/// A store, for writing. While it lives no other program can open one on the same store.
#[derive(Debug)]
pub struct Writer {
    journal: Journal,
    /// The session last appended to, and where its next entry goes.
    end: Option<(Key, End)>,
    /// Where each session is, by its id, once it was asked for.
    ids: Option<HashMap<String, Key>>,
    /// The store's files, which are to stay where they are.
    files: Files,
    /// The file that was gone right after a write: repeating the write would store it twice.
    lost: Option<PathBuf>,
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

/// Result of importing a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// It was not there.
    New,
    /// Its beginning was there; the rest has been added.
    Completed,
    /// It was there.
    Same,
}

/// Where the next entry of a session goes, what it follows, and what the session's row says.
#[derive(Debug, Clone)]
struct End {
    n: u32,
    hash: Hash,
    summary: Summary,
    /// The seal of its row; `None` while it has none.
    seal: Option<Hash>,
}

impl Writer {
    /// Opens the store for writing; creates it and its folder if missing.
    ///
    /// # Errors
    /// Any but [`OpenError::Missing`]; the file is then as it was.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        let (db, lock, files) = open::writer(path)?;
        Ok(Self { journal: Journal::of(db), end: None, ids: None, files, lost: None, _lock: lock })
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
        self.create_all(header, batch)?;
        Ok(self.end.as_ref().map_or(Key(0), |(key, _)| *key))
    }

    fn create_all(&mut self, header: &Header, batch: &[Entry]) -> Result<(), WriteError> {
        if self.ids()?.contains_key(&header.id) {
            return Err(WriteError::Exists(header.id.clone()));
        }
        let transaction = self.begin()?;
        let (key, end) = insert_session(&transaction, header, batch)?;
        transaction.commit()?;
        self.end = Some((key, end));
        self.ids()?.insert(header.id.clone(), key);
        self.stored()
    }

    /// Appends a batch to a session: all of it or nothing. Durable on return.
    ///
    /// # Errors
    /// Where the disk does not take it, the store is not where it was opened any more, or the session was changed from
    /// outside. The same batch may be tried again.
    pub fn append(&mut self, session: Key, batch: &[Entry]) -> Result<(), WriteError> {
        let mut end = match self.end.take() {
            Some((key, end)) if key == session => end,
            _ => end_of(&self.journal.db, session)?,
        };
        let before = end.clone();
        let transaction = self.begin()?;
        let written = insert_all(&transaction, session, &mut end, batch)
            .and_then(|()| seal(&transaction, session, &mut end))
            .and_then(|()| Ok(transaction.commit()?));
        self.end = Some((session, if written.is_ok() { end } else { before }));
        written?;
        self.stored()
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
        let read = self.journal.readable(session).map_err(WriteError::from)?;
        let is_note =
            |(place, entry): (&u32, &Entry)| *place == note && matches!(entry.kind, Kind::Note { .. });
        if !read.places.iter().zip(&read.entries).any(is_note) {
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
        let at_ms = end_of(&self.journal.db, session)?.summary.presence.reached_ms;
        self.append(session, &[Entry { at_ms, kind: aside }])
    }

    /// Marks a session that did not finish as one that shall not be resumed.
    ///
    /// # Errors
    /// Where the disk does not take it.
    pub fn close(&mut self, session: Key) -> Result<(), WriteError> {
        let mut end = end_of(&self.journal.db, session)?;
        end.summary.closed = true;
        let transaction = self.begin()?;
        seal(&transaction, session, &mut end)?;
        transaction.commit()?;
        self.end = None;
        self.stored()
    }

    /// Takes sessions from elsewhere: all of them or nothing. What is in the store already is not stored again; a session
    /// that goes on where the stored one ends is completed. Durable on return.
    ///
    /// # Errors
    /// Where the store holds another session under one of the ids, or the disk does not take it.
    pub fn import(&mut self, sessions: &[Foreign<'_>]) -> Result<Vec<Taken>, WriteError> {
        self.import_each(sessions.iter().copied().map(Ok))
    }

    /// Imports sessions one after the other, all or none: an error from the iterator stores nothing.
    ///
    /// # Errors
    /// As [`Writer::import`], and those that were given.
    pub fn import_each<'a, E: From<WriteError>>(
        &mut self,
        sessions: impl IntoIterator<Item = Result<Foreign<'a>, E>>,
    ) -> Result<Vec<Taken>, E> {
        self.end = None;
        let mut ids = self.ids()?.clone();
        let transaction = self.begin()?;
        let taken = sessions
            .into_iter()
            .map(|foreign| Ok(take(&transaction, &foreign?, &mut ids)?))
            .collect::<Result<_, E>>()?;
        transaction.commit().map_err(WriteError::from)?;
        self.ids = Some(ids);
        self.stored()?;
        Ok(taken)
    }

    /// Removes a session for good: its rows are overwritten with zeros, and so is the log that they went through.
    ///
    /// # Errors
    /// Where the disk does not take it, or another process is reading the session.
    pub fn forget(&mut self, session: Key) -> Result<(), WriteError> {
        self.forget_all(&[session])
    }

    /// Removes sessions for good, as [`Writer::forget`] does with one: all of them or none.
    ///
    /// # Errors
    /// Where one of them is not there, the disk does not take it, or another process is reading the store.
    pub fn forget_all(&mut self, sessions: &[Key]) -> Result<(), WriteError> {
        // The original seal of a session changed from outside is unknown, so the seals of the store are computed anew.
        let listed = self.journal.sessions()?;
        let is_altered = |key: &Key| listed.iter().any(|session| session.key == *key && session.altered);
        let altered = sessions.iter().any(is_altered);
        self.end = None;
        self.ids = None;
        let transaction = self.begin()?;
        for Key(key) in sessions {
            let seal: Option<Vec<u8>> = transaction
                .prepare_cached("SELECT seal FROM sessions WHERE key = ?1")?
                .query_row([key], |row| Ok(row.get_ref(0)?.as_blob_or_null()?.unwrap_or_default().to_vec()))
                .optional()?;
            let seal = seal.ok_or(WriteError::Gone)?;
            transaction.prepare_cached("DELETE FROM sessions WHERE key = ?1")?.execute([key])?;
            transaction.prepare_cached("DELETE FROM entries WHERE session = ?1")?.execute([key])?;
            if let Some(mut seals) = Seals::kept(&transaction)? {
                seals.take(&seal);
                seals.keep(&transaction)?;
            }
        }
        if altered {
            accept(&transaction)?;
        }
        transaction.commit()?;
        self.stored()?;
        // The log still holds the pages as they were; emptied, it holds nothing.
        let emptied = self.journal.db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0));
        let busy: i64 = emptied.map_err(WriteError::Traces)?;
        if busy == 0 { Ok(()) } else { Err(WriteError::StillRead) }
    }

    fn begin(&mut self) -> Result<Transaction<'_>, WriteError> {
        // Seen before anything is written, so that the same may be tried again once the store is back.
        if let Some(path) = self.lost.clone().or_else(|| self.files.gone()) {
            return Err(WriteError::Away(path));
        }
        Ok(self.journal.db.transaction_with_behavior(TransactionBehavior::Immediate)?)
    }

    /// Accepts the store as it is: sessions that are missing or were added from outside are no longer reported.
    ///
    /// # Errors
    /// Where the disk does not take it.
    pub fn accept(&mut self) -> Result<(), WriteError> {
        let transaction = self.begin()?;
        accept(&transaction)?;
        transaction.commit()?;
        self.stored()
    }

    /// Where each session is, by its id.
    fn ids(&mut self) -> Result<&mut HashMap<String, Key>, WriteError> {
        if self.ids.is_none() {
            let sessions = self.journal.sessions()?;
            self.ids = Some(sessions.into_iter().map(|session| (session.id, session.key)).collect());
        }
        Ok(self.ids.get_or_insert_default())
    }

    /// Something was stored. It is so where its files are still those that the store's names lead to.
    fn stored(&mut self) -> Result<(), WriteError> {
        self.journal.has_changed();
        self.lost = self.files.gone();
        self.lost.clone().map_or(Ok(()), |path| Err(WriteError::Away(path)))
    }
}

/// Where the next entry of a session goes. One that was changed from outside gets none.
fn end_of(db: &Connection, session: Key) -> Result<End, WriteError> {
    let altered = || WriteError::Altered(session.0);
    let last: Option<(i64, Option<Hash>)> = db
        .prepare_cached("SELECT n, hash FROM entries WHERE session = ?1 ORDER BY n DESC LIMIT 1")?
        .query_row([session.0], |row| {
            let hash = row.get_ref(1)?.as_blob_or_null().ok().flatten().and_then(Hash::from_bytes);
            Ok((row.get(0)?, hash))
        })
        .optional()?;
    let row = match (read::row(db, session)?, last) {
        (None, None) => return Err(WriteError::Gone),
        (Some(row), Some((n, Some(hash)))) if row.length == n + 1 && row.head == hash => row,
        _ => return Err(altered()),
    };
    let n = u32::try_from(row.length).map_err(|_| altered())?;
    Ok(End { n, hash: row.head, summary: row.summary, seal: Some(row.seal) })
}

/// From now on the store is checked against its present content.
fn accept(transaction: &Transaction<'_>) -> Result<(), WriteError> {
    let mut seals = Seals::default();
    let mut statement = transaction.prepare_cached("SELECT seal FROM sessions")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        seals.put(row.get_ref(0)?.as_blob_or_null().ok().flatten().unwrap_or_default());
    }
    Ok(seals.keep(transaction)?)
}

/// Writes the row of a session, and notes its seal among the others.
fn seal(transaction: &Transaction<'_>, session: Key, end: &mut End) -> Result<(), WriteError> {
    // Nothing in a summary can refuse to be written.
    let summary = serde_json::to_string(&end.summary).unwrap_or_default();
    let length = i64::from(end.n);
    let seal = schema::seal(session.0, &summary, length, end.hash);
    transaction
        .prepare_cached(
            "INSERT OR REPLACE INTO sessions (key, summary, length, head, seal) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![session.0, summary, length, end.hash.to_bytes(), seal.to_bytes()])?;
    // A missing row is not restored: the first listing reports it.
    if let Some(mut seals) = Seals::kept(transaction)? {
        if let Some(before) = end.seal {
            seals.take(&before.to_bytes());
        }
        seals.put(&seal.to_bytes());
        seals.keep(transaction)?;
    }
    end.seal = Some(seal);
    Ok(())
}

impl Deref for Writer {
    type Target = Journal;

    fn deref(&self) -> &Journal {
        &self.journal
    }
}

/// Takes one session from elsewhere.
fn take(
    transaction: &Transaction<'_>,
    foreign: &Foreign<'_>,
    ids: &mut HashMap<String, Key>,
) -> Result<Taken, WriteError> {
    let Foreign { header, entries, closed } = *foreign;
    let known = ids.get(&header.id).copied();
    let (key, mut end, taken) = match known {
        None => {
            let (key, end) = insert_session(transaction, header, entries)?;
            ids.insert(header.id.clone(), key);
            (key, end, Taken::New)
        }
        Some(key) => {
            let mut end = end_of(transaction, key)?;
            let taken = complete(transaction, key, &mut end, header, entries)?;
            (key, end, taken)
        }
    };
    if closed && !end.summary.closed {
        end.summary.closed = true;
        seal(transaction, key, &mut end)?;
    }
    Ok(taken)
}

/// Appends the entries that the store lacks of a session whose beginning it has.
fn complete(
    transaction: &Transaction<'_>,
    key: Key,
    end: &mut End,
    header: &Header,
    entries: &[Entry],
) -> Result<Taken, WriteError> {
    let mut statement =
        transaction.prepare_cached("SELECT n, body FROM entries WHERE session = ?1 ORDER BY n")?;
    let mut stored = statement.query([key.0])?;
    let mut lines = std::iter::once(ndjson::line(&opening(header))).chain(entries.iter().map(ndjson::line));
    while let Some(row) = stored.next()? {
        // The store has more of it already.
        let Some(line) = lines.next() else { return Ok(Taken::Same) };
        if row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)? != line {
            return Err(WriteError::Differs { id: header.id.clone(), n: row.get(0)? });
        }
    }
    let there = usize::try_from(end.n).unwrap_or(usize::MAX).saturating_sub(1);
    match entries.get(there..) {
        None | Some([]) => Ok(Taken::Same),
        Some(more) => {
            insert_all(transaction, key, end, more)?;
            seal(transaction, key, end)?;
            Ok(Taken::Completed)
        }
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
    // No key is given twice while any later one is there: what is left of a session whose row is gone keeps its own.
    let key: i64 = transaction.query_row(
        "SELECT max(coalesce((SELECT max(key) FROM sessions), 0), coalesce((SELECT max(session) FROM entries), 0)) + 1",
        [],
        |row| row.get(0),
    )?;
    let key = Key(key);
    let mut end = End { n: 0, hash: Hash::START, summary: Summary::begin(header), seal: None };
    insert(transaction, key, &mut end, &opening(header))?;
    insert_all(transaction, key, &mut end, batch)?;
    seal(transaction, key, &mut end)?;
    Ok((key, end))
}

fn insert_all(
    transaction: &Transaction<'_>,
    session: Key,
    end: &mut End,
    batch: &[Entry],
) -> Result<(), WriteError> {
    for entry in batch {
        if matches!(entry.kind, Kind::Session(_)) {
            return Err(WriteError::SecondHeader);
        }
        insert(transaction, session, end, entry)?;
    }
    Ok(())
}

fn insert(transaction: &Transaction<'_>, session: Key, end: &mut End, entry: &Entry) -> rusqlite::Result<()> {
    let body = ndjson::line(entry);
    let hash = end.hash.then(&body);
    transaction
        .prepare_cached("INSERT INTO entries (session, n, body, hash) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![session.0, end.n, body, hash.to_bytes()])?;
    end.summary.take(end.n, entry);
    end.hash = hash;
    end.n += 1;
    Ok(())
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
        let mode: String = store.db.pragma_query_value(None, "journal_mode", |row| row.get(0)).unwrap();
        assert_eq!(mode, "wal");
    }
}
