//! The questions, one page at a time, as large as they fit. They are read aloud, and answered once a page when all is
//! well.

use coach::Awaits;
use ratatui::layout::Rect;

use super::{Canvas, frame};
use crate::letters;
use crate::scene::Sitting;
use crate::theme::Role;
use crate::{cells, texts};

pub(super) fn draw(canvas: &mut Canvas<'_>, body: Rect, sitting: &Sitting) {
    let (_, body) = cells::take_top(cells::indent(body, 3), 1);
    let strong = canvas.style(Role::Strong);
    let questions: Vec<String> = match sitting.view.awaits {
        Awaits::Page(page) => page.questions().iter().map(|&question| canvas.words.name(question)).collect(),
        Awaits::Question(question) => vec![canvas.words.name(question)],
        Awaits::Clearance(question) => vec![canvas.words.name(question), canvas.text(texts::CLEARANCE, &[])],
        Awaits::Nothing
        | Awaits::Where
        | Awaits::Elsewhere
        | Awaits::Resting
        | Awaits::Bother
        | Awaits::WarmCheck
        | Awaits::GoOn
        | Awaits::Hand(_)
        | Awaits::TrySharp
        | Awaits::HeardThat
        | Awaits::Spot
        | Awaits::Rating
        | Awaits::Next
        | Awaits::AfterSharp
        | Awaits::Receiver
        | Awaits::Partner
        | Awaits::Signal => {
            return frame::instruction(canvas, body, sitting.shown.instruction.as_ref());
        }
    };
    let title = canvas.text(
        match sitting.view.awaits {
            Awaits::Page(coach::screening::Page::Skin) => texts::LOOK_AT_THE_SKIN,
            Awaits::Page(_) => texts::DOES_ANY_APPLY,
            _ => texts::IS_IT_SO,
        },
        &[],
    );
    // The title has a row of its own in every size, and each question is a paragraph.
    let whole: Vec<String> = std::iter::once(title).chain(questions).collect();
    let large = letters::paragraphs(canvas.buf, body, &whole, strong);
    debug_assert!(large <= body.height);
}
