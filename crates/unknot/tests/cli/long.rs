//! Long work: pages of all sessions, and what is left where it is interrupted or killed.
#![cfg(unix)]

use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::process::{Child, Stdio};

use rustix::process::{Pid, Signal, kill_process};

use crate::Place;

/// A place with so many copies of a session, each under an id of its own.
fn many(count: u32) -> Place {
    let place = Place::new();
    place.simulated(7);
    let path = place.store();
    let journal = journal::Journal::open(&path).unwrap();
    let entries = journal.entries(journal.last().unwrap().unwrap().key).unwrap();
    drop(journal);
    let transcript::Kind::Session(header) = &entries[0].kind else {
        panic!("a session begins with its header")
    };
    let headers: Vec<_> = (0..count)
        .map(|number| transcript::Header {
            id: format!("copy-{number}"),
            receiver: (number % 2 == 0).then(|| "Ada".to_owned()),
            ..(**header).clone()
        })
        .collect();
    let foreign: Vec<_> = headers
        .iter()
        .map(|header| journal::Foreign { header, entries: &entries[1..], closed: false })
        .collect();
    journal::Writer::open(&path).unwrap().import(&foreign).unwrap();
    place
}

fn names(place: &Place) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(place.file("."))
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .filter(|name| !name.starts_with("store.db"))
        .collect();
    names.sort();
    names
}

#[test]
fn all_sessions_are_a_folder_of_pages_or_one_page() {
    let place = many(3);
    let folder = place.file("pages").display().to_string();
    let ran = place.run(&["export", "--all", "--with-practice", "--format", "html", "-o", &folder]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "no progress where there is no terminal");
    let mut pages: Vec<_> =
        fs::read_dir(&folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    pages.sort();
    assert_eq!(
        pages,
        [
            "index.html",
            "receiver-1.html",
            "receiver-2.html",
            "session-1.html",
            "session-2.html",
            "session-3.html",
            "session-4.html"
        ]
    );
    // Every way leads to a page that is there.
    for page in &pages {
        let text = fs::read_to_string(place.file("pages").join(page)).unwrap();
        for href in text.split("href=\"").skip(1) {
            let to = href.split('"').next().unwrap();
            assert!(pages.iter().any(|page| page == to), "{page} leads to {to}");
        }
    }
    let again = place.run(&["export", "--all", "--with-practice", "--format", "html", "-o", &folder]);
    assert_eq!(again.code, Some(1));
    assert!(again.err.contains("has files in it already: name another with -o"), "{}", again.err);

    let file = place.file("all.html").display().to_string();
    assert_eq!(
        place.run(&["export", "--all", "--with-practice", "--format", "html", "-o", &file]).code,
        Some(0)
    );
    let page = fs::read_to_string(&file).unwrap();
    assert!(page.contains("Ada") && page.contains("Receivers without a name"));
    assert_eq!(place.run(&["export", "--all", "--with-practice", "--format", "html"]).out, page);
    assert_eq!(names(&place), ["all.html", "pages"]);
}

#[test]
fn an_empty_store_has_no_pages_and_says_how_to_make_a_session() {
    let place = Place::new();
    place.simulated(7);
    assert_eq!(place.run(&["forget", "--all", "--yes"]).code, Some(0));
    let ran = place.run(&["export", "--all", "--with-practice", "--format", "html"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.contains("`unknot practice` makes one"), "{}", ran.err);
}

#[test]
fn what_is_interrupted_says_what_there_is_of_it() {
    let place = many(200);
    // Nobody reads, so that it is surely in the midst of it: a pipe holds less than one of so many sessions.
    let mut child = place
        .command(&["export", "--all", "--with-practice", "--format", "ndjson"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut out = child.stdout.take().unwrap();
    // It has begun, and listens.
    out.read_exact(&mut [0; 1_000]).unwrap();
    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    std::io::copy(&mut out, &mut std::io::sink()).unwrap();
    let ended = child.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(130));
    assert_eq!(
        String::from_utf8(ended.stderr).unwrap(),
        "unknot: interrupted: what was written is not all of it\n"
    );
}

/// How much there is of something that is being written: the bytes of a file, the files of a folder.
fn size(path: &Path) -> u64 {
    match fs::metadata(path) {
        Ok(about) if about.is_dir() => fs::read_dir(path).map_or(0, |files| files.count() as u64),
        Ok(about) => about.len(),
        Err(_) => 0,
    }
}

/// Sends the signal when so much of it is there; whether that was in time.
fn struck(mut child: Child, signal: Signal, there: impl Fn() -> u64, at: u64) -> bool {
    while child.try_wait().unwrap().is_none() && there() < at {
        std::thread::yield_now();
    }
    // One that has ended meanwhile is not there to take it.
    let _ = kill_process(Pid::from_child(&child), signal);
    !child.wait().unwrap().success()
}

#[test]
fn work_that_is_killed_or_interrupted_at_any_place_leaves_no_half_file() {
    let place = many(40);
    let whole = place.run(&["export", "--all", "--with-practice", "--format", "ndjson"]).out;
    for (name, format, all) in [("kept.ndjson", "ndjson", whole.len() as u64), ("pages", "html", 41 + 3)] {
        let target = place.file(name);
        let mut cut = 0;
        for (signal, part) in
            [Signal::KILL, Signal::INT].into_iter().flat_map(|signal| (0..6).map(move |part| (signal, part)))
        {
            let child = place
                .command(&[
                    "export",
                    "--all",
                    "--with-practice",
                    "--format",
                    format,
                    "-o",
                    &target.display().to_string(),
                ])
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            let aside = place.file(&format!(".{name}.{}.part", child.id()));
            cut += u32::from(struck(child, signal, || size(&aside), 1 + all * part / 7));
            assert!([0, all].contains(&size(&target)), "half of {name}");
            if target.is_dir() {
                fs::remove_dir_all(&target).unwrap();
            } else if target.exists() {
                assert_eq!(fs::read_to_string(&target).unwrap(), whole);
                fs::remove_file(&target).unwrap();
            }
            // Nothing can tidy up after a kill; after an interruption there is nothing to.
            if aside.is_dir() && signal == Signal::KILL {
                fs::remove_dir_all(&aside).unwrap();
            } else if signal == Signal::KILL {
                let _ = fs::remove_file(&aside);
            }
            assert_eq!(names(&place), [""; 0], "{signal:?}");
        }
        assert!(cut >= 6, "of 12 only {cut} were in time");
    }
}

#[test]
fn an_import_that_is_killed_takes_all_or_nothing() {
    let from = many(40);
    let file = from.file("all.ndjson").display().to_string();
    assert_eq!(
        from.run(&["export", "--all", "--with-practice", "--format", "ndjson", "-o", &file]).code,
        Some(0)
    );
    for part in 0..8 {
        let into = Place::new();
        let child = into.command(&["import", &file]).stdout(Stdio::null()).spawn().unwrap();
        let log = into.file("store.db-wal");
        struck(child, Signal::KILL, || size(&log), 1 + part * 400_000);
        let count = into.run(&["history", "--json"]).out.lines().count();
        assert!(count == 0 || count == 41, "{count} sessions");
        if count > 0 {
            let again = into.run(&["export", "--all", "--with-practice", "--format", "ndjson"]).out;
            assert_eq!(again, fs::read_to_string(&file).unwrap());
        }
    }
}
