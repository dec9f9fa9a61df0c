//! Reaching a remembered clicker, again and again: one task a clicker.
//!
//! ```text
//!           asked                heard             connected          version read        subscribed
//!   Idle -----------> Scanning --------> Connecting --------> Securing --------> Subscribing --------> Connected
//!    ^                 ^   |                  |                   |                   |                    |
//!    |                 |   | adapter off:     |  failed           |  failed           |  failed            | ended,
//!    |                 |   v Adapter          v                   v                   v                    | silent
//!    |                 |                   Waiting <--------------+-------------------+                    | for 8 s
//!    |                 +----- in a while ----+                    |                                        |
//!    |                                                            | no bond, other version                 |
//!    +------------------------------------------------------------+----------------------------------------+
//! ```
//!
//! Every attempt disconnects first, scans, and takes what the system then gives: after a drop, stacks keep objects that
//! no longer work. Nothing here pairs.

use core::time::Duration;
use std::sync::Arc;

use tokio::sync::{mpsc, watch};
use wire::Version;

use super::carry::{self, Connection, Over};
use super::fault::Fault;
use super::gatt::{self, Failure, Gatt, Notifications};
use super::patience::{Patience, Suspicion};
use super::system::{Told, Watched};
use super::thread::{Stack, Ways};
use super::{About, BluetoothError, ClickerId, Status};
use crate::NotReached;

/// A bond that is missing is looked for once more after this: while bluetoothd starts, it knows devices before it has
/// read their bonds.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// One clicker's task.
pub(super) struct Reaching {
    pub(super) id: ClickerId,
    pub(super) ways: Ways,
    pub(super) status: watch::Sender<Status>,
    pub(super) about: watch::Sender<About>,
    /// One for every link that is wanted; closed when none will be wanted any more.
    pub(super) asks: mpsc::Receiver<()>,
    pub(super) links: mpsc::Sender<Result<Connection, NotReached>>,
    /// From the first attempt on nothing pairs by itself.
    pub(super) watched: Option<Arc<Watched>>,
}

/// A link that can be used from now on.
struct Open {
    stack: Arc<Stack>,
    gatt: Gatt,
    notifications: Notifications,
}

/// Why an attempt came to nothing.
enum Why {
    /// Trying again by itself cannot help.
    Final(NotReached),
    /// The adapter has to come back first.
    Adapter,
    /// The connection fell before it was encrypted.
    Fell(BluetoothError),
    /// Anything else.
    Failed(BluetoothError),
}

impl Reaching {
    /// Until nobody wants links any more.
    pub(super) async fn run(mut self) {
        let mut patience = Patience::default();
        let mut asked = false;
        loop {
            if !asked {
                self.tell(Status::Idle);
                if self.asks.recv().await.is_none() {
                    return;
                }
            }
            asked = false;
            let nobody_waits = self.links.clone();
            let reached = tokio::select! {
                reached = self.reach(&mut patience) => reached,
                () = nobody_waits.closed() => {
                    self.leave().await;
                    return;
                }
            };
            let open = match reached {
                Ok(open) => open,
                Err(why) => {
                    tracing::warn!(clicker = %self.id, %why, "not reached");
                    if self.links.send(Err(why)).await.is_err() {
                        return;
                    }
                    continue;
                }
            };
            patience.restore();
            match self.carry(open).await {
                Over::Ended => {}
                Over::AskedForNext => asked = true,
                Over::NobodyWaits => return,
            }
        }
    }

    async fn reach(&mut self, patience: &mut Patience) -> Result<Open, NotReached> {
        let mut suspicion = Suspicion::default();
        loop {
            let wait = patience.next_wait();
            if !wait.is_zero() {
                self.tell(Status::Waiting { next_try: wait });
                tokio::time::sleep(wait).await;
            }
            let why = match self.attempt().await {
                Ok(open) => return Ok(open),
                Err(why) => why,
            };
            match why {
                Why::Final(why) => return Err(why),
                // It is waited for there, and when it is back the clicker may have been in reach all the time.
                Why::Adapter => patience.restore(),
                Why::Fell(error) => {
                    tracing::info!(clicker = %self.id, %error, "an attempt failed");
                    if suspicion.fell() {
                        return Err(NotReached::ForgottenByClicker);
                    }
                }
                Why::Failed(error) => {
                    tracing::info!(clicker = %self.id, %error, "an attempt failed");
                    suspicion.lift();
                }
            }
        }
    }

    async fn attempt(&mut self) -> Result<Open, Why> {
        let status = self.status.clone();
        self.ways.adapter_ready(|adapter| tell(&status, Status::Adapter(adapter))).await;
        self.tell(Status::Scanning);
        let stack = self.ways.stack().await;
        let mut ways = self.ways.clone();
        tokio::select! {
            open = self.open(&stack) => open,
            adapter = ways.adapter_lost() => {
                self.tell(Status::Adapter(adapter));
                Err(Why::Adapter)
            }
        }
    }

    async fn open(&mut self, stack: &Arc<Stack>) -> Result<Open, Why> {
        self.watched = Some(stack.system.watched().await.map_err(Why::Failed)?);
        self.bond(stack).await?;
        if let Ok(left) = Gatt::find(stack, &self.id).await {
            left.disconnect().await;
        }
        self.hear(stack).await?;

        self.tell(Status::Connecting);
        let gatt = Gatt::find(stack, &self.id).await.map_err(unreached)?;
        let opened = self.open_heard(stack, &gatt).await;
        match opened {
            Ok(notifications) => Ok(Open { stack: Arc::clone(stack), gatt, notifications }),
            Err(why) => {
                gatt.disconnect().await;
                Err(why)
            }
        }
    }

    async fn open_heard(&mut self, stack: &Stack, gatt: &Gatt) -> Result<Notifications, Why> {
        gatt.connect(stack, &self.id).await.map_err(unreached)?;
        self.tell(Status::Securing);
        let version = gatt.version(gatt::GATT).await.map_err(unreached)?;
        self.about.send_modify(|about| about.wire = Some(version));
        if !version.is_compatible_with(Version::CURRENT) {
            return Err(Why::Final(NotReached::OtherVersion { clicker: version }));
        }
        // The clicker has answered over a link that it calls authenticated; the bond must be this side's as well.
        if stack.system.bonded(&self.id).await.map_err(Why::Failed)? == Some(false) {
            return Err(Why::Final(NotReached::ForgottenHere));
        }
        self.tell(Status::Subscribing);
        gatt.subscribe().await.map_err(unreached)
    }

    /// Looks whether the bond is there. Without one nothing is tried: the other side would have to pair.
    async fn bond(&self, stack: &Stack) -> Result<(), Why> {
        if stack.system.bonded(&self.id).await.map_err(Why::Failed)? != Some(false) {
            return Ok(());
        }
        tokio::time::sleep(LOOK_AGAIN).await;
        match stack.system.bonded(&self.id).await.map_err(Why::Failed)? {
            Some(false) => Err(Why::Final(NotReached::ForgottenHere)),
            Some(true) | None => Ok(()),
        }
    }

    /// Waits until the clicker is heard, however long.
    async fn hear(&self, stack: &Stack) -> Result<(), Why> {
        let mut listening = stack.system.listen().await.map_err(Why::Failed)?;
        loop {
            if let Told::Heard(heard) = listening.next().await.map_err(Why::Failed)?
                && heard.id == self.id
                && let Some(rssi_dbm) = heard.rssi_dbm
            {
                self.about.send_modify(|about| about.rssi_dbm = Some(rssi_dbm));
                return Ok(());
            }
        }
    }

    async fn carry(&mut self, open: Open) -> Over {
        let Open { stack, gatt, notifications } = open;
        self.tell(Status::Connected);
        carry::carry(self, &stack, &gatt, notifications).await
    }

    /// Ends what an attempt that is broken off may have begun.
    async fn leave(&mut self) {
        if matches!(&*self.status.borrow(), Status::Connecting | Status::Securing | Status::Subscribing) {
            let stack = self.ways.stack().await;
            if let Ok(gatt) = Gatt::find(&stack, &self.id).await {
                gatt.disconnect().await;
            }
        }
    }

    fn tell(&self, status: Status) {
        tell(&self.status, status);
    }
}

fn tell(status: &watch::Sender<Status>, now: Status) {
    status.send_if_modified(|stood| {
        let changed = *stood != now;
        *stood = now;
        changed
    });
}

fn unreached((error, fault): Failure) -> Why {
    match fault {
        Fault::NotTrusted | Fault::NotPaired => Why::Final(NotReached::ForgottenByClicker),
        Fault::Fell => Why::Fell(error),
        Fault::Cancelled
        | Fault::Vanished
        | Fault::Already
        | Fault::AdapterOff
        | Fault::NoDaemon
        | Fault::NoPermission
        | Fault::Failed => Why::Failed(error),
    }
}
