//! Serves one connection until it ends.
//!
//! ```text
//!   connected --encrypted with a stored key--> secured --subscribed--> link up: reports and cues flow
//!       |                                    ^   ^                    |
//!       |                                    |   +---unsubscribed-----+
//!       +--window open: passkey, paired, stored
//! ```
//!
//! Three futures run side by side: one drains the stack's events, one hands reports to the stack, and one polls the
//! state of the connection, because the stack drops events when its queue is full.

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

/// Interval at which the connection's state is polled.
const POLL_INTERVAL: Duration = Duration::from_secs(1);

/// The same outside a session: then nothing depends on a missed disconnection, and each poll is a wake-up.
const IDLE_POLL_INTERVAL: Duration = Duration::from_secs(3);

/// A paired laptop encrypts within a second or two. After this time an unencrypted one is disconnected, because it
/// occupies the only connection: sooner in a session, whose laptop may be waiting for it.
const fn unsecured_timeout(in_session: bool) -> Duration {
    Duration::from_secs(if in_session { 5 } else { 30 })
}

/// Time allowed for storing a bond: erasing a page of flash takes up to 85 ms, and several may be due.
const BOND_STORE_TIMEOUT: Duration = Duration::from_secs(5);

struct ConnectionHandler<'a, 's, 'v, 'i, 'c, C> {
    stack: &'a FilteredStack<'i, 'c, C>,
    server: &'a Server<'v>,
    client: &'a Client<'s, 'a>,
    shared: &'a Shared,
    began: Instant,
    /// The bond this link is encrypted with.
    secured: Cell<Option<Bond>>,
    /// A passkey is being shown.
    pairing: Cell<bool>,
    negotiation: RefCell<ParamsNegotiation>,
}

/// Serves the laptop until the link has ended. Returns whether it was a paired one.
pub(crate) async fn serve<C: ClickerController, R: Radio>(
    stack: &FilteredStack<'_, '_, C>,
    server: &Server<'_>,
    connection: Connection<'_, DefaultPacketPool>,
    radio: &mut R,
    shared: &Shared,
    began: Instant,
) -> bool {
    // Always bond: the window is opened for nothing else.
    let _ = connection.set_bondable(true);
    let Ok(client) = connection.with_attribute_server(&server.attributes) else {
        // The server has space for one client, which is this one.
        return true;
    };
    let handle = client.raw().handle().raw();
    let handler = ConnectionHandler {
        stack,
        server,
        client: &client,
        shared,
        began,
        secured: Cell::new(None),
        pairing: Cell::new(false),
        negotiation: RefCell::new(ParamsNegotiation::new(link_params_of(&client.raw().params()))),
    };
    handler.check_secured();
    let reason = match select3(handler.drain(), handler.send(), handler.watch(radio, handle)).await {
        Either3::First(reason) | Either3::Second(reason) | Either3::Third(reason) => reason,
    };
    shared.link_down();
    if handler.pairing.get() {
        shared.notify(StatusEvent::PairingFailed(PairingFault::GaveUp));
    }
    shared.notify(StatusEvent::LinkDown(reason));
    handler.secured.get().is_some()
}

impl<C: ClickerController> ConnectionHandler<'_, '_, '_, '_, '_, C> {
    /// Handles the stack's events until the link has ended. Returns the reason.
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
                    // A pending request may have been answered, so the next may be due.
                    self.shared.wake_radio.signal(());
                    self.shared.notify(StatusEvent::Params {
                        interval_us: u32::try_from(conn_interval.as_micros()).unwrap_or(u32::MAX),
                        latency: peripheral_latency,
                        timeout_ms: u32::try_from(supervision_timeout.as_millis()).unwrap_or(u32::MAX),
                    });
                }
                // Irrelevant to a clicker.
                _ => {}
            }
        }
    }

    /// Hands reports to the stack. The stack reports that they are queued; the filter, that they have been sent.
    async fn send(&self) -> u8 {
        loop {
            let (generation, report) = self.shared.reports.receive().await;
            if self.shared.link().is_none_or(|link| link.generation != generation) {
                // From an earlier subscription, perhaps to another laptop.
                continue;
            }
            let frame = Frame::of(&report);
            let characteristic = &self.server.report;
            let queued = characteristic.should_notify(self.client)
                && characteristic.notify_raw(self.client, frame.as_bytes(), false).await.is_ok();
            if !queued {
                // Handle it as one lost on the air: the logic sends it again.
                self.shared.report_sent(generation);
            }
        }
    }

    /// Polls the connection's state, and whenever the logic has changed something.
    async fn watch<R: Radio>(&self, radio: &mut R, handle: u16) -> u8 {
        let (mut listening, mut strong) = (false, false);
        let connected = Instant::now();
        while self.client.raw().is_connected() {
            self.check_secured();
            self.check_bond();
            // While the window is open, someone may still be typing the passkey.
            let unsecured = self.secured.get().is_none() && !self.shared.window_open.get();
            if unsecured && connected.elapsed() >= unsecured_timeout(self.shared.in_session.get()) {
                self.client.raw().disconnect();
            }
            let now = self.now();
            let in_session = self.shared.in_session.get() && self.secured.get().is_some();
            let activity = if in_session { Activity::Session } else { Activity::Idle };
            self.negotiation.borrow_mut().set_activity(now, activity);
            // A laptop may start with the parameters of the last link; with their latency each step of its discovery
            // would be slow.
            let listen = in_session || self.negotiation.borrow().is_discovering(now);
            if listen != listening {
                listening = listen;
                radio.listen_at_every_event(handle, listen).await;
            }
            if in_session != strong {
                strong = in_session;
                radio.send_strongly(Some(handle), strong).await;
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

    /// Reads the connection parameters from the stack, whose events may be lost.
    fn refresh_params(&self) {
        self.negotiation.borrow_mut().updated(link_params_of(&self.client.raw().params()));
    }

    /// Detects that the link is encrypted with a stored bond. May be called at any time.
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

    /// Records that the link belongs to this bond.
    fn secure(&self, record: &BondRecord) {
        self.secured.set(Some(record.bond));
        self.negotiation.borrow_mut().secured(self.now());
        self.shared.notify(StatusEvent::Encrypted(record.bond));
        if record.subscribed {
            // The value has two bytes, as built.
            let _ = self.client.set(&self.server.subscription(), &SUBSCRIBED);
        }
        self.update_link(false);
    }

    /// Disconnects if the bond was forgotten, or if the window closed during a pairing.
    fn check_bond(&self) {
        let bonds = self.shared.bonds.borrow();
        let forgotten =
            self.secured.get().is_some_and(|bond| !bonds.iter().any(|record| record.bond == bond));
        let too_late = self.pairing.get() && !self.shared.window_open.get();
        if forgotten || too_late {
            self.client.raw().disconnect();
        }
    }

    /// Reports whether the laptop receives reports. `again` greets a laptop that has subscribed again.
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

    /// Handles a completed pairing. The stack also reports pairings that are not authenticated.
    async fn pair(&self, level: SecurityLevel, made: Option<BondInformation>) -> Result<(), PairingFault> {
        let made =
            made.filter(|made| made.is_bonded && level.authenticated() && self.shared.window_open.get());
        let Some(mut made) = made else { return Err(PairingFault::NotAuthenticated) };
        if made.identity.irk.is_none() {
            // Without an identity resolving key the laptop returns with its present address, whatever identity it sent.
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

    /// Rejects a pairing: disconnects, and removes the stack's bond.
    fn refuse(&self, fault: PairingFault) {
        self.shared.notify(StatusEvent::PairingFailed(fault));
        self.client.raw().disconnect();
        sync_bonds(self.stack, self.shared);
    }

    /// Handles a read, a write or a discovery request.
    async fn on_gatt_event(&self, event: GattEvent<'_, '_, DefaultPacketPool>) {
        let reply = match event {
            GattEvent::Write(write) if matches!(write.payload().incoming(), AttClient::Command(_)) => {
                // No characteristic is written without response.
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
                    // The value has one byte, as built.
                    let _ = self.client.set(&self.server.battery, &self.shared.battery.get());
                }
                read.accept()
            }
            // The stack reads the first handle without checking that there is one.
            GattEvent::Other(other)
                if matches!(other.payload().incoming(), AttClient::Request(AttReq::ReadMultiple { .. })) =>
            {
                other.reject(AttErrorCode::REQUEST_NOT_SUPPORTED)
            }
            event => event.accept(),
        };
        self.reply(reply).await;
    }

    /// Handles a cue. The response goes first: it says that the stack has the cue, and no more.
    async fn on_cue(&self, write: WriteEvent<'_, '_, DefaultPacketPool>) {
        if let Err(code) = write.validate(0, MAX_FRAME) {
            self.reply(write.reject(code)).await;
            return;
        }
        let cue = write.with_data(|_, bytes| wire::decode::<Cue>(bytes));
        self.reply(write.accept_unprocessed()).await;
        // Ignore cues that do not decode (a newer laptop, or no laptop program) and cues from a link that is not
        // subscribed.
        if let (Ok(cue), Some(link)) = (cue, self.shared.link()) {
            // If the logic does not keep up, the cue is lost like one lost on the air.
            let _ = self.shared.cues.try_send((link.generation, cue));
            self.shared.wake_logic.signal(());
        }
    }

    /// Handles a changed subscription. Its response is queued by now, so the first report follows it.
    fn on_subscription(&self) {
        let subscribed = self.server.report.should_notify(self.client);
        let known = self.shared.bonds.borrow().iter().find(|r| Some(r.bond) == self.secured.get()).copied();
        if let Some(record) = known.filter(|record| record.subscribed != subscribed) {
            // If it is not stored, the laptop subscribes again on the next connection.
            let record = BondRecord { subscribed, ..record };
            let _ = self.shared.requests.try_send(Request::Bond { record, new: false });
        }
        self.update_link(true);
    }

    async fn reply(&self, reply: Result<Reply<'_, DefaultPacketPool>, Error>) {
        match reply {
            Ok(reply) => reply.send().await,
            // Without a response the laptop would time out after 30 s; disconnecting is faster.
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
        // A request that could not be sent is handled like one that is not answered.
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
        // Timeout of the passkey entry, or the link has ended.
        _ => PairingFault::GaveUp,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_a_session_a_stranger_occupies_the_connection_for_five_seconds() {
        assert_eq!(unsecured_timeout(true), Duration::from_secs(5));
        assert!(
            POLL_INTERVAL < unsecured_timeout(true) && unsecured_timeout(false) == Duration::from_secs(30)
        );
    }
}
