//! The words on the air between clicker and laptop, version 1.
#![no_std]

mod message;

pub use message::*;
