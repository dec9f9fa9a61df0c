//! Bluetooth LE: scanning, pairing, and links to a clicker.
//!
//! [`Bluetooth::start`] starts a thread with its own runtime, and everything Bluetooth runs there. Callers hold only
//! channel ends, so a failure of a Bluetooth stack, a panic included, can at most end a link.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use link::bluetooth::{Bluetooth, ClickerId};
//! use link::{Link, LinkError, Reach};
//!
//! let bluetooth = Bluetooth::start();
//! let id: ClickerId = "C0:12:34:56:78:9A".parse()?;
//! let mut clicker = bluetooth.clicker(&id);
//! loop {
//!     let mut link = clicker.reach().await?; // for as long as it takes
//!     loop {
//!         match link.next().await {
//!             Ok(frame) => println!("{:?}", wire::decode::<wire::Report>(frame.as_bytes())),
//!             Err(LinkError::Ended | LinkError::NotTaken { .. }) => break,
//!             Err(error @ LinkError::NotTrusted) => return Err(error.into()),
//!         }
//!     }
//! }
//! # }
//! ```
//!
//! - **Trust.** Frames are exchanged only over a bond that was made with the six digits. The clicker's attribute
//!   permissions enforce that; on Linux the bond is checked as well, and this program rejects any pairing request
//!   outside a [`Pairing`].
//! - **Backends.** Without the feature `bluetooth` the same types are there with nothing behind them: the adapter is
//!   [`Adapter::NotBuilt`], and every attempt fails and says so. Callers need no conditional compilation.
//! - **Systems.** On Linux, pairing, bonds, discovery and the adapter's state use BlueZ through `bluer`, connections
//!   use `btleplug`. On macOS and Windows everything uses `btleplug`, and the system pairs in its own dialog; that part
//!   is compiled only there and has **not been tried**.

mod id;
mod status;

#[cfg(not(feature = "bluetooth"))]
mod absent;
#[cfg(not(feature = "bluetooth"))]
use absent as backend;
#[cfg(feature = "bluetooth")]
mod native;
#[cfg(feature = "bluetooth")]
use native as backend;

pub use backend::{Bluetooth, Clicker, Connection, Pairing, Scan};
pub use id::{ClickerId, InvalidClickerId, InvalidPasskey, Passkey};
pub use status::{Adapter, BluetoothError, DeviceInfo, PairingFailed, PairingStep, ScanResult, Status};
