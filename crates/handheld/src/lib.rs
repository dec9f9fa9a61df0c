//! Hardware-independent logic of the clicker: gestures, dial, modes, outbox, delivery, sounds.
//!
//! There is no radio, flash, LED, clock or allocator here: events and the time go in, outputs come out. The same code
//! runs on a micro:bit, on Linux, and inside the laptop program as the practice clicker.
//!
//! **The one rule:** after every call of [`Handheld::handle`] or [`Handheld::handle_timeout`] drain
//! [`Handheld::poll_output`] until it returns `None`; then wait for [`Handheld::poll_timeout`] or the next event,
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
//!         clicker.handle(at, event); //                              1. an event
//!         while let Some(output) = clicker.poll_output() { //        2. drain until None
//!             match output {
//!                 Output::Send(report) => {
//!                     sent.push(report); //                             the stack takes it and transmits it
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
//!     let _wait_until = clicker.poll_timeout(); //                   3. wait until then or for the next event
//! }
//!
//! assert!(matches!(sent[0], Report::Hello { boot: 1, session: 0, .. }));
//! // The first click of either button sets 3. It is decided at the release.
//! let means = Means::Rating(Dial::new(3).unwrap());
//! assert_eq!(sent.last(), Some(&Report::Clicked { boot: 1, seq: 0, uptime: 1_120, show: 0, means }));
//! // The tick sounds once the event is stored.
//! assert_eq!(sounds, [Sound::Tick(Mode::Rate)]);
//! ```
//!
//! **Time.** At equal times a timer runs before an event. Timers run at their own times, however late the call is;
//! repetitions (beats, "not heard") that were missed are not made up for.
//!
//! **Hello.** The first message on every connection and the reply to every welcome. It names the session open here. It
//! is repeated every second until a session is open and an acknowledgement shows that the laptop knows the next event,
//! and again after the end of a session. If ten hellos open no session, the interval becomes longer.
//!
//! **What a gesture means** is decided by the mode and question in force when its button went down, so a press never
//! answers a question asked a moment later.
//!
//! **Storage.** Outputs are carried out in order. An event is *accepted* when its tick sounds: it is stored here or at
//! the laptop by then, and is delivered exactly once whatever is reset. It is sent without waiting for storage.
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
