//! Model of NOR flash like the nRF52833's, and of what a power cut leaves of it.

use embedded_storage_async::nor_flash::{
    ErrorType, NorFlash, NorFlashError, NorFlashErrorKind, ReadNorFlash,
};
use flash::{LEN, PAGE};

/// Words per page.
const WORDS: usize = PAGE as usize / 4;

/// An erase of 85 ms is split into pieces of 10 ms between the radio's events.
const PIECES: u32 = 9;

/// Writes allowed per word between two erases (nRF52833 Product Specification, NVMC: n_WRITE).
const WRITES: u8 = 2;

/// The cells, with their wear.
#[derive(Clone)]
pub(crate) struct Cells {
    words: Vec<u32>,
    written: Vec<u8>,
    /// Number of erases per page.
    pub(crate) erases: Vec<u32>,
}

impl Cells {
    pub(crate) fn blank() -> Self {
        Self::of(vec![u32::MAX; LEN as usize / 4])
    }

    pub(crate) fn of(words: Vec<u32>) -> Self {
        let written = vec![0; words.len()];
        let erases = vec![0; words.len() / WORDS];
        Self { words, written, erases }
    }

    pub(crate) fn words(&self) -> &[u32] {
        &self.words
    }
}

/// Called with the cells a power cut at this moment would leave.
pub(crate) type PowerCutHook = Box<dyn FnMut(Cells)>;

/// A flash made of these cells.
pub(crate) struct Model {
    pub(crate) cells: Cells,
    /// Called at every possible power cut.
    pub(crate) on_power_cut: Option<PowerCutHook>,
    rng: Rng,
}

impl Model {
    pub(crate) fn new(cells: Cells, seed: u64) -> Self {
        Self { cells, on_power_cut: None, rng: Rng(seed | 1) }
    }

    /// Simulates a power cut that changes the words by `spoil`.
    fn cut(&mut self, spoil: impl FnOnce(&mut [u32], &mut Rng)) {
        if let Some(on_power_cut) = &mut self.on_power_cut {
            let mut torn = self.cells.clone();
            spoil(&mut torn.words, &mut self.rng);
            on_power_cut(torn);
        }
    }

    fn write_word(&mut self, at: usize, word: u32) {
        self.cut(|_, _| {});
        // Some bits are already cleared, others not yet.
        self.cut(|words, rng| words[at] &= word | rng.next());
        self.cells.words[at] &= word;
        self.cells.written[at] += 1;
        assert!(self.cells.written[at] <= WRITES, "word {at} is written once too often");
    }

    fn erase_page(&mut self, page: usize) {
        let (first, end) = (page * WORDS, (page + 1) * WORDS);
        // It looks erased by its first and last word only.
        self.cut(|words, _| (words[first], words[end - 1]) = (u32::MAX, u32::MAX));
        // Only its beginning is erased, or only its end.
        self.cut(|words, rng| words[first..first + rng.below(WORDS)].fill(u32::MAX));
        self.cut(|words, rng| words[end - 1 - rng.below(WORDS)..end].fill(u32::MAX));
        for piece in 0..PIECES {
            // Any bit may read as before or as erased, more and more of them as erased.
            self.cut(|words, rng| {
                for word in &mut words[first..end] {
                    let charge: u32 = (0..32).map(|bit| u32::from(rng.below(9) as u32 <= piece) << bit).sum();
                    *word |= charge;
                }
            });
        }
        self.cells.words[first..end].fill(u32::MAX);
        self.cells.written[first..end].fill(0);
        self.cells.erases[page] += 1;
    }
}

/// The only error.
#[derive(Debug)]
pub(crate) struct Beyond;

impl NorFlashError for Beyond {
    fn kind(&self) -> NorFlashErrorKind {
        NorFlashErrorKind::OutOfBounds
    }
}

impl ErrorType for Model {
    type Error = Beyond;
}

impl ReadNorFlash for Model {
    const READ_SIZE: usize = 4;

    async fn read(&mut self, offset: u32, bytes: &mut [u8]) -> Result<(), Beyond> {
        assert!(offset.is_multiple_of(4) && bytes.len().is_multiple_of(4), "whole words are read");
        let from = offset as usize / 4;
        let words = self.cells.words.get(from..from + bytes.len() / 4).ok_or(Beyond)?;
        for (bytes, word) in bytes.chunks_exact_mut(4).zip(words) {
            bytes.copy_from_slice(&word.to_le_bytes());
        }
        Ok(())
    }

    fn capacity(&self) -> usize {
        self.cells.words.len() * 4
    }
}

impl NorFlash for Model {
    const WRITE_SIZE: usize = 4;
    const ERASE_SIZE: usize = PAGE as usize;

    async fn write(&mut self, offset: u32, bytes: &[u8]) -> Result<(), Beyond> {
        assert!(offset.is_multiple_of(4) && bytes.len().is_multiple_of(4), "whole words are written");
        for (word, bytes) in (offset as usize / 4..).zip(bytes.chunks(4)) {
            self.write_word(word, u32::from_le_bytes(bytes.try_into().unwrap()));
        }
        Ok(())
    }

    async fn erase(&mut self, from: u32, to: u32) -> Result<(), Beyond> {
        assert!(from.is_multiple_of(PAGE) && to.is_multiple_of(PAGE), "whole pages are erased");
        for page in from / PAGE..to / PAGE {
            self.erase_page(page as usize);
        }
        Ok(())
    }
}

/// Pseudorandom numbers, reproducible by seed (xorshift).
#[derive(Clone)]
pub(crate) struct Rng(pub(crate) u64);

impl Rng {
    pub(crate) fn next(&mut self) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 32) as u32
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.next() as usize % end
    }
}
