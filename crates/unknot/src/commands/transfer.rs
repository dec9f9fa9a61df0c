//! `unknot export` and `unknot import`: sessions out of the store as a file, and in again. A file is written aside and
//! renamed, so that none is ever there by half.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use journal::{Foreign, Journal, Session, State, Taken};
use report::html::Private;
use report::{csv, fhir, html, measure, transfer};
use transcript::{Entry, Kind};
use words::Words;

use super::read::find;
use crate::args::{Export, Form};
use crate::failure::Failure;

/// A file of sessions is read into memory; this is a thousand times the largest session, and what is larger is something else.
const LARGEST: u64 = 1 << 30;

/// `unknot export`
pub(crate) fn export(db: &Path, asked: &Export, out: &mut impl Write) -> Result<(), Failure> {
    let (journal, sessions) = match asked.session.as_deref() {
        Some(name) => {
            let (journal, session) = find(db, name)?;
            (journal, vec![session])
        }
        None => {
            let journal = Journal::open(db)?;
            let sessions = journal.sessions()?;
            (journal, sessions)
        }
    };
    match &asked.output {
        None => write(&journal, &sessions, asked, out),
        Some(path) => whole(path, |file| write(&journal, &sessions, asked, file)),
    }
}

fn write(
    journal: &Journal,
    sessions: &[Session],
    asked: &Export,
    out: &mut impl Write,
) -> Result<(), Failure> {
    match asked.format {
        Form::Ndjson => {
            let english = Words::english();
            let mut writer = transfer::Writer::new(out);
            for session in sessions {
                let entries = unbroken(journal, session)?;
                let words = report::words_of(&entries, &english);
                writer.session(&entries, session.state == State::Closed, &words)?;
            }
        }
        Form::Csv => {
            let mut writer = csv::Writer::new(out)?;
            for session in sessions {
                let entries = unbroken(journal, session)?;
                if let Some(Kind::Session(header)) = entries.first().map(|first| &first.kind) {
                    writer.session(header, &measure::measure(&entries))?;
                }
            }
            writer.finish()?;
        }
        Form::Html | Form::Fhir => {
            let [session] = sessions else {
                return Err(Failure::Usage("such a file is of one session: name it, or `last`".to_owned()));
            };
            let private = if asked.with_screening { Private::Included } else { Private::LeftOut };
            let entries = unbroken(journal, session)?;
            let words = report::words_of(&entries, &Words::english());
            let Some(Kind::Session(header)) = entries.first().map(|first| &first.kind) else { return Ok(()) };
            if asked.format == Form::Html {
                out.write_all(html::page(header, &entries, private, &words).as_bytes())?;
            } else {
                let bundle = fhir::bundle(header, &entries, private, &words)?;
                writeln!(out, "{bundle:#}")?;
            }
        }
    }
    Ok(())
}

/// The entries of a session whose chain holds. What was changed from outside is never handed on as a record.
fn unbroken(journal: &Journal, session: &Session) -> Result<Vec<Entry>, Failure> {
    if let Some(place) = journal.broken(session.key)? {
        let id = &session.id;
        return Err(anyhow::anyhow!(
            "session {id} was changed from outside at entry {place}, and is not exported: `unknot audit {id}` tells more"
        )
        .into());
    }
    Ok(journal.entries(session.key)?)
}

/// Writes a file that is there whole or not at all: beside it first, then under its name.
fn whole(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<File>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let aside = aside(path)?;
    let cannot = || format!("cannot write {}: name another file with -o", path.display());
    let written = File::create_new(&aside).with_context(cannot).map_err(Failure::from).and_then(|file| {
        let mut file = BufWriter::new(file);
        write(&mut file)?;
        file.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()?;
        fs::rename(&aside, path).with_context(cannot)?;
        Ok(())
    });
    if written.is_err() {
        // There is nothing more to do about one that cannot be removed either.
        let _ = fs::remove_file(&aside);
    }
    written
}

fn aside(path: &Path) -> Result<PathBuf, Failure> {
    let Some(name) = path.file_name() else {
        return Err(Failure::Usage(format!("{} is no name of a file", path.display())));
    };
    let mut hidden = std::ffi::OsString::from(".");
    hidden.push(name);
    hidden.push(format!(".{}.part", std::process::id()));
    Ok(path.with_file_name(hidden))
}

/// `unknot import`
pub(crate) fn import(db: &Path, files: &[PathBuf], out: &mut impl Write) -> Result<(), Failure> {
    for path in files {
        let name = path.display();
        let text = contents(path)?;
        // Read before the store is touched, or made.
        let sessions = transfer::read(&text).map_err(|error| anyhow::anyhow!("{name}, {error}"))?;
        let mut store = journal::Writer::open(db)?;
        let foreign: Vec<Foreign<'_>> = sessions.iter().map(foreign).collect();
        let taken = store.import(&foreign).with_context(|| name.to_string())?;
        let count = |what| taken.iter().filter(|taken| **taken == what).count();
        writeln!(
            out,
            "{name}: {} taken in, {} completed, {} there already",
            count(Taken::New),
            count(Taken::Completed),
            count(Taken::Same)
        )?;
    }
    Ok(())
}

fn foreign(session: &transfer::Session) -> Foreign<'_> {
    let transfer::Session { header, entries, closed } = session;
    Foreign { header, entries, closed: *closed }
}

fn contents(path: &Path) -> Result<String, Failure> {
    let name = path.display();
    let about = fs::metadata(path).with_context(|| format!("cannot read {name}"))?;
    if !about.is_file() {
        return Err(anyhow::anyhow!(
            "{name} is no file: name one that `unknot export --format ndjson` wrote"
        )
        .into());
    }
    if about.len() > LARGEST {
        return Err(anyhow::anyhow!("{name} is larger than 1 GiB: export fewer sessions into a file").into());
    }
    let bytes = fs::read(path).with_context(|| format!("cannot read {name}"))?;
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = error.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count() + 1;
        anyhow::anyhow!("{name}, line {line}: this is not text; nothing was imported").into()
    })
}
