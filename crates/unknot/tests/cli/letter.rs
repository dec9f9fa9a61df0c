//! `unknot letter`: about a session that was stopped, as text and as a page; and about no other.

use crate::Place;

const FEVER: &str = "steps = [{ screen = [\"fever\"] }, { until = \"finished\", within = \"1m\" }]";

#[test]
fn a_session_that_was_stopped_has_a_letter_and_another_has_none() {
    let place = Place::new();
    let script = place.write("fever.toml", FEVER);
    let ran = place.run(&["practice", "--headless", "--script", &script, "--speed", "max"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let text = place.run(&["letter", "last"]);
    assert_eq!((text.code, text.err.as_str()), (Some(0), ""));
    let plain = text.out.split_whitespace().collect::<Vec<_>>().join(" ");
    for said in [
        "A note for a health professional",
        "pressing can spread it",
        "Nothing was pressed",
        "It was practice",
    ] {
        assert!(plain.contains(said), "{said}: {}", text.out);
    }
    assert!(!plain.contains("pregnan"), "what was not asked: {}", text.out);
    let page = place.run(&["letter", "last", "--format", "html"]);
    assert!(page.out.starts_with("<!DOCTYPE html>") && page.out.contains("size: A4"), "{}", page.out);

    let whole = place.write("whole.toml", "steps = [{ screen = \"clear\" }, { key = \"e\" }, { wait = \"1s\" }, { key = \"e\" }, { wait = \"1s\" }]");
    let ran = place.run(&["practice", "--headless", "--script", &whole, "--speed", "max"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let none = place.run(&["letter", "last"]);
    assert_eq!((none.code, none.out.as_str()), (Some(1), ""));
    assert!(none.err.contains("was not stopped") && none.err.contains("unknot export"), "{}", none.err);
}
