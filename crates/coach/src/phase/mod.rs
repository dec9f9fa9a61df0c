//! One phase, one file. What the phases have in common stands here.

mod choosing;
mod ease_off;
mod elsewhere;
mod finished;
mod flushing;
mod heat;
mod hold_stats;
mod holding;
mod learning;
mod locating;
mod moving;
mod paused;
mod releasing;
mod screening;
mod settling;
mod sharp;
mod stretching;
mod strokes;
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

use crate::command::{Halt, Rated};
use crate::context::{Context, Signal};
use crate::output::{Ask, Because, Deadline, Output, Reason, Tone};
use crate::prompt::Prompt;
use crate::rating::Rating;
use crate::state::{State, Transition};
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
fn tell_signal(context: &mut Context, before: Signal, restarted: bool) {
    if restarted {
        context.say(Prompt::ClickerRestarted);
        return;
    }
    match (before, context.signal) {
        (Signal::Awaited | Signal::Live | Signal::Stale, Signal::Lost) => context.say(Prompt::NoSignal),
        (Signal::Lost, Signal::Live) => context.say(Prompt::SignalBack),
        (Signal::Lost | Signal::Awaited | Signal::Live | Signal::Stale, _) => {}
    }
}

/// Pressure comes off in a phase in which nobody leans on the receiver.
fn halt(state: impl Into<State>, context: &mut Context, halt: Halt, back: Back, sharp: Prompt) -> Transition {
    match halt {
        Halt::StopByReceiver | Halt::StopByPartner | Halt::End => Paused::stopped(context, halt, back),
        Halt::Sharp(by) => {
            sharp::heard(context, by, sharp);
            Transition::to(Paused::for_sharp(context, back), Because::Sharp)
        }
        Halt::Gap(by) if by < rules::LONG_PAUSE => Transition::stay(state),
        Halt::Gap(by) => Transition::to(Paused::since(context, context.now - by, back), Because::Gap),
        Halt::Resumed(by) => {
            context.say(Prompt::TakenUpAgain);
            if by < rules::LONG_PAUSE {
                Transition::stay(state)
            } else {
                Transition::to(back.after(context, by), Because::Resumed)
            }
        }
    }
}

/// A rating in a phase in which hands may be on, but nobody leans: above the ceiling `lighter` is said, at 8 and
/// above hands come off and the receiver is waited for.
fn rated_lightly(
    state: impl Into<State>,
    context: &mut Context,
    rated: Rated,
    lighter: Prompt,
    back: Back,
) -> Transition {
    if rated.rating >= Rating::HANDS_OFF {
        context.say(Prompt::HandsOff { rating: rated.rating });
        context.tone(Tone::PressureOff);
        return Transition::to(Paused::for_receiver(context, back), Because::HandsOff);
    }
    if rated.rating > context.ceiling() {
        context.say(lighter);
    }
    Transition::stay(state)
}

/// "Less" where nothing is counted.
fn asked_for_less(state: impl Into<State>, context: &mut Context) -> Transition {
    context.emit(Output::Ask(Ask::Less));
    context.say(Prompt::Less);
    Transition::stay(state)
}

/// What follows a hold, or the leaning before it, that a gap or a resumption has cut: flush strokes, or the way back
/// from as long a pause.
fn after_standstill(context: &mut Context, by: Duration, because: Because) -> Transition {
    let back = Back::Flushing(After::Ask);
    if by < rules::LONG_PAUSE {
        Transition::to(Releasing::after(context, because), because)
    } else if because == Because::Gap {
        Transition::to(Paused::since(context, context.now - by, back), because)
    } else {
        Transition::to(back.after(context, by), because)
    }
}

/// A hold, or the leaning before it, is over, and is recorded.
fn record_hold(context: &mut Context, end: HoldEnd) {
    context.emit(Output::Hold(end));
    context.hold_ended(end.outcome, end.pressed);
    context.tone(Tone::PressureOff);
}
