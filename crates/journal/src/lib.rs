//! Transcripts in SQLite: written once, durable on return, never overwritten.
//!
//! A [`Journal`] reads; a [`Writer`] also writes, and there is at most one of them at a store in the whole system, held
//! apart by a lock on a file beside it. Readers are always let in.
//!
//! **Invariant:** when [`Writer::append`] has returned `Ok`, its entries survive the death of the program and of the
//! machine's power. What it refused, in whole or in part, is not there at all.
//!
//! **Invariant:** opening never changes a file that is not a store of this program, or is damaged, or newer.
//!
//! ```
//! # use transcript::{Entry, Header, Kind, PlanKept, Versions};
//! # let dir = tempfile::tempdir()?;
//! # let header = Header {
//! #     id: "01890a5d-ac96-774b-bcce-b302099a8057".to_owned(),
//! #     versions: Versions { program: "0.1.0".to_owned(), wire: "1.0".to_owned(), schema: transcript::SCHEMA },
//! #     plan: PlanKept::new(&coach::Plan::partner(), ""),
//! #     seed: None,
//! #     wall: "2026-11-22T18:00:00Z".to_owned(),
//! #     receiver: None,
//! #     closed: Vec::new(),
//! #     past: transcript::PastKept::default(),
//! #     clicker: None,
//! #     table: None,
//! #     learn: None,
//! # };
//! let mut store = journal::Writer::open(&dir.path().join("unknot.db"))?;
//! let session = store.create(&header)?; //             1. open a session: its header is its first entry
//! let stop = Entry { at_ms: 900, kind: Kind::from(coach::Key::Stop) };
//! store.append(session, &[stop])?; //                  2. one batch, one transaction: on the disk when this returns
//! let found = store.resolve("last")?; //               3. find it again, by id, by a prefix of it, or as the last
//! assert_eq!(store.entries(found.key)?.len(), 2);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod error;
mod list;
mod open;
mod read;
mod schema;
mod shared;
mod summary;
mod write;

pub use error::{OpenError, ReadError, ResolveError, WriteError};
pub use list::{Filter, Hit, Listing, is_one_receiver};
pub use read::{Holds, Journal, Key, Session, SessionKind, State};
pub use shared::kind as shared_folder;
pub use write::{Foreign, Taken, Writer};
