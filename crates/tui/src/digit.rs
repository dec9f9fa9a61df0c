//! The digit that is read across a room: drawn with strokes, so that it is whole at any size, and 10 is one glyph.
//!
//! **Invariant:** [`draw`] takes a [`Live`], which is made of [`RatingNow::Live`] alone. What is not Live has no digit.

use std::time::Duration;

use coach::{Rating, RatingNow};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::cells::put;

/// A rating that may be drawn as a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Live {
    rating: Rating,
    age: Duration,
}

impl Live {
    /// The one way in.
    pub(crate) const fn of(now: RatingNow) -> Option<Self> {
        match now {
            RatingNow::Live { rating, age } => Some(Self { rating, age }),
            RatingNow::None | RatingNow::Stale | RatingNow::Lost => None,
        }
    }

    pub(crate) const fn rating(self) -> Rating {
        self.rating
    }

    pub(crate) const fn age(self) -> Duration {
        self.age
    }
}

/// A stroke: points joined by straight lines, in hundredths of the height; x grows to the right, y down.
type Stroke = &'static [(f32, f32)];

/// A digit is this wide, in hundredths of its height, strokes included.
const WIDE: f32 = 66.0;

/// Half the thickness of a stroke, in hundredths of the height. Thick strokes carry further than thin ones, and the
/// gaps of 6, 8 and 9 stay open at eight rows.
const HALF_STROKE: f32 = 8.5;

/// The middle of the strokes lies between these, so that their outer edges touch 0 and 100.
const TOP: f32 = HALF_STROKE;
const BOTTOM: f32 = 100.0 - HALF_STROKE;
const LEFT: f32 = HALF_STROKE;
const RIGHT: f32 = WIDE - HALF_STROKE;

/// The glyphs of 1 to 10. A five has a flat top and an open left side, a six a slanted back and a closed ring: these
/// two have to be told apart at a glance.
const fn glyph(rating: Rating) -> (f32, &'static [Stroke]) {
    const ONE: &[Stroke] = &[&[(16.0, 26.0), (37.0, TOP), (37.0, BOTTOM)], &[(18.0, BOTTOM), (56.0, BOTTOM)]];
    const TWO: &[Stroke] = &[&[
        (LEFT, 28.0),
        (14.0, 14.0),
        (26.0, TOP),
        (42.0, TOP),
        (54.0, 15.0),
        (RIGHT, 27.0),
        (54.0, 42.0),
        (LEFT, BOTTOM),
        (RIGHT, BOTTOM),
    ]];
    const THREE: &[Stroke] = &[&[
        (LEFT, TOP),
        (RIGHT, TOP),
        (32.0, 42.0),
        (46.0, 45.0),
        (56.0, 56.0),
        (RIGHT, 70.0),
        (52.0, 85.0),
        (38.0, BOTTOM),
        (22.0, BOTTOM),
        (LEFT, 83.0),
    ]];
    const FOUR: &[Stroke] = &[&[(40.0, TOP), (LEFT, 66.0), (RIGHT, 66.0)], &[(46.0, 40.0), (46.0, BOTTOM)]];
    const FIVE: &[Stroke] = &[&[
        (RIGHT, TOP),
        (12.0, TOP),
        (10.0, 46.0),
        (24.0, 40.0),
        (42.0, 42.0),
        (54.0, 52.0),
        (RIGHT, 66.0),
        (54.0, 80.0),
        (42.0, BOTTOM),
        (24.0, BOTTOM),
        (LEFT, 82.0),
    ]];
    const SIX: &[Stroke] = &[&[
        (50.0, TOP),
        (28.0, 24.0),
        (13.0, 48.0),
        (LEFT, 66.0),
        (12.0, 81.0),
        (24.0, BOTTOM),
        (42.0, BOTTOM),
        (54.0, 81.0),
        (RIGHT, 67.0),
        (53.0, 54.0),
        (41.0, 46.0),
        (26.0, 47.0),
        (12.0, 58.0),
    ]];
    const SEVEN: &[Stroke] = &[&[(LEFT, TOP), (RIGHT, TOP), (26.0, BOTTOM)]];
    const EIGHT: &[Stroke] = &[&[
        (33.0, 47.0),
        (18.0, 41.0),
        (11.0, 28.0),
        (17.0, 14.0),
        (33.0, TOP),
        (49.0, 14.0),
        (55.0, 28.0),
        (48.0, 41.0),
        (33.0, 47.0),
        (15.0, 55.0),
        (LEFT, 70.0),
        (15.0, 85.0),
        (33.0, BOTTOM),
        (51.0, 85.0),
        (RIGHT, 70.0),
        (51.0, 55.0),
        (33.0, 47.0),
    ]];
    const NINE: &[Stroke] = &[&[
        (54.0, 42.0),
        (40.0, 53.0),
        (25.0, 54.0),
        (13.0, 46.0),
        (LEFT, 33.0),
        (12.0, 19.0),
        (24.0, TOP),
        (42.0, TOP),
        (54.0, 19.0),
        (RIGHT, 34.0),
        (53.0, 52.0),
        (38.0, 76.0),
        (16.0, BOTTOM),
    ]];
    // The one is a bare stem, so that the whole is not twice as wide as the others.
    const TEN: &[Stroke] = &[
        &[(LEFT, 24.0), (22.0, TOP), (22.0, BOTTOM)],
        &[
            (65.0, TOP),
            (51.0, 18.0),
            (46.0, 38.0),
            (46.0, 62.0),
            (51.0, 82.0),
            (65.0, BOTTOM),
            (79.0, 82.0),
            (84.0, 62.0),
            (84.0, 38.0),
            (79.0, 18.0),
            (65.0, TOP),
        ],
    ];
    match rating.value() {
        1 => (WIDE, ONE),
        2 => (WIDE, TWO),
        3 => (WIDE, THREE),
        4 => (WIDE, FOUR),
        5 => (WIDE, FIVE),
        6 => (WIDE, SIX),
        7 => (WIDE, SEVEN),
        8 => (WIDE, EIGHT),
        9 => (WIDE, NINE),
        // A rating is 1 to 10.
        _ => (92.5, TEN),
    }
}

/// The columns a digit of this many rows takes: a cell is twice as high as it is wide.
pub(crate) fn columns(rows: u16) -> u16 {
    // The widest, so that nothing jumps when 9 becomes 10.
    (f32::from(rows) * 2.0 * 0.925).ceil() as u16
}

/// The rows of the highest digit that fits.
pub(crate) fn rows_in(area: Rect) -> u16 {
    (0..=area.height).rev().find(|&rows| columns(rows) <= area.width).unwrap_or(0)
}

/// Draws the digit in the middle of the area, as high as it can be.
pub(crate) fn draw(live: Live, area: Rect, buf: &mut Buffer, style: Style) {
    let rows = rows_in(area);
    if rows == 0 {
        return;
    }
    let (wide, strokes) = glyph(live.rating());
    // Half a cell is about as high as it is wide, and is the dot that is drawn with.
    let unit = 100.0 / f32::from(rows * 2);
    let width = ((wide / unit).ceil() as u16).min(area.width);
    let (left, top) = (area.x + (area.width - width) / 2, area.y + (area.height - rows) / 2);
    for y in 0..rows {
        for x in 0..width {
            let ink = |half: u16| {
                let dot = ((f32::from(x) + 0.5) * unit, (f32::from(y * 2 + half) + 0.5) * unit);
                strokes.iter().any(|stroke| is_inked(stroke, dot))
            };
            let symbol = match (ink(0), ink(1)) {
                (true, true) => "█",
                (true, false) => "▀",
                (false, true) => "▄",
                (false, false) => continue,
            };
            put(buf, left + x, top + y, symbol, style);
        }
    }
}

fn is_inked(stroke: Stroke, (x, y): (f32, f32)) -> bool {
    stroke.windows(2).any(|ends| {
        let &[(ax, ay), (bx, by)] = ends else { return false };
        let (along, across) = (bx - ax, by - ay);
        let length = along * along + across * across;
        let part = (((x - ax) * along + (y - ay) * across) / length).clamp(0.0, 1.0);
        let (dx, dy) = (ax + part * along - x, ay + part * across - y);
        dx * dx + dy * dy <= HALF_STROKE * HALF_STROKE
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn picture(value: u8, rows: u16) -> Vec<String> {
        let area = Rect::new(0, 0, columns(rows), rows);
        let mut buf = Buffer::empty(area);
        let live = Live { rating: Rating::new(value).unwrap(), age: Duration::ZERO };
        draw(live, area, &mut buf, Style::new());
        let row = |y| (0..area.width).map(|x| buf[(x, y)].symbol()).collect::<String>();
        (0..rows).map(row).collect()
    }

    #[test]
    fn only_a_live_rating_can_be_drawn_as_a_number() {
        for now in [RatingNow::None, RatingNow::Stale, RatingNow::Lost] {
            assert_eq!(Live::of(now), None);
        }
        let (rating, age) = (Rating::CEILING, Duration::from_secs(3));
        assert_eq!(Live::of(RatingNow::Live { rating, age }), Some(Live { rating, age }));
    }

    #[test]
    fn every_digit_fills_the_rows_it_was_given_and_ten_is_one_of_them() {
        for rows in 4..=48 {
            let mut seen = BTreeSet::new();
            for value in 1..=10 {
                let picture = picture(value, rows);
                assert!(picture.first().is_some_and(|row| !row.trim().is_empty()), "{value} at {rows}");
                assert!(picture.last().is_some_and(|row| !row.trim().is_empty()), "{value} at {rows}");
                seen.insert(picture);
            }
            assert_eq!(seen.len(), 10, "two digits look alike at {rows} rows");
        }
    }

    /// The two that must not be taken for each other lie on either side of the ceiling.
    #[test]
    fn five_and_six_differ_in_a_good_part_of_their_cells() {
        let (five, six) = (picture(5, 8), picture(6, 8));
        let cells =
            |picture: &[String]| picture.iter().flat_map(|row| row.chars().collect::<Vec<_>>()).collect();
        let (five, six): (Vec<char>, Vec<char>) = (cells(&five), cells(&six));
        let ink = five.iter().filter(|&&cell| cell != ' ').count();
        let differ = five.iter().zip(&six).filter(|(a, b)| a != b).count();
        assert!(differ * 2 > ink, "{differ} of {ink}");
    }

    #[test]
    fn five_and_ten_at_eight_rows_look_like_this() {
        let drawn =
            |value| picture(value, 8).iter().map(|row| format!("|{}\n", row.trim_end())).collect::<String>();
        insta::assert_snapshot!(drawn(5), @r#"
        |   █████████▄
        |  ███▀▀▀▀▀▀▀
        |  ███▄▄▄▄
        |  █████████▄
        |   ▀     ▀██
        |          ██▀
        |  ███▄▄▄▄███
        |   ▀▀█████▀
        "#);
        insta::assert_snapshot!(drawn(10), @r#"
        |  ███   ▄███▄
        |▄████  ███▀███
        |▀▀███ ███   ██▄
        |  ███ ███   ███
        |  ███ ███   ███
        |  ███ ███   ██▀
        |  ███  ███▄███
        |  ███   ▀███▀
        "#);
    }
}
