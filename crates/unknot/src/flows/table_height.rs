//! How high the receiver lies: named on the command line, or known from the last session of two people, or asked once
//! before the first. The partner's posture follows from it. Solo plans skip this question.

use coach::body::Table;
use coach::{Named as _, Technique};
use journal::{Filter, Journal};
use words::Words;

use super::{Dialog, DialogView, Exit, Flow};
use crate::failure::Failure;
use crate::keys::Press;
use crate::live::Why;

/// The ids of what is written here. They stand in the file of the language under "How high the receiver lies".
mod texts {
    pub(super) const TITLE: &str = "table-height-title";
    pub(super) const ASK: &str = "table-height-ask";
    pub(super) const SKIP: &str = "table-height-skip";

    #[cfg(test)]
    pub(super) const ALL: &[&str] = &[TITLE, ASK, SKIP];
}

/// What a word on the command line names.
///
/// # Errors
/// Where it names nothing, with what would.
pub(crate) fn named(word: &str) -> Result<Table, String> {
    let names: Vec<&str> = Table::ALL.iter().map(|table| table.name()).collect();
    Table::from_name(word).ok_or_else(|| format!("one of {}", names.join(", ")))
}

/// The height that is named, or was given in the last session in which one was. `None` in solo plans.
pub(crate) fn of(
    journal: &Journal,
    technique: Technique,
    named: Option<Table>,
) -> Result<Option<Table>, Failure> {
    if technique.is_alone() || named.is_some() {
        return Ok(named.filter(|_| !technique.is_alone()));
    }
    for key in journal.found(&Filter::default())? {
        // A session that cannot be read hides nothing of the others.
        if let Ok(Some(header)) = journal.header(key)
            && header.table.is_some()
        {
            return Ok(header.table);
        }
    }
    Ok(None)
}

/// Asks for the height, unless it is known already or the plan is a solo plan.
pub(crate) async fn ask<V: DialogView>(
    technique: Technique,
    known: Option<Table>,
    dialog: &mut Dialog<'_, V>,
) -> Flow<Option<Table>> {
    // A pipe has its keys from before, and they are for something else.
    if technique.is_alone() || known.is_some() || !dialog.view.answers() {
        return Ok(known);
    }
    let words = Words::english();
    dialog.page.title = words.render(texts::TITLE, &[]);
    dialog.page.said.clear();
    dialog.page.keys = Table::ALL.iter().map(|&table| (key(table).to_string(), words.name(table))).collect();
    dialog.page.keys.push(("Enter".to_owned(), words.render(texts::SKIP, &[])));
    dialog.now(words.render(texts::ASK, &[]))?;
    let answer = dialog.answer(|press| match press {
        Press::Enter => Some(None),
        Press::Char(char) => Table::ALL.iter().find(|&&table| key(table) == char).map(|&table| Some(table)),
        _ => None,
    });
    match answer.await {
        // Input that ended says nothing, and what comes next tells of it.
        Err(Exit::Left(Why::InputEnded)) => Ok(None),
        answer => answer,
    }
}

const fn key(table: Table) -> char {
    match table {
        Table::Floor => 'f',
        Table::Bed => 'b',
        Table::Table => 't',
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use coach::{Plan, PlanParams};
    use journal::Writer;
    use tokio::sync::mpsc::unbounded_channel;
    use transcript::{Header, PlanKept};

    use super::*;
    use crate::clock::fresh_id;
    use crate::flows::LineView;
    use crate::input::Input;
    use crate::practice::header;
    use crate::terminal::{Lines, Typed};

    fn store(folder: &std::path::Path, tables: &[Option<Table>]) -> Writer {
        let mut writer = Writer::open(&folder.join("store.db")).unwrap();
        for &table in tables {
            let plan = PlanKept::new(&Plan::build(PlanParams::partner()).unwrap(), "");
            let header = header(fresh_id(), plan, None, "2026-01-01T18:00:00Z".parse().unwrap());
            writer.create(&Header { table, ..header }).unwrap();
        }
        writer
    }

    async fn asked(
        journal: &Journal,
        technique: Technique,
        table: Option<Table>,
        (typed, raw): (&str, bool),
    ) -> (Flow<Option<Table>>, String) {
        let (mut out, (keys, typing)) = (Vec::new(), unbounded_channel());
        for key in typed.chars() {
            let press = if key == '\n' { Press::Enter } else { Press::Char(key) };
            keys.send(Typed::Press(press)).unwrap();
        }
        drop(keys);
        let mut lines = Lines::new(&mut out);
        let (mut view, mut input) = (LineView::new(&mut lines, raw), Input::new(typing).unwrap());
        let known = of(journal, technique, table).unwrap();
        let lying = ask(technique, known, &mut Dialog::new(&mut view, &mut input)).await;
        (lying, String::from_utf8(out).unwrap())
    }

    #[tokio::test]
    async fn it_is_asked_before_the_first_session_of_two_people_and_known_from_then_on() {
        let folder = tempfile::tempdir().unwrap();
        let first = store(folder.path(), &[None]);
        let (lying, said) = asked(&first, Technique::Partner, None, ("xb", true)).await;
        assert_eq!(lying, Ok(Some(Table::Bed)));
        assert!(said.contains("f the floor, b a bed, t a table"), "{said}");
        assert_eq!(asked(&first, Technique::Partner, None, ("\n", true)).await.0, Ok(None));
        assert_eq!(asked(&first, Technique::Partner, None, ("", true)).await.0, Ok(None));
        let pipe = asked(&first, Technique::Partner, None, ("b", false)).await;
        assert_eq!(pipe, (Ok(None), String::new()), "its keys are for something else");

        let folder = tempfile::tempdir().unwrap();
        let later = store(folder.path(), &[Some(Table::Bed), Some(Table::Floor), None]);
        let unasked = |table| (Ok(table), String::new());
        assert_eq!(asked(&later, Technique::Partner, None, ("", true)).await, unasked(Some(Table::Floor)));
        let named = Some(Table::Table);
        assert_eq!(asked(&later, Technique::Partner, named, ("", true)).await, unasked(named));
        assert_eq!(
            asked(&later, Technique::Ball, named, ("", true)).await,
            unasked(None),
            "alone nobody lies"
        );
    }

    #[test]
    fn a_word_names_one_or_is_told_what_would() {
        assert_eq!(named("floor"), Ok(Table::Floor));
        assert_eq!(named("sofa").unwrap_err(), "one of floor, bed, table");
    }

    #[test]
    fn the_file_of_the_language_has_these_and_no_others() {
        let file = include_str!("../../../words/en.ftl");
        let there = file.lines().filter(|line| line.starts_with("table-height-"));
        let there: BTreeSet<&str> =
            there.filter_map(|line| line.split_once(" =")).map(|(id, _)| id).collect();
        assert_eq!(there, texts::ALL.iter().copied().collect());
    }
}
