//! Checks the dependency table of the architecture against `cargo metadata`, and that only the allowed crates use a
//! database, a screen or a clock.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use cargo_metadata::{MetadataCommand, Package};

/// Allowed dependencies between our crates, for building, running and testing alike. Nothing else is allowed, and every
/// crate must be listed.
const TABLE: &[(&str, &[&str])] = &[
    ("wire", &[]),
    ("coach", &[]),
    ("handheld", &["wire"]),
    ("outline", &["coach"]),
    ("words", &["coach"]),
    ("transcript", &["coach"]),
    ("plans", &["coach"]),
    ("session", &["coach", "transcript", "wire"]),
    ("journal", &["transcript", "coach"]),
    ("link", &["wire"]),
    ("sim", &["coach", "handheld", "plans", "session", "transcript", "wire"]),
    ("report", &["journal", "transcript", "coach", "outline", "words"]),
    ("tui", &["coach", "outline", "words"]),
    ("voice", &["coach", "words"]),
    (
        "unknot",
        &[
            "coach",
            "handheld",
            "journal",
            "link",
            "plans",
            "report",
            "session",
            "sim",
            "transcript",
            "tui",
            "voice",
            "wire",
            "words",
        ],
    ),
    ("xtask", &[]),
    (
        "tests",
        &[
            "coach",
            "handheld",
            "journal",
            "link",
            "plans",
            "report",
            "session",
            "sim",
            "transcript",
            "tui",
            "voice",
            "unknot",
            "wire",
            "words",
        ],
    ),
];

/// Libraries that only these crates may depend on.
const ONLY: &[(&str, &[&str])] = &[
    ("btleplug", &["link"]),
    ("bluer", &["link"]),
    ("dbus", &["link", "unknot"]),
    ("dbus-tokio", &["link"]),
    // `unknot` uses it only in tests, which change stores from outside; it is not a dependency of the program.
    ("rusqlite", &["journal", "unknot"]),
    ("ratatui", &["tui", "unknot"]),
    ("crossterm", &["unknot"]),
    ("tokio", &["link", "unknot", "tests"]),
];

/// Calls that read a clock. Everywhere else time is an argument.
const CLOCKS: &[&str] = &[
    "Instant::now",
    "SystemTime::now",
    "Timestamp::now",
    "Zoned::now",
    "Uuid::now_v7",
    "UNIX_EPOCH.elapsed",
];

/// Files that may read a clock: the program's clock, and chores that measure or limit durations.
const CLOCK_READERS: &[&str] = &[
    "crates/unknot/src/clock.rs",
    "crates/xtask/src/board.rs",
    "crates/xtask/src/board/bench.rs",
    "crates/xtask/src/cost.rs",
    "crates/xtask/src/steps.rs",
];

#[test]
fn every_crate_is_in_the_table() {
    let listed: BTreeSet<&str> = TABLE.iter().map(|&(name, _)| name).collect();
    let packages = ours();
    let present: BTreeSet<&str> = packages.iter().map(|package| package.name.as_str()).collect();
    assert_eq!(present, listed);
}

#[test]
fn crates_depend_only_on_what_the_table_allows() {
    let table: BTreeMap<_, _> = TABLE.iter().copied().collect();
    let packages = ours();
    let beyond: Vec<String> = packages
        .iter()
        .flat_map(|package| package.dependencies.iter().map(move |dependency| (package, dependency)))
        .filter(|(package, dependency)| {
            let inside = table.contains_key(dependency.name.as_str());
            inside
                && !table
                    .get(package.name.as_str())
                    .is_some_and(|may| may.contains(&dependency.name.as_str()))
        })
        .map(|(package, dependency)| format!("{} may not depend on {}", package.name, dependency.name))
        .collect();
    assert_eq!(beyond, Vec::<String>::new());
}

#[test]
fn a_library_is_named_only_where_it_belongs() {
    let packages = ours();
    let beyond: Vec<String> = packages
        .iter()
        .flat_map(|package| package.dependencies.iter().map(move |dependency| (package, dependency)))
        .filter(|(package, dependency)| {
            ONLY.iter().any(|&(name, may)| name == dependency.name && !may.contains(&package.name.as_str()))
        })
        .map(|(package, dependency)| format!("{} may not name {}", package.name, dependency.name))
        .collect();
    assert_eq!(beyond, Vec::<String>::new());
}

#[test]
fn the_coach_stands_on_nothing() {
    let packages = ours();
    let coach = packages.iter().find(|package| package.name == "coach").unwrap();
    let named: Vec<&str> = coach
        .dependencies
        .iter()
        .filter(|dependency| dependency.kind == cargo_metadata::DependencyKind::Normal)
        .map(|dependency| dependency.name.as_str())
        .collect();
    assert_eq!(named, Vec::<&str>::new());
}

#[test]
fn only_the_clock_reads_a_clock() {
    let root = root();
    let mut files = Vec::new();
    for package in ours() {
        if package.name != "tests" {
            // `tests` and `benches` measure from outside and may read a clock.
            sources(&package.manifest_path.parent().unwrap().as_std_path().join("src"), &mut files);
        }
    }
    assert!(files.len() > TABLE.len(), "the sources were not found");
    let mut readers = Vec::new();
    for file in files {
        let name = file.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
        let text = fs::read_to_string(&file).unwrap();
        for (number, line) in text.lines().enumerate() {
            let reads = CLOCKS.iter().any(|clock| line.contains(clock));
            if reads && !CLOCK_READERS.contains(&name.as_str()) {
                readers.push(format!("{name}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    assert_eq!(readers, Vec::<String>::new());
}

fn ours() -> Vec<Package> {
    let metadata = MetadataCommand::new().manifest_path(root().join("Cargo.toml")).no_deps().exec().unwrap();
    metadata.packages
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

fn sources(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}
