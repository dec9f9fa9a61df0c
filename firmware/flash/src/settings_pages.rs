//! Settings: boot counter, owner with its session, and bonds. They are one record, rewritten at each change, in two
//! alternating pages: while one page is erased, the other contains the newest record.
//!
//! ```text
//!   0        1        3        7                       16                    184   188
//!   layout   boot     serial   owner: 0 or 1, bond,    bonds: 0 or 1 each,   0     crc
//!                              session or 0, alone     42 bytes each
//! ```

use app::{BONDS, BondRecord, StoreFault};
use embedded_storage_async::nor_flash::NorFlash;
use handheld::{Bond, Owner, Session};
use heapless::Vec;

use crate::PAGE;
use crate::crc::crc32;

/// Number of settings pages.
pub(crate) const PAGES: u32 = 2;

/// Number of this layout, records of the event ring included. It is raised when an older reader would misinterpret it;
/// a newer reader converts what it knows and erases both pages of the old layout.
const LAYOUT: u8 = 1;

const OWNER: usize = 7;
const FIRST_BOND: usize = 16;
const BOND: usize = 1 + BondRecord::LEN;
const CRC: usize = FIRST_BOND + BONDS * BOND;

/// Length of a record in bytes.
const LEN: usize = CRC + 4;

/// Records per page.
const SLOTS: u32 = PAGE / LEN as u32;

/// Write attempts, each in the next slot, in case flash cells are worn out.
const WRITE_ATTEMPTS: u8 = 3;

/// The settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Settings {
    pub(crate) boot: u16,
    pub(crate) owner: Option<Owner>,
    pub(crate) bonds: Vec<BondRecord, BONDS>,
}

impl Settings {
    pub(crate) const EMPTY: Self = Self { boot: 0, owner: None, bonds: Vec::new() };

    fn to_bytes(&self, serial: u32) -> [u8; LEN] {
        let mut bytes = [0; LEN];
        bytes[0] = LAYOUT;
        bytes[1..3].copy_from_slice(&self.boot.to_le_bytes());
        bytes[3..7].copy_from_slice(&serial.to_le_bytes());
        if let Some(Owner { bond, session }) = self.owner {
            bytes[OWNER] = 1;
            bytes[OWNER + 1] = bond.0;
            if let Some(Session { id, alone }) = session {
                bytes[OWNER + 2..OWNER + 6].copy_from_slice(&id.to_le_bytes());
                bytes[OWNER + 6] = u8::from(alone);
            }
        }
        for (bond, place) in self.bonds.iter().zip(bytes[FIRST_BOND..CRC].chunks_exact_mut(BOND)) {
            place[0] = 1;
            place[1..].copy_from_slice(&bond.to_bytes());
        }
        let crc = crc32(&bytes[..CRC]);
        bytes[CRC..].copy_from_slice(&crc.to_le_bytes());
        bytes
    }

    /// Inverse of `to_bytes`; `None` for another layout or invalid values.
    fn from_bytes(bytes: &[u8; LEN]) -> Option<Self> {
        if bytes[0] != LAYOUT {
            return None;
        }
        let flag = |byte: u8| match byte {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        };
        let owner = if flag(bytes[OWNER])? {
            let id = u32::from_le_bytes(bytes[OWNER + 2..OWNER + 6].try_into().ok()?);
            let alone = flag(bytes[OWNER + 6])?;
            Some(Owner { bond: Bond(bytes[OWNER + 1]), session: (id != 0).then_some(Session { id, alone }) })
        } else {
            None
        };
        let mut bonds = Vec::new();
        for place in bytes[FIRST_BOND..CRC].chunks_exact(BOND) {
            if flag(place[0])? {
                bonds.push(BondRecord::from_bytes(&place[1..])?).ok()?;
            }
        }
        Some(Self { boot: u16::from_le_bytes([bytes[1], bytes[2]]), owner, bonds })
    }
}

/// The two pages.
#[derive(Debug)]
pub(crate) struct SettingsPages {
    start: u32,
    /// Serial number of the newest record. The page that contains it is not erased.
    serial: u32,
    page: u32,
    /// Page and slot of the next record; beyond the last slot if a page must be erased first.
    next: (u32, u32),
}

impl SettingsPages {
    pub(crate) const fn new(start: u32) -> Self {
        Self { start, serial: 0, page: 1, next: (0, SLOTS) }
    }

    /// The newest record. `None` if there is none, or if there is one of another layout.
    pub(crate) async fn load<F: NorFlash>(&mut self, flash: &mut F) -> Result<Option<Settings>, StoreFault> {
        *self = Self::new(self.start);
        let mut newest = None;
        let mut foreign = false;
        let mut used = [0; PAGES as usize];
        for (page, used) in (0..PAGES).zip(&mut used) {
            for slot in 0..SLOTS {
                let mut bytes = [0; LEN];
                flash.read(self.address(page, slot), &mut bytes).await.map_err(|_| StoreFault)?;
                if bytes != [0xff; LEN] {
                    *used = slot + 1;
                }
                let [.., c0, c1, c2, c3] = bytes;
                if crc32(&bytes[..CRC]) != u32::from_le_bytes([c0, c1, c2, c3]) {
                    continue;
                }
                let Some(settings) = Settings::from_bytes(&bytes) else {
                    foreign = true;
                    continue;
                };
                let serial = u32::from_le_bytes([bytes[3], bytes[4], bytes[5], bytes[6]]);
                if newest.is_none() || serial > self.serial {
                    (self.serial, self.page) = (serial, page);
                    newest = Some(settings);
                }
            }
        }
        if foreign || newest.is_none() {
            *self = Self::new(self.start);
            return Ok(None);
        }
        self.next = (self.page, used[self.page as usize]);
        Ok(newest)
    }

    /// Writes the settings.
    pub(crate) async fn save<F: NorFlash>(
        &mut self,
        flash: &mut F,
        settings: &Settings,
    ) -> Result<(), StoreFault> {
        let serial = self.serial + 1;
        let bytes = settings.to_bytes(serial);
        for _ in 0..WRITE_ATTEMPTS {
            if self.next.1 >= SLOTS {
                let page = 1 - self.page;
                self.erase(flash, page).await?;
                self.next = (page, 0);
            }
            let (page, slot) = self.next;
            let address = self.address(page, slot);
            // Even after a failed write the slot is no longer blank.
            self.next.1 += 1;
            flash.write(address, &bytes).await.map_err(|_| StoreFault)?;
            let mut back = [0; LEN];
            flash.read(address, &mut back).await.map_err(|_| StoreFault)?;
            if back == bytes {
                (self.serial, self.page) = (serial, page);
                return Ok(());
            }
        }
        Err(StoreFault)
    }

    /// Writes the settings and erases older records, so that deleted keys are gone.
    pub(crate) async fn save_and_erase_old<F: NorFlash>(
        &mut self,
        flash: &mut F,
        settings: &Settings,
    ) -> Result<(), StoreFault> {
        let before = self.page;
        self.next = (before, SLOTS);
        self.save(flash, settings).await?;
        self.erase(flash, before).await
    }

    /// Erases both pages, the newer one last, so that an older record never becomes the newest.
    pub(crate) async fn clear<F: NorFlash>(&mut self, flash: &mut F) -> Result<(), StoreFault> {
        self.erase(flash, 1 - self.page).await?;
        self.erase(flash, self.page).await?;
        *self = Self::new(self.start);
        Ok(())
    }

    async fn erase<F: NorFlash>(&self, flash: &mut F, page: u32) -> Result<(), StoreFault> {
        let from = self.address(page, 0);
        flash.erase(from, from + PAGE).await.map_err(|_| StoreFault)
    }

    const fn address(&self, page: u32, slot: u32) -> u32 {
        self.start + page * PAGE + slot * LEN as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bond(number: u8) -> BondRecord {
        BondRecord {
            bond: Bond(number),
            random_address: true,
            address: [number; 6],
            irk: Some([7; 16]),
            ltk: [9; 16],
            subscribed: true,
        }
    }

    #[test]
    fn what_is_known_comes_back_from_its_bytes() {
        let sessions =
            [None, Some(Session { id: 0x0403_0201, alone: true }), Some(Session { id: 1, alone: false })];
        let owners = sessions.map(|session| Some(Owner { bond: Bond(3), session }));
        for owner in owners.into_iter().chain([None]) {
            for bonds in 0..=BONDS as u8 {
                let settings = Settings { boot: 0x0201, owner, bonds: (0..bonds).map(bond).collect() };
                assert_eq!(Settings::from_bytes(&settings.to_bytes(77)), Some(settings));
            }
        }
    }

    /// The bytes of layout 1. Do not change this test.
    #[test]
    fn it_has_these_bytes() {
        let session = Some(Session { id: 0x0d0c_0b0a, alone: true });
        let owner = Some(Owner { bond: Bond(9), session });
        let settings = Settings { boot: 0x0302, owner, bonds: [bond(5)].into_iter().collect() };
        let bytes = settings.to_bytes(0x0706_0504);
        #[rustfmt::skip]
        let head = [
            1,                // layout
            2, 3,             // boot
            4, 5, 6, 7,       // serial
            1, 9,             // there is an owner, its bond
            10, 11, 12, 13,   // its session
            1,                // alone
            0, 0,
            1,                // there is a bond
        ];
        assert_eq!(bytes[..17], head);
        assert_eq!(bytes[17..59], bond(5).to_bytes());
        assert!(bytes[59..188].iter().all(|byte| *byte == 0));
        assert_eq!(bytes[188..], crc32(&bytes[..188]).to_le_bytes());
    }

    #[test]
    fn another_layout_is_not_read() {
        let mut bytes = Settings::EMPTY.to_bytes(1);
        bytes[0] = LAYOUT + 1;
        assert_eq!(Settings::from_bytes(&bytes), None);
    }
}
