//! A session while an alarm stands that somebody has to follow at once. It has one layout for screens of all sizes: what
//! to do is larger than everything else, and everything else makes room for it.
//!
//! **Invariant:** no letter and no figure on the page is larger than those of the alarm.

use coach::{Awaits, Level};
use ratatui::layout::Rect;

use super::{Canvas, frame, pressing, reading};
use crate::cells;
use crate::digit::Live;
use crate::scene::{Alarm, Sitting};
use crate::theme::Role;

/// The rows that a number in large figures needs, with the scale below it.
const NUMBER: u16 = 9;

/// A screen of fewer rows has no status line.
pub(crate) const WITH_STATUS: u16 = 6;

/// The columns it needs beside the words that belong to it.
const NUMBER_WIDE: u16 = 66;

/// The alarm that has to be followed at once, if one stands.
pub(crate) fn of(sitting: &Sitting) -> Option<Alarm> {
    let least = if sitting.view.pressure_may_be_on() { Level::Medium } else { Level::High };
    sitting.shown.alarm.filter(|alarm| alarm.level() >= least)
}

/// Draws it. `needs` is what a screen that is too small needs.
pub(crate) fn draw(
    canvas: &mut Canvas<'_>,
    area: Rect,
    sitting: &Sitting,
    alarm: &Alarm,
    needs: Option<&str>,
) {
    let (keys, rest) = cells::take_bottom(area, u16::from(area.height >= 2));
    // That nothing is awaited would only be taken for leave to wait.
    let asks =
        sitting.view.awaits != Awaits::Nothing || sitting.view.ending || !sitting.shown.waiting.is_empty();
    let (awaited, rest) = cells::take_bottom(rest, u16::from(asks && area.height >= 10));
    let (status, rest) = cells::take_top(rest, u16::from(area.height >= WITH_STATUS));
    frame::status(canvas, status, sitting);
    bottom(canvas, keys, sitting, needs);
    frame::awaited(canvas, awaited, sitting);
    let note = if sitting.note.is_some() { frame::IN_FULL.min(rest.height / 4) } else { 0 };
    let (note, rest) = cells::take_bottom(rest, note);
    let text = frame::in_full(canvas, sitting).next();
    if let Some(text) = text {
        frame::plain(canvas, note, &text);
    }
    let (shout, above) = cells::take_bottom(rest, rows(area, rest, sitting, alarm.level()));
    if has_number(above, sitting) {
        pressing::number(canvas, above, sitting);
    } else {
        in_words(canvas, above, sitting);
    }
    frame::alarm_box(canvas, shout, alarm);
}

/// The rows of the alarm: all but those of the number while that has to come down, and at least half of them.
fn rows(area: Rect, rest: Rect, sitting: &Sitting, level: Level) -> u16 {
    let one = u16::from(rest.height >= 3);
    // Figures as high as the letters, and no higher.
    let number = (rest.height - rest.height.min(area.height / 2)).min(NUMBER + area.width / 20);
    if level == Level::High {
        (area.height * 3 / 4).max(1).min(rest.height - one)
    } else if has_number(cells::take_top(rest, number).0, sitting) {
        rest.height - number
    } else {
        rest.height - one
    }
}

/// Whether there is a number to be followed, and room for it.
fn has_number(area: Rect, sitting: &Sitting) -> bool {
    let loud = sitting.shown.alarm.is_some_and(|alarm| alarm.level() == Level::High);
    !loud && Live::of(sitting.view.rating).is_some() && area.height >= NUMBER && area.width >= NUMBER_WIDE
}

/// The rating and what is counted, a line each.
fn in_words(canvas: &mut Canvas<'_>, area: Rect, sitting: &Sitting) {
    let style = canvas.style(Role::Strong);
    let count = reading::count_in_words(canvas, sitting);
    let text: Vec<String> = std::iter::once(reading::in_words(canvas, sitting)).chain(count).collect();
    let mut rest = cells::indent(area, u16::from(area.width >= 40));
    for line in text {
        let rows = cells::paragraph(canvas.buf, rest, &line, style);
        rest = cells::take_top(rest, rows).1;
    }
}

/// How to stop, then the other keys or what size the screen needs.
fn bottom(canvas: &mut Canvas<'_>, area: Rect, sitting: &Sitting, needs: Option<&str>) {
    let Some(needs) = needs else {
        return frame::keys(canvas, area, std::iter::once(&sitting.stop).chain(&sitting.keys));
    };
    let wide = cells::width(&sitting.stop.key) + cells::width(&sitting.stop.what) + 5;
    let (stop, size) = cells::take_left(area, wide);
    frame::keys(canvas, stop, [&sitting.stop]);
    if cells::width(needs) <= size.width {
        cells::right(canvas.buf, size, needs, canvas.style(Role::Quiet));
    }
}
