//! Heat with its least and longest time, and where else it is felt: at the least size and on a wall.

use std::time::Duration;

use super::people::{draw, felt_in_the_neck, flushing, of, text, warming};

#[test]
fn the_second_mark_is_on_the_chart_beside_the_spot_and_says_how_it_is_moved() {
    for (width, height) in [(80, 24), (200, 60)] {
        let shown = text(&draw(&of(felt_in_the_neck()), width, height));
        assert!(shown.contains("<F>") && shown.contains("(X)"), "{width}x{height}\n{shown}");
        assert!(shown.contains("guide the mark <F> there; touch the logo"), "{width}x{height}\n{shown}");
        let before = text(&draw(&of(flushing()), width, height));
        assert!(!before.contains("<F>") && before.contains("(X)"), "the control: {before}");
    }
}

/// The bar, its filled cells and the place of its mark.
fn bar(passed: u64, width: u16, height: u16) -> (usize, usize, usize, String) {
    let mut sitting = warming();
    sitting.view.phase_for = Duration::from_secs(passed);
    let shown = text(&draw(&of(sitting), width, height));
    let line = shown
        .lines()
        .find(|line| line.contains('┃') && line.contains('░'))
        .unwrap_or_else(|| panic!("{shown}"));
    let cells: Vec<char> = line.chars().filter(|cell| "█░┃".contains(*cell)).collect();
    let mark = cells.iter().position(|cell| *cell == '┃').expect("the bar has a mark");
    (cells.iter().filter(|cell| **cell == '█').count(), mark, cells.len(), shown)
}

#[test]
fn the_heat_shows_what_has_passed_of_its_longest_time_with_a_mark_at_the_least() {
    for (width, height) in [(80, 24), (200, 60)] {
        let (filled, mark, whole, shown) = bar(300, width, height);
        let near = |cells: usize, of: usize| cells.abs_diff(whole * of / 15) <= 1;
        assert!(near(filled, 5) && near(mark, 10), "{filled}, {mark} of {whole}: {shown}");
        // On a wall the same words stand in large letters.
        let said = "Warm for 5:00: at least 10:00, at most 15:00.";
        assert!(width > 80 || shown.contains(said), "{shown}");
        // Beyond the least it goes on, and does not begin again.
        let (later, ..) = bar(720, width, height);
        assert!(near(later + 1, 12), "{later} of {whole}");
    }
}
