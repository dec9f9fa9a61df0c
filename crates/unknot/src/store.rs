//! The store on a thread of its own: the loop never waits for the disk.

use std::path::{Path, PathBuf};
use std::sync::mpsc as batches;

use anyhow::Context as _;
use journal::{Key, WriteError, Writer};
use tokio::sync::mpsc;
use transcript::{Entry, Kind};

/// The store of the platform's data directory, or the one that was named.
///
/// # Errors
/// Where nothing is named and the system tells of no home.
pub fn path(named: Option<&Path>) -> anyhow::Result<PathBuf> {
    if let Some(path) = named {
        return Ok(path.to_owned());
    }
    let folders = directories::ProjectDirs::from("", "", "unknot")
        .context("the system tells of no home directory: name a store with --db")?;
    Ok(folders.data_dir().join("unknot.db"))
}

/// How it went with a batch.
#[derive(Debug)]
pub struct Written {
    /// Its number.
    pub batch: u64,
    /// Whether all of it is on the disk, or nothing.
    pub result: Result<(), WriteError>,
}

/// One session on the disk: its first batch, which holds the header, makes it.
#[derive(Debug)]
pub struct Shelf {
    writer: Writer,
    session: Option<Key>,
}

impl Shelf {
    /// A place for a new session.
    #[must_use]
    pub const fn new(writer: Writer) -> Self {
        Self { writer, session: None }
    }

    /// The place of a session that is taken up again.
    #[must_use]
    pub const fn of(writer: Writer, session: Key) -> Self {
        Self { writer, session: Some(session) }
    }

    /// Writes a batch. The same batch may be tried again where it failed.
    ///
    /// # Errors
    /// Where the disk does not take it.
    pub fn write(&mut self, mut batch: &[Entry]) -> Result<(), WriteError> {
        if let Some((Entry { kind: Kind::Session(header), .. }, rest)) = batch.split_first() {
            if self.session.is_none() {
                self.session = Some(self.writer.create(header)?);
            }
            batch = rest;
        }
        let session = self.session.ok_or(WriteError::Gone)?;
        self.writer.append(session, batch)
    }
}

/// The writing end of one session.
#[derive(Debug)]
pub struct Store {
    batches: batches::Sender<(u64, Vec<Entry>)>,
    written: mpsc::UnboundedReceiver<Written>,
}

impl Store {
    /// Moves the shelf to a thread of its own. The thread ends, and gives the store free, when this is dropped.
    ///
    /// # Errors
    /// Where the thread cannot be started.
    pub fn start(mut shelf: Shelf) -> std::io::Result<Self> {
        let (batches, work) = batches::channel::<(u64, Vec<Entry>)>();
        let (done, written) = mpsc::unbounded_channel();
        std::thread::Builder::new().name("store".to_owned()).spawn(move || {
            for (batch, entries) in work {
                let result = shelf.write(&entries);
                if done.send(Written { batch, result }).is_err() {
                    return;
                }
            }
        })?;
        Ok(Self { batches, written })
    }

    /// Hands over a batch. Whether it got to the disk comes by [`Store::written`]; `false` where the thread is gone.
    #[must_use]
    pub fn write(&self, batch: u64, entries: Vec<Entry>) -> bool {
        self.batches.send((batch, entries)).is_ok()
    }

    /// How it went with the next batch; `None` where the thread is gone. Nothing is lost where the wait is given up.
    pub async fn written(&mut self) -> Option<Written> {
        self.written.recv().await
    }
}
