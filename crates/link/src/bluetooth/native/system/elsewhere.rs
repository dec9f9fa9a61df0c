//! macOS and Windows, as far as btleplug supports them: the system pairs in its own dialog on the first access, and
//! does not expose its bonds. Kept small. **Type-checked for both, and not tried on them yet.**

use core::time::Duration;
use std::pin::Pin;
use std::sync::Arc;

use btleplug::api::{Central as _, CentralEvent, CentralState, Manager as _, Peripheral as _, ScanFilter};
use btleplug::platform::{Adapter as Central, Manager, PeripheralId};
use futures_util::stream::{Stream, StreamExt};
use tokio::sync::{mpsc, oneshot, watch};

use super::{QUERY_TIMEOUT, ScanEvent, Sighting, within};
use crate::bluetooth::native::fault::{self, Fault};
use crate::bluetooth::native::gatt;
use crate::bluetooth::{Adapter, BluetoothError, ClickerId, Passkey};

/// The system's dialog asks for the digits.
pub(in crate::bluetooth) const SYSTEM_DIALOG: bool = true;

/// Interval at which the adapter's state is polled: btleplug reports no event for some changes.
const POLL_INTERVAL: Duration = Duration::from_secs(5);

type Events = Pin<Box<dyn Stream<Item = CentralEvent> + Send>>;

/// The system's Bluetooth through btleplug.
pub(in crate::bluetooth) struct System {
    manager: Manager,
}

/// Empty: the system never pairs without its dialog.
pub(in crate::bluetooth) struct AgentGuard;

/// A running scan; dropping it stops scanning.
pub(in crate::bluetooth) struct Discovery {
    central: Central,
    events: Events,
}

impl System {
    pub(in crate::bluetooth) async fn start(manager: &Manager) -> Result<Self, BluetoothError> {
        Ok(Self { manager: manager.clone() })
    }

    pub(in crate::bluetooth) async fn watch(&self, published: &watch::Sender<Adapter>) {
        loop {
            let now = match self.central().await {
                Err(BluetoothError::Adapter(adapter)) => adapter,
                Err(error) => Adapter::NoDaemon { why: error.to_string() },
                Ok(central) => match call("asking for the adapter", central.adapter_state()).await {
                    Ok(CentralState::PoweredOn) => Adapter::Ready { name: "Bluetooth".to_owned() },
                    Ok(CentralState::PoweredOff) => Adapter::Off,
                    Ok(CentralState::Unknown) | Err(_) => Adapter::Starting,
                },
            };
            published.send_if_modified(|current| std::mem::replace(current, now.clone()) != now);
            tokio::time::sleep(POLL_INTERVAL).await;
        }
    }

    pub(in crate::bluetooth) async fn hold_agent(&self) -> Result<Arc<AgentGuard>, BluetoothError> {
        Ok(Arc::new(AgentGuard))
    }

    pub(in crate::bluetooth) async fn start_discovery(&self) -> Result<Discovery, BluetoothError> {
        let central = self.central().await?;
        let events = call("listening", central.events()).await?;
        let filter = ScanFilter { services: vec![gatt::uuid(wire::gatt::SERVICE)] };
        call("starting to scan", central.start_scan(filter)).await?;
        Ok(Discovery { central, events })
    }

    pub(in crate::bluetooth) async fn bonded(&self, _id: &ClickerId) -> Result<Option<bool>, BluetoothError> {
        Ok(None)
    }

    pub(in crate::bluetooth) async fn disconnected(&self, id: &ClickerId) {
        let ended = async {
            let central = self.central().await.ok()?;
            let mut events = central.events().await.ok()?;
            while let Some(event) = events.next().await {
                if let CentralEvent::DeviceDisconnected(other) = event
                    && id_of(&central, &other).await.as_ref() == Some(id)
                {
                    return Some(());
                }
            }
            None
        };
        if ended.await.is_none() {
            core::future::pending::<()>().await;
        }
    }

    pub(in crate::bluetooth) async fn forget(&self, _id: &ClickerId) -> Result<(), BluetoothError> {
        let why = "only the system's own Bluetooth settings can".to_owned();
        Err(BluetoothError::System { doing: "removing the bond", why })
    }

    pub(in crate::bluetooth) async fn battery(&self, _id: &ClickerId) -> Option<u8> {
        None
    }

    pub(in crate::bluetooth) async fn name(&self, id: &ClickerId) -> Option<String> {
        let central = self.central().await.ok()?;
        for peripheral in call("asking for the name", central.peripherals()).await.ok()? {
            if gatt::id_of(&peripheral).as_ref() == Some(id) {
                return peripheral.properties().await.ok().flatten()?.local_name;
            }
        }
        None
    }

    pub(in crate::bluetooth) async fn pair(
        &self,
        _id: &ClickerId,
        _questions: mpsc::Sender<(ClickerId, oneshot::Sender<Passkey>)>,
    ) -> Result<(), (BluetoothError, Fault)> {
        Ok(())
    }

    pub(in crate::bluetooth) async fn connected(&self, _id: &ClickerId) {
        core::future::pending().await
    }

    pub(in crate::bluetooth) async fn dropped(&self, _id: &ClickerId) {
        core::future::pending().await
    }

    pub(in crate::bluetooth) async fn object(
        &self,
        _id: &ClickerId,
    ) -> Result<Option<String>, BluetoothError> {
        Ok(None)
    }

    async fn central(&self) -> Result<Central, BluetoothError> {
        let adapters = call("asking for the adapter", self.manager.adapters()).await?;
        adapters.into_iter().next().ok_or(BluetoothError::Adapter(Adapter::Missing))
    }
}

impl Discovery {
    pub(in crate::bluetooth) async fn next(&mut self) -> Result<ScanEvent, BluetoothError> {
        while let Some(event) = self.events.next().await {
            let id = match event {
                CentralEvent::DeviceDiscovered(id)
                | CentralEvent::DeviceUpdated(id)
                | CentralEvent::RssiUpdate { id, .. }
                | CentralEvent::ServicesAdvertisement { id, .. } => id,
                _ => continue,
            };
            let Ok(peripheral) = self.central.peripheral(&id).await else { continue };
            let Some(id) = gatt::id_of(&peripheral) else { continue };
            let Ok(Some(known)) = call("scanning", peripheral.properties()).await else { continue };
            if !known.services.contains(&gatt::uuid(wire::gatt::SERVICE)) {
                continue;
            }
            let connected = peripheral.is_connected().await.unwrap_or(false);
            let rssi_dbm = known.rssi;
            return Ok(ScanEvent::Seen(Sighting {
                id,
                name: known.local_name,
                rssi_dbm,
                bonded: None,
                connected,
            }));
        }
        Err(BluetoothError::System { doing: "scanning", why: "scanning was stopped".to_owned() })
    }
}

impl Drop for Discovery {
    fn drop(&mut self) {
        let central = self.central.clone();
        tokio::spawn(async move { central.stop_scan().await });
    }
}

async fn id_of(central: &Central, id: &PeripheralId) -> Option<ClickerId> {
    gatt::id_of(&central.peripheral(id).await.ok()?)
}

async fn call<T>(
    doing: &'static str,
    what: impl Future<Output = btleplug::Result<T>>,
) -> Result<T, BluetoothError> {
    within(QUERY_TIMEOUT, doing, what, |error| (fault::classify(&error), error.to_string())).await
}
