//! Opening what cannot be opened: a clear reason, and not a byte changed.

use std::fs;
use std::path::Path;

use journal::{Journal, OpenError, Writer};
use rusqlite::Connection;

use crate::{batch, header};

/// Tries both ways of opening, and holds the file against what it was. Gives the errors of the writer and the reader.
fn refused(path: &Path) -> (OpenError, OpenError) {
    let before = fs::read(path).unwrap();
    let errors = (Writer::open(path).unwrap_err(), Journal::open(path).unwrap_err());
    assert!(fs::read(path).unwrap() == before, "the file was changed by refusing it: {}", errors.0);
    errors
}

/// A store with one session of a few pages, closed in good order.
fn make_store(path: &Path) {
    let mut store = Writer::open(path).unwrap();
    let session = store.create(&header("a")).unwrap();
    for number in 0..20 {
        store.append(session, &batch(number, 40)).unwrap();
    }
}

#[test]
fn what_is_no_database_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("thesis.txt");
    for content in [&b"Chapter one"[..], b"S", b"SQLite format 4\0 and more", &[0; 4096], &[0xff; 100]] {
        fs::write(&path, content).unwrap();
        let (writer, reader) = refused(&path);
        if b"SQLite format 3\0".starts_with(content) {
            assert!(matches!(writer, OpenError::Damaged { .. }), "{writer}");
        } else {
            assert!(matches!(writer, OpenError::NotAStore(_)), "{writer}");
            assert!(matches!(reader, OpenError::NotAStore(_)), "{reader}");
        }
        assert!(writer.to_string().contains("--db"), "the remedy is said: {writer}");
    }
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "nothing is left lying beside it");
}

#[cfg(unix)]
#[test]
fn a_pipe_is_refused_without_waiting_for_somebody_to_write_into_it() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("pipe");
    let _alone = crate::crash::alone();
    assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
    let (writer, reader) = (Writer::open(&path).unwrap_err(), Journal::open(&path).unwrap_err());
    assert!(matches!(writer, OpenError::NotAStore(_)), "{writer}");
    assert!(matches!(reader, OpenError::NotAStore(_)), "{reader}");
}

#[test]
fn a_database_of_another_program_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("bookmarks.db");
    Connection::open(&path).unwrap().execute_batch("CREATE TABLE bookmarks (url TEXT)").unwrap();
    let (writer, reader) = refused(&path);
    assert!(matches!(writer, OpenError::NotAStore(_)), "{writer}");
    assert!(matches!(reader, OpenError::NotAStore(_)), "{reader}");
}

#[test]
fn a_store_cut_short_anywhere_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("unknot.db");
    make_store(&path);
    let whole = fs::read(&path).unwrap();
    assert!(whole.len() > 20_000, "long enough to be cut in many places");
    for length in (1..whole.len()).step_by(1_021) {
        fs::write(&path, &whole[..length]).unwrap();
        let (writer, reader) = refused(&path);
        assert!(matches!(writer, OpenError::Damaged { .. }), "cut to {length}: {writer}");
        assert!(matches!(reader, OpenError::Damaged { .. }), "cut to {length}: {reader}");
    }
    fs::write(&path, &whole).unwrap();
    assert!(Journal::open(&path).is_ok(), "the control: whole it opens");
}

#[test]
fn a_store_whose_first_page_is_rubbish_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("unknot.db");
    make_store(&path);
    let mut bytes = fs::read(&path).unwrap();
    bytes[16..1_000].fill(0x5a);
    fs::write(&path, bytes).unwrap();
    let (writer, reader) = refused(&path);
    assert!(matches!(writer, OpenError::Damaged { .. }), "{writer}");
    assert!(matches!(reader, OpenError::Damaged { .. }), "{reader}");
}

#[test]
fn a_store_of_a_newer_program_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("unknot.db");
    make_store(&path);
    Connection::open(&path).unwrap().execute_batch("PRAGMA user_version = 7").unwrap();
    let (writer, reader) = refused(&path);
    for error in [writer, reader] {
        assert!(matches!(error, OpenError::Newer { found: 7, known: 1, .. }), "{error}");
        assert!(error.to_string().contains("use a newer program"), "{error}");
    }
}

#[test]
fn a_store_has_one_writer_and_any_number_of_readers() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("unknot.db");
    let first = Writer::open(&path).unwrap();
    assert!(matches!(Writer::open(&path), Err(OpenError::InUse(_))));
    assert!(Journal::open(&path).is_ok() && Journal::open(&path).is_ok());
    drop(first);
    assert!(Writer::open(&path).is_ok(), "the control: free again");
}

#[cfg(unix)]
#[test]
fn two_names_of_one_store_are_one_store() {
    let dir = tempfile::tempdir().unwrap();
    let (path, link) = (dir.path().join("unknot.db"), dir.path().join("link.db"));
    let _first = Writer::open(&path).unwrap();
    std::os::unix::fs::symlink(&path, &link).unwrap();
    assert!(matches!(Writer::open(&link), Err(OpenError::InUse(_))));
}

/// Under another name of the same file there would be another log and another lock.
#[cfg(unix)]
#[test]
fn a_store_with_a_second_name_is_refused_under_both() {
    let dir = tempfile::tempdir().unwrap();
    let (path, link) = (dir.path().join("unknot.db"), dir.path().join("link.db"));
    make_store(&path);
    fs::hard_link(&path, &link).unwrap();
    for name in [&path, &link] {
        let (writer, reader) = refused(name);
        assert!(matches!(writer, OpenError::Linked(_)), "{writer}");
        assert!(matches!(reader, OpenError::Linked(_)), "{reader}");
    }
    fs::remove_file(&link).unwrap();
    assert!(Writer::open(&path).is_ok(), "the control");
}

/// A store on a write-protected medium could not be read.
#[test]
fn reading_writes_nothing_beside_the_store_and_needs_no_right_to() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("unknot.db");
    make_store(&path);
    let read = |path: &Path| {
        let store = Journal::open(path).unwrap();
        let session = store.resolve("last").unwrap();
        assert!(!store.is_missing_some().unwrap());
        store.entries(session.key).unwrap()
    };
    let entries = read(&path);
    // A log that its writer has left is read with it.
    let mut writer = Writer::open(&path).unwrap();
    writer.create(&header("b")).unwrap();
    let copied = tempfile::tempdir().unwrap();
    for name in ["unknot.db", "unknot.db-wal"] {
        fs::copy(dir.path().join(name), copied.path().join(name)).unwrap();
    }
    drop(writer);
    let alone = copied.path().join("unknot.db");
    let protected = Protected::folder(copied.path());
    if protected.holds() {
        assert_eq!(read(&alone).len(), 1, "the session in the log is the last");
        assert_eq!(fs::read_dir(copied.path()).unwrap().count(), 2, "nothing came beside it");
    }
    drop(protected);
    assert_eq!(entries.len(), 801);
}

/// A folder into which nothing can be written. Root can all the same, so that a flag of the file system is asked for too.
struct Protected<'a>(&'a Path);

impl<'a> Protected<'a> {
    fn folder(path: &'a Path) -> Self {
        set_read_only(path, true);
        let _ = std::process::Command::new("chattr").arg("+i").arg(path).output();
        Self(path)
    }

    fn holds(&self) -> bool {
        fs::write(self.0.join("probe"), "").is_err()
    }
}

impl Drop for Protected<'_> {
    fn drop(&mut self) {
        let _ = std::process::Command::new("chattr").arg("-i").arg(self.0).output();
        set_read_only(self.0, false);
    }
}

fn set_read_only(path: &Path, read_only: bool) {
    let mut rights = fs::metadata(path).unwrap().permissions();
    rights.set_readonly(read_only);
    fs::set_permissions(path, rights).unwrap();
}

#[test]
fn a_store_that_cannot_be_there_is_said_to_be_unreachable() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    fs::write(&file, "not a folder").unwrap();
    let error = Writer::open(&file.join("unknot.db")).unwrap_err();
    assert!(matches!(error, OpenError::Unreachable { .. }), "{error}");
    let error = Writer::open(dir.path()).unwrap_err();
    assert!(matches!(error, OpenError::NotAStore(_) | OpenError::Unreachable { .. }), "{error}");
}

#[test]
fn where_there_is_no_store_a_reader_says_so_and_makes_none() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("new/unknot.db");
    assert!(matches!(Journal::open(&path), Err(OpenError::Missing(_))));
    assert!(!path.parent().unwrap().exists());
}

#[test]
fn a_file_of_no_bytes_becomes_a_store_but_not_where_its_log_has_some() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("unknot.db");
    fs::write(&path, "").unwrap();
    fs::write(dir.path().join("unknot.db-wal"), "what a crash has left").unwrap();
    let (writer, _) = refused(&path);
    assert!(matches!(writer, OpenError::Damaged { .. }), "{writer}");
    fs::remove_file(dir.path().join("unknot.db-wal")).unwrap();
    assert!(Writer::open(&path).is_ok());
}

#[cfg(unix)]
#[test]
fn a_store_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("data/unknot/unknot.db");
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    make_store(&path);
    assert_eq!(mode(&path), 0o600);
    assert_eq!(mode(path.parent().unwrap()), 0o700);

    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let mut store = Writer::open(&path).unwrap();
    store.create(&header("b")).unwrap();
    for file in fs::read_dir(path.parent().unwrap()).unwrap() {
        let file = file.unwrap().path();
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
}
