//! The dial, "more?", the display, and refusals.

mod rig;

use handheld::Button::{A, B, Logo};
use handheld::{Answer, Display, Event, Owner, Session, Setup, Sound};
use rig::{ME, Rig, SESSION, dial};
use rstest::rstest;
use wire::{Cue, Means, Mode, Report, Tone};

const SHORT: u64 = 100;

// The dial.

#[rstest]
fn before_the_first_click_there_is_no_rating_and_either_button_enters_at_3(
    #[values(A, B)] button: handheld::Button,
) {
    let mut rig = Rig::showing(Mode::Rate);
    assert_eq!(rig.clicker.dial(), None);
    rig.press(button, SHORT);
    assert_eq!(rig.means(), [Means::Rating(dial(3))]);
}

#[rstest]
#[case::the_low_end(A, 1)]
#[case::the_high_end(B, 10)]
fn a_click_at_an_end_repeats_the_value(#[case] button: handheld::Button, #[case] end: u8) {
    let mut rig = Rig::showing_with(Mode::Rate, end);
    rig.press(button, SHORT);
    assert_eq!(rig.means(), [Means::Rating(dial(end))]);
    assert_eq!(rig.sounds(), [Sound::Tick(Mode::Rate)], "it is accepted like any other");
}

#[test]
fn one_detent_a_click_from_end_to_end() {
    let mut rig = Rig::showing_with(Mode::Rate, 10);
    for _ in 0..9 {
        rig.press(A, SHORT);
        rig.wait(SHORT);
    }
    let down: Vec<_> = (1..=9).rev().map(|value| Means::Rating(dial(value))).collect();
    assert_eq!(rig.means(), down);
}

#[test]
fn same_as_before_needs_a_before() {
    let mut rig = Rig::showing(Mode::Rate);
    rig.press(Logo, SHORT);
    assert_eq!((rig.means(), rig.sounds()), (vec![], vec![Sound::No]));
}

#[test]
fn only_ratings_move_the_dial() {
    let mut rig = Rig::showing_with(Mode::Locate, 5);
    rig.press(A, SHORT);
    rig.press(B, 700);
    rig.press(Logo, SHORT);
    assert_eq!(rig.clicker.dial(), Some(dial(5)));
}

#[test]
fn after_a_reset_there_is_no_rating() {
    let owner = Owner { bond: ME, session: Some(Session { id: SESSION, alone: false }) };
    let mut rig = Rig::begin(Setup { boot: 2, backlog: None, owner: Some(owner) });
    rig.event(Event::LinkUp(ME));
    rig.wait(500);
    let without = rig.beats.iter().all(|(_, beat)| matches!(beat, Report::Beat { dial: None, boot: 2, .. }));
    assert!(without && !rig.beats.is_empty());
    rig.press(B, SHORT);
    assert_eq!(rig.means(), [Means::Rating(dial(3))]);
}

// "More?"

#[rstest]
#[case::at_once(1)]
#[case::just_in_time(1_998)]
fn more_is_asked_back_and_a_new_touch_of_the_logo_says_it(#[case] after: u64) {
    let mut rig = Rig::showing_with(Mode::Hold, 3);
    rig.press(B, 1_600);
    assert_eq!((rig.means(), rig.sounds()), (vec![], vec![Sound::Question]));
    assert_eq!(rig.clicker.display(), Display::AskMore);
    rig.wait(after);
    rig.press(Logo, SHORT);
    assert_eq!(rig.means(), [Means::More]);
}

#[test]
fn more_is_asked_for_3_s_and_then_a_touch_is_what_it_always_is() {
    let mut rig = Rig::showing_with(Mode::Hold, 3);
    let asked = rig.now + 600;
    rig.press(B, 700);
    rig.advance(asked + 3_000);
    assert_eq!(rig.clicker.display(), Display::Blank);
    rig.press(Logo, SHORT);
    assert_eq!(rig.means(), [Means::Same(dial(3))]);
}

#[test]
fn a_logo_touched_since_before_the_question_does_not_answer_it() {
    let mut rig = Rig::showing_with(Mode::Hold, 3);
    rig.down(B);
    rig.wait(550);
    rig.down(Logo);
    rig.wait(100);
    rig.up(Logo);
    rig.up(B);
    assert_eq!(rig.means(), [Means::Same(dial(3))]);
    rig.press(Logo, SHORT);
    assert_eq!(rig.means(), [Means::Same(dial(3)); 2], "and the question is over");
}

#[test]
fn a_touch_reported_twice_is_no_new_touch() {
    let mut rig = Rig::showing_with(Mode::Hold, 3);
    rig.down(Logo);
    rig.wait(3_500);
    rig.press(B, 700);
    rig.down(Logo);
    rig.up(Logo);
    rig.wait(3_000);
    assert_eq!(rig.clicker.display(), Display::Blank, "nobody has answered in time");
    assert_eq!(rig.means(), [Means::LetGo]);
}

#[test]
fn a_palm_on_the_logo_is_no_yes() {
    let mut rig = Rig::showing_with(Mode::Hold, 3);
    rig.press(B, 700);
    rig.press(Logo, 700);
    assert_eq!(rig.means(), [Means::LetGo], "a long touch says what it always says, which ends the hold");
}

#[rstest]
#[case::another_press(|rig: &mut Rig| rig.press(A, SHORT), vec![Means::Rating(dial(2)), Means::Same(dial(2))])]
#[case::stop(|rig: &mut Rig| rig.press(B, 2_000), vec![Means::Stop, Means::Same(dial(3))])]
fn more_is_withdrawn_by_another_gesture(#[case] other: fn(&mut Rig), #[case] means: Vec<Means>) {
    let mut rig = Rig::showing_with(Mode::Hold, 3);
    rig.press(B, 700);
    other(&mut rig);
    rig.press(Logo, SHORT);
    assert_eq!(rig.means(), means);
}

#[test]
fn more_touched_while_its_hold_ends_is_refused() {
    let mut rig = Rig::showing_with(Mode::Hold, 3);
    rig.press(B, 700);
    rig.down(Logo);
    rig.cue(Cue::Show { number: 6, mode: Mode::Release });
    rig.wait(SHORT);
    rig.up(Logo);
    assert_eq!((rig.means(), rig.sounds()), (vec![], vec![Sound::Question, Sound::No]));
}

#[test]
fn more_is_not_asked_where_nobody_hears() {
    let mut rig = Rig::showing_with(Mode::Hold, 3);
    rig.press(B, 700);
    rig.pulses = false;
    rig.wait(2_500);
    rig.log.clear();
    rig.press(B, 700);
    assert!(!rig.sounds().contains(&Sound::Question) && rig.sounds().contains(&Sound::No));
}

// Display.

#[test]
fn the_digit_is_lit_for_3_s_after_a_press() {
    let mut rig = Rig::showing_with(Mode::Rate, 5);
    let start = rig.now;
    rig.press(B, SHORT);
    rig.wait(5_000);
    assert_eq!(rig.displays(), [(start + 100, Display::Rating(dial(6))), (start + 3_100, Display::Blank)]);
}

#[test]
fn the_digit_follows_a_cue_and_an_answer() {
    let mut rig = Rig::showing_with(Mode::Locate, 5);
    let start = rig.now;
    rig.cue(Cue::Play { tone: Tone::Flush });
    rig.wait(5_000);
    assert_eq!(rig.sounds(), [Sound::Flush]);
    let lit = [(0, Display::Tone(Tone::Flush)), (1_000, Display::Rating(dial(5))), (3_000, Display::Blank)];
    assert_eq!(rig.displays(), lit.map(|(after, display)| (start + after, display)));
}

#[test]
fn no_rating_is_drawn_as_none() {
    let mut rig = Rig::showing(Mode::Ask);
    rig.press(B, SHORT);
    rig.wait(1_500);
    assert_eq!(rig.clicker.display(), Display::NoRating);
}

#[test]
fn sharp_is_a_cross_until_the_laptop_has_stored_it() {
    let mut rig = Rig::showing_with(Mode::Rate, 5);
    rig.acknowledges = false;
    rig.down(A);
    rig.down(B);
    assert_eq!(rig.clicker.display(), Display::Sharp);
    rig.wait(60_000);
    assert_eq!(rig.clicker.display(), Display::Sharp);
    let seq = rig.entries().last().unwrap().id.seq;
    rig.cue(Cue::AlarmStored { boot: 1, seq });
    assert_eq!(rig.clicker.display(), Display::Blank);
}

// Refusals.

#[test]
fn when_it_is_full_a_click_is_refused_visibly_and_32_places_are_left_for_alarms() {
    let mut rig = Rig::showing_with(Mode::Rate, 5);
    rig.event(Event::LinkDown);
    rig.pulses = false;
    for _ in 0..handheld::EVENT_CAPACITY {
        rig.press(B, SHORT);
        rig.wait(SHORT);
    }
    assert_eq!(rig.clicker.unacknowledged(), 1_024);
    rig.log.clear();
    rig.press(A, SHORT);
    assert_eq!((rig.means(), rig.clicker.display()), (vec![], Display::Full));
    assert!(rig.sounds().contains(&Sound::No));
    assert_eq!(rig.clicker.dial(), Some(dial(10)), "a refused click moves nothing");
    for _ in 0..handheld::ALARM_CAPACITY {
        rig.down(A);
        rig.down(B);
        rig.up(A);
        rig.up(B);
    }
    assert_eq!(rig.means(), [Means::Sharp; 32]);
    rig.log.clear();
    rig.down(A);
    rig.down(B);
    assert_eq!((rig.means(), rig.clicker.unacknowledged()), (vec![], 1_056));
    assert_eq!(rig.sounds(), [Sound::No, Sound::NotHeard], "then it can only be said aloud");
}

#[test]
fn an_event_ticks_when_storage_has_it_and_not_before() {
    let mut rig = Rig::showing_with(Mode::Rate, 5);
    rig.event(Event::LinkDown);
    rig.keep = Answer::KeepFailed;
    rig.press(B, SHORT);
    assert_eq!((rig.sounds(), rig.clicker.display()), (vec![Sound::No], Display::StoreFault));
    rig.keep = Answer::Kept;
    rig.wait(500);
    assert_eq!(rig.sounds(), [Sound::No, Sound::Tick(Mode::Rate)]);
    assert_eq!(rig.means(), [Means::Rating(dial(6)); 2], "it was handed to storage twice");
}

#[test]
fn a_dead_store_fills_up_in_ram_with_two_places_left_for_alarms() {
    let mut rig = Rig::showing_with(Mode::Rate, 5);
    rig.event(Event::LinkDown);
    rig.keep = Answer::KeepFailed;
    for _ in 0..7 {
        rig.press(B, SHORT);
        rig.wait(SHORT);
    }
    assert_eq!((rig.clicker.unacknowledged(), rig.clicker.display()), (6, Display::Full));
    rig.press(A, 2_000);
    assert_eq!(rig.clicker.unacknowledged(), 7, "STOP");
}
