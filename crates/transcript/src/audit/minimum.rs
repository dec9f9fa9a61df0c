//! Promise 1: no hold counts as done before its minimum, pressure is called off at its maximum, and stopping is never
//! refused and never needs a second press.

use coach::{Alarm, Because, Outcome, Phase};

use super::Audit;
use super::story::{Story, leads_to};
use crate::entry::{Action, Kind};

const PROMISE: u8 = 1;

pub(super) fn check(story: &Story<'_>, audit: &mut Audit) {
    holds(story, audit);
    stops(story, audit);
}

fn holds(story: &Story<'_>, audit: &mut Audit) {
    let figures = story.figures();
    for &index in &story.stray_ends {
        audit.find(PROMISE, story.entries[index].at_ms, "a hold ended that had not begun");
    }
    for hold in &story.holds {
        let over = story.over_at(hold);
        let pressed = over.saturating_sub(hold.lean_at);
        let longest = story.longest(hold);
        if pressed > longest {
            let what = format!("pressure was called for {pressed} ms after the lean");
            audit.find(PROMISE, over, what);
        }
        let Some(end) = hold.end else { continue };
        if end.pressed > longest {
            audit.find(PROMISE, end.at, format!("a hold was pressed for {} ms", end.pressed));
        }
        // Pressure that the program did not see end counts as pressed: until the laptop resumed, and after a kill to
        // the maximum.
        let lasted = match end.because {
            Because::Gap => end.at.saturating_sub(hold.lean_at).min(longest),
            Because::Resumed => longest,
            _ => end.at.saturating_sub(hold.lean_at),
        };
        if end.pressed != lasted {
            let what = format!("a hold of {lasted} ms is recorded as pressed for {} ms", end.pressed);
            audit.find(PROMISE, end.at, what);
        }
        let as_it_should =
            matches!(end.because, Because::LetGo | Because::Fell | Because::HardlyHurt | Because::Maximum);
        if end.outcome == Outcome::Done && end.counted < figures.hold_min_ms {
            let what = format!("a hold counts as done after {} of {} ms", end.counted, figures.hold_min_ms);
            audit.find(PROMISE, end.at, what);
        }
        if end.outcome == Outcome::Done && !as_it_should {
            audit.find(PROMISE, end.at, format!("a hold ended by {} counts as done", end.because));
        }
    }
}

fn stops(story: &Story<'_>, audit: &mut Audit) {
    for (index, entry) in story.entries.iter().enumerate() {
        let stop = match entry.kind {
            Kind::Alarm { what: Alarm::Stop, .. } | Kind::Key { action: Action::Stop } => true,
            Kind::Key { action: Action::End } => story.states[index].phase != Phase::Finished,
            _ => false,
        };
        if !stop {
            continue;
        }
        let response = story.response(index);
        if response.iter().any(|output| matches!(output.kind, Kind::Refused { .. })) {
            audit.find(PROMISE, entry.at_ms, "stopping was refused");
        }
        let before = story.states[index].phase;
        let stopped = matches!(leads_to(response).unwrap_or(before), Phase::Paused | Phase::Finished);
        if !stopped {
            audit.find(PROMISE, entry.at_ms, format!("STOP in {before} did not stop at once"));
        }
        let cut = story.holds.iter().find(|hold| hold.inside.contains(&index)).map(|hold| hold.end);
        match cut {
            Some(Some(end)) if end.at == entry.at_ms && end.outcome == Outcome::Cut => {}
            None => {}
            Some(_) => audit.find(PROMISE, entry.at_ms, "STOP did not cut the hold at once"),
        }
    }
}
