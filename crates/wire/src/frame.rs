//! Frames: one message encoded as the payload of one notification or one write, and decoded from it.
//!
//! The meaning of the messages is documented in [`crate::message`].

use core::fmt;

use postcard::experimental::max_size::MaxSize;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{Cue, MAX_FRAME, Report};

/// The bytes of one encoded message, held by value: what links carry and queues store.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Frame {
    /// Zero beyond `len`, so that equal frames are equal.
    bytes: [u8; MAX_FRAME],
    len: u8,
}

impl Frame {
    /// Encodes `message`.
    #[must_use]
    pub fn of<M: Message>(message: &M) -> Self {
        let mut frame = Self::default();
        encode(message, &mut frame);
        frame
    }

    /// Wraps received bytes. It checks their length only; [`decode`] checks their contents.
    ///
    /// # Errors
    ///
    /// [`DecodeError::TooLong`] if `bytes` is longer than [`MAX_FRAME`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut frame = Self::default();
        let Some(into) = frame.bytes.get_mut(..bytes.len()) else { return Err(DecodeError::TooLong) };
        into.copy_from_slice(bytes);
        // At most 20: the slice above has that length.
        frame.len = bytes.len() as u8;
        Ok(frame)
    }

    /// The encoded bytes, at most [`MAX_FRAME`].
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.len)]
    }
}

impl AsRef<[u8]> for Frame {
    fn as_ref(&self) -> &[u8] {
        self.as_bytes()
    }
}

impl TryFrom<&[u8]> for Frame {
    type Error = DecodeError;

    fn try_from(bytes: &[u8]) -> Result<Self, Self::Error> {
        Self::from_bytes(bytes)
    }
}

impl fmt::Debug for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Frame[")?;
        for (at, byte) in self.as_bytes().iter().enumerate() {
            let space = if at == 0 { "" } else { " " };
            write!(f, "{space}{byte:02x}")?;
        }
        f.write_str("]")
    }
}

/// A message that fits a frame: [`Report`] or [`Cue`]. The trait is sealed.
pub trait Message: Serialize + DeserializeOwned + MaxSize + sealed::Sealed {
    /// Number of variants in this version. The first byte of a frame is the index of its variant.
    const VARIANTS: u8;
}

impl Message for Report {
    const VARIANTS: u8 = 4;
}

impl Message for Cue {
    const VARIANTS: u8 = 7;
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for crate::Report {}
    impl Sealed for crate::Cue {}
}

const _: () = assert!(
    Report::POSTCARD_MAX_SIZE <= MAX_FRAME,
    "every report of the clicker must fit one notification at the smallest MTU, 20 bytes"
);
const _: () = assert!(
    Cue::POSTCARD_MAX_SIZE <= MAX_FRAME,
    "every cue of the laptop must fit one write at the smallest MTU, 20 bytes"
);

/// Encodes `message` into `frame`, overwriting it, and returns the encoded bytes. It cannot fail: compile-time
/// assertions check that every message fits.
pub fn encode<'b, M: Message>(message: &M, frame: &'b mut Frame) -> &'b [u8] {
    *frame = Frame::default();
    let written = postcard::to_slice(message, &mut frame.bytes).map(|bytes| bytes.len());
    // With these types postcard fails only for lack of space, and every message fits.
    frame.len = written.expect("every message fits a frame, as asserted at compile time") as u8;
    frame.as_bytes()
}

/// Decodes the message at the start of `bytes`. Trailing bytes are ignored, because a later minor version may append
/// fields.
///
/// It never panics and never reads beyond `bytes`.
///
/// # Errors
///
/// See [`DecodeError`]: the first two variants mean that the sender is newer, the others that it is faulty.
pub fn decode<M: Message>(bytes: &[u8]) -> Result<M, DecodeError> {
    let Some(&tag) = bytes.first() else { return Err(DecodeError::Empty) };
    if bytes.len() > MAX_FRAME {
        return Err(DecodeError::TooLong);
    }
    // A tag above 127 would take a second byte; the protocol will never have that many messages.
    if tag > 0x7f {
        return Err(DecodeError::Malformed);
    }
    if tag >= M::VARIANTS {
        return Err(DecodeError::UnknownMessage { tag });
    }
    match postcard::take_from_bytes(bytes) {
        Ok((message, _grown)) => Ok(message),
        Err(postcard::Error::SerdeDeCustom) => Err(DecodeError::UnknownValue { tag }),
        Err(_) => Err(DecodeError::Malformed),
    }
}

/// Why bytes do not decode, split by how the receiver reacts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// A message of a newer minor version: ignore it, and do not count it as a fault of the sender.
    #[error("message {tag} is not known to this version; the other side is newer, update this one")]
    UnknownMessage {
        /// Index of the message.
        tag: u8,
    },
    /// A known message with a choice of a newer minor version, or with a rating outside 1 to 10: ignore it.
    #[error("message {tag} holds a value that this version does not know; update this side")]
    UnknownValue {
        /// Index of the message.
        tag: u8,
    },
    /// Truncated, or a number out of range for its field: the sender is faulty or is not a clicker.
    #[error("the frame is cut short or holds a number beyond its field; restart the other side")]
    Malformed,
    /// No bytes. Handle as `Malformed`.
    #[error("the frame is empty; restart the other side")]
    Empty,
    /// Longer than any message. Handle as `Malformed`.
    #[error("the frame is longer than {MAX_FRAME} bytes; restart the other side")]
    TooLong,
}
