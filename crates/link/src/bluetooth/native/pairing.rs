//! Pairing with one clicker; nothing else in this crate pairs.
//!
//! ```text
//!   Searching --heard--> Connecting --asked for the digits--> PasskeyRequested --answered--> Checking --> Paired
//!       |                    |                                     |                         |
//!    NotFound          WindowClosed: connected,              WrongPasskey, TimedOut       NotAuthenticated: never asked,
//!                      but never asked                                                  OtherVersion; the bond is removed
//! ```
//!
//! If this computer already has a bond with the clicker, that bond is tried first: a working bond is as good as a new
//! one, and the clicker may not be open for pairing. A bond that the clicker rejects is removed, because the person
//! asked for a new one.

use core::time::Duration;
use std::sync::Arc;

use tokio::sync::mpsc;
use wire::Version;

use super::fault::Fault;
use super::gatt::{self, Failure, Gatt};
use super::system::{SYSTEM_DIALOG, ScanEvent};
use super::thread::{Stack, StackHandle};
use super::{Adapter, BluetoothError, ClickerId, DeviceInfo, PairingFailed, PairingStep, Passkey};

/// A clicker in reach is heard within 2 s.
const SEARCH_TIMEOUT: Duration = Duration::from_secs(20);

/// From first advertisement to connected: as long as a kernel tries.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(20);

/// From connected to the passkey request: three packets each way and a second of computation on the clicker. A clicker
/// that is not open for pairing does not answer.
const PASSKEY_REQUEST_TIMEOUT: Duration = Duration::from_secs(8);

/// Limit for pairing as a whole: the clicker's window is open for 60 s, and it waits 30 s for the digits. Elsewhere
/// the system's own dialog sets the limit.
#[cfg(target_os = "linux")]
pub(super) const PAIRING_TIMEOUT: Duration = Duration::from_secs(90);

/// One pairing attempt.
pub(super) struct PairingTask {
    pub(super) id: ClickerId,
    pub(super) stack_handle: StackHandle,
    pub(super) steps: mpsc::Sender<PairingStep>,
    pub(super) answers: mpsc::Receiver<Passkey>,
}

impl PairingTask {
    /// Pairs; stops when the receiver of the steps is dropped.
    pub(super) async fn run(mut self) {
        let steps = self.steps.clone();
        let last = tokio::select! {
            done = self.pair() => Some(match done {
                Ok((name, info)) => PairingStep::Paired { name, info },
                Err(why) => PairingStep::Failed(why),
            }),
            () = steps.closed() => None,
        };
        // The link is not used after pairing; a session opens its own.
        let mut stack_handle = self.stack_handle.clone();
        let left = async {
            let stack = stack_handle.stack().await;
            if let Ok(gatt) = Gatt::find(&stack, &self.id).await {
                gatt.disconnect().await;
            }
        };
        if tokio::time::timeout(gatt::GATT_TIMEOUT, left).await.is_err() {
            tracing::debug!("no time to disconnect");
        }
        if let Some(last) = last {
            tracing::info!(clicker = %self.id, ?last, "pairing");
            self.report(last).await;
        }
    }

    async fn pair(&mut self) -> Result<(Option<String>, DeviceInfo), PairingFailed> {
        self.report(PairingStep::Searching).await;
        let stack = self.stack().await?;
        let _agent = stack.system.hold_agent().await?;
        if stack.system.bonded(&self.id).await? == Some(true) {
            match self.check_again(&stack).await {
                Ok(checked) => return Ok(checked),
                Err(not_checked) => {
                    if let Some(why) = keeps_bond(not_checked) {
                        return Err(why);
                    }
                    stack.system.forget(&self.id).await?;
                }
            }
            self.report(PairingStep::Searching).await;
        }
        self.wait_for_advertisement(&stack).await?;
        self.report(PairingStep::Connecting).await;
        if SYSTEM_DIALOG {
            self.report(PairingStep::SystemDialog).await;
        } else {
            self.pair_by_agent(&stack).await?;
            self.report(PairingStep::Checking).await;
        }
        let limit = if SYSTEM_DIALOG { gatt::DIALOG_TIMEOUT } else { gatt::GATT_TIMEOUT };
        match self.check(&stack, limit).await {
            Ok(checked) => Ok(checked),
            Err(not_checked) => {
                stack.system.forget(&self.id).await.unwrap_or_else(|error| tracing::debug!(%error));
                Err(match not_checked {
                    NotChecked::NoBond => PairingFailed::NotAuthenticated,
                    NotChecked::Dropped(error) => error.into(),
                    NotChecked::Failed(why) => why,
                })
            }
        }
    }

    /// Waits for the adapter and returns the stack.
    async fn stack(&mut self) -> Result<Arc<Stack>, PairingFailed> {
        let mut stack_handle = self.stack_handle.clone();
        let ready = async {
            stack_handle.wait_adapter_ready(|_| {}).await;
            stack_handle.stack().await
        };
        match tokio::time::timeout(gatt::GATT_TIMEOUT, ready).await {
            Ok(stack) => Ok(stack),
            Err(_) => Err(BluetoothError::Adapter(self.stack_handle.adapter.borrow().clone()).into()),
        }
    }

    async fn wait_for_advertisement(&self, stack: &Stack) -> Result<(), PairingFailed> {
        let heard = async {
            let mut discovery = stack.system.start_discovery().await?;
            loop {
                if let ScanEvent::Seen(sighting) = discovery.next().await?
                    && sighting.id == self.id
                    && (sighting.rssi_dbm.is_some() || sighting.connected)
                {
                    return Ok(());
                }
            }
        };
        match tokio::time::timeout(SEARCH_TIMEOUT, heard).await {
            Ok(heard) => heard,
            Err(_) => Err(PairingFailed::NotFound),
        }
    }

    async fn pair_by_agent(&mut self, stack: &Stack) -> Result<(), PairingFailed> {
        let (questions, mut asked) = mpsc::channel(1);
        let mut pairing = core::pin::pin!(stack.system.pair(&self.id, questions));
        let connected = async {
            if tokio::time::timeout(CONNECT_TIMEOUT, stack.system.connected(&self.id)).await.is_err() {
                return PairingFailed::NotFound;
            }
            tokio::time::sleep(PASSKEY_REQUEST_TIMEOUT).await;
            PairingFailed::WindowClosed
        };
        let question = tokio::select! {
            done = &mut pairing => return Err(match done {
                // Paired without the digits, so a man in the middle is possible.
                Ok(()) => {
                    stack.system.forget(&self.id).await?;
                    PairingFailed::NotAuthenticated
                }
                Err((_, Fault::NotPaired | Fault::NotTrusted | Fault::Cancelled)) => PairingFailed::WindowClosed,
                Err((error, _)) => refused(error),
            }),
            why = connected => return Err(why),
            question = asked.recv() => question,
        };
        let Some((asking, answer)) = question else { return Err(PairingFailed::TimedOut) };
        if asking != self.id {
            // Dropping `answer` rejects the request.
            return Err(PairingFailed::Refused { why: "another device asked for the digits".to_owned() });
        }
        self.report(PairingStep::PasskeyRequested).await;
        let passkey = tokio::select! {
            done = &mut pairing => return Err(match done {
                Ok(()) => PairingFailed::NotAuthenticated,
                Err((BluetoothError::TimedOut { .. }, _)) => PairingFailed::TimedOut,
                // The clicker's or the kernel's own timeout for the digits.
                Err(_) => PairingFailed::TimedOut,
            }),
            passkey = self.answers.recv() => passkey,
        };
        let Some(passkey) = passkey else { return Err(PairingFailed::TimedOut) };
        if answer.send(passkey).is_err() {
            return Err(PairingFailed::TimedOut);
        }
        match pairing.await {
            Ok(()) => Ok(()),
            Err((_, Fault::NotPaired)) => Err(PairingFailed::WrongPasskey),
            Err((BluetoothError::TimedOut { .. }, _)) => Err(PairingFailed::TimedOut),
            Err((error, _)) => Err(refused(error)),
        }
    }

    /// Checks an existing bond; retries once after a dropped connection, which may be radio loss.
    async fn check_again(&self, stack: &Stack) -> Result<(Option<String>, DeviceInfo), NotChecked> {
        // Being connected would mean another program uses it; otherwise it has to be in reach.
        self.wait_for_advertisement(stack).await.map_err(NotChecked::Failed)?;
        match self.check(stack, gatt::GATT_TIMEOUT).await {
            Err(NotChecked::Dropped(error)) => tracing::info!(%error, "once more"),
            checked => return checked,
        }
        self.wait_for_advertisement(stack).await.map_err(NotChecked::Failed)?;
        self.check(stack, gatt::GATT_TIMEOUT).await
    }

    /// Connects over the bond and reads the version, which only an authenticated link allows.
    async fn check(
        &self,
        stack: &Stack,
        limit: Duration,
    ) -> Result<(Option<String>, DeviceInfo), NotChecked> {
        let gatt = Gatt::find(stack, &self.id).await.map_err(not_checked)?;
        gatt.connect(stack, &self.id).await.map_err(not_checked)?;
        let version = match gatt.version(limit).await {
            // Right after pairing the system may not have read the clicker's services yet.
            Err((error, Fault::Vanished)) => {
                tracing::info!(%error, "once more");
                gatt.connect(stack, &self.id).await.map_err(not_checked)?;
                gatt.version(limit).await
            }
            version => version,
        };
        let version = version.map_err(not_checked)?;
        if !version.is_compatible_with(Version::CURRENT) {
            return Err(NotChecked::Failed(PairingFailed::OtherVersion { clicker: version }));
        }
        if stack.system.bonded(&self.id).await.map_err(|error| NotChecked::Failed(error.into()))?
            == Some(false)
        {
            return Err(NotChecked::NoBond);
        }
        let mut info = DeviceInfo { wire: Some(version), ..DeviceInfo::default() };
        gatt.about(&mut info).await;
        info.battery_percent = match gatt.battery().await {
            Some(percent) => Some(percent),
            None => stack.system.battery(&self.id).await,
        };
        Ok((stack.system.name(&self.id).await, info))
    }

    /// Sends a step. A dropped receiver is handled in `run`.
    async fn report(&self, step: PairingStep) {
        let _nobody = self.steps.send(step).await;
    }
}

/// Why a bond could not be confirmed.
enum NotChecked {
    /// The clicker rejects the bond.
    NoBond,
    /// The connection dropped: the clicker has lost the bond, or is out of reach.
    Dropped(BluetoothError),
    /// Failed for another reason; the bond may still be valid.
    Failed(PairingFailed),
}

/// Why pairing ends with the old bond kept; `None` if the clicker rejects that bond, which a new one then replaces.
fn keeps_bond(not_checked: NotChecked) -> Option<PairingFailed> {
    match not_checked {
        NotChecked::NoBond => None,
        NotChecked::Dropped(_) => Some(PairingFailed::BondNotTried),
        NotChecked::Failed(why) => Some(why),
    }
}

fn not_checked((error, fault): Failure) -> NotChecked {
    match fault {
        Fault::NotTrusted | Fault::NotPaired => NotChecked::NoBond,
        Fault::Dropped => NotChecked::Dropped(error),
        Fault::Cancelled
        | Fault::Vanished
        | Fault::Already
        | Fault::AdapterOff
        | Fault::NoDaemon
        | Fault::NoPermission
        | Fault::Failed => NotChecked::Failed(error.into()),
    }
}

fn refused(error: BluetoothError) -> PairingFailed {
    match error {
        BluetoothError::System { why, .. } => PairingFailed::Refused { why },
        BluetoothError::Adapter(Adapter::Starting) | BluetoothError::TimedOut { .. } => {
            PairingFailed::TimedOut
        }
        BluetoothError::Adapter(_) => error.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bond_is_deleted_on_a_verdict_and_not_because_a_connection_dropped() {
        let of = |fault| keeps_bond(not_checked((BluetoothError::TimedOut { doing: "connecting" }, fault)));
        assert_eq!(of(Fault::NotTrusted), None);
        assert_eq!(of(Fault::Dropped), Some(PairingFailed::BondNotTried));
        for fault in [Fault::Vanished, Fault::NoDaemon, Fault::Failed] {
            assert!(of(fault).is_some(), "{fault:?}");
        }
    }
}
