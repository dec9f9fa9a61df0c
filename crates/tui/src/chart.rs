//! The body chart, turned to where the partner stands: what is away from them is up. Closed ground is hatched, the way
//! of the spot is drawn, the four sides are written out. The picture of the back itself is [`Back`]'s.
//!
//! What lies where is [`coach::body::ground`]; which way is which is [`Seen::toward`]. Here is neither.

use coach::body::{Area, Felt, Seen, Side, Spot, Stand, Toward};
use outline::Point;
use ratatui::layout::Rect;

use crate::back::Back;
use crate::cells::{self, put};
use crate::page::Canvas;
use crate::texts;
use crate::theme::Role;

/// What is drawn.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Chart<'a> {
    pub(crate) stand: Stand,
    pub(crate) area: Option<Area>,
    pub(crate) spot: Option<Spot>,
    /// Where else it is felt.
    pub(crate) felt: Option<Felt>,
    pub(crate) path: &'a [Spot],
    pub(crate) held: &'a [Spot],
}

/// Half the breadth of the picture, in centimetres to each side of the spine.
const HALF_ACROSS: f32 = 20.5;

/// Where the picture begins and ends, in centimetres down from the base of the skull: the head, and the seat.
const TOP: f32 = -9.5;
const BOTTOM: f32 = 64.5;

const HALF_ALONG: f32 = (BOTTOM - TOP) / 2.0;
const MIDDLE: f32 = (BOTTOM + TOP) / 2.0;

/// A centimetre is drawn at most this large, in columns: beyond that the chart only grows coarse.
const COLUMNS_A_CM: f32 = 2.5;

/// How places on the back lie on the screen.
struct Turned {
    /// Where a step to the right on the screen leads, in centimetres to the receiver's right and toward the feet.
    right: (f32, f32),
    /// The same for a step down.
    down: (f32, f32),
    /// Centimetres a column. A row is twice that, because a cell is twice as high as it is wide.
    scale: f32,
    drawn: Rect,
}

impl Turned {
    fn new(stand: Stand, area: Rect) -> Self {
        let step = |seen: Seen| match seen.toward(stand) {
            Toward::Left => (-1.0, 0.0),
            Toward::Right => (1.0, 0.0),
            Toward::Head => (0.0, -1.0),
            Toward::Feet => (0.0, 1.0),
        };
        let (right, down): ((f32, f32), (f32, f32)) = (step(Seen::YourRight), step(Seen::TowardYou));
        let reach = |way: (f32, f32)| 2.0 * (way.0.abs() * HALF_ACROSS + way.1.abs() * HALF_ALONG);
        let scale = (reach(right) / f32::from(area.width))
            .max(reach(down) / f32::from(area.height * 2))
            .max(1.0 / COLUMNS_A_CM);
        let width = ((reach(right) / scale).ceil() as u16).min(area.width);
        let height = ((reach(down) / (scale * 2.0)).ceil() as u16).min(area.height);
        let drawn = Rect {
            x: area.x + (area.width - width) / 2,
            y: area.y + (area.height - height) / 2,
            width,
            height,
        };
        Self { right, down, scale, drawn }
    }

    /// The place under a point, which is in cells from the corner of what is drawn: centimetres to the receiver's right
    /// of the spine, and down from the base of the skull.
    fn place(&self, x: f32, y: f32) -> (f32, f32) {
        let across = (x - f32::from(self.drawn.width) / 2.0) * self.scale;
        let along = (y - f32::from(self.drawn.height) / 2.0) * self.scale * 2.0;
        (self.right.0 * across + self.down.0 * along, self.right.1 * across + self.down.1 * along + MIDDLE)
    }

    /// The point at which a place lies, in cells from the corner of what is drawn.
    fn point(&self, place: Point) -> (f32, f32) {
        let (out, down) = (place.x, place.y - MIDDLE);
        let across = (self.right.0 * out + self.right.1 * down) / self.scale;
        let along = (self.down.0 * out + self.down.1 * down) / (self.scale * 2.0);
        (across + f32::from(self.drawn.width) / 2.0, along + f32::from(self.drawn.height) / 2.0)
    }

    /// The cell of a spot.
    fn cell(&self, place: impl Into<Felt>) -> (u16, u16) {
        let place = place.into();
        let out = f32::from(place.out_cm());
        let out = if place.side() == Side::Left { -out } else { out };
        let (x, y) = self.point(Point { x: out, y: f32::from(place.down_cm()) });
        let cell = |at: f32, size: u16| (at.floor().max(0.0) as u16).min(size.saturating_sub(1));
        (self.drawn.x + cell(x, self.drawn.width), self.drawn.y + cell(y, self.drawn.height))
    }
}

/// Draws the chart in the middle of an area. Where there is no room for its sides in words, it draws nothing.
pub(crate) fn draw(chart: &Chart<'_>, area: Rect, canvas: &mut Canvas<'_>) {
    if area.width < 24 || area.height < 8 {
        return;
    }
    sides(chart.stand, area, canvas);
    let inner = Rect { x: area.x + 3, y: area.y + 1, width: area.width - 6, height: area.height - 2 };
    let turned = Turned::new(chart.stand, inner);
    Back::new(turned.drawn, chart.area, |x, y| turned.place(x, y), |place| turned.point(place)).show(canvas);
    numbers(chart.held, &turned, canvas);
    for &was in chart.path {
        let (x, y) = turned.cell(was);
        put(canvas.buf, x, y, "+", canvas.style(Role::Strong));
    }
    if let Some(spot) = chart.spot {
        let (x, y) = turned.cell(spot);
        let style = canvas.style(Role::Spot);
        // Three cells wide, so that it is found at a glance.
        put(canvas.buf, x.saturating_sub(1), y, "(", style);
        put(canvas.buf, x, y, "X", style);
        put(canvas.buf, x + 1, y, ")", style);
    }
    if let Some(felt) = chart.felt {
        let (x, y) = turned.cell(felt);
        let style = canvas.style(Role::Spot);
        for (x, symbol) in [(x.saturating_sub(1), "<"), (x, "F"), (x + 1, ">")] {
            put(canvas.buf, x, y, symbol, style);
        }
    }
}

/// The places that were held, numbered in the order of the holds. A number whose cells are taken stands in the next ones.
fn numbers(held: &[Spot], turned: &Turned, canvas: &mut Canvas<'_>) {
    let style = canvas.style(Role::Chosen);
    let mut taken: Vec<(u16, u16)> = Vec::new();
    for (n, &spot) in (1_u16..).zip(held) {
        let text = n.to_string();
        let wide = cells::width(&text);
        let (x, y) = turned.cell(spot);
        let free = |x: u16, y: u16| (x..x + wide).all(|x| !taken.contains(&(x, y)));
        let right = turned.drawn.right().saturating_sub(wide);
        let places =
            (y..turned.drawn.bottom()).flat_map(|below| (x.min(right)..=right).map(move |x| (x, below)));
        let Some((x, y)) = places.into_iter().find(|&(x, y)| free(x, y)) else { continue };
        cells::line(canvas.buf, Rect { x, y, width: wide, height: 1 }, &text, style);
        taken.extend((x..x + wide).map(|x| (x, y)));
    }
}

/// The four sides in words: above and below in full, left and right letter under letter.
fn sides(stand: Stand, area: Rect, canvas: &mut Canvas<'_>) {
    let style = canvas.style(Role::Strong);
    let away = canvas.words.name(Seen::AwayFromYou.toward(stand));
    cells::centred(canvas.buf, cells::row(area, 0), &away, style);
    let toward = canvas.words.name(Seen::TowardYou.toward(stand));
    let you = canvas.text(texts::YOU, &[("toward", words::Value::Name(&toward))]);
    cells::centred(canvas.buf, cells::row(area, area.height - 1), &you, style);
    for (seen, x) in [(Seen::YourLeft, area.x), (Seen::YourRight, area.right() - 1)] {
        let name = canvas.words.name(seen.toward(stand));
        // "their LEFT": the side is the last word, and there are few rows.
        let word = name.split_whitespace().last().unwrap_or_default();
        let rows = u16::try_from(word.chars().count()).unwrap_or(u16::MAX);
        let top = area.y + area.height.saturating_sub(rows) / 2;
        for (y, letter) in (top..area.bottom()).zip(word.chars()) {
            put(canvas.buf, x, y, letter.encode_utf8(&mut [0; 4]), style);
        }
    }
}

#[cfg(test)]
mod tests {
    use coach::Named;
    use coach::body::{DOWN_MAX_CM, OUT_MAX_CM};

    use super::*;

    const AREAS: [Rect; 3] = [
        Rect { x: 3, y: 1, width: 38, height: 17 },
        Rect { x: 50, y: 1, width: 26, height: 9 },
        Rect { x: 3, y: 1, width: 104, height: 53 },
    ];

    fn spots() -> impl Iterator<Item = Spot> {
        let places =
            |side| (0..=OUT_MAX_CM).flat_map(move |out| (0..=DOWN_MAX_CM).map(move |down| (side, out, down)));
        Side::ALL
            .iter()
            .copied()
            .flat_map(places)
            .filter_map(|(side, out, down)| Spot::new(side, out, down).ok())
    }

    /// As many nudges as the ground allows, and at least so many that they are to be seen on the smallest chart.
    fn far(spot: Spot, toward: Toward) -> Option<Spot> {
        (0..9).try_fold(spot, |spot, _| spot.nudged(toward).ok())
    }

    /// The chart and the sentence ("away from you") must never disagree.
    #[test]
    fn a_nudge_moves_the_spot_the_way_the_partner_sees_it() {
        for area in AREAS {
            for &stand in Stand::ALL {
                let turned = Turned::new(stand, area);
                for (spot, &toward) in
                    spots().flat_map(|spot| Toward::ALL.iter().map(move |toward| (spot, toward)))
                {
                    let Some(moved) = far(spot, toward) else { continue };
                    let (from, to) = (turned.cell(spot), turned.cell(moved));
                    let as_seen = match toward.seen_from(stand) {
                        Seen::AwayFromYou => to.1 < from.1 && to.0 == from.0,
                        Seen::TowardYou => to.1 > from.1 && to.0 == from.0,
                        Seen::YourLeft => to.0 < from.0 && to.1 == from.1,
                        Seen::YourRight => to.0 > from.0 && to.1 == from.1,
                    };
                    assert!(as_seen, "{spot:?} {toward} from {stand}: {from:?} to {to:?} in {area}");
                }
            }
        }
    }

    #[test]
    fn a_spot_lies_in_the_cell_that_is_drawn_for_its_place() {
        for area in AREAS {
            for &stand in Stand::ALL {
                let turned = Turned::new(stand, area);
                for spot in spots() {
                    let (x, y) = turned.cell(spot);
                    assert!(turned.drawn.contains((x, y).into()), "{spot:?} from {stand} in {area}");
                    let (across, down) = turned
                        .place(f32::from(x - turned.drawn.x) + 0.5, f32::from(y - turned.drawn.y) + 0.5);
                    let out = if spot.side() == Side::Left { -across } else { across };
                    // No further off than half a cell is large, on each axis.
                    let off =
                        (out - f32::from(spot.out_cm())).abs().max((down - f32::from(spot.down_cm())).abs());
                    assert!(off <= turned.scale * 1.01, "{spot:?} from {stand}: {off} cm in {area}");
                }
            }
        }
    }
}
