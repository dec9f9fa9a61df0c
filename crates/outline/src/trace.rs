//! Shapes from the body chart: the edge of all cells of a kind, with the steps of the grid smoothed.

use coach::Refusal;
use coach::body::{Area, DOWN_MAX_CM, OUT_MAX_CM, Region, Side, ground};

use crate::{Line, Point};

/// The edges of the region on this side; one shape as a rule.
#[must_use]
pub fn region(area: Area) -> Vec<Line> {
    edges(area.side, |found| found == Ok(area.region))
}

/// The edges of all ground on this side that is closed on everybody, the spine included.
#[must_use]
pub fn closed(side: Side) -> Vec<Line> {
    edges(side, |found| !matches!(found, Ok(_) | Err(Refusal::OffTheChart)))
}

/// Closed ground on this side as slanting strokes, each a line of two points.
#[must_use]
pub fn hatching(side: Side) -> Vec<Line> {
    let shapes = closed(side);
    let mut strokes = Vec::new();
    for n in -24_i8..=52 {
        // All places with this difference of `y` and `x` lie on one slant, and no corner of a shape does: those are halves.
        let slant = f32::from(n) * 1.5 + 0.2;
        let mut crossings: Vec<f32> = Vec::new();
        for shape in &shapes {
            for (to, from) in shape.iter().zip(shape.iter().cycle().skip(shape.len() - 1)) {
                let (before, after) = (from.y - from.x - slant, to.y - to.x - slant);
                if (before > 0.0) != (after > 0.0) {
                    crossings.push(from.x + (to.x - from.x) * before / (before - after));
                }
            }
        }
        crossings.sort_by(f32::total_cmp);
        strokes.extend(
            crossings
                .chunks_exact(2)
                .map(|ends| ends.iter().map(|&x| Point { x, y: x + slant }).collect::<Line>()),
        );
    }
    strokes
}

/// A corner of a cell, in cells from the corner that lies innermost and highest.
type Corner = (u8, u8);

/// The edges of all cells that are wanted. A cell is one centimetre wide and lies round its place.
fn edges(side: Side, wanted: impl Fn(Result<Region, Refusal>) -> bool) -> Vec<Line> {
    let has = |out: Option<u8>, down: Option<u8>| match (out, down) {
        (Some(out), Some(down)) if out <= OUT_MAX_CM && down <= DOWN_MAX_CM => wanted(ground(out, down)),
        _ => false,
    };
    // Each edge of a cell that borders on one that is not wanted, with the cell on its right hand.
    let mut open: Vec<(Corner, Corner)> = Vec::new();
    for down in 0..=DOWN_MAX_CM {
        for out in 0..=OUT_MAX_CM {
            if !has(Some(out), Some(down)) {
                continue;
            }
            let corners = [(out, down), (out + 1, down), (out + 1, down + 1), (out, down + 1)];
            let beside = [
                (Some(out), down.checked_sub(1)),
                (Some(out + 1), Some(down)),
                (Some(out), Some(down + 1)),
                (out.checked_sub(1), Some(down)),
            ];
            for (n, (out, down)) in beside.into_iter().enumerate() {
                if !has(out, down) {
                    open.push((corners[n], corners[(n + 1) % 4]));
                }
            }
        }
    }
    let mut lines = Vec::new();
    while let Some((first, mut at)) = open.pop() {
        let mut ring = vec![first];
        while at != first {
            ring.push(at);
            let Some(next) = open.iter().position(|edge| edge.0 == at) else { break };
            at = open.swap_remove(next).1;
        }
        lines.push(smooth(side, &ring));
    }
    lines
}

/// The middles of the ring's steps, which makes a slope of a staircase, without those on a straight line.
fn smooth(side: Side, ring: &[Corner]) -> Line {
    let mirror = if side == Side::Left { -1.0 } else { 1.0 };
    let middles: Vec<(f32, f32)> = ring
        .iter()
        .zip(ring.iter().cycle().skip(1))
        .map(|(from, to)| (f32::from(from.0 + to.0) / 2.0, f32::from(from.1 + to.1) / 2.0))
        .collect();
    let around = |n: usize| {
        let len = middles.len();
        (middles[(n + len - 1) % len], middles[n], middles[(n + 1) % len])
    };
    (0..middles.len())
        .map(around)
        .filter(|(before, at, after)| {
            // Parallel steps: nothing turns here. Halves are exact, and so is the comparison.
            (at.0 - before.0) * (after.1 - at.1) != (at.1 - before.1) * (after.0 - at.0)
        })
        .map(|(_, at, _)| Point { x: mirror * (at.0 - 0.5).max(0.0), y: at.1 - 0.5 })
        .collect()
}

#[cfg(test)]
mod tests {
    use coach::Named as _;

    use super::*;
    use crate::inside;

    /// Whether the place lies in one of the shapes, and in no hole of it.
    fn in_any(shapes: &[Line], place: Point) -> bool {
        shapes.iter().filter(|shape| inside(shape, place)).count() % 2 == 1
    }

    /// What a picture shows is what the rules say, at each centimetre.
    #[test]
    fn a_place_lies_in_the_shape_of_its_own_region_and_in_no_other() {
        for &side in Side::ALL {
            let mirror = if side == Side::Left { -1.0 } else { 1.0 };
            let regions: Vec<(Region, Vec<Line>)> =
                Region::ALL.iter().map(|&region| (region, super::region(Area { side, region }))).collect();
            let closed = closed(side);
            for down in 0..=DOWN_MAX_CM {
                for out in 0..=OUT_MAX_CM {
                    // The spine's shape ends on the midline, where the other side's begins.
                    let x = if out == 0 { 0.1 } else { f32::from(out) };
                    let place = Point { x: mirror * x, y: f32::from(down) };
                    let found = ground(out, down);
                    for (region, shapes) in &regions {
                        let shown = in_any(shapes, place);
                        assert_eq!(shown, found == Ok(*region), "{region} at {out} out, {down} down, {side}");
                    }
                    let shut = !matches!(found, Ok(_) | Err(Refusal::OffTheChart));
                    assert_eq!(in_any(&closed, place), shut, "closed at {out} out, {down} down, {side}");
                }
            }
        }
    }

    #[test]
    fn strokes_lie_on_closed_ground_alone() {
        for &side in Side::ALL {
            let strokes = hatching(side);
            assert!(strokes.len() > 50, "{}", strokes.len());
            for stroke in &strokes {
                let [from, to] = stroke[..] else { panic!("a stroke has two ends: {stroke:?}") };
                let middle = Point { x: f32::midpoint(from.x, to.x), y: f32::midpoint(from.y, to.y) };
                assert!(in_any(&closed(side), middle), "{stroke:?}");
            }
        }
    }

    #[test]
    fn every_region_has_a_shape_on_both_sides() {
        for &side in Side::ALL {
            for &region in Region::ALL {
                let shapes = super::region(Area { side, region });
                assert!(shapes.iter().any(|shape| shape.len() > 4), "{region} on their {side}");
            }
        }
    }
}
