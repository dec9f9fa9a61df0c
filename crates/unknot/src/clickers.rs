//! The clickers that this computer was paired with: a small file beside the store, for people to read as well.
//!
//! It holds nothing secret: the keys of a bond are the system's. It is written whole, beside itself and then over
//! itself, readable by its owner alone. **Invariant:** a file that cannot be read is never written over.

use std::fmt::Write as _;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use serde::Deserialize;
use words::Words;

use crate::failure::shown;

/// A file longer than this is none of ours.
const LONGEST: u64 = 64 * 1024;

/// Nobody has more clickers than this.
const MOST: usize = 32;

/// What stands at the head of the file.
const HEAD: &str = "# The clickers that this computer was paired with. Unknot writes this file anew when it pairs, and when it
# reads a battery.
";

/// The clickers that are remembered, in the order in which they were paired.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Clickers {
    path: PathBuf,
    /// Each of them.
    pub(crate) all: Vec<Remembered>,
}

/// A clicker that is remembered.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Remembered {
    /// What this computer's system calls it.
    pub(crate) id: String,
    /// What it calls itself.
    pub(crate) name: Option<String>,
    /// When it was paired, as RFC 3339.
    pub(crate) paired: String,
    /// Its battery as last read, in percent.
    pub(crate) battery: Option<u8>,
    /// When that was, as RFC 3339.
    pub(crate) battery_read: Option<String>,
    /// Its firmware as last read.
    pub(crate) firmware: Option<String>,
}

/// The file as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    clicker: Vec<Remembered>,
}

impl Clickers {
    /// Those remembered beside this store. A file that is not there holds none.
    ///
    /// # Errors
    /// Where it cannot be read; it is left as it is.
    pub(crate) fn beside(db: &Path) -> anyhow::Result<Self> {
        Self::read(db.with_file_name("clickers.toml"))
    }

    fn read(path: PathBuf) -> anyhow::Result<Self> {
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(Self { path, all: Vec::new() });
            }
            Err(error) => return Err(error).with_context(|| format!("{} cannot be read", shown(&path))),
        };
        let mut bytes = Vec::new();
        file.take(LONGEST + 1)
            .read_to_end(&mut bytes)
            .with_context(|| format!("{} cannot be read", shown(&path)))?;
        let all = parse(&bytes).map_err(|Fault { line, why }| {
            anyhow::anyhow!("{}:{line}: {why}; mend it, or move it away and pair again", shown(&path))
        })?;
        Ok(Self { path, all })
    }

    /// The one with this id.
    pub(crate) fn of(&self, id: &str) -> Option<&Remembered> {
        self.all.iter().find(|clicker| clicker.id == id)
    }

    /// Remembers a clicker; one with the same id is replaced.
    ///
    /// # Errors
    /// Where the file cannot be written; it is then as it was.
    pub(crate) fn remember(&mut self, clicker: Remembered) -> anyhow::Result<()> {
        let full = self.all.len() >= MOST;
        match self.all.iter_mut().find(|known| known.id == clicker.id) {
            Some(known) => *known = clicker,
            None if full => {
                bail!("{} holds {MOST} clickers: take out those that are gone", shown(&self.path))
            }
            None => self.all.push(clicker),
        }
        self.write().with_context(|| format!("{} cannot be written", shown(&self.path)))
    }

    fn write(&self) -> io::Result<()> {
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
        if let Some(folder) = folder {
            fs::create_dir_all(folder)?;
        }
        let new = self.path.with_extension("toml.new");
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&new)?;
        file.write_all(text(&self.all).as_bytes())?;
        file.sync_all()?;
        drop(file);
        fs::rename(&new, &self.path)?;
        #[cfg(unix)]
        File::open(folder.unwrap_or_else(|| Path::new(".")))?.sync_all()?;
        Ok(())
    }
}

impl Remembered {
    /// Its name, or what it is called where it has none.
    pub(crate) fn called(&self, words: &Words) -> String {
        self.name.clone().unwrap_or_else(|| words.render("air-nameless", &[]))
    }
}

/// What is wrong, and in which line.
#[derive(Debug, PartialEq, Eq)]
struct Fault {
    line: usize,
    why: String,
}

fn parse(bytes: &[u8]) -> Result<Vec<Remembered>, Fault> {
    if bytes.len() as u64 > LONGEST {
        return Err(Fault { line: 1, why: format!("the file is longer than {LONGEST} bytes") });
    }
    let line = |at: usize| 1 + bytes[..at.min(bytes.len())].iter().filter(|&&byte| byte == b'\n').count();
    let text = std::str::from_utf8(bytes)
        .map_err(|error| Fault { line: line(error.valid_up_to()), why: "this is not text".to_owned() })?;
    let Written { clicker: all } = toml::from_str(text).map_err(|error| Fault {
        line: line(error.span().map_or(0, |span| span.start)),
        why: error.message().lines().collect::<Vec<_>>().join(", "),
    })?;
    for (n, clicker) in all.iter().enumerate() {
        // Where it stands is not kept by the parser: the line of its id is found again.
        let at = || text.match_indices("[[clicker]]").nth(n).map_or(1, |(at, _)| line(at));
        let fault = |why: &str| Err(Fault { line: at(), why: why.to_owned() });
        if clicker.id.trim().is_empty() {
            return fault("a clicker without an `id`");
        }
        if all[..n].iter().any(|other| other.id == clicker.id) {
            return fault("this clicker stands here twice");
        }
        if clicker.battery.is_some_and(|percent| percent > 100) {
            return fault("a `battery` above 100");
        }
    }
    Ok(all)
}

/// The file that gives these again.
fn text(all: &[Remembered]) -> String {
    let mut text = HEAD.to_owned();
    for clicker in all {
        let mut line = |key: &str, value: Option<String>| {
            if let Some(value) = value {
                // Writing to a string does not fail.
                let _written = writeln!(text, "{key} = {value}");
            }
        };
        let quoted = |value: &String| toml::Value::String(value.clone()).to_string();
        line("\n[[clicker]]\nid", Some(quoted(&clicker.id)));
        line("name", clicker.name.as_ref().map(quoted));
        line("paired", Some(quoted(&clicker.paired)));
        line("battery", clicker.battery.map(|percent| percent.to_string()));
        line("battery_read", clicker.battery_read.as_ref().map(quoted));
        line("firmware", clicker.firmware.as_ref().map(quoted));
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::option;
    use proptest::prelude::*;

    use super::*;

    fn clicker(id: &str) -> Remembered {
        Remembered {
            id: id.to_owned(),
            name: Some("Unknot \"7\"\n".to_owned()),
            paired: "2026-11-24T06:00:00Z".to_owned(),
            battery: Some(83),
            battery_read: Some("2026-11-24T06:01:00Z".to_owned()),
            firmware: None,
        }
    }

    #[test]
    fn what_is_remembered_is_there_again_and_only_for_its_owner() {
        let folder = tempfile::tempdir().unwrap();
        let db = folder.path().join("new").join("unknot.db");
        assert_eq!(Clickers::beside(&db).unwrap().all, []);
        let mut clickers = Clickers::beside(&db).unwrap();
        clickers.remember(clicker("A")).unwrap();
        clickers.remember(clicker("B")).unwrap();
        let newer = Remembered { battery: Some(7), ..clicker("A") };
        clickers.remember(newer.clone()).unwrap();
        let again = Clickers::beside(&db).unwrap();
        assert_eq!(again.all, [newer, clicker("B")]);
        assert_eq!(again.of("B"), Some(&clicker("B")));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = fs::metadata(db.with_file_name("clickers.toml")).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn rubbish_names_its_file_and_line_and_is_left_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let db = folder.path().join("unknot.db");
        let file = folder.path().join("clickers.toml");
        let good = text(&[clicker("A")]);
        let cases: [(Vec<u8>, usize); 7] = [
            (b"clicker = 7".to_vec(), 1),
            (b"\n\n[[clicker]]\nid = 7\npaired = \"\"".to_vec(), 4),
            (format!("{good}battery = \"full\"\n").into_bytes(), good.lines().count() + 1),
            (
                format!("{good}\n[[clicker]]\nid = \"A\"\npaired = \"\"\n").into_bytes(),
                good.lines().count() + 2,
            ),
            (b"[[clicker]]\nid = \"A\"\npaired = \"\"\nbattery = 101\n".to_vec(), 1),
            (b"# so far so good\n\xff\xfe".to_vec(), 2),
            (vec![b'#'; 100_000], 1),
        ];
        for (bytes, line) in cases {
            fs::write(&file, &bytes).unwrap();
            let error = Clickers::beside(&db).unwrap_err().to_string();
            assert!(error.starts_with(&format!("{}:{line}: ", file.display())), "{error}");
            assert!(error.contains("pair again"), "{error}");
            assert_eq!(fs::read(&file).unwrap(), bytes);
        }
    }

    #[test]
    fn a_folder_in_its_place_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("clickers.toml")).unwrap();
        assert!(Clickers::beside(&folder.path().join("unknot.db")).is_err());
    }

    fn remembered() -> impl Strategy<Value = Remembered> {
        let text = || option::of(any::<String>());
        (any::<String>(), text(), any::<String>(), option::of(0..=100u8), text(), text()).prop_map(
            |(id, name, paired, battery, battery_read, firmware)| Remembered {
                id: format!("{id}x"),
                name,
                paired,
                battery,
                battery_read,
                firmware,
            },
        )
    }

    proptest! {
        #[test]
        fn whatever_is_written_is_read_again(mut all in vec(remembered(), 0..4)) {
            for (n, clicker) in all.iter_mut().enumerate() {
                clicker.id = format!("{n}{}", clicker.id);
            }
            prop_assert_eq!(parse(text(&all).as_bytes()), Ok(all));
        }

        #[test]
        fn no_bytes_are_too_bad_to_be_told(bytes in vec(any::<u8>(), 0..200)) {
            // It may be read or not; it does not panic, and an error has its line.
            if let Err(fault) = parse(&bytes) {
                prop_assert!(fault.line >= 1 && !fault.why.is_empty());
            }
        }

        #[test]
        fn a_good_file_with_a_bad_byte_does_not_panic(at in 0..200usize, byte in any::<u8>()) {
            let mut bytes = text(&[clicker("A"), clicker("B")]).into_bytes();
            let at = at % bytes.len();
            bytes[at] = byte;
            let _told = parse(&bytes);
        }
    }
}
