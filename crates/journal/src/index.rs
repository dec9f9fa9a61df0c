//! What is looked up without reading a session: how it went, where it was, the words of its notes.
//!
//! All of it is made of the entries, and written in the transaction that stores them, so that it never says anything
//! else than they do. A store from before there was an index gets one from its first writer; until then each reader
//! makes its own in memory, and leaves the file as it is.

use coach::body::{Area, Spot};
use coach::{Named as _, Outcome};
use rusqlite::{Connection, OptionalExtension as _, params};
use transcript::{Answered, Header, Kind, Place, ndjson};

/// The tables, in the store (`""` and what ties a row to its session) or beside it.
macro_rules! tables {
    ($temporary:literal, $schema:literal, $of_session:literal) => {
        concat!(
            "CREATE ",
            $temporary,
            "TABLE tallies (
        session INTEGER PRIMARY KEY ",
            $of_session,
            ",
        in_hand INTEGER NOT NULL CHECK (in_hand IN (0, 1)),
        done INTEGER NOT NULL DEFAULT 0,
        void INTEGER NOT NULL DEFAULT 0,
        cut INTEGER NOT NULL DEFAULT 0,
        sharps INTEGER NOT NULL DEFAULT 0
    ) STRICT;

    CREATE ",
            $temporary,
            "TABLE areas (
        session INTEGER NOT NULL ",
            $of_session,
            ",
        side TEXT NOT NULL,
        region TEXT NOT NULL,
        PRIMARY KEY (session, side, region)
    ) STRICT, WITHOUT ROWID;

    CREATE VIRTUAL TABLE ",
            $schema,
            "words USING fts5 (text, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3');"
        )
    };
}

/// The migration. Holds had an index of their own while listings counted them.
pub(crate) const STEP: &str = concat!(
    tables!("", "", "REFERENCES sessions (key) ON DELETE CASCADE"),
    "
    CREATE INDEX begun ON sessions (started, key);
    CREATE INDEX spots ON entries (session, n) WHERE kind = 'spot';
    DROP INDEX holds;"
);

/// The same beside a store that has none.
const BESIDE: &str = tables!("TEMP ", "temp.", "");

/// Makes an index in memory for a store that has none, whose file may not be written to.
pub(crate) fn beside(db: &Connection) -> rusqlite::Result<()> {
    // What people wrote is not left behind in a temporary file.
    db.pragma_update(None, "temp_store", "MEMORY")?;
    db.execute_batch(BESIDE)?;
    fill(db)
}

/// Reads every session of the store into empty tables.
pub(crate) fn fill(db: &Connection) -> rusqlite::Result<()> {
    // What is no JSON has no kind, and may not be asked for one.
    let mut read = db.prepare(
        "SELECT session, n, body FROM entries
            WHERE CASE WHEN json_valid(body) THEN kind IN ('session', 'hold', 'sharp', 'screening', 'note')
                OR kind = 'prompt' AND body ->> '$.id' = 'heard-that' END
            ORDER BY session, n",
    )?;
    let mut rows = read.query([])?;
    while let Some(row) = rows.next()? {
        // What cannot be read is not found by what it says; the audit tells of it.
        let Ok(entry) = ndjson::parse(row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?, 1) else {
            continue;
        };
        take(db, row.get(0)?, row.get(1)?, &entry.kind)?;
    }
    // One whose header cannot be read is listed too. It may have been a session on a person.
    db.execute("INSERT OR IGNORE INTO tallies (session, in_hand) SELECT key, 1 FROM sessions", []).map(drop)
}

/// Takes up what the entry at this place says.
pub(crate) fn take(db: &Connection, session: i64, n: i64, kind: &Kind) -> rusqlite::Result<()> {
    match kind {
        Kind::Session(header) => open(db, session, header),
        Kind::Hold { outcome, .. } => {
            db.prepare_cached(match outcome {
                Outcome::Done => "UPDATE tallies SET done = done + 1 WHERE session = ?1",
                Outcome::Void => "UPDATE tallies SET void = void + 1 WHERE session = ?1",
                Outcome::Cut => "UPDATE tallies SET cut = cut + 1 WHERE session = ?1",
            })?
            .execute([session])?;
            match spot_before(db, session, n)? {
                Some(spot) => area(db, session, spot.area()),
                None => Ok(()),
            }
        }
        Kind::Sharp {} => db
            .prepare_cached("UPDATE tallies SET sharps = sharps + 1 WHERE session = ?1")?
            .execute([session])
            .map(drop),
        // The SHARP of the ready check is answered by this, and is none that hurt.
        Kind::Prompt(said) if said.answers_a_trial() && follows_sharp(db, session, n)? => db
            .prepare_cached("UPDATE tallies SET sharps = sharps - 1 WHERE session = ?1")?
            .execute([session])
            .map(drop),
        Kind::Screening(Answered::Where { side, region }) => {
            area(db, session, Area { side: *side, region: *region })
        }
        Kind::Note { text, .. } => db
            .prepare_cached("INSERT INTO words (rowid, text) VALUES (?1, ?2)")?
            .execute(params![place(session, n), text])
            .map(drop),
        _ => Ok(()),
    }
}

/// Removes the words of a session, from the letters up: what is only marked as deleted would still stand in the file.
pub(crate) fn forget(db: &Connection, sessions: &[i64]) -> rusqlite::Result<()> {
    let mut gone = 0;
    for session in sessions {
        gone += db
            .prepare_cached("DELETE FROM words WHERE rowid BETWEEN ?1 AND ?2")?
            .execute([place(*session, 0), place(*session, i64::from(u32::MAX))])?;
    }
    if gone > 0 {
        db.prepare_cached("INSERT INTO words (words) VALUES ('rebuild')")?.execute([])?;
    }
    Ok(())
}

/// The row of a note's words: its session, and its place in that.
const fn place(session: i64, n: i64) -> i64 {
    (session << 32) | n
}

fn open(db: &Connection, session: i64, header: &Header) -> rusqlite::Result<()> {
    db.prepare_cached("INSERT INTO tallies (session, in_hand) VALUES (?1, ?2)")?
        .execute(params![session, header.clicker.is_some()])
        .map(drop)
}

fn area(db: &Connection, session: i64, Area { side, region }: Area) -> rusqlite::Result<()> {
    db.prepare_cached("INSERT OR IGNORE INTO areas (session, side, region) VALUES (?1, ?2, ?3)")?
        .execute(params![session, side.name(), region.name()])
        .map(drop)
}

/// Where the hold at this place was.
fn spot_before(db: &Connection, session: i64, n: i64) -> rusqlite::Result<Option<Spot>> {
    let body: Option<String> = db
        .prepare_cached(
            "SELECT body FROM entries WHERE session = ?1 AND n < ?2 AND kind = 'spot' ORDER BY n DESC LIMIT 1",
        )?
        .query_row([session, n], |row| row.get(0))
        .optional()?;
    let kind = body.and_then(|body| ndjson::parse(&body, 1).ok()).map(|entry| entry.kind);
    Ok(match kind {
        Some(Kind::Spot(place)) => spot(place),
        _ => None,
    })
}

/// Whether nothing has been said since the last SHARP.
fn follows_sharp(db: &Connection, session: i64, n: i64) -> rusqlite::Result<bool> {
    let last: Option<String> = db
        .prepare_cached(
            "SELECT kind FROM entries WHERE session = ?1 AND n < ?2 AND kind IN ('sharp', 'prompt')
                ORDER BY n DESC LIMIT 1",
        )?
        .query_row([session, n], |row| row.get(0))
        .optional()?;
    Ok(last.as_deref() == Some("sharp"))
}

/// `None` where a place was changed into one that the chart does not have.
fn spot(place: Place) -> Option<Spot> {
    Spot::try_from(place).ok()
}
