//! An entry of the transcript as a script compares it: its fields laid flat.

use std::collections::BTreeMap;
use std::time::Duration;

use plans::{ObservedEntry, Scalar};
use serde_json::Value;
use transcript::Entry;

/// The entry, with each field by its path. A table's own name holds the name of its first field, so that
/// `means = "rating"` and `means.rating = 4` are both to be found.
#[must_use]
pub fn observed(entry: &Entry) -> ObservedEntry {
    let mut fields = BTreeMap::new();
    if let Ok(Value::Object(table)) = serde_json::to_value(entry) {
        for (name, value) in table {
            lay_flat(&mut fields, name, value);
        }
    }
    let kind = match fields.remove("kind") {
        Some(Scalar::Text(kind)) => kind,
        Some(Scalar::Number(_) | Scalar::Flag(_)) | None => String::new(),
    };
    ObservedEntry { at: Duration::from_millis(entry.at_ms), kind, fields }
}

fn lay_flat(fields: &mut BTreeMap<String, Scalar>, path: String, value: Value) {
    let scalar = match value {
        Value::String(text) => Scalar::Text(text),
        Value::Bool(flag) => Scalar::Flag(flag),
        Value::Number(number) => match number.as_i64() {
            Some(number) => Scalar::Number(number),
            None => return,
        },
        Value::Object(table) => {
            let first = table.keys().next().cloned();
            for (name, value) in table {
                lay_flat(fields, format!("{path}.{name}"), value);
            }
            match first {
                Some(name) => Scalar::Text(name),
                None => return,
            }
        }
        Value::Null | Value::Array(_) => return,
    };
    fields.insert(path, scalar);
}

#[cfg(test)]
mod tests {
    use super::*;
    use coach::Rating;
    use transcript::{Kind, Means};

    #[test]
    fn a_field_within_a_field_is_found_by_its_path_and_by_its_name() {
        let means = Means::Rating(Rating::MAX);
        let click = Kind::Click { boot: 1, seq: 2, clicked_ms: 3, late: false, passed: false, means };
        let seen = observed(&Entry { at_ms: 4, kind: click });
        assert_eq!((seen.kind.as_str(), seen.at), ("click", Duration::from_millis(4)));
        assert_eq!(seen.fields["means"], Scalar::Text("rating".to_owned()));
        assert_eq!(seen.fields["means.rating"], Scalar::Number(10));
        assert_eq!(seen.fields["late"], Scalar::Flag(false));
    }
}
