"""A controller that follows the specification where Bumble's own is lenient: it asks the peripheral's host for the key
and compares the keys, uses the negotiated parameters, reports packets as completed only after delivery, and reports a
lost link after its supervision timeout. Supports only legacy advertising and scanning, and no link layer privacy: with
those feature bits set, connecting takes the kernel seconds."""

import asyncio
import hashlib
from dataclasses import dataclass

from bumble import hci
from bumble.controller import Controller

from . import air
from .air import CENTRAL, PERIPHERAL, Air, Data, Link
from .advertising import Advertisement, Advertiser

OK = hci.HCI_ErrorCode.SUCCESS
UNKNOWN_COMMAND = hci.HCI_ErrorCode.UNKNOWN_HCI_COMMAND_ERROR
UNKNOWN_CONNECTION = hci.HCI_ErrorCode.UNKNOWN_CONNECTION_IDENTIFIER_ERROR
DISALLOWED = hci.HCI_ErrorCode.COMMAND_DISALLOWED_ERROR
KEY_MISSING = hci.HCI_ErrorCode.PIN_OR_KEY_MISSING_ERROR
UNSUPPORTED_REMOTE = hci.HCI_ErrorCode.UNSUPPORTED_REMOTE_FEATURE_ERROR

HOST_NUMBER_OF_COMPLETED_PACKETS = 0x0C35
# Bits of the LE event mask.
REMOTE_PARAMETER_REQUEST, DATA_LENGTH_CHANGE, PHY_UPDATE = 1 << 5, 1 << 6, 1 << 11

LONGEST_PACKET = 251


def short_hash(key: bytes) -> str:
    """Short hash to compare keys in a log without writing them."""
    return hashlib.sha256(key).hexdigest()[:8]


@dataclass
class Encryption:
    """The central's request, until the procedure is over."""

    ltk: bytes
    rand: bytes
    ediv: int
    answered: bool = False


class StrictController(Controller):
    """One controller on the air. `powered` while a host is attached."""

    le_features = (
        hci.LeFeatureMask.LE_ENCRYPTION
        | hci.LeFeatureMask.CONNECTION_PARAMETERS_REQUEST_PROCEDURE
        | hci.LeFeatureMask.EXTENDED_REJECT_INDICATION
        | hci.LeFeatureMask.PERIPHERAL_INITIATED_FEATURE_EXCHANGE
        | hci.LeFeatureMask.LE_PING
        | hci.LeFeatureMask.LE_DATA_PACKET_LENGTH_EXTENSION
        | hci.LeFeatureMask.LE_2M_PHY
        | hci.LeFeatureMask.CHANNEL_SELECTION_ALGORITHM_2
    )
    supported_commands = {
        code
        for code in Controller.supported_commands
        if code
        not in (
            hci.HCI_LE_ADD_DEVICE_TO_RESOLVING_LIST_COMMAND,
            hci.HCI_LE_REMOVE_DEVICE_FROM_RESOLVING_LIST_COMMAND,
            hci.HCI_LE_CLEAR_RESOLVING_LIST_COMMAND,
            hci.HCI_LE_READ_RESOLVING_LIST_SIZE_COMMAND,
            hci.HCI_LE_READ_PEER_RESOLVABLE_ADDRESS_COMMAND,
            hci.HCI_LE_READ_LOCAL_RESOLVABLE_ADDRESS_COMMAND,
            hci.HCI_LE_SET_ADDRESS_RESOLUTION_ENABLE_COMMAND,
            hci.HCI_LE_SET_RESOLVABLE_PRIVATE_ADDRESS_TIMEOUT_COMMAND,
            hci.HCI_LE_SET_PRIVACY_MODE_COMMAND,
            hci.HCI_LE_READ_BUFFER_SIZE_V2_COMMAND,
        )
    } | {hci.HCI_READ_LOCAL_SUPPORTED_COMMANDS_COMMAND}
    acl_data_packet_length = LONGEST_PACKET
    le_acl_data_packet_length = LONGEST_PACKET
    # Few, as in a real controller, so that a host notices a stalled link.
    total_num_acl_data_packets = 6
    total_num_le_acl_data_packets = 6
    supported_max_tx_octets = LONGEST_PACKET
    supported_max_tx_time = 2120
    supported_max_rx_octets = LONGEST_PACKET
    supported_max_rx_time = 2120

    def __init__(self, name: str, the_air: Air, public_address: str) -> None:
        self.own_address = hci.Address(public_address, hci.Address.PUBLIC_DEVICE_ADDRESS)
        super().__init__(name, public_address=self.own_address)
        self.air = the_air
        self.powered = False
        self.counts = {"commands": 0, "events": 0, "data_in": 0, "data_out": 0}
        self.forget()
        the_air.controllers.append(self)

    def forget(self) -> None:
        """State after a reset."""
        if advertiser := getattr(self, "le_legacy_advertiser", None):
            advertiser.stop()
        self.le_legacy_advertiser = Advertiser(self)
        self.links: dict[int, tuple[Link, int]] = {}
        self.next_handle = 0x40
        self.accept_list: set[tuple[bytes, int]] = set()
        self.initiating: hci.HCI_LE_Create_Connection_Command | None = None
        self.le_scan_enable = False
        self.heard: set[tuple] = set()
        self.encryptions: dict[int, Encryption] = {}
        self.random_address = hci.Address("00:00:00:00:00:00")
        self.suggested_max_tx_octets = 27
        self.le_event_mask = 0x1F
        self.host_buffers: int | None = None
        self.host_buffer_count = 0
        self.flow_to_host = False
        self.in_host = 0

    def host_attached(self) -> None:
        self.powered = True
        self.air.log.write("power", of=self.name, on=True)

    def power_off(self) -> None:
        """The host is gone, and with it this side of every link: the other sides receive nothing from now on."""
        self.powered = False
        self.air.log.write("power", of=self.name, on=False)
        self.drop_links()
        self.forget()

    def drop_links(self) -> None:
        for link, side in list(self.links.values()):
            link.handles[side] = 0
            was, self.powered = self.powered, False
            link.reach_changed()
            self.powered = was
            # After a reset the controller takes part in none of the earlier links.
            link.ends[side] = Gone(self.name)
        self.links.clear()

    # From the host

    def on_hci_command_packet(self, command: hci.HCI_Command) -> None:
        self.counts["commands"] += 1
        if command.op_code == HOST_NUMBER_OF_COMPLETED_PACKETS:
            self.host_completed(command.parameters)
            return
        unlisted = self.air.refuse_unlisted and command.op_code not in self.supported_commands
        handler = None if unlisted else getattr(self, f"on_{command.name.lower()}", None)
        if handler is None:
            self.air.log.write("unknown-command", of=self.name, command=command.name)
            if isinstance(command, hci.HCI_AsyncCommand):
                self._send_hci_command_status(UNKNOWN_COMMAND, command.op_code)
            else:
                self.complete(command, hci.HCI_StatusReturnParameters(UNKNOWN_COMMAND))
            return
        result = handler(command)
        if result is not None:
            self.complete(command, result)

    def complete(self, command: hci.HCI_Command, result: hci.HCI_ReturnParameters) -> None:
        self.send_hci_packet(
            hci.HCI_Command_Complete_Event(
                num_hci_command_packets=1, command_opcode=command.op_code, return_parameters=result
            )
        )

    def send_hci_packet(self, packet: hci.HCI_Packet) -> None:
        self.counts["events"] += 1
        super().send_hci_packet(packet)

    def on_hci_reset_command(self, _command):
        self.drop_links()
        self.forget()
        return hci.HCI_StatusReturnParameters(OK)

    def on_hci_acl_data_packet(self, packet: hci.HCI_AclDataPacket) -> None:
        self.counts["data_out"] += 1
        if entry := self.links.get(packet.connection_handle):
            link, side = entry
            link.send_data(side, packet.data, packet.pb_flag != 1)

    # Flow control toward the host

    def on_hci_host_buffer_size_command(self, command):
        self.host_buffer_count = command.host_total_num_acl_data_packets
        return hci.HCI_StatusReturnParameters(OK)

    def on_hci_set_controller_to_host_flow_control_command(self, command):
        self.flow_to_host = bool(command.flow_control_enable & 1) and self.host_buffer_count > 0
        return hci.HCI_StatusReturnParameters(OK)

    def host_completed(self, parameters: bytes) -> None:
        for entry in range(parameters[0]):
            self.in_host -= int.from_bytes(parameters[3 + 4 * entry : 5 + 4 * entry], "little")
        self.in_host = max(0, self.in_host)
        for link, _ in self.links.values():
            link.schedule()

    def has_room(self) -> bool:
        return not self.flow_to_host or self.in_host < self.host_buffer_count

    # Advertising, scanning, connecting

    def hear(self, advertisement: Advertisement, rssi: int) -> None:
        if self.le_scan_enable:
            self.report(advertisement, rssi)
        command = self.initiating
        if command is None or not advertisement.connectable:
            return
        wanted = (
            advertisement.key() in self.accept_list
            if command.initiator_filter_policy
            else advertisement.key() == (bytes(command.peer_address), command.peer_address_type & 1)
        )
        if wanted:
            self.connect(advertisement, command)

    def report(self, advertisement: Advertisement, rssi: int) -> None:
        if self.le_scanning_filter_policy & 1 and advertisement.key() not in self.accept_list:
            return
        event = hci.HCI_LE_Advertising_Report_Event
        kinds = [(advertisement.event_type, advertisement.data)]
        if self.le_scan_type == 1 and advertisement.scannable:
            kinds.append((event.EventType.SCAN_RSP, advertisement.response))
        for kind, data in kinds:
            seen = (advertisement.key(), kind, data)
            if self.filter_duplicates and self.air.filter_duplicates and seen in self.heard:
                continue
            self.heard.add(seen)
            report = event.Report(
                event_type=kind,
                address_type=advertisement.address.address_type,
                address=advertisement.address,
                data=data,
                rssi=rssi,
            )
            self.send_hci_packet(event([report]))

    def on_hci_le_set_scan_enable_command(self, command):
        self.heard.clear()
        return super().on_hci_le_set_scan_enable_command(command)

    def connect(self, advertisement: Advertisement, command: hci.HCI_LE_Create_Connection_Command) -> None:
        self.initiating = None
        peer: StrictController = advertisement.sender
        own = (
            self.public_address
            if command.own_address_type == hci.OwnAddressType.PUBLIC
            else hci.Address(bytes(self.random_address), hci.Address.RANDOM_DEVICE_ADDRESS)
        )
        # A controller may choose within the range; most choose the longest interval.
        interval = command.connection_interval_max
        link = Link(self.air, self, peer, interval, command.max_latency, command.supervision_timeout)
        peer.le_legacy_advertiser.stop()
        self.air.log.write("connected", **link.names(), **link.parameters())
        for side, end, address in ((CENTRAL, self, advertisement.address), (PERIPHERAL, peer, own)):
            handle = end.next_handle
            end.next_handle = handle + 1 if handle < 0xE00 else 0x40
            end.links[handle] = (link, side)
            link.handles[side] = handle
            end.send_hci_packet(
                hci.HCI_LE_Connection_Complete_Event(
                    status=OK,
                    connection_handle=handle,
                    role=side,
                    peer_address_type=address.address_type,
                    peer_address=address,
                    connection_interval=interval,
                    peripheral_latency=command.max_latency,
                    supervision_timeout=command.supervision_timeout,
                    central_clock_accuracy=0,
                )
            )
        self.exchange_lengths(link)

    def on_hci_le_create_connection_command(self, command):
        if self.initiating:
            self._send_hci_command_status(DISALLOWED, command.op_code)
            return
        self.initiating = command
        self._send_hci_command_status(hci.HCI_COMMAND_STATUS_PENDING, command.op_code)

    def on_hci_le_create_connection_cancel_command(self, command):
        pending, self.initiating = self.initiating, None
        if pending is None:
            return hci.HCI_StatusReturnParameters(DISALLOWED)
        asyncio.get_running_loop().call_soon(
            self.send_hci_packet,
            hci.HCI_LE_Connection_Complete_Event(
                status=UNKNOWN_CONNECTION,
                connection_handle=0,
                role=CENTRAL,
                peer_address_type=pending.peer_address_type,
                peer_address=pending.peer_address,
                connection_interval=0,
                peripheral_latency=0,
                supervision_timeout=0,
                central_clock_accuracy=0,
            ),
        )
        return hci.HCI_StatusReturnParameters(OK)

    def on_hci_le_clear_filter_accept_list_command(self, _command):
        self.accept_list.clear()
        return hci.HCI_StatusReturnParameters(OK)

    def on_hci_le_add_device_to_filter_accept_list_command(self, command):
        self.accept_list.add((bytes(command.address), command.address_type))
        return hci.HCI_StatusReturnParameters(OK)

    def on_hci_le_remove_device_from_filter_accept_list_command(self, command):
        self.accept_list.discard((bytes(command.address), command.address_type))
        return hci.HCI_StatusReturnParameters(OK)

    # From the air

    def receive(self, link: Link, side: int, data: Data) -> None:
        self.counts["data_in"] += 1
        if self.flow_to_host:
            self.in_host += 1
        boundary = 2 if data.first else 1
        self.send_hci_packet(
            hci.HCI_AclDataPacket(link.handles[side], boundary, 0, len(data.payload), data.payload)
        )

    def completed(self, link: Link, side: int) -> None:
        self.send_hci_packet(
            hci.HCI_Number_Of_Completed_Packets_Event(
                connection_handles=[link.handles[side]], num_completed_packets=[1]
            )
        )

    def updated(self, link: Link, side: int, status: int = OK) -> None:
        self.send_hci_packet(
            hci.HCI_LE_Connection_Update_Complete_Event(
                status=status,
                connection_handle=link.handles[side],
                connection_interval=link.interval,
                peripheral_latency=link.latency,
                supervision_timeout=link.timeout,
            )
        )

    def ended(self, link: Link, side: int, reason: int) -> None:
        handle = link.handles[side]
        self.links.pop(handle, None)
        self.encryptions.pop(handle, None)
        self.send_hci_packet(
            hci.HCI_Disconnection_Complete_Event(status=OK, connection_handle=handle, reason=reason)
        )

    # Ending

    def on_hci_disconnect_command(self, command):
        if not (entry := self.links.get(command.connection_handle)):
            self._send_hci_command_status(UNKNOWN_CONNECTION, command.op_code)
            return
        link, side = entry
        self._send_hci_command_status(hci.HCI_COMMAND_STATUS_PENDING, command.op_code)

        def heard() -> None:
            if side == CENTRAL:
                link.end(air.LOCAL_ENDED, command.reason)
            else:
                link.end(command.reason, air.LOCAL_ENDED)

        link.send_control(side, heard)

    # Encryption

    def on_hci_le_enable_encryption_command(self, command):
        entry = self.links.get(command.connection_handle)
        if not entry or entry[1] != CENTRAL:
            self._send_hci_command_status(UNKNOWN_CONNECTION, command.op_code)
            return
        link, _ = entry
        self._send_hci_command_status(hci.HCI_COMMAND_STATUS_PENDING, command.op_code)
        ltk = command.long_term_key
        spoiled = self.air.wrong_keys > 0
        if spoiled:
            self.air.wrong_keys -= 1
            ltk = bytes([ltk[0] ^ 1]) + ltk[1:]
        link.key = {"hash": short_hash(command.long_term_key), "spoiled": spoiled, "result": "asked"}
        self.air.keys.append({**link.names(), **link.key, "link": len(self.air.ended)})
        request = Encryption(ltk, command.random_number, command.encrypted_diversifier)
        peer = link.ends[PERIPHERAL]

        def asked() -> None:
            link.pause(True)
            peer.ask_for_key(link, request)

        link.send_control(CENTRAL, asked)

    def ask_for_key(self, link: Link, request: Encryption) -> None:
        handle = link.handles[PERIPHERAL]
        self.encryptions[handle] = request
        self.send_hci_packet(
            hci.HCI_LE_Long_Term_Key_Request_Event(
                connection_handle=handle, random_number=request.rand, encryption_diversifier=request.ediv
            )
        )

    def _le_long_term_key_request_response(self, connection_handle, long_term_key):
        entry = self.links.get(connection_handle)
        request = self.encryptions.get(connection_handle)
        status = UNKNOWN_CONNECTION if not entry else OK if request and not request.answered else DISALLOWED
        if status == OK:
            request.answered = True
            asyncio.get_running_loop().call_soon(self.answer_key, entry[0], request, long_term_key)
        return hci.HCI_StatusAndConnectionHandleReturnParameters(
            status=status, connection_handle=connection_handle
        )

    def answer_key(self, link: Link, request: Encryption, key: bytes | None) -> None:
        central: StrictController = link.ends[CENTRAL]
        self.encryptions.pop(link.handles[PERIPHERAL], None)

        def refused() -> None:
            link.pause(False)
            self.key_result(link, "missing")
            central.encryption_changed(link, CENTRAL, KEY_MISSING)

        def mismatch() -> None:
            self.key_result(link, "mismatch")
            if self.air.silent_mic_failure:
                # By the specification the peripheral leaves at once, and the central receives nothing more.
                link.handles[PERIPHERAL], handle = 0, link.handles[PERIPHERAL]
                link.ends[PERIPHERAL] = Gone(self.name)
                self.links.pop(handle, None)
                self.send_hci_packet(
                    hci.HCI_Disconnection_Complete_Event(
                        status=OK, connection_handle=handle, reason=air.MIC_FAILURE
                    )
                )
                link.reach_changed()
            else:
                link.end(air.MIC_FAILURE)

        def peripheral_encrypted() -> None:
            self.encryption_changed(link, PERIPHERAL, OK)
            link.send_control(PERIPHERAL, central_encrypted)

        def central_encrypted() -> None:
            central.encryption_changed(link, CENTRAL, OK)
            link.encrypted = True
            link.pause(False)
            self.key_result(link, "same")

        def compared() -> None:
            link.send_control(CENTRAL, peripheral_encrypted if key == request.ltk else mismatch)

        link.send_control(PERIPHERAL, refused if key is None else compared)

    def key_result(self, link: Link, result: str) -> None:
        if link.key:
            link.key["result"] = result
        if self.air.keys:
            self.air.keys[-1]["result"] = result
        self.air.log.write("encryption", **link.names(), **(link.key or {}))

    def encryption_changed(self, link: Link, side: int, status: int) -> None:
        handle = link.handles[side]
        if link.encrypted and status == OK:
            self.send_hci_packet(hci.HCI_Encryption_Key_Refresh_Complete_Event(status, handle))
            return
        self.send_hci_packet(
            hci.HCI_Encryption_Change_Event(
                status=status, connection_handle=handle, encryption_enabled=int(status == OK)
            )
        )

    # Parameters

    def on_hci_le_connection_update_command(self, command):
        if not (entry := self.links.get(command.connection_handle)):
            self._send_hci_command_status(UNKNOWN_CONNECTION, command.op_code)
            return
        link, side = entry
        self._send_hci_command_status(hci.HCI_COMMAND_STATUS_PENDING, command.op_code)
        wanted = (command.connection_interval_max, command.max_latency, command.supervision_timeout)
        if side == CENTRAL:
            link.send_control(CENTRAL, lambda: link.update(*wanted))
        else:
            link.send_control(
                PERIPHERAL, lambda: link.ends[CENTRAL].asked_for_parameters(link, command.connection_interval_min, wanted)
            )

    def asked_for_parameters(self, link: Link, interval_min: int, wanted: tuple[int, int, int]) -> None:
        """The peripheral requests; the central's host decides if it supports that, otherwise the controller accepts."""
        if not self.le_event_mask & REMOTE_PARAMETER_REQUEST:
            link.send_control(CENTRAL, lambda: link.update(*wanted))
            return
        interval, latency, timeout = wanted
        self.send_hci_packet(
            hci.HCI_LE_Remote_Connection_Parameter_Request_Event(
                connection_handle=link.handles[CENTRAL],
                interval_min=interval_min,
                interval_max=interval,
                max_latency=latency,
                timeout=timeout,
            )
        )

    def on_hci_le_remote_connection_parameter_request_reply_command(self, command):
        entry = self.links.get(command.connection_handle)
        if entry:
            link = entry[0]
            wanted = (command.interval_max, command.max_latency, command.timeout)
            link.send_control(CENTRAL, lambda: link.update(*wanted))
        return hci.HCI_StatusAndConnectionHandleReturnParameters(
            status=OK if entry else UNKNOWN_CONNECTION, connection_handle=command.connection_handle
        )

    def on_hci_le_remote_connection_parameter_request_negative_reply_command(self, command):
        entry = self.links.get(command.connection_handle)
        if entry:
            link = entry[0]
            link.send_control(CENTRAL, lambda: link.ends[PERIPHERAL].updated(link, PERIPHERAL, command.reason))
        return hci.HCI_StatusAndConnectionHandleReturnParameters(
            status=OK if entry else UNKNOWN_CONNECTION, connection_handle=command.connection_handle
        )

    # Lengths, features, versions, signal

    def exchange_lengths(self, link: Link) -> None:
        """Maximum packet length per direction: the smaller of what one host sends and the other accepts."""
        ends = link.ends
        lengths = [min(ends[side].suggested_max_tx_octets, LONGEST_PACKET) for side in (CENTRAL, PERIPHERAL)]
        lengths = [max(new, old) for new, old in zip(lengths, link.octets)]
        if lengths == link.octets:
            return

        def agreed() -> None:
            link.octets = lengths
            for side in (CENTRAL, PERIPHERAL):
                ends[side].length_changed(link, side)

        link.send_control(CENTRAL, agreed)

    def length_changed(self, link: Link, side: int) -> None:
        if not self.le_event_mask & DATA_LENGTH_CHANGE:
            return
        tx, rx = link.octets[side], link.octets[1 - side]
        self.send_hci_packet(
            hci.HCI_LE_Data_Length_Change_Event(link.handles[side], tx, (tx + 14) * 8, rx, (rx + 14) * 8)
        )

    def on_hci_le_set_data_length_command(self, command):
        entry = self.links.get(command.connection_handle)
        if entry:
            self.suggested_max_tx_octets = command.tx_octets
            self.exchange_lengths(entry[0])
        return hci.HCI_StatusAndConnectionHandleReturnParameters(
            status=OK if entry else UNKNOWN_CONNECTION, connection_handle=command.connection_handle
        )

    def on_hci_le_set_phy_command(self, command):
        if not (entry := self.links.get(command.connection_handle)):
            self._send_hci_command_status(UNKNOWN_CONNECTION, command.op_code)
            return
        link, side = entry
        self._send_hci_command_status(hci.HCI_COMMAND_STATUS_PENDING, command.op_code)
        event = hci.HCI_LE_PHY_Update_Complete_Event(OK, command.connection_handle, hci.Phy.LE_1M, hci.Phy.LE_1M)
        link.send_control(side, lambda: self.send_hci_packet(event))

    def on_hci_le_read_phy_command(self, command):
        known = command.connection_handle in self.links
        return hci.HCI_LE_Read_PHY_ReturnParameters(
            status=OK if known else UNKNOWN_CONNECTION,
            connection_handle=command.connection_handle,
            tx_phy=hci.Phy.LE_1M,
            rx_phy=hci.Phy.LE_1M,
        )

    def on_hci_le_read_remote_features_command(self, command):
        if not (entry := self.links.get(command.connection_handle)):
            self._send_hci_command_status(UNKNOWN_CONNECTION, command.op_code)
            return
        link, side = entry
        self._send_hci_command_status(hci.HCI_COMMAND_STATUS_PENDING, command.op_code)
        event = hci.HCI_LE_Read_Remote_Features_Complete_Event(
            status=OK,
            connection_handle=command.connection_handle,
            le_features=self.le_features.value.to_bytes(8, "little"),
        )
        answer = lambda: self.send_hci_packet(event)  # noqa: E731
        link.send_control(side, lambda: link.send_control(1 - side, answer))

    def on_hci_read_remote_version_information_command(self, command):
        if not (entry := self.links.get(command.connection_handle)):
            self._send_hci_command_status(UNKNOWN_CONNECTION, command.op_code)
            return
        link, side = entry
        self._send_hci_command_status(hci.HCI_COMMAND_STATUS_PENDING, command.op_code)
        event = hci.HCI_Read_Remote_Version_Information_Complete_Event(
            status=OK,
            connection_handle=command.connection_handle,
            version=self.lmp_version,
            manufacturer_name=self.manufacturer_company_identifier,
            subversion=self.lmp_subversion,
        )
        answer = lambda: self.send_hci_packet(event)  # noqa: E731
        link.send_control(side, lambda: link.send_control(1 - side, answer))

    def on_hci_read_rssi_command(self, command):
        entry = self.links.get(command.handle)
        peer = entry[0].ends[1 - entry[1]] if entry else self
        return hci.HCI_Read_RSSI_ReturnParameters(
            status=OK if entry else UNKNOWN_CONNECTION, handle=command.handle, rssi=self.air.rssi_of(peer)
        )

    def on_hci_le_read_channel_map_command(self, command):
        return hci.HCI_StatusReturnParameters(UNKNOWN_COMMAND)


class Gone:
    """End of a link whose host is gone: never answers."""

    powered = False
    suggested_max_tx_octets = 27

    def __init__(self, name: str) -> None:
        self.name = name

    def has_room(self) -> bool:
        return False

    def receive(self, *_ignored) -> None:
        pass

    completed = updated = ended = length_changed = ask_for_key = encryption_changed = asked_for_parameters = receive
