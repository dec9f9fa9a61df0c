//! Checks the table of every phase of every plan in `crates/coach/README.md` against the code.
//!
//! `WRITE=1 cargo test -p plans --test table` rewrites it.

use coach::{Named as _, Phase, Plan, SAID_ANYWHERE};
use plans::plan;

const BEGIN: &str = "<!-- made by `WRITE=1 cargo test -p plans --test table`: do not edit by hand -->\n";
const END: &str = "<!-- end -->\n";

#[test]
fn the_readme_of_the_coach_lists_every_phase_of_every_plan() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../coach/README.md");
    let readme = std::fs::read_to_string(path).unwrap();
    let (before, rest) = readme.split_once(BEGIN).expect("the beginning of the table");
    let (there, after) = rest.split_once(END).expect("the end of the table");
    let table = table();
    if std::env::var_os("WRITE").is_some() {
        std::fs::write(path, format!("{before}{BEGIN}{table}{END}{after}")).unwrap();
    } else {
        assert_eq!(there, table, "the table is not that of the code: {BEGIN}");
    }
}

fn table() -> String {
    let mut text = format!("\nIn every phase: {}.\n", ids(SAID_ANYWHERE));
    for shipped in plan::list() {
        let plan = plan::parse(shipped.name, shipped.text).expect("a shipped plan");
        let label = if plan.is_background() { format!(" ({})", plan::BACKGROUND) } else { String::new() };
        text.push_str(&format!("\n### `{}`{label}\n\n{}\n\n", shipped.name, shipped.about));
        text.push_str("| phase | limits | prompts |\n|---|---|---|\n");
        for &phase in Phase::ALL {
            text.push_str(&format!("| {phase} | {} | {} |\n", limits(phase, &plan), ids(&phase.says(&plan))));
        }
    }
    text.push('\n');
    text
}

fn ids(ids: &[&str]) -> String {
    ids.iter().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(" ")
}

/// Limits of the phase that a plan sets, in seconds; all others are the same in every plan.
fn limits(phase: Phase, plan: &Plan) -> String {
    let s = |time: core::time::Duration| time.as_secs();
    match phase {
        Phase::Screening | Phase::Finished | Phase::Paused => "until answered".to_owned(),
        Phase::Warming => format!("{} to {} s", s(plan.warm_min), s(plan.warm_max)),
        Phase::Learning => "60 s at most; 8 s for a gesture".to_owned(),
        Phase::BroadStrokes => format!("{} s, and the ready check", s(plan.strokes)),
        Phase::Locating => {
            format!(
                "at most {} s; \"not finding it is fine\" at {} s",
                s(plan.locate_max),
                s(plan.locate_hint)
            )
        }
        Phase::Settling => format!("{} s", s(plan.settle)),
        Phase::Holding => {
            let longer = if plan.low_90 {
                format!(", {} s while every rating is Live and 3 or less", s(plan.hold_longest()))
            } else {
                String::new()
            };
            let stairs = if plan.staircase { "; \"more?\" asked at most twice" } else { "" };
            format!(
                "{} s counted at {} or less, at most {} s from the lean{longer}{stairs}; {} holds a spot, {} a session; {} a region and {} a day over all sessions",
                s(plan.hold_min),
                plan.ceiling,
                s(plan.hold_max),
                plan.holds_per_spot,
                plan.holds,
                plan.holds_per_region,
                plan.holds_per_day
            )
        }
        Phase::Releasing => format!("{} s, or at once", s(plan.release)),
        Phase::Flushing => format!("{} s, then 20 s for an answer", s(plan.flush)),
        Phase::Moving => format!("{} s", s(plan.moving)),
        Phase::Stretching => {
            format!("2 x {} s; from {} s after the first stroke", s(plan.stretch), s(plan.session_max))
        }
        Phase::Heat => "60 s for an answer, then at most 600 s".to_owned(),
    }
}
