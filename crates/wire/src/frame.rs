//! A frame: one message as the bytes of one notification or one write, and the way there and back.
//!
//! Nothing here knows what a message means; the messages stand in [`crate::message`].

use core::fmt;

use postcard::experimental::max_size::MaxSize;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{Cue, MAX_FRAME, Report};

/// The bytes of one message, by value: what links carry and queues hold.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Frame {
    /// Zero beyond `len`, so that equal frames are equal.
    bytes: [u8; MAX_FRAME],
    len: u8,
}

impl Frame {
    /// The frame of `message`.
    #[must_use]
    pub fn of<M: Message>(message: &M) -> Self {
        let mut frame = Self::default();
        encode(message, &mut frame);
        frame
    }

    /// What arrived from the air, as a frame. Nothing is said yet about what it means.
    ///
    /// # Errors
    ///
    /// [`DecodeError::TooLong`] where `bytes` are more than [`MAX_FRAME`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut frame = Self::default();
        let Some(into) = frame.bytes.get_mut(..bytes.len()) else { return Err(DecodeError::TooLong) };
        into.copy_from_slice(bytes);
        // At most 20, as the slice above has shown.
        frame.len = bytes.len() as u8;
        Ok(frame)
    }

    /// The bytes in use, at most [`MAX_FRAME`].
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

/// What travels in a frame: [`Report`] or [`Cue`], and nothing else.
pub trait Message: Serialize + DeserializeOwned + MaxSize + sealed::Sealed {
    /// How many variants this version knows. The first byte of a frame is the number of its variant.
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

/// Writes `message` into `frame`, whatever stood there, and gives the bytes written. It cannot fail: that every
/// message fits is asserted when this crate is compiled.
pub fn encode<'b, M: Message>(message: &M, frame: &'b mut Frame) -> &'b [u8] {
    *frame = Frame::default();
    let written = postcard::to_slice(message, &mut frame.bytes).map(|bytes| bytes.len());
    // Postcard fails for want of room alone with types like these, and there is room for each.
    frame.len = written.expect("every message fits a frame, as asserted at compile time") as u8;
    frame.as_bytes()
}

/// Reads the message at the start of `bytes`. What follows it is left unread, because a later minor version may have
/// grown the message at its end.
///
/// It never panics and never reads beyond `bytes`, whatever they are.
///
/// # Errors
///
/// See [`DecodeError`]: the first two kinds tell of a newer partner, the others of a broken one.
pub fn decode<M: Message>(bytes: &[u8]) -> Result<M, DecodeError> {
    let Some(&tag) = bytes.first() else { return Err(DecodeError::Empty) };
    if bytes.len() > MAX_FRAME {
        return Err(DecodeError::TooLong);
    }
    // Above 127 a tag would take a second byte; the protocol will never have that many messages.
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

/// Why bytes are no message, split by what to do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// A message of a newer minor version: pass over it, and do not count it against the other side.
    #[error("message {tag} is not known to this version; the other side is newer, update this one")]
    UnknownMessage {
        /// The number of the message.
        tag: u8,
    },
    /// A known message that holds a choice of a newer minor version, or a rating that is not 1 to 10: pass over it.
    #[error("message {tag} holds a value that this version does not know; update this side")]
    UnknownValue {
        /// The number of the message.
        tag: u8,
    },
    /// Cut short, or a number that does not fit its field: the other side is broken or is no clicker.
    #[error("the frame is cut short or holds a number beyond its field; restart the other side")]
    Malformed,
    /// No bytes at all: as `Malformed`.
    #[error("the frame is empty; restart the other side")]
    Empty,
    /// More bytes than any message has: as `Malformed`.
    #[error("the frame is longer than {MAX_FRAME} bytes; restart the other side")]
    TooLong,
}
