//! What there is to see at a moment, for screens, scripts and tests. It steers nothing.

use core::time::Duration;

use crate::body::{Area, Felt, Side, Spot, Stand};
use crate::lesson::{Learned, Lesson};
use crate::named::named;
use crate::output::{Mode, Phase};
use crate::plan::Technique;
use crate::rating::Rating;
use crate::screening::{Page, Question};

/// The session at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct View {
    /// The phase.
    pub phase: Phase,
    /// For how long it has lasted.
    pub phase_for: Duration,
    /// The rating, which is a number only while it is Live.
    pub rating: RatingNow,
    /// What is counted, if anything is.
    pub count: Option<Count>,
    /// The least and the longest time of the phase, where it has both.
    pub lasts: Option<Lasts>,
    /// What the clicker's gestures mean.
    pub mode: Mode,
    /// Counts up with every question put to the receiver, so that an answer to an earlier one is told apart.
    pub question: u32,
    /// What is awaited.
    pub awaits: Awaits,
    /// The area chosen in screening.
    pub area: Option<Area>,
    /// The spot of the coming or present hold.
    pub spot: Option<Spot>,
    /// Where else it is felt, while the receiver shows it or has shown it.
    pub felt: Option<Felt>,
    /// Where the partner stands.
    pub stand: Stand,
    /// Who presses, and with what.
    pub technique: Technique,
    /// Holds begun that used up a place.
    pub holds: u32,
    /// The gestures that the receiver has tried well.
    pub learned: Learned,
    /// Whether the partner is being asked if the session shall really end.
    pub ending: bool,
}

impl View {
    /// Whether hands may be pressing: any key without another meaning is then STOP.
    #[must_use]
    pub const fn pressure_may_be_on(&self) -> bool {
        self.phase.pressure_may_be_on()
    }
}

/// How long a phase lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lasts {
    /// At least.
    pub least: Duration,
    /// At most.
    pub most: Duration,
}

/// The rating as it may be shown. Only `Live` holds a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RatingNow {
    /// Before the first click, and after a restart of the clicker.
    None,
    /// Known, and this old.
    Live {
        /// The rating.
        rating: Rating,
        /// The time since it was given.
        age: Duration,
    },
    /// The link has been silent for 1 s.
    Stale,
    /// The link has been silent for 2 s, or is gone.
    Lost,
}

/// A countdown and what it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// What it counts.
    pub what: Counting,
    /// What is left of it.
    pub left: Duration,
}

named! {
    /// What a countdown counts.
    pub enum Counting {
        /// To the end of the phase.
        ToPhaseEnd = "to-phase-end",
        /// To the least time of the phase.
        ToPhaseMinimum = "to-phase-minimum",
        /// To the minimum of the hold.
        ToMinimum = "to-minimum",
        /// To the maximum of the hold.
        ToMaximum = "to-maximum",
        /// The count stands, short of the minimum; what is left is to the minimum.
        Stopped = "stopped",
    }
}

/// What is awaited, and from whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Awaits {
    /// Nothing but time.
    Nothing,
    /// Which area.
    Where,
    /// One answer to a page.
    Page(Page),
    /// An answer to one question.
    Question(Question),
    /// Whether one who knows of it has said that massage is fine.
    Clearance(Question),
    /// Whether what one who knows of it has said still holds.
    Still(Question),
    /// Whether a place that was sharp before is numb, tingles or is weak.
    Since(Area),
    /// Whether a spot worked within 48 hours is well enough to be pressed again.
    Again,
    /// Whether to go on with another area.
    Elsewhere,
    /// The rating at rest.
    Resting,
    /// How much it bothers the receiver when they move.
    Bother,
    /// A click: is the heat pleasant?
    WarmCheck,
    /// Whether to learn the clicker meanwhile.
    LessonOffer,
    /// This gesture.
    Lesson(Lesson),
    /// Whether to go on, the minimum being reached.
    GoOn,
    /// The side on which the receiver feels the hand.
    Hand(Side),
    /// One SHARP, to hear the alarm.
    TrySharp,
    /// Whether both heard it.
    HeardThat,
    /// "That's the spot", from the receiver.
    Spot,
    /// A rating given in this hold.
    Rating,
    /// Whether the receiver felt it somewhere else as well.
    FeltElsewhere,
    /// Where that is, shown by the receiver.
    WhereFelt,
    /// Beside it, same spot again, or enough.
    Next,
    /// What the SHARP was.
    AfterSharp,
    /// A click of the receiver, to take the session up again.
    Receiver,
    /// The partner, to take the session up again.
    Partner,
    /// The link.
    Signal,
}
