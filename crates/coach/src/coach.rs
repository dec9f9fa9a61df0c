//! The conductor of the phases.

use crate::body::Spot;
use crate::input::Input;
use crate::output::{Deadline, Output};
use crate::plan::Plan;
use crate::time::Moment;
use crate::view::View;

/// What is settled before a session begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setup {
    /// The plan.
    pub plan: Plan,
    /// Spots that SHARP has closed within the last 48 hours, in earlier sessions of this receiver.
    pub closed: Vec<Spot>,
}

/// The rules of one session.
#[derive(Debug, Clone)]
pub struct Coach {}

impl Coach {
    /// Begins a session in screening.
    #[must_use]
    pub fn begin(setup: Setup) -> Self {
        todo!("{setup:?}")
    }

    /// Takes in what happened at `now`. Timers that fell due before are run first, each at its own moment, except
    /// before [`Input::Gap`] and [`Input::Resumed`], when nobody was there to run them.
    pub fn handle(&mut self, now: Moment, input: Input) {
        todo!("{now:?} {input:?}")
    }

    /// Runs every timer due by `now`, each at its own moment.
    pub fn handle_timeout(&mut self, now: Moment) {
        todo!("{now:?}")
    }

    /// The next thing to do, with the moment it belongs to.
    pub fn poll_output(&mut self) -> Option<(Moment, Output)> {
        todo!()
    }

    /// When to call [`Coach::handle_timeout`] next.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Deadline> {
        todo!()
    }

    /// What there is to see.
    #[must_use]
    pub fn view(&self, now: Moment) -> View {
        todo!("{now:?}")
    }
}
