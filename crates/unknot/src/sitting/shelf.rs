//! Where a sitting keeps its transcript: in memory, or in a journal.

use anyhow::bail;
use journal::{Key, Writer};
use transcript::{Entry, Kind};

/// A transcript on something that outlives the program.
pub trait Shelf {
    /// Writes a batch: all of it, or nothing. The first batch begins with the header.
    ///
    /// # Errors
    /// Where nothing of it was written.
    fn append(&mut self, batch: &[Entry]) -> anyhow::Result<()>;

    /// Everything written so far, with the header first.
    ///
    /// # Errors
    /// Where it cannot be read back.
    fn entries(&self) -> anyhow::Result<Vec<Entry>>;
}

/// A transcript in memory, which outlives a session that is killed, as a disk does.
pub type Memory = Vec<Entry>;

impl Shelf for Memory {
    fn append(&mut self, batch: &[Entry]) -> anyhow::Result<()> {
        self.extend_from_slice(batch);
        Ok(())
    }

    fn entries(&self) -> anyhow::Result<Vec<Entry>> {
        Ok(self.clone())
    }
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

impl Shelf for OnDisk {
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
