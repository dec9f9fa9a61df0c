//! Promise 2: the count runs only while the rating is Live, 5 or less and given in this hold; above it, "ease off", and
//! then the end.

use coach::{Ask, Freshness, Rating};

use super::Audit;
use super::story::{Hold, Story, ends_hold, says};
use crate::entry::{Kind, LinkState};

const PROMISE: u8 = 2;

/// None of the receiver's words within this of the beginning: the hold ends.
const FIRST_RATING: u64 = 10_000;
/// "Ease off", not lower after this: the hold ends.
const LOWER: u64 = 5_000;
/// "Ease off", still above 5 after this: the hold ends.
const BELOW: u64 = 10_000;
/// "Less" twice within this, or unfollowed for this long.
const LESS: u64 = 10_000;
/// A rating has to last this long for a rise to be measured from it.
const STOOD: u64 = 3_000;
/// A rise of this many points.
const RISE: u8 = 2;

pub(super) fn check(story: &Story<'_>, audit: &mut Audit) {
    for hold in &story.holds {
        let Some(held) = hold.held else { continue };
        let began = story.entries[held].at_ms;
        if !says(story.together(held), "how-much") {
            audit.find(PROMISE, began, "a hold began without asking for a rating");
        }
        counted(story, hold, audit);
        Walk::new(began, story.ceiling(held)).through(story, hold, audit);
        rises(story, hold, audit);
    }
}

/// Holds the recorded count against the time in which it may have run at all.
fn counted(story: &Story<'_>, hold: &Hold, audit: &mut Audit) {
    let (Some(held), Some(end)) = (hold.held, hold.end) else { return };
    let ceiling = story.ceiling(held);
    let mut fresh = story.states[held].fresh;
    let mut calm = false;
    let (mut allowed, mut since) = (0, story.entries[held].at_ms);
    for (_, at, kind) in story.holding(hold) {
        if calm && fresh == Freshness::Live {
            allowed += at.saturating_sub(since);
        }
        since = at;
        match kind {
            Kind::Rating { value, late } => calm = *value <= ceiling && (!late || calm),
            Kind::Freshness { state } => {
                fresh = *state;
                // A rating from before is not one given since.
                calm &= matches!(fresh, Freshness::Live | Freshness::Stale);
            }
            // The clicker shows more than that, and its click is still to come.
            Kind::Link { dial: Some(dial), .. } => calm &= *dial <= ceiling,
            _ => {}
        }
    }
    if end.counted > allowed {
        let what = format!("{} ms were counted, of which {allowed} ms may have been", end.counted);
        audit.find(PROMISE, end.at, what);
    }
}

/// "Ease off", with the rating that has to be undercut.
#[derive(Debug, Clone, Copy)]
struct Ease {
    at: u64,
    from: Option<Rating>,
    lowered: bool,
    late: bool,
}

/// "Less", not yet followed.
#[derive(Debug, Clone, Copy)]
struct Less {
    at: u64,
    from: Option<Rating>,
    late: bool,
}

/// A walk through a hold, with what is due at each moment.
struct Walk {
    ceiling: Rating,
    /// A rating is awaited since then.
    asked: Option<u64>,
    given: Option<Rating>,
    above: Option<Ease>,
    asked_less: Option<Ease>,
    less: Option<Less>,
    /// The latest "less", followed or not, and whether it came late.
    less_at: Option<(u64, bool)>,
}

impl Walk {
    const fn new(began: u64, ceiling: Rating) -> Self {
        Self {
            ceiling,
            asked: Some(began),
            given: None,
            above: None,
            asked_less: None,
            less: None,
            less_at: None,
        }
    }

    fn through(mut self, story: &Story<'_>, hold: &Hold, audit: &mut Audit) {
        for (index, at, kind) in story.holding(hold) {
            self.overdue(at, audit);
            match *kind {
                Kind::Rating { value, late } => {
                    let outputs = story.together(index);
                    if value >= Rating::HANDS_OFF && !(says(outputs, "hands-off") && ends_hold(outputs)) {
                        audit.find(PROMISE, at, format!("hands did not come off at {value}"));
                    }
                    let easing = self.above.is_some() || self.asked_less.is_some();
                    let eases = says(outputs, "ease-off") || ends_hold(outputs);
                    if value > self.ceiling && !easing && !eases {
                        audit.find(PROMISE, at, format!("{value} was not answered by \"ease off\""));
                    }
                    self.rated(at, value, late);
                }
                Kind::Ask { what: Ask::Same } => self.less = None,
                Kind::Ask { what: Ask::Less } => {
                    if !says(story.together(index), "less") {
                        audit.find(PROMISE, at, "\"less\" was not passed on");
                    }
                    let late = matches!(story.cause(index), Some(Kind::Click { late: true, .. }));
                    self.asked_for_less(at, late);
                }
                Kind::Link { state: LinkState::Restarted, .. } => {
                    self.given = None;
                    self.asked = Some(at);
                }
                // A dial that is heeded before its click has come is as a late rating.
                Kind::Link { dial: Some(dial), .. }
                    if self.above.is_some() || says(story.response(index), "ease-off") =>
                {
                    self.rated(at, dial, true);
                }
                Kind::Freshness { state: Freshness::Lost } => {
                    self.given = None;
                    self.asked = None;
                }
                _ => {}
            }
        }
        self.overdue(story.over_at(hold), audit);
    }

    fn rated(&mut self, at: u64, rating: Rating, late: bool) {
        if late {
            match &mut self.above {
                Some(ease) if ease.late => ease.lowered |= ease.from.is_none_or(|from| rating < from),
                None if rating > self.ceiling && self.asked_less.is_none() => {
                    self.above = Some(Ease { at, from: Some(rating), lowered: false, late });
                }
                Some(_) | None => {}
            }
            return;
        }
        self.asked = None;
        let calm = rating <= self.ceiling;
        if let Some(less) = self.less
            && calm
            && less.from.is_none_or(|from| rating < from)
        {
            self.less = None;
        }
        for ease in [&mut self.above, &mut self.asked_less] {
            let Some(waiting) = ease else { continue };
            // A rating in time replaces a late one.
            if (waiting.late && !calm) || (calm && waiting.from.is_none_or(|from| rating < from)) {
                *ease = None;
            } else if waiting.from.is_none_or(|from| rating < from) {
                waiting.lowered = true;
            } else if !calm {
                // The dial goes up by one detent a click: it is the top of the climb that is to come down.
                waiting.from = waiting.from.max(Some(rating));
            }
        }
        if !calm && self.above.is_none() {
            self.above = Some(Ease { at, from: Some(rating), lowered: false, late: false });
        }
        self.given = Some(rating);
    }

    fn asked_for_less(&mut self, at: u64, late: bool) {
        match self.less_at.take() {
            Some((first, was_late)) if at.saturating_sub(first) <= LESS => {
                self.less = None;
                self.ease_for_less(at, self.given, late || was_late);
            }
            _ => {
                self.less_at = Some((at, late));
                self.less = Some(Less { at, from: self.given, late });
            }
        }
    }

    fn ease_for_less(&mut self, at: u64, from: Option<Rating>, late: bool) {
        if self.above.is_none() {
            self.asked_less.get_or_insert(Ease { at, from, lowered: false, late });
        }
    }

    /// Says what should have ended the hold before `now`.
    fn overdue(&mut self, now: u64, audit: &mut Audit) {
        if self.asked.is_some_and(|asked| now > asked + FIRST_RATING) {
            self.asked = None;
            audit.find(PROMISE, now, "a hold went on for more than 10 s without a rating");
        }
        if let Some(less) = self.less
            && now > less.at + LESS
        {
            self.less = None;
            self.less_at = None;
            self.ease_for_less(less.at + LESS, less.from, less.late);
        }
        for ease in [&mut self.above, &mut self.asked_less] {
            let Some(waiting) = *ease else { continue };
            let due = waiting.at + if waiting.lowered { BELOW } else { LOWER };
            if now > due {
                *ease = None;
                audit.find(PROMISE, now, "a hold went on though \"ease off\" was not followed");
            }
        }
    }
}

/// A rise of 2 over the lowest rating that lasted 3 s, still at or below the ceiling: "a little less".
fn rises(story: &Story<'_>, hold: &Hold, audit: &mut Audit) {
    let Some(held) = hold.held else { return };
    let ceiling = story.ceiling(held);
    let mut standing: Option<(Rating, u64)> = None;
    let mut low: Option<Rating> = None;
    for (index, at, kind) in story.holding(hold) {
        match *kind {
            Kind::Rating { value, late: false } if standing.is_none_or(|(rating, _)| rating != value) => {
                if let Some((rating, since)) = standing.replace((value, at)) {
                    if rating <= ceiling && at.saturating_sub(since) >= STOOD {
                        low = Some(low.map_or(rating, |low| low.min(rating)));
                    }
                    let rose = value > rating && low.is_some_and(|low| low.below(value) >= RISE);
                    if rose && value <= ceiling && !says(story.together(index), "little-less") {
                        audit.find(
                            PROMISE,
                            at,
                            format!("a rise to {value} was not answered by \"a little less\""),
                        );
                    }
                }
            }
            // Ratings from before are no reliable reference from here on.
            Kind::Freshness { state: Freshness::Lost | Freshness::None }
            | Kind::Link { state: LinkState::Restarted, .. }
                if standing.is_some() =>
            {
                return;
            }
            _ => {}
        }
    }
}
