//! Heat on the area: how long it has been, how long it still has to be, and that it may be warm already.

use core::time::Duration;

use coach::Lasts;
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
    let lasts = sitting.view.lasts;
    let whole = |time: fn(Lasts) -> Duration| lasts.map(|lasts| clock(time(lasts))).unwrap_or_default();
    let (least, most) = (whole(|lasts| lasts.least), whole(|lasts| lasts.most));
    let passed = clock(sitting.view.phase_for);
    let args = [("time", Value::Name(&passed)), ("least", Value::Name(&least)), ("most", Value::Name(&most))];
    let elapsed = canvas.text(texts::WARM_FOR, &args);
    let already = canvas.text(texts::ALREADY_WARM, &[]);
    letters::paragraphs(canvas.buf, rest, &[elapsed, already], strong);
    frame::instruction(canvas, said, sitting.shown.first());
}

/// How much of the longest time has passed, with a mark where the least is reached. It shows time and nothing else: how
/// warm the muscle is, nobody measures.
fn progress(canvas: &mut Canvas<'_>, area: Rect, sitting: &Sitting) {
    let Some(Lasts { least, most }) = sitting.view.lasts else { return };
    let cell = |time: Duration| {
        let cell = time.as_millis() * u128::from(area.width);
        u16::try_from(cell.checked_div(most.as_millis()).unwrap_or(0)).unwrap_or(area.width).min(area.width)
    };
    let style = canvas.style(Role::Calm);
    let (done, open) = cells::take_left(area, cell(sitting.view.phase_for));
    cells::line(canvas.buf, done, &"█".repeat(done.width.into()), style);
    cells::line(canvas.buf, open, &"░".repeat(open.width.into()), canvas.style(Role::Quiet));
    let mark = area.x + cell(least).min(area.width.saturating_sub(1));
    if area.width > 0 && area.height > 0 {
        cells::put(canvas.buf, mark, area.y, "┃", canvas.style(Role::Strong));
    }
}
