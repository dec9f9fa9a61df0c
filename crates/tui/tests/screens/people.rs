//! Scenes to look at, and the way to look at them.

#![expect(clippy::unwrap_used, reason = "a scene that cannot be made fails the test that wants it")]

use std::sync::LazyLock;
use std::time::Duration;

use coach::body::{Area, Felt, Region, Side, Spot, Stand};
use coach::{
    Awaits, Because, Count, Counting, Mode, Moment, Outcome, Phase, Prompt, Rating, RatingNow, View,
};
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::{Frame, Terminal};
use tui::{
    Alarm, Battery, Deed, Finished, Held, Hint, Offer, Piece, Possible, RatingState, Ratings, Receiver,
    Scene, Shown, Signal, Sitting, Start, Steps, Strip, Theme, Trend,
};
use words::Words;

/// Read once: a test draws thousands of frames.
pub(crate) static WORDS: LazyLock<Words> = LazyLock::new(Words::english);

pub(crate) fn rating(value: u8) -> Rating {
    Rating::new(value).unwrap()
}

pub(crate) fn live(value: u8, seconds: u64) -> RatingNow {
    RatingNow::Live { rating: rating(value), age: Duration::from_secs(seconds) }
}

pub(crate) fn hint(key: &str, what: &str) -> Hint {
    Hint { key: key.to_owned(), what: what.to_owned() }
}

pub(crate) fn spot() -> Spot {
    Spot::new(Side::Left, 9, 31).unwrap()
}

/// A session in a phase, with nothing else to say.
pub(crate) fn sitting(phase: Phase, rating: RatingNow) -> Sitting {
    let view = View {
        technique: coach::Technique::Partner,
        phase,
        phase_for: Duration::from_secs(12),
        rating,
        count: None,
        mode: Mode::Rate,
        question: 0,
        awaits: Awaits::Nothing,
        area: Some(Area { side: Side::Left, region: Region::Latissimus }),
        spot: Some(spot()),
        felt: None,
        lasts: None,
        stand: Stand::LeftSide,
        holds: 2,
        learned: coach::Learned::default(),
        ending: false,
    };
    Sitting {
        view,
        shown: Shown::default(),
        signal: Signal::Live,
        reaching: None,
        battery: Battery::Unknown,
        receiver: Some("Anna".to_owned()),
        practice: false,
        notice: None,
        note: None,
        stop: hint("space", "STOP"),
        keys: vec![hint("?", "keys")],
    }
}

/// In the midst of a hold.
pub(crate) fn holding(rating: RatingNow) -> Sitting {
    let mut sitting = sitting(Phase::Holding, rating);
    sitting.view.count = Some(count(Counting::ToMinimum, 18));
    sitting.shown.instruction = Some(Prompt::Hold);
    sitting
}

pub(crate) fn count(what: Counting, seconds: u64) -> Count {
    // Somewhere within the second: whole ones are the moment of a change.
    Count { what, left: Duration::from_secs(seconds).saturating_sub(Duration::from_millis(400)) }
}

pub(crate) fn alarmed(mut sitting: Sitting, prompt: Prompt) -> Sitting {
    sitting.shown.alarm = Some(Alarm { prompt, lit: true });
    sitting
}

/// A flush after a hold in which the signal was lost for a while.
pub(crate) fn flushing() -> Sitting {
    let mut sitting = sitting(Phase::Flushing, live(2, 14));
    sitting.view.count = Some(count(Counting::ToPhaseEnd, 12));
    sitting.shown.instruction = Some(Prompt::Flush);
    let piece = |second: u64, known, hold| Piece { from: Moment::from_millis(second * 1000), known, hold };
    sitting.shown.strip = Strip {
        now: Moment::from_millis(200_000),
        pieces: vec![
            piece(60, RatingState::Nothing, false),
            piece(110, RatingState::Rating(rating(3)), true),
            piece(118, RatingState::Rating(rating(5)), true),
            piece(132, RatingState::Rating(rating(7)), true),
            piece(140, RatingState::Gap, true),
            piece(150, RatingState::Rating(rating(4)), true),
            piece(160, RatingState::Rating(rating(2)), false),
        ],
    };
    sitting.shown.held = vec![spot()];
    sitting
}

/// A flush in which the receiver shows that they feel it in the neck, on closed ground.
pub(crate) fn felt_in_the_neck() -> Sitting {
    let mut sitting = flushing();
    sitting.view.mode = Mode::Locate;
    sitting.view.awaits = Awaits::WhereFelt;
    sitting.view.felt = Felt::new(Side::Left, 6, 4).ok();
    sitting.shown.instruction = Some(Prompt::WhereFelt);
    sitting
}

pub(crate) fn locating(stand: Stand) -> Sitting {
    let mut sitting = sitting(Phase::Locating, RatingNow::None);
    sitting.view.stand = stand;
    sitting.view.mode = Mode::Locate;
    sitting.view.awaits = Awaits::Spot;
    sitting.view.count = Some(count(Counting::ToPhaseEnd, 74));
    let toward = coach::body::Toward::Left;
    sitting.shown.instruction = Some(Prompt::Nudged { toward, seen: toward.seen_from(stand) });
    sitting.shown.path = (6..9).map(|out| Spot::new(Side::Left, out, 30).unwrap()).collect();
    sitting
}

pub(crate) fn warming() -> Sitting {
    let mut sitting = sitting(Phase::Warming, RatingNow::None);
    sitting.view.phase_for = Duration::from_millis(228_400);
    sitting.view.count = Some(count(Counting::ToPhaseMinimum, 372));
    let minutes = |minutes: u64| Duration::from_secs(60 * minutes);
    sitting.view.lasts = Some(coach::Lasts { least: minutes(10), most: minutes(15) });
    sitting.shown.instruction = Some(Prompt::Warm);
    sitting.keys.push(hint("w", "it is warm already"));
    sitting
}

/// The third gesture is asked for; nobody touches anybody.
pub(crate) fn learning() -> Sitting {
    let mut sitting = sitting(Phase::Learning, RatingNow::None);
    let lesson = coach::Lesson::Sharp;
    sitting.view.awaits = Awaits::Lesson(lesson);
    sitting.view.count = Some(count(Counting::ToPhaseEnd, 48));
    sitting.shown.instruction = Some(Prompt::Learn { lesson, tried: coach::Tried::Right });
    sitting
}

pub(crate) fn page(page: coach::screening::Page) -> Sitting {
    let mut sitting = sitting(Phase::Screening, RatingNow::None);
    sitting.view.awaits = Awaits::Page(page);
    sitting.view.holds = 0;
    sitting.view.spot = None;
    sitting.shown.instruction = Some(Prompt::AskPage { page });
    sitting.keys = vec![hint("n", "none of these"), hint("y", "one of them")];
    sitting
}

pub(crate) fn start() -> Start {
    let plan =
        |name: &str, about: &str| tui::Plan { name: name.to_owned(), about: about.to_owned(), label: None };
    let offer = |deed, key: &str, possible| Offer { deed, key: key.to_owned(), possible };
    Start {
        receivers: vec![
            Receiver { name: "Anna".to_owned(), last: "yesterday, 4 holds".to_owned() },
            Receiver { name: "田中 花子".to_owned(), last: "3 weeks ago".to_owned() },
        ],
        chosen: 0,
        naming: None,
        near: vec!["No clicker can be looked for: this machine has no Bluetooth adapter.".to_owned()],
        plans: vec![
            plan("partner", "Somebody presses, you say where and how much: holds of 30 to 60 seconds."),
            tui::Plan {
                label: Some("background: from studies, not from the guide".to_owned()),
                ..plan(
                    "low-90",
                    "As partner, and a hold may run to 90 seconds while every rating in it is low.",
                )
            },
        ],
        plan: 1,
        offers: vec![
            offer(Deed::Session, "s", Possible::No("no Bluetooth adapter".to_owned())),
            offer(Deed::Practise, "p", Possible::Yes),
            offer(Deed::Review, "v", Possible::Later),
            offer(Deed::Quit, "q", Possible::Yes),
        ],
        notice: None,
    }
}

/// Clickers that are remembered and near, and one that is a stranger.
pub(crate) fn start_with_clickers() -> Start {
    let offer = |deed, key: &str, possible| Offer { deed, key: key.to_owned(), possible };
    Start {
        near: vec![
            "Bluetooth is ready; listening for clickers.".to_owned(),
            "Unknot 9A: near, strong signal (-55 dBm), battery 83 % 2 days ago".to_owned(),
            "Unknot 9B: not heard now, battery never read".to_owned(),
            "Unknot 9C: near, weak signal (-85 dBm), not paired with this computer".to_owned(),
        ],
        offers: vec![
            offer(Deed::Practise, "p", Possible::Yes),
            offer(Deed::Session, "s", Possible::Yes),
            offer(Deed::Learn, "k", Possible::Yes),
            offer(Deed::Pair, "c", Possible::Yes),
            offer(Deed::Review, "r", Possible::Later),
            offer(Deed::Quit, "q", Possible::Yes),
        ],
        ..start()
    }
}

/// In the midst of pairing: four digits are typed.
pub(crate) fn pairing() -> Steps {
    Steps {
        stop: None,
        title: "Pairing".to_owned(),
        said: vec![
            "On the clicker: hold the logo while you switch it on or press its reset button, for 3 seconds. It is \
             then open for pairing for a minute."
                .to_owned(),
            "With Unknot 9A (C0:12:34:56:78:9A).".to_owned(),
        ],
        now: "Type the six digits that the clicker shows, one after the other, then Enter.".to_owned(),
        typed: Some("0417".to_owned()),
        line: None,
        keys: vec![hint("Esc", "give up")],
    }
}

pub(crate) fn finished() -> Finished {
    let held = |outcome, because, seconds| Held {
        spot: Some(spot()),
        outcome,
        because,
        counted: Duration::from_secs(seconds),
    };
    Finished {
        technique: coach::Technique::Partner,
        because: Because::Enough,
        last: None,
        answered: None,
        receiver: Some("Anna".to_owned()),
        holds: vec![held(Outcome::Done, Because::LetGo, 41), held(Outcome::Cut, Because::AboveFive, 12)],
        ratings: Some(Ratings { first: rating(4), highest: rating(7), last: rating(2) }),
        sharps: 1,
        bother_before: Some(rating(6)),
        bother_after: Some(rating(4)),
        unstored: 0,
        keys: vec![hint("Enter", "back to the start"), hint("q", "quit")],
    }
}

pub(crate) fn trend(mut sitting: Sitting, from: u8) -> Sitting {
    sitting.shown.trend = Some(Trend { from: rating(from) });
    sitting
}

/// Draws a scene as the program does.
pub(crate) fn draw(scene: &Scene, width: u16, height: u16) -> Buffer {
    draw_with(scene, width, height, &Theme::default())
}

pub(crate) fn draw_with(scene: &Scene, width: u16, height: u16, theme: &Theme) -> Buffer {
    let area = Rect::new(0, 0, width, height);
    let mut buf = Buffer::empty(area);
    tui::draw(scene, area, &mut buf, &WORDS, theme);
    buf
}

/// What a terminal holds after the frame before and this one.
pub(crate) fn on_terminal(scenes: &[&Scene], width: u16, height: u16) -> Buffer {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    for scene in scenes {
        let draw = |frame: &mut Frame<'_>| {
            tui::draw(scene, frame.area(), frame.buffer_mut(), &WORDS, &Theme::default());
        };
        terminal.draw(draw).unwrap();
    }
    terminal.backend().buffer().clone()
}

/// The letters of a buffer, a bar before each row, without the blanks at the ends of rows.
pub(crate) fn text(buffer: &Buffer) -> String {
    let area = buffer.area;
    let mut text = String::new();
    for y in area.top()..area.bottom() {
        let mut row = String::new();
        let mut skip = 0;
        for x in area.left()..area.right() {
            let symbol = buffer[(x, y)].symbol();
            // A wide letter takes the cell after it as well.
            if skip > 0 {
                skip -= 1;
                continue;
            }
            skip = ratatui::text::Span::raw(symbol).width().saturating_sub(1);
            row.push_str(symbol);
        }
        text.push('|');
        text.push_str(row.trim_end());
        text.push('\n');
    }
    text
}

pub(crate) fn of(sitting: Sitting) -> Scene {
    Scene::Sitting(Box::new(sitting))
}
