//! Reading: which sessions there are, and what is in them.

use std::path::Path;

use coach::body::Area;
use coach::{Because, Named, Outcome};
use rusqlite::{Connection, OptionalExtension as _, Row};
use transcript::{Entry, Hash, Header, Kind, Readable, Unread, ndjson};

use crate::error::{OpenError, ReadError, ResolveError};
use crate::open;
use crate::schema::CHAINED;

/// A store, for reading.
#[derive(Debug)]
pub struct Journal {
    pub(crate) db: Connection,
}

/// A session's place in its store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key(pub(crate) i64);

/// What a listing says of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its place in the store.
    pub key: Key,
    /// Its id.
    pub id: String,
    /// The wall time at which it began, as RFC 3339.
    pub started: String,
    /// Who was the receiver, where they were named.
    pub receiver: Option<String>,
    /// The name of the plan.
    pub plan: String,
    /// Who held the clicker.
    pub held: Held,
    /// Whether it has come to an end.
    pub state: State,
    /// The moment of its last entry that has one: how long it has lasted, in milliseconds.
    pub lasted_ms: u64,
    /// Its holds, by outcome.
    pub holds: Holds,
    /// How often SHARP was heard in it, that of the ready check not counted.
    pub sharps: u32,
    /// Where it was: the area chosen in screening, and those of its holds. In no order that means anything.
    pub areas: Vec<Area>,
}

/// Who held the clicker of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// Nobody: it was practice, by keyboard, script or simulation.
    Practice,
    /// A receiver.
    InHand,
}

/// Whether a session has come to an end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It goes on, or the program was killed: it can be resumed.
    Open,
    /// It finished.
    Finished(Because),
    /// It was never finished and shall not be resumed.
    Closed,
}

/// Holds by outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Holds {
    /// As they should be.
    pub done: u32,
    /// Ended by SHARP.
    pub void: u32,
    /// Ended before, or otherwise than, as they should.
    pub cut: u32,
}

/// `sessions` with what the index says of each.
const SESSIONS: &str = "SELECT key, id, started, receiver, plan, finished, closed,
    coalesce((SELECT at_ms FROM entries WHERE entries.session = key AND json_valid(body) ORDER BY n DESC LIMIT 1), 0),
    done, void, cut, in_hand, sharps,
    (SELECT group_concat(side || ' ' || region) FROM areas WHERE areas.session = key)
    FROM sessions JOIN tallies ON tallies.session = key";

impl Journal {
    /// Opens a store for reading, whether or not somebody writes to it.
    ///
    /// # Errors
    /// [`OpenError::Missing`] where there is none yet; any other but [`OpenError::InUse`] as it says.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        open::reader(path).map(|db| Self { db })
    }

    /// Every session, the earliest stored first.
    ///
    /// # Errors
    /// Where the store fails.
    pub fn sessions(&self) -> Result<Vec<Session>, ReadError> {
        let mut statement = self.db.prepare_cached(&format!("{SESSIONS} ORDER BY key"))?;
        let rows = statement.query_map([], session)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The session last stored, if there is any.
    ///
    /// # Errors
    /// Where the store fails.
    pub fn last(&self) -> Result<Option<Session>, ReadError> {
        let mut statement = self.db.prepare_cached(&format!("{SESSIONS} ORDER BY key DESC LIMIT 1"))?;
        Ok(statement.query_row([], session).optional()?)
    }

    /// What a listing says of this session; `None` where it is not in the store any more.
    ///
    /// # Errors
    /// Where the store fails.
    pub fn session(&self, session: Key) -> Result<Option<Session>, ReadError> {
        let mut statement = self.db.prepare_cached(&format!("{SESSIONS} WHERE key = ?1"))?;
        Ok(statement.query_row([session.0], self::session).optional()?)
    }

    /// The session of this kind last stored that neither finished nor was closed: the one to be resumed. Practice is
    /// never gone on with on a person, nor a person's session on a keyboard.
    ///
    /// # Errors
    /// Where the store fails.
    pub fn last_open(&self, held: Held) -> Result<Option<Session>, ReadError> {
        let mut statement = self.db.prepare_cached(&format!(
            "{SESSIONS} WHERE finished IS NULL AND closed = 0 AND in_hand = ?1 ORDER BY key DESC LIMIT 1"
        ))?;
        Ok(statement.query_row([held == Held::InHand], session).optional()?)
    }

    /// The session that is meant by an id, by a prefix that only one has, or by `last`.
    ///
    /// # Errors
    /// Where none is meant, or more than one.
    pub fn resolve(&self, name: &str) -> Result<Session, ResolveError> {
        let last = self.last()?.ok_or(ResolveError::NoSessions)?;
        if name == "last" {
            return Ok(last);
        }
        let prefix = name.to_ascii_lowercase();
        if prefix.is_empty() {
            return Err(ResolveError::Unknown(prefix));
        }
        let mut found = self.beginning_with(&prefix)?;
        match (found.len(), found.pop()) {
            (1, Some(session)) => Ok(session),
            (_, None) => Err(ResolveError::Unknown(name.to_owned())),
            (_, Some(last)) => {
                found.push(last);
                // An id is never a proper prefix of another: all have one length. Imported ones may differ.
                match found.iter().position(|session| session.id == prefix) {
                    Some(exact) => Ok(found.swap_remove(exact)),
                    None => Err(ResolveError::Ambiguous {
                        prefix: name.to_owned(),
                        ids: found.into_iter().map(|session| session.id).collect(),
                    }),
                }
            }
        }
    }

    /// The header of a session; `None` where it has no entry.
    ///
    /// # Errors
    /// Where the store fails, or the header is none that this version knows.
    pub fn header(&self, session: Key) -> Result<Option<Header>, ReadError> {
        let body: Option<String> = self
            .db
            .prepare_cached("SELECT body FROM entries WHERE session = ?1 AND n = 0")?
            .query_row([session.0], |row| row.get(0))
            .optional()?;
        match body.map(|body| ndjson::parse(&body, 1)) {
            None => Ok(None),
            Some(Ok(Entry { kind: Kind::Session(header), .. })) => Ok(Some(*header)),
            Some(Ok(_)) => Ok(None),
            Some(Err(error)) => {
                Err(ReadError::Entry { session: self.id(session)?, n: 0, reason: error.reason })
            }
        }
    }

    /// The entries of a session, in their order.
    ///
    /// # Errors
    /// Where the store fails, or an entry in it is none that this version knows.
    pub fn entries(&self, session: Key) -> Result<Vec<Entry>, ReadError> {
        let mut statement =
            self.db.prepare_cached("SELECT n, body FROM entries WHERE session = ?1 ORDER BY n")?;
        let mut rows = statement.query([session.0])?;
        let mut entries = Vec::new();
        while let Some(row) = rows.next()? {
            let n: i64 = row.get(0)?;
            let body = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
            match ndjson::parse(body, 1) {
                Ok(entry) => entries.push(entry),
                Err(error) => {
                    return Err(ReadError::Entry { session: self.id(session)?, n, reason: error.reason });
                }
            }
        }
        Ok(entries)
    }

    /// What can be read of a session, and where something else stands: what was changed from outside takes nothing away but
    /// itself.
    ///
    /// # Errors
    /// Where the store fails.
    pub fn readable(&self, session: Key) -> Result<Readable, ReadError> {
        let mut statement =
            self.db.prepare_cached("SELECT n, body FROM entries WHERE session = ?1 ORDER BY n")?;
        let mut rows = statement.query([session.0])?;
        let mut read = Readable::default();
        while let Some(row) = rows.next()? {
            // A place that this program would not have given holds nothing of its own either.
            let Ok(place) = row.get::<_, u32>(0) else { continue };
            let parsed = match row.get_ref(1)?.as_str() {
                Ok(body) => ndjson::parse(body, 1).map_err(|error| error.reason),
                Err(error) => Err(error.to_string()),
            };
            match parsed {
                Ok(entry) => {
                    read.entries.push(entry);
                    read.places.push(place);
                }
                Err(reason) => read.unread.push(Unread { place, reason }),
            }
        }
        Ok(read)
    }

    /// The first place of a session at which there is no entry though there are later ones; `None` where there is no
    /// such place, as it should be.
    ///
    /// # Errors
    /// Where the store fails.
    pub fn hole(&self, session: Key) -> Result<Option<i64>, ReadError> {
        let mut statement = self.db.prepare_cached(
            "SELECT place FROM (SELECT n, row_number() OVER (ORDER BY n) - 1 AS place FROM entries
                WHERE session = ?1) WHERE n <> place ORDER BY place LIMIT 1",
        )?;
        Ok(statement.query_row([session.0], |row| row.get(0)).optional()?)
    }

    /// The first place of a session whose hash is not the one that follows from its entry and from those before it: there,
    /// or at the hash itself, the store was changed from outside. `None` where there is no such place, as it should be, and
    /// in a store that no writer of this version has opened yet, which has no hashes.
    ///
    /// # Errors
    /// Where the store fails.
    pub fn broken(&self, session: Key) -> Result<Option<i64>, ReadError> {
        if self.db.pragma_query_value(None, "user_version", |row| row.get::<_, i64>(0))? < CHAINED {
            return Ok(None);
        }
        let mut statement =
            self.db.prepare_cached("SELECT n, body, hash FROM entries WHERE session = ?1 ORDER BY n")?;
        let mut rows = statement.query([session.0])?;
        let mut before = Hash::START;
        while let Some(row) = rows.next()? {
            let Ok(body) = row.get_ref(1)?.as_str() else { return Ok(Some(row.get(0)?)) };
            before = before.then(body);
            if row.get_ref(2)?.as_blob_or_null().ok().flatten() != Some(&before.to_bytes()) {
                return Ok(Some(row.get(0)?));
            }
        }
        Ok(None)
    }

    fn beginning_with(&self, prefix: &str) -> Result<Vec<Session>, ReadError> {
        let mut statement = self
            .db
            .prepare_cached(&format!("{SESSIONS} WHERE substr(id, 1, length(?1)) = ?1 ORDER BY key"))?;
        let rows = statement.query_map([prefix], session)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn id(&self, session: Key) -> rusqlite::Result<String> {
        self.db.query_row("SELECT id FROM sessions WHERE key = ?1", [session.0], |row| row.get(0))
    }
}

/// SQLite's numbers are signed; no session began before it began.
pub(crate) fn millis(ms: i64) -> u64 {
    u64::try_from(ms).unwrap_or(0)
}

fn session(row: &Row<'_>) -> rusqlite::Result<Session> {
    let finished: Option<String> = row.get(5)?;
    let closed: bool = row.get(6)?;
    let state = match finished.as_deref().and_then(Because::from_name) {
        Some(because) => State::Finished(because),
        None if closed => State::Closed,
        None => State::Open,
    };
    let areas = row.get_ref(13)?.as_str_or_null().map_err(rusqlite::Error::from)?.unwrap_or_default();
    Ok(Session {
        key: Key(row.get(0)?),
        id: row.get(1)?,
        started: row.get(2)?,
        receiver: row.get(3)?,
        plan: row.get(4)?,
        held: if row.get(11)? { Held::InHand } else { Held::Practice },
        state,
        lasted_ms: millis(row.get(7)?),
        holds: Holds { done: row.get(8)?, void: row.get(9)?, cut: row.get(10)? },
        sharps: row.get(12)?,
        areas: areas.split(',').filter_map(Area::from_words).collect(),
    })
}

impl Holds {
    /// How many ended with this outcome.
    #[must_use]
    pub const fn of(&self, outcome: Outcome) -> u32 {
        match outcome {
            Outcome::Done => self.done,
            Outcome::Void => self.void,
            Outcome::Cut => self.cut,
        }
    }
}

/// A hash as it is kept. One that is none is taken for the first: what follows it is then found broken, not refused.
pub(crate) fn hash(row: &Row<'_>, column: usize) -> rusqlite::Result<Hash> {
    let kept = row.get_ref(column)?.as_blob_or_null().ok().flatten();
    Ok(kept.and_then(Hash::from_bytes).unwrap_or(Hash::START))
}
