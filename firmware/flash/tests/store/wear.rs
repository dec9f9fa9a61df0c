//! Flash wear of ten years with two hours a day, simulated on the model.

use app::{BondRecord, Store};
use embassy_futures::block_on;
use flash::FlashStore;
use handheld::{Bond, Entry, EventId, Owner, Session};
use wire::Means;

use crate::model::{Cells, Model};

/// The figure in the table of firmware/README.md.
fn figure(key: &str) -> u32 {
    let row = include_str!("../../../figures.tsv").lines().find_map(|line| line.strip_prefix(key)).unwrap();
    row.split('\t').nth(2).unwrap().replace(',', "").parse().unwrap()
}

/// Erases a page endures: nRF52833 Product Specification, NVMC, electrical specification, n_ENDURANCE.
const ENDURANCE: u32 = 10_000;

const DAYS: u32 = 3653;

/// Clicks per day: one every five seconds of two hours, each acknowledged separately; an upper bound on real use.
const CLICKS: u32 = 2 * 3600 / 5;

/// Sessions per day, half an hour each.
const SESSIONS: u32 = 4;

/// A day: power-on, subscription, and sessions opened and closed.
async fn day(store: &mut FlashStore<Model>, day: u32) {
    let boot = store.open().await.unwrap().setup.boot;
    let bond = BondRecord {
        bond: Bond(0),
        random_address: true,
        address: [1; 6],
        irk: None,
        ltk: [2; 16],
        subscribed: day.is_multiple_of(2),
    };
    store.keep_bond(bond).await.unwrap();
    for seq in 0..CLICKS {
        let id = EventId { boot, seq };
        let in_session = seq % (CLICKS / SESSIONS);
        if in_session == 0 {
            let session = Some(Session { id: day * SESSIONS + 1, alone: false });
            store.keep_owner(Owner { bond: Bond(0), session }).await.unwrap();
        }
        store.keep(Entry { id, uptime: seq * 5000, show: 1, means: Means::Spot }).await.unwrap();
        store.forget(EventId { seq: seq + 1, ..id }).await.unwrap();
        if in_session + 1 == CLICKS / SESSIONS {
            store.keep_owner(Owner { bond: Bond(0), session: None }).await.unwrap();
        }
    }
}

#[test]
fn ten_years_of_two_hours_a_day_are_within_what_the_flash_stands() {
    let mut store = FlashStore::new(Model::new(Cells::blank(), 1), 0);
    for today in 0..DAYS {
        block_on(day(&mut store, today));
    }
    let cells = store.into_flash().cells;
    let most = |pages: &[u32]| pages.iter().copied().max().unwrap();
    let (settings, ring) = (most(&cells.erases[..2]), most(&cells.erases[2..]));
    assert_eq!((figure("wear-settings"), figure("wear-ring")), (settings, ring));
    assert!(settings.max(ring) * 2 < ENDURANCE);
}
