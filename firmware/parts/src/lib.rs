//! What a board does with its speaker, touch logo, battery and resets, as far as no register is needed for it: so that it
//! can be tested on a machine without any of them. The board itself is wiring.
#![no_std]

mod battery;
mod started;
mod tone;
mod touch;

pub use battery::percent;
pub use started::{Fault, Started};
pub use tone::{SHAKE, Step, Volume, is_click, shake, steps};
pub use touch::Touch;
