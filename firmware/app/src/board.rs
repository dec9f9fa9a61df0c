//! Traits a board implements: buttons, LEDs and speaker; storage; radio features beyond the host's interface.
//!
//! A board makes no decisions. It reports button events with their time, draws what it is given, and stores what it is
//! told to store. The three parts are separate because they work concurrently: a page of flash may be erasing while a
//! button is pressed.

use core::future::Future;

use embassy_time::Instant;
use handheld::{Bond, Button, Edge, Entry, EventId, Owner, Setup, Sound};
use heapless::Vec;

use crate::bond::{BONDS, BondRecord};
use crate::picture::Picture;

/// All hardware the clicker needs except its Bluetooth controller.
pub trait Board {
    /// Buttons, LEDs and speaker.
    type Frontend: Frontend;
    /// Storage.
    type Store: Store;
    /// Extra radio features.
    type Radio: Radio;

    /// Properties that do not change at run time.
    fn info(&self) -> BoardInfo;

    /// The parts, to be used concurrently.
    fn parts(&mut self) -> (&mut Self::Frontend, &mut Self::Store, &mut Self::Radio);
}

/// Properties of a board, fixed at startup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BoardInfo {
    /// Random static address, least significant byte first; the two highest bits are set. The same after every reset.
    pub address: [u8; 6],
    /// Model of the board, at most 22 bytes.
    pub model: &'static str,
    /// Firmware version, followed by the reset reason unless a person started it; at most 22 bytes. Readable by anyone.
    pub firmware: &'static str,
    /// Whether the logo was held for 3 s from power-on or reset button. Never true after a reset that no person caused.
    pub window: bool,
}

/// Buttons, LEDs and speaker.
pub trait Frontend {
    /// The next debounced button event, with its time.
    ///
    /// - Cancel-safe: the future is dropped and recreated all the time without losing an event.
    /// - Ordered: no event is earlier than the one before.
    fn button_event(&mut self) -> impl Future<Output = ButtonEvent>;

    /// Shows the picture until the next one.
    fn show(&mut self, picture: Picture);

    /// Plays the sound once, without waiting for its end.
    fn play(&mut self, sound: Sound);

    /// Switches sampling of the logo on or off; off at startup. Called on every change. While it is off no touch has a
    /// meaning, so a board that samples its logo periodically can stop.
    fn sample_logo(&mut self, yes: bool) {
        let _ = yes;
    }

    /// Remaining battery in percent, 0 to 100. Called once a minute.
    fn battery(&mut self) -> u8;

    /// Reports a status event to logs and screens. Boards without either keep the default.
    fn notify(&mut self, status: StatusEvent) {
        let _ = status;
    }
}

/// A button was pressed or released.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ButtonEvent {
    /// When it happened.
    pub at: Instant,
    /// Which button.
    pub button: Button,
    /// Pressed or released.
    pub edge: Edge,
}

/// Storage that survives a reset at any instant.
///
/// - What returned `Ok` is stored after a reset; what did not may or may not be. A few forgotten entries may come back,
///   in order: they are sent again, and the laptop recognises them. None comes back under another owner.
/// - Calls come one at a time, and none is cancelled.
/// - At least [`handheld::EVENT_CAPACITY`] + [`handheld::ALARM_CAPACITY`] entries fit.
pub trait Store {
    /// Increments and stores the boot counter, then reads everything. Called once, before all other calls.
    fn open(&mut self) -> impl Future<Output = Result<StoredState, StoreFault>>;

    /// Appends an entry.
    fn keep(&mut self, entry: Entry) -> impl Future<Output = Result<(), StoreFault>>;

    /// The oldest stored entry at or after this id.
    fn fetch(&mut self, from: EventId) -> impl Future<Output = Result<Option<Entry>, StoreFault>>;

    /// Deletes every entry before this id.
    fn forget(&mut self, before: EventId) -> impl Future<Output = Result<(), StoreFault>>;

    /// Replaces the owner of the stored events.
    fn keep_owner(&mut self, owner: Owner) -> impl Future<Output = Result<(), StoreFault>>;

    /// Stores a bond, replacing one with the same number.
    fn keep_bond(&mut self, bond: BondRecord) -> impl Future<Output = Result<(), StoreFault>>;

    /// Deletes all bonds.
    fn drop_bonds(&mut self) -> impl Future<Output = Result<(), StoreFault>>;
}

/// Storage failed: full, worn out or unreadable. The request is repeated, and the clicker shows the fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoreFault;

/// State read from storage at startup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredState {
    /// For the logic: the boot number, already incremented, and what earlier boots left.
    pub setup: Setup,
    /// Bonds of the paired laptops.
    pub bonds: Vec<BondRecord, BONDS>,
}

/// Radio features that the host's interface does not cover.
pub trait Radio {
    /// Listens at every connection event, regardless of the negotiated latency. It is on in a session and during
    /// discovery: a cue, and each discovery request, would otherwise wait for up to interval x (latency + 1), 465 ms
    /// with the parameters of a session and 1,035 ms with those outside one. `link` is the connection handle.
    fn listen_at_every_event(&mut self, link: u16, yes: bool) -> impl Future<Output = ()>;

    /// Sends as strongly as it can, or at 0 dBm: on the link of this handle, or while advertising without one. In a session
    /// a body lies between clicker and laptop, which takes 10 to 20 dB.
    fn send_strongly(&mut self, link: Option<u16>, yes: bool) -> impl Future<Output = ()> {
        let _ = (link, yes);
        core::future::ready(())
    }
}

/// A controller without such a feature.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StandardRadio;

impl Radio for StandardRadio {
    async fn listen_at_every_event(&mut self, _link: u16, _yes: bool) {}
}

/// A status event, for logs and screens. The pairing window follows the pairing events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusEvent {
    /// Advertising has started.
    Advertising,
    /// A laptop has connected. It is not identified yet.
    Connected,
    /// The laptop has encrypted the link with the key of this bond.
    Encrypted(Bond),
    /// It has subscribed and receives reports from now on.
    LinkUp(Bond),
    /// The connection has ended, with the error code of the Bluetooth specification (vol 1 part F), 0 if there is none.
    LinkDown(u8),
    /// Connection parameters have changed.
    Params {
        /// Connection interval in microseconds.
        interval_us: u32,
        /// Peripheral latency: connection events the clicker may skip.
        latency: u16,
        /// Supervision timeout in milliseconds.
        timeout_ms: u32,
    },
    /// The pairing window has opened.
    WindowOpen,
    /// The pairing window has closed.
    WindowClosed,
    /// Passkey to type on the laptop.
    Passkey(u32),
    /// A laptop is paired, and its bond is stored under this number.
    Paired(Bond),
    /// A pairing attempt has failed.
    PairingFailed(PairingFault),
    /// All bonds are deleted.
    BondsForgotten,
    /// A gesture became an event, which is being stored.
    Created(Entry),
    /// The event is stored and survives a reset.
    Stored(EventId),
    /// Number of events the laptop has not acknowledged.
    Backlog(usize),
    /// A store request has failed.
    StoreFault,
    /// The Bluetooth stack has failed and is being rebuilt.
    StackFault,
}

/// Why pairing failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PairingFault {
    /// A wrong passkey was typed.
    WrongPasskey,
    /// The laptop cannot or will not enter a passkey, or does not bond.
    NotAuthenticated,
    /// Four laptops are paired already: forget them first.
    Full,
    /// The bond could not be stored.
    NotKept,
    /// The link ended, or nothing was typed in time.
    GaveUp,
    /// A reason code of the Security Manager Protocol (vol 3 part H, 3.5.5).
    Reason(u8),
}
