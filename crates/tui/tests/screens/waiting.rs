//! A sentence that is still to be read, and what waits for it.

use coach::body::Region;
use coach::{Awaits, Phase, Prompt, RatingNow, Refusal, What};
use tui::Sitting;

use super::people::{draw, of, sitting, text};

const SPINE: &str = "Feel for the bumps of the spine: you are two fingers beside them.";

/// The lean is said while the sentence about the spine is being read.
fn leaning() -> Sitting {
    let mut sitting = sitting(Phase::Settling, RatingNow::None);
    let lean = Prompt::LeanIn { region: Region::Rhomboids, tool: None };
    sitting.shown.sentence = Some(Prompt::FeelForSpine);
    sitting.shown.instruction = Some(lean);
    sitting.shown.waiting = vec![lean];
    sitting
}

#[test]
fn a_sentence_stands_in_large_letters_and_in_full_and_what_waits_is_small() {
    for (width, height) in [(80, 24), (200, 60)] {
        let shown = text(&draw(&of(leaning()), width, height));
        assert!(shown.contains(SPINE), "{width}x{height}\n{shown}");
        assert!(!shown.contains("Bumps of the spine:"), "in small letters at {width}x{height}\n{shown}");
        assert!(shown.contains("then: Lean in slowly, from your hips."), "{width}x{height}\n{shown}");
    }
    // Smaller screens have it as far as there is room.
    for (width, height) in [(80, 23), (60, 16)] {
        let shown = text(&draw(&of(leaning()), width, height));
        assert!(shown.contains("Feel for the bumps"), "{width}x{height}\n{shown}");
        assert!(shown.contains("Lean in slowly"), "{width}x{height}\n{shown}");
    }
}

#[test]
fn where_there_is_no_room_for_words_it_says_how_much_waits() {
    let mut sitting = leaning();
    sitting.shown.waiting.push(Prompt::HowMuch);
    let shown = text(&draw(&of(sitting.clone()), 80, 24));
    assert!(shown.contains("then: Lean in slowly, from your hips. +1"), "{shown}");
    sitting.view.awaits = Awaits::AfterSharp;
    let shown = text(&draw(&of(sitting), 80, 24));
    assert!(shown.contains("logo it slipped") && shown.contains("+2") && !shown.contains("then:"), "{shown}");
}

#[test]
fn a_refusal_stands_above_while_a_sentence_is_read_and_moves_nothing_below() {
    let rows = |sitting: &Sitting| -> Vec<String> {
        text(&draw(&of(sitting.clone()), 80, 24)).lines().map(str::to_owned).collect()
    };
    let mut sitting = leaning();
    let before = rows(&sitting);
    sitting.shown.remark = Some(Prompt::Refused { what: What::GoOn, why: Refusal::TooSoon });
    let after = rows(&sitting);
    assert!(after.get(1).is_some_and(|row| row.contains("Going on: no.")), "{after:#?}");
    assert_eq!(before.get(12..), after.get(12..));
    // Without a sentence it stands below the page, as ever.
    sitting.shown.sentence = None;
    assert!(rows(&sitting).get(20).is_some_and(|row| row.contains("Going on: no.")));
}

/// A note that is being typed, and what keeps somebody safe, are both on the screen.
#[test]
fn a_note_does_not_hide_a_sentence() {
    let mut sitting = leaning();
    sitting.note = Some("a knot like a pea".to_owned());
    let shown = text(&draw(&of(sitting), 80, 24));
    assert!(shown.contains(SPINE) && shown.contains("a knot like a pea_"), "{shown}");
}

#[test]
fn a_question_is_never_answered_unseen() {
    let mut sitting = sitting(Phase::Locating, RatingNow::None);
    sitting.view.awaits = Awaits::Again;
    sitting.shown.sentence = Some(Prompt::LeaveSpot);
    sitting.shown.instruction = Some(Prompt::AskAgain { hours: 5 });
    let shown = text(&draw(&of(sitting), 80, 24));
    assert!(shown.contains("Then leave it be today."), "{shown}");
    assert!(shown.contains("This spot was worked on 5 hours ago."), "{shown}");
}

#[test]
fn looking_for_the_spot_the_arrow_and_the_sentence_are_both_there() {
    let mut sitting = super::people::locating(coach::body::Stand::LeftSide);
    sitting.shown.sentence = Some(Prompt::FeelForSpine);
    let shown = text(&draw(&of(sitting), 80, 24));
    assert!(shown.contains(SPINE) && shown.contains("toward their LEFT") && shown.contains("██"), "{shown}");
}
