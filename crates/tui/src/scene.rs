//! What is to be drawn, as plain values that the program fills. Nothing here knows where they come from.
//!
//! **Invariant:** a present rating is a [`coach::RatingNow`] and nothing else, so one that is not Live has no number
//! that could be drawn.

use std::time::Duration;

use coach::body::Spot;
use coach::screening::Question;
use coach::{Because, Level, Outcome, Prompt, Rating, Technique, View};

use crate::review::{Replay, Review, TimelineView};
use crate::start::Start;
use crate::strip::Strip;

/// One screen.
#[derive(Debug, Clone, PartialEq)]
pub enum Scene {
    /// Who is the receiver, what is near, what next.
    Start(Start),
    /// Something done step by step before a session: a clicker is reached, or paired.
    Steps(Steps),
    /// A session that runs, in whatever phase.
    Sitting(Box<Sitting>),
    /// What is known of a session that is over.
    Finished(Box<Finished>),
    /// The keys.
    Help(Box<Help>),
    /// The stored sessions.
    Review(Box<Review>),
    /// One of them as a timeline.
    Timeline(Box<TimelineView>),
    /// One of them that is played again.
    Replay(Box<Replay>),
}

/// Something done step by step. It is never blank: it says what is being done now, and what is awaited.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Steps {
    /// What it is about.
    pub title: String,
    /// Why nothing is done, where that is so: it stands in the place of the title, in the largest letters.
    pub stop: Option<Prompt>,
    /// What stands: what to do, what to choose from, what has been done.
    pub said: Vec<String>,
    /// What is being done or awaited now.
    pub now: String,
    /// What is being typed, where something is.
    pub typed: Option<String>,
    /// A line of text that is being typed, where one is.
    pub line: Option<String>,
    /// The keys worth pressing now.
    pub keys: Vec<Hint>,
}

/// A session that runs.
#[derive(Debug, Clone, PartialEq)]
pub struct Sitting {
    /// What the coach lets be seen.
    pub view: View,
    /// What the screen remembers of the last minutes: [`Board::shown`](crate::Board::shown).
    pub shown: Shown,
    /// The link to the clicker.
    pub signal: Signal,
    /// What is being done to get it back, in a word or two.
    pub reaching: Option<String>,
    /// The clicker's battery.
    pub battery: Battery,
    /// The receiver's name, if they gave one.
    pub receiver: Option<String>,
    /// Whether the clicker is played on the keyboard, by a program.
    pub practice: bool,
    /// A line worth reading now that the coach did not say: the practice clicker's lights, a full disk.
    pub notice: Option<String>,
    /// The note that is being typed.
    pub note: Option<String>,
    /// How to stop, which is drawn whenever there is room for one line.
    pub stop: Hint,
    /// The other keys worth pressing now.
    pub keys: Vec<Hint>,
}

/// What the screen remembers.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Shown {
    /// A sentence that keeps somebody safe and could not yet be read. It goes before the instruction.
    pub sentence: Option<Prompt>,
    /// The newest instruction or question.
    pub instruction: Option<Prompt>,
    /// What waits to be shown, the next one first.
    pub waiting: Vec<Prompt>,
    /// The alarm that stands.
    pub alarm: Option<Alarm>,
    /// A refusal or another remark, while it is news.
    pub remark: Option<Prompt>,
    /// Where the rating comes from, if it has moved lately.
    pub trend: Option<Trend>,
    /// The last two minutes.
    pub strip: Strip,
    /// The way of the spot, oldest first, without where it is now.
    pub path: Vec<Spot>,
    /// Spots that were held.
    pub held: Vec<Spot>,
}

impl Shown {
    /// What the page has in its largest letters.
    #[must_use]
    pub fn first(&self) -> Option<&Prompt> {
        self.sentence.as_ref().or(self.instruction.as_ref())
    }
}

/// An alarm that stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Alarm {
    /// What is said.
    pub prompt: Prompt,
    /// Whether a flashing alarm is in its bright half. [`flash`] gives it from the time; a still theme does not ask.
    pub lit: bool,
}

impl Alarm {
    /// How loud it is.
    #[must_use]
    pub const fn level(&self) -> Level {
        self.prompt.level()
    }
}

/// Half of a flash. Two flashes a second are the most that are safe for people who react to flashing light, and what
/// the convention of alarms asks for.
pub const HALF_FLASH: Duration = Duration::from_millis(250);

/// Whether an alarm that has stood for this long is in its bright half. It begins bright.
#[must_use]
pub const fn flash(stood: Duration) -> bool {
    (stood.as_millis() / HALF_FLASH.as_millis()).is_multiple_of(2)
}

/// Where the rating came from. It is drawn beside a Live rating only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trend {
    /// The rating before.
    pub from: Rating,
}

/// The link to the clicker, for the status line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// It is heard.
    Live,
    /// It has been silent for 1 s.
    Stale,
    /// It is not heard.
    Lost,
}

/// The clicker's battery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Battery {
    /// It was never read.
    Unknown,
    /// It was last read as this, this long ago.
    Read {
        /// Percent.
        percent: u8,
        /// The time since.
        age: Duration,
    },
}

/// A key worth pressing now. Both come from the program's one table of keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// The key as it is written.
    pub key: String,
    /// What it does now.
    pub what: String,
}

/// The keys, all of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Help {
    /// Groups of keys with their titles, as the program's one table has them.
    pub groups: Vec<Group>,
    /// The first row to be drawn, for a screen that is too low for all. Drawing stops at the last page by itself.
    pub top: usize,
    /// The session that goes on behind it: its status, its alarms and the number are never covered.
    pub behind: Option<Box<Sitting>>,
}

/// A group of keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Whose they are.
    pub title: String,
    /// The keys and what they do.
    pub rows: Vec<Hint>,
}

/// What is known of a session that is over.
#[derive(Debug, Clone, PartialEq)]
pub struct Finished {
    /// Who pressed, and with what.
    pub technique: Technique,
    /// Why it ended.
    pub because: Because,
    /// What was said last: advice, where an answer stopped the session.
    pub last: Option<Prompt>,
    /// The question that was answered yes last, before it.
    pub answered: Option<Question>,
    /// The receiver's name, if they gave one.
    pub receiver: Option<String>,
    /// The holds, in their order.
    pub holds: Vec<Held>,
    /// What the ratings were, if there were any.
    pub ratings: Option<Ratings>,
    /// How often it was SHARP.
    pub sharps: u32,
    /// How much it bothered the receiver when they moved, before.
    pub bother_before: Option<Rating>,
    /// The same, afterwards.
    pub bother_after: Option<Rating>,
    /// Entries that are not yet on the disk.
    pub unstored: usize,
    /// The keys worth pressing now.
    pub keys: Vec<Hint>,
}

/// One hold of a session that is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// Where.
    pub spot: Option<Spot>,
    /// Done, void or cut.
    pub outcome: Outcome,
    /// Why it ended.
    pub because: Because,
    /// For how long it counted.
    pub counted: Duration,
}

/// The ratings of a session, from which no other figure is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ratings {
    /// The first of the first hold, or of the session where there was none.
    pub first: Rating,
    /// The highest.
    pub highest: Rating,
    /// The last.
    pub last: Rating,
}
