//! Scripts that are rejected, with all their diagnostics.

use plans::Script;
use proptest::prelude::*;

/// A single step and its diagnostics; columns count from the step's own brace.
const BROKEN_STEPS: &[(&str, &str)] = &[
    // The step itself.
    ("{}", "1: this step is empty"),
    ("7", "1: `step` should be a table in { }, and is a whole number"),
    ("\"wait\"", "1: `step` should be a table in { }, and is a text"),
    ("{ wiat = \"3s\" }", "3: no step is called \"wiat\"; did you mean `wait`?"),
    (
        "{ teleport = \"home\" }",
        "3: no step is called \"teleport\"; it can be `screen`, `where`, `warm`, `ready`, `reach`, `wait`, `nudge`, `press`, \
         `long`, `hold`, `rate`, `guess`, `key`, `link`, `reset`, `store`, `gap`, `kill`, `until`, `expect` or `never`",
    ),
    ("{ wait = \"3s\", rate = 4 }", "1: one step does one thing: `wait` and `rate` are two"),
    ("{ wait = \"3s\", for = \"3s\" }", "16: a step has no `for`; it can be `wait`"),
    // Durations.
    ("{ wait = 3 }", "10: `wait` needs a unit: \"3s\", \"3ms\" or \"3m\""),
    (
        "{ wait = \"soon\" }",
        "10: `wait` is a whole number of ms, s or m, as \"500ms\", \"30s\" or \"2m\", not \"soon\"",
    ),
    (
        "{ wait = \"25h\" }",
        "10: `wait` is a whole number of ms, s or m, as \"500ms\", \"30s\" or \"2m\", not \"25h\"",
    ),
    ("{ wait = \"2000m\" }", "10: `wait` is longer than a day: \"2000m\""),
    ("{ wait = [] }", "10: `wait` should be a duration, as \"500ms\", \"30s\" or \"2m\", and is a list"),
    // Screening.
    ("{ screen = \"clean\" }", "12: `screen` cannot be \"clean\"; did you mean `clear`?"),
    (
        "{ screen = 1 }",
        "12: `screen` should be \"clear\", a list of questions answered yes, or a table, and is a whole number",
    ),
    ("{ screen = [\"fewer\"] }", "13: `screen` cannot be \"fewer\"; did you mean `fever`?"),
    ("{ screen = [3] }", "13: `screen` should be a text in quotes, and is a whole number"),
    (
        "{ screen = { no = [\"fever\"] } }",
        "14: `screen` has no `no`; it can be `yes`, `cleared`, `resting` or `bother`",
    ),
    ("{ screen = { resting = 0 } }", "24: `resting` may be 1 to 10, not 0"),
    ("{ screen = { bother = 11 } }", "23: `bother` may be 1 to 10, not 11"),
    ("{ screen = { cleared = \"clot\" } }", "24: `cleared` should be a list in [ ], and is a text"),
    (
        "{ screen = { yes = [\"clot\"], cleared = [\"clot\"] } }",
        "12: `clot` is answered yes and cleared: it can be one of them",
    ),
    (
        "{ where = \"upper trapezius\" }",
        "11: `where` begins with the receiver's side, left or right, as \"left rhomboids\", not \"upper trapezius\"",
    ),
    (
        "{ where = \"left spine\" }",
        "11: `where` has no region \"spine\"; it can be `suboccipital`, `upper-trapezius`, `levator-scapulae`, `middle-trapezius`, `lower-trapezius`, `rhomboids`, `infraspinatus`, `thoracic-paraspinals`, `latissimus`, `lumbar-erectors`, `quadratus-lumborum` or `gluteus-medius`",
    ),
    (
        "{ where = \"left upper trapesius\" }",
        "11: `where` has no region \"upper trapesius\"; did you mean `upper-trapezius`?",
    ),
    ("{ where = \"left\" }", "11: `where` names a side and no region, as \"left rhomboids\""),
    // Warming and the ready check.
    ("{ warm = \"hot\" }", "10: `warm` cannot be \"hot\"; it can be `already`, `minimum` or `full`"),
    ("{ warm = true }", "10: `warm` should be a text in quotes, and is true or false"),
    ("{ ready = \"yes\" }", "11: `ready` should be true or false, and is a text"),
    // The clicker.
    (
        "{ nudge = \"sideways\" }",
        "11: `nudge` cannot be \"sideways\"; it can be `left`, `right`, `up`, `head`, `down` or `feet`",
    ),
    ("{ press = \"c\" }", "11: `press` cannot be \"c\"; did you mean `a`?"),
    ("{ press = \"cord\" }", "11: `press` cannot be \"cord\"; did you mean `chord`?"),
    ("{ long = \"chord\" }", "10: `long` cannot be \"chord\"; it can be `a`, `b` or `logo`"),
    ("{ hold = \"chord\" }", "10: `hold` cannot be \"chord\"; it can be `a`, `b` or `logo`"),
    ("{ hold = \"a\", for = 5 }", "21: `for` needs a unit: \"5s\", \"5ms\" or \"5m\""),
    ("{ guess = 11 }", "11: `guess` may be 1 to 10, not 11"),
    ("{ rate = 0 }", "10: `rate` may be 1 to 10, not 0"),
    ("{ rate = 11 }", "10: `rate` may be 1 to 10, not 11"),
    ("{ rate = 4.5 }", "10: `rate` should be a whole number, and is a number with a point"),
    ("{ rate = \"4\" }", "10: `rate` should be a whole number, and is a text"),
    // The keyboard.
    (
        "{ key = \"spcae\" }",
        "9: `key` is one letter, digit or sign, or a name, not \"spcae\"; did you mean `space`?",
    ),
    (
        "{ key = \"\" }",
        "9: `key` is one letter, digit or sign, or a name, not \"\"; it can be `space`, `enter`, `esc`, `left`, `right`, `up` or `down`",
    ),
    (
        "{ key = \"é\" }",
        "9: `key` is one letter, digit or sign, or a name, not \"é\"; it can be `space`, `enter`, `esc`, `left`, `right`, `up` or `down`",
    ),
    (
        "{ key = \" \" }",
        "9: `key` is one letter, digit or sign, or a name, not \" \"; it can be `space`, `enter`, `esc`, `left`, `right`, `up` or `down`",
    ),
    // Links and machines.
    ("{ link = \"gone\" }", "10: `link` cannot be \"gone\"; it can be `up`, `down` or `stall`"),
    ("{ link = \"stall\" }", "1: a step needs `for`"),
    ("{ link = \"down\", for = \"3s\" }", "18: a step has no `for`; it can be `link`"),
    ("{ reset = \"laptop\" }", "11: `reset` cannot be \"laptop\"; it can be `clicker`"),
    ("{ kill = \"clicker\" }", "10: `kill` cannot be \"clicker\"; it can be `laptop`"),
    (
        "{ kill = \"laptop\", for = \"x\" }",
        "26: `for` is a whole number of ms, s or m, as \"500ms\", \"30s\" or \"2m\", not \"x\"",
    ),
    ("{ store = \"full\" }", "11: `store` cannot be \"full\"; it can be `fail` or `recover`"),
    ("{ gap = \"1s\" }", "9: `gap` has to be longer than 1 s: less does not count as standing still"),
    // Waiting.
    (
        "{ until = \"finnished\" }",
        "11: `until` waits for a phase or a kind of entry, not \"finnished\"; did you mean `finished`?",
    ),
    ("{ until = 3 }", "11: `until` should be a text in quotes, and is a whole number"),
    ("{ until = \"holding\", within = 5 }", "31: `within` needs a unit: \"5s\", \"5ms\" or \"5m\""),
    ("{ until = \"holding\", witin = \"5m\" }", "22: a step has no `witin`; did you mean `within`?"),
    ("{ until = { phase = \"holding\" } }", "11: an entry needs `kind`"),
    // `reach` after the first step.
    (
        "{ reach = \"paused\" }",
        "11: `reach` cannot be \"paused\"; it can be `warming`, `broad-strokes`, `locating`, `settling`, `holding`, `releasing`, `flushing`, `moving`, `stretching`, `heat` or `finished`",
    ),
    ("{ reach = \"holdin\" }", "11: `reach` cannot be \"holdin\"; did you mean `holding`?"),
    // Expectations. A misspelt `never` would always pass.
    ("{ never = \"hold\" }", "11: `never` should be a table in { }, and is a text"),
    ("{ never = {} }", "11: an entry needs `kind`"),
    ("{ never = { kind = \"holds\" } }", "20: `kind` cannot be \"holds\"; did you mean `hold`?"),
    (
        "{ never = { kind = \"hold\", outcome = \"dome\" } }",
        "38: `outcome` cannot be \"dome\"; did you mean `done`?",
    ),
    (
        "{ never = { kind = \"hold\", outcom = \"done\" } }",
        "28: `hold` has no field \"outcom\"; did you mean `outcome`?",
    ),
    ("{ never = { kind = \"sharp\", value = 3 } }", "29: `sharp` has no field \"value\""),
    (
        "{ never = { kind = \"hold\", times = 2 } }",
        "28: `hold` has no field \"times\"; it can be `outcome`, `because`, `counted_ms` or `pressed_ms`",
    ),
    (
        "{ expect = { kind = \"prompt\", id = \"easeoff\" } }",
        "36: `id` cannot be \"easeoff\"; did you mean `ease-off`?",
    ),
    (
        "{ expect = { kind = \"refused\", why = \"notnow\" } }",
        "38: `why` cannot be \"notnow\"; did you mean `not-now`?",
    ),
    (
        "{ expect = { kind = \"hold\", counted_ms = \"30s\" } }",
        "42: `counted_ms` should be a whole number, and is a text",
    ),
    (
        "{ expect = { kind = \"hold\", counted_ms = { least = 5, most = 3 } } }",
        "42: `least` is above `most`: `counted_ms` can be nothing",
    ),
    (
        "{ expect = { kind = \"hold\", counted_ms = {} } }",
        "42: `counted_ms` is compared by `not`, or by `least` and `most`",
    ),
    (
        "{ expect = { kind = \"hold\", counted_ms = { not = 3, least = 1 } } }",
        "42: `counted_ms` is compared by `not`, or by `least` and `most`",
    ),
    (
        "{ expect = { kind = \"hold\", because = { least = 3 } } }",
        "39: `because` is not a number: `least` and `most` do not go with it",
    ),
    (
        "{ expect = { kind = \"hold\", because = [] } }",
        "39: `because` is an empty list: nothing can be one of these",
    ),
    (
        "{ expect = { kind = \"hold\", because = { not = [] } } }",
        "47: `because` is an empty list: nothing can be one of these",
    ),
    (
        "{ expect = { kind = \"hold\", because = [\"time\", \"tmie\"] } }",
        "48: `because` cannot be \"tmie\"; did you mean `time`?",
    ),
    (
        "{ expect = { kind = \"click\", late = \"true\" } }",
        "37: `late` should be true or false, and is a text",
    ),
    (
        "{ expect = { kind = \"click\", means = \"ratting\" } }",
        "38: `means` cannot be \"ratting\"; did you mean `rating`?",
    ),
    (
        "{ expect = { kind = \"click\", means = { ratin = 4 } } }",
        "40: `means` has no field \"ratin\"; did you mean `rating`?",
    ),
    (
        "{ expect = { kind = \"click\", means = { rating = \"4\" } } }",
        "49: `means.rating` should be a whole number, and is a text",
    ),
    (
        "{ expect = { kind = \"click\", means = 4 } }",
        "38: `means` should be a text in quotes or a table in { }, and is a whole number",
    ),
    ("{ expect = { kind = \"hold\", within = 3 } }", "38: `within` needs a unit: \"3s\", \"3ms\" or \"3m\""),
    ("{ expect = { kind = \"hold\", times = -1 } }", "37: `times` may be 0 to 4294967295, not -1"),
    (
        "{ expect = { kind = \"hold\", times = 2, within = \"1s\" } }",
        "12: `times` counts over the whole run, so it goes with neither `after` nor `within`",
    ),
    (
        "{ expect = { kind = \"hold\", after = \"3s\", within = \"1s\" } }",
        "12: `after` is longer than `within`: nothing can come then",
    ),
];

/// A whole script and its diagnostics.
const BROKEN: &[(&str, &str)] = &[
    ("", "1:1: a script needs `steps`"),
    ("steps = []", "1:9: `steps` is empty: there is nothing to do"),
    ("steps = 3", "1:9: `steps` should be a list in [ ], and is a whole number"),
    ("step = []", "1:1: a script needs `steps`\n1:1: a script has no `step`; did you mean `steps`?"),
    (
        "plan = \"patner\"\nsteps = [{ rate = 4 }]",
        "1:8: no plan named \"patner\" is shipped, and a plan file ends in .toml; did you mean `partner`?",
    ),
    (
        "plan = \"gentle\"\nsteps = [{ rate = 4 }]",
        "1:8: no plan named \"gentle\" is shipped, and a plan file ends in .toml; it can be `partner`, `ball`, `cane`, `pin-and-stretch`, `low-90` or `staircase`",
    ),
    (
        "plan = \"\"\nsteps = [{ rate = 4 }]",
        "1:8: `plan` is the name of a shipped plan, or a plan file ending in .toml",
    ),
    (
        "plan = \"a\\nb.toml\"\nsteps = [{ rate = 4 }]",
        "1:8: `plan` is the name of a shipped plan, or a plan file ending in .toml",
    ),
    ("seed = -1\nsteps = [{ rate = 4 }]", "1:8: `seed` may be 0 to 9223372036854775807, not -1"),
    ("seed = \"7\"\nsteps = [{ rate = 4 }]", "1:8: `seed` should be a whole number, and is a text"),
    ("about = []\nsteps = [{ rate = 4 }]", "1:9: `about` should be a text in quotes, and is a list"),
    ("air = \"bad\"\nsteps = [{ rate = 4 }]", "1:7: `air` should be a table in { }, and is a text"),
    ("air = { loose = 3 }\nsteps = [{ rate = 4 }]", "1:9: the air has no `loose`; did you mean `lose`?"),
    ("air = { lose = 1 }\nsteps = [{ rate = 4 }]", "1:16: `lose` may be 2 to 4294967295, not 1"),
    (
        "air = { delay = 40 }\nsteps = [{ rate = 4 }]",
        "1:17: `delay` needs a unit: \"40s\", \"40ms\" or \"40m\"",
    ),
    (
        "closed = [{ side = \"left\", out = 1, down = 20 }]\nsteps = [{ rate = 4 }]",
        "1:11: there is no spot here: the ground is closed-spine",
    ),
    (
        "closed = [{ side = \"middle\", out = 5, down = 20 }]\nsteps = [{ rate = 4 }]",
        "1:20: `side` cannot be \"middle\"; it can be `left` or `right`",
    ),
    (
        "today = \"22.11.2026\"\nsteps = [{ rate = 4 }]",
        "1:9: `today` is a day of the calendar, as \"2026-11-22\", not \"22.11.2026\"",
    ),
    (
        "today = \"2026-02-30\"\nsteps = [{ rate = 4 }]",
        "1:9: `today` is a day of the calendar, as \"2026-11-22\", not \"2026-02-30\"",
    ),
    (
        "cleared = [{ question = \"clot\", on = \"2025-02-29\" }]\nsteps = [{ rate = 4 }]",
        "1:38: `on` is a day of the calendar, as \"2026-11-22\", not \"2025-02-29\"",
    ),
    (
        "worked = [{ side = \"left\", out = 5, down = 20 }]\nsteps = [{ rate = 4 }]",
        "1:11: a spot of before needs `hours`",
    ),
    ("cleared = [{ question = \"clot\" }]\nsteps = [{ rate = 4 }]", "1:12: an earlier answer needs `on`"),
    ("closed = [{ side = \"left\", out = 5 }]\nsteps = [{ rate = 4 }]", "1:11: a closed spot needs `down`"),
    (
        "control = 3\nsteps = [{ rate = 4 }]",
        "1:11: `control` should be a table in { }, and is a whole number",
    ),
    ("steps = [{ rate = 4 }]\n[control]\nabout = \"x\"", "2:1: the control needs `steps`"),
    ("steps = [{ rate = 4 }]\n[control]\nsteps = [{ rate = 0 }]", "3:19: `rate` may be 1 to 10, not 0"),
    (
        "steps = [{ rate = 4 }]\n[control]\nsteps = [{ rate = 4 }]\nplan = \"partner\"",
        "4:1: the control has no `plan`; it can be `about`, `steps`, `expect` or `never`",
    ),
    (
        "steps = [{ rate = 4 }]\nexpect = { kind = \"hold\" }",
        "2:10: `expect` should be a list in [ ], and is a table",
    ),
    (
        "steps = [{ rate = 4 }]\nexpect = [\n  { kind = \"hold\" },\n  { kind = \"hodl\" },\n]",
        "4:12: `kind` cannot be \"hodl\"; did you mean `hold`?",
    ),
    (
        "steps = [{ rate = 4 }]\nnever = [{ kind = \"hold\", within = \"1s\" }]",
        "2:27: `hold` has no field \"within\"; it can be `outcome`, `because`, `counted_ms` or `pressed_ms`",
    ),
    // All errors are reported at once, ordered by line.
    (
        "steps = [\n  { rate = 0 },\n  { wait = 3 },\n  { reach = \"holding\" },\n  { rate = 4 },\n]\nexpcet = []",
        "2:12: `rate` may be 1 to 10, not 0\n3:12: `wait` needs a unit: \"3s\", \"3ms\" or \"3m\"\n\
         4:13: `reach` goes from the beginning of a session: it can only be the first step\n\
         7:1: a script has no `expcet`; did you mean `expect`?",
    ),
];

#[test]
fn a_broken_step_is_refused_with_its_line_and_reason() {
    let mut otherwise = Vec::new();
    for (step, said) in BROKEN_STEPS {
        let script = format!("plan = \"partner\"\nsteps = [\n{step},\n]\n");
        let told = Script::parse("s.toml", &script).expect_err(step).to_string();
        if told != format!("s.toml:3:{said}") {
            otherwise.push(format!("{step}\n  told: {told}\n  said: s.toml:3:{said}"));
        }
    }
    assert!(otherwise.is_empty(), "{}", otherwise.join("\n"));
}

#[test]
fn a_broken_script_is_refused_with_all_that_is_wrong() {
    for (script, said) in BROKEN {
        let diagnostics = Script::parse("s.toml", script).expect_err(script).to_string();
        let said: Vec<String> = said.lines().map(|line| format!("s.toml:{line}")).collect();
        assert_eq!(diagnostics.lines().collect::<Vec<_>>(), said, "{script}");
    }
}

#[test]
fn what_is_not_toml_is_refused_where_it_breaks() {
    for (script, line) in
        [("steps = [\n{ wait = }\n]", 2), ("steps = [\n", 1), ("a = 1\na = 2", 2), ("\u{7}", 1)]
    {
        let diagnostics = Script::parse("s.toml", script).expect_err(script);
        let diagnostic = &diagnostics.as_slice()[0];
        assert!(
            diagnostic.line >= line && diagnostic.reason.starts_with("this is not TOML: "),
            "{script}: {diagnostics}"
        );
    }
}

#[test]
fn a_file_beyond_the_limits_is_refused() {
    let long = format!("# {}\nsteps = [{{ rate = 4 }}]", "x".repeat(1 << 20));
    let said = "s.toml:1:1: the file is 1048601 bytes; the most is 1048576";
    assert_eq!(Script::parse("s.toml", &long).expect_err("too long").to_string(), said);

    let many = |count: usize| format!("steps = [{}]", "{ rate = 4 },".repeat(count));
    let said = "s.toml:1:9: 10001 steps; the most is 10000";
    assert_eq!(Script::parse("s.toml", &many(10_001)).expect_err("too many").to_string(), said);
    assert_eq!(Script::parse("s.toml", &many(10_000)).map(|script| script.run.steps.len()), Ok(10_000));
}

#[test]
fn a_file_nested_too_deep_is_refused_and_does_not_use_up_the_stack() {
    for (open, close) in [("[", "]"), ("{ a = ", " }")] {
        let deep = format!("steps = {}1{}", open.repeat(100_000), close.repeat(100_000));
        let diagnostics = Script::parse("s.toml", &deep).expect_err("too deep");
        assert!(diagnostics.to_string().contains("max recursion depth met"), "{diagnostics}");
    }
    let dotted = format!("{}a = 1", "a.".repeat(100_000));
    assert!(Script::parse("s.toml", &dotted).is_err());
}

proptest! {
    #[test]
    fn rubbish_is_refused_and_never_panics(rubbish in "\\PC{0,200}") {
        prop_assert!(Script::parse("s.toml", &rubbish).is_err());
    }

    #[test]
    fn any_step_with_any_value_is_taken_or_refused_with_a_reason(
        verb in "(screen|where|warm|ready|reach|wait|nudge|press|long|hold|rate|key|link|reset|store|gap|kill|until|expect|never)",
        value in "(\"\\PC{0,12}\"|-?[0-9]{1,22}|[0-9]\\.[0-9]|true|\\[\\]|\\[\\[\\]\\]|\\{\\}|\\{ (kind|not|yes) = \"?[a-z]{0,8}\"? \\}|1979-05-27)",
        more in "(|, for = \"3s\"|, within = \"3s\"|, within = 3|, x = 1)",
    ) {
        let script = format!("steps = [{{ {verb} = {value}{more} }}]");
        if let Err(diagnostics) = Script::parse("s.toml", &script) {
            prop_assert!(!diagnostics.as_slice().is_empty());
            for diagnostic in diagnostics.as_slice() {
                prop_assert!(diagnostic.line == 1 && diagnostic.column >= 1 && !diagnostic.reason.is_empty());
                prop_assert!(!diagnostic.reason.contains('\n'), "{}", diagnostic);
            }
        }
    }
}
