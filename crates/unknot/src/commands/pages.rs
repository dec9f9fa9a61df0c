//! `unknot export --all --format html`: into a folder an index, a page for each receiver and one for each session; into a
//! file the receivers' pages as one.

use std::collections::HashMap;
use std::fs;
use std::io::Write;
use std::path::Path;

use journal::{Journal, ResolveError, Session, is_one_receiver};
use report::html::{self, across};
use report::{Private, measure};
use transcript::Kind;
use words::Words;

use super::aside;
use super::transfer::{LeftOut, says_no_less};
use crate::args::Form;
use crate::failure::Failure;
use crate::long::Long;

/// The name of the page that leads to all others.
const INDEX: &str = "index.html";

/// Into the folder or the file at this path, or without one to `out`, as a file.
pub(crate) fn export(
    journal: &Journal,
    sessions: &[Session],
    db: &Path,
    path: Option<&Path>,
    private: Private,
    left_out: &mut LeftOut,
    out: &mut impl Write,
) -> Result<(), Failure> {
    if sessions.is_empty() {
        return Err(ResolveError::NoSessions.into());
    }
    match path {
        Some(path) if is_folder(path) => aside::folder(path, db, |folder| {
            pages(journal, sessions, folder, private, left_out)?;
            left_out.may_go_into(path, sessions.len())
        }),
        Some(path) => aside::file_if(
            path,
            db,
            |file| {
                one(journal, sessions, left_out, file)?;
                left_out.may_go_into(path, sessions.len())
            },
            |new| says_no_less(Form::Html, path, new),
        ),
        None => one(journal, sessions, left_out, out),
    }
}

/// A name without the ending of a file is a folder's.
fn is_folder(path: &Path) -> bool {
    path.is_dir() || path.extension().is_none()
}

fn one(
    journal: &Journal,
    sessions: &[Session],
    left_out: &mut LeftOut,
    out: &mut impl Write,
) -> Result<(), Failure> {
    let trends = each(journal, sessions, left_out, |_, _| Ok(()))?;
    out.write_all(across::overview(&trends, &Words::english()).as_bytes())?;
    Ok(())
}

fn pages(
    journal: &Journal,
    sessions: &[Session],
    folder: &Path,
    private: Private,
    left_out: &mut LeftOut,
) -> Result<(), Failure> {
    let english = Words::english();
    // By number: an id that another program made may be no name of a file.
    let names: HashMap<&str, String> = (1_usize..)
        .zip(sessions)
        .map(|(number, session)| (session.id.as_str(), format!("session-{number}.html")))
        .collect();
    let page = |id: &str| names.get(id).cloned();
    let trends = each(journal, sessions, left_out, |session, entries| {
        if let (Some(Kind::Session(header)), Some(name)) =
            (entries.first().map(|first| &first.kind), page(&session.id))
        {
            let words = report::words_of(entries, &english);
            fs::write(folder.join(name), html::page(header, entries, private, &words))?;
        }
        Ok(())
    })?;
    let receivers: HashMap<&String, String> = (1_usize..)
        .zip(trends.keys())
        .map(|(number, receiver)| (receiver, format!("receiver-{number}.html")))
        .collect();
    for (receiver, trend) in &trends {
        if let Some(name) = receivers.get(receiver) {
            fs::write(folder.join(name), across::trend(receiver, trend, INDEX, &page, &english))?;
        }
    }
    let trend = |receiver: &str| receivers.get(&receiver.to_owned()).cloned().unwrap_or_default();
    fs::write(folder.join(INDEX), across::index(&trends, &trend, &page))?;
    Ok(())
}

/// Every session once: its entries are handed on, and what they come to goes into its receiver's trend. One that is left
/// out is counted there, where there is any other of the same receiver. Who was spelled in several ways stands under the
/// one that was used most.
fn each(
    journal: &Journal,
    sessions: &[Session],
    left_out: &mut LeftOut,
    mut hand: impl FnMut(&Session, &[transcript::Entry]) -> Result<(), Failure>,
) -> Result<across::Trends, Failure> {
    let mut trends = across::Trends::new();
    let receivers = journal.receivers()?;
    let under = |name: &str| {
        let known = receivers.iter().map(|(known, _)| known).find(|known| is_one_receiver(known, name));
        known.cloned().unwrap_or_else(|| name.to_owned())
    };
    let mut long = Long::begin("sessions exported", sessions.len())?;
    let mut missing = Vec::new();
    for session in sessions {
        let Some(entries) = left_out.or_entries(journal, session)? else {
            missing.push(under(session.receiver.as_deref().unwrap_or_default()));
            long.step(|| "nothing was written".to_owned())?;
            continue;
        };
        if let Some(Kind::Session(header)) = entries.first().map(|first| &first.kind) {
            let receiver = under(header.receiver.as_deref().unwrap_or_default());
            trends.entry(receiver).or_default().add(header, &measure::measure(&entries));
        }
        hand(session, &entries)?;
        long.step(|| "nothing was written".to_owned())?;
    }
    for receiver in missing {
        if let Some(trend) = trends.get_mut(&receiver) {
            trend.miss();
        }
    }
    Ok(trends)
}

#[cfg(test)]
mod tests {
    use journal::Writer;
    use transcript::Header;

    use super::*;
    use crate::clock::fresh_id;
    use crate::commands::plan::chosen;
    use crate::practice::header;

    #[test]
    fn a_receiver_has_one_page_however_they_were_spelled() {
        let folder = tempfile::tempdir().unwrap();
        let db = folder.path().join("store.db");
        let mut writer = Writer::open(&db).unwrap();
        for (name, wall) in [
            (Some("anna"), "2026-01-01T10:00:00Z"),
            (Some("Anna"), "2026-02-02T10:00:00Z"),
            (None, "2026-02-02T12:00:00Z"),
            (Some("Bo"), "2026-02-03T10:00:00Z"),
            (Some(" Anna "), "2026-03-03T10:00:00Z"),
            (Some("Anna"), "2026-04-04T10:00:00Z"),
        ] {
            let plain = header(fresh_id(), chosen(None).unwrap(), None, wall.parse().unwrap());
            writer.create(&Header { receiver: name.map(str::to_owned), ..plain }).unwrap();
        }
        drop(writer);
        let journal = Journal::open(&db).unwrap();
        let sessions = journal.sessions().unwrap();
        let trends = each(&journal, &sessions, &mut LeftOut::default(), |_, _| Ok(())).unwrap();
        let found: Vec<(&str, usize)> =
            trends.iter().map(|(name, trend)| (name.as_str(), trend.sittings().0.each.len())).collect();
        assert_eq!(found, [("", 1), ("Anna", 4), ("Bo", 1)]);
    }
}
