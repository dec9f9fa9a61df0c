//! The body: its outline and the bones that a partner finds with a finger.

use crate::{Line, Point};

/// The top of the head.
pub const TOP_CM: f32 = -19.0;
/// The lowest line, where the thighs begin.
pub const BOTTOM_CM: f32 = 71.0;
/// From the spine to the outside of an arm.
pub const HALF_WIDTH_CM: f32 = 23.0;

/// Points between two that are given, so that a curve looks like one.
const STEPS: u8 = 4;

/// The right half from the crown to the crotch, as (x, y) in centimetres: head, ear, neck, shoulder, the arm down to the
/// elbow and back up to the armpit, waist, hip, thigh.
const HALF: &[(f32, f32)] = &[
    (0.0, -19.0),
    (4.2, -18.3),
    (7.0, -15.5),
    (7.9, -11.5),
    (7.9, -9.5),
    (8.8, -9.3),
    (8.9, -6.5),
    (7.9, -5.0),
    (7.2, -2.0),
    (6.7, 1.0),
    (6.8, 5.0),
    (7.6, 8.3),
    (10.5, 10.3),
    (14.5, 11.3),
    (18.2, 12.6),
    (20.9, 15.5),
    (21.9, 20.0),
    (22.2, 26.0),
    (22.6, 32.0),
    (22.3, 38.0),
    (21.5, 42.0),
    (19.6, 43.0),
    (18.3, 41.0),
    (18.0, 36.0),
    (17.6, 30.0),
    (16.9, 26.0),
    (16.4, 23.6),
    (16.0, 27.0),
    (15.2, 32.0),
    (14.5, 37.0),
    (14.1, 42.0),
    (14.3, 46.0),
    (15.4, 50.0),
    (17.0, 54.0),
    (18.2, 59.0),
    (18.8, 64.0),
    (18.9, 71.0),
    (1.2, 71.0),
    (0.9, 68.0),
    (0.0, 66.5),
];

/// Where the outline has a corner: a curve through it would swing out beside it.
const CORNERS: &[(f32, f32)] = &[(16.4, 23.6), (18.9, 71.0), (1.2, 71.0), (7.9, -9.5), (7.9, -5.0)];

/// One shoulder blade, from the tip of its spine at the shoulder inward, down its inner border, round the lower tip and
/// up to the armpit.
const BLADE: &[(f32, f32)] = &[
    (16.6, 12.9),
    (13.5, 13.4),
    (10.6, 14.6),
    (8.6, 16.2),
    (8.2, 19.0),
    (8.2, 23.0),
    (8.5, 26.2),
    (9.3, 27.4),
    (10.3, 26.6),
    (12.0, 23.6),
    (13.6, 20.2),
    (14.9, 16.8),
];

/// The crest of one hip and the edge of the sacrum below it.
const HIP: &[(f32, f32)] = &[
    (15.8, 54.6),
    (14.0, 52.6),
    (11.0, 51.9),
    (8.0, 52.2),
    (5.6, 53.4),
    (4.0, 55.6),
    (2.2, 59.5),
    (0.0, 62.0),
];

/// The outline of the body, closed: a row of points clockwise from the crown.
#[must_use]
pub fn body() -> Line {
    let right = curve(HALF);
    let left = right.iter().rev().filter(|point| point.x > 0.0).map(mirrored);
    right.iter().copied().chain(left).collect()
}

/// The shoulder blades, open lines.
#[must_use]
pub fn blades() -> [Line; 2] {
    both(BLADE)
}

/// The crests of the hips and the sacrum, open lines.
#[must_use]
pub fn hips() -> [Line; 2] {
    both(HIP)
}

/// The bumps of the spine, each as the line of one vertebra, from the neck down to the sacrum; and the cleft below it.
#[must_use]
pub fn spine() -> Vec<Line> {
    let bump = |y: f32| vec![Point { x: 0.0, y }, Point { x: 0.0, y: y + 1.3 }];
    // Seven of the neck, twelve of the chest, five of the loins: closer together the higher they lie.
    let mut bumps = Vec::new();
    let mut y = 1.5;
    for n in 0_u8..24 {
        bumps.push(bump(y));
        y += match n {
            0..7 => 1.7,
            7..19 => 2.2,
            _ => 2.6,
        };
    }
    bumps.push(vec![Point { x: 0.0, y: 62.0 }, Point { x: 0.0, y: 66.5 }]);
    bumps
}

fn mirrored(point: &Point) -> Point {
    Point { x: -point.x, y: point.y }
}

fn both(half: &[(f32, f32)]) -> [Line; 2] {
    let right = curve(half);
    [right.iter().map(mirrored).collect(), right]
}

/// A curve through all of these points (Catmull and Rom's), with its corners kept.
fn curve(through: &[(f32, f32)]) -> Line {
    let at = |n: usize| through[n.min(through.len() - 1)];
    let corner = |point: (f32, f32)| CORNERS.contains(&point);
    let mut line = Line::new();
    for n in 0..through.len().saturating_sub(1) {
        let (from, to) = (at(n), at(n + 1));
        let before = if n == 0 || corner(from) { from } else { at(n - 1) };
        let after = if corner(to) { to } else { at(n + 2) };
        for step in 0..STEPS {
            let t = f32::from(step) / f32::from(STEPS);
            line.push(Point {
                x: between([before.0, from.0, to.0, after.0], t),
                y: between([before.1, from.1, to.1, after.1], t),
            });
        }
    }
    line.extend(through.last().map(|&(x, y)| Point { x, y }));
    line
}

/// A coordinate between the two in the middle.
fn between([before, from, to, after]: [f32; 4], t: f32) -> f32 {
    let (slope, bend, twist) =
        (to - before, 2.0 * before - 5.0 * from + 4.0 * to - after, 3.0 * (from - to) + after - before);
    from + 0.5 * t * (slope + t * (bend + t * twist))
}

#[cfg(test)]
mod tests {
    use coach::body::{DOWN_MAX_CM, OUT_MAX_CM, ground};

    use super::*;
    use crate::inside;

    #[test]
    fn all_ground_that_can_be_pressed_lies_on_the_body() {
        let body = body();
        for down in 0..=DOWN_MAX_CM {
            for out in 0..=OUT_MAX_CM {
                if ground(out, down).is_ok() {
                    let (x, y) = (f32::from(out), f32::from(down));
                    assert!(inside(&body, Point { x, y }), "{out} out, {down} down");
                    assert!(inside(&body, Point { x: -x, y }), "{out} out, {down} down, on their left");
                }
            }
        }
    }

    #[test]
    fn the_body_lies_within_its_frame_and_is_the_same_on_both_sides() {
        let body = body();
        for point in &body {
            assert!(
                point.x.abs() <= HALF_WIDTH_CM && (TOP_CM - 0.1..=BOTTOM_CM).contains(&point.y),
                "{point:?}"
            );
            assert!(body.contains(&Point { x: -point.x, ..*point }) || point.x == 0.0, "{point:?}");
        }
    }

    #[test]
    fn the_bones_lie_on_the_body_and_a_blade_where_the_chart_has_bone() {
        let body = body();
        for line in blades().iter().chain(&hips()).chain(&spine()) {
            for point in line {
                let near = Point { x: point.x * 0.999, y: point.y.min(66.0) };
                assert!(inside(&body, near), "{point:?}");
            }
        }
        let inner = Point { x: 8.2, y: 21.0 };
        assert!(ground(8, 21).is_err() && blades()[1].iter().any(|point| (point.x - inner.x).abs() < 0.1));
    }

    #[test]
    fn their_left_blade_is_on_the_left() {
        let [left, right] = blades();
        assert!(left.iter().all(|point| point.x < 0.0) && right.iter().all(|point| point.x > 0.0));
    }
}
