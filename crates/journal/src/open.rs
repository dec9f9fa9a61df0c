//! Opening a store without harm: looked at first, locked second, changed last.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use tempfile::TempDir;

use crate::error::OpenError;
use crate::schema::{self, APPLICATION_ID, VERSION};
use crate::shared;

/// The first bytes of every SQLite file.
const MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// As much of the file's head as is looked at here: the magic, and the page size after it.
const HEAD: u64 = 18;

/// How long one connection waits for another's short exclusive steps (recovery, a checkpoint's end).
const BUSY: Duration = Duration::from_secs(5);

/// What a path leads to.
enum Found {
    /// Nothing, or a file of no bytes, in which nothing can be lost.
    Empty,
    /// A store this program can read.
    Store,
}

/// A read-only connection. In a folder without write access it opens a temporary copy: SQLite needs a shared-memory
/// file beside the store even for reading.
pub(crate) fn reader(path: &Path) -> Result<(Connection, Option<TempDir>), OpenError> {
    match read_at(path) {
        Err(unreachable @ (OpenError::Unreachable { .. } | OpenError::Full(_))) if is_file(path) => {
            let Ok(copy) = copy(path) else { return Err(unreachable) };
            let db = read_at(&copy.path().join(COPY)).map_err(|error| error.of(path))?;
            Ok((db, Some(copy)))
        }
        opened => Ok((opened?, None)),
    }
}

fn read_at(path: &Path) -> Result<Connection, OpenError> {
    match look(path)? {
        Found::Empty => Err(OpenError::Missing(path.to_owned())),
        Found::Store => read_only(path).map_err(|error| OpenError::from_sqlite(path.to_owned(), &error)),
    }
}

/// The name of a copy of the store, in a folder of its own.
const COPY: &str = "store.db";

fn is_file(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|about| about.is_file())
}

/// A copy of the store and of its log that only this user can read.
fn copy(path: &Path) -> io::Result<TempDir> {
    let folder = tempfile::Builder::new().prefix("unknot").tempdir()?;
    let to = folder.path().join(COPY);
    fs::copy(path, &to)?;
    let log = sibling(path, "-wal");
    if is_file(&log) {
        fs::copy(log, sibling(&to, "-wal"))?;
    }
    #[cfg(unix)]
    for file in [to.clone(), sibling(&to, "-wal")] {
        use std::os::unix::fs::PermissionsExt as _;
        // They have the rights of what they are copies of, which may be none to write.
        let _ = fs::set_permissions(file, fs::Permissions::from_mode(0o600));
    }
    Ok(folder)
}

/// The writing connection, the lock that makes it the only one, and the store's files.
pub(crate) fn writer(path: &Path) -> Result<(Connection, File, Files), OpenError> {
    let unreachable = |error: io::Error| OpenError::from_io(path.to_owned(), &error);
    create_folder(path).map_err(unreachable)?;
    look(path)?;
    if let Some(kind) = shared::kind(path) {
        return Err(OpenError::Shared { path: path.to_owned(), kind });
    }
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
    let mode = configure(&db).map_err(failed)?;
    if mode != "wal" {
        let reason = "the disk does not let its log be shared".to_owned();
        return Err(OpenError::Unreachable { path, reason });
    }
    schema::make(&mut db).map_err(failed)?;
    sync_folder(&path).map_err(unreachable)?;
    let files = Files::of([path.clone(), sibling(&path, "-wal"), sibling(&path, ".lock")]);
    Ok((db, lock, files))
}

/// The files of a store that is open, as they were then: if a name leads elsewhere or nowhere, the store was moved or
/// removed, and further writes are lost.
#[derive(Debug)]
pub(crate) struct Files(Vec<(PathBuf, FileId)>);

impl Files {
    fn of(paths: impl IntoIterator<Item = PathBuf>) -> Self {
        Self(paths.into_iter().filter_map(|path| Some((path.clone(), file_id(&path)?))).collect())
    }

    /// The first of them that is not there any more.
    pub(crate) fn gone(&self) -> Option<PathBuf> {
        self.0.iter().find(|(path, was)| file_id(path).as_ref() != Some(was)).map(|(path, _)| path.clone())
    }
}

/// Identity of a file, independent of its name.
#[cfg(unix)]
type FileId = (u64, u64);

#[cfg(unix)]
fn file_id(path: &Path) -> Option<FileId> {
    use std::os::unix::fs::MetadataExt as _;
    fs::metadata(path).ok().map(|about| (about.dev(), about.ino()))
}

// Elsewhere a file that is open can be neither moved nor removed.
#[cfg(not(unix))]
type FileId = ();

#[cfg(not(unix))]
fn file_id(path: &Path) -> Option<FileId> {
    path.exists().then_some(())
}

/// Gives the mode in which it keeps its log.
fn configure(db: &Connection) -> rusqlite::Result<String> {
    db.busy_timeout(BUSY)?;
    // Deleted content is overwritten with zeros.
    db.pragma_update(None, "secure_delete", true)?;
    let mode = db.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
    // In WAL mode only FULL syncs at every commit, which is what "durable on return" takes.
    db.pragma_update(None, "synchronous", "FULL")?;
    Ok(mode)
}

/// Examines the path without writing.
fn look(path: &Path) -> Result<Found, OpenError> {
    let unreachable = |error: io::Error| OpenError::from_io(path.to_owned(), &error);
    // Checked before opening: opening a pipe would block until it has a writer.
    match fs::metadata(path) {
        Ok(about) if about.is_file() && has_other_names(&about) => {
            return Err(OpenError::Linked(path.to_owned()));
        }
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
    if found != VERSION {
        if found < VERSION {
            let reason = format!("it says that it is of version {found}");
            return Err(OpenError::Damaged { path: path.to_owned(), reason });
        }
        return Err(OpenError::Newer { path: path.to_owned(), found, known: VERSION });
    }
    Ok(Found::Store)
}

#[cfg(unix)]
fn has_other_names(about: &fs::Metadata) -> bool {
    std::os::unix::fs::MetadataExt::nlink(about) > 1
}

#[cfg(not(unix))]
fn has_other_names(_: &fs::Metadata) -> bool {
    false
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

/// Creates a missing folder with access for its owner only; leaves an existing one unchanged.
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
