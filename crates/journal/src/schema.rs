//! The tables. A session's row is sealed: its last column is a hash of the others and of the session's key, and the one row
//! of `store` counts the sessions and holds all their seals together, so that a row that was altered, taken out or put in
//! from outside is noticed.

use rusqlite::Connection;
use transcript::Hash;

/// Marks a file as a store of this program: "UNKT".
pub(crate) const APPLICATION_ID: i64 = 0x554E_4B54;

/// `user_version` of a store that this program knows.
pub(crate) const VERSION: i64 = 1;

/// `summary` is what a listing says of the session, made of its entries; `length` counts those, and `head` is the hash of
/// the last. There is no index beside the tables: one that was altered would leave out what is in them.
const TABLES: &str = "
    CREATE TABLE sessions (
        key INTEGER PRIMARY KEY,
        summary TEXT NOT NULL,
        length INTEGER NOT NULL,
        head BLOB NOT NULL,
        seal BLOB NOT NULL
    ) STRICT;

    CREATE TABLE entries (
        session INTEGER NOT NULL,
        n INTEGER NOT NULL,
        body TEXT NOT NULL,
        hash BLOB NOT NULL,
        PRIMARY KEY (session, n)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE store (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        sessions INTEGER NOT NULL,
        seal BLOB NOT NULL
    ) STRICT;

    INSERT INTO store (one, sessions, seal) VALUES (1, 0, zeroblob(16));
    PRAGMA application_id = 1431194452;
    PRAGMA user_version = 1;";

/// Makes the tables in a file that has none.
pub(crate) fn make(db: &mut Connection) -> rusqlite::Result<()> {
    let transaction = db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    if transaction.pragma_query_value(None, "user_version", |row| row.get::<_, i64>(0))? == 0 {
        transaction.execute_batch(TABLES)?;
    }
    transaction.commit()
}

/// What a session's row is sealed with.
pub(crate) fn seal(key: i64, summary: &str, length: i64, head: Hash) -> Hash {
    Hash::START.then(&format!("{key} {length} {head} {summary}"))
}

/// All the seals of a store, in any order: one that is put in or taken out changes it, and the same one twice changes it back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Seals {
    pub(crate) sessions: i64,
    pub(crate) together: [u8; Hash::LEN],
}

impl Seals {
    pub(crate) fn put(&mut self, seal: &[u8]) {
        self.sessions += 1;
        self.turn(seal);
    }

    pub(crate) fn take(&mut self, seal: &[u8]) {
        self.sessions -= 1;
        self.turn(seal);
    }

    fn turn(&mut self, seal: &[u8]) {
        self.together.iter_mut().zip(seal).for_each(|(byte, with)| *byte ^= with);
    }

    /// As the store has them; `None` where its row is gone or was changed into something else.
    pub(crate) fn kept(db: &Connection) -> rusqlite::Result<Option<Self>> {
        let mut statement = db.prepare_cached("SELECT sessions, seal FROM store WHERE one = 1")?;
        let mut rows = statement.query([])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        let seals = row.get_ref(1)?.as_blob_or_null().ok().flatten();
        let together = seals.and_then(|seals| seals.try_into().ok());
        let sessions = row.get_ref(0)?.as_i64().ok();
        Ok(sessions.zip(together).map(|(sessions, together)| Self { sessions, together }))
    }

    pub(crate) fn keep(self, db: &Connection) -> rusqlite::Result<()> {
        db.prepare_cached("INSERT OR REPLACE INTO store (one, sessions, seal) VALUES (1, ?1, ?2)")?
            .execute((self.sessions, self.together))
            .map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_made_once_and_mark_the_file() {
        let mut db = Connection::open_in_memory().unwrap();
        make(&mut db).unwrap();
        make(&mut db).unwrap();
        let pragma = |name| db.pragma_query_value(None, name, |row| row.get::<_, i64>(0)).unwrap();
        assert_eq!((pragma("application_id"), pragma("user_version")), (APPLICATION_ID, VERSION));
        assert_eq!(Seals::kept(&db).unwrap(), Some(Seals::default()));
    }

    #[test]
    fn a_seal_is_of_every_part_of_its_row() {
        let head = Hash::START.then("head");
        let whole = seal(1, "summary", 2, head);
        for other in [seal(3, "summary", 2, head), seal(1, "s", 2, head), seal(1, "summary", 3, head)] {
            assert_ne!(other, whole);
        }
        assert_ne!(seal(1, "summary", 2, Hash::START), whole);
        let mut seals = Seals::default();
        seals.put(&whole.to_bytes());
        seals.put(&head.to_bytes());
        seals.take(&whole.to_bytes());
        assert_eq!(seals, Seals { sessions: 1, together: head.to_bytes() });
    }
}
