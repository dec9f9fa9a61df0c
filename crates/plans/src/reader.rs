//! TOML reader that keeps positions and collects all errors instead of stopping at the first. The callers interpret the
//! values.

use core::ops::Range;
use core::time::Duration;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::diagnostic::{Diagnostic, Diagnostics};

/// Maximum file size in bytes, some hundred times the longest file that a person writes.
pub(crate) const MAX_FILE_BYTES: usize = 1 << 20;

/// Maximum duration. Nothing in a session lasts a day, so a longer one is a wrong unit.
pub(crate) const MAX_DURATION: Duration = Duration::from_secs(24 * 60 * 60);

/// A file being read, and its errors so far.
pub(crate) struct Reader<'t> {
    file: &'t str,
    text: &'t str,
    diagnostics: Vec<Diagnostic>,
}

/// A value with its position.
pub(crate) type Value<'t> = Spanned<DeValue<'t>>;

/// A table whose keys are taken one by one; keys left at the end are unknown.
pub(crate) struct Keys<'v, 't> {
    table: &'v DeTable<'t>,
    /// Position of the table, for errors about missing keys.
    pub(crate) at: Range<usize>,
    what: &'static str,
    known: Vec<&'static str>,
}

impl<'t> Reader<'t> {
    /// Parses the text and passes the root table to `read`.
    ///
    /// # Errors
    /// All errors found.
    pub(crate) fn run<T>(
        file: &'t str,
        text: &'t str,
        read: impl FnOnce(&mut Self, &DeTable<'t>) -> Option<T>,
    ) -> Result<T, Diagnostics> {
        let mut reader = Self { file, text, diagnostics: Vec::new() };
        let value = if text.len() > MAX_FILE_BYTES {
            reader.wrong(0..0, format!("the file is {} bytes; the most is {MAX_FILE_BYTES}", text.len()));
            None
        } else {
            match DeTable::parse(text) {
                Ok(table) => read(&mut reader, table.get_ref()),
                Err(error) => {
                    let at = error.span().unwrap_or(0..0);
                    reader.wrong(at, format!("this is not TOML: {}", one_line(error.message())));
                    None
                }
            }
        };
        match (value, Diagnostics::of(reader.diagnostics)) {
            (Some(value), None) => Ok(value),
            (_, Some(diagnostics)) => Err(diagnostics),
            (None, None) => Err(Diagnostic {
                file: file.to_owned(),
                line: 1,
                column: 1,
                reason: "the file cannot be read".to_owned(),
            }
            .into()),
        }
    }

    /// Records an error at a position.
    pub(crate) fn wrong(&mut self, at: Range<usize>, reason: impl Into<String>) {
        let (line, column) = self.place(at.start);
        self.diagnostics.push(Diagnostic { file: self.file.to_owned(), line, column, reason: reason.into() });
    }

    /// Line of a byte offset, from 1.
    pub(crate) fn line(&self, offset: usize) -> u32 {
        self.place(offset).0
    }

    fn place(&self, offset: usize) -> (u32, u32) {
        let before = self.text.get(..offset).unwrap_or(self.text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().map_or(0, |line| line.chars().count()) + 1;
        (u32::try_from(line).unwrap_or(u32::MAX), u32::try_from(column).unwrap_or(u32::MAX))
    }

    /// Reads a string.
    pub(crate) fn text<'v>(&mut self, key: &str, value: &'v Value<'_>) -> Option<&'v str> {
        let text = value.get_ref().as_str();
        if text.is_none() {
            self.mistyped(key, value, "a text in quotes");
        }
        text
    }

    /// Reads an integer from `least` to `most`.
    pub(crate) fn number(&mut self, key: &str, value: &Value<'_>, least: i64, most: i64) -> Option<i64> {
        let Some(written) = value.get_ref().as_integer() else {
            self.mistyped(key, value, "a whole number");
            return None;
        };
        let number = i64::from_str_radix(written.as_str(), written.radix()).ok();
        let number = number.filter(|number| (least..=most).contains(number));
        if number.is_none() {
            self.wrong(value.span(), format!("`{key}` may be {least} to {most}, not {written}"));
        }
        number
    }

    /// Reads `true` or `false`.
    pub(crate) fn flag(&mut self, key: &str, value: &Value<'_>) -> Option<bool> {
        let flag = value.get_ref().as_bool();
        if flag.is_none() {
            self.mistyped(key, value, "true or false");
        }
        flag
    }

    /// Reads a duration: `"500ms"`, `"30s"`, `"2m"`.
    pub(crate) fn duration(&mut self, key: &str, value: &Value<'_>) -> Option<Duration> {
        let text = match value.get_ref() {
            DeValue::String(text) => text,
            DeValue::Integer(number) => {
                self.wrong(
                    value.span(),
                    format!("`{key}` needs a unit: \"{number}s\", \"{number}ms\" or \"{number}m\""),
                );
                return None;
            }
            DeValue::Float(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_)
            | DeValue::Array(_)
            | DeValue::Table(_) => {
                self.mistyped(key, value, "a duration, as \"500ms\", \"30s\" or \"2m\"");
                return None;
            }
        };
        let Some(duration) = parse_duration(text) else {
            let reason = format!(
                "`{key}` is a whole number of ms, s or m, as \"500ms\", \"30s\" or \"2m\", not {}",
                quoted(text)
            );
            self.wrong(value.span(), reason);
            return None;
        };
        if duration > MAX_DURATION {
            self.wrong(value.span(), format!("`{key}` is longer than a day: {}", quoted(text)));
            return None;
        }
        Some(duration)
    }

    /// Reads a list.
    pub(crate) fn list<'v>(&mut self, key: &str, value: &'v Value<'t>) -> Option<&'v [Value<'t>]> {
        let list = value.get_ref().as_array();
        if list.is_none() {
            self.mistyped(key, value, "a list in [ ]");
        }
        list.map(|list| &**list)
    }

    /// Reads a table. `what` names it in diagnostics: "a step", "the plan".
    pub(crate) fn keys<'v>(
        &mut self,
        key: &str,
        what: &'static str,
        value: &'v Value<'t>,
    ) -> Option<Keys<'v, 't>> {
        let Some(table) = value.get_ref().as_table() else {
            self.mistyped(key, value, "a table in { }");
            return None;
        };
        Some(Keys::of(table, value.span(), what))
    }

    /// Reads one of a fixed set of strings. `find` maps it to its value; `all` is for suggestions.
    pub(crate) fn one_of<T>(
        &mut self,
        key: &str,
        value: &Value<'_>,
        all: &[&str],
        find: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let text = self.text(key, value)?;
        let found = find(text);
        if found.is_none() {
            let hint = suggestion(text, all);
            self.wrong(value.span(), format!("`{key}` cannot be {}{hint}", quoted(text)));
        }
        found
    }

    /// Records that a value has the wrong type.
    pub(crate) fn mistyped(&mut self, key: &str, value: &Value<'_>, should: &str) {
        let is = match value.get_ref() {
            DeValue::String(_) => "a text",
            DeValue::Integer(_) => "a whole number",
            DeValue::Float(_) => "a number with a point",
            DeValue::Boolean(_) => "true or false",
            DeValue::Datetime(_) => "a date",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        };
        self.wrong(value.span(), format!("`{key}` should be {should}, and is {is}"));
    }
}

impl<'v, 't> Keys<'v, 't> {
    /// Keys of a table at position `at`.
    pub(crate) const fn of(table: &'v DeTable<'t>, at: Range<usize>, what: &'static str) -> Self {
        Self { table, at, what, known: Vec::new() }
    }

    /// Takes an optional key.
    pub(crate) fn take(&mut self, key: &'static str) -> Option<&'v Value<'t>> {
        self.known.push(key);
        self.table.get(key)
    }

    /// Looks at a key without taking it.
    pub(crate) fn peek(&self, key: &str) -> Option<&'v Value<'t>> {
        self.table.get(key)
    }

    /// Takes a required key.
    pub(crate) fn need(&mut self, reader: &mut Reader<'_>, key: &'static str) -> Option<&'v Value<'t>> {
        let value = self.take(key);
        if value.is_none() {
            reader.wrong(self.at.clone(), format!("{} needs `{key}`", self.what));
        }
        value
    }

    /// Records an error for every key that was not taken.
    pub(crate) fn finish(self, reader: &mut Reader<'_>) {
        for key in self.table.keys() {
            if !self.known.contains(&&**key.get_ref()) {
                let hint = suggestion(key.get_ref(), &self.known);
                let reason = format!("{} has no `{}`{hint}", self.what, shortened(key.get_ref()));
                reader.wrong(key.span(), reason);
            }
        }
    }
}

/// "; did you mean ..?", or the list of allowed values.
pub(crate) fn suggestion(text: &str, all: &[&str]) -> String {
    let nearest = all.iter().map(|known| (distance(text, known), known)).min();
    match nearest {
        // Up to a third of the letters may be wrong; beyond that a suggestion would be a guess.
        Some((distance, known)) if distance <= ((known.len() + 1) / 3).max(1) => {
            format!("; did you mean `{known}`?")
        }
        Some(_) => format!("; it can be {}", listed(all)),
        None => String::new(),
    }
}

/// `a`, `b` or `c`.
fn listed(all: &[&str]) -> String {
    match all {
        [] => String::new(),
        [only] => format!("`{only}`"),
        [first @ .., last] => {
            let first: Vec<String> = first.iter().map(|item| format!("`{item}`")).collect();
            format!("{} or `{last}`", first.join(", "))
        }
    }
}

/// A user's text for a diagnostic: quoted, escaped, shortened.
pub(crate) fn quoted(text: &str) -> String {
    format!("\"{}\"", shortened(text))
}

fn shortened(text: &str) -> String {
    let clean: String = text.chars().take(40).flat_map(char::escape_debug).collect();
    if text.chars().nth(40).is_some() { format!("{clean}...") } else { clean }
}

fn one_line(message: &str) -> String {
    message.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Edit distance with swaps of neighbours (optimal string alignment). Texts of more than 40 characters match nothing.
fn distance(a: &str, b: &str) -> usize {
    if a.chars().nth(40).is_some() {
        return usize::MAX;
    }
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let changed = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = changed.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

/// Parses a whole number with its unit.
fn parse_duration(text: &str) -> Option<Duration> {
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at(digits);
    let number: u64 = number.parse().ok()?;
    let ms = match unit {
        "ms" => Some(number),
        "s" => number.checked_mul(1_000),
        "m" => number.checked_mul(60_000),
        _ => None,
    };
    ms.map(Duration::from_millis)
}

/// A duration as a file spells it, in the largest unit that keeps it whole; in minutes from 2 min on.
pub(crate) fn spelled(duration: Duration) -> String {
    let ms = duration.as_millis();
    if ms >= 120_000 && ms.is_multiple_of(60_000) {
        format!("{}m", ms / 60_000)
    } else if ms.is_multiple_of(1_000) {
        format!("{}s", ms / 1_000)
    } else {
        format!("{ms}ms")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_put_in_taken_out_changed_or_swapped_is_one() {
        for (wrong, distance_to_hold) in
            [("hold", 0), ("hodl", 1), ("hld", 1), ("holds", 1), ("bold", 1), ("bald", 2), ("", 4)]
        {
            assert_eq!(distance(wrong, "hold"), distance_to_hold, "{wrong}");
        }
        assert_eq!(distance(&"x".repeat(41), "hold"), usize::MAX);
    }

    #[test]
    fn a_duration_is_spelled_as_it_is_read() {
        for text in ["0s", "1ms", "999ms", "1s", "60s", "119s", "2m", "121s", "90s", "1440m", "60001ms"] {
            assert_eq!(parse_duration(text).map(spelled).as_deref(), Some(text));
        }
        assert_eq!(parse_duration("1m"), parse_duration("60s"));
        assert_eq!(parse_duration("m"), None);
        assert_eq!(parse_duration("٣s"), None, "only the digits that every keyboard has");
    }
}
