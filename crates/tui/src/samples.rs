//! Scenes to measure and to look at, for those who draw without a session: the benchmark, the tests.

use std::time::Duration;

use coach::body::{Area, Region, Side, Spot, Stand};
use coach::{Awaits, Count, Counting, Mode, Moment, Phase, Prompt, Rating, RatingNow, View};

use crate::board::Board;
use crate::scene::{Battery, Hint, Scene, Signal, Sitting};

/// A hold that has run for 12 s of two busy minutes: what is drawn most often, and with the most in it.
#[must_use]
pub fn running_hold() -> Scene {
    let area = Area { side: Side::Left, region: Region::Latissimus };
    let mut view = View {
        technique: coach::Technique::Partner,
        phase: Phase::Holding,
        phase_for: Duration::ZERO,
        rating: RatingNow::None,
        count: None,
        mode: Mode::Hold,
        question: 0,
        awaits: Awaits::Nothing,
        area: Some(area),
        spot: Some(Spot::centre(area)),
        felt: None,
        lasts: None,
        stand: Stand::LeftSide,
        holds: 2,
        learned: coach::Learned::default(),
        ending: false,
    };
    let mut board = Board::default();
    let mut now = Moment::START;
    // A click every two seconds, up and down the calm half of the scale.
    for rating in (1..=5).chain((2..=4).rev()).cycle().take(60).filter_map(Rating::new) {
        view.rating = RatingNow::Live { rating, age: Duration::from_millis(300) };
        board.see(now, &view);
        now += Duration::from_secs(2);
    }
    board.said(now, Prompt::Hold, Duration::from_secs(2));
    view.phase_for = Duration::from_secs(12);
    view.count = Some(Count { what: Counting::ToMinimum, left: Duration::from_millis(17_600) });
    Scene::Sitting(Box::new(Sitting {
        view,
        shown: board.shown(now),
        signal: Signal::Live,
        reaching: None,
        battery: Battery::Read { percent: 83, age: Duration::from_secs(20) },
        receiver: Some("Anna".to_owned()),
        practice: false,
        notice: None,
        note: None,
        stop: Hint { key: "space".to_owned(), what: "STOP".to_owned() },
        keys: vec![Hint { key: "?".to_owned(), what: "keys".to_owned() }],
    }))
}
