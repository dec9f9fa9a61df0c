//! Everything that can happen to a sitting.

use core::time::Duration;

use coach::Key;

/// One thing that happened. Borrowed, because nothing is kept that is not recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input<'a> {
    /// A link to the clicker was established. Its frames follow.
    Connected,
    /// The link has ended. No frame of it follows.
    Disconnected,
    /// A frame arrived. An unreadable one is counted and ignored.
    Frame(&'a [u8]),
    /// The partner pressed a key.
    Key(Key),
    /// A remark of a person, kept with the session. It steers nothing.
    Note(&'a str),
    /// The batch of this [`Output::Store`](crate::Output::Store) is on the disk, whole and for good.
    Stored {
        /// Its number.
        batch: u64,
    },
    /// The batch could not be written, and nothing of it is on the disk. It comes again by itself.
    StoreFailed {
        /// Its number.
        batch: u64,
    },
    /// The laptop was suspended for this long, or its loop stalled by more than 1 s. Pass it before anything that was
    /// waiting meanwhile, and before [`Session::handle_timeout`](crate::Session::handle_timeout).
    Gap(Duration),
}
