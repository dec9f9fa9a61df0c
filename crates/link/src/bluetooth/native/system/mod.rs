//! System-specific part: adapter state, scanning, bonds and pairing. One [`System`] for BlueZ, one for the other
//! systems.
//!
//! Connections and GATT are the same everywhere and go through btleplug; see `gatt`.

#[cfg(not(target_os = "linux"))]
mod elsewhere;
#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "linux")]
mod linux_adapters;

use core::future::Future;
use core::time::Duration;

#[cfg(not(target_os = "linux"))]
pub(super) use elsewhere::{AgentGuard, SYSTEM_DIALOG, System};
#[cfg(target_os = "linux")]
pub(super) use linux::{AgentGuard, SYSTEM_DIALOG, System};

use super::fault::Fault;
use super::{Adapter, BluetoothError, ClickerId};

/// Timeout of a query that the system answers from memory. A healthy system takes milliseconds.
pub(super) const QUERY_TIMEOUT: Duration = Duration::from_secs(5);

/// One advertisement, or a change of a known clicker.
#[derive(Debug, Clone)]
pub(super) struct Sighting {
    pub(super) id: ClickerId,
    pub(super) name: Option<String>,
    pub(super) rssi_dbm: Option<i16>,
    pub(super) bonded: Option<bool>,
    pub(super) connected: bool,
}

/// Event of a running discovery.
#[derive(Debug)]
pub(super) enum ScanEvent {
    /// A clicker is in reach, or its properties changed.
    Seen(Sighting),
    /// The system removed the clicker.
    #[cfg_attr(not(any(target_os = "linux", test)), expect(dead_code, reason = "only BlueZ reports it"))]
    Gone(ClickerId),
}

/// Runs `what` with a timeout and converts its error.
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
