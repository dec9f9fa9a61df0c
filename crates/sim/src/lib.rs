//! Simulation for practice and tests: the practice clicker, a receiver and a partner, a radio channel with faults, and
//! the runner of scripts.
//!
//! Everything is driven from outside like the real parts: events and [`Time`] in, actions out. Nothing reads a clock,
//! and all randomness is seeded. The simulated people know only what people would: the receiver feels the clicker and
//! hears what is said, the partner hears and sees the prompts.

pub mod air;
pub mod body;
pub mod clicker;
pub mod gesture;
pub mod partner;
pub mod receiver;
pub mod rng;

pub mod script;
mod time;

pub use clicker::Clicker;
pub use gesture::{Button, Gesture};
pub use time::Time;
