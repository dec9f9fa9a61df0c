//! The back with the spots of a session on it: a sketch, as the body chart is.

use std::collections::BTreeMap;

use coach::body::{DOWN_MAX_CM, OUT_MAX_CM, Side, ground};
use maud::{Markup, html};
use transcript::{Entry, Kind};

use crate::measure::Hold;

/// Around the sketch, in centimetres.
const MARGIN: i32 = 3;

/// The figure; nothing where no spot was given.
pub(super) fn figure(holds: &[Hold], entries: &[Entry]) -> Markup {
    // Holds at the same place share a mark.
    let mut spots: BTreeMap<(i32, i32), Vec<String>> = BTreeMap::new();
    for (number, hold) in (1_usize..).zip(holds) {
        if let Some(place) = hold.place {
            let at = (across(place.side, place.out_cm), i32::from(place.down_cm));
            spots.entry(at).or_default().push(number.to_string());
        }
    }
    if spots.is_empty() {
        return html! {};
    }
    let felt: Vec<(i32, u8)> = entries
        .iter()
        .filter_map(|entry| match entry.kind {
            Kind::Felt { side, out_cm, down_cm, .. } => Some((across(side, out_cm), down_cm)),
            _ => None,
        })
        .collect();
    let (out, down) = (i32::from(OUT_MAX_CM), i32::from(DOWN_MAX_CM));
    let view = format!("{} {} {} {}", -out - MARGIN, -MARGIN, 2 * (out + MARGIN), down + 2 * MARGIN);
    html! {
        figure.chart {
            svg viewBox=(view) role="img" aria-label="The back from behind, with the spots of the holds by their numbers" {
                @for (x, y, width) in rows() { rect.open x=(x) y=(y) width=(width) height="1.05" {} }
                line.outline x1="0" y1="0" x2="0" y2=(down) {}
                text.mark x=(-out) y="-0.6" { "their LEFT" }
                text.mark x=(out) y="-0.6" text-anchor="end" { "their RIGHT" }
                @for ((x, y), numbers) in spots {
                    circle.spot cx=(x) cy=(y) r=(1.2 + 0.6 * f64::from(u8::try_from(numbers.len()).unwrap_or(9))) {}
                    text.number x=(x) y=(f64::from(y) + 0.8) { (numbers.join("·")) }
                }
                @for (x, y) in &felt { text.mark x=(x) y=(f64::from(*y) + 0.8) text-anchor="middle" { "F" } }
            }
            figcaption { "The back from behind, the head up; numbers are those of the holds. A sketch, not a measure of this body. "
                @if !felt.is_empty() { "F is where it was felt as well; nothing was pressed there. " }
                "Grey is open ground; the spine and all that is white is closed." }
        }
    }
}

/// Open ground, row by row: where a stretch begins, in which row, and how long it is.
fn rows() -> Vec<(i32, u8, i32)> {
    let mut rows = Vec::new();
    for down in 0..=DOWN_MAX_CM {
        let mut out = 0;
        while out <= OUT_MAX_CM {
            let open = (out..=OUT_MAX_CM).take_while(|out| ground(*out, down).is_ok()).count();
            let Ok(length) = u8::try_from(open) else { break };
            if length > 0 {
                rows.push((across(Side::Right, out), down, i32::from(length)));
                rows.push((across(Side::Left, out + length), down, i32::from(length)));
            }
            out = out.saturating_add(length.max(1));
        }
    }
    rows
}

/// As seen from behind the receiver's left is on the left.
const fn across(side: Side, out_cm: u8) -> i32 {
    match side {
        Side::Left => -(out_cm as i32),
        Side::Right => out_cm as i32,
    }
}
