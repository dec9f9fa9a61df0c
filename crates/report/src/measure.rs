//! Figures of a session: one [`Hold`] for each hold, with the figures that reports, tables and exports share.
//! [`DEFINITIONS`] says in words for people what each means.
//!
//! Figures describe clicks. They say nothing about pressure, which is not measured.

use coach::screening::Feels;
use coach::{Because, Outcome, Phase, Rating};
use transcript::{Answered, Entry, Kind, Means, Presence, StoredSpot};

/// Ratings above this are above the ceiling.
const CEILING: Rating = Rating::CEILING;

/// A fall of this much from the highest rating is the change that is called easing.
const EASED_BY: u8 = 2;

/// A rating replaced within this time is on its way to another one and not taken as a start.
const STOOD_MS: u64 = 2_000;

/// A hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// When it began, on the scale of `at_ms`.
    pub began_ms: u64,
    /// When it ended; if the laptop was suspended or the program closed meanwhile, when that began.
    pub ended_ms: u64,
    /// The spot, if given.
    pub place: Option<StoredSpot>,
    /// Done, void or cut.
    pub outcome: Outcome,
    /// Why it ended.
    pub because: Because,
    /// For how long its count ran: Live, and 5 or less.
    pub counted_ms: u64,
    /// For how long pressure was called for, or may have been on.
    pub pressed_ms: u64,
    /// The ratings given in it and when, those that came late left out.
    pub ratings: Vec<(u64, Rating)>,
    /// From its beginning to the first sign that it eased: a rating 2 or more below the highest before it, or "it has let
    /// go". `None` where there was none.
    pub eased_after_ms: Option<u64>,
    /// How long the rating was above 5.
    pub above_ms: u64,
    /// For each "ease off" the time to the next rating of 5 or less; `None` where none came before the hold ended.
    pub ease_offs: Vec<Option<u64>>,
    /// The partner's guess, and the rating that it was of.
    pub guess: Option<(Rating, Rating)>,
}

impl Hold {
    /// Its last moment: `ended_ms` is the first moment after it.
    #[must_use]
    pub fn last_ms(&self) -> u64 {
        self.ended_ms.saturating_sub(1).max(self.began_ms)
    }

    /// The first rating that lasted 2 s, the highest, the last: see [`START`], [`PEAK`] and [`END`].
    #[must_use]
    pub fn start_peak_end(&self) -> Option<[Rating; 3]> {
        let (_, last) = self.ratings.last()?;
        let peak = self.ratings.iter().map(|(_, rating)| *rating).max()?;
        let until = self.ratings.iter().skip(1).map(|(at, _)| *at).chain([self.ended_ms]);
        let stood = |(at, until): (u64, u64)| until.saturating_sub(at) >= STOOD_MS;
        let start = self.ratings.iter().zip(until).find(|((at, _), until)| stood((*at, *until)));
        Some([start.map_or(*last, |((_, start), _)| *start), peak, *last])
    }
}

/// Figures of a session.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Measures {
    /// Its holds, in their order.
    pub holds: Vec<Hold>,
    /// "How much does it bother you when you move", before and after.
    pub bother: [Option<Rating>; 2],
    /// Answers of the check-in at the next session, if asked: how it has been, and how much it bothers them.
    pub since: Option<(Feels, Option<Rating>)>,
    /// The rating at rest, before.
    pub resting: Option<Rating>,
    /// When SHARP was heard, that of the ready check left out.
    pub sharps: Vec<u64>,
    /// How many flushes were begun, and how many of these lasted as long as they have to.
    pub flushes: (usize, usize),
}

/// A figure: the name it has in tables, and what it means.
pub type Definition = (&'static str, &'static str);

/// Of [`Hold::counted_ms`].
pub const COUNTED: Definition =
    ("counted", "For how long a hold's count ran: while the rating was live and 5 or less.");
/// Of [`Hold::pressed_ms`].
pub const PRESSED: Definition = (
    "pressed",
    "For how long the coach called for pressure in a hold. Where nobody saw it end: for as long as it may have lasted.",
);
/// Of the first of [`Hold::start_peak_end`].
pub const START: Definition = (
    "start",
    "The first rating in a hold that stood for 2 seconds, 1 to 10: the dial enters at 3 and is clicked to where it is meant. Where \
none stood so long, the last. Ratings that came late are left out.",
);
/// Of the second.
pub const PEAK: Definition = ("peak", "The highest rating given in a hold; late ones are left out.");
/// Of the third.
pub const END: Definition = ("end", "The last rating given in a hold; late ones are left out.");
/// Of [`Hold::eased_after_ms`].
pub const EASED: Definition = (
    "eased after",
    "From the beginning of a hold to the first rating 2 or more below the highest before it, or to \"it has let go\".",
);
/// Of [`Hold::above_ms`].
pub const ABOVE: Definition = ("above 5", "For how long the rating that stood in a hold was above 5.");
/// Of [`Hold::ease_offs`].
pub const EASE_OFF: Definition =
    ("ease-off", "From \"ease off\" to the next rating of 5 or less in the same hold.");
/// Of [`Measures::bother`].
pub const BOTHER: Definition =
    ("bother", "\"How much does it bother you when you move\", 1 to 10, before and after a session.");
/// Of [`Measures::since`].
pub const SINCE: Definition = (
    "since",
    "How it had been since a session, and how much it bothered them then when moving, asked when they came again on another day.",
);
/// Of [`Hold::outcome`].
pub const OUTCOME: Definition = (
    "done, cut, void",
    "A hold that was held to its end as it should be; one that ended before that; one ended by SHARP.",
);
/// Of [`Measures::sharps`].
pub const SHARPS: Definition = ("SHARP", "How often SHARP was heard, that of the ready check left out.");
/// Of [`Measures::flushes`].
pub const FLUSHES: Definition =
    ("flushes", "Flush strokes that lasted at least as long as the plan asks for, of those begun.");
/// Of [`crate::agree::Agreement`].
pub const GUESSES: Definition = (
    "guesses",
    "How many of the partner's guesses were no more than one point from the rating, and the mean difference.",
);

/// What each figure means.
pub const DEFINITIONS: &[Definition] = &[
    BOTHER, SINCE, COUNTED, PRESSED, START, PEAK, END, EASED, ABOVE, EASE_OFF, OUTCOME, SHARPS, FLUSHES,
    GUESSES,
];

#[cfg(test)]
std::thread_local! {
    /// Calls of [`measure`] on this thread.
    pub(crate) static CALLS: core::cell::Cell<usize> = const { core::cell::Cell::new(0) };
}

/// The measures of a transcript. Costs one pass over it; a page computes them once and hands them on.
#[must_use]
pub fn measure(entries: &[Entry]) -> Measures {
    #[cfg(test)]
    CALLS.set(CALLS.get() + 1);
    let mut measures = Measures::default();
    let mut place = None;
    let mut open: Option<Open> = None;
    let mut flush_began = None;
    // Nothing has been said since the last SHARP.
    let mut unanswered = false;
    let mut presence = Presence::default();
    // When the program stopped or the laptop was suspended, for the last gap or resumption.
    let mut nobody_since = 0;
    let flush_ms = entries.iter().find_map(|entry| match &entry.kind {
        Kind::Session(header) => Some(header.plan.figures.flush_ms),
        _ => None,
    });
    for entry in entries {
        let at = entry.at_ms;
        nobody_since = match entry.kind {
            Kind::Gap { ms } => at.saturating_sub(ms),
            Kind::Resumed { .. } => presence.reached_ms,
            _ => nobody_since,
        };
        presence.take(entry);
        match &entry.kind {
            Kind::Spot(spot) => place = Some(*spot),
            Kind::Phase { from, to, because: _ } => {
                if *to == Phase::Holding && open.is_none() {
                    open = Some(Open::new(at));
                }
                if *to == Phase::Flushing {
                    flush_began = Some(presence.lasted_ms());
                    measures.flushes.0 += 1;
                }
                if *from == Phase::Flushing
                    && let (Some(began), Some(least)) = (flush_began.take(), flush_ms)
                    && presence.lasted_ms().saturating_sub(began) >= least
                {
                    measures.flushes.1 += 1;
                }
            }
            Kind::Rating { value, late: false } => {
                if let Some(open) = &mut open {
                    open.rating(at, *value);
                }
            }
            Kind::Click { means: Means::LetGo, late: false, passed: false, .. } => {
                if let Some(open) = &mut open {
                    open.eased(at);
                }
            }
            Kind::Prompt(said) => {
                // The answer to the SHARP of the ready check, which was only to be heard.
                if std::mem::take(&mut unanswered) && said.answers_a_trial() {
                    measures.sharps.pop();
                }
                if said.id == "ease-off"
                    && let Some(open) = &mut open
                {
                    open.ease_off(at);
                }
            }
            Kind::Sharp {} => {
                measures.sharps.push(at);
                unanswered = true;
            }
            Kind::Hold { outcome, because, counted_ms, pressed_ms } => {
                let open = open.take().unwrap_or_else(|| Open::new(at));
                let ended = match because {
                    Because::Gap | Because::Resumed => nobody_since.max(open.began.min(at)),
                    _ => at,
                };
                measures.holds.push(open.end(ended, place, (*outcome, *because), (*counted_ms, *pressed_ms)));
            }
            Kind::Guess { value, of } => {
                if let Some(hold) = measures.holds.last_mut() {
                    hold.guess = Some((*value, *of));
                }
            }
            Kind::Screening(Answered::Bother { rating, after }) => {
                measures.bother[usize::from(*after)] = Some(*rating);
            }
            Kind::CheckIn { feels, bother, .. } => measures.since = Some((*feels, *bother)),
            Kind::Screening(Answered::Resting { rating }) => measures.resting = Some(*rating),
            _ => {}
        }
    }
    measures
}

/// A hold that goes on.
struct Open {
    began: u64,
    ratings: Vec<(u64, Rating)>,
    eased: Option<u64>,
    /// When the present rating rose above 5.
    above_since: Option<u64>,
    above_ms: u64,
    waiting: Option<u64>,
    ease_offs: Vec<Option<u64>>,
}

impl Open {
    const fn new(began: u64) -> Self {
        Self {
            began,
            ratings: Vec::new(),
            eased: None,
            above_since: None,
            above_ms: 0,
            waiting: None,
            ease_offs: Vec::new(),
        }
    }

    fn rating(&mut self, at: u64, value: Rating) {
        let peak = self.ratings.iter().map(|(_, rating)| rating.value()).max();
        if peak.is_some_and(|peak| value.value() + EASED_BY <= peak) {
            self.eased(at);
        }
        self.ratings.push((at, value));
        if value > CEILING {
            self.above_since.get_or_insert(at);
            return;
        }
        if let Some(since) = self.above_since.take() {
            self.above_ms += at.saturating_sub(since);
        }
        if let Some(asked) = self.waiting.take() {
            self.ease_offs.push(Some(at.saturating_sub(asked)));
        }
    }

    fn eased(&mut self, at: u64) {
        self.eased.get_or_insert(at);
    }

    fn ease_off(&mut self, at: u64) {
        self.waiting.get_or_insert(at);
    }

    fn end(
        mut self,
        at: u64,
        place: Option<StoredSpot>,
        (outcome, because): (Outcome, Because),
        (counted_ms, pressed_ms): (u64, u64),
    ) -> Hold {
        if let Some(since) = self.above_since {
            self.above_ms += at.saturating_sub(since);
        }
        if self.waiting.is_some() {
            self.ease_offs.push(None);
        }
        Hold {
            began_ms: self.began,
            ended_ms: at,
            place,
            outcome,
            because,
            counted_ms,
            pressed_ms,
            eased_after_ms: self.eased.map(|eased| eased.saturating_sub(self.began)),
            ratings: self.ratings,
            above_ms: self.above_ms,
            ease_offs: self.ease_offs,
            guess: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use coach::Prompt;

    fn at(at_ms: u64, kind: Kind) -> Entry {
        Entry { at_ms, kind }
    }

    fn rating(value: u8) -> Rating {
        Rating::new(value).unwrap()
    }

    fn rated(at_ms: u64, value: u8) -> Entry {
        at(at_ms, Kind::Rating { value: rating(value), late: false })
    }

    fn phase(at_ms: u64, from: Phase, to: Phase) -> Entry {
        at(at_ms, Kind::Phase { from, to, because: Because::Time })
    }

    fn hold(at_ms: u64) -> Entry {
        at(
            at_ms,
            Kind::Hold {
                outcome: Outcome::Done,
                because: Because::Time,
                counted_ms: 31_000,
                pressed_ms: 40_000,
            },
        )
    }

    #[test]
    fn a_hold_is_counted_as_it_was_lived() {
        let entries = [
            rated(900, 9), // Before any hold.
            phase(1_000, Phase::Settling, Phase::Holding),
            rated(2_000, 4),
            rated(5_000, 6),
            at(5_000, Kind::Prompt(Prompt::EaseOff { rating: rating(6) }.into())),
            at(5_500, Kind::Rating { value: rating(1), late: true }),
            rated(6_000, 7),
            rated(8_000, 5),
            rated(20_000, 4),
            rated(30_000, 3),
            hold(41_000),
            rated(42_000, 10), // After it.
        ];
        let measures = measure(&entries);
        let [hold] = &measures.holds[..] else { panic!("{measures:?}") };
        assert_eq!((hold.began_ms, hold.ended_ms, hold.counted_ms), (1_000, 41_000, 31_000));
        assert_eq!(hold.start_peak_end().map(|all| all.map(Rating::value)), Some([4, 7, 3]));
        assert_eq!(hold.above_ms, 3_000, "from 5 s to 8 s");
        assert_eq!(hold.ease_offs, [Some(3_000)]);
        assert_eq!(hold.eased_after_ms, Some(7_000), "5 is 2 below 7");
    }

    #[test]
    fn what_did_not_come_is_none_and_not_zero() {
        let entries = [
            phase(0, Phase::Settling, Phase::Holding),
            rated(1_000, 6),
            at(1_000, Kind::Prompt(Prompt::EaseOff { rating: rating(6) }.into())),
            hold(6_000),
            phase(6_000, Phase::Settling, Phase::Holding),
            hold(7_000),
        ];
        let measures = measure(&entries);
        assert_eq!(measures.holds[0].ease_offs, [None]);
        assert_eq!((measures.holds[0].eased_after_ms, measures.holds[0].above_ms), (None, 5_000));
        assert_eq!(measures.holds[1].start_peak_end(), None);
    }

    #[test]
    fn it_has_let_go_is_a_sign_of_easing() {
        let let_go =
            Kind::Click { boot: 1, seq: 1, clicked_ms: 30, late: false, means: Means::LetGo, passed: false };
        let entries = [
            phase(0, Phase::Settling, Phase::Holding),
            rated(10, 4),
            at(9_000, let_go),
            rated(12_000, 2),
            hold(40_000),
        ];
        assert_eq!(measure(&entries).holds[0].eased_after_ms, Some(9_000));
    }

    #[test]
    fn a_night_is_no_part_of_a_hold_or_of_its_flush() {
        let night = 93_600_000;
        let cut =
            |because| Kind::Hold { outcome: Outcome::Cut, because, counted_ms: 900, pressed_ms: 60_000 };
        let resumed = Kind::Resumed { wall: "2026-11-23T18:00:00Z".to_owned() };
        let header = crate::schema::tests::samples().into_iter().find_map(|entry| match entry.kind {
            Kind::Session(header) => Some(header),
            _ => None,
        });
        let entries = [
            at(0, Kind::Session(header.unwrap())),
            phase(1_000, Phase::Settling, Phase::Holding),
            rated(2_000, 6),
            at(night, resumed),
            at(night, cut(Because::Resumed)),
            phase(night, Phase::Releasing, Phase::Flushing),
            at(night + 60_000, Kind::Gap { ms: 59_000 }),
            phase(night + 61_000, Phase::Flushing, Phase::Locating),
        ];
        let measures = measure(&entries);
        assert_eq!((measures.holds[0].began_ms, measures.holds[0].ended_ms), (1_000, 2_000));
        assert_eq!(measures.holds[0].above_ms, 0, "nobody knows");
        assert_eq!(measures.flushes, (1, 0), "2 s of strokes");
    }

    #[test]
    fn the_sharp_of_the_ready_check_is_none_that_hurt() {
        let heard = |at_ms| at(at_ms, Kind::Prompt(Prompt::HeardThat.into()));
        let entries = [
            at(1_000, Kind::Sharp {}),
            heard(1_000),
            heard(9_000), // Said again.
            phase(60_000, Phase::Settling, Phase::Holding),
            at(70_000, Kind::Sharp {}),
            at(70_000, Kind::Prompt(Prompt::SharpHolding.into())),
            hold(70_000),
        ];
        assert_eq!(measure(&entries).sharps, [70_000]);
    }

    #[test]
    fn the_start_is_where_the_dial_came_to_rest_and_not_where_it_entered() {
        let held = |ratings: &[(u64, u8)]| {
            let rated: Vec<Entry> = ratings.iter().map(|(at_ms, value)| rated(*at_ms, *value)).collect();
            let entries =
                [vec![phase(1_000, Phase::Settling, Phase::Holding)], rated, vec![hold(20_000)]].concat();
            measure(&entries).holds[0].start_peak_end().map(|all| all.map(Rating::value))
        };
        assert_eq!(held(&[(2_000, 3), (2_400, 4), (2_800, 5), (9_000, 4)]), Some([5, 5, 4]));
        assert_eq!(held(&[(2_000, 3), (4_000, 4)]), Some([3, 4, 4]), "2 s is long enough");
        assert_eq!(held(&[(18_500, 3), (19_000, 4)]), Some([4, 4, 4]), "none stood so long");
    }
}
