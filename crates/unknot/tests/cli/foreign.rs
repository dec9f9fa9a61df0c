//! Text from outside: whatever an import, a file, a path or an argument has in it, nothing that the program says steers a
//! terminal, turns what stands beside it, or begins a line that the program did not say. What is for other programs
//! keeps the exact text.

use std::fs;
use std::io::Write as _;
use std::process::Stdio;

use report::transfer;
use transcript::{Entry, Header, Kind, Said, Value, Versions};
use words::Words;

use crate::{Place, Ran};

/// Everything at once: a title and a clipboard for the terminal, colours in both forms, NUL, a bell, writing directions,
/// line ends of every system, a mark without a letter, a column far away.
const FOREIGN: &str = "\u{301}F\u{1b}[31;1m\u{1b}]0;t\u{7}\u{1b}]52;c;eA==\u{1b}\\\u{9b}2J\u{9d}\0\u{7f}\u{202e}\u{2066}\u{200f}\nFORGED\r\nFORGED\u{2028}FORGED\tend";

fn foreign(before: &str) -> String {
    format!("{before}{FOREIGN}")
}

/// Every text of a session that an import takes as it is.
fn altered(id: &str, mut entries: Vec<Entry>, prompts: bool) -> Vec<Entry> {
    for entry in &mut entries {
        match &mut entry.kind {
            Kind::Session(header) => {
                let Versions { program, wire, .. } = &mut header.versions;
                (*program, *wire) = (foreign("v"), foreign("w"));
                let Header { receiver, clicker, plan, .. } = &mut **header;
                (*receiver, *clicker, plan.name) = (Some(foreign("")), Some(foreign("c")), foreign("p"));
                plan.text = foreign("# ");
                header.id = foreign(id);
            }
            Kind::Prompt(said) if prompts => {
                said.args.insert("seen".to_owned(), Value::Name(foreign("")));
                said.id = foreign("");
            }
            _ => {}
        }
    }
    let at_ms = entries.last().unwrap().at_ms;
    let note = |edits| Kind::Note { text: foreign(""), wall: Some(foreign("")), edits };
    let place = u32::try_from(entries.len()).unwrap();
    entries.extend([note(None), note(Some(place))].map(|kind| Entry { at_ms, kind }));
    if prompts {
        let advice = coach::screening::Advice::Emergency;
        let said = Said::from(coach::Prompt::Stopped { advice });
        let over = entries.iter().position(|entry| matches!(entry.kind, Kind::Finished { .. })).unwrap();
        entries.insert(over, Entry { at_ms: entries[over].at_ms, kind: Kind::Prompt(said) });
        entries.insert(over, Entry { at_ms: entries[over].at_ms, kind: Kind::Resumed { wall: foreign("") } });
    }
    entries
}

/// A store with two such sessions, `a...` that can be played again and `b...` whose prompts are foreign, too; and a
/// clicker that calls itself so.
fn place() -> Place {
    let from = Place::new();
    from.simulated(7);
    let journal = journal::Journal::open(&from.store()).unwrap();
    let entries = journal.entries(journal.last().unwrap().unwrap().key).unwrap();
    let mut lines = Vec::new();
    let mut writer = transfer::Writer::new(&mut lines);
    for (id, prompts) in [("a", false), ("b", true)] {
        writer.session(&altered(id, entries.clone(), prompts), false, &Words::english()).unwrap();
    }
    let place = Place::new();
    let file = place.file(&name());
    fs::write(&file, lines).unwrap();
    let taken = place.run(&["import", &file.display().to_string()]);
    assert_eq!(taken.code, Some(0), "{}", taken.err);
    assert!(taken.out.contains("2 taken in"), "{}", taken.out);
    assert_tame(&["import"], &taken);
    let known = "[[clicker]]\nid = \"C0:12:34:56:78:9A\"\nname = \"N\\u001b[31m\\u0007\\u009b\\u202e\\nFORGED\"\npaired = \"2026-01-01T00:00:00Z\"\n";
    place.write("clickers.toml", known);
    place
}

/// What a file may be called, which is all but a slash and NUL.
fn name() -> String {
    if cfg!(unix) { FOREIGN.replace(['\0', '/'], "") } else { "plain".to_owned() }
}

fn steers(char: char) -> bool {
    char.is_control()
        || matches!(char, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Of what is for people, nothing steers, and no line is forged.
#[track_caller]
fn assert_tame(arguments: &[&str], ran: &Ran) {
    for text in [&ran.out, &ran.err] {
        for line in text.lines() {
            assert!(!line.contains(steers), "{arguments:?} says {line:?}");
            assert!(!line.starts_with("FORGED"), "{arguments:?} has a line of its own for {line:?}: {text}");
        }
    }
}

/// With these keys piped in.
fn keyed(place: &Place, arguments: &[&str], keys: &str) -> Ran {
    let mut command = place.command(arguments);
    let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = piped.spawn().unwrap();
    // It may have ended without reading them.
    let _gone = child.stdin.take().unwrap().write_all(keys.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ran { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

#[test]
fn no_command_that_reads_says_anything_that_steers() {
    let place = place();
    // Who reads them, and whether it is there at all: a command that failed would say nothing of the session.
    for (arguments, done) in [
        (&["history"][..], true),
        (&["history", "--receiver", &FOREIGN.replace('\0', "")], true),
        (&["show", "a"], true),
        (&["show", "b"], true),
        (&["show", "last"], true),
        (&["note", "a"], true),
        (&["note", "a", "softer"], true),
        (&["note", "a", "softer still", "--edit", "1"], true),
        (&["note", "a", "softer still", "--edit", "99"], false),
        (&["audit", "a"], true),
        (&["audit", "b"], false),
        (&["audit", "--all"], false),
        (&["letter", "a"], false),
        (&["letter", "b"], true),
        (&["letter", "b", "--format", "html"], true),
        (&["export", "a", "--format", "html", "--with-screening"], true),
        (&["export", "b", "--format", "html", "--with-screening"], true),
        (&["export", "--all", "--format", "html"], true),
        (&["devices"], false),
        (&["forget", "a"], false),
    ] {
        let ran = place.run(arguments);
        assert_eq!(ran.code == Some(0), done, "{arguments:?}: {} {}", ran.out, ran.err);
        let html = arguments.contains(&"html");
        // In a page a line end is a blank.
        let ran = if html { Ran { out: ran.out.replace("\nFORGED", " FORGED"), ..ran } } else { ran };
        assert_tame(arguments, &ran);
    }
    assert_tame(&["doctor"], &place.run(&["doctor"]));
    let shown = place.run(&["show", "a"]).out;
    assert!(shown.contains("FORGED") && shown.contains('\u{fffd}'), "the control: {shown}");
    assert_tame(&["forget", "b"], &place.run(&["forget", "b", "--yes"]));
}

#[test]
fn looking_back_in_lines_says_nothing_that_steers() {
    let place = place();
    for (arguments, keys) in [
        (&["review", "--plain"][..], "rp\n\u{1b}[B\nnxthd?"),
        (&["review", "a", "--plain"], "nme"),
        (&["review", "b", "--plain"], "n\u{1b}[B\u{1b}[B\u{1b}[B"),
        (&["replay", "a", "--plain", "--speed", "100"], ""),
        (&["replay", "b", "--plain", "--speed", "100"], ""),
    ] {
        let ran = keyed(&place, arguments, keys);
        assert!(!ran.out.is_empty() || !ran.err.is_empty(), "{arguments:?}");
        assert_tame(arguments, &ran);
    }
}

#[test]
fn what_is_said_of_arguments_and_files_says_nothing_that_steers() {
    let place = place();
    let argument = FOREIGN.replace('\0', "");
    let file = place.write(&name(), foreign("holds = "));
    let beside = place.file("none").join(name()).display().to_string();
    for arguments in [
        &["show", &argument][..],
        &["note", &argument],
        &["export", &argument, "--format", "csv"],
        &["export", "a", "--format", "csv", "-o", &beside],
        &["import", &file],
        &["import", &beside],
        &["plan", "check", &file],
        &["plan", "check", &beside],
        &["plan", "show", &argument],
        &["practice", "--plan", &file],
        &["practice", "--headless", "--script", &file],
        &["practice", "--headless", "--script", &beside],
        &["--db", &beside, "history"],
        &["--db", &file, "history"],
        &["--db", &file, "doctor"],
        &["--log", &beside, "history"],
        &[&argument],
        &["--theme", &argument],
        &["note", "a", "softer", "--edit", &argument],
    ] {
        let ran = place.run(arguments);
        assert!(!ran.err.is_empty() || !ran.out.is_empty(), "{arguments:?}");
        assert_tame(arguments, &ran);
    }
}

#[test]
fn what_is_for_other_programs_keeps_the_exact_text() {
    let place = place();
    let listed: Vec<serde_json::Value> = place
        .run(&["history", "--json"])
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(listed.len(), 2);
    assert!(listed.iter().all(|line| line["receiver"] == FOREIGN && line["plan"] == foreign("p").as_str()));
    let shown = place.run(&["show", "a", "--json"]).out;
    let first: serde_json::Value = serde_json::from_str(shown.lines().next().unwrap()).unwrap();
    assert_eq!(first["receiver"], FOREIGN);
    for form in ["fhir", "ndjson"] {
        let text = place.run(&["export", "a", "--format", form]).out;
        assert!(!text.contains(|char: char| steers(char) && char != '\n'), "{form}");
    }
    for arguments in [
        &["history", "--json"][..],
        &["show", "b", "--json"],
        &["audit", "b", "--json"],
        &["devices", "--json"],
    ] {
        let text = place.run(arguments).out;
        assert!(
            !text.is_empty() && !text.contains(|char: char| steers(char) && char != '\n'),
            "{arguments:?}: {text:?}"
        );
    }
    let table = place.run(&["export", "a", "--format", "csv"]).out;
    assert!(table.contains(&foreign("p")), "{table:?}");
}
