//! One fault at every moment of a hold, and every nth frame lost. Counted rather than random, so that no moment depends
//! on a seed.

use coach::{Because, Outcome, Phase, StoreState};
use plans::Script;
use tests::World;
use transcript::{Entry, Kind, LinkState};

/// From the beginning of a hold until after its flush.
const HOLD_MS: u64 = 90_000;

/// Interval between the moments; a prime, so that they coincide with no timer.
const STEP_MS: u64 = 3_989;

/// Before this no hold has reached its minimum.
const MINIMUM_MS: u64 = 30_000;

#[test]
fn the_laptop_killed_at_any_moment() {
    at_any_moment("{ kill = \"laptop\", for = \"5s\" }", Some(Because::Resumed), |entries| {
        let resumed = entries.iter().position(|entry| matches!(entry.kind, Kind::Resumed { .. }));
        pressure_only_after_flushing(&entries[resumed.ok_or("the session was not taken up again")?..])
    });
}

#[test]
fn the_laptop_standing_still_at_any_moment() {
    at_any_moment("{ gap = \"5s\" }", Some(Because::Gap), |entries| {
        let gap = entries.iter().position(|entry| matches!(entry.kind, Kind::Gap { .. }));
        pressure_only_after_flushing(&entries[gap.ok_or("the gap was not noticed")?..])
    });
}

#[test]
fn the_battery_out_at_any_moment() {
    at_any_moment("{ reset = \"clicker\", for = \"3s\" }", Some(Because::Lost), |entries| {
        // The connection ends with the battery, and the receiver gives no rating after the restart.
        let restarted = |entry: &Entry| matches!(entry.kind, Kind::Link { state: LinkState::Restarted, .. });
        entries.iter().any(restarted).then_some(()).ok_or("the restart of the clicker was not noticed")
    });
}

#[test]
fn the_link_gone_at_any_moment() {
    at_any_moment("{ link = \"down\" }", Some(Because::Lost), |_| Ok(()));
}

#[test]
fn the_disk_full_at_any_moment() {
    // Meanwhile everything has to wait for the disk. The receiver's touches show that the hold goes on; after it, when
    // a touch may mean nothing, there is the partner's key.
    let again = "{ press = \"logo\" }, { wait = \"10s\" }, ".repeat(4);
    let said = "{ press = \"logo\" }, { key = \"s\" }, { wait = \"2s\" }";
    let fault = format!("{{ store = \"fail\" }}, {said}, {{ store = \"recover\" }}, {again}");
    at_any_moment(fault.trim_end_matches(", "), None, |entries| {
        let failed = |entry: &Entry| matches!(entry.kind, Kind::Store { state: StoreState::Failed });
        entries.iter().any(failed).then_some(()).ok_or("that the disk failed is not on record")
    });
}

#[test]
fn every_nth_frame_lost_or_doubled() {
    for n in 2..14 {
        for what in ["lose", "double"] {
            let script = script(&format!("{what} = {n}"), "{ reach = \"finished\" }");
            let mut world = World::script(&script, &script.run);
            let state = world.play();
            assert!(state.is_ok(), "{what} {n}: {state:?}");
            assert_eq!(world.broken(), Vec::<String>::new(), "{what} {n}");
            assert_eq!(world.simulation().view().phase, Phase::Finished, "{what} {n}");
        }
    }
}

/// Plays a hold with this fault at every moment and checks what is stored. `cuts` is the reason with which a hold short
/// of its minimum is cut; `None` if it goes on.
fn at_any_moment(fault: &str, cuts: Option<Because>, judge: impl Fn(&[Entry]) -> Result<(), &'static str>) {
    let mut wrong = Vec::new();
    for ms in (0..HOLD_MS / STEP_MS).map(|n| n * STEP_MS) {
        let mut steps = vec!["{ reach = \"holding\" }, { rate = 4 }".to_owned()];
        let mut left = ms;
        while left > 10_190 {
            // The receiver confirms the rating every ten seconds; the press takes 190 ms.
            steps.push("{ wait = \"10s\" }, { press = \"logo\" }".to_owned());
            left -= 10_190;
        }
        steps.push(format!("{{ wait = \"{left}ms\" }}, {fault}, {{ wait = \"30s\" }}"));
        let script = script("delay = \"15ms\"", &steps.join(", "));
        let mut world = World::script(&script, &script.run);
        if let Err(stopped) = world.play() {
            wrong.push(format!("{ms} ms into the hold: {stopped}"));
        }
        let broken = world.broken();
        wrong.extend(broken.iter().map(|broken| format!("{ms} ms into the hold: {broken}")));
        let hold = world.stored().iter().find_map(|entry| match entry.kind {
            Kind::Hold { outcome, because, .. } => Some((outcome, because)),
            _ => None,
        });
        if ms < MINIMUM_MS && hold.filter(|(outcome, _)| *outcome == Outcome::Cut).map(|hold| hold.1) != cuts
        {
            wrong.push(format!("{ms} ms into the hold: it ended as {hold:?}"));
        }
        wrong.extend(judge(world.stored()).err().map(|reason| format!("{ms} ms into the hold: {reason}")));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

fn pressure_only_after_flushing(entries: &[Entry]) -> Result<(), &'static str> {
    for entry in entries {
        match entry.kind {
            Kind::Phase { to: Phase::Flushing, .. } => return Ok(()),
            Kind::Phase { to: Phase::Settling | Phase::Holding, .. } => {
                return Err("pressed again without a flush");
            }
            _ => {}
        }
    }
    Ok(())
}

fn script(air: &str, steps: &str) -> Script {
    let text = format!("air = {{ {air} }}\nsteps = [ {steps} ]\n");
    Script::parse("fault.toml", &text).unwrap_or_else(|faults| panic!("{faults}"))
}
