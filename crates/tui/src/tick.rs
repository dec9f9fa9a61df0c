//! When a figure in whole seconds changes. A frame has one beat, that of what is counted down: other figures move with
//! it and not at seconds of their own, so that a screen with three of them is drawn once a second and not three times.

use std::time::Duration;

use coach::{Counting, RatingNow, View};

const SECOND: Duration = Duration::from_secs(1);

/// The time until what is counted down shows another figure, if anything is.
pub(crate) fn of_count(view: &View) -> Option<Duration> {
    let count = view.count.filter(|count| count.what != Counting::Stopped && !count.left.is_zero())?;
    // It is rounded up, so it changes where nothing is left of a second.
    let part = Duration::from_nanos(count.left.subsec_nanos().into());
    Some(if part.is_zero() { SECOND } else { part })
}

/// The time until something that is counted up shows another figure.
pub(crate) fn of_age(age: Duration) -> Duration {
    SECOND - Duration::from_nanos(age.subsec_nanos().into())
}

/// The age of the rating in whole seconds, in the beat of the frame. It is never shown younger than it is.
pub(crate) fn age(age: Duration, view: &View) -> u64 {
    age.saturating_add(of_count(view).unwrap_or_default()).as_secs()
}

/// The time until the next beat, as far as the rating and what is counted have one.
pub(crate) fn next(view: &View) -> Option<Duration> {
    of_count(view).or(match view.rating {
        RatingNow::Live { age, .. } => Some(of_age(age)),
        RatingNow::None | RatingNow::Stale | RatingNow::Lost => None,
    })
}

#[cfg(test)]
mod tests {
    use coach::Count;

    use super::*;
    use crate::samples;
    use crate::scene::Scene;

    fn hold(left_ms: u64, age_ms: u64) -> View {
        let Scene::Sitting(sitting) = samples::running_hold() else { unreachable!("it is a session") };
        let left = Duration::from_millis(left_ms);
        let rating = RatingNow::Live { rating: coach::Rating::MIN, age: Duration::from_millis(age_ms) };
        View { count: Some(Count { what: Counting::ToMinimum, left }), rating, ..sitting.view }
    }

    #[test]
    fn age_and_countdown_change_together() {
        let mut changes = Vec::new();
        let mut before = None;
        for ms in 0..3_000 {
            let view = hold(20_300 - ms, 700 + ms);
            let RatingNow::Live { age: exact, .. } = view.rating else { unreachable!("it is live") };
            let shown = age(exact, &view);
            assert!(shown >= exact.as_secs() && shown <= exact.as_secs() + 1, "{shown} for {exact:?}");
            if before.is_some_and(|before| before != shown) {
                changes.push(ms);
            }
            before = Some(shown);
        }
        assert_eq!(changes, [300, 1_300, 2_300], "where the countdown changes");
    }

    #[test]
    fn without_a_countdown_the_age_has_its_own_beat() {
        let view = View { count: None, ..hold(0, 2_400) };
        assert_eq!(next(&view), Some(Duration::from_millis(600)));
        assert_eq!(age(Duration::from_millis(2_999), &view), 2);
    }
}
