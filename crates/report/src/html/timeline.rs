//! The timeline of a session: the rating as it stood with the ceiling across it, holds shaded by how they ended, silences
//! of the link as gaps, and SHARP.

use coach::{Freshness, Outcome, Rating};
use maud::{Markup, html};
use transcript::{Entry, Kind};
use words::Words;

use crate::measure::Measures;
use crate::text::clock;

const WIDTH: u64 = 1_000;
const LEFT: u64 = 34;
const TOP: u64 = 26;
/// From one rating to the next.
const STEP: u64 = 22;
const BOTTOM: u64 = TOP + 9 * STEP;
/// Under the ratings: the numbers of the holds and the times.
const HEIGHT: u64 = BOTTOM + 44;
/// Between two marks of time, the first that leaves room for its words.
const MARKS_MIN: [u64; 6] = [1, 2, 5, 10, 30, 60];
const MOST_MARKS: u64 = 12;
/// The width of such a mark's words.
const LABEL: u64 = 45;

/// The figure, with its content in words below it.
pub(super) fn figure(entries: &[Entry], measures: &Measures, words: &Words) -> Markup {
    let end = entries.iter().map(|entry| entry.at_ms).max().unwrap_or(0).max(1);
    let x = |ms: u64| LEFT + ms.min(end) * (WIDTH - LEFT - 10) / end;
    let y = |rating: u8| BOTTOM - u64::from(rating.saturating_sub(1)) * STEP;
    let gaps = gaps(entries, end);
    let sharps = entries.iter().filter(|entry| matches!(entry.kind, Kind::Sharp {})).map(|entry| entry.at_ms);
    let every =
        MARKS_MIN.into_iter().find(|minutes| end / (minutes * 60_000) <= MOST_MARKS).unwrap_or(60) * 60_000;
    html! {
        figure {
            div.scroll.wide { svg viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) role="img" aria-label=(in_words(entries, measures, &gaps)) {
                @for rating in 1..=10_u8 {
                    line.grid x1=(LEFT) x2=(WIDTH - 10) y1=(y(rating)) y2=(y(rating)) {}
                    text.soft x=(LEFT - 8) y=(y(rating) + 4) text-anchor="end" { (rating) }
                }
                @for (number, hold) in (1_usize..).zip(&measures.holds) {
                    rect class=(format!("hold {}", class(hold.outcome))) x=(x(hold.began_ms)) y=(TOP)
                        width=((x(hold.ended_ms) - x(hold.began_ms)).max(2)) height=(BOTTOM - TOP) {}
                    text x=(x(hold.began_ms)) y=(BOTTOM + 16) { (number) " " (words.name(hold.outcome)) }
                }
                @for (from, to) in &gaps {
                    rect.gap x=(x(*from)) y=(TOP) width=((x(*to) - x(*from)).max(2)) height=(BOTTOM - TOP) {}
                }
                line.ceiling x1=(LEFT) x2=(WIDTH - 10) y1=(y(Rating::CEILING.value())) y2=(y(Rating::CEILING.value())) {}
                @for stretch in stretches(entries, end) { polyline.rating points=(points(&stretch, x, y)) {} }
                @for at in sharps {
                    line.sharp x1=(x(at)) x2=(x(at)) y1=(TOP) y2=(BOTTOM) {}
                    text.alarm x=(x(at)) y=(TOP - 8) text-anchor="middle" { "SHARP" }
                }
                @for at in (0..=end / every).map(|mark| mark * every).filter(|at| x(*at) + LABEL <= WIDTH) {
                    text.soft x=(x(at)) y=(HEIGHT - 6) { (at / 60_000) " min" }
                }
            } }
            figcaption { (in_words(entries, measures, &gaps)) }
        }
    }
}

/// What the drawing shows.
fn in_words(entries: &[Entry], measures: &Measures, gaps: &[(u64, u64)]) -> String {
    let mut text = String::from("The rating over time, with the ceiling of 5 dashed across it.");
    for (number, hold) in (1_usize..).zip(&measures.holds) {
        let ratings = hold.start_peak_end().map_or_else(
            || "no rating".to_owned(),
            |[start, peak, end]| format!("rated {start}, at most {peak}, {end} at its end"),
        );
        let (from, to) = (clock(hold.began_ms), clock(hold.ended_ms));
        text.push_str(&format!(" Hold {number}, {from} to {to}: {ratings}, {}.", hold.outcome));
    }
    for entry in entries.iter().filter(|entry| matches!(entry.kind, Kind::Sharp {})) {
        text.push_str(&format!(" SHARP at {}.", clock(entry.at_ms)));
    }
    match gaps {
        [] => {}
        [(from, to)] => text.push_str(&format!(" No signal from {} to {}.", clock(*from), clock(*to))),
        many => {
            let sum = many.iter().map(|(from, to)| to - from).sum();
            text.push_str(&format!(" No signal {} times, {} in all.", many.len(), clock(sum)));
        }
    }
    text
}

/// When nothing was known of the rating because the link was silent.
fn gaps(entries: &[Entry], end: u64) -> Vec<(u64, u64)> {
    let mut gaps = Vec::new();
    let mut since = None;
    for entry in entries {
        let Kind::Freshness { state } = entry.kind else { continue };
        match state {
            Freshness::Stale | Freshness::Lost => since = since.or(Some(entry.at_ms)),
            Freshness::Live | Freshness::None => gaps.extend(since.take().map(|since| (since, entry.at_ms))),
        }
    }
    gaps.extend(since.map(|since| (since, end)));
    gaps
}

/// The rating as steps, in pieces: it is drawn only where it was known.
fn stretches(entries: &[Entry], end: u64) -> Vec<Vec<(u64, u8)>> {
    let mut stretches: Vec<Vec<(u64, u8)>> = Vec::new();
    let mut open: Option<(Vec<(u64, u8)>, u8)> = None;
    let mut close = |open: &mut Option<(Vec<(u64, u8)>, u8)>, at: u64| {
        if let Some((mut points, value)) = open.take() {
            points.push((at, value));
            stretches.push(points);
        }
    };
    for entry in entries {
        match entry.kind {
            Kind::Rating { value, late: false } => {
                let value = value.value();
                let (points, last) = open.get_or_insert_with(|| (Vec::new(), value));
                points.extend([(entry.at_ms, *last), (entry.at_ms, value)]);
                *last = value;
            }
            Kind::Freshness { state: Freshness::Stale | Freshness::Lost | Freshness::None } => {
                close(&mut open, entry.at_ms);
            }
            _ => {}
        }
    }
    close(&mut open, end);
    stretches
}

fn points(stretch: &[(u64, u8)], x: impl Fn(u64) -> u64, y: impl Fn(u8) -> u64) -> String {
    stretch.iter().map(|(at, value)| format!("{},{}", x(*at), y(*value))).collect::<Vec<_>>().join(" ")
}

const fn class(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Done => "done",
        Outcome::Cut => "cut",
        Outcome::Void => "void",
    }
}
