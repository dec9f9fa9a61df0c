//! Storage of the clicker in NOR flash.
//!
//! ```text
//!   page 0, 1   settings: boot counter, owner and session, bonds; one record with all of it, rewritten at each change
//!   page 2..8   events waiting for the laptop: a ring of records of 16 bytes
//! ```
//!
//! **What a power cut may leave.** A partly written word, which reads as anything in between; a partly erased page, in
//! which any bit may read as before or as erased. An erase takes 85 ms and is split into nine pieces between the
//! radio's events, so a power cut can well hit one. Hence:
//!
//! - **Invariant:** a page is erased just before it is first written, by the code that writes it. A page that looks
//!   erased is never assumed to be.
//! - **Invariant:** a page that is erased contains nothing that is still needed, however far the erase gets.
//! - **Invariant:** a word is written once between two erases (the nRF52833 allows two), and read back.
//! - A record is valid only if its CRC-32 is right, so a partly written one is not.
//!
//! **Why not `sequential-storage`.** It takes a page for empty if its first and last word are erased, and a partly
//! erased page may look so; records written into it are damaged after they were reported as stored. On the model in
//! this crate's tests, three of the twelve ways of interrupting an erase made its queue (8.0.2) lose later events this
//! way. Its map repairs an interrupted clean-up by erasing the good page. And with 8 bytes of overhead per event, 1,056
//! events and the bonds need 40 KiB.
//!
//! **Layout.** Every record in pages 0 and 1 contains the number of the layout. If they contain no record of this
//! layout, or one of another, all pages are erased: unknown data is not interpreted.
#![no_std]

mod crc;
mod event_ring;
mod record;
mod settings_pages;

use app::{BondRecord, Store, StoreFault, StoredState};
use embedded_storage_async::nor_flash::NorFlash;
use handheld::{Backlog, Entry, EventId, Owner, Setup};

use crate::event_ring::EventRing;
use crate::settings_pages::{Settings, SettingsPages};

/// Size of a page, the unit of erasing, in bytes.
pub const PAGE: u32 = 4096;

/// Flash used, in bytes.
pub const LEN: u32 = (settings_pages::PAGES + event_ring::PAGES) * PAGE;

/// The storage, in [`LEN`] bytes of `F`.
#[derive(Debug)]
pub struct FlashStore<F> {
    flash: F,
    pages: SettingsPages,
    ring: EventRing,
    /// The settings in flash. Empty until [`Store::open`].
    settings: Settings,
}

impl<F: NorFlash> FlashStore<F> {
    const FITS: () = assert!(
        F::ERASE_SIZE == PAGE as usize && 4 % F::WRITE_SIZE == 0 && 4 % F::READ_SIZE == 0,
        "the layout is for pages of 4 KiB and words of at most 4 bytes"
    );

    /// The storage at this address, which must be page-aligned.
    #[must_use]
    pub const fn new(flash: F, start: u32) -> Self {
        let () = Self::FITS;
        assert!(start.is_multiple_of(PAGE), "it begins with a page");
        Self {
            flash,
            pages: SettingsPages::new(start),
            ring: EventRing::new(start + settings_pages::PAGES * PAGE),
            settings: Settings::EMPTY,
        }
    }

    /// The flash, for inspection.
    pub const fn flash(&mut self) -> &mut F {
        &mut self.flash
    }

    /// Returns the flash.
    pub fn into_flash(self) -> F {
        self.flash
    }

    /// Erases everything. The settings, which make the layout recognisable, go last, so that the erase is repeated
    /// after a power cut.
    async fn format(&mut self) -> Result<(), StoreFault> {
        self.ring.clear(&mut self.flash).await?;
        self.pages.clear(&mut self.flash).await?;
        self.settings = Settings::EMPTY;
        Ok(())
    }

    /// Stores `settings` in flash and here, or in neither.
    async fn save(&mut self, settings: Settings) -> Result<(), StoreFault> {
        self.pages.save(&mut self.flash, &settings).await?;
        self.settings = settings;
        Ok(())
    }
}

impl<F: NorFlash> Store for FlashStore<F> {
    async fn open(&mut self) -> Result<StoredState, StoreFault> {
        match self.pages.load(&mut self.flash).await? {
            Some(settings) => {
                self.settings = settings;
                self.ring.load(&mut self.flash).await?;
            }
            None => self.format().await?,
        }
        // If the newest settings record is damaged, events may be from a later boot than the one before it.
        let last = self.settings.boot.max(self.ring.newest().map_or(0, |id| id.boot));
        if last == u16::MAX {
            // The numbers are used up, after ten years of 18 starts a day, or after six days of a fault at every start.
            // Events under the new numbers would be taken for older ones, so events and their owner go; bonds stay.
            self.ring.clear(&mut self.flash).await?;
            self.save(Settings { boot: 1, owner: None, ..self.settings.clone() }).await?;
        } else {
            self.save(Settings { boot: last + 1, ..self.settings.clone() }).await?;
        }
        let boot = self.settings.boot;
        let backlog = self.ring.backlog().map(|(oldest, count)| Backlog { oldest, count });
        let setup = Setup { boot, backlog, owner: self.settings.owner };
        Ok(StoredState { setup, bonds: self.settings.bonds.clone() })
    }

    async fn keep(&mut self, entry: Entry) -> Result<(), StoreFault> {
        self.ring.keep(&mut self.flash, entry).await
    }

    async fn fetch(&mut self, from: EventId) -> Result<Option<Entry>, StoreFault> {
        self.ring.fetch(&mut self.flash, from).await
    }

    async fn forget(&mut self, before: EventId) -> Result<(), StoreFault> {
        self.ring.forget(&mut self.flash, before).await
    }

    async fn keep_owner(&mut self, owner: Owner) -> Result<(), StoreFault> {
        // Released events must not come back under the new owner.
        self.ring.flush(&mut self.flash).await?;
        self.save(Settings { owner: Some(owner), ..self.settings.clone() }).await
    }

    async fn keep_bond(&mut self, bond: BondRecord) -> Result<(), StoreFault> {
        let mut settings = self.settings.clone();
        match settings.bonds.iter_mut().find(|kept| kept.bond == bond.bond) {
            Some(kept) => *kept = bond,
            None => settings.bonds.push(bond).map_err(|_| StoreFault)?,
        }
        self.save(settings).await
    }

    async fn drop_bonds(&mut self) -> Result<(), StoreFault> {
        let mut settings = self.settings.clone();
        settings.bonds.clear();
        self.pages.save_and_erase_old(&mut self.flash, &settings).await?;
        self.settings = settings;
        Ok(())
    }
}
