//! While hands may be pressing: the number, how old it is, what is counted, the scale, one instruction.

use ratatui::layout::Rect;

use super::{Canvas, frame, reading};
use crate::letters::Size;
use crate::scene::Sitting;
use crate::{cells, digit};

/// What stands in the place of the number that is not there, "SIGNAL", needs this much for letters of four columns.
const WORDS: u16 = 24;

pub(super) fn draw(canvas: &mut Canvas<'_>, body: Rect, sitting: &Sitting) {
    let (said, main) = cells::take_bottom(body, frame::rows_for_instruction(body));
    number(canvas, main, sitting);
    frame::instruction(canvas, said, sitting.shown.first());
}

/// The number and what belongs to it, without the instruction.
pub(super) fn number(canvas: &mut Canvas<'_>, main: Rect, sitting: &Sitting) {
    let (band, main) = cells::take_bottom(main, 1);
    // Two columns on each side of the number belong to the block it stands in when it is too high.
    let wide = (digit::columns(main.height) + 4).max(WORDS).min(main.width / 2);
    let (number, beside) = cells::take_left(cells::indent(main, 1), wide);
    reading::number(canvas, number, sitting);
    let (_, beside) = cells::take_left(beside, 2);
    let size = if beside.height >= 28 && beside.width >= 110 { Size::Eight } else { Size::Four };
    let (age, count) = cells::take_top(beside, if beside.height >= 8 { 4 } else { beside.height / 2 });
    reading::age_and_trend(canvas, age, sitting);
    reading::count(canvas, count, sitting, size);
    reading::band(canvas, cells::indent(band, 1), sitting.view.rating);
}
