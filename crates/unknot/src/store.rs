//! The store on a thread of its own: the loop never waits for the disk.

use std::path::{Path, PathBuf};
use std::sync::mpsc as batches;

use anyhow::Context as _;
use tokio::sync::mpsc;
use transcript::Entry;

use crate::sitting::Shelf;

/// The store of the platform's data directory, or the one that was named.
///
/// # Errors
/// Where nothing is named and the system tells of no home.
pub fn path(named: Option<&Path>) -> anyhow::Result<PathBuf> {
    if let Some(path) = named {
        // To SQLite these name no file, and to the rest of the program they do.
        let text = path.to_string_lossy();
        if text.is_empty() || text.starts_with(':') || text.starts_with("file:") {
            anyhow::bail!(
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
    shelf: Where,
    written: mpsc::UnboundedReceiver<Written>,
}

/// Where the batches go.
#[derive(Debug)]
enum Where {
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
    /// Moves the shelf to a thread of its own. The thread ends, and gives the store free, when this is dropped.
    ///
    /// # Errors
    /// Where the thread cannot be started.
    pub fn start(mut shelf: impl Shelf + Send + 'static) -> std::io::Result<Self> {
        let (batches, work) = batches::channel::<(u64, Vec<Entry>)>();
        let (done, written) = mpsc::unbounded_channel();
        std::thread::Builder::new().name("store".to_owned()).spawn(move || {
            for (batch, entries) in work {
                let result = shelf.append(&entries);
                if done.send(Written { batch, result }).is_err() {
                    return;
                }
            }
        })?;
        Ok(Self { shelf: Where::Thread(batches), written })
    }

    /// Entries that others can look at.
    #[cfg(test)]
    pub(crate) fn in_memory(entries: std::rc::Rc<std::cell::RefCell<Vec<Entry>>>) -> Self {
        let (done, written) = mpsc::unbounded_channel();
        Self { shelf: Where::Memory(entries, done), written }
    }

    /// One whose disk takes nothing.
    #[cfg(test)]
    pub(crate) fn full() -> Self {
        let (done, written) = mpsc::unbounded_channel();
        Self { shelf: Where::Full(done), written }
    }

    /// Hands over a batch. Whether it got to the disk comes by [`Store::written`]; `false` where the thread is gone.
    #[must_use]
    pub fn write(&self, batch: u64, entries: Vec<Entry>) -> bool {
        match &self.shelf {
            Where::Thread(batches) => batches.send((batch, entries)).is_ok(),
            #[cfg(test)]
            Where::Memory(shelf, done) => {
                shelf.borrow_mut().extend(entries);
                done.send(Written { batch, result: Ok(()) }).is_ok()
            }
            #[cfg(test)]
            Where::Full(done) => {
                done.send(Written { batch, result: Err(journal::WriteError::Full.into()) }).is_ok()
            }
        }
    }

    /// How it went with the next batch; `None` where the thread is gone. Nothing is lost where the wait is given up.
    pub async fn written(&mut self) -> Option<Written> {
        self.written.recv().await
    }
}
