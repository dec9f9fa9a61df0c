//! A session as one self-contained page of HTML, without scripts or external resources, for a screen, a phone, a
//! printer.
//!
//! Every drawing has its content in words beside it. What people typed is escaped by the template, never by hand.
//! Screening answers and notes are left out unless asked for, and the page says so.

pub mod across;
mod chart;
mod series;
mod timeline;

use coach::body::Spot;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use transcript::{Answered, Entry, Finding, Header, Kind, Practice, Presence, Wording};
use words::{Words, foreign_lines};

use crate::Private;
use crate::change;
use crate::measure::{DEFINITIONS, Hold, Measures, measure};
use crate::text::{clock, seconds};
use crate::totals::Totals;

const STYLE: &str = include_str!("style.css");

/// The page of a session whose entries begin with this header.
#[must_use]
pub fn page(header: &Header, entries: &[Entry], private: Private, words: &Words) -> String {
    let measures = measure(entries);
    let findings = transcript::audit(entries).findings;
    let title = format!("Unknot: session of {}", day(&header.wall));
    let body = html! {
        (heading(header, entries))
        (in_short(&measures))
        h2 { "Timeline" }
        (timeline::figure(entries, &measures, words))
        h2 { "Holds" }
        (holds(&measures.holds, words))
        (chart::figure(&measures.holds, entries, words))
        h2 { "The rules, and whether they were kept" }
        (rules(header, &findings))
        @match private {
            Private::Included => {
                h2 { "Screening" }
                (screening(entries, words))
                h2 { "Notes" }
                (notes(entries))
            }
            Private::LeftOut => {
                p.soft { "Screening answers and notes are left out of this page. "
                    code { "unknot export --format html --with-screening" } " includes them." }
            }
        }
        h2 { "What the figures mean" }
        (definitions())
    };
    document(&title, &body)
}

/// A self-contained page.
fn document(title: &str, body: &Markup) -> String {
    document_with(title, &html! {}, body)
}

/// The same with more in its head.
fn document_with(title: &str, more: &Markup, body: &Markup) -> String {
    tame(html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                (more)
                style { (PreEscaped(STYLE)) }
            }
            body { main { (body) } }
        }
    })
}

/// A page without what would turn the order of its words, or is no character of a page: the template escapes neither.
pub(crate) fn tame(page: Markup) -> String {
    let page = page.into_string();
    foreign_lines(&page).into_owned()
}

fn heading(header: &Header, entries: &[Entry]) -> Markup {
    let lasted = Presence::of(entries).lasted_ms();
    html! {
        h1 { "Session of " (day(&header.wall)) }
        p.soft {
            @if let Some(receiver) = &header.receiver { "Receiver " bdi { (receiver) } ". " }
            "Plan " bdi { (header.plan.name) } ". Lasted " (minutes(lasted)) ". "
            @match header.practice() {
                Some(Practice::Simulated { seed }) => { "Simulated, with seed " (seed) ": nobody was touched. " }
                Some(Practice::Keyboard) => { "Practice by keyboard: nobody was touched. " }
                None => {}
            }
            "Began " (crate::wall::utc(&header.wall)) ". Session " bdi { (header.id) } ", Unknot " bdi { (header.versions.program) } "."
        }
    }
}

/// Summary in a few sentences, for readers who stop here.
fn in_short(measures: &Measures) -> Markup {
    let mut totals = Totals::default();
    totals.add(measures);
    html! {
        @if let [Some(before), Some(after)] = measures.bother {
            p { strong { "“How much does it bother you when you move”: " (before) " before, " (after) " after. " }
                (change::between(before, after).sentence()) }
        }
        p { @for sentence in totals.sentences() { (sentence) " " } }
        p.soft { "Ratings are what the receiver clicked, 1 to 10. Nobody measured the pressure." }
    }
}

fn holds(holds: &[Hold], words: &Words) -> Markup {
    if holds.is_empty() {
        return html! { p { "There was no hold." } };
    }
    html! {
        div.wide { table {
            caption { "Times are minutes and seconds; ratings 1 to 10." }
            thead { tr {
                @for head in ["", "began", "where", "how it ended", "counted", "start", "peak", "end", "eased after", "above 5", "ease-off"] {
                    th scope="col" { (head) }
                }
            } }
            tbody { @for (number, hold) in (1_usize..).zip(holds) { tr {
                th scope="row" { (number) }
                td { (clock(hold.began_ms)) }
                td.text { (place(hold, words)) }
                td.text { (words.name(hold.outcome)) ", " (words.name(hold.because)) }
                td { (seconds(hold.counted_ms)) }
                @match hold.start_peak_end() {
                    Some(ratings) => @for rating in ratings { td { (rating) } },
                    None => @for _ in 0..3 { td { "–" } },
                }
                td { (hold.eased_after_ms.map_or_else(|| "–".to_owned(), seconds)) }
                td { (seconds(hold.above_ms)) }
                td { (ease_offs(hold)) }
            } } }
        } }
    }
}

fn ease_offs(hold: &Hold) -> String {
    let each = |time: &Option<u64>| time.map_or_else(|| "not followed".to_owned(), seconds);
    if hold.ease_offs.is_empty() {
        "–".to_owned()
    } else {
        hold.ease_offs.iter().map(each).collect::<Vec<_>>().join(", ")
    }
}

/// Where a hold was, in words.
fn place(hold: &Hold, words: &Words) -> String {
    let Some(place) = hold.place else { return "–".to_owned() };
    let where_to = format!("{} cm out, {} cm down", place.out_cm, place.down_cm);
    match Spot::try_from(place) {
        Ok(spot) => format!("{} {}, {where_to}", words.name(place.side), words.name(spot.area().region)),
        Err(_) => format!("{}, {where_to}", words.name(place.side)),
    }
}

fn rules(header: &Header, findings: &[Finding]) -> Markup {
    let plan = &header.plan.figures;
    let rows = [
        ("A hold is counted for at least", seconds(plan.hold_min_ms)),
        ("Pressure is called off at", seconds(plan.hold_max_ms)),
        ("Ratings above this are too much", plan.ceiling.to_string()),
        ("Flush strokes after every hold, at least", seconds(plan.flush_ms)),
        ("Holds at one spot, at most", plan.holds_per_spot.to_string()),
        ("Holds in a session, at most", plan.holds.to_string()),
    ];
    html! {
        table { tbody { @for (rule, figure) in rows { tr { th scope="row" { (rule) } td { (figure) } } } } }
        @if findings.is_empty() {
            p { "The record was checked: every promise that can be read off it was kept." }
        } @else {
            p { strong { "The record was checked, and shows promises that were not kept:" } }
            ul { @for finding in findings { li { (finding) } } }
        }
    }
}

fn screening(entries: &[Entry], words: &Words) -> Markup {
    let answers = entries.iter().filter_map(|entry| match &entry.kind {
        Kind::Screening(Answered::Answer { question, answer, on }) => {
            let since = on.map_or_else(String::new, |on| format!(" (first told on {on})"));
            Some((words.name(*question), format!("{}{since}", words.name(*answer))))
        }
        Kind::Screening(Answered::Where { side, region }) => {
            Some(("Region".to_owned(), format!("{} {}", words.name(*side), words.name(*region))))
        }
        Kind::Screening(Answered::Since { answer, .. }) => {
            Some(("Numb, tingling or weak where it was sharp before?".to_owned(), words.name(*answer)))
        }
        Kind::Screening(Answered::Again { answer, .. }) => {
            Some(("Worked within 48 hours: well enough to be pressed again?".to_owned(), words.name(*answer)))
        }
        _ => None,
    });
    html! {
        table { tbody { @for (question, answer) in answers { tr {
            th scope="row" class="text" { (question) } td { (answer) }
        } } } }
    }
}

fn notes(entries: &[Entry]) -> Markup {
    let notes = transcript::notes(entries);
    let when =
        |at_ms, wording: &Wording| wording.wall.as_deref().map_or_else(|| clock(at_ms), crate::wall::utc);
    html! {
        @if notes.is_empty() { p { "None." } }
        @else { dl { @for note in &notes {
            dt { (when(note.at_ms, &note.now)) }
            dd dir="auto" {
                (note.now.text)
                @for before in note.before.iter().rev() {
                    p.soft dir="auto" { "Before that, " (when(note.at_ms, before)) ": " bdi { (before.text) } }
                }
            }
        } } }
    }
}

fn definitions() -> Markup {
    html! { dl { @for (name, meaning) in DEFINITIONS { dt { (name) } dd { (meaning) } } } }
}

/// The day of an RFC 3339 time, as it is written.
fn day(wall: &str) -> &str {
    wall.split_once('T').map_or(wall, |(day, _)| day)
}

fn minutes(ms: u64) -> String {
    match ms.div_ceil(60_000) {
        1 => "a minute".to_owned(),
        minutes => format!("{minutes} minutes"),
    }
}

#[cfg(test)]
mod tests;
