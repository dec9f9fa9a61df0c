//! Writing: one batch, one transaction, one sync.

use std::fs::File;
use std::ops::Deref;
use std::path::Path;

use coach::Named as _;
use rusqlite::{ErrorCode, OptionalExtension as _, Transaction, TransactionBehavior, params};
use transcript::{Entry, Header, Kind, ndjson};

use crate::error::{OpenError, WriteError};
use crate::open;
use crate::read::{Journal, Key, millis};

/// A store, for writing. While it lives no other program can open one on the same store.
#[derive(Debug)]
pub struct Writer {
    journal: Journal,
    /// The session last appended to, and the place of its next entry.
    next: Option<(Key, i64)>,
    /// Held, never read: closing it gives the lock back.
    _lock: File,
}

impl Writer {
    /// Opens the store for writing, and makes it where there is none, with its folder.
    ///
    /// # Errors
    /// Any but [`OpenError::Missing`]; the file is then as it was.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        open::writer(path).map(|(db, lock)| Self { journal: Journal { db }, next: None, _lock: lock })
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
        let entry = Entry { at_ms: 0, kind: Kind::Session(Box::new(header.clone())) };
        let transaction = self.begin()?;
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
        insert(&transaction, key, 0, &entry)?;
        let next = insert_all(&transaction, key, 1, batch)?;
        transaction.commit()?;
        self.next = Some((key, next));
        Ok(key)
    }

    /// Appends a batch to a session: all of it or nothing. Durable on return.
    ///
    /// # Errors
    /// Where the disk does not take it. The same batch may be tried again.
    pub fn append(&mut self, session: Key, batch: &[Entry]) -> Result<(), WriteError> {
        let next = match self.next {
            Some((key, next)) if key == session => next,
            _ => self.next_of(session)?,
        };
        let transaction = self.begin()?;
        let next = insert_all(&transaction, session, next, batch)?;
        transaction.commit()?;
        self.next = Some((session, next));
        Ok(())
    }

    /// Adds a remark, at the moment of the session's last entry. `wall` is when it was written, as RFC 3339.
    ///
    /// # Errors
    /// Where the disk does not take it.
    pub fn note(&mut self, session: Key, text: &str, wall: &str) -> Result<(), WriteError> {
        let at_ms = self
            .journal
            .db
            .prepare_cached("SELECT at_ms FROM entries WHERE session = ?1 ORDER BY n DESC LIMIT 1")?
            .query_row([session.0], |row| row.get(0).map(millis))
            .optional()?
            .ok_or(WriteError::Gone)?;
        let kind = Kind::Note { text: text.to_owned(), wall: Some(wall.to_owned()) };
        self.append(session, &[Entry { at_ms, kind }])
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

    fn begin(&mut self) -> Result<Transaction<'_>, WriteError> {
        Ok(self.journal.db.transaction_with_behavior(TransactionBehavior::Immediate)?)
    }

    fn next_of(&self, session: Key) -> Result<i64, WriteError> {
        self.journal
            .db
            .prepare_cached("SELECT max(n) + 1 FROM entries WHERE session = ?1")?
            .query_row([session.0], |row| row.get::<_, Option<i64>>(0))?
            .ok_or(WriteError::Gone)
    }
}

impl Deref for Writer {
    type Target = Journal;

    fn deref(&self) -> &Journal {
        &self.journal
    }
}

/// Gives the place of the entry after these.
fn insert_all(
    transaction: &Transaction<'_>,
    session: Key,
    mut n: i64,
    batch: &[Entry],
) -> Result<i64, WriteError> {
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
        insert(transaction, session, n, entry)?;
        n += 1;
    }
    Ok(n)
}

fn insert(transaction: &Transaction<'_>, session: Key, n: i64, entry: &Entry) -> rusqlite::Result<()> {
    transaction
        .prepare_cached("INSERT INTO entries (session, n, body) VALUES (?1, ?2, ?3)")?
        .execute(params![session.0, n, ndjson::line(entry)])
        .map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use transcript::{PlanKept, SCHEMA, Versions};

    fn header() -> Header {
        Header {
            id: "a".to_owned(),
            versions: Versions { program: "0.1.0".to_owned(), wire: "1.0".to_owned(), schema: SCHEMA },
            plan: PlanKept::new(&coach::Plan::partner(), ""),
            seed: None,
            wall: "2026-11-22T18:00:00Z".to_owned(),
            receiver: None,
            closed: Vec::new(),
            clicker: None,
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
