//! Pairing with one clicker: the only place that pairs.
//!
//! ```text
//!   Searching --heard--> Connecting --asked for the digits--> PasskeyWanted --answered--> Checking --> Paired
//!       |                    |                                     |                         |
//!    NotFound          WindowShut: connected,              WrongPasskey, TimedOut       NotAuthenticated: never asked,
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
use super::system::{SYSTEM_ASKS, Told};
use super::thread::{Stack, Ways};
use super::{About, Adapter, BluetoothError, ClickerId, PairingFailed, PairingStep, Passkey};

/// A clicker in reach is heard within a second or two.
const SEARCH: Duration = Duration::from_secs(20);

/// From heard to connected: as long as a kernel tries.
const CONNECT: Duration = Duration::from_secs(20);

/// From connected to being asked for the digits: three packets each way and a second of arithmetic on the clicker. One
/// that is not open for pairing does not answer at all.
const ASKED_WITHIN: Duration = Duration::from_secs(8);

/// The whole of it: the clicker's window is open for 60 s, and its own limit for the digits is 30 s.
pub(super) const WHOLE: Duration = Duration::from_secs(90);

/// What pairing was broken off by.
type Broken = PairingFailed;

/// One attempt.
pub(super) struct Attempt {
    pub(super) id: ClickerId,
    pub(super) ways: Ways,
    pub(super) steps: mpsc::Sender<PairingStep>,
    pub(super) answers: mpsc::Receiver<Passkey>,
}

impl Attempt {
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
        let mut ways = self.ways.clone();
        let left = async {
            let stack = ways.stack().await;
            if let Ok(gatt) = Gatt::find(&stack, &self.id).await {
                gatt.disconnect().await;
            }
        };
        if tokio::time::timeout(gatt::GATT, left).await.is_err() {
            tracing::debug!("no time to disconnect");
        }
        if let Some(last) = last {
            tracing::info!(clicker = %self.id, ?last, "pairing");
            self.tell(last).await;
        }
    }

    async fn pair(&mut self) -> Result<(Option<String>, About), Broken> {
        self.tell(PairingStep::Searching).await;
        let stack = self.stack().await?;
        let _watched = stack.system.watched().await?;
        if stack.system.bonded(&self.id).await? == Some(true) {
            match self.check_again(&stack).await {
                Ok(checked) => return Ok(checked),
                Err(NotChecked::NoBond | NotChecked::Fell(_)) => stack.system.forget(&self.id).await?,
                Err(NotChecked::Broken(why)) => return Err(why),
            }
            self.tell(PairingStep::Searching).await;
        }
        self.hear(&stack).await?;
        self.tell(PairingStep::Connecting).await;
        if SYSTEM_ASKS {
            self.tell(PairingStep::SystemAsks).await;
        } else {
            self.pair_by_agent(&stack).await?;
            self.tell(PairingStep::Checking).await;
        }
        let limit = if SYSTEM_ASKS { gatt::DIALOG } else { gatt::GATT };
        match self.check(&stack, limit).await {
            Ok(checked) => Ok(checked),
            Err(not_checked) => {
                stack.system.forget(&self.id).await.unwrap_or_else(|error| tracing::debug!(%error));
                Err(match not_checked {
                    NotChecked::NoBond => PairingFailed::NotAuthenticated,
                    NotChecked::Fell(error) => error.into(),
                    NotChecked::Broken(why) => why,
                })
            }
        }
    }

    /// The stack, if the adapter is there by now.
    async fn stack(&mut self) -> Result<Arc<Stack>, Broken> {
        let mut ways = self.ways.clone();
        let ready = async {
            ways.adapter_ready(|_| {}).await;
            ways.stack().await
        };
        match tokio::time::timeout(gatt::GATT, ready).await {
            Ok(stack) => Ok(stack),
            Err(_) => Err(BluetoothError::Adapter(self.ways.adapter.borrow().clone()).into()),
        }
    }

    async fn hear(&self, stack: &Stack) -> Result<(), Broken> {
        let heard = async {
            let mut listening = stack.system.listen().await?;
            loop {
                if let Told::Heard(heard) = listening.next().await?
                    && heard.id == self.id
                    && (heard.rssi_dbm.is_some() || heard.connected)
                {
                    return Ok(());
                }
            }
        };
        match tokio::time::timeout(SEARCH, heard).await {
            Ok(heard) => heard,
            Err(_) => Err(PairingFailed::NotFound),
        }
    }

    async fn pair_by_agent(&mut self, stack: &Stack) -> Result<(), Broken> {
        let (questions, mut asked) = mpsc::channel(1);
        let mut pairing = core::pin::pin!(stack.system.pair(&self.id, questions));
        let connected = async {
            if tokio::time::timeout(CONNECT, stack.system.connected(&self.id)).await.is_err() {
                return PairingFailed::NotFound;
            }
            tokio::time::sleep(ASKED_WITHIN).await;
            PairingFailed::WindowShut
        };
        let question = tokio::select! {
            done = &mut pairing => return Err(match done {
                // It agreed without the digits: anybody may stand between.
                Ok(()) => {
                    stack.system.forget(&self.id).await?;
                    PairingFailed::NotAuthenticated
                }
                Err((_, Fault::NotPaired | Fault::NotTrusted | Fault::Cancelled)) => PairingFailed::WindowShut,
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
        self.tell(PairingStep::PasskeyWanted).await;
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
    async fn check_again(&self, stack: &Stack) -> Result<(Option<String>, About), NotChecked> {
        // It is connected only where somebody else is connected to it; otherwise it has to be near to be tried.
        self.hear(stack).await.map_err(NotChecked::Broken)?;
        match self.check(stack, gatt::GATT).await {
            Err(NotChecked::Fell(error)) => tracing::info!(%error, "once more"),
            checked => return checked,
        }
        self.hear(stack).await.map_err(NotChecked::Broken)?;
        self.check(stack, gatt::GATT).await
    }

    /// Reads over the bond what only a bond lets be read.
    async fn check(&self, stack: &Stack, limit: Duration) -> Result<(Option<String>, About), NotChecked> {
        let gatt = Gatt::find(stack, &self.id).await.map_err(not_checked)?;
        gatt.connect(stack, &self.id).await.map_err(not_checked)?;
        let version = gatt.version(limit).await.map_err(not_checked)?;
        if !version.is_compatible_with(Version::CURRENT) {
            return Err(NotChecked::Broken(PairingFailed::OtherVersion { clicker: version }));
        }
        if stack.system.bonded(&self.id).await.map_err(|error| NotChecked::Broken(error.into()))?
            == Some(false)
        {
            return Err(NotChecked::NoBond);
        }
        let mut info = About { wire: Some(version), ..About::default() };
        gatt.about(&mut info).await;
        info.battery_percent = match gatt.battery().await {
            Some(percent) => Some(percent),
            None => stack.system.battery(&self.id).await,
        };
        Ok((stack.system.name(&self.id).await, info))
    }

    /// Nobody following is noticed elsewhere.
    async fn tell(&self, step: PairingStep) {
        let _nobody = self.steps.send(step).await;
    }
}

/// Why the bond was not seen to work.
enum NotChecked {
    /// The clicker does not accept it.
    NoBond,
    /// The connection fell, as it does where the clicker does not know it, and out of reach.
    Fell(BluetoothError),
    /// It may be good for all that is known.
    Broken(Broken),
}

fn not_checked((error, fault): Failure) -> NotChecked {
    match fault {
        Fault::NotTrusted | Fault::NotPaired => NotChecked::NoBond,
        Fault::Fell => NotChecked::Fell(error),
        Fault::Cancelled
        | Fault::Vanished
        | Fault::Already
        | Fault::AdapterOff
        | Fault::NoDaemon
        | Fault::NoPermission
        | Fault::Failed => NotChecked::Broken(error.into()),
    }
}

fn refused(error: BluetoothError) -> Broken {
    match error {
        BluetoothError::System { why, .. } => PairingFailed::Refused { why },
        BluetoothError::Adapter(Adapter::Starting) | BluetoothError::TimedOut { .. } => {
            PairingFailed::TimedOut
        }
        BluetoothError::Adapter(_) => error.into(),
    }
}
