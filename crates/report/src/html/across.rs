//! Pages across sessions: what changed for one receiver, and an index of all receivers. The answers to "how much does
//! it bother you when you move" come first; ratings under the hands come second, since the pressure is not measured.

use std::collections::BTreeMap;

use coach::Rating;
use coach::body::Area;
use maud::{Markup, html};
use words::Words;

use super::{day, definitions, document, document_with, series};
use crate::change::Change;
use crate::replace;
use crate::totals::times;
use crate::trend::{Of, Series, Sitting, Sittings, Trend};

/// Trends of receivers, by their names; the empty name is for sessions without a name.
pub type Trends = BTreeMap<String, Trend>;

/// How many of the latest sessions a page lists one by one; the index lists all.
const LISTED: usize = 24;

/// How many spots a page lists: those in most sessions.
const SPOTS: usize = 12;

/// Where the page of a session lies, beside the others; `None` where it has none.
pub type SessionPage<'a> = &'a dyn Fn(&str) -> Option<String>;

/// The page of one receiver, in a folder of pages whose index is at `index`.
#[must_use]
pub fn trend(receiver: &str, trend: &Trend, index: &str, page: SessionPage<'_>, words: &Words) -> String {
    let title = format!("Unknot: what changed for {}", name(receiver));
    let body = html! {
        p.soft { a href=(index) { "All sessions" } }
        h1 { "What changed for " bdi { (name(receiver)) } }
        (of_one(trend, page, words))
        h2 { "What the figures mean" }
        (definitions())
    };
    document(&title, &body)
}

/// The index of a folder of pages: everybody's page, and every session's. `trend` says where a receiver's page lies.
#[must_use]
pub fn index(trends: &Trends, trend: &dyn Fn(&str) -> String, page: SessionPage<'_>) -> String {
    let body = html! {
        h1 { "Unknot: all sessions" }
        ul { @for (receiver, of) in trends { li {
            a href=(trend(receiver)) { "What changed for " bdi { (name(receiver)) } }
            ": " (span(of.sittings().0)) "."
        } } }
        (left_out())
        @for (receiver, of) in trends {
            h2 { bdi { (heading(receiver)) } }
            @for sittings in of.all() { (listed(sittings, 0, page)) }
        }
    };
    document("Unknot: all sessions", &body)
}

/// Everybody's trend on one page, for a single file.
#[must_use]
pub fn overview(trends: &Trends, words: &Words) -> String {
    let alone = trends.len() == 1;
    let body = html! {
        h1 { "Unknot: what changed" }
        @if !alone {
            ul { @for (number, (receiver, of)) in (1_usize..).zip(trends) { li {
                a href=(format!("#receiver-{number}")) { bdi { (heading(receiver)) } } ": " (span(of.sittings().0)) "."
            } } }
        }
        (left_out())
        @for (number, (receiver, of)) in (1_usize..).zip(trends) {
            section id=(format!("receiver-{number}")) {
                @if !alone || !receiver.is_empty() { h1 { bdi { (heading(receiver)) } } }
                (of_one(of, &|_| None, words))
            }
        }
        h2 { "What the figures mean" }
        (definitions())
    };
    let sittings = trends.values().flat_map(Trend::all).flat_map(|sittings| &sittings.each);
    let made_of = replace::tag(sittings.map(|sitting| sitting.id.as_str()));
    document_with("Unknot: what changed", &made_of, &body)
}

fn left_out() -> Markup {
    html! { p.soft { "Screening answers and notes are left out of this page." } }
}

fn name(receiver: &str) -> &str {
    if receiver.is_empty() { "receivers without a name" } else { receiver }
}

fn heading(receiver: &str) -> &str {
    if receiver.is_empty() { "Receivers without a name" } else { receiver }
}

/// How many sessions there are, and from when to when.
fn span(sittings: &Sittings) -> String {
    match &sittings.each[..] {
        [] => "no session".to_owned(),
        [one] => format!("one session, {} (UTC)", day(&one.started)),
        [first, .., last] => {
            format!(
                "{} sessions, {} to {} (UTC)",
                sittings.each.len(),
                day(&first.started),
                day(&last.started)
            )
        }
    }
}

/// All that there is to say of one receiver.
fn of_one(trend: &Trend, page: SessionPage<'_>, words: &Words) -> Markup {
    let (sittings, of) = trend.sittings();
    html! {
        p.soft {
            (span(sittings)) ". "
            @match of {
                Of::InHand { practice: 0 } => {},
                Of::InHand { practice } => { (count(practice, "practice session is", "practice sessions are"))
                    " left out: nobody was touched. " },
                Of::Practice => "All of it is practice, in which nobody is touched. ",
            }
            @if trend.missing() > 0 {
                (count(trend.missing(), "session is", "sessions are"))
                " missing here: not as stored any more. "
            }
            "Ratings are what was clicked, 1 to 10. Nobody measured the pressure."
        }
        h2 { "How much it bothers when moving" }
        (bother(sittings, words))
        h2 { "Ratings under the hands" }
        (areas(sittings, words))
        (spots(sittings, words))
        h2 { "How the two of you did" }
        ul { @for sentence in sittings.totals.sentences() { li { (sentence) } } }
        h2 { "Sessions" }
        (listed(sittings, LISTED, page))
    }
}

fn bother(sittings: &Sittings, words: &Words) -> Markup {
    let series = sittings.bother();
    let since = sittings.since();
    let [lower, same, higher] = series.within();
    let asked = lower + same + higher;
    html! {
        @if series.points.is_empty() { p { "It was not asked." } }
        @else {
            p { strong { (from_to(&series, "before the first session", "before the latest")) } }
            (series::figure(sittings, &series, "How much it bothers when moving", Some(("before", "after"))))
            @if asked > 0 {
                p { "At the end of a session it was lower than before: " (times(lower)) "; the same: " (times(same)) "; higher: "
                    (times(higher)) ". What people notice was measured over weeks, not within a session." }
            }
            @if !since.is_empty() {
                p { "Asked on another day how it had been since: "
                    @for (number, (feels, count)) in (0..).zip(&since) {
                        @if number > 0 { "; " } (words.name(*feels)) ": " (times(*count))
                    } "." }
            }
        }
    }
}

/// A series in a sentence, with its change.
fn from_to<T>(series: &Series<T>, first: &str, latest: &str) -> String {
    match series.change() {
        Some((before, after, change)) => {
            let by = before.value().abs_diff(after.value());
            let by = match change {
                Change::None => String::new(),
                Change::Worse => format!(", {by} more"),
                Change::TooSmall | Change::Better | Change::MuchBetter => format!(", {by} less"),
            };
            format!("It was {before} {first} and {after} {latest}{by}. {}", change.sentence())
        }
        None => "There is one session with this figure, and nothing yet to hold it against.".to_owned(),
    }
}

fn areas(sittings: &Sittings, words: &Words) -> Markup {
    let areas = sittings.areas();
    let once = areas.iter().filter(|series| series.points.len() == 1);
    let once: Vec<String> = once.map(|series| named(series.of, words)).collect();
    html! {
        p.soft { "These come second: with a softer touch a rating is lower. They are the start of a session’s first hold in a "
            "region, and the end of its last there." }
        @if areas.is_empty() { p { "No hold has a place and a rating." } }
        @for series in areas.iter().filter(|series| series.points.len() > 1) {
            h3 { (named(series.of, words)) }
            p { (from_to(series, "at the first touch", "at the latest")) }
            (series::figure(sittings, series, "Rating under the hands", Some(("first touch", "end"))))
        }
        @if !once.is_empty() {
            p.soft { "Held in one session each, with nothing yet to hold it against: " (once.join("; ")) "." }
        }
    }
}

fn named(area: Area, words: &Words) -> String {
    format!("{} {}", words.name(area.side), words.name(area.region))
}

fn spots(sittings: &Sittings, words: &Words) -> Markup {
    let spots = sittings.spots();
    let again: Vec<_> = spots.iter().filter(|series| series.points.len() > 1).take(SPOTS).collect();
    let or_none = |rating: Option<Rating>| rating.map_or_else(|| "–".to_owned(), |rating| rating.to_string());
    html! {
        @if !again.is_empty() {
            h3 { "Spots that were held in more than one session" }
            div.wide { table {
                caption { "Spots within 3 cm are one. Centimetres are those of the sketch." }
                thead { tr { @for head in ["spot", "sessions", "first", "latest", "what that is"] { th scope="col" { (head) } } } }
                tbody { @for series in again {
                    @let change = series.change();
                    tr {
                        th scope="row" class="text" { (named(series.of.area(), words)) ", "
                            (series.of.out_cm()) " cm out, " (series.of.down_cm()) " cm down" }
                        td { (series.points.len()) }
                        td { (or_none(change.map(|(first, ..)| first))) }
                        td { (or_none(change.map(|(_, latest, _)| latest))) }
                        td.text { (change.map_or("", |(.., change)| change.sentence())) }
                    }
                } }
            } }
        }
    }
}

/// Sessions in a table, the latest first: so many of them, or with 0 all.
fn listed(sittings: &Sittings, most: usize, page: SessionPage<'_>) -> Markup {
    let most = if most == 0 { sittings.each.len() } else { most };
    let or_none = |rating: Option<Rating>| rating.map_or_else(|| "–".to_owned(), |rating| rating.to_string());
    html! {
        @if !sittings.each.is_empty() { div.wide { table {
            @if sittings.each.len() > most { caption { "The latest " (most) " of " (sittings.each.len()) "." } }
            thead { tr { @for head in ["session", "plan", "bothers before", "after", "since", "holds", "done", "SHARP"] { th scope="col" { (head) } } } }
            tbody { @for sitting in sittings.each.iter().rev().take(most) {
                @let Sitting { id, started, plan, bother: [before, after], since, holds: (holds, done), sharps, .. } = sitting;
                tr {
                    th scope="row" { @match page(id) {
                        Some(page) => { a href=(page) { (crate::wall::utc(started)) } },
                        None => (crate::wall::utc(started)),
                    } }
                    td { (plan) } td { (or_none(*before)) } td { (or_none(*after)) }
                    td { (or_none(since.and_then(|(_, bother)| bother))) } td { (holds) } td { (done) } td { (sharps) }
                }
            } }
        } } }
    }
}

fn count(count: usize, one: &str, many: &str) -> String {
    if count == 1 { format!("One {one}") } else { format!("{count} {many}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trend::tests::{hold, session};

    fn trends() -> Trends {
        let mut trends = Trends::new();
        for (day, bother) in [(1, [6, 5]), (8, [6, 6]), (15, [4, 3])] {
            let (header, measures) = session(day, bother, vec![hold(12, &[5, 3]), hold(12, &[4, 2])]);
            trends.entry("Ada <b>".to_owned()).or_default().add(&header, &measures);
        }
        let (header, measures) = session(3, [8, 8], vec![]);
        trends.entry(String::new()).or_default().add(&header, &measures);
        trends
    }

    fn of_ada() -> String {
        trend(
            "Ada <b>",
            &trends()["Ada <b>"],
            "index.html",
            &|id| Some(format!("{id}.html")),
            &Words::english(),
        )
    }

    #[test]
    fn the_answers_about_moving_come_before_ratings_and_say_what_the_change_is() {
        let page = of_ada();
        let at = |said: &str| page.find(said).unwrap_or_else(|| panic!("{said}\n{page}"));
        let bother = at(
            "It was 6 before the first session and 4 before the latest, 2 less. A change that people call much better.",
        );
        let ratings = at("It was 5 at the first touch and 5 at the latest. No change.");
        assert!(bother < ratings);
        at("lower than before: twice; the same: once; higher: never.");
        at("What changed for <bdi>Ada &lt;b&gt;</bdi>");
        at("3 sessions, 2026-03-01 to 2026-03-15 (UTC).");
    }

    #[test]
    fn a_session_that_is_missing_is_told_of() {
        let page = |missing| {
            let mut trends = trends();
            (0..missing).for_each(|_| trends.entry("Ada <b>".to_owned()).or_default().miss());
            overview(&trends, &Words::english())
        };
        assert!(!page(0).contains("missing here"));
        assert!(page(2).contains("2 sessions are missing here: not as stored any more."), "{}", page(2));
    }

    #[test]
    fn the_lines_of_what_people_notice_are_drawn_and_said() {
        let page = of_ada();
        for said in ["people notice: 5", "much better: 4", "class=\"noticed\"", "class=\"much\""] {
            assert!(page.contains(said), "{said}");
        }
    }

    #[test]
    fn the_index_leads_to_everybody_and_every_session() {
        let index = index(&trends(), &|receiver| format!("{}.html", receiver.len()), &|id| {
            Some(format!("{id}.html"))
        });
        for said in
            ["href=\"7.html\"", "href=\"0.html\"", "href=\"session-15.html\"", "href=\"session-3.html\""]
        {
            assert!(index.contains(said), "{said}");
        }
        assert!(index.contains("Screening answers and notes are left out of this page."));
    }

    #[test]
    fn one_file_has_everybody_and_fetches_nothing() {
        let page = overview(&trends(), &Words::english());
        assert!(page.contains("Ada &lt;b&gt;") && page.contains("Receivers without a name"));
        assert!(page.contains("There is one session with this figure, and nothing yet to hold it against."));
        for foreign in
            ["<script", "http:", "https:", "src=", "@import", "url(", "javascript:", "onload", ".html"]
        {
            assert!(!page.contains(foreign), "{foreign}");
        }
    }
}
