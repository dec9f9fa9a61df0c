//! What practice and the tests need in place of a strap, a room and two people: the practice clicker, a receiver and
//! a partner made of numbers, bad air between the machines, and the runner of scripts.
//!
//! Everything here is driven from outside like the real parts: events and [`Time`] in, acts out. Nothing reads a
//! clock or throws rng that are not seeded. The people see only what people would: the receiver feels the clicker
//! and hears the spoken word, the partner hears and sees the prompts.

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
