//! When to say how much time is left: at moments that help, and seldom enough for a screen reader.

use std::time::Duration;

use coach::{Count, Counting, Phase, RatingNow, View};

/// Where the rest of a countdown is worth a line, in seconds. The last ten of a hold are the coach's own prompt, and
/// the last three of the lean are counted by it.
const MARKS: &[u64] = &[600, 300, 120, 60, 30, 20, 10];

/// Says each mark once.
#[derive(Debug, Default)]
pub(crate) struct Countdown {
    /// The phase of the last turn, what was counted in it, and what was left.
    before: Option<(Phase, Count)>,
}

impl Countdown {
    /// The line for this moment, if one has come due since the last turn.
    pub(crate) fn turn(&mut self, view: &View) -> Option<String> {
        let now = view.count.map(|count| (view.phase, count));
        let ((phase, before), (_, now)) = (std::mem::replace(&mut self.before, now)?, now?);
        if phase != view.phase || before.what != now.what {
            return None;
        }
        let what = counting(now.what)?;
        let mark = marks(now.what).filter(|&mark| now.left <= mark && before.left > mark).last()?;
        // How much it hurts is news only while somebody presses.
        let rating = if phase.pressure_called_for() { rating(view.rating) } else { String::new() };
        Some(format!("{} to {what}.{rating}", spoken(mark)))
    }

    /// How long until the next line is due.
    pub(crate) fn next(view: &View) -> Option<Duration> {
        let count = view.count?;
        counting(count.what)?;
        marks(count.what).find(|&mark| count.left > mark).map(|mark| count.left.saturating_sub(mark))
    }
}

fn marks(what: Counting) -> impl Iterator<Item = Duration> {
    MARKS
        .iter()
        .copied()
        .filter(move |&mark| what != Counting::ToMaximum || mark > 10)
        .map(Duration::from_secs)
}

/// What is counted, in words; `None` where nothing runs.
const fn counting(what: Counting) -> Option<&'static str> {
    match what {
        Counting::ToPhaseEnd => Some("go"),
        Counting::ToPhaseMinimum => Some("the least time for this"),
        Counting::ToMinimum => Some("the minimum"),
        Counting::ToMaximum => Some("the maximum"),
        Counting::Stopped => None,
    }
}

/// The rating with its age, where there is one to tell. A number that is not Live is never said.
fn rating(rating: RatingNow) -> String {
    match rating {
        RatingNow::None => String::new(),
        RatingNow::Live { rating, age } => format!(" Rating {rating}, {} old.", spoken(age)),
        RatingNow::Stale | RatingNow::Lost => " Rating not known.".to_owned(),
    }
}

/// A time as people say it.
pub(crate) fn spoken(time: Duration) -> String {
    let seconds = time.as_secs();
    let plural = |n: u64, unit: &str| format!("{n} {unit}{}", if n == 1 { "" } else { "s" });
    match (seconds / 60, seconds % 60) {
        (0, seconds) => plural(seconds, "second"),
        (minutes, 0) => plural(minutes, "minute"),
        (minutes, seconds) => format!("{} {}", plural(minutes, "minute"), plural(seconds, "second")),
    }
}

#[cfg(test)]
mod tests {
    use coach::body::Stand;
    use coach::{Awaits, Mode, Rating};

    use super::*;

    fn holding(what: Counting, left_ms: u64, rating: RatingNow) -> View {
        View {
            technique: coach::Technique::Partner,
            phase: Phase::Holding,
            learned: coach::Learned::default(),
            phase_for: Duration::ZERO,
            rating,
            count: Some(Count { what, left: Duration::from_millis(left_ms) }),
            mode: Mode::Hold,
            question: 0,
            awaits: Awaits::Nothing,
            area: None,
            spot: None,
            felt: None,
            lasts: None,
            stand: Stand::LeftSide,
            holds: 1,
            ending: false,
        }
    }

    fn lines(what: Counting, rating: RatingNow) -> Vec<String> {
        let mut countdown = Countdown::default();
        (0..=300).rev().filter_map(|tenths| countdown.turn(&holding(what, tenths * 100, rating))).collect()
    }

    #[test]
    fn each_mark_is_said_once_with_the_rating_and_its_age() {
        let live = RatingNow::Live { rating: Rating::CEILING, age: Duration::from_secs(6) };
        assert_eq!(
            lines(Counting::ToMinimum, live),
            [
                "20 seconds to the minimum. Rating 5, 6 seconds old.",
                "10 seconds to the minimum. Rating 5, 6 seconds old."
            ]
        );
    }

    #[test]
    fn a_rating_that_is_not_live_is_no_number() {
        assert!(lines(Counting::ToMinimum, RatingNow::Lost)[0].ends_with("Rating not known."));
        assert_eq!(lines(Counting::ToMaximum, RatingNow::None), ["20 seconds to the maximum."]);
    }

    #[test]
    fn the_count_of_another_phase_is_another_count() {
        let mut countdown = Countdown::default();
        let locating =
            View { phase: Phase::Locating, ..holding(Counting::ToPhaseEnd, 110_000, RatingNow::None) };
        let settling =
            View { phase: Phase::Settling, ..holding(Counting::ToPhaseEnd, 5_000, RatingNow::None) };
        assert_eq!([countdown.turn(&locating), countdown.turn(&settling)], [None, None]);
    }

    #[test]
    fn a_count_that_stands_is_not_counted_down() {
        assert_eq!(lines(Counting::Stopped, RatingNow::None), Vec::<String>::new());
        assert_eq!(Countdown::next(&holding(Counting::Stopped, 12_000, RatingNow::None)), None);
    }

    #[test]
    fn the_loop_is_told_when_to_come_back() {
        let next = |ms| Countdown::next(&holding(Counting::ToMinimum, ms, RatingNow::None));
        assert_eq!(next(29_000), Some(Duration::from_secs(9)));
        assert_eq!(next(20_000), Some(Duration::from_secs(10)));
        assert_eq!(next(10_000), None);
    }

    #[test]
    fn times_are_said_as_people_say_them() {
        let said: Vec<String> = [1, 59, 60, 90, 600].map(|s| spoken(Duration::from_secs(s))).into();
        assert_eq!(said, ["1 second", "59 seconds", "1 minute", "1 minute 30 seconds", "10 minutes"]);
    }
}
