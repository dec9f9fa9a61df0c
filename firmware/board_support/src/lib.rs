//! What a board does with its speaker, touch logo, battery and resets, as far as no register is needed for it: so that it
//! can be tested on a machine without any of them. The board itself is wiring.
#![no_std]

mod battery;
mod reset_reason;
mod tone;
mod touch;

pub use battery::percent;
pub use reset_reason::{Fault, ResetReason};
pub use tone::{MIN_VIBRATION, Step, Volume, is_click, steps, vibration_time};
pub use touch::Touch;
