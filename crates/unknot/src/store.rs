//! Where a session is kept: in a journal, written on a thread of its own, so that the loop never waits for the disk.

use std::path::{Path, PathBuf};
use std::sync::mpsc as batches;

use anyhow::{Context as _, bail};
use journal::{Key, Writer};
use sim::Storage;
use tokio::sync::mpsc;
use transcript::{Entry, Kind};

/// The store of the platform's data directory, or the one that was named.
///
/// # Errors
/// Where nothing is named and the system tells of no home.
pub fn path(named: Option<&Path>) -> anyhow::Result<PathBuf> {
    if let Some(path) = named {
        // To SQLite these name no file, and to the rest of the program they do.
        let text = path.to_string_lossy();
        if text.is_empty() || text.starts_with(':') || text.starts_with("file:") {
            bail!(
                "`{text}` names no file to keep sessions in: name one by its path, such as ./{}",
                "unknot.db"
            );
        }
        return Ok(path.to_owned());
    }
    let folders = directories::ProjectDirs::from("", "", "unknot")
        .context("the system tells of no home directory: name a store with --db")?;
    Ok(folders.data_local_dir().join("unknot.db"))
}

/// A transcript in a journal.
#[derive(Debug)]
pub struct OnDisk {
    writer: Writer,
    session: Option<Key>,
}

impl OnDisk {
    /// In this journal; the session is opened in it by the first batch.
    #[must_use]
    pub const fn new(writer: Writer) -> Self {
        Self { writer, session: None }
    }

    /// A session that is in this journal already.
    #[must_use]
    pub const fn of(writer: Writer, session: Key) -> Self {
        Self { writer, session: Some(session) }
    }

    /// The journal, for the next session or for reading.
    #[must_use]
    pub fn into_writer(self) -> Writer {
        self.writer
    }

    /// Its place in the journal, once it is opened.
    #[must_use]
    pub const fn session(&self) -> Option<Key> {
        self.session
    }
}

impl Storage for OnDisk {
    fn append(&mut self, batch: &[Entry]) -> anyhow::Result<()> {
        match (self.session, batch) {
            (Some(session), batch) => self.writer.append(session, batch)?,
            (None, [Entry { kind: Kind::Session(header), .. }, rest @ ..]) => {
                self.session = Some(self.writer.create_with(header, rest)?);
            }
            (None, _) => bail!("a session is opened in the store by its header"),
        }
        Ok(())
    }

    fn entries(&self) -> anyhow::Result<Vec<Entry>> {
        self.session.map_or(Ok(Vec::new()), |session| Ok(self.writer.entries(session)?))
    }
}

/// How it went with a batch.
#[derive(Debug)]
pub struct Written {
    /// Its number.
    pub batch: u64,
    /// Whether all of it is on the disk, or nothing.
    pub result: anyhow::Result<()>,
}

/// The writing end of one session.
#[derive(Debug)]
pub struct Store {
    place: Place,
    written: mpsc::UnboundedReceiver<Written>,
}

/// Where the batches go.
#[derive(Debug)]
enum Place {
    /// To a thread.
    Thread(batches::Sender<(u64, Vec<Entry>)>),
    /// Into memory at once, for virtual time: a thread lives in the other one.
    #[cfg(test)]
    Memory(std::rc::Rc<std::cell::RefCell<Vec<Entry>>>, mpsc::UnboundedSender<Written>),
    /// Onto a disk that takes nothing.
    #[cfg(test)]
    Full(mpsc::UnboundedSender<Written>),
}

impl Store {
    /// Moves the storage to a thread of its own. The thread ends, and gives the store free, when this is dropped.
    ///
    /// # Errors
    /// Where the thread cannot be started.
    pub fn start(mut storage: impl Storage + Send + 'static) -> std::io::Result<Self> {
        let (batches, work) = batches::channel::<(u64, Vec<Entry>)>();
        let (done, written) = mpsc::unbounded_channel();
        std::thread::Builder::new().name("store".to_owned()).spawn(move || {
            for (batch, entries) in work {
                let result = storage.append(&entries);
                if done.send(Written { batch, result }).is_err() {
                    return;
                }
            }
        })?;
        Ok(Self { place: Place::Thread(batches), written })
    }

    /// Entries that others can look at.
    #[cfg(test)]
    pub(crate) fn in_memory(entries: std::rc::Rc<std::cell::RefCell<Vec<Entry>>>) -> Self {
        let (done, written) = mpsc::unbounded_channel();
        Self { place: Place::Memory(entries, done), written }
    }

    /// One whose disk takes nothing.
    #[cfg(test)]
    pub(crate) fn full() -> Self {
        let (done, written) = mpsc::unbounded_channel();
        Self { place: Place::Full(done), written }
    }

    /// Hands over a batch. Whether it got to the disk comes by [`Store::written`]; `false` where the thread is gone.
    #[must_use]
    pub fn write(&self, batch: u64, entries: Vec<Entry>) -> bool {
        match &self.place {
            Place::Thread(batches) => batches.send((batch, entries)).is_ok(),
            #[cfg(test)]
            Place::Memory(kept, done) => {
                kept.borrow_mut().extend(entries);
                done.send(Written { batch, result: Ok(()) }).is_ok()
            }
            #[cfg(test)]
            Place::Full(done) => {
                done.send(Written { batch, result: Err(journal::WriteError::Full.into()) }).is_ok()
            }
        }
    }

    /// How it went with the next batch; `None` where the thread is gone. Nothing is lost where the wait is given up.
    pub async fn written(&mut self) -> Option<Written> {
        self.written.recv().await
    }
}
