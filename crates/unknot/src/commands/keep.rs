//! `unknot note` and `unknot forget`: what a person adds to a stored session, and what they take away for good.

use std::io::{BufRead as _, IsTerminal as _, Write, stdin};
use std::path::Path;

use jiff::tz::TimeZone;
use journal::{Journal, OpenError, ResolveError, Writer};
use transcript::Wording;
use words::foreign;

use super::read;
use crate::clock::{Clock as _, SystemClock};
use crate::failure::Failure;
use crate::long::Long;

/// A remark is a remark: longer than this it is a document, and no screen shows it.
const LONGEST_NOTE: usize = 4_000;

/// `unknot note SESSION TEXT`: adds a remark, or gives the one with this number another wording.
pub(crate) fn note(
    db: &Path,
    session: &str,
    text: &str,
    edit: Option<usize>,
    out: &mut impl Write,
) -> Result<(), Failure> {
    let text = worth_keeping(text).map_err(Failure::Usage)?;
    let mut store = open(db).map_err(unkept)?;
    let found = read::resolve(&store, session)?;
    let wall = SystemClock::start().read().wall.to_string();
    let Some(number) = edit else {
        store.note(found.key, text, &wall).map_err(unkept)?;
        writeln!(out, "Noted in {}.", foreign(&found.id))?;
        return Ok(());
    };
    let notes = store.readable(found.key)?.notes();
    let Some(note) = number.checked_sub(1).and_then(|nth| notes.get(nth)) else {
        let there = match notes.len() {
            0 => "this session has no note yet".to_owned(),
            1 => "this session has one note, number 1".to_owned(),
            most => format!("this session has notes 1 to {most}"),
        };
        return Err(anyhow::anyhow!(
            "there is no note {number}: {there}; `unknot note {}` lists them",
            foreign(session)
        )
        .into());
    };
    store.edit_note(found.key, note.now.place, text, &wall).map_err(unkept)?;
    writeln!(
        out,
        "Note {number} of {} reads otherwise now; how it read before is kept.",
        foreign(&found.id)
    )?;
    Ok(())
}

fn unkept(error: impl Into<Failure>) -> Failure {
    error.into().on_full_disk("the note was not kept")
}

/// `unknot note SESSION`: the remarks, with the numbers by which they are edited.
pub(crate) fn notes(db: &Path, session: &str, out: &mut impl Write) -> Result<(), Failure> {
    let (journal, found) = read::find(db, session)?;
    let notes = journal.readable(found.key)?.notes();
    if notes.is_empty() {
        writeln!(out, "No notes yet. `unknot note {} \"TEXT\"` adds one.", foreign(session))?;
    }
    for (number, note) in (1..).zip(&notes) {
        writeln!(out, "{number}  {}{}", foreign(&note.now.text), written(&note.now, note.at_ms))?;
        for before in note.before.iter().rev() {
            writeln!(out, "   before: {}{}", foreign(&before.text), written(before, note.at_ms))?;
        }
    }
    Ok(())
}

fn written(wording: &Wording, at_ms: u64) -> String {
    match &wording.wall {
        Some(wall) => format!(" ({})", foreign(&report::wall::local(wall, &TimeZone::system()))),
        None => format!(" ({} into the session)", report::text::clock(at_ms)),
    }
}

/// Puts more into a note that is being typed, as much as it has room for; where not all of it, gives what is said then.
pub(crate) fn put(note: &mut String, more: &str) -> Option<String> {
    let room = LONGEST_NOTE.saturating_sub(note.chars().count());
    note.extend(more.chars().take(room));
    (more.chars().count() > room)
        .then(|| format!("A note has at most {LONGEST_NOTE} letters: the rest was left out."))
}

/// The remark without what surrounds it, or why it is none.
pub(crate) fn worth_keeping(text: &str) -> Result<&str, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err("the note is empty: say something, in quotes".to_owned());
    }
    if text.chars().count() > LONGEST_NOTE {
        return Err(format!("a note has at most {LONGEST_NOTE} letters"));
    }
    Ok(text)
}

/// What is said where the disk is full: what is deleted is written over first.
const UNDELETED: &str = "nothing was deleted, for that takes room as well until it is done";

/// So many sessions are forgotten at a time: an interruption waits for these, and the index is written anew once for them.
const TOGETHER: usize = 200;

/// `unknot forget`: one session, or with `None` all of them.
pub(crate) fn forget(
    db: &Path,
    session: Option<&str>,
    yes: bool,
    out: &mut impl Write,
) -> Result<(), Failure> {
    let mut store = open(db).map_err(|failure| failure.on_full_disk(UNDELETED))?;
    if session == Some("missing") {
        return forget_missing(&mut store, yes, out);
    }
    let found = match session {
        Some(name) => vec![read::resolve(&store, name)?],
        None => store.sessions()?,
    };
    if found.is_empty() {
        return Err(ResolveError::NoSessions.into());
    }
    let what = match &found[..] {
        [one] => format!("session {} of {}", foreign(&one.id), foreign(&one.started)),
        all => format!("all {} sessions", all.len()),
    };
    if !yes && !agreed(&what, out)? {
        return Err(anyhow::anyhow!("nothing was deleted").into());
    }
    let mut long = Long::begin("sessions deleted", found.len())?;
    let mut gone = 0;
    let all = found.len();
    let so_far = |gone| format!("{gone} of {all} sessions are deleted for good, the others are as they were");
    for some in found.chunks(TOGETHER) {
        let keys: Vec<_> = some.iter().map(|session| session.key).collect();
        store.forget_all(&keys).map_err(|error| {
            let undone = if gone == 0 { UNDELETED.to_owned() } else { so_far(gone) };
            Failure::from(error).on_full_disk(&undone)
        })?;
        gone += some.len();
        if gone < all {
            long.to(gone, || so_far(gone))?;
        }
    }
    drop(long);
    writeln!(out, "Deleted for good: {what}.")?;
    Ok(())
}

/// `unknot forget missing`: what was taken out of the store from outside is told of no more, and counts for nothing.
fn forget_missing(store: &mut Writer, yes: bool, out: &mut impl Write) -> Result<(), Failure> {
    if !store.is_missing_some()? {
        return Err(anyhow::anyhow!("no session is missing from the store: nothing was forgotten").into());
    }
    if !yes && !agreed("the memory of sessions that are missing", out)? {
        return Err(anyhow::anyhow!("nothing was deleted").into());
    }
    store.accept().map_err(|error| Failure::from(error).on_full_disk("nothing was forgotten"))?;
    writeln!(out, "The store is taken as it stands. What is missing counts for nothing any more.")?;
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
