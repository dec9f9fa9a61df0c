//! What may be asked, what is said to what may not, and where the answers go.

use crate::Place;

#[test]
fn without_arguments_a_newcomer_is_told_where_to_begin() {
    let ran = Place::new().run(&[]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""));
    assert!(ran.err.contains("`unknot practice` leads you through a session"), "{}", ran.err);
}

#[test]
fn what_does_not_exist_is_a_usage_error() {
    for arguments in
        [&["massage"][..], &["session", "--loud"], &["practice", "--loud"], &["practice", "--speed", "0"]]
    {
        let ran = Place::new().run(arguments);
        assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{arguments:?}");
    }
}

#[test]
fn no_hand_plays_in_virtual_time() {
    let place = Place::new();
    let ran = place.run(&["practice", "--speed", "max"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("--headless"), "{}", ran.err);
    assert!(!place.store().exists());
}

#[test]
fn completions_go_to_stdout() {
    for shell in ["bash", "zsh", "fish"] {
        let ran = Place::new().run(&["completions", shell]);
        assert_eq!(ran.code, Some(0));
        assert!(ran.out.contains("practice"), "{shell}");
    }
}

#[test]
fn a_seed_prints_a_whole_session_and_the_same_one_again() {
    let place = Place::new();
    let (first, second) = (place.simulated(7), place.simulated(7));
    assert!(first[0].starts_with(r#"{"at_ms":0,"kind":"session""#), "{}", first[0]);
    assert!(first.last().unwrap().contains(r#""kind":"finished""#));
    // Only the header differs: its id and its wall time.
    assert_eq!(first[1..], second[1..]);
    assert_ne!(first[1..], place.simulated(8)[1..]);
}

#[test]
fn what_is_shown_again_is_what_was_printed() {
    let place = Place::new();
    let printed = place.simulated(7);
    let shown = place.run(&["show", "last", "--json"]);
    assert_eq!(shown.out.lines().collect::<Vec<_>>(), printed);
    let text = place.run(&["show", "last"]);
    assert_eq!(text.code, Some(0));
    assert!(text.out.contains("lean in slowly, from your hips"), "{}", text.out);
}

#[test]
fn a_session_that_plays_itself_waits_for_nobody_afterwards() {
    let place = Place::new();
    place.simulated(7);
    let script = place.write("short.toml", "steps = [{ wait = \"1s\" }]\n");
    assert_eq!(place.run(&["practice", "--script", &script, "--speed", "max"]).code, Some(0));
    let again = place.run(&["practice", "--headless", "--seed", "8", "--speed", "max"]);
    assert_eq!((again.code, again.err.as_str()), (Some(0), ""));
    assert_eq!(place.run(&["history", "--json"]).out.lines().count(), 3);
}

#[test]
fn a_script_that_cannot_be_read_names_its_line() {
    let place = Place::new();
    let script = place.write("broken.toml", "steps = [\n  { wait = \"1s\" },\n  { whistle = true },\n]\n");
    let ran = place.run(&["practice", "--headless", "--speed", "max", "--script", &script]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""));
    assert!(ran.err.contains(&format!("{script}:3:")) && ran.err.contains("whistle"), "{}", ran.err);
    assert!(!place.store().exists());
}

#[test]
fn what_is_no_text_names_the_line_where_it_stops_being_one() {
    let place = Place::new();
    let file = place.write("binary.toml", b"steps = [\n  \xc3\xa9 \xff\n]");
    for arguments in [&["practice", "--script", file.as_str()][..], &["plan", "check", &file]] {
        let ran = place.run(arguments);
        assert_eq!(ran.code, Some(2), "{arguments:?}");
        assert!(ran.err.contains(&format!("{file}:2:5: this is not text")), "{arguments:?}: {}", ran.err);
    }
}

#[cfg(unix)]
#[test]
fn a_file_without_an_end_is_read_no_further_than_it_may_be_long() {
    let place = Place::new();
    for arguments in [&["practice", "--script", "/dev/zero"][..], &["plan", "check", "/dev/zero"]] {
        let ran = place.run(arguments);
        assert_eq!(ran.code, Some(2), "{arguments:?}");
        assert!(ran.err.contains("/dev/zero:1:1: the file is longer than 1048576 bytes"), "{}", ran.err);
    }
}

#[test]
fn a_script_that_is_not_there_is_a_usage_error() {
    let ran = Place::new().run(&["practice", "--script", "/nowhere/at/all.toml"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("/nowhere/at/all.toml"), "{}", ran.err);
}

#[test]
fn a_script_that_waits_in_vain_fails_with_its_line() {
    let place = Place::new();
    let script = place.write("vain.toml", "steps = [\n  { until = \"holding\", within = \"5s\" },\n]\n");
    let ran = place.run(&["practice", "--headless", "--speed", "max", "--script", &script]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.contains(&format!("{script}:2:")), "{}", ran.err);
}

#[test]
fn a_plan_beyond_the_limits_names_the_rule_it_breaks() {
    let place = Place::new();
    let shown = place.run(&["plan", "show", "partner"]).out;
    let good = place.write("good.toml", &shown);
    assert_eq!(place.run(&["plan", "check", &good]).code, Some(0));
    assert!(place.run(&["plan", "list"]).out.starts_with("partner"));

    let bad = place.write("bad.toml", "name = \"harsh\"\nhold_max = \"90s\"\n");
    for arguments in [&["plan", "check", bad.as_str()][..], &["practice", "--plan", bad.as_str()]] {
        let ran = place.run(arguments);
        assert_eq!(ran.code, Some(2), "{arguments:?}");
        assert!(ran.err.contains(&format!("{bad}:2:")) && ran.err.contains("hold_max"), "{}", ran.err);
    }
    let unknown = place.run(&["practice", "--plan", "stairs"]);
    assert_eq!(unknown.code, Some(2));
    assert!(unknown.err.contains("unknot plan list"), "{}", unknown.err);
    assert!(!place.store().exists());
}

#[test]
fn help_lists_only_what_there_is() {
    let place = Place::new();
    let help = place.run(&["--help"]).out;
    for command in [
        "session",
        "practice",
        "devices",
        "pair",
        "flash",
        "doctor",
        "history",
        "show",
        "audit",
        "plan",
        "completions",
        "export",
        "import",
        "note",
        "forget",
        "review",
        "replay",
    ] {
        assert!(help.contains(&format!("\n  {command} ")), "{help}");
    }
    let commands = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let listed = commands.take_while(|line| line.starts_with("  ")).count();
    assert_eq!(listed, 19, "these, `help`, and no other: {help}");
}

/// On the screen a session lies on the day on which people had it; in files and in JSON it is UTC, and each says which.
#[test]
fn times_are_local_on_the_screen_and_utc_in_files() {
    let place = Place::new();
    place.simulated(7);
    let json: serde_json::Value =
        serde_json::from_str(&place.run(&["history", "--json"]).out).expect("a session a line");
    let began = json["started"].as_str().expect("a time");
    assert!(began.ends_with('Z'), "{began}");
    for zone in ["Pacific/Auckland", "America/Los_Angeles", "UTC"] {
        let run = |arguments: &[&str]| {
            let output = place.command(arguments).env("TZ", zone).output().unwrap();
            String::from_utf8(output.stdout).unwrap()
        };
        let local = began.parse::<jiff::Timestamp>().unwrap().in_tz(zone).unwrap();
        let shown = local.strftime("%Y-%m-%d %H:%M").to_string();
        let history = run(&["history"]);
        assert!(history.contains("started (local)") && history.contains(&shown), "{zone}: {history}");
        let review = run(&["review", "--plain"]);
        assert!(review.contains(&shown), "{zone}: {review}");
        let text = run(&["show", "last"]);
        let utc = began.parse::<jiff::Timestamp>().unwrap().strftime("%Y-%m-%d %H:%M UTC").to_string();
        assert!(text.contains(&format!("started {utc}")), "{zone}: {text}");
    }
}
