//! Traits that every transport implements.

use core::future::Future;

use wire::{Frame, Version};

/// One end of an established connection. A reconnect is a new value.
///
/// Every implementation guarantees:
///
/// - **Order.** Frames arrive in the order in which they were sent. Frames may be lost (a Bluetooth stack drops what a
///   stalled reader did not fetch), but none is duplicated or reordered.
/// - **Cancel-safety.** A future of [`Link::next`] or [`Link::send`] can be dropped at any await point, as `select!`
///   does. A dropped `next` has consumed no frame. A dropped `send` has sent the frame whole or not at all; which of
///   the two is not known.
/// - **Bounds.** The number of queued frames is bounded on either side. When the queue is full, `send` waits, and the
///   caller limits that wait, or it drops an earlier frame.
/// - **`Ok` means queued.** [`Link::send`] returns `Ok` when the transport has accepted the frame. Only an
///   acknowledgement from the other side confirms delivery.
/// - **End of link.** Frames in flight may be lost with the link. After [`Link::next`] has returned
///   [`LinkError::Ended`], every further call returns it again. Recovery is a new connection.
/// - **No verdict on silence.** A connected link without frames is not an error: the session decides between Stale and
///   Lost.
///
/// Scanning, pairing, signal strength and battery are left out, because a link in memory has none of them. Reconnecting
/// is [`Reach`].
pub trait Link {
    /// Receives the next frame from the other side.
    fn next(&mut self) -> impl Future<Output = Result<Frame, LinkError>> + Send;

    /// Sends a frame to the other side.
    fn send(&mut self, frame: &Frame) -> impl Future<Output = Result<(), LinkError>> + Send;
}

/// Why a frame could not be received or sent, split by what the caller does next.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// The connection has ended. Reconnect; other layers repeat what matters.
    #[error("the connection to the clicker has ended; bring it back into reach")]
    Ended,
    /// The link is up, but this frame was rejected. Drop it and continue; other layers repeat what matters.
    #[error("the frame was not taken by the connection: {why}; it is sent again by itself")]
    NotTaken {
        /// Reason that the transport gives.
        why: String,
    },
    /// The link is up and must not be used: it is not authenticated and encrypted, or the bond is gone. Stop sending,
    /// tell the person, pair again.
    #[error("the clicker no longer knows this laptop; pair again with `unknot pair`")]
    NotTrusted,
}

/// Source of the links to one clicker, one after the other.
///
/// Every implementation guarantees:
///
/// - **No timeout.** [`Reach::reach`] waits for as long as a retry may help. An error means that a person has to act
///   first; it may be called again afterwards.
/// - **Cancel-safety.** Dropping the future of `reach` loses nothing: the attempt continues, and its link is delivered
///   to the next `reach`. Dropping the `Reach` itself ends everything. So `reach` can be a branch of `select!` in a
///   loop.
/// - **One at a time.** A new link is made only after the previous one has ended; requesting one ends it.
pub trait Reach {
    /// Type of the links.
    type Link: Link;

    /// Waits until the clicker is connected and returns the link.
    fn reach(&mut self) -> impl Future<Output = Result<Self::Link, NotReached>> + Send;
}

/// Why a retry cannot help, split by what the person does next.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotReached {
    /// The source has been closed, so no link will come.
    #[error("the clicker is gone for good; start the session again")]
    Gone,
    /// The clicker no longer has this laptop's bond.
    #[error("the clicker no longer knows this laptop; pair again with `unknot pair`")]
    ForgottenByClicker,
    /// This laptop has no bond with the clicker, or has lost it.
    #[error("this laptop does not know the clicker; pair with `unknot pair`")]
    ForgottenHere,
    /// The clicker speaks another major version of the protocol.
    #[error(
        "the clicker speaks version {}.{}, this program {}.{}; update the older one",
        clicker.major, clicker.minor, Version::CURRENT.major, Version::CURRENT.minor
    )]
    OtherVersion {
        /// The clicker's version.
        clicker: Version,
    },
}
