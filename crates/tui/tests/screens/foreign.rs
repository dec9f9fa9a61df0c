//! Text from outside on every page that has any: it steers no terminal, and turns nothing that stands beside it.

use ratatui::buffer::Buffer;
use tui::{Filter, NoteShown, Pane, Replay, Review, Scene, TimelineView};

use super::people::{draw, finished, flushing, hint, of, pairing, start};
use super::review::{line, list, replay};

/// Everything that a name or a note may have in it and a screen may not.
const FOREIGN: &str = "\u{301}A\u{1b}[31m\u{1b}]52;c;eA==\u{7}\u{9b}2J\0\u{202e}\u{2066}b\nc\rd\u{200f}";

fn foreign() -> String {
    FOREIGN.to_owned()
}

/// Every text that a scene takes from outside, and most that it takes from the program.
fn scenes() -> Vec<Scene> {
    let mut begin = start();
    begin.receivers[0].name = foreign();
    begin.receivers[0].last = foreign();
    begin.plans[begin.plan].name = foreign();
    begin.plans[begin.plan].about = foreign();
    begin.near = vec![foreign(); 2];
    begin.notice = Some(foreign());
    let mut naming = begin.clone();
    naming.begin_name();
    FOREIGN.chars().for_each(|letter| naming.typed(letter));
    let mut steps = pairing();
    (steps.said, steps.now, steps.line) = (vec![foreign(); 2], foreign(), Some(foreign()));
    let mut sitting = flushing();
    (sitting.receiver, sitting.notice) = (Some(foreign()), Some(foreign()));
    let mut noted = flushing();
    noted.note = Some(foreign());
    let mut over = finished();
    over.receiver = Some(foreign());
    let mut stored = list();
    for row in &mut stored.rows {
        (row.when, row.receiver, row.plan) = (foreign(), foreign(), foreign());
    }
    stored.filters.push(Filter { key: "r".to_owned(), name: "receiver".to_owned(), value: Some(foreign()) });
    stored.about = vec![foreign()];
    let typed = Some(("Note".to_owned(), FOREIGN.repeat(9)));
    let log = Pane::Log { lines: vec![foreign(); 3], chosen: Some(1) };
    let notes = vec![NoteShown { now: foreign(), before: vec![foreign()] }];
    let notes = Pane::Notes { notes, chosen: 0 };
    let meanings = Pane::Meanings { meanings: vec![hint("figure", FOREIGN)], top: 0 };
    let said = || Some(foreign());
    let mut again = replay();
    again.sitting.receiver = Some(foreign());
    let mut scenes = vec![
        Scene::Start(begin),
        Scene::Start(naming),
        Scene::Steps(steps),
        of(sitting),
        of(noted),
        Scene::Finished(Box::new(over)),
        Scene::Review(Box::new(Review { typed: typed.clone(), ..stored.clone() })),
        Scene::Review(Box::new(Review { notice: said(), ..stored })),
        Scene::Replay(Box::new(Replay { title: foreign(), warning: said(), ..again })),
    ];
    scenes.extend([log, notes, meanings].map(|pane| {
        let line = TimelineView { title: foreign(), now: vec![foreign()], pane, ..line(80) };
        Scene::Timeline(Box::new(TimelineView { warning: said(), typed: typed.clone(), ..line }))
    }));
    scenes
}

fn tame(buffer: &Buffer) -> bool {
    let steers = |char: char| {
        char.is_control() || matches!(char, '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    !buffer.content().iter().any(|cell| cell.symbol().contains(steers))
}

#[test]
fn no_cell_steers_and_no_text_is_lost() {
    for (n, scene) in scenes().iter().enumerate() {
        for (width, height) in [(80, 24), (40, 12), (200, 60)] {
            let drawn = draw(scene, width, height);
            assert!(tame(&drawn), "{width}x{height}: {scene:?}");
            let shown = drawn.content().iter().any(|cell| cell.symbol() == "\u{fffd}");
            // The smallest screens leave names out.
            assert!(shown || width < 80, "the control: scene {n} shows none of it at {width}x{height}");
        }
    }
}
