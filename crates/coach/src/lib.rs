//! The rules of the massage: what may be pressed, for how long, what is said, and when hands come off.
//!
//! Pure and sans-IO: no clock, no link, no disk, no text. Events go in with their moment, work comes out.
//!
//! **The one rule: after every call of [`Coach::handle`] or [`Coach::handle_timeout`], drain [`Coach::poll_output`]
//! until it gives `None` (1), then wait for [`Coach::poll_timeout`] (2) or for the next event (3), whichever comes
//! first.**
//!
//! ```
//! use coach::{Click, Coach, Input, Key, Link, Moment, Output, Phase, Plan, Setup};
//!
//! let mut coach = Coach::begin(Setup::of(Plan::partner()));
//! let mut now = Moment::START;
//! // An hour in which the partner takes the area, answers "none of these" and "already warm", and the receiver clicks nothing.
//! let mut keys = [Key::GoOn, Key::No, Key::No, Key::No, Key::No].into_iter().chain([Key::AlreadyWarm]);
//! coach.handle(now, Input::Link(Link::Live { dial: None }));
//! while now < Moment::from_millis(3_600_000) {
//!     // (1)
//!     while let Some((at, output)) = coach.poll_output() {
//!         assert!(at <= now);
//!         if let Output::Phase { to, .. } = output {
//!             assert_ne!(to, Phase::Holding, "nothing is pressed before the receiver has clicked");
//!         }
//!     }
//!     // (2)
//!     if let Some(deadline) = coach.poll_timeout() {
//!         now = deadline.at;
//!         coach.handle_timeout(now);
//!         continue;
//!     }
//!     // (3)
//!     let Some(key) = keys.next() else { break };
//!     coach.handle(now, Input::Key(key));
//! }
//! coach.handle(now, Input::Click { means: Click::Yes, late: false, passed: false });
//! assert_eq!(coach.view(now).phase, Phase::Screening, "the rating at rest is still awaited");
//! ```
//!
//! Time is one [`Moment`] a call, and outputs carry their own: a timer that is run late still speaks at the moment it
//! was due, which is why replaying a transcript's inputs gives its outputs exactly.
//!
//! **Invariant:** nothing here depends on anything outside the standard library.
//!
//! The phases are drawn in `state.rs`, the hold in `phase/holding.rs`.

#![warn(clippy::wildcard_enum_match_arm)]

pub mod body;
mod coach;
mod command;
mod context;
mod dose;
mod input;
mod lesson;
mod named;
mod output;
mod past;
mod phase;
mod plan;
mod prompt;
mod prompt_table;
mod rating;
mod rules;
pub mod screening;
mod setup;
mod state;
mod time;
mod urgency;
mod view;

pub use coach::Coach;
pub use dose::{Dose, Pressed};
pub use input::{Alarm, Click, Input, Key, Link, StoreState};
pub use lesson::{Learn, Learned, Lesson, Tried};
pub use named::Named;
pub use output::{
    Ask, Because, Deadline, Freshness, HoldEnd, Mode, Outcome, Output, Phase, Reason, Refusal, Screened,
    Tone, What,
};
pub use past::{Before, Cleared, Day, Past, Worked};
pub use plan::{Broken, Field, Plan, PlanParams, REGION_A_DAY, Rule, Technique};
pub use prompt::{Arg, Level, Prompt};
pub use prompt_table::SAID_ANYWHERE;
pub use rating::Rating;
pub use rules::{LONGEST_HOLD, SHARPS_A_SPOT};
pub use setup::Setup;
pub use time::Moment;
pub use urgency::Urgency;
pub use view::{Awaits, Count, Counting, Lasts, RatingNow, View};
