//! The clicker as a whole.

use crate::event::{Event, Output, Setup};
use crate::time::Uptime;

/// How many reports lie in the Bluetooth stack at most: its queue cannot be overtaken, so an alarm waits for these.
pub const STACK_PLACES: u8 = 2;

/// The clicker.
#[derive(Debug, Clone)]
pub struct Handheld {}

impl Handheld {
    /// Starts at [`Uptime::START`] with what storage holds.
    #[must_use]
    pub fn begin(setup: Setup) -> Self {
        todo!("{setup:?}")
    }

    /// Takes in what happened at `now`, after running every timer due by then.
    pub fn handle(&mut self, now: Uptime, event: Event) {
        todo!("{now:?} {event:?}")
    }

    /// Runs every timer due by `now`.
    pub fn handle_timeout(&mut self, now: Uptime) {
        todo!("{now:?}")
    }

    /// The next thing to do.
    pub fn poll_output(&mut self) -> Option<Output> {
        todo!()
    }

    /// When to call [`Handheld::handle_timeout`] next.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Uptime> {
        todo!()
    }

    /// The dial, `None` for no rating.
    #[must_use]
    pub fn dial(&self) -> Option<wire::Dial> {
        todo!()
    }

    /// What a gesture means now: the grammar shown, or the rating grammar when nobody hears; `None` outside a session.
    #[must_use]
    pub fn mode(&self) -> Option<wire::Mode> {
        todo!()
    }

    /// How many accepted events the laptop has not acknowledged yet.
    #[must_use]
    pub fn kept(&self) -> usize {
        todo!()
    }

    /// What the lights say.
    #[must_use]
    pub fn face(&self) -> crate::Face {
        todo!()
    }
}
