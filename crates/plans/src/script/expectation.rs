//! Reads expectations and patterns, checked against the known kinds of entries.

use core::time::Duration;
use std::collections::BTreeMap;

use toml::de::{DeTable, DeValue};

use super::pattern::{Fields, KINDS, Shape};
use super::{Expectation, Matcher, Pattern, Scalar};
use crate::reader::{Keys, Reader, Value, quoted, suggestion};

/// Keys of an expectation that are not fields of the entry.
const RESERVED_KEYS: &[&str] = &["kind", "after", "within", "times"];

/// `{ kind = "hold", outcome = "done", within = "1s" }`
pub(super) fn expectation<'t>(reader: &mut Reader<'t>, value: &Value<'t>) -> Option<Expectation> {
    let mut keys = reader.keys("expect", "an expectation", value)?;
    let time = |reader: &mut Reader<'t>, keys: &mut Keys<'_, 't>, key| match keys.take(key) {
        Some(value) => reader.duration(key, value).map(Some),
        None => Some(None),
    };
    let after: Option<Option<Duration>> = time(reader, &mut keys, "after");
    let within: Option<Option<Duration>> = time(reader, &mut keys, "within");
    let times = match keys.take("times") {
        Some(value) => reader.number("times", value, 0, i64::from(u32::MAX)).map(Some),
        None => Some(None),
    };
    let entry = entry(reader, "expect", value, RESERVED_KEYS)?;
    let (after, within, times) = (after?, within?, times?);
    if times.is_some() && (after.is_some() || within.is_some()) {
        reader.wrong(
            value.span(),
            "`times` counts over the whole run, so it goes with neither `after` nor `within`",
        );
        return None;
    }
    if let (Some(after), Some(within)) = (after, within)
        && after > within
    {
        reader.wrong(value.span(), "`after` is longer than `within`: nothing can come then");
        return None;
    }
    Some(Expectation { entry, after, within, times: times.and_then(|times| u32::try_from(times).ok()) })
}

/// `{ kind = "hold", outcome = "done" }`
pub(super) fn pattern<'t>(reader: &mut Reader<'t>, key: &str, value: &Value<'t>) -> Option<Pattern> {
    entry(reader, key, value, &["kind"])
}

fn entry<'t>(reader: &mut Reader<'t>, key: &str, value: &Value<'t>, besides: &[&str]) -> Option<Pattern> {
    let mut keys = reader.keys(key, "an entry", value)?;
    let kinds: Vec<&str> = KINDS.iter().map(|(kind, _)| *kind).collect();
    let written = keys.need(reader, "kind")?;
    let (kind, fields) = reader
        .one_of("kind", written, &kinds, |text| KINDS.iter().find(|(kind, _)| *kind == text).copied())?;
    let mut matchers = BTreeMap::new();
    let right = read_fields(reader, value.get_ref().as_table()?, kind, "", fields, besides, &mut matchers);
    right.then_some(Pattern { kind, matchers })
}

/// Reads the fields of a pattern into `matchers`; false if any is invalid.
fn read_fields<'t>(
    reader: &mut Reader<'t>,
    table: &DeTable<'t>,
    of: &str,
    path: &str,
    fields: Fields,
    besides: &[&str],
    matchers: &mut BTreeMap<String, Matcher>,
) -> bool {
    let mut right = true;
    for (key, value) in table {
        let name = &**key.get_ref();
        if besides.contains(&name) {
            continue;
        }
        let Some((name, shape)) = fields.iter().find(|(field, _)| *field == name) else {
            let all: Vec<&str> = fields.iter().map(|(field, _)| *field).collect();
            let hint = suggestion(name, &all);
            reader.wrong(key.span(), format!("`{of}` has no field {}{hint}", quoted(name)));
            right = false;
            continue;
        };
        let path = if path.is_empty() { (*name).to_owned() } else { format!("{path}.{name}") };
        right &= read_field(reader, value, &path, *shape, matchers);
    }
    right
}

fn read_field<'t>(
    reader: &mut Reader<'t>,
    value: &Value<'t>,
    path: &str,
    shape: Shape,
    matchers: &mut BTreeMap<String, Matcher>,
) -> bool {
    let fields = match (shape, value.get_ref()) {
        (Shape::Table(fields) | Shape::NameOr(_, fields), DeValue::Table(table))
            if !table.contains_key("not") =>
        {
            Some((fields, table))
        }
        (Shape::Open, DeValue::Table(table)) => {
            return table.iter().all(|(key, value)| {
                want(reader, value, &format!("{path}.{}", key.get_ref()), shape)
                    .map(|want| matchers.insert(format!("{path}.{}", key.get_ref()), want))
                    .is_some()
            });
        }
        _ => None,
    };
    if let Some((fields, table)) = fields {
        return read_fields(reader, table, path, path, fields, &[], matchers);
    }
    let Some(want) = want(reader, value, path, shape) else { return false };
    matchers.insert(path.to_owned(), want);
    true
}

/// Reads the condition of one field.
fn want<'t>(reader: &mut Reader<'t>, value: &Value<'t>, path: &str, shape: Shape) -> Option<Matcher> {
    match value.get_ref() {
        DeValue::Array(items) => scalars(reader, value, items, path, shape).map(Matcher::OneOf),
        DeValue::Table(table) => {
            let mut keys = Keys::of(table, value.span(), "a comparison");
            let not = keys.take("not");
            let (least, most) = (keys.take("least"), keys.take("most"));
            keys.finish(reader);
            match (not, least, most) {
                (Some(not), None, None) => match not.get_ref() {
                    DeValue::Array(items) => scalars(reader, not, items, path, shape).map(Matcher::NoneOf),
                    _ => scalar(reader, not, path, shape).map(|only| Matcher::NoneOf(vec![only])),
                },
                (None, None, None) | (Some(_), _, _) => {
                    reader.wrong(
                        value.span(),
                        format!("`{path}` is compared by `not`, or by `least` and `most`"),
                    );
                    None
                }
                (None, least, most) => between(reader, value, path, shape, least, most),
            }
        }
        DeValue::String(_)
        | DeValue::Integer(_)
        | DeValue::Float(_)
        | DeValue::Boolean(_)
        | DeValue::Datetime(_) => scalar(reader, value, path, shape).map(|only| Matcher::OneOf(vec![only])),
    }
}

fn between<'t>(
    reader: &mut Reader<'t>,
    value: &Value<'t>,
    path: &str,
    shape: Shape,
    least: Option<&Value<'t>>,
    most: Option<&Value<'t>>,
) -> Option<Matcher> {
    if !matches!(shape, Shape::Number | Shape::Open) {
        reader.wrong(value.span(), format!("`{path}` is not a number: `least` and `most` do not go with it"));
        return None;
    }
    let end = |reader: &mut Reader<'t>, key, end: Option<&Value<'t>>, open| match end {
        Some(end) => reader.number(key, end, i64::MIN, i64::MAX),
        None => Some(open),
    };
    let least = end(reader, "least", least, i64::MIN)?;
    let most = end(reader, "most", most, i64::MAX)?;
    if least > most {
        reader.wrong(value.span(), format!("`least` is above `most`: `{path}` can be nothing"));
        return None;
    }
    Some(Matcher::Between { least, most })
}

fn scalars<'t>(
    reader: &mut Reader<'t>,
    value: &Value<'t>,
    items: &[Value<'t>],
    path: &str,
    shape: Shape,
) -> Option<Vec<Scalar>> {
    if items.is_empty() {
        reader.wrong(value.span(), format!("`{path}` is an empty list: nothing can be one of these"));
        return None;
    }
    items.iter().map(|item| scalar(reader, item, path, shape)).collect()
}

fn scalar(reader: &mut Reader<'_>, value: &Value<'_>, path: &str, shape: Shape) -> Option<Scalar> {
    match (shape, value.get_ref()) {
        (Shape::Number | Shape::Open, DeValue::Integer(_)) => {
            reader.number(path, value, i64::MIN, i64::MAX).map(Scalar::Number)
        }
        (Shape::Flag | Shape::Open, DeValue::Boolean(flag)) => Some(Scalar::Flag(*flag)),
        (Shape::Text | Shape::Open, DeValue::String(text)) => Some(Scalar::Text(text.to_string())),
        (Shape::Names(all) | Shape::NameOr(all, _), DeValue::String(_)) => {
            reader.one_of(path, value, &all(), |text| {
                all().contains(&text).then(|| Scalar::Text(text.to_owned()))
            })
        }
        _ => {
            reader.mistyped(path, value, shape.spelled());
            None
        }
    }
}

impl Shape {
    const fn spelled(self) -> &'static str {
        match self {
            Self::Number => "a whole number",
            Self::Flag => "true or false",
            Self::Text | Self::Names(_) => "a text in quotes",
            Self::Table(_) => "a table in { }",
            Self::NameOr(..) => "a text in quotes or a table in { }",
            Self::Open => "a text, a number or a table",
        }
    }
}
