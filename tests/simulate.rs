//! Simulated people, a faulty radio channel and failing machines: whole sessions under seeds, and the invariants of
//! each.
//!
//! `SEED=17 cargo test -p tests --test simulate` repeats one seed; `SEEDS=1000` plays the first thousand.

use std::env;
use std::ops::Range;

use sim::{State, Trouble};
use tests::World;

/// Number of seeds that takes a few seconds in a debug build.
const SEEDS: u64 = 15;

#[test]
fn people_on_a_quiet_day() {
    every_seed(Trouble::None);
}

#[test]
fn people_under_bad_air() {
    every_seed(Trouble::Link);
}

#[test]
fn people_under_every_fault() {
    every_seed(Trouble::All);
}

#[test]
fn every_other_plan_under_every_fault() {
    let plans = || plans::plan::list().iter().map(|plan| plan.name).filter(|&name| name != "partner");
    // A few of each: all plans share one engine, which the seeds above have covered.
    let wrong: Vec<String> = seeds()
        .take(5)
        .flat_map(|seed| plans().map(move |plan| (plan, seed)))
        .filter_map(|(plan, seed)| {
            wrong_in(World::led_by(plan, seed, Trouble::All), plan, seed, Trouble::All)
        })
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn a_seed_is_one_session_and_no_other() {
    let played = |seed| {
        let mut world = World::people(seed, Trouble::All);
        world.play().map(|_| world.stored().to_vec()).unwrap_or_default()
    };
    let first = played(7);
    assert!(first.len() > 10);
    assert_eq!(first, played(7));
    assert_ne!(first[1..], played(8)[1..]);
}

/// The session of each seed ends by itself and violates no invariant.
fn every_seed(trouble: Trouble) {
    let wrong: Vec<String> = seeds().filter_map(|seed| wrong_with(seed, trouble)).collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

fn wrong_with(seed: u64, trouble: Trouble) -> Option<String> {
    wrong_in(World::people(seed, trouble), "partner", seed, trouble)
}

fn wrong_in(mut world: World, plan: &str, seed: u64, trouble: Trouble) -> Option<String> {
    let ended = world.play();
    let mut wrong = world.broken();
    match ended {
        Ok(State::Finished) => {}
        Ok(State::Going | State::ScriptOver) => wrong.push("the session does not end".to_owned()),
        Err(stopped) => wrong.push(stopped.to_string()),
    }
    let again = match trouble {
        Trouble::None => format!("cargo run --release -- practice --headless --seed {seed} --speed max"),
        Trouble::Link | Trouble::All => format!("SEED={seed} cargo test -p tests --test simulate"),
    };
    let wrong = wrong.join("\n  ");
    (!wrong.is_empty())
        .then(|| format!("{plan}, seed {seed} under {trouble:?}, again by `{again}`:\n  {wrong}"))
}

fn seeds() -> Range<u64> {
    let number = |name: &str| env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    match (number("SEED"), number("SEEDS")) {
        (Some(seed), _) => seed..seed + 1,
        (None, seeds) => 0..seeds.unwrap_or(SEEDS),
    }
}
