//! Values that the Bluetooth thread reports: states, and errors split by what the person does next.

use core::time::Duration;

use wire::Version;

use super::ClickerId;

/// What the person does where the Bluetooth service is not running, on this system.
const START_SERVICE: &str = if cfg!(target_os = "linux") {
    "start it with: systemctl start bluetooth"
} else {
    "switch Bluetooth off and on in the system's settings"
};

/// State of this computer's Bluetooth adapter.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Adapter {
    /// This program was built without Bluetooth.
    #[error(
        "this program was built without Bluetooth: build it with its default features, or practise without hardware"
    )]
    NotBuilt,
    /// Not determined yet.
    #[error("Bluetooth is being looked at; wait a moment")]
    Starting,
    /// Ready for use.
    #[error("Bluetooth is ready ({name})")]
    Ready {
        /// Name that the system gives it.
        name: String,
    },
    /// Present, and switched off.
    #[error("Bluetooth is switched off; switch it on in the system's settings")]
    Off,
    /// No adapter found.
    #[error("this computer has no Bluetooth adapter; plug one in, or practise without hardware")]
    Missing,
    /// The system denies this program access.
    #[error("this program may not use Bluetooth ({why}); allow it in the system's settings")]
    NoPermission {
        /// Reason that the system gives.
        why: String,
    },
    /// The system's Bluetooth service is not running.
    #[error("the system's Bluetooth service does not answer ({why}); {START_SERVICE}")]
    NoDaemon {
        /// Error of the query.
        why: String,
    },
}

/// A clicker in reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScanResult {
    /// Id to pair with or connect to it.
    pub id: ClickerId,
    /// Advertised name.
    pub name: Option<String>,
    /// Signal strength in dBm, if known: about -40 beside the laptop, -90 at the edge of reach.
    pub rssi_dbm: Option<i16>,
    /// Whether this computer has a bond with it. `None` where the system does not say (macOS, Windows).
    pub bonded: Option<bool>,
    /// Whether it is connected to this computer already, perhaps by another program.
    pub connected: bool,
}

/// Device information of a clicker. Fields are `None` until they have been read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeviceInfo {
    /// Battery charge in percent, as last read on this connection.
    pub battery_percent: Option<u8>,
    /// Manufacturer.
    pub manufacturer: Option<String>,
    /// Board model.
    pub model: Option<String>,
    /// Firmware revision.
    pub firmware: Option<String>,
    /// Protocol version.
    pub wire: Option<Version>,
    /// Signal strength in dBm when it last advertised.
    pub rssi_dbm: Option<i16>,
}

/// Progress of connecting to a clicker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// No link is requested.
    Idle,
    /// Waiting for the adapter, which is in this state.
    Adapter(Adapter),
    /// Waiting for an advertisement: the clicker is out of reach or switched off.
    Scanning,
    /// An advertisement was heard; connecting.
    Connecting,
    /// Encrypting with the bond's key and reading the protocol version.
    Securing,
    /// Subscribing to reports.
    Subscribing,
    /// The link is ready.
    Connected,
    /// An attempt failed; the next one follows by itself.
    Waiting {
        /// Delay until then, from the change to this status.
        next_try: Duration,
    },
    /// As [`Status::Waiting`]; and the last connections dropped before they were encrypted. The clicker is at the edge of
    /// reach, or it has lost its bond with this laptop.
    Doubted {
        /// Delay until the next attempt, from the change to this status.
        next_try: Duration,
    },
}

/// One step of pairing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PairingStep {
    /// Waiting for an advertisement.
    Searching,
    /// Connecting.
    Connecting,
    /// The clicker shows six digits: ask for them, then call [`Pairing::answer`](super::Pairing::answer).
    PasskeyRequested,
    /// The system's own dialog asks for the digits (macOS and Windows).
    SystemDialog,
    /// The digits were right; checking the new bond.
    Checking,
    /// Paired. The last step.
    Paired {
        /// Advertised name.
        name: Option<String>,
        /// Device information.
        info: DeviceInfo,
    },
    /// Failed. The last step.
    Failed(PairingFailed),
}

/// Why pairing failed, split by what the person does next.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PairingFailed {
    /// No advertisement was heard in time.
    #[error("the clicker was not heard; bring it closer and switch it on")]
    NotFound,
    /// The clicker is not open for pairing.
    #[error(
        "the clicker is not open for pairing; switch it off, then on with the logo held for 3 seconds, and try again within a minute"
    )]
    WindowClosed,
    /// The digits were wrong.
    #[error("those were not the digits that the clicker shows; try again, it shows new ones")]
    WrongPasskey,
    /// The system rejected pairing.
    #[error(
        "this computer's Bluetooth refused to pair ({why}); remove the clicker in the system's settings and try again"
    )]
    Refused {
        /// Reason that the system gives.
        why: String,
    },
    /// The bond that this computer has could not be tried, because the connection dropped. It was kept.
    #[error(
        "the connection dropped before the bond with the clicker could be tried; bring it nearer and try again; if the clicker was erased, first remove it in this computer's Bluetooth settings"
    )]
    BondNotTried,
    /// Paired without comparing the digits, so a man in the middle is possible. The bond was removed again.
    #[error("the pairing was not secured by the six digits and was undone; update this computer's Bluetooth")]
    NotAuthenticated,
    /// The clicker speaks another major version of the protocol.
    #[error("the clicker speaks version {}.{}, this program {}.{}; update the older one", clicker.major, clicker.minor, Version::CURRENT.major, Version::CURRENT.minor)]
    OtherVersion {
        /// The clicker's version.
        clicker: Version,
    },
    /// The clicker or the person did not answer in time.
    #[error("pairing took too long; open the clicker's window again and try again")]
    TimedOut,
    /// This computer's Bluetooth failed.
    #[error(transparent)]
    Bluetooth(#[from] BluetoothError),
}

/// Why this computer's Bluetooth did not do what was asked, split by what the person does next.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BluetoothError {
    /// The adapter cannot be used in this state.
    #[error(transparent)]
    Adapter(Adapter),
    /// The system did not answer. A retry may help.
    #[error(
        "this computer's Bluetooth gave no answer while {doing}; try again, or switch Bluetooth off and on"
    )]
    TimedOut {
        /// Operation that failed.
        doing: &'static str,
    },
    /// The system reported an error. A retry may help.
    #[error(
        "this computer's Bluetooth failed while {doing} ({why}); try again, or switch Bluetooth off and on"
    )]
    System {
        /// Operation that failed.
        doing: &'static str,
        /// Reason that the system gives.
        why: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Windows and macOS have no such command.
    #[test]
    fn systemctl_is_named_only_on_linux() {
        let told = Adapter::NoDaemon { why: "no answer".to_owned() }.to_string();
        assert_eq!(told.contains("systemctl"), cfg!(target_os = "linux"), "{told}");
        assert!(told.contains("no answer"), "{told}");
    }
}
