//! `unknot doctor`: what works, and how to mend the rest; a line each, so that a screen reader reads it and a person can
//! send it to somebody who helps. Exit 1 if a session over the air could not work.

use std::io::{IsTerminal as _, Write};
use std::path::{Path, PathBuf};

use journal::{Journal, OpenError, SessionKind, Writer};
use words::{Value, Words, foreign};

use super::texts;
use crate::clickers::Clickers;
use crate::failure::Failure;
use crate::screen::Look;

/// Less than this and a few evenings fill it.
const ROOM_MB: u64 = 50;

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Finding {
    /// What it is about.
    pub(super) what: &'static str,
    /// Whether it works.
    pub(super) mark: Mark,
    /// What was found, and what to do about it.
    pub(super) text: String,
}

/// Whether something works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// It does.
    Ok,
    /// It does not.
    Not,
    /// Worth knowing.
    Note,
}

/// `unknot doctor`
pub(crate) fn doctor(db: &Path, look: Look, out: &mut impl Write) -> Result<(), Failure> {
    let words = Words::english();
    let tell = |finding: &Finding, out: &mut dyn Write| {
        let mark = match finding.mark {
            Mark::Ok => texts::DOCTOR_OK,
            Mark::Not => texts::DOCTOR_NOT,
            Mark::Note => texts::DOCTOR_NOTE,
        };
        let [mark, what] = [mark, finding.what].map(|id| words.render(id, &[]));
        writeln!(out, "{mark:7} {what:9} {}", foreign(&finding.text))
    };
    // What is quick comes first: the air takes a while.
    let (store, stores) = store(&words, db);
    for finding in [terminal(&words, look), speech(&words), store].concat() {
        tell(&finding, out)?;
    }
    out.flush()?;
    let (findings, works) = match Clickers::beside(db) {
        Ok(clickers) => air(&words, &clickers)?,
        Err(why) => {
            let text =
                words.render(texts::DOCTOR_CLICKERS_FILE, &[("why", Value::Name(&format!("{why:#}")))]);
            (vec![Finding { what: texts::DOCTOR_CLICKER, mark: Mark::Not, text }], false)
        }
    };
    for finding in findings {
        tell(&finding, out)?;
    }
    if works && stores { Ok(()) } else { Err(Failure::No) }
}

fn air(words: &Words, clickers: &Clickers) -> Result<(Vec<Finding>, bool), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut signals = crate::signals::Signals::listen()?;
        tokio::select! {
            found = super::check::air(words, clickers) => Ok(found),
            number = signals.end() => Err(Failure::Signal(number)),
        }
    })
}

fn terminal(words: &Words, look: Look) -> Vec<Finding> {
    let said = |mark, text| Finding { what: texts::DOCTOR_TERMINAL, mark, text };
    let plain = |id| words.render(id, &[]);
    let mut findings = Vec::new();
    if !std::io::stdout().is_terminal() || !std::io::stdin().is_terminal() {
        return vec![said(Mark::Note, plain(texts::DOCTOR_TERMINAL_NONE))];
    }
    if !look.fits() {
        return vec![said(Mark::Not, plain(texts::DOCTOR_TERMINAL_DUMB))];
    }
    let (width, height) = crossterm::terminal::size().unwrap_or_default();
    let colours = plain(match look.theme.colours {
        tui::Colours::None => texts::DOCTOR_COLOURS_NONE,
        tui::Colours::Sixteen => texts::DOCTOR_COLOURS_SIXTEEN,
        tui::Colours::Full => texts::DOCTOR_COLOURS_FULL,
    });
    let size = format!("{width}x{height}");
    let small = width < tui::LEAST.width || height < tui::LEAST.height;
    let (mark, id) =
        if small { (Mark::Not, texts::DOCTOR_TERMINAL_SMALL) } else { (Mark::Ok, texts::DOCTOR_TERMINAL_OK) };
    let args = [("size", Value::Name(&size)), ("colours", Value::Name(&colours))];
    findings.push(said(mark, words.render(id, &args)));
    if !cfg!(windows) && !is_utf8(|name| std::env::var(name).ok()) {
        findings.push(said(Mark::Not, plain(texts::DOCTOR_NOT_UTF8)));
    }
    findings
}

/// Whether the locale says UTF-8: the first of these that is set decides.
fn is_utf8(variable: impl Fn(&str) -> Option<String>) -> bool {
    let set = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().filter_map(variable).find(|value| !value.is_empty());
    // A terminal of today that says nothing draws UTF-8 all the same.
    set.is_none_or(|value| {
        let value = value.to_lowercase();
        value.contains("utf-8") || value.contains("utf8")
    })
}

fn speech(words: &Words) -> Vec<Finding> {
    let path = std::env::var_os("PATH");
    let found = |program: Option<voice::Program>, id, none| match program {
        Some(program) => words.render(id, &[("program", Value::Name(&program.path.display().to_string()))]),
        None => words.render(none, &[]),
    };
    let speaker = voice::find_speaker(None, path.as_deref());
    let player = voice::find_player(path.as_deref());
    let spoken = found(speaker, texts::DOCTOR_SPEECH_FOUND, texts::DOCTOR_SPEECH_NONE);
    let played = found(player, texts::DOCTOR_TONES_FOUND, texts::DOCTOR_TONES_NONE);
    vec![
        Finding { what: texts::DOCTOR_SPEECH, mark: Mark::Note, text: spoken },
        Finding { what: texts::DOCTOR_TONES, mark: Mark::Note, text: played },
    ]
}

/// The store: whether a session could be kept in it. Nothing is made that is not there yet.
fn store(words: &Words, db: &Path) -> (Vec<Finding>, bool) {
    let shown = db.display().to_string();
    let said = |mark, text| Finding { what: texts::DOCTOR_STORE, mark, text };
    let tell = |mark, id, args: &[(&str, Value<'_>)]| said(mark, words.render(id, args));
    let path = ("path", Value::Name(&shown));
    let mut findings = Vec::new();
    let mut stores = true;
    match Journal::open(db).map(|journal| (journal, Writer::open(db))) {
        Err(OpenError::Missing(_)) => {
            let folder = there(db);
            if let Some(kind) = journal::shared_folder(db) {
                stores = false;
                let why = OpenError::Shared { path: db.to_owned(), kind };
                findings.push(tell(
                    Mark::Not,
                    texts::DOCTOR_STORE_NOT,
                    &[("why", Value::Name(&why.to_string()))],
                ));
            } else if may_write(&folder) {
                findings.push(tell(Mark::Ok, texts::DOCTOR_STORE_NONE, &[path]));
            } else {
                stores = false;
                let folder = folder.display().to_string();
                let args = [path, ("folder", Value::Name(&folder))];
                findings.push(tell(Mark::Not, texts::DOCTOR_STORE_NONE_NOT, &args));
            }
        }
        Err(why) | Ok((_, Err(why))) if !matches!(why, OpenError::InUse(..)) => {
            stores = false;
            findings.push(tell(
                Mark::Not,
                texts::DOCTOR_STORE_NOT,
                &[("why", Value::Name(&why.to_string()))],
            ));
        }
        Err(_) => findings.push(tell(Mark::Note, texts::DOCTOR_STORE_USED, &[path])),
        Ok((journal, writer)) => {
            let sessions = journal.sessions().map_or(0, |sessions| sessions.len());
            let n = Value::Number(u32::try_from(sessions).unwrap_or(u32::MAX));
            findings.push(match writer {
                Ok(_) => tell(Mark::Ok, texts::DOCTOR_STORE_OK, &[path, ("n", n)]),
                Err(_) => tell(Mark::Note, texts::DOCTOR_STORE_USED, &[path]),
            });
            findings.push(tell(Mark::Note, texts::DOCTOR_STORE_BACKUP, &[]));
            for (held, command) in
                [(SessionKind::InHand, "unknot session"), (SessionKind::Practice, "unknot practice")]
            {
                if matches!(journal.last_open(held), Ok(Some(_))) {
                    let args = [("command", Value::Name(command))];
                    findings.push(tell(Mark::Note, texts::DOCTOR_STORE_INTERRUPTED, &args));
                }
            }
        }
    }
    if let Some(megabytes) = free_megabytes(&there(db)) {
        let args = [("megabytes", Value::Number(u32::try_from(megabytes).unwrap_or(u32::MAX)))];
        let full = megabytes < ROOM_MB;
        stores &= !full;
        findings.push(if full {
            tell(Mark::Not, texts::DOCTOR_DISK_FULL, &args)
        } else {
            tell(Mark::Ok, texts::DOCTOR_DISK, &args)
        });
    }
    (findings, stores)
}

/// The folder of a store, or the nearest one above it that is there already.
fn there(db: &Path) -> PathBuf {
    let above = db.ancestors().skip(1).find(|folder| folder.is_dir());
    above.map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}

#[cfg(unix)]
fn may_write(folder: &Path) -> bool {
    rustix::fs::access(folder, rustix::fs::Access::WRITE_OK).is_ok()
}

#[cfg(not(unix))]
fn may_write(folder: &Path) -> bool {
    folder.metadata().is_ok_and(|folder| !folder.permissions().readonly())
}

#[cfg(unix)]
fn free_megabytes(folder: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize) / (1024 * 1024))
}

#[cfg(not(unix))]
fn free_megabytes(_: &Path) -> Option<u64> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_variable_that_is_set_decides_the_letters() {
        let utf8 = |given: &[(&str, &str)]| {
            is_utf8(|name| given.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
        };
        assert!(utf8(&[]));
        assert!(utf8(&[("LANG", "de_DE.UTF-8")]));
        assert!(!utf8(&[("LC_ALL", "C"), ("LANG", "de_DE.UTF-8")]));
        assert!(utf8(&[("LC_ALL", ""), ("LC_CTYPE", "C.utf8"), ("LANG", "C")]));
    }

    #[test]
    fn a_store_that_is_not_there_is_not_made() {
        let folder = tempfile::tempdir().unwrap();
        let db = folder.path().join("not").join("yet").join("unknot.db");
        let (findings, stores) = store(&Words::english(), &db);
        assert!(stores);
        assert!(findings[0].text.contains("made with the first session"), "{findings:?}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn rubbish_in_the_place_of_a_store_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let db = folder.path().join("unknot.db");
        std::fs::write(&db, "rubbish, and enough of it to be no empty file").unwrap();
        let (findings, stores) = store(&Words::english(), &db);
        assert!(!stores);
        assert_eq!(findings[0].mark, Mark::Not);
    }
}
