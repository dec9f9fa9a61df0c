//! A session that is played again: the page it was seen on, under a status line that says what it is. What could be
//! taken for something of now, the clicker's link and battery, is not there.

use ratatui::layout::Rect;

use super::{Canvas, sitting};
use crate::review::Replay;
use crate::{cells, texts};

pub(crate) fn draw(canvas: &mut Canvas<'_>, area: Rect, replay: &Replay) {
    sitting::draw(canvas, area, &replay.sitting);
    status(canvas, cells::row(area, 0), replay);
    if let Some(warning) = &replay.warning {
        let style = canvas.theme.alarm(coach::Level::Medium, true);
        let row = cells::row(area, 1);
        cells::fill(canvas.buf, row, style);
        cells::line(canvas.buf, row, &format!(" !! {warning}"), style);
    }
}

/// What it is, at both ends; which phase, and which moment of which session.
pub(super) fn status(canvas: &mut Canvas<'_>, row: Rect, replay: &Replay) {
    let style = canvas.theme.alarm(coach::Level::Low, true);
    cells::fill(canvas.buf, row, style);
    for cell in row.positions() {
        cells::put(canvas.buf, cell.x, cell.y, " ", style);
    }
    let word = canvas.text(texts::REPLAY, &[]);
    let taken = cells::right(canvas.buf, row, &format!("{} · {word} ", replay.moment), style);
    let left = Rect { width: row.width.saturating_sub(taken + 1), ..row };
    let phase = canvas.words.name(replay.sitting.view.phase).to_uppercase();
    cells::line(canvas.buf, left, &format!(" {word} · {phase} · {}", replay.title), style);
}

/// The words for a screen that is too small: they stand above everything else.
pub(super) fn in_words(canvas: &Canvas<'_>, replay: &Replay) -> String {
    let word = canvas.text(texts::REPLAY, &[]);
    let warning = replay.warning.as_ref().map_or_else(String::new, |warning| format!(" !! {warning}"));
    format!("{word} {}{warning}", replay.moment)
}
