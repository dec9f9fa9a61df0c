//! What is asked when a place is chosen in the course of a session: the skin and injuries of a region that nobody has
//! looked at yet, and how a spot is that was worked within 48 hours. Only then is anything pressed there (promise 6).

use crate::body::{Area, Spot};
use crate::output::{Output, Screened};

use crate::context::Context;
use crate::prompt::Prompt;
use crate::screening::{Answer, Page, Question};
use crate::view::Awaits;

/// The question that stands between a place and the first pressure on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asks {
    /// The three local questions at once, of the region the spot lies in.
    Skin,
    /// One of them by itself, and whether one before it was answered yes.
    Question { index: usize, closes: bool },
    /// Whether the spot is well enough.
    Again,
}

/// What an answer comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Chosen {
    /// There is another question, which has been put.
    Asks(Asks),
    /// Everything is answered: it may be pressed.
    Open,
    /// The region is closed now.
    AreaClosed,
    /// The spot is left alone today.
    SpotClosed,
}

/// What has to be asked of this spot before it is pressed.
pub(super) fn first(context: &mut Context, spot: Spot) -> Chosen {
    let Area { side, region } = spot.area();
    if !context.looked.contains(&spot.area()) {
        context.ask(Prompt::AskSkin { side, region });
        return Chosen::Asks(Asks::Skin);
    }
    match context.worked_lately(spot) {
        Some(ago) if !context.well.iter().any(|well| well.is_same(spot)) => {
            context.ask(Prompt::AskAgain { hours: hours(ago) });
            Chosen::Asks(Asks::Again)
        }
        Some(_) | None => Chosen::Open,
    }
}

/// Takes an answer to it, yes or no.
pub(super) fn answered(context: &mut Context, spot: Spot, asks: Asks, yes: bool) -> Chosen {
    match (asks, yes) {
        (Asks::Skin, false) => {
            note_area(context, spot);
            for &question in Page::Skin.questions() {
                note(context, question, Answer::No);
            }
            looked(context, spot)
        }
        (Asks::Skin, true) => {
            note_area(context, spot);
            question(context, spot, 0, false)
        }
        (Asks::Question { index, closes }, yes) => {
            if let Some(&question) = Page::Skin.questions().get(index) {
                note(context, question, if yes { Answer::Yes } else { Answer::No });
            }
            question(context, spot, index + 1, closes || yes)
        }
        (Asks::Again, true) => {
            context.emit(Output::Screening(Screened::Again { spot, answer: Answer::Yes }));
            context.well.push(spot);
            Chosen::Open
        }
        (Asks::Again, false) => {
            context.emit(Output::Screening(Screened::Again { spot, answer: Answer::No }));
            context.left.push(spot);
            Chosen::SpotClosed
        }
    }
}

/// What is awaited for this question.
pub(super) fn awaits(asks: Asks) -> Awaits {
    match asks {
        Asks::Skin => Awaits::Page(Page::Skin),
        Asks::Question { index, .. } => Page::Skin
            .questions()
            .get(index)
            .map_or(Awaits::Page(Page::Skin), |&question| Awaits::Question(question)),
        Asks::Again => Awaits::Again,
    }
}

/// The question at `index`, or what follows the last.
fn question(context: &mut Context, spot: Spot, index: usize, closes: bool) -> Chosen {
    match Page::Skin.questions().get(index) {
        Some(&question) => {
            context.ask(Prompt::AskQuestion { question });
            Chosen::Asks(Asks::Question { index, closes })
        }
        None if closes => {
            context.closed_areas.push(spot.area());
            Chosen::AreaClosed
        }
        None => looked(context, spot),
    }
}

/// The region is open, and chosen from now on.
fn looked(context: &mut Context, spot: Spot) -> Chosen {
    context.area = spot.area();
    context.looked.push(spot.area());
    first(context, spot)
}

fn note_area(context: &mut Context, spot: Spot) {
    context.emit(Output::Screening(Screened::Where(spot.area())));
}

fn note(context: &mut Context, question: Question, answer: Answer) {
    context.emit(Output::Screening(Screened::Answered { question, answer, on: None }));
}

/// Whole hours, for a sentence.
pub(super) fn hours(ago: core::time::Duration) -> u32 {
    u32::try_from(ago.as_secs() / 3_600).unwrap_or(u32::MAX)
}
