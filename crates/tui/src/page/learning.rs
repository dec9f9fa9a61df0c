//! Learning the clicker: what is asked for, as large as it fits, and below it every gesture with a mark where it has been
//! tried well. The receiver may look, or have it read to them.

use coach::{Awaits, Lesson, Named as _};
use ratatui::layout::Rect;

use super::{Canvas, frame, reading};
use crate::cells;
use crate::letters::Size;
use crate::scene::Sitting;
use crate::theme::Role;

/// Two columns: fifteen gestures fit the least screen beside what is asked for.
const ROWS: u16 = 8;

pub(super) fn draw(canvas: &mut Canvas<'_>, body: Rect, sitting: &Sitting) {
    let (list, top) = cells::take_bottom(body, ROWS.min(body.height));
    frame::instruction(canvas, top, sitting.shown.first());
    if top.height > 2 * Size::Four.cells() + 4 {
        let (_, count) = cells::take_bottom(cells::indent(top, 3), Size::Four.cells());
        reading::count(canvas, count, sitting, Size::Four);
    }
    let (left, right) = cells::take_left(cells::indent(list, 3), list.width / 2);
    for (n, &lesson) in (0..).zip(Lesson::ALL) {
        let (column, row) = if n < ROWS { (left, n) } else { (right, n - ROWS) };
        let asked = sitting.view.awaits == Awaits::Lesson(lesson);
        let (mark, role) = match (asked, sitting.view.learned.has(lesson)) {
            (true, _) => ("▸", Role::Chosen),
            (false, true) => ("✓", Role::Strong),
            (false, false) => ("·", Role::Quiet),
        };
        let text = format!("{mark} {} ", canvas.words.name(lesson));
        cells::line(canvas.buf, cells::row(column, row), &text, canvas.style(role));
    }
}
