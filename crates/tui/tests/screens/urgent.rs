//! What somebody has to follow at once is larger than anything else, on any screen on which anything is drawn.

use coach::{Phase, Prompt, Technique};
use ratatui::buffer::{Buffer, Cell};
use ratatui::style::Color;
use tui::{Scene, Theme};

use super::people::{alarmed, draw_with, holding, live, of, rating, sitting, text};

/// Every height to that of a low window, and widths close together where letters change.
fn sizes() -> impl Iterator<Item = (u16, u16)> {
    let widths = (20..=100).step_by(5).chain([79, 120, 160, 199, 200, 220]);
    widths.flat_map(|width| (6..=32).chain([40, 50, 60, 70]).map(move |height| (width, height)))
}

/// The colours of the alarms: of nothing else on these pages.
fn is_filled(cell: &Cell) -> bool {
    [Color::Rgb(0xD5, 0x5E, 0x00), Color::Rgb(0xF0, 0xE4, 0x42)].contains(&cell.bg)
}

fn is_ink(cell: &Cell) -> bool {
    "▘▝▀▖▌▞▛▗▚▐▜▄▙▟█".contains(cell.symbol())
}

/// The rows of the alarm, from the first to the last.
fn rows(buffer: &Buffer) -> Vec<u16> {
    let area = buffer.area;
    // The block of a rating that is too high has its edges in the same colour, and does not begin at the left.
    (0..area.height).filter(|&y| is_filled(&buffer[(0, y)])).collect()
}

/// The cells of large letters in the alarm, without its rules; and the cells of large figures outside of it.
fn ink(buffer: &Buffer) -> (usize, usize) {
    let rows = rows(buffer);
    let whole = |y: u16| (0..buffer.area.width).filter(|&x| is_ink(&buffer[(x, y)])).count();
    let is_rule = |y: u16| rows.len() >= 6 && (Some(&y) == rows.first() || Some(&y) == rows.last());
    let inside = rows.iter().filter(|&&y| !is_rule(y)).map(|&y| whole(y)).sum();
    // The scale below the number is a line of one row.
    let band = rows.first().map(|first| first.saturating_sub(1));
    let others = (0..buffer.area.height).filter(|y| !rows.contains(y) && Some(*y) != band);
    (inside, others.map(whole).sum())
}

fn scenes() -> Vec<(&'static str, Scene)> {
    let hold = |value, prompt| of(alarmed(holding(live(value, 1)), prompt));
    let mut alone = alarmed(holding(live(3, 1)), Prompt::SharpHolding);
    alone.view.technique = Technique::Ball;
    vec![
        ("SHARP", hold(3, Prompt::SharpHolding)),
        ("SHARP", of(alone)),
        ("SHARP", of(alarmed(sitting(Phase::Flushing, live(3, 1)), Prompt::SharpHolding))),
        ("HANDS OFF", hold(8, Prompt::HandsOff { rating: rating(8) })),
        ("EASE OFF", hold(6, Prompt::EaseOff { rating: rating(6) })),
        ("EASE OFF", hold(7, Prompt::LetGoAbove)),
        ("STOP", of(alarmed(sitting(Phase::Paused, live(4, 1)), Prompt::StopNow))),
    ]
}

#[test]
fn what_is_to_be_followed_at_once_is_the_largest_thing_at_every_size() {
    for (name, scene) in scenes() {
        for (width, height) in sizes() {
            let buffer = draw_with(&scene, width, height, &Theme::default());
            let picture = text(&buffer);
            let case = || format!("{name} at {width}x{height}\n{picture}");
            let (inside, outside) = ink(&buffer);
            assert!(rows(&buffer).len() * 3 >= usize::from(height), "{}", case());
            assert!(inside > outside || outside == 0, "{inside} cells, and {outside} elsewhere: {}", case());
            if width >= 60 && height >= 16 {
                assert!(inside >= 60, "no large letters: {}", case());
            }
            if inside == 0 {
                let first = name.split(' ').next().unwrap_or_default();
                assert!(picture.contains(first), "{}", case());
            }
        }
    }
}

/// A row less takes nothing away.
#[test]
fn a_screen_that_is_a_row_or_a_column_too_small_shows_the_same_alarm() {
    for (name, scene) in scenes() {
        let cells = |width, height| ink(&draw_with(&scene, width, height, &Theme::default())).0;
        let whole = cells(80, 24);
        for (width, height) in [(80, 23), (79, 24), (80, 22)] {
            assert!(cells(width, height) * 3 >= whole * 2, "{name} at {width}x{height}");
        }
    }
}

/// On a wall the hands come off at a glance from across the room: it had 14 of 60 rows.
#[test]
fn on_a_wall_hands_off_has_half_of_the_screen() {
    for (name, scene) in scenes().into_iter().filter(|(name, _)| *name == "SHARP" || *name == "HANDS OFF") {
        let buffer = draw_with(&scene, 200, 60, &Theme::default());
        let rows = rows(&buffer);
        let inked = rows.iter().filter(|&&y| (0..200).any(|x| is_ink(&buffer[(x, y)]))).count();
        assert!(inked >= 30, "{name}: {inked} rows\n{}", text(&buffer));
    }
}

/// What comes next is not announced while hands have to come off.
#[test]
fn the_header_does_not_name_a_phase_that_has_to_wait() {
    let flushing = of(alarmed(sitting(Phase::Flushing, live(3, 1)), Prompt::SharpHolding));
    for (width, height) in [(80, 23), (80, 24), (200, 60)] {
        let picture = text(&draw_with(&flushing, width, height, &Theme::default()));
        assert!(!picture.contains("FLUSHING"), "{picture}");
    }
}

/// Which way the hands go, at two metres: the words were one row high on every screen below 80 columns beside the chart.
#[test]
fn which_way_the_hands_go_is_in_large_letters() {
    for (width, height) in [(80, 24), (100, 30), (200, 60)] {
        for &stand in coach::Named::ALL {
            let buffer = draw_with(&of(super::people::locating(stand)), width, height, &Theme::default());
            let large = |y: u16| (0..width).filter(|&x| is_ink(&buffer[(x, y)])).count() >= 20;
            let rows = (height - 24..height).filter(|&y| large(y)).count();
            assert!(rows >= 6, "{rows} rows from {stand} at {width}x{height}\n{}", text(&buffer));
        }
    }
}

/// A long hint leaves its place to shorter ones after it: the key that was asked for was missing from 80 columns.
#[test]
fn a_key_for_which_there_is_no_room_does_not_hide_the_next() {
    let mut hold = holding(live(4, 1));
    hold.keys = vec![
        super::people::hint("k", &"a key whose meaning takes the whole of the line, ".repeat(2)),
        super::people::hint("L", "it has let go"),
    ];
    let picture = text(&draw_with(&of(hold), 80, 24, &Theme::default()));
    let bar = picture.lines().last().unwrap_or_default();
    assert!(bar.contains("L it has let go") && !bar.contains("a key whose"), "{bar}");
}
