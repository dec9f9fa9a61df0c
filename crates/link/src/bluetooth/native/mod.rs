//! The backend over this computer's Bluetooth: everything runs on a thread of its own.

mod backoff;
mod connection;
mod fault;
mod gatt;
mod mailbox;
mod pairing;
mod reach;
mod scan;
mod system;
mod thread;

use std::sync::Arc;

use tokio::sync::{mpsc, oneshot, watch};

pub use connection::Connection;

use super::{
    Adapter, BluetoothError, ClickerId, DeviceInfo, PairingFailed, PairingStep, Passkey, ScanResult, Status,
};
use crate::{NotReached, Reach};
use pairing::PairingTask;
use reach::ClickerTask;
use thread::Thread;

/// Capacity of the queue of pairing steps; an attempt has fewer.
const STEPS: usize = 8;

/// Handle to the laptop's Bluetooth, on its own thread and runtime. Cheap to clone.
///
/// The thread ends when the last clone and everything created from it are dropped. That last drop waits up to 3 s for
/// connections to be closed properly, so that the clicker advertises again at once.
#[derive(Debug, Clone)]
pub struct Bluetooth {
    thread: Arc<Thread>,
}

impl Bluetooth {
    /// Starts the Bluetooth thread.
    #[must_use]
    pub fn start() -> Self {
        Self { thread: Arc::new(Thread::start()) }
    }

    /// State of the adapter, kept current while it is switched off and on and while the system's service restarts.
    #[must_use]
    pub fn adapter(&self) -> watch::Receiver<Adapter> {
        self.thread.stack_handle().adapter
    }

    /// Scans for clickers until the value is dropped.
    #[must_use]
    pub fn scan(&self) -> Scan {
        let (list, seen) = watch::channel(Ok(Vec::new()));
        self.thread.spawn(scan::scan(self.thread.stack_handle(), list));
        Scan { seen, _thread: Arc::clone(&self.thread) }
    }

    /// Pairs with a clicker, step by step. Dropping the value cancels pairing.
    #[must_use]
    pub fn pair(&self, id: &ClickerId) -> Pairing {
        let (steps, followed) = mpsc::channel(STEPS);
        let (answer, answers) = mpsc::channel(1);
        let task = PairingTask { id: id.clone(), stack_handle: self.thread.stack_handle(), steps, answers };
        self.thread.spawn(task.run());
        Pairing { steps: followed, answer, _thread: Arc::clone(&self.thread) }
    }

    /// Handle to a remembered clicker, which reconnects on request. Does nothing before the first [`Reach::reach`].
    #[must_use]
    pub fn clicker(&self, id: &ClickerId) -> Clicker {
        let (status, status_seen) = watch::channel(Status::Idle);
        let (about, about_seen) = watch::channel(DeviceInfo::default());
        let thread = Arc::clone(&self.thread);
        let channels = TaskChannels::start(&thread, id, &status, &about);
        Clicker { channels, id: id.clone(), requested: false, status, status_seen, about, about_seen, thread }
    }

    /// Removes the bond with a clicker from this computer. Succeeds if there is none.
    ///
    /// # Errors
    ///
    /// If the system refuses or cannot be asked. On macOS and Windows bonds are removed in the system's settings.
    pub async fn forget(&self, id: &ClickerId) -> Result<(), BluetoothError> {
        let (done, result) = oneshot::channel();
        let (id, mut stack_handle) = (id.clone(), self.thread.stack_handle());
        self.thread.spawn(async move {
            let forgotten = async {
                stack_handle.wait_adapter_ready(|_| {}).await;
                stack_handle.stack().await.system.forget(&id).await
            };
            let forgotten = match tokio::time::timeout(FORGET_TIMEOUT, forgotten).await {
                Ok(forgotten) => forgotten,
                Err(_) => Err(BluetoothError::Adapter(stack_handle.adapter.borrow().clone())),
            };
            // The caller may have dropped its future.
            let _gone = done.send(forgotten);
        });
        result.await.unwrap_or(Err(BluetoothError::TimedOut { doing: "removing the bond" }))
    }
}

/// BlueZ takes up to 10 s to remove a bond; the rest is for the adapter to become ready.
const FORGET_TIMEOUT: core::time::Duration = core::time::Duration::from_secs(15);

/// A running scan; dropping it stops scanning.
#[derive(Debug)]
pub struct Scan {
    seen: watch::Receiver<scan::List>,
    _thread: Arc<Thread>,
}

impl Scan {
    /// Waits for the next change of the list and returns it, ordered by id. Cancel-safe.
    ///
    /// # Errors
    ///
    /// Why scanning is not possible at the moment. It resumes by itself: call again to get the list once it does.
    pub async fn changed(&mut self) -> Result<Vec<ScanResult>, BluetoothError> {
        if self.seen.changed().await.is_err() {
            // The task is gone, which happens if a library panics; a new scan starts a new task.
            return Err(BluetoothError::System { doing: "scanning", why: "it broke off".to_owned() });
        }
        self.seen.borrow_and_update().clone()
    }
}

/// A running pairing; dropping it cancels pairing.
#[derive(Debug)]
pub struct Pairing {
    steps: mpsc::Receiver<PairingStep>,
    answer: mpsc::Sender<Passkey>,
    _thread: Arc<Thread>,
}

impl Pairing {
    /// Next step; `None` after [`PairingStep::Paired`] or [`PairingStep::Failed`]. Cancel-safe.
    pub async fn next(&mut self) -> Option<PairingStep> {
        self.steps.recv().await
    }

    /// Answers [`PairingStep::PasskeyRequested`] with the six digits. Only the first answer counts.
    pub fn answer(&mut self, passkey: Passkey) {
        let _second = self.answer.try_send(passkey);
    }
}

/// A remembered clicker. Dropping it disconnects.
#[derive(Debug)]
pub struct Clicker {
    /// Dropped first, so that the task learns of the end before the drop of `thread` waits for it.
    channels: TaskChannels,
    id: ClickerId,
    /// Whether a link has been requested and not delivered yet.
    requested: bool,
    status: watch::Sender<Status>,
    status_seen: watch::Receiver<Status>,
    about: watch::Sender<DeviceInfo>,
    about_seen: watch::Receiver<DeviceInfo>,
    thread: Arc<Thread>,
}

/// Channel ends of a clicker's task.
#[derive(Debug)]
struct TaskChannels {
    requests: mpsc::Sender<()>,
    links: mpsc::Receiver<Result<Connection, NotReached>>,
}

impl TaskChannels {
    fn start(
        thread: &Thread,
        id: &ClickerId,
        status: &watch::Sender<Status>,
        about: &watch::Sender<DeviceInfo>,
    ) -> Self {
        let (requests, requested) = mpsc::channel(1);
        let (links, given) = mpsc::channel(1);
        let (status, about) = (status.clone(), about.clone());
        let stack_handle = thread.stack_handle();
        let task = ClickerTask {
            id: id.clone(),
            stack_handle,
            status,
            about,
            requests: requested,
            links,
            agent: None,
        };
        thread.spawn(task.run());
        Self { requests, links: given }
    }
}

impl Clicker {
    /// Progress of connecting, kept current; for display.
    #[must_use]
    pub fn status(&self) -> watch::Receiver<Status> {
        self.status_seen.clone()
    }

    /// Device information, kept current while connected.
    #[must_use]
    pub fn device_info(&self) -> watch::Receiver<DeviceInfo> {
        self.about_seen.clone()
    }
}

impl Reach for Clicker {
    type Link = Connection;

    async fn reach(&mut self) -> Result<Connection, NotReached> {
        loop {
            if !self.requested {
                self.requested = self.channels.requests.try_send(()).is_ok();
            }
            if let Some(link) = self.channels.links.recv().await {
                self.requested = false;
                return link;
            }
            // The task is gone, which happens if a library panics. The next task shares no state with it.
            tracing::error!(clicker = %self.id, "the clicker's task fell; starting another");
            self.requested = false;
            tokio::task::yield_now().await;
            self.channels = TaskChannels::start(&self.thread, &self.id, &self.status, &self.about);
        }
    }
}
