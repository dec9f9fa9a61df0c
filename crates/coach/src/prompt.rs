//! What is said, as values. The sentences stand in `words`, by [`Prompt::id`].
//!
//! **Invariant:** no prompt of [`Level::Calm`] or any other level asks for more pressure, except [`Prompt::More`],
//! which passes on the receiver's own word.

use crate::body::{Area, Edge, Movement, Referral, Region, Seen, Side, Stand, Table, Tool, Toward};
use crate::lesson::{Lesson, Tried};
use crate::named::{Named, named};
use crate::output::{Refusal, What};
use crate::rating::Rating;
use crate::screening::{Advice, Page, Question};

named! {
    /// How loud a prompt is. The order is that of the alarms: louder is greater.
    pub enum Level {
        /// No alarm.
        Calm = "calm",
        /// The program waits for an answer.
        Low = "low",
        /// Above 5, or "less".
        Medium = "medium",
        /// SHARP, 8 or more, signal lost while pressing.
        High = "high",
    }
}

/// An argument of a prompt, for the sentence to weave in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arg {
    /// A count, a rating or a number of seconds.
    Number(u32),
    /// A name out of one of the closed sets, for the sentence to choose by.
    Name(&'static str),
    /// Not known, or from before it was said: the sentence does without it, and it is not stored.
    Absent,
}

macro_rules! prompts {
    ($($(#[$doc:meta])* $variant:ident $({ $($field:ident : $type:ty),+ })? = $id:literal, $level:ident;)+) => {
        /// One sentence to be shown and spoken.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[expect(missing_docs, reason = "the fields are named for the arguments of the sentence")]
        pub enum Prompt { $($(#[$doc])* $variant $({ $($field: $type),+ })?,)+ }

        impl Prompt {
            /// The ids of all prompts: the keys of the sentences.
            pub const IDS: &'static [&'static str] = &[$($id,)+];

            /// The key of the sentence.
            #[must_use]
            pub const fn id(&self) -> &'static str {
                match self { $(Self::$variant $({ $($field: _),+ })? => $id,)+ }
            }

            /// How loud it is.
            #[must_use]
            pub const fn level(&self) -> Level {
                match self { $(Self::$variant $({ $($field: _),+ })? => Level::$level,)+ }
            }

            /// The arguments of the sentence, by name.
            #[must_use]
            pub fn args(&self) -> Vec<(&'static str, Arg)> {
                match *self { $(Self::$variant $({ $($field),+ })? => vec![$($((stringify!($field), $field.into())),+)?],)+ }
            }
        }
    };
}

prompts! {
    // Screening.
    /// Which area? The receiver points, the partner keys it or they click through.
    Where { side: Side, region: Region } = "where", Low;
    /// A page of questions: does any of these apply?
    AskPage { page: Page } = "ask-page", Low;
    /// One question by itself.
    AskQuestion { question: Question } = "ask-question", Low;
    /// Has somebody who knows of it said that massage is fine?
    AskClearance { question: Question } = "ask-clearance", Low;
    /// An earlier answer, with the day on which it was first told: does it still hold?
    AskStill { question: Question, year: u32, month: u8, day: u8 } = "ask-still", Low;
    /// The rest of a page of which something has been answered already.
    AskRest { page: Page } = "ask-rest", Low;
    /// How is the place now that was sharp in an earlier session?
    AskSince { side: Side, region: Region, hours: u32 } = "ask-since", Low;
    /// What was pressed in this region within 48 hours, and when last.
    Worked { holds: u32, hours: u32 } = "worked", Calm;
    /// The day has had its holds: none in this session.
    DayUsed = "day-used", Calm;
    /// The area is closed; somewhere else?
    AreaClosed { side: Side, region: Region } = "area-closed", Low;
    /// The rating at rest.
    AskResting = "ask-resting", Low;
    /// How much does it bother you when you move?
    AskBother = "ask-bother", Low;
    /// Resting pain above 5: no holds today.
    NoHoldsToday = "no-holds-today", Calm;
    /// The session stops here, and what to do instead.
    Stopped { advice: Advice } = "stopped", Low;

    // Warming.
    /// Heat on the area, warm not hot, water in reach.
    Warm = "warm", Calm;
    /// Look at the skin, and click once: is the heat pleasant?
    WarmCheck = "warm-check", Low;
    /// The minimum of heat is reached: go on when you like.
    WarmEnough = "warm-enough", Calm;

    // Learning the clicker.
    /// The clicker is new to the receiver: try it for a minute, while the heat works?
    OfferLesson = "offer-lesson", Low;
    /// This gesture; and what came of the one before.
    Learn { lesson: Lesson, tried: Tried } = "learn", Low;
    /// Those were the gestures.
    Learnt = "learnt", Calm;

    // Broad strokes and the ready check.
    /// Stand there, or say where you stand.
    StandAt { stand: Stand, table: Option<Table> } = "stand-at", Calm;
    /// Broad strokes with the palms, from there toward the centre.
    Strokes { edge: Edge } = "strokes", Calm;
    /// Rest a hand on this shoulder; the receiver clicks the side they feel.
    RestHand { side: Side } = "rest-hand", Low;
    /// It was the other side: which of you has it wrong?
    OtherSide { side: Side } = "other-side", Low;
    /// Both buttons together, once, to hear the alarm.
    TrySharp = "try-sharp", Low;
    /// This is the alarm. Did you both hear it?
    HeardThat = "heard-that", High;
    /// Ready.
    Ready = "ready", Calm;

    // Locating to settling.
    /// Feel for the spot, light touch.
    Locate { side: Side, region: Region } = "locate", Calm;
    /// A nudge, in the receiver's words and in the partner's.
    Nudged { toward: Toward, seen: Seen } = "nudged", Calm;
    /// Not finding it is fine: go on, or strokes and finish.
    NotFinding = "not-finding", Low;
    /// The partner proposes this spot: receiver, is it here?
    Proposed = "proposed", Low;
    /// A region chosen in the course of the session: the skin there, and injuries.
    AskSkin { side: Side, region: Region } = "ask-skin", Low;
    /// An answer has closed it: back to the region that was looked at.
    LeaveArea { side: Side, region: Region } = "leave-area", Calm;
    /// This spot was worked so many hours ago: is it well enough to be pressed again?
    AskAgain { hours: u32 } = "ask-again", Low;
    /// Then leave it be today.
    LeaveSpot = "leave-spot", Calm;
    /// Feel for the bumps of the spine: you are two fingers beside them.
    FeelForSpine = "feel-for-spine", Calm;
    /// Lean in slowly, from your hips, with this; where the region bears no weight, the finger pads alone.
    LeanIn { region: Region, tool: Option<Tool> } = "lean-in", Calm;
    /// Three, two, one.
    Countdown { n: u8 } = "countdown", Calm;

    // Holding.
    /// Hold. Receiver: how much is it now?
    HowMuch = "how-much", Low;
    /// Hold still.
    Hold = "hold", Calm;
    /// From the hips, hands soft, no harder; where the region bears no weight, the finger pads alone.
    Posture { region: Region, table: Option<Table> } = "posture", Calm;
    /// Pin and stretch: one more slow repetition.
    Repeat { n: u8, movement: Movement } = "repeat", Calm;
    /// On the stairs: more? Only the receiver may say so.
    StepUp = "step-up", Low;
    /// Receiver, click again: how much now? (15 s by the clicker, 20 s aloud.)
    StillThere = "still-there", Low;
    /// Above 5: ease off.
    EaseOff { rating: Rating } = "ease-off", Medium;
    /// A little less.
    LittleLess = "little-less", Medium;
    /// The receiver asks for less.
    Less = "less", Medium;
    /// The receiver asks for a little more, and only they may.
    More = "more", Calm;
    /// It has let go, and is remembered: hold on to the minimum.
    HoldOn { seconds: u32 } = "hold-on", Calm;
    /// Has it softened? Say so.
    Softened = "softened", Calm;
    /// Ten seconds to the maximum.
    TenSeconds = "ten-seconds", Calm;
    /// The count stands: what it waits for.
    CountStopped = "count-stopped", Calm;
    /// The count goes on.
    CountGoesOn = "count-goes-on", Calm;

    // The ends of a hold.
    /// It let go: release slowly.
    ReleaseLetGo = "release-let-go", Calm;
    /// It hardly hurt: release slowly.
    ReleaseHardlyHurt = "release-hardly-hurt", Calm;
    /// The maximum: release slowly.
    ReleaseMaximum = "release-maximum", Calm;
    /// Hands off: 8 or more.
    HandsOff { rating: Rating } = "hands-off", High;
    /// Ease off and let go: it did not come down.
    LetGoAbove = "let-go-above", Medium;
    /// Ease off: no rating came.
    NoRating = "no-rating", Medium;
    /// Ease off: the receiver has fallen silent.
    Silent = "silent", Medium;
    /// Look at them. Are they all right?
    LookAtThem = "look-at-them", High;
    /// Ease off: no signal (while pressing).
    NoSignalPressing = "no-signal-pressing", High;
    /// No signal (otherwise).
    NoSignal = "no-signal", Low;
    /// The signal is back: click how much it is now.
    SignalBack = "signal-back", Low;
    /// The clicker restarted.
    ClickerRestarted = "clicker-restarted", Low;

    // SHARP.
    /// Hands off! (holding)
    SharpHolding = "sharp-holding", High;
    /// Stop leaning, hands off! (settling, releasing)
    SharpLeaning = "sharp-leaning", High;
    /// Lift your hands! (strokes, locating, flushing, moving)
    SharpTouching = "sharp-touching", High;
    /// Heat off the skin! (warming, heat)
    SharpHeat = "sharp-heat", High;
    /// Out of the stretch, slowly! (stretching)
    SharpStretch = "sharp-stretch", High;
    /// SHARP outside of pressure (screening, paused, finished).
    SharpResting = "sharp-resting", High;
    /// Only sharp, numb or elsewhere, or did it slip?
    AskSharp = "ask-sharp", Low;
    /// No answer: ask them aloud.
    AskAloud = "ask-aloud", Low;
    /// This spot is closed for 48 hours.
    SpotClosed = "spot-closed", Calm;

    // Flush and what follows.
    /// Light broad strokes over the area.
    Flush = "flush", Calm;
    /// The partner's guess, and the rating that it was of.
    Guessed { guess: Rating, rating: Rating } = "guessed", Calm;
    /// Strokes around it, not on it; or rest your hands.
    FlushAround = "flush-around", Calm;
    /// Did you feel it somewhere else as well?
    AskElsewhere = "ask-elsewhere", Low;
    /// Where? Guide the mark there.
    WhereFelt = "where-felt", Low;
    /// The mark moved.
    FeltMoved { toward: Toward } = "felt-moved", Calm;
    /// It is noted, and recognised where it is a common one.
    FeltThere { referral: Referral } = "felt-there", Calm;
    /// Beside it, same spot again, or enough?
    AskNext = "ask-next", Low;
    /// Slowly, to the place beside it.
    MoveBeside { toward: Toward, seen: Seen } = "move-beside", Calm;
    /// Back to the same spot.
    SameSpotAgain = "same-spot-again", Calm;

    /// As many holds, or minutes, as a session has.
    Limit = "limit", Calm;

    // The end.
    /// Gentle stretching, first side or way.
    Stretch { movement: Movement } = "stretch", Calm;
    /// The other way.
    StretchOther { movement: Movement } = "stretch-other", Calm;
    /// Heat, water, get up slowly.
    HeatAndWater = "heat-and-water", Calm;
    /// The session is over.
    Over = "over", Calm;

    // STOP, pause, end.
    /// STOP: hands off.
    StopNow = "stop-now", High;
    /// Paused: it waits for the receiver.
    PausedForReceiver = "paused-for-receiver", Low;
    /// Paused: it waits for the partner.
    PausedForPartner = "paused-for-partner", Low;
    /// Really end? Press it once more.
    ReallyEnd = "really-end", Low;
    /// The laptop stood still; the hold is cut.
    GapCut = "gap-cut", High;
    /// Taken up again.
    TakenUpAgain = "taken-up-again", Calm;
    /// The disk takes no more entries.
    StoreFailed = "store-failed", Medium;
    /// It does again.
    StoreRecovered = "store-recovered", Calm;

    // Elsewhere a rating is shown, not alarmed; while hands may be on, in that phase's words.
    /// Above 5 in the strokes: lighter.
    LighterStrokes { rating: Rating } = "lighter-strokes", Medium;
    /// Above 5 in locating: lighter touch.
    LighterTouch { rating: Rating } = "lighter-touch", Medium;
    /// Above 5 in settling: ease back.
    EaseBack { rating: Rating } = "ease-back", Medium;
    /// Above 5 in a stretch: ease out of it.
    EaseStretch { rating: Rating } = "ease-stretch", Medium;
    /// A refusal, in words (promise 8).
    Refused { what: What, why: Refusal } = "refused", Calm;
}

impl Prompt {
    /// Whether it still holds when somebody asks to hear it again, or when an alarm that covered it is over. A wish of the
    /// receiver was for its moment, a countdown is over, and "more" is theirs alone to repeat.
    #[must_use]
    pub const fn may_be_repeated(&self) -> bool {
        !matches!(
            self,
            Self::More | Self::StepUp | Self::HoldOn { .. } | Self::Countdown { .. } | Self::Repeat { .. }
        )
    }
}

impl From<u8> for Arg {
    fn from(number: u8) -> Self {
        Self::Number(number.into())
    }
}

impl From<u32> for Arg {
    fn from(number: u32) -> Self {
        Self::Number(number)
    }
}

impl From<Rating> for Arg {
    fn from(rating: Rating) -> Self {
        Self::Number(rating.value().into())
    }
}

impl<T: Named> From<Option<T>> for Arg {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Absent, Self::from)
    }
}

impl<T: Named> From<T> for Arg {
    fn from(value: T) -> Self {
        Self::Name(value.name())
    }
}

impl Prompt {
    /// "Feel for the spot" in this area.
    #[must_use]
    pub const fn locate(area: Area) -> Self {
        Self::Locate { side: area.side, region: area.region }
    }
}
