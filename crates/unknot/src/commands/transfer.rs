//! `unknot export` and `unknot import`: sessions out of the store as a file, and in again. A file is written aside and
//! renamed, so that none is ever there by half.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use journal::{Foreign, Journal, OpenError, ResolveError, Session, State, Taken};
use report::{Private, csv, fhir, html, measure, transfer};
use transcript::{Entry, Kind};
use words::Words;

use super::read::find;
use super::{aside, pages};
use crate::args::{Export, Form};
use crate::failure::Failure;
use crate::long::Long;

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
            let journal = match Journal::open(db) {
                Err(OpenError::Missing(_)) => return Err(ResolveError::NoSessions.into()),
                journal => journal?,
            };
            let sessions = journal.sessions()?;
            (journal, sessions)
        }
    };
    let private = if asked.with_screening { Private::Included } else { Private::LeftOut };
    match &asked.output {
        path if asked.all && asked.format == Form::Html => {
            pages::export(&journal, &sessions, path.as_deref(), private, out)
        }
        None => write(&journal, &sessions, asked, out),
        Some(path) => aside::file(path, |file| write(&journal, &sessions, asked, file)),
    }
}

fn write(
    journal: &Journal,
    sessions: &[Session],
    asked: &Export,
    out: &mut impl Write,
) -> Result<(), Failure> {
    let mut long = Long::begin("sessions exported", sessions.len())?;
    // What went to stdout is there; a file is not.
    let left = || match &asked.output {
        Some(_) => "nothing was written".to_owned(),
        None => "what was written is not all of it".to_owned(),
    };
    match asked.format {
        Form::Ndjson => {
            let english = Words::english();
            let mut writer = transfer::Writer::new(out);
            for session in sessions {
                let entries = unbroken(journal, session)?;
                let words = report::words_of(&entries, &english);
                writer.session(&entries, session.state == State::Closed, &words)?;
                long.step(left)?;
            }
        }
        Form::Csv => {
            let mut writer = csv::Writer::new(out)?;
            for session in sessions {
                let entries = unbroken(journal, session)?;
                if let Some(Kind::Session(header)) = entries.first().map(|first| &first.kind) {
                    writer.session(header, &measure::measure(&entries))?;
                }
                long.step(left)?;
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
pub(crate) fn unbroken(journal: &Journal, session: &Session) -> Result<Vec<Entry>, Failure> {
    if let Some(place) = journal.broken(session.key)? {
        let id = &session.id;
        return Err(anyhow::anyhow!(
            "session {id} was changed from outside at entry {place}, and is not exported: `unknot audit {id}` tells more"
        )
        .into());
    }
    Ok(journal.entries(session.key)?)
}

/// `unknot import`
pub(crate) fn import(db: &Path, files: &[PathBuf], out: &mut impl Write) -> Result<(), Failure> {
    for path in files {
        let name = path.display();
        let text = contents(path)?;
        let nothing = || "nothing was imported".to_owned();
        let mut long = Long::begin("bytes read", text.len())?;
        // Read before the store is touched, or made.
        let sessions = transfer::read_each(&text, |at| long.to(at, nothing))
            .map_err(|error| named(error, &name.to_string()))?;
        drop(long);
        let mut store = journal::Writer::open(db)?;
        let mut long = Long::begin("sessions imported", sessions.len())?;
        let foreign = sessions.iter().map(|session| {
            long.step(nothing)?;
            Ok::<_, Failure>(foreign(session))
        });
        let taken = store.import_each(foreign).map_err(|error| named(error, &name.to_string()))?;
        drop(long);
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

/// A failure that says of which file it is.
fn named(failure: Failure, file: &str) -> Failure {
    match failure {
        Failure::Failed(error) if error.is::<transfer::ReadError>() => {
            anyhow::anyhow!("{file}, {error}").into()
        }
        Failure::Failed(error) => error.context(file.to_owned()).into(),
        Failure::Interrupted { signal, left } => {
            Failure::Interrupted { signal, left: format!("{file}: {left}") }
        }
        other @ (Failure::Usage(_) | Failure::No | Failure::Signal(_)) => other,
    }
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
