//! What each system does in its own way: how the adapter published, who is in reach, bonds, pairing. All of it through one
//! [`System`], of which there is one for BlueZ and one for the rest.
//!
//! What is the same everywhere, the connection and its GATT_TIMEOUT, is in `gatt` and goes through btleplug.

#[cfg(not(target_os = "linux"))]
mod elsewhere;
#[cfg(target_os = "linux")]
mod linux;

use core::future::Future;
use core::time::Duration;

#[cfg(not(target_os = "linux"))]
pub(super) use elsewhere::{AgentGuard, SYSTEM_DIALOG, System};
#[cfg(target_os = "linux")]
pub(super) use linux::{AgentGuard, SYSTEM_DIALOG, System};

use super::fault::Fault;
use super::{Adapter, BluetoothError, ClickerId};

/// A question that the system answers from memory. A healthy one takes milliseconds; more than this is none at all.
pub(super) const QUERY_TIMEOUT: Duration = Duration::from_secs(5);

/// One heard advertisement, or what else is known of a clicker that is near.
#[derive(Debug, Clone)]
pub(super) struct Sighting {
    pub(super) id: ClickerId,
    pub(super) name: Option<String>,
    pub(super) rssi_dbm: Option<i16>,
    pub(super) bonded: Option<bool>,
    pub(super) connected: bool,
}

/// What listening tells.
#[derive(Debug)]
pub(super) enum ScanEvent {
    /// A clicker is near, or something about it has changed.
    Seen(Sighting),
    /// It is no longer near.
    Gone(ClickerId),
}

/// Waits for `what`, at most `limit`.
pub(super) async fn within<T, E>(
    limit: Duration,
    doing: &'static str,
    what: impl Future<Output = Result<T, E>>,
    classify: impl FnOnce(E) -> (Fault, String),
) -> Result<T, BluetoothError> {
    match tokio::time::timeout(limit, what).await {
        Err(_) => Err(BluetoothError::TimedOut { doing }),
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => {
            let (fault, why) = classify(error);
            Err(match fault {
                Fault::AdapterOff => BluetoothError::Adapter(Adapter::Off),
                Fault::NoDaemon => BluetoothError::Adapter(Adapter::NoDaemon { why }),
                Fault::NoPermission => BluetoothError::Adapter(Adapter::NoPermission { why }),
                Fault::NotTrusted
                | Fault::Dropped
                | Fault::NotPaired
                | Fault::Cancelled
                | Fault::Vanished
                | Fault::Already
                | Fault::Failed => BluetoothError::System { doing, why },
            })
        }
    }
}
