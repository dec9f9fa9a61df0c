//! The first words on a connection: who is at the other end, and does it know that a session runs.
//!
//! ```text
//!   Apart --link--> Silent --hello, or a report of a clicker known before--> Welcomed --any report--> Answered
//!     ^               |                                                       |    ^
//!     |               +--hello that is not believed--> Disbelieved            +----+ no answer for 1 s: again
//!     +--- the link ends: from anywhere
//! ```
//!
//! A hello is taken in every state but `Apart`: a clicker that restarts may be back before the link has noticed. Where
//! a hello was lost and this session has not heard one before, nobody knows where the clicker's events begin: then it
//! is not welcomed, which would end its hellos, and nothing is believed until one comes.

use core::time::Duration;

use coach::Moment;

/// A clicker in a session beats twice a second, so after this much silence the welcome was lost.
const AGAIN: Duration = Duration::from_secs(1);

/// Where the greeting of this connection stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Greeting {
    /// There is no link.
    Apart,
    /// There is a link, and nothing has been heard.
    Silent,
    /// The clicker was welcomed and has not been heard since.
    Welcomed {
        /// When it is welcomed again.
        again: Moment,
    },
    /// The clicker has been heard since.
    Answered,
    /// What comes over this connection is not believed.
    Disbelieved,
}

/// Whether to believe a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Belief {
    /// Yes.
    Believed,
    /// Yes, and the clicker is to be welcomed first: its hello was lost on the way.
    Unwelcomed,
    /// No.
    Disbelieved,
}

impl Greeting {
    /// A link stands.
    pub(crate) fn connected(&mut self) {
        *self = Self::Silent;
    }

    /// The link has ended.
    pub(crate) fn disconnected(&mut self) {
        *self = Self::Apart;
    }

    /// The clicker is being welcomed.
    pub(crate) fn welcome(&mut self, now: Moment) {
        *self = Self::Welcomed { again: now + AGAIN };
    }

    /// The clicker said hello and is not to be believed.
    pub(crate) fn disbelieve(&mut self) {
        *self = Self::Disbelieved;
    }

    /// A report other than a hello arrived. `known`: this session has had a hello before, on another connection.
    pub(crate) fn report(&mut self, known: bool) -> Belief {
        match self {
            Self::Apart | Self::Disbelieved => Belief::Disbelieved,
            Self::Silent if known => Belief::Unwelcomed,
            Self::Silent => Belief::Disbelieved,
            Self::Welcomed { .. } | Self::Answered => {
                *self = Self::Answered;
                Belief::Believed
            }
        }
    }

    /// Whether a link stands, whoever is at its other end.
    pub(crate) const fn linked(self) -> bool {
        match self {
            Self::Apart => false,
            Self::Silent | Self::Welcomed { .. } | Self::Answered | Self::Disbelieved => true,
        }
    }

    /// Whether cues may be sent.
    pub(crate) const fn open(self) -> bool {
        match self {
            Self::Welcomed { .. } | Self::Answered => true,
            Self::Apart | Self::Silent | Self::Disbelieved => false,
        }
    }

    /// When to welcome it again.
    pub(crate) const fn deadline(self) -> Option<Moment> {
        match self {
            Self::Welcomed { again } => Some(again),
            Self::Apart | Self::Silent | Self::Answered | Self::Disbelieved => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_welcomed_until_it_answers() {
        let mut greeting = Greeting::Apart;
        greeting.connected();
        assert!(!greeting.open());
        greeting.welcome(Moment::from_millis(300));
        assert_eq!(greeting.deadline(), Some(Moment::from_millis(1_300)));
        assert_eq!(greeting.report(true), Belief::Believed);
        assert_eq!((greeting.open(), greeting.deadline()), (true, None));
    }

    #[test]
    fn a_report_without_a_hello_is_believed_of_a_known_clicker_alone() {
        assert_eq!(Greeting::Silent.report(true), Belief::Unwelcomed);
        assert_eq!(Greeting::Silent.report(false), Belief::Disbelieved);
    }

    #[test]
    fn nothing_is_believed_without_a_link_or_after_a_wrong_hello() {
        let mut greeting = Greeting::Apart;
        assert_eq!(greeting.report(true), Belief::Disbelieved);
        greeting.connected();
        greeting.disbelieve();
        assert_eq!(greeting.report(true), Belief::Disbelieved);
        assert!(greeting.linked() && !greeting.open());
        greeting.disconnected();
        assert!(!greeting.linked());
    }
}
