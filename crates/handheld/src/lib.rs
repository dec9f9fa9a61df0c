//! What the clicker does, minus the hardware: gestures, dial, grammars, outbox, delivery, cues.
//!
//! No radio, no flash, no lights, no clock and no allocator: events and the time go in, work comes out. The same code
//! runs on a micro:bit, on a Linux machine and inside the laptop program as the practice clicker.
//!
//! **The one rule:** after every call of [`Handheld::handle`] or [`Handheld::handle_timeout`] drain
//! [`Handheld::poll_output`] until it gives `None`; then wait for [`Handheld::poll_timeout`] or the next event,
//! whichever comes first.
//!
//! ```
//! use handheld::{Answer, Bond, Button, Edge, Event, Handheld, Output, Setup, Sound, Uptime};
//! use wire::{Cue, Dial, Means, Mode, Report, Version};
//!
//! let mut clicker = Handheld::new(Setup { boot: 1, backlog: None, owner: None });
//! let welcome = Cue::Welcome { session: 7, version: Version::CURRENT, alone: false };
//! let inputs = [
//!     (0, Event::LinkUp(Bond(0))),
//!     (50, Event::Cue(welcome)),
//!     (1_000, Event::Button(Button::B, Edge::Down)),
//!     (1_120, Event::Button(Button::B, Edge::Up)),
//! ];
//! let (mut sent, mut sounds) = (Vec::new(), Vec::new());
//!
//! for (ms, event) in inputs {
//!     let mut waiting = vec![event];
//!     let at = Uptime::from_millis(ms);
//!     while let Some(event) = waiting.pop() {
//!         clicker.handle(at, event); //                              1. something happened
//!         while let Some(output) = clicker.poll_output() { //        2. drain until None
//!             match output {
//!                 Output::Send(report) => {
//!                     sent.push(report); //                             a stack takes it, and in time it leaves
//!                     waiting.push(Event::Sent);
//!                 }
//!                 Output::Keep(_entry) => waiting.push(Event::Store(Answer::Kept)),
//!                 Output::Fetch { .. } => waiting.push(Event::Store(Answer::NothingThere)),
//!                 Output::Forget { .. } | Output::KeepOwner(_) => {}
//!                 Output::Display(display) => println!("{:?}", display.rows()),
//!                 Output::Sound(sound) => sounds.push(sound),
//!             }
//!         }
//!     }
//!     let _wait_until = clicker.poll_timeout(); //                   3. wait for this or the next event
//! }
//!
//! assert!(matches!(sent[0], Report::Hello { boot: 1, session: 0, .. }));
//! // The first click of either button enters at 3. It is decided at the release.
//! let means = Means::Rating(Dial::new(3).unwrap());
//! assert_eq!(sent.last(), Some(&Report::Clicked { boot: 1, seq: 0, uptime: 1_120, show: 0, means }));
//! // The tick comes once the event would survive a reset.
//! assert_eq!(sounds, [Sound::Tick(Mode::Rate)]);
//! ```
//!
//! **Time.** At equal times a timer runs before an event. Timers run at their own moments, however late they are
//! called for; what repeats (beats, "not heard") is not made up for.
//!
//! **Hello.** It is the first word on every connection and the answer to every welcome, so that the laptop knows which
//! session is open here. It is said again every second until a session is open and an acknowledgement shows that the
//! laptop knows where the order goes on; and again after the end of a session, for the next. Where no session is opened in
//! ten of them, it is said more seldom.
//!
//! **What a gesture means** is decided by what was active when its button went down, so that an answer is never given
//! to a question asked a moment later.
//!
//! **Storage.** Outputs are carried out in order. An event is *accepted* when its tick sounds: it is then kept, or the
//! laptop has it, and from there on it is delivered exactly once whatever is reset. It goes to the air without
//! waiting for that.
#![no_std]
#![warn(clippy::wildcard_enum_match_arm)]

mod alarms;
mod display;
mod display_timer;
mod event;
mod gestures;
mod handheld;
mod keymap;
mod liveness;
mod outbox;
mod sound;
mod time;

pub use alarms::{ALARM_REPEAT, ALARM_STORE_TIMEOUT};
pub use display::Display;
pub use display_timer::{DIGIT_TIME, FEEDBACK_TIME};
pub use event::*;
pub use gestures::{CHORD_WINDOW, COVERED_AFTER, LONG_PRESS, STOP_HOLD};
pub use handheld::{
    BEAT_INTERVAL, BEAT_INTERVAL_PRESSING, FAST_HELLOS, HELLO_INTERVAL, Handheld, MORE_TIMEOUT,
    SLOW_HELLO_INTERVAL, STACK_SLOTS, TAKE_OVER_TIMEOUT,
};
pub use liveness::{NOT_HEARD_REPEAT, PULSE_TIMEOUT, REST_AFTER};
pub use outbox::{ALARM_CAPACITY, EVENT_CAPACITY, RETRANSMIT_TIMEOUT, SEND_WINDOW};
pub use sound::{Note, Sound};
pub use time::Uptime;
