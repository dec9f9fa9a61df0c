//! Reading: which sessions there are, and what is in them.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use coach::body::Area;
use coach::{Because, Outcome};
use rusqlite::{Connection, OptionalExtension as _};
use tempfile::TempDir;
use transcript::{Entry, Hash, Header, Kind, Readable, Unread, ndjson};

use crate::error::{OpenError, ReadError, ResolveError};
use crate::open;
use crate::schema::{self, Seals};
use crate::summary::Summary;

/// A store, for reading.
#[derive(Debug)]
pub struct Journal {
    pub(crate) db: Connection,
    /// The last listing, with its version of the data.
    listed: Mutex<Option<(i64, Arc<Listed>)>>,
    /// Folder of the copy that is read if the folder of the store has no write access.
    _copy: Option<TempDir>,
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
    /// Name of the receiver, if given.
    pub receiver: Option<String>,
    /// The name of the plan.
    pub plan: String,
    /// Whether it was practice.
    pub kind: SessionKind,
    /// Whether it has come to an end.
    pub state: State,
    /// Duration in milliseconds, without the time in which the laptop was suspended or the program was closed.
    pub lasted_ms: u64,
    /// Moment of its last entry, in milliseconds after it began, with that time.
    pub reached_ms: u64,
    /// Its holds, by outcome.
    pub holds: Holds,
    /// How often SHARP was heard in it, that of the ready check not counted.
    pub sharps: u32,
    /// Where it was: the area chosen in screening, and those of its holds. In no order that means anything.
    pub areas: Vec<Area>,
    /// Its row was changed from outside: these values are computed from the entries that can be read, which may not be
    /// all.
    pub altered: bool,
}

/// Whether a session was practice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionKind {
    /// Practice, by keyboard, script or simulation.
    Practice,
    /// With a clicker in the hand of a receiver.
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

/// All sessions, as they are listed.
#[derive(Debug)]
pub(crate) struct Listed {
    /// The earliest stored first.
    pub(crate) sessions: Vec<(Session, Vec<(u32, String)>)>,
    /// Their number or their seals are not those that the store has written down.
    missing: bool,
}

impl Journal {
    /// Opens a store for reading. Another process may be writing to it.
    ///
    /// # Errors
    /// [`OpenError::Missing`] where there is none yet; any other but [`OpenError::InUse`] as it says.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        let (db, copy) = open::reader(path)?;
        Ok(Self { _copy: copy, ..Self::of(db) })
    }

    pub(crate) const fn of(db: Connection) -> Self {
        Self { db, listed: Mutex::new(None), _copy: None }
    }

    /// Every session, the earliest stored first.
    ///
    /// # Errors
    /// Where the store fails.
    pub fn sessions(&self) -> Result<Vec<Session>, ReadError> {
        Ok(self.listed()?.sessions.iter().map(|(session, _)| session.clone()).collect())
    }

    /// Whether sessions were taken out of the store, or put in, from outside: which ones cannot be determined.
    ///
    /// # Errors
    /// Where the store fails.
    pub fn is_missing_some(&self) -> Result<bool, ReadError> {
        Ok(self.listed()?.missing)
    }

    /// The session last stored, if there is any.
    ///
    /// # Errors
    /// Where the store fails.
    pub fn last(&self) -> Result<Option<Session>, ReadError> {
        Ok(self.listed()?.sessions.last().map(|(session, _)| session.clone()))
    }

    /// What a listing says of this session; `None` where it is not in the store any more.
    ///
    /// # Errors
    /// Where the store fails.
    pub fn session(&self, session: Key) -> Result<Option<Session>, ReadError> {
        let listed = self.listed()?;
        Ok(listed.sessions.iter().find(|(one, _)| one.key == session).map(|(one, _)| one.clone()))
    }

    /// The session of this kind last stored that neither finished nor was closed: the one to be resumed. Practice is
    /// never gone on with on a person, nor a person's session on a keyboard.
    ///
    /// # Errors
    /// Where the store fails.
    pub fn last_open(&self, kind: SessionKind) -> Result<Option<Session>, ReadError> {
        let listed = self.listed()?;
        let open = |session: &&Session| session.state == State::Open && session.kind == kind;
        Ok(listed.sessions.iter().rev().map(|(session, _)| session).find(open).cloned())
    }

    /// All sessions, read once until something is stored. Each row is held against its seal, and all together against what
    /// the store has written down.
    pub(crate) fn listed(&self) -> Result<Arc<Listed>, ReadError> {
        let version = self.db.pragma_query_value(None, "data_version", |row| row.get::<_, i64>(0))?;
        let mut last = self.listed.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((of, listed)) = &*last
            && *of == version
        {
            return Ok(Arc::clone(listed));
        }
        let listed = Arc::new(self.list_all()?);
        *last = Some((version, Arc::clone(&listed)));
        Ok(listed)
    }

    /// Discards the cached listing.
    pub(crate) fn has_changed(&self) {
        *self.listed.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn list_all(&self) -> Result<Listed, ReadError> {
        let mut statement =
            self.db.prepare_cached("SELECT key, summary, length, head, seal FROM sessions ORDER BY key")?;
        let mut rows = statement.query([])?;
        let (mut sessions, mut seals) = (Vec::new(), Seals::default());
        while let Some(row) = rows.next()? {
            let key: i64 = row.get(0)?;
            seals.put(row.get_ref(4)?.as_blob_or_null().ok().flatten().unwrap_or_default());
            let (summary, altered) = match Row::of(row)?.sealed(key) {
                Some(row) => (row.summary, false),
                None => (self.rebuilt(key)?, true),
            };
            sessions.push((summary.session(Key(key), altered), summary.notes));
        }
        Ok(Listed { sessions, missing: Seals::kept(&self.db)? != Some(seals) })
    }

    /// What the entries of a session say that can be read, where its row says something else.
    fn rebuilt(&self, key: i64) -> Result<Summary, ReadError> {
        let read = self.readable(Key(key))?;
        let header = read.entries.first().and_then(|first| match &first.kind {
            Kind::Session(header) => Some(&**header),
            _ => None,
        });
        let mut summary = header.map_or_else(|| Summary::unknown(format!("altered-{key}")), Summary::begin);
        for (place, entry) in read.places.iter().zip(&read.entries) {
            summary.take(*place, entry);
        }
        Ok(summary)
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
        let listed = self.listed()?;
        let mut found: Vec<Session> = listed
            .sessions
            .iter()
            .map(|(session, _)| session)
            .filter(|session| session.id.starts_with(&prefix))
            .cloned()
            .collect();
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

    /// The readable entries of a session, and the places of the others: a change from outside costs only the entry that
    /// was changed.
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

    /// The first place of a session at which it is not what was stored: there, or before it, it was changed from outside. It
    /// is the place behind the last entry where the end is gone, and 0 where its row was changed. `None` where all is as it
    /// should be.
    ///
    /// # Errors
    /// Where the store fails.
    pub fn broken(&self, session: Key) -> Result<Option<i64>, ReadError> {
        let mut statement =
            self.db.prepare_cached("SELECT n, body, hash FROM entries WHERE session = ?1 ORDER BY n")?;
        let mut rows = statement.query([session.0])?;
        let (mut before, mut place) = (Hash::START, 0_u32);
        // What the list says is what the entries say.
        let mut told: Option<Summary> = None;
        while let Some(row) = rows.next()? {
            let Ok(body) = row.get_ref(1)?.as_str() else { return Ok(Some(place.into())) };
            before = before.then(body);
            if row.get::<_, i64>(0)? != i64::from(place)
                || row.get_ref(2)?.as_blob_or_null().ok().flatten() != Some(&before.to_bytes())
            {
                return Ok(Some(place.into()));
            }
            // A newer program may have written unknown entries.
            if let Ok(entry) = ndjson::parse(body, 1) {
                if let Kind::Session(header) = &entry.kind {
                    told = Some(Summary::begin(header));
                }
                if let Some(told) = &mut told {
                    told.take(place, &entry);
                }
            }
            place += 1;
        }
        let (Some(row), Some(mut told)) = (self.row(session)?, told) else { return Ok(Some(0)) };
        if row.length != i64::from(place) {
            return Ok(Some(row.length.min(place.into())));
        }
        if row.head != before {
            return Ok(Some(i64::from(place) - 1));
        }
        told.closed = row.summary.closed;
        Ok((told != row.summary).then_some(0))
    }

    /// The row of a session; `None` where it is gone or was changed from outside.
    pub(crate) fn row(&self, session: Key) -> Result<Option<Sealed>, ReadError> {
        row(&self.db, session)
    }

    fn id(&self, session: Key) -> Result<String, ReadError> {
        Ok(self.session(session)?.map_or_else(|| session.0.to_string(), |session| session.id))
    }
}

/// The row of a session; `None` where it is gone or was changed from outside.
pub(crate) fn row(db: &Connection, session: Key) -> Result<Option<Sealed>, ReadError> {
    let mut statement =
        db.prepare_cached("SELECT key, summary, length, head, seal FROM sessions WHERE key = ?1")?;
    let mut rows = statement.query([session.0])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    Ok(Row::of(row)?.sealed(session.0))
}

/// The summary in a session's row, if its seal is valid.
struct Row<'r> {
    summary: Option<&'r str>,
    length: Option<i64>,
    head: Option<Hash>,
    seal: Option<Hash>,
}

/// A session's row.
pub(crate) struct Sealed {
    pub(crate) summary: Summary,
    pub(crate) length: i64,
    pub(crate) head: Hash,
    pub(crate) seal: Hash,
}

impl<'r> Row<'r> {
    fn of(row: &'r rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        let blob = |column| -> rusqlite::Result<Option<Hash>> {
            Ok(row.get_ref(column)?.as_blob_or_null().ok().flatten().and_then(Hash::from_bytes))
        };
        Ok(Self {
            summary: row.get_ref(1)?.as_str().ok(),
            length: row.get_ref(2)?.as_i64().ok(),
            head: blob(3)?,
            seal: blob(4)?,
        })
    }

    fn sealed(self, key: i64) -> Option<Sealed> {
        let (text, length, head, seal) = (self.summary?, self.length?, self.head?, self.seal?);
        if schema::seal(key, text, length, head) != seal {
            return None;
        }
        Some(Sealed { summary: serde_json::from_str(text).ok()?, length, head, seal })
    }
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
