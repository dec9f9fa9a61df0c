//! The commands that read the store: `history` and `show`. A store that is not there yet holds nothing.

use std::io::Write;
use std::path::Path;

use journal::{Journal, OpenError, ResolveError, Session};
use words::Words;

use crate::failure::Failure;

/// `unknot history`
pub(crate) fn history(
    db: &Path,
    json: bool,
    receiver: Option<&str>,
    out: &mut impl Write,
) -> Result<(), Failure> {
    let mut sessions = match Journal::open(db) {
        Ok(journal) => journal.sessions()?,
        Err(OpenError::Missing(_)) => Vec::new(),
        Err(error) => return Err(error.into()),
    };
    if let Some(name) = receiver {
        sessions.retain(|session| session.receiver.as_deref() == Some(name));
    }
    if json {
        for session in &sessions {
            writeln!(out, "{}", report::history::json(session))?;
        }
    } else {
        out.write_all(report::history::text(&sessions, &Words::english()).as_bytes())?;
    }
    Ok(())
}

/// `unknot show`
pub(crate) fn show(db: &Path, session: &str, json: bool, out: &mut impl Write) -> Result<(), Failure> {
    let (journal, session) = find(db, session)?;
    let entries = journal.entries(session.key)?;
    let words = report::words_of(&entries, &Words::english());
    if json {
        for entry in &entries {
            writeln!(out, "{}", report::ndjson::line(entry, &words))?;
        }
    } else {
        out.write_all(report::text::transcript(&entries, &words).as_bytes())?;
    }
    // It is shown all the same: what can still be read may be all there is.
    match journal.broken(session.key)? {
        None => Ok(()),
        Some(place) => {
            out.flush()?;
            Err(anyhow::anyhow!(
                "session {} was changed from outside at entry {place}: do not rely on what is shown from there on",
                session.id
            )
            .into())
        }
    }
}

/// The session of this name, and the store it is in.
pub(crate) fn find(db: &Path, session: &str) -> Result<(Journal, Session), Failure> {
    let journal = match Journal::open(db) {
        Err(OpenError::Missing(_)) => return Err(ResolveError::NoSessions.into()),
        journal => journal?,
    };
    let found = journal.resolve(session)?;
    Ok((journal, found))
}
