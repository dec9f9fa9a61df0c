//! The questions, one page at a time, as large as they fit. They are read aloud, and answered once a page when all is
//! well.

use coach::screening::{Page, Question};
use coach::{Awaits, Named};
use ratatui::layout::Rect;

use super::{Canvas, frame};
use crate::letters;
use crate::scene::Sitting;
use crate::theme::Role;
use crate::{cells, texts};

pub(super) fn draw(canvas: &mut Canvas<'_>, body: Rect, sitting: &Sitting) {
    let (_, body) = cells::take_top(cells::indent(body, 3), 1);
    let (title, questions, answers) = match sitting.view.awaits {
        Awaits::Page(page) => (title(page), page.questions(), texts::ANSWERS_PAGE),
        Awaits::Question(question) => (texts::IS_IT_SO, only(question), texts::ANSWERS_QUESTION),
        Awaits::Clearance(question) => (texts::CLEARANCE, only(question), texts::ANSWERS_QUESTION),
        Awaits::Nothing
        | Awaits::Where
        | Awaits::Still(_)
        | Awaits::Since(_)
        | Awaits::Again
        | Awaits::Elsewhere
        | Awaits::Resting
        | Awaits::Bother
        | Awaits::WarmCheck
        | Awaits::LessonOffer
        | Awaits::Lesson(_)
        | Awaits::GoOn
        | Awaits::Hand(_)
        | Awaits::TrySharp
        | Awaits::HeardThat
        | Awaits::Spot
        | Awaits::Rating
        | Awaits::FeltElsewhere
        | Awaits::WhereFelt
        | Awaits::Next
        | Awaits::AfterSharp
        | Awaits::Receiver
        | Awaits::Partner
        | Awaits::Signal => {
            return said(canvas, body, sitting);
        }
    };
    let (below, page) = cells::take_bottom(body, if body.height >= 40 { 9 } else { 2 });
    let strong = canvas.style(Role::Strong);
    let questions = questions.iter().map(|&question| canvas.words.name(question));
    // On a low screen all letters are plain ones, and it stands below the page.
    let sentence = sitting.shown.sentence.as_ref().filter(|_| body.height >= 40);
    let sentence = sentence.map(|sentence| canvas.words.prompt(sentence));
    let title = canvas.text(title, &[]);
    let paragraphs: Vec<String> = sentence.into_iter().chain([title]).chain(questions).collect();
    letters::paragraphs(canvas.buf, page, &paragraphs, strong);
    letters::wrapped(canvas.buf, below, &canvas.text(answers, &[]), strong);
}

/// What was said; and above it the sentence that is still to be read. A question is never answered unseen.
fn said(canvas: &mut Canvas<'_>, body: Rect, sitting: &Sitting) {
    let shown = &sitting.shown;
    match (&shown.sentence, &shown.instruction) {
        (Some(sentence), Some(instruction)) if sentence != instruction => {
            let both = [sentence, instruction].map(|prompt| canvas.words.prompt(prompt));
            letters::paragraphs(canvas.buf, body, &both, canvas.style(Role::Strong));
        }
        _ => frame::instruction(canvas, body, shown.first()),
    }
}

/// Who looks and who answers.
const fn title(page: Page) -> &'static str {
    match page {
        Page::Skin => texts::LOOK_AT_THE_SKIN,
        Page::General | Page::Cautions | Page::Emergency => texts::DOES_ANY_APPLY,
    }
}

/// A page of one question.
fn only(question: Question) -> &'static [Question] {
    Question::ALL.iter().find(|&&one| one == question).map_or(&[], std::slice::from_ref)
}
