//! The clicker's storage on a model of flash that wears, that is written a word and erased a page at a time, and that
//! loses power at every one of these steps and in the middle of it.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod corruption;
mod lifecycle;
mod model;
mod power_loss;
mod wear;
