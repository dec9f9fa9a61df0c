//! One sitting: frames, keys, time, coach and storage joined in one sans-IO conductor.
//!
//! This is the only place where the words on the air meet the rules of the massage. It decides nothing about the
//! massage; it decides what has arrived, in which order, how late, how fresh, and what may be acknowledged.
//!
//! **The one rule: after every [`Session::handle`] and [`Session::handle_timeout`] drain [`Session::poll_output`]
//! until `None`, then wait for [`Session::poll_timeout`] or the next thing to happen.**
//!
//! ```no_run
//! # use session::{Input, Output, Session};
//! # fn now() -> coach::Moment { unimplemented!() }
//! # fn write(_: &[transcript::Entry]) -> bool { true }
//! # fn turn(mut session: Session, frame: &[u8]) {
//! session.handle(now(), Input::Frame(frame)); //                1. something happened
//! while let Some(output) = session.poll_output() { //           2. drain
//!     match output {
//!         Output::Store { batch, entries } => match write(&entries) {
//!             true => session.handle(now(), Input::Stored { batch }),
//!             false => session.handle(now(), Input::StoreFailed { batch }),
//!         },
//!         Output::Send(_cue) => {} //                               encode and send, if connected
//!         Output::Speak(_prompt) => {} //                           say it
//!         Output::Happened(_entry) => {} //                         show it: the screen does not wait for the disk
//!         Output::Notice(_notice) => {} //                          log it, tell the person
//!         Output::Finished => return,
//!     }
//! }
//! let _wait = session.poll_timeout(); //                        3. wait for this, or for the next event
//! # }
//! ```
//!
//! **Invariant:** a clicker is told that an event is stored only after [`Input::Stored`] for the batch that holds it.
//! **Invariant:** every event the clicker accepted is recorded exactly once and in its order.
//!
//! **What an older session left.** A clicker keeps what was pressed in a session that ended without hearing it all, and
//! sends it to the next one of the same bond. A report does not name its session, and the clicker keeps every later
//! event back until the older ones are acknowledged; so they are recorded here, marked late, and acknowledged once on
//! the disk. Late they can end a hold and do nothing else: a SHARP of then still takes the hands off, a "yes" of then
//! answers nothing. They are better taken by the session they belong to: where that can still be taken up
//! ([`Session::resume`]), do so before a new one is begun.
//!
//! **Whose beats.** A beat does not name its session either. Until a hello has named this one, no beat tells of the
//! rating, of what is shown, or that the link is Live.

#![warn(clippy::wildcard_enum_match_arm)]

mod delivery;
mod freshness;
mod greeting;
mod input;
mod lateness;
mod output;
mod resume;
mod session;
mod show;
mod storing;
mod translate;

pub use greeting::Opening;
pub use input::Input;
pub use output::{Deadline, Heard, Notice, Output, Timer, View};
pub use resume::ResumeError;
pub use session::Session;
