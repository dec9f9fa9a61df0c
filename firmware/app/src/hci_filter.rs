//! A filter between host and controller. While the pairing window is closed, it passes no packet of the Security
//! Manager Protocol to the host.
//!
//! The host cannot refuse pairing: it would answer any Pairing Request, and set aside the bond of a known address
//! before the sender has proved anything. So SMP packets are dropped here. Encryption with a stored key still works,
//! because it needs no SMP packet.
//!
//! The host also trusts a request to have the length of its kind, so a request of another length is dropped here.
//!
//! Because the filter sees every packet, it also detects what the host does not report: that a report has been sent.
//! That is the case once the controller counts its packet as completed, which on an LE link means that the peer's link
//! layer has acknowledged it (or that the link is gone).
//!
//! The host sets up private addresses at each start and fails if the controller does not know that command, which is
//! newer than Bluetooth 4.1. A clicker has a fixed address and resolves those of laptops in the host, so the answer
//! "unknown command" to one of these commands becomes a success.

use core::cell::{Cell, RefCell};

use bt_hci::ControllerToHostPacket;
use bt_hci::FromHciBytes;
use bt_hci::cmd::le::{
    LeAddDeviceToResolvingList, LeClearResolvingList, LeRemoveDeviceFromResolvingList,
    LeSetAddrResolutionEnable, LeSetPrivacyMode, LeSetResolvablePrivateAddrTimeout,
};
use bt_hci::cmd::{AsyncCmd, Cmd, Error as CmdError, Opcode, SyncCmd};
use bt_hci::controller::{Controller, ControllerCmdAsync, ControllerCmdSync};
use bt_hci::data::{AclPacket, AclPacketBoundary, IsoPacket, SyncPacket};
use bt_hci::event::{EventKind, EventPacket, NumberOfCompletedPackets};
use bt_hci::param::Error as HciError;
use embedded_io::ErrorType;
use heapless::Vec;

use crate::shared::Shared;

/// L2CAP channel of the Attribute Protocol.
const ATT: u16 = 4;

/// L2CAP channel of the Security Manager Protocol on LE.
const SMP: u16 = 6;

/// ATT opcode of a notification. This server notifies only reports.
const NOTIFICATION: u8 = 0x1b;

/// Bit of an ATT opcode that marks a command, which has no response.
const COMMAND: u8 = 0x40;

/// ATT opcode of the confirmation of an indication. This server sends no indications.
const CONFIRMATION: u8 = 0x1e;

/// The most reports in the controller: two of the present subscription by the logic's rule, and stale ones of the last.
const REPORTS: usize = 8;

/// A controller that passes SMP packets only while [`Shared::window_open`] is set.
pub(crate) struct HciFilter<'c, C> {
    controller: &'c C,
    shared: &'c Shared,
    inbound: Cell<Inbound>,
    outbound: RefCell<Outbound>,
}

/// What to do with further fragments of an incoming packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Inbound {
    Pass,
    Drop { handle: u16 },
}

/// Packets that the controller has not counted as completed.
#[derive(Debug, Default)]
struct Outbound {
    packets: usize,
    /// For each report among them, the number of completions until it is sent, and its link generation.
    reports: Vec<(usize, u16), REPORTS>,
}

impl<'c, C> HciFilter<'c, C> {
    pub(crate) const fn new(controller: &'c C, shared: &'c Shared) -> Self {
        Self {
            controller,
            shared,
            inbound: Cell::new(Inbound::Pass),
            outbound: RefCell::new(Outbound { packets: 0, reports: Vec::new() }),
        }
    }

    fn passes(&self, packet: &AclPacket<'_>) -> bool {
        let (inbound, passes) = filter_fragment(
            self.inbound.get(),
            self.shared.window_open.get(),
            packet.handle().raw(),
            packet.boundary_flag(),
            packet.data(),
        );
        self.inbound.set(inbound);
        passes
    }

    fn on_event(&self, event: &EventPacket<'_>) {
        match event.kind {
            EventKind::NumberOfCompletedPackets => {
                let Ok(counts) = NumberOfCompletedPackets::from_hci_bytes_complete(event.data) else {
                    return;
                };
                for count in counts.completed_packets {
                    self.on_packets_completed(count.num_completed_packets().map_or(0, usize::from));
                }
            }
            // The controller has discarded the packets of that connection without counting them.
            EventKind::DisconnectionComplete => {
                self.inbound.set(Inbound::Pass);
                self.outbound.replace(Outbound::default());
            }
            _ => {}
        }
    }

    fn on_packets_completed(&self, packets: usize) {
        let mut outbound = self.outbound.borrow_mut();
        outbound.packets = outbound.packets.saturating_sub(packets);
        outbound.reports.retain_mut(|(until, generation)| {
            *until = until.saturating_sub(packets);
            if *until == 0 {
                self.shared.report_sent(*generation);
            }
            *until > 0
        });
    }

    fn on_packet_written(&self, packet: &AclPacket<'_>) {
        let mut outbound = self.outbound.borrow_mut();
        outbound.packets += 1;
        let starts = !matches!(packet.boundary_flag(), AclPacketBoundary::Continuing);
        if starts && channel(packet.data()) == Some(ATT) && packet.data().get(4) == Some(&NOTIFICATION) {
            let Some(link) = self.shared.link() else { return };
            let until = outbound.packets;
            if outbound.reports.push((until, link.generation)).is_err() {
                // Its completion cannot be tracked, so it counts as sent.
                self.shared.report_sent(link.generation);
            }
        }
    }
}

/// Whether a fragment passes to the host, and what to do with those that follow it.
fn filter_fragment(
    inbound: Inbound,
    open: bool,
    handle: u16,
    flag: AclPacketBoundary,
    data: &[u8],
) -> (Inbound, bool) {
    if let AclPacketBoundary::Continuing = flag {
        // A packet that has begun to pass must pass completely, or the host would wait for the rest.
        return (inbound, inbound != Inbound::Drop { handle });
    }
    let passes = match channel(data) {
        Some(SMP) => open,
        Some(ATT) => is_valid_request(data),
        Some(_) => true,
        // Too short to contain its channel; no stack sends this.
        None => false,
    };
    (if passes { Inbound::Pass } else { Inbound::Drop { handle } }, passes)
}

/// Whether the data starts a complete attribute request.
///
/// The host reads the fields of a request without checking its length, and would crash on a packet that anyone in range
/// can send. A clicker sends no requests and no indications, so responses and confirmations are dropped too.
fn is_valid_request(data: &[u8]) -> bool {
    let (Some(len), Some(opcode)) = (data.first_chunk().map(|len| u16::from_le_bytes(*len)), data.get(4))
    else {
        // No controller fragments a packet into pieces this small.
        return false;
    };
    match opcode {
        // Exchange MTU: the minimum is 23.
        0x02 => len == 3 && data.get(5..7).is_some_and(|mtu| mtu[1] > 0 || mtu[0] >= 23),
        // Find Information, Read Blob.
        0x04 | 0x0c => len == 5,
        // Find By Type Value.
        0x06 => len >= 7,
        // Read By Type.
        0x08 => len == 7 || len == 21,
        // Read By Group Type: the host reads a 128-bit type beyond its end, and no such group types exist.
        0x10 => len == 7,
        // Read.
        0x0a => len == 3,
        // Read Multiple.
        0x0e => len >= 5,
        // Write.
        0x12 => len >= 3,
        // Prepare Write.
        0x16 => len >= 5,
        // Execute Write.
        0x18 => len == 2,
        // The host rejects unknown requests itself. Commands, such as a write without response, must not be answered,
        // but the host answers the ones it rejects; no attribute accepts any.
        _ => opcode % 2 == 0 && opcode & COMMAND == 0 && len >= 1 && *opcode != CONFIRMATION,
    }
}

/// Commands for private addresses. None returns a value, and a clicker works without any.
const PRIVACY: [Opcode; 6] = [
    LeAddDeviceToResolvingList::OPCODE,
    LeRemoveDeviceFromResolvingList::OPCODE,
    LeClearResolvingList::OPCODE,
    LeSetAddrResolutionEnable::OPCODE,
    LeSetResolvablePrivateAddrTimeout::OPCODE,
    LeSetPrivacyMode::OPCODE,
];

/// The result of a command for the host.
fn without_privacy<K: SyncCmd, E>(result: Result<K::Return, CmdError<E>>) -> Result<K::Return, CmdError<E>> {
    match result {
        Err(CmdError::Hci(HciError::UNKNOWN_CMD)) if PRIVACY.contains(&K::OPCODE) => {
            K::Return::from_hci_bytes_complete(&[]).map_err(|_| CmdError::Hci(HciError::UNKNOWN_CMD))
        }
        result => result,
    }
}

/// L2CAP channel in a first fragment.
fn channel(data: &[u8]) -> Option<u16> {
    Some(u16::from_le_bytes([*data.get(2)?, *data.get(3)?]))
}

/// An event with zero completed packets, given to the host in place of a dropped packet.
const EMPTY_EVENT: EventPacket<'static> =
    EventPacket { kind: EventKind::NumberOfCompletedPackets, data: &[0] };

impl<C: ErrorType> ErrorType for HciFilter<'_, C> {
    type Error = C::Error;
}

impl<C: Controller> Controller for HciFilter<'_, C> {
    type Buffer<'a> = C::Buffer<'a>;

    fn alloc_buf(&self) -> Result<Self::Buffer<'_>, Self::Error> {
        self.controller.alloc_buf()
    }

    async fn write_acl_data(&self, packet: &AclPacket<'_>) -> Result<(), Self::Error> {
        // Before the write: the completion may be read before it returns.
        self.on_packet_written(packet);
        self.controller.write_acl_data(packet).await
    }

    async fn write_sync_data(&self, packet: &SyncPacket<'_>) -> Result<(), Self::Error> {
        self.controller.write_sync_data(packet).await
    }

    async fn write_iso_data(&self, packet: &IsoPacket<'_>) -> Result<(), Self::Error> {
        self.controller.write_iso_data(packet).await
    }

    async fn read<'a>(
        &self,
        buf: &'a mut Self::Buffer<'_>,
    ) -> Result<ControllerToHostPacket<'a>, Self::Error> {
        let packet = self.controller.read(buf).await?;
        match &packet {
            ControllerToHostPacket::Acl(acl) if !self.passes(acl) => {
                return Ok(ControllerToHostPacket::Event(EMPTY_EVENT));
            }
            ControllerToHostPacket::Event(event) => self.on_event(event),
            ControllerToHostPacket::Acl(_)
            | ControllerToHostPacket::Sync(_)
            | ControllerToHostPacket::Iso(_) => {}
        }
        Ok(packet)
    }
}

impl<K: SyncCmd, C: ControllerCmdSync<K>> ControllerCmdSync<K> for HciFilter<'_, C> {
    async fn exec(&self, cmd: &K) -> Result<K::Return, CmdError<Self::Error>> {
        without_privacy::<K, _>(self.controller.exec(cmd).await)
    }
}

impl<K: AsyncCmd, C: ControllerCmdAsync<K>> ControllerCmdAsync<K> for HciFilter<'_, C> {
    async fn exec(&self, cmd: &K) -> Result<(), CmdError<Self::Error>> {
        self.controller.exec(cmd).await
    }
}

#[cfg(test)]
mod tests {
    use bt_hci::data::AclBroadcastFlag;
    use bt_hci::param::ConnHandle;
    use handheld::Bond;

    use super::*;

    const PAIRING_REQUEST: [u8; 11] = [7, 0, 6, 0, 1, 3, 0, 0x0d, 16, 1, 1];
    const READ: [u8; 7] = [3, 0, 4, 0, 0x0a, 9, 0];

    fn start(handle: u16, data: &[u8]) -> AclPacket<'_> {
        let flag = AclPacketBoundary::FirstFlushable;
        AclPacket::new(ConnHandle::new(handle), flag, AclBroadcastFlag::PointToPoint, data)
    }

    fn more(handle: u16, data: &[u8]) -> AclPacket<'_> {
        let flag = AclPacketBoundary::Continuing;
        AclPacket::new(ConnHandle::new(handle), flag, AclBroadcastFlag::PointToPoint, data)
    }

    #[test]
    fn only_an_open_window_lets_pairing_through() {
        let shared = Shared::new();
        let filter = HciFilter::new(&(), &shared);
        assert!(!filter.passes(&start(1, &PAIRING_REQUEST)));
        assert!(filter.passes(&start(1, &READ)));
        shared.window_open.set(true);
        assert!(filter.passes(&start(1, &PAIRING_REQUEST)));
        shared.window_open.set(false);
        assert!(!filter.passes(&start(1, &PAIRING_REQUEST)));
    }

    #[test]
    fn however_a_pairing_packet_is_cut_none_of_its_pieces_passes() {
        let shared = Shared::new();
        for cut in 0..PAIRING_REQUEST.len() {
            for cut_again in cut..PAIRING_REQUEST.len() {
                let filter = HciFilter::new(&(), &shared);
                assert!(!filter.passes(&start(1, &PAIRING_REQUEST[..cut])), "{cut}");
                assert!(!filter.passes(&more(1, &PAIRING_REQUEST[cut..cut_again])), "{cut} {cut_again}");
                assert!(!filter.passes(&more(1, &PAIRING_REQUEST[cut_again..])), "{cut} {cut_again}");
                // The next packet passes again.
                assert!(filter.passes(&start(1, &READ[..5])));
                assert!(filter.passes(&more(1, &READ[5..])));
            }
        }
    }

    #[test]
    fn a_controller_without_private_addresses_is_one_that_works() {
        use bt_hci::cmd::le::LeReadFilterAcceptListSize;
        type Result<T> = core::result::Result<T, CmdError<()>>;
        let unknown = CmdError::Hci(HciError::UNKNOWN_CMD);
        let result: Result<()> = without_privacy::<LeSetResolvablePrivateAddrTimeout, ()>(Err(
            CmdError::Hci(HciError::UNKNOWN_CMD),
        ));
        assert!(result.is_ok());
        assert!(
            without_privacy::<LeSetAddrResolutionEnable, ()>(Err(CmdError::Hci(HciError::UNKNOWN_CMD)))
                .is_ok()
        );
        // Other errors, and other commands, are as the controller answers them.
        let disallowed = Err(CmdError::Hci(HciError::CMD_DISALLOWED));
        assert!(without_privacy::<LeSetAddrResolutionEnable, ()>(disallowed).is_err());
        assert!(without_privacy::<LeReadFilterAcceptListSize, ()>(Err(unknown)).is_err());
        assert!(without_privacy::<LeReadFilterAcceptListSize, ()>(Ok(8)).is_ok_and(|size| size == 8));
    }

    #[test]
    fn every_kind_of_beginning_is_one() {
        let shared = Shared::new();
        let filter = HciFilter::new(&(), &shared);
        for flag in [AclPacketBoundary::FirstNonFlushable, AclPacketBoundary::Complete] {
            let packet =
                AclPacket::new(ConnHandle::new(1), flag, AclBroadcastFlag::PointToPoint, &PAIRING_REQUEST);
            assert!(!filter.passes(&packet));
        }
    }

    #[test]
    fn pieces_of_another_connection_are_not_held_against_this_one() {
        let shared = Shared::new();
        let filter = HciFilter::new(&(), &shared);
        assert!(!filter.passes(&start(1, &PAIRING_REQUEST[..5])));
        assert!(filter.passes(&more(2, &READ)));
        assert!(!filter.passes(&more(1, &PAIRING_REQUEST[5..])));
    }

    #[test]
    fn what_began_to_pass_passes_to_its_end_and_the_next_does_not() {
        let shared = Shared::new();
        let filter = HciFilter::new(&(), &shared);
        shared.window_open.set(true);
        assert!(filter.passes(&start(1, &PAIRING_REQUEST[..5])));
        shared.window_open.set(false);
        assert!(filter.passes(&more(1, &PAIRING_REQUEST[5..])));
        assert!(!filter.passes(&start(1, &PAIRING_REQUEST)));
    }

    #[test]
    fn a_request_cut_short_never_reaches_the_host() {
        let shared = Shared::new();
        let filter = HciFilter::new(&(), &shared);
        let requests: &[&[u8]] = &[
            &[0x02, 23, 0],
            &[0x04, 1, 0, 255, 255],
            &[0x06, 1, 0, 255, 255, 0, 0x28],
            &[0x08, 1, 0, 255, 255, 3, 0x28],
            &[0x0a, 9, 0],
            &[0x0c, 9, 0, 0, 0],
            &[0x0e, 9, 0, 10, 0],
            &[0x10, 1, 0, 255, 255, 0, 0x28],
            &[0x12, 9, 0],
            &[0x16, 9, 0, 0, 0],
            &[0x18, 0],
        ];
        for request in requests {
            for len in 0..=request.len() {
                let mut packet: Vec<u8, 32> = Vec::from_slice(&[len as u8, 0, 4, 0]).unwrap();
                packet.extend_from_slice(&request[..len]).unwrap();
                let whole = len == request.len();
                assert_eq!(filter.passes(&start(1, &packet)), whole, "{:?}", &request[..len]);
                // The length in the header counts, however the packet is fragmented.
                if len > 2 && request[0] != 0x02 {
                    assert_eq!(filter.passes(&start(1, &packet[..6])), whole);
                    assert_eq!(filter.passes(&more(1, &packet[6..])), whole);
                }
            }
        }
    }

    #[test]
    fn what_a_clicker_never_asked_for_is_not_an_answer() {
        let shared = Shared::new();
        let filter = HciFilter::new(&(), &shared);
        for opcode in (1..=255).step_by(2).chain([CONFIRMATION]) {
            assert!(!filter.passes(&start(1, &[1, 0, 4, 0, opcode])), "{opcode}");
        }
        for command in [0x52, 0xd2] {
            assert!(
                !filter.passes(&start(1, &[4, 0, 4, 0, command, 9, 0, 5])),
                "{command} would be answered"
            );
        }
        assert!(!filter.passes(&start(1, &[3, 0, 4, 0, 0x02, 22, 0])));
        let long_group = [21, 0, 4, 0, 0x10, 1, 0, 255, 255];
        assert!(!filter.passes(&start(1, &long_group)));
        // The host rejects an unknown request.
        assert!(filter.passes(&start(1, &[1, 0, 4, 0, 0x3e])));
    }

    #[test]
    fn a_report_has_left_when_its_own_packet_is_completed() {
        let shared = Shared::new();
        shared.link_up(Bond(0));
        let filter = HciFilter::new(&(), &shared);
        let reply = [2, 0, 4, 0, 0x0b, 1];
        let report = [5, 0, 4, 0, NOTIFICATION, 8, 0, 3, 0];
        filter.on_packet_written(&start(1, &reply));
        filter.on_packet_written(&start(1, &report));
        filter.on_packet_written(&start(1, &report));
        let completed = |packets: u8| {
            let data = [1, 1, 0, packets, 0];
            filter.on_event(&EventPacket { kind: EventKind::NumberOfCompletedPackets, data: &data });
            shared.take_sent()
        };
        assert_eq!(completed(1), 0);
        assert_eq!(completed(1), 1);
        assert_eq!(completed(1), 1);
        filter.on_packet_written(&start(1, &report));
        filter.on_event(&EventPacket { kind: EventKind::DisconnectionComplete, data: &[0, 1, 0, 8] });
        assert_eq!(completed(1), 0);
    }
}
