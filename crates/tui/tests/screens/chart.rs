//! The back is seen as a back, whatever letters a terminal has.

use coach::body::Stand;
use coach::{Awaits, Phase, RatingNow};
use tui::{Dots, Theme};

use super::people::{draw, draw_with, flushing, locating, of, sitting, text};

fn braille(picture: &str) -> usize {
    picture.chars().filter(|letter| ('\u{2801}'..='\u{28ff}').contains(letter)).count()
}

#[test]
fn the_body_is_drawn_in_dots_and_the_region_filled() {
    for (width, height) in [(80, 24), (100, 30), (200, 60)] {
        let picture = text(&draw(&of(locating(Stand::AtHead)), width, height));
        assert!(braille(&picture) >= 60, "{width}x{height}\n{picture}");
        assert!(picture.contains("(X)"), "{picture}");
    }
    let picture = text(&draw(&of(locating(Stand::LeftSide)), 100, 30));
    assert!(picture.contains("⣿⣿⣿"), "{picture}");
}

#[test]
fn without_braille_it_is_drawn_in_ascii() {
    let theme = Theme { dots: Dots::Ascii, ..Theme::default() };
    let picture = text(&draw_with(&of(locating(Stand::LeftSide)), 100, 30, &theme));
    assert_eq!(braille(&picture), 0, "{picture}");
    assert!(picture.contains("....") && picture.contains("//") && picture.contains("###"), "{picture}");
}

/// Holds that lie close together have a number each.
#[test]
fn the_numbers_of_holds_do_not_cover_each_other() {
    let mut over = flushing();
    over.view.spot = None;
    over.shown.held = vec![
        coach::body::Spot::new(coach::body::Side::Left, 9, 31).ok(),
        coach::body::Spot::new(coach::body::Side::Left, 9, 32).ok(),
        coach::body::Spot::new(coach::body::Side::Left, 10, 31).ok(),
    ]
    .into_iter()
    .flatten()
    .collect();
    let count = over.shown.held.len();
    let picture = text(&draw(&of(over), 80, 24));
    let rows: String = picture.lines().skip(5).take(8).flat_map(|row| row.chars().skip(52)).collect();
    for n in 1..=count {
        assert_eq!(rows.matches(&n.to_string()).count(), 1, "{n}\n{picture}");
    }
}

/// Where the knot is, is chosen on a picture that says what its marks mean.
#[test]
fn the_picker_has_a_legend() {
    let mut choosing = sitting(Phase::Screening, RatingNow::None);
    choosing.view.awaits = Awaits::Where;
    let picture = text(&draw(&of(choosing), 80, 24));
    assert!(picture.contains("⣿⣿ chosen") && picture.contains("⢊⢊ never pressed"), "{picture}");
}

/// Who leans against a wall stands: their head is up.
#[test]
fn alone_at_a_wall_the_body_stands() {
    let mut alone = locating(Stand::LeftSide);
    alone.view.technique = coach::Technique::Ball;
    let alone = text(&draw(&of(alone), 80, 24));
    assert!(alone.lines().nth(1).is_some_and(|row| row.contains("HEAD")), "{alone}");
}
