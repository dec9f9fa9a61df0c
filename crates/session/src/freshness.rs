//! State of the link and of the dial at the other end: Live, Stale or Lost (promise 4).
//!
//! ```text
//!            a beat that is not late
//!    Lost ------------------------------------> Live <----+
//!     ^  ^                                       |        | a beat
//!     |  | 2 s of silence          1 s of silence|        |
//!     |  +------------------- Stale <------------+        |
//!     |                         +-------------------------+
//!     +--- the link ends, the laptop was suspended: from anywhere
//! ```
//!
//! **Invariant:** the dial in a beat is the truth of the dial. A beat counts the events made before it, so it can be
//! laid beside the ordered stream:
//!
//! - *even*: everything made before the beat has been taken. If the coach has another dial, it gets this one.
//! - *ahead*: events made before the beat are still on their way. After an outage the coach gets the beat's dial at
//!   once; the kept clicks that follow are late and only recorded. Without an outage the clicks arrive within a
//!   repetition or two. If they do not (the clicker sends no more than 8 unacknowledged, and a failing disk acknowledges
//!   none), the coach gets the beat's dial after [`PATIENCE`], so that no outdated number stays on the screen.
//! - *behind*: an older beat than the last click taken. Its dial is outdated.

use core::time::Duration;

use coach::{Link, Moment, Rating};

/// Silence after which the rating is Stale (promise 4).
const STALE: Duration = Duration::from_secs(1);

/// Silence after which it is Lost (promise 4).
const LOST: Duration = Duration::from_secs(2);

/// For how long a beat may be ahead of the clicks: two repetitions of 400 ms and the way there and back.
const PATIENCE: Duration = Duration::from_secs(1);

/// The judge of silence.
#[derive(Debug, Clone)]
pub(crate) struct Freshness {
    state: State,
    /// The last sign of life.
    last_heard: Moment,
    /// The latest boot heard of.
    boot: Option<u16>,
    coach_dial: CoachDial,
    ahead_since: Option<Moment>,
}

/// Position of a beat relative to the ordered stream of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StreamOrder {
    /// Everything made before it has been taken.
    Even,
    /// Something made before it is on its way.
    Ahead,
    /// Something made after it has been taken.
    Behind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Live,
    Stale,
    Lost,
}

/// The coach's value of the dial.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CoachDial {
    Known(Option<Rating>),
    /// Late clicks have been recorded since: the next beat settles it.
    Unsure,
}

impl Freshness {
    /// Nothing has been heard.
    pub(crate) const fn new() -> Self {
        Self {
            state: State::Lost,
            last_heard: Moment::START,
            boot: None,
            coach_dial: CoachDial::Known(None),
            ahead_since: None,
        }
    }

    /// A report of this boot arrived. Of a later boot than known: the clicker restarted.
    pub(crate) fn boot(&mut self, boot: u16) -> Option<Link> {
        let restarted = self.boot.is_some_and(|known| boot > known);
        if restarted {
            self.coach_dial = CoachDial::Known(None);
            self.ahead_since = None;
        }
        self.boot = self.boot.max(Some(boot));
        restarted.then_some(Link::Restarted)
    }

    /// A beat arrived that is not late.
    pub(crate) fn beat(&mut self, now: Moment, dial: Option<Rating>, order: StreamOrder) -> Option<Link> {
        let returned = self.state != State::Live;
        let patient = match order {
            // An older beat: a sign of life where the link is Live, no ground to call it so where it is not.
            StreamOrder::Behind => {
                if !returned {
                    self.last_heard = now;
                }
                return None;
            }
            StreamOrder::Even => {
                self.ahead_since = None;
                false
            }
            StreamOrder::Ahead => now.since(*self.ahead_since.get_or_insert(now)) < PATIENCE,
        };
        self.last_heard = now;
        self.state = State::Live;
        let news = self.coach_dial != CoachDial::Known(dial);
        if returned || (news && !patient) {
            self.coach_dial = CoachDial::Known(dial);
            return Some(Link::Live { dial });
        }
        None
    }

    /// An event or alarm arrived in time. It keeps a Live link Live; only a beat brings one back.
    pub(crate) fn sign_of_life(&mut self, now: Moment) {
        if self.state == State::Live {
            self.last_heard = now;
        }
    }

    /// The coach was given this rating by a click.
    pub(crate) fn clicked(&mut self, rating: Rating, late: bool) {
        self.coach_dial = if late { CoachDial::Unsure } else { CoachDial::Known(Some(rating)) };
    }

    /// The link has ended.
    pub(crate) fn ended(&mut self) -> Option<Link> {
        let news = self.state != State::Lost;
        self.lose();
        news.then_some(Link::Lost)
    }

    /// The coach knows already that nothing is known: after a gap, and when a session is taken up again.
    pub(crate) fn lose(&mut self) {
        self.state = State::Lost;
        self.ahead_since = None;
    }

    /// The dial the laptop has, for the clicker to compare with its own.
    pub(crate) fn dial(&self) -> Option<Rating> {
        match (self.state, self.coach_dial) {
            (State::Live, CoachDial::Known(dial)) => dial,
            (State::Live, CoachDial::Unsure) | (State::Stale | State::Lost, _) => None,
        }
    }

    /// When silence will have lasted too long.
    pub(crate) fn deadline(&self) -> Option<Moment> {
        match self.state {
            State::Live => Some(self.last_heard + STALE),
            State::Stale => Some(self.last_heard + LOST),
            State::Lost => None,
        }
    }

    /// The silence has lasted until [`Freshness::deadline`].
    pub(crate) fn silent(&mut self) -> Option<Link> {
        match self.state {
            State::Live => {
                self.state = State::Stale;
                Some(Link::Stale)
            }
            State::Stale => self.ended(),
            State::Lost => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: u64) -> Moment {
        Moment::from_millis(ms)
    }

    fn rating(value: u8) -> Rating {
        Rating::new(value).unwrap()
    }

    fn live(dial: u8) -> Option<Link> {
        Some(Link::Live { dial: Some(rating(dial)) })
    }

    /// Live since 1 s with the dial at 4.
    fn live_at_four() -> Freshness {
        let mut freshness = Freshness::new();
        assert_eq!(freshness.beat(at(1_000), Some(rating(4)), StreamOrder::Even), live(4));
        freshness
    }

    #[test]
    fn silence_makes_stale_after_one_second_and_lost_after_two() {
        let mut freshness = live_at_four();
        assert_eq!(freshness.deadline(), Some(at(2_000)));
        assert_eq!(freshness.silent(), Some(Link::Stale));
        assert_eq!(freshness.dial(), None, "no number that is not live");
        assert_eq!(freshness.deadline(), Some(at(3_000)));
        assert_eq!(freshness.silent(), Some(Link::Lost));
        assert_eq!(freshness.deadline(), None);
    }

    #[test]
    fn a_beat_that_says_nothing_new_is_told_to_nobody() {
        let mut freshness = live_at_four();
        assert_eq!(freshness.beat(at(1_500), Some(rating(4)), StreamOrder::Even), None);
        assert_eq!(freshness.deadline(), Some(at(2_500)));
    }

    #[test]
    fn an_event_keeps_the_link_live_and_brings_none_back() {
        let mut freshness = live_at_four();
        freshness.sign_of_life(at(1_900));
        assert_eq!(freshness.deadline(), Some(at(2_900)));
        freshness.silent();
        freshness.sign_of_life(at(3_000));
        assert_eq!(freshness.deadline(), Some(at(3_900)), "still stale, and lost 2 s after the last sign");
    }

    #[test]
    fn the_end_of_the_link_is_told_once() {
        let mut freshness = live_at_four();
        assert_eq!(freshness.ended(), Some(Link::Lost));
        assert_eq!(freshness.ended(), None);
        assert_eq!(freshness.beat(at(5_000), None, StreamOrder::Even), Some(Link::Live { dial: None }));
    }

    #[test]
    fn clicks_under_way_are_left_to_tell_for_themselves() {
        let mut freshness = live_at_four();
        assert_eq!(freshness.beat(at(1_500), Some(rating(6)), StreamOrder::Ahead), None);
        freshness.clicked(rating(6), false);
        assert_eq!(freshness.beat(at(2_000), Some(rating(6)), StreamOrder::Even), None);
    }

    #[test]
    fn clicks_that_do_not_come_are_overtaken_by_the_beat() {
        let mut freshness = live_at_four();
        let reported: Vec<_> = [1_500, 2_000, 2_499, 2_500, 3_000]
            .map(|ms| freshness.beat(at(ms), Some(rating(9)), StreamOrder::Ahead))
            .into();
        assert_eq!(reported, [None, None, None, live(9), None]);
    }

    #[test]
    fn clicks_that_came_after_all_start_the_wait_anew() {
        let mut freshness = live_at_four();
        assert_eq!(freshness.beat(at(1_500), Some(rating(6)), StreamOrder::Ahead), None);
        freshness.clicked(rating(6), false);
        assert_eq!(freshness.beat(at(2_000), Some(rating(6)), StreamOrder::Even), None);
        assert_eq!(freshness.beat(at(2_500), Some(rating(7)), StreamOrder::Ahead), None);
    }

    #[test]
    fn after_an_outage_the_beat_is_the_truth_though_clicks_are_on_their_way() {
        let mut freshness = live_at_four();
        freshness.ended();
        assert_eq!(freshness.beat(at(9_000), Some(rating(2)), StreamOrder::Ahead), live(2));
    }

    #[test]
    fn a_late_click_is_put_right_by_the_next_beat() {
        let mut freshness = live_at_four();
        freshness.clicked(rating(7), true);
        assert_eq!(freshness.dial(), None);
        assert_eq!(freshness.beat(at(1_500), Some(rating(4)), StreamOrder::Even), live(4));
    }

    #[test]
    fn an_older_beat_than_the_last_click_tells_nothing_of_the_dial() {
        let mut freshness = live_at_four();
        freshness.clicked(rating(6), false);
        assert_eq!(freshness.beat(at(1_500), Some(rating(4)), StreamOrder::Behind), None);
        assert_eq!(freshness.dial(), Some(rating(6)));
        assert_eq!(freshness.deadline(), Some(at(2_500)), "a sign of life all the same");
        freshness.ended();
        assert_eq!(freshness.beat(at(1_600), Some(rating(4)), StreamOrder::Behind), None);
        assert_eq!(freshness.deadline(), None, "not live again by an old beat");
    }

    #[test]
    fn an_older_beat_puts_off_no_loss() {
        let mut freshness = live_at_four();
        freshness.silent();
        assert_eq!(freshness.beat(at(2_500), Some(rating(4)), StreamOrder::Behind), None);
        assert_eq!(freshness.deadline(), Some(at(3_000)), "stale, and lost 2 s after the last sign of life");
    }

    #[test]
    fn a_restart_is_told_once_and_clears_the_dial() {
        let mut freshness = live_at_four();
        assert_eq!(freshness.boot(7), None, "the first boot heard of is no restart");
        assert_eq!(freshness.boot(8), Some(Link::Restarted));
        assert_eq!(freshness.boot(8), None);
        assert_eq!(freshness.boot(7), None, "a kept event of the boot before");
        assert_eq!(freshness.dial(), None);
    }
}
