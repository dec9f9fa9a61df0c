//! `{ reach = "holding" }`: the shortest way from the beginning of a session to a phase, so that a scenario can start
//! where it matters. It stands for steps that could be written out, and is them from reading on.

use core::time::Duration;
use std::collections::BTreeMap;

use coach::{Phase, Rating};

use super::step::WITHIN;
use super::{Button, Pattern, Press, Scalar, Screen, Step, Target, Want, Warm};
use crate::reader::{Keys, Reader, Value};

/// A rating at which the count runs and nothing is asked for.
const AT_EASE: Rating = match Rating::new(4) {
    Some(four) => four,
    None => Rating::CEILING,
};

/// How far `reach` can go, in the order of the session.
const REACH: &[&str] = &[
    "warming",
    "broad-strokes",
    "locating",
    "settling",
    "holding",
    "releasing",
    "flushing",
    "moving",
    "stretching",
    "heat",
    "finished",
];

/// The shortest way from the beginning to a phase, so that a scenario can start where it matters.
pub(super) fn reach<'t>(
    reader: &mut Reader<'t>,
    value: &Value<'t>,
    first: bool,
    keys: Keys<'_, 't>,
) -> Option<Vec<Step>> {
    keys.finish(reader);
    let to = reader.one_of("reach", value, REACH, |text| REACH.iter().position(|&phase| phase == text))?;
    if !first {
        reader.wrong(
            value.span(),
            "`reach` goes from the beginning of a session: it can only be the first step",
        );
        return None;
    }
    let until = |phase| Step::Until { what: Target::Phase(phase), within: WITHIN };
    let asked = Pattern {
        kind: "prompt",
        wants: BTreeMap::from([("id".to_owned(), Want::OneOf(vec![Scalar::Text("ask-next".to_owned())]))]),
    };
    let again = || [Step::Wait(Duration::from_secs(10)), Step::Rate(AT_EASE)];
    let enough = || {
        [
            Step::Until { what: Target::Entry(asked.clone()), within: WITHIN },
            Step::Press(Press::One(Button::A)),
        ]
    };
    let beside = || {
        [
            Step::Until { what: Target::Entry(asked.clone()), within: WITHIN },
            Step::Press(Press::One(Button::B)),
        ]
    };
    let at = |phase: &str| REACH.iter().position(|&known| known == phase);
    let goes_to = |phase: &str| at(phase).is_some_and(|phase| to >= phase);
    let mut steps = vec![Step::Screen(Screen::clear()), until(Phase::Warming)];
    if goes_to("broad-strokes") {
        steps.extend([Step::Warm(Warm::Already), until(Phase::BroadStrokes)]);
    }
    if goes_to("locating") {
        steps.extend([Step::Ready(true), until(Phase::Locating)]);
    }
    if goes_to("settling") {
        steps.extend([Step::Press(Press::One(Button::Logo)), until(Phase::Settling)]);
    }
    if goes_to("holding") {
        steps.push(until(Phase::Holding));
    }
    if goes_to("releasing") {
        steps.push(Step::Rate(AT_EASE));
        steps.extend(again());
        steps.extend(again());
        steps.extend([
            Step::Wait(Duration::from_secs(11)),
            Step::Long(Button::Logo),
            until(Phase::Releasing),
        ]);
    }
    if goes_to("flushing") {
        steps.push(until(Phase::Flushing));
    }
    if Some(to) == at("moving") {
        steps.extend(beside());
        steps.push(until(Phase::Moving));
    }
    if goes_to("stretching") {
        steps.extend(enough());
        steps.push(until(Phase::Stretching));
    }
    if goes_to("heat") {
        steps.push(until(Phase::Heat));
    }
    if goes_to("finished") {
        steps.push(until(Phase::Finished));
    }
    Some(steps)
}
