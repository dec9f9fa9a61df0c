//! Bluetooth LE: the clickers in reach, pairing with one, and the links to it.
//!
//! [`Bluetooth::start`] starts a thread with a runtime of its own, on which all of it runs. What is handed out are ends
//! of channels, so that nothing which goes wrong in a Bluetooth stack, a panic included, does more than end a link.
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
//! - **Trust.** Nothing is sent or taken but over a bond made with the six digits. The clicker's table enforces it; on
//!   Linux the bond is looked for as well, and this program answers no to whatever wants to pair outside a [`Pairing`].
//! - **Systems.** On Linux, pairing, bonds, discovery and the adapter's state go to BlueZ by `bluer`, connections by
//!   `btleplug`. On macOS and Windows all of it goes by `btleplug` and the system pairs by its own dialog; that part is
//!   compiled only there and has **not been tried**.

mod backoff;
mod connection;
mod fault;
mod gatt;
mod id;
mod mailbox;
mod pairing;
mod reach;
mod scan;
mod status;
mod system;
mod thread;

use std::sync::Arc;

use tokio::sync::{mpsc, oneshot, watch};

pub use connection::Connection;
pub use id::{ClickerId, InvalidClickerId, InvalidPasskey, Passkey};
pub use status::{Adapter, BluetoothError, DeviceInfo, PairingFailed, PairingStep, ScanResult, Status};

use crate::{NotReached, Reach};
use pairing::PairingTask;
use reach::ClickerTask;
use thread::Thread;

/// Steps of pairing that wait to be followed. There are fewer.
const STEPS: usize = 8;

/// The laptop's Bluetooth, on a thread and a runtime of its own. Cheap to clone.
///
/// The thread ends with the last clone and all that came from it. The last one dropped waits up to 3 s until
/// connections have been ended properly, so that the clicker can be found again at once.
#[derive(Debug, Clone)]
pub struct Bluetooth {
    thread: Arc<Thread>,
}

impl Bluetooth {
    /// Starts the thread.
    #[must_use]
    pub fn start() -> Self {
        Self { thread: Arc::new(Thread::start()) }
    }

    /// How the adapter stands, kept current: off and on again, the system's service gone and back.
    #[must_use]
    pub fn adapter(&self) -> watch::Receiver<Adapter> {
        self.thread.stack_handle().adapter
    }

    /// Looks for clickers while the value lives.
    #[must_use]
    pub fn scan(&self) -> Scan {
        let (list, seen) = watch::channel(Ok(Vec::new()));
        self.thread.spawn(scan::scan(self.thread.stack_handle(), list));
        Scan { seen, _thread: Arc::clone(&self.thread) }
    }

    /// Pairs with a clicker, step by step. Dropping the value stops it.
    #[must_use]
    pub fn pair(&self, id: &ClickerId) -> Pairing {
        let (steps, followed) = mpsc::channel(STEPS);
        let (answer, answers) = mpsc::channel(1);
        let task = PairingTask { id: id.clone(), stack_handle: self.thread.stack_handle(), steps, answers };
        self.thread.spawn(task.run());
        Pairing { steps: followed, answer, _thread: Arc::clone(&self.thread) }
    }

    /// A remembered clicker, to be reached and reached again. Nothing happens before the first [`Reach::reach`].
    #[must_use]
    pub fn clicker(&self, id: &ClickerId) -> Clicker {
        let (status, status_seen) = watch::channel(Status::Idle);
        let (about, about_seen) = watch::channel(DeviceInfo::default());
        let thread = Arc::clone(&self.thread);
        let channels = TaskChannels::start(&thread, id, &status, &about);
        Clicker { channels, id: id.clone(), requested: false, status, status_seen, about, about_seen, thread }
    }

    /// Removes the bond with a clicker from this computer's system. It is no error where there is none.
    ///
    /// # Errors
    ///
    /// Where the system does not do it, or cannot be asked (on macOS and Windows it is done in the system's settings).
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
            // Whoever asked may have gone.
            let _gone = done.send(forgotten);
        });
        result.await.unwrap_or(Err(BluetoothError::TimedOut { doing: "removing the bond" }))
    }
}

/// BlueZ has 10 s for removing it, and the adapter a little to come up before.
const FORGET_TIMEOUT: core::time::Duration = core::time::Duration::from_secs(15);

/// The clickers in reach, while it lives.
#[derive(Debug)]
pub struct Scan {
    seen: watch::Receiver<scan::List>,
    _thread: Arc<Thread>,
}

impl Scan {
    /// The list, whenever it changes, in the order of the ids. Cancel-safe.
    ///
    /// # Errors
    ///
    /// What stands in the way of looking. Looking goes on by itself: ask again, and the list comes when it can.
    pub async fn changed(&mut self) -> Result<Vec<ScanResult>, BluetoothError> {
        if self.seen.changed().await.is_err() {
            // The task is gone, which a panic in a library can do to it; a new scan is a new task.
            return Err(BluetoothError::System { doing: "scanning", why: "it broke off".to_owned() });
        }
        self.seen.borrow_and_update().clone()
    }
}

/// Pairing with one clicker, while it lives.
#[derive(Debug)]
pub struct Pairing {
    steps: mpsc::Receiver<PairingStep>,
    answer: mpsc::Sender<Passkey>,
    _thread: Arc<Thread>,
}

impl Pairing {
    /// What comes next; `None` after [`PairingStep::Paired`] or [`PairingStep::Failed`]. Cancel-safe.
    pub async fn next(&mut self) -> Option<PairingStep> {
        self.steps.recv().await
    }

    /// The six digits read off the clicker, in answer to [`PairingStep::PasskeyRequested`]. Only the first answer counts.
    pub fn answer(&mut self, passkey: Passkey) {
        let _second = self.answer.try_send(passkey);
    }
}

/// A remembered clicker. Dropping it ends its connection.
#[derive(Debug)]
pub struct Clicker {
    /// First, so that the task learns of the end before the thread is waited for.
    channels: TaskChannels,
    id: ClickerId,
    /// A link was asked for and has not come yet.
    requested: bool,
    status: watch::Sender<Status>,
    status_seen: watch::Receiver<Status>,
    about: watch::Sender<DeviceInfo>,
    about_seen: watch::Receiver<DeviceInfo>,
    thread: Arc<Thread>,
}

/// The ends of a clicker's task.
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
    /// What task it comes to, for the screen: kept current.
    #[must_use]
    pub fn status(&self) -> watch::Receiver<Status> {
        self.status_seen.clone()
    }

    /// What is known of it: kept current while it is connected.
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
            // The task fell, which a panic in a library can do to it. The next one starts with nothing of its state.
            tracing::error!(clicker = %self.id, "the clicker's task fell; starting another");
            self.requested = false;
            tokio::task::yield_now().await;
            self.channels = TaskChannels::start(&self.thread, &self.id, &self.status, &self.about);
        }
    }
}
