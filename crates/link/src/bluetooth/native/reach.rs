//! Connects to a remembered clicker, again and again: one task per clicker.
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
//! Every attempt disconnects first, scans, and uses the device object that the system then reports: after a dropped
//! connection, stacks keep objects that no longer work. Nothing here pairs.

use core::time::Duration;
use std::sync::Arc;

use tokio::sync::{mpsc, watch};
use wire::Version;

use super::backoff::{Backoff, EarlyDrops};
use super::connection::{self, Connection, Disconnect};
use super::fault::Fault;
use super::gatt::{self, Failure, Gatt, Notifications};
use super::system::{AgentGuard, ScanEvent};
use super::thread::{Stack, StackHandle};
use super::{BluetoothError, ClickerId, DeviceInfo, Status};
use crate::NotReached;

/// Delay before a missing bond is checked again: while it starts, bluetoothd lists devices before it has read their
/// bonds.
const BOND_RECHECK_DELAY: Duration = Duration::from_secs(1);

/// State of one clicker's task.
pub(super) struct ClickerTask {
    pub(super) id: ClickerId,
    pub(super) stack_handle: StackHandle,
    pub(super) status: watch::Sender<Status>,
    pub(super) about: watch::Sender<DeviceInfo>,
    /// One message per link that is requested; closed when no more will be.
    pub(super) requests: mpsc::Receiver<()>,
    pub(super) links: mpsc::Sender<Result<Connection, NotReached>>,
    /// Held from the first attempt on, so that the system does not pair by itself.
    pub(super) agent: Option<Arc<AgentGuard>>,
}

/// A connection that is ready for frames.
struct OpenLink {
    stack: Arc<Stack>,
    gatt: Gatt,
    notifications: Notifications,
}

/// Why an attempt failed.
enum AttemptError {
    /// A retry cannot help: the person has to act.
    Final(NotReached),
    /// The adapter was lost; wait until it is ready.
    Adapter,
    /// The connection dropped before it was encrypted.
    Dropped(BluetoothError),
    /// Anything else.
    Failed(BluetoothError),
}

impl ClickerTask {
    /// Runs until no more links can be requested.
    pub(super) async fn run(mut self) {
        let mut backoff = Backoff::default();
        let mut requested = false;
        loop {
            if !requested {
                self.set_status(Status::Idle);
                if self.requests.recv().await.is_none() {
                    return;
                }
            }
            requested = false;
            let client = self.links.clone();
            let reached = tokio::select! {
                reached = self.reach(&mut backoff) => reached,
                () = client.closed() => {
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
            backoff.reset();
            match self.run_connection(open).await {
                Disconnect::Ended => {}
                Disconnect::NextRequested => requested = true,
                Disconnect::ClientGone => return,
            }
        }
    }

    async fn reach(&mut self, backoff: &mut Backoff) -> Result<OpenLink, NotReached> {
        let mut early_drops = EarlyDrops::default();
        loop {
            let wait = backoff.next_delay();
            if !wait.is_zero() {
                self.set_status(waiting(&early_drops, wait));
                tokio::time::sleep(wait).await;
            }
            let why = match self.attempt().await {
                Ok(open) => return Ok(open),
                Err(why) => why,
            };
            match why {
                AttemptError::Final(why) => return Err(why),
                // `attempt` waits for the adapter itself, and the clicker may have been in reach all the time.
                AttemptError::Adapter => backoff.reset(),
                AttemptError::Dropped(error) => {
                    tracing::info!(clicker = %self.id, %error, "an attempt failed");
                    early_drops.record();
                }
                AttemptError::Failed(error) => {
                    tracing::info!(clicker = %self.id, %error, "an attempt failed");
                    early_drops.reset();
                }
            }
        }
    }

    async fn attempt(&mut self) -> Result<OpenLink, AttemptError> {
        let status = self.status.clone();
        self.stack_handle.wait_adapter_ready(|adapter| set_status(&status, Status::Adapter(adapter))).await;
        self.set_status(Status::Scanning);
        let stack = self.stack_handle.stack().await;
        let mut stack_handle = self.stack_handle.clone();
        tokio::select! {
            open = self.open(&stack) => open,
            adapter = stack_handle.wait_adapter_lost() => {
                self.set_status(Status::Adapter(adapter));
                Err(AttemptError::Adapter)
            }
        }
    }

    async fn open(&mut self, stack: &Arc<Stack>) -> Result<OpenLink, AttemptError> {
        self.agent = Some(stack.system.hold_agent().await.map_err(AttemptError::Failed)?);
        self.bond(stack).await?;
        if let Ok(left) = Gatt::find(stack, &self.id).await {
            left.disconnect().await;
        }
        self.wait_for_advertisement(stack).await?;

        self.set_status(Status::Connecting);
        let gatt = Gatt::find(stack, &self.id).await.map_err(unreached)?;
        let opened = self.open_heard(stack, &gatt).await;
        match opened {
            Ok(notifications) => Ok(OpenLink { stack: Arc::clone(stack), gatt, notifications }),
            Err(why) => {
                gatt.disconnect().await;
                Err(why)
            }
        }
    }

    async fn open_heard(&mut self, stack: &Stack, gatt: &Gatt) -> Result<Notifications, AttemptError> {
        gatt.connect(stack, &self.id).await.map_err(unreached)?;
        self.set_status(Status::Securing);
        let version = gatt.version(gatt::GATT_TIMEOUT).await.map_err(unreached)?;
        self.about.send_modify(|about| about.wire = Some(version));
        if !version.is_compatible_with(Version::CURRENT) {
            return Err(AttemptError::Final(NotReached::OtherVersion { clicker: version }));
        }
        // The clicker regards the link as authenticated; this computer must hold the bond as well.
        if stack.system.bonded(&self.id).await.map_err(AttemptError::Failed)? == Some(false) {
            return Err(AttemptError::Final(NotReached::ForgottenHere));
        }
        self.set_status(Status::Subscribing);
        gatt.subscribe().await.map_err(unreached)
    }

    /// Checks that the bond exists. Without one no attempt is made, because the clicker would have to pair.
    async fn bond(&self, stack: &Stack) -> Result<(), AttemptError> {
        if stack.system.bonded(&self.id).await.map_err(AttemptError::Failed)? != Some(false) {
            return Ok(());
        }
        tokio::time::sleep(BOND_RECHECK_DELAY).await;
        match stack.system.bonded(&self.id).await.map_err(AttemptError::Failed)? {
            Some(false) => Err(AttemptError::Final(NotReached::ForgottenHere)),
            Some(true) | None => Ok(()),
        }
    }

    /// Waits without limit until the clicker advertises.
    async fn wait_for_advertisement(&self, stack: &Stack) -> Result<(), AttemptError> {
        let mut discovery = stack.system.start_discovery().await.map_err(AttemptError::Failed)?;
        loop {
            if let ScanEvent::Seen(sighting) = discovery.next().await.map_err(AttemptError::Failed)?
                && sighting.id == self.id
                && let Some(rssi_dbm) = sighting.rssi_dbm
            {
                self.about.send_modify(|about| about.rssi_dbm = Some(rssi_dbm));
                return Ok(());
            }
        }
    }

    async fn run_connection(&mut self, open: OpenLink) -> Disconnect {
        let OpenLink { stack, gatt, notifications } = open;
        self.set_status(Status::Connected);
        connection::run(self, &stack, &gatt, notifications).await
    }

    /// Disconnects what a cancelled attempt may have opened.
    async fn leave(&mut self) {
        if matches!(&*self.status.borrow(), Status::Connecting | Status::Securing | Status::Subscribing) {
            let stack = self.stack_handle.stack().await;
            if let Ok(gatt) = Gatt::find(&stack, &self.id).await {
                gatt.disconnect().await;
            }
        }
    }

    fn set_status(&self, status: Status) {
        set_status(&self.status, status);
    }
}

fn set_status(status: &watch::Sender<Status>, now: Status) {
    status.send_if_modified(|current| {
        let changed = *current != now;
        *current = now;
        changed
    });
}

/// Status between two attempts.
const fn waiting(early_drops: &EarlyDrops, next_try: Duration) -> Status {
    if early_drops.is_suspicious() { Status::Doubted { next_try } } else { Status::Waiting { next_try } }
}

/// Only a key that is missing or wrong, as the system or the clicker reports it, means that the bond is lost.
fn unreached((error, fault): Failure) -> AttemptError {
    match fault {
        Fault::NotTrusted | Fault::NotPaired => AttemptError::Final(NotReached::ForgottenByClicker),
        Fault::Dropped => AttemptError::Dropped(error),
        Fault::Cancelled
        | Fault::Vanished
        | Fault::Already
        | Fault::AdapterOff
        | Fault::NoDaemon
        | Fault::NoPermission
        | Fault::Failed => AttemptError::Failed(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(fault: Fault) -> Failure {
        (BluetoothError::TimedOut { doing: "connecting" }, fault)
    }

    /// Walking along the edge of range drops any number of connections.
    #[test]
    fn drops_are_told_and_tried_on_and_never_a_verdict() {
        let mut early_drops = EarlyDrops::default();
        let next_try = Duration::from_secs(3);
        for attempt in 1..100 {
            assert!(matches!(unreached(failure(Fault::Dropped)), AttemptError::Dropped(_)));
            early_drops.record();
            let doubted = waiting(&early_drops, next_try) == Status::Doubted { next_try };
            assert_eq!(doubted, attempt >= 3, "{attempt}");
        }
    }

    #[test]
    fn a_missing_key_is_a_verdict_and_a_question_that_fails_is_not() {
        for fault in [Fault::NotTrusted, Fault::NotPaired] {
            let why = unreached(failure(fault));
            assert!(matches!(why, AttemptError::Final(NotReached::ForgottenByClicker)), "{fault:?}");
        }
        for fault in [Fault::Cancelled, Fault::Vanished, Fault::NoDaemon, Fault::NoPermission, Fault::Failed]
        {
            assert!(matches!(unreached(failure(fault)), AttemptError::Failed(_)), "{fault:?}");
        }
    }
}
