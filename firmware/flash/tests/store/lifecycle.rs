//! A simulated clicker using its storage, and the invariants checked at every simulated power cut.

use std::cell::RefCell;
use std::rc::Rc;

use app::{BondRecord, Store, StoredState};
use embassy_futures::block_on;
use flash::FlashStore;
use handheld::{Backlog, Bond, Entry, EventId, Owner, Session};
use wire::{Dial, Means};

use crate::model::{Cells, Model, Rng};

/// The most released events that may come back: every 16th release is written to flash.
const COME_BACK: usize = 16;

/// A storage operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operation {
    Open,
    Keep(Entry),
    Forget(EventId),
    Owner(Owner),
    Bond(BondRecord),
    DropBonds,
}

/// What the storage has confirmed.
#[derive(Debug, Clone, Default)]
pub(crate) struct Truth {
    boot: u16,
    bonds: Vec<BondRecord>,
    owner: Option<Owner>,
    /// All events ever stored, in order.
    kept: Vec<Entry>,
    /// Number of them that are released.
    released: usize,
    /// Number of them that must not come back.
    released_for_good: usize,
    operation: Option<Operation>,
}

impl Truth {
    /// The state once this operation is complete.
    fn after(&self, operation: Operation) -> Self {
        let mut after = self.clone();
        match operation {
            Operation::Open => {}
            Operation::Keep(entry) => after.kept.push(entry),
            Operation::Forget(before) => {
                after.released = self.kept.partition_point(|entry| entry.id < before)
            }
            Operation::Owner(owner) => {
                after.owner = Some(owner);
                after.released_for_good = self.released;
            }
            Operation::Bond(bond) => match after.bonds.iter_mut().find(|known| known.bond == bond.bond) {
                Some(known) => *known = bond,
                None => after.bonds.push(bond),
            },
            Operation::DropBonds => after.bonds.clear(),
        }
        after.operation = None;
        after
    }

    pub(crate) fn waiting(&self) -> usize {
        self.kept.len() - self.released
    }

    /// Whether the storage contains this state.
    fn fits(&self, found: &StoredState, events: &[Entry]) -> Result<(), String> {
        let say = |what: &str| Err(what.to_owned());
        if found.setup.boot <= self.boot {
            return say("a boot has a number that was used");
        }
        if found.bonds[..] != self.bonds {
            return say("a bond is lost, or is back");
        }
        if found.setup.owner != self.owner {
            return say("the owner is another");
        }
        let Some(began) = self.kept.len().checked_sub(events.len()) else {
            return say("there are more events than were ever kept");
        };
        if self.kept[began..] != *events {
            return say("the events are not the last ones in their order");
        }
        if began > self.released {
            return say("an event is lost");
        }
        if began < self.released_for_good || began + COME_BACK < self.released {
            return say("too many events have come back");
        }
        let oldest = events.first().map(|entry| entry.id);
        let backlog = oldest.map(|oldest| Backlog { oldest, count: events.len() as u16 });
        if found.setup.backlog != backlog {
            return say("the backlog is counted wrongly");
        }
        Ok(())
    }
}

/// Checks the state after a power cut: nothing confirmed is missing, the interrupted operation is complete or undone,
/// and the storage keeps working. `again` is the number of further power cuts during recovery.
fn check_recovery(torn: Cells, truth: &Truth, seed: u64, again: u8) {
    let shared = Rc::new(RefCell::new(truth.clone()));
    let mut life = Life { store: FlashStore::new(Model::new(torn, seed), 0), truth: shared, seed };
    if again > 0 {
        life.watch_then(again - 1, 1, |_| {});
    }
    let found = block_on(life.store.open()).unwrap();
    let events = life.events();
    let done = truth.operation.map(|operation| truth.after(operation));
    let whole = done
        .as_ref()
        .map_or_else(|| Err(String::from("nothing was being done")), |done| done.fits(&found, &events));
    let without = truth.fits(&found, &events);
    if let (Err(whole), Err(without)) = (&whole, &without) {
        panic!("{:?}: {without}; and if it were done: {whole}", truth.operation);
    }
    let released = truth.kept.len().saturating_sub(events.len());
    let mut now = if without.is_ok() { truth.clone() } else { done.unwrap() };
    (now.boot, now.operation, now.released) =
        (found.setup.boot, None, released.max(now.released_for_good).min(now.released));
    *life.truth.borrow_mut() = now.clone();
    let entry = event(now.boot, 0);
    life.keep(entry);
    life.store = FlashStore::new(Model::new(life.store.into_flash().cells, seed), 0);
    let found = block_on(life.store.open()).unwrap();
    let now = life.truth.borrow().clone();
    now.fits(&found, &life.events()).unwrap();
}

/// The simulated clicker.
pub(crate) struct Life {
    store: FlashStore<Model>,
    truth: Rc<RefCell<Truth>>,
    seed: u64,
}

impl Life {
    /// Starts with these blank cells.
    pub(crate) fn begin(cells: Cells, seed: u64) -> Self {
        let mut life =
            Self { store: FlashStore::new(Model::new(cells, seed), 0), truth: Rc::default(), seed };
        life.open();
        life
    }

    pub(crate) fn truth(&self) -> Truth {
        self.truth.borrow().clone()
    }

    pub(crate) fn into_cells(self) -> Cells {
        self.store.into_flash().cells
    }

    /// From now on simulates a power cut at every `each`th step.
    pub(crate) fn watch(&mut self, each: usize) {
        self.watch_then(0, each, |_| {});
    }

    /// The same, with a second power cut during recovery.
    pub(crate) fn watch_twice(&mut self, each: usize) {
        self.watch_then(1, each, |_| {});
    }

    fn watch_then(&mut self, again: u8, each: usize, mut seen: impl FnMut(usize) + 'static) {
        let (truth, mut steps) = (Rc::clone(&self.truth), 0);
        let seed = self.seed;
        let on_power_cut = Box::new(move |torn: Cells| {
            steps += 1;
            seen(steps);
            if steps % each == 0 {
                check_recovery(torn, &truth.borrow(), seed + steps as u64, again);
            }
        });
        self.with_model(|model| model.on_power_cut = Some(on_power_cut));
    }

    pub(crate) fn unwatch(&mut self) {
        self.with_model(|model| model.on_power_cut = None);
    }

    fn with_model(&mut self, act: impl FnOnce(&mut Model)) {
        act(self.store.flash());
    }

    fn act(&mut self, operation: Operation) {
        self.truth.borrow_mut().operation = Some(operation);
        let store = &mut self.store;
        let done = block_on(async {
            match operation {
                Operation::Open => Ok(()),
                Operation::Keep(entry) => store.keep(entry).await,
                Operation::Forget(before) => store.forget(before).await,
                Operation::Owner(owner) => store.keep_owner(owner).await,
                Operation::Bond(bond) => store.keep_bond(bond).await,
                Operation::DropBonds => store.drop_bonds().await,
            }
        });
        assert_eq!(done, Ok(()), "{operation:?}");
        let after = self.truth.borrow().after(operation);
        *self.truth.borrow_mut() = after;
    }

    /// A reset: all RAM is lost.
    pub(crate) fn reset(&mut self) {
        let blank = FlashStore::new(Model::new(Cells::of(Vec::new()), 1), 0);
        let before = core::mem::replace(&mut self.store, blank);
        self.store = FlashStore::new(before.into_flash(), 0);
        self.open();
    }

    fn open(&mut self) {
        self.truth.borrow_mut().operation = Some(Operation::Open);
        let found = block_on(self.store.open()).unwrap();
        let events = self.events();
        let mut truth = self.truth.borrow_mut();
        truth.fits(&found, &events).unwrap();
        (truth.boot, truth.operation) = (found.setup.boot, None);
        truth.released = truth.kept.len() - events.len();
    }

    /// All stored events, read as the logic does.
    fn events(&mut self) -> Vec<Entry> {
        let mut from = EventId { boot: 0, seq: 0 };
        let mut events = Vec::new();
        while let Some(entry) = block_on(self.store.fetch(from)).unwrap() {
            events.push(entry);
            from = EventId { seq: entry.id.seq + 1, ..entry.id };
        }
        events
    }

    pub(crate) fn keep(&mut self, entry: Entry) {
        self.act(Operation::Keep(entry));
    }

    /// Stores the next event of this boot.
    pub(crate) fn click(&mut self) {
        let next = self.next();
        self.keep(next);
    }

    /// Stores the next event; true if it does not fit.
    pub(crate) fn click_in_vain(&mut self) -> bool {
        let next = self.next();
        if block_on(self.store.keep(next)).is_err() {
            return true;
        }
        self.truth.borrow_mut().kept.push(next);
        false
    }

    fn next(&self) -> Entry {
        let truth = self.truth.borrow();
        let last = truth.kept.last().filter(|entry| entry.id.boot == truth.boot);
        event(truth.boot, last.map_or(0, |entry| entry.id.seq + 1))
    }

    /// The laptop acknowledges the oldest `events`.
    pub(crate) fn acknowledge(&mut self, events: usize) {
        let truth = self.truth();
        let events = events.min(truth.waiting());
        if events > 0 {
            let last = truth.kept[truth.released + events - 1].id;
            self.act(Operation::Forget(EventId { seq: last.seq + 1, ..last }));
        }
    }

    pub(crate) fn own(&mut self, bond: u8, session: Option<u32>) {
        let session = session.map(|id| Session { id, alone: false });
        self.act(Operation::Owner(Owner { bond: Bond(bond), session }));
    }

    pub(crate) fn pair(&mut self, number: u8, subscribed: bool) {
        self.act(Operation::Bond(BondRecord {
            bond: Bond(number),
            random_address: true,
            address: [number; 6],
            irk: Some([7; 16]),
            ltk: [number + 1; 16],
            subscribed,
        }));
    }

    pub(crate) fn forget_bonds(&mut self) {
        self.act(Operation::DropBonds);
    }

    /// A random operation.
    pub(crate) fn anything(&mut self, rng: &mut Rng) {
        match rng.below(100) {
            0..45 => self.click(),
            45..85 => {
                let events = 1 + rng.below(3);
                self.acknowledge(events);
            }
            85..88 => self.reset(),
            88..93 => {
                let session = Some(rng.next()).filter(|id| id % 2 == 1);
                self.own(rng.below(4) as u8, session);
            }
            93..98 => self.pair(rng.below(4) as u8, rng.below(2) == 0),
            98 => self.forget_bonds(),
            // Another laptop takes over: stored events are discarded.
            _ => {
                self.acknowledge(usize::MAX);
                self.own(rng.below(4) as u8, Some(9));
            }
        }
    }
}

/// Events differ from each other.
fn event(boot: u16, seq: u32) -> Entry {
    let means = Dial::new((seq % 10 + 1) as u8).map_or(Means::Sharp, Means::Rating);
    Entry { id: EventId { boot, seq }, uptime: seq * 1700, show: seq as u16, means }
}

/// A fault at every start counts a boot every 8 s, so the numbers may be used up within a week.
#[test]
fn bonds_outlive_the_boot_numbers() {
    let mut life = Life::begin(Cells::blank(), 1);
    life.pair(0, true);
    life.pair(1, false);
    let bonds = block_on(life.store.open()).unwrap().bonds;
    block_on(life.store.keep(event(u16::MAX, 0))).unwrap();
    let mut store = FlashStore::new(Model::new(life.store.into_flash().cells, 1), 0);
    let found = block_on(store.open()).unwrap();
    assert_eq!(found.bonds, bonds);
    assert_eq!((found.setup.boot, found.setup.backlog, found.setup.owner), (1, None, None));
    let mut store = FlashStore::new(Model::new(store.into_flash().cells, 1), 0);
    let found = block_on(store.open()).unwrap();
    assert_eq!((found.setup.boot, found.bonds), (2, bonds));
}
