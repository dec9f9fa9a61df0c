//! Drawing of a figure over sessions: its value at the beginning and end of each, and the levels at which the words for
//! the change from the first one differ. A text below it says the same.

use coach::Rating;
use maud::{Markup, html};

use super::day;
use crate::change::{much_better_at, noticed_at};
use crate::trend::{Series, Sittings};

/// Small enough that on a phone its letters can be read.
const WIDTH: u64 = 480;
const LEFT: u64 = 28;
/// Right edge of the plot. The labels of the levels are right of it, where they hide no session.
const RIGHT: u64 = WIDTH - 104;
const TOP: u64 = 12;
/// From one rating to the next.
const STEP: u64 = 17;
const BOTTOM: u64 = TOP + 9 * STEP;
const HEIGHT: u64 = BOTTOM + 26;

/// More sessions than this are a smear: the latest are drawn, and it is said.
const MOST: usize = 60;

/// The figure; `ends` are the words for the figure at the beginning of a session and at its end.
pub(super) fn figure<T>(
    sittings: &Sittings,
    series: &Series<T>,
    what: &str,
    ends: Option<(&str, &str)>,
) -> Markup {
    let skipped = series.points.len().saturating_sub(MOST);
    let points = series.points.get(skipped..).unwrap_or_default();
    let at = |place: usize| sittings.each.get(place).map_or("", |sitting| sitting.started.as_str());
    let (Some((first, ..)), Some((last, ..))) = (points.first(), points.last()) else { return html! {} };
    let (from, to) = (seconds(at(*first)), seconds(at(*last)));
    let x = |place: usize| across(seconds(at(place)), from, to);
    let y = |rating: Rating| BOTTOM - u64::from(rating.value() - 1) * STEP;
    let line: Vec<String> = points
        .iter()
        .filter_map(|(place, before, _)| Some(format!("{},{}", x(*place), y((*before)?))))
        .collect();
    let baseline = series.points.iter().find_map(|(_, before, _)| *before);
    let (noticed, much) = (baseline.and_then(noticed_at), baseline.and_then(much_better_at));
    let (begins, ends) = ends.unwrap_or(("beginning", "end"));
    let told = in_words(what, baseline, noticed, much, points, (begins, ends));
    html! {
        figure.series {
            svg viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) role="img" aria-label=(told) {
                @for rating in (1..=10).filter_map(Rating::new) {
                    line.grid x1=(LEFT) x2=(RIGHT) y1=(y(rating)) y2=(y(rating)) {}
                    text.soft x=(LEFT - 8) y=(y(rating) + 4) text-anchor="end" { (rating) }
                }
                @for (class, line) in [("noticed", noticed), ("much", much)] {
                    @if let Some(rating) = line {
                        line class=(class) x1=(LEFT) x2=(RIGHT) y1=(y(rating)) y2=(y(rating)) {}
                    }
                }
                polyline.rating points=(line.join(" ")) {}
                @for (place, before, after) in points {
                    @if let (Some(before), Some(after)) = (before, after) {
                        line.within x1=(x(*place)) x2=(x(*place)) y1=(y(*before)) y2=(y(*after)) {}
                    }
                    @if let Some(after) = after { circle.after cx=(x(*place)) cy=(y(*after)) r="4" {} }
                    @if let Some(before) = before { circle.before cx=(x(*place)) cy=(y(*before)) r="4" {} }
                }
                @for (words, line) in [("people notice", noticed), ("much better", much)] {
                    @if let Some(rating) = line {
                        text.line x=(RIGHT + 5) y=(y(rating) + 4) { (words) }
                    }
                }
                text.soft x=(LEFT) y=(HEIGHT - 6) { (day(at(*first))) }
                text.soft x=(RIGHT) y=(HEIGHT - 6) text-anchor="end" { (day(at(*last))) }
            }
            figcaption {
                (told)
                @if skipped > 0 { " The latest " (MOST) " of " (series.points.len()) " are drawn." }
            }
        }
    }
}

fn in_words(
    what: &str,
    baseline: Option<Rating>,
    noticed: Option<Rating>,
    much: Option<Rating>,
    points: &[(usize, Option<Rating>, Option<Rating>)],
    (begins, ends): (&str, &str),
) -> String {
    let mut text = format!("{what}, 1 to 10, session by session: full dots {begins}, open dots {ends}.");
    let values: Vec<Rating> = points.iter().filter_map(|(_, before, _)| *before).collect();
    if let (Some(least), Some(most)) = (values.iter().min(), values.iter().max()) {
        text.push_str(&format!(" From {least} to {most} {begins}."));
    }
    if let Some(baseline) = baseline {
        match noticed {
            Some(noticed) => {
                text.push_str(&format!(
                    " From the first, {baseline}, the smallest change that people notice: {noticed}"
                ));
                text.push_str(
                    &much.map_or_else(
                        || ".".to_owned(),
                        |much| format!("; what they call much better: {much}."),
                    ),
                );
            }
            None => text.push_str(&format!(
                " Below the first, {baseline}, there is no room for a change that people notice."
            )),
        }
    }
    text
}

/// Unix seconds; 0 if it cannot be parsed.
fn seconds(wall: &str) -> i64 {
    wall.parse::<jiff::Timestamp>().map_or(0, jiff::Timestamp::as_second)
}

/// Where a time lies; in the middle where all of them are one.
fn across(at: i64, from: i64, to: i64) -> u64 {
    // Room for a dot at both ends.
    let (left, right) = (LEFT + 8, RIGHT - 8);
    match u64::try_from(to - from) {
        Ok(span) if span > 0 => {
            left + u64::try_from(at - from).unwrap_or(0).min(span) * (right - left) / span
        }
        _ => left.midpoint(right),
    }
}
