//! Clickers on the air: what is told of them, and the commands that need them.
//!
//! Whoever starts a session wants one thing of all this: to know, before anybody lies down, that the clicker is heard.
//! So a session over the air first reaches its clicker, on a page that says what is being done and what to do
//! ([`reach`]), and only then asks its questions; a bond that is gone is found before the screening, not after it. In
//! the session the link may go and come back as it likes: the status line says what is being done about it, and where
//! a person has to act, they are told what to do.
//!
//! A program built without Bluetooth has all of it too: its adapter says that there is none in it.

mod check;
mod devices;
mod doctor;
mod lookout;
pub(crate) mod near;
pub(crate) mod reach;
pub(crate) mod session;
pub(crate) mod texts;

use std::time::Duration;

use ::session::Notice;
use link::NotReached;
use words::{Value, Words};

pub(crate) use devices::devices;
pub(crate) use doctor::doctor;
pub(crate) use lookout::{Lookout, Radio, Sight};
pub(crate) use near::{Near, known_briefly, stranger_briefly};

/// Out-of-band status of a clicker: what its frames do not carry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum LinkStatus {
    /// Reaching it has come to this.
    Reaching(Reaching),
    /// It cannot be reached before somebody does something.
    NotReached(NotReached),
    /// Its battery, read this long ago.
    Battery {
        /// Percent.
        percent: u8,
        /// The time since.
        age: Duration,
    },
}

/// What reaching a clicker comes to at the moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Reaching {
    /// Nothing is done about it.
    Idle,
    /// This computer's Bluetooth is in the way, for this reason, which says what to do.
    Adapter(String),
    /// It is listened for.
    Scanning,
    /// It was heard; the connection is being made.
    Connecting,
    /// The connection is being secured.
    Securing,
    /// Its clicks are being asked for.
    Subscribing,
    /// There is a link.
    Connected,
    /// The last attempt went wrong; the next comes in so long.
    Waiting(Duration),
    /// The same; and connections drop before they are encrypted, so the clicker may have lost its bond.
    Doubted(Duration),
}

/// Puts the status of a link into words.
#[derive(Debug)]
pub(crate) struct StatusLines {
    words: Words,
    name: String,
    /// The last line about the link, and the last about the battery.
    last: [Option<String>; 2],
}

impl StatusLines {
    /// Of the clicker with this name.
    pub(crate) fn of(name: impl Into<String>) -> Self {
        Self { words: Words::english(), name: name.into(), last: [None, None] }
    }

    /// Of no clicker: in practice nothing is told besides what it says itself.
    pub(crate) fn none() -> Self {
        Self::of("")
    }

    /// The line for it, unless it is the one before.
    pub(crate) fn line(&mut self, status: &LinkStatus) -> Option<String> {
        let line = match status {
            LinkStatus::Reaching(reaching) => self.reaching(reaching),
            LinkStatus::NotReached(why) => {
                self.words.render(texts::NEEDS_YOU, &[("why", Value::Name(&sentence(&why.to_string())))])
            }
            LinkStatus::Battery { percent, .. } => {
                let args = [("name", Value::Name(&self.name)), ("percent", Value::Number((*percent).into()))];
                self.words.render(texts::BATTERY, &args)
            }
        };
        let last = &mut self.last[usize::from(matches!(status, LinkStatus::Battery { .. }))];
        (last.as_ref() != Some(&line)).then(|| last.insert(line).clone())
    }

    /// What is being done, as a sentence.
    pub(crate) fn reaching(&self, reaching: &Reaching) -> String {
        let name = ("name", Value::Name(&self.name));
        let plain = |id| self.words.render(id, &[name]);
        match reaching {
            Reaching::Idle => plain(texts::IDLE),
            Reaching::Adapter(why) => {
                self.words.render(texts::NEEDS_YOU, &[("why", Value::Name(&sentence(why)))])
            }
            Reaching::Scanning => plain(texts::SEARCHING),
            Reaching::Connecting => plain(texts::CONNECTING),
            Reaching::Securing => plain(texts::SECURING),
            Reaching::Subscribing => plain(texts::SUBSCRIBING),
            Reaching::Connected => plain(texts::CONNECTED),
            Reaching::Waiting(wait) => {
                let seconds = u32::try_from(wait.as_secs().max(1)).unwrap_or(u32::MAX);
                self.words.render(texts::WAITING, &[("seconds", Value::Number(seconds))])
            }
            Reaching::Doubted(_) => plain(texts::DOUBTED),
        }
    }

    /// The same in a word or two, for a status line that has said that there is no signal.
    pub(crate) fn short(&self, reaching: &Reaching) -> Option<String> {
        let id = match reaching {
            Reaching::Idle | Reaching::Connected => return None,
            Reaching::Adapter(_) => texts::SHORT_BLUETOOTH,
            Reaching::Scanning => texts::SHORT_SEARCHING,
            Reaching::Connecting => texts::SHORT_CONNECTING,
            Reaching::Securing | Reaching::Subscribing => texts::SHORT_SECURING,
            Reaching::Waiting(_) | Reaching::Doubted(_) => texts::SHORT_WAITING,
        };
        Some(self.words.render(id, &[]))
    }

    /// What the status line says where a person has to act; the sentence stands below.
    pub(crate) fn short_of_person(&self) -> String {
        self.words.render(texts::SHORT_PERSON, &[])
    }
}

/// What is said of something that the session noticed, where a person can do something about it.
pub(crate) fn notice(notice: &Notice) -> Option<String> {
    let words = Words::english();
    match notice {
        Notice::OtherVersion { clicker, laptop } => {
            let [clicker, laptop] = [clicker, laptop].map(|of| format!("{}.{}", of.major, of.minor));
            let args = [("clicker", Value::Name(&clicker)), ("laptop", Value::Name(&laptop))];
            Some(words.render(texts::OTHER_VERSION, &args))
        }
        Notice::OtherClicker { .. } => Some(words.render(texts::OTHER_CLICKER, &[])),
        Notice::EventsLost { .. } => Some(words.render(texts::EVENTS_LOST, &[])),
        // The first is counted, the second said by the coach and the store.
        Notice::Unreadable(_) | Notice::StoreFailed { .. } => None,
    }
}

/// What is said to a partner who presses a key that the receiver's clicker has.
pub(crate) fn the_receivers() -> String {
    Words::english().render(texts::RECEIVERS_KEY, &[])
}

/// A reason, as the errors have it, with a capital.
pub(crate) fn sentence(why: &str) -> String {
    let mut letters = why.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_told_once_until_it_is_another() {
        let mut statuses = StatusLines::of("Unknot 9A");
        let battery = LinkStatus::Battery { percent: 83, age: Duration::ZERO };
        let scanning = || LinkStatus::Reaching(Reaching::Scanning);
        let connected = LinkStatus::Reaching(Reaching::Connected);
        let told: Vec<bool> = [&battery, &scanning(), &battery, &scanning(), &connected, &scanning()]
            .map(|status| statuses.line(status).is_some())
            .into();
        assert_eq!(told, [true, true, false, false, true, true]);
    }

    #[test]
    fn what_a_person_has_to_mend_says_how() {
        let mut statuses = StatusLines::of("Unknot 9A");
        let forgotten = statuses.line(&LinkStatus::NotReached(NotReached::ForgottenByClicker)).unwrap();
        assert!(forgotten.starts_with("The clicker") && forgotten.contains("unknot pair"), "{forgotten}");
        let clicker = wire::Version { major: 9, minor: 0 };
        let told = notice(&Notice::OtherVersion { clicker, laptop: wire::Version::CURRENT }).unwrap();
        assert!(told.contains("9.0") && told.contains("Update the older one"), "{told}");
    }
}
