//! The clicker's storage in a piece of NOR flash, for every board that has one.
//!
//! ```text
//!   page 0, 1   who is settings: boot counter, owner and session, bonds; a record of all of it, written anew at each change
//!   page 2..8   what waits for the laptop: a ring of events, 16 bytes each
//! ```
//!
//! **What a power cut may leave.** A word half written, so that it reads as anything between; a page half erased, so that
//! any bit of it may read as it did or as erased. An erase takes 85 ms and is done in nine pieces between the radio's
//! events, so a battery that is pulled does hit one. Hence:
//!
//! - **Invariant:** a page is erased just before it is first written to, by whoever is about to write. A page that looks
//!   erased is never believed to be.
//! - **Invariant:** nothing that is still wanted stands in a page that is erased, however far the erase gets.
//! - **Invariant:** a word is written once between two erases (the nRF52833 allows two), and read back.
//! - A record counts where its CRC-32 is right, so half of one does not.
//!
//! **Why not `sequential-storage`.** It takes a page for empty whose first and last word are erased, and a half-erased
//! page may look so; what is then written into it comes out damaged, after it was reported as kept. On the model of the
//! tests beside this, three of the twelve ways of cutting an erase short made its queue (8.0.2) lose later events so. Its
//! map repairs an interrupted clean-up by erasing the good page. And with 8 bytes of its own around each event, 1,056 of
//! them and the bonds need 40 KiB.
//!
//! **Layout.** The number of the layout stands in each record of page 0 and 1. Where none of this layout stands there, or
//! one of another, everything is erased: what is not understood is not guessed at.
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

/// A page, the least that can be erased.
pub const PAGE: u32 = 4096;

/// How much flash it takes.
pub const LEN: u32 = (settings_pages::PAGES + event_ring::PAGES) * PAGE;

/// The storage, in [`LEN`] bytes of `F`.
#[derive(Debug)]
pub struct FlashStore<F> {
    flash: F,
    pages: SettingsPages,
    ring: EventRing,
    /// As flash has it. It is empty until [`Store::open`].
    settings: Settings,
}

impl<F: NorFlash> FlashStore<F> {
    const FITS: () = assert!(
        F::ERASE_SIZE == PAGE as usize && 4 % F::WRITE_SIZE == 0 && 4 % F::READ_SIZE == 0,
        "the layout is for pages of 4 KiB and words of at most 4 bytes"
    );

    /// The storage that begins at this address, which is that of a page.
    #[must_use]
    pub const fn new(flash: F, start: u32) -> Self {
        let () = Self::FITS;
        assert!(start.is_multiple_of(PAGE), "it begins with a page");
        Self {
            flash,
            pages: SettingsPages::new(start),
            ring: EventRing::new(start + settings_pages::PAGES * PAGE),
            settings: Settings::NOTHING,
        }
    }

    /// The flash, for who wants to look at it.
    pub const fn flash(&mut self) -> &mut F {
        &mut self.flash
    }

    /// The flash again.
    pub fn into_flash(self) -> F {
        self.flash
    }

    /// Erases all of it. What marks it as not understood goes last, so that a power cut in between changes nothing.
    async fn format(&mut self) -> Result<(), StoreFault> {
        self.ring.clear(&mut self.flash).await?;
        self.pages.clear(&mut self.flash).await?;
        self.settings = Settings::NOTHING;
        Ok(())
    }

    /// Has `settings` in flash and here, or neither.
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
        // Where the newest record of it is damaged, events may be of a later boot than the one before it tells.
        let last = self.settings.boot.max(self.ring.newest().map_or(0, |id| id.boot));
        if last == u16::MAX {
            // The numbers are used up: after ten years of 18 starts a day.
            self.format().await?;
        }
        let boot = if last == u16::MAX { 1 } else { last + 1 };
        self.save(Settings { boot, ..self.settings.clone() }).await?;
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
        // What was let go of is not to come back as this owner's.
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
        self.pages.save_alone(&mut self.flash, &settings).await?;
        self.settings = settings;
        Ok(())
    }
}
