//! What can go wrong, split by what the caller does next. Every text says the remedy.

use std::io;
use std::path::PathBuf;

use rusqlite::{ErrorCode, ffi};

/// Why a store was not opened. In every case the file is as it was.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// There is none yet: for a reader, nothing has been stored so far.
    #[error("there is no store at {} yet: it comes into being with the first session", .0.display())]
    Missing(PathBuf),
    /// The file is something else.
    #[error("{} is not a store of Unknot and was left as it is: name another file with --db", .0.display())]
    NotAStore(PathBuf),
    /// The file is a store with parts missing or changed.
    #[error("the store {} is damaged ({reason}) and was left as it is: put a copy of it in its place, or name another file with --db", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What SQLite found.
        reason: String,
    },
    /// A later version of the program wrote it.
    #[error("the store {} has version {found} and this program knows {known}: use a newer program", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// The version of the file.
        found: i64,
        /// The latest version this program knows.
        known: i64,
    },
    /// Another program is writing to it.
    #[error("the store {} is in use by another running session: end that one first, or name another file with --db", .0.display())]
    InUse(PathBuf),
    /// The file has a second name (hard link), under which it would be a separate store with the same content.
    #[error("the store {} has another name (a hard link), and what is written under one would be lost under the other: make a copy of it under a new name, remove the links, and put the copy in their place", .0.display())]
    Linked(PathBuf),
    /// It lies in a folder that other computers may write into at the same time.
    #[error("the store {} lies in a folder of the network ({kind}), where another computer could write over it unseen: name a file on a disk of this computer with --db", path.display())]
    Shared {
        /// The file.
        path: PathBuf,
        /// What kind of file system the folder is on.
        kind: String,
    },
    /// There is no room for what opening it takes.
    #[error("the disk of the store {} is full: make room on it, or name another file with --db", .0.display())]
    Full(PathBuf),
    /// It cannot be created, read or written.
    #[error("the store {} cannot be opened ({reason}): check the folder, its permissions and the room on the disk, or name another file with --db", path.display())]
    Unreachable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
}

/// Why something was not read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// An entry is not one of this version's.
    #[error(
        "entry {n} of session {session} cannot be read ({reason}): it was changed, or a newer program wrote it. \
        Read it with that one; `unknot forget {session}` takes it out"
    )]
    Entry {
        /// The session.
        session: String,
        /// The place of the entry in it, from 0.
        n: i64,
        /// The fault.
        reason: String,
    },
    /// The store failed.
    #[error("the store cannot be read ({0}): put a copy of it in its place")]
    // The text contains the cause, so there is no source: it would be printed twice.
    Store(rusqlite::Error),
}

/// Why a name did not lead to a session.
#[derive(Debug, thiserror::Error)]
pub enum ResolveError {
    /// There is no session at all.
    #[error("there are no sessions yet: `unknot practice` makes one")]
    NoSessions,
    /// No session begins like this.
    #[error("no session begins with `{0}`: `unknot history` lists them")]
    Unknown(String),
    /// Several do.
    #[error("`{prefix}` is the beginning of {} sessions: give more of it ({})", ids.len(), ids.join(", "))]
    Ambiguous {
        /// What was given.
        prefix: String,
        /// The sessions that begin with it.
        ids: Vec<String>,
    },
    /// The store failed.
    #[error(transparent)]
    Read(#[from] ReadError),
}

/// Why nothing of a batch was stored.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The disk is full: the same batch may be tried again when there is room.
    #[error("the disk is full: make room; until then nothing more is stored")]
    Full,
    /// The disk failed: the same batch may be tried again.
    #[error("the disk does not take any more ({0}): check it; until then nothing more is stored")]
    // As with [`ReadError::Store`], the text contains the cause.
    Disk(rusqlite::Error),
    /// Another program writes to the store: the same batch may be tried again.
    #[error("another program holds the store: end it, and do it again; until then nothing more is stored")]
    Busy,
    /// The store was moved or removed while it was open: the last write went into a file without a name.
    #[error("the store is not at {} any more: what was written since is lost with it. Put it back, and begin again", .0.display())]
    Away(PathBuf),
    /// The session was changed from outside, and nothing is added to it.
    #[error("this session was changed from outside, and nothing is added to it: `unknot audit` tells more")]
    Altered(i64),
    /// Parts of the store are missing or changed.
    #[error("the store is damaged ({0}), and nothing was written: put a copy of it in its place")]
    // As with [`WriteError::Disk`].
    Damaged(rusqlite::Error),
    /// There is a session with this id already.
    #[error("a session with the id {0} is in the store already")]
    Exists(String),
    /// The store holds another session under the same id.
    #[error(
        "session {id} is in the store already, and entry {n} of it is another: nothing was taken; import into another store with --db"
    )]
    Differs {
        /// The session.
        id: String,
        /// The first entry that differs, from 0.
        n: i64,
    },
    /// It is removed, and the log could not be emptied.
    #[error(
        "it is removed, but the disk does not take all of that ({0}), so that traces may be left beside the store: \
        make room on the disk or check it, and open the store once more with `unknot doctor`"
    )]
    // As with [`WriteError::Disk`].
    Traces(rusqlite::Error),
    /// A reader holds on to what was removed.
    #[error(
        "it is removed, but another program still reads the store, so that traces may be left beside it: end that program and do it again"
    )]
    StillRead,
    /// There is no such session in this store.
    #[error("this session is not in the store any more")]
    Gone,
    /// The entry to edit is not a note.
    #[error("entry {0} of this session is no note: edit one of its notes, or add a new one")]
    NotANote(u32),
    /// A session has one header, which [`crate::Writer::create`] writes.
    #[error("a `session` entry cannot be appended: it is the first of its session and the only one")]
    SecondHeader,
}

impl From<rusqlite::Error> for ReadError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error)
    }
}

impl From<rusqlite::Error> for WriteError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            _ if is_full(&error) => Self::Full,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            // The last is what SQLite has for a table that is not there.
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase | ErrorCode::Unknown) => {
                Self::Damaged(error)
            }
            _ => Self::Disk(error),
        }
    }
}

impl From<ReadError> for WriteError {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Store(error) => error.into(),
            ReadError::Entry { .. } => Self::Altered(0),
        }
    }
}

impl OpenError {
    /// The same of the file at this path, of which another is a copy.
    pub(crate) fn of(self, path: &std::path::Path) -> Self {
        let to = path.to_owned();
        match self {
            Self::Missing(_) => Self::Missing(to),
            Self::NotAStore(_) => Self::NotAStore(to),
            Self::Damaged { reason, .. } => Self::Damaged { path: to, reason },
            Self::Newer { found, known, .. } => Self::Newer { path: to, found, known },
            Self::InUse(_) => Self::InUse(to),
            Self::Linked(_) => Self::Linked(to),
            Self::Shared { kind, .. } => Self::Shared { path: to, kind },
            Self::Full(_) => Self::Full(to),
            Self::Unreachable { reason, .. } => Self::Unreachable { path: to, reason },
        }
    }

    pub(crate) fn from_io(path: PathBuf, error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full(path),
            _ => Self::Unreachable { path, reason: error.to_string() },
        }
    }

    pub(crate) fn from_sqlite(path: PathBuf, error: &rusqlite::Error) -> Self {
        let reason = error.to_string();
        match error.sqlite_error_code() {
            _ if is_full(error) => Self::Full(path),
            Some(ErrorCode::NotADatabase) => Self::NotAStore(path),
            Some(ErrorCode::DatabaseCorrupt) => Self::Damaged { path, reason },
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::InUse(path),
            _ => Self::Unreachable { path, reason },
        }
    }
}

/// Whether there is no room: for what is written, or for the index of the log, which is made as large as it will be.
fn is_full(error: &rusqlite::Error) -> bool {
    let code = error.sqlite_error().map(|error| error.extended_code);
    matches!(code, Some(ffi::SQLITE_FULL | ffi::SQLITE_IOERR_SHMSIZE))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A lock and a missing table were called a failing disk.
    #[test]
    fn what_hinders_writing_is_called_what_it_is() {
        let of = |code| WriteError::from(rusqlite::Error::SqliteFailure(ffi::Error::new(code), None));
        for code in [ffi::SQLITE_FULL, ffi::SQLITE_IOERR_SHMSIZE] {
            assert!(matches!(of(code), WriteError::Full));
            let error = rusqlite::Error::SqliteFailure(ffi::Error::new(code), None);
            let opened = OpenError::from_sqlite(PathBuf::from("store.db"), &error);
            assert!(opened.to_string().contains("store.db is full: make room"), "{opened}");
        }
        assert!(matches!(of(ffi::SQLITE_BUSY), WriteError::Busy));
        assert!(matches!(of(ffi::SQLITE_IOERR), WriteError::Disk(_)));
        assert!(matches!(of(ffi::SQLITE_CORRUPT), WriteError::Damaged(_)));
        let db = rusqlite::Connection::open_in_memory().unwrap();
        let missing = WriteError::from(db.execute("DELETE FROM words", []).unwrap_err());
        assert!(matches!(missing, WriteError::Damaged(_)), "{missing}");
        assert!(missing.to_string().contains("no such table: words"), "{missing}");
    }
}
