//! Between holds, in a pause and at the end: time to look. The last two minutes, the chart, what is counted, and what
//! to do.

use ratatui::layout::Rect;

use super::{Canvas, frame, locating, reading};
use crate::letters::Size;
use crate::scene::Sitting;
use crate::theme::Role;
use crate::{cells, strip};

pub(super) fn draw(canvas: &mut Canvas<'_>, body: Rect, sitting: &Sitting) {
    let (said, main) = cells::take_bottom(body, frame::rows_for_instruction(body));
    let (left, right) = cells::take_left(main, main.width * 3 / 5);
    let left = cells::indent(left, 1);
    let size = if left.height >= 24 && left.width >= 80 { Size::Eight } else { Size::Four };
    let (count, rest) = cells::take_top(left, size.cells());
    reading::count(canvas, count, sitting, size);
    let (rating, rest) = cells::take_top(rest, 1);
    let text = reading::in_words(canvas, sitting);
    cells::line(canvas.buf, rating, &text, canvas.style(Role::Strong));
    strip::draw(&sitting.shown.strip, rest, canvas.buf, canvas.words, canvas.theme);
    locating::chart(canvas, right, sitting);
    frame::instruction(canvas, said, sitting.shown.first());
}
