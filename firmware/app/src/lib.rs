//! The clicker on any Bluetooth controller and any board.
//!
//! [`run`] joins the clicker's logic ([`handheld`]) with a GATT server and a board. The logic decides what gestures
//! mean, what is sent and what is stored; the board draws, plays and stores. This crate decides only about Bluetooth:
//! who may pair and when ([`PairingWindow`]), which link is trusted, and which connection parameters to request.
//!
//! ```text
//!   Frontend <---> logic task (handheld) <---> radio: host stack --- HCI filter --- controller
//!                       ^                          |
//!                       v                          v
//!   Store <------- storage task <------- bonds, subscriptions
//! ```
//!
//! The three tasks run side by side in one future on one thread. There is no allocator; every queue has a fixed length.
//!
//! **What a board must provide:** a [`Frontend`] whose button events carry their time, a [`Store`] that survives a
//! reset at any instant, a controller that only [`run`] uses, and an [`embassy_time`] driver. After a [`Fault`] it must
//! reset.
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

/// Why [`run`] returned. The board resets, after the watchdog's time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Storage cannot be read or written at all.
    Store,
    /// The Bluetooth stack failed three times in a minute.
    Stack,
}

/// Runs the clicker. It returns only on a fault.
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
    // In this order: what the logic decides is sent before the storage task touches flash for it.
    match select3(logic, radio::run(controller, radio, &shared, info, began), storage).await {
        Either3::First(never) | Either3::Third(never) => never,
        Either3::Second(()) => Fault::Stack,
    }
}
