//! The lines of `--plain`, whichever board prints and reads them: happenings in words, and a hand's commands as timed
//! button_events of buttons. Here is no I/O and no clock.
//!
//! **Stable.** Words and lines are added and never changed; `firmware/README.md` lists them.
#![no_std]

mod address;
mod command;
mod text;

pub use address::{Address, ParseAddressError};
pub use command::{Command, ParseCommandError, TimedButtonEvents};
pub use text::{PictureText, SoundText, StatusText};
