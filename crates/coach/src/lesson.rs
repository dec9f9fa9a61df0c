//! The gestures of the clicker, one by one, as a receiver learns them before anybody touches them.

use core::time::Duration;

use crate::body::Toward;
use crate::input::Click;
use crate::named::named;
use crate::output::Mode;

named! {
    /// A gesture to be tried. The order is that of the round: what matters most comes early, STOP ends it.
    pub enum Lesson {
        /// B: the rating, one up; the first click enters at 3.
        Higher = "higher",
        /// A: one down.
        Lower = "lower",
        /// Both buttons: SHARP.
        Sharp = "sharp",
        /// A long: less pressure.
        Less = "less",
        /// The logo: same as before.
        Same = "same",
        /// A, while a spot is looked for: toward the receiver's left.
        Left = "left",
        /// B: toward their right.
        Right = "right",
        /// A long: toward the head.
        Head = "head",
        /// B long: toward the feet.
        Feet = "feet",
        /// The logo: that's the spot.
        Spot = "spot",
        /// B, to a question: yes.
        Yes = "yes",
        /// A: no.
        No = "no",
        /// The logo long, in a hold: it has let go.
        LetGo = "let-go",
        /// B long, in a hold, and the logo after it: more.
        More = "more",
        /// A or B for two seconds: STOP.
        Stop = "stop",
    }
}

named! {
    /// What came of the gesture before, for the sentence that asks for the next.
    pub enum Tried {
        /// There was none before.
        Nothing = "nothing",
        /// It was the one that was asked for.
        Right = "right",
        /// It was another.
        Other = "other",
        /// It did not come.
        Missed = "missed",
    }
}

named! {
    /// Whether the receiver is to learn the clicker.
    pub enum Learn {
        /// They have not been here before: it is offered while the heat works.
        Offered = "offered",
        /// That is all there is to be done.
        Only = "only",
    }
}

impl Learn {
    /// What a session has of it that is there for it alone (`only`), or whose receiver has not been here before (`is_new`).
    #[must_use]
    pub const fn of(only: bool, is_new: bool) -> Option<Self> {
        match (only, is_new) {
            (true, _) => Some(Self::Only),
            (false, true) => Some(Self::Offered),
            (false, false) => None,
        }
    }
}

/// A round lasts so long: a minute is what somebody who is about to lie down has patience for.
pub(crate) const ROUND: Duration = Duration::from_secs(60);
/// A gesture is waited for so long; then the next is asked for.
pub(crate) const PATIENCE: Duration = Duration::from_secs(8);

impl Lesson {
    /// What the clicker's gestures have to mean for it.
    pub(crate) const fn mode(self) -> Mode {
        match self {
            Self::Higher | Self::Lower | Self::Sharp | Self::Less | Self::Same | Self::Stop => Mode::Rate,
            Self::Left | Self::Right | Self::Head | Self::Feet | Self::Spot => Mode::Locate,
            Self::Yes | Self::No => Mode::Ask,
            Self::LetGo | Self::More => Mode::Hold,
        }
    }

    /// Whether this click is the gesture. Which way a rating went, whoever knows the one before it says.
    pub(crate) fn is(self, click: Click) -> bool {
        match self {
            Self::Less => click == Click::Less,
            Self::Same => matches!(click, Click::Same(_)),
            Self::Left => click == Click::Nudge(Toward::Left),
            Self::Right => click == Click::Nudge(Toward::Right),
            Self::Head => click == Click::Nudge(Toward::Head),
            Self::Feet => click == Click::Nudge(Toward::Feet),
            Self::Spot => click == Click::Spot,
            Self::Yes => click == Click::Yes,
            Self::No => click == Click::No,
            Self::LetGo => click == Click::LetGo,
            Self::More => click == Click::More,
            Self::Higher | Self::Lower | Self::Sharp | Self::Stop => false,
        }
    }
}

/// Which gestures have been tried well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Learned(u16);

impl Learned {
    /// This one has been.
    pub(crate) fn add(&mut self, lesson: Lesson) {
        self.0 |= 1 << (lesson as u16);
    }

    /// Whether this one has been.
    #[must_use]
    pub const fn has(self, lesson: Lesson) -> bool {
        self.0 & (1 << (lesson as u16)) != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Named as _;

    #[test]
    fn a_receiver_who_is_new_is_offered_the_lesson() {
        assert_eq!(Learn::of(false, true), Some(Learn::Offered));
        assert_eq!(Learn::of(false, false), None);
        assert_eq!([false, true].map(|new| Learn::of(true, new)), [Some(Learn::Only); 2]);
    }

    #[test]
    fn each_is_learned_by_itself() {
        let mut learned = Learned::default();
        for (n, &lesson) in Lesson::ALL.iter().enumerate() {
            assert!(!learned.has(lesson));
            learned.add(lesson);
            assert_eq!(Lesson::ALL.iter().filter(|&&lesson| learned.has(lesson)).count(), n + 1);
        }
    }
}
