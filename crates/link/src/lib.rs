//! Connection to a clicker: the [`Link`] contract and the transports that implement it.
//!
//! A link carries [`Frame`](wire::Frame)s between one laptop and one clicker and does not interpret them. Delivery,
//! repetition and acknowledgement belong to `session` and `handheld`; `Ok` from a link means only that the frame is
//! queued.
//!
//! - [`memory`]: both ends in one process, for practice and tests.
//! - [`bluetooth`]: Bluetooth LE on its own thread and runtime, with scanning, pairing and reconnection. Nothing outside
//!   this crate names its libraries. Without the feature `bluetooth` it has no adapter, and says so.
//!
//! [`Reach`] is the source of links: a session asks it for the next link when one has ended.
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

pub mod bluetooth;
mod contract;
pub mod memory;

pub use contract::{Link, LinkError, NotReached, Reach};
