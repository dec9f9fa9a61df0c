//! What the clicker does, minus the hardware.
#![no_std]

mod event;
mod face;
mod handheld;
mod sound;
mod time;

pub use event::*;
pub use face::Face;
pub use handheld::*;
pub use sound::{Note, Sound};
pub use time::Uptime;
