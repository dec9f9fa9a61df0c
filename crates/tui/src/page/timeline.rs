//! A session as a timeline: the rating over time with the ceiling across it, holds shaded by how they ended, gaps where
//! nobody knew; below it what happened and when, and how it stood at the moment that is looked at.

use coach::Rating;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use super::{Canvas, frame, review};
use crate::cells::{self, put};
use crate::chart::{self, Chart};
use crate::review::{Column, GUESS, LineLayout, Mark, Pane, Span, TimelineView, shade, symbol};
use crate::theme::Role;

pub(crate) fn draw(canvas: &mut Canvas<'_>, area: Rect, line: &TimelineView) {
    let layout = LineLayout::of(area, &line.now);
    let status = canvas.style(Role::Status);
    cells::fill(canvas.buf, layout.status, status);
    let taken = cells::right(canvas.buf, layout.status, &format!(" {} ", line.moment), status);
    let title = Rect { width: layout.status.width.saturating_sub(taken), ..layout.status };
    cells::line(canvas.buf, title, &format!(" {}", line.title), status);
    axis(canvas, layout.axis);
    for (x, column) in (layout.plot.left()..layout.plot.right()).zip(&line.columns) {
        plot(canvas, Rect { x, width: 1, ..layout.plot }, column);
        if let Some(mark) = column.mark {
            put(canvas.buf, x, layout.marks.y, symbol(mark), canvas.style(role(mark)));
        }
    }
    phases(canvas, layout.phases, &line.phases);
    for (column, time) in &line.times {
        let at = cells::take_left(layout.times, *column).1;
        let style = canvas.style(Role::Quiet);
        cells::line(canvas.buf, at, time, style);
    }
    cursor(canvas, &layout, line.cursor);
    match &line.pane {
        Pane::Meanings { meanings, top } => {
            let below = Rect {
                x: area.x + 1,
                width: area.width.saturating_sub(2),
                height: layout.pane.bottom() - layout.now.y,
                ..layout.now
            };
            let rows = meanings.iter().flat_map(|hint| {
                cells::wrap(&format!("{}: {}", hint.key, hint.what), below.width).into_iter()
            });
            scrolled(canvas, below, rows.collect(), *top);
        }
        Pane::Log { lines, chosen } => {
            now(canvas, layout.now, line);
            for (n, text) in (0..layout.pane.height).zip(lines) {
                let style =
                    if *chosen == Some(usize::from(n)) { canvas.style(Role::Chosen) } else { Style::new() };
                cells::line(canvas.buf, cells::row(layout.pane, n), text, style);
            }
            body(canvas, layout.chart, line);
        }
        Pane::Notes { notes, chosen } => {
            now(canvas, layout.now, line);
            let mut rows = Vec::new();
            let mut at = 0;
            for (n, note) in notes.iter().enumerate() {
                let mark = if n == *chosen { ">" } else { " " };
                if n == *chosen {
                    at = rows.len();
                }
                let now = cells::wrap(&note.now, layout.pane.width.saturating_sub(2));
                rows.extend(now.into_iter().map(|text| format!("{mark} {text}")));
                rows.extend(note.before.iter().map(|text| format!("    {text}")));
            }
            scrolled(canvas, layout.pane, rows, at);
            body(canvas, layout.chart, line);
        }
    }
    if let Some(warning) = &line.warning {
        let style = canvas.theme.alarm(coach::Level::Medium, true);
        cells::fill(canvas.buf, layout.warning, style);
        cells::line(canvas.buf, layout.warning, &format!(" !! {warning}"), style);
    }
    let below = cells::indent(layout.notice, 1);
    match (&line.typed, &line.notice) {
        (Some(_), _) => review::typed(canvas, below, line.typed.as_ref()),
        (None, Some(notice)) => {
            let style = canvas.style(Role::Strong);
            cells::line(canvas.buf, below, notice, style);
        }
        (None, None) => {}
    }
    frame::keys(canvas, layout.keys, &line.keys);
}

/// Rows that may be more than there is room for, from this one on; the last page is drawn full.
fn scrolled(canvas: &mut Canvas<'_>, area: Rect, rows: Vec<String>, top: usize) {
    let top = top.min(rows.len().saturating_sub(area.height.into()));
    for (n, text) in (0..area.height).zip(&rows[top..]) {
        cells::line(canvas.buf, cells::row(area, n), text, Style::new());
    }
}

fn now(canvas: &mut Canvas<'_>, area: Rect, line: &TimelineView) {
    let mut rest = area;
    for text in &line.now {
        let style = canvas.style(Role::Strong);
        let rows = cells::paragraph(canvas.buf, rest, text, style);
        rest = cells::take_top(rest, rows).1;
    }
}

fn body(canvas: &mut Canvas<'_>, area: Rect, line: &TimelineView) {
    let Some(then) = &line.chart else { return };
    let chart = Chart {
        stand: then.stand,
        area: then.area,
        spot: then.spot,
        path: &then.path,
        held: &then.held,
        felt: then.felt,
    };
    chart::draw(&chart, area, canvas);
}

/// The row of the plot on which a rating stands: the lowest of those it has.
fn level(plot: Rect, rating: Rating) -> u16 {
    let each = plot.height / u16::from(Rating::MAX.value());
    plot.bottom().saturating_sub(1 + (u16::from(rating.value()) - 1) * each)
}

fn axis(canvas: &mut Canvas<'_>, area: Rect) {
    for rating in (1..=10).filter_map(Rating::new) {
        let role = if rating == Rating::CEILING { Role::Strong } else { Role::Quiet };
        let style = canvas.style(role);
        let row = Rect { y: level(area, rating), height: 1, width: area.width.saturating_sub(1), ..area };
        cells::right(canvas.buf, row, &rating.to_string(), style);
    }
}

/// One column of the plot.
fn plot(canvas: &mut Canvas<'_>, area: Rect, column: &Column) {
    let ceiling = level(area, Rating::CEILING);
    let curve = column.ratings.map(|(low, high)| (level(area, high), level(area, low)));
    let guess = column.guess.map(|guess| level(area, guess));
    for y in area.top()..area.bottom() {
        let (symbol, role) = match (curve, column.hold) {
            (Some((top, bottom)), _) if guess == Some(y) && (top..=bottom).contains(&y) => {
                (GUESS[1], Role::Strong)
            }
            _ if guess == Some(y) => (GUESS[0], Role::Strong),
            _ if column.gap => ("╳", Role::Quiet),
            (Some((top, bottom)), _) if (top..=bottom).contains(&y) => {
                // Above the ceiling it has a shape of its own, for those who do not see the colour.
                let above = y < ceiling;
                let symbol = match (above, top == bottom) {
                    (true, _) => "▓",
                    (false, true) => "━",
                    (false, false) => "┃",
                };
                (symbol, if above { Role::AlarmDark } else { Role::Calm })
            }
            _ if y == ceiling => ("┄", Role::Quiet),
            (_, Some(outcome)) => (shade(outcome), Role::Hold),
            (_, None) => continue,
        };
        put(canvas.buf, area.x, y, symbol, canvas.style(role));
    }
}

const fn role(mark: Mark) -> Role {
    match mark {
        Mark::Sharp => Role::HandsOff,
        Mark::Stop | Mark::Alarm => Role::AlarmDark,
        Mark::Refused | Mark::Note | Mark::Asked | Mark::Nudge => Role::Strong,
        Mark::TrialSharp | Mark::Said => Role::Quiet,
    }
}

/// The phases, each from its first column on with as long a name as fits.
fn phases(canvas: &mut Canvas<'_>, area: Rect, spans: &[Span]) {
    for span in spans {
        let from = span.from.min(area.width);
        let room = span.to.min(area.width).saturating_sub(from);
        let (cell, _) = cells::take_left(cells::take_left(area, from).1, room);
        if room == 0 {
            continue;
        }
        let quiet = canvas.style(Role::Quiet);
        put(canvas.buf, cell.x, cell.y, "│", quiet);
        let inside = cells::take_left(cell, 1).1;
        let name = span.names.iter().find(|name| cells::width(name) <= inside.width);
        if let Some(name) = name {
            let style = canvas.style(Role::Strong);
            cells::line(canvas.buf, inside, name, style);
        }
    }
}

/// The column that is looked at, through everything that belongs to it.
fn cursor(canvas: &mut Canvas<'_>, layout: &LineLayout, column: u16) {
    if column >= layout.plot.width {
        return;
    }
    let x = layout.plot.x + column;
    for y in layout.plot.top()..layout.plot.bottom() {
        if let Some(cell) = canvas.buf.cell_mut((x, y)) {
            if cell.symbol() == " " {
                cell.set_symbol("│");
            }
            let style = cell.style();
            cell.set_style(style.add_modifier(Modifier::REVERSED));
        }
    }
    for y in [layout.marks.y, layout.phases.y] {
        if let Some(cell) = canvas.buf.cell_mut((x, y)) {
            let style = cell.style();
            cell.set_style(style.add_modifier(Modifier::REVERSED));
        }
    }
    put(canvas.buf, x, layout.times.y, "▲", canvas.style(Role::Strong));
}

/// The same on a screen that is too small for it.
pub(super) fn lines(line: &TimelineView) -> Vec<String> {
    let typed = line.typed.iter().map(|(what, text)| format!("{what}: {text}_"));
    let pane: Vec<String> = match &line.pane {
        Pane::Log { lines, chosen } => {
            let from = chosen.unwrap_or(0);
            lines.iter().skip(from).cloned().collect()
        }
        Pane::Notes { notes, chosen } => {
            let mark = |n| if n == *chosen { ">" } else { " " };
            notes.iter().enumerate().map(|(n, note)| format!("{} {}", mark(n), note.now)).collect()
        }
        Pane::Meanings { meanings, top } => {
            meanings.iter().skip(*top).map(|hint| format!("{}: {}", hint.key, hint.what)).collect()
        }
    };
    let warning = line.warning.iter().map(|text| format!("!! {text}"));
    warning
        .chain([line.moment.clone()])
        .chain(typed)
        .chain(line.notice.iter().cloned())
        .chain(line.now.iter().cloned())
        .chain(pane)
        .collect()
}
