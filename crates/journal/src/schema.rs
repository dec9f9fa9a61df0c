//! The tables, and how older stores become current ones.
//!
//! A migration is never edited once a store may have run it: the next one is added below it.

use rusqlite::Transaction;
use rusqlite_migration::{HookResult, M, Migrations};
use transcript::Hash;

use crate::index;

/// Marks a file as a store of this program: "UNKT".
pub(crate) const APPLICATION_ID: i64 = 0x554E_4B54;

/// `user_version` of a store that has run every migration.
pub(crate) const VERSION: i64 = STEPS.len() as i64;

/// The first version that keeps the hash of each entry.
pub(crate) const CHAINED: i64 = 2;

/// The first version with an index of what is looked up.
pub(crate) const INDEXED: i64 = 3;

/// The kind and the moment of an entry are read out of its body, so that they cannot differ from it.
const STEPS: &[&str] = &[
    "PRAGMA application_id = 1431194452;

    CREATE TABLE sessions (
        key INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        started TEXT NOT NULL,
        receiver TEXT,
        plan TEXT NOT NULL,
        finished TEXT,
        closed INTEGER NOT NULL DEFAULT 0 CHECK (closed IN (0, 1))
    ) STRICT;

    CREATE TABLE entries (
        session INTEGER NOT NULL REFERENCES sessions (key) ON DELETE CASCADE,
        n INTEGER NOT NULL,
        body TEXT NOT NULL,
        at_ms INTEGER GENERATED ALWAYS AS (body ->> '$.at_ms') VIRTUAL,
        kind TEXT GENERATED ALWAYS AS (body ->> '$.kind') VIRTUAL,
        PRIMARY KEY (session, n)
    ) STRICT, WITHOUT ROWID;

    CREATE INDEX holds ON entries (session, n) WHERE kind = 'hold';",
    // Filled by `chain`.
    "ALTER TABLE entries ADD COLUMN hash BLOB;",
    // Filled by `index::fill`.
    index::STEP,
];

pub(crate) fn migrations() -> Migrations<'static> {
    let step = |(number, sql): (i64, &&'static str)| match number {
        CHAINED => M::up_with_hook(sql, chain),
        INDEXED => M::up_with_hook(sql, |transaction: &Transaction<'_>| Ok(index::fill(transaction)?)),
        _ => M::up(sql),
    };
    Migrations::new((1..).zip(STEPS).map(step).collect())
}

/// Gives the entries of a store without hashes their chain, as they stand: it tells of what is changed from then on.
fn chain(transaction: &Transaction<'_>) -> HookResult {
    let mut read = transaction.prepare("SELECT session, n, body FROM entries ORDER BY session, n")?;
    let mut write = transaction.prepare("UPDATE entries SET hash = ?3 WHERE session = ?1 AND n = ?2")?;
    let mut before: Option<(i64, Hash)> = None;
    let mut rows = read.query([])?;
    while let Some(row) = rows.next()? {
        let (session, n): (i64, i64) = (row.get(0)?, row.get(1)?);
        let body = row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?;
        let of_same = before.filter(|(of, _)| *of == session).map_or(Hash::START, |(_, hash)| hash);
        let hash = of_same.then(body);
        write.execute((session, n, hash.to_bytes()))?;
        before = Some((session, hash));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_migrations_run_and_mark_the_file() {
        migrations().validate().unwrap();
        let mut db = rusqlite::Connection::open_in_memory().unwrap();
        migrations().to_latest(&mut db).unwrap();
        let pragma = |name| db.pragma_query_value(None, name, |row| row.get::<_, i64>(0)).unwrap();
        assert_eq!((pragma("application_id"), pragma("user_version")), (APPLICATION_ID, VERSION));
    }

    #[test]
    fn a_migration_that_stores_may_have_run_is_never_edited() {
        // A new migration adds a line here and changes none above it.
        let sums: Vec<u64> = STEPS.iter().map(|step| fnv(step)).collect();
        assert_eq!(sums, [8_167_486_302_039_143_013, 12_254_078_225_534_088_766, 2_135_686_669_437_779_640]);
    }

    /// Fowler, Noll and Vo's hash: enough to notice an edit.
    fn fnv(text: &str) -> u64 {
        text.bytes()
            .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
    }
}
