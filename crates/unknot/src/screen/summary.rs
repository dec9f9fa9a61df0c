//! What is known of a session when it is over, gathered entry by entry. Nothing is reckoned that was not given.

use std::path::Path;
use std::time::Duration;

use coach::body::Spot;
use coach::screening::{Answer, Question};
use coach::{Because, Phase, Prompt, Rating, Technique};
use transcript::{Answered, Entry, Kind};
use tui::{Finished, Held, Hint, Ratings};

use crate::commands::letter;
use crate::failure::Failure;

/// After a stop: the key that writes a letter about it.
pub(super) const LETTER: char = 'p';

pub(super) fn letter_hint() -> Hint {
    Hint { key: LETTER.to_string(), what: "a letter for a health professional".to_owned() }
}

/// Writes a letter about a stop into the folder at hand. Gives where it is, or why there is none.
pub(super) fn letter(db: &Path, id: &str) -> String {
    let written = std::env::current_dir()
        .map_err(Failure::from)
        .and_then(|folder| letter::into_folder(db, id, &folder));
    match written {
        Ok(page) => {
            let page = page.file_name().unwrap_or_default().to_string_lossy().into_owned();
            format!("{page} and .txt, in this folder")
        }
        Err(failure) => failure.to_string(),
    }
}

/// The sums of a session so far.
#[derive(Debug)]
pub(crate) struct Summary {
    technique: Technique,
    because: Option<Because>,
    last: Option<Prompt>,
    answered: Option<Question>,
    phase: Option<Phase>,
    spot: Option<Spot>,
    holds: Vec<Held>,
    /// The ratings of the whole session, and the first that was given in a hold.
    ratings: Option<Ratings>,
    first_held: Option<Rating>,
    sharps: u32,
    /// Whether the last SHARP may have been the one of the ready check: nothing has been said since.
    fresh: bool,
    bother_before: Option<Rating>,
    bother_after: Option<Rating>,
}

impl Summary {
    /// Of a session that is led by this technique.
    pub(crate) const fn of(technique: Technique) -> Self {
        Self {
            technique,
            because: None,
            last: None,
            answered: None,
            phase: None,
            spot: None,
            holds: Vec::new(),
            ratings: None,
            first_held: None,
            sharps: 0,
            fresh: false,
            bother_before: None,
            bother_after: None,
        }
    }

    /// It is led by this technique.
    pub(crate) const fn led_by(&mut self, technique: Technique) {
        self.technique = technique;
    }

    /// This came about.
    pub(crate) fn entry(&mut self, entry: &Entry) {
        match &entry.kind {
            Kind::Phase { to, .. } => self.phase = Some(*to),
            // A place that is none is in no transcript of this program's.
            Kind::Spot(place) => self.spot = Spot::try_from(*place).ok(),
            Kind::Rating { value, late: false } => self.rating(*value),
            Kind::Hold { outcome, because, counted_ms, .. } => self.holds.push(Held {
                spot: self.spot,
                outcome: *outcome,
                because: *because,
                counted: Duration::from_millis(*counted_ms),
            }),
            Kind::Sharp {} => {
                self.sharps += 1;
                self.fresh = true;
            }
            Kind::Prompt(said) => {
                // The one that was only to be heard is none that hurt.
                let trial = std::mem::take(&mut self.fresh) && said.answers_a_trial();
                self.sharps -= u32::from(trial);
            }
            Kind::Screening(Answered::Bother { rating, after: false }) => self.bother_before = Some(*rating),
            Kind::Screening(Answered::Bother { rating, after: true }) => self.bother_after = Some(*rating),
            Kind::Finished { because } => self.because = Some(*because),
            Kind::Screening(Answered::Answer { question, answer: Answer::Yes, .. }) => {
                self.answered = Some(*question);
            }
            Kind::Rating { late: true, .. }
            | Kind::Screening(
                Answered::Where { .. }
                | Answered::Answer { .. }
                | Answered::Since { .. }
                | Answered::Again { .. }
                | Answered::Resting { .. },
            )
            | Kind::Session(_)
            | Kind::Click { .. }
            | Kind::Alarm { .. }
            | Kind::Key { .. }
            | Kind::Link { .. }
            | Kind::Store { .. }
            | Kind::Gap { .. }
            | Kind::Resumed { .. }
            | Kind::Nudge { .. }
            | Kind::Ask { .. }
            | Kind::Guess { .. }
            | Kind::Freshness { .. }
            | Kind::Refused { .. }
            | Kind::Felt { .. }
            | Kind::Note { .. }
            | Kind::CheckIn { .. } => {}
        }
    }

    /// This was said.
    pub(crate) const fn said(&mut self, prompt: Prompt) {
        // What is said after the end is a refusal of a key, and no advice.
        if self.because.is_none() || self.last.is_none() {
            self.last = Some(prompt);
        }
    }

    fn rating(&mut self, value: Rating) {
        if self.phase == Some(Phase::Holding) {
            self.first_held.get_or_insert(value);
        }
        let before = self.ratings.unwrap_or(Ratings { first: value, highest: value, last: value });
        self.ratings = Some(Ratings { highest: before.highest.max(value), last: value, ..before });
    }

    /// All of it, once the session is over.
    pub(crate) fn finished(
        &self,
        receiver: Option<&str>,
        unstored: usize,
        keys: Vec<Hint>,
    ) -> Option<Finished> {
        let ratings = self.ratings.map(|all| Ratings { first: self.first_held.unwrap_or(all.first), ..all });
        Some(Finished {
            technique: self.technique,
            because: self.because?,
            last: self.last,
            answered: self.answered,
            receiver: receiver.map(str::to_owned),
            holds: self.holds.clone(),
            ratings,
            sharps: self.sharps,
            bother_before: self.bother_before,
            bother_after: self.bother_after,
            unstored,
            keys,
        })
    }
}

#[cfg(test)]
mod tests {
    use coach::Outcome;

    use super::*;

    fn rating(value: u8) -> Rating {
        Rating::new(value).unwrap()
    }

    fn of(kinds: impl IntoIterator<Item = Kind>) -> Option<Finished> {
        let mut summary = Summary::of(Technique::Partner);
        kinds.into_iter().for_each(|kind| summary.entry(&Entry { at_ms: 0, kind }));
        summary.finished(None, 0, Vec::new())
    }

    fn rated(value: u8) -> Kind {
        Kind::Rating { value: rating(value), late: false }
    }

    fn into(to: Phase) -> Kind {
        Kind::Phase { from: Phase::Settling, to, because: Because::Time }
    }

    const OVER: Kind = Kind::Finished { because: Because::Time };

    #[test]
    fn a_session_that_goes_on_has_no_sum() {
        assert_eq!(of([rated(3)]), None);
    }

    #[test]
    fn the_first_rating_is_that_of_the_first_hold() {
        let ratings = |kinds: Vec<Kind>| of(kinds).unwrap().ratings;
        assert_eq!(
            ratings(vec![rated(2), into(Phase::Holding), rated(5), rated(7), rated(4), OVER]),
            Some(Ratings { first: rating(5), highest: rating(7), last: rating(4) })
        );
        assert_eq!(
            ratings(vec![rated(2), rated(3), OVER]),
            Some(Ratings { first: rating(2), highest: rating(3), last: rating(3) })
        );
        assert_eq!(ratings(vec![OVER]), None);
    }

    #[test]
    fn a_hold_stands_where_the_spot_was() {
        let spot = Spot::new(coach::body::Side::Left, 5, 30).unwrap();
        let hold = Kind::Hold {
            outcome: Outcome::Done,
            because: Because::Time,
            counted_ms: 31_000,
            pressed_ms: 40_000,
        };
        let finished = of([Kind::Spot(spot.into()), hold, Kind::Sharp {}, OVER]).unwrap();
        assert_eq!(finished.holds[0].spot, Some(spot));
        assert_eq!(finished.holds[0].counted, Duration::from_secs(31));
        assert_eq!(finished.sharps, 1);
    }

    #[test]
    fn the_sharp_of_the_ready_check_is_none_that_hurt() {
        let said = |prompt: Prompt| Kind::Prompt(prompt.into());
        let sharps = |kinds: Vec<Kind>| of(kinds.into_iter().chain([OVER])).unwrap().sharps;
        let (heard, hands_off) = (said(Prompt::HeardThat), said(Prompt::SharpHolding));
        assert_eq!(sharps(vec![Kind::Sharp {}, heard.clone(), heard.clone()]), 0);
        assert_eq!(sharps(vec![Kind::Sharp {}, heard, Kind::Sharp {}, hands_off]), 1);
    }
}
