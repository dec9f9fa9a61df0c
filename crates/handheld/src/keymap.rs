//! What a press means, by the grammar that was active when it was made. SHARP and STOP are above all grammars.

use wire::{Dial, Means, Mode, Toward};

use crate::event::Button;
use crate::gestures::Length;

/// The first click of either button, from no rating, enters at 3: in the middle of what a hold allows, and so neither
/// calm nor alarm by itself.
const ENTRY: Dial = match Dial::new(3) {
    Some(dial) => dial,
    None => panic!("the dial is entered at a rating"),
};

/// What comes of a press.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    /// An event.
    Event(Means),
    /// The clicker asks back: "more?"
    AskMore,
    /// Nothing under this grammar: it is refused.
    Nothing,
}

/// The action of a press under `mode`, the dial standing at `dial`.
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
            // The coach asks here too, and then the logo is "say it again".
            (Logo, Short) => Means::Again,
            (A | B | Logo, Long) => return Action::Nothing,
        },
    };
    Action::Event(means)
}

/// Whether "more" and "it has let go" can be said.
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

/// One detent down; at 1 it repeats.
fn lower(dial: Option<Dial>) -> Dial {
    dial.map_or(ENTRY, |dial| Dial::new(dial.value().saturating_sub(1)).unwrap_or(dial))
}

/// One detent up; at 10 it repeats.
fn higher(dial: Option<Dial>) -> Dial {
    dial.map_or(ENTRY, |dial| Dial::new(dial.value().saturating_add(1)).unwrap_or(dial))
}
