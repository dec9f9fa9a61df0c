//! What the clicker is to sync: the grammar in force, its number, and whether it is acknowledged.
//!
//! A number is raised whenever the coach's mode or question changes, so that an answer cannot be taken for one to the
//! previous question. Numbers continue from the one in the first beat of the clicker, so that none is used twice after
//! a restart of the laptop program.

use core::time::Duration;

use coach::{Mode, Moment};
use wire::Cue;

use crate::translate;

/// A cue waits at most 465 ms for a clicker that listens rarely (BLE interval x latency), and 1,035 ms as long as its link is
/// still kept as without a session; asking again every 250 ms gets one through an interfered moment before a person
/// notices.
const AGAIN: Duration = Duration::from_millis(250);

/// Keeps the clicker in the mode that the coach wants.
#[derive(Debug, Clone)]
pub(crate) struct ModeSync {
    mode: Mode,
    question: u32,
    /// Number in force; `None` before the first beat.
    number: Option<u16>,
    /// The last number in a beat on this connection.
    acknowledged: Option<u16>,
    again: Option<Moment>,
}

impl ModeSync {
    /// Starts with this mode in force and an unknown clicker.
    pub(crate) const fn new(mode: Mode, question: u32) -> Self {
        Self { mode, question, number: None, acknowledged: None, again: None }
    }

    /// Sets the mode and the question that the coach wants. Returns the cue if either changed.
    pub(crate) fn want(&mut self, now: Moment, mode: Mode, question: u32) -> Option<Cue> {
        if (mode, question) == (self.mode, self.question) {
            return None;
        }
        self.mode = mode;
        self.question = question;
        self.number = self.number.map(|number| number.wrapping_add(1));
        self.cue(now)
    }

    /// A new connection, or a restarted clicker: its number is unknown.
    pub(crate) fn forget(&mut self) {
        self.acknowledged = None;
        self.again = None;
    }

    /// A beat arrived with the number that the clicker acknowledges. Returns the cue if it has to be sent now.
    pub(crate) fn beat(&mut self, now: Moment, acknowledged: u16) -> Option<Cue> {
        self.acknowledged = Some(acknowledged);
        let settled = match self.number {
            Some(number) if !newer(acknowledged, number) => number,
            // The first beat, or one that obeys a number this session has not given out.
            Some(_) | None => acknowledged.wrapping_add(1),
        };
        let news = self.number != Some(settled);
        self.number = Some(settled);
        if self.is_acknowledged() {
            self.again = None;
            return None;
        }
        if news || self.again.is_none() { self.cue(now) } else { None }
    }

    /// Whether a click made under this number answers an earlier question.
    pub(crate) fn passed(&self, number: u16) -> bool {
        self.number.is_none_or(|in_force| newer(in_force, number))
    }

    /// Whether the clicker has acknowledged the number in force.
    pub(crate) fn is_acknowledged(&self) -> bool {
        self.number.is_some() && self.acknowledged == self.number
    }

    /// The number in force; 0 before there is one.
    pub(crate) fn number(&self) -> u16 {
        self.number.unwrap_or(0)
    }

    /// When to send the cue again.
    pub(crate) const fn deadline(&self) -> Option<Moment> {
        self.again
    }

    /// The cue; it is due again after [`AGAIN`] unless a beat acknowledges it.
    pub(crate) fn cue(&mut self, now: Moment) -> Option<Cue> {
        let number = self.number?;
        self.again = Some(now + AGAIN);
        Some(Cue::Show { number, mode: translate::mode(self.mode) })
    }
}

/// Whether `a` is after `b`, in wrapping arithmetic.
const fn newer(a: u16, b: u16) -> bool {
    let ahead = a.wrapping_sub(b);
    ahead != 0 && ahead < 0x8000
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn at(ms: u64) -> Moment {
        Moment::from_millis(ms)
    }

    fn cue(number: u16, mode: wire::Mode) -> Option<Cue> {
        Some(Cue::Show { number, mode })
    }

    /// `Ask` in force under number 8, acknowledged.
    fn acknowledged() -> ModeSync {
        let mut sync = ModeSync::new(Mode::Ask, 0);
        assert_eq!(sync.beat(at(0), 7), cue(8, wire::Mode::Ask), "numbers go on from the clicker's");
        assert_eq!(sync.beat(at(500), 8), None);
        sync
    }

    #[test]
    fn a_change_is_said_until_a_beat_obeys_it() {
        let mut sync = acknowledged();
        assert_eq!(sync.deadline(), None);
        assert_eq!(sync.want(at(1_000), Mode::Rate, 0), cue(9, wire::Mode::Rate));
        assert_eq!(sync.deadline(), Some(at(1_250)));
        assert_eq!(sync.beat(at(1_100), 8), None, "it has been asked a moment ago");
        assert!(!sync.is_acknowledged());
        assert_eq!(sync.cue(at(1_250)), cue(9, wire::Mode::Rate));
        assert_eq!(sync.beat(at(1_400), 9), None);
        assert!(sync.is_acknowledged());
        assert_eq!(sync.deadline(), None);
    }

    #[test]
    fn a_second_question_of_the_same_mode_has_its_own_number() {
        let mut sync = acknowledged();
        assert_eq!(sync.want(at(1_000), Mode::Ask, 0), None);
        assert_eq!(sync.want(at(1_000), Mode::Ask, 1), cue(9, wire::Mode::Ask));
    }

    #[test]
    fn nothing_is_said_before_the_clicker_is_known() {
        let mut sync = ModeSync::new(Mode::Ask, 0);
        assert_eq!(sync.want(at(0), Mode::Rate, 0), None);
        assert!(sync.passed(0) && sync.passed(u16::MAX), "it cannot have acknowledged what was never said");
    }

    #[rstest]
    #[case::in_force(9, false)]
    #[case::the_one_before(8, true)]
    #[case::long_before(40_000, true)]
    #[case::none_yet_after_a_restart(0, true)]
    fn an_older_number_has_passed(#[case] number: u16, #[case] passed: bool) {
        let mut sync = acknowledged();
        sync.want(at(1_000), Mode::Rate, 0);
        assert_eq!(sync.passed(number), passed);
    }

    #[test]
    fn numbers_wrap() {
        let mut sync = ModeSync::new(Mode::Ask, 0);
        sync.beat(at(0), u16::MAX - 1);
        assert_eq!(sync.number(), u16::MAX);
        sync.want(at(1), Mode::Rate, 0);
        assert_eq!(sync.number(), 0);
        assert!(sync.passed(u16::MAX));
        assert!(!sync.passed(0));
    }

    #[test]
    fn a_restarted_clicker_is_told_again_under_the_same_number() {
        let mut sync = acknowledged();
        sync.forget();
        assert!(!sync.is_acknowledged());
        assert_eq!(sync.beat(at(900), 0), cue(8, wire::Mode::Ask));
    }
}
