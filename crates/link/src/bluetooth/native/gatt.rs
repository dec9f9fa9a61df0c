//! GATT operations on one clicker through btleplug, the same on every system. Every call has a timeout, because each of
//! them has been seen not to return.

use core::time::Duration;
use std::pin::{Pin, pin};

use btleplug::api::{
    Central as _, Characteristic, Manager as _, Peripheral as _, ValueNotification, WriteType,
};
use btleplug::platform::Peripheral;
use futures_util::stream::{Stream, StreamExt as _};
use wire::{Frame, Version, gatt};

use super::fault::{self, Fault};
use super::system::{QUERY_TIMEOUT, within};
use super::thread::Stack;
use super::{Adapter, BluetoothError, ClickerId, DeviceInfo};

/// Connecting and discovering services. The clicker has just been heard, so this takes 1 to 2 s; kernels give up only
/// after 20 s, and nothing scans in the meantime.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(12);

/// One GATT request and its response. The link itself ends 4 s after the last packet.
pub(super) const GATT_TIMEOUT: Duration = Duration::from_secs(5);

/// First access to an authenticated attribute while the system's dialog asks for the digits: as long as the clicker's
/// pairing window.
pub(super) const DIALOG_TIMEOUT: Duration = Duration::from_secs(60);

/// A disconnect completes when the other side acknowledges it or after the supervision timeout of 4 s.
const DISCONNECT_TIMEOUT: Duration = Duration::from_secs(6);

/// Maximum delay of BlueZ signals behind a method's error. BlueZ reports a connection that dropped early with the same
/// error as one that was never established; only signals, on another bus connection, tell them apart.
const SIGNAL_LAG: Duration = Duration::from_millis(300);

/// Unsubscribing is only cleanup before a disconnect.
const UNSUBSCRIBE_TIMEOUT: Duration = Duration::from_secs(1);

/// An error for the person, and its class for the caller.
pub(super) type Failure = (BluetoothError, Fault);

/// Notifications of all characteristics.
pub(super) type Notifications = Pin<Box<dyn Stream<Item = ValueNotification> + Send>>;

/// A clicker as btleplug sees it. Never kept beyond one connection: it is looked up again after each disconnect.
#[derive(Debug, Clone)]
pub(super) struct Gatt {
    peripheral: Peripheral,
}

impl Gatt {
    /// Looks the clicker up among the devices that the system knows.
    pub(super) async fn find(stack: &Stack, id: &ClickerId) -> Result<Self, Failure> {
        let doing = "looking for the clicker";
        let failed = |error| (error, Fault::Failed);
        let object = stack.system.object(id).await.map_err(failed)?;
        for adapter in call(QUERY_TIMEOUT, doing, stack.manager.adapters()).await? {
            for peripheral in call(QUERY_TIMEOUT, doing, adapter.peripherals()).await? {
                let found = match &object {
                    Some(object) => peripheral.id().to_string() == *object,
                    None => id_of(&peripheral).as_ref() == Some(id),
                };
                if found {
                    return Ok(Self { peripheral });
                }
            }
        }
        let why = "it is not known to the system".to_owned();
        Err((BluetoothError::System { doing, why }, Fault::Vanished))
    }

    /// Connects and discovers the services.
    pub(super) async fn connect(&self, stack: &Stack, id: &ClickerId) -> Result<(), Failure> {
        let doing = "connecting";
        let dropped_early = || {
            let why = "it fell before it was encrypted".to_owned();
            Err((BluetoothError::System { doing, why }, Fault::Dropped))
        };
        let mut dropped = pin!(stack.system.dropped(id));
        let connected = tokio::select! {
            connected = call(CONNECT_TIMEOUT, doing, self.peripheral.connect()) => connected,
            () = &mut dropped => return dropped_early(),
        };
        match connected {
            Ok(()) | Err((_, Fault::Already)) => {}
            Err((_, Fault::Failed)) if tokio::time::timeout(SIGNAL_LAG, dropped).await.is_ok() => {
                return dropped_early();
            }
            Err(failure) => return Err(failure),
        }
        call(CONNECT_TIMEOUT, "looking for its services", self.peripheral.discover_services()).await
    }

    /// Disconnects, also from a half-open connection. Errors are only logged: the caller continues either way.
    pub(super) async fn disconnect(&self) {
        if let Err((error, _)) = call(DISCONNECT_TIMEOUT, "disconnecting", self.peripheral.disconnect()).await
        {
            tracing::debug!(%error);
        }
    }

    /// Reads the clicker's protocol version. The clicker allows that only on an encrypted and authenticated link.
    pub(super) async fn version(&self, limit: Duration) -> Result<Version, Failure> {
        let doing = "reading the clicker's version";
        match *self.read(limit, doing, gatt::SERVICE, gatt::VERSION).await? {
            [major, minor, ..] => Ok(Version { major, minor }),
            _ => {
                let why = "it is cut short".to_owned();
                Err((BluetoothError::System { doing, why }, Fault::Failed))
            }
        }
    }

    /// Reads the device information, which needs no authentication. Fields that cannot be read keep their value.
    pub(super) async fn about(&self, about: &mut DeviceInfo) {
        let doing = "reading what the clicker is";
        for (uuid, into) in [
            (gatt::MANUFACTURER_NAME, &mut about.manufacturer),
            (gatt::MODEL_NUMBER, &mut about.model),
            (gatt::FIRMWARE_REVISION, &mut about.firmware),
        ] {
            if let Ok(bytes) = self.read(GATT_TIMEOUT, doing, gatt::DEVICE_INFORMATION, uuid).await {
                *into = Some(String::from_utf8_lossy(&bytes).into_owned());
            }
        }
    }

    /// Battery charge in percent; `None` where the system does not let it be read.
    pub(super) async fn battery(&self) -> Option<u8> {
        let doing = "reading the clicker's battery";
        let bytes = self.read(GATT_TIMEOUT, doing, gatt::BATTERY_SERVICE, gatt::BATTERY_LEVEL).await.ok()?;
        bytes.first().copied().filter(|percent| *percent <= 100)
    }

    /// Opens the notification stream, then subscribes: in the other order the first notifications would be lost.
    pub(super) async fn subscribe(&self) -> Result<Notifications, Failure> {
        let doing = "subscribing";
        let report = self.characteristic(doing, gatt::SERVICE, gatt::REPORT)?;
        let notifications = call(GATT_TIMEOUT, doing, self.peripheral.notifications()).await?;
        match call(GATT_TIMEOUT, doing, self.peripheral.subscribe(&report)).await {
            Ok(()) | Err((_, Fault::Already)) => Ok(notifications),
            Err(failure) => Err(failure),
        }
    }

    /// Unsubscribes, so that BlueZ does not renew the subscription on the next connection before the stream is open.
    pub(super) async fn unsubscribe(&self) {
        let doing = "unsubscribing";
        let Ok(report) = self.characteristic(doing, gatt::SERVICE, gatt::REPORT) else { return };
        if let Err((error, _)) = call(UNSUBSCRIBE_TIMEOUT, doing, self.peripheral.unsubscribe(&report)).await
        {
            tracing::debug!(%error);
        }
    }

    /// Writes one cue with response.
    pub(super) async fn write(&self, frame: &Frame) -> Result<(), Failure> {
        let doing = "sending to the clicker";
        let cue = self.characteristic(doing, gatt::SERVICE, gatt::CUE)?;
        let bytes = frame.as_bytes();
        call(GATT_TIMEOUT, doing, self.peripheral.write(&cue, bytes, WriteType::WithResponse)).await
    }

    async fn read(
        &self,
        limit: Duration,
        doing: &'static str,
        service: gatt::Uuid,
        characteristic: gatt::Uuid,
    ) -> Result<Vec<u8>, Failure> {
        let characteristic = self.characteristic(doing, service, characteristic)?;
        call(limit, doing, self.peripheral.read(&characteristic)).await
    }

    fn characteristic(
        &self,
        doing: &'static str,
        service: gatt::Uuid,
        characteristic: gatt::Uuid,
    ) -> Result<Characteristic, Failure> {
        let (service, characteristic) = (uuid(service), uuid(characteristic));
        self.peripheral
            .services()
            .into_iter()
            .filter(|candidate| candidate.uuid == service)
            .flat_map(|service| service.characteristics)
            .find(|candidate| candidate.uuid == characteristic)
            .ok_or_else(|| {
                let why = "the clicker does not have what it should, or the system hides it".to_owned();
                (BluetoothError::System { doing, why }, Fault::Vanished)
            })
    }
}

/// Next report among `notifications`; `None` at the end of the stream. Skips notifications that are not
/// report frames.
pub(super) async fn next_report(notifications: &mut Notifications) -> Option<Frame> {
    loop {
        let notification = notifications.next().await?;
        if notification.uuid != uuid(gatt::REPORT) {
            continue;
        }
        match Frame::from_bytes(&notification.value) {
            Ok(frame) => return Some(frame),
            Err(error) => tracing::warn!(%error, "a notification that is no frame"),
        }
    }
}

/// Converts a UUID of the protocol to btleplug's type.
pub(super) const fn uuid(uuid: gatt::Uuid) -> uuid::Uuid {
    uuid::Uuid::from_u128(uuid.0)
}

/// Id of a peripheral: its address, or on Apple systems, which hide addresses, the system's UUID.
pub(super) fn id_of(peripheral: &Peripheral) -> Option<ClickerId> {
    if cfg!(target_vendor = "apple") {
        return peripheral.id().to_string().parse().ok();
    }
    Some(ClickerId::of_address(peripheral.address().into_inner()))
}

async fn call<T>(
    limit: Duration,
    doing: &'static str,
    what: impl Future<Output = btleplug::Result<T>>,
) -> Result<T, Failure> {
    let mut fault = Fault::Failed;
    let done = within(limit, doing, what, |error| {
        fault = fault::classify(&error);
        (fault, error.to_string())
    })
    .await;
    done.map_err(|error| {
        if matches!(error, BluetoothError::Adapter(Adapter::Off)) {
            fault = Fault::AdapterOff;
        }
        (error, fault)
    })
}
