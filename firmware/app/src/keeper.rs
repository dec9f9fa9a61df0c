//! Storage, beside everything else: takes requests one after the other and answers them.
//!
//! It lives beside the pump because a page of flash takes up to 85 ms to erase, and a button must not wait for that.

use handheld::{Answer, Owner};

use crate::board::{News, Store};
use crate::ether::{Ether, Request};

/// Does what is requested, for ever.
pub(crate) async fn keeper<S: Store>(store: &mut S, ether: &Ether) -> ! {
    // An owner that could not be kept. Without one, later entries would belong to nobody after a reset.
    let mut unkept: Option<Owner> = None;
    loop {
        match ether.requests.receive().await {
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
                    ether.tell(News::Stored(entry.place));
                } else {
                    ether.tell(News::StoreFault);
                }
                ether.answer(if kept.is_ok() { Answer::Kept } else { Answer::KeepFailed });
            }
            Request::Fetch(from) => ether.answer(match store.fetch(from).await {
                Ok(Some(entry)) => Answer::Fetched(entry),
                Ok(None) => Answer::NothingThere,
                Err(_) => Answer::FetchFailed,
            }),
            Request::Forget(before) => {
                // What is left over is sent again after a reset, and the laptop knows it already.
                if store.forget(before).await.is_err() {
                    ether.tell(News::StoreFault);
                }
            }
            Request::Owner(owner) => {
                let kept = store.keep_owner(owner).await;
                unkept = kept.err().map(|_| owner);
                if unkept.is_some() {
                    ether.tell(News::StoreFault);
                }
            }
            Request::Bond { record, new } => {
                let kept = store.keep_bond(record).await.is_ok();
                if kept {
                    let mut bonds = ether.bonds.borrow_mut();
                    match bonds.iter_mut().find(|bond| bond.bond == record.bond) {
                        Some(bond) => *bond = record,
                        // The radio asks only where there is a place.
                        None => drop(bonds.push(record)),
                    }
                } else {
                    ether.tell(News::StoreFault);
                }
                if new {
                    ether.bond_kept.signal(kept);
                }
            }
            Request::DropBonds => {
                if store.drop_bonds().await.is_ok() {
                    ether.bonds.borrow_mut().clear();
                    ether.tell(News::BondsForgotten);
                    ether.stir_radio.signal(());
                } else {
                    ether.tell(News::StoreFault);
                }
            }
        }
    }
}
