//! Bluetooth LE: the clickers in reach, pairing with one, and the links to it.

mod id;
mod told;

use tokio::sync::{mpsc, watch};
use wire::Frame;

pub use id::{ClickerId, NotAPasskey, NotAnId, Passkey};
pub use told::{About, Adapter, BluetoothError, PairingFailed, PairingStep, Seen, Status};

use crate::{Link, LinkError, NotReached, Reach};

/// The laptop's Bluetooth, on a thread and a runtime of its own. Cheap to clone; the thread ends with the last clone.
#[derive(Debug, Clone)]
pub struct Bluetooth {
    adapter: watch::Receiver<Adapter>,
}

impl Bluetooth {
    /// Starts the thread.
    #[must_use]
    pub fn start() -> Self {
        Self { adapter: watch::channel(Adapter::Missing).1 }
    }

    /// How the adapter stands, kept current.
    #[must_use]
    pub fn adapter(&self) -> watch::Receiver<Adapter> {
        self.adapter.clone()
    }

    /// Looks for clickers while the value lives.
    #[must_use]
    pub fn scan(&self) -> Scan {
        Scan { seen: watch::channel(Err(BluetoothError::Adapter(Adapter::Missing))).1 }
    }

    /// Pairs with a clicker, step by step. Dropping the value stops it.
    #[must_use]
    pub fn pair(&self, _id: &ClickerId) -> Pairing {
        Pairing { steps: mpsc::channel(1).1, answer: mpsc::channel(1).0 }
    }

    /// A remembered clicker, to be reached and reached again.
    #[must_use]
    pub fn clicker(&self, _id: &ClickerId) -> Clicker {
        Clicker { status: watch::channel(Status::Idle).1, about: watch::channel(About::default()).1 }
    }

    /// Removes the bond with a clicker from this computer's system. It is no error where there is none.
    ///
    /// # Errors
    ///
    /// Where the system does not do it, or cannot be asked (on macOS and Windows it is done in the system's settings).
    #[expect(clippy::unused_async, reason = "a stub")]
    pub async fn forget(&self, _id: &ClickerId) -> Result<(), BluetoothError> {
        Err(BluetoothError::Adapter(Adapter::Missing))
    }
}

/// The clickers in reach, while it lives.
#[derive(Debug)]
pub struct Scan {
    seen: watch::Receiver<Result<Vec<Seen>, BluetoothError>>,
}

impl Scan {
    /// The list, whenever it changes: at once when first asked. Cancel-safe.
    ///
    /// # Errors
    ///
    /// What stands in the way of looking. Looking goes on by itself: ask again, and the list comes when it can.
    pub async fn changed(&mut self) -> Result<Vec<Seen>, BluetoothError> {
        if self.seen.changed().await.is_err() {
            core::future::pending::<()>().await;
        }
        self.seen.borrow_and_update().clone()
    }
}

/// Pairing with one clicker, while it lives.
#[derive(Debug)]
pub struct Pairing {
    steps: mpsc::Receiver<PairingStep>,
    answer: mpsc::Sender<Passkey>,
}

impl Pairing {
    /// What comes next; `None` after [`PairingStep::Paired`] or [`PairingStep::Failed`]. Cancel-safe.
    pub async fn next(&mut self) -> Option<PairingStep> {
        self.steps.recv().await
    }

    /// The six digits read off the clicker, in answer to [`PairingStep::PasskeyWanted`].
    pub fn answer(&mut self, passkey: Passkey) {
        let _full = self.answer.try_send(passkey);
    }
}

/// A remembered clicker. Dropping it ends its connection.
#[derive(Debug)]
pub struct Clicker {
    status: watch::Receiver<Status>,
    about: watch::Receiver<About>,
}

impl Clicker {
    /// What reaching it comes to, for the screen: kept current.
    #[must_use]
    pub fn status(&self) -> watch::Receiver<Status> {
        self.status.clone()
    }

    /// What is known of it: kept current while it is connected.
    #[must_use]
    pub fn about(&self) -> watch::Receiver<About> {
        self.about.clone()
    }
}

impl Reach for Clicker {
    type Link = Connection;

    async fn reach(&mut self) -> Result<Connection, NotReached> {
        core::future::pending().await
    }
}

/// A link to a clicker over the air.
#[derive(Debug)]
pub struct Connection {}

impl Link for Connection {
    async fn next(&mut self) -> Result<Frame, LinkError> {
        Err(LinkError::Ended)
    }

    async fn send(&mut self, _frame: &Frame) -> Result<(), LinkError> {
        Err(LinkError::Ended)
    }
}
