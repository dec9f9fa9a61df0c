//! `unknot note` and `unknot forget`: what a person adds to a stored session, and what they take away for good.

use std::io::{BufRead as _, IsTerminal as _, Write, stdin};
use std::path::Path;

use journal::{Journal, OpenError, ResolveError, Writer};

use crate::clock::{Clock as _, SystemClock};
use crate::failure::Failure;

/// A remark is a remark: longer than this it is a document, and no screen shows it.
const LONGEST_NOTE: usize = 4_000;

/// `unknot note`
pub(crate) fn note(db: &Path, session: &str, text: &str, out: &mut impl Write) -> Result<(), Failure> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Failure::Usage("the note is empty: say something, in quotes".to_owned()));
    }
    if text.chars().count() > LONGEST_NOTE {
        return Err(Failure::Usage(format!("a note has at most {LONGEST_NOTE} letters")));
    }
    let mut store = open(db)?;
    let found = store.resolve(session)?;
    store.note(found.key, text, &SystemClock::start().read().wall.to_string())?;
    writeln!(out, "Noted in {}.", found.id)?;
    Ok(())
}

/// `unknot forget`: one session, or with `None` all of them.
pub(crate) fn forget(
    db: &Path,
    session: Option<&str>,
    yes: bool,
    out: &mut impl Write,
) -> Result<(), Failure> {
    let mut store = open(db)?;
    let found = match session {
        Some(name) => vec![store.resolve(name)?],
        None => store.sessions()?,
    };
    if found.is_empty() {
        return Err(ResolveError::NoSessions.into());
    }
    let what = match &found[..] {
        [one] => format!("session {} of {}", one.id, one.started),
        all => format!("all {} sessions", all.len()),
    };
    if !yes && !agreed(&what, out)? {
        return Err(anyhow::anyhow!("nothing was deleted").into());
    }
    for session in &found {
        store.forget(session.key)?;
    }
    writeln!(out, "Deleted for good: {what}.")?;
    Ok(())
}

fn agreed(what: &str, out: &mut impl Write) -> Result<bool, Failure> {
    if !stdin().is_terminal() {
        return Err(Failure::Usage(format!("to delete {what} without being asked, add --yes")));
    }
    write!(out, "Delete {what} for good? There is no way back. Type yes: ")?;
    out.flush()?;
    let mut answer = String::new();
    stdin().lock().read_line(&mut answer)?;
    Ok(answer.trim().eq_ignore_ascii_case("yes"))
}

/// The store, for writing; none is made for this.
fn open(db: &Path) -> Result<Writer, Failure> {
    match Journal::open(db) {
        Err(OpenError::Missing(_)) => return Err(ResolveError::NoSessions.into()),
        looked => drop(looked?),
    }
    Ok(Writer::open(db)?)
}
