//! Handshake on a new connection: which clicker is at the other end, and whether it has this session open.
//!
//! ```text
//!   Apart --link--> Silent --a hello of another session or none, or any other report--> Welcomed <--+
//!     ^               |                                                                  |  |  no answer for 1 s: again
//!     |               |                                                                  |  +-------+
//!     |               +------ a hello of this session ------> Answered <-----------------+
//!     |               +------ a hello that is not believed -> Rejected
//!     +--- the link ends: from anywhere
//! ```
//!
//! A clicker answers every welcome with a hello. Only that hello confirms the welcome: events kept from an older
//! session are sent with or without a welcome, and beats do not name their session.
//!
//! A hello is taken in every state but `Apart`: a clicker that restarts may be back before the link has noticed. Where
//! a hello was lost and another report is the first that comes, the clicker is welcomed all the same, and says it then.

use core::num::NonZeroU32;
use core::time::Duration;

use coach::Moment;

/// A clicker answers as soon as it hears, so after this long the welcome was lost, or its answer. One that was connected
/// without a session listens every 1,035 ms at the least, so that now and then it is welcomed twice, which does no harm.
const AGAIN: Duration = Duration::from_secs(1);

/// How a session is opened on the clicker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opening {
    /// The random id of the session on the air. A session that is taken up again keeps its id.
    pub session: NonZeroU32,
    /// Whether the receiver is alone, so that the clicker itself says "pressure off" when the laptop is gone.
    pub alone: bool,
}

/// State of the handshake on this connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Handshake {
    /// There is no link.
    Apart,
    /// There is a link, and nothing has been heard.
    Silent,
    /// The clicker was welcomed, and has not shown since that this session is open there.
    Welcomed {
        /// When it is welcomed again.
        again: Moment,
    },
    /// This session is open on the clicker.
    Answered,
    /// Reports on this connection are ignored.
    Rejected,
}

/// Whether to accept a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Admission {
    /// Yes.
    Accepted,
    /// Yes, and the clicker is to be welcomed first: its hello was lost on the way.
    Unwelcomed,
    /// No.
    Rejected,
}

/// What a hello that names this session answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answered {
    /// No welcome on this connection: the session was open there before, and is taken up again.
    Unasked,
    /// A welcome that was said.
    Asked,
    /// It is said again: what followed the last one was lost.
    Again,
}

impl Handshake {
    /// A link was established.
    pub(crate) fn connected(&mut self) {
        *self = Self::Silent;
    }

    /// The link ended.
    pub(crate) fn disconnected(&mut self) {
        *self = Self::Apart;
    }

    /// The clicker is being welcomed.
    pub(crate) fn welcome(&mut self, now: Moment) {
        *self = Self::Welcomed { again: now + AGAIN };
    }

    /// The clicker said hello, and that this session is open there.
    pub(crate) fn answered(&mut self) -> Answered {
        match core::mem::replace(self, Self::Answered) {
            Self::Apart | Self::Silent | Self::Rejected => Answered::Unasked,
            Self::Welcomed { .. } => Answered::Asked,
            Self::Answered => Answered::Again,
        }
    }

    /// The hello was rejected. Returns whether it is the first on this connection.
    pub(crate) fn reject(&mut self) -> bool {
        core::mem::replace(self, Self::Rejected) != Self::Rejected
    }

    /// A report other than a hello arrived.
    pub(crate) const fn report(self) -> Admission {
        match self {
            Self::Apart | Self::Rejected => Admission::Rejected,
            Self::Silent => Admission::Unwelcomed,
            Self::Welcomed { .. } | Self::Answered => Admission::Accepted,
        }
    }

    /// Whether the clicker has this session open, so that its beats belong to it.
    pub(crate) const fn shared(self) -> bool {
        match self {
            Self::Answered => true,
            Self::Apart | Self::Silent | Self::Welcomed { .. } | Self::Rejected => false,
        }
    }

    /// Whether there is a link, to any clicker.
    pub(crate) const fn linked(self) -> bool {
        match self {
            Self::Apart => false,
            Self::Silent | Self::Welcomed { .. } | Self::Answered | Self::Rejected => true,
        }
    }

    /// Whether cues may be sent.
    pub(crate) const fn open(self) -> bool {
        match self {
            Self::Welcomed { .. } | Self::Answered => true,
            Self::Apart | Self::Silent | Self::Rejected => false,
        }
    }

    /// When to welcome it again.
    pub(crate) const fn deadline(self) -> Option<Moment> {
        match self {
            Self::Welcomed { again } => Some(again),
            Self::Apart | Self::Silent | Self::Answered | Self::Rejected => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_welcomed_until_it_says_that_the_session_is_open() {
        let mut handshake = Handshake::Apart;
        handshake.connected();
        assert!(!handshake.open());
        handshake.welcome(Moment::from_millis(300));
        assert_eq!((handshake.report(), handshake.shared()), (Admission::Accepted, false));
        assert_eq!(handshake.deadline(), Some(Moment::from_millis(1_300)), "a report is no answer");
        assert_eq!(handshake.answered(), Answered::Asked);
        assert_eq!((handshake.open(), handshake.shared(), handshake.deadline()), (true, true, None));
        assert_eq!(handshake.answered(), Answered::Again);
    }

    #[test]
    fn a_session_taken_up_again_is_open_before_it_is_asked_for() {
        let mut handshake = Handshake::Silent;
        assert_eq!(handshake.answered(), Answered::Unasked);
        assert!(handshake.shared());
    }

    #[test]
    fn a_report_without_a_hello_asks_for_a_welcome() {
        assert_eq!(Handshake::Silent.report(), Admission::Unwelcomed);
    }

    #[test]
    fn nothing_is_believed_without_a_link_or_after_a_wrong_hello() {
        let mut handshake = Handshake::Apart;
        assert_eq!(handshake.report(), Admission::Rejected);
        handshake.connected();
        assert!(handshake.reject());
        assert!(!handshake.reject(), "it is told once");
        assert_eq!(handshake.report(), Admission::Rejected);
        assert!(handshake.linked() && !handshake.open());
        handshake.disconnected();
        assert!(!handshake.linked());
    }
}
