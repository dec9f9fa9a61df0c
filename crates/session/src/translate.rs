//! Conversions between the types of the protocol and of the coach. Every match is exhaustive: a new variant on either
//! side does not compile without its counterpart.

use coach::body::{Side, Toward};
use coach::{Alarm, Mode, Rating, Tone};
use transcript::Means;

/// What a gesture means.
pub(crate) fn means(means: wire::Means) -> Means {
    match means {
        wire::Means::Rating(dial) => Means::Rating(rating(dial)),
        wire::Means::Same(dial) => Means::Same(rating(dial)),
        wire::Means::Nudge(direction) => Means::Nudge(toward(direction)),
        wire::Means::Spot => Means::Spot,
        wire::Means::No => Means::No,
        wire::Means::Yes => Means::Yes,
        wire::Means::Again => Means::Again,
        wire::Means::Beside => Means::Beside,
        wire::Means::SameSpot => Means::SameSpot,
        wire::Means::Enough => Means::Enough,
        wire::Means::OnlySharp => Means::OnlySharp,
        wire::Means::Numb => Means::Numb,
        wire::Means::Slipped => Means::Slipped,
        wire::Means::FeltLeft => Means::Felt(Side::Left),
        wire::Means::FeltRight => Means::Felt(Side::Right),
        wire::Means::Less => Means::Less,
        wire::Means::More => Means::More,
        wire::Means::LetGo => Means::LetGo,
        wire::Means::Sharp => Means::Sharp,
        wire::Means::Stop => Means::Stop,
    }
}

/// The alarm of which this is the ordered copy, if it is one.
pub(crate) const fn alarm_in_order(means: wire::Means) -> Option<Alarm> {
    match means {
        wire::Means::Sharp => Some(Alarm::Sharp),
        wire::Means::Stop => Some(Alarm::Stop),
        wire::Means::Rating(_)
        | wire::Means::Same(_)
        | wire::Means::Nudge(_)
        | wire::Means::Spot
        | wire::Means::No
        | wire::Means::Yes
        | wire::Means::Again
        | wire::Means::Beside
        | wire::Means::SameSpot
        | wire::Means::Enough
        | wire::Means::OnlySharp
        | wire::Means::Numb
        | wire::Means::Slipped
        | wire::Means::FeltLeft
        | wire::Means::FeltRight
        | wire::Means::Less
        | wire::Means::More
        | wire::Means::LetGo => None,
    }
}

/// The dial a gesture says the clicker now has, if it says so.
pub(crate) fn dial_in(means: wire::Means) -> Option<Rating> {
    match means {
        wire::Means::Rating(dial) | wire::Means::Same(dial) => Some(rating(dial)),
        wire::Means::Nudge(_)
        | wire::Means::Spot
        | wire::Means::No
        | wire::Means::Yes
        | wire::Means::Again
        | wire::Means::Beside
        | wire::Means::SameSpot
        | wire::Means::Enough
        | wire::Means::OnlySharp
        | wire::Means::Numb
        | wire::Means::Slipped
        | wire::Means::FeltLeft
        | wire::Means::FeltRight
        | wire::Means::Less
        | wire::Means::More
        | wire::Means::LetGo
        | wire::Means::Sharp
        | wire::Means::Stop => None,
    }
}

/// One of the two alarms.
pub(crate) const fn alarm(alarm: wire::Alarm) -> Alarm {
    match alarm {
        wire::Alarm::Sharp => Alarm::Sharp,
        wire::Alarm::Stop => Alarm::Stop,
    }
}

/// A rating from the air.
pub(crate) fn rating(dial: wire::Dial) -> Rating {
    // Both are 1 to 10 by construction; the clamp is for the compiler.
    Rating::new(dial.value()).unwrap_or(Rating::MAX)
}

/// A rating for the air.
pub(crate) fn dial(rating: Rating) -> Option<wire::Dial> {
    wire::Dial::new(rating.value())
}

/// The grammar of the clicker for a mode of the coach.
pub(crate) const fn mode(mode: Mode) -> wire::Mode {
    match mode {
        Mode::Rate => wire::Mode::Rate,
        Mode::Hold => wire::Mode::Hold,
        Mode::Ask => wire::Mode::Ask,
        Mode::Locate => wire::Mode::Locate,
        Mode::Settle => wire::Mode::Settle,
        Mode::Release => wire::Mode::Release,
        Mode::Next => wire::Mode::Next,
        Mode::AfterSharp => wire::Mode::AfterSharp,
        Mode::Sides => wire::Mode::Sides,
    }
}

/// A tone for the clicker.
pub(crate) const fn tone(tone: Tone) -> wire::Tone {
    match tone {
        Tone::No => wire::Tone::No,
        Tone::Question => wire::Tone::Question,
        Tone::HoldBegins => wire::Tone::HoldBegins,
        Tone::MinimumReached => wire::Tone::MinimumReached,
        Tone::TenSeconds => wire::Tone::TenSeconds,
        Tone::PressureOff => wire::Tone::PressureOff,
        Tone::Flush => wire::Tone::Flush,
        Tone::Over => wire::Tone::Over,
    }
}

const fn toward(toward: wire::Toward) -> Toward {
    match toward {
        wire::Toward::Left => Toward::Left,
        wire::Toward::Right => Toward::Right,
        wire::Toward::Head => Toward::Head,
        wire::Toward::Feet => Toward::Feet,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratings_keep_their_value_both_ways() {
        for value in 1..=10 {
            let air = wire::Dial::new(value).unwrap();
            assert_eq!(rating(air).value(), value);
            assert_eq!(dial(rating(air)), Some(air));
        }
    }

    #[test]
    fn an_ordered_copy_names_its_alarm_in_both_vocabularies() {
        for (ordered, alarm) in [(wire::Means::Sharp, Alarm::Sharp), (wire::Means::Stop, Alarm::Stop)] {
            assert_eq!(alarm_in_order(ordered), Some(alarm));
            assert_eq!(means(ordered), Means::from(alarm));
            assert_eq!(means(ordered).click(), None);
        }
    }

    #[test]
    fn the_sides_are_not_swapped() {
        assert_eq!(means(wire::Means::FeltLeft), Means::Felt(Side::Left));
        assert_eq!(means(wire::Means::Nudge(wire::Toward::Right)), Means::Nudge(Toward::Right));
        assert_eq!(means(wire::Means::Nudge(wire::Toward::Head)), Means::Nudge(Toward::Head));
    }
}
