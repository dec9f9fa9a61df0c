//! The start screen: who lies down today, what next, what is near. A newcomer finds "practise" without reading anything
//! else.

use ratatui::layout::Rect;
use words::Value;

use super::Canvas;
use crate::start::{Deed, Possible, Start};
use crate::theme::Role;
use crate::{cells, letters, texts};

pub(crate) fn draw(canvas: &mut Canvas<'_>, area: Rect, start: &Start) {
    let area = cells::indent(area, 2);
    let strong = canvas.style(Role::Strong);
    let quiet = canvas.style(Role::Quiet);
    let title = canvas.text(texts::TITLE, &[]);
    let (head, rest) = cells::take_top(area, 5);
    letters::lines(canvas.buf, cells::take_left(head, cells::width(&title) * 4).0, &[title], strong);
    let said = canvas.text(texts::SUBTITLE, &[]);
    let beside = cells::take_left(head, 28).1;
    cells::paragraph(canvas.buf, cells::take_top(beside, 1).1, &said, quiet);

    // What can be done and what is near are always there; the list of receivers gets what is left.
    let near = near_rows(start, area.width);
    let offers = rows(start.offers.len()).saturating_add(2);
    let most = rest.height.saturating_sub(near.saturating_add(offers));
    let list = rows(start.receivers.len()).saturating_add(4).max(PLAN_ROWS);
    let (top, rest) = cells::take_top(rest, list.min(most));
    let (who, beside) = cells::take_left(top, top.width / 2);
    receivers(canvas, who, start);
    which_plan(canvas, beside, start);
    let (next, rest) = cells::take_top(rest, offers);
    what_next(canvas, next, start);
    what_is_near(canvas, rest, start);
}

/// A title, a name, and what it does in as many lines of half the least screen as the longest of them takes.
const PLAN_ROWS: u16 = 7;

fn which_plan(canvas: &mut Canvas<'_>, area: Rect, start: &Start) {
    let Some(plan) = start.plans.get(start.plan.min(start.plans.len().saturating_sub(1))) else { return };
    let title = canvas.text(texts::WHICH_PLAN, &[]);
    cells::line(canvas.buf, cells::row(area, 0), &title, canvas.style(Role::Strong));
    let way = |there, mark| if there { mark } else { " " };
    let before = way(start.plan > 0, "◂");
    let after = way(start.plan + 1 < start.plans.len(), "▸");
    let name = format!("{before} {} {after}", plan.name);
    cells::line(canvas.buf, cells::row(area, 1), &name, canvas.style(Role::Chosen));
    // What has to be known of it comes first: where there is little room, the end is cut off.
    let label = plan.label.as_ref().map_or(String::new(), |label| format!("({label}) "));
    let about = label + &plan.about;
    let rest = cells::indent(cells::take_top(area, 2).1, 2);
    cells::paragraph(canvas.buf, rest, &about, canvas.style(Role::Quiet));
}

fn near_rows(start: &Start, width: u16) -> u16 {
    let lines = start.near.iter().chain(&start.notice);
    let wrapped = lines.map(|line| cells::wrap(line, width.saturating_sub(2)).len()).sum();
    // A header above; no more than a third of the least screen, whatever there is to say.
    rows(wrapped).saturating_add(1).min(8)
}

fn rows(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}

fn receivers(canvas: &mut Canvas<'_>, area: Rect, start: &Start) {
    let strong = canvas.style(Role::Strong);
    let title = canvas.text(texts::WHO, &[]);
    cells::line(canvas.buf, cells::row(area, 0), &title, strong);
    let list = cells::take_top(area, 1).1;
    let someone = match &start.naming {
        Some(name) => canvas.text(texts::NAME_IS, &[("name", Value::Name(&format!("{name}_")))]),
        None => canvas.text(texts::SOMEONE_ELSE, &[]),
    };
    let lines: Vec<(String, &str)> = start
        .receivers
        .iter()
        .map(|receiver| (receiver.name.clone(), receiver.last.as_str()))
        .chain([(someone, ""), (canvas.text(texts::NO_NAME, &[]), "")])
        .collect();
    let chosen = start.chosen.min(lines.len() - 1);
    // The chosen line stays on the screen, however many there are.
    let rows = usize::from(list.height).saturating_sub(1).max(1);
    let first = chosen.saturating_sub(rows - 1);
    for ((n, (name, last)), y) in lines.iter().enumerate().skip(first).take(rows).zip(0..list.height) {
        let row = cells::row(list, y);
        let (mark, role) = if n == chosen { ("▸ ", Role::Chosen) } else { ("  ", Role::Strong) };
        let style = canvas.style(role);
        let name_area = cells::take_left(row, row.width / 2).0;
        let taken = cells::cut(canvas.buf, name_area, &format!("{mark}{name} "), style);
        let quiet = canvas.style(Role::Quiet);
        cells::line(canvas.buf, cells::take_left(row, taken + 2).1, last, quiet);
    }
}

fn what_next(canvas: &mut Canvas<'_>, area: Rect, start: &Start) {
    let strong = canvas.style(Role::Strong);
    let title = canvas.text(texts::WHAT_NEXT, &[]);
    cells::line(canvas.buf, cells::row(area, 0), &title, strong);
    let list = cells::take_top(area, 1).1;
    for (offer, y) in start.offers.iter().zip(0..list.height) {
        let row = cells::indent(cells::row(list, y), 2);
        let name = canvas.text(deed(offer.deed), &[]);
        let (reason, role) = match &offer.possible {
            Possible::Yes => (String::new(), Role::Strong),
            Possible::No(why) => {
                (canvas.text(texts::NOT_POSSIBLE, &[("why", Value::Name(why))]), Role::Quiet)
            }
            Possible::Later => (canvas.text(texts::LATER, &[]), Role::Quiet),
        };
        let key_style = canvas.style(if role == Role::Strong { Role::Chosen } else { Role::Quiet });
        let taken = cells::line(canvas.buf, row, &format!(" {} ", offer.key), key_style);
        let row = cells::take_left(row, taken.max(7) + 1).1;
        let style = canvas.style(role);
        let taken = cells::line(canvas.buf, row, &name, style);
        cells::line(canvas.buf, cells::take_left(row, taken + 2).1, &reason, canvas.style(Role::Quiet));
    }
}

fn what_is_near(canvas: &mut Canvas<'_>, area: Rect, start: &Start) {
    let strong = canvas.style(Role::Strong);
    let title = canvas.text(texts::NEAR, &[]);
    cells::line(canvas.buf, cells::row(area, 0), &title, strong);
    let mut rest = cells::indent(cells::take_top(area, 1).1, 1);
    // What is news stays on the screen, however much is near.
    let news = start.notice.iter().map(|line| (line, Role::Strong));
    for (line, role) in news.chain(start.near.iter().map(|line| (line, Role::Quiet))) {
        let style = canvas.style(role);
        let rows = cells::paragraph(canvas.buf, rest, line, style);
        rest = cells::take_top(rest, rows).1;
    }
}

/// The words of a deed.
pub(super) const fn deed(deed: Deed) -> &'static str {
    match deed {
        Deed::Session => texts::DEED_SESSION,
        Deed::TakeUp => texts::DEED_TAKE_UP,
        Deed::Practise => texts::DEED_PRACTISE,
        Deed::Learn => texts::DEED_LEARN,
        Deed::Pair => texts::DEED_PAIR,
        Deed::Review => texts::DEED_REVIEW,
        Deed::Quit => texts::DEED_QUIT,
    }
}
