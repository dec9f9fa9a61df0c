//! The page: what it says, what it leaves out, and that nothing in it comes from outside or runs.

use super::*;
use crate::schema::tests::{header, samples};
use coach::{Because, Outcome, Phase, Rating};

fn entries() -> Vec<Entry> {
    let rating = |value| Kind::Rating { value: Rating::new(value).unwrap(), late: false };
    let kinds = [
        (0, Kind::Session(Box::new(header("Ada")))),
        (60_000, samples().into_iter().find(|entry| matches!(entry.kind, Kind::Spot(_))).unwrap().kind),
        (61_000, Kind::Phase { from: Phase::Settling, to: Phase::Holding, because: Because::Time }),
        (62_000, rating(4)),
        (70_000, Kind::Freshness { state: coach::Freshness::Stale }),
        (74_000, Kind::Freshness { state: coach::Freshness::Live }),
        (75_000, rating(3)),
        (90_000, Kind::Sharp {}),
        (
            90_000,
            Kind::Hold {
                outcome: Outcome::Void,
                because: Because::Sharp,
                counted_ms: 12_300,
                pressed_ms: 29_000,
            },
        ),
        (99_000, Kind::Note { text: "softer <b>now</b> & \"later\"".to_owned(), wall: None, edits: None }),
        (
            99_500,
            Kind::Screening(Answered::Answer {
                question: coach::screening::Question::Fever,
                answer: coach::screening::Answer::No,
                on: None,
            }),
        ),
    ];
    kinds.map(|(at_ms, kind)| Entry { at_ms, kind }).into()
}

#[test]
fn a_page_measures_its_session_once() {
    let before = crate::measure::CALLS.get();
    let _page = page(&header("Ada"), &entries(), Private::Included, &Words::english());
    assert_eq!(crate::measure::CALLS.get() - before, 1);
}

/// A session that was taken up again on the next day had "lasted" 1561 minutes.
#[test]
fn a_night_is_no_time_of_a_session() {
    let night = 26 * 3_600_000;
    let entries = [
        (0, Kind::Session(Box::new(header("Ada")))),
        (2_000, Kind::Sharp {}),
        (night, Kind::Resumed { wall: "2026-11-23T20:00:00Z".to_owned() }),
        (night + 118_000, Kind::Sharp {}),
    ];
    let entries = entries.map(|(at_ms, kind)| Entry { at_ms, kind });
    let page = page(&header("Ada"), &entries, Private::LeftOut, &Words::english());
    assert!(page.contains("Lasted 2 minutes."), "{page}");
    let text = crate::text::transcript(&Vec::from(entries.clone()).into(), &Words::english());
    assert!(text.contains("lasted 2:00.0"), "{text}");
    let bundle = crate::fhir::bundle(&header("Ada"), &entries, Private::LeftOut, &Words::english()).unwrap();
    assert!(
        bundle.to_string().contains("Lasted 120 s without the times in which nobody was there"),
        "{bundle}"
    );
}

#[test]
fn a_guess_is_drawn_and_told() {
    let rating = |value| Rating::new(value).unwrap();
    let mut entries = entries();
    let without = written("Ada", Private::LeftOut);
    assert!(!without.contains("guessed") && !without.contains(r#"class="guess""#), "there was none");
    let guess = Kind::Guess { value: rating(5), of: rating(3) };
    entries.push(Entry { at_ms: 95_000, kind: guess });
    let page = page(&header("Ada"), &entries, Private::LeftOut, &Words::english());
    let told = "rated 4, at most 4, 3 at its end, guessed 5, void. A diamond at the end of a hold is what the partner guessed";
    assert_eq!(
        page.matches(told).count(),
        2,
        "under the drawing, and in its place for whoever does not see it"
    );
    // At the end of the hold, from the rating that it was of to the guess; a rating is a step of 22, the fifth at 136.
    let x = 34 + 90_000 * 956 / 99_500;
    let line = format!(r#"<line class="guess" x1="{x}" x2="{x}" y1="180" y2="136">"#);
    assert!(page.contains(&line), "{line}");
    assert!(page.contains(&format!(r#"<polygon class="guess" points="{},136 {x},130"#, x - 6)), "{x}");
}

fn written(receiver: &str, private: Private) -> String {
    page(&header(receiver), &entries(), private, &Words::english())
}

#[test]
fn it_says_what_there_was_in_words_too() {
    let page = written("Ada", Private::LeftOut);
    for said in [
        "Receiver <bdi>Ada</bdi>.",
        "Holds: 0 done, 0 cut, 1 void.",
        "SHARP: once.",
        "Hold 1, 1:01.0 to 1:30.0: rated 4, at most 4, 3 at its end, void.",
        "SHARP at 1:30.0.",
        "No signal from 1:10.0 to 1:14.0.",
        "Nobody measured the pressure.",
    ] {
        assert!(page.contains(said), "{said}");
    }
}

#[test]
fn notes_and_screening_are_left_out_unless_asked_for_and_the_page_says_so() {
    let (without, with) = (written("Ada", Private::LeftOut), written("Ada", Private::Included));
    assert!(!without.contains("softer") && !without.contains("<h2>Screening"));
    assert!(without.contains("Screening answers and notes are left out of this page."));
    assert!(with.contains("softer &lt;b&gt;now&lt;/b&gt; &amp; &quot;later&quot;"));
    assert!(with.contains("<h2>Screening") && !with.contains("left out of this page"));
}

/// A name in Hebrew turned the words behind it, and an override those of the whole page.
#[test]
fn a_name_turns_nothing_but_itself() {
    let page = written("\u{202e}\u{5d0}\u{5d1}\u{2066} \0\u{1b}", Private::LeftOut);
    assert!(
        page.contains("Receiver <bdi>\u{fffd}\u{5d0}\u{5d1}\u{fffd} \u{fffd}\u{fffd}</bdi>. Plan <bdi>"),
        "{page}"
    );
    let steers = |char: char| {
        char.is_control() && char != '\n' || matches!(char, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    assert!(!page.contains(steers));
}

#[test]
fn nothing_is_fetched_and_nothing_runs() {
    let page = written("</title><script>alert(1)</script>", Private::Included);
    for foreign in ["<script", "http:", "https:", "src=", "href=", "@import", "url(", "javascript:", "onload"]
    {
        assert!(!page.contains(foreign), "{foreign}");
    }
}

#[test]
fn a_session_with_nothing_in_it_has_a_page_too() {
    let entries = [Entry { at_ms: 0, kind: Kind::Session(Box::new(header("Ada"))) }];
    let page = page(&header("Ada"), &entries, Private::Included, &Words::english());
    assert!(page.contains("There was no hold."));
}

#[test]
fn a_rating_is_not_drawn_where_it_was_not_known() {
    let page = written("Ada", Private::LeftOut);
    // From the first rating to the silence, and from the next rating on.
    assert_eq!(page.matches("<polyline").count(), 2);
    assert_eq!(page.matches("class=\"gap\"").count(), 1);
}
