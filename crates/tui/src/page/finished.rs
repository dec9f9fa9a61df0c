//! The end: what to do now, then what is known. Nothing here is reckoned from what is not known.

use coach::{Outcome, Rating};
use ratatui::layout::Rect;
use words::Value;

use super::{Canvas, clock, frame};
use crate::scene::Finished;
use crate::theme::Role;
use crate::{cells, letters, texts};

pub(crate) fn draw(canvas: &mut Canvas<'_>, area: Rect, finished: &Finished) {
    let (keys, rest) = cells::take_bottom(area, 1);
    frame::keys(canvas, keys, &finished.keys);
    let (care, rest) = cells::take_top(rest, if rest.width >= 160 && rest.height >= 40 { 17 } else { 9 });
    let lines: Vec<String> = canvas.text(texts::GET_UP_SLOWLY, &[]).lines().map(str::to_owned).collect();
    let strong = canvas.style(Role::Strong);
    letters::lines(canvas.buf, care, &lines, strong);
    let text = summary(canvas, finished);
    let mut rest = cells::indent(rest, 3);
    if let Some(last) = finished.last {
        let text = canvas.words.prompt(&last);
        let rows = cells::paragraph(canvas.buf, rest, &text, strong);
        rest = cells::take_top(rest, rows + 1).1;
    }
    for text in text {
        let style = canvas.style(Role::Strong);
        let rows = cells::paragraph(canvas.buf, rest, &text, style);
        rest = cells::take_top(rest, rows).1;
    }
    holds(canvas, cells::take_top(rest, 1).1, finished);
}

/// What is known, in sentences.
pub(super) fn summary(canvas: &Canvas<'_>, finished: &Finished) -> Vec<String> {
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
