//! BlueZ over D-Bus: adapter, discovery, bonds, and the pairing agent.
//!
//! One bus connection serves all of it for as long as the bus lives: the agent belongs to the connection that calls
//! `Pair`, and every new connection of the library leaks a task. bluetoothd may stop and start meanwhile; a second,
//! small connection only listens for that.

use core::time::Duration;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use bluer::agent::{Agent, AgentHandle, ReqError};
use bluer::{
    AdapterEvent, AdapterProperty, Address, DeviceEvent, DeviceProperty, DiscoveryFilter, DiscoveryTransport,
    ErrorKind,
};
use dbus::message::MatchRule;
use dbus::nonblock::{MsgMatch, SyncConnection};
use futures_util::stream::{self, SelectAll, Stream, StreamExt};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;
use tokio::time::{Sleep, sleep};

use super::linux_adapters::{unless_unknown, usable_adapter};
use super::{QUERY_TIMEOUT, ScanEvent, Sighting, within};
use crate::bluetooth::native::fault::{self, Fault};
use crate::bluetooth::{Adapter, BluetoothError, ClickerId, Passkey};

/// BlueZ asks this program for the digits.
pub(in crate::bluetooth) const SYSTEM_DIALOG: bool = false;

/// Interval at which the adapter's state is polled: signals are lost when a daemon is killed.
const POLL_INTERVAL: Duration = Duration::from_secs(5);

/// Retries of registering the agent, and the delay between them. BlueZ accepts one agent at a time, and bluer
/// unregisters the previous one some time after its handle was dropped.
const REGISTER_RETRIES: u32 = 10;
const REGISTER_RETRY_DELAY: Duration = Duration::from_millis(200);

/// Interval at which discovery is restarted. Kernels report each advertiser once per discovery, and lose that report if
/// it arrives before they have noted that discovery runs; left alone they restart every 10 s.
const DISCOVERY_RESTART: Duration = Duration::from_secs(3);

/// BlueZ answers `RemoveDevice` after the device has been disconnected, which takes up to its supervision timeout.
const REMOVE_TIMEOUT: Duration = Duration::from_secs(10);

/// Request for the digits of this clicker. Sending a passkey answers it, dropping the sender rejects it.
type Question = (ClickerId, oneshot::Sender<Passkey>);

/// Boxed stream of events.
type Events<T> = Pin<Box<dyn Stream<Item = T> + Send>>;

/// Where the agent sends passkey requests; `None` while no pairing runs.
type Answerer = Arc<Mutex<Option<mpsc::Sender<Question>>>>;

/// Connection to BlueZ.
pub(in crate::bluetooth) struct System {
    session: bluer::Session,
    /// Number of starts and stops of bluetoothd so far. Anything begun under another number is void.
    daemon: watch::Receiver<u64>,
    answerer: Answerer,
    agent: Arc<tokio::sync::Mutex<Weak<AgentGuard>>>,
    /// Ends when the bus connection does.
    bus: tokio::sync::Mutex<JoinHandle<()>>,
    /// The match rule is active while both are held.
    _name_owner_match: (Arc<SyncConnection>, MsgMatch),
}

/// Registration as BlueZ's default agent. While it exists, this program rejects every pairing request except for the
/// clicker that a person is pairing. Without an agent BlueZ would pair by itself when an attribute requires more
/// security than the link has.
pub(in crate::bluetooth) struct AgentGuard {
    _agent: AgentHandle,
    daemon_epoch: u64,
}

/// Running discovery; dropping it stops discovery.
pub(in crate::bluetooth) struct Discovery {
    adapter: bluer::Adapter,
    events: Events<AdapterEvent>,
    changes: SelectAll<Events<(Address, DeviceEvent)>>,
    restart_at: Pin<Box<Sleep>>,
    daemon: watch::Receiver<u64>,
}

/// Signals that the adapter of this name has changed, or that another adapter was added or removed.
struct Signals {
    of: Option<String>,
    changes: SelectAll<Events<()>>,
}

impl Signals {
    /// Waits for the next signal. `false` when the streams have ended.
    async fn next(&mut self) -> bool {
        self.changes.next().await.is_some()
    }
}

impl System {
    pub(in crate::bluetooth) async fn start(_: &btleplug::platform::Manager) -> Result<Self, BluetoothError> {
        let session = call(QUERY_TIMEOUT, "reaching the system's bus", bluer::Session::new()).await?;
        let (changed, daemon) = watch::channel(0);
        let connected = dbus_tokio::connection::new_system_sync();
        let (resource, listener) =
            within(QUERY_TIMEOUT, "reaching the system's bus", async { connected }, |error| {
                (fault::classify(&error), error.to_string())
            })
            .await?;
        let bus = tokio::spawn(async move {
            let error = resource.await;
            tracing::error!(%error, "the system's bus is gone");
        });
        let rule = MatchRule::new_signal("org.freedesktop.DBus", "NameOwnerChanged");
        let rule =
            within(QUERY_TIMEOUT, "listening to the system's bus", listener.add_match(rule), |error| {
                (fault::classify(&error), error.to_string())
            })
            .await?
            .cb(move |_, (name, _, owner): (String, String, String)| {
                if name == "org.bluez" {
                    tracing::info!(owner, "bluetoothd");
                    changed.send_modify(|times| *times += 1);
                }
                true
            });
        Ok(Self {
            session,
            daemon,
            answerer: Answerer::default(),
            agent: Arc::default(),
            bus: tokio::sync::Mutex::new(bus),
            _name_owner_match: (listener, rule),
        })
    }

    /// Keeps `published` current until the bus connection ends.
    pub(in crate::bluetooth) async fn watch(&self, published: &watch::Sender<Adapter>) {
        let mut bus = self.bus.lock().await;
        let mut daemon = self.daemon_from_now();
        let mut signals: Option<Signals> = None;
        loop {
            let adapter = self.adapter().await;
            let name = adapter.as_ref().ok().map(|adapter| adapter.name().to_owned());
            if signals.as_ref().is_none_or(|signals| signals.of != name) {
                signals = self.signals(name, adapter.as_ref().ok()).await;
            }
            let now = adapter_state(adapter).await;
            published.send_if_modified(|current| {
                if *current == now {
                    return false;
                }
                tracing::info!(?now, "adapter");
                *current = now;
                true
            });
            let signal = async {
                match &mut signals {
                    Some(signals) => signals.next().await,
                    None => core::future::pending().await,
                }
            };
            let signals_go_on = tokio::select! {
                _ = &mut *bus => return,
                _ = daemon.changed() => false,
                goes_on = signal => goes_on,
                () = sleep(POLL_INTERVAL) => true,
            };
            if !signals_go_on {
                signals = None;
            }
        }
    }

    /// Subscribes to changes of the adapter and of the list of adapters. The subscriptions are reused between polls:
    /// bluer removes a dropped subscriber only when it has an event to deliver.
    async fn signals(&self, of: Option<String>, adapter: Option<&bluer::Adapter>) -> Option<Signals> {
        let doing = "asking for adapters";
        let adapters = call(QUERY_TIMEOUT, doing, self.session.events()).await.ok()?;
        let mut changes: SelectAll<Events<()>> = SelectAll::new();
        changes.push(Box::pin(adapters.map(|_| ())));
        if let Some(adapter) = adapter {
            let events = call(QUERY_TIMEOUT, doing, adapter.events()).await.ok()?;
            changes.push(Box::pin(events.filter_map(|event| async move {
                matches!(event, AdapterEvent::PropertyChanged(AdapterProperty::Powered(_))).then_some(())
            })));
        }
        Some(Signals { of, changes })
    }

    /// Receiver that reports only starts and stops of bluetoothd from now on.
    fn daemon_from_now(&self) -> watch::Receiver<u64> {
        // A clone inherits what the original has seen, which is nothing.
        let mut daemon = self.daemon.clone();
        daemon.mark_unchanged();
        daemon
    }

    /// Registers this program as BlueZ's agent, or shares the registration that exists.
    pub(in crate::bluetooth) async fn hold_agent(&self) -> Result<Arc<AgentGuard>, BluetoothError> {
        let daemon_epoch = *self.daemon.borrow();
        let (slot, session, answerer) =
            (Arc::clone(&self.agent), self.session.clone(), Arc::clone(&self.answerer));
        run_to_completion(QUERY_TIMEOUT, "registering for pairing", async move {
            let mut slot = slot.lock().await;
            if let Some(guard) = slot.upgrade()
                && guard.daemon_epoch == daemon_epoch
            {
                return Ok(guard);
            }
            let mut tries = REGISTER_RETRIES;
            let agent = loop {
                match session.register_agent(agent(&answerer)).await {
                    Err(error) if error.kind == ErrorKind::AlreadyExists && tries > 0 => {
                        tries -= 1;
                        sleep(REGISTER_RETRY_DELAY).await;
                    }
                    registered => break registered?,
                }
            };
            let guard = Arc::new(AgentGuard { _agent: agent, daemon_epoch });
            *slot = Arc::downgrade(&guard);
            Ok(guard)
        })
        .await
    }

    /// Starts discovery of clickers.
    pub(in crate::bluetooth) async fn start_discovery(&self) -> Result<Discovery, BluetoothError> {
        let daemon = self.daemon_from_now();
        let adapter = self.adapter().await.map_err(|error| asking(&error))?;
        let (events, changes) = (Box::pin(stream::empty()), SelectAll::new());
        let mut discovery =
            Discovery { adapter, events, changes, restart_at: Box::pin(sleep(DISCOVERY_RESTART)), daemon };
        discovery.discover().await?;
        Ok(discovery)
    }

    /// Whether BlueZ has a bond with the clicker. Never `None` here.
    pub(in crate::bluetooth) async fn bonded(&self, id: &ClickerId) -> Result<Option<bool>, BluetoothError> {
        let device = self.device(id).await?;
        match call_with_fault(QUERY_TIMEOUT, "asking for the bond", device.is_paired()).await {
            Ok(paired) => Ok(Some(paired)),
            Err((_, Fault::Vanished)) => Ok(Some(false)),
            Err((error, _)) => Err(error),
        }
    }

    /// Waits until the system reports a disconnect, or bluetoothd stops or starts.
    pub(in crate::bluetooth) async fn disconnected(&self, id: &ClickerId) {
        let mut daemon = self.daemon_from_now();
        let ended = async {
            let device = self.device(id).await.ok()?;
            let mut events = device.events().await.ok()?;
            if !device.is_connected().await.ok()? {
                return Some(());
            }
            while let Some(event) = events.next().await {
                if matches!(event, DeviceEvent::PropertyChanged(DeviceProperty::Connected(false))) {
                    return Some(());
                }
            }
            None
        };
        tokio::select! {
            () = unless_unknown(ended) => {}
            _ = daemon.changed() => {}
        }
    }

    /// Removes the device and its bond. Succeeds if there is none.
    pub(in crate::bluetooth) async fn forget(&self, id: &ClickerId) -> Result<(), BluetoothError> {
        let Some(address) = id.address() else { return Ok(()) };
        let adapter = self.adapter().await.map_err(|error| asking(&error))?;
        match call_with_fault(REMOVE_TIMEOUT, "removing the bond", adapter.remove_device(Address(address)))
            .await
        {
            Ok(()) | Err((_, Fault::Vanished)) => Ok(()),
            Err((error, _)) => Err(error),
        }
    }

    /// Battery charge in percent, from BlueZ: it claims the Battery Service and hides it from clients.
    pub(in crate::bluetooth) async fn battery(&self, id: &ClickerId) -> Option<u8> {
        let device = self.device(id).await.ok()?;
        call(QUERY_TIMEOUT, "asking for the battery", device.battery_percentage()).await.ok().flatten()
    }

    /// Advertised name.
    pub(in crate::bluetooth) async fn name(&self, id: &ClickerId) -> Option<String> {
        let device = self.device(id).await.ok()?;
        call(QUERY_TIMEOUT, "asking for the name", device.name()).await.ok().flatten()
    }

    /// Pairs. Passkey requests go to `questions`. Dropping the future cancels pairing.
    pub(in crate::bluetooth) async fn pair(
        &self,
        id: &ClickerId,
        questions: mpsc::Sender<Question>,
    ) -> Result<(), (BluetoothError, Fault)> {
        let device = self.device(id).await.map_err(|error| (error, Fault::Failed))?;
        let _answerer = AnswererGuard::new(&self.answerer, questions);
        call_with_fault(crate::bluetooth::native::pairing::PAIRING_TIMEOUT, "pairing", device.pair()).await
    }

    /// Waits until the clicker is connected.
    pub(in crate::bluetooth) async fn connected(&self, id: &ClickerId) {
        let connected = async {
            let device = self.device(id).await.ok()?;
            let mut events = device.events().await.ok()?;
            if device.is_connected().await.ok()? {
                return Some(());
            }
            while let Some(event) = events.next().await {
                if matches!(event, DeviceEvent::PropertyChanged(DeviceProperty::Connected(true))) {
                    return Some(());
                }
            }
            None
        };
        if connected.await.is_none() {
            core::future::pending::<()>().await;
        }
    }

    /// Waits until the connection, present or future, drops. btleplug does not notice that while it discovers services.
    pub(in crate::bluetooth) async fn dropped(&self, id: &ClickerId) {
        let dropped = async {
            let device = self.device(id).await.ok()?;
            let mut events = device.events().await.ok()?;
            let mut was_connected = device.is_connected().await.ok()?;
            while let Some(event) = events.next().await {
                if let DeviceEvent::PropertyChanged(DeviceProperty::Connected(connected)) = event {
                    if was_connected && !connected {
                        return Some(());
                    }
                    was_connected = connected;
                }
            }
            None
        };
        if dropped.await.is_none() {
            core::future::pending::<()>().await;
        }
    }

    /// btleplug's id of the clicker on the default adapter.
    pub(in crate::bluetooth) async fn object(
        &self,
        id: &ClickerId,
    ) -> Result<Option<String>, BluetoothError> {
        let adapter = self.adapter().await.map_err(|error| asking(&error))?;
        Ok(id.address().map(|address| {
            format!("{}/dev_{}", adapter.name(), Address(address).to_string().replace(':', "_"))
        }))
    }

    async fn adapter(&self) -> bluer::Result<bluer::Adapter> {
        match tokio::time::timeout(QUERY_TIMEOUT, usable_adapter(&self.session)).await {
            Ok(adapter) => adapter,
            Err(_) => Err(bluer::Error {
                kind: ErrorKind::Failed,
                message: "org.freedesktop.DBus.Error.NoReply".to_owned(),
            }),
        }
    }

    async fn device(&self, id: &ClickerId) -> Result<bluer::Device, BluetoothError> {
        let doing = "asking for the clicker";
        let Some(address) = id.address() else {
            return Err(BluetoothError::System { doing, why: format!("{id} is no address") });
        };
        let adapter = self.adapter().await.map_err(|error| asking(&error))?;
        adapter
            .device(Address(address))
            .map_err(|error| BluetoothError::System { doing, why: error.to_string() })
    }
}

impl Discovery {
    /// Starts discovery; ends the previous one first.
    async fn discover(&mut self) -> Result<(), BluetoothError> {
        // BlueZ reports known devices again, so their streams are opened again below.
        (self.events, self.changes) = (Box::pin(stream::empty()), SelectAll::new());
        let filter = DiscoveryFilter {
            uuids: [uuid::Uuid::from_u128(wire::gatt::SERVICE.0)].into(),
            // Scanning BR/EDR as well would take half of the time.
            transport: DiscoveryTransport::Le,
            duplicate_data: true,
            ..DiscoveryFilter::default()
        };
        let discovering = self.adapter.clone();
        self.events = run_to_completion(QUERY_TIMEOUT, "starting to scan", async move {
            match discovering.set_discovery_filter(filter).await {
                Ok(()) => {}
                // Every discovery here uses the same filter.
                Err(error) if error.kind == ErrorKind::DiscoveryActive => {}
                Err(error) => return Err(error),
            }
            let events: Events<AdapterEvent> = Box::pin(discovering.discover_devices().await?);
            Ok(events)
        })
        .await?;
        self.restart_at = Box::pin(sleep(DISCOVERY_RESTART));
        Ok(())
    }

    /// Waits for the next event. An error means that discovery has ended and must be started again.
    pub(in crate::bluetooth) async fn next(&mut self) -> Result<ScanEvent, BluetoothError> {
        let doing = "scanning";
        loop {
            let Self { adapter, events, changes, restart_at, daemon } = self;
            let address = tokio::select! {
                _ = daemon.changed() => {
                    let why = "bluetoothd was restarted".to_owned();
                    return Err(BluetoothError::System { doing, why });
                }
                event = events.next() => match event {
                    Some(AdapterEvent::DeviceAdded(address)) => {
                        let Ok(device) = adapter.device(address) else { continue };
                        if let Ok(events) = call(QUERY_TIMEOUT, doing, device.events()).await {
                            changes.push(Box::pin(events.map(move |event| (address, event))));
                        }
                        address
                    }
                    Some(AdapterEvent::DeviceRemoved(address)) => return Ok(ScanEvent::Gone(ClickerId::of_address(address.0))),
                    Some(AdapterEvent::PropertyChanged(_)) => continue,
                    None => return Err(BluetoothError::System { doing, why: "scanning was stopped".to_owned() }),
                },
                Some((address, event)) = changes.next(), if !changes.is_empty() => match event {
                    DeviceEvent::PropertyChanged(
                        DeviceProperty::Rssi(_)
                        | DeviceProperty::Connected(_)
                        | DeviceProperty::Paired(_)
                        | DeviceProperty::Name(_)
                        | DeviceProperty::Uuids(_),
                    ) => address,
                    DeviceEvent::PropertyChanged(_) => continue,
                },
                () = restart_at => {
                    self.discover().await?;
                    continue;
                }
            };
            if let Some(sighting) = sighting(adapter, address).await {
                return Ok(ScanEvent::Seen(sighting));
            }
        }
    }
}

/// An agent that passes passkey requests on and rejects everything else.
fn agent(answerer: &Answerer) -> Agent {
    let answerer = Arc::clone(answerer);
    Agent {
        request_default: true,
        // Only a passkey that the clicker shows and a person types here rules out a man in the middle.
        request_passkey: Some(Box::new(move |asked| {
            let answerer = answerer.lock().unwrap_or_else(PoisonError::into_inner).clone();
            Box::pin(async move {
                let (answer, answered) = oneshot::channel();
                let Some(answerer) = answerer else {
                    tracing::warn!(device = %asked.device, "rejected a pairing request: no pairing is in progress");
                    return Err(ReqError::Rejected);
                };
                answerer
                    .send((ClickerId::of_address(asked.device.0), answer))
                    .await
                    .map_err(|_| ReqError::Rejected)?;
                answered.await.map(Passkey::number).map_err(|_| ReqError::Canceled)
            })
        })),
        ..Agent::default()
    }
}

/// What BlueZ knows of a device; `None` if it is not a clicker.
async fn sighting(adapter: &bluer::Adapter, address: Address) -> Option<Sighting> {
    let device = adapter.device(address).ok()?;
    let asked = async {
        let uuids = device.uuids().await?.unwrap_or_default();
        if !uuids.contains(&uuid::Uuid::from_u128(wire::gatt::SERVICE.0)) {
            return Ok(None);
        }
        Ok(Some(Sighting {
            id: ClickerId::of_address(address.0),
            name: device.name().await?,
            rssi_dbm: device.rssi().await?,
            bonded: Some(device.is_paired().await?),
            connected: device.is_connected().await?,
        }))
    };
    call(QUERY_TIMEOUT, "asking for the clicker", asked).await.ok().flatten()
}

/// Routes passkey requests to one pairing until it is dropped.
struct AnswererGuard<'a>(&'a Answerer);

impl<'a> AnswererGuard<'a> {
    fn new(answerer: &'a Answerer, questions: mpsc::Sender<Question>) -> Self {
        *answerer.lock().unwrap_or_else(PoisonError::into_inner) = Some(questions);
        Self(answerer)
    }
}

impl Drop for AnswererGuard<'_> {
    fn drop(&mut self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

async fn adapter_state(adapter: bluer::Result<bluer::Adapter>) -> Adapter {
    let powered = match &adapter {
        Ok(adapter) => call(QUERY_TIMEOUT, "asking for the adapter", adapter.is_powered()).await,
        Err(error) if error.kind == ErrorKind::NotFound => return Adapter::Missing,
        Err(error) => Err(asking(error)),
    };
    match (powered, adapter) {
        (Ok(true), Ok(adapter)) => Adapter::Ready { name: adapter.name().to_owned() },
        (Ok(_), _) => Adapter::Off,
        (Err(BluetoothError::Adapter(adapter)), _) => adapter,
        (Err(BluetoothError::System { why, .. }), _) => Adapter::NoDaemon { why },
        (Err(BluetoothError::TimedOut { .. }), _) => Adapter::NoDaemon { why: "no answer".to_owned() },
    }
}

fn asking(error: &bluer::Error) -> BluetoothError {
    let doing = "asking for the adapter";
    let why = error.to_string();
    match fault_of(error) {
        Fault::Vanished => BluetoothError::Adapter(Adapter::Missing),
        Fault::NoDaemon => BluetoothError::Adapter(Adapter::NoDaemon { why }),
        Fault::NoPermission => BluetoothError::Adapter(Adapter::NoPermission { why }),
        Fault::AdapterOff => BluetoothError::Adapter(Adapter::Off),
        Fault::NotTrusted
        | Fault::Dropped
        | Fault::NotPaired
        | Fault::Cancelled
        | Fault::Already
        | Fault::Failed => BluetoothError::System { doing, why },
    }
}

/// bluer reports the last part of a BlueZ error name as the kind, and other error names in full.
fn fault_of(error: &bluer::Error) -> Fault {
    fault::classify_text(&format!("org.bluez.Error.{:?}: {}", error.kind, error.message))
}

async fn call<T>(
    limit: Duration,
    doing: &'static str,
    what: impl Future<Output = bluer::Result<T>>,
) -> Result<T, BluetoothError> {
    within(limit, doing, what, |error| (fault_of(&error), error.to_string())).await
}

/// Same as [`call`], with the class of the error.
async fn call_with_fault<T>(
    limit: Duration,
    doing: &'static str,
    what: impl Future<Output = bluer::Result<T>>,
) -> Result<T, (BluetoothError, Fault)> {
    let mut fault = Fault::Failed;
    let done = within(limit, doing, what, |error| {
        fault = fault_of(&error);
        (fault, error.to_string())
    })
    .await;
    done.map_err(|error| (error, fault))
}

/// Same as [`call`], for operations that must not be cancelled half-way: dropped between BlueZ's action and bluer's
/// guard, an agent or a discovery would stay until the program ends and block every later one. The operation continues
/// after the timeout, and its result is dropped.
async fn run_to_completion<T: Send + 'static>(
    limit: Duration,
    doing: &'static str,
    what: impl Future<Output = bluer::Result<T>> + Send + 'static,
) -> Result<T, BluetoothError> {
    let done = tokio::spawn(what);
    call(limit, doing, async {
        done.await
            .unwrap_or_else(|fell| Err(bluer::Error { kind: ErrorKind::Failed, message: fell.to_string() }))
    })
    .await
}
