//! Opening a store without harm: looked at first, locked second, changed last.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use crate::error::OpenError;
use crate::index;
use crate::schema::{APPLICATION_ID, INDEXED, VERSION, migrations};

/// The first bytes of every SQLite file.
const MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// As much of the file's head as is looked at here: the magic, and the page size after it.
const HEAD: u64 = 18;

/// How long one connection waits for another's short exclusive steps (recovery, a checkpoint's end).
const BUSY: Duration = Duration::from_secs(5);

/// What stands at a path.
enum Found {
    /// Nothing, or a file of no bytes, in which nothing can be lost.
    Empty,
    /// A store this program can read.
    Store,
}

/// A connection that reads.
pub(crate) fn reader(path: &Path) -> Result<Connection, OpenError> {
    match look(path)? {
        Found::Empty => Err(OpenError::Missing(path.to_owned())),
        Found::Store => indexed(path).map_err(|error| OpenError::from_sqlite(path.to_owned(), &error)),
    }
}

/// The connection that writes, and the lock that makes it the only one for as long as it is held.
pub(crate) fn writer(path: &Path) -> Result<(Connection, File), OpenError> {
    let unreachable = |error: io::Error| OpenError::from_io(path.to_owned(), &error);
    create_folder(path).map_err(unreachable)?;
    look(path)?;
    let path = real(path).map_err(unreachable)?;
    let lock = lock(&path)?;
    let failed = |error: rusqlite::Error| OpenError::from_sqlite(path.clone(), &error);
    // Looked at again: between the first look and the lock another writer may have been here.
    look(&path)?;
    private(&path).map_err(unreachable)?;
    let mut db = Connection::open_with_flags(
        &path,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )
    .map_err(failed)?;
    configure(&db).map_err(failed)?;
    migrations().to_latest(&mut db).map_err(|error| match error {
        rusqlite_migration::Error::RusqliteError { query: _, err } => failed(err),
        other => OpenError::Unreachable { path: path.clone(), reason: other.to_string() },
    })?;
    sync_folder(&path).map_err(unreachable)?;
    Ok((db, lock))
}

fn configure(db: &Connection) -> rusqlite::Result<()> {
    db.busy_timeout(BUSY)?;
    db.pragma_update(None, "foreign_keys", true)?;
    // What is forgotten is overwritten with zeros.
    db.pragma_update(None, "secure_delete", true)?;
    db.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    // In WAL mode only FULL syncs at every commit, which is what "durable on return" takes.
    db.pragma_update(None, "synchronous", "FULL")
}

/// Looks at what stands at the path, reading only.
fn look(path: &Path) -> Result<Found, OpenError> {
    let unreachable = |error: io::Error| OpenError::from_io(path.to_owned(), &error);
    // Asked before it is opened: opening a pipe would wait for somebody to write into it.
    match fs::metadata(path) {
        Ok(about) if about.is_file() => {}
        Ok(_) => return Err(OpenError::NotAStore(path.to_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Found::Empty),
        Err(error) => return Err(unreachable(error)),
    }
    let mut file = File::open(path).map_err(unreachable)?;
    let about = file.metadata().map_err(unreachable)?;
    let has_log = sibling(path, "-wal").metadata().is_ok_and(|log| log.len() > 0);
    if about.len() == 0 {
        return if has_log {
            let reason = "the file is empty and its -wal is not".to_owned();
            Err(OpenError::Damaged { path: path.to_owned(), reason })
        } else {
            Ok(Found::Empty)
        };
    }
    let mut head = Vec::new();
    file.by_ref().take(HEAD).read_to_end(&mut head).map_err(unreachable)?;
    let magic = head.get(..MAGIC.len()).unwrap_or(&head);
    // The beginning of the magic alone is the beginning of a store cut short.
    if !MAGIC.starts_with(magic) {
        return Err(OpenError::NotAStore(path.to_owned()));
    }
    // SQLite takes a file of less than a page for an empty one, and the rest of a page for zeros. With a log beside it
    // that may be right: a crash in the midst of a checkpoint leaves such a file, and the log mends it.
    let page = page_size(&head);
    if about.len() < page || (!about.len().is_multiple_of(page) && !has_log) {
        return Err(OpenError::Damaged { path: path.to_owned(), reason: "the file is cut short".to_owned() });
    }
    drop(file);
    examine(path)
}

/// The page size as the head of the file gives it; that of the least page where it does not reach so far.
fn page_size(head: &[u8]) -> u64 {
    match head.get(MAGIC.len()..) {
        // The one size that two bytes cannot hold.
        Some(&[0, 1]) => 65_536,
        Some(&[high, low]) => u64::from(u16::from_be_bytes([high, low])),
        _ => 512,
    }
}

/// Reads the marks of a file that begins like SQLite's.
fn examine(path: &Path) -> Result<Found, OpenError> {
    let failed = |error: rusqlite::Error| match OpenError::from_sqlite(path.to_owned(), &error) {
        // It has SQLite's first bytes, so what SQLite cannot make sense of is damage.
        OpenError::NotAStore(path) => OpenError::Damaged { path, reason: error.to_string() },
        other => other,
    };
    let db = read_only(path).map_err(failed)?;
    let pragma = |name| db.pragma_query_value(None, name, |row| row.get::<_, i64>(0)).map_err(failed);
    let tables: i64 = db
        .query_row("SELECT count(*) FROM sqlite_schema WHERE type = 'table'", [], |row| row.get(0))
        .map_err(failed)?;
    let (application, found) = (pragma("application_id")?, pragma("user_version")?);
    if application == 0 && found == 0 && tables == 0 {
        // Killed between the creation of the file and the first migration.
        return Ok(Found::Empty);
    }
    if application != APPLICATION_ID {
        return Err(OpenError::NotAStore(path.to_owned()));
    }
    if found > VERSION {
        return Err(OpenError::Newer { path: path.to_owned(), found, known: VERSION });
    }
    Ok(Found::Store)
}

/// A connection that finds an index, be it its own.
fn indexed(path: &Path) -> rusqlite::Result<Connection> {
    let db = read_only(path)?;
    if db.pragma_query_value(None, "user_version", |row| row.get::<_, i64>(0))? < INDEXED {
        index::beside(&db)?;
    }
    Ok(db)
}

fn read_only(path: &Path) -> rusqlite::Result<Connection> {
    let db = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    db.busy_timeout(BUSY)?;
    Ok(db)
}

/// Takes the lock, which the system gives back however the program ends.
fn lock(path: &Path) -> Result<File, OpenError> {
    let unreachable = |error: io::Error| OpenError::from_io(path.to_owned(), &error);
    let file = owner_only().create(true).truncate(false).open(sibling(path, ".lock")).map_err(unreachable)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse(path.to_owned())),
        Err(TryLockError::Error(error)) => Err(unreachable(error)),
    }
}

/// The path without symbolic links, so that two names of one file are one lock.
fn real(path: &Path) -> io::Result<PathBuf> {
    if !path.try_exists()? {
        owner_only().create(true).truncate(false).open(path)?;
    }
    fs::canonicalize(path)
}

fn sibling(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// A folder that had to be made for the store is its owner's alone; one that was there is left as it is.
fn create_folder(path: &Path) -> io::Result<()> {
    let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) else { return Ok(()) };
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn owner_only() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// The store and what SQLite keeps beside it. A new side file has the mode of the store.
#[cfg(unix)]
fn private(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    for file in [path.to_owned(), sibling(path, "-wal"), sibling(path, "-shm")] {
        match fs::metadata(&file) {
            Ok(about) if about.permissions().mode() & 0o077 == 0 => {}
            Ok(_) => fs::set_permissions(&file, fs::Permissions::from_mode(0o600))?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

#[cfg(not(unix))]
fn private(_: &Path) -> io::Result<()> {
    // The user's data folder is private by inheritance there.
    Ok(())
}

/// A new file is only durable once its folder is.
#[cfg(unix)]
fn sync_folder(path: &Path) -> io::Result<()> {
    path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}
