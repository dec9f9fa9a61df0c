//! SHARP, from the shout to the answer (promise 3). The question is put while the area is flushed, or in a pause.

use crate::output::{Because, Deadline, Output, Reason, Tone};
use crate::prompt::Prompt;
use crate::room::{Asking, Room};
use crate::rules;
use crate::screening::Advice;
use crate::stage::SharpWas;

/// What an answer leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The session goes on.
    GoOn,
    /// The session ends, with advice.
    End(Because, Advice),
}

/// Hands off, said in the words of the phase; the receiver is asked 5 s later.
pub(super) fn heard(room: &mut Room, shout: Prompt) {
    room.say(shout);
    room.tone(Tone::PressureOff);
    room.sharps.counted.push(room.spot);
    room.sharps.asking = Some(Asking { ask_at: room.now + rules::ASK_SHARP, asked: false, aloud: false });
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

pub(super) fn answered(room: &mut Room, was: SharpWas) -> Verdict {
    room.sharps.asking = None;
    match was {
        SharpWas::Slipped => {
            room.sharps.counted.pop();
            Verdict::GoOn
        }
        SharpWas::Numb => Verdict::End(Because::Numb, Advice::Numb),
        SharpWas::OnlySharp if room.sharps.counted.len() >= rules::SHARPS => {
            Verdict::End(Because::ThreeSharps, Advice::ThreeSharps)
        }
        SharpWas::OnlySharp => {
            close_spot(room);
            Verdict::GoOn
        }
    }
}

/// Two SHARPs at one spot close it for 48 hours.
fn close_spot(room: &mut Room) {
    let Some(spot) = room.sharps.counted.last().copied().flatten() else { return };
    let here = room.sharps.counted.iter().flatten().filter(|other| other.is_same(spot)).count();
    if here >= rules::SHARPS_A_SPOT && room.is_closed(spot).is_none() {
        room.closed_spots.push(spot);
        room.emit(Output::Prompt(Prompt::SpotClosed));
    }
}
