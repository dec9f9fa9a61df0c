//! Values of a timeline that the page and the terminal share: what is known of the rating, and what one column shows.
//!
//! `report::timeline` computes them from a transcript; the strip of a running session uses the same states.

use coach::{Outcome, Rating, RatingNow};

/// What is known of the rating. In ascending order of what a column that has several of them shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RatingState {
    /// No rating has been given, or a new one has been asked for.
    Nothing,
    /// The current rating.
    Rating(Rating),
    /// Unknown: the link was silent, or the laptop was suspended.
    Gap,
}

impl From<RatingNow> for RatingState {
    fn from(rating: RatingNow) -> Self {
        match rating {
            RatingNow::None => Self::Nothing,
            RatingNow::Live { rating, .. } => Self::Rating(rating),
            RatingNow::Stale | RatingNow::Lost => Self::Gap,
        }
    }
}

/// One column of a drawing: everything that falls into its stretch of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Column {
    /// The lowest and the highest rating. `None` if a gap falls into the column, so that no line crosses a gap.
    pub ratings: Option<(Rating, Rating)>,
    /// Whether any of it is a gap.
    pub gap: bool,
    /// The outcome of the hold that overlaps it.
    pub hold: Option<Outcome>,
    /// The partner's guess of the rating, if a hold with one ends in this column.
    pub guess: Option<Rating>,
    /// The most serious event in it.
    pub mark: Option<Mark>,
}

/// Marked events, most serious first: of several in one column the first is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// SHARP.
    Sharp,
    /// STOP, by either person.
    Stop,
    /// An alarm of the coach: "ease off", "hands off".
    Alarm,
    /// A refusal.
    Refused,
    /// A note that a person typed.
    Note,
    /// The receiver asked for less or more pressure, or said "it has let go".
    Asked,
    /// The spot was moved.
    Nudge,
    /// The SHARP of the ready check or of a lesson: no pain.
    TrialSharp,
    /// A spoken sentence.
    Said,
}

impl Mark {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Sharp,
        Self::Stop,
        Self::Alarm,
        Self::Refused,
        Self::Note,
        Self::Asked,
        Self::Nudge,
        Self::TrialSharp,
        Self::Said,
    ];
}
