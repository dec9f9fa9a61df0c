//! The record of a session: entries and their kinds, replay, and the audit.
//!
//! A transcript is a list of [`Entry`]s in the order in which they came about: first the [`Header`], then inputs, each
//! followed by the outputs it led to. It is pure data; files and databases are the business of `journal`, sentences
//! that of `words`.
//!
//! **The one rule of recording: build the entry of an input first, then feed the coach what [`Kind::input`] makes of
//! it.** The recorded and the applied input are then the same value, and a replay cannot differ (promise 11).
//!
//! ```
//! use coach::{Input, Key, Moment};
//! use transcript::{Entry, Kind};
//!
//! let at = Moment::from_millis(1_500);
//! let entry = Entry::new(at, Kind::from(Key::Stop)); //      1. build the entry of what happened
//! assert_eq!(entry.kind.input(), Some(Input::Key(Key::Stop))); // 2. feed the coach what it says
//! let line = transcript::ndjson::line(&entry); //            3. store it
//! assert_eq!(line, r#"{"at_ms":1500,"kind":"key","action":"stop"}"#);
//! assert_eq!(transcript::ndjson::parse(&line, 1)?, entry);
//! # Ok::<(), transcript::ndjson::ReadError>(())
//! ```

mod audit;
mod chain;
mod convert;
mod entry;
mod header;
mod names;
pub mod ndjson;
mod notes;
mod past;
mod player;
mod presence;
mod pressings;
mod readable;
mod replay;

pub use audit::{Audit, Finding, audit};
pub use chain::Hash;
pub use entry::{Action, Answered, Entry, Kind, LinkState, Means, Said, StoredSpot, Value};
pub use header::{Header, PlanFigures, PlanKept, Practice, SCHEMA, SetupError, Versions};
pub use notes::{Note, Wording, notes};
pub use past::{ClearedKept, PastKept, PlaceBefore, WorkedKept};
pub use player::{Played, Player};
pub use presence::Presence;
pub use pressings::{Pressing, pressings};
pub use readable::{Found, Readable, Unread};
pub use replay::{Difference, ReplayError, Rerun, difference, replay, rerun};
