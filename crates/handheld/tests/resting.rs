//! A clicker in a session whose laptop is gone for good announces it for half an hour and then rests.

mod rig;

use handheld::Button::{A, B};
use handheld::{Display, Event, Sound};
use rig::{Rig, dial};
use wire::{Cue, Means, Mode};

const SHORT: u64 = 100;
const HALF_AN_HOUR: u64 = 30 * 60_000;

#[test]
fn left_alone_for_half_an_hour_it_rests_until_a_button_is_touched() {
    let mut rig = Rig::showing_with(Mode::Rate, 5);
    rig.cue(Cue::Pulse { show: 5, dial: None });
    rig.pulses = false;
    let last = rig.now;
    rig.event(Event::LinkDown);
    rig.wait(HALF_AN_HOUR - 1);
    assert_eq!(rig.clicker.display(), Display::NotHeard);
    assert!(rig.clicker.needs_logo());
    rig.log.clear();
    rig.wait(1);
    assert_eq!(rig.displays(), [(last + HALF_AN_HOUR, Display::Blank)]);
    assert!(!rig.clicker.needs_logo(), "nobody is there to touch it");
    rig.wait(60 * 60_000);
    assert_eq!(rig.sounds(), []);
    assert_eq!(rig.clicker.poll_timeout(), None, "nothing wakes it");

    let touched = rig.now;
    rig.down(B);
    assert!(rig.clicker.needs_logo());
    rig.wait(SHORT);
    assert_eq!(rig.timed_sounds()[0], (touched, Sound::NotHeard), "nobody hears still");
    rig.up(B);
    assert_eq!(rig.means(), [Means::Rating(dial(6))], "and what is clicked is kept");
    rig.log.clear();
    rig.wait(10_000);
    assert_eq!(rig.sounds(), [Sound::NotHeard; 5], "again and again, as before");
}

#[test]
fn a_hand_or_a_pulse_puts_the_rest_off() {
    let mut rig = Rig::showing_with(Mode::Rate, 5);
    rig.pulses = false;
    rig.wait(HALF_AN_HOUR - 60_000);
    rig.press(A, SHORT);
    rig.wait(HALF_AN_HOUR - 60_000);
    assert_eq!(rig.clicker.display(), Display::NotHeard);
    rig.cue(Cue::Pulse { show: 5, dial: None });
    rig.wait(HALF_AN_HOUR - 60_000);
    assert_eq!(rig.clicker.display(), Display::NotHeard);
    rig.wait(60_000);
    assert_eq!(rig.clicker.display(), Display::Blank);
    rig.cue(Cue::Pulse { show: 5, dial: None });
    assert!(rig.clicker.needs_logo(), "the laptop is back");
}

#[test]
fn an_alarm_that_nobody_has_stored_is_told_of_for_as_long_as_it_takes() {
    let mut rig = Rig::showing(Mode::Rate);
    (rig.pulses, rig.acknowledges) = (false, false);
    rig.down(A);
    rig.down(B);
    rig.up(A);
    rig.up(B);
    rig.wait(HALF_AN_HOUR + 60_000);
    rig.log.clear();
    rig.wait(10_000);
    assert_eq!(rig.clicker.display(), Display::Sharp);
    assert_eq!(rig.sounds(), [Sound::NotHeard; 5]);
    assert!(rig.clicker.needs_logo());
}
