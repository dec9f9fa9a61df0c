//! What holds at every size and for every value: nothing panics, no number is drawn that is not known, the number is
//! large, the alarm is to be seen and is not everything.

use std::time::Duration;

use coach::body::{Area, Spot, Stand};
use coach::screening::{Advice, Page, Question};
use coach::{Awaits, Counting, Level, Named, Phase, Prompt, RatingNow};
use proptest::prelude::*;
use ratatui::buffer::Buffer;
use ratatui::style::Color;
use tui::{Battery, Colours, Ground, Group, Help, Scene, Sitting, Theme};

use super::people::{
    alarmed, count, draw, draw_with, felt_in_the_neck, finished, flushing, hint, holding, learning, live,
    locating, of, on_terminal, page, pairing, rating, sitting, start, start_with_clickers, text, warming,
};

/// Every size on the way from nothing to a wall, close together where layouts change.
fn sizes() -> impl Iterator<Item = (u16, u16)> {
    let widths = (1..=48).step_by(6).chain([40, 79, 80, 100, 220]);
    let heights = [1, 2, 3, 5, 8, 11, 12, 17, 23, 24, 30, 70];
    widths.flat_map(move |width| heights.map(|height| (width, height)))
}

fn help(behind: Option<Sitting>) -> Scene {
    let rows =
        (0..30).map(|n| hint(&format!("k{n}"), "does something that takes a few words to say")).collect();
    let groups = vec![Group { title: "The partner's keys:".to_owned(), rows }];
    Scene::Help(Box::new(Help { groups, top: 7, behind: behind.map(Box::new) }))
}

/// A scene of every kind, and a session in every phase.
fn scenes() -> Vec<Scene> {
    let mut scenes = vec![
        Scene::Start(start()),
        Scene::Start(start_with_clickers()),
        Scene::Start(tui::Start::default()),
        Scene::Steps(pairing()),
        Scene::Steps(tui::Steps::default()),
        Scene::Finished(Box::new(finished())),
        help(None),
        help(Some(alarmed(holding(live(9, 0)), Prompt::SharpHolding))),
        tui::samples::running_hold(),
        of(flushing()),
        of(felt_in_the_neck()),
        of(warming()),
        of(learning()),
    ];
    scenes.extend(super::review::scenes());
    scenes.extend(Stand::ALL.iter().map(|&stand| of(locating(stand))));
    scenes.extend(Page::ALL.iter().map(|&one| of(page(one))));
    scenes.extend(
        Phase::ALL.iter().map(|&phase| of(alarmed(sitting(phase, live(8, 2)), Prompt::SharpResting))),
    );
    scenes
}

#[test]
fn every_scene_is_drawn_at_every_size() {
    let scenes = scenes();
    for (width, height) in sizes() {
        for scene in &scenes {
            draw(scene, width, height);
        }
    }
}

/// Nothing of a frame stays behind in the next, wide letters and filled cells included.
#[test]
fn each_frame_stands_for_itself() {
    let scenes = scenes();
    for pair in scenes.windows(2) {
        let alone = on_terminal(&[&pair[1]], 80, 24);
        assert_eq!(on_terminal(&[&pair[0], &pair[1]], 80, 24), alone, "{:?}", pair[1]);
    }
}

#[test]
fn nothing_is_drawn_outside_of_the_area() {
    let words = words::Words::english();
    let whole = ratatui::layout::Rect::new(0, 0, 120, 40);
    for scene in scenes() {
        for area in [ratatui::layout::Rect::new(20, 8, 80, 24), ratatui::layout::Rect::new(31, 9, 40, 12)] {
            let mut buf = Buffer::filled(whole, ratatui::buffer::Cell::new("~"));
            tui::draw(&scene, area, &mut buf, &words, &Theme::default());
            for position in whole.positions().filter(|&position| !area.contains(position)) {
                assert_eq!(buf[position].symbol(), "~", "{position} of {scene:?}");
            }
        }
    }
}

/// A session that has nothing to say in figures but its rating.
fn bare(phase: Phase, rating: RatingNow) -> Sitting {
    let mut sitting = sitting(phase, rating);
    sitting.view.holds = 0;
    sitting.view.phase_for = Duration::ZERO;
    sitting.view.spot = None;
    sitting.view.count = None;
    sitting
}

/// Figures in a frame. Those of "80x24" are left out: on a tiny screen it is broken anywhere.
fn figures(buffer: &Buffer) -> usize {
    text(buffer).chars().filter(|letter| letter.is_ascii_digit() && !"80x24".contains(*letter)).count()
}

#[test]
fn a_rating_that_is_not_live_has_no_figure_anywhere_at_any_size() {
    for (width, height) in sizes() {
        for &phase in Phase::ALL {
            for now in [RatingNow::None, RatingNow::Stale, RatingNow::Lost] {
                let mut sitting = bare(phase, now);
                let without = draw(&of(sitting.clone()), width, height);
                assert_eq!(figures(&without), 0, "{phase} {now:?} at {width}x{height}\n{}", text(&without));
                // What came before does not stand in for it, neither small nor large.
                if width >= 80 && height >= 24 {
                    sitting.shown.trend = Some(tui::Trend { from: rating(3) });
                    assert_eq!(
                        draw(&of(sitting), width, height),
                        without,
                        "{phase} {now:?} at {width}x{height}"
                    );
                }
            }
        }
    }
}

/// The control: a Live rating is to be found, at every size at which there is room for a word.
#[test]
fn a_live_rating_has_one() {
    for (width, height) in sizes().filter(|&(width, height)| width >= 10 && height >= 2) {
        let buffer = draw(&of(bare(Phase::Holding, live(7, 3))), width, height);
        let large = width >= 80 && height >= 24 && digit_rows(&buffer, width / 3, height / 2) >= 8;
        assert!(large || figures(&buffer) > 0, "{width}x{height}\n{}", text(&buffer));
    }
}

/// The rows with ink among the first of the screen, to the left of what stands beside the number.
fn digit_rows(buffer: &Buffer, width: u16, rows: u16) -> usize {
    let inked = |y: u16| (0..width).any(|x| ["█", "▀", "▄"].contains(&buffer[(x, y)].symbol()));
    (0..rows).filter(|&y| inked(y)).count()
}

#[test]
fn the_number_is_at_least_eight_rows_high() {
    // Width, height, and the columns and rows of the screen that the number has for itself.
    for (width, height, wide, rows) in
        [(40, 12, 18, 9), (60, 20, 22, 14), (80, 24, 23, 12), (100, 30, 30, 18), (200, 60, 70, 40)]
    {
        for value in 1..=10 {
            let buffer = draw(&of(bare(Phase::Holding, live(value, 3))), width, height);
            // At full size the last of these rows is the band's.
            let inked = digit_rows(&buffer, wide, if width >= 80 { rows - 1 } else { rows });
            assert!(inked >= 8, "{value} at {width}x{height} has {inked} rows\n{}", text(&buffer));
        }
    }
}

/// "3, 2, 1" is said by the coach, and is not a rating.
#[test]
fn a_countdown_is_never_as_large_as_a_number() {
    for (width, height) in [(80, 24), (100, 30), (120, 40), (200, 60)] {
        let mut counting = bare(Phase::Settling, RatingNow::None);
        counting.view.rating = RatingNow::Stale;
        counting.shown.instruction = Some(Prompt::Countdown { n: 3 });
        let without = Sitting { shown: tui::Shown::default(), ..counting.clone() };
        let (with, without) = (draw(&of(counting), width, height), draw(&of(without), width, height));
        let rows = (0..height)
            .filter(|&y| (0..width).any(|x| with[(x, y)].symbol() != without[(x, y)].symbol()))
            .count();
        assert!((1..=8).contains(&rows) && rows * 2 <= usize::from(height) / 3, "{rows} at {width}x{height}");
    }
}

#[test]
fn an_alarm_is_seen_at_every_size_and_is_never_the_full_screen() {
    let theme = Theme::default();
    let vermillion = Color::Rgb(0xD5, 0x5E, 0x00);
    for (width, height) in sizes() {
        let calm = holding(live(4, 1));
        let buffer = draw_with(&of(alarmed(calm, Prompt::SharpHolding)), width, height, &theme);
        let filled = buffer.content.iter().filter(|cell| cell.bg == vermillion).count();
        assert!(filled > 0, "{width}x{height}");
        if height >= 4 && width >= 20 {
            assert!(filled * 4 <= buffer.content.len() * 3, "{filled} of {width}x{height}");
            let stop = text(&buffer);
            assert!(stop.contains("space") && stop.contains("STOP"), "{width}x{height}\n{stop}");
        }
    }
}

#[test]
fn the_levels_have_words_and_shapes_of_their_own() {
    let theme = Theme { colours: Colours::None, ..Theme::default() };
    let picture = |prompt| text(&draw_with(&of(alarmed(holding(live(4, 1)), prompt)), 80, 24, &theme));
    let (high, medium) = (picture(Prompt::SharpHolding), picture(Prompt::Less));
    assert!(high.contains("!!! ALARM !!!") && high.contains(&"█".repeat(20)), "{high}");
    assert!(medium.contains(" !! EASE !! ") && medium.contains(&"▀".repeat(20)), "{medium}");
    let mut asked = holding(RatingNow::None);
    asked.view.awaits = Awaits::Rating;
    let low = text(&draw_with(&of(asked), 80, 24, &theme));
    assert!(low.contains(" ? Receiver: click how much it is now"), "{low}");
}

#[test]
fn no_color_means_no_colour() {
    let theme = Theme { colours: Colours::None, ground: Ground::Dark, ..Theme::default() };
    for scene in scenes() {
        for (width, height) in [(80, 24), (40, 12), (200, 60)] {
            let buffer = draw_with(&scene, width, height, &theme);
            let coloured = |cell: &&ratatui::buffer::Cell| cell.fg != Color::Reset || cell.bg != Color::Reset;
            assert_eq!(buffer.content.iter().find(coloured), None, "{scene:?}");
        }
    }
}

/// Elsewhere a rating is shown, not alarmed: before anybody presses, an 8 is a number like any other.
#[test]
fn a_high_rating_at_rest_stands_in_no_block() {
    let mut asked = bare(Phase::Screening, live(8, 1));
    asked.view.awaits = Awaits::Resting;
    let resting = text(&draw(&of(asked), 80, 24));
    assert!(!resting.contains("HANDS OFF") && !resting.contains("▓▓   "), "{resting}");
    let pressing = text(&draw(&of(bare(Phase::Holding, live(8, 1))), 80, 24));
    assert!(pressing.contains("HANDS OFF"), "the control\n{pressing}");
}

/// A spot under an alarm must not shine through it.
#[test]
fn an_alarm_leaves_nothing_of_what_it_covers() {
    for (width, height) in [(80, 24), (100, 30), (200, 60)] {
        let mut dark = alarmed(locating(Stand::AtFeet), Prompt::SharpTouching);
        dark.shown.alarm = dark.shown.alarm.map(|alarm| tui::Alarm { lit: false, ..alarm });
        dark.view.spot = Spot::new(coach::body::Side::Left, 11, 56).ok();
        let buffer = draw(&of(dark), width, height);
        let under = |y: u16| (0..width).any(|x| buffer[(x, y)].bg == Color::Rgb(0xE6, 0x9F, 0x00));
        let rule = (0..height).find(|&y| buffer[(0, y)].symbol() == "█").unwrap();
        assert!((rule..height).all(|y| !under(y)), "{width}x{height}");
    }
}

#[test]
fn help_covers_neither_status_nor_alarm_nor_the_number() {
    let buffer = draw(&help(Some(alarmed(holding(live(4, 1)), Prompt::SharpHolding))), 80, 24);
    let picture = text(&buffer);
    assert!(
        picture.contains("HOLDING") && picture.contains("ALARM") && picture.contains("space"),
        "{picture}"
    );
    let pressing = draw(&help(Some(holding(live(4, 1)))), 80, 24);
    assert!(digit_rows(&pressing, 23, 11) >= 8 && text(&pressing).contains("k7"), "{}", text(&pressing));
    let resting = text(&draw(&help(Some(flushing())), 80, 24));
    assert!(!resting.contains("█") && resting.contains("k20"), "{resting}");
}

#[test]
fn what_is_awaited_has_words_for_everything() {
    let mut all = vec![
        Awaits::Nothing,
        Awaits::Where,
        Awaits::Elsewhere,
        Awaits::Resting,
        Awaits::Bother,
        Awaits::WarmCheck,
        Awaits::GoOn,
        Awaits::LessonOffer,
        Awaits::Lesson(coach::Lesson::Stop),
        Awaits::TrySharp,
        Awaits::HeardThat,
        Awaits::Spot,
        Awaits::Rating,
        Awaits::Next,
        Awaits::AfterSharp,
        Awaits::Receiver,
        Awaits::Partner,
        Awaits::Signal,
        Awaits::Again,
    ];
    all.extend(Page::ALL.iter().map(|&page| Awaits::Page(page)));
    all.extend(
        Question::ALL
            .iter()
            .flat_map(|&one| [Awaits::Question(one), Awaits::Clearance(one), Awaits::Still(one)]),
    );
    all.extend(coach::body::Side::ALL.iter().map(|&side| Awaits::Hand(side)));
    all.extend(Area::all().map(Awaits::Since));
    for awaits in all {
        for &phase in Phase::ALL {
            let mut asked = sitting(phase, RatingNow::None);
            asked.view.awaits = awaits;
            let picture = text(&draw(&of(asked), 80, 24));
            assert!(!picture.contains("[screen-"), "{awaits:?} {phase}\n{picture}");
        }
    }
}

/// The end of a session that an answer stopped says why, in full.
#[test]
fn advice_is_there_to_be_read() {
    for &advice in Advice::ALL {
        let mut over = finished();
        over.last = Some(Prompt::Stopped { advice });
        over.holds.clear();
        let picture = text(&draw(&Scene::Finished(Box::new(over)), 80, 24)).replace("\n|", "");
        let last = words::Words::english().name(advice);
        let last = last.split_whitespace().last().unwrap();
        assert!(picture.contains(last), "{advice}\n{picture}");
    }
}

fn any_rating() -> impl Strategy<Value = RatingNow> {
    prop_oneof![
        Just(RatingNow::None),
        Just(RatingNow::Stale),
        Just(RatingNow::Lost),
        (1u8..=10, any::<u64>()).prop_map(|(value, age)| RatingNow::Live {
            rating: rating(value),
            age: Duration::from_millis(age)
        }),
    ]
}

fn one_of<T: Named + std::fmt::Debug>() -> impl Strategy<Value = T> {
    proptest::sample::select(T::ALL)
}

fn any_spot() -> impl Strategy<Value = Option<Spot>> {
    (one_of(), any::<u8>(), any::<u8>())
        .prop_map(|(side, out, down)| Spot::new(side, out % 18, down % 61).ok())
}

prop_compose! {
    fn any_sitting()(
        phase in one_of::<Phase>(),
        rating in any_rating(),
        what in one_of::<Counting>(),
        left in any::<u64>(),
        stand in one_of::<Stand>(),
        spot in any_spot(),
        path in proptest::collection::vec(any_spot(), 0..40),
        name in "\\PC{0,60}",
        notice in proptest::option::of("\\PC{0,200}"),
        keys in proptest::collection::vec(("\\PC{0,12}", "\\PC{0,90}"), 0..12),
        percent in any::<u8>(),
        alarm in proptest::option::of(one_of::<Level>()),
        lit in any::<bool>(),
    ) -> Sitting {
        let mut sitting = sitting(phase, rating);
        sitting.view.count = Some(count(what, left));
        sitting.view.phase_for = Duration::from_secs(left / 3);
        sitting.view.stand = stand;
        sitting.view.spot = spot;
        sitting.view.area = Area::all().next();
        sitting.shown.path = path.into_iter().flatten().collect();
        sitting.receiver = Some(name);
        sitting.notice = notice;
        sitting.keys = keys.iter().map(|(key, what)| hint(key, what)).collect();
        sitting.battery = Battery::Read { percent, age: Duration::from_secs(left) };
        let prompt = alarm.map(|level| match level {
            Level::High => Prompt::SharpStretch,
            Level::Medium => Prompt::LetGoAbove,
            Level::Low => Prompt::AskSharp,
            Level::Calm => Prompt::Over,
        });
        sitting.shown.alarm = prompt.map(|prompt| tui::Alarm { prompt, lit });
        sitting
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn odd_values_at_odd_sizes_are_drawn(sitting in any_sitting(), width in 1u16..230, height in 1u16..75) {
        draw(&of(sitting), width, height);
    }

    #[test]
    fn any_name_is_typed_and_listed(name in "\\PC{0,80}", chosen in any::<usize>(), width in 1u16..120, height in 1u16..40) {
        let mut start = start();
        start.receivers.push(tui::Receiver { name: name.clone(), last: name.clone() });
        start.chosen = chosen;
        draw(&Scene::Start(start.clone()), width, height);
        start.begin_name();
        name.chars().for_each(|letter| start.typed(letter));
        draw(&Scene::Start(start), width, height);
    }
}
