//! BlueZ, over D-Bus: the adapter, discovery, bonds, and the agent that pairing asks.
//!
//! One connection to the bus for all of it, kept for as long as the bus lives: the agent belongs to the connection
//! that calls `Pair`, and each new connection of the library leaves a task behind. bluetoothd may come and go under it;
//! a second, tiny connection only listens for that.

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

use super::{QUERY_TIMEOUT, ScanEvent, Sighting, within};
use crate::bluetooth::fault::{self, Fault};
use crate::bluetooth::{Adapter, BluetoothError, ClickerId, Passkey};

/// BlueZ asks this program for the digits.
pub(in crate::bluetooth) const SYSTEM_DIALOG: bool = false;

/// A change that no signal told of is seen within this: signals are lost when a daemon is killed.
const POLL_INTERVAL: Duration = Duration::from_secs(5);

/// bluer takes an agent back some time after its handle was dropped, and BlueZ takes one at a time: so often is it tried
/// again, and so long waited in between.
const REGISTER_RETRIES: u32 = 10;
const REGISTER_RETRY_DELAY: Duration = Duration::from_millis(200);

/// Discovery is begun restart so often. Kernels pass each advertiser on once a discovery, and lose that one report where it
/// comes before they have noted that discovery runs; left alone they begin restart every 10 s.
const DISCOVERY_RESTART: Duration = Duration::from_secs(3);

/// BlueZ answers `RemoveDevice` when the device has been disconnected, which takes up to its supervision timeout.
const REMOVE_TIMEOUT: Duration = Duration::from_secs(10);

/// Asked for the digits of this clicker; answered by them, or refused by being dropped.
type Question = (ClickerId, oneshot::Sender<Passkey>);

/// A stream of them.
type Events<T> = Pin<Box<dyn Stream<Item = T> + Send>>;

/// Who answers the agent, while somebody pairs.
type Answerer = Arc<Mutex<Option<mpsc::Sender<Question>>>>;

/// BlueZ.
pub(in crate::bluetooth) struct System {
    session: bluer::Session,
    /// Counts the comings and goings of bluetoothd: whatever was begun under another number is void.
    daemon: watch::Receiver<u64>,
    answerer: Answerer,
    agent: Arc<tokio::sync::Mutex<Weak<AgentGuard>>>,
    /// Ends when the bus does.
    bus: tokio::sync::Mutex<JoinHandle<()>>,
    /// The match rule calls for as long as both are held.
    _name_owner_match: (Arc<SyncConnection>, MsgMatch),
}

/// While it lives, this program is who BlueZ asks when anything wants to pair, and the answer is no unless a person is
/// pairing with that very clicker. Otherwise BlueZ, when it meets an attribute that wants more than the link has, would
/// pair by itself.
pub(in crate::bluetooth) struct AgentGuard {
    _agent: AgentHandle,
    daemon_epoch: u64,
}

/// Discovery, while it lives.
pub(in crate::bluetooth) struct Discovery {
    adapter: bluer::Adapter,
    events: Events<AdapterEvent>,
    changes: SelectAll<Events<(Address, DeviceEvent)>>,
    restart_at: Pin<Box<Sleep>>,
    daemon: watch::Receiver<u64>,
}

/// What tells that the adapter of this name has changed, or another one come or gone.
struct Signals {
    of: Option<String>,
    changes: SelectAll<Events<()>>,
}

impl Signals {
    /// The next one. `false` when none will come any more.
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

    /// Keeps `published` current until the bus ends.
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

    /// The signals that tell of a change of the adapter, or of which adapter it is. They are kept from one look to the
    /// next: bluer forgets those who no longer listen only when it has something to tell them.
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

    /// Changes when bluetoothd comes or goes after this.
    fn daemon_from_now(&self) -> watch::Receiver<u64> {
        // A clone has seen what the original has seen, which is nothing.
        let mut daemon = self.daemon.clone();
        daemon.mark_unchanged();
        daemon
    }

    /// Makes this program the one that is asked, while the value lives.
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

    /// Starts to listen for clickers.
    pub(in crate::bluetooth) async fn start_discovery(&self) -> Result<Discovery, BluetoothError> {
        let daemon = self.daemon_from_now();
        let adapter = self.adapter().await.map_err(|error| asking(&error))?;
        let (events, changes) = (Box::pin(stream::empty()), SelectAll::new());
        let mut discovery =
            Discovery { adapter, events, changes, restart_at: Box::pin(sleep(DISCOVERY_RESTART)), daemon };
        discovery.discover().await?;
        Ok(discovery)
    }

    /// Whether BlueZ holds a bond with it. Never `None` here.
    pub(in crate::bluetooth) async fn bonded(&self, id: &ClickerId) -> Result<Option<bool>, BluetoothError> {
        let device = self.device(id).await?;
        match call_with_fault(QUERY_TIMEOUT, "asking for the bond", device.is_paired()).await {
            Ok(paired) => Ok(Some(paired)),
            Err((_, Fault::Vanished)) => Ok(Some(false)),
            Err((error, _)) => Err(error),
        }
    }

    /// Ready when the system reports that the connection has ended, or what it was made under is gone.
    pub(in crate::bluetooth) async fn disconnected(&self, id: &ClickerId) {
        let mut daemon = self.daemon_from_now();
        let connected = async {
            let device = self.device(id).await.ok()?;
            let mut events = device.events().await.ok()?;
            if !device.is_connected().await.ok()? {
                return None;
            }
            while let Some(event) = events.next().await {
                if matches!(event, DeviceEvent::PropertyChanged(DeviceProperty::Connected(false))) {
                    break;
                }
            }
            Some(())
        };
        tokio::select! {
            _ = connected => {}
            _ = daemon.changed() => {}
        }
    }

    /// Removes it and its bond. It is no error where there is none.
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

    /// The battery, where BlueZ keeps it to itself: it takes the Battery Service over and hides it.
    pub(in crate::bluetooth) async fn battery(&self, id: &ClickerId) -> Option<u8> {
        let device = self.device(id).await.ok()?;
        call(QUERY_TIMEOUT, "asking for the battery", device.battery_percentage()).await.ok().flatten()
    }

    /// What it calls itself.
    pub(in crate::bluetooth) async fn name(&self, id: &ClickerId) -> Option<String> {
        let device = self.device(id).await.ok()?;
        call(QUERY_TIMEOUT, "asking for the name", device.name()).await.ok().flatten()
    }

    /// Pairs. What is asked goes to `questions`; ends when BlueZ is done or the future is dropped, which calls it off.
    pub(in crate::bluetooth) async fn pair(
        &self,
        id: &ClickerId,
        questions: mpsc::Sender<Question>,
    ) -> Result<(), (BluetoothError, Fault)> {
        let device = self.device(id).await.map_err(|error| (error, Fault::Failed))?;
        let _answerer = AnswererGuard::new(&self.answerer, questions);
        call_with_fault(crate::bluetooth::pairing::PAIRING_TIMEOUT, "pairing", device.pair()).await
    }

    /// Ready when it has connected.
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

    /// Ready when a connection that was made, or is there already, is gone again. btleplug does not notice that while it
    /// waits for the services.
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

    /// How btleplug calls the clicker, where it is known on the adapter in use.
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
        match tokio::time::timeout(QUERY_TIMEOUT, self.session.default_adapter()).await {
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
    /// Starts discovery, after ending the one that ran.
    async fn discover(&mut self) -> Result<(), BluetoothError> {
        // Devices that are known are told of again, each with its changes.
        (self.events, self.changes) = (Box::pin(stream::empty()), SelectAll::new());
        let filter = DiscoveryFilter {
            uuids: [uuid::Uuid::from_u128(wire::gatt::SERVICE.0)].into(),
            // The classic radio would take half of the time.
            transport: DiscoveryTransport::Le,
            duplicate_data: true,
            ..DiscoveryFilter::default()
        };
        let discovering = self.adapter.clone();
        self.events = run_to_completion(QUERY_TIMEOUT, "starting to scan", async move {
            match discovering.set_discovery_filter(filter).await {
                Ok(()) => {}
                // It is the same filter for all who listen.
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

    /// What is heard next. An error when listening has ended and has to be begun again.
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

/// Asks whoever pairs for the digits, and says no to everything else.
fn agent(answerer: &Answerer) -> Agent {
    let answerer = Arc::clone(answerer);
    Agent {
        request_default: true,
        // Only a passkey that is shown by the clicker and typed here proves that nobody published between.
        request_passkey: Some(Box::new(move |asked| {
            let answerer = answerer.lock().unwrap_or_else(PoisonError::into_inner).clone();
            Box::pin(async move {
                let (answer, answered) = oneshot::channel();
                let Some(answerer) = answerer else {
                    tracing::warn!(device = %asked.device, "refused to pair: nobody asked for it");
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

/// What BlueZ knows of a device, if it is a clicker.
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

/// Lets the agent ask, while it lives.
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

/// bluer gives the end of a BlueZ error's name as its kind, and other names whole.
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

/// As [`call`], with what the error comes to.
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

/// As [`call`], for what must not be broken off half-way: were it dropped between BlueZ doing it and bluer holding what
/// undoes it, an agent or a discovery would stand until the program ends, and every later one be refused. It goes on by
/// itself, and what it gives is dropped in the usual way where nobody waits any more.
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
