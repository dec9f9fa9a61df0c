//! How well one person's guesses meet another's ratings: how many guesses were no more than one point off, and by how
//! much they were too high or too low on average. A session has a handful of guesses, too few for statistics of them.

use coach::Rating;

/// How guesses and ratings agree.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Agreement {
    /// How many pairs there were.
    pub of: usize,
    /// In how many the guess was no more than one point from the rating.
    pub close: usize,
    /// Mean of guess minus rating, in points: negative where the guesses were too low.
    pub above: f64,
}

/// As near as this a guess is called close: a point is the smallest change that people notice.
const CLOSE: u8 = 1;

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
    // A session has far fewer than 2^32 guesses.
    let n = f64::from(u32::try_from(pairs.len()).unwrap_or(u32::MAX));
    Some(Agreement { of: pairs.len(), close, above: f64::from(sum) / n })
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
    fn close_guesses_are_counted_and_their_differences_averaged() {
        let mut pairs = vec![(4, 4); 8];
        pairs.extend([(2, 5), (9, 5)]);
        let agreement = of(&pairs).unwrap();
        assert_eq!((agreement.close, agreement.of), (8, 10));
        assert!((agreement.above - 0.1).abs() < 1e-9, "3 too low and 4 too high in ten");
        let one_off = of(&[(3, 4), (5, 5), (6, 5)]).unwrap();
        assert_eq!((one_off.close, one_off.of), (3, 3), "one point off is close");
    }
}
