//! The entries of a transcript and their kinds, in their form on the disk and in NDJSON.
//!
//! Names of fields and values never change once a transcript may hold them; the schema in `report` lists them all.

use std::collections::BTreeMap;

use coach::body::{Area, Referral, Region, Side, Spot, Stand, Toward};
use coach::screening::{Answer, Feels, Question};
use coach::{
    Alarm, Arg, Ask, Because, Day, Freshness, Level, Moment, Outcome, Phase, Rating, Refusal, StoreState,
    What,
};
use serde::{Deserialize, Serialize};

use crate::header::Header;

/// One line of a transcript.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Milliseconds since the session began. For an input the time of its arrival, the only time that steers; for an
    /// output the moment it belongs to.
    pub at_ms: u64,
    /// What it is.
    #[serde(flatten)]
    pub kind: Kind,
}

/// What an entry says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Kind {
    /// The first entry: everything decided before the session began.
    Session(Box<Header>),

    // Inputs.
    /// An event of the clicker, in its place in the order.
    Click {
        /// The boot of the clicker in which it was made.
        boot: u16,
        /// Its place in that boot, from 0.
        seq: u32,
        /// When it was made, as near as is known, on the scale of `at_ms`. A replay ignores it.
        clicked_ms: u64,
        /// Whether it arrived more than 1 s after it was made.
        late: bool,
        /// What the clicker decided it meant.
        means: Means,
        /// Whether it answered what the clicker was no longer asked to show.
        #[serde(default, skip_serializing_if = "is_false")]
        passed: bool,
    },
    /// A SHARP or STOP that went round the order.
    Alarm {
        /// The boot of the clicker in which it was made.
        boot: u16,
        /// Its place in that boot.
        seq: u32,
        /// Which of the two.
        #[serde(with = "crate::names")]
        what: Alarm,
    },
    /// The partner's keyboard.
    Key {
        /// What the key means.
        action: Action,
    },
    /// What became known of the link.
    Link {
        /// Its state.
        state: LinkState,
        /// The clicker's dial: only where the link is live and the dial has a rating.
        #[serde(default, with = "crate::names::dial", skip_serializing_if = "Option::is_none")]
        dial: Option<Rating>,
    },
    /// Whether the store takes entries.
    Store {
        /// Its state.
        #[serde(with = "crate::names")]
        state: StoreState,
    },
    /// The laptop was suspended.
    Gap {
        /// For how long.
        ms: u64,
    },
    /// The program was started again on this session.
    Resumed {
        /// The wall time, as RFC 3339.
        wall: String,
    },

    // Outputs.
    /// The session moved from one phase to another.
    Phase {
        /// The phase that ended.
        #[serde(with = "crate::names")]
        from: Phase,
        /// The phase that began.
        #[serde(with = "crate::names")]
        to: Phase,
        /// Why.
        #[serde(with = "crate::names")]
        because: Because,
    },
    /// The spot of the coming or present hold.
    Spot(StoredSpot),
    /// A rating was taken, or, late, only recorded.
    Rating {
        /// Its value.
        #[serde(with = "crate::names::rating")]
        value: Rating,
        /// Whether it came too late to steer anything but downward.
        late: bool,
    },
    /// The spot was moved.
    Nudge {
        /// Toward what, on the receiver's back.
        #[serde(with = "crate::names")]
        direction: Toward,
    },
    /// The receiver asked for something in the midst of it.
    Ask {
        /// For what.
        #[serde(with = "crate::names")]
        what: Ask,
    },
    /// Where else the receiver feels it, as they showed it. Nothing is pressed there.
    Felt {
        /// The receiver's side.
        #[serde(with = "crate::names")]
        side: Side,
        /// Centimetres out from the midline of the spine.
        out_cm: u8,
        /// Centimetres down from the base of the skull.
        down_cm: u8,
        /// What was said of it.
        #[serde(with = "crate::names")]
        referral: Referral,
    },
    /// SHARP was heard.
    Sharp {},
    /// How fresh the rating is from now on.
    Freshness {
        /// Live, stale, lost, or none.
        #[serde(with = "crate::names")]
        state: Freshness,
    },
    /// A sentence was shown and spoken.
    Prompt(Said),
    /// Something was refused.
    Refused {
        /// What.
        #[serde(with = "crate::names")]
        what: What,
        /// The reason.
        #[serde(with = "crate::names")]
        why: Refusal,
    },
    /// A hold ended.
    Hold {
        /// Done, void or cut.
        #[serde(with = "crate::names")]
        outcome: Outcome,
        /// Why it ended.
        #[serde(with = "crate::names")]
        because: Because,
        /// For how long its count ran.
        counted_ms: u64,
        /// For how long pressure was called for.
        pressed_ms: u64,
    },
    /// The partner's guess of the rating at the end of a hold. It steers nothing; the last one of a flush counts.
    Guess {
        /// What was guessed.
        #[serde(with = "crate::names::rating")]
        value: Rating,
        /// The last rating given in that hold.
        #[serde(with = "crate::names::rating")]
        of: Rating,
    },
    /// The session is over.
    Finished {
        /// Why.
        #[serde(with = "crate::names")]
        because: Because,
    },

    // Others.
    /// An answer given in screening.
    Screening(Answered),
    /// A remark of a person. It steers nothing.
    Note {
        /// Their words.
        text: String,
        /// When it was written, as RFC 3339, if after the session.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        wall: Option<String>,
        /// Where it is another wording of an earlier note: that note's place in the transcript, the header's being 0. The
        /// older wording stays where it is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        edits: Option<u32>,
    },
    /// How it has been since, asked once when the same receiver came again. Stored after the session's end; a replay
    /// ignores it.
    CheckIn {
        /// When it was asked, as RFC 3339.
        wall: String,
        /// How it has been.
        #[serde(with = "crate::names")]
        feels: Feels,
        /// How much it bothers the receiver when they move, if answered.
        #[serde(default, with = "crate::names::dial", skip_serializing_if = "Option::is_none")]
        bother: Option<Rating>,
        /// Whether there is new numbness or weakness since.
        numb: bool,
    },
}

/// What a gesture on the clicker means: an event of the order, or the ordered copy of an alarm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Means {
    /// The dial was moved to, or repeated at, this rating.
    Rating(#[serde(with = "crate::names::rating")] Rating),
    /// "Same as before": the present rating.
    Same(#[serde(with = "crate::names::rating")] Rating),
    /// Toward the receiver's left, right, head or feet.
    Nudge(#[serde(with = "crate::names")] Toward),
    /// "That's the spot."
    Spot,
    /// No.
    No,
    /// Yes.
    Yes,
    /// "Say it again."
    Again,
    /// After a flush: the place beside it.
    Beside,
    /// After a flush: the same spot once more.
    SameSpot,
    /// After a flush: that is enough.
    Enough,
    /// After SHARP: it was only sharp.
    OnlySharp,
    /// After SHARP: numb, tingling or shooting elsewhere.
    Numb,
    /// After SHARP: the button slipped.
    Slipped,
    /// Ready check: the side on which the hand is felt.
    Felt(#[serde(with = "crate::names")] Side),
    /// "Less pressure, please."
    Less,
    /// "More", asked back and confirmed.
    More,
    /// "It has let go."
    LetGo,
    /// The ordered copy of a SHARP. It completes the record and steers nothing.
    Sharp,
    /// The ordered copy of a STOP. It completes the record and steers nothing.
    Stop,
}

/// What a key of the partner's means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Pressure off at once.
    Stop,
    /// Go on, or take what is chosen.
    GoOn,
    /// Yes, to a question.
    Yes,
    /// No, to a question.
    No,
    /// "That's the spot", proposed.
    Spot,
    /// SHARP on the receiver's behalf.
    Sharp,
    /// Say it again.
    Again,
    /// Position of the partner.
    Stand(#[serde(with = "crate::names")] Stand),
    /// Move the spot, or choose the area.
    Move(#[serde(with = "crate::names")] Toward),
    /// Choose this area.
    Where {
        /// The receiver's side.
        #[serde(with = "crate::names")]
        side: Side,
        /// The region.
        #[serde(with = "crate::names")]
        region: Region,
    },
    /// The muscle is warm already.
    AlreadyWarm,
    /// The receiver learns the clicker.
    Lesson,
    /// What the partner guessed in the hold.
    Guess(#[serde(with = "crate::names::rating")] Rating),
    /// End the session.
    End,
    /// One step back.
    Back,
}

/// The state of the link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LinkState {
    /// Beats arrive.
    Live,
    /// Silent for 1 s.
    Stale,
    /// Silent for 2 s, or ended.
    Lost,
    /// The clicker restarted: its dial has no rating.
    Restarted,
}

/// A stored spot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoredSpot {
    /// The receiver's side.
    #[serde(with = "crate::names")]
    pub side: Side,
    /// Centimetres out from the midline of the spine.
    pub out_cm: u8,
    /// Centimetres down from the base of the skull.
    pub down_cm: u8,
}

/// A stored prompt: without its sentence, which is rendered on display.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Said {
    /// The key of the sentence.
    pub id: String,
    /// How loud it was.
    #[serde(with = "crate::names")]
    pub level: Level,
    /// The arguments of the sentence, by name.
    pub args: BTreeMap<String, Value>,
}

impl Said {
    /// Whether this prompt, directly after a SHARP, marks it as a trial: of the ready check, or of a lesson.
    #[must_use]
    pub fn answers_a_trial(&self) -> bool {
        matches!(self.id.as_str(), "heard-that" | "learn")
    }
}

/// An argument of a prompt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// A count, a rating or a number of seconds.
    Number(u32),
    /// A name out of one of the coach's closed sets.
    Name(String),
}

/// An answer of the screening.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Answered {
    /// The area to be worked on.
    Where {
        /// The receiver's side.
        #[serde(with = "crate::names")]
        side: Side,
        /// The region.
        #[serde(with = "crate::names")]
        region: Region,
    },
    /// An answer to a question.
    Answer {
        /// The question.
        #[serde(with = "crate::names")]
        question: Question,
        /// The answer.
        #[serde(with = "crate::names")]
        answer: Answer,
        /// Where it is `cleared`: the day of the first such answer, if known.
        #[serde(default, with = "crate::names::day", skip_serializing_if = "Option::is_none")]
        on: Option<Day>,
    },
    /// Whether a spot that SHARP closed in an earlier session is numb, tingles or is weak.
    Since {
        /// The receiver's side.
        #[serde(with = "crate::names")]
        side: Side,
        /// Centimetres out from the midline of the spine.
        out_cm: u8,
        /// Centimetres down from the base of the skull.
        down_cm: u8,
        /// The answer.
        #[serde(with = "crate::names")]
        answer: Answer,
    },
    /// Whether a spot that was worked within 48 hours is well enough to be pressed again.
    Again {
        /// The receiver's side.
        #[serde(with = "crate::names")]
        side: Side,
        /// Centimetres out from the midline of the spine.
        out_cm: u8,
        /// Centimetres down from the base of the skull.
        down_cm: u8,
        /// The answer.
        #[serde(with = "crate::names")]
        answer: Answer,
    },
    /// The rating at rest.
    Resting {
        /// 1 to 10.
        #[serde(with = "crate::names::rating")]
        rating: Rating,
    },
    /// How much it bothers the receiver when they move.
    Bother {
        /// 1 to 10.
        #[serde(with = "crate::names::rating")]
        rating: Rating,
        /// False before the session, true at its end.
        after: bool,
    },
}

impl Entry {
    /// An entry at this moment.
    #[must_use]
    pub const fn new(at: Moment, kind: Kind) -> Self {
        Self { at_ms: at.as_millis(), kind }
    }

    /// The moment it belongs to.
    #[must_use]
    pub const fn at(&self) -> Moment {
        Moment::from_millis(self.at_ms)
    }
}

impl From<Spot> for StoredSpot {
    fn from(spot: Spot) -> Self {
        Self { side: spot.side(), out_cm: spot.out_cm(), down_cm: spot.down_cm() }
    }
}

impl Value {
    /// A stored argument; `None` if absent.
    #[must_use]
    pub fn of(arg: Arg) -> Option<Self> {
        match arg {
            Arg::Number(number) => Some(Self::Number(number)),
            Arg::Name(name) => Some(Self::Name(name.to_owned())),
            Arg::Absent => None,
        }
    }
}

impl From<Area> for Action {
    fn from(Area { side, region }: Area) -> Self {
        Self::Where { side, region }
    }
}

/// Written only where true: nearly every click answers what is still being asked.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature serde calls")]
const fn is_false(value: &bool) -> bool {
    !*value
}
