//! The storage task: carries out store requests one at a time and answers them.
//!
//! It is a task of its own because erasing a page of flash takes up to 85 ms, and a button must not wait for that.

use handheld::{Answer, Owner};

use crate::board::{StatusEvent, Store};
use crate::shared::{Request, Shared};

/// Carries out requests forever.
pub(crate) async fn run<S: Store>(store: &mut S, shared: &Shared) -> ! {
    // An owner that could not be stored. Later entries must wait for it: after a reset they would have no owner.
    let mut unkept: Option<Owner> = None;
    loop {
        match shared.requests.receive().await {
            Request::Keep(entry) => {
                let owned = match unkept {
                    Some(owner) => store.keep_owner(owner).await,
                    None => Ok(()),
                };
                if owned.is_ok() {
                    unkept = None;
                }
                let kept = match owned {
                    Ok(()) => store.keep(entry).await,
                    Err(fault) => Err(fault),
                };
                if kept.is_ok() {
                    shared.notify(StatusEvent::Stored(entry.id));
                } else {
                    shared.notify(StatusEvent::StoreFault);
                }
                shared.answer(if kept.is_ok() { Answer::Kept } else { Answer::KeepFailed });
            }
            Request::Fetch(from) => shared.answer(match store.fetch(from).await {
                Ok(Some(entry)) => Answer::Fetched(entry),
                Ok(None) => Answer::NothingThere,
                Err(_) => Answer::FetchFailed,
            }),
            Request::Forget(before) => {
                // Entries left over are sent again after a reset, and the laptop recognises them.
                if store.forget(before).await.is_err() {
                    shared.notify(StatusEvent::StoreFault);
                }
            }
            Request::Owner(owner) => {
                let kept = store.keep_owner(owner).await;
                unkept = kept.err().map(|_| owner);
                if unkept.is_some() {
                    shared.notify(StatusEvent::StoreFault);
                }
            }
            Request::Bond { record, new } => {
                let kept = store.keep_bond(record).await.is_ok();
                if kept {
                    let mut bonds = shared.bonds.borrow_mut();
                    match bonds.iter_mut().find(|bond| bond.bond == record.bond) {
                        Some(bond) => *bond = record,
                        // The radio sends a request only if there is space.
                        None => drop(bonds.push(record)),
                    }
                } else {
                    shared.notify(StatusEvent::StoreFault);
                }
                if new {
                    shared.bond_kept.signal(kept);
                }
            }
            Request::DropBonds => {
                if store.drop_bonds().await.is_ok() {
                    shared.bonds.borrow_mut().clear();
                    shared.notify(StatusEvent::BondsForgotten);
                    shared.wake_radio.signal(());
                } else {
                    shared.notify(StatusEvent::StoreFault);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use embassy_futures::block_on;
    use embassy_futures::select::{Either, select};
    use handheld::{Bond, Entry, EventId};
    use wire::Means;

    use super::*;
    use crate::board::{StoreFault, StoredState};
    use crate::bond::BondRecord;

    /// A store whose first writes fail.
    struct Failing {
        left: u8,
        owner: Option<Owner>,
        entries: heapless::Vec<Entry, 8>,
    }

    impl Failing {
        fn write(&mut self) -> Result<(), StoreFault> {
            if self.left == 0 {
                return Ok(());
            }
            self.left -= 1;
            Err(StoreFault)
        }
    }

    impl Store for Failing {
        async fn open(&mut self) -> Result<StoredState, StoreFault> {
            Err(StoreFault)
        }

        async fn keep(&mut self, entry: Entry) -> Result<(), StoreFault> {
            self.write()?;
            self.entries.push(entry).map_err(|_| StoreFault)
        }

        async fn fetch(&mut self, from: EventId) -> Result<Option<Entry>, StoreFault> {
            self.write()?;
            Ok(self.entries.iter().find(|entry| entry.id >= from).copied())
        }

        async fn forget(&mut self, before: EventId) -> Result<(), StoreFault> {
            self.write()?;
            self.entries.retain(|entry| entry.id >= before);
            Ok(())
        }

        async fn keep_owner(&mut self, owner: Owner) -> Result<(), StoreFault> {
            self.write()?;
            self.owner = Some(owner);
            Ok(())
        }

        async fn keep_bond(&mut self, _bond: BondRecord) -> Result<(), StoreFault> {
            self.write()
        }

        async fn drop_bonds(&mut self) -> Result<(), StoreFault> {
            self.write()
        }
    }

    fn failing(left: u8) -> Failing {
        Failing { left, owner: None, entries: heapless::Vec::new() }
    }

    fn entry(seq: u32) -> Entry {
        Entry { id: EventId { boot: 1, seq }, uptime: 0, show: 0, means: Means::Spot }
    }

    /// Carries out the requests and collects as many answers.
    fn done<const N: usize>(store: &mut Failing, shared: &Shared, requests: &[Request]) -> [Answer; N] {
        let ask = async {
            for request in requests {
                shared.requests.send(*request).await;
            }
            let mut answers = [Answer::NothingThere; N];
            for answer in &mut answers {
                *answer = shared.answers.receive().await;
            }
            answers
        };
        match block_on(select(run(store, shared), ask)) {
            Either::First(never) => never,
            Either::Second(answers) => answers,
        }
    }

    #[test]
    fn requests_are_done_in_order_and_answered() {
        let (mut store, shared) = (failing(0), Shared::new());
        let from = EventId { boot: 1, seq: 0 };
        let before = EventId { boot: 1, seq: 1 };
        let requests = [
            Request::Keep(entry(0)),
            Request::Keep(entry(1)),
            Request::Fetch(from),
            Request::Forget(before),
            Request::Fetch(from),
        ];
        let answers = done(&mut store, &shared, &requests);
        let fetched = [Answer::Fetched(entry(0)), Answer::Fetched(entry(1))];
        assert_eq!(answers, [Answer::Kept, Answer::Kept, fetched[0], fetched[1]]);
    }

    #[test]
    fn nothing_is_kept_that_would_belong_to_nobody() {
        let (mut store, shared) = (failing(2), Shared::new());
        let owner = Owner { bond: Bond(2), session: None };
        // Storing the owner fails, and again before the first event; then both are stored.
        let requests = [Request::Owner(owner), Request::Keep(entry(0)), Request::Keep(entry(0))];
        let answers = done(&mut store, &shared, &requests);
        assert_eq!(answers, [Answer::KeepFailed, Answer::Kept]);
        assert_eq!((store.owner, &store.entries[..]), (Some(owner), &[entry(0)][..]));
    }

    #[test]
    fn a_bond_that_is_not_kept_is_none() {
        let shared = Shared::new();
        let record = BondRecord {
            bond: Bond(0),
            random_address: false,
            address: [1; 6],
            irk: None,
            ltk: [2; 16],
            subscribed: false,
        };
        let mut store = failing(1);
        for kept in [false, true] {
            let ask = async {
                shared.requests.send(Request::Bond { record, new: true }).await;
                shared.bond_kept.wait().await
            };
            let Either::Second(answer) = block_on(select(run(&mut store, &shared), ask));
            assert_eq!((answer, shared.bonds.borrow().len()), (kept, usize::from(kept)));
        }
    }
}
