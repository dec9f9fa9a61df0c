//! What sessions are looked for by, as a person says it: days as they are typed, and the next of what there is to choose
//! from. The looking itself is the store's.

use jiff::civil::Date;
use jiff::{Span, ToSpan as _};

/// From this day or later, and before that one.
pub(crate) type Days = (Option<Date>, Option<Date>);

/// What was typed as days: nothing, a year, a month, a day, `A..B` of these with either left out, or `7d` for the last
/// seven days, today being one of them. `None` where it is none of these.
pub(crate) fn days(text: &str, today: Date) -> Option<Days> {
    let text = text.trim();
    if text.is_empty() {
        return Some((None, None));
    }
    if let Some(count) = text.strip_suffix('d') {
        let back = count.parse::<i64>().ok().filter(|count| (1..=36_500).contains(count))? - 1;
        let from = today.checked_sub(back.days()).ok()?;
        return Some((Some(from), None));
    }
    if let Some((from, to)) = text.split_once("..") {
        let (from, to) = (from.trim(), to.trim());
        let begins = if from.is_empty() { None } else { Some(stretch(from)?.0) };
        let ends = if to.is_empty() { None } else { Some(stretch(to)?.1) };
        return (begins.is_some() || ends.is_some()).then_some((begins, ends));
    }
    stretch(text).map(|(from, before)| (Some(from), Some(before)))
}

/// The first day of a year, a month or a day, and the first after it.
fn stretch(text: &str) -> Option<(Date, Date)> {
    let parts: Vec<&str> = text.split('-').collect();
    let (whole, long): (String, Span) = match parts[..] {
        [year] if year.len() == 4 => (format!("{year}-01-01"), 1.year()),
        [year, month] if year.len() == 4 && month.len() == 2 => (format!("{year}-{month}-01"), 1.month()),
        [year, month, day] if year.len() == 4 && month.len() == 2 && day.len() == 2 => {
            (text.to_owned(), 1.day())
        }
        _ => return None,
    };
    let from: Date = whole.parse().ok()?;
    let before = from.checked_add(long).ok()?;
    Some((from, before))
}

/// What comes after this among those there are; after the last of them, and where it is none, anything will do.
pub(crate) fn next<T: PartialEq + Clone>(of: Option<&T>, all: &[T]) -> Option<T> {
    match of {
        None => all.first().cloned(),
        Some(one) => {
            let at = all.iter().position(|other| other == one)?;
            all.get(at + 1).cloned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Option<(String, String)> {
        let or = |day: Option<Date>| day.map_or_else(|| "-".to_owned(), |day| day.to_string());
        days(text, "2026-03-01".parse().unwrap()).map(|(from, before)| (or(from), or(before)))
    }

    #[test]
    fn days_are_typed_as_people_write_them() {
        for (text, from, before) in [
            ("", "-", "-"),
            ("2026", "2026-01-01", "2027-01-01"),
            ("2026-12", "2026-12-01", "2027-01-01"),
            (" 2026-02-28 ", "2026-02-28", "2026-03-01"),
            ("2025-11..2026-02", "2025-11-01", "2026-03-01"),
            ("..2026-02-10", "-", "2026-02-11"),
            ("2026-02..", "2026-02-01", "-"),
            // Today is one of them, and February has 28 days.
            ("1d", "2026-03-01", "-"),
            ("7d", "2026-02-23", "-"),
        ] {
            assert_eq!(told(text), Some((from.to_owned(), before.to_owned())), "{text}");
        }
    }

    #[test]
    fn what_is_no_day_is_told_apart() {
        for text in [
            "yesterday",
            "2026-13",
            "2026-02-30",
            "26",
            "2026-1",
            "0d",
            "-3d",
            "99999999d",
            "..",
            "2026-01-01-01",
        ] {
            assert_eq!(told(text), None, "{text}");
        }
    }

    #[test]
    fn one_goes_through_what_there_is_and_back_to_anything() {
        let all = ["a", "b"];
        assert_eq!(next(None, &all), Some("a"));
        assert_eq!(next(Some(&"a"), &all), Some("b"));
        assert_eq!(next(Some(&"b"), &all), None);
        assert_eq!(next(Some(&"gone"), &all), None);
        assert_eq!(next::<&str>(None, &[]), None);
    }
}
