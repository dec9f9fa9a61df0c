//! `{ reach = "holding" }`: the shortest way from the beginning of a session to a phase. It is expanded to ordinary
//! steps when the file is read.

use core::time::Duration;
use std::collections::BTreeMap;

use coach::{Named, Phase, Rating};

use super::step::WITHIN;
use super::{Button, Expectation, Matcher, Pattern, Press, Scalar, Screen, Step, Target, Warm};
use crate::reader::{Keys, Reader, Value};

/// A rating at which the count runs and no prompt is due.
const AT_EASE: Rating = match Rating::new(4) {
    Some(four) => four,
    None => Rating::CEILING,
};

/// Phases that `reach` can go to, in the order of a session.
const REACH: &[Phase] = &[
    Phase::Warming,
    Phase::BroadStrokes,
    Phase::Locating,
    Phase::Settling,
    Phase::Holding,
    Phase::Releasing,
    Phase::Flushing,
    Phase::Moving,
    Phase::Stretching,
    Phase::Heat,
    Phase::Finished,
];

/// Reads a `reach` step, which must be the first step of a script.
pub(super) fn reach<'t>(
    reader: &mut Reader<'t>,
    value: &Value<'t>,
    first: bool,
    keys: Keys<'_, 't>,
) -> Option<Vec<Step>> {
    keys.finish(reader);
    let to = target(reader, value)?;
    if !first {
        let reason = "`reach` goes from the beginning of a session: it can only be the first step";
        reader.wrong(value.span(), reason);
        return None;
    }
    Some(steps(to))
}

/// Reads the target phase.
pub(super) fn target(reader: &mut Reader<'_>, value: &Value<'_>) -> Option<Phase> {
    let names: Vec<&str> = REACH.iter().map(|phase| phase.name()).collect();
    reader.one_of("reach", value, &names, |text| REACH.iter().copied().find(|phase| phase.name() == text))
}

/// Shortest steps to a phase. The last one consumes the phase's entry, so that `expect` steps look only beyond it.
fn steps(to: Phase) -> Vec<Step> {
    let mut steps = Vec::new();
    for &phase in REACH {
        let on_the_way = phase <= to && (phase != Phase::Moving || to == Phase::Moving);
        if on_the_way {
            steps.extend(step_into(phase));
            steps.push(Step::Until { what: Target::Phase(phase), within: WITHIN });
        }
    }
    let entry = entry("phase", "to", to.name());
    steps.push(Step::Expect(Expectation { entry, after: None, within: None, times: None }));
    steps
}

/// Steps that lead into this phase from the one before it in [`REACH`].
fn step_into(phase: Phase) -> Vec<Step> {
    let asked = || Step::Until { what: Target::Entry(entry("prompt", "id", "ask-next")), within: WITHIN };
    match phase {
        Phase::Warming => vec![Step::Screen(Screen::clear())],
        Phase::BroadStrokes => vec![Step::Warm(Warm::Already)],
        Phase::Locating => vec![Step::Ready(true)],
        Phase::Settling => vec![Step::Press(Press::One(Button::Logo))],
        // Rates often enough that no rating is asked for, then lets go after the minimum.
        Phase::Releasing => vec![
            Step::Rate(AT_EASE),
            Step::Wait(Duration::from_secs(10)),
            Step::Rate(AT_EASE),
            Step::Wait(Duration::from_secs(10)),
            Step::Rate(AT_EASE),
            Step::Wait(Duration::from_secs(11)),
            Step::Long(Button::Logo),
        ],
        Phase::Moving => vec![asked(), Step::Press(Press::One(Button::B))],
        Phase::Stretching => vec![asked(), Step::Press(Press::One(Button::A))],
        Phase::Screening
        | Phase::Learning
        | Phase::Holding
        | Phase::Flushing
        | Phase::Heat
        | Phase::Finished
        | Phase::Paused => Vec::new(),
    }
}

fn entry(kind: &'static str, field: &str, value: &str) -> Pattern {
    let want = Matcher::OneOf(vec![Scalar::Text(value.to_owned())]);
    Pattern { kind, matchers: BTreeMap::from([(field.to_owned(), want)]) }
}
