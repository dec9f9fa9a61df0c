//! What the screen remembers between two frames: the last two minutes, the way of the spot, what was said and is still to
//! be read, which alarm stands. It looks and listens, and steers nothing.
//!
//! ```
//! use coach::{Coach, Moment, Output, Plan, Setup};
//! use tui::Board;
//!
//! let mut coach = Coach::begin(Setup::of(Plan::partner()));
//! let mut board = Board::default();
//! let now = Moment::START;
//! let words = words::Words::english();
//! // After every turn of the loop: what was said, then what is to be seen.
//! while let Some((at, output)) = coach.poll_output() {
//!     if let Output::Prompt(prompt) = output {
//!         board.said(at, prompt, words.reading_time(&prompt));
//!     }
//! }
//! let view = coach.view(now);
//! board.see(now, &view);
//! let shown = board.shown(now);
//! assert!(shown.alarm.is_none());
//! // The next frame is due when something that is drawn changes by itself, and no sooner.
//! let _due: Option<Moment> = board.due(now, &view, false);
//! ```

use std::collections::VecDeque;
use std::time::Duration;

use coach::body::Spot;
use coach::{Moment, Phase, Prompt, Rating, RatingNow, View};

use crate::queue::{OnScreen, PromptQueue};
use crate::scene::{Shown, Trend};
use crate::strip::{Piece, RatingState, STRIP, Strip};
use crate::tick;

/// A rating counts as moving for this long after it moved.
const TREND_STANDS: Duration = Duration::from_secs(10);

/// Pieces of the strip that are kept. Two minutes in which the rating moved four times a second.
const PIECES: usize = 480;

/// Places of the spot that are kept: a way across the whole back.
const PLACES: usize = 64;

/// What the screen remembers.
#[derive(Debug, Clone, Default)]
pub struct Board {
    pieces: VecDeque<Piece>,
    rating: Option<Rating>,
    trend: Option<(Moment, Trend)>,
    queue: PromptQueue,
    spot: Option<Spot>,
    path: Vec<Spot>,
    held: Vec<Spot>,
}

impl Board {
    /// Something was said, and takes this long to read.
    pub fn said(&mut self, now: Moment, prompt: Prompt, takes: Duration) {
        self.queue.said(now, prompt, takes);
    }

    /// The program has something newer to say in the place of a remark, as the answer to another key.
    pub const fn drop_remark(&mut self) {
        self.queue.drop_remark();
    }

    /// Whether something else covers the page, so that nothing on it can be read. Alarms are never covered.
    pub const fn cover(&mut self, covered: bool) {
        self.queue.cover(covered);
    }

    /// Whether it is played faster than the clock: nobody is pressed, and sentences may go with their phase.
    pub const fn hurry(&mut self, hurried: bool) {
        self.queue.hurry(hurried);
    }

    /// The session is looked at. To be called once a turn, after what was said.
    pub fn see(&mut self, now: Moment, view: &View) {
        self.see_rating(now, view);
        self.see_spot(view);
        self.queue.see(now, view);
        if self.trend.is_some_and(|(at, _)| now.since(at) >= TREND_STANDS) {
            self.trend = None;
        }
    }

    /// What there is to be drawn of it.
    #[must_use]
    pub fn shown(&self, now: Moment) -> Shown {
        let OnScreen { alarm, sentence, instruction, waiting, remark } = self.queue.shown(now);
        Shown {
            sentence,
            instruction,
            waiting,
            alarm,
            remark,
            trend: self.trend.map(|(_, trend)| trend),
            strip: Strip { now, pieces: self.pieces.iter().copied().collect() },
            path: self.path.clone(),
            held: self.held.clone(),
        }
    }

    /// When the picture changes by itself, if it does: the next second of what is counted, or else of the rating's
    /// age, or else of the strip; the next half of a flash; the end of what stands for a time. One moment a second, and
    /// not one for each figure, because the frame is drawn whole.
    #[must_use]
    pub fn due(&self, now: Moment, view: &View, still: bool) -> Option<Moment> {
        let trend = self.trend.map(|(at, _)| at + TREND_STANDS);
        let second = next_second(view).map(|wait| now + wait);
        self.queue.due(now, still).chain(trend).chain(second).filter(|&at| at > now).min()
    }

    fn see_rating(&mut self, now: Moment, view: &View) {
        let known = RatingState::from(view.rating);
        let rating = match view.rating {
            RatingNow::Live { rating, .. } => Some(rating),
            RatingNow::None | RatingNow::Stale | RatingNow::Lost => None,
        };
        match (self.rating, rating) {
            (Some(from), Some(to)) if from != to => self.trend = Some((now, Trend { from })),
            (Some(_), Some(_)) => {}
            (None, _) | (_, None) => self.trend = None,
        }
        self.rating = rating;

        let hold = view.phase == Phase::Holding;
        if self.pieces.back().is_none_or(|last| last.known != known || last.hold != hold) {
            self.pieces.push_back(Piece { from: now, known, hold });
        }
        // The oldest is needed until the one after it reaches out of the strip as well.
        while self.pieces.len() > PIECES
            || self.pieces.get(1).is_some_and(|second| now.since(second.from) > STRIP + STRIP)
        {
            self.pieces.pop_front();
        }
    }

    fn see_spot(&mut self, view: &View) {
        if view.spot != self.spot {
            match (self.spot, view.spot) {
                (Some(was), Some(is)) if was.side() == is.side() => self.path.push(was),
                (None | Some(_), None | Some(_)) => self.path.clear(),
            }
            self.spot = view.spot;
        }
        if self.path.len() > PLACES {
            self.path.remove(0);
        }
        if let (Phase::Holding, Some(spot)) = (view.phase, view.spot)
            && !self.held.contains(&spot)
        {
            self.held.push(spot);
        }
    }
}

/// The time until a figure that is drawn in whole seconds changes, or the strip goes on.
fn next_second(view: &View) -> Option<Duration> {
    tick::next(view).or(match view.phase {
        // Warming says how long it has been; the others have the strip.
        Phase::Warming | Phase::Flushing | Phase::Moving | Phase::Paused | Phase::Heat => {
            Some(tick::of_age(view.phase_for))
        }
        Phase::Screening
        | Phase::Learning
        | Phase::BroadStrokes
        | Phase::Locating
        | Phase::Settling
        | Phase::Holding
        | Phase::Releasing
        | Phase::Stretching
        | Phase::Finished => None,
    })
}

#[cfg(test)]
mod tests {
    use coach::body::{Side, Stand};
    use coach::{Awaits, Count, Counting, Mode};

    use super::*;

    fn at(ms: u64) -> Moment {
        Moment::from_millis(ms)
    }

    fn live(value: u8, age_ms: u64) -> RatingNow {
        RatingNow::Live { rating: Rating::new(value).unwrap(), age: Duration::from_millis(age_ms) }
    }

    fn view(phase: Phase, rating: RatingNow) -> View {
        View {
            technique: coach::Technique::Partner,
            phase,
            phase_for: Duration::ZERO,
            rating,
            count: None,
            mode: Mode::Hold,
            question: 0,
            awaits: Awaits::Nothing,
            area: None,
            spot: None,
            felt: None,
            lasts: None,
            stand: Stand::LeftSide,
            holds: 1,
            learned: coach::Learned::default(),
            ending: false,
        }
    }

    fn ease_off() -> Prompt {
        Prompt::EaseOff { rating: Rating::new(6).unwrap() }
    }

    /// The alarm after each of these, told at the moments they are said and looked at a little later.
    fn alarm_after(said: &[(u64, Prompt)], rating: RatingNow, looked_at: u64) -> Option<Prompt> {
        let mut board = Board::default();
        for &(ms, prompt) in said {
            board.said(at(ms), prompt, Duration::ZERO);
            board.see(at(ms), &view(Phase::Holding, rating));
        }
        board.see(at(looked_at), &view(Phase::Holding, rating));
        board.shown(at(looked_at)).alarm.map(|alarm| alarm.prompt)
    }

    #[test]
    fn an_alarm_is_not_covered_by_something_calmer_before_it_was_seen() {
        let said = [(0, Prompt::SharpHolding), (100, Prompt::FlushAround)];
        assert_eq!(alarm_after(&said, RatingNow::None, 2_999), Some(Prompt::SharpHolding));
        assert_eq!(alarm_after(&said, RatingNow::None, 3_000), None);
        // Even by an alarm, if that is less loud; it then has its turn.
        let said = [(0, Prompt::SharpHolding), (100, ease_off())];
        assert_eq!(alarm_after(&said, live(6, 0), 2_999), Some(Prompt::SharpHolding));
        assert_eq!(alarm_after(&said, live(6, 0), 3_000), Some(ease_off()));
    }

    #[test]
    fn a_louder_alarm_takes_the_place_at_once() {
        let said = [(0, ease_off()), (100, Prompt::SharpHolding)];
        assert_eq!(alarm_after(&said, live(6, 0), 100), Some(Prompt::SharpHolding));
    }

    #[test]
    fn without_another_word_an_alarm_stands_until_its_cause_is_gone() {
        assert_eq!(alarm_after(&[(0, ease_off())], live(6, 0), 60_000), Some(ease_off()));
        assert_eq!(alarm_after(&[(0, ease_off())], live(5, 0), 2_999), Some(ease_off()));
        assert_eq!(alarm_after(&[(0, ease_off())], live(5, 0), 3_000), None);
        // A number that is not known has not come down.
        assert_eq!(alarm_after(&[(0, ease_off())], RatingNow::Lost, 60_000), Some(ease_off()));
        assert_eq!(alarm_after(&[(0, Prompt::SharpHolding)], live(2, 0), 60_000), Some(Prompt::SharpHolding));
    }

    #[test]
    fn less_is_over_after_ten_seconds() {
        assert_eq!(alarm_after(&[(0, Prompt::Less)], live(4, 0), 9_999), Some(Prompt::Less));
        assert_eq!(alarm_after(&[(0, Prompt::Less)], live(4, 0), 10_000), None);
    }

    #[test]
    fn a_refusal_is_news_for_eight_seconds_and_covers_no_instruction() {
        let mut board = Board::default();
        let refused = Prompt::Refused { what: coach::What::GoOn, why: coach::Refusal::TooSoon };
        board.said(at(0), Prompt::Hold, Duration::ZERO);
        board.said(at(1_000), refused, Duration::ZERO);
        let shown = board.shown(at(1_000));
        assert_eq!((shown.instruction, shown.remark), (Some(Prompt::Hold), Some(refused)));
        board.see(at(9_000), &view(Phase::Holding, RatingNow::None));
        assert_eq!(board.shown(at(9_000)).remark, None);
    }

    #[test]
    fn a_trend_is_between_two_ratings_that_were_both_live() {
        let mut board = Board::default();
        let mut trend = |ms, rating| {
            board.see(at(ms), &view(Phase::Holding, rating));
            board.shown(at(ms)).trend
        };
        assert_eq!(trend(0, live(3, 0)), None);
        assert_eq!(trend(1_000, live(5, 0)), Some(Trend { from: Rating::new(3).unwrap() }));
        assert_eq!(trend(10_999, live(5, 0)), Some(Trend { from: Rating::new(3).unwrap() }));
        assert_eq!(trend(11_000, live(5, 0)), None, "it has not moved lately");
        assert_eq!(trend(12_000, RatingNow::Lost), None);
        assert_eq!(trend(13_000, live(2, 0)), None, "what was in between is not known");
    }

    #[test]
    fn the_strip_keeps_two_minutes_and_the_gaps_in_them() {
        let mut board = Board::default();
        for second in 0..1_000 {
            let rating = match second % 10 {
                0..=7 => live(1 + (second % 8) as u8, 0),
                _ => RatingNow::Lost,
            };
            board.see(at(second * 1_000), &view(Phase::Holding, rating));
        }
        let strip = board.shown(at(999_000)).strip;
        let oldest = strip.pieces.first().unwrap().from;
        assert!(strip.now.since(oldest) >= STRIP, "{oldest:?} is too young");
        assert!(strip.pieces.len() <= PIECES);
        assert!(strip.pieces.iter().any(|piece| piece.known == RatingState::Gap));
        assert!(strip.pieces.iter().all(|piece| piece.hold));
    }

    #[test]
    fn the_way_of_the_spot_is_kept_until_it_is_another_side() {
        let mut board = Board::default();
        let spot = |side, out| Some(Spot::new(side, out, 30).unwrap());
        for (n, spot) in
            [spot(Side::Left, 5), spot(Side::Left, 6), spot(Side::Left, 7)].into_iter().enumerate()
        {
            board.see(at(n as u64), &View { spot, ..view(Phase::Locating, RatingNow::None) });
        }
        let path: Vec<u8> = board.shown(at(9)).path.iter().map(|spot| spot.out_cm()).collect();
        assert_eq!(path, [5, 6]);
        let other = View { spot: spot(Side::Right, 5), ..view(Phase::Holding, RatingNow::None) };
        board.see(at(10), &other);
        let shown = board.shown(at(10));
        assert_eq!((shown.path, shown.held), (Vec::new(), vec![Spot::new(Side::Right, 5, 30).unwrap()]));
    }

    /// A hold is drawn once a second, however many figures move in it.
    #[test]
    fn a_running_hold_is_due_once_a_second() {
        let mut board = Board::default();
        let hold = |now: Moment| {
            let (left, age) = (30_400 - now.as_millis(), 700 + now.as_millis());
            let count = Count { what: Counting::ToMinimum, left: Duration::from_millis(left) };
            View { count: Some(count), ..view(Phase::Holding, live(4, age)) }
        };
        let (mut now, mut frames) = (at(0), 0);
        while now < at(10_000) {
            board.see(now, &hold(now));
            let due = board.due(now, &hold(now), false).unwrap();
            assert!(due > now);
            now = due;
            frames += 1;
        }
        assert_eq!(frames, 11, "ten seconds, and the part of one at the beginning");
        assert_eq!(hold(now).count.unwrap().left.subsec_millis(), 0, "in step with what is counted");
    }

    #[test]
    fn an_alarm_flashes_twice_a_second_unless_the_screen_is_still() {
        let mut board = Board::default();
        board.said(at(100), Prompt::SharpHolding, Duration::ZERO);
        let quiet = view(Phase::Paused, RatingNow::None);
        let mut halves = Vec::new();
        let mut now = at(100);
        while now < at(1_100) {
            board.see(now, &quiet);
            halves.push(board.shown(now).alarm.unwrap().lit);
            now = board.due(now, &view(Phase::Holding, RatingNow::None), false).unwrap();
        }
        assert_eq!(halves, [true, false, true, false]);
        assert_eq!(board.due(at(100), &view(Phase::Holding, RatingNow::None), true), None);
    }

    #[test]
    fn when_nothing_moves_nothing_is_due() {
        let mut board = Board::default();
        board.said(at(0), Prompt::AskResting, Duration::ZERO);
        board.see(at(0), &view(Phase::Screening, RatingNow::None));
        assert_eq!(board.due(at(0), &view(Phase::Screening, RatingNow::None), false), None);
    }
}
