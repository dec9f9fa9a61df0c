//! A stored session for people and for other programs: NDJSON, text, and the listing of sessions.
//!
//! Nothing is decided or stored here. Sentences come from [`words`], times from the entries; wall times are passed on
//! as they were stored.
//!
//! ```
//! use transcript::{Entry, Kind};
//! use words::Words;
//!
//! let words = Words::english();
//! let over = Entry { at_ms: 1_500_250, kind: Kind::Prompt(coach::Prompt::Flush.into()) };
//! assert!(report::ndjson::line(&over, &words).starts_with(r#"{"at_ms":1500250,"kind":"prompt","id":"flush""#));
//! assert!(report::text::transcript(&[over], &words).contains("25:00.2"));
//! ```

pub mod change;
pub mod csv;
pub mod fhir;
pub mod history;
pub mod html;
pub mod measure;
pub mod ndjson;
pub mod schema;
pub mod text;
pub mod transfer;
