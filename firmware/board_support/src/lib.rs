//! Parts of a board's speaker, touch logo, battery and reset handling that need no registers, so that they can be
//! tested on any machine. The board crates contain only the wiring.
#![no_std]

mod battery;
mod reset_reason;
mod speaker;
mod tone;
mod touch;

pub use battery::percent;
pub use reset_reason::{Fault, OWN_RESET, ResetReason};
pub use speaker::{Pwm, PwmRegister, SPEAKER_WORDS, Speaker, SpeakerWords};
pub use tone::{MIN_VIBRATION, Volume, is_click, vibration_time};
pub use touch::Touch;
