//! `unknot letter`: what a session that was stopped comes to on one page, for a health professional.

use std::io::Write;
use std::path::{Path, PathBuf};

use report::letter::Letter;
use transcript::Kind;
use words::{Words, foreign};

use super::aside;
use super::read::find;
use super::transfer::unbroken;
use crate::args::Written;
use crate::failure::Failure;

/// `unknot letter`
pub(crate) fn run(
    db: &Path,
    session: &str,
    format: Written,
    output: Option<&Path>,
    out: &mut impl Write,
) -> Result<(), Failure> {
    let (letter, _) = letter(db, session)?;
    let text = written(&letter, format);
    match output {
        None => Ok(out.write_all(text.as_bytes())?),
        Some(path) => aside::file(path, db, |file| Ok(file.write_all(text.as_bytes())?)),
    }
}

/// Writes it in both forms into this folder, under names of their own. Gives the page.
pub(crate) fn into_folder(db: &Path, session: &str, folder: &Path) -> Result<PathBuf, Failure> {
    let (letter, id) = letter(db, session)?;
    // The first part of the id is the moment: it tells the letters of a folder apart, and sorts them.
    let short: String = id.chars().filter(|char| *char != '-').take(12).collect();
    let named = |ending: &str| folder.join(format!("unknot-letter-{short}.{ending}"));
    for (format, ending) in [(Written::Text, "txt"), (Written::Html, "html")] {
        let text = written(&letter, format);
        aside::file(&named(ending), db, |file| Ok(file.write_all(text.as_bytes())?))?;
    }
    Ok(named("html"))
}

/// Whether this session was stopped, so that there can be a letter about it.
pub(crate) fn is_about(db: &Path, session: &str) -> bool {
    letter(db, session).is_ok()
}

fn written(letter: &Letter, format: Written) -> String {
    match format {
        Written::Text => letter.text(),
        Written::Html => letter.html(),
    }
}

fn letter(db: &Path, session: &str) -> Result<(Letter, String), Failure> {
    let (journal, session) = find(db, session)?;
    let entries = unbroken(&journal, &session)?;
    let words = report::words_of(&entries, &Words::english());
    let letter = match entries.first().map(|first| &first.kind) {
        Some(Kind::Session(header)) => Letter::of(header, &entries, &words),
        Some(_) | None => None,
    };
    let id = session.id;
    match letter {
        Some(letter) => Ok((letter, id)),
        None => {
            let id = foreign(&id);
            Err(anyhow::anyhow!(
                "session {id} was not stopped, and a letter is about a stop: `unknot export {id} --format html` writes it as a page"
            )
            .into())
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use journal::Writer;
    use transcript::PlanKept;

    use super::*;
    use crate::clock::fresh_id;
    use crate::practice::header;
    use sim::{Cast, Memory, Settings, Simulation};

    /// A store with one session, as this script has it, and the session's id.
    fn store(folder: &Path, script: &str) -> (PathBuf, String) {
        let script = plans::Script::parse("script", script).unwrap();
        let plan = PlanKept::new(&coach::Plan::partner(), "");
        let header = header(fresh_id(), plan, None, "2026-11-22T18:00:00Z".parse().unwrap());
        let cast = Cast::Script(script.run.clone(), crate::script_keys::keymap);
        let mut sitting =
            Simulation::begin(header.clone(), Memory::new(), Settings::of(&script), cast).unwrap();
        sitting.run(Duration::from_secs(600), |_| {}).unwrap();
        let db = folder.join("store.db");
        Writer::open(&db).unwrap().create_with(&header, &sitting.into_storage()[1..]).unwrap();
        (db, header.id)
    }

    #[test]
    fn both_forms_are_written_into_the_folder_at_hand_and_only_after_a_stop() {
        let folder = tempfile::tempdir().unwrap();
        let (db, id) = store(folder.path(), "steps = [{ screen = [\"fever\"] }]");
        assert!(is_about(&db, &id));
        let page = into_folder(&db, &id, folder.path()).unwrap();
        let html = std::fs::read_to_string(&page).unwrap();
        let text = std::fs::read_to_string(page.with_extension("txt")).unwrap();
        assert!(html.contains("pressing can spread it"), "{html}");
        assert!(text.starts_with("A note for a health professional\n"), "{text}");

        let other = tempfile::tempdir().unwrap();
        let (db, id) = store(other.path(), "steps = [{ screen = \"clear\" }]");
        assert!(!is_about(&db, &id));
        assert!(into_folder(&db, &id, other.path()).is_err());
        assert_eq!(
            std::fs::read_dir(other.path())
                .unwrap()
                .filter(|file| { file.as_ref().unwrap().file_name().to_string_lossy().contains("letter") })
                .count(),
            0
        );
    }
}
