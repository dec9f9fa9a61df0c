//! How well one person's guesses meet another's ratings: the share of guesses that were no more than a point off, with
//! its interval by Wilson, and by how much they were off on the whole.
//!
//! Wilson's interval, because a session has a handful of guesses: it is meant for few, never leaves 0 to 100 %, and says
//! of three out of three that it may be as little as 44 %. Limits in the manner of Bland and Altman want more pairs than
//! that, and differences that are spread like a bell, which whole points from 1 to 10 are not. Guesses of one session
//! lean on each other, so that the interval is still a little too narrow.

use coach::Rating;

/// How guesses and ratings agree.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Agreement {
    /// How many pairs there were.
    pub of: usize,
    /// In how many the guess was no more than one point from the rating.
    pub close: usize,
    /// Between which shares, 0 to 1, that of close guesses lies, at 95 %.
    pub interval: (f64, f64),
    /// By how much guesses were above the ratings in the mean; below 0 where they were lower.
    pub above: f64,
}

/// As near as this a guess is called close: a point is the smallest change that people notice.
const CLOSE: u8 = 1;

/// 95 % of a normal distribution lie within so many of its deviations.
const Z: f64 = 1.959_964;

/// The agreement of pairs of a guess and the rating it was of; `None` where there are none.
#[must_use]
pub fn agreement(pairs: &[(Rating, Rating)]) -> Option<Agreement> {
    if pairs.is_empty() {
        return None;
    }
    let close =
        pairs.iter().filter(|(guess, rating)| guess.value().abs_diff(rating.value()) <= CLOSE).count();
    let sum: i32 =
        pairs.iter().map(|(guess, rating)| i32::from(guess.value()) - i32::from(rating.value())).sum();
    let n = real(pairs.len());
    Some(Agreement { of: pairs.len(), close, interval: wilson(real(close), n), above: f64::from(sum) / n })
}

/// Wilson's interval for so many of `n`.
fn wilson(hits: f64, n: f64) -> (f64, f64) {
    let share = hits / n;
    let spread = Z * Z / n;
    let middle = (share + spread / 2.0) / (1.0 + spread);
    let half = Z / (1.0 + spread) * (share * (1.0 - share) / n + spread / (4.0 * n)).sqrt();
    ((middle - half).max(0.0), (middle + half).min(1.0))
}

/// No one guesses four thousand million times.
fn real(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pairs: &[(u8, u8)]) -> Option<Agreement> {
        let rating = |value| Rating::new(value).unwrap();
        agreement(&pairs.iter().map(|(guess, given)| (rating(*guess), rating(*given))).collect::<Vec<_>>())
    }

    #[test]
    fn nobody_guessed_is_no_agreement_and_no_lack_of_it() {
        assert_eq!(of(&[]), None);
    }

    #[test]
    fn the_interval_is_wilsons() {
        // 8 of 10: 0.490 to 0.943, as in Newcombe 1998 and any table of it.
        let mut pairs = vec![(4, 4); 8];
        pairs.extend([(2, 5), (9, 5)]);
        let agreement = of(&pairs).unwrap();
        assert_eq!((agreement.close, agreement.of), (8, 10));
        let (low, high) = agreement.interval;
        assert!((low - 0.4902).abs() < 5e-4 && (high - 0.9433).abs() < 5e-4, "{low} {high}");
        assert!((agreement.above - 0.1).abs() < 1e-9, "3 too low and 4 too high in ten");
    }

    #[test]
    fn a_few_that_all_fit_prove_little() {
        let (low, high) = of(&[(3, 4), (5, 5), (6, 5)]).unwrap().interval;
        assert!((low - 0.4385).abs() < 5e-4, "{low}");
        assert!((high - 1.0).abs() < 1e-9, "{high}");
        let (low, _) = of(&[(1, 9)]).unwrap().interval;
        assert!(low.abs() < 1e-9, "{low}");
    }
}
