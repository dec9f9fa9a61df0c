//! The list of stored sessions: what is looked for, what was found, and what is known of the chosen one.

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::{Canvas, frame};
use crate::review::{ListLayout, Review, SessionRow};
use crate::theme::Role;
use crate::{cells, texts};

/// The columns of the list, in cells at the least; what a wide screen has more goes to where it was.
const WIDTHS: [u16; 6] = [17, 9, 10, 19, 7, 8];

pub(crate) fn draw(canvas: &mut Canvas<'_>, area: Rect, review: &Review) {
    let layout = ListLayout::of(area);
    let status = canvas.style(Role::Status);
    cells::fill(canvas.buf, layout.status, status);
    let title = canvas.text(texts::REVIEW_TITLE, &[]);
    cells::line(canvas.buf, layout.status, &format!(" {title}"), status);
    cells::right(canvas.buf, layout.status, &format!("{} ", review.counted), status);
    filters(canvas, layout.filters, review);
    let head = [
        texts::REVIEW_WHEN,
        texts::REVIEW_WHO,
        texts::REVIEW_PLAN,
        texts::REVIEW_WHERE,
        texts::REVIEW_LASTED,
        texts::REVIEW_HOLDS,
    ];
    let head = head.map(|id| canvas.text(id, &[]));
    let quiet = canvas.style(Role::Quiet);
    row(canvas, layout.head, &head, quiet);
    for (n, session) in (0..layout.rows.height).zip(&review.rows) {
        let chosen = review.chosen == Some(usize::from(n));
        let style = if chosen { canvas.style(Role::Chosen) } else { Style::new() };
        let line = cells::row(layout.rows, n);
        if chosen {
            cells::fill(canvas.buf, line, style);
            cells::put(canvas.buf, line.x, line.y, ">", style);
        }
        let SessionRow { when, receiver, plan, place, lasted, holds, sharp } = session;
        row(canvas, line, &[when, receiver, plan, place, lasted, holds].map(String::clone), style);
        if *sharp {
            let style = if chosen { style } else { canvas.style(Role::AlarmDark) };
            let text = canvas.text(texts::REVIEW_SHARP, &[]);
            cells::right(canvas.buf, line, &format!("{text} "), style);
        }
    }
    let mut rest = cells::indent(layout.about, 1);
    for text in &review.about {
        let style = canvas.style(Role::Strong);
        let rows = cells::paragraph(canvas.buf, rest, text, style);
        rest = cells::take_top(rest, rows).1;
    }
    let below = cells::indent(layout.notice, 1);
    match (&review.notice, &review.typed) {
        (Some(notice), _) => {
            let style = canvas.style(Role::Strong);
            cells::line(canvas.buf, below, notice, style);
        }
        (None, what) => typed(canvas, below, what.as_ref()),
    }
    frame::keys(canvas, layout.keys, &review.keys);
}

/// What is looked for, with the keys that change it, on as many lines as there are.
fn filters(canvas: &mut Canvas<'_>, area: Rect, review: &Review) {
    let mut rest = cells::row(area, 0);
    let any = canvas.text(texts::REVIEW_ANY, &[]);
    for filter in &review.filters {
        let value = filter.value.as_ref().unwrap_or(&any);
        let named = format!("{}: {value} ", filter.name);
        let wide = 2 + cells::width(&filter.key) + cells::width(&named);
        if wide > rest.width && rest.x > area.x {
            rest = cells::row(area, rest.y + 1 - area.y);
        }
        let role = if filter.value.is_some() { Role::Strong } else { Role::Quiet };
        let key = filter.key.as_str();
        for (text, role) in
            [(" ", Role::Quiet), (key, Role::Chosen), (" ", Role::Quiet), (named.as_str(), role)]
        {
            let style = canvas.style(role);
            let taken = cells::line(canvas.buf, rest, text, style);
            rest = cells::take_left(rest, taken).1;
        }
    }
}

/// What is being typed, after the name of what it is. Of more than there is room for the end is seen.
pub(super) fn typed(canvas: &mut Canvas<'_>, area: Rect, typed: Option<&(String, String)>) {
    let Some((what, text)) = typed else { return };
    let room = area.width.saturating_sub(cells::width(what) + 3);
    let text = words::foreign(text);
    let end = &text[words::ending(&text, room.into())..];
    let style = canvas.style(Role::Strong);
    cells::line(canvas.buf, area, &format!("{what}: {end}_"), style);
}

fn row(canvas: &mut Canvas<'_>, area: Rect, cells_of: &[String; 6], style: Style) {
    let mut rest = cells::take_left(area, 2).1;
    let more = rest.width.saturating_sub(WIDTHS.iter().sum::<u16>());
    for (nth, (text, width)) in cells_of.iter().zip(WIDTHS).enumerate() {
        let wide = if nth == 3 { width + more.saturating_sub(8) } else { width };
        let (cell, beside) = cells::take_left(rest, wide);
        // A column of its own between two cells.
        let room = cell.width.saturating_sub(1);
        cells::cut(canvas.buf, Rect { width: room, ..cell }, text, style);
        rest = beside;
    }
}

/// The same on a screen that is too small for it.
pub(super) fn lines(review: &Review) -> Vec<String> {
    let typed = review.typed.iter().map(|(what, text)| format!("{what}: {text}_"));
    let rows = review.rows.iter().enumerate().map(|(n, row)| {
        let mark = if review.chosen == Some(n) { ">" } else { " " };
        format!("{mark} {} {} {}", row.when, row.receiver, row.place)
    });
    typed.chain(rows).chain(review.about.iter().cloned()).chain(review.notice.iter().cloned()).collect()
}
