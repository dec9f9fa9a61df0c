//! Heat on the area: how long it has been, how long it still has to be, and that it may be warm already.

use coach::Counting;
use ratatui::layout::Rect;
use words::Value;

use super::{Canvas, clock, frame, reading};
use crate::letters::Size;
use crate::scene::Sitting;
use crate::theme::Role;
use crate::{cells, letters, texts};

pub(super) fn draw(canvas: &mut Canvas<'_>, body: Rect, sitting: &Sitting) {
    let (said, main) = cells::take_bottom(body, frame::rows_for_instruction(body));
    let main = cells::indent(main, 3);
    let size = if main.height >= 24 { Size::Eight } else { Size::Four };
    let (_, main) = cells::take_top(main, 1);
    let (count, rest) = cells::take_top(main, size.cells());
    reading::count(canvas, count, sitting, size);
    let (_, rest) = cells::take_top(rest, 1);
    let (bar, rest) = cells::take_top(rest, 1);
    progress(canvas, bar, sitting);
    let strong = canvas.style(Role::Strong);
    let elapsed = canvas.text(texts::WARM_FOR, &[("time", Value::Name(&clock(sitting.view.phase_for)))]);
    let already = canvas.text(texts::ALREADY_WARM, &[]);
    letters::paragraphs(canvas.buf, rest, &[elapsed, already], strong);
    frame::instruction(canvas, said, sitting.shown.instruction.as_ref());
}

/// How much of what is counted has passed. It shows time and nothing else: how warm the muscle is, nobody measures.
fn progress(canvas: &mut Canvas<'_>, area: Rect, sitting: &Sitting) {
    let Some(count) = sitting.view.count.filter(|count| count.what != Counting::Stopped) else { return };
    let passed = sitting.view.phase_for.as_millis();
    let whole = passed + count.left.as_millis();
    let filled = (passed * u128::from(area.width)).checked_div(whole).unwrap_or(0);
    let filled = u16::try_from(filled).unwrap_or(area.width).min(area.width);
    let style = canvas.style(Role::Calm);
    let (done, open) = cells::take_left(area, filled);
    cells::line(canvas.buf, done, &"█".repeat(done.width.into()), style);
    cells::line(canvas.buf, open, &"░".repeat(open.width.into()), canvas.style(Role::Quiet));
}
