//! Speaking through a program of the system. A line is a process of its own: ending it cuts the line off, and one that
//! dies or hangs takes nothing with it.

use std::env;
use std::ffi::OsStr;
use std::path::PathBuf;
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::Duration;

use crate::announcer::Line;
use crate::process::{Order, Outcome, run};

/// A program that speaks a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    /// Its path.
    pub path: PathBuf,
    /// Its arguments; the text is written to its standard input.
    pub arguments: Vec<String>,
    /// Arguments with which it ends what a killed process of it had begun to say; empty where killing is enough.
    pub cut: Vec<String>,
}

/// Programs that read a text from standard input and return when it has been spoken, the preferred ones first. With
/// `spd-say` a person's own voice and screen reader are respected.
const KNOWN: &[(&str, &[&str], &[&str])] = &[
    // It hands the text to a server, which goes on when this process is killed.
    (
        "spd-say",
        &["--pipe-mode", "--wait", "--priority", "important", "--application-name", "unknot"],
        &["--cancel"],
    ),
    ("espeak-ng", &["--stdin", "-v", "en", "-s", "165"], &[]),
    ("espeak", &["--stdin", "-v", "en", "-s", "165"], &[]),
    ("say", &[], &[]),
];

/// The program to speak with: the one named, or the first of the known ones that is installed.
#[must_use]
pub fn find_speaker(named: Option<&str>, path: Option<&OsStr>) -> Option<Program> {
    let owned = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect();
    let known = KNOWN.iter().filter(|(name, ..)| named.is_none_or(|named| named == *name));
    known.into_iter().find_map(|(name, arguments, cut)| {
        let path = find(name, path)?;
        Some(Program { path, arguments: owned(arguments), cut: owned(cut) })
    })
}

/// An executable by its name, in the folders of `PATH`.
pub(crate) fn find(name: &str, path: Option<&OsStr>) -> Option<PathBuf> {
    env::split_paths(path?).map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// What became of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// It was said, or cut off.
    Line(u64),
    /// The program cannot be used.
    Failed(String),
}

/// Speaks lines on a thread of its own.
#[derive(Debug)]
pub struct Speaker {
    orders: Sender<Order>,
    ended: Receiver<Ended>,
}

impl Speaker {
    /// Starts the thread.
    ///
    /// # Errors
    /// If the system has no thread to give.
    pub fn start(program: Program) -> std::io::Result<Self> {
        let (orders, taken) = mpsc::channel();
        let (tell, ended) = mpsc::channel();
        let report = move |outcome: Outcome| {
            let ended = match outcome {
                Outcome::Ended(id) => Ended::Line(id),
                Outcome::Failed(why) => Ended::Failed(why),
            };
            tell.send(ended).is_ok()
        };
        std::thread::Builder::new()
            .name("speaker".to_owned())
            .spawn(move || run(&program, &taken, report))?;
        Ok(Self { orders, ended })
    }

    /// Says a line. Never waits.
    pub fn say(&self, line: &Line) {
        let _ = self.orders.send(Order::Run { id: line.id, input: format!("{}\n", line.text).into_bytes() });
    }

    /// Ends the line that is being said. Never waits.
    pub fn cut(&self) {
        let _ = self.orders.send(Order::Cut);
    }

    /// Waits for what becomes of a line, this long at most.
    #[must_use]
    pub fn wait(&self, limit: Duration) -> Option<Ended> {
        self.ended.recv_timeout(limit).ok()
    }

    /// What became of a line, if something did since it was asked last.
    #[must_use]
    pub fn ended(&self) -> Option<Ended> {
        self.ended.try_recv().ok()
    }
}
