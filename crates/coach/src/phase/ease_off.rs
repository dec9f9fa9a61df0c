//! What the receiver asks to be eased: by a rating above the ceiling, or by "less" that is not followed (promise 2).

use crate::command::Rated;
use crate::output::{Deadline, Reason};
use crate::rating::Rating;
use crate::rules;
use crate::time::Moment;

/// "Ease off" and "less", as far as they have not been followed yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct EaseRequests {
    ease: Option<Ease>,
    less: Option<Less>,
    /// The latest "less", followed or not: a second one within 10 s asks for more than the first.
    less_at: Option<Moment>,
}

/// "Ease off" has been said, and has not been followed yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Ease {
    said_at: Moment,
    /// The rating it is to become lower than.
    from: Option<Rating>,
    /// The latest rating: whether it rises further, and whether it is lower when its time is up.
    latest: Option<Rating>,
    /// It was lower after 5 s, and has until 10 s to be low enough.
    looked: bool,
}

/// "Less" was asked for, and has not been followed yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Less {
    at: Moment,
    from: Option<Rating>,
}

/// What came of an event, or of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EaseOutcome {
    /// Nothing to say.
    Nothing,
    /// "Ease off" is to be said, for the first time or because it rose further.
    EaseOff,
    /// It was followed.
    Followed,
    /// It had its time: the hold ends.
    Over,
}

/// What is to be done of two things that came of the same event.
pub(super) fn louder(one: EaseOutcome, other: EaseOutcome) -> EaseOutcome {
    match (one, other) {
        (EaseOutcome::Over, _) | (_, EaseOutcome::Over) => EaseOutcome::Over,
        (EaseOutcome::EaseOff, _) | (_, EaseOutcome::EaseOff) => EaseOutcome::EaseOff,
        (EaseOutcome::Followed, _) | (_, EaseOutcome::Followed) => EaseOutcome::Followed,
        (EaseOutcome::Nothing, EaseOutcome::Nothing) => EaseOutcome::Nothing,
    }
}

impl Ease {
    /// Whether the rating has come down, and not gone up again. One that nothing is known of has not.
    fn is_lower(self) -> bool {
        self.from.is_some_and(|from| self.latest.is_some_and(|latest| latest < from))
    }
}

impl EaseRequests {
    /// Whether pressure is to come down before anything is counted.
    pub(super) fn is_easing(self) -> bool {
        self.ease.is_some()
    }

    /// Whether anything is still to be followed.
    pub(super) fn is_open(self) -> bool {
        self.ease.is_some() || self.less.is_some()
    }

    /// A rating came. A lower one at or below the ceiling is what was asked for; "same" answers a "less" as well.
    pub(super) fn rated(&mut self, now: Moment, rated: Rated, ceiling: Rating) -> EaseOutcome {
        let Rated { rating, same, .. } = rated;
        let is_lower = |from: Option<Rating>| from.is_none_or(|from| rating < from);
        let calm = rating <= ceiling;
        if self.less.is_some_and(|less| same || (calm && is_lower(less.from))) {
            self.less = None;
        }
        match &mut self.ease {
            Some(ease) if calm && is_lower(ease.from) => {
                self.ease = None;
                EaseOutcome::Followed
            }
            Some(ease) => {
                let rose = ease.latest.is_none_or(|latest| rating > latest);
                ease.latest = Some(rating);
                if rose && !calm {
                    // The dial goes up by one detent a click: it is the top of the climb that is to come down.
                    ease.from = ease.from.max(Some(rating));
                    EaseOutcome::EaseOff
                } else {
                    EaseOutcome::Nothing
                }
            }
            None if calm => EaseOutcome::Nothing,
            None => {
                self.begin(now, Some(rating));
                EaseOutcome::EaseOff
            }
        }
    }

    /// "Less" came, at this rating. The second within 10 s is as a rating above the ceiling.
    pub(super) fn less(&mut self, now: Moment, from: Option<Rating>) -> EaseOutcome {
        match self.less_at.take() {
            Some(first) if now.since(first) <= rules::LESS => {
                self.less = None;
                self.begin(now, from);
                EaseOutcome::EaseOff
            }
            Some(_) | None => {
                self.less_at = Some(now);
                self.less = Some(Less { at: now, from });
                EaseOutcome::Nothing
            }
        }
    }

    pub(super) fn due(self) -> Option<Deadline> {
        self.ease_due().or(self.less_due())
    }

    /// Time has come to `now`.
    pub(super) fn timeout(&mut self, now: Moment) -> EaseOutcome {
        if self.ease_due().is_some_and(|due| due.at <= now)
            && let Some(ease) = &mut self.ease
        {
            if ease.looked || !ease.is_lower() {
                return EaseOutcome::Over;
            }
            ease.looked = true;
            return EaseOutcome::Nothing;
        }
        match self.less {
            Some(less) if less.at + rules::LESS <= now => {
                self.less = None;
                self.less_at = None;
                self.begin(now, less.from);
                EaseOutcome::EaseOff
            }
            Some(_) | None => EaseOutcome::Nothing,
        }
    }

    fn begin(&mut self, now: Moment, from: Option<Rating>) {
        self.ease.get_or_insert(Ease { said_at: now, from, latest: from, looked: false });
    }

    fn ease_due(self) -> Option<Deadline> {
        let ease = self.ease?;
        let lasts = if ease.looked { rules::EASE_BELOW } else { rules::EASE_LOWER };
        Some(Deadline { at: ease.said_at + lasts, reason: Reason::EaseOff })
    }

    fn less_due(self) -> Option<Deadline> {
        Some(Deadline { at: self.less?.at + rules::LESS, reason: Reason::LessFollowed })
    }
}
