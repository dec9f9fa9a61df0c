//! What Bluetooth tells its user: plain values, and errors split by what the person does next.

use core::time::Duration;

use wire::Version;

use super::ClickerId;

/// How this computer's Bluetooth adapter stands.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Adapter {
    /// Nobody has looked yet.
    #[error("Bluetooth is being looked at; wait a moment")]
    Starting,
    /// It can be used.
    #[error("Bluetooth is ready ({name})")]
    Ready {
        /// What the system calls it.
        name: String,
    },
    /// There is one, and it is switched off.
    #[error("Bluetooth is switched off; switch it on in the system's settings")]
    Off,
    /// There is none.
    #[error("this computer has no Bluetooth adapter; plug one in, or practise without hardware")]
    Missing,
    /// The system does not let this program use it.
    #[error("this program may not use Bluetooth ({why}); allow it in the system's settings")]
    NoPermission {
        /// What the system says.
        why: String,
    },
    /// The system's Bluetooth service does not run.
    #[error(
        "the system's Bluetooth service does not answer ({why}); start it (on Linux: systemctl start bluetooth)"
    )]
    NoDaemon {
        /// What was said instead.
        why: String,
    },
}

/// A clicker in reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScanResult {
    /// What to call it when asking for it.
    pub id: ClickerId,
    /// What it calls itself.
    pub name: Option<String>,
    /// How strongly it is received, where that was told: about -40 beside the laptop, -90 at the edge of reach.
    pub rssi_dbm: Option<i16>,
    /// Whether this computer's system holds a bond with it. `None` where the system does not tell (macOS, Windows).
    pub bonded: Option<bool>,
    /// It is connected to this computer already, perhaps by another program.
    pub connected: bool,
}

/// What is known of a clicker beyond its frames. What was never told is `None`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeviceInfo {
    /// Its battery, as last told in this connection.
    pub battery_percent: Option<u8>,
    /// Who made it.
    pub manufacturer: Option<String>,
    /// Which board it is.
    pub model: Option<String>,
    /// Which firmware runs on it.
    pub firmware: Option<String>,
    /// The protocol it speaks.
    pub wire: Option<Version>,
    /// How strongly it was received when it was last seen advertising.
    pub rssi_dbm: Option<i16>,
}

/// What reaching a clicker comes to at the moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// Nobody has asked for it, or its connection has ended and nobody has asked again.
    Idle,
    /// The adapter is what is waited for.
    Adapter(Adapter),
    /// Waiting for it to be heard: it is out of reach or switched off.
    Scanning,
    /// It was heard; the connection is being made.
    Connecting,
    /// The connection is being encrypted with the bond's key, and the version read over it.
    Securing,
    /// Its reports are being subscribed to.
    Subscribing,
    /// There is a link.
    Connected,
    /// An attempt went wrong; the next follows by itself.
    Waiting {
        /// In how long, counted from the change to this status.
        next_try: Duration,
    },
}

/// One step of pairing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PairingStep {
    /// Waiting for the clicker to be heard.
    Searching,
    /// The connection is being made.
    Connecting,
    /// The clicker shows six digits: ask for them, then [`Pairing::answer`](super::Pairing::answer).
    PasskeyRequested,
    /// The system's own dialog asks for the digits (macOS and Windows).
    SystemDialog,
    /// The digits were right; what was paired with is being looked at.
    Checking,
    /// Done. The last step.
    Paired {
        /// What it calls itself.
        name: Option<String>,
        /// What is known of it.
        info: DeviceInfo,
    },
    /// Not done. The last step.
    Failed(PairingFailed),
}

/// Why pairing failed, split by what the person does next.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PairingFailed {
    /// It was not heard in time.
    #[error("the clicker was not heard; bring it closer and switch it on")]
    NotFound,
    /// It takes no pairing now.
    #[error(
        "the clicker is not open for pairing; switch it off, then on with the logo held for 3 seconds, and try again within a minute"
    )]
    WindowClosed,
    /// The digits were not the clicker's.
    #[error("those were not the digits that the clicker shows; try again, it shows new ones")]
    WrongPasskey,
    /// The system refused.
    #[error(
        "this computer's Bluetooth refused to pair ({why}); remove the clicker in the system's settings and try again"
    )]
    Refused {
        /// What the system says.
        why: String,
    },
    /// It paired without the digits being compared, so anyone may have stood between. The bond was removed again.
    #[error("the pairing was not secured by the six digits and was undone; update this computer's Bluetooth")]
    NotAuthenticated,
    /// It speaks another major version.
    #[error("the clicker speaks version {}.{}, this program {}.{}; update the older one", clicker.major, clicker.minor, Version::CURRENT.major, Version::CURRENT.minor)]
    OtherVersion {
        /// The clicker's version.
        clicker: Version,
    },
    /// The clicker or the person did not answer in time.
    #[error("pairing took too long; open the clicker's window again and try again")]
    TimedOut,
    /// It has to do with this computer.
    #[error(transparent)]
    Bluetooth(#[from] BluetoothError),
}

/// Why this computer's Bluetooth did not do what was asked, split by what the person does next.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BluetoothError {
    /// The adapter has to be mended first.
    #[error(transparent)]
    Adapter(Adapter),
    /// The system gave no answer. Trying again may help.
    #[error(
        "this computer's Bluetooth gave no answer while {doing}; try again, or switch Bluetooth off and on"
    )]
    TimedOut {
        /// What was being done.
        doing: &'static str,
    },
    /// The system said no. Trying again may help.
    #[error(
        "this computer's Bluetooth failed while {doing} ({why}); try again, or switch Bluetooth off and on"
    )]
    System {
        /// What was being done.
        doing: &'static str,
        /// What the system says.
        why: String,
    },
}
