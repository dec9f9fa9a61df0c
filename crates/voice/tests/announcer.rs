//! What is said when: the announcer, given prompts and views at moments of virtual time.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::Duration;

use coach::body::{Region, Stand};
use coach::{Awaits, Counting, Moment, Phase, Prompt, Rating, RatingNow, View};
use voice::{Action, Announcer, Tone, Verbosity};

const SPINE: Prompt = Prompt::FeelForSpine;
const STAND: Prompt = Prompt::StandAt { stand: Stand::LeftSide, table: None };
const LEAN: Prompt = Prompt::LeanIn { region: Region::Rhomboids, tool: None };

fn at(ms: u64) -> Moment {
    Moment::from_millis(ms)
}

fn view(phase: Phase, rating: RatingNow) -> View {
    let coach = coach::Coach::begin(coach::Setup::of(coach::Plan::partner()));
    View { phase, rating, awaits: Awaits::Nothing, count: None, ..coach.view(Moment::START) }
}

fn rated(rating: u8, age_ms: u64) -> RatingNow {
    RatingNow::Live { rating: Rating::new(rating).unwrap(), age: Duration::from_millis(age_ms) }
}

/// What is said at this moment, tones apart; the line that is being said is left to go on.
fn said(announcer: &mut Announcer, ms: u64, view: &View) -> Vec<String> {
    announcer.see(at(ms), view);
    let mut said = Vec::new();
    while let Some(action) = announcer.poll(at(ms)) {
        match action {
            Action::Play(_) => {}
            Action::Say(line) => said.push(line.text),
            Action::Cut => said.push("--".to_owned()),
            Action::GiveUp => said.push("gave up".to_owned()),
        }
    }
    said
}

/// The speaker has finished its line.
fn ended(announcer: &mut Announcer, ms: u64) {
    // Its number is not known here: all that it could have are reported.
    (0..20).for_each(|id| announcer.ended(at(ms), id));
}

#[test]
fn an_alarm_cuts_a_calmer_line_off_and_the_line_is_said_again() {
    let mut announcer = Announcer::new(Verbosity::Everything);
    let locating = view(Phase::Locating, RatingNow::None);
    announcer.said(at(0), SPINE);
    assert_eq!(said(&mut announcer, 0, &locating).len(), 1);
    announcer.said(at(900), Prompt::SharpTouching);
    let heard = said(&mut announcer, 900, &locating);
    assert_eq!((heard.len(), heard[0].as_str()), (2, "--"));
    ended(&mut announcer, 2_000);
    assert_eq!(said(&mut announcer, 2_899, &locating), [""; 0]);
    let again = said(&mut announcer, 2_900, &locating);
    assert!(again[0].starts_with("Feel for the bumps"), "{again:?}");
}

#[test]
fn after_an_alarm_a_sentence_of_a_phase_that_is_over_is_not_said() {
    let mut announcer = Announcer::new(Verbosity::Everything);
    announcer.said(at(0), SPINE);
    said(&mut announcer, 0, &view(Phase::Locating, RatingNow::None));
    announcer.said(at(900), Prompt::SharpTouching);
    said(&mut announcer, 900, &view(Phase::Paused, RatingNow::None));
    ended(&mut announcer, 2_000);
    assert_eq!(said(&mut announcer, 9_000, &view(Phase::Paused, RatingNow::None)), [""; 0]);
}

#[test]
fn sentences_wait_for_each_other_and_are_two_seconds_apart() {
    let mut announcer = Announcer::new(Verbosity::Everything);
    let locating = view(Phase::Locating, RatingNow::None);
    announcer.said(at(0), STAND);
    announcer.said(at(0), SPINE);
    assert_eq!(said(&mut announcer, 0, &locating).len(), 1);
    ended(&mut announcer, 500);
    assert_eq!(announcer.due(at(500)), Some(at(2_000)));
    assert_eq!(said(&mut announcer, 1_999, &locating), [""; 0]);
    assert_eq!(said(&mut announcer, 2_000, &locating).len(), 1);
}

#[test]
fn a_rating_is_said_when_it_is_steady_and_only_while_somebody_may_be_pressing() {
    let mut announcer = Announcer::new(Verbosity::Everything);
    assert_eq!(said(&mut announcer, 0, &view(Phase::Holding, rated(3, 999))), [""; 0]);
    assert_eq!(announcer.due(at(0)), Some(at(1)));
    assert_eq!(said(&mut announcer, 1, &view(Phase::Holding, rated(3, 1_000))), ["3"]);
    ended(&mut announcer, 500);
    // The same number is not said again; one that is not Live is never said.
    assert_eq!(said(&mut announcer, 5_000, &view(Phase::Holding, rated(3, 5_000))), [""; 0]);
    for rating in [RatingNow::Stale, RatingNow::Lost, RatingNow::None] {
        assert_eq!(said(&mut announcer, 9_000, &view(Phase::Holding, rating)), [""; 0]);
    }
    assert_eq!(said(&mut announcer, 12_000, &view(Phase::Screening, rated(4, 2_000))), [""; 0]);
}

#[test]
fn nothing_asks_for_pressure_above_the_ceiling_or_without_a_signal() {
    for rating in [rated(6, 0), RatingNow::Stale, RatingNow::Lost] {
        let mut announcer = Announcer::new(Verbosity::Everything);
        let settling = view(Phase::Settling, rating);
        for prompt in [LEAN, Prompt::Countdown { n: 3 }, Prompt::More, Prompt::StepUp] {
            announcer.said(at(0), prompt);
            assert_eq!(said(&mut announcer, 0, &settling), [""; 0], "{prompt:?} at {rating:?}");
        }
    }
}

#[test]
fn the_same_refusal_is_said_once_in_ten_seconds() {
    let mut announcer = Announcer::new(Verbosity::Everything);
    let holding = view(Phase::Holding, RatingNow::None);
    let refused = Prompt::Refused { what: coach::What::Nudge, why: coach::Refusal::NotNow };
    for (ms, lines) in [(0, 1), (5_000, 0), (9_999, 0), (10_000, 1)] {
        announcer.said(at(ms), refused);
        assert_eq!(said(&mut announcer, ms, &holding).len(), lines, "{ms}");
        if lines > 0 {
            ended(&mut announcer, ms + 1_000);
        }
    }
}

#[test]
fn each_verbosity_says_what_it_promises() {
    let spoken = |verbosity, prompt| {
        let mut announcer = Announcer::new(verbosity);
        announcer.said(at(0), prompt);
        !said(&mut announcer, 0, &view(Phase::Locating, RatingNow::None)).is_empty()
    };
    for (prompt, least) in [
        (Prompt::SharpTouching, Verbosity::Alarms),
        (Prompt::Countdown { n: 2 }, Verbosity::Alarms),
        (SPINE, Verbosity::Hands),
        (Prompt::AskNext, Verbosity::Everything),
    ] {
        for verbosity in [Verbosity::Alarms, Verbosity::Hands, Verbosity::Everything] {
            assert_eq!(spoken(verbosity, prompt), verbosity >= least, "{prompt:?} at {verbosity:?}");
        }
    }
}

/// A hung speaker costs its line and a second; tones go on.
#[test]
fn a_speaker_that_hangs_is_given_up_and_tones_go_on() {
    let mut announcer = Announcer::new(Verbosity::Everything);
    let holding = view(Phase::Holding, RatingNow::None);
    announcer.said(at(0), Prompt::LittleLess);
    let text = said(&mut announcer, 0, &holding).remove(0);
    let until = 1_000 + 130 * text.chars().count() as u64;
    assert_eq!(said(&mut announcer, until, &holding), [""; 0]);
    assert_eq!(said(&mut announcer, until + 1, &holding), ["gave up"]);
    announcer.said(at(60_000), Prompt::SharpHolding);
    assert_eq!(announcer.poll(at(60_000)), Some(Action::Play(Tone::AlarmHigh)));
    assert_eq!(announcer.poll(at(60_000)), None);
}

#[test]
fn the_last_five_seconds_of_a_hold_tick() {
    let mut announcer = Announcer::new(Verbosity::Alarms);
    let mut ticks = 0;
    for ms in (0..9_000).step_by(100) {
        let count = coach::Count { what: Counting::ToMaximum, left: Duration::from_millis(9_000 - ms) };
        announcer.see(at(ms), &View { count: Some(count), ..view(Phase::Holding, RatingNow::None) });
        while let Some(action) = announcer.poll(at(ms)) {
            assert_eq!(action, Action::Play(Tone::Count));
            ticks += 1;
        }
    }
    assert_eq!(ticks, 5);
}
