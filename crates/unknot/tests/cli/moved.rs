//! Sessions that leave the store and come back, remarks, and what is deleted.

use std::fs;
use std::io::Write as _;
use std::process::Stdio;

use crate::Place;
use crate::tear::tear;

#[test]
fn what_was_exported_comes_back_identical_and_once() {
    let (here, there) = (Place::new(), Place::new());
    here.simulated(7);
    here.simulated(8);
    assert_eq!(here.run(&["note", "last", "softer on the left"]).code, Some(0));
    let file = here.file("kept.ndjson").display().to_string();
    assert_eq!(here.run(&["export", "last", "--format", "ndjson", "-o", &file]).code, Some(0));
    // The older file holds one of the sessions, and is replaced by one that holds both.
    assert_eq!(
        here.run(&["export", "--all", "--with-practice", "--format", "ndjson", "-o", &file]).code,
        Some(0)
    );
    let first = fs::read_to_string(&file).unwrap();

    let taken = there.run(&["import", &file]);
    assert_eq!(taken.code, Some(0), "{}", taken.err);
    assert!(taken.out.contains("2 taken in, 0 completed, 0 there already"), "{}", taken.out);
    assert_eq!(there.run(&["export", "--all", "--with-practice", "--format", "ndjson"]).out, first);
    assert_eq!(there.run(&["audit", "--all"]).code, Some(0));

    let again = there.run(&["import", &file, &file]);
    assert!(again.out.contains("0 taken in, 0 completed, 2 there already"), "{}", again.out);
    assert_eq!(there.run(&["export", "--all", "--with-practice", "--format", "ndjson"]).out, first);
    assert!(there.run(&["show", "last"]).out.contains("softer on the left"));
}

/// As an editor of another system saved it, and by a pipe.
#[test]
fn an_export_comes_in_with_the_lines_of_another_system_and_by_a_pipe() {
    let (here, there) = (Place::new(), Place::new());
    here.simulated(7);
    let whole = here.run(&["export", "last", "--format", "ndjson"]).out;
    let file = there.write("windows.ndjson", format!("\u{feff}{}", whole.replace('\n', "\r\n")));
    let taken = there.run(&["import", &file]);
    assert!(taken.out.contains("1 taken in"), "{} {}", taken.out, taken.err);

    let mut command = there.command(&["import", "-"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(whole.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let out = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && out.contains("1 there already"), "{out}");
}

#[test]
fn a_file_that_was_touched_names_the_line_and_leaves_no_store() {
    let (here, there) = (Place::new(), Place::new());
    here.simulated(7);
    let whole = here.run(&["export", "last", "--format", "ndjson"]).out;
    let lines: Vec<&str> = whole.lines().collect();
    let altered = whole.replacen("\"at_ms\":", "\"at_mS\":", 12).replacen("\"at_mS\":", "\"at_ms\":", 11);
    for (name, text, line) in [
        ("altered", altered, 12),
        ("cut", lines[..20].join("\n") + "\n", 20),
        ("torn", whole[..whole.len() - 30].to_owned(), lines.len()),
        ("left-out", lines[..5].iter().chain(&lines[6..]).map(|line| format!("{line}\n")).collect(), 6),
        ("diary", "Dear diary\n".to_owned(), 1),
    ] {
        let file = there.write(&format!("{name}.ndjson"), text);
        let ran = there.run(&["import", &file]);
        assert_eq!((ran.code, ran.out.as_str()), (Some(1), ""), "{name}");
        assert!(ran.err.contains(&format!("{file}, line {line}:")), "{name}: {}", ran.err);
        assert!(ran.err.contains("nothing was imported"), "{name}: {}", ran.err);
    }
    assert!(!there.store().exists());
}

/// A backup was replaced by what a smaller store had, and by nothing.
#[test]
fn a_file_of_all_sessions_is_not_replaced_by_one_that_says_less_or_is_something_else() {
    let place = Place::new();
    (7..9).for_each(|seed| drop(place.simulated(seed)));
    let first = place.run(&["history", "--json"]).out.split('"').nth(3).unwrap().to_owned();
    let file = |format: &str| place.file(&format!("all-{format}.{format}")).display().to_string();
    let export = |format: &str| {
        place.run(&["export", "--all", "--with-practice", "--format", format, "-o", &file(format)])
    };
    let formats = ["ndjson", "csv", "html"];
    for format in formats {
        assert_eq!(export(format).code, Some(0), "{format}");
        assert_eq!(export(format).code, Some(0), "the control: the same again, {format}");
    }
    let before = formats.map(|format| fs::read(file(format)).unwrap());
    assert_eq!(place.run(&["forget", &first, "--yes"]).code, Some(0));
    for (format, before) in formats.into_iter().zip(before) {
        let ran = export(format);
        assert!(
            ran.code == Some(1) && ran.err.contains(&format!("has more of session {first} than")),
            "{}",
            ran.err
        );
        assert!(fs::read(file(format)).unwrap() == before, "{format}");
        fs::write(file(format), "bread, milk").unwrap();
        let ran = export(format);
        assert!(ran.code == Some(1) && ran.err.contains("is no such export"), "{}", ran.err);
    }
    let store = place.store().display().to_string();
    for path in [store.clone(), format!("{store}-wal")] {
        let ran = place.run(&["export", "last", "--format", "csv", "-o", &path]);
        assert!(ran.code == Some(2) && ran.err.contains("belongs to the store"), "{}", ran.err);
    }
    assert_eq!(place.run(&["audit", "--all"]).code, Some(0));
}

#[test]
fn practice_is_left_out_of_all_sessions_and_told_of() {
    let place = Place::new();
    (7..9).for_each(|seed| drop(place.simulated(seed)));
    let ran = place.run(&["export", "--all", "--format", "csv"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(1), ""));
    assert!(ran.err.contains("all 2 sessions are practice: --with-practice exports them"), "{}", ran.err);
    let rows = place.run(&["export", "--all", "--with-practice", "--format", "csv"]).out;
    assert!(rows.lines().skip(1).all(|row| row.ends_with(",simulated")), "{rows}");
    assert!(place.run(&["history"]).out.contains("partner, practice"));
    assert!(place.run(&["show", "last"]).out.contains("nobody was touched"));
}

#[test]
fn holds_are_rows_of_a_table() {
    let place = Place::new();
    let printed = place.simulated(7);
    let holds = printed.iter().filter(|line| line.contains(r#""kind":"hold""#)).count();
    let table = place.run(&["export", "last", "--format", "csv"]).out;
    let rows: Vec<&str> = table.lines().collect();
    assert!(rows[0].starts_with("session,started,receiver,plan,hold,began_ms,"), "{}", rows[0]);
    assert_eq!(rows.len(), holds + 1);
}

#[test]
fn a_file_that_cannot_be_written_is_not_there_by_half() {
    let place = Place::new();
    place.simulated(7);
    let folder = place.file("folder");
    fs::create_dir(&folder).unwrap();
    let ran = place.run(&["export", "last", "--format", "csv", "-o", folder.to_str().unwrap()]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.contains("name another file with -o"), "{}", ran.err);
    assert_eq!(ran.err.lines().count(), 1);
    let beside = fs::read_dir(place.store().parent().unwrap()).unwrap();
    let parts =
        beside.filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().contains(".part"));
    assert_eq!(parts.count(), 0, "nothing is left of the try");
}

#[test]
fn what_is_forgotten_is_in_no_file_of_the_store() {
    let place = Place::new();
    place.simulated(7);
    assert_eq!(place.run(&["note", "last", "Xylophone music helped"]).code, Some(0));
    place.simulated(8);
    let first =
        place.run(&["history", "--json"]).out.lines().next().unwrap().split('"').nth(3).unwrap().to_owned();
    let asked = place.run(&["forget", &first]);
    assert_eq!(asked.code, Some(2), "a pipe is not asked");
    assert!(asked.err.contains("--yes"), "{}", asked.err);

    assert_eq!(place.run(&["forget", &first, "--yes"]).code, Some(0));
    for entry in fs::read_dir(place.store().parent().unwrap()).unwrap() {
        let bytes = fs::read(entry.unwrap().path()).unwrap_or_default();
        for trace in [b"Xylophone".as_slice(), first.as_bytes()] {
            assert!(!bytes.windows(trace.len()).any(|window| window == trace));
        }
    }
    assert_eq!(place.run(&["history", "--json"]).out.lines().count(), 1);
    assert_eq!(place.run(&["forget", "--all", "--yes"]).code, Some(0));
    let none = place.run(&["forget", "--all", "--yes"]);
    assert_eq!(none.code, Some(1));
    assert!(none.err.contains("no sessions yet"), "{}", none.err);
}

#[test]
fn a_store_changed_from_outside_is_told_of_and_not_handed_on() {
    let place = Place::new();
    let printed = place.simulated(7);
    // One digit of a hold's figures.
    let figure = printed.iter().find_map(|line| line.split("\"counted_ms\":").nth(1)).unwrap();
    let figure = format!("\"counted_ms\":{}", figure.split(',').next().unwrap());
    let (rest, last) = figure.split_at(figure.len() - 1);
    let other = if last == "1" { "2" } else { "1" };
    tear(&place.store(), &figure, &format!("{rest}{other}"));

    let audit = place.run(&["audit", "last"]);
    assert_eq!(audit.code, Some(1));
    assert!(audit.out.contains("the chain is broken at entry"), "{}", audit.out);
    let shown = place.run(&["show", "last"]);
    assert!(shown.err.contains("changed from outside at entry"), "{}", shown.err);
    let export = place.run(&["export", "last", "--format", "ndjson"]);
    assert_eq!((export.code, export.out.as_str()), (Some(1), ""));
    assert!(export.err.contains("changed from outside at entry"), "{}", export.err);
}

/// One broken session kept all others from being exported, and the oldest of them from being backed up.
#[test]
fn of_all_sessions_those_that_are_whole_are_exported_and_the_others_named() {
    let place = Place::new();
    (7..10).for_each(|seed| drop(place.simulated(seed)));
    let backup = place.file("backup.ndjson");
    let backup = backup.to_str().unwrap();
    assert_eq!(
        place.run(&["export", "--all", "--with-practice", "--format", "ndjson", "-o", backup]).code,
        Some(0)
    );
    let whole = fs::read(backup).unwrap();
    tear(&place.store(), r#""kind":"hold""#, r#""kind":"hald""#);
    let history = place.run(&["history", "--json"]).out;
    let (broken, whole_ones): (Vec<&str>, Vec<&str>) = history
        .lines()
        .map(|line| line.split('"').nth(3).unwrap())
        .partition(|id| place.run(&["audit", id]).code == Some(1));
    assert_eq!((broken.len(), whole_ones.len()), (1, 2), "{history}");
    let told = |err: &str| {
        assert!(err.starts_with(&format!("unknot: session {} was changed from outside", broken[0])), "{err}");
        assert!(err.ends_with("2 of 3 sessions exported\n") && err.lines().count() == 2, "{err}");
    };
    let has = |text: &str, id: &str| text.contains(id);

    for format in ["ndjson", "csv"] {
        let ran = place.run(&["export", "--all", "--with-practice", "--format", format]);
        assert_eq!(ran.code, Some(1), "{format}");
        told(&ran.err);
        assert!(whole_ones.iter().all(|id| has(&ran.out, id)) && !has(&ran.out, broken[0]), "{format}");
        let file = place.file(&format!("all.{format}"));
        let ran = place.run(&[
            "export",
            "--all",
            "--with-practice",
            "--format",
            format,
            "-o",
            file.to_str().unwrap(),
        ]);
        told(&ran.err);
        assert!(whole_ones.iter().all(|id| has(&fs::read_to_string(&file).unwrap(), id)), "{format}");
    }
    // What was exported can be taken in elsewhere.
    let there = Place::new();
    let taken = there.run(&["import", place.file("all.ndjson").to_str().unwrap()]);
    assert!(taken.out.contains("2 taken in"), "{} {}", taken.out, taken.err);

    // The session that is broken now is whole in what was written before.
    let ran = place.run(&["export", "--all", "--with-practice", "--format", "ndjson", "-o", backup]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.contains("was left as it is: name another file with -o for the other 2"), "{}", ran.err);
    assert!(fs::read(backup).unwrap() == whole);

    let page = place.run(&["export", "--all", "--with-practice", "--format", "html"]);
    told(&page.err);
    assert!(page.out.contains("session is missing here"), "the page says so");
    let folder = place.file("pages");
    let ran = place.run(&[
        "export",
        "--all",
        "--with-practice",
        "--format",
        "html",
        "-o",
        folder.to_str().unwrap(),
    ]);
    told(&ran.err);
    let pages = fs::read_dir(&folder)
        .unwrap()
        .filter(|page| page.as_ref().unwrap().file_name().to_string_lossy().starts_with("session-"));
    assert_eq!(pages.count(), 2);

    // A Bundle is of one session, as before, and a broken one is no record.
    assert_eq!(place.run(&["export", "--all", "--with-practice", "--format", "fhir"]).code, Some(2));
    let fhir = place.run(&["export", broken[0], "--format", "fhir"]);
    assert_eq!((fhir.code, fhir.out.as_str()), (Some(1), ""));
    assert_eq!(place.run(&["export", whole_ones[0], "--format", "fhir"]).code, Some(0));

    whole_ones.iter().for_each(|id| drop(place.run(&["forget", id, "--yes"])));
    let none = place.file("none.csv");
    let ran =
        place.run(&["export", "--all", "--with-practice", "--format", "csv", "-o", none.to_str().unwrap()]);
    assert!(ran.err.ends_with("nothing was written\n"), "{}", ran.err);
    assert!(ran.code == Some(1) && !none.exists());
}

#[test]
fn an_entry_that_cannot_be_read_is_told_of_and_the_rest_is_shown() {
    let place = Place::new();
    let printed = place.simulated(7);
    assert_eq!(place.run(&["note", "last", "softer on the left"]).code, Some(0));
    let whole = place.run(&["show", "last"]);
    assert_eq!((whole.code, whole.err.as_str()), (Some(0), ""));
    tear(&place.store(), r#""kind":"hold""#, r#""kind":"hald""#);

    let shown = place.run(&["show", "last"]);
    assert_eq!(shown.code, Some(1));
    let told: Vec<&str> = shown.out.lines().filter(|line| line.contains("cannot be read")).collect();
    assert!(
        matches!(told[..], [line] if line.contains("and is left out: unknown variant `hald`")),
        "{told:?}"
    );
    let rest =
        shown.out.lines().filter(|line| !line.contains("cannot be read") && !line.starts_with("holds:"));
    for line in rest {
        assert!(whole.out.lines().any(|known| known == line), "{line}");
    }
    assert!(
        shown.err.contains("cannot be read") && shown.err.contains("from outside at entry"),
        "{}",
        shown.err
    );
    let lines = place.run(&["show", "last", "--json"]);
    assert_eq!(lines.out.lines().count(), printed.len(), "one less, and the note");
    // What is added and reworded is counted by the places that the entries have.
    let edited = place.run(&["note", "last", "softer on the right", "--edit", "1"]);
    assert_eq!(edited.code, Some(0), "{}", edited.err);
    let notes = place.run(&["note", "last"]).out;
    assert!(
        notes.starts_with("1  softer on the right") && notes.contains("before: softer on the left"),
        "{notes}"
    );
    let exported = place.run(&["export", "last", "--format", "ndjson"]);
    assert_eq!((exported.code, exported.out.as_str()), (Some(1), ""), "it is handed on as no record");
    assert_eq!(place.run(&["history"]).code, Some(0));
    assert_eq!(place.run(&["audit", "last"]).code, Some(1));
}

#[test]
fn a_note_is_words_on_a_session_that_is_there() {
    let place = Place::new();
    assert!(place.run(&["note", "last", "x"]).err.contains("no sessions yet"));
    assert!(!place.store().exists());
    place.simulated(7);
    assert_eq!(place.run(&["note", "last", "  "]).code, Some(2));
    assert_eq!(place.run(&["note", "last"]).out, "No notes yet. `unknot note last \"TEXT\"` adds one.\n");
    let none = place.run(&["note", "last", "x", "--edit", "1"]);
    assert_eq!(none.code, Some(1));
    assert!(none.err.contains("there is no note 1: this session has no note yet"), "{}", none.err);
    assert_eq!(
        place.run(&["note", "last", "--edit", "1"]).code,
        Some(2),
        "there are no words to put in its place"
    );
    assert_eq!(place.run(&["note", "last", &"x".repeat(4_001)]).code, Some(2));
    assert!(place.run(&["note", "zzz", "x"]).err.contains("`unknot history` lists them"));
}
