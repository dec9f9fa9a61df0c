//! Which values of the coach have names for people, and under which kind their names stand.

use coach::body::{Edge, Movement, Referral, Region, Seen, Side, Stand, Table, Tool, Toward};
use coach::screening::{Advice, Answer, Feels, Page, Question};
use coach::{
    Ask, Because, Counting, Freshness, Lesson, Level, Named, Outcome, Phase, Refusal, Technique, Tried, What,
};

/// A value with a name for people: `{kind}-{name}` in the file of the language. Where it is an argument of a prompt,
/// the kind is the name of the argument.
pub trait Spoken: Named {
    /// The kind.
    const KIND: &'static str;
}

macro_rules! spoken {
    ($($type:ty = $kind:literal,)+) => {
        $(impl Spoken for $type { const KIND: &'static str = $kind; })+

        /// Every message id that names a value.
        #[cfg(test)]
        pub(crate) fn ids() -> Vec<String> {
            let mut ids = Vec::new();
            $(ids.extend(<$type>::ALL.iter().map(|value| format!("{}-{}", $kind, value.name())));)+
            ids
        }
    };
}

spoken! {
    Advice = "advice",
    Answer = "answer",
    Ask = "ask",
    Because = "because",
    Counting = "counting",
    Edge = "edge",
    Feels = "feels",
    Freshness = "freshness",
    Lesson = "lesson",
    Level = "level",
    Movement = "movement",
    Outcome = "outcome",
    Page = "page",
    Phase = "phase",
    Question = "question",
    Refusal = "why",
    Referral = "referral",
    Region = "region",
    Seen = "seen",
    Side = "side",
    Stand = "stand",
    Table = "table",
    Technique = "technique",
    Tool = "tool",
    Toward = "toward",
    Tried = "tried",
    What = "what",
}
