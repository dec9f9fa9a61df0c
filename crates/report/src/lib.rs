//! A stored session for people and for other programs: NDJSON, text, and the listing of sessions.
//!
//! Nothing is decided or stored here. Sentences come from [`words`], times from the entries; wall times are passed on
//! as they were stored, or shown to people by [`wall`].
//!
//! ```
//! use transcript::{Entry, Kind};
//! use words::Words;
//!
//! let words = Words::english();
//! let over = Entry { at_ms: 1_500_250, kind: Kind::Prompt(coach::Prompt::Flush.into()) };
//! assert!(report::ndjson::line(&over, &words).starts_with(r#"{"at_ms":1500250,"kind":"prompt","id":"flush""#));
//! assert!(report::text::transcript(&vec![over].into(), &words).contains("25:00.2"));
//! ```

pub mod agree;
pub mod change;
pub mod csv;
pub mod fhir;
pub mod history;
pub mod html;
pub mod letter;
pub mod measure;
pub mod ndjson;
pub mod replace;
pub mod schema;
pub mod text;
pub mod timeline;
pub mod totals;
pub mod transfer;
pub mod trend;
pub mod wall;

use transcript::{Entry, Kind};
use words::Words;

/// Private content of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Private {
    /// Screening answers and notes are left out.
    LeftOut,
    /// They are there.
    Included,
}

/// The words in which these entries were said: those of the technique that their session was led by.
#[must_use]
pub fn words_of(entries: &[Entry], words: &Words) -> Words {
    let technique = entries.iter().find_map(|entry| match &entry.kind {
        Kind::Session(header) => Some(header.plan.figures.technique),
        _ => None,
    });
    technique.map_or_else(|| words.clone(), |technique| words.of(technique))
}
