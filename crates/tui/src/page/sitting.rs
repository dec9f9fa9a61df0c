//! A session that runs: what stands around it, and which page lies in the middle.

use coach::{Awaits, Phase};
use ratatui::layout::Rect;

use super::{Canvas, frame, learning, locating, pressing, resting, screening, urgent, warming};
use crate::cells;
use crate::scene::Sitting;

/// Draws the page of the phase, with everything around it.
pub(crate) fn draw(canvas: &mut Canvas<'_>, area: Rect, sitting: &Sitting) {
    if let Some(alarm) = urgent::of(sitting) {
        return urgent::draw(canvas, area, sitting, &alarm, None);
    }
    let (status, rest) = cells::take_top(area, 1);
    let (keys, rest) = cells::take_bottom(rest, 1);
    let (awaited, rest) = cells::take_bottom(rest, 1);
    let (below, body) = cells::take_bottom(rest, frame::IN_FULL);
    frame::status(canvas, status, sitting);
    let texts: Vec<String> = frame::in_full(canvas, sitting).take(2).collect();
    let mut page_area = body;
    if let Some(first) = texts.first() {
        frame::plain(canvas, below, first);
    }
    // Only the number makes room for it: the instruction never moves.
    if let Some(second) = texts.get(1) {
        let rows = frame::plain(canvas, cells::take_top(body, frame::IN_FULL).0, second);
        page_area = cells::take_top(body, rows).1;
    }
    page(canvas, page_area, sitting);
    if let Some(alarm) = &sitting.shown.alarm {
        // A note that is being typed stays to be seen.
        let over = if sitting.note.is_some() { body } else { rest };
        frame::alarm(canvas, over, alarm);
    }
    frame::awaited(canvas, awaited, sitting);
    frame::keys(canvas, keys, std::iter::once(&sitting.stop).chain(&sitting.keys));
}

fn page(canvas: &mut Canvas<'_>, body: Rect, sitting: &Sitting) {
    match (sitting.view.awaits, sitting.view.phase) {
        // Asked in the midst of it as well, of a region that is new.
        (
            Awaits::Page(_)
            | Awaits::Question(_)
            | Awaits::Clearance(_)
            | Awaits::Still(_)
            | Awaits::Since(_)
            | Awaits::Again,
            _,
        ) => screening::draw(canvas, body, sitting),
        (Awaits::Where, _) | (_, Phase::Locating) => locating::draw(canvas, body, sitting),
        // A rating is being clicked up, so it is to be seen.
        (Awaits::Resting | Awaits::Bother, _)
        | (
            _,
            Phase::BroadStrokes | Phase::Settling | Phase::Holding | Phase::Releasing | Phase::Stretching,
        ) => pressing::draw(canvas, body, sitting),
        // What is said last may be advice, and is all there is.
        (_, Phase::Screening | Phase::Finished) => screening::draw(canvas, body, sitting),
        (_, Phase::Learning) => learning::draw(canvas, body, sitting),
        (_, Phase::Warming) => warming::draw(canvas, body, sitting),
        (_, Phase::Flushing | Phase::Moving | Phase::Heat | Phase::Paused) => {
            resting::draw(canvas, body, sitting);
        }
    }
}
