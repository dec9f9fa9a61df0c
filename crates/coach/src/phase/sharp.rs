//! SHARP, from the shout to the answer (promise 3). The question is put while the area is flushed, or in a pause.

use crate::body::Spot;
use crate::output::{Because, Deadline, Reason, Tone};
use crate::prompt::Prompt;
use crate::room::{Asking, Room};
use crate::rules;
use crate::screening::Advice;
use crate::stage::{By, SharpWas};

/// What an answer leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The session goes on.
    GoOn,
    /// The session ends, with advice.
    End(Because, Advice),
}

/// Hands off, said in the words of the phase; the receiver is asked 5 s later.
pub(super) fn heard(room: &mut Room, by: By, shout: Prompt) {
    room.say(shout);
    room.tone(Tone::PressureOff);
    // What the partner passes on while one is being asked about is the same cry.
    if by == By::Partner && room.sharps.asking.is_some() {
        return;
    }
    room.sharps.counted.push(room.spot);
    let ask_at = room.now + rules::ASK_SHARP;
    room.sharps.asking = Some(Asking { ask_at, asked: false, aloud: false, used_up: false });
}

pub(super) fn due(room: &Room) -> Option<Deadline> {
    let asking = room.sharps.asking?;
    match (asking.asked, asking.aloud) {
        (false, _) => Some(Deadline { at: asking.ask_at, reason: Reason::AskSharp }),
        (true, false) => Some(Deadline { at: asking.ask_at + rules::ANSWER, reason: Reason::Answer }),
        (true, true) => None,
    }
}

pub(super) fn is_asked(room: &Room) -> bool {
    room.sharps.asking.is_some_and(|asking| asking.asked)
}

pub(super) fn ask(room: &mut Room) {
    if let Some(asking) = &mut room.sharps.asking {
        asking.asked = true;
        asking.ask_at = room.now;
    }
    room.ask(Prompt::AskSharp);
}

/// Nobody answered: the partner asks aloud.
pub(super) fn ask_aloud(room: &mut Room) {
    if let Some(asking) = &mut room.sharps.asking {
        asking.aloud = true;
    }
    room.say(Prompt::AskAloud);
}

/// Whether the partner was told to ask aloud, and may answer for the receiver.
pub(super) fn is_asked_aloud(room: &Room) -> bool {
    room.sharps.asking.is_some_and(|asking| asking.aloud)
}

/// Puts the open question again.
pub(super) fn ask_again(room: &mut Room) {
    if is_asked_aloud(room) {
        room.say(Prompt::AskAloud);
    } else if is_asked(room) {
        room.ask(Prompt::AskSharp);
    }
}

pub(super) fn answered(room: &mut Room, was: SharpWas) -> Verdict {
    let asking = room.sharps.asking.take();
    match was {
        SharpWas::Numb => return Verdict::End(Because::Numb, Advice::Numb),
        SharpWas::OnlySharp => {}
        SharpWas::Slipped => {
            room.sharps.counted.pop();
            if asking.is_some_and(|asking| asking.used_up) {
                room.give_back();
            }
        }
    }
    if room.sharps.counted.len() >= rules::SHARPS {
        return Verdict::End(Because::ThreeSharps, Advice::ThreeSharps);
    }
    close_spots(room);
    Verdict::GoOn
}

/// Two SHARPs at one spot close it for 48 hours: the ground around each of them, for they may lie 3 cm apart.
fn close_spots(room: &mut Room) {
    let sharps: Vec<Spot> = room.sharps.counted.iter().copied().flatten().collect();
    let before = room.closed_spots.len();
    for &spot in &sharps {
        let here = sharps.iter().filter(|other| other.is_same(spot)).count();
        if here >= rules::SHARPS_A_SPOT && !room.closed_spots.contains(&spot) {
            room.closed_spots.push(spot);
        }
    }
    if room.closed_spots.len() > before {
        room.say(Prompt::SpotClosed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::body::Side;
    use crate::coach::Setup;
    use crate::output::Refusal;
    use crate::plan::Plan;

    #[test]
    fn two_sharps_three_cm_apart_close_the_ground_around_both() {
        let mut room = Room::new(Setup::of(Plan::partner()));
        let at = |out, down| Spot::new(Side::Left, out, down).unwrap();
        room.sharps.counted = vec![Some(at(9, 13)), Some(at(6, 13))];
        close_spots(&mut room);
        assert_eq!(room.is_closed(at(9, 13)), Some(Refusal::ClosedBySharp));
        assert_eq!(room.is_closed(at(5, 11)), Some(Refusal::ClosedBySharp), "beside the second alone");
        assert_eq!(room.is_closed(at(4, 16)), None, "the control");
    }
}
