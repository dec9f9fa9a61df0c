//! A sitting tried from outside: real coach, a disk that can fail, and a clicker made of a model.
//!
//! The real clicker at the other end of the real wire is tried in the package `tests`, which may know both.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod clicker;
mod conduct;
mod delivery;
mod desk;
mod ending;
mod opening;
