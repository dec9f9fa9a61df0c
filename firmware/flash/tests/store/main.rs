//! The storage on a model of flash that wears, is written by word and erased by page, and loses power before, during
//! and after each of these steps.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod corruption;
mod lifecycle;
mod model;
mod power_loss;
mod wear;
