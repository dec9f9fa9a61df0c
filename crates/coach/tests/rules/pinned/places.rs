//! Spots, the places beside them, and where the partner stands.

use coach::body::{Region, Seen, Side, Stand, Toward};
use coach::{Because, Click, Key, Output, Phase, Prompt};

use super::{asked_what_next, last_move, left, locating_in, nudge, prompts, said};
use crate::support::{AREA, Sitting, outputs, secs};

/// The end of the way was looked at, and not the way.
#[test]
fn the_hand_does_not_slide_over_ground_that_an_answer_closed() {
    for (closed, expected) in [(vec![left(Region::LevatorScapulae)], None), (vec![], Some(Toward::Feet))] {
        let mut sitting = locating_in(left(Region::UpperTrapezius), &closed);
        nudge(&mut sitting, &[(Toward::Right, 1), (Toward::Head, 2), (Toward::Right, 1)]);
        let spot = sitting.view().spot.expect("it is being looked for");
        assert_eq!((spot.out_cm(), spot.down_cm()), (7, 10));
        asked_what_next(&mut sitting);
        let given = sitting.click(Click::Beside);
        let toward = prompts(&given).find_map(|prompt| match prompt {
            Prompt::MoveBeside { toward, .. } => Some(toward),
            _ => None,
        });
        assert_eq!(toward, expected, "{closed:?}");
        let phase = if expected.is_some() { Phase::Moving } else { Phase::Locating };
        assert_eq!(sitting.phase(), phase, "{closed:?}");
    }
}

/// Straight ahead there was no open place, and that ended the session without a word.
#[test]
fn where_nothing_lies_straight_beside_it_the_receiver_guides_the_hand() {
    let mut sitting = locating_in(left(Region::UpperTrapezius), &[]);
    let mut guided = false;
    while sitting.view().holds < 6 {
        asked_what_next(&mut sitting);
        if sitting.view().holds == 6 {
            break;
        }
        sitting.click(Click::Beside);
        assert_ne!(sitting.phase(), Phase::Stretching, "after {} holds", sitting.view().holds);
        if sitting.phase() == Phase::Locating {
            guided = true;
            break;
        }
        sitting.go_to(Phase::Locating);
    }
    assert!(guided, "the control: in this area there is such a place");
}

/// A limit that ends the work says so.
#[test]
fn the_limit_is_said() {
    let mut sitting = Sitting::begin();
    for _ in 0..6 {
        sitting.go_to(Phase::Holding);
        for _ in 0..3 {
            sitting.rate(3);
            sitting.wait(secs(11));
        }
        sitting.click(Click::LetGo);
        sitting.go_to(Phase::Flushing);
    }
    let given = sitting.wait(secs(21));
    assert_eq!(last_move(&sitting), (Phase::Stretching, Because::Limit));
    assert!(said(&given).contains(&"limit"), "{given:?}");
}

/// A new spot that was nudged to got no "feel for the bumps of the spine".
#[test]
fn before_the_first_hold_of_a_spot_the_spine_is_named_however_it_was_come_to() {
    for (nudges, named) in [(4, true), (2, false)] {
        let mut sitting = locating_in(left(Region::UpperTrapezius), &[]);
        asked_what_next(&mut sitting);
        let mut given = sitting.click(Click::SameSpot);
        given.extend(nudge(&mut sitting, &[(Toward::Left, nudges)]));
        given.extend(sitting.click(Click::Spot));
        assert_eq!(sitting.phase(), Phase::Settling);
        assert_eq!(said(&given).contains(&"feel-for-spine"), named, "{nudges} cm away: {given:?}");
    }
}

/// Where the partner stood was made up.
#[test]
fn the_partner_is_told_where_to_stand_unless_they_have_said_it() {
    for (side, said_by_them, stand, seen) in [
        (Side::Left, None, Stand::LeftSide, Seen::TowardYou),
        (Side::Right, None, Stand::RightSide, Seen::AwayFromYou),
        (Side::Left, Some(Stand::RightSide), Stand::RightSide, Seen::AwayFromYou),
        (Side::Left, Some(Stand::AtHead), Stand::AtHead, Seen::YourRight),
        (Side::Left, Some(Stand::AtFeet), Stand::AtFeet, Seen::YourLeft),
    ] {
        let mut sitting = Sitting::begin();
        if let Some(stand) = said_by_them {
            sitting.key(Key::Stand(stand));
        }
        sitting.key(Key::Where(coach::body::Area { side, ..AREA }));
        sitting.key(Key::GoOn);
        sitting.go_to(Phase::Locating);
        let told = outputs(&sitting.log).find_map(|(_, output)| match output {
            Output::Prompt(Prompt::StandAt { stand, .. }) => Some(stand),
            _ => None,
        });
        assert_eq!(told, said_by_them.is_none().then_some(stand), "{side}, {said_by_them:?}");
        let given = sitting.click(Click::Nudge(Toward::Left));
        let nudged = Prompt::Nudged { toward: Toward::Left, seen };
        assert!(prompts(&given).any(|prompt| prompt == nudged), "{side}, {said_by_them:?}: {given:?}");
    }
}
