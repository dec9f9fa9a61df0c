//! What a change of a rating may be taken for, on figures from studies of 0 to 10 ratings: 1 point or 15 % is the smallest
//! that people notice, 2 points or 33 % is what they call much better (Salaffi 2004, n = 825). These are of changes over
//! weeks; within one session they are the nearest that is known, and no more.

use coach::Rating;

/// Direction of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// The same figure.
    None,
    /// Better, and smaller than people usually notice.
    TooSmall,
    /// Better by what people notice.
    Better,
    /// Better by what people call much better.
    MuchBetter,
    /// Higher than before, by however little: nothing that went worse is made small.
    Worse,
}

impl Change {
    /// Sentence for people. A rise is never called small.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::None => "No change.",
            Self::TooSmall => "Smaller than people usually notice.",
            Self::Better => "A change that people notice.",
            Self::MuchBetter => "A change that people call much better.",
            Self::Worse => "More than before.",
        }
    }
}

/// In percent of the first figure.
const NOTICED: u8 = 15;
const MUCH: u8 = 33;

/// From before to after, where less is better. A change has to reach both the points and the percent: on this scale a
/// point is at least a tenth of what there was, and where the two disagree the smaller claim is made.
#[must_use]
pub const fn between(before: Rating, after: Rating) -> Change {
    let (before, after) = (before.value(), after.value());
    if after > before {
        return Change::Worse;
    }
    let points = before - after;
    // At most 10 x 100.
    let percent = points as u16 * 100 / before as u16;
    match points {
        0 => Change::None,
        2.. if percent >= MUCH as u16 => Change::MuchBetter,
        _ if percent >= NOTICED as u16 => Change::Better,
        _ => Change::TooSmall,
    }
}

/// The highest rating that is a change people notice, from this one; `None` where there is no room below it.
#[must_use]
pub fn noticed_at(before: Rating) -> Option<Rating> {
    below(before).find(|after| matches!(between(before, *after), Change::Better | Change::MuchBetter))
}

/// The highest rating that is a change people call much better, from this one.
#[must_use]
pub fn much_better_at(before: Rating) -> Option<Rating> {
    below(before).find(|after| between(before, *after) == Change::MuchBetter)
}

/// Every rating below this one, the highest first.
fn below(before: Rating) -> impl Iterator<Item = Rating> {
    (1..before.value()).rev().filter_map(Rating::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_change_is_called_what_it_is() {
        for (before, after, change) in [
            (4, 4, Change::None),
            (4, 5, Change::Worse),
            (9, 10, Change::Worse),
            (8, 7, Change::TooSmall), // 12 %.
            (6, 5, Change::Better),   // 16 %.
            (2, 1, Change::Better),   // One point, however many percent.
            (7, 5, Change::Better),   // 28 %.
            (6, 4, Change::MuchBetter),
            (10, 1, Change::MuchBetter),
        ] {
            let rating = |value| Rating::new(value).unwrap();
            assert_eq!(between(rating(before), rating(after)), change, "{before} to {after}");
        }
    }

    #[test]
    fn the_lines_are_drawn_where_the_words_change() {
        let at = |line: fn(Rating) -> Option<Rating>, before| {
            line(Rating::new(before).unwrap()).map(Rating::value)
        };
        for (before, noticed, much) in [
            (10, Some(8), Some(6)),
            (6, Some(5), Some(4)),
            (3, Some(2), Some(1)),
            (2, Some(1), None),
            (1, None, None),
        ] {
            assert_eq!((at(noticed_at, before), at(much_better_at, before)), (noticed, much), "{before}");
        }
    }
}
