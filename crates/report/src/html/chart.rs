//! The back with the spots of a session on it: a sketch, as the body chart is.

use coach::Named as _;
use coach::body::{Area, Region, Side, Spot};
use maud::{Markup, html};
use outline::{BOTTOM_CM, HALF_WIDTH_CM, Line, TOP_CM};
use transcript::{Entry, Kind, StoredSpot};
use words::Words;

use crate::measure::Hold;

/// From the body to the numbers beside it, and from those to the edge, in centimetres.
const MARGIN: f32 = 3.0;

/// The least distance between two numbers, in centimetres.
const APART: f32 = 4.0;

/// The text of a place where it was felt, and not pressed.
const FELT: &str = "F";

/// A spot on the picture, and what is written beside it.
#[derive(Debug, PartialEq)]
struct Mark {
    x: f32,
    y: f32,
    text: String,
    /// Where the text is, in the margin of its side.
    beside: f32,
}

/// The figure; nothing where no spot was given.
pub(super) fn figure(holds: &[Hold], entries: &[Entry], words: &Words) -> Markup {
    let mut places: Vec<(StoredSpot, Vec<String>)> = Vec::new();
    for (number, hold) in (1_usize..).zip(holds) {
        let Some(place) = hold.place else { continue };
        let number = number.to_string();
        // Holds at the same place share a mark.
        match places.iter_mut().find(|(found, _)| *found == place) {
            Some((_, numbers)) => numbers.push(number),
            None => places.push((place, vec![number])),
        }
    }
    if places.is_empty() {
        return html! {};
    }
    let felt: Vec<StoredSpot> = entries.iter().filter_map(felt).collect();
    let (width, height) = (HALF_WIDTH_CM + 2.0 * MARGIN, BOTTOM_CM - TOP_CM);
    let view = format!("{} {} {} {}", -width, TOP_CM - 5.0, 2.0 * width, height + 6.0);
    let numbered = places.iter().map(|(place, numbers)| (*place, numbers.join("·")));
    let marks = beside(numbered.chain(felt.iter().map(|place| (*place, FELT.to_owned()))));
    html! {
        figure.chart {
            svg viewBox=(view) role="img" aria-label="The back from behind, with the spots of the holds by their numbers" {
                (body(&places))
                text.mark x=(-width) y=(TOP_CM - 2.0) { "their LEFT" }
                text.mark x=(width) y=(TOP_CM - 2.0) text-anchor="end" { "their RIGHT" }
                @for mark in &marks {
                    @let out = (HALF_WIDTH_CM + MARGIN / 2.0).copysign(mark.x);
                    line.leader x1=(mark.x) y1=(mark.y) x2=(out) y2=(mark.beside) {}
                    circle class=(if mark.text == FELT { "felt" } else { "spot" }) cx=(mark.x) cy=(mark.y) r="0.9" {}
                    text.number x=((HALF_WIDTH_CM + MARGIN).copysign(mark.x)) y=(mark.beside + 1.0) { (mark.text) }
                }
            }
            figcaption { "The back from behind, the head up. "
                @for (place, numbers) in &places { (legend(*place, numbers, words)) }
                @if !felt.is_empty() { "F is where it was felt as well; nothing was pressed there. " }
                "Hatched ground is closed. A sketch, not a measure of this body." }
        }
    }
}

/// The body with its bones; closed ground is hatched, and each region in which a hold was is filled.
fn body(places: &[(StoredSpot, Vec<String>)]) -> Markup {
    let held = |area: Area| places.iter().any(|(place, _)| region(*place) == Some(area));
    let areas =
        || Side::ALL.iter().flat_map(|&side| Region::ALL.iter().map(move |&region| Area { side, region }));
    let closed = Side::ALL.iter().flat_map(|&side| outline::hatching(side));
    html! {
        path.body d=(path(&[outline::body()], true)) {}
        path.open d=(path(&areas().flat_map(outline::region).collect::<Vec<_>>(), true)) {}
        path.held d=(path(&areas().filter(|area| held(*area)).flat_map(outline::region).collect::<Vec<_>>(), true)) {}
        path.hatch d=(path(&closed.collect::<Vec<_>>(), false)) {}
        path.bone d=(path(&outline::blades(), false)) {}
        path.bone d=(path(&outline::hips(), false)) {}
        path.bone d=(path(&outline::spine(), false)) {}
    }
}

/// Lines as the data of a path, each closed where they are edges; tenths of a millimetre are left out.
fn path(lines: &[Line], closed: bool) -> String {
    let mut data = String::new();
    for line in lines {
        for (n, point) in line.iter().enumerate() {
            let letter = if n == 0 { "M" } else { "L" };
            data.push_str(&format!("{letter}{:.1} {:.1}", point.x, point.y));
        }
        if closed {
            data.push('Z');
        }
    }
    data
}

/// The marks with their texts in the margins: one under the other, as near to their spots as they can be without one
/// covering another.
fn beside(spots: impl Iterator<Item = (StoredSpot, String)>) -> Vec<Mark> {
    let mut marks: Vec<Mark> = spots
        .map(|(place, text)| {
            let out = f32::from(place.out_cm);
            let x = if place.side == Side::Left { -out } else { out };
            let y = f32::from(place.down_cm);
            Mark { x, y, text, beside: y }
        })
        .collect();
    marks.sort_by(|a, b| a.y.total_cmp(&b.y).then(b.x.abs().total_cmp(&a.x.abs())));
    for left in [true, false] {
        let mut column: Vec<&mut Mark> =
            marks.iter_mut().filter(|mark| mark.x.is_sign_negative() == left).collect();
        let mut least = f32::MIN;
        for mark in &mut column {
            mark.beside = mark.beside.max(least);
            least = mark.beside + APART;
        }
        let mut most = BOTTOM_CM - 1.0;
        for mark in column.iter_mut().rev() {
            mark.beside = mark.beside.min(most);
            most = mark.beside - APART;
        }
    }
    marks
}

fn felt(entry: &Entry) -> Option<StoredSpot> {
    match entry.kind {
        Kind::Felt { side, out_cm, down_cm, .. } => Some(StoredSpot { side, out_cm, down_cm }),
        _ => None,
    }
}

fn region(place: StoredSpot) -> Option<Area> {
    Spot::try_from(place).ok().map(Spot::area)
}

/// The numbers of the holds at a place, and the name of its region.
fn legend(place: StoredSpot, numbers: &[String], words: &Words) -> String {
    let side = words.name(place.side);
    let numbers = numbers.join(" and ");
    match region(place) {
        Some(area) => format!("{numbers}: {side} {}. ", words.name(area.region)),
        None => format!("{numbers}: {side}. "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(side: Side, out_cm: u8, down_cm: u8) -> StoredSpot {
        StoredSpot { side, out_cm, down_cm }
    }

    fn texts(places: &[StoredSpot]) -> Vec<Mark> {
        beside((1..).zip(places).map(|(n, place): (u32, _)| (*place, n.to_string())))
    }

    #[test]
    fn no_number_covers_another_however_near_the_spots_lie() {
        let near: Vec<StoredSpot> = (0..6).map(|n| at(Side::Left, 8, 12 + n % 2)).collect();
        let low: Vec<StoredSpot> = (0..6).map(|n| at(Side::Right, 10, 60 - n)).collect();
        for places in [&near, &low] {
            let mut at: Vec<f32> = texts(places).iter().map(|mark| mark.beside).collect();
            at.sort_by(f32::total_cmp);
            assert_eq!(at.len(), 6);
            assert!(at.windows(2).all(|pair| pair[1] - pair[0] >= APART), "{at:?}");
            assert!(at.iter().all(|y| (TOP_CM..BOTTOM_CM).contains(y)), "{at:?}");
        }
    }

    #[test]
    fn a_number_that_has_room_is_level_with_its_spot() {
        let marks = texts(&[at(Side::Left, 8, 12), at(Side::Right, 8, 13), at(Side::Left, 8, 30)]);
        assert!(marks.iter().all(|mark| mark.beside == mark.y), "{marks:?}");
    }

    #[test]
    fn only_regions_with_a_hold_are_filled() {
        let rhomboids = at(Side::Left, 6, 20);
        let drawn = body(&[(rhomboids, vec!["1".to_owned()])]).into_string();
        let shape = path(&outline::region(region(rhomboids).unwrap()), true);
        assert!(drawn.contains(&format!(r#"<path class="held" d="{shape}">"#)), "{drawn}");
    }
}
