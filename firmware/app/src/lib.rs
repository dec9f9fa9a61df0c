//! The clicker on any Bluetooth controller and any board.
//!
//! [`run`] joins the clicker's logic ([`handheld`]) with a GATT server and a board, and decides nothing itself: what a
//! gesture means, what is sent and what is kept is the logic's; what is drawn, played and stored is the board's. What
//! is decided here is of Bluetooth alone: who may pair and when ([`Window`]), whose word counts, how the link is kept.
//!
//! ```text
//!   Front <---> pump of handheld <---> radio: host stack --- gate --- controller
//!                     ^                          |
//!                     v                          v
//!   Store <------- keeper <------- bonds, subscriptions
//! ```
//!
//! The three run side by side in one future on one thread. There is no allocator; every queue has a length.
//!
//! **What a board owes:** a [`Front`] whose edges carry their time, a [`Store`] that survives a reset at any instant, a
//! controller for which nothing but [`run`] has a use, and an [`embassy_time`] driver. After a [`Fault`] it resets.
#![no_std]

mod board;
mod bond;
mod connection;
mod ether;
mod gate;
mod gatt;
mod keeper;
mod params;
mod picture;
mod pump;
mod radio;
mod window;

use embassy_futures::select::{Either3, select3};
use embassy_time::Instant;

pub use board::{About, Board, Front, Kept, News, PairingFault, PlainRadio, Press, Radio, Store, StoreFault};
pub use bond::{BONDS, BondRecord};
pub use picture::{PairingFace, Picture};
pub use radio::ClickerController;
pub use window::{FORGET, OPEN, Order, TRIES, TYPING, Window};

use crate::ether::Ether;

/// Why the clicker cannot go on. The board resets, after a watchdog's time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Storage cannot be read or written at all, so nothing could be kept.
    Store,
    /// The Bluetooth stack has failed three times in a minute.
    Stack,
}

/// Runs the clicker. It returns only when it cannot go on.
pub async fn run<C: ClickerController, B: Board>(controller: &C, board: &mut B) -> Fault {
    let began = Instant::now();
    let about = board.about();
    let (front, store, radio) = board.parts();
    let Ok(Kept { setup, bonds }) = store.open().await else { return Fault::Store };
    let ether = Ether::new();
    ether.bonds.replace(bonds);
    ether.window_open.set(about.window);
    let pumping = pump::pump(front, &ether, began, setup, about.window);
    let keeping = keeper::keeper(store, &ether);
    // In this order: what the pump has decided is in the air before the keeper looks at a page of flash for it.
    match select3(pumping, radio::radio(controller, radio, &ether, about, began), keeping).await {
        Either3::First(never) | Either3::Third(never) => never,
        Either3::Second(()) => Fault::Stack,
    }
}
