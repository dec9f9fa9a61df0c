//! `unknot export` and `unknot import`: sessions out of the store as a file, and in again. A file is written aside and
//! renamed, so that none is ever there by half.
//!
//! What was changed from outside is handed on by none of them. Of all sessions the others are exported, and those left
//! out are named; a single one is refused. A Bundle is always of a single one.

use std::fs;
use std::io::{Read as _, Write, stderr};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use journal::{Foreign, Journal, OpenError, ReadError, ResolveError, Session, SessionKind, State, Taken};
use report::{Private, csv, fhir, html, measure, replace, transfer};
use transcript::{Entry, Kind};
use words::Words;

use super::read::{MISSING, find};
use super::{aside, pages};
use crate::args::{Export, Form};
use crate::failure::{Failure, Lines, shown};
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
            let mut sessions = journal.sessions()?;
            if !asked.with_practice {
                leave_practice_out(&mut sessions)?;
            }
            (journal, sessions)
        }
    };
    let private = if asked.with_screening { Private::Included } else { Private::LeftOut };
    let missing = asked.all && journal.is_missing_some()?;
    let mut left_out = LeftOut(Vec::new(), missing);
    match &asked.output {
        path if asked.all && asked.format == Form::Html => {
            pages::export(&journal, &sessions, db, path.as_deref(), private, &mut left_out, out)?;
        }
        None => write(&journal, &sessions, asked, &mut left_out, out)?,
        Some(path) => aside::file_if(
            path,
            db,
            |file| {
                write(&journal, &sessions, asked, &mut left_out, file)?;
                left_out.may_go_into(path, sessions.len())
            },
            |new| if asked.all { says_no_less(asked.format, path, new) } else { Ok(()) },
        )?,
    }
    out.flush()?;
    left_out.told(sessions.len())
}

/// Takes out the sessions in which nobody was touched, and tells of them on stderr: stdout is data.
fn leave_practice_out(sessions: &mut Vec<Session>) -> Result<(), Failure> {
    let all = sessions.len();
    sessions.retain(|session| session.kind == SessionKind::InHand);
    let practice = all - sessions.len();
    if practice == 0 {
        return Ok(());
    }
    if sessions.is_empty() {
        let said = format!("all {practice} sessions are practice: --with-practice exports them");
        return Err(anyhow::anyhow!(said).into());
    }
    let is = if practice == 1 { "session is" } else { "sessions are" };
    writeln!(stderr(), "unknot: {practice} practice {is} left out: --with-practice includes them")?;
    Ok(())
}

/// Refuses to put a new file of all sessions in the place of one that says more, or of something else.
pub(super) fn says_no_less(form: Form, old: &Path, new: &Path) -> Result<(), Failure> {
    let amounts = |path: &Path| {
        let text = fs::read_to_string(path).ok()?;
        match form {
            Form::Ndjson => replace::of_ndjson(&text),
            Form::Csv => replace::of_csv(&text),
            Form::Html => replace::of_page(&text),
            Form::Fhir => None,
        }
    };
    let name = old.display();
    if fs::metadata(old).map_or(true, |there| there.len() == 0) {
        return Ok(());
    }
    let Some(before) = amounts(old) else {
        let said = format!(
            "{name} is there already, is no such export, and was left as it is: name another file with -o"
        );
        return Err(anyhow::anyhow!(said).into());
    };
    let lost = replace::lost(&before, &amounts(new).unwrap_or_default());
    let Some(first) = lost.first() else { return Ok(()) };
    let more = if lost.len() == 1 { String::new() } else { format!(" and {} more", lost.len() - 1) };
    let said = format!(
        "{name} has more of session {first}{more} than the store, and was left as it is: name another file with -o"
    );
    Err(anyhow::anyhow!(said).into())
}

/// Why each session that was left out is not handed on, and whether others are missing of which nothing is known.
#[derive(Debug, Default)]
pub(crate) struct LeftOut(Vec<String>, bool);

impl LeftOut {
    /// The entries of this session; `None` where it is left out.
    pub(crate) fn or_entries(
        &mut self,
        journal: &Journal,
        session: &Session,
    ) -> Result<Option<Vec<Entry>>, Failure> {
        match whole(journal, session)? {
            Ok(entries) => Ok(Some(entries)),
            Err(why) => {
                self.0.push(why);
                Ok(None)
            }
        }
    }

    /// Of so many sessions, whether the others may be put into this file. What is there already may have, whole, the very
    /// session that is left out now.
    pub(crate) fn may_go_into(&self, path: &Path, of: usize) -> Result<(), Failure> {
        let why = if self.0.is_empty() && self.1 && path.is_file() {
            format!(
                "{MISSING}\n{} is there already, may have more, and was left as it is: name another file with -o",
                shown(path)
            )
        } else if self.0.is_empty() {
            return Ok(());
        } else if self.0.len() == of {
            "nothing was written".to_owned()
        } else if path.is_file() {
            format!(
                "{} is there already, may have more, and was left as it is: name another file with -o for the other {}",
                shown(path),
                of - self.0.len()
            )
        } else {
            return Ok(());
        };
        Err(Lines(format!("{}\n{why}", self.0.join("\n"))).into())
    }

    /// Tells of them, where there are any.
    fn told(self, of: usize) -> Result<(), Failure> {
        if self.0.is_empty() {
            return if self.1 { Err(anyhow::anyhow!(MISSING).into()) } else { Ok(()) };
        }
        let others = of - self.0.len();
        Err(Lines(format!("{}\n{others} of {of} sessions exported", self.0.join("\n"))).into())
    }
}

fn write(
    journal: &Journal,
    sessions: &[Session],
    asked: &Export,
    left_out: &mut LeftOut,
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
                if let Some(entries) = of_one_or_all(journal, session, asked, left_out)? {
                    let words = report::words_of(&entries, &english);
                    writer.session(&entries, session.state == State::Closed, &words)?;
                }
                long.step(left)?;
            }
        }
        Form::Csv => {
            let mut writer = csv::Writer::new(out)?;
            for session in sessions {
                let entries = of_one_or_all(journal, session, asked, left_out)?.unwrap_or_default();
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
                writeln!(out, "{}", words::escaped(format!("{bundle:#}")))?;
            }
        }
    }
    Ok(())
}

/// The entries of a session. One that was asked for by its name is not left out but refused.
fn of_one_or_all(
    journal: &Journal,
    session: &Session,
    asked: &Export,
    left_out: &mut LeftOut,
) -> Result<Option<Vec<Entry>>, Failure> {
    if asked.all { left_out.or_entries(journal, session) } else { unbroken(journal, session).map(Some) }
}

/// The entries of a session whose chain holds. What was changed from outside is never handed on as a record.
pub(crate) fn unbroken(journal: &Journal, session: &Session) -> Result<Vec<Entry>, Failure> {
    whole(journal, session)?.map_err(|why| anyhow::anyhow!(why).into())
}

/// The same, or why there are none. A store that fails is no fault of the session.
fn whole(journal: &Journal, session: &Session) -> Result<Result<Vec<Entry>, String>, Failure> {
    if let Some(place) = journal.broken(session.key)? {
        let id = words::foreign(&session.id);
        return Ok(Err(format!(
            "session {id} was changed from outside at entry {place}, and is not exported: `unknot audit {id}` tells more"
        )));
    }
    match journal.entries(session.key) {
        Ok(entries) => Ok(Ok(entries)),
        Err(why @ ReadError::Entry { .. }) => Ok(Err(words::foreign(&why.to_string()).into_owned())),
        Err(why @ ReadError::Store(_)) => Err(why.into()),
    }
}

/// `unknot import`
pub(crate) fn import(db: &Path, files: &[PathBuf], out: &mut impl Write) -> Result<(), Failure> {
    for path in files {
        let name = shown(path);
        let text = contents(path)?;
        let nothing = || "nothing was imported".to_owned();
        let mut long = Long::begin("bytes read", text.len())?;
        // Read before the store is touched, or made.
        let sessions = transfer::read_each(&text, |at| long.to(at, nothing))
            .map_err(|error| named(error, &name.to_string()))?;
        drop(long);
        let mut store =
            journal::Writer::open(db).map_err(|error| Failure::from(error).on_full_disk(UNTAKEN))?;
        let mut long = Long::begin("sessions imported", sessions.len())?;
        let foreign = sessions.iter().map(|session| {
            long.step(nothing)?;
            Ok::<_, Failure>(foreign(session))
        });
        let taken = store
            .import_each(foreign)
            .map_err(|error| named(error.on_full_disk(UNTAKEN), &name.to_string()))?;
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

/// What is said where the disk is full.
const UNTAKEN: &str = "nothing of this file was taken in";

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
    let name = shown(path);
    if path == Path::new("-") {
        let mut bytes = Vec::new();
        std::io::stdin().lock().take(LARGEST + 1).read_to_end(&mut bytes).context("cannot read the input")?;
        if bytes.len() as u64 > LARGEST {
            return Err(
                anyhow::anyhow!("the input is larger than 1 GiB: export fewer sessions into a file").into()
            );
        }
        return text(bytes, "the input");
    }
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
    text(bytes, &name.to_string())
}

/// The text that these bytes of a file are.
fn text(bytes: Vec<u8>, name: &str) -> Result<String, Failure> {
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = error.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count() + 1;
        anyhow::anyhow!("{name}, line {line}: this is not text; nothing was imported").into()
    })
}
