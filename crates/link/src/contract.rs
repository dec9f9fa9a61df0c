//! What all transports share, and no more.

use core::future::Future;

use wire::Frame;

/// One end of a standing connection. A new connection is a new value.
///
/// What every implementation keeps:
///
/// - **Order.** Frames arrive in the order in which they were sent. Some may be missing (a Bluetooth stack drops what
///   a stalled reader did not fetch), none comes twice or overtakes another.
/// - **Cancel-safety.** A future of [`Link::next`] or [`Link::send`] can be dropped at any await point, as `select!`
///   does. A dropped `next` has taken no frame. A dropped `send` has sent the frame whole or not at all; which of the
///   two is not known.
/// - **Back-pressure.** At most a bounded number of frames wait on either side. `send` waits for a place rather than
///   growing a queue; the caller bounds that wait by a time limit of its own.
/// - **`Ok` is queued.** [`Link::send`] gives `Ok` when the transport has taken the frame over. Only an
///   acknowledgement of the other side says that it arrived.
/// - **End of link.** What was under way may be lost with it. Once [`Link::next`] has given [`LinkError::Ended`] nothing
///   follows, and every further call gives it again. An end is final: the way back to life is a new connection.
/// - **No verdict on silence.** A link that stands and is silent is no error here: Stale and Lost are judged by the
///   session.
///
/// Scanning, pairing, signal strength and battery are left out, because a link in memory has none of them, and so is
/// reconnecting, because it differs in every transport.
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
