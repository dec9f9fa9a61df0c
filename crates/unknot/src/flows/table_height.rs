//! How high the receiver lies: named on the command line, or known from the last session of two people, or asked once
//! before the first. The partner's posture follows from it. Alone nobody lies.

use coach::body::Table;
use coach::{Named as _, Technique};
use journal::{Filter, Journal};
use words::Words;

use super::{Asked, Dialog, DialogView};
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

/// What came of asking.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum TableHeight {
    /// This high, where it was said.
    On(Option<Table>),
    /// The page was left.
    Left(Why),
}

/// What a word on the command line names.
///
/// # Errors
/// Where it names nothing, with what would.
pub(crate) fn named(word: &str) -> Result<Table, String> {
    let names: Vec<&str> = Table::ALL.iter().map(|table| table.name()).collect();
    Table::from_name(word).ok_or_else(|| format!("one of {}", names.join(", ")))
}

/// What was said in the last session in which it was.
pub(crate) fn known(journal: &Journal) -> Result<Option<Table>, Failure> {
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

/// Asks, where it is neither named nor known and somebody else presses.
pub(crate) async fn ask<D: DialogView>(
    journal: &Journal,
    technique: Technique,
    named: Option<Table>,
    at: &mut Dialog<'_, D>,
) -> Result<TableHeight, Failure> {
    let known = if named.is_some() { named } else { known(journal)? };
    // A pipe has its keys from before, and they are for something else.
    if technique.is_alone() || known.is_some() || !at.desk.answers() {
        return Ok(TableHeight::On(known.filter(|_| !technique.is_alone())));
    }
    let words = Words::english();
    at.page.title = words.render(texts::TITLE, &[]);
    at.page.said.clear();
    at.page.keys = Table::ALL.iter().map(|&table| (key(table).to_string(), words.name(table))).collect();
    at.page.keys.push(("Enter".to_owned(), words.render(texts::SKIP, &[])));
    at.now(words.render(texts::ASK, &[]))?;
    loop {
        match at.came(true).await? {
            Asked::Press(Press::Enter) => return Ok(TableHeight::On(None)),
            Asked::Press(Press::Esc) => return Ok(TableHeight::Left(Why::Asked)),
            Asked::Press(Press::Char(char)) => {
                if let Some(&table) = Table::ALL.iter().find(|&&table| key(table) == char) {
                    return Ok(TableHeight::On(Some(table)));
                }
            }
            Asked::Press(_) => {}
            // A pipe that ended says nothing, and what comes next tells of it.
            Asked::Leave(Why::InputEnded) => return Ok(TableHeight::On(None)),
            Asked::Leave(why) => return Ok(TableHeight::Left(why)),
        }
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

    use coach::{Figures, Plan};
    use journal::Writer;
    use tokio::sync::mpsc::unbounded_channel;
    use transcript::{Header, PlanKept};

    use super::*;
    use crate::clock::fresh_id;
    use crate::flows::{LineView, Page};
    use crate::practice::header;
    use crate::signals::Signals;
    use crate::terminal::{Lines, Typed};

    fn store(folder: &std::path::Path, tables: &[Option<Table>]) -> Writer {
        let mut writer = Writer::open(&folder.join("store.db")).unwrap();
        for &table in tables {
            let plan = PlanKept::new(&Plan::build(Figures::partner()).unwrap(), "");
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
    ) -> (TableHeight, String) {
        let (mut out, (keys, mut typing)) = (Vec::new(), unbounded_channel());
        for key in typed.chars() {
            let press = if key == '\n' { Press::Enter } else { Press::Char(key) };
            keys.send(Typed::Press(press)).unwrap();
        }
        drop(keys);
        let mut lines = Lines::new(&mut out);
        let (mut desk, mut signals) = (LineView::new(&mut lines, raw), Signals::listen().unwrap());
        let mut at =
            Dialog { desk: &mut desk, keys: &mut typing, signals: &mut signals, page: Page::default() };
        let lying = ask(journal, technique, table, &mut at).await.unwrap();
        (lying, String::from_utf8(out).unwrap())
    }

    #[tokio::test]
    async fn it_is_asked_before_the_first_session_of_two_people_and_known_from_then_on() {
        let folder = tempfile::tempdir().unwrap();
        let first = store(folder.path(), &[None]);
        let (lying, said) = asked(&first, Technique::Partner, None, ("xb", true)).await;
        assert_eq!(lying, TableHeight::On(Some(Table::Bed)));
        assert!(said.contains("f the floor, b a bed, t a table"), "{said}");
        assert_eq!(asked(&first, Technique::Partner, None, ("\n", true)).await.0, TableHeight::On(None));
        assert_eq!(asked(&first, Technique::Partner, None, ("", true)).await.0, TableHeight::On(None));
        let pipe = asked(&first, Technique::Partner, None, ("b", false)).await;
        assert_eq!(pipe, (TableHeight::On(None), String::new()), "its keys are for something else");

        let folder = tempfile::tempdir().unwrap();
        let later = store(folder.path(), &[Some(Table::Bed), Some(Table::Floor), None]);
        let unasked = |table| (TableHeight::On(table), String::new());
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
