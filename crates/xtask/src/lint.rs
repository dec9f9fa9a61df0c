//! Repository rules that no Rust tool checks: file heads, file lengths, banned words.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

/// Maximum lines of a file. A longer one must be split, or give its reason in its head.
const MAX_LINES: usize = 600;

/// Number of lines that count as the head of a file.
const HEAD_LINES: usize = 12;

/// Banned text with the reason. Written in halves, so that this file passes.
const BANNED: [(&str, &str); 4] = [
    (concat!("TO", "DO"), "finish it or open an issue"),
    (concat!("FIX", "ME"), "finish it or open an issue"),
    (concat!("#[ig", "nore"), "run the test or remove it"),
    (concat!("thread::sl", "eep"), "take time as an argument; poll external state with a time limit"),
];

/// All violations in the repository at `root`, as `file:line: text`.
pub(crate) fn repository(root: &Path) -> anyhow::Result<Vec<String>> {
    let mut faults = Vec::new();
    for file in files(root)? {
        let text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        let name = file.strip_prefix(root).unwrap_or(&file).display().to_string();
        faults.extend(faults_of(&name, &text));
    }
    faults.sort();
    Ok(faults)
}

/// The source files of both workspaces.
fn files(root: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for folder in ["crates", "firmware", "tests"] {
        sources(&root.join(folder), &mut files)?;
    }
    Ok(files)
}

/// Adds the source files in `folder`, except what cargo builds there.
fn sources(folder: &Path, files: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            if !path.ends_with("target") {
                sources(&path, files)?;
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    Ok(())
}

fn faults_of(name: &str, text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    if !text.starts_with("//!") {
        faults
            .push(format!("{name}:1: start the file with `//!` and say what it is for, and what it is not"));
    }
    let lines = text.lines().count();
    let says_why =
        text.lines().take(HEAD_LINES).any(|line| line.starts_with("//!") && line.contains("600 lines"));
    if lines > MAX_LINES && !says_why {
        faults.push(format!(
            "{name}:{lines}: over {MAX_LINES} lines; split it, or give the reason in its head, with the words `600 lines`"
        ));
    }
    for (number, line) in text.lines().enumerate() {
        for (banned, instead) in BANNED {
            if line.contains(banned) {
                faults.push(format!("{name}:{}: `{banned}`: {instead}", number + 1));
            }
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_of_both_workspaces_are_looked_at_and_nothing_that_is_built() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let files = files(&root).unwrap();
        for file in ["crates/wire/src/lib.rs", "firmware/app/src/lib.rs", "tests/layers.rs"] {
            assert!(files.contains(&root.join(file)), "{file}");
        }
        let inside = |file: &PathBuf| {
            file.strip_prefix(&root).unwrap().components().all(|part| part.as_os_str() != "target")
        };
        assert!(files.iter().all(inside));
    }

    #[test]
    fn a_good_file_has_no_fault() {
        assert_eq!(faults_of("a.rs", "//! What it is for.\nfn main() {}\n"), Vec::<String>::new());
    }

    #[test]
    fn a_file_without_a_head_is_found() {
        assert_eq!(faults_of("a.rs", "fn main() {}\n").len(), 1);
    }

    #[test]
    fn a_long_file_gives_its_reason() {
        let long = "//! One table.\n".to_owned() + &"// A line.\n".repeat(MAX_LINES);
        let reasoned =
            "//! One table, hence more than 600 lines.\n".to_owned() + &"// A line.\n".repeat(MAX_LINES);
        assert_eq!(faults_of("a.rs", &long).len(), 1);
        assert_eq!(faults_of("a.rs", &reasoned), Vec::<String>::new());
    }

    #[test]
    fn what_is_banned_is_found_with_its_line() {
        let text = format!("//! A head.\n// {}: later\n", BANNED[0].0);
        assert_eq!(faults_of("a.rs", &text), [format!("a.rs:2: `{}`: {}", BANNED[0].0, BANNED[0].1)]);
    }
}
