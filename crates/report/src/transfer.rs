//! Sessions as a file that another store can take in whole: what `export --format ndjson` writes and `import` reads.
//!
//! Each entry is a line as [`crate::ndjson`] has it, with the hash of the file so far as its last field; after a session's
//! entries comes a line of kind `end` that counts them. Reading checks every line against its hash, so that a byte that was
//! altered is found in its line, and a file that was cut ends in the midst of a session.
//!
//! ```text
//! {"at_ms":0,"kind":"session",..,"hash":"9f86d081884c7d659a2feaa0c55ad015"}
//! {"at_ms":412,"kind":"link","state":"live","hash":"60303ae22b998861bce3b28f33eec1be"}
//! {"kind":"end","session":"01890a5d-..","entries":2,"closed":false,"hash":"fd61a03af4f77d870fc21e05e7e80678"}
//! ```
//!
//! The hashes are those of [`transcript::Hash`], chained through the whole file over the lines without their own hash.

use std::fmt;
use std::io::{self, Write};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use transcript::{Entry, Hash, Header, Kind};
use words::Words;

/// Between a line and its hash.
const HASH: &str = r#","hash":""#;
const CLOSE: &str = r#""}"#;

/// The last line of a session.
#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename = "end")]
struct End {
    session: String,
    /// How many entries it has, its header among them.
    entries: usize,
    /// Whether it was closed without having finished.
    closed: bool,
}

/// A session out of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its header.
    pub header: Header,
    /// Its entries after the header.
    pub entries: Vec<Entry>,
    /// Whether it was closed without having finished.
    pub closed: bool,
}

/// Why nothing of a file was read.
#[derive(Debug, PartialEq, Eq)]
pub struct ReadError {
    /// The line, from 1.
    pub line: usize,
    /// The fault, and what to do.
    pub reason: String,
}

/// Writes sessions one after the other.
#[derive(Debug)]
pub struct Writer<W> {
    out: W,
    hash: Hash,
}

impl<W: Write> Writer<W> {
    /// Into `out`, from its beginning.
    pub const fn new(out: W) -> Self {
        Self { out, hash: Hash::START }
    }

    /// One session: all its entries, the header first.
    ///
    /// # Errors
    /// Where `out` does not take it.
    pub fn session(&mut self, entries: &[Entry], closed: bool, words: &Words) -> io::Result<()> {
        let id = match entries.first().map(|first| &first.kind) {
            Some(Kind::Session(header)) => header.id.clone(),
            _ => return Err(io::Error::new(io::ErrorKind::InvalidInput, "a session begins with its header")),
        };
        for entry in entries {
            self.line(&crate::ndjson::line(entry, words))?;
        }
        let end = End { session: id, entries: entries.len(), closed };
        self.line(&words::escaped(serde_json::to_string(&end)?))
    }

    fn line(&mut self, line: &str) -> io::Result<()> {
        self.hash = self.hash.then(line);
        let open = line.strip_suffix('}').unwrap_or(line);
        writeln!(self.out, "{open}{HASH}{}{CLOSE}", self.hash)
    }
}

/// Every session of a file, or nothing.
///
/// # Errors
/// At the first line that differs from what was written.
pub fn read(text: &str) -> Result<Vec<Session>, ReadError> {
    read_each(text, |_| Ok(()))
}

/// The same, telling after each line how many bytes have been read; an error given back breaks it off.
///
/// # Errors
/// As [`read`], and those that were given back.
pub fn read_each<E: From<ReadError>>(
    text: &str,
    mut each: impl FnMut(usize) -> Result<(), E>,
) -> Result<Vec<Session>, E> {
    let mut reader = Reader { hash: Hash::START, entries: Vec::new(), sessions: Vec::new() };
    let (mut number, mut at) = (0, 0);
    // Editors and mail of other systems put a mark before the text, and end its lines otherwise. Neither is part of it.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    for line in text.split_inclusive('\n') {
        number += 1;
        reader.line(line).map_err(|reason| ReadError { line: number, reason })?;
        at += line.len();
        each(at)?;
    }
    if !reader.entries.is_empty() {
        let reason = "the file ends in the midst of a session: it was cut; export it again".to_owned();
        return Err(ReadError { line: number, reason }.into());
    }
    if reader.sessions.is_empty() {
        let reason =
            "the file holds no session: name one that `unknot export --format ndjson` wrote".to_owned();
        return Err(ReadError { line: 1, reason }.into());
    }
    Ok(reader.sessions)
}

struct Reader {
    hash: Hash,
    /// Those of the session that is being read.
    entries: Vec<Entry>,
    sessions: Vec<Session>,
}

impl Reader {
    fn line(&mut self, line: &str) -> Result<(), String> {
        let cut = || "the line is cut short: export the file again".to_owned();
        let line = line.strip_suffix('\n').ok_or_else(cut)?;
        let line = line.strip_suffix('\r').unwrap_or(line);
        let without = line.strip_suffix(CLOSE).and_then(|line| line.rsplit_once(HASH));
        let Some((open, hash)) = without else {
            return Err(
                "it has no hash: this is not a line that `unknot export --format ndjson` wrote".to_owned()
            );
        };
        let body = format!("{open}}}");
        self.hash = self.hash.then(&body);
        if hash != self.hash.to_string() {
            return Err(
                "it is not as it was exported: this line was altered, or one before it left out".to_owned()
            );
        }
        if body.starts_with(r#"{"kind":"end","#) {
            let end: End = serde_json::from_str(&body).map_err(|error| error.to_string())?;
            return self.end(end);
        }
        let entry = transcript::ndjson::parse(&body, 1).map_err(|error| error.reason)?;
        match (self.entries.is_empty(), &entry.kind) {
            (true, Kind::Session(_)) => {}
            (true, _) => return Err("a session begins with its `session` entry".to_owned()),
            (false, Kind::Session(_)) => return Err("the session before it has no end".to_owned()),
            (false, _) => {}
        }
        self.entries.push(entry);
        Ok(())
    }

    fn end(&mut self, end: End) -> Result<(), String> {
        let mut entries = std::mem::take(&mut self.entries);
        let count = entries.len();
        if count == 0 {
            return Err("it ends a session that has not begun".to_owned());
        }
        let Kind::Session(header) = entries.remove(0).kind else {
            return Err("a session begins with its `session` entry".to_owned());
        };
        if header.id != end.session || count != end.entries {
            return Err("it does not fit the session that it ends".to_owned());
        }
        // What a changed file could make of a session that is taken up or shown again.
        header.setup().map_err(|error| error.to_string())?;
        is_written_so(&header, &entries)?;
        self.sessions.push(Session { header: *header, entries, closed: end.closed });
        Ok(())
    }
}

/// Maximum length of a name; no screen shows more.
const LONGEST_NAME: usize = 200;
/// No note is longer, in letters.
const LONGEST_NOTE: usize = 4_000;
/// No text of a plan is longer, in letters.
const LONGEST_PLAN: usize = 1 << 20;

/// Whether this program could have written this, or why not: a file is easily made that has the right hashes.
fn is_written_so(header: &Header, entries: &[Entry]) -> Result<(), String> {
    if header.wall.parse::<Timestamp>().is_err() {
        return Err("the session began at no time that there is".to_owned());
    }
    let names = [
        ("id", Some(&header.id)),
        ("receiver", header.receiver.as_ref()),
        ("clicker", header.clicker.as_ref()),
        ("plan", Some(&header.plan.name)),
        ("version", Some(&header.versions.program)),
        ("version", Some(&header.versions.wire)),
    ];
    for (what, name) in names {
        if name.is_some_and(|name| name.chars().count() > LONGEST_NAME) {
            return Err(format!("the {what} of the session is longer than {LONGEST_NAME} letters"));
        }
    }
    if header.id.is_empty() {
        return Err("the session has no id".to_owned());
    }
    if header.plan.text.chars().count() > LONGEST_PLAN {
        return Err(format!("the text of the plan is longer than {LONGEST_PLAN} letters"));
    }
    let is_long =
        |entry: &Entry| matches!(&entry.kind, Kind::Note { text, .. } if text.chars().count() > LONGEST_NOTE);
    if entries.iter().any(is_long) {
        return Err(format!("a note is longer than {LONGEST_NOTE} letters"));
    }
    let over = entries.iter().position(|entry| matches!(entry.kind, Kind::Finished { .. }));
    if entries.iter().skip(over.map_or(usize::MAX, |over| over + 1)).any(|entry| !entry.kind.is_aside()) {
        return Err("the session goes on after its end".to_owned());
    }
    Ok(())
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}; nothing was imported", self.line, self.reason)
    }
}

impl std::error::Error for ReadError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn sessions() -> Vec<(Vec<Entry>, bool)> {
        let samples = crate::schema::tests::samples();
        let (headers, mut others): (Vec<_>, Vec<_>) =
            samples.into_iter().partition(|entry| matches!(entry.kind, Kind::Session(_)));
        // Only asides follow the end.
        others.sort_by_key(|entry| (entry.kind.is_aside(), matches!(entry.kind, Kind::Finished { .. })));
        let header = headers.into_iter().next().unwrap();
        let Kind::Session(of_second) = &header.kind else { unreachable!() };
        let second = Header { id: "second".to_owned(), ..(**of_second).clone() };
        let second = Entry { at_ms: 0, kind: Kind::Session(Box::new(second)) };
        vec![([vec![header], others].concat(), false), (vec![second], true)]
    }

    fn written() -> String {
        let mut writer = Writer::new(Vec::new());
        for (entries, closed) in sessions() {
            writer.session(&entries, closed, &Words::english()).unwrap();
        }
        String::from_utf8(writer.out).unwrap()
    }

    #[test]
    fn what_is_written_is_read_as_it_was() {
        let read = read(&written()).unwrap();
        let as_it_was: Vec<_> = sessions();
        assert_eq!(read.len(), as_it_was.len());
        for (session, (entries, closed)) in read.iter().zip(&as_it_was) {
            assert_eq!((&session.entries[..], session.closed), (&entries[1..], *closed));
            assert_eq!(Kind::Session(Box::new(session.header.clone())), entries[0].kind);
        }
    }

    #[test]
    fn the_lines_of_another_system_are_the_same_lines() {
        let whole = written();
        let as_it_was = read(&whole).unwrap();
        for text in [
            format!("\u{feff}{whole}"),
            whole.replace('\n', "\r\n"),
            format!("\u{feff}{}", whole.replace('\n', "\r\n")),
        ] {
            assert_eq!(read(&text).unwrap(), as_it_was);
        }
    }

    #[test]
    fn a_file_cut_anywhere_is_refused_where_it_was_cut() {
        let whole = written();
        let ends: Vec<usize> = whole
            .match_indices('\n')
            .map(|(at, _)| at + 1)
            .filter(|end| whole[..*end].lines().last().unwrap().contains(r#""kind":"end""#))
            .collect();
        // At every line's end and beginning, and at places that have no common measure with anything.
        let places =
            (0..whole.len()).step_by(13).chain(whole.match_indices('\n').flat_map(|(at, _)| [at, at + 1]));
        for length in places.filter(|at| whole.is_char_boundary(*at)) {
            match read(&whole[..length]) {
                // At the end of a session a file cannot know that another was to follow.
                Ok(_) => assert!(ends.contains(&length), "cut after {length} bytes"),
                Err(error) => {
                    assert_eq!(error.line, whole[..length].split_inclusive('\n').count().max(1), "{error}");
                }
            }
        }
    }

    #[test]
    fn a_byte_altered_anywhere_is_found_in_its_line() {
        let whole = written();
        for at in (0..whole.len()).step_by(11) {
            let mut bytes = whole.clone().into_bytes();
            let line = whole.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
            // A file has all of them at every place in its many lines.
            let other = [b'1', b'z', b'\n', b' '][at % 4];
            if bytes[at] == other {
                continue;
            }
            bytes[at] = other;
            // Bytes that are no UTF-8 are refused before they come here.
            let Ok(text) = String::from_utf8(bytes) else { continue };
            let error = read(&text).unwrap_err();
            assert!(error.line == line, "byte {at} as {:?}: {error}", char::from(other));
        }
    }

    #[test]
    fn rubbish_is_refused_in_words() {
        for (rubbish, word) in [
            ("", "no session"),
            ("\n", "no hash"),
            ("{}\n", "no hash"),
            (r#"{"at_ms":1,"kind":"gap","ms":5}"#, "cut short"),
            ("{\"at_ms\":1,\"kind\":\"gap\",\"ms\":5}\n", "no hash"),
            ("PK\u{3}\u{4}\n\n\n", "no hash"),
        ] {
            let error = read(rubbish).unwrap_err();
            assert!(error.to_string().contains(word) && error.line == 1, "{rubbish:?}: {error}");
        }
    }

    /// Their hashes are right, and no program wrote them: one made the list of sessions end in a panic.
    #[test]
    fn what_no_session_could_have_is_refused() {
        let with = |change: &dyn Fn(&mut Header, &mut Vec<Entry>)| {
            let (mut entries, closed) = sessions().remove(0);
            let Kind::Session(mut header) = entries.remove(0).kind else { panic!("a header") };
            entries.retain(|entry| !matches!(entry.kind, Kind::Finished { .. }));
            change(&mut header, &mut entries);
            entries.insert(0, Entry { at_ms: 0, kind: Kind::Session(header) });
            let mut writer = Writer::new(Vec::new());
            writer.session(&entries, closed, &Words::english()).unwrap();
            read(&String::from_utf8(writer.out).unwrap()).map_err(|error| error.to_string())
        };
        assert!(with(&|_, _| {}).is_ok(), "the control");
        let long = "x".repeat(65_536);
        let note = |text: &str| Kind::Note { text: text.to_owned(), wall: None, edits: None };
        let refused = [
            ("no time", with(&|header, _| header.wall = "yesterday".to_owned())),
            ("no time", with(&|header, _| header.wall = "2026-02-30T10:00:00Z".to_owned())),
            ("has no id", with(&|header, _| header.id.clear())),
            ("the id of", with(&|header, _| header.id.clone_from(&long))),
            ("the receiver of", with(&|header, _| header.receiver = Some(long.clone()))),
            ("the clicker of", with(&|header, _| header.clicker = Some(long.clone()))),
            ("the plan of", with(&|header, _| header.plan.name.clone_from(&long))),
            ("the version of", with(&|header, _| header.versions.wire.clone_from(&long))),
            ("the text of the plan", with(&|header, _| header.plan.text = long.repeat(17))),
            ("a note", with(&|_, entries| entries.push(Entry { at_ms: 9, kind: note(&long) }))),
            (
                "goes on after its end",
                with(&|_, entries| {
                    let end = Kind::Finished { because: coach::Because::Enough };
                    entries.extend([end, Kind::Sharp {}].map(|kind| Entry { at_ms: 9, kind }));
                }),
            ),
        ];
        for (word, refused) in refused {
            let refused = refused.unwrap_err();
            assert!(refused.contains(word) && refused.contains("nothing was imported"), "{word}: {refused}");
        }
        let noted = with(&|_, entries| {
            let end = Kind::Finished { because: coach::Because::Enough };
            entries.extend([end, note("softer")].map(|kind| Entry { at_ms: 9, kind }));
        });
        assert!(noted.is_ok(), "a note may follow the end");
    }
}
