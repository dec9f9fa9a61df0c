//! Where a simulation keeps its transcript: in memory here, in a journal in the program.

use transcript::Entry;

/// A transcript on something that outlives the program.
pub trait Storage {
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

impl Storage for Memory {
    fn append(&mut self, batch: &[Entry]) -> anyhow::Result<()> {
        self.extend_from_slice(batch);
        Ok(())
    }

    fn entries(&self) -> anyhow::Result<Vec<Entry>> {
        Ok(self.clone())
    }
}
