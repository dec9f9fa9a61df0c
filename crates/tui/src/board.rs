//! What the screen remembers between two frames: the last two minutes, the way of the spot, what was said, which alarm
//! stands. It looks and listens, and steers nothing.
//!
//! ```
//! use coach::{Coach, Moment, Output, Plan, Setup};
//! use tui::Board;
//!
//! let mut coach = Coach::begin(Setup { plan: Plan::partner(), closed: Vec::new() });
//! let mut board = Board::default();
//! let now = Moment::START;
//! // After every turn of the loop: what was said, then what is to be seen.
//! while let Some((at, output)) = coach.poll_output() {
//!     if let Output::Prompt(prompt) = output {
//!         board.said(at, prompt);
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
use coach::{Counting, Level, Moment, Phase, Prompt, Rating, RatingNow, View};

use crate::scene::{Alarm, HALF_FLASH, Shown, Trend, flash};
use crate::strip::{Known, Piece, STRIP, Strip};

/// An alarm is to be seen this long, whatever calmer is said meanwhile: the eyes of the partner are on the back.
const ALARM_STANDS: Duration = Duration::from_secs(3);

/// "A little less" and "less" are over after this long, if nothing else was said: by then they were followed, or the
/// coach has said something louder (promise 2).
const LESS_STANDS: Duration = Duration::from_secs(10);

/// A refusal is to be seen this long, which is long enough to read its reason twice.
const REFUSAL_STANDS: Duration = Duration::from_secs(8);

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
    calm: Option<(Moment, Prompt)>,
    loud: Option<(Moment, Prompt)>,
    refusal: Option<(Moment, Prompt)>,
    spot: Option<Spot>,
    path: Vec<Spot>,
    held: Vec<Spot>,
}

impl Board {
    /// Something was said.
    pub fn said(&mut self, now: Moment, prompt: Prompt) {
        if matches!(prompt, Prompt::Refused { .. }) {
            self.refusal = Some((now, prompt));
            return;
        }
        self.refusal = None;
        let louder = self
            .loud
            .filter(|&(since, loud)| prompt.level() < loud.level() && now.since(since) < ALARM_STANDS);
        match (louder, prompt.level()) {
            // It waits until the louder one has stood its time.
            (Some(_), _) => self.calm = Some((now, prompt)),
            (None, Level::Medium | Level::High) => self.loud = Some((now, prompt)),
            (None, Level::Calm | Level::Low) => {
                self.loud = None;
                self.calm = Some((now, prompt));
            }
        }
    }

    /// The session is looked at. To be called once a turn, after what was said.
    pub fn see(&mut self, now: Moment, view: &View) {
        self.see_rating(now, view);
        self.see_spot(view);
        if let Some((since, loud)) = self.loud
            && (self.waits_for(since) && now.since(since) >= ALARM_STANDS
                || is_over(loud, now.since(since), view))
        {
            self.loud = self.calm.filter(|(at, calm)| *at >= since && calm.level() >= Level::Medium);
        }
        if self.refusal.is_some_and(|(at, _)| now.since(at) >= REFUSAL_STANDS) {
            self.refusal = None;
        }
        if self.trend.is_some_and(|(at, _)| now.since(at) >= TREND_STANDS) {
            self.trend = None;
        }
    }

    /// What there is to be drawn of it.
    #[must_use]
    pub fn shown(&self, now: Moment) -> Shown {
        Shown {
            instruction: self.calm.map(|(_, prompt)| prompt),
            alarm: self.loud.map(|(since, prompt)| Alarm { prompt, lit: flash(now.since(since)) }),
            refusal: self.refusal.map(|(_, prompt)| prompt),
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
        let flashes =
            self.loud.filter(|(_, loud)| loud.level() == Level::High && !still).map(|(since, _)| {
                let half = HALF_FLASH.as_millis() as u64;
                since + Duration::from_millis((now.since(since).as_millis() as u64 / half + 1) * half)
            });
        let alarm = self.loud.and_then(|(since, loud)| {
            let least = self.waits_for(since) || is_about_rating(loud);
            let stands = if least { Some(ALARM_STANDS) } else { longest(loud) };
            stands.map(|stands| since + stands)
        });
        let refusal = self.refusal.map(|(at, _)| at + REFUSAL_STANDS);
        let trend = self.trend.map(|(at, _)| at + TREND_STANDS);
        let second = next_second(view).map(|wait| now + wait);
        [flashes, alarm, refusal, trend, second].into_iter().flatten().filter(|&at| at > now).min()
    }

    /// Whether something was said while the alarm of this moment stood.
    fn waits_for(&self, since: Moment) -> bool {
        self.calm.is_some_and(|(at, _)| at >= since)
    }

    fn see_rating(&mut self, now: Moment, view: &View) {
        let known = match view.rating {
            RatingNow::None => Known::Nothing,
            RatingNow::Live { rating, .. } => Known::Rating(rating),
            RatingNow::Stale | RatingNow::Lost => Known::Gap,
        };
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

/// Whether an alarm has lost its cause although nothing was said since.
fn is_over(loud: Prompt, stood: Duration, view: &View) -> bool {
    let down = matches!(view.rating, RatingNow::Live { rating, .. } if rating <= Rating::CEILING);
    let down = is_about_rating(loud) && down && stood >= ALARM_STANDS;
    down || longest(loud).is_some_and(|longest| stood >= longest)
}

/// Whether the cause of an alarm is the rating that stands, so that it ends when that has come down.
const fn is_about_rating(loud: Prompt) -> bool {
    matches!(
        loud,
        Prompt::EaseOff { .. }
            | Prompt::LighterStrokes { .. }
            | Prompt::LighterTouch { .. }
            | Prompt::EaseBack { .. }
            | Prompt::EaseStretch { .. }
    )
}

/// For how long an alarm stands at the longest, where it has an end of its own.
const fn longest(loud: Prompt) -> Option<Duration> {
    match loud {
        Prompt::LittleLess | Prompt::Less => Some(LESS_STANDS),
        _ => None,
    }
}

/// The time until a figure that is drawn in whole seconds changes.
fn next_second(view: &View) -> Option<Duration> {
    let whole = |left: Duration| {
        let part = Duration::from_nanos(u64::from(left.subsec_nanos()));
        if part.is_zero() { Duration::from_secs(1) } else { part }
    };
    // What is counted down is rounded up, so it changes where nothing is left of a second.
    if let Some(count) = view.count
        && count.what != Counting::Stopped
        && !count.left.is_zero()
    {
        return Some(whole(count.left).max(Duration::from_millis(1)));
    }
    let rest = |age: Duration| {
        Duration::from_secs(1).saturating_sub(Duration::from_nanos(age.subsec_nanos().into()))
    };
    match view.rating {
        RatingNow::Live { age, .. } => Some(rest(age).max(Duration::from_millis(1))),
        // The strip goes on.
        RatingNow::None | RatingNow::Stale | RatingNow::Lost => match view.phase {
            Phase::Flushing | Phase::Moving | Phase::Paused | Phase::Heat => Some(rest(view.phase_for)),
            Phase::Screening
            | Phase::Warming
            | Phase::BroadStrokes
            | Phase::Locating
            | Phase::Settling
            | Phase::Holding
            | Phase::Releasing
            | Phase::Stretching
            | Phase::Finished => None,
        },
    }
}
