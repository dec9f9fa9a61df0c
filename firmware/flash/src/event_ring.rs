//! Ring of flash pages that stores events until the laptop has acknowledged them.
//!
//! ```text
//!   oldest page           newest page        next
//!   | B e e r e ... |     | B e e r e      | anything: erased when it is begun
//! ```
//!
//! A page begins with its serial number, `B`; the page with the highest one is the one being written. Releasing events
//! is batched: only every 16th release writes a record, `r`. Events that come back after a reset are sent again, and
//! the laptop recognises them. The spare space guarantees that none of them is in a page that is erased.

use app::StoreFault;
use embedded_storage_async::nor_flash::NorFlash;
use handheld::{ALARM_CAPACITY, EVENT_CAPACITY, Entry, EventId};

use crate::PAGE;
use crate::record::{LEN, Record};

/// Pages in the ring.
pub(crate) const PAGES: u32 = 6;

/// Records per page. The first marks its beginning.
const SLOTS: u32 = PAGE / LEN as u32;

/// Acknowledgements batched before a flash write. After a reset at most this many events are sent again, which takes a
/// quarter of a second.
const ACK_BATCH: u32 = 16;

/// Write attempts, each in the next slot, in case flash cells are worn out.
const WRITE_ATTEMPTS: u8 = 3;

/// All events and release records fit in the pages that are not being erased, with half a page to spare for slots
/// damaged by power loss.
const _: () = assert!(
    (PAGES - 1) * (SLOTS - 1)
        >= (EVENT_CAPACITY + ALARM_CAPACITY) as u32 * (ACK_BATCH + 1) / ACK_BATCH + ACK_BATCH + SLOTS / 2,
    "every event that the logic accepts has a place"
);

/// First and last event in a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Span {
    first: EventId,
    last: EventId,
}

/// Where the next record goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Cursor {
    page: u32,
    slot: u32,
}

/// The ring.
#[derive(Debug)]
pub(crate) struct EventRing {
    start: u32,
    spans: [Option<Span>; PAGES as usize],
    /// `None` if no page has been begun.
    at: Option<Cursor>,
    serial: u32,
    /// Every event before this one is released.
    released: EventId,
    /// The value of `released` in flash.
    flushed: EventId,
    /// Events released since then.
    unflushed: u32,
    newest: Option<EventId>,
    backlog: Option<(EventId, u16)>,
}

impl EventRing {
    pub(crate) const fn new(start: u32) -> Self {
        Self {
            start,
            spans: [None; PAGES as usize],
            at: None,
            serial: 0,
            released: EventId { boot: 0, seq: 0 },
            flushed: EventId { boot: 0, seq: 0 },
            unflushed: 0,
            newest: None,
            backlog: None,
        }
    }

    /// The newest event found or stored.
    pub(crate) const fn newest(&self) -> Option<EventId> {
        self.newest
    }

    /// The oldest event found by [`EventRing::load`], and their number.
    pub(crate) const fn backlog(&self) -> Option<(EventId, u16)> {
        self.backlog
    }

    /// Scans the flash.
    pub(crate) async fn load<F: NorFlash>(&mut self, flash: &mut F) -> Result<(), StoreFault> {
        *self = Self::new(self.start);
        for page in 0..PAGES {
            for slot in 0..SLOTS {
                let found = match self.read(flash, page, slot).await? {
                    Slot::Blank | Slot::Damaged => continue,
                    Slot::Holds(found) => found,
                };
                match found {
                    Record::Begin { serial, released } => {
                        if self.at.is_none() || serial > self.serial {
                            self.serial = serial;
                            self.at = Some(Cursor { page, slot: 0 });
                        }
                        self.released = self.released.max(released);
                    }
                    Record::Released(released) => self.released = self.released.max(released),
                    Record::Event(entry) => self.found(page, entry.id),
                }
            }
        }
        self.flushed = self.released;
        // The newest event is in the page that was begun last or in the one before. If not, the record that begins its
        // page is damaged.
        if let Some(Cursor { page, .. }) = &mut self.at
            && self.spans[((*page + 1) % PAGES) as usize].is_some_and(|span| Some(span.last) == self.newest)
        {
            *page = (*page + 1) % PAGES;
            self.serial += 1;
        }
        if let Some(Cursor { page, .. }) = self.at {
            let mut slot = SLOTS;
            while slot > 0 && self.read(flash, page, slot - 1).await? == Slot::Blank {
                slot -= 1;
            }
            self.at = Some(Cursor { page, slot });
        }
        self.count(flash).await
    }

    /// Appends an event.
    pub(crate) async fn keep<F: NorFlash>(&mut self, flash: &mut F, entry: Entry) -> Result<(), StoreFault> {
        // A request repeated because its answer was lost is not a second event.
        if self.newest == Some(entry.id) {
            return Ok(());
        }
        let bytes = Record::Event(entry).to_bytes().ok_or(StoreFault)?;
        for _ in 0..WRITE_ATTEMPTS {
            let cursor = match self.at {
                Some(cursor) if cursor.slot < SLOTS => cursor,
                _ => self.begin_next_page(flash).await?,
            };
            if self.write(flash, cursor, &bytes).await? {
                self.found(cursor.page, entry.id);
                return Ok(());
            }
        }
        Err(StoreFault)
    }

    /// The oldest event at or after `from`.
    pub(crate) async fn fetch<F: NorFlash>(
        &mut self,
        flash: &mut F,
        from: EventId,
    ) -> Result<Option<Entry>, StoreFault> {
        let from = from.max(self.released);
        for page in self.oldest_first() {
            if self.spans[page as usize].is_none_or(|span| span.last < from) {
                continue;
            }
            for slot in 0..SLOTS {
                if let Slot::Holds(Record::Event(entry)) = self.read(flash, page, slot).await?
                    && entry.id >= from
                {
                    return Ok(Some(entry));
                }
            }
        }
        Ok(None)
    }

    /// Releases every event before `before`.
    pub(crate) async fn forget<F: NorFlash>(
        &mut self,
        flash: &mut F,
        before: EventId,
    ) -> Result<(), StoreFault> {
        if before <= self.released {
            return Ok(());
        }
        let more = if before.boot == self.released.boot { before.seq - self.released.seq } else { ACK_BATCH };
        self.released = before;
        self.unflushed = self.unflushed.saturating_add(more);
        if self.unflushed < ACK_BATCH { Ok(()) } else { self.flush(flash).await }
    }

    /// Writes the released position to flash.
    pub(crate) async fn flush<F: NorFlash>(&mut self, flash: &mut F) -> Result<(), StoreFault> {
        if self.flushed == self.released {
            return Ok(());
        }
        let bytes = Record::Released(self.released).to_bytes().ok_or(StoreFault)?;
        for _ in 0..WRITE_ATTEMPTS {
            match self.at {
                Some(cursor) if cursor.slot < SLOTS => {
                    if self.write(flash, cursor, &bytes).await? {
                        self.mark_flushed();
                        return Ok(());
                    }
                }
                // The record that begins a page contains it.
                _ => return self.begin_next_page(flash).await.map(drop),
            }
        }
        Err(StoreFault)
    }

    /// Erases the ring.
    pub(crate) async fn clear<F: NorFlash>(&mut self, flash: &mut F) -> Result<(), StoreFault> {
        flash.erase(self.start, self.start + PAGES * PAGE).await.map_err(|_| StoreFault)?;
        *self = Self::new(self.start);
        Ok(())
    }

    /// Begins the next page and returns its first slot for an event.
    async fn begin_next_page<F: NorFlash>(&mut self, flash: &mut F) -> Result<Cursor, StoreFault> {
        let page = self.at.map_or(0, |cursor| (cursor.page + 1) % PAGES);
        if self.spans[page as usize].is_some_and(|span| span.last >= self.released) {
            return Err(StoreFault);
        }
        let from = self.address(page, 0);
        flash.erase(from, from + PAGE).await.map_err(|_| StoreFault)?;
        self.spans[page as usize] = None;
        let begin = Record::Begin { serial: self.serial + 1, released: self.released };
        let begin = begin.to_bytes().ok_or(StoreFault)?;
        flash.write(from, &begin).await.map_err(|_| StoreFault)?;
        if self.bytes(flash, page, 0).await? != begin {
            return Err(StoreFault);
        }
        self.serial += 1;
        self.mark_flushed();
        let cursor = Cursor { page, slot: 1 };
        self.at = Some(cursor);
        Ok(cursor)
    }

    /// Writes a record and advances. Returns whether it reads back correctly.
    async fn write<F: NorFlash>(
        &mut self,
        flash: &mut F,
        cursor: Cursor,
        bytes: &[u8; LEN],
    ) -> Result<bool, StoreFault> {
        // Even after a failed write the slot is no longer blank.
        self.at = Some(Cursor { slot: cursor.slot + 1, ..cursor });
        let address = self.address(cursor.page, cursor.slot);
        flash.write(address, bytes).await.map_err(|_| StoreFault)?;
        Ok(self.bytes(flash, cursor.page, cursor.slot).await? == *bytes)
    }

    /// The released position is in flash.
    const fn mark_flushed(&mut self) {
        self.flushed = self.released;
        self.unflushed = 0;
    }

    /// Records that the page contains this event.
    fn found(&mut self, page: u32, id: EventId) {
        let span = self.spans[page as usize].get_or_insert(Span { first: id, last: id });
        span.first = span.first.min(id);
        span.last = span.last.max(id);
        self.newest = self.newest.max(Some(id));
    }

    /// Counts the stored events, each id once.
    async fn count<F: NorFlash>(&mut self, flash: &mut F) -> Result<(), StoreFault> {
        let mut last = None;
        for page in self.oldest_first() {
            for slot in 0..SLOTS {
                let Slot::Holds(Record::Event(Entry { id, .. })) = self.read(flash, page, slot).await? else {
                    continue;
                };
                if id >= self.released && last < Some(id) {
                    last = Some(id);
                    let (oldest, count) = self.backlog.unwrap_or((id, 0));
                    self.backlog = Some((oldest, count + 1));
                }
            }
        }
        Ok(())
    }

    /// The pages, the one being written last.
    fn oldest_first(&self) -> impl Iterator<Item = u32> + use<> {
        let newest = self.at.map_or(PAGES - 1, |cursor| cursor.page);
        (1..=PAGES).map(move |after| (newest + after) % PAGES)
    }

    async fn read<F: NorFlash>(&self, flash: &mut F, page: u32, slot: u32) -> Result<Slot, StoreFault> {
        let bytes = self.bytes(flash, page, slot).await?;
        if bytes == [0xff; LEN] {
            return Ok(Slot::Blank);
        }
        Ok(Record::from_bytes(&bytes).map_or(Slot::Damaged, Slot::Holds))
    }

    async fn bytes<F: NorFlash>(&self, flash: &mut F, page: u32, slot: u32) -> Result<[u8; LEN], StoreFault> {
        let mut bytes = [0; LEN];
        flash.read(self.address(page, slot), &mut bytes).await.map_err(|_| StoreFault)?;
        Ok(bytes)
    }

    const fn address(&self, page: u32, slot: u32) -> u32 {
        self.start + page * PAGE + slot * LEN as u32
    }
}

/// Content of a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Slot {
    Blank,
    Damaged,
    Holds(Record),
}
