//! Everything the coach says, does and records.

use core::time::Duration;

use crate::Moment;
use crate::body::{Area, Felt, Referral, Spot, Toward};
use crate::named::named;
use crate::past::Day;
use crate::prompt::Prompt;
use crate::rating::Rating;
use crate::screening::{Answer, Question};

/// One thing for the session to record, show, speak or pass on to the clicker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Output {
    /// The session moved from one phase to another.
    Phase {
        /// The phase that ended.
        from: Phase,
        /// The phase that begins.
        to: Phase,
        /// Why.
        because: Because,
    },
    /// The spot of the coming or present hold.
    Spot(Spot),
    /// A rating was taken (or, `late`, only recorded).
    Rating {
        /// Its value.
        value: Rating,
        /// Whether it came too late to steer anything but downward.
        late: bool,
    },
    /// The spot was moved.
    Nudge(Toward),
    /// The receiver asked for something in the midst of it.
    Ask(Ask),
    /// The receiver has shown where else they feel it. Nothing is pressed there.
    Felt {
        /// Where.
        felt: Felt,
        /// What is said of it.
        referral: Referral,
    },
    /// SHARP was heard.
    Sharp,
    /// The rating is now Live, Stale, Lost, or there is none.
    Freshness(Freshness),
    /// A sentence for the screen and the voice.
    Prompt(Prompt),
    /// Something was refused, and why.
    Refused {
        /// What was refused.
        what: What,
        /// The reason.
        why: Refusal,
    },
    /// A hold ended.
    Hold(HoldEnd),
    /// The partner's guess of what the receiver felt at the end of a hold.
    Guess {
        /// What was guessed.
        value: Rating,
        /// The last rating given in that hold.
        of: Rating,
    },
    /// An answer given in screening.
    Screening(Screened),
    /// The session is over.
    Finished(Because),
    /// A tone for the clicker. Not part of the transcript: it follows from the rest.
    Tone(Tone),
}

/// How a hold ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HoldEnd {
    /// Done, void or cut.
    pub outcome: Outcome,
    /// Why it ended.
    pub because: Because,
    /// For how long the count ran (promise 2).
    pub counted: Duration,
    /// For how long pressure was called for, from the lean to the end.
    pub pressed: Duration,
}

/// One answer of the screening, as recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Screened {
    /// The area to be worked on.
    Where(Area),
    /// An answer to a question.
    Answered {
        /// The question.
        question: Question,
        /// The answer.
        answer: Answer,
        /// Where it is [`Answer::Cleared`]: the day on which that was first told, where a day is known.
        on: Option<Day>,
    },
    /// Whether a spot that SHARP closed in an earlier session is numb, tingles or is weak now.
    Since {
        /// The spot.
        spot: Spot,
        /// The answer.
        answer: Answer,
    },
    /// Whether a spot that was worked within 48 hours is well enough to be pressed again.
    Again {
        /// The spot.
        spot: Spot,
        /// The answer.
        answer: Answer,
    },
    /// The rating at rest.
    Resting(Rating),
    /// How much it bothers the receiver when they move: before, and at the end.
    Bother {
        /// 1 to 10.
        rating: Rating,
        /// False before the session, true at its end.
        after: bool,
    },
}

named! {
    /// The phases, as the transcript names them.
    pub enum Phase {
        /// Questions before any pressure.
        Screening = "screening",
        /// Heat on the area.
        Warming = "warming",
        /// The receiver learns the clicker.
        Learning = "learning",
        /// Palms, and the ready check.
        BroadStrokes = "broad-strokes",
        /// Finding the spot, light touch.
        Locating = "locating",
        /// Leaning in.
        Settling = "settling",
        /// Holding.
        Holding = "holding",
        /// Letting go, slowly or at once.
        Releasing = "releasing",
        /// Light broad strokes over the area.
        Flushing = "flushing",
        /// Slowly, to the place beside it.
        Moving = "moving",
        /// Gentle stretching.
        Stretching = "stretching",
        /// Heat, water, get up slowly.
        Heat = "heat",
        /// Over.
        Finished = "finished",
        /// Pressure is off and somebody is waited for.
        Paused = "paused",
    }
}

impl Phase {
    /// Whether hands may be pressing, so that ceiling alarms sound and any stray key stops.
    #[must_use]
    pub const fn pressure_may_be_on(self) -> bool {
        matches!(
            self,
            Self::BroadStrokes
                | Self::Locating
                | Self::Settling
                | Self::Holding
                | Self::Releasing
                | Self::Stretching
        )
    }

    /// Whether the coach calls for pressure on the knot (settling and holding).
    #[must_use]
    pub const fn pressure_called_for(self) -> bool {
        matches!(self, Self::Settling | Self::Holding)
    }
}

named! {
    /// How a hold ended.
    pub enum Outcome {
        /// Its minimum was counted and it ended as it should.
        Done = "done",
        /// SHARP: it counts for nothing.
        Void = "void",
        /// It was ended before, or otherwise than, as it should.
        Cut = "cut",
    }
}

named! {
    /// Why a phase, a hold or the session ended.
    pub enum Because {
        /// Its time was up.
        Time = "time",
        /// The receiver or partner said yes, or everything was answered.
        Answered = "answered",
        /// The partner pressed "go on".
        GoOn = "go-on",
        /// "Already warm."
        AlreadyWarm = "already-warm",
        /// "That's the spot."
        ThatsTheSpot = "thats-the-spot",
        /// A nudge: the spot is not quite there yet.
        Nudged = "nudged",
        /// Nothing was found in time.
        NotFound = "not-found",
        /// After the minimum: "it has let go".
        LetGo = "let-go",
        /// After the minimum: a fall of 2 or more from the peak.
        Fell = "fell",
        /// After the minimum: 2 or less, it hardly hurt.
        HardlyHurt = "hardly-hurt",
        /// The maximum.
        Maximum = "maximum",
        /// The rating did not come down after "ease off", or "less" was not followed.
        AboveFive = "above-five",
        /// 8 or more.
        HandsOff = "hands-off",
        /// No rating within 10 s of the hold's beginning.
        NoRating = "no-rating",
        /// The receiver fell silent.
        Silent = "silent",
        /// SHARP.
        Sharp = "sharp",
        /// STOP.
        Stop = "stop",
        /// The signal was lost and did not come back in time.
        Lost = "lost",
        /// The clicker restarted in a hold.
        Restarted = "restarted",
        /// The laptop stood still.
        Gap = "gap",
        /// The program was started again.
        Resumed = "resumed",
        /// The partner ended it.
        Ended = "ended",
        /// The place beside it was asked for.
        Beside = "beside",
        /// The same spot was asked for again.
        SameSpot = "same-spot",
        /// "Enough."
        Enough = "enough",
        /// Nobody answered.
        NoAnswer = "no-answer",
        /// A limit of holds or minutes was reached, or no open ground is left.
        Limit = "limit",
        /// A screening answer forbids massage today.
        StopAnswer = "stop-answer",
        /// Every area is closed.
        AllClosed = "all-closed",
        /// Resting pain above 5: no holds today.
        RestingPain = "resting-pain",
        /// After SHARP: numb, tingling or shooting elsewhere.
        Numb = "numb",
        /// Three SHARPs in one session.
        ThreeSharps = "three-sharps",
        /// The disk takes no more entries.
        StoreFailed = "store-failed",
    }
}

named! {
    /// What the receiver asks for in the midst of it.
    pub enum Ask {
        /// Less pressure.
        Less = "less",
        /// More pressure.
        More = "more",
        /// It has let go.
        Softened = "softened",
        /// Same as before.
        Same = "same",
    }
}

named! {
    /// How fresh the rating is.
    pub enum Freshness {
        /// There is no rating.
        None = "none",
        /// It may be shown as a number.
        Live = "live",
        /// The link has been silent for 1 s.
        Stale = "stale",
        /// The link has been silent for 2 s, or is gone.
        Lost = "lost",
    }
}

named! {
    /// What was refused.
    pub enum What {
        /// Going on.
        GoOn = "go-on",
        /// "That's the spot."
        Spot = "spot",
        /// A nudge, or a move of the spot.
        Nudge = "nudge",
        /// An answer.
        Answer = "answer",
        /// "It has let go."
        LetGo = "let-go",
        /// "More."
        More = "more",
        /// "Less."
        Less = "less",
        /// A rating, or "same as before".
        Rating = "rating",
        /// "Already warm."
        AlreadyWarm = "already-warm",
        /// Choosing an area.
        Where = "where",
        /// Ending the session.
        End = "end",
        /// One step back.
        Back = "back",
        /// "Say it again."
        Again = "again",
        /// The same spot once more.
        SameSpot = "same-spot",
        /// The partner's guess.
        Guess = "guess",
        /// Learning the clicker.
        Lesson = "lesson",
    }
}

named! {
    /// Why something was refused. Every one has a sentence in `words` (promise 8).
    pub enum Refusal {
        /// Nothing in this phase waits for it.
        NotNow = "not-now",
        /// It answers a question that has passed.
        Passed = "passed",
        /// It arrived more than a second after it was made.
        TooLate = "too-late",
        /// The screening has to be answered first.
        ScreeningFirst = "screening-first",
        /// This answer stops the session and no key overrides it.
        StopStands = "stop-stands",
        /// The ready check has not passed.
        ReadyCheckFirst = "ready-check-first",
        /// The wrong side was felt.
        WrongSide = "wrong-side",
        /// The minimum time of this phase has not passed.
        TooSoon = "too-soon",
        /// Hold on to the minimum: it is remembered.
        HoldOn = "hold-on",
        /// The flush strokes are not finished.
        FlushFirst = "flush-first",
        /// The spine and 2 cm to each side of it.
        ClosedSpine = "closed-spine",
        /// The front or side of the neck.
        ClosedNeck = "closed-neck",
        /// The kidney region.
        ClosedKidney = "closed-kidney",
        /// The armpit.
        ClosedArmpit = "closed-armpit",
        /// A bony edge.
        ClosedBone = "closed-bone",
        /// Beyond the chart.
        OffTheChart = "off-the-chart",
        /// Closed by an answer in screening.
        ClosedByAnswer = "closed-by-answer",
        /// Closed for 48 hours by SHARP.
        ClosedBySharp = "closed-by-sharp",
        /// No place for a ball, a hook or a wall: for finger pads or thumbs alone.
        HandsOnly = "hands-only",
        /// Two holds at this spot already.
        SpotUsed = "spot-used",
        /// The holds that a spot has in a day, over the receiver's sessions.
        SpotToday = "spot-today",
        /// The holds that a region has in a day.
        RegionToday = "region-today",
        /// The holds that a day has.
        DayUsed = "day-used",
        /// It was worked within 48 hours, and is not well enough to be pressed again.
        LeftAlone = "left-alone",
        /// Six holds in this session already.
        HoldsUsed = "holds-used",
        /// Twenty minutes already.
        MinutesUsed = "minutes-used",
        /// Resting pain above 5: no holds today.
        RestingPain = "resting-pain",
        /// The clicker is not heard: no pressure begins without it.
        NoSignal = "no-signal",
        /// The clicker has to speak first: a fresh click is awaited.
        ClickFirst = "click-first",
        /// "More" is for a Live rating of 4 or less.
        MoreAboveFour = "more-above-four",
        /// "Ease off", "less" or SHARP was said in this hold.
        MoreAfterLess = "more-after-less",
        /// Twice in this hold already.
        MoreTwice = "more-twice",
        /// The disk takes no more entries: no new hold begins.
        StoreFailed = "store-failed",
        /// The session is paused.
        Paused = "paused",
        /// The receiver is asked about the SHARP first.
        SharpFirst = "sharp-first",
        /// The session is over.
        Over = "over",
        /// Only the receiver may say this.
        ReceiverOnly = "receiver-only",
        /// No rating was given in the hold before: there is none to guess.
        NothingToGuess = "nothing-to-guess",
        /// There is nothing to take back.
        NothingToUndo = "nothing-to-undo",
    }
}

named! {
    /// Tones for the clicker.
    pub enum Tone {
        /// Refused.
        No = "no",
        /// Something is asked.
        Question = "question",
        /// A hold begins.
        HoldBegins = "hold-begins",
        /// The minimum is reached.
        MinimumReached = "minimum-reached",
        /// Ten seconds to the maximum.
        TenSeconds = "ten-seconds",
        /// Pressure off.
        PressureOff = "pressure-off",
        /// Flush strokes.
        Flush = "flush",
        /// The session is over.
        Over = "over",
    }
}

named! {
    /// What the clicker's gestures mean now.
    pub enum Mode {
        /// Ratings.
        Rate = "rate",
        /// Ratings, "more?" and "it has let go".
        Hold = "hold",
        /// No, yes, say it again.
        Ask = "ask",
        /// Nudges and "that's the spot".
        Locate = "locate",
        /// The same, while pressure begins.
        Settle = "settle",
        /// Ratings, while pressure comes off.
        Release = "release",
        /// Beside it, same spot, enough.
        Next = "next",
        /// Only sharp, numb, slipped.
        AfterSharp = "after-sharp",
        /// Which side is felt.
        Sides = "sides",
    }
}

/// Why the coach wants to be called again, so that a test or a log can say what it waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Deadline {
    /// When.
    pub at: Moment,
    /// Why.
    pub reason: Reason,
}

named! {
    /// The timers of the coach. There are no others.
    pub enum Reason {
        /// A phase has lasted as long as it should.
        PhaseOver = "phase-over",
        /// Something within a phase falls due: a countdown, a halfway hint, the skin to be looked at.
        Step = "step",
        /// The count reaches its minimum.
        Minimum = "minimum",
        /// Ten seconds to the maximum.
        TenToMaximum = "ten-to-maximum",
        /// The maximum, counted from the lean.
        Maximum = "maximum",
        /// A first rating, or a fresh one, is overdue.
        RatingDue = "rating-due",
        /// "Ease off" has had its time.
        EaseOff = "ease-off",
        /// "Less" has had its time.
        LessFollowed = "less-followed",
        /// A rating has stood long enough to count as peak, low or final.
        Stood = "stood",
        /// The posture reminder.
        Posture = "posture",
        /// The signal has been lost for 10 s.
        LostTooLong = "lost-too-long",
        /// An answer is overdue.
        Answer = "answer",
        /// The receiver is asked about the SHARP.
        AskSharp = "ask-sharp",
    }
}
