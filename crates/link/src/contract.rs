//! What all transports share, and no more.

use core::future::Future;

use wire::{Frame, Version};

/// One end of a standing connection. A new connection is a new value.
///
/// What every implementation keeps:
///
/// - **Order.** Frames arrive in the order in which they were sent. Some may be missing (a Bluetooth stack drops what
///   a stalled reader did not fetch), none comes twice or overtakes another.
/// - **Cancel-safety.** A future of [`Link::next`] or [`Link::send`] can be dropped at any await point, as `select!`
///   does. A dropped `next` has taken no frame. A dropped `send` has sent the frame whole or not at all; which of the
///   two is not known.
/// - **Bounds.** At most a bounded number of frames wait on either side. `send` waits for a place, the caller bounding that
///   wait by a time limit of its own, or it lets go of an earlier frame. It grows no queue.
/// - **`Ok` is queued.** [`Link::send`] gives `Ok` when the transport has taken the frame over. Only an
///   acknowledgement of the other side says that it arrived.
/// - **End of link.** What was under way may be lost with it. Once [`Link::next`] has given [`LinkError::Ended`] nothing
///   follows, and every further call gives it again. An end is final: the way back to life is a new connection.
/// - **No verdict on silence.** A link that stands and is silent is no error here: Stale and Lost are judged by the
///   session.
///
/// Scanning, pairing, signal strength and battery are left out, because a link in memory has none of them. Coming back
/// after an end is [`Reach`].
pub trait Link {
    /// The next frame from the other side.
    fn next(&mut self) -> impl Future<Output = Result<Frame, LinkError>> + Send;

    /// Sends a frame to the other side.
    fn send(&mut self, frame: &Frame) -> impl Future<Output = Result<(), LinkError>> + Send;
}

/// Why a link gave no frame or took none, split by what the caller does next.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// The connection has ended. Connect again; what matters is sent again by the other layers.
    #[error("the connection to the clicker has ended; bring it back into reach")]
    Ended,
    /// The connection stands and this frame was not taken. Drop the frame and go on: what matters is sent again.
    #[error("the frame was not taken by the connection: {why}; it is sent again by itself")]
    NotTaken {
        /// What the transport says.
        why: String,
    },
    /// The connection stands and must not be used: it is not authenticated and encrypted, or the bond is gone. Stop
    /// sending, tell the person, pair again.
    #[error("the clicker no longer knows this laptop; pair again with `unknot pair`")]
    NotTrusted,
}

/// Where the links to one clicker come from, one after the other.
///
/// What every implementation keeps:
///
/// - **Patience.** [`Reach::reach`] has no end to it: it waits for as long as trying again may help, and an error says
///   that a person has to do something first. It may be called again all the same.
/// - **Cancel-safety.** A dropped `reach` has lost nothing: the attempt goes on by itself, a link that it came to waits
///   for the next `reach`, and dropping the `Reach` itself ends all of it. So it can stand in a `select!` in a loop.
/// - **One at a time.** A new link is made only after the one before has ended; asking for one ends it.
pub trait Reach {
    /// What it gives.
    type Link: Link;

    /// Waits until the clicker can be talked to, and gives the link.
    fn reach(&mut self) -> impl Future<Output = Result<Self::Link, NotReached>> + Send;
}

/// Why trying again by itself cannot help, split by what the person does next.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotReached {
    /// It will never come: what would bring it is gone.
    #[error("the clicker is gone for good; start the session again")]
    Gone,
    /// The clicker no longer has this laptop's bond.
    #[error("the clicker no longer knows this laptop; pair again with `unknot pair`")]
    ForgottenByClicker,
    /// This laptop's system no longer has the bond, or it never had one.
    #[error("this laptop does not know the clicker; pair with `unknot pair`")]
    ForgottenHere,
    /// It speaks another major version.
    #[error(
        "the clicker speaks version {}.{}, this program {}.{}; update the older one",
        clicker.major, clicker.minor, Version::CURRENT.major, Version::CURRENT.minor
    )]
    OtherVersion {
        /// The clicker's version.
        clicker: Version,
    },
}
