//! Looking for the spot: the chart turned to where the partner stands, the side in words, and an arrow that points the
//! way their hands go.

use coach::body::{Seen, Stand};
use coach::{Awaits, Prompt};
use ratatui::layout::Rect;
use words::Value;

use super::{Canvas, frame, reading};
use crate::back::Mark;
use crate::chart::{self, Chart};
use crate::letters::{self, Size};
use crate::scene::Sitting;
use crate::theme::Role;
use crate::{cells, texts};

pub(super) fn draw(canvas: &mut Canvas<'_>, body: Rect, sitting: &Sitting) {
    let shown = &sitting.shown;
    let first = shown.first();
    // Where the knot is, is asked in whole sentences, which stand beside the picture.
    let choosing = sitting.view.awaits == Awaits::Where;
    let rows = if choosing { 0 } else { frame::rows_for_instruction(body) };
    let (said, main) = cells::take_bottom(body, rows);
    let (drawn, beside) = cells::take_left(main, main.width * 11 / 20);
    chart(canvas, drawn, sitting);
    let beside = cells::indent(beside, 1);
    let large = beside.height >= 30;
    let (place, beside) = cells::take_top(beside, if large { 8 } else { 2 });
    where_it_is(canvas, place, sitting);
    let (count, beside) = cells::take_top(beside, 1);
    let text = reading::count_in_words(canvas, sitting).unwrap_or_default();
    let style = canvas.style(Role::Strong);
    cells::line(canvas.buf, count, &text, style);
    let beside = if choosing { legend(canvas, beside) } else { beside };
    frame::instruction(canvas, said, first);
    let Some(prompt) = shown.instruction.as_ref() else { return };
    match way(prompt, stand(sitting)) {
        Some(seen) => {
            let also = if first == Some(prompt) { None } else { frame::big_lines(canvas, prompt) };
            let (line, beside) = cells::take_top(beside, u16::from(also.is_some()));
            cells::line(canvas.buf, line, &also.unwrap_or_default().join(", "), style);
            arrow(canvas, beside, seen);
        }
        // In all its words, where it is not the one that stands below.
        None if choosing || first != Some(prompt) || frame::big_lines(canvas, prompt).is_some() => {
            let below = cells::take_top(beside, u16::from(large)).1;
            letters::wrapped(canvas.buf, below, &canvas.words.prompt(prompt), style);
        }
        None => {}
    }
}

/// What the marks of the picture mean. Gives what is left of the area.
fn legend(canvas: &mut Canvas<'_>, area: Rect) -> Rect {
    let (row, rest) = cells::take_top(area, 1);
    let mut place = row;
    for (mark, text) in [(Mark::Area, texts::LEGEND_AREA), (Mark::Closed, texts::LEGEND_CLOSED)] {
        let (symbol, style) = mark.looks(canvas.theme);
        let taken = cells::line(canvas.buf, place, &symbol.repeat(2), style);
        place = cells::take_left(place, taken + 1).1;
        let text = canvas.text(text, &[]);
        let taken = cells::line(canvas.buf, place, &text, canvas.style(Role::Strong));
        place = cells::take_left(place, taken + 3).1;
    }
    rest
}

/// The chart of this session.
pub(super) fn chart(canvas: &mut Canvas<'_>, area: Rect, sitting: &Sitting) {
    let choosing = sitting.view.awaits == Awaits::Where;
    let chart = Chart {
        stand: stand(sitting),
        area: sitting.view.area,
        spot: if choosing { None } else { sitting.view.spot },
        felt: sitting.view.felt,
        path: &sitting.shown.path,
        held: &sitting.shown.held,
    };
    chart::draw(&chart, area, canvas);
}

/// The side, the region and the place, in words.
pub(super) fn where_it_is(canvas: &mut Canvas<'_>, area: Rect, sitting: &Sitting) {
    let spot = sitting.view.spot.filter(|_| sitting.view.awaits != Awaits::Where);
    let Some(place) = spot.map(coach::body::Spot::area).or(sitting.view.area) else { return };
    let strong = canvas.style(Role::Strong);
    let side = canvas
        .text(texts::THEIR_SIDE, &[("side", Value::Name(&canvas.words.name(place.side).to_uppercase()))]);
    let big = area.height >= 8 && area.width >= cells::width(&side) * 4;
    letters::left(canvas.buf, area, &[side], if big { Size::Four } else { Size::One }, strong);
    let below = cells::take_top(area, if big { 5 } else { 1 }).1;
    let region = canvas.words.name(place.region);
    cells::line(canvas.buf, cells::row(below, 0), &region, strong);
    if let Some(spot) = spot {
        let args =
            [("out", Value::Number(spot.out_cm().into())), ("down", Value::Number(spot.down_cm().into()))];
        let text = canvas.text(texts::PLACE, &args);
        cells::paragraph(canvas.buf, cells::take_top(below, 1).1, &text, canvas.style(Role::Quiet));
    }
}

/// From where the picture is seen: with a partner from where they stand. Who is alone at a wall stands, head up.
const fn stand(sitting: &Sitting) -> Stand {
    if sitting.view.technique.is_alone() { Stand::AtFeet } else { sitting.view.stand }
}

/// The way a prompt asks hands to go, as it lies on the picture.
fn way(prompt: &Prompt, stand: Stand) -> Option<Seen> {
    match prompt {
        Prompt::Nudged { toward, .. } | Prompt::MoveBeside { toward, .. } => Some(toward.seen_from(stand)),
        _ => None,
    }
}

/// An arrow over as many rows as there are, and not so large that it is taken for the chart.
fn arrow(canvas: &mut Canvas<'_>, area: Rect, seen: Seen) {
    let half = (area.height.min(area.width / 3).min(21).saturating_sub(1)) / 2;
    if half < 2 {
        return;
    }
    let style = canvas.style(Role::Strong);
    let (x, y) = (area.x + area.width / 2, area.y + area.height / 2);
    for along in 0..=2 * half {
        // From the tip: the head grows for the first half, the shaft is thin for the rest.
        let across = if along <= half { along } else { half / 3 };
        for side in 0..=across {
            let mut dot = |x: u16, y: u16| cells::put(canvas.buf, x, y, "█", style);
            // A cell is twice as high as it is wide, so each step to the side is two columns.
            match seen {
                Seen::AwayFromYou | Seen::TowardYou => {
                    let y = if seen == Seen::AwayFromYou { y - half + along } else { y + half - along };
                    for x in [x + 2 * side, x + 2 * side + 1, x - 2 * side, x - 2 * side + 1] {
                        dot(x, y);
                    }
                }
                Seen::YourLeft | Seen::YourRight => {
                    let tip = if seen == Seen::YourLeft {
                        x - 2 * half + 2 * along
                    } else {
                        x + 2 * half - 2 * along
                    };
                    for y in [y + side, y - side] {
                        dot(tip, y);
                        dot(tip + 1, y);
                    }
                }
            }
        }
    }
}
