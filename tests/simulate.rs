//! Simulated people, bad air, machines that fail: whole sessions under seeds, and what has to hold in every one.
//!
//! `SEED=17 cargo test -p tests --test simulate` plays one seed again; `SEEDS=1000` plays the first thousand.

use std::env;
use std::ops::Range;

use tests::World;
use unknot::sitting::{State, Trouble};

/// As many as pass in a few seconds unoptimized.
const SEEDS: u64 = 15;

#[test]
fn people_on_a_quiet_day() {
    every_seed(Trouble::None, "--trouble none");
}

#[test]
fn people_under_bad_air() {
    every_seed(Trouble::Link, "");
}

#[test]
fn people_under_every_fault() {
    every_seed(Trouble::All, "");
}

/// A session of each seed ends by itself, and everything holds in it.
fn every_seed(trouble: Trouble, _arguments: &str) {
    let mut wrong = Vec::new();
    for seed in seeds() {
        let mut world = World::people(seed, trouble);
        let ended = world.play();
        let mut broken = world.broken();
        match ended {
            Ok(State::Finished) => {}
            Ok(State::Going | State::ScriptOver) => broken.push("the session does not end".to_owned()),
            Err(stopped) => broken.push(stopped.to_string()),
        }
        if !broken.is_empty() {
            wrong.push(format!(
                "seed {seed} under {trouble:?}, again by `SEED={seed} cargo test -p tests --test simulate`:\n  {}",
                broken.join("\n  ")
            ));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

fn seeds() -> Range<u64> {
    let number = |name: &str| env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    match (number("SEED"), number("SEEDS")) {
        (Some(seed), _) => seed..seed + 1,
        (None, seeds) => 0..seeds.unwrap_or(SEEDS),
    }
}
