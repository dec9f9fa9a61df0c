//! Protocol between clicker and laptop, version 1.
//!
//! The clicker sends [`Report`]s, the laptop sends [`Cue`]s. Each is one [`Frame`] of at most [`MAX_FRAME`] bytes, so
//! it fits one notification or one write at the smallest MTU. [`encode`] cannot fail; [`decode`] never panics.
//!
//! This crate has no clock, no queue and no delivery: ordering and retransmission belong to the clicker's logic and to
//! the laptop's session, encryption to the link.
//!
//! ```
//! use wire::{Cue, DecodeError, Frame};
//!
//! let frame = Frame::of(&Cue::Ack { boot: 3, next: 8 });
//! assert_eq!(frame.as_bytes(), [1, 3, 8]);
//! assert_eq!(wire::decode(frame.as_bytes()), Ok(Cue::Ack { boot: 3, next: 8 }));
//! assert_eq!(wire::decode::<Cue>(&[99]), Err(DecodeError::UnknownMessage { tag: 99 }));
//! ```
#![no_std]

mod frame;
pub mod gatt;
mod message;

pub use frame::*;
pub use message::*;
