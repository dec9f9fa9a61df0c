//! SHARP, from the shout to the answer (promise 3). The question is put while the area is flushed, or in a pause.

use crate::body::Spot;
use crate::command::{By, SharpWas};
use crate::context::{Asking, Context};
use crate::output::{Because, Deadline, Reason, Tone};
use crate::prompt::Prompt;
use crate::rules;
use crate::screening::Advice;

/// What an answer leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The session goes on.
    GoOn,
    /// The session ends, with advice.
    End(Because, Advice),
}

/// Hands off, said in the words of the phase; the receiver is asked 5 s later.
pub(super) fn heard(context: &mut Context, by: By, shout: Prompt) {
    context.say(shout);
    context.tone(Tone::PressureOff);
    // What the partner passes on while one is being asked about is the same cry.
    if by == By::Partner && context.sharps.asking.is_some() {
        return;
    }
    context.sharps.counted.push(context.spot);
    let ask_at = context.now + rules::ASK_SHARP;
    context.sharps.asking = Some(Asking { ask_at, asked: false, aloud: false, used_up: false });
}

pub(super) fn due(context: &Context) -> Option<Deadline> {
    let asking = context.sharps.asking?;
    match (asking.asked, asking.aloud) {
        (false, _) => Some(Deadline { at: asking.ask_at, reason: Reason::AskSharp }),
        (true, false) => Some(Deadline { at: asking.ask_at + rules::ANSWER, reason: Reason::Answer }),
        (true, true) => None,
    }
}

pub(super) fn is_asked(context: &Context) -> bool {
    context.sharps.asking.is_some_and(|asking| asking.asked)
}

pub(super) fn ask(context: &mut Context) {
    if let Some(asking) = &mut context.sharps.asking {
        asking.asked = true;
        asking.ask_at = context.now;
    }
    context.ask(Prompt::AskSharp);
}

/// Nobody answered: the partner asks aloud.
pub(super) fn ask_aloud(context: &mut Context) {
    if let Some(asking) = &mut context.sharps.asking {
        asking.aloud = true;
    }
    context.say(Prompt::AskAloud);
}

/// Whether the partner was told to ask aloud, and may answer for the receiver.
pub(super) fn is_asked_aloud(context: &Context) -> bool {
    context.sharps.asking.is_some_and(|asking| asking.aloud)
}

/// Puts the open question again.
pub(super) fn ask_again(context: &mut Context) {
    if is_asked_aloud(context) {
        context.say(Prompt::AskAloud);
    } else if is_asked(context) {
        context.ask(Prompt::AskSharp);
    }
}

pub(super) fn answered(context: &mut Context, was: SharpWas) -> Verdict {
    let asking = context.sharps.asking.take();
    match was {
        SharpWas::Numb => return Verdict::End(Because::Numb, Advice::Numb),
        SharpWas::OnlySharp => {}
        SharpWas::Slipped => {
            context.sharps.counted.pop();
            if asking.is_some_and(|asking| asking.used_up) {
                context.give_back();
            }
        }
    }
    if context.sharps.counted.len() >= rules::SHARPS {
        return Verdict::End(Because::ThreeSharps, Advice::ThreeSharps);
    }
    close_spots(context);
    Verdict::GoOn
}

/// Two SHARPs at one spot close it for 48 hours: the ground around each of them, for they may lie 3 cm apart.
fn close_spots(context: &mut Context) {
    let sharps: Vec<Spot> = context.sharps.counted.iter().copied().flatten().collect();
    let before = context.closed_spots.len();
    for &spot in &sharps {
        let here = sharps.iter().filter(|other| other.is_same(spot)).count();
        if here >= rules::SHARPS_A_SPOT && !context.closed_spots.contains(&spot) {
            context.closed_spots.push(spot);
        }
    }
    if context.closed_spots.len() > before {
        context.say(Prompt::SpotClosed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::body::Side;
    use crate::output::Refusal;
    use crate::plan::Plan;
    use crate::setup::Setup;

    #[test]
    fn two_sharps_three_cm_apart_close_the_ground_around_both() {
        let mut context = Context::new(Setup::of(Plan::partner()));
        let at = |out, down| Spot::new(Side::Left, out, down).unwrap();
        context.sharps.counted = vec![Some(at(9, 13)), Some(at(6, 13))];
        close_spots(&mut context);
        assert_eq!(context.is_closed(at(9, 13)), Some(Refusal::ClosedBySharp));
        assert_eq!(context.is_closed(at(5, 11)), Some(Refusal::ClosedBySharp), "beside the second alone");
        assert_eq!(context.is_closed(at(4, 16)), None, "the control");
    }
}
