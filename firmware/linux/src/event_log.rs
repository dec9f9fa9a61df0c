//! Append-only log file of events waiting for the laptop, compacted when most of it is released.
//!
//! A record is its length, its bytes and their CRC-32. It contains an event as sent over the air, or the id before
//! which all events are released. A machine that loses power may leave a partial record at the end, or zeros in place
//! of one; both are cut off. Damage anywhere else is reported as an error.

use std::collections::VecDeque;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use handheld::{Entry, EventId};
use wire::{Frame, MAX_FRAME, Report};

/// Released bytes that may accumulate before the file is compacted.
const MAX_WASTE: u64 = 64 * 1024;

/// Overhead of a record: the length before the bytes and the CRC after them.
const OVERHEAD: usize = 1 + 4;

const EVENT: u8 = 1;
const RELEASED: u8 = 2;

/// Length of a release record: kind and id.
const RELEASED_LEN: usize = 1 + 2 + 4;

/// Length of the longest record.
const LONGEST: usize = OVERHEAD + 1 + MAX_FRAME;

/// Stored events, oldest first, and the file with them.
#[derive(Debug)]
pub(crate) struct Log {
    path: PathBuf,
    file: File,
    entries: VecDeque<Entry>,
    /// Valid bytes of the file, and how many of them are released.
    len: u64,
    waste: u64,
}

impl Log {
    /// Opens or creates the log.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let mut file = OpenOptions::new().read(true).append(true).create(true).open(path)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let ReadLog { entries, sound } = read(&bytes).map_err(|at| damaged(path, at))?;
        let len = sound as u64;
        if sound < bytes.len() {
            file.set_len(len)?;
            file.sync_data()?;
        }
        let live: u64 = entries.iter().map(|entry| event_record(entry).len() as u64).sum();
        Ok(Self { path: path.to_owned(), file, entries, len, waste: len - live })
    }

    /// Stored events, oldest first.
    pub(crate) const fn entries(&self) -> &VecDeque<Entry> {
        &self.entries
    }

    /// Appends an event. It is on disk when this returns.
    pub(crate) fn keep(&mut self, entry: Entry) -> io::Result<()> {
        // A request repeated because its answer was lost is not a second event.
        if self.entries.back() == Some(&entry) {
            return Ok(());
        }
        self.append(&event_record(&entry))?;
        if let Err(error) = self.file.sync_data() {
            self.truncate()?;
            return Err(error);
        }
        self.len += event_record(&entry).len() as u64;
        self.entries.push_back(entry);
        Ok(())
    }

    /// Releases every event before `before`. It need not be on disk: events that come back are sent again and
    /// recognised.
    pub(crate) fn forget(&mut self, before: EventId) -> io::Result<()> {
        let mut done = 0;
        while let Some(entry) = self.entries.pop_front_if(|entry| entry.id < before) {
            done += event_record(&entry).len() as u64;
        }
        if done == 0 {
            return Ok(());
        }
        let record = released_record(before);
        self.append(&record)?;
        self.len += record.len() as u64;
        self.waste += done + record.len() as u64;
        if self.waste > MAX_WASTE && self.waste > self.len / 2 { self.compact() } else { Ok(()) }
    }

    fn append(&mut self, record: &[u8]) -> io::Result<()> {
        if let Err(error) = self.file.write_all(record) {
            // A partial record in the middle would be damage.
            self.truncate()?;
            return Err(error);
        }
        Ok(())
    }

    /// Cuts the file off after the last valid record.
    fn truncate(&mut self) -> io::Result<()> {
        self.file.set_len(self.len)?;
        self.file.seek(SeekFrom::End(0)).map(drop)
    }

    fn compact(&mut self) -> io::Result<()> {
        let bytes: Vec<u8> = self.entries.iter().flat_map(event_record).collect();
        replace(&self.path, &bytes)?;
        self.file = OpenOptions::new().read(true).append(true).open(&self.path)?;
        self.len = bytes.len() as u64;
        self.waste = 0;
        Ok(())
    }
}

/// Replaces a file atomically: after a power cut either the old or the new one exists.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let new = path.with_extension("new");
    let mut file = File::create(&new)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&new, path)?;
    if let Some(folder) = path.parent() {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// Result of reading a log.
struct ReadLog {
    entries: VecDeque<Entry>,
    sound: usize,
}

/// Reads a log up to a partial record at its end. `Err` is the offset of damage elsewhere.
fn read(bytes: &[u8]) -> Result<ReadLog, usize> {
    let mut entries = VecDeque::new();
    let mut sound = 0;
    while let Some((body, len)) = record_at(&bytes[sound..]) {
        match body {
            [EVENT, frame @ ..] => {
                let report = wire::decode::<Report>(frame).map_err(|_| sound)?;
                entries.push_back(Entry::from_report(report).ok_or(sound)?);
            }
            [RELEASED, b0, b1, s0, s1, s2, s3] => {
                let boot = u16::from_le_bytes([*b0, *b1]);
                let before = EventId { boot, seq: u32::from_le_bytes([*s0, *s1, *s2, *s3]) };
                entries.retain(|entry: &Entry| entry.id >= before);
            }
            _ => return Err(sound),
        }
        sound += len;
    }
    let rest = &bytes[sound..];
    // Each record is on disk before the next event, so only the last few can be partial, and no valid record follows
    // them.
    let written = rest.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    let torn = written < LONGEST;
    let followed = (1..rest.len()).any(|at| record_at(&rest[at..]).is_some_and(|(body, _)| is_known(body)));
    if torn && !followed { Ok(ReadLog { entries, sound }) } else { Err(sound) }
}

fn is_known(body: &[u8]) -> bool {
    match body {
        [EVENT, frame @ ..] => wire::decode::<Report>(frame).is_ok(),
        [RELEASED, rest @ ..] => rest.len() == RELEASED_LEN - 1,
        _ => false,
    }
}

/// The record at the start of `bytes`, and its length. `None` if there is no complete one.
fn record_at(bytes: &[u8]) -> Option<(&[u8], usize)> {
    let len = usize::from(*bytes.first()?);
    let body = bytes.get(1..1 + len)?;
    let crc = bytes.get(1 + len..OVERHEAD + len)?;
    let sound = len > 0 && crc == crc32fast::hash(body).to_le_bytes();
    sound.then_some((body, OVERHEAD + len))
}

fn record(body: &[u8]) -> Vec<u8> {
    // At most 21 bytes.
    let mut record = vec![body.len() as u8];
    record.extend_from_slice(body);
    record.extend_from_slice(&crc32fast::hash(body).to_le_bytes());
    record
}

fn event_record(entry: &Entry) -> Vec<u8> {
    let frame = Frame::of(&entry.report());
    record(&[&[EVENT], frame.as_bytes()].concat())
}

fn released_record(before: EventId) -> Vec<u8> {
    let mut body = vec![RELEASED];
    body.extend_from_slice(&before.boot.to_le_bytes());
    body.extend_from_slice(&before.seq.to_le_bytes());
    record(&body)
}

fn damaged(path: &Path, at: usize) -> io::Error {
    let path = path.display();
    io::Error::new(
        io::ErrorKind::InvalidData,
        format!(
            "{path} is damaged at byte {at}; move it away to begin with an empty one, and keep it to mend"
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use wire::{Dial, Means};

    fn entry(seq: u32) -> Entry {
        let means = Means::Rating(Dial::new((seq % 10) as u8 + 1).unwrap());
        Entry { id: EventId { boot: 3, seq }, uptime: 1000 + seq, show: 7, means }
    }

    fn places(log: &Log) -> Vec<u32> {
        log.entries().iter().map(|entry| entry.id.seq).collect()
    }

    #[test]
    fn what_is_kept_is_there_again_and_what_is_done_with_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("events.log");
        let mut log = Log::open(&path).unwrap();
        for seq in 0..10 {
            log.keep(entry(seq)).unwrap();
        }
        log.forget(EventId { boot: 3, seq: 4 }).unwrap();
        drop(log);
        let log = Log::open(&path).unwrap();
        assert_eq!(places(&log), [4, 5, 6, 7, 8, 9]);
        assert_eq!(log.entries()[0], entry(4));
    }

    /// Power loss after every number of bytes.
    #[test]
    fn cut_off_anywhere_no_accepted_event_is_lost_and_none_is_there_twice() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("events.log");
        let mut log = Log::open(&path).unwrap();
        // The accepted events by length of the file.
        let mut accepted = vec![(0, vec![])];
        for seq in 0..8 {
            log.keep(entry(seq)).unwrap();
            accepted.push((log.len as usize, places(&log)));
            if seq % 3 == 2 {
                log.forget(EventId { boot: 3, seq: seq - 1 }).unwrap();
                accepted.push((log.len as usize, places(&log)));
            }
        }
        let whole = std::fs::read(&path).unwrap();
        assert_eq!(whole.len(), log.len as usize);
        for cut in 0..=whole.len() {
            for zeros in [0, 1, 40] {
                let bytes = [&whole[..cut], &vec![0; zeros]].concat();
                std::fs::write(&path, bytes).unwrap();
                let mut log = Log::open(&path).unwrap();
                let expected = &accepted.iter().rfind(|(len, _)| *len <= cut).unwrap().1;
                assert_eq!(places(&log), *expected, "cut at {cut}, {zeros} zeros");
                // It continues from there.
                log.keep(entry(99)).unwrap();
                drop(log);
                let log = Log::open(&path).unwrap();
                assert_eq!(places(&log).last(), Some(&99), "cut at {cut}, {zeros} zeros");
                assert_eq!(places(&log).len(), expected.len() + 1);
            }
        }
    }

    #[test]
    fn damage_in_the_middle_is_told_with_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("events.log");
        let mut log = Log::open(&path).unwrap();
        for seq in 0..5 {
            log.keep(entry(seq)).unwrap();
        }
        let whole = std::fs::read(&path).unwrap();
        let record = event_record(&entry(0)).len();
        for at in 0..whole.len() - record {
            let mut bytes = whole.clone();
            bytes[at] ^= 0x40;
            std::fs::write(&path, bytes).unwrap();
            let error = Log::open(&path).unwrap_err().to_string();
            let begins = at / record * record;
            assert!(error.contains(&format!("damaged at byte {begins};")), "{at}: {error}");
        }
    }

    #[test]
    fn a_long_life_does_not_make_a_long_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("events.log");
        let mut log = Log::open(&path).unwrap();
        for seq in 0..6000 {
            // Like `keep`, without waiting for the disk.
            let record = event_record(&entry(seq));
            log.append(&record).unwrap();
            log.len += record.len() as u64;
            log.entries.push_back(entry(seq));
            if seq >= 5 {
                log.forget(EventId { boot: 3, seq: seq - 4 }).unwrap();
            }
        }
        assert!(std::fs::metadata(&path).unwrap().len() < 2 * MAX_WASTE);
        drop(log);
        assert_eq!(places(&Log::open(&path).unwrap()), [5995, 5996, 5997, 5998, 5999]);
    }

    #[test]
    fn the_same_event_asked_for_twice_is_one() {
        let folder = tempfile::tempdir().unwrap();
        let mut log = Log::open(&folder.path().join("events.log")).unwrap();
        log.keep(entry(0)).unwrap();
        log.keep(entry(0)).unwrap();
        assert_eq!(places(&log), [0]);
    }
}
