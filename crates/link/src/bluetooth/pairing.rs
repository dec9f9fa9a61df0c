//! Pairing with one clicker: the only place that pairs.
//!
//! ```text
//!   Searching --heard--> Connecting --asked for the digits--> PasskeyRequested --answered--> Checking --> Paired
//!       |                    |                                     |                         |
//!    NotFound          WindowClosed: connected,              WrongPasskey, TimedOut       NotAuthenticated: never asked,
//!                      but never asked                                                  OtherVersion; the bond is removed
//! ```
//!
//! A clicker that this computer has a bond with is tried with that bond first: one that works is as good as a new one,
//! and is not thrown away for a clicker that may not be open for pairing. A bond that the clicker no longer knows is
//! removed, because the person asked for another.

use core::time::Duration;
use std::sync::Arc;

use tokio::sync::mpsc;
use wire::Version;

use super::fault::Fault;
use super::gatt::{self, Failure, Gatt};
use super::system::{SYSTEM_DIALOG, ScanEvent};
use super::thread::{Stack, StackHandle};
use super::{Adapter, BluetoothError, ClickerId, DeviceInfo, PairingFailed, PairingStep, Passkey};

/// A clicker in reach is heard within a second or two.
const SEARCH_TIMEOUT: Duration = Duration::from_secs(20);

/// From heard to connected: as long as a kernel tries.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(20);

/// From connected to being asked for the digits: three packets each way and a second of arithmetic on the clicker. One
/// that is not open for pairing does not answer at all.
const PASSKEY_REQUEST_TIMEOUT: Duration = Duration::from_secs(8);

/// The whole of it: the clicker's window is open for 60 s, and its own limit for the digits is 30 s.
pub(super) const PAIRING_TIMEOUT: Duration = Duration::from_secs(90);

/// One attempt.
pub(super) struct PairingTask {
    pub(super) id: ClickerId,
    pub(super) stack_handle: StackHandle,
    pub(super) steps: mpsc::Sender<PairingStep>,
    pub(super) answers: mpsc::Receiver<Passkey>,
}

impl PairingTask {
    /// Pairs, or stops when nobody follows the steps any more.
    pub(super) async fn run(mut self) {
        let steps = self.steps.clone();
        let last = tokio::select! {
            done = self.pair() => Some(match done {
                Ok((name, info)) => PairingStep::Paired { name, info },
                Err(why) => PairingStep::Failed(why),
            }),
            () = steps.closed() => None,
        };
        // Whatever it came to, nobody uses this connection: whoever wants one reaches for it.
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
                Err(NotChecked::NoBond | NotChecked::Dropped(_)) => stack.system.forget(&self.id).await?,
                Err(NotChecked::Failed(why)) => return Err(why),
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

    /// The stack, if the adapter is there by now.
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
                // It agreed without the digits: anybody may stand between.
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
            // Dropped: refused.
            return Err(PairingFailed::Refused { why: "another device asked for the digits".to_owned() });
        }
        self.report(PairingStep::PasskeyRequested).await;
        let passkey = tokio::select! {
            done = &mut pairing => return Err(match done {
                Ok(()) => PairingFailed::NotAuthenticated,
                Err((BluetoothError::TimedOut { .. }, _)) => PairingFailed::TimedOut,
                // The clicker's or the kernel's own limit for the digits.
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

    /// Tries a bond that is there, and where the connection falls once more: that may be chance.
    async fn check_again(&self, stack: &Stack) -> Result<(Option<String>, DeviceInfo), NotChecked> {
        // It is connected only where somebody else is connected to it; otherwise it has to be near to be tried.
        self.wait_for_advertisement(stack).await.map_err(NotChecked::Failed)?;
        match self.check(stack, gatt::GATT_TIMEOUT).await {
            Err(NotChecked::Dropped(error)) => tracing::info!(%error, "once more"),
            checked => return checked,
        }
        self.wait_for_advertisement(stack).await.map_err(NotChecked::Failed)?;
        self.check(stack, gatt::GATT_TIMEOUT).await
    }

    /// Reads over the bond what only a bond lets be read.
    async fn check(
        &self,
        stack: &Stack,
        limit: Duration,
    ) -> Result<(Option<String>, DeviceInfo), NotChecked> {
        let gatt = Gatt::find(stack, &self.id).await.map_err(not_checked)?;
        gatt.connect(stack, &self.id).await.map_err(not_checked)?;
        let version = gatt.version(limit).await.map_err(not_checked)?;
        if !version.speaks_with(Version::CURRENT) {
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

    /// Nobody following is noticed elsewhere.
    async fn report(&self, step: PairingStep) {
        let _nobody = self.steps.send(step).await;
    }
}

/// Why the bond was not seen to work.
enum NotChecked {
    /// The clicker does not accept it.
    NoBond,
    /// The connection fell, as it does where the clicker does not know it, and out of reach.
    Dropped(BluetoothError),
    /// It may be good for all that is known.
    Failed(PairingFailed),
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
