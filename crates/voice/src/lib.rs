//! What is said aloud, and when; the tones of alarms and counts; and the programs of the system that make both audible.
//!
//! [`Announcer`] decides and does no I/O: prompts and the state of the session go in, actions come out, time is an
//! argument. [`Speaker`] and [`Player`] carry the actions out on threads of their own and never block their caller.
//!
//! ```
//! use coach::{Moment, Prompt};
//! use voice::{Action, Announcer, Tone, Verbosity};
//!
//! let mut announcer = Announcer::new(Verbosity::Everything);
//! let now = Moment::from_millis(0);
//! announcer.said(now, Prompt::SharpHolding);
//! assert_eq!(announcer.poll(now), Some(Action::Play(Tone::AlarmHigh)));
//! let Some(Action::Say(line)) = announcer.poll(now) else { panic!("an alarm does not wait") };
//! assert!(line.text.contains("Hands off"), "{}", line.text);
//! ```

mod announcer;
mod player;
mod process;
mod selection;
mod speaker;
mod tone;

pub use announcer::{Action, Announcer, Line};
pub use player::{Player, find_player};
pub use selection::Verbosity;
pub use speaker::{Ended, Program, Speaker, find_speaker};
pub use tone::{SAMPLE_RATE, Tone};
