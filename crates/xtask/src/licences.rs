//! Licences of every crate that a package contains: an allow-list, registry sources only, and the notices that go into
//! each package. Crates that contain C code under other terms than their metadata names are listed here by hand.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, ensure};
use serde_json::Value;

/// Licences that allow redistribution in a binary under the terms of this repository. MPL-2.0 covers the crate's own
/// files only. `LLVM-exception` is an addition to Apache-2.0 that takes nothing away.
const ALLOWED: [&str; 12] = [
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "ISC",
    "MIT",
    "MPL-2.0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Source of crates.io, as `cargo metadata` names it.
const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// A crate that contains code under other terms than its metadata says.
struct Hidden {
    package: &'static str,
    notice: &'static str,
}

/// Terms that the metadata hides, for the notices.
const HIDDEN: [Hidden; 4] = [
    Hidden {
        package: "libdbus-sys",
        notice: "contains libdbus, the reference implementation of D-Bus, under AFL-2.1 or GPL-2.0-or-later. It is used \
                 here under AFL-2.1. Its source is in that crate on crates.io.",
    },
    Hidden {
        package: "libsqlite3-sys",
        notice: "contains SQLite, which its authors dedicated to the public domain.",
    },
    Hidden { package: "nrf-mpsl-sys", notice: NORDIC },
    Hidden { package: "nrf-sdc-sys", notice: NORDIC },
];

/// Nordic's terms, licence "Nordic 5-Clause". They apply to the clicker's image only.
const NORDIC: &str = "contains a library of Nordic Semiconductor ASA in binary form, in the micro:bit's image only, under \
                      Nordic's 5-clause licence: it may be redistributed with its copyright notice, may be used only \
                      with an integrated circuit of Nordic Semiconductor, and may not be reverse engineered, decompiled, \
                      modified or disassembled. Its text is below.";

/// One third-party crate.
struct Package {
    name: String,
    version: String,
    /// SPDX expression, if the manifest has one.
    licence: Option<String>,
    source: String,
    manifest: String,
}

/// Checks licences and sources of both workspaces. With `notices`, also writes the notices file of the packages there.
pub(crate) fn run(root: &Path, notices: Option<&Path>) -> anyhow::Result<Vec<String>> {
    let mut packages = packages(root, "Cargo.toml")?;
    packages.extend(self::packages(root, crate::FIRMWARE)?);
    let faults = faults(&packages);
    println!("{} crates, {} faults", packages.len(), faults.len());
    if let Some(file) = notices {
        fs::write(file, notices_of(&packages)?)
            .with_context(|| format!("cannot write {}", file.display()))?;
    }
    Ok(faults)
}

/// Third-party crates of a workspace, those for all systems included.
fn packages(root: &Path, manifest: &str) -> anyhow::Result<Vec<Package>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--locked", "--manifest-path", manifest])
        .current_dir(root)
        .stderr(std::process::Stdio::inherit())
        .output()
        .context("cannot run cargo metadata")?;
    ensure!(output.status.success(), "cargo metadata failed for {manifest}; see above");
    let metadata: Value = serde_json::from_slice(&output.stdout)?;
    let all = metadata["packages"].as_array().context("cargo metadata names no packages")?;
    let text = |value: &Value| value.as_str().map(str::to_owned);
    // Without a source it is a crate of this repository.
    let foreign = all.iter().filter_map(|package| Some((text(&package["source"])?, package)));
    Ok(foreign
        .map(|(source, package)| Package {
            name: text(&package["name"]).unwrap_or_default(),
            version: text(&package["version"]).unwrap_or_default(),
            licence: text(&package["license"]),
            source,
            manifest: text(&package["manifest_path"]).unwrap_or_default(),
        })
        .collect())
}

fn faults(packages: &[Package]) -> Vec<String> {
    let mut faults = BTreeSet::new();
    for Package { name, version, licence, source, .. } in packages {
        if source != REGISTRY {
            faults.insert(format!("{name} {version} comes from {source}, not from crates.io"));
        }
        let known = HIDDEN.iter().any(|hidden| hidden.package == name);
        match licence {
            Some(licence) if !allowed(licence) => {
                faults.insert(format!(
                    "{name} {version} is under `{licence}`, which is not in the allow-list of licences.rs"
                ));
            }
            None if !known => {
                faults.insert(format!("{name} {version} names no licence; add it to HIDDEN in licences.rs"));
            }
            Some(_) | None => {}
        }
    }
    for Hidden { package, .. } in &HIDDEN {
        if !packages.iter().any(|there| there.name == *package) {
            faults.insert(format!("{package} is in HIDDEN of licences.rs and no longer a dependency"));
        }
    }
    faults.into_iter().collect()
}

/// Whether an SPDX expression can be satisfied by allowed licences. `/` is the old form of `OR`; `AND` binds closer.
fn allowed(expression: &str) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut rest = &words[..];
    either(&mut rest) && rest.is_empty()
}

fn either(rest: &mut &[&str]) -> bool {
    let mut holds = all(rest);
    while let Some((&"OR", after)) = rest.split_first() {
        *rest = after;
        holds |= all(rest);
    }
    holds
}

fn all(rest: &mut &[&str]) -> bool {
    let mut holds = one(rest);
    while let Some((&"AND", after)) = rest.split_first() {
        *rest = after;
        holds &= one(rest);
    }
    holds
}

fn one(rest: &mut &[&str]) -> bool {
    let Some((&first, after)) = rest.split_first() else { return false };
    *rest = after;
    if first == "(" {
        let holds = either(rest);
        let closed = matches!(rest.split_first(), Some((&")", _)));
        *rest = rest.get(1..).unwrap_or_default();
        return holds && closed;
    }
    let mut name = first.to_owned();
    if let [word, exception, after @ ..] = *rest
        && *word == "WITH"
    {
        name = format!("{first} WITH {exception}");
        *rest = after;
    }
    ALLOWED.contains(&name.as_str())
}

/// What metadata hides, every crate with its licence, and the texts of the licences, each once.
fn notices_of(packages: &[Package]) -> anyhow::Result<String> {
    let mut crates = BTreeSet::new();
    let mut texts: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for package in packages {
        let licence = package.licence.as_deref().unwrap_or("see above");
        crates.insert(format!("{} {}: {licence}", package.name, package.version));
        let folder = Path::new(&package.manifest).parent().context("a manifest without a folder")?;
        for text in licence_texts(folder)? {
            texts.entry(text).or_default().insert(&package.name);
        }
    }
    let mut notices = "Unknot contains the work of others, under these terms.\n\n".to_owned();
    for Hidden { package, notice } in &HIDDEN {
        notices += &format!("{package} {notice}\n\n");
    }
    notices += &crates.into_iter().map(|line| line + "\n").collect::<String>();
    for (text, names) in texts {
        let names = names.into_iter().collect::<Vec<_>>().join(", ");
        notices += &format!("\n{:=<80}\n{names}\n\n{}\n", "", text.trim_end());
    }
    Ok(notices)
}

/// Licence files of a crate: in its folder, and where C code lies in it.
fn licence_texts(folder: &Path) -> anyhow::Result<Vec<String>> {
    let mut texts = Vec::new();
    for place in ["", "third_party/nordic/nrfxlib", "vendor/dbus", "vendor/dbus/LICENSES"] {
        let Ok(entries) = fs::read_dir(folder.join(place)) else { continue };
        for entry in entries {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().to_uppercase();
            let is_licence = place.ends_with("LICENSES")
                || ["LICENSE", "LICENCE", "COPYING", "COPYRIGHT", "NOTICE", "UNLICENSE"]
                    .iter()
                    .any(|start| name.starts_with(start));
            if is_licence && path.is_file() {
                texts.push(String::from_utf8_lossy(&fs::read(&path)?).replace('\r', ""));
            }
        }
    }
    Ok(texts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, licence: Option<&str>, source: &str) -> Package {
        let licence = licence.map(str::to_owned);
        let (name, source) = (name.to_owned(), source.to_owned());
        Package { name, version: "1.0.0".to_owned(), licence, source, manifest: String::new() }
    }

    #[test]
    fn an_expression_is_allowed_where_one_of_its_choices_is() {
        let good = ["MIT", "MIT/Apache-2.0", "GPL-2.0-only OR MIT", "(MIT OR GPL-3.0) AND Unicode-3.0"];
        for expression in good.into_iter().chain(["Apache-2.0 WITH LLVM-exception OR MIT"]) {
            assert!(allowed(expression), "{expression}");
        }
        let bad = ["GPL-2.0-only", "MIT AND GPL-3.0", "GPL-3.0 OR LGPL-3.0", "", "(MIT", "MIT MIT"];
        for expression in bad.into_iter().chain(["GPL-2.0 WITH Classpath-exception-2.0", "MIT )"]) {
            assert!(!allowed(expression), "{expression}");
        }
    }

    #[test]
    fn a_fault_names_the_crate_and_what_is_wrong_with_it() {
        let mut packages: Vec<Package> =
            HIDDEN.iter().map(|hidden| package(hidden.package, None, REGISTRY)).collect();
        assert_eq!(faults(&packages), Vec::<String>::new());
        packages.remove(0);
        packages.push(package("copyleft", Some("GPL-3.0-only"), REGISTRY));
        packages.push(package("forked", Some("MIT"), "git+https://example.org/forked"));
        packages.push(package("silent", None, REGISTRY));
        let found = faults(&packages);
        assert_eq!(found.len(), 4, "{found:?}");
        for words in
            ["copyleft 1.0.0 is under `GPL-3.0-only`", "git+https", "names no licence", "libdbus-sys"]
        {
            assert!(found.iter().any(|fault| fault.contains(words)), "{words}: {found:?}");
        }
    }
}
