//! One sitting: frames, keys, time, coach and storage joined in one sans-IO conductor.
//!
//! This is the only crate that knows both the protocol and the coach. It makes no decision about the massage; it
//! determines the order, lateness and freshness of what arrives, and what may be acknowledged.
//!
//! **The one rule: after every [`Session::handle`] and [`Session::handle_timeout`] drain [`Session::poll_output`]
//! until `None`, then wait for [`Session::poll_timeout`] or the next thing to happen.**
//!
//! ```
//! # use coach::Moment;
//! # use session::{Input, Opening, Output, Session};
//! # use transcript::{Header, PlanKept, Versions};
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
//! # let mut disk = Vec::new();
//! let opening = Opening { session: core::num::NonZeroU32::MIN, alone: false };
//! let mut session = Session::begin(header, opening)?;
//! let now = Moment::from_millis(20);
//! session.handle(now, Input::Connected); //                     1. something happened
//! while let Some(output) = session.poll_output() { //           2. drain
//!     match output {
//!         Output::Store { batch, entries } => {
//!             disk.extend(entries); //                          or `Input::StoreFailed`
//!             session.handle(now, Input::Stored { batch });
//!         }
//!         Output::Send(_cue) => {} //                           encode and send, if connected
//!         Output::Speak(_prompt) => {} //                       say it
//!         Output::Happened(_entry) => {} //                     show it: the screen does not wait for the disk
//!         Output::Notice(_notice) => {} //                      log it, tell the person
//!         Output::Finished => break,
//!     }
//! }
//! let _wait = session.poll_timeout(); //                        3. wait for this, or for the next event
//! assert!(matches!(disk[0].kind, transcript::Kind::Session(_)), "the header is stored first");
//! # Ok::<(), transcript::SetupError>(())
//! ```
//!
//! **Invariant:** an event is acknowledged to the clicker only after [`Input::Stored`] for its batch.
//! **Invariant:** every event the clicker accepted is recorded exactly once and in its order.
//!
//! **Events of an older session.** A clicker keeps the events that an earlier session did not acknowledge, and sends
//! them to the next session of the same bond. A report does not name its session, and the clicker keeps every later
//! event back until the older ones are acknowledged; so they are recorded here, marked late, and acknowledged once on
//! the disk. A late event can only end a hold: a late SHARP still takes the hands off, a late "yes" answers nothing.
//! They are better taken by the session they belong to: where that can still be taken up ([`Session::resume`]), do so
//! before a new one is begun.
//!
//! **Beats before the hello.** A beat does not name its session either. Until a hello has named this one, beats are
//! ignored: they change neither the rating, nor the mode, nor the link.

#![warn(clippy::wildcard_enum_match_arm)]

mod delivery;
mod freshness;
mod handshake;
mod input;
mod lateness;
mod mode_sync;
mod output;
mod resume;
mod session;
pub mod timeline;
mod translate;
mod write_queue;

pub use handshake::Opening;
pub use input::Input;
pub use output::{Deadline, FrameCounts, Notice, Output, Timer, View};
pub use resume::ResumeError;
pub use session::Session;
