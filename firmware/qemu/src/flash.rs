//! Flash in a file on the host, so that a reset is a new process on the same file. It has the timing of the nRF52833's
//! flash and its rule that writing only clears bits until the page is erased.

use core::ffi::CStr;

use embassy_time::{Duration, Timer};
use embedded_storage_async::nor_flash::{
    ErrorType, NorFlash, NorFlashError, NorFlashErrorKind, ReadNorFlash,
};
use semihosting::fs::File;
use semihosting::io::{Read, Seek, SeekFrom, Write};

use crate::with_metrics;

const WORD: usize = 4;
const PAGE: usize = ::flash::PAGE as usize;

/// Maximum times for erasing a page and for writing a word, from the nRF52833 Product Specification, 4.3.9.
const ERASING: Duration = Duration::from_micros(87_500);
const WRITING: Duration = Duration::from_micros(43);

/// The file.
#[derive(Debug)]
pub(crate) struct FileFlash(File);

/// The file cannot be read or written, or the request is invalid for flash.
#[derive(Debug)]
pub(crate) struct Failed(NorFlashErrorKind);

impl NorFlashError for Failed {
    fn kind(&self) -> NorFlashErrorKind {
        self.0
    }
}

impl From<NorFlashErrorKind> for Failed {
    fn from(kind: NorFlashErrorKind) -> Self {
        Self(kind)
    }
}

impl From<semihosting::io::Error> for Failed {
    fn from(_: semihosting::io::Error) -> Self {
        Self(NorFlashErrorKind::Other)
    }
}

impl FileFlash {
    /// Opens the file; a missing one is created as erased flash.
    pub(crate) fn open(path: &CStr) -> Result<Self, Failed> {
        if let Ok(file) = File::options().read(true).write(true).open(path) {
            return Ok(Self(file));
        }
        let mut file = File::create(path)?;
        for _ in 0..::flash::LEN / ::flash::PAGE {
            file.write_all(&[0xff; PAGE])?;
        }
        drop(file);
        Ok(Self(File::options().read(true).write(true).open(path)?))
    }

    fn put(&mut self, at: u32, bytes: &[u8]) -> Result<(), Failed> {
        self.0.seek(SeekFrom::Start(u64::from(at)))?;
        Ok(self.0.write_all(bytes)?)
    }
}

impl ErrorType for FileFlash {
    type Error = Failed;
}

impl ReadNorFlash for FileFlash {
    const READ_SIZE: usize = 1;

    async fn read(&mut self, at: u32, bytes: &mut [u8]) -> Result<(), Failed> {
        check(at, bytes.len(), 1)?;
        self.0.seek(SeekFrom::Start(u64::from(at)))?;
        Ok(self.0.read_exact(bytes)?)
    }

    fn capacity(&self) -> usize {
        ::flash::LEN as usize
    }
}

impl NorFlash for FileFlash {
    const WRITE_SIZE: usize = WORD;
    const ERASE_SIZE: usize = PAGE;

    async fn erase(&mut self, from: u32, to: u32) -> Result<(), Failed> {
        check(from, to.saturating_sub(from) as usize, PAGE)?;
        for page in (from..to).step_by(PAGE) {
            with_metrics(|metrics| metrics.erases += 1);
            Timer::after(ERASING).await;
            self.put(page, &[0xff; PAGE])?;
        }
        Ok(())
    }

    async fn write(&mut self, at: u32, bytes: &[u8]) -> Result<(), Failed> {
        check(at, bytes.len(), WORD)?;
        for (word, at) in bytes.chunks_exact(WORD).zip((at..).step_by(WORD)) {
            with_metrics(|metrics| metrics.words += 1);
            let mut there = [0; WORD];
            self.read(at, &mut there).await?;
            for (bit, new) in there.iter_mut().zip(word) {
                *bit &= new;
            }
            self.put(at, &there)?;
        }
        Timer::after(WRITING * (bytes.len() / WORD) as u32).await;
        Ok(())
    }
}

/// Checks alignment to `unit` and the range.
fn check(at: u32, len: usize, unit: usize) -> Result<(), NorFlashErrorKind> {
    let at = at as usize;
    if !at.is_multiple_of(unit) || !len.is_multiple_of(unit) {
        return Err(NorFlashErrorKind::NotAligned);
    }
    if at + len > ::flash::LEN as usize {
        return Err(NorFlashErrorKind::OutOfBounds);
    }
    Ok(())
}
