//! The lines of `--plain`, whichever board prints and reads them: happenings in words, and a hand's commands as timed
//! edges of buttons. Here is no I/O and no clock.
//!
//! **Stable.** Words and lines are added and never changed; `firmware/README.md` lists them.
#![no_std]

mod address;
mod hand;
mod words;

pub use address::{Address, NotAnAddress};
pub use hand::{Command, NotACommand, Timed};
pub use words::{News, Picture, Sound};
