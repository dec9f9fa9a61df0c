//! The commands that read the store: `history` and `show`. A store that is not there yet holds nothing.

use std::io::Write;
use std::path::Path;

use jiff::tz::TimeZone;
use journal::{Filter, Journal, OpenError, ResolveError, Session, is_one_receiver};
use transcript::Unread;
use words::{Words, foreign};

use crate::failure::{Failure, Lines};

/// `unknot history`
pub(crate) fn history(
    db: &Path,
    json: bool,
    receiver: Option<&str>,
    out: &mut impl Write,
) -> Result<(), Failure> {
    let (mut sessions, changed) = match Journal::open(db) {
        Ok(journal) => (journal.sessions()?, changed(&journal)?),
        Err(OpenError::Missing(_)) => (Vec::new(), Vec::new()),
        Err(error) => return Err(error.into()),
    };
    if let Some(name) = receiver {
        let is_theirs =
            |session: &Session| session.receiver.as_deref().is_some_and(|known| is_one_receiver(known, name));
        sessions.retain(is_theirs);
    }
    if json {
        for session in &sessions {
            writeln!(out, "{}", report::history::json(session))?;
        }
    } else {
        out.write_all(report::history::text(&sessions, &Words::english(), &TimeZone::system()).as_bytes())?;
    }
    if changed.is_empty() {
        return Ok(());
    }
    out.flush()?;
    Err(Lines(changed.join("\n")).into())
}

/// What is to be said where sessions are missing.
pub(crate) const MISSING: &str = "sessions were taken out of the store, or put into it, from outside: put a copy of it in its place, or take it as it stands with `unknot forget missing`";

/// What was changed from outside that a list of sessions is made of, a sentence each.
fn changed(journal: &Journal) -> Result<Vec<String>, Failure> {
    let mut changed: Vec<String> = Vec::new();
    for session in journal.sessions()?.iter().filter(|session| session.altered) {
        let id = foreign(&session.id);
        changed.push(format!(
            "what the list says of session {id} was changed from outside: `unknot audit {id}` tells more"
        ));
    }
    if journal.is_missing_some()? {
        changed.push(MISSING.to_owned());
    }
    Ok(changed)
}

/// `unknot show`
pub(crate) fn show(db: &Path, session: &str, json: bool, out: &mut impl Write) -> Result<(), Failure> {
    let (journal, session) = find(db, session)?;
    let read = journal.readable(session.key)?;
    let words = report::words_of(&read.entries, &Words::english());
    if json {
        for entry in &read.entries {
            writeln!(out, "{}", report::ndjson::line(entry, &words))?;
        }
    } else {
        out.write_all(report::text::transcript(&read, &words).as_bytes())?;
    }
    // It is shown all the same: what can still be read may be all there is.
    let id = foreign(&session.id);
    let unread = read.unread.iter().map(|Unread { place, reason }| {
        format!("entry {place} of session {id} cannot be read, and is left out: {}", foreign(reason))
    });
    let broken = journal.broken(session.key)?.map(|place| {
        format!(
            "session {id} was changed from outside at entry {place}: do not rely on what is shown from there on"
        )
    });
    let wrong: Vec<String> = unread.chain(broken).collect();
    if wrong.is_empty() {
        return Ok(());
    }
    out.flush()?;
    Err(Lines(wrong.join("\n")).into())
}

/// The session of this name, and the store it is in.
pub(crate) fn find(db: &Path, session: &str) -> Result<(Journal, Session), Failure> {
    let journal = match Journal::open(db) {
        Err(OpenError::Missing(_)) => return Err(ResolveError::NoSessions.into()),
        journal => journal?,
    };
    if session == "last" && journal.is_missing_some()? {
        return Err(anyhow::anyhow!(
            "{MISSING}. Which session is the last is not known until then: name one by its id"
        )
        .into());
    }
    let found = resolve(&journal, session)?;
    Ok((journal, found))
}

/// So many sessions are listed where a name leads to none or to several; `unknot history` lists all.
const CANDIDATES: usize = 10;

/// The session of this name; where there is none, or are several, the failure lists those that may be meant.
pub(crate) fn resolve(journal: &Journal, name: &str) -> Result<Session, Failure> {
    let (why, mut candidates) = match journal.resolve(name) {
        Ok(found) => return Ok(found),
        Err(why @ ResolveError::Unknown(_)) => {
            (format!("{why}. The latest are:"), journal.list(&Filter::default(), 0, CANDIDATES)?.sessions)
        }
        Err(ResolveError::Ambiguous { prefix, ids }) => {
            let mut meant = journal.sessions()?;
            meant.retain(|session| ids.contains(&session.id));
            meant.reverse();
            meant.truncate(CANDIDATES);
            let latest = if ids.len() > CANDIDATES { " The latest of them are:" } else { " They are:" };
            (
                format!(
                    "`{}` is the beginning of {} sessions: give more of it.{latest}",
                    foreign(&prefix),
                    ids.len()
                ),
                meant,
            )
        }
        Err(why @ (ResolveError::NoSessions | ResolveError::Read(_))) => return Err(why.into()),
    };
    // As the history has them, the latest last.
    candidates.reverse();
    let table = report::history::text(&candidates, &Words::english(), &TimeZone::system());
    Err(Lines(format!("{}\n{}", foreign(&why), table.trim_end())).into())
}
