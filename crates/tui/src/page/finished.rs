//! The end: what to do now, then what is known. Nothing here is reckoned from what is not known.
//!
//! **Invariant:** where a session was stopped, nothing on the page is larger than what to do about it.

use coach::{Outcome, Prompt, Rating};
use ratatui::layout::Rect;
use words::Value;

use super::{Canvas, clock, frame};
use crate::scene::Finished;
use crate::theme::Role;
use crate::{cells, letters, texts};

/// Draws it at any size. `needs` is what a screen that is too small needs.
pub(crate) fn draw(canvas: &mut Canvas<'_>, area: Rect, finished: &Finished, needs: Option<&str>) {
    let (keys, rest) = cells::take_bottom(area, 1);
    frame::keys(canvas, keys, &finished.keys);
    let care = canvas.text(texts::GET_UP_SLOWLY, &[]);
    let stop = finished.last.filter(|last| matches!(last, Prompt::Stopped { .. }));
    let rest = match stop {
        Some(stop) => shout_stop(canvas, rest, &stop),
        None => shout(canvas, rest, &care),
    };
    let mut rest = cells::indent(rest, if needs.is_none() { 3 } else { 0 });
    let strong = canvas.style(Role::Strong);
    let answered = stop.and(finished.answered).map(|question| {
        let question = canvas.words.name(question);
        canvas.text(texts::ANSWERED_YES, &[("question", Value::Name(&question))])
    });
    let why =
        answered.into_iter().chain(finished.last.map(|last| canvas.words.prompt(&last))).collect::<Vec<_>>();
    if !why.is_empty() {
        let rows = cells::paragraph(canvas.buf, rest, &why.join(" "), strong);
        rest = cells::take_top(rest, rows + u16::from(needs.is_none())).1;
    }
    // Whoever has lain gets up slowly whatever ended it.
    let care = stop.map(|_| care.lines().map(|line| format!("{line}.")).collect::<Vec<_>>().join(" "));
    let text = care.into_iter().chain(summary(canvas, finished)).chain(needs.map(str::to_owned));
    for text in text {
        let rows = cells::paragraph(canvas.buf, rest, &text, strong);
        rest = cells::take_top(rest, rows).1;
    }
    holds(canvas, cells::take_top(rest, 1).1, finished);
}

/// Why there is no session, or none any more, and what to do. Gives what is left of the area.
pub(super) fn shout_stop(canvas: &mut Canvas<'_>, area: Rect, stop: &Prompt) -> Rect {
    let text = canvas.words.screen(stop).unwrap_or_else(|| canvas.words.prompt(stop));
    shout(canvas, area, &text)
}

/// Lines as large as the screen allows, at the top. Gives what is left of the area.
fn shout(canvas: &mut Canvas<'_>, area: Rect, text: &str) -> Rect {
    let lines: Vec<String> = text.lines().map(str::to_owned).collect();
    // Twenty letters of eight columns, and as many rows again for what is to be read.
    let most = if area.width >= 160 && area.height >= 40 { 16 } else { 8 };
    let (head, _) = cells::take_top(area, most);
    let rows = letters::size_for(&lines, head).cells() * u16::try_from(lines.len()).unwrap_or(u16::MAX);
    let (head, rest) = cells::take_top(area, rows.max(1));
    let strong = canvas.style(Role::Strong);
    letters::lines(canvas.buf, head, &lines, strong);
    // A gap where there is room for large letters.
    cells::take_top(rest, u16::from(rows >= 4)).1
}

/// What is known, in sentences.
fn summary(canvas: &Canvas<'_>, finished: &Finished) -> Vec<String> {
    let mut lines = Vec::new();
    let because = canvas.words.name(finished.because);
    let who = finished.receiver.clone();
    lines.push(match &who {
        Some(name) => {
            canvas.text(texts::OVER_FOR, &[("name", Value::Name(name)), ("because", Value::Name(&because))])
        }
        None => canvas.text(texts::OVER, &[("because", Value::Name(&because))]),
    });
    let done = finished.holds.iter().filter(|hold| hold.outcome == Outcome::Done);
    let (done, whole) = (number(done.count()), number(finished.holds.len()));
    let counted = finished.holds.iter().map(|hold| hold.counted).sum();
    lines.push(canvas.text(
        texts::HOLDS,
        &[
            ("n", Value::Number(whole)),
            ("done", Value::Number(done)),
            ("counted", Value::Name(&clock(counted))),
        ],
    ));
    lines.push(match finished.ratings {
        None => canvas.text(texts::NO_RATINGS, &[]),
        Some(ratings) => canvas.text(
            texts::RATINGS,
            &[
                ("first", Value::Number(ratings.first.value().into())),
                ("highest", Value::Number(ratings.highest.value().into())),
                ("last", Value::Number(ratings.last.value().into())),
            ],
        ),
    });
    lines.push(canvas.text(texts::SHARPS, &[("n", Value::Number(finished.sharps))]));
    lines.push(bother(canvas, finished.bother_before, finished.bother_after));
    if finished.unstored > 0 {
        lines.push(canvas.text(texts::UNSTORED, &[("n", Value::Number(number(finished.unstored)))]));
    }
    lines
}

/// "How much does it bother you when you move", before and after. A change of one is smaller than people usually
/// notice (domain: Salaffi 2004, there for weeks: so within a session it is said no louder).
fn bother(canvas: &Canvas<'_>, before: Option<Rating>, after: Option<Rating>) -> String {
    let value = |rating: Rating| Value::Number(rating.value().into());
    match (before, after) {
        (Some(before), Some(after)) => {
            let id = match before.value().abs_diff(after.value()) {
                0 => texts::BOTHER_SAME,
                1 => texts::BOTHER_SMALL,
                _ => texts::BOTHER,
            };
            canvas.text(id, &[("before", value(before)), ("after", value(after))])
        }
        (Some(before), None) => canvas.text(texts::BOTHER_BEFORE, &[("before", value(before))]),
        (None, Some(after)) => canvas.text(texts::BOTHER_AFTER, &[("after", value(after))]),
        (None, None) => canvas.text(texts::BOTHER_UNKNOWN, &[]),
    }
}

fn holds(canvas: &mut Canvas<'_>, area: Rect, finished: &Finished) {
    let mut rest = area;
    for (n, hold) in (1u32..).zip(&finished.holds) {
        let place = match hold.spot {
            Some(spot) => {
                let area = spot.area();
                format!("{} {}", canvas.words.name(area.side), canvas.words.name(area.region))
            }
            None => canvas.text(texts::PLACE_UNKNOWN, &[]),
        };
        let text = canvas.text(
            texts::HOLD_LINE,
            &[
                ("n", Value::Number(n)),
                ("place", Value::Name(&place)),
                ("ending", Value::Name(&canvas.words.name(hold.outcome))),
                ("cause", Value::Name(&canvas.words.name(hold.because))),
                ("counted", Value::Name(&clock(hold.counted))),
            ],
        );
        let style = canvas.style(Role::Quiet);
        let rows = cells::paragraph(canvas.buf, rest, &text, style);
        rest = cells::take_top(rest, rows).1;
    }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
