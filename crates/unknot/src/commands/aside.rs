//! Files and folders that are there whole or not at all: written aside first, then renamed.

use std::ffi::OsString;
use std::fs::{self, File, Metadata};
use std::io::{BufWriter, ErrorKind, IntoInnerError, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::failure::{Failure, shown};

/// Writes a file; one that was there is replaced. What is no file of a disk, such as a pipe, is written through. Nothing
/// is written over the store at `db`.
pub(crate) fn file(
    path: &Path,
    db: &Path,
    write: impl FnOnce(&mut BufWriter<File>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    file_if(path, db, write, |_| Ok(()))
}

/// The same, where what has been written, at the path that `may` is given, may take the place of what is there.
pub(crate) fn file_if(
    path: &Path,
    db: &Path,
    write: impl FnOnce(&mut BufWriter<File>) -> Result<(), Failure>,
    may: impl FnOnce(&Path) -> Result<(), Failure>,
) -> Result<(), Failure> {
    not_the_store(path, db)?;
    let cannot = || format!("cannot write {}: name another file with -o", shown(path));
    if is_written_through(path) {
        // Opened to append: what is behind /dev/stdout may be a file that others write to.
        let written = File::options().append(true).open(path).with_context(cannot).map_err(Failure::from);
        let written = written.and_then(|file| {
            let mut file = BufWriter::new(file);
            write(&mut file)?;
            Ok(file.flush()?)
        });
        return written.map_err(|failure| with_remedy(failure, path));
    }
    if path.is_dir() {
        return Err(anyhow::anyhow!("{} is a folder: name another file with -o", shown(path)).into());
    }
    let is_link = path.symlink_metadata().is_ok_and(|there| there.is_symlink());
    // A link stays, and what it leads to is replaced.
    let path = &if is_link {
        let nowhere =
            || format!("{} is a link to nothing: remove it, or name another file with -o", shown(path));
        path.canonicalize().with_context(nowhere)?
    } else {
        path.to_owned()
    };
    let aside = aside(path)?;
    let written = File::create_new(&aside).with_context(cannot).map_err(Failure::from).and_then(|file| {
        let mut file = BufWriter::new(file);
        write(&mut file)?;
        file.into_inner().map_err(IntoInnerError::into_error)?.sync_all()?;
        may(&aside)?;
        fs::rename(&aside, path).with_context(cannot)?;
        Ok(())
    });
    if written.is_err() {
        // There is nothing more to do about one that cannot be removed either.
        let _ = fs::remove_file(&aside);
    }
    written.map_err(|failure| with_remedy(failure, path))
}

/// Whether bytes go through this path to something else: a pipe, a device, or a name that the system gives to an open file.
fn is_written_through(path: &Path) -> bool {
    let of_the_system = ["/dev", "/proc"].iter().any(|folder| path.starts_with(folder));
    fs::metadata(path).is_ok_and(|there| !there.is_dir() && (of_the_system || !there.is_file()))
}

/// Refuses the store, and what SQLite and the lock keep beside it, by whatever name they are reached.
fn not_the_store(path: &Path, db: &Path) -> Result<(), Failure> {
    let beside = ["", "-wal", "-shm", "-journal", ".lock"].map(|ending| {
        let mut name = db.as_os_str().to_owned();
        name.push(ending);
        PathBuf::from(name)
    });
    if beside.iter().any(|own| is_same(path, own)) {
        return Err(Failure::Usage(format!(
            "{} belongs to the store, and nothing was written: name another file with -o",
            shown(path)
        )));
    }
    Ok(())
}

/// Whether both are one file, or would be if it were made.
fn is_same(one: &Path, other: &Path) -> bool {
    match (fs::metadata(one), fs::metadata(other)) {
        (Ok(a), Ok(b)) => is_one(&a, &b) || placed(one) == placed(other),
        _ => placed(one).is_some_and(|one| Some(one) == placed(other)),
    }
}

/// Hard links are one file by two names.
#[cfg(unix)]
fn is_one(a: &Metadata, b: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    (a.dev(), a.ino()) == (b.dev(), b.ino())
}

#[cfg(not(unix))]
const fn is_one(_: &Metadata, _: &Metadata) -> bool {
    false
}

/// Where a file is or would be, without links on the way.
fn placed(path: &Path) -> Option<PathBuf> {
    if let Ok(there) = path.canonicalize() {
        return Some(there);
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    Some(folder.canonicalize().ok()?.join(path.file_name()?))
}

/// Writes a folder of files; one that was there has to be empty.
pub(crate) fn folder(
    path: &Path,
    db: &Path,
    write: impl FnOnce(&Path) -> Result<(), Failure>,
) -> Result<(), Failure> {
    not_the_store(path, db)?;
    let aside = aside(path)?;
    if fs::read_dir(path).is_ok_and(|mut files| files.next().is_some()) {
        return Err(anyhow::anyhow!(
            "the folder {} has files in it already: name another with -o, or remove it first",
            shown(path)
        )
        .into());
    }
    let cannot = || format!("cannot write into {}: name another folder with -o", shown(path));
    fs::create_dir(&aside).with_context(cannot)?;
    let written = write(&aside).and_then(|()| {
        // Systems other than Unix rename onto no folder, not even an empty one.
        let _ = fs::remove_dir(path);
        fs::rename(&aside, path).with_context(cannot)?;
        Ok(())
    });
    if written.is_err() {
        let _ = fs::remove_dir_all(&aside);
    }
    written.map_err(|failure| with_remedy(failure, path))
}

/// A full disk says so by a number alone; what it keeps from being written, and what to do, is said here.
fn with_remedy(failure: Failure, path: &Path) -> Failure {
    match failure {
        Failure::Failed(error) if error.chain().any(is_full) => error
            .context(format!(
                "cannot write {}, and nothing was written: make room there, or name another place with -o",
                shown(path)
            ))
            .into(),
        other => other,
    }
}

fn is_full(cause: &(dyn std::error::Error + 'static)) -> bool {
    let kind = cause.downcast_ref::<std::io::Error>().map(std::io::Error::kind);
    matches!(kind, Some(ErrorKind::StorageFull | ErrorKind::QuotaExceeded))
}

/// The name beside a path under which it is written: hidden, and no other program's.
fn aside(path: &Path) -> Result<PathBuf, Failure> {
    let Some(name) = path.file_name() else {
        return Err(Failure::Usage(format!("{} is no name of a file", shown(path))));
    };
    let mut hidden = OsString::from(".");
    hidden.push(name);
    hidden.push(format!(".{}.part", std::process::id()));
    Ok(path.with_file_name(hidden))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(of: &Path) -> Vec<String> {
        let mut names: Vec<_> =
            fs::read_dir(of).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    fn store(dir: &tempfile::TempDir) -> PathBuf {
        dir.path().join("unknot.db")
    }

    #[cfg(unix)]
    #[test]
    fn the_store_and_what_is_beside_it_are_never_written_over() {
        let dir = tempfile::tempdir().unwrap();
        let (db, at) = (store(&dir), |name: &str| dir.path().join(name));
        fs::write(&db, "sessions").unwrap();
        fs::write(at("unknot.db.lock"), "").unwrap();
        std::os::unix::fs::symlink(&db, at("link.nd")).unwrap();
        std::os::unix::fs::symlink(dir.path(), at("folder")).unwrap();
        fs::hard_link(&db, at("hard.nd")).unwrap();
        let own =
            ["unknot.db", "unknot.db-wal", "unknot.db-shm", "unknot.db-journal", "unknot.db.lock", "link.nd"];
        for path in own.into_iter().chain(["hard.nd", "folder/unknot.db", "folder/unknot.db-wal"]).map(at) {
            for told in [
                file(&path, &db, |out| Ok(out.write_all(b"x")?)).unwrap_err().to_string(),
                folder(&path, &db, |_| Ok(())).unwrap_err().to_string(),
            ] {
                assert!(told.contains("belongs to the store, and nothing was written"), "{told}");
            }
        }
        assert_eq!(fs::read_to_string(&db).unwrap(), "sessions");
        file(&at("unknot.db.nd"), &db, |out| Ok(out.write_all(b"x")?)).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_regular_file_is_written_through_and_a_link_stays() {
        let dir = tempfile::tempdir().unwrap();
        let (db, at) = (store(&dir), |name: &str| dir.path().join(name));
        let write = |path: &Path| file(path, &db, |out| Ok(out.write_all(b"text")?));
        write(Path::new("/dev/null")).unwrap();
        assert!(!fs::metadata("/dev/null").unwrap().is_file());
        let full = write(Path::new("/dev/full")).unwrap_err().to_string();
        assert!(full.contains("make room") && !fs::metadata("/dev/full").unwrap().is_file(), "{full}");
        let pipe = at("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let reader = std::thread::spawn({
            let pipe = pipe.clone();
            move || fs::read_to_string(pipe).unwrap()
        });
        write(&pipe).unwrap();
        assert_eq!(reader.join().unwrap(), "text");
        fs::write(at("real"), "older").unwrap();
        std::os::unix::fs::symlink(at("real"), at("link")).unwrap();
        write(&at("link")).unwrap();
        assert!(at("link").is_symlink() && fs::read_to_string(at("real")).unwrap() == "text");
        std::os::unix::fs::symlink(at("nowhere"), at("dangling")).unwrap();
        assert!(write(&at("dangling")).unwrap_err().to_string().contains("is a link to nothing"));
        assert!(write(dir.path()).unwrap_err().to_string().contains("is a folder: name another file"));
    }

    fn interrupted() -> Failure {
        Failure::Interrupted { signal: 2, left: String::new() }
    }

    #[test]
    fn work_that_ends_in_the_midst_leaves_what_was_there() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("kept.csv");
        fs::write(&path, "older").unwrap();
        let ended = file(&path, &store(&dir), |out| {
            out.write_all(&[b'x'; 100_000])?;
            Err(interrupted())
        });
        assert!(ended.is_err());
        assert_eq!(
            (fs::read_to_string(&path).unwrap().as_str(), names(dir.path())),
            ("older", vec!["kept.csv".to_owned()])
        );
        file(&path, &store(&dir), |out| Ok(out.write_all(b"newer")?)).unwrap();
        assert_eq!((fs::read_to_string(&path).unwrap().as_str(), names(dir.path()).len()), ("newer", 1));
    }

    #[test]
    fn a_full_disk_is_told_of_with_what_to_do() {
        let dir = tempfile::tempdir().unwrap();
        let full = || Err(std::io::Error::from(ErrorKind::StorageFull).into());
        for told in [
            file(&dir.path().join("a.csv"), &store(&dir), |_| full()),
            folder(&dir.path().join("pages"), &store(&dir), |_| full()),
        ] {
            let told = told.unwrap_err().to_string();
            assert!(told.contains("nothing was written: make room there"), "{told}");
        }
        assert!(names(dir.path()).is_empty());
        let ended = file(&dir.path().join("a.csv"), &store(&dir), |_| Err(interrupted())).unwrap_err();
        assert!(matches!(ended, Failure::Interrupted { .. }));
    }

    #[test]
    fn a_folder_is_there_whole_or_not_at_all_and_takes_nothing_away() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("pages");
        let page = |folder: &Path| Ok(fs::write(folder.join("index.html"), "page")?);
        let ended = folder(&path, &store(&dir), |folder| {
            page(folder)?;
            Err(interrupted())
        });
        assert!(ended.is_err() && names(dir.path()).is_empty());
        // An empty one is taken, one with files is not.
        fs::create_dir(&path).unwrap();
        folder(&path, &store(&dir), page).unwrap();
        assert_eq!(
            (names(dir.path()), names(&path)),
            (vec!["pages".to_owned()], vec!["index.html".to_owned()])
        );
        assert!(
            folder(&path, &store(&dir), page).unwrap_err().to_string().contains("has files in it already")
        );
        assert_eq!(names(dir.path()).len(), 1);
    }
}
