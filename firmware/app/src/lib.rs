//! The clicker on any Bluetooth controller and any board.
//!
//! [`run`] joins the clicker's logic ([`handheld`]) with a GATT server and a board, and decides nothing itself: what a
//! gesture means, what is sent and what is kept is the logic's; what is drawn, played and stored is the board's. What
//! is decided here is of Bluetooth alone: who may pair and when ([`PairingWindow`]), whose word counts, how the link is kept.
//!
//! ```text
//!   Frontend <---> pump of handheld <---> radio: host stack --- filter --- controller
//!                     ^                          |
//!                     v                          v
//!   Store <------- keeper <------- bonds, subscriptions
//! ```
//!
//! The three run side by side in one future on one thread. There is no allocator; every queue has a length.
//!
//! **What a board owes:** a [`Frontend`] whose button_events carry their time, a [`Store`] that survives a reset at any instant, a
//! controller for which nothing but [`run`] has a use, and an [`embassy_time`] driver. After a [`Fault`] it resets.
#![no_std]

mod board;
mod bond;
mod conn_params;
mod connection;
mod gatt;
mod hci_filter;
mod logic_task;
mod pairing_window;
mod picture;
mod radio;
mod shared;
mod storage_task;

use embassy_futures::select::{Either3, select3};
use embassy_time::Instant;

pub use board::{
    Board, BoardInfo, ButtonEvent, Frontend, PairingFault, Radio, StandardRadio, StatusEvent, Store,
    StoreFault, StoredState,
};
pub use bond::{BONDS, BondRecord};
pub use pairing_window::{
    FORGET_HOLD, MAX_FAILURES, OPEN_TIME, PASSKEY_TIMEOUT, PairingWindow, WindowAction,
};
pub use picture::{PairingDisplay, Picture};
pub use radio::ClickerController;

use crate::shared::Shared;

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
    let info = board.info();
    let (frontend, store, radio) = board.parts();
    let Ok(StoredState { setup, bonds }) = store.open().await else { return Fault::Store };
    let shared = Shared::new();
    shared.bonds.replace(bonds);
    shared.window_open.set(info.window);
    let logic = logic_task::run(frontend, &shared, began, setup, info.window);
    let storage = storage_task::run(store, &shared);
    // In this order: what the pump has decided is in the air before the keeper looks at a page of flash for it.
    match select3(logic, radio::run(controller, radio, &shared, info, began), storage).await {
        Either3::First(never) | Either3::Third(never) => never,
        Either3::Second(()) => Fault::Stack,
    }
}
