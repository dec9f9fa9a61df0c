//! Plan files that are rejected, with all their diagnostics, and plan files that are accepted.

use core::time::Duration;

use coach::{Field, Named, Plan, PlanParams, Rating, Technique};
use plans::plan::{self, parse, text};
use proptest::prelude::*;

/// A plan file and its diagnostics without the file name.
const BROKEN: &[(&str, &str)] = &[
    // Parameters that a plan may only lower.
    ("name = \"x\"\nhold_max = \"75s\"", "2:12: hold_max: 75 s is above the 60 s that a plan may only lower"),
    ("name = \"x\"\nhold_max = \"60001ms\"", "2:12: `hold_max` is in whole seconds, not 60001 ms"),
    ("name = \"x\"\nhold_min = \"29999ms\"", "2:12: `hold_min` is in whole seconds, not 29999 ms"),
    ("name = \"x\"\nceiling = 6", "2:11: ceiling: 6 is above the 5 that a plan may only lower"),
    ("name = \"x\"\nholds = 7", "2:9: holds: 7 is above the 6 that a plan may only lower"),
    (
        "name = \"x\"\nholds_per_region = 7",
        "2:20: holds_per_region: 7 is above the 6 that a plan may only lower",
    ),
    ("name = \"x\"\nholds_per_region = 0", "2:20: holds_per_region: 0 is below the least, 1"),
    ("name = \"x\"\nholds_per_day = 9", "2:17: holds_per_day: 9 is above the 8 that a plan may only lower"),
    ("name = \"x\"\nholds_per_day = 0", "2:17: holds_per_day: 0 is below the least, 1"),
    ("name = \"x\"\nholds_per_spot = 3", "2:18: holds_per_spot: 3 is above the 2 that a plan may only lower"),
    (
        "name = \"x\"\nsession_max = \"21m\"",
        "2:15: session_max: 1260 s is above the 1200 s that a plan may only lower",
    ),
    // Parameters that a plan may only raise.
    ("name = \"x\"\nflush = \"19s\"", "2:9: flush: 19 s is below the 20 s that a plan may only raise"),
    ("name = \"x\"\nflush = \"0s\"", "2:9: flush: 0 s is below the 20 s that a plan may only raise"),
    // Fixed parameters.
    ("name = \"x\"\nhold_min = \"20s\"", "2:12: hold_min: 20 s, and it is fixed at 30 s"),
    ("name = \"x\"\nhold_min = \"31s\"", "2:12: hold_min: 31 s, and it is fixed at 30 s"),
    // Parameters with two limits.
    ("name = \"x\"\nflush = \"61s\"", "2:9: flush: 61 s is above the most, 60 s"),
    ("name = \"x\"\nhold_max = \"29s\"", "2:12: hold_max: 29 s is below the least, 30 s"),
    (
        "name = \"x\"\nholds = 0",
        "2:9: holds: 0 is below the least, 1\n2:9: holds_per_spot: 2 is above holds, which is 0",
    ),
    ("name = \"x\"\nstrokes = \"59s\"", "2:11: strokes: 59 s is below the least, 60 s"),
    ("name = \"x\"\nstrokes = \"181s\"", "2:11: strokes: 181 s is above the most, 180 s"),
    ("name = \"x\"\nwarm_max = \"16m\"", "2:12: warm_max: 960 s is above the most, 900 s"),
    ("name = \"x\"\nlocate_max = \"121s\"", "2:14: locate_max: 121 s is above the most, 120 s"),
    ("name = \"x\"\nsettle = \"4s\"", "2:10: settle: 4 s is below the least, 5 s"),
    ("name = \"x\"\nrelease = \"1m\"", "2:11: release: 60 s is above the most, 15 s"),
    ("name = \"x\"\nmoving = \"9999ms\"", "2:10: `moving` is in whole seconds, not 9999 ms"),
    ("name = \"x\"\nstretch = \"5s\"", "2:11: stretch: 5 s is below the least, 10 s"),
    // Two parameters that contradict each other.
    (
        "name = \"x\"\nwarm_min = \"15m\"\nwarm_max = \"14m\"",
        "2:12: warm_min: 900 s is above warm_max, which is 840 s",
    ),
    ("name = \"x\"\nlocate_max = \"80s\"", "2:14: locate_hint: 90 s is above locate_max, which is 80 s"),
    ("name = \"x\"\nholds = 1", "2:9: holds_per_spot: 2 is above holds, which is 1"),
    // Several errors, ordered by line.
    (
        "name = \"x\"\nceiling = 9\nholds = 9",
        "2:11: ceiling: 9 is above the 5 that a plan may only lower\n3:9: holds: 9 is above the 6 that a plan may only lower",
    ),
    // Names.
    ("", "1:1: a plan needs `name`"),
    ("holds = 3", "1:1: a plan needs `name`"),
    ("name = 7", "1:8: `name` should be a text in quotes, and is a whole number"),
    ("name = \"\"", "1:8: `name` is 1 to 40 small letters, digits and hyphens, as \"after-work\", not \"\""),
    (
        "name = \"After Work\"",
        "1:8: `name` is 1 to 40 small letters, digits and hyphens, as \"after-work\", not \"After Work\"",
    ),
    (
        "name = \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"",
        "1:8: `name` is 1 to 40 small letters, digits and hyphens, as \"after-work\", not \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...\"",
    ),
    (
        "name = \"partner\"\nholds = 3",
        "1:8: the plan named `partner` is shipped with other figures: choose another name",
    ),
    ("name = \"x\"\nfrom = \"patner\"", "2:8: `from` cannot be \"patner\"; did you mean `partner`?"),
    (
        "name = \"x\"\nfrom = \"gentle\"",
        "2:8: `from` cannot be \"gentle\"; it can be `partner`, `ball`, `cane`, `pin-and-stretch`, `low-90` or `staircase`",
    ),
    // Solo plans.
    (
        "name = \"x\"\nfrom = \"ball\"\nhold_max = \"31s\"",
        "3:12: hold_max: 31 s is above the 30 s that a plan may only lower",
    ),
    (
        "name = \"x\"\nfrom = \"ball\"\nhold_max = \"60s\"",
        "3:12: hold_max: 60 s is above the 30 s that a plan may only lower",
    ),
    ("name = \"x\"\nfrom = \"cane\"\nhold_min = \"30s\"", "3:12: hold_min: 30 s, and it is fixed at 20 s"),
    ("name = \"x\"\nfrom = \"cane\"\nhold_max = \"19s\"", "3:12: hold_max: 19 s is below the least, 20 s"),
    (
        "name = \"x\"\ntechnique = \"pin-and-stretch\"\nhold_min = \"19s\"",
        "3:12: hold_min: 19 s, and it is fixed at 20 s",
    ),
    (
        "name = \"x\"\ntechnique = \"ball\"\nceiling = 6",
        "3:11: ceiling: 6 is above the 5 that a plan may only lower",
    ),
    (
        "name = \"x\"\ntechnique = \"ball\"\nflush = \"19s\"",
        "3:9: flush: 19 s is below the 20 s that a plan may only raise",
    ),
    (
        "name = \"x\"\ntechnique = \"ball\"\nlow_90 = true",
        "3:10: low_90: true, and it is only for plans in which another person presses",
    ),
    (
        "name = \"x\"\nfrom = \"cane\"\nstaircase = true",
        "3:13: staircase: true, and it is only for plans in which another person presses",
    ),
    (
        "name = \"x\"\nfrom = \"low-90\"\nhold_max = \"90s\"",
        "3:12: hold_max: 90 s is above the 60 s that a plan may only lower",
    ),
    (
        "name = \"x\"\nfrom = \"low-90\"\ntechnique = \"ball\"",
        "3:13: `technique` is partner in the plan that this one starts from, not ball",
    ),
    ("name = \"x\"\ntechnique = \"bal\"", "2:13: `technique` cannot be \"bal\"; did you mean `ball`?"),
    (
        "name = \"x\"\ntechnique = \"knee\"",
        "2:13: `technique` cannot be \"knee\"; it can be `partner`, `ball`, `cane` or `pin-and-stretch`",
    ),
    ("name = \"x\"\ntechnique = 1", "2:13: `technique` should be a text in quotes, and is a whole number"),
    ("name = \"x\"\nlow_90 = 1", "2:10: `low_90` should be true or false, and is a whole number"),
    ("name = \"x\"\nstaircase = \"yes\"", "2:13: `staircase` should be true or false, and is a text"),
    ("name = \"x\"\nlow90 = true", "2:1: a plan has no `low90`; did you mean `low_90`?"),
    (
        "name = \"ball\"\ntechnique = \"ball\"\nholds = 3",
        "1:8: the plan named `ball` is shipped with other figures: choose another name",
    ),
    (
        "name = \"staircase\"",
        "1:8: the plan named `staircase` is shipped with other figures: choose another name",
    ),
    ("name = \"x\"\nabout = 3", "2:9: `about` should be a text in quotes, and is a whole number"),
    // Keys.
    ("name = \"x\"\nhold_mx = \"40s\"", "2:1: a plan has no `hold_mx`; did you mean `hold_max`?"),
    ("name = \"x\"\nhold-max = \"40s\"", "2:1: a plan has no `hold-max`; did you mean `hold_max`?"),
    ("name = \"x\"\nflsh = \"40s\"", "2:1: a plan has no `flsh`; did you mean `flush`?"),
    (
        "name = \"x\"\npressure = 4",
        "2:1: a plan has no `pressure`; it can be `from`, `technique`, `about`, `name`, `warm_min`, `warm_max`, `strokes`, `locate_max`, \
         `locate_hint`, `settle`, `hold_min`, `hold_max`, `ceiling`, `release`, `flush`, `moving`, `stretch`, \
         `holds_per_spot`, `holds`, `holds_per_region`, `holds_per_day`, `session_max`, `low_90` or `staircase`",
    ),
    ("name = \"x\"\n[hold]\nmin = 3", "2:2: a plan has no `hold`; did you mean `holds`?"),
    // Durations.
    ("name = \"x\"\nflush = 30", "2:9: `flush` needs a unit: \"30s\", \"30ms\" or \"30m\""),
    (
        "name = \"x\"\nflush = 30.0",
        "2:9: `flush` should be a duration, as \"500ms\", \"30s\" or \"2m\", and is a number with a point",
    ),
    (
        "name = \"x\"\nflush = \"30\"",
        "2:9: `flush` is a whole number of ms, s or m, as \"500ms\", \"30s\" or \"2m\", not \"30\"",
    ),
    (
        "name = \"x\"\nflush = \"30 s\"",
        "2:9: `flush` is a whole number of ms, s or m, as \"500ms\", \"30s\" or \"2m\", not \"30 s\"",
    ),
    (
        "name = \"x\"\nflush = \"-30s\"",
        "2:9: `flush` is a whole number of ms, s or m, as \"500ms\", \"30s\" or \"2m\", not \"-30s\"",
    ),
    (
        "name = \"x\"\nflush = \"1.5m\"",
        "2:9: `flush` is a whole number of ms, s or m, as \"500ms\", \"30s\" or \"2m\", not \"1.5m\"",
    ),
    (
        "name = \"x\"\nflush = \"1h\"",
        "2:9: `flush` is a whole number of ms, s or m, as \"500ms\", \"30s\" or \"2m\", not \"1h\"",
    ),
    (
        "name = \"x\"\nflush = \"\"",
        "2:9: `flush` is a whole number of ms, s or m, as \"500ms\", \"30s\" or \"2m\", not \"\"",
    ),
    (
        "name = \"x\"\nflush = \"99999999999999999999s\"",
        "2:9: `flush` is a whole number of ms, s or m, as \"500ms\", \"30s\" or \"2m\", not \"99999999999999999999s\"",
    ),
    (
        "name = \"x\"\nflush = \"18446744073709551615m\"",
        "2:9: `flush` is a whole number of ms, s or m, as \"500ms\", \"30s\" or \"2m\", not \"18446744073709551615m\"",
    ),
    ("name = \"x\"\nflush = \"1441m\"", "2:9: `flush` is longer than a day: \"1441m\""),
    (
        "name = \"x\"\nflush = 1979-05-27",
        "2:9: `flush` should be a duration, as \"500ms\", \"30s\" or \"2m\", and is a date",
    ),
    // Ratings and counts.
    ("name = \"x\"\nceiling = 0", "2:11: `ceiling` may be 1 to 10, not 0"),
    ("name = \"x\"\nceiling = 11", "2:11: `ceiling` may be 1 to 10, not 11"),
    ("name = \"x\"\nceiling = \"5\"", "2:11: `ceiling` should be a whole number, and is a text"),
    ("name = \"x\"\nceiling = true", "2:11: `ceiling` should be a whole number, and is true or false"),
    ("name = \"x\"\nholds = -1", "2:9: `holds` may be 0 to 4294967295, not -1"),
    (
        "name = \"x\"\nholds = 99999999999999999999",
        "2:9: `holds` may be 0 to 4294967295, not 99999999999999999999",
    ),
    ("name = \"x\"\nholds = [3]", "2:9: `holds` should be a whole number, and is a list"),
    ("name = \"x\"\nholds = { of = 3 }", "2:9: `holds` should be a whole number, and is a table"),
    // Columns count characters, not bytes.
    (
        "name = \"x\"\nabout = \"für Anna\"\nholds = \"ä\" # ü",
        "3:9: `holds` should be a whole number, and is a text",
    ),
];

#[test]
fn a_broken_plan_is_refused_with_its_line_and_reason() {
    assert!(BROKEN.len() >= 60, "{}", BROKEN.len());
    for (plan, said) in BROKEN {
        let diagnostics = parse("p.toml", plan).expect_err(plan).to_string();
        let said: Vec<String> = said.lines().map(|line| format!("p.toml:{line}")).collect();
        let told: Vec<&str> = diagnostics.lines().collect();
        assert_eq!(told, said, "{plan}");
    }
}

#[test]
fn what_is_not_toml_is_refused_where_it_breaks() {
    for (plan, line) in [
        ("name = ", 1),
        ("name = \"x\"\nholds == 3", 2),
        ("name = \"x\"\nname = \"y\"", 2),
        ("\u{0}", 1),
        ("{", 1),
    ] {
        let diagnostics = parse("p.toml", plan).expect_err(plan);
        let diagnostic = &diagnostics.as_slice()[0];
        assert_eq!(diagnostic.line, line, "{plan}: {diagnostics}");
        assert!(diagnostic.reason.starts_with("this is not TOML: "), "{diagnostics}");
        assert!(!diagnostic.reason.contains('\n'), "{diagnostics}");
    }
}

#[test]
fn the_shipped_plans_are_what_they_say() {
    assert_eq!(parse("partner", plan::show("partner").unwrap()), Ok(Plan::partner()));
    for shipped in plan::list() {
        let read = parse(shipped.name, shipped.text).unwrap();
        assert_eq!(read.name, shipped.name);
        assert!(!shipped.about.is_empty());
    }
    assert_eq!(plan::list().first().map(|plan| plan.name), Some("partner"), "the default comes first");
    assert_eq!(plan::show("nobody"), None);
}

#[test]
fn the_shipped_plans_are_the_given_ones_and_two_that_are_labelled() {
    let given = ["partner", "ball", "cane", "pin-and-stretch"];
    for shipped in plan::list() {
        let plan = parse(shipped.name, shipped.text).unwrap();
        let expected = match Technique::from_name(shipped.name) {
            Some(technique) => PlanParams::given(technique),
            None => PlanParams {
                name: shipped.name.to_owned(),
                low_90: shipped.name == "low-90",
                staircase: shipped.name == "staircase",
                ..PlanParams::partner()
            },
        };
        assert_eq!(*plan, expected);
        assert_eq!(shipped.is_background(), !given.contains(&shipped.name), "{}", shipped.name);
        // A plan that starts from a labelled one is labelled as well.
        let own = parse("p.toml", &format!("name = \"own\"\nfrom = \"{}\"", shipped.name)).unwrap();
        assert_eq!(own.is_background(), shipped.is_background());
    }
    assert_eq!(plan::list().len(), 6);
}

#[test]
fn the_shipped_file_names_every_figure() {
    let file = plan::show("partner").unwrap();
    for field in Field::ALL {
        assert!(file.contains(&format!("\n{} = ", field.name())), "{field} is left out");
    }
}

#[test]
fn a_plan_changes_what_it_names_and_nothing_else() {
    let gentler = "name = \"after-work\"\nfrom = \"partner\"\nabout = \"for Anna\"\nflush = \"40s\"\nholds = 3\nceiling = 4";
    let plan = parse("p.toml", gentler).unwrap();
    let given = PlanParams::partner();
    let wanted = PlanParams {
        name: "after-work".to_owned(),
        flush: Duration::from_secs(40),
        holds: 3,
        ceiling: Rating::new(4).unwrap(),
        ..given
    };
    assert_eq!(*plan, wanted);
    let alone = parse("p.toml", "name = \"x\"\nfrom = \"ball\"\nhold_max = \"25s\"").unwrap();
    let ball = PlanParams::given(Technique::Ball);
    assert_eq!(*alone, PlanParams { name: "x".to_owned(), hold_max: Duration::from_secs(25), ..ball });
    // Without `from` it starts from the same plan.
    assert_eq!(parse("p.toml", &gentler.replace("from = \"partner\"\n", "")), Ok(plan));
}

proptest! {
    #[test]
    fn a_plan_that_is_written_is_read_back_the_same(
        strokes in 60_u64..=180, settle in 5_u64..=15, hold_max in 30_u64..=60,
        ceiling in 1_u8..=5, flush in 20_u64..=60, holds in 2_u32..=6, session_max in 1_u64..=20,
        holds_per_region in 1_u32..=6, holds_per_day in 1_u32..=8,
    ) {
        let figures = PlanParams {
            name: "a-1".to_owned(),
            strokes: Duration::from_secs(strokes),
            settle: Duration::from_secs(settle),
            hold_max: Duration::from_secs(hold_max),
            ceiling: Rating::new(ceiling).unwrap(),
            flush: Duration::from_secs(flush),
            holds,
            holds_per_region,
            holds_per_day,
            session_max: Duration::from_secs(60 * session_max),
            ..PlanParams::partner()
        };
        let plan = Plan::build(figures).unwrap();
        prop_assert_eq!(parse("p.toml", &text(&plan)), Ok(plan));
    }

    #[test]
    fn rubbish_is_refused_and_never_panics(rubbish in "\\PC{0,200}") {
        prop_assert!(parse("p.toml", &rubbish).is_err());
    }

    #[test]
    fn figures_of_any_size_are_taken_or_refused(field in proptest::sample::select(Field::ALL), value in "(\"[0-9]{0,25}(ms|s|m|h)\"|-?[0-9]{1,25}|true|\\[\\]|\\{\\})") {
        let plan = format!("name = \"x\"\n{} = {value}", field.name());
        if let Err(diagnostics) = parse("p.toml", &plan) {
            prop_assert!(diagnostics.as_slice().iter().all(|diagnostic| diagnostic.line <= 2 && !diagnostic.reason.is_empty()));
        }
    }
}
