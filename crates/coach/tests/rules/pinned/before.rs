//! What earlier sessions of the receiver tell: clearances, SHARPs, the dose; and the skin of a new region.

use core::time::Duration;

use coach::body::{Area, Region, Side, Spot, Toward};
use coach::screening::{Advice, Answer, Page, Question};
use coach::{
    Alarm, Awaits, Because, Before, Cleared, Click, Day, Input, Key, Link, Named, Output, Past, Phase, Plan,
    PlanParams, Pressed, Prompt, Refusal, Screened, Setup, Worked,
};

use super::{last_move, said, until};
use crate::support::{AREA, Sitting, outputs, rating};

const HOUR: Duration = Duration::from_secs(3600);

fn day(day: u8) -> Day {
    Day::new(2026, 11, day).expect("a day of November")
}

fn known(past: Past) -> Setup {
    Setup { past, ..Setup::of(Plan::partner()) }
}

fn before(spot: Spot, hours: u32) -> Before {
    Before { spot, ago: hours * HOUR }
}

/// A hold there, so many hours ago.
fn held(spot: Spot, hours: u32) -> Worked {
    leaned(spot, hours, 35)
}

fn leaned(spot: Spot, hours: u32, seconds: u64) -> Worked {
    Worked { pressed: Pressed::new(spot, Duration::from_secs(seconds)), ago: hours * HOUR }
}

/// A sitting that looks for the knot, of somebody who was worked on so many hours ago.
fn locating(worked: Vec<Worked>) -> Sitting {
    let mut sitting = Sitting::begin_with(known(Past { worked, ..Past::default() }));
    sitting.go_to(Phase::Locating);
    sitting
}

fn answers(sitting: &Sitting, wanted: Question) -> Vec<(Answer, Option<Day>)> {
    outputs(&sitting.log)
        .filter_map(|(_, output)| match output {
            Output::Screening(Screened::Answered { question, answer, on }) if question == wanted => {
                Some((answer, on))
            }
            _ => None,
        })
        .collect()
}

fn why(given: &[Output]) -> Option<Refusal> {
    given.iter().find_map(|output| match output {
        Output::Refused { why, .. } => Some(*why),
        _ => None,
    })
}

#[test]
fn a_clearance_is_stored_with_the_day_it_was_given() {
    for today in [Some(day(22)), None] {
        let mut sitting = Sitting::begin_with(known(Past { today, ..Past::default() }));
        until(&mut sitting, Awaits::Page(Page::General));
        sitting.click(Click::Yes);
        sitting.click(Click::No);
        sitting.click(Click::Yes);
        assert_eq!(sitting.view().awaits, Awaits::Clearance(Question::Clot));
        sitting.click(Click::Yes);
        assert_eq!(answers(&sitting, Question::Clot), [(Answer::Cleared, today)]);
    }
}

#[test]
fn an_earlier_clearance_is_told_with_its_date_and_asked_about() {
    let cleared = vec![Cleared { question: Question::Clot, on: day(2) }];
    let setup = known(Past { today: Some(day(22)), cleared, ..Past::default() });
    let mut sitting = Sitting::begin_with(setup.clone());
    until(&mut sitting, Awaits::Still(Question::Clot));
    let asked = Prompt::AskStill { question: Question::Clot, year: 2026, month: 11, day: 2 };
    assert!(outputs(&sitting.log).any(|(_, output)| output == Output::Prompt(asked)));
    // It holds: the rest of the page is asked, in one.
    assert_eq!(said(&sitting.click(Click::Yes)), ["ask-rest"]);
    assert_eq!(
        answers(&sitting, Question::Clot),
        [(Answer::Cleared, Some(day(2)))],
        "the day it was first told"
    );
    sitting.click(Click::No);
    assert_eq!(answers(&sitting, Question::Fever).len(), 1);
    assert_eq!(answers(&sitting, Question::Clot).len(), 1, "it is not answered again by the page");
    assert_eq!(sitting.view().awaits, Awaits::Page(Page::Cautions));

    // It does not: it is asked as if for the first time, and without a clearance it stops.
    let mut sitting = Sitting::begin_with(setup);
    until(&mut sitting, Awaits::Still(Question::Clot));
    sitting.click(Click::No);
    assert_eq!(sitting.view().awaits, Awaits::Question(Question::Clot));
    sitting.click(Click::Yes);
    sitting.click(Click::No);
    assert_eq!(sitting.phase(), Phase::Finished);
    assert_eq!(answers(&sitting, Question::Clot), [(Answer::Yes, None)]);
}

#[test]
fn a_step_back_asks_the_earlier_clearance_again() {
    let cleared = vec![Cleared { question: Question::Bleeding, on: day(2) }];
    let mut sitting = Sitting::begin_with(known(Past { cleared, ..Past::default() }));
    until(&mut sitting, Awaits::Still(Question::Bleeding));
    sitting.click(Click::Yes);
    assert_eq!(sitting.view().awaits, Awaits::Page(Page::Cautions));
    sitting.click(Click::Yes);
    assert_eq!(sitting.view().awaits, Awaits::Question(Question::Bones), "what is answered is passed over");
    sitting.key(Key::Back);
    assert_eq!(sitting.view().awaits, Awaits::Still(Question::Bleeding));
}

#[test]
fn a_place_that_was_sharp_is_asked_about_and_numbness_stops() {
    let spot = Spot::centre(Area { side: Side::Right, region: Region::Rhomboids });
    let past = Past { sharps: vec![before(spot, 50)], ..Past::default() };
    for (click, goes_on) in [(Click::No, true), (Click::Yes, false)] {
        let mut sitting = Sitting::begin_with(known(past.clone()));
        until(&mut sitting, Awaits::Since(spot.area()));
        let given = sitting.click(click);
        let answer = if goes_on { Answer::No } else { Answer::Yes };
        assert!(given.contains(&Output::Screening(Screened::Since { spot, answer })), "{given:?}");
        if goes_on {
            assert_eq!(sitting.view().awaits, Awaits::Page(Page::General));
        } else {
            assert_eq!(last_move(&sitting), (Phase::Finished, Because::StopAnswer));
            assert!(given.contains(&Output::Prompt(Prompt::Stopped { advice: Advice::SinceSharp })));
        }
    }
}

/// Toward the spine the latissimus ends, and the region beside it is another.
fn at_a_new_region(setup: Setup) -> Sitting {
    let mut sitting = Sitting::begin_with(setup);
    sitting.go_to(Phase::Locating);
    while sitting.view().spot.is_some_and(|spot| spot.area() == AREA) {
        sitting.click(Click::Nudge(Toward::Right));
    }
    sitting
}

#[test]
fn a_new_region_is_looked_at_before_it_is_pressed() {
    let mut sitting = at_a_new_region(Setup::of(Plan::partner()));
    let spot = sitting.view().spot.unwrap();
    let Area { side, region } = spot.area();
    assert_ne!(spot.area(), AREA);
    let given = sitting.click(Click::Spot);
    assert!(given.contains(&Output::Prompt(Prompt::AskSkin { side, region })), "{given:?}");
    assert_eq!((sitting.phase(), sitting.view().awaits), (Phase::Locating, Awaits::Page(Page::Skin)));
    // Looking for the spot stands still as long as it is asked.
    sitting.wait(Duration::from_secs(600));
    assert_eq!(sitting.phase(), Phase::Locating);
    let given = sitting.click(Click::No);
    assert!(given.contains(&Output::Screening(Screened::Where(spot.area()))), "{given:?}");
    assert_eq!(sitting.phase(), Phase::Settling);
    assert_eq!(answers(&sitting, Question::BrokenSkin), [(Answer::No, None); 2]);
    // Once is enough: a nudge away and back leads to no second question.
    sitting.click(Click::Nudge(Toward::Head));
    sitting.click(Click::Spot);
    assert_eq!(sitting.phase(), Phase::Settling);
}

#[test]
fn an_injury_in_a_new_region_closes_it_and_leads_back() {
    let mut sitting = at_a_new_region(Setup::of(Plan::partner()));
    let there = sitting.view().spot.unwrap();
    sitting.click(Click::Spot);
    sitting.click(Click::Yes);
    assert_eq!(sitting.view().awaits, Awaits::Question(Question::BrokenSkin));
    sitting.click(Click::No);
    sitting.click(Click::No);
    let given = sitting.click(Click::Yes);
    assert_eq!(said(&given), ["leave-area"]);
    assert_eq!(sitting.view().spot.map(Spot::area), Some(AREA), "back where it was looked");
    assert_eq!(sitting.phase(), Phase::Locating);
    // The way there is closed now.
    let mut refused = None;
    while sitting.view().spot.is_some_and(|spot| spot != there) && refused.is_none() {
        refused = why(&sitting.click(Click::Nudge(Toward::Right)));
    }
    assert_eq!(refused, Some(Refusal::ClosedByAnswer));
    sitting.click(Click::Spot);
    assert_eq!(sitting.phase(), Phase::Settling, "the control: where it was looked it is open");
}

#[test]
fn looking_is_taken_up_again_by_a_step_back() {
    let mut sitting = at_a_new_region(Setup::of(Plan::partner()));
    sitting.click(Click::Spot);
    sitting.key(Key::Back);
    assert_eq!(sitting.view().awaits, Awaits::Spot);
    assert!(
        sitting.click(Click::Nudge(Toward::Left)).iter().any(|output| matches!(output, Output::Nudge(_)))
    );
}

#[test]
fn the_same_spot_within_48_hours_is_asked_about() {
    let spot = Spot::centre(AREA);
    let mut sitting = locating(vec![held(spot, 30)]);
    assert!(
        outputs(&sitting.log)
            .any(|(_, output)| { output == Output::Prompt(Prompt::Worked { holds: 1, hours: 30 }) })
    );
    assert_eq!(said(&sitting.click(Click::Spot)), ["ask-again"]);
    assert_eq!(sitting.view().awaits, Awaits::Again);
    let given = sitting.click(Click::Yes);
    assert!(given.contains(&Output::Screening(Screened::Again { spot, answer: Answer::Yes })), "{given:?}");
    assert_eq!(sitting.phase(), Phase::Settling);

    // No: it is left alone today.
    let mut sitting = locating(vec![held(spot, 30)]);
    sitting.click(Click::Spot);
    assert_eq!(said(&sitting.click(Click::No)), ["leave-spot"]);
    assert_eq!(why(&sitting.click(Click::Spot)), Some(Refusal::LeftAlone));

    // The controls: two days ago, and another spot.
    for worked in [held(spot, 48), held(Spot::new(Side::Left, 13, 31).unwrap(), 30)] {
        let mut sitting = locating(vec![worked]);
        sitting.click(Click::Spot);
        assert_eq!(sitting.phase(), Phase::Settling, "{worked:?}");
    }
}

#[test]
fn what_a_day_has_is_counted_over_the_sessions() {
    let here = Spot::centre(AREA);
    let elsewhere = |n: usize| {
        let areas: Vec<Area> = Area::all().filter(|area| area.side == Side::Right).collect();
        Spot::centre(areas[n % areas.len()])
    };
    // The spot: two a day. One, and a day ago, leave it open.
    for (worked, refused) in [
        (vec![held(here, 5), held(here, 4)], Some(Refusal::SpotToday)),
        (vec![held(here, 5)], None),
        (vec![held(here, 25), held(here, 24)], None),
    ] {
        let mut sitting = locating(worked.clone());
        assert_eq!(why(&sitting.click(Click::Spot)), refused, "{worked:?}");
    }
    // The region: six a day. With five of them one more may begin.
    let row = |n| (0..n).map(|n| held(Spot::new(Side::Left, 13, 28 + n).unwrap(), 3)).collect::<Vec<_>>();
    for (n, refused) in [(6, Some(Refusal::RegionToday)), (5, None)] {
        let mut sitting = Sitting::begin_with(known(Past { worked: row(n), ..Past::default() }));
        sitting.key(Key::Where(AREA));
        assert_eq!(why(&sitting.key(Key::GoOn)), refused, "{n} before");
    }
    // The day: eight. Then there are strokes and stretching, and no hold.
    for (n, holds) in [(8, false), (7, true)] {
        let worked = (0..n).map(|n| held(elsewhere(n), 3)).collect();
        let mut sitting = Sitting::begin_with(known(Past { worked, ..Past::default() }));
        let mut leaned = false;
        for _ in 0..80 {
            leaned |= sitting.phase() == Phase::Settling;
            if leaned || !sitting.answer() {
                break;
            }
        }
        assert_eq!(leaned, holds, "{n} before");
        let told = outputs(&sitting.log).any(|(_, output)| output == Output::Prompt(Prompt::DayUsed));
        assert_eq!(told, !holds);
    }
}

/// Leans of earlier sessions that nudges broke off were no holds, and cost nothing.
#[test]
fn what_was_leaned_in_earlier_sessions_adds_up() {
    let here = Spot::centre(AREA);
    let leans = |n: usize| vec![leaned(here, 3, 4); n];
    // Less than a hold: it is pressed as if nothing had been. More is told of as one.
    for (n, asked) in [(2, false), (3, true)] {
        let mut sitting = locating(leans(n));
        let told = Output::Prompt(Prompt::Worked { holds: 1, hours: 3 });
        assert_eq!(outputs(&sitting.log).any(|(_, output)| output == told), asked, "{n} leans");
        sitting.click(Click::Spot);
        assert_eq!(sitting.view().awaits == Awaits::Again, asked, "{n} leans");
    }
    // Two holds of 60 s: 84 s of leaning leave one of 36 s, and 88 s none.
    for (n, refused) in [(21, None), (22, Some(Refusal::SpotToday))] {
        let mut sitting = locating(leans(n));
        assert_eq!(why(&sitting.click(Click::Spot)), refused, "{n} leans");
    }
}

#[test]
fn a_plan_may_lower_what_a_day_has() {
    let figures = PlanParams { holds_per_day: 1, name: "one".to_owned(), ..PlanParams::partner() };
    let plan = Plan::build(figures).unwrap();
    let mut sitting = Sitting::begin_with(Setup::of(plan));
    sitting.go_to(Phase::Holding);
    sitting.rate(4);
    sitting.go_to(Phase::Stretching);
    assert_eq!(sitting.holds().len(), 1);
}

/// Promise 6: nothing that anybody can do leads out of a stop.
#[test]
fn no_key_and_no_gesture_overrides_a_stop() {
    let mut stopped = Sitting::begin();
    until(&mut stopped, Awaits::Page(Page::General));
    stopped.click(Click::Yes);
    stopped.click(Click::Yes);
    assert_eq!(stopped.phase(), Phase::Finished);
    let areas = Area::all().map(Key::Where);
    let stands = coach::body::Stand::ALL.iter().map(|&stand| Key::Stand(stand));
    let moves = Toward::ALL.iter().map(|&toward| Key::Move(toward));
    let keys = [
        Key::Stop,
        Key::GoOn,
        Key::Yes,
        Key::No,
        Key::Spot,
        Key::Sharp,
        Key::Again,
        Key::AlreadyWarm,
        Key::End,
        Key::Back,
    ];
    let keys = keys.into_iter().chain(areas).chain(stands).chain(moves).map(Input::Key);
    let nudges = Toward::ALL.iter().map(|&toward| Click::Nudge(toward));
    let sides = Side::ALL.iter().map(|&side| Click::Felt(side));
    let ratings = (1..=10).flat_map(|value| [Click::Rating(rating(value)), Click::Same(rating(value))]);
    let clicks = [
        Click::Spot,
        Click::No,
        Click::Yes,
        Click::Again,
        Click::Beside,
        Click::SameSpot,
        Click::Enough,
        Click::OnlySharp,
        Click::Numb,
        Click::Slipped,
        Click::Less,
        Click::More,
        Click::LetGo,
    ];
    let clicks = clicks.into_iter().chain(nudges).chain(sides).chain(ratings);
    let clicks = clicks.map(|means| Input::Click { means, late: false, passed: false });
    let alarms = Alarm::ALL.iter().map(|&alarm| Input::Alarm(alarm));
    let others = [
        Input::Link(Link::Lost),
        Input::Link(Link::Restarted),
        Input::Link(Link::Live { dial: None }),
        Input::Gap(45 * 60 * Duration::from_secs(1)),
        Input::Resumed,
    ];
    let all: Vec<Input> = keys.chain(clicks).chain(alarms).chain(others).collect();
    let mut every_one_after_the_other = stopped.clone();
    for &input in &all {
        for sitting in [&mut stopped.clone(), &mut every_one_after_the_other] {
            let mut given = sitting.tell(input);
            given.extend(sitting.wait(Duration::from_secs(60)));
            assert_eq!(sitting.phase(), Phase::Finished, "{input:?}");
            let led_on = |output: &Output| {
                matches!(
                    output,
                    Output::Phase { .. }
                        | Output::Spot(_)
                        | Output::Nudge(_)
                        | Output::Screening(_)
                        | Output::Hold(_)
                )
            };
            assert!(!given.iter().any(led_on), "{input:?}: {given:?}");
            if matches!(input, Input::Key(Key::GoOn | Key::Yes | Key::No | Key::Back | Key::End)) {
                assert_eq!(why(&given), Some(Refusal::StopStands), "{input:?}");
            }
        }
    }
    // The control: before the stop the same keys lead on.
    let mut open = Sitting::begin();
    assert!(open.key(Key::GoOn).iter().any(|output| matches!(output, Output::Screening(_))));
}
