//! Runs every file in `scenarios/` as a test of its own, named by the behaviour that it pins. Also checks that every
//! kind of entry can be written in an expectation.

use std::collections::BTreeSet;
use std::path::PathBuf;

use plans::{ObservedEntry, Scalar, Script};
use rstest::rstest;
use sim::{Stopped, Trouble, observed};
use tests::World;

#[rstest]
fn scenario(#[files("scenarios/*.toml")] file: PathBuf) {
    let wrong = tests::play(&file);
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn the_example_of_the_readme_is_a_scenario() {
    let readme = include_str!("README.md");
    let examples: Vec<&str> =
        readme.split("```toml").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(!examples.is_empty());
    for example in examples {
        let script = Script::parse("README.md", example).unwrap_or_else(|faults| panic!("{faults}"));
        assert!(script.about.is_some() && script.control.is_some());
    }
}

/// Every entry of a session can be expected, field by field.
#[test]
fn every_entry_can_be_expected() {
    let mut kinds = BTreeSet::new();
    for seed in 0..12 {
        let mut world = World::people(seed, Trouble::All);
        // The result is checked in `simulate`.
        let _ = world.play();
        let entries: BTreeSet<String> =
            world.happened().iter().map(|entry| pattern(&observed(entry))).collect();
        let never: Vec<&str> = entries.iter().map(String::as_str).collect();
        let script = format!("steps = [ {{ wait = \"1s\" }} ]\nnever = [\n{}\n]", never.join(",\n"));
        let script = Script::parse("seen", &script).unwrap_or_else(|faults| panic!("{faults}"));
        for entry in world.happened() {
            let entry = observed(entry);
            assert!(script.run.never.iter().any(|never| entry.is_like(&never.what)), "{entry:?}");
            kinds.insert(entry.kind);
        }
    }
    // Kinds of entries that none of these sessions shows; each must be listed here.
    let rare: Vec<&str> =
        ["alarm", "click", "gap", "hold", "prompt", "refused", "resumed", "screening", "sharp", "store"]
            .into_iter()
            .filter(|kind| !kinds.contains(*kind))
            .collect();
    assert_eq!(rare, [""; 0], "the seeds do not bring these about: take more of them");
}

#[test]
fn a_step_that_is_not_fulfilled_is_named_by_its_line() {
    let text = "steps = [\n  { wait = \"1s\" },\n  { until = \"warming\", within = \"2s\" },\n]\n";
    let script = Script::parse("late.toml", text).unwrap();
    let stopped = World::script(&script, &script.run).play();
    assert!(matches!(&stopped, Err(Stopped::Script(failure)) if failure.line == 3), "{stopped:?}");
}

/// Spells the entry as an expectation. Of the header only the kind, because `show` covers its fields.
fn pattern(seen: &ObservedEntry) -> String {
    let fields = seen.fields.iter().filter(|(path, _)| *path != "at_ms" && seen.kind != "session");
    let mut spelled = format!("{{ kind = \"{}\"", seen.kind);
    for (path, value) in fields {
        // A table is spelled by its fields.
        if seen.fields.keys().any(|other| other.starts_with(&format!("{path}."))) {
            continue;
        }
        let value = match value {
            Scalar::Text(text) => format!("{text:?}"),
            Scalar::Number(number) => number.to_string(),
            Scalar::Flag(flag) => flag.to_string(),
        };
        spelled.push_str(&format!(", {path} = {value}"));
    }
    spelled + " }"
}
