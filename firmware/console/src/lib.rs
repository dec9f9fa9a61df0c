//! The text protocol of `--plain`, for any board: status lines out, gesture commands in. It has no I/O and no clock.
//!
//! **Stable.** Words and lines are added and never changed; `firmware/README.md` lists them.
#![no_std]

mod address;
mod command;
mod text;

pub use address::{Address, ParseAddressError};
pub use command::{Command, ParseCommandError, TimedButtonEvents};
pub use text::{PictureText, SoundText, StatusText};
