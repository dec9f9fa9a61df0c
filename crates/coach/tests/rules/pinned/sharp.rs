//! SHARP, its question, and what is earned by it.

use coach::{Awaits, Because, Click, Input, Key, Link, Phase, Prompt, Refusal};

use super::{asked_what_next, last_move, rated, said, silent, until};
use crate::support::{Sitting, secs};

/// A SHARP in a pause was forgotten by whatever took the session up again.
#[test]
fn a_sharp_in_a_pause_is_asked_about_before_anything_goes_on() {
    let ending = || {
        let mut sitting = Sitting::at(Phase::Locating);
        sitting.key(Key::End);
        sitting
    };
    let waiting = || {
        let mut sitting = silent();
        sitting.wait(secs(320));
        assert_eq!(sitting.phase(), Phase::Paused);
        sitting
    };
    let ways: [(&str, Sitting, Input); 4] = [
        ("no", ending(), Input::Key(Key::No)),
        ("one step back", ending(), Input::Key(Key::Back)),
        ("a yes", waiting(), Input::Click { means: Click::Yes, late: false, passed: false }),
        ("a less", waiting(), Input::Click { means: Click::Less, late: false, passed: false }),
    ];
    for (way, mut sitting, input) in ways {
        sitting.sharp();
        sitting.wait(secs(1));
        sitting.tell(input);
        assert_eq!(sitting.phase(), Phase::Paused, "{way}");
        let given = sitting.wait(secs(5));
        assert!(said(&given).contains(&"ask-sharp"), "{way}: {given:?}");
        assert_eq!(sitting.view().awaits, Awaits::AfterSharp, "{way}");
        sitting.click(Click::OnlySharp);
        assert_ne!(sitting.phase(), Phase::Paused, "the control: explained, it goes on ({way})");
    }
}

/// The answer to the SHARP took the session up again that STOP had paused.
#[test]
fn a_stop_while_a_sharp_is_open_is_waited_for_after_the_answer() {
    let stops =
        [(Input::Alarm(coach::Alarm::Stop), Awaits::Receiver), (Input::Key(Key::Stop), Awaits::Partner)];
    for (stop, awaits) in stops {
        let mut sitting = Sitting::at(Phase::Locating);
        sitting.sharp();
        sitting.wait_ms(500);
        sitting.tell(stop);
        sitting.wait(secs(5));
        sitting.click(Click::OnlySharp);
        assert_eq!((sitting.phase(), sitting.view().awaits), (Phase::Paused, awaits), "{stop:?}");
    }
    let mut control = Sitting::at(Phase::Locating);
    control.sharp();
    control.wait(secs(5));
    control.click(Click::OnlySharp);
    assert_eq!(control.phase(), Phase::Locating, "without STOP it goes on");
}

/// A slip takes back the last of several, and what the others earned was not carried out.
#[test]
fn the_sharps_before_a_slip_count() {
    for (sharps, was, expected) in [
        (4, Click::Slipped, (true, Phase::Finished)),
        (3, Click::Slipped, (true, Phase::Flushing)),
        (2, Click::Slipped, (false, Phase::Flushing)),
        (2, Click::OnlySharp, (true, Phase::Flushing)),
    ] {
        let mut sitting = rated();
        for _ in 0..sharps {
            sitting.wait(secs(1));
            sitting.sharp();
        }
        until(&mut sitting, Awaits::AfterSharp);
        let given = sitting.click(was);
        let (counts, phase) = expected;
        assert_eq!(sitting.phase(), phase, "{sharps}, {was:?}");
        if phase == Phase::Finished {
            assert_eq!(last_move(&sitting).1, Because::ThreeSharps);
            continue;
        }
        assert_eq!(said(&given).contains(&"spot-closed"), counts, "{sharps}, {was:?}: {given:?}");
        until(&mut sitting, Awaits::Next);
        let given = sitting.click(Click::SameSpot);
        let closed = Prompt::Refused { what: coach::What::SameSpot, why: Refusal::ClosedBySharp };
        assert_eq!(given.contains(&coach::Output::Prompt(closed)), counts, "{sharps}, {was:?}: {given:?}");
    }
}

/// A lean or a hold that a slip of the thumb has voided used up the spot.
#[test]
fn a_slip_uses_up_neither_spot_nor_hold() {
    for (pressed, was, holds) in [
        (secs(1), Click::Slipped, 0),
        (secs(1), Click::OnlySharp, 0),
        (secs(12), Click::Slipped, 0),
        (secs(12), Click::OnlySharp, 1),
    ] {
        let mut sitting = Sitting::at(Phase::Settling);
        sitting.wait(pressed);
        sitting.sharp();
        until(&mut sitting, Awaits::AfterSharp);
        sitting.click(was);
        assert_eq!(sitting.view().holds, holds, "{was:?} after {pressed:?}");
    }
}

/// Without a link nobody could say what it was, though they were told to ask aloud.
#[test]
fn asked_aloud_the_partner_answers_for_the_receiver() {
    for (key, expected) in
        [(Key::Yes, (Phase::Finished, Because::Numb)), (Key::No, (Phase::Flushing, Because::Answered))]
    {
        let mut sitting = rated();
        sitting.sharp();
        sitting.tell(Input::Link(Link::Lost));
        sitting.wait(secs(10));
        sitting.key(key);
        assert_eq!(sitting.phase(), Phase::Flushing, "the control: not before they were told to ask");
        let given = sitting.wait(secs(16));
        assert!(said(&given).contains(&"ask-aloud"), "{given:?}");
        sitting.key(key);
        assert_eq!(last_move(&sitting), expected, "{key:?}");
    }
}

/// "Say it again" repeated a question that had been taken back.
#[test]
fn say_it_again_puts_the_question_that_is_open() {
    let mut sitting = Sitting::at(Phase::Locating);
    sitting.sharp();
    sitting.wait(secs(6));
    sitting.key(Key::End);
    assert_eq!(said(&sitting.key(Key::Again)), ["really-end"], "the control: while it is asked");
    sitting.key(Key::No);
    assert_eq!(said(&sitting.key(Key::Again)), ["ask-sharp"]);
}

/// One cry, which the partner passes on, is one SHARP.
#[test]
fn what_the_partner_passes_on_is_the_same_cry() {
    let mut sitting = rated();
    sitting.sharp();
    sitting.wait_ms(700);
    sitting.key(Key::Sharp);
    until(&mut sitting, Awaits::AfterSharp);
    let given = sitting.click(Click::OnlySharp);
    assert!(!said(&given).contains(&"spot-closed"), "{given:?}");
    asked_what_next(&mut sitting);
    assert_eq!(last_move(&sitting).0, Phase::Flushing, "the control: holds go on");
}
