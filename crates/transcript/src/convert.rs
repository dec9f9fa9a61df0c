//! Between the coach's values and entries. Every match is exhaustive: a new variant of the coach does not compile
//! until it has a place on the disk.

use core::time::Duration;

use coach::body::Area;
use coach::{Alarm, Click, Input, Key, Link, Moment, Output, Prompt, Screened, StoreState};

use crate::entry::{Action, Answered, Entry, Kind, LinkState, Means, Said, StoredSpot, Value};

impl Entry {
    /// The entry of an output; `None` for a tone, which follows from the rest and is not recorded.
    #[must_use]
    pub fn of_output(at: Moment, output: Output) -> Option<Self> {
        Kind::of_output(output).map(|kind| Self::new(at, kind))
    }
}

impl Kind {
    /// The kind of an output; `None` for a tone, which follows from the rest and is not recorded.
    #[must_use]
    pub fn of_output(output: Output) -> Option<Self> {
        Some(match output {
            Output::Phase { from, to, because } => Self::Phase { from, to, because },
            Output::Spot(spot) => Self::Spot(spot.into()),
            Output::Rating { value, late } => Self::Rating { value, late },
            Output::Nudge(direction) => Self::Nudge { direction },
            Output::Ask(what) => Self::Ask { what },
            Output::Felt { felt, referral } => {
                Self::Felt { side: felt.side(), out_cm: felt.out_cm(), down_cm: felt.down_cm(), referral }
            }
            Output::Sharp => Self::Sharp {},
            Output::Freshness(state) => Self::Freshness { state },
            Output::Prompt(prompt) => Self::Prompt(prompt.into()),
            Output::Refused { what, why } => Self::Refused { what, why },
            Output::Hold(end) => Self::Hold {
                outcome: end.outcome,
                because: end.because,
                counted_ms: millis(end.counted),
                pressed_ms: millis(end.pressed),
            },
            Output::Guess { value, of } => Self::Guess { value, of },
            Output::Screening(screened) => Self::Screening(screened.into()),
            Output::Finished(because) => Self::Finished { because },
            Output::Tone(_) => return None,
        })
    }

    /// What the coach is fed for this entry; `None` where it is not an input: outputs, notes, the header, and the
    /// ordered copy of an alarm.
    #[must_use]
    pub fn input(&self) -> Option<Input> {
        match *self {
            Self::Click { means, late, passed, boot: _, seq: _, clicked_ms: _ } => {
                means.click().map(|means| Input::Click { means, late, passed })
            }
            Self::Alarm { what, boot: _, seq: _ } => Some(Input::Alarm(what)),
            Self::Key { action } => Some(Input::Key(action.into())),
            Self::Link { state, dial } => Some(Input::Link(match state {
                LinkState::Live => Link::Live { dial },
                LinkState::Stale => Link::Stale,
                LinkState::Lost => Link::Lost,
                LinkState::Restarted => Link::Restarted,
            })),
            Self::Store { state } => Some(Input::Store(state)),
            Self::Gap { ms } => Some(Input::Gap(Duration::from_millis(ms))),
            Self::Resumed { wall: _ } => Some(Input::Resumed),
            Self::Session(_)
            | Self::Phase { .. }
            | Self::Spot(_)
            | Self::Rating { .. }
            | Self::Nudge { .. }
            | Self::Ask { .. }
            | Self::Felt { .. }
            | Self::Sharp {}
            | Self::Freshness { .. }
            | Self::Prompt(_)
            | Self::Refused { .. }
            | Self::Hold { .. }
            | Self::Guess { .. }
            | Self::Finished { .. }
            | Self::Screening(_)
            | Self::Note { .. }
            | Self::CheckIn { .. } => None,
        }
    }

    /// Whether it is something the coach said or did, which a replay gives again.
    #[must_use]
    pub const fn is_output(&self) -> bool {
        match self {
            Self::Phase { .. }
            | Self::Spot(_)
            | Self::Rating { .. }
            | Self::Nudge { .. }
            | Self::Ask { .. }
            | Self::Felt { .. }
            | Self::Sharp {}
            | Self::Freshness { .. }
            | Self::Prompt(_)
            | Self::Refused { .. }
            | Self::Hold { .. }
            | Self::Guess { .. }
            | Self::Finished { .. }
            | Self::Screening(_) => true,
            Self::Session(_)
            | Self::Click { .. }
            | Self::Alarm { .. }
            | Self::Key { .. }
            | Self::Link { .. }
            | Self::Store { .. }
            | Self::Gap { .. }
            | Self::Resumed { .. }
            | Self::Note { .. }
            | Self::CheckIn { .. } => false,
        }
    }

    /// Whether a person added it, possibly long after the session: its time does not extend the session.
    #[must_use]
    pub const fn is_aside(&self) -> bool {
        matches!(self, Self::Note { .. } | Self::CheckIn { .. })
    }

    /// The name of the kind: the value of the field `kind`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Session(_) => "session",
            Self::Click { .. } => "click",
            Self::Alarm { .. } => "alarm",
            Self::Key { .. } => "key",
            Self::Link { .. } => "link",
            Self::Store { .. } => "store",
            Self::Gap { .. } => "gap",
            Self::Resumed { .. } => "resumed",
            Self::Phase { .. } => "phase",
            Self::Spot(_) => "spot",
            Self::Rating { .. } => "rating",
            Self::Nudge { .. } => "nudge",
            Self::Ask { .. } => "ask",
            Self::Felt { .. } => "felt",
            Self::Sharp {} => "sharp",
            Self::Freshness { .. } => "freshness",
            Self::Prompt(_) => "prompt",
            Self::Refused { .. } => "refused",
            Self::Hold { .. } => "hold",
            Self::Guess { .. } => "guess",
            Self::Finished { .. } => "finished",
            Self::Screening(_) => "screening",
            Self::Note { .. } => "note",
            Self::CheckIn { .. } => "check-in",
        }
    }
}

impl Means {
    /// What the coach is fed; `None` for the ordered copy of an alarm.
    #[must_use]
    pub const fn click(self) -> Option<Click> {
        Some(match self {
            Self::Rating(rating) => Click::Rating(rating),
            Self::Same(rating) => Click::Same(rating),
            Self::Nudge(toward) => Click::Nudge(toward),
            Self::Spot => Click::Spot,
            Self::No => Click::No,
            Self::Yes => Click::Yes,
            Self::Again => Click::Again,
            Self::Beside => Click::Beside,
            Self::SameSpot => Click::SameSpot,
            Self::Enough => Click::Enough,
            Self::OnlySharp => Click::OnlySharp,
            Self::Numb => Click::Numb,
            Self::Slipped => Click::Slipped,
            Self::Felt(side) => Click::Felt(side),
            Self::Less => Click::Less,
            Self::More => Click::More,
            Self::LetGo => Click::LetGo,
            Self::Sharp | Self::Stop => return None,
        })
    }

    /// The alarm this is the ordered copy of, if it is one.
    #[must_use]
    pub const fn alarm(self) -> Option<Alarm> {
        match self {
            Self::Sharp => Some(Alarm::Sharp),
            Self::Stop => Some(Alarm::Stop),
            Self::Rating(_)
            | Self::Same(_)
            | Self::Nudge(_)
            | Self::Spot
            | Self::No
            | Self::Yes
            | Self::Again
            | Self::Beside
            | Self::SameSpot
            | Self::Enough
            | Self::OnlySharp
            | Self::Numb
            | Self::Slipped
            | Self::Felt(_)
            | Self::Less
            | Self::More
            | Self::LetGo => None,
        }
    }
}

impl From<Click> for Means {
    fn from(click: Click) -> Self {
        match click {
            Click::Rating(rating) => Self::Rating(rating),
            Click::Same(rating) => Self::Same(rating),
            Click::Nudge(toward) => Self::Nudge(toward),
            Click::Spot => Self::Spot,
            Click::No => Self::No,
            Click::Yes => Self::Yes,
            Click::Again => Self::Again,
            Click::Beside => Self::Beside,
            Click::SameSpot => Self::SameSpot,
            Click::Enough => Self::Enough,
            Click::OnlySharp => Self::OnlySharp,
            Click::Numb => Self::Numb,
            Click::Slipped => Self::Slipped,
            Click::Felt(side) => Self::Felt(side),
            Click::Less => Self::Less,
            Click::More => Self::More,
            Click::LetGo => Self::LetGo,
        }
    }
}

impl From<Alarm> for Means {
    fn from(alarm: Alarm) -> Self {
        match alarm {
            Alarm::Sharp => Self::Sharp,
            Alarm::Stop => Self::Stop,
        }
    }
}

impl From<Key> for Action {
    fn from(key: Key) -> Self {
        match key {
            Key::Stop => Self::Stop,
            Key::GoOn => Self::GoOn,
            Key::Yes => Self::Yes,
            Key::No => Self::No,
            Key::Spot => Self::Spot,
            Key::Sharp => Self::Sharp,
            Key::Again => Self::Again,
            Key::Stand(stand) => Self::Stand(stand),
            Key::Move(toward) => Self::Move(toward),
            Key::Where(area) => area.into(),
            Key::AlreadyWarm => Self::AlreadyWarm,
            Key::Lesson => Self::Lesson,
            Key::Guess(value) => Self::Guess(value),
            Key::End => Self::End,
            Key::Back => Self::Back,
        }
    }
}

impl From<Action> for Key {
    fn from(action: Action) -> Self {
        match action {
            Action::Stop => Self::Stop,
            Action::GoOn => Self::GoOn,
            Action::Yes => Self::Yes,
            Action::No => Self::No,
            Action::Spot => Self::Spot,
            Action::Sharp => Self::Sharp,
            Action::Again => Self::Again,
            Action::Stand(stand) => Self::Stand(stand),
            Action::Move(toward) => Self::Move(toward),
            Action::Where { side, region } => Self::Where(Area { side, region }),
            Action::AlreadyWarm => Self::AlreadyWarm,
            Action::Lesson => Self::Lesson,
            Action::Guess(value) => Self::Guess(value),
            Action::End => Self::End,
            Action::Back => Self::Back,
        }
    }
}

impl From<Key> for Kind {
    fn from(key: Key) -> Self {
        Self::Key { action: key.into() }
    }
}

impl From<Link> for Kind {
    fn from(link: Link) -> Self {
        let (state, dial) = match link {
            Link::Live { dial } => (LinkState::Live, dial),
            Link::Stale => (LinkState::Stale, None),
            Link::Lost => (LinkState::Lost, None),
            Link::Restarted => (LinkState::Restarted, None),
        };
        Self::Link { state, dial }
    }
}

impl From<StoreState> for Kind {
    fn from(state: StoreState) -> Self {
        Self::Store { state }
    }
}

impl From<Prompt> for Said {
    fn from(prompt: Prompt) -> Self {
        Self {
            id: prompt.id().to_owned(),
            level: prompt.level(),
            args: prompt
                .args()
                .into_iter()
                .filter_map(|(name, arg)| Value::of(arg).map(|value| (name.to_owned(), value)))
                .collect(),
        }
    }
}

impl From<Screened> for Answered {
    fn from(screened: Screened) -> Self {
        match screened {
            Screened::Where(Area { side, region }) => Self::Where { side, region },
            Screened::Answered { question, answer, on } => Self::Answer { question, answer, on },
            Screened::Since { spot, answer } => {
                let StoredSpot { side, out_cm, down_cm } = spot.into();
                Self::Since { side, out_cm, down_cm, answer }
            }
            Screened::Again { spot, answer } => {
                let StoredSpot { side, out_cm, down_cm } = spot.into();
                Self::Again { side, out_cm, down_cm, answer }
            }
            Screened::Resting(rating) => Self::Resting { rating },
            Screened::Bother { rating, after } => Self::Bother { rating, after },
        }
    }
}

/// Whole milliseconds: the coach's times are made of them.
fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
