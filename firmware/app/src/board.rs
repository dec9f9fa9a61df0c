//! What a board is to the clicker: a hand and a face, a store, and what its radio can do beyond the host's interface.
//!
//! A board decides nothing. It gives button button_events with their time, draws what it is given, and keeps what it is told
//! to keep. The three parts are apart because they work side by side: a page of flash may be erasing while a button
//! goes down.

use core::future::Future;

use embassy_time::Instant;
use handheld::{Bond, Button, Edge, Entry, EventId, Owner, Setup, Sound};
use heapless::Vec;

use crate::bond::{BONDS, BondRecord};
use crate::picture::Picture;

/// Everything the clicker needs of the hardware, apart from its Bluetooth controller.
pub trait Board {
    /// Its buttons, lights and speaker.
    type Frontend: Frontend;
    /// Its storage.
    type Store: Store;
    /// Its radio's extras.
    type Radio: Radio;

    /// What does not change while it runs.
    fn info(&self) -> BoardInfo;

    /// Its parts, to be used side by side.
    fn parts(&mut self) -> (&mut Self::Frontend, &mut Self::Store, &mut Self::Radio);
}

/// What a board says of itself at the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BoardInfo {
    /// Its random static address, least significant byte first; the two highest bits are set. The same after every
    /// reset.
    pub address: [u8; 6],
    /// What kind of board it is, at most 22 bytes.
    pub model: &'static str,
    /// Which firmware it is, and why it was restarted where no hand did that; at most 22 bytes. Anyone may read it.
    pub firmware: &'static str,
    /// Whether the logo was held for 3 s from power-on or the reset button. Never so after a reset that no hand made.
    pub window: bool,
}

/// Buttons, lights and speaker.
pub trait Frontend {
    /// The next edge of a button, free of contact bounce, with the time at which it was made.
    ///
    /// - Cancel-safe: the future is dropped and made anew all the time, and no edge is lost with it.
    /// - In order: no edge is earlier than the one before.
    fn button_event(&mut self) -> impl Future<Output = ButtonEvent>;

    /// Shows this from now on.
    fn show(&mut self, picture: Picture);

    /// Plays this, once, without waiting for its end.
    fn play(&mut self, sound: Sound);

    /// Whether a touch of the logo may mean something from now on; at the start it does not. Told when it changes. A board
    /// that has to look at its logo again and again leaves that while it does not.
    fn sample_logo(&mut self, yes: bool) {
        let _ = yes;
    }

    /// What is left in the battery, 0 to 100 in percent. Asked for once a minute.
    fn battery(&mut self) -> u8;

    /// For logs and screens. A board without either leaves it out.
    fn notify(&mut self, status: StatusEvent) {
        let _ = status;
    }
}

/// A button went down or up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ButtonEvent {
    /// When.
    pub at: Instant,
    /// Which.
    pub button: Button,
    /// Down or up.
    pub edge: Edge,
}

/// Storage that outlives a reset at any instant.
///
/// - Whatever returned `Ok` is there after a reset; whatever did not may or may not be. Of what was let go of, a little
///   may come back, in its order: it is sent again, and the laptop knows it. Nothing comes back as another owner's.
/// - Calls come one at a time, and none is dropped half-way.
/// - At least [`handheld::EVENT_CAPACITY`] + [`handheld::ALARM_CAPACITY`] entries fit.
pub trait Store {
    /// Reads everything, after raising the boot counter and storage it. Called once, before all else.
    fn open(&mut self) -> impl Future<Output = Result<StoredState, StoreFault>>;

    /// Adds an entry at the end.
    fn keep(&mut self, entry: Entry) -> impl Future<Output = Result<(), StoreFault>>;

    /// The oldest entry kept at this place or later.
    fn fetch(&mut self, from: EventId) -> impl Future<Output = Result<Option<Entry>, StoreFault>>;

    /// Lets go of every entry before this place.
    fn forget(&mut self, before: EventId) -> impl Future<Output = Result<(), StoreFault>>;

    /// Keeps whose events these are, in place of what was kept before.
    fn keep_owner(&mut self, owner: Owner) -> impl Future<Output = Result<(), StoreFault>>;

    /// Keeps a bond, in place of one with the same number.
    fn keep_bond(&mut self, bond: BondRecord) -> impl Future<Output = Result<(), StoreFault>>;

    /// Forgets all bonds.
    fn drop_bonds(&mut self) -> impl Future<Output = Result<(), StoreFault>>;
}

/// Storage does not do what it is for: full, worn out, unreadable. The request is made again; the person sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoreFault;

/// What storage holds when the clicker starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredState {
    /// For the logic: the boot, already raised, and what earlier boots left.
    pub setup: Setup,
    /// The laptops that were paired.
    pub bonds: Vec<BondRecord, BONDS>,
}

/// What a radio can do that the host's interface has no word for.
pub trait Radio {
    /// In a session, and while a laptop that has just connected discovers, the clicker listens at every connection event,
    /// whatever latency was agreed on: a cue would otherwise wait for up to interval x (latency + 1), 465 ms in a session
    /// and 1,035 ms on a link that was agreed on outside one, as each request of a discovery. `link` is the connection's handle.
    fn listen_at_every_event(&mut self, link: u16, yes: bool) -> impl Future<Output = ()>;
}

/// A radio that has no such thing, as any ordinary controller.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StandardRadio;

impl Radio for StandardRadio {
    async fn listen_at_every_event(&mut self, _link: u16, _yes: bool) {}
}

/// Something that happened, for logs and screens. Nothing depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusEvent {
    /// Laptops may find it.
    Advertising,
    /// A laptop is connected. Nothing is known of it yet.
    Connected,
    /// It is the laptop of this bond, proven by its key.
    Encrypted(Bond),
    /// It has subscribed: what is said is heard.
    LinkUp(Bond),
    /// The connection has ended, by this reason of the Bluetooth specification (vol 1 part F), 0 where none was given.
    LinkDown(u8),
    /// How the link is kept from now on.
    Params {
        /// Between two connection events, in microseconds.
        interval_us: u32,
        /// So many events the clicker may sleep through.
        latency: u16,
        /// After so many milliseconds of silence the link is given up.
        timeout_ms: u32,
    },
    /// The pairing window has opened.
    WindowOpen,
    /// It has shut.
    WindowClosed,
    /// The number to type on the laptop.
    Passkey(u32),
    /// A laptop is paired, and kept under this number.
    Paired(Bond),
    /// A try to pair has failed.
    PairingFailed(PairingFault),
    /// All bonds are forgotten.
    BondsForgotten,
    /// An event was made of a gesture. It is on its way to the store.
    Created(Entry),
    /// It is in the store, and would survive a reset.
    Stored(EventId),
    /// So many events the laptop has not acknowledged.
    Backlog(usize),
    /// Storage does not do what it is for.
    StoreFault,
    /// The Bluetooth stack has failed and is built again.
    StackFault,
}

/// Why a laptop was not paired.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PairingFault {
    /// Another passkey was typed.
    WrongPasskey,
    /// The laptop cannot or does not want to type a passkey, or does not keep bonds.
    NotAuthenticated,
    /// Four laptops are paired already: forget them first.
    Full,
    /// The bond could not be kept.
    NotKept,
    /// The link ended, or nothing was typed in time.
    GaveUp,
    /// For this reason of the Security Manager Protocol (vol 3 part H, 3.5.5).
    Reason(u8),
}
