//! What the partner presses with, since sessions are led by the third edition of the rules: it fits the region, no elbow
//! comes near the neck, and no thumb works more than two holds in a row. Part of promise 6: no ground is pressed with
//! what may not press it.

use coach::Named as _;
use coach::body::{Region, Spot, Tool};

use super::Audit;
use super::story::{Hold, Story};
use crate::entry::{Kind, Value};

const PROMISE: u8 = 6;

/// C7 lies 10 cm below the base of the skull; no elbow presses within 5 cm of it.
const NEAR_THE_NECK_CM: u8 = 15;

/// No thumb works this many holds in a row.
const TOO_MANY: usize = 3;

pub(super) fn check(story: &Story<'_>, audit: &mut Audit) {
    if story.is_alone() {
        return;
    }
    let mut used: Vec<Tool> = Vec::new();
    for hold in &story.holds {
        let at = hold.lean_at;
        let Some(tool) = tool(story, hold) else {
            audit.find(PROMISE, at, "a lean began without saying what presses");
            continue;
        };
        let spot = story.states[hold.lean].spot.and_then(|place| Spot::try_from(place).ok());
        if let Some(spot) = spot
            && !may_press(tool, spot)
        {
            audit.find(PROMISE, at, format!("{tool} was called for on {}", spot.area()));
        }
        // A lean that was given up for a nudge was no work.
        if hold.moved_at.is_some() {
            continue;
        }
        used.push(tool);
        let last = used.iter().rev().take_while(|other| **other == tool).count();
        let is_thumb = matches!(tool, Tool::Thumb | Tool::OtherThumb);
        if is_thumb && last >= TOO_MANY {
            audit.find(PROMISE, at, format!("{tool} was called for {last} times in a row"));
        }
    }
}

fn tool(story: &Story<'_>, hold: &Hold) -> Option<Tool> {
    story.together(hold.lean).iter().find_map(|entry| match &entry.kind {
        Kind::Prompt(said) if said.id == "lean-in" => match said.args.get("tool") {
            Some(Value::Name(name)) => Tool::from_name(name),
            Some(Value::Number(_)) | None => None,
        },
        _ => None,
    })
}

/// Written a second time, as every rule of the audit is.
fn may_press(tool: Tool, spot: Spot) -> bool {
    match spot.area().region {
        Region::Suboccipital => tool == Tool::FingerPads,
        Region::QuadratusLumborum => matches!(tool, Tool::Thumb | Tool::OtherThumb),
        _ => match tool {
            Tool::FingerPads => false,
            Tool::Elbow => spot.down_cm() > NEAR_THE_NECK_CM,
            Tool::Thumb | Tool::OtherThumb | Tool::Knuckles => true,
        },
    }
}
