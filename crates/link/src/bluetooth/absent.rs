//! The backend of a build without Bluetooth: it has no adapter, hears nothing, and says why.
#![expect(clippy::unused_async, reason = "the other backend waits here")]

use std::future::pending;
use std::sync::Arc;

use tokio::sync::watch;
use wire::Frame;

use super::{
    Adapter, BluetoothError, ClickerId, DeviceInfo, PairingFailed, PairingStep, Passkey, ScanResult, Status,
};
use crate::{Link, LinkError, NotReached, Reach};

/// Why everything here fails.
const WHY: BluetoothError = BluetoothError::Adapter(Adapter::NotBuilt);

/// Handle to a Bluetooth that this program was built without. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Bluetooth {
    adapter: Arc<watch::Sender<Adapter>>,
}

impl Bluetooth {
    /// Starts nothing.
    #[must_use]
    pub fn start() -> Self {
        Self { adapter: Arc::new(watch::Sender::new(Adapter::NotBuilt)) }
    }

    /// State of the adapter: always [`Adapter::NotBuilt`].
    #[must_use]
    pub fn adapter(&self) -> watch::Receiver<Adapter> {
        self.adapter.subscribe()
    }

    /// A scan that fails.
    #[must_use]
    pub fn scan(&self) -> Scan {
        Scan { failed: false, _bluetooth: self.clone() }
    }

    /// A pairing that fails.
    #[must_use]
    pub fn pair(&self, _: &ClickerId) -> Pairing {
        Pairing { failed: false, _bluetooth: self.clone() }
    }

    /// Handle to a clicker that cannot be reached.
    #[must_use]
    pub fn clicker(&self, _: &ClickerId) -> Clicker {
        let status = watch::Sender::new(Status::Adapter(Adapter::NotBuilt));
        Clicker { status, about: watch::Sender::new(DeviceInfo::default()) }
    }

    /// Removes no bond.
    ///
    /// # Errors
    ///
    /// Always.
    pub async fn forget(&self, _: &ClickerId) -> Result<(), BluetoothError> {
        Err(WHY)
    }
}

/// A scan that fails once and then reports nothing.
#[derive(Debug)]
pub struct Scan {
    failed: bool,
    _bluetooth: Bluetooth,
}

impl Scan {
    /// Waits for a change of the list, of which there is none after the first error. Cancel-safe.
    ///
    /// # Errors
    ///
    /// At the first call.
    pub async fn changed(&mut self) -> Result<Vec<ScanResult>, BluetoothError> {
        if core::mem::replace(&mut self.failed, true) { pending().await } else { Err(WHY) }
    }
}

/// A pairing that fails.
#[derive(Debug)]
pub struct Pairing {
    failed: bool,
    _bluetooth: Bluetooth,
}

impl Pairing {
    /// Next step: [`PairingStep::Failed`], then `None`. Cancel-safe.
    pub async fn next(&mut self) -> Option<PairingStep> {
        let failed = core::mem::replace(&mut self.failed, true);
        (!failed).then_some(PairingStep::Failed(PairingFailed::Bluetooth(WHY)))
    }

    /// Never asked for.
    pub const fn answer(&mut self, _: Passkey) {}
}

/// A clicker that cannot be reached.
#[derive(Debug)]
pub struct Clicker {
    status: watch::Sender<Status>,
    about: watch::Sender<DeviceInfo>,
}

impl Clicker {
    /// Progress of connecting: none.
    #[must_use]
    pub fn status(&self) -> watch::Receiver<Status> {
        self.status.subscribe()
    }

    /// Device information: none.
    #[must_use]
    pub fn device_info(&self) -> watch::Receiver<DeviceInfo> {
        self.about.subscribe()
    }
}

impl Reach for Clicker {
    type Link = Connection;

    async fn reach(&mut self) -> Result<Connection, NotReached> {
        Err(NotReached::Gone)
    }
}

/// A Bluetooth link, of which there is none.
#[derive(Debug)]
pub enum Connection {}

impl Link for Connection {
    async fn next(&mut self) -> Result<Frame, LinkError> {
        match *self {}
    }

    async fn send(&mut self, _: &Frame) -> Result<(), LinkError> {
        match *self {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn every_attempt_fails_and_says_that_the_program_was_built_without() {
        let bluetooth = Bluetooth::start();
        let id = ClickerId::of_address([1; 6]);
        let told = [
            bluetooth.adapter().borrow().to_string(),
            bluetooth.scan().changed().await.unwrap_err().to_string(),
            bluetooth.forget(&id).await.unwrap_err().to_string(),
            match bluetooth.pair(&id).next().await {
                Some(PairingStep::Failed(why)) => why.to_string(),
                other => panic!("{other:?}"),
            },
        ];
        for text in told {
            assert!(text.contains("built without Bluetooth"), "{text}");
        }
        assert_eq!(bluetooth.clicker(&id).reach().await.unwrap_err(), NotReached::Gone);
    }
}
