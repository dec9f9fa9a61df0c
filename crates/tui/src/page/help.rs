//! The keys, all of them, out of the program's one table. A session that goes on behind it keeps its status line, its
//! alarms and, while hands may be pressing, its number.

use coach::Level;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::{Canvas, frame, pressing};
use crate::scene::Help;
use crate::theme::Role;
use crate::{cells, texts};

pub(crate) fn draw(canvas: &mut Canvas<'_>, area: Rect, help: &Help) {
    let mut rest = area;
    if let Some(sitting) = &help.behind {
        let (status, below) = cells::take_top(rest, 1);
        frame::status(canvas, status, sitting);
        let (keys, above) = cells::take_bottom(below, 1);
        frame::keys(canvas, keys, [&sitting.stop]);
        let (awaited, above) = cells::take_bottom(above, 1);
        frame::awaited(canvas, awaited, sitting);
        rest = above;
    }
    let mut keys = rest;
    if let Some(sitting) = &help.behind
        && sitting.view.pressure_may_be_on()
    {
        // The number stays: whoever presses looks for it, whoever asked for the keys.
        let (below, above) = cells::take_bottom(rest, rest.height / 2);
        pressing::number(canvas, above, sitting);
        keys = below;
    }
    table(canvas, cells::indent(keys, 2), help);
    if let Some(alarm) = help.behind.as_ref().and_then(|sitting| sitting.shown.alarm)
        && alarm.level() >= Level::Medium
    {
        frame::alarm(canvas, rest, &alarm);
    }
}

/// One line of the help.
enum Row<'a> {
    Title(&'a str),
    Key(&'a str, &'a str),
}

fn table(canvas: &mut Canvas<'_>, area: Rect, help: &Help) {
    let rows: Vec<Row<'_>> = help
        .groups
        .iter()
        .flat_map(|group| {
            let keys = group.rows.iter().map(|row| Row::Key(&row.key, &row.what));
            std::iter::once(Row::Title(&group.title)).chain(keys)
        })
        .collect();
    let (more, area) = cells::take_bottom(area, 1);
    let page = usize::from(area.height);
    let top = help.top.min(rows.len().saturating_sub(page));
    let widest = help.groups.iter().flat_map(|group| &group.rows).map(|row| cells::width(&row.key)).max();
    let widest = widest.unwrap_or(0).min(area.width / 3);
    for (row, y) in rows.iter().skip(top).zip(0..area.height) {
        let line = cells::row(area, y);
        match row {
            Row::Title(title) => {
                let style = canvas.style(Role::Strong);
                cells::line(canvas.buf, line, title, style);
            }
            Row::Key(key, what) => {
                let (key_area, what_area) = cells::take_left(cells::indent(line, 2), widest + 2);
                let (strong, plain) = (canvas.style(Role::Strong), Style::new());
                cells::line(canvas.buf, key_area, key, strong);
                cells::line(canvas.buf, what_area, what, plain);
            }
        }
    }
    let text = canvas.text(if rows.len() > top + page { texts::HELP_MORE } else { texts::HELP_END }, &[]);
    cells::line(canvas.buf, more, &text, canvas.style(Role::Quiet));
}
