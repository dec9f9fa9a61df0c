//! Totals over one session or many: counts and delays, without a judgement.

use coach::{Outcome, Rating};

use crate::agree::{Agreement, agreement};
use crate::measure::Measures;
use crate::text::seconds;

/// Sums over sessions.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Totals {
    /// Holds done.
    pub done: usize,
    /// Holds cut.
    pub cut: usize,
    /// Holds ended by SHARP.
    pub void: usize,
    /// SHARPs.
    pub sharps: usize,
    /// Flushes begun, and those that lasted as long as they have to.
    pub flushes: (usize, usize),
    /// The times from "ease off" to 5 or less.
    pub ease_offs: Vec<u64>,
    /// How many an "ease off" was not followed before the hold ended.
    pub not_followed: usize,
    /// The partner's guesses, each with the rating it was of.
    pub guesses: Vec<(Rating, Rating)>,
}

impl Totals {
    /// Adds a session.
    pub fn add(&mut self, measures: &Measures) {
        for hold in &measures.holds {
            self.guesses.extend(hold.guess);
            *match hold.outcome {
                Outcome::Done => &mut self.done,
                Outcome::Cut => &mut self.cut,
                Outcome::Void => &mut self.void,
            } += 1;
            let before = self.ease_offs.len();
            self.ease_offs.extend(hold.ease_offs.iter().flatten());
            self.not_followed += hold.ease_offs.len() - (self.ease_offs.len() - before);
        }
        self.sharps += measures.sharps.len();
        self.flushes.0 += measures.flushes.0;
        self.flushes.1 += measures.flushes.1;
    }

    /// One sentence for each figure.
    #[must_use]
    pub fn sentences(&self) -> Vec<String> {
        let Self { done, cut, void, sharps, flushes: (begun, whole), .. } = self;
        let mut sentences = vec![
            format!("Holds: {done} done, {cut} cut, {void} void."),
            format!("SHARP: {}.", times(*sharps)),
            format!("Flushes of full length: {whole} of {begun}."),
            self.eased_off(),
        ];
        sentences.extend(agreement(&self.guesses).map(|agreement| guessed(&agreement)));
        sentences
    }

    fn eased_off(&self) -> String {
        let mut delays = self.ease_offs.clone();
        delays.sort_unstable();
        let asked = delays.len() + self.not_followed;
        let (Some(middle), Some(longest)) = (median(&delays), delays.last()) else {
            return match asked {
                0 => "“Ease off” was never said.".to_owned(),
                _ => format!(
                    "“Ease off” was said {}, and the hold ended before the rating was 5 or less.",
                    times(asked)
                ),
            };
        };
        let mut text = format!(
            "“Ease off” was said {}; to a rating of 5 or less it took {} in the median, {} at most",
            times(asked),
            seconds(middle),
            seconds(*longest)
        );
        if self.not_followed > 0 {
            text.push_str(&format!("; {}, the hold ended first", times(self.not_followed)));
        }
        text + "."
    }
}

/// Of figures in their order; between two of them where their count is even.
fn median(sorted: &[u64]) -> Option<u64> {
    let upper = *sorted.get(sorted.len() / 2)?;
    let lower = *sorted.get((sorted.len() - 1) / 2)?;
    Some(lower.midpoint(upper))
}

fn guessed(agreement: &Agreement) -> String {
    let Agreement { of, close, above } = agreement;
    let way = if *above < 0.0 { "below" } else { "above" };
    format!(
        "The partner guessed {}: within a point of the rating {close} of {of} times. On average the guesses were {:.1} {way} \
the rating.",
        times(*of),
        above.abs()
    )
}

/// A count as an adverb.
pub(crate) fn times(count: usize) -> String {
    match count {
        0 => "never".to_owned(),
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        more => format!("{more} times"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::Hold;
    use coach::Because;

    fn held(outcome: Outcome, ease_offs: &[Option<u64>]) -> Hold {
        Hold {
            began_ms: 0,
            ended_ms: 40_000,
            place: None,
            outcome,
            because: Because::Time,
            counted_ms: 31_000,
            pressed_ms: 40_000,
            ratings: Vec::new(),
            eased_after_ms: None,
            above_ms: 0,
            ease_offs: ease_offs.to_vec(),
            guess: None,
        }
    }

    #[test]
    fn sessions_add_up_and_what_was_not_followed_is_no_delay() {
        let mut totals = Totals::default();
        let first = Measures {
            holds: vec![held(Outcome::Done, &[Some(2_000), Some(9_000)]), held(Outcome::Cut, &[None])],
            sharps: vec![70_000],
            flushes: (2, 1),
            ..Measures::default()
        };
        totals.add(&first);
        totals.add(&Measures {
            holds: vec![held(Outcome::Done, &[Some(3_000)])],
            flushes: (1, 1),
            ..Measures::default()
        });
        assert_eq!(
            totals.sentences(),
            [
                "Holds: 2 done, 1 cut, 0 void.",
                "SHARP: once.",
                "Flushes of full length: 2 of 3.",
                "“Ease off” was said 4 times; to a rating of 5 or less it took 3.0 s in the median, 9.0 s at most; once, the hold ended first.",
            ]
        );
    }

    #[test]
    fn the_median_of_two_lies_between_them() {
        assert_eq!((median(&[]), median(&[7]), median(&[1_400, 3_000])), (None, Some(7), Some(2_200)));
    }

    #[test]
    fn nothing_is_said_of_what_did_not_happen() {
        let none = Totals::default();
        assert_eq!(none.sentences().last().unwrap(), "“Ease off” was never said.");
        let unheard = Totals { not_followed: 1, ..Totals::default() };
        assert_eq!(
            unheard.sentences().last().unwrap(),
            "“Ease off” was said once, and the hold ended before the rating was 5 or less."
        );
    }

    #[test]
    fn guesses_are_summed_up_in_one_sentence() {
        let rating = |value| Rating::new(value).unwrap();
        let guesses = vec![(rating(3), rating(4)), (rating(5), rating(5)), (rating(4), rating(5))];
        let told = Totals { guesses, ..Totals::default() }.sentences().pop().unwrap();
        assert_eq!(
            told,
            "The partner guessed 3 times: within a point of the rating 3 of 3 times. On average the guesses were 0.7 below the rating."
        );
    }
}
