//! The timeline of a session: the rating with the ceiling across it, holds shaded by outcome, silences of the link as
//! gaps, and SHARP. [`crate::timeline`] computes their times.

use coach::{Outcome, Rating};
use maud::{Markup, html};
use transcript::Entry;
use words::Words;

use crate::measure::{Hold, Measures};
use crate::text::clock;
use crate::timeline::Timeline;

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
    let line = Timeline::with_measures(entries, measures);
    let end = line.end_ms.max(1);
    let x = |ms: u64| LEFT + ms.min(end) * (WIDTH - LEFT - 10) / end;
    let y = |rating: u8| BOTTOM - u64::from(rating.saturating_sub(1)) * STEP;
    let gaps = line.gaps();
    let every =
        MARKS_MIN.into_iter().find(|minutes| end / (minutes * 60_000) <= MOST_MARKS).unwrap_or(60) * 60_000;
    html! {
        figure {
            div.scroll.wide { svg viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) role="img" aria-label=(in_words(&line, measures)) {
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
                @for stretch in line.stretches() { polyline.rating points=(points(&stretch, x, y)) {} }
                @for (hold, (guess, of)) in guesses(measures) {
                    line.guess x1=(x(hold.ended_ms)) x2=(x(hold.ended_ms)) y1=(y(of.value())) y2=(y(guess.value())) {}
                    polygon.guess points=(diamond(x(hold.ended_ms), y(guess.value()))) {}
                }
                @for at in line.sharps() {
                    line.sharp x1=(x(at)) x2=(x(at)) y1=(TOP) y2=(BOTTOM) {}
                    text.alarm x=(x(at)) y=(TOP - 8) text-anchor="middle" { "SHARP" }
                }
                @for at in (0..=end / every).map(|mark| mark * every).filter(|at| x(*at) + LABEL <= WIDTH) {
                    text.soft x=(x(at)) y=(HEIGHT - 6) { (at / 60_000) " min" }
                }
            } }
            figcaption { (in_words(&line, measures)) }
        }
    }
}

/// What the drawing shows.
fn in_words(line: &Timeline, measures: &Measures) -> String {
    let mut text = String::from("The rating over time, with the ceiling of 5 dashed across it.");
    for (number, hold) in (1_usize..).zip(&measures.holds) {
        let ratings = hold.start_peak_end().map_or_else(
            || "no rating".to_owned(),
            |[start, peak, end]| format!("rated {start}, at most {peak}, {end} at its end"),
        );
        let (from, to) = (clock(hold.began_ms), clock(hold.ended_ms));
        let guess = hold.guess.map_or_else(String::new, |(guess, _)| format!(", guessed {guess}"));
        text.push_str(&format!(" Hold {number}, {from} to {to}: {ratings}{guess}, {}.", hold.outcome));
    }
    if guesses(measures).next().is_some() {
        text.push_str(" A diamond at the end of a hold is what the partner guessed of the rating there.");
    }
    for at in line.sharps() {
        text.push_str(&format!(" SHARP at {}.", clock(at)));
    }
    match &line.gaps()[..] {
        [] => {}
        [(from, to)] => text.push_str(&format!(" No signal from {} to {}.", clock(*from), clock(*to))),
        many => {
            let sum = many.iter().map(|(from, to)| to - from).sum();
            text.push_str(&format!(" No signal {} times, {} in all.", many.len(), clock(sum)));
        }
    }
    text
}

/// Holds with a guess of the partner, each with the guess and the rating it was of.
fn guesses(measures: &Measures) -> impl Iterator<Item = (&Hold, (Rating, Rating))> {
    measures.holds.iter().filter_map(|hold| Some((hold, hold.guess?)))
}

/// Half of a diamond's width: larger than the line is thick, smaller than a step.
const DIAMOND: u64 = 6;

fn diamond(x: u64, y: u64) -> String {
    let by = DIAMOND;
    format!("{},{y} {x},{} {},{y} {x},{}", x - by, y - by, x + by, y + by)
}

fn points(stretch: &[(u64, Rating)], x: impl Fn(u64) -> u64, y: impl Fn(u8) -> u64) -> String {
    stretch
        .iter()
        .map(|(at, rating)| format!("{},{}", x(*at), y(rating.value())))
        .collect::<Vec<_>>()
        .join(" ")
}

const fn class(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Done => "done",
        Outcome::Cut => "cut",
        Outcome::Void => "void",
    }
}
