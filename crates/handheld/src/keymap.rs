//! Meaning of a press in each [`Mode`]. SHARP and STOP are handled before, in every mode.

use wire::{Dial, Means, Mode, Toward};

use crate::event::Button;
use crate::gestures::Length;

/// The rating set by the first click of either button: the middle of the range allowed in a hold, so neither calm nor
/// alarm.
const ENTRY: Dial = match Dial::new(3) {
    Some(dial) => dial,
    None => panic!("the dial is entered at a rating"),
};

/// Effect of a press.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    /// An event.
    Event(Means),
    /// The clicker asks "more?".
    AskMore,
    /// No meaning in this mode: refuse it.
    Nothing,
}

/// The effect of a press in `mode` with the dial at `dial`.
pub(crate) fn action(mode: Mode, button: Button, length: Length, dial: Option<Dial>) -> Action {
    use Button::{A, B, Logo};
    use Length::{Long, Short};
    let means = match mode {
        Mode::Rate | Mode::Hold | Mode::Release => match (button, length) {
            (A, Short) => Means::Rating(lower(dial)),
            (B, Short) => Means::Rating(higher(dial)),
            (Logo, Short) => match dial {
                Some(dial) => Means::Same(dial),
                None => return Action::Nothing,
            },
            (A, Long) => Means::Less,
            (B, Long) if holding(mode) => return Action::AskMore,
            (Logo, Long) if holding(mode) => Means::LetGo,
            (B | Logo, Long) => return Action::Nothing,
        },
        Mode::Locate | Mode::Settle => match (button, length) {
            (A, Short) => Means::Nudge(Toward::Left),
            (B, Short) => Means::Nudge(Toward::Right),
            (A, Long) => Means::Nudge(Toward::Head),
            (B, Long) => Means::Nudge(Toward::Feet),
            (Logo, Short) => Means::Spot,
            (Logo, Long) => return Action::Nothing,
        },
        Mode::Ask => match (button, length) {
            (A, Short) => Means::No,
            (B, Short) => Means::Yes,
            (Logo, Short) => Means::Again,
            (A | B | Logo, Long) => return Action::Nothing,
        },
        Mode::Next => match (button, length) {
            (A, Short) => Means::Enough,
            (B, Short) => Means::Beside,
            (Logo, Short) => Means::SameSpot,
            (A | B | Logo, Long) => return Action::Nothing,
        },
        Mode::AfterSharp => match (button, length) {
            (A, Short) => Means::OnlySharp,
            (B, Short) => Means::Numb,
            (Logo, Short) => Means::Slipped,
            (A | B | Logo, Long) => return Action::Nothing,
        },
        Mode::Sides => match (button, length) {
            (A, Short) => Means::FeltLeft,
            (B, Short) => Means::FeltRight,
            // The coach asks questions in this mode too; then the logo is "say it again".
            (Logo, Short) => Means::Again,
            (A | B | Logo, Long) => return Action::Nothing,
        },
    };
    Action::Event(means)
}

/// Whether "more" and "it has let go" are available.
const fn holding(mode: Mode) -> bool {
    match mode {
        Mode::Hold => true,
        Mode::Rate
        | Mode::Ask
        | Mode::Locate
        | Mode::Settle
        | Mode::Release
        | Mode::Next
        | Mode::AfterSharp
        | Mode::Sides => false,
    }
}

/// One step down; 1 stays 1.
fn lower(dial: Option<Dial>) -> Dial {
    dial.map_or(ENTRY, |dial| Dial::new(dial.value().saturating_sub(1)).unwrap_or(dial))
}

/// One step up; 10 stays 10.
fn higher(dial: Option<Dial>) -> Dial {
    dial.map_or(ENTRY, |dial| Dial::new(dial.value().saturating_add(1)).unwrap_or(dial))
}
