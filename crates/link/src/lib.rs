//! Reaching a clicker: the [`Link`] contract, and the transports that keep it.
//!
//! A link carries [`Frame`](wire::Frame)s between one laptop and one clicker and knows nothing of what they mean.
//! Delivery, repetition and acknowledgement belong to `session` and `handheld`; a link that gave `Ok` has promised
//! nothing more than that the frame is on its way.
//!
//! - [`memory`]: both ends in one process, for practice and tests.
//! - Bluetooth LE has its place here too, behind the feature `bluetooth`: the same [`Link`], on its own thread and
//!   runtime, with scanning, pairing and reconnection. Nothing outside this crate will name its library.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), link::LinkError> {
//! use link::Link;
//! use wire::{Cue, Frame};
//!
//! let (mut laptop, mut clicker) = link::memory::pair();
//! laptop.send(&Frame::of(&Cue::Ack { boot: 1, next: 4 })).await?;
//! assert_eq!(wire::decode(clicker.next().await?.as_bytes()), Ok(Cue::Ack { boot: 1, next: 4 }));
//! # Ok(())
//! # }
//! ```

mod contract;
pub mod memory;

pub use contract::{Link, LinkError};
