//! Looking back as it is seen: the list, a session as a timeline with a gap that no line leads through, and one that is
//! played again.

use coach::body::{Area, Region, Side, Spot, Stand};
use coach::{Outcome, Phase};
use insta::assert_snapshot;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier};
use tui::{
    ChartThen, Colours, Column, Filter, Mark, NoteShown, Pane, Replay, Review, Scene, SessionRow, Span,
    Theme, TimelineView,
};

use super::people::{draw, draw_with, hint, holding, live, rating, text};

fn filter(key: &str, name: &str, value: Option<&str>) -> Filter {
    Filter { key: key.to_owned(), name: name.to_owned(), value: value.map(str::to_owned) }
}

pub(crate) fn list() -> Review {
    let row = |when: &str, receiver: &str, sharp| SessionRow {
        when: when.to_owned(),
        receiver: receiver.to_owned(),
        plan: "partner".to_owned(),
        place: "left latissimus".to_owned(),
        lasted: "16:28".to_owned(),
        holds: "3 of 4".to_owned(),
        sharp,
    };
    Review {
        counted: "2 of 7 sessions".to_owned(),
        filters: vec![
            filter("/", "notes' words", None),
            filter("r", "receiver", Some("Anna")),
            filter("p", "plan", None),
            filter("d", "date", Some("2026-11")),
            filter("g", "region", None),
            filter("x", "SHARP", None),
        ],
        typed: None,
        rows: vec![row("2026-11-24 14:07", "Anna", true), row("2026-11-20 18:30", "田中花子と太郎", false)],
        chosen: Some(1),
        about: vec!["Session 01a20de2: 3 done, 1 cut.".to_owned()],
        notice: None,
        keys: vec![hint("Enter", "open"), hint("Esc", "back")],
    }
}

/// A hold at 4 that rises to 7, a gap, another that was void; a column for each of the plot's at this width.
pub(crate) fn line(width: u16) -> TimelineView {
    let columns = TimelineView::plot_at(Rect::new(0, 0, width, 24)).width;
    let column = |x: u16| {
        let at = u32::from(x) * 76 / u32::from(columns.max(1));
        let (low, high, gap, hold) = match at {
            10..20 => (Some(4), 4, false, Some(Outcome::Done)),
            20 => (Some(4), 7, false, Some(Outcome::Done)),
            21..25 => (Some(7), 7, false, Some(Outcome::Done)),
            25..30 => (None, 0, true, Some(Outcome::Done)),
            30..40 => (Some(2), 2, false, None),
            50..55 => (Some(5), 5, false, Some(Outcome::Void)),
            60..62 => (None, 0, false, Some(Outcome::Cut)),
            _ => (None, 0, false, None),
        };
        let mark = match at {
            12 => Some(Mark::Nudge),
            20 => Some(Mark::Alarm),
            54 => Some(Mark::Sharp),
            _ => None,
        };
        // One beside the curve, and one that was right.
        let guess = match at {
            29 => Some(rating(6)),
            54 => Some(rating(5)),
            _ => None,
        };
        Column { ratings: low.map(|low| (rating(low), rating(high))), gap, hold, guess, mark }
    };
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    TimelineView {
        title: "2026-11-24 14:07 · Anna · partner".to_owned(),
        moment: "4:16.0 of 9:25.6".to_owned(),
        warning: None,
        columns: (0..columns).map(column).collect(),
        cursor: 22,
        phases: vec![
            Span { from: 0, to: 10, names: names(&["locating"]) },
            Span { from: 10, to: 30, names: names(&["holding 1: done", "1 done", "1"]) },
            Span { from: 30, to: 34, names: names(&["flushing"]) },
            Span { from: 50, to: 55, names: names(&["holding 2: void", "2 void", "2"]) },
        ],
        times: vec![(0, "4:00".to_owned()), (40, "5:00".to_owned())],
        now: vec![
            "holding for 17.9 s. Rating 7, for 3.9 s.".to_owned(),
            "Hold 1 (done, a fall): counted 23.4 s, pressed 32.9 s.".to_owned(),
        ],
        pane: Pane::Log {
            lines: vec!["4:12.1 receiver rates 7".to_owned(), "4:12.1 coach    “6: ease off.”".to_owned()],
            chosen: Some(0),
        },
        chart: Some(ChartThen {
            stand: Stand::LeftSide,
            area: Some(Area { side: Side::Left, region: Region::Latissimus }),
            spot: Spot::new(Side::Left, 9, 31).ok(),
            path: Spot::new(Side::Left, 9, 28).into_iter().collect(),
            held: vec![],
            felt: None,
        }),
        typed: None,
        notice: None,
        keys: vec![hint("?", "keys"), hint("x X", "SHARP")],
    }
}

pub(crate) fn replay() -> Replay {
    Replay {
        sitting: holding(live(4, 3)),
        title: "2026-11-24 14:07".to_owned(),
        moment: "4:16.0 of 9:25.6 · 1x".to_owned(),
        warning: None,
    }
}

/// One of each, and with what may lie over them.
pub(crate) fn scenes() -> Vec<Scene> {
    let typing = ("Note".to_owned(), "a word ".repeat(60));
    let notes = Pane::Notes {
        notes: vec![NoteShown { now: "softer ".repeat(40), before: vec!["soft".to_owned()] }; 9],
        chosen: 7,
    };
    let meanings = (0..40).map(|n| hint(&format!("figure {n}"), &"means a lot ".repeat(9))).collect();
    vec![
        Scene::Review(Box::default()),
        Scene::Review(Box::new(list())),
        Scene::Review(Box::new(Review { typed: Some(typing.clone()), chosen: Some(99), ..list() })),
        Scene::Timeline(Box::default()),
        Scene::Timeline(Box::new(line(80))),
        Scene::Timeline(Box::new(TimelineView {
            cursor: u16::MAX,
            warning: Some("Changed.".to_owned()),
            ..line(220)
        })),
        Scene::Timeline(Box::new(TimelineView { pane: notes, typed: Some(typing), ..line(80) })),
        Scene::Timeline(Box::new(TimelineView { pane: Pane::Meanings { meanings, top: 999 }, ..line(80) })),
        Scene::Replay(Box::new(replay())),
        Scene::Replay(Box::new(Replay { warning: Some("Changed.".to_owned()), ..replay() })),
    ]
}

#[test]
fn what_is_looked_for_what_was_found_and_what_is_chosen() {
    assert_snapshot!(text(&draw(&Scene::Review(Box::new(list())), 80, 24)), @r#"
    | LOOKING BACK                                                   2 of 7 sessions
    | / notes' words: any  r receiver: Anna  p plan: any  d date: 2026-11
    | g region: any  x SHARP: any
    |  began (local)    receiver plan      where              lasted holds
    |  2026-11-24 14:07 Anna     partner   left latissimus    16:28  3 of 4    SHARP
    |> 2026-11-20 18:30 田中花…  partner   left latissimus    16:28  3 of 4
    |
    |
    |
    |
    |
    |
    |
    |
    |
    |
    |
    | Session 01a20de2: 3 done, 1 cut.
    |
    |
    |
    |
    |
    | Enter open   Esc back
    "#);
}

#[test]
fn no_line_leads_through_a_gap_and_a_hold_is_shaded_by_how_it_ended() {
    assert_snapshot!(text(&draw(&Scene::Timeline(Box::new(line(80))), 80, 24)), @r#"
    | 2026-11-24 14:07 · Anna · partner                             4:16.0 of 9:25.6
    |10           ░░░░░░░░░░░░░░░╳╳╳╳╳                    ╱╱╱╱╱     ▒▒
    | 9           ░░░░░░░░░░░░░░░╳╳╳╳╳                    ╱╱╱╱╱     ▒▒
    | 8           ░░░░░░░░░░░░░░░╳╳╳╳╳                    ╱╱╱╱╱     ▒▒
    | 7           ░░░░░░░░░░▓▓▓▓▓╳╳╳╳╳                    ╱╱╱╱╱     ▒▒
    | 6           ░░░░░░░░░░▓░░░░╳╳╳╳◇                    ╱╱╱╱╱     ▒▒
    | 5 ┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┃┄┄┄┄╳╳╳╳╳┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄━━━━◆┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄
    | 4           ━━━━━━━━━━┃░░░░╳╳╳╳╳                    ╱╱╱╱╱     ▒▒
    | 3           ░░░░░░░░░░░░░░░╳╳╳╳╳                    ╱╱╱╱╱     ▒▒
    | 2           ░░░░░░░░░░░░░░░╳╳╳╳╳━━━━━━━━━━          ╱╱╱╱╱     ▒▒
    | 1           ░░░░░░░░░░░░░░░╳╳╳╳╳                    ╱╱╱╱╱     ▒▒
    |               +       ▲                                 !
    |   │locating │holding 1: done    │                   │2
    |   4:00                  ▲                 5:00
    | holding for 17.9 s. Rating 7, for 3.9 s.                   their RIGHT
    | Hold 1 (done, a fall): counted 23.4 s, pressed             ⣼⢁⣀⡠⠤⠶⣒⣒⣒⣋⣀⡠⣤⠒⠖⠊
    | 32.9 s.                                           H  ⡤⣄⣀ ⢀⣰⠋⢧⣈⣉⣳  ⠠⢊⠔⡁ ⡇      F
    | 4:12.1 receiver rates 7                           E     ⠉⠁             ⠙⠶⢅    E
    | 4:12.1 coach    “6: ease off.”                    A     ⣉⣉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⣡⢖⠎⠉   E
    |                                                   D  ⠓⠋⠉ ⠈⠹⣄⡞⢉⣉⡽(X)⢊⠔⡁ ⡇      T
    |                                                            ⢻⡈⠉⠘⠒⠶⠭⠭⠭⣍⠉⠑⠛⠤⠤⢄
    |                                                    their LEFT · you stand here
    |
    | ? keys   x X SHARP
    "#);
}

#[test]
fn what_is_wrong_with_a_transcript_is_never_covered() {
    for scene in scenes() {
        let (mut line, mut replay) = (None, None);
        match scene {
            Scene::Timeline(scene) => line = Some(scene),
            Scene::Replay(scene) => replay = Some(scene),
            _ => continue,
        }
        let warning = Some("Changed at entry 40.".to_owned());
        let scene = match (line, replay) {
            (Some(line), _) => Scene::Timeline(Box::new(TimelineView { warning, ..*line })),
            (_, Some(replay)) => Scene::Replay(Box::new(Replay { warning, ..*replay })),
            (None, None) => continue,
        };
        for (width, height) in [(80, 24), (200, 60), (40, 12), (60, 20)] {
            let seen = text(&draw(&scene, width, height));
            // On a narrow one it goes on in the next line.
            let read = seen.replace('|', " ").split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(read.contains("Changed at entry 40."), "{width}x{height}\n{seen}");
        }
    }
}

#[test]
fn what_is_played_again_says_so_at_every_size() {
    let alarmed = Replay {
        sitting: super::people::alarmed(holding(live(9, 0)), coach::Prompt::SharpHolding),
        ..replay()
    };
    for replay in [replay(), alarmed] {
        let scene = Scene::Replay(Box::new(replay));
        for (width, height) in [(80, 24), (200, 60), (40, 12), (20, 3), (100, 24)] {
            let seen = text(&draw(&scene, width, height));
            assert!(seen.lines().next().unwrap_or_default().contains("REPLAY"), "{width}x{height}\n{seen}");
            assert!(!seen.contains("link live"), "{seen}");
        }
    }
    let seen = text(&draw(&Scene::Replay(Box::new(replay())), 80, 24));
    assert!(seen.contains(coach::Named::name(Phase::Holding).to_uppercase().as_str()), "{seen}");
}

#[test]
fn what_can_be_pointed_at_lies_on_the_screen() {
    for width in [1, 40, 79, 80, 81, 160, 220] {
        for height in [1, 12, 23, 24, 43, 44, 70] {
            let screen = Rect::new(0, 0, width, height);
            for part in
                [Review::rows_at(screen), TimelineView::plot_at(screen), TimelineView::pane_at(screen, &[])]
            {
                assert_eq!(part.intersection(screen), part, "{part} on {screen}");
            }
        }
    }
    let plot = TimelineView::plot_at(Rect::new(0, 0, 80, 24));
    assert!(plot.width >= 70 && plot.height >= 10, "{plot}");
    assert!(Review::rows_at(Rect::new(0, 0, 80, 24)).height >= 10);
}

/// Where nothing has a colour the moment that is looked at and the chosen session are still told apart.
#[test]
fn without_colours_what_is_looked_at_is_reversed() {
    let theme = Theme { colours: Colours::None, ..Theme::default() };
    let plot = TimelineView::plot_at(Rect::new(0, 0, 80, 24));
    let seen = draw_with(&Scene::Timeline(Box::new(line(80))), 80, 24, &theme);
    for y in plot.y..plot.y + 10 {
        let reversed = |x: u16| seen[(x, y)].modifier.contains(Modifier::REVERSED);
        assert!(reversed(plot.x + 22) && !reversed(plot.x + 9), "row {y}");
    }
    let seen = draw_with(&Scene::Review(Box::new(list())), 80, 24, &theme);
    let rows = Review::rows_at(Rect::new(0, 0, 80, 24));
    assert!(seen[(10, rows.y + 1)].modifier.contains(Modifier::REVERSED));
    assert!(!seen[(10, rows.y)].modifier.contains(Modifier::REVERSED));
    assert!(seen.content.iter().all(|cell| (cell.fg, cell.bg) == (Color::Reset, Color::Reset)));
}
