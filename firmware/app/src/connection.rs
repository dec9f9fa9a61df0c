//! One connection, from the first packet to the last.
//!
//! ```text
//!   connected --encrypted by a kept key--> secured --subscribed--> link up: reports leave, cues come in
//!       |                                    ^   ^                    |
//!       |                                    |   +---unsubscribed-----+
//!       +--window open: passkey, paired, kept+
//! ```
//!
//! Three things run side by side until the link ends: a task that only drains what the stack has to say, one that hands
//! reports to it, and one that looks now and then whether what it was told is still so, because the stack drops events
//! when its queue is full.

use core::cell::{Cell, RefCell};

use embassy_futures::select::{Either3, select, select3};
use embassy_time::{Duration, Instant, Timer};
use handheld::{Bond, Uptime};
use trouble_host::att::{AttClient, AttReq};
use trouble_host::prelude::*;
use wire::{Cue, Frame, MAX_FRAME};

use crate::board::{PairingFault, Radio, StatusEvent};
use crate::bond::{BONDS, BondRecord, free_number};
use crate::conn_params::{Activity, LinkParams, ParamsNegotiation, ParamsRequest, SUPERVISION_TIMEOUT};
use crate::gatt::{SUBSCRIBED, Server};
use crate::radio::{ClickerController, FilteredStack, at_most, sync_bonds};
use crate::shared::{Request, Shared};

type Client<'s, 'v> = GattConnection<'s, 'v, DefaultPacketPool>;

/// Between two looks at what should be known already.
const POLL_INTERVAL: Duration = Duration::from_secs(1);

/// The same while there is no session: nothing then depends on a link that has ended unsaid, and each look is a wake-up.
const IDLE_POLL_INTERVAL: Duration = Duration::from_secs(3);

/// A laptop that was paired encrypts within a second or two of connecting. Whoever has not by then keeps the one place
/// there is from one that would.
const UNSECURED_TIMEOUT: Duration = Duration::from_secs(30);

/// For a bond to be kept: a page of flash takes up to 85 ms to erase, and several may be due.
const BOND_STORE_TIMEOUT: Duration = Duration::from_secs(5);

struct Serving<'a, 's, 'v, 'i, 'c, C> {
    stack: &'a FilteredStack<'i, 'c, C>,
    server: &'a Server<'v>,
    client: &'a Client<'s, 'a>,
    shared: &'a Shared,
    began: Instant,
    /// The bond that this link is encrypted with.
    secured: Cell<Option<Bond>>,
    /// A passkey is on the lights.
    pairing: Cell<bool>,
    negotiation: RefCell<ParamsNegotiation>,
}

/// Serves this laptop until the link has ended.
pub(crate) async fn serve<C: ClickerController, R: Radio>(
    stack: &FilteredStack<'_, '_, C>,
    server: &Server<'_>,
    connection: Connection<'_, DefaultPacketPool>,
    radio: &mut R,
    shared: &Shared,
    began: Instant,
) {
    // Whoever pairs, bonds: a window is opened for that alone.
    let _ = connection.set_bondable(true);
    let Ok(client) = connection.with_attribute_server(&server.attributes) else {
        // A server for one client has place for one.
        return;
    };
    let handle = client.raw().handle().raw();
    let serving = Serving {
        stack,
        server,
        client: &client,
        shared,
        began,
        secured: Cell::new(None),
        pairing: Cell::new(false),
        negotiation: RefCell::new(ParamsNegotiation::new(link_params_of(&client.raw().params()))),
    };
    serving.check_secured();
    let reason = match select3(serving.drain(), serving.send(), serving.watch(radio, handle)).await {
        Either3::First(reason) | Either3::Second(reason) | Either3::Third(reason) => reason,
    };
    shared.link_down();
    if serving.pairing.get() {
        shared.notify(StatusEvent::PairingFailed(PairingFault::GaveUp));
    }
    shared.notify(StatusEvent::LinkDown(reason));
}

impl<C: ClickerController> Serving<'_, '_, '_, '_, '_, C> {
    /// Takes what the stack has to say as it comes, until the link has ended. Gives the reason.
    async fn drain(&self) -> u8 {
        loop {
            match self.client.next().await {
                GattConnectionEvent::Disconnected { reason } => return reason.into_inner(),
                GattConnectionEvent::Gatt { event } => self.on_gatt_event(event).await,
                GattConnectionEvent::Encrypted { .. } => self.check_secured(),
                GattConnectionEvent::PassKeyDisplay(passkey) => {
                    self.pairing.set(true);
                    self.shared.notify(StatusEvent::Passkey(passkey.value()));
                }
                GattConnectionEvent::PairingComplete { security_level, bond } => {
                    self.pairing.set(false);
                    if let Err(fault) = self.pair(security_level, bond).await {
                        self.refuse(fault);
                    }
                }
                GattConnectionEvent::PairingFailed(why) => {
                    self.pairing.set(false);
                    self.shared.notify(StatusEvent::PairingFailed(fault_of(&why)));
                }
                GattConnectionEvent::ConnectionParamsUpdated {
                    conn_interval,
                    peripheral_latency,
                    supervision_timeout,
                } => {
                    self.refresh_params();
                    // An ask that was waited for may have made way for the next.
                    self.shared.wake_radio.signal(());
                    self.shared.notify(StatusEvent::Params {
                        interval_us: u32::try_from(conn_interval.as_micros()).unwrap_or(u32::MAX),
                        latency: peripheral_latency,
                        timeout_ms: u32::try_from(supervision_timeout.as_millis()).unwrap_or(u32::MAX),
                    });
                }
                // Of no matter to a clicker.
                _ => {}
            }
        }
    }

    /// Hands reports to the stack. The stack says that it has queued them; the filter says when they have left.
    async fn send(&self) -> u8 {
        loop {
            let (generation, report) = self.shared.reports.receive().await;
            if self.shared.link().is_none_or(|link| link.generation != generation) {
                // Said in an earlier hearing, perhaps to another laptop.
                continue;
            }
            let frame = Frame::of(&report);
            let characteristic = &self.server.report;
            let queued = characteristic.should_notify(self.client)
                && characteristic.notify_raw(self.client, frame.as_bytes(), false).await.is_ok();
            if !queued {
                // Lost like one lost on the air, and said again like it.
                self.shared.report_sent(generation);
            }
        }
    }

    /// Looks now and then whether things are as they were said to be, and whenever the pump has changed something.
    async fn watch<R: Radio>(&self, radio: &mut R, handle: u16) -> u8 {
        let mut listening = false;
        let connected = Instant::now();
        while self.client.raw().is_connected() {
            self.check_secured();
            self.check_bond();
            // In the window somebody may be looking for the passkey still.
            let unsecured = self.secured.get().is_none() && !self.shared.window_open.get();
            if unsecured && connected.elapsed() >= UNSECURED_TIMEOUT {
                self.client.raw().disconnect();
            }
            let now = self.now();
            let in_session = self.shared.in_session.get() && self.secured.get().is_some();
            let activity = if in_session { Activity::Session } else { Activity::Idle };
            self.negotiation.borrow_mut().set_activity(now, activity);
            // A laptop that remembers how a link was kept begins with it, and its discovery would wait for a turn at each step.
            let listen = in_session || self.negotiation.borrow().is_discovering(now);
            if listen != listening {
                listening = listen;
                radio.listen_at_every_event(handle, listen).await;
            }
            self.refresh_params();
            let request = self.negotiation.borrow_mut().due(now);
            if let Some(request) = request {
                self.request_params(request).await;
            }
            let due = self.negotiation.borrow().poll_timeout();
            let due = due.map(|at| self.began + Duration::from_millis(at.as_millis()));
            let look = Instant::now()
                + if self.shared.in_session.get() { POLL_INTERVAL } else { IDLE_POLL_INTERVAL };
            select(Timer::at(due.map_or(look, |due| due.min(look))), self.shared.wake_radio.wait()).await;
        }
        0
    }

    /// How the link is kept, as the stack knows it: what it said of it may be lost.
    fn refresh_params(&self) {
        self.negotiation.borrow_mut().updated(link_params_of(&self.client.raw().params()));
    }

    /// Whether this is a laptop that was paired, proven by its key. Safe to ask at any time.
    fn check_secured(&self) {
        let client = self.client.raw();
        if self.secured.get().is_some()
            || !matches!(client.security_level(), Ok(level) if level.authenticated())
        {
            return;
        }
        let peer = client.peer_identity();
        let used = self.stack.with_bond_information(|bonds| {
            bonds.iter().find(|bond| bond.identity.match_identity(&peer)).cloned()
        });
        let Some(used) = used else { return };
        let bonds = self.shared.bonds.borrow();
        let Some(record) = bonds.iter().find(|record| record.information() == used).copied() else { return };
        drop(bonds);
        self.secure(&record);
    }

    /// This laptop is the one of this bond.
    fn secure(&self, record: &BondRecord) {
        self.secured.set(Some(record.bond));
        self.negotiation.borrow_mut().secured(self.now());
        self.shared.notify(StatusEvent::Encrypted(record.bond));
        if record.subscribed {
            // It is a subscription of two bytes, as it was built.
            let _ = self.client.set(&self.server.subscription(), &SUBSCRIBED);
        }
        self.update_link(false);
    }

    /// A bond that was forgotten ends its link, and a window that has shut ends a pairing.
    fn check_bond(&self) {
        let bonds = self.shared.bonds.borrow();
        let forgotten =
            self.secured.get().is_some_and(|bond| !bonds.iter().any(|record| record.bond == bond));
        let too_late = self.pairing.get() && !self.shared.window_open.get();
        if forgotten || too_late {
            self.client.raw().disconnect();
        }
    }

    /// Whether the laptop listening. It is greeted again where it subscribes again.
    fn update_link(&self, again: bool) {
        let listening = self.secured.get().filter(|_| self.server.report.should_notify(self.client));
        match (listening, self.shared.link()) {
            (Some(_), Some(_)) if !again => {}
            (Some(bond), _) => {
                self.shared.link_up(bond);
                self.shared.notify(StatusEvent::LinkUp(bond));
            }
            (None, Some(_)) => self.shared.link_down(),
            (None, None) => {}
        }
    }

    /// The stack says that a pairing is complete. It says so of pairings that are worth nothing, too.
    async fn pair(&self, level: SecurityLevel, made: Option<BondInformation>) -> Result<(), PairingFault> {
        let made =
            made.filter(|made| made.is_bonded && level.authenticated() && self.shared.window_open.get());
        let Some(mut made) = made else { return Err(PairingFault::NotAuthenticated) };
        if made.identity.irk.is_none() {
            // Without a key to resolve another, it comes back with the address it has, whichever it gave as its own.
            made.identity = self.client.raw().peer_identity();
        }
        let record = {
            let bonds = self.shared.bonds.borrow();
            let known = bonds.iter().find(|record| record.identity().match_identity(&made.identity));
            let bond = match known {
                Some(record) => record.bond,
                None if bonds.len() < BONDS => free_number(&bonds, self.shared.owner.get()),
                None => return Err(PairingFault::Full),
            };
            BondRecord::of(bond, &made)
        };
        self.shared.bond_kept.reset();
        self.shared.requests.send(Request::Bond { record, new: true }).await;
        if at_most(BOND_STORE_TIMEOUT, self.shared.bond_kept.wait()).await != Some(true) {
            return Err(PairingFault::NotKept);
        }
        self.shared.notify(StatusEvent::Paired(record.bond));
        sync_bonds(self.stack, self.shared);
        self.secure(&record);
        Ok(())
    }

    /// This pairing counts for nothing: the stack's bond of it goes with the link.
    fn refuse(&self, fault: PairingFault) {
        self.shared.notify(StatusEvent::PairingFailed(fault));
        self.client.raw().disconnect();
        sync_bonds(self.stack, self.shared);
    }

    /// The laptop reads, writes or discovers.
    async fn on_gatt_event(&self, event: GattEvent<'_, '_, DefaultPacketPool>) {
        let reply = match event {
            GattEvent::Write(write) if matches!(write.payload().incoming(), AttClient::Command(_)) => {
                // Nothing here is written without a response.
                drop(write.into_payload());
                return;
            }
            GattEvent::Write(write) if write.handle() == self.server.cue => {
                self.on_cue(write).await;
                return;
            }
            GattEvent::Write(write) if write.handle() == self.server.subscription().0 => {
                self.reply(write.accept()).await;
                self.on_subscription();
                return;
            }
            GattEvent::Read(read) => {
                if read.handle() == self.server.battery.handle {
                    // It is one byte, as it was built.
                    let _ = self.client.set(&self.server.battery, &self.shared.battery.get());
                }
                read.accept()
            }
            // The stack takes the first of the handles without looking whether there is one.
            GattEvent::Other(other)
                if matches!(other.payload().incoming(), AttClient::Request(AttReq::ReadMultiple { .. })) =>
            {
                other.reject(AttErrorCode::REQUEST_NOT_SUPPORTED)
            }
            event => event.accept(),
        };
        self.reply(reply).await;
    }

    /// A cue. It is answered first: the answer says that the stack has it, and no more.
    async fn on_cue(&self, write: WriteEvent<'_, '_, DefaultPacketPool>) {
        if let Err(code) = write.validate(0, MAX_FRAME) {
            self.reply(write.reject(code)).await;
            return;
        }
        let cue = write.with_data(|_, bytes| wire::decode::<Cue>(bytes));
        self.reply(write.accept_unprocessed()).await;
        // One that cannot be read is of a newer laptop, or of none; one from a link that listening nothing is of no session.
        if let (Ok(cue), Some(link)) = (cue, self.shared.link()) {
            // Where the pump does not keep up, it is lost like one lost on the air.
            let _ = self.shared.cues.try_send((link.generation, cue));
            self.shared.wake_logic.signal(());
        }
    }

    /// The answer to the subscription is in the stack's queue by now, so what is said next comes after it.
    fn on_subscription(&self) {
        let subscribed = self.server.report.should_notify(self.client);
        let known = self.shared.bonds.borrow().iter().find(|r| Some(r.bond) == self.secured.get()).copied();
        if let Some(record) = known.filter(|record| record.subscribed != subscribed) {
            // One that is not kept is made again on the next connection.
            let record = BondRecord { subscribed, ..record };
            let _ = self.shared.requests.try_send(Request::Bond { record, new: false });
        }
        self.update_link(true);
    }

    async fn reply(&self, reply: Result<Reply<'_, DefaultPacketPool>, Error>) {
        match reply {
            Ok(reply) => reply.send().await,
            // Without an answer the laptop would wait for 30 s and then give up; this is sooner.
            Err(_) => self.client.raw().disconnect(),
        }
    }

    async fn request_params(&self, ParamsRequest { min, max, latency }: ParamsRequest) {
        let micros = |duration: core::time::Duration| {
            Duration::from_micros(u64::try_from(duration.as_micros()).unwrap_or(u64::MAX))
        };
        let params = RequestedConnParams {
            min_connection_interval: micros(min),
            max_connection_interval: micros(max),
            max_latency: latency,
            supervision_timeout: micros(SUPERVISION_TIMEOUT),
            ..RequestedConnParams::default()
        };
        // What a laptop does not answer is no different from what could not be said to it.
        let _ = at_most(POLL_INTERVAL, self.client.raw().update_connection_params(self.stack, &params)).await;
    }

    fn now(&self) -> Uptime {
        Uptime::from_millis(Instant::now().saturating_duration_since(self.began).as_millis())
    }
}

fn link_params_of(params: &ConnParams) -> LinkParams {
    let of = |duration: Duration| core::time::Duration::from_micros(duration.as_micros());
    LinkParams {
        interval: of(params.conn_interval),
        latency: params.peripheral_latency,
        supervision: of(params.supervision_timeout),
    }
}

fn fault_of(why: &Error) -> PairingFault {
    match why {
        Error::Security(PairingFailedReason::ConfirmValueFailed | PairingFailedReason::DHKeyCheckFailed) => {
            PairingFault::WrongPasskey
        }
        Error::Security(PairingFailedReason::AuthenticationRequirements) => PairingFault::NotAuthenticated,
        Error::Security(reason) => PairingFault::Reason(u8::from(*reason)),
        // Nothing was typed in time, or the link is gone.
        _ => PairingFault::GaveUp,
    }
}
