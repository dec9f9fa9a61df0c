//! Entries as NDJSON with the sentence of each prompt: what `show --json`, `export` and headless practice print.
//!
//! [`transcript::ndjson`] reads it back; the sentences are dropped again there. Its form is [`crate::schema`].

use serde::Serialize;
use transcript::{Entry, Kind, Said};
use words::{Words, escaped};

/// An entry and what was said.
#[derive(Serialize)]
struct Line<'a> {
    #[serde(flatten)]
    entry: &'a Entry,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
}

/// One entry as a line, without the line break.
#[must_use]
pub fn line(entry: &Entry, words: &Words) -> String {
    let text = match &entry.kind {
        Kind::Prompt(said) => Some(sentence(said, words)),
        _ => None,
    };
    // Every key is a string and no part of an entry can refuse: there is nothing for this to fail on.
    escaped(serde_json::to_string(&Line { entry, text }).unwrap_or_default())
}

/// The sentence of a stored prompt.
#[must_use]
pub fn sentence(said: &Said, words: &Words) -> String {
    let args: Vec<_> = said
        .args
        .iter()
        .map(|(name, value)| {
            let value = match value {
                transcript::Value::Number(number) => words::Value::Number(*number),
                transcript::Value::Name(name) => words::Value::Name(name),
            };
            (name.as_str(), value)
        })
        .collect();
    words.render(&said.id, &args)
}

#[cfg(test)]
mod tests {
    use super::*;
    use coach::Prompt;
    use coach::body::{Seen, Toward};

    #[test]
    fn a_prompt_carries_its_sentence_and_reads_back_without_it() {
        let words = Words::english();
        let prompt = Prompt::Nudged { toward: Toward::Left, seen: Seen::AwayFromYou };
        let entry = Entry { at_ms: 12, kind: Kind::Prompt(prompt.into()) };
        let line = line(&entry, &words);
        assert_eq!(
            line,
            concat!(
                r#"{"at_ms":12,"kind":"prompt","id":"nudged","level":"calm","#,
                r#""args":{"seen":"away-from-you","toward":"left"},"text":"Toward their LEFT: away from you."}"#
            )
        );
        assert_eq!(transcript::ndjson::parse(&line, 1), Ok(entry));
    }

    #[test]
    fn every_other_kind_is_as_it_is_stored() {
        let words = Words::english();
        for entry in crate::schema::tests::samples() {
            if !matches!(entry.kind, Kind::Prompt(_)) {
                assert_eq!(line(&entry, &words), transcript::ndjson::line(&entry));
            }
        }
    }
}
