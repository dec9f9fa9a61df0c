//! Flash with any other content is reformatted and usable from then on.

use app::Store;
use embassy_futures::block_on;
use flash::{FlashStore, LEN};
use handheld::Setup;

use crate::lifecycle::Life;
use crate::model::{Cells, Model, Rng};

const FRESH: Setup = Setup { boot: 1, backlog: None, owner: None };

fn opened(cells: Cells) -> (FlashStore<Model>, Setup) {
    let mut store = FlashStore::new(Model::new(cells, 1), 0);
    let kept = block_on(store.open()).unwrap();
    assert!(kept.bonds.is_empty());
    (store, kept.setup)
}

#[test]
fn rubbish_opens_as_an_empty_store_and_serves() {
    for seed in 1..200 {
        let mut rng = Rng(seed * 7_919);
        let words = (0..LEN / 4)
            .map(|_| match seed % 4 {
                0 => rng.next(),
                1 => rng.next() | rng.next() | rng.next(),
                2 => rng.next() & rng.next() & rng.next(),
                _ => *[0, u32::MAX, 0xb0, rng.next()].get(rng.below(4)).unwrap(),
            })
            .collect();
        let (store, setup) = opened(Cells::of(words));
        assert_eq!(setup, FRESH);
        let mut life = Life::begin(Cells::of(store.into_flash().cells.words().to_vec()), seed);
        for _ in 0..300 {
            life.click();
        }
        life.pair(0, true);
        life.reset();
        assert_eq!(life.truth().waiting(), 300);
    }
}

/// Flash cells after some use.
fn lived() -> Cells {
    let mut life = Life::begin(Cells::blank(), 1);
    life.pair(0, true);
    life.own(0, Some(5));
    for _ in 0..300 {
        life.click();
    }
    life.acknowledge(20);
    life.into_cells()
}

#[test]
fn another_layout_is_replaced_whole() {
    // The newest settings record, with the number of another layout and a valid CRC.
    let words = lived().words().to_vec();
    let mut bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
    let record = &mut bytes[..192];
    record[0] = 2;
    let crc = crc32(&record[..188]);
    record[188..].copy_from_slice(&crc.to_le_bytes());
    let words = bytes.chunks(4).map(|word| u32::from_le_bytes(word.try_into().unwrap())).collect();
    let (mut store, setup) = opened(Cells::of(words));
    assert_eq!(setup, FRESH);
    assert_eq!(block_on(store.fetch(handheld::EventId { boot: 0, seq: 0 })), Ok(None));
    // Nothing of the old content is left.
    let words = store.into_flash().cells.words().to_vec();
    assert!(words[1024 * 2..].iter().all(|word| *word == u32::MAX));
}

#[test]
fn damage_in_one_place_loses_what_stood_there_and_no_more() {
    let cells = lived();
    for at in 0..LEN as usize / 4 {
        let mut words = cells.words().to_vec();
        if words[at] == u32::MAX {
            continue;
        }
        words[at] ^= 0x0001_0000;
        let mut store = FlashStore::new(Model::new(Cells::of(words), 1), 0);
        let kept = block_on(store.open()).unwrap();
        // Page 0 contains three records by now. A word in the ring is part of an event, of the beginning of a page, or
        // of a release record, whose events then come back.
        if at < 2048 {
            assert!(kept.bonds.len() == 1 || at < 3 * 48);
        } else {
            let count = kept.setup.backlog.unwrap().count;
            assert!(matches!(count, 279 | 280 | 300), "{count} at {at}");
        }
        assert!(kept.setup.boot >= 2);
    }
}

#[test]
fn a_boot_is_never_numbered_twice_though_its_record_is_damaged() {
    let mut life = Life::begin(Cells::blank(), 1);
    life.reset();
    life.reset();
    life.click();
    let mut words = life.into_cells().words().to_vec();
    // The third record is that of boot 3.
    words[2 * 48] ^= 1 << 9;
    let (_, setup) = opened(Cells::of(words));
    assert_eq!(setup.boot, 4);
}

/// An implementation independent of the crate's own.
fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 };
        }
    }
    !crc
}
