//! Invariants of every session, with or without faults.

use coach::Phase;
use sim::Clicker;
use transcript::{Action, Entry, Kind, Means};
use wire::{Means as OnAir, Toward};

/// Violated invariants, a sentence each.
pub(crate) fn broken(stored: &[Entry], clicker: &Clicker) -> Vec<String> {
    let mut broken = Vec::new();
    broken.extend(replays_otherwise(stored));
    broken.extend(transcript::audit(stored).findings.iter().map(ToString::to_string));
    broken.extend(recorded_otherwise(stored, clicker));
    broken.extend(without_alarm(stored));
    broken.extend(said_elsewhere(stored));
    broken
}

/// Promise 11: replaying the stored inputs gives the stored outputs.
fn replays_otherwise(stored: &[Entry]) -> Option<String> {
    match transcript::difference(stored) {
        Ok(None) => None,
        Ok(Some(difference)) => Some(format!("promise 11: the replay parts from the record: {difference:?}")),
        Err(error) => Some(format!("promise 11: the record cannot be replayed: {error}")),
    }
}

/// Promises 9 and 10: every accepted event is recorded exactly once and in order, or is still on the clicker. An event
/// that was not yet accepted when the clicker was reset may also be recorded.
fn recorded_otherwise(stored: &[Entry], clicker: &Clicker) -> Option<String> {
    let mut recorded = stored
        .iter()
        .filter_map(|entry| match entry.kind {
            Kind::Click { boot, seq, means, .. } => Some((boot, seq, means)),
            _ => None,
        })
        .peekable();
    for made in clicker.made() {
        let event = (made.event.id.boot, made.event.id.seq, as_recorded(made.event.means));
        let on_record = recorded.next_if_eq(&event).is_some();
        if !on_record && made.kept && !clicker.keeps(&made.event) {
            return Some(format!(
                "promise 10: accepted, not on record, and no longer on the clicker: {event:?}"
            ));
        }
    }
    let event = recorded.next()?;
    Some(format!("promise 9: on record twice, out of its place, or never made: {event:?}"))
}

/// The ordered copy of an alarm has no effect of its own; the alarm with the same position must have acted before it.
fn without_alarm(stored: &[Entry]) -> Vec<String> {
    let mut alarms = Vec::new();
    let mut broken = Vec::new();
    for entry in stored {
        match entry.kind {
            Kind::Alarm { boot, seq, .. } => {
                if alarms.contains(&(boot, seq)) {
                    broken.push(format!("promise 9: the alarm {boot}/{seq} was taken twice"));
                }
                alarms.push((boot, seq));
            }
            Kind::Click { boot, seq, means: means @ (Means::Sharp | Means::Stop), .. }
                if !alarms.contains(&(boot, seq)) =>
            {
                broken.push(format!("promise 3: the {means:?} {boot}/{seq} never acted as an alarm"));
            }
            _ => {}
        }
    }
    broken
}

/// Prompts come only from the plan's list for their phase. A repeated prompt may come from the previous phase.
fn said_elsewhere(stored: &[Entry]) -> Vec<String> {
    let Some(Kind::Session(header)) = stored.first().map(|entry| &entry.kind) else { return Vec::new() };
    let plan = header.plan.figures();
    let mut phase = Phase::Screening;
    let mut again = false;
    let mut broken = Vec::new();
    for entry in stored {
        match &entry.kind {
            Kind::Phase { to, .. } => phase = *to,
            Kind::Prompt(said) if !again => {
                let id = said.id.as_str();
                if !phase.says(&plan).contains(&id) && !coach::SAID_ANYWHERE.contains(&id) {
                    broken.push(format!(
                        "{id} was said in {phase}, whose list does not have it ({})",
                        plan.name
                    ));
                }
            }
            Kind::Click { means, .. } => again = *means == Means::Again,
            Kind::Key { action } => again = *action == Action::Again,
            kind if !kind.is_output() => again = false,
            _ => {}
        }
    }
    broken
}

fn as_recorded(means: OnAir) -> Means {
    let rating = |dial: wire::Dial| coach::Rating::new(dial.value()).unwrap_or(coach::Rating::MAX);
    match means {
        OnAir::Rating(dial) => Means::Rating(rating(dial)),
        OnAir::Same(dial) => Means::Same(rating(dial)),
        OnAir::Nudge(Toward::Left) => Means::Nudge(coach::body::Toward::Left),
        OnAir::Nudge(Toward::Right) => Means::Nudge(coach::body::Toward::Right),
        OnAir::Nudge(Toward::Head) => Means::Nudge(coach::body::Toward::Head),
        OnAir::Nudge(Toward::Feet) => Means::Nudge(coach::body::Toward::Feet),
        OnAir::Spot => Means::Spot,
        OnAir::No => Means::No,
        OnAir::Yes => Means::Yes,
        OnAir::Again => Means::Again,
        OnAir::Beside => Means::Beside,
        OnAir::SameSpot => Means::SameSpot,
        OnAir::Enough => Means::Enough,
        OnAir::OnlySharp => Means::OnlySharp,
        OnAir::Numb => Means::Numb,
        OnAir::Slipped => Means::Slipped,
        OnAir::FeltLeft => Means::Felt(coach::body::Side::Left),
        OnAir::FeltRight => Means::Felt(coach::body::Side::Right),
        OnAir::Less => Means::Less,
        OnAir::More => Means::More,
        OnAir::LetGo => Means::LetGo,
        OnAir::Sharp => Means::Sharp,
        OnAir::Stop => Means::Stop,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::World;
    use sim::Trouble;

    /// A session without violations, and its entries.
    fn played() -> (World, Vec<Entry>) {
        let mut world = World::people(7, Trouble::None);
        world.play().unwrap();
        let stored = world.stored().to_vec();
        assert_eq!(broken(&stored, world.simulation().clicker()), Vec::<String>::new());
        (world, stored)
    }

    fn nth_click(stored: &[Entry], n: usize) -> usize {
        let clicks = stored.iter().enumerate().filter(|(_, entry)| matches!(entry.kind, Kind::Click { .. }));
        clicks.map(|(at, _)| at).nth(n).unwrap()
    }

    fn finds(world: &World, stored: &[Entry], what: &str) -> bool {
        recorded_otherwise(stored, world.simulation().clicker()).is_some_and(|broken| broken.contains(what))
    }

    #[test]
    fn a_click_that_is_missing_is_found() {
        let (world, mut stored) = played();
        stored.remove(nth_click(&stored, 5));
        assert!(finds(&world, &stored, "accepted, not on record"));
    }

    #[test]
    fn a_click_that_is_recorded_twice_is_found() {
        let (world, mut stored) = played();
        let at = nth_click(&stored, 5);
        stored.insert(at, stored[at].clone());
        assert!(recorded_otherwise(&stored, world.simulation().clicker()).is_some());
    }

    #[test]
    fn clicks_that_changed_places_are_found() {
        let (world, mut stored) = played();
        let (one, other) = (nth_click(&stored, 5), nth_click(&stored, 6));
        stored.swap(one, other);
        assert!(recorded_otherwise(&stored, world.simulation().clicker()).is_some());
    }

    #[test]
    fn what_is_said_in_another_phase_is_found() {
        let (_, mut stored) = played();
        let holding = |entry: &Entry| matches!(entry.kind, Kind::Phase { to: Phase::Holding, .. });
        let at = stored.iter().position(holding).unwrap();
        let said = Kind::Prompt(coach::Prompt::Strokes { edge: coach::body::Edge::Ribs }.into());
        stored.insert(at + 1, Entry { at_ms: stored[at].at_ms, kind: said });
        assert!(
            said_elsewhere(&stored).iter().any(|broken| broken.starts_with("strokes was said in holding"))
        );
    }

    #[test]
    fn an_alarm_that_never_acted_is_found() {
        let (_, mut stored) = played();
        stored.retain(|entry| !matches!(entry.kind, Kind::Alarm { .. }));
        assert!(without_alarm(&stored).iter().any(|broken| broken.contains("never acted")));
    }
}
