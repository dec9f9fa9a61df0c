//! Files and folders that are there whole or not at all: written aside first, then renamed.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{BufWriter, ErrorKind, IntoInnerError};
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::failure::{Failure, shown};

/// Writes a file; one that was there is replaced.
pub(crate) fn file(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<File>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let aside = aside(path)?;
    let cannot = || format!("cannot write {}: name another file with -o", shown(path));
    let written = File::create_new(&aside).with_context(cannot).map_err(Failure::from).and_then(|file| {
        let mut file = BufWriter::new(file);
        write(&mut file)?;
        file.into_inner().map_err(IntoInnerError::into_error)?.sync_all()?;
        fs::rename(&aside, path).with_context(cannot)?;
        Ok(())
    });
    if written.is_err() {
        // There is nothing more to do about one that cannot be removed either.
        let _ = fs::remove_file(&aside);
    }
    written.map_err(|failure| with_remedy(failure, path))
}

/// Writes a folder of files; one that was there has to be empty.
pub(crate) fn folder(path: &Path, write: impl FnOnce(&Path) -> Result<(), Failure>) -> Result<(), Failure> {
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
    use std::io::Write as _;

    use super::*;

    fn names(of: &Path) -> Vec<String> {
        let mut names: Vec<_> =
            fs::read_dir(of).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    fn interrupted() -> Failure {
        Failure::Interrupted { signal: 2, left: String::new() }
    }

    #[test]
    fn work_that_ends_in_the_midst_leaves_what_was_there() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("kept.csv");
        fs::write(&path, "older").unwrap();
        let ended = file(&path, |out| {
            out.write_all(&[b'x'; 100_000])?;
            Err(interrupted())
        });
        assert!(ended.is_err());
        assert_eq!(
            (fs::read_to_string(&path).unwrap().as_str(), names(dir.path())),
            ("older", vec!["kept.csv".to_owned()])
        );
        file(&path, |out| Ok(out.write_all(b"newer")?)).unwrap();
        assert_eq!((fs::read_to_string(&path).unwrap().as_str(), names(dir.path()).len()), ("newer", 1));
    }

    #[test]
    fn a_full_disk_is_told_of_with_what_to_do() {
        let dir = tempfile::tempdir().unwrap();
        let full = || Err(std::io::Error::from(ErrorKind::StorageFull).into());
        for told in
            [file(&dir.path().join("a.csv"), |_| full()), folder(&dir.path().join("pages"), |_| full())]
        {
            let told = told.unwrap_err().to_string();
            assert!(told.contains("nothing was written: make room there"), "{told}");
        }
        assert!(names(dir.path()).is_empty());
        let ended = file(&dir.path().join("a.csv"), |_| Err(interrupted())).unwrap_err();
        assert!(matches!(ended, Failure::Interrupted { .. }));
    }

    #[test]
    fn a_folder_is_there_whole_or_not_at_all_and_takes_nothing_away() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("pages");
        let page = |folder: &Path| Ok(fs::write(folder.join("index.html"), "page")?);
        let ended = folder(&path, |folder| {
            page(folder)?;
            Err(interrupted())
        });
        assert!(ended.is_err() && names(dir.path()).is_empty());
        // An empty one is taken, one with files is not.
        fs::create_dir(&path).unwrap();
        folder(&path, page).unwrap();
        assert_eq!(
            (names(dir.path()), names(&path)),
            (vec!["pages".to_owned()], vec!["index.html".to_owned()])
        );
        assert!(folder(&path, page).unwrap_err().to_string().contains("has files in it already"));
        assert_eq!(names(dir.path()).len(), 1);
    }
}
