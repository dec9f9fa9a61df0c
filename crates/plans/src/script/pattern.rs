//! Patterns that entries of the transcript are matched against: a kind, and conditions on fields. Kinds, fields and
//! values are checked when a file is read, because a misspelt "never" would always pass.

use core::fmt;
use std::collections::BTreeMap;

use coach::body::{Referral, Region, Side, Stand, Toward};
use coach::screening::{Answer, Question};
use coach::{
    Alarm, Ask, Because, Freshness, Level, Named, Outcome, Phase, Prompt, Refusal, StoreState, What,
};

/// A kind of entry with conditions on its fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    /// Kind, as the transcript names it.
    pub kind: &'static str,
    /// Conditions by field path: `because`, `means.rating`.
    pub matchers: BTreeMap<String, Matcher>,
}

/// Condition on a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Matcher {
    /// One of these: `outcome = "done"`, `because = ["fell", "let-go"]`.
    OneOf(Vec<Scalar>),
    /// None of these, or absent: `because = { not = "time" }`.
    NoneOf(Vec<Scalar>),
    /// A number in a range: `counted_ms = { least = 30000, most = 60000 }`.
    Between {
        /// Minimum, inclusive.
        least: i64,
        /// Maximum, inclusive.
        most: i64,
    },
}

/// Value of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scalar {
    /// A text or a name.
    Text(String),
    /// A number.
    Number(i64),
    /// True or false.
    Flag(bool),
}

/// Fields of an entry, or of a table in it.
pub(super) type Fields = &'static [(&'static str, Shape)];

/// Type of a field, so that a pattern can be checked when it is read.
#[derive(Debug, Clone, Copy)]
pub(super) enum Shape {
    Number,
    Flag,
    Text,
    Names(fn() -> Vec<&'static str>),
    /// A table with these fields.
    Table(Fields),
    /// One of these names, or a table with one of these fields.
    NameOr(fn() -> Vec<&'static str>, Fields),
    /// A table whose fields vary by entry.
    Open,
}

fn names<T: Named>() -> Vec<&'static str> {
    T::ALL.iter().map(|value| value.name()).collect()
}

fn links() -> Vec<&'static str> {
    vec!["live", "stale", "lost", "restarted"]
}

fn prompts() -> Vec<&'static str> {
    Prompt::IDS.to_vec()
}

fn answered() -> Vec<&'static str> {
    vec!["where", "answer", "since", "again", "resting", "bother"]
}

/// All meanings of a click, including those with a value.
fn clicks() -> Vec<&'static str> {
    vec![
        "rating",
        "same",
        "nudge",
        "spot",
        "no",
        "yes",
        "again",
        "beside",
        "same-spot",
        "enough",
        "only-sharp",
        "numb",
        "slipped",
        "felt",
        "less",
        "more",
        "let-go",
        "sharp",
        "stop",
    ]
}

/// All meanings of a key, including those with a value.
fn actions() -> Vec<&'static str> {
    vec![
        "stop",
        "go-on",
        "yes",
        "spot",
        "sharp",
        "again",
        "stand",
        "move",
        "where",
        "already-warm",
        "guess",
        "lesson",
        "end",
        "back",
    ]
}

const CLICKS: Fields = &[
    ("rating", Shape::Number),
    ("same", Shape::Number),
    ("nudge", Shape::Names(names::<Toward>)),
    ("felt", Shape::Names(names::<Side>)),
];

const ACTIONS: Fields = &[
    ("guess", Shape::Number),
    ("stand", Shape::Names(names::<Stand>)),
    ("move", Shape::Names(names::<Toward>)),
    (
        "where",
        Shape::Table(&[("side", Shape::Names(names::<Side>)), ("region", Shape::Names(names::<Region>))]),
    ),
];

/// All kinds of entries with their fields, as the transcript writes them.
pub(super) const KINDS: &[(&str, Fields)] = &[
    (
        "click",
        &[
            ("boot", Shape::Number),
            ("seq", Shape::Number),
            ("clicked_ms", Shape::Number),
            ("late", Shape::Flag),
            ("passed", Shape::Flag),
            ("means", Shape::NameOr(clicks, CLICKS)),
        ],
    ),
    ("alarm", &[("boot", Shape::Number), ("seq", Shape::Number), ("what", Shape::Names(names::<Alarm>))]),
    ("key", &[("action", Shape::NameOr(actions, ACTIONS))]),
    ("link", &[("state", Shape::Names(links)), ("dial", Shape::Number)]),
    ("gap", &[("ms", Shape::Number)]),
    ("resumed", &[("wall", Shape::Text)]),
    ("store", &[("state", Shape::Names(names::<StoreState>))]),
    (
        "phase",
        &[
            ("from", Shape::Names(names::<Phase>)),
            ("to", Shape::Names(names::<Phase>)),
            ("because", Shape::Names(names::<Because>)),
        ],
    ),
    ("spot", &[("side", Shape::Names(names::<Side>)), ("out_cm", Shape::Number), ("down_cm", Shape::Number)]),
    ("rating", &[("value", Shape::Number), ("late", Shape::Flag)]),
    ("nudge", &[("direction", Shape::Names(names::<Toward>))]),
    ("ask", &[("what", Shape::Names(names::<Ask>))]),
    (
        "felt",
        &[
            ("side", Shape::Names(names::<Side>)),
            ("out_cm", Shape::Number),
            ("down_cm", Shape::Number),
            ("referral", Shape::Names(names::<Referral>)),
        ],
    ),
    ("sharp", &[]),
    ("freshness", &[("state", Shape::Names(names::<Freshness>))]),
    (
        "prompt",
        &[
            ("id", Shape::Names(prompts)),
            ("level", Shape::Names(names::<Level>)),
            ("args", Shape::Open),
            ("text", Shape::Text),
        ],
    ),
    ("refused", &[("what", Shape::Names(names::<What>)), ("why", Shape::Names(names::<Refusal>))]),
    (
        "hold",
        &[
            ("outcome", Shape::Names(names::<Outcome>)),
            ("because", Shape::Names(names::<Because>)),
            ("counted_ms", Shape::Number),
            ("pressed_ms", Shape::Number),
        ],
    ),
    ("guess", &[("value", Shape::Number), ("of", Shape::Number)]),
    ("finished", &[("because", Shape::Names(names::<Because>))]),
    ("session", &[("seed", Shape::Number), ("receiver", Shape::Text)]),
    ("screening", SCREENING),
    ("note", &[("text", Shape::Text)]),
];

const SCREENING: Fields = &[
    ("what", Shape::Names(answered)),
    ("side", Shape::Names(names::<Side>)),
    ("region", Shape::Names(names::<Region>)),
    ("question", Shape::Names(names::<Question>)),
    ("answer", Shape::Names(names::<Answer>)),
    ("on", Shape::Text),
    ("out_cm", Shape::Number),
    ("down_cm", Shape::Number),
    ("rating", Shape::Number),
    ("after", Shape::Flag),
];

impl Pattern {
    /// Whether an entry of this kind matches; `field` returns a field's value by path.
    #[must_use]
    pub fn fits(&self, kind: &str, field: impl Fn(&str) -> Option<Scalar>) -> bool {
        self.kind == kind && self.matchers.iter().all(|(path, want)| want.allows(field(path).as_ref()))
    }
}

impl Matcher {
    fn allows(&self, is: Option<&Scalar>) -> bool {
        match self {
            Self::OneOf(these) => is.is_some_and(|is| these.contains(is)),
            Self::NoneOf(these) => is.is_none_or(|is| !these.contains(is)),
            Self::Between { least, most } => {
                matches!(is, Some(Scalar::Number(number)) if (least..=most).contains(&number))
            }
        }
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind)?;
        for (path, want) in &self.matchers {
            write!(f, ", {path} {want}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Matcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let listed = |f: &mut fmt::Formatter<'_>, these: &[Scalar]| {
            these.iter().enumerate().try_for_each(|(index, item)| {
                if index > 0 { write!(f, " or {item}") } else { write!(f, "{item}") }
            })
        };
        match self {
            Self::OneOf(these) => listed(f, these),
            Self::NoneOf(these) => {
                f.write_str("not ")?;
                listed(f, these)
            }
            Self::Between { least: i64::MIN, most } => write!(f, "at most {most}"),
            Self::Between { least, most: i64::MAX } => write!(f, "at least {least}"),
            Self::Between { least, most } => write!(f, "{least} to {most}"),
        }
    }
}

impl fmt::Display for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Number(number) => number.fmt(f),
            Self::Flag(flag) => flag.fmt(f),
        }
    }
}
