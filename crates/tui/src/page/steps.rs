//! Something done step by step before a session: what to do, what is being done now, what is typed. The digits that are
//! typed are large, because they are compared with those on a clicker in the other hand.

use ratatui::layout::Rect;

use super::{Canvas, finished, frame};
use crate::scene::Steps;
use crate::theme::Role;
use crate::{cells, letters};

pub(crate) fn draw(canvas: &mut Canvas<'_>, area: Rect, steps: &Steps) {
    let (keys, rest) = cells::take_bottom(area, 1);
    frame::keys(canvas, keys, &steps.keys);
    let strong = canvas.style(Role::Strong);
    let mut rest = match &steps.stop {
        Some(stop) => cells::indent(finished::shout_stop(canvas, rest, stop), 2),
        None => {
            let (head, rest) = cells::take_top(cells::indent(rest, 2), 5);
            letters::lines(canvas.buf, head, std::slice::from_ref(&steps.title), strong);
            rest
        }
    };
    for line in &steps.said {
        let style = canvas.style(if steps.stop.is_some() { Role::Strong } else { Role::Quiet });
        let rows = cells::paragraph(canvas.buf, rest, line, style);
        rest = cells::take_top(rest, rows).1;
    }
    rest = cells::take_top(rest, 1).1;
    let (mark, body) = cells::take_left(rest, 2);
    let chosen = canvas.style(Role::Chosen);
    cells::line(canvas.buf, cells::row(mark, 0), "▸", chosen);
    let rows = cells::paragraph(canvas.buf, body, &steps.now, strong);
    let below = cells::take_top(body, rows.saturating_add(1)).1;
    if let Some(typed) = &steps.typed {
        let (digits, _) = cells::take_top(below, 8);
        letters::lines(canvas.buf, digits, &[spaced(typed)], strong);
    }
    if let Some(line) = &steps.line {
        cells::paragraph(canvas.buf, below, &format!("{line}_"), strong);
    }
}

/// Six places, those not typed yet as lines.
fn spaced(typed: &str) -> String {
    let blanks = PLACES.saturating_sub(typed.chars().count());
    typed.chars().chain(std::iter::repeat_n('_', blanks)).collect()
}

/// Digits of a passkey.
const PLACES: usize = 6;
