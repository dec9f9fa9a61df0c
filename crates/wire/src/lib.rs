//! The words on the air between clicker and laptop, version 1.
//!
//! [`Report`] is all a clicker may say and [`Cue`] all a laptop may say. Each is one [`Frame`] of at most
//! [`MAX_FRAME`] bytes, so that it travels as one notification or one write at the smallest MTU. [`encode`] cannot
//! fail, [`decode`] never panics.
//!
//! There is no clock, no queue and no delivery here: order and repetition belong to the clicker's logic and to the
//! laptop's session, encryption to the link.
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
