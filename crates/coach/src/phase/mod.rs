//! One phase, one file. What the phases have in common stands here.

mod choosing;
mod elsewhere;
mod finished;
mod flushing;
mod heat;
mod holding;
mod learning;
mod locating;
mod moving;
mod paused;
mod releasing;
mod relief;
mod screening;
mod settling;
mod sharp;
mod stretching;
mod strokes;
mod tally;
mod warming;

pub(crate) use finished::Finished;
pub(crate) use flushing::{After, Flushing};
pub(crate) use heat::Heat;
pub(crate) use holding::Holding;
pub(crate) use learning::Learning;
pub(crate) use locating::Locating;
pub(crate) use moving::Moving;
pub(crate) use paused::{Back, Paused};
pub(crate) use releasing::Releasing;
pub(crate) use screening::Screening;
pub(crate) use settling::Settling;
pub(crate) use stretching::Stretching;
pub(crate) use strokes::Strokes;
pub(crate) use warming::Warming;

use core::time::Duration;

use crate::output::{Ask, Because, Deadline, Output, Reason, Tone};
use crate::prompt::Prompt;
use crate::rating::Rating;
use crate::room::{Room, Signal};
use crate::stage::{Halt, Rated, Stage, Step};
use crate::time::Moment;
use crate::view::{Count, Counting};
use crate::{HoldEnd, rules};

/// The end of a phase that lasts `lasts`.
fn phase_over(began: Moment, lasts: Duration) -> Deadline {
    Deadline { at: began + lasts, reason: Reason::PhaseOver }
}

fn to_phase_end(began: Moment, lasts: Duration, now: Moment) -> Option<Count> {
    Some(Count { what: Counting::ToPhaseEnd, left: (began + lasts).since(now) })
}

/// The earlier of two deadlines; of two at the same moment the first.
fn sooner(one: Option<Deadline>, other: Option<Deadline>) -> Option<Deadline> {
    match (one, other) {
        (Some(one), Some(other)) => Some(if other.at < one.at { other } else { one }),
        (one, other) => one.or(other),
    }
}

/// What a phase without pressure says to a change of the signal.
fn tell_signal(room: &mut Room, before: Signal, restarted: bool) {
    if restarted {
        room.say(Prompt::ClickerRestarted);
        return;
    }
    match (before, room.signal) {
        (Signal::Awaited | Signal::Live | Signal::Stale, Signal::Lost) => room.say(Prompt::NoSignal),
        (Signal::Lost, Signal::Live) => room.say(Prompt::SignalBack),
        (Signal::Lost | Signal::Awaited | Signal::Live | Signal::Stale, _) => {}
    }
}

/// Pressure comes off in a phase in which nobody leans on the receiver.
fn halt(stage: impl Into<Stage>, room: &mut Room, halt: Halt, back: Back, sharp: Prompt) -> Step {
    match halt {
        Halt::StopByReceiver | Halt::StopByPartner | Halt::End => Paused::stopped(room, halt, back),
        Halt::Sharp(by) => {
            sharp::heard(room, by, sharp);
            Step::to(Paused::for_sharp(room, back), Because::Sharp)
        }
        Halt::Gap(by) if by < rules::LONG_PAUSE => Step::stay(stage),
        Halt::Gap(by) => Step::to(Paused::since(room, room.now - by, back), Because::Gap),
        Halt::Resumed(by) => {
            room.say(Prompt::TakenUpAgain);
            if by < rules::LONG_PAUSE {
                Step::stay(stage)
            } else {
                Step::to(back.after(room, by), Because::Resumed)
            }
        }
    }
}

/// A rating in a phase in which hands may be on, but nobody leans: above the ceiling `lighter` is said, at 8 and
/// above hands come off and the receiver is waited for.
fn rated_lightly(
    stage: impl Into<Stage>,
    room: &mut Room,
    rated: Rated,
    lighter: Prompt,
    back: Back,
) -> Step {
    if rated.rating >= Rating::HANDS_OFF {
        room.say(Prompt::HandsOff { rating: rated.rating });
        room.tone(Tone::PressureOff);
        return Step::to(Paused::for_receiver(room, back), Because::HandsOff);
    }
    if rated.rating > room.ceiling() {
        room.say(lighter);
    }
    Step::stay(stage)
}

/// "Less" where nothing is counted.
fn asked_for_less(stage: impl Into<Stage>, room: &mut Room) -> Step {
    room.emit(Output::Ask(Ask::Less));
    room.say(Prompt::Less);
    Step::stay(stage)
}

/// What follows a hold, or the leaning before it, that a gap or a resumption has cut: flush strokes, or the way back
/// from as long a pause.
fn after_standstill(room: &mut Room, by: Duration, because: Because) -> Step {
    let back = Back::Flushing(After::Ask);
    if by < rules::LONG_PAUSE {
        Step::to(Releasing::after(room, because), because)
    } else if because == Because::Gap {
        Step::to(Paused::since(room, room.now - by, back), because)
    } else {
        Step::to(back.after(room, by), because)
    }
}

/// A hold, or the leaning before it, is over, and is recorded.
fn record_hold(room: &mut Room, end: HoldEnd) {
    room.emit(Output::Hold(end));
    room.hold_ended(end.outcome, end.pressed);
    room.tone(Tone::PressureOff);
}
