//! Whether a file of sessions may take another one's place: it must say of each session at least as much.

use std::collections::BTreeMap;

use maud::{Markup, html};
use serde_json::Value;

use crate::csv;

/// How much a file says of each session: its entries, its holds, or that it is there.
pub type Amounts = BTreeMap<String, usize>;

/// The name of the tag in which a page of several sessions lists them.
const TAG: &str = "unknot-sessions";

/// What a file that `transfer` wrote says; `None` where it is no such file.
#[must_use]
pub fn of_ndjson(text: &str) -> Option<Amounts> {
    let mut amounts = Amounts::new();
    for line in text.lines().filter(|line| line.starts_with(r#"{"kind":"end","#)) {
        let end: Value = serde_json::from_str(line).ok()?;
        let entries = usize::try_from(end["entries"].as_u64()?).ok()?;
        amounts.insert(end["session"].as_str()?.to_owned(), entries);
    }
    (!amounts.is_empty()).then_some(amounts)
}

/// What a file that [`csv::Writer`] wrote says; `None` where it is no such file.
#[must_use]
pub fn of_csv(text: &str) -> Option<Amounts> {
    let mut rows = ::csv::Reader::from_reader(text.as_bytes());
    let names = rows.headers().ok()?.clone();
    if !names.iter().zip(csv::COLUMNS).take(5).all(|(name, column)| name == column.0) || names.len() < 5 {
        return None;
    }
    let mut amounts = Amounts::new();
    for row in rows.records() {
        *amounts.entry(row.ok()?.get(0)?.to_owned()).or_default() += 1;
    }
    Some(amounts)
}

/// What a page of several sessions says, by the tag in its head; `None` where it is no such page.
#[must_use]
pub fn of_page(text: &str) -> Option<Amounts> {
    let (_, rest) = text.split_once(&format!(r#"<meta name="{TAG}" content=""#))?;
    let (ids, _) = rest.split_once('"')?;
    Some(ids.split_whitespace().map(|id| (id.to_owned(), 1)).collect())
}

/// The sessions that a page of several is made of, in its head.
pub(crate) fn tag<'a>(ids: impl Iterator<Item = &'a str>) -> Markup {
    html! { meta name=(TAG) content=(ids.collect::<Vec<_>>().join(" ")); }
}

/// Sessions of which the new file has less than the old one.
#[must_use]
pub fn lost(old: &Amounts, new: &Amounts) -> Vec<String> {
    let less = |(id, amount): &(&String, &usize)| new.get(*id).is_none_or(|new| new < *amount);
    old.iter().filter(less).map(|(id, _)| id.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_says_less_of_a_session_is_found() {
        let end = |id: &str, entries: usize| {
            format!(r#"{{"kind":"end","session":"{id}","entries":{entries}}}"#) + "\n"
        };
        let of = |text: String| of_ndjson(&text).unwrap();
        let old = of(end("a", 5) + &end("b", 7));
        assert_eq!(lost(&old, &old), Vec::<String>::new());
        assert_eq!(lost(&old, &of(end("a", 5) + &end("b", 8) + &end("c", 1))), Vec::<String>::new());
        assert_eq!(lost(&old, &of(end("a", 4) + &end("b", 7))), ["a"], "cut");
        assert_eq!(lost(&old, &of(end("a", 5))), ["b"], "gone");
    }

    #[test]
    fn each_form_is_known_and_nothing_else_is_taken_for_it() {
        let names: Vec<&str> = csv::COLUMNS.iter().map(|column| column.0).collect();
        let row = |id: &str| format!("{id}{}\r\n", ",".repeat(names.len() - 1));
        let table = names.join(",") + "\r\n" + &row("a") + &row("a") + &row("b");
        assert_eq!(of_csv(&table).unwrap(), Amounts::from([("a".to_owned(), 2), ("b".to_owned(), 1)]));
        let page = html! { head { (tag(["a", "b"].into_iter())) } }.into_string();
        assert_eq!(of_page(&page).unwrap().len(), 2);
        for other in
            ["", "shopping: bread\nmilk", "a,b\n1,2\n", "<html></html>", "{\"kind\":\"end\",}", "\u{0}"]
        {
            assert_eq!((of_ndjson(other), of_csv(other), of_page(other)), (None, None, None), "{other}");
        }
    }
}
