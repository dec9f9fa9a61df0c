"""The laptop's way to a clicker: finding, connecting, pairing, encrypting, and plain ATT requests with their
responses. Reports what happened; the callers judge it."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bumble import att, hci
from bumble.core import UUID, AdvertisingData, ProtocolError
from bumble.device import Connection, ConnectionParametersPreferences, Device, Peer
from bumble.keys import JsonKeyStore, KeyStore, MemoryKeyStore
from bumble.pairing import PairingDelegate

from air import Failure, Lines, LinkLost, TimeUp, open_device, pairing, say, within
from page import Page, read_page

# Name in the keystore of the key role that this program uses.
NAMESPACE = "independent"
STEP = 5.0
CCCD = UUID("2902")
# The opcode bit that marks a command.
COMMAND = 0x40


@dataclass
class Heard:
    """Advertisement of one clicker."""

    address: hci.Address
    kind: int
    advertisement: bytes
    response: bytes | None = None

    def names_service(self, service: UUID) -> bool:
        return any(
            service.to_bytes() == data[at : at + 16]
            for kind, data in parts(self.advertisement)
            if kind in (6, 7)
            for at in range(0, len(data), 16)
        )


def parts(data: bytes) -> list[tuple[int, bytes]]:
    return [(int(kind), bytes(value)) for kind, value in AdvertisingData.from_bytes(data).ad_structures]


class Types(PairingDelegate):
    """Types the passkey, as a person at the laptop does."""

    def __init__(self, source: str, change: int = 0) -> None:
        super().__init__(PairingDelegate.KEYBOARD_INPUT_ONLY)
        self.source = source
        self.change = change
        self.lines: Lines | None = None

    async def get_number(self) -> int | None:
        say("passkey-wanted")
        try:
            passkey = await within(60, self.passkey(), "the passkey")
        except Failure:
            return None
        return (passkey + self.change) % 1_000_000

    async def passkey(self) -> int:
        if self.source.isdigit():
            return int(self.source)
        while True:
            text = await self.text()
            if match := re.search(r"(?<!\d)\d{6}(?!\d)", text):
                return int(match.group())
            await asyncio.sleep(0.05)

    async def text(self) -> str:
        if self.source == "stdin":
            self.lines = self.lines or Lines()
            line = await self.lines.next()
            if line is None:
                raise Failure("stdin ended before a passkey came")
            return line
        path = Path(self.source)
        return path.read_text(encoding="utf-8") if path.exists() else ""


class Bystander(PairingDelegate):
    """Has neither keys nor a display, and accepts everything."""

    def __init__(self) -> None:
        super().__init__(PairingDelegate.NO_OUTPUT_NO_INPUT)


class Reach:
    """One laptop's host and the clicker it looks for."""

    def __init__(self, arguments: Any) -> None:
        self.arguments = arguments
        self.page: Page = read_page(Path(arguments.page))
        self.service = UUID(self.page.service_uuid)
        self.device: Device
        self.reasons: list[int] = []
        # Observations beside the purpose of a command.
        self.problems: list[str] = []
        self.first_word: bytes | None = None

    async def open(self, address: str | None = None, keys: KeyStore | None = None) -> None:
        if keys is None:
            keystore = self.arguments.keystore
            keys = JsonKeyStore(NAMESPACE, keystore) if keystore else MemoryKeyStore()
        own = address or self.arguments.address
        self.own = hci.OwnAddressType.RANDOM
        self.device = await open_device(self.arguments.transport, "Independent", own.removesuffix("/P"), keys)
        if own.endswith("/P"):
            # A public address belongs to the controller and cannot be set; it has to be the right controller.
            if str(self.device.public_address) != own:
                raise Failure(f"this controller's public address is {self.device.public_address}, not {own}")
            self.own = hci.OwnAddressType.PUBLIC

    async def close(self) -> None:
        for connection in list(self.device.connections.values()):
            try:
                await within(STEP, connection.disconnect(), "disconnect")
            except Exception as error:
                say("left", error=repr(error))
        await within(STEP, self.device.port.close(), "close the transport")

    # Finding and connecting

    async def find(self, seconds: float = 10.0, response: bool = False) -> Heard:
        """First clicker that advertises the service (or has the given address), with its scan response if wanted."""
        heard: dict[str, Heard] = {}
        found: asyncio.Future[Heard] = asyncio.get_running_loop().create_future()
        wanted = self.arguments.clicker

        def on_report(report: Any) -> None:
            kinds = hci.HCI_LE_Advertising_Report_Event.EventType
            name = str(report.address)
            if report.event_type == kinds.SCAN_RSP:
                if one := heard.get(name):
                    one.response = bytes(report.data)
            else:
                one = heard.setdefault(name, Heard(report.address, int(report.event_type), bytes(report.data)))
            one = heard.get(name)
            if one and one.names_service(self.service) and (not wanted or name.upper() == wanted.upper()):
                if not found.done() and (one.response is not None or not response):
                    found.set_result(one)

        self.device.host.on("advertising_report", on_report)
        try:
            await within(STEP, self.device.start_scanning(active=response, filter_duplicates=False), "scan")
            return await within(seconds, found, "an advertisement with the service")
        finally:
            self.device.host.remove_listener("advertising_report", on_report)
            await within(STEP, self.device.stop_scanning(), "stop the scan")

    async def connect(self, heard: Heard | None = None) -> Connection:
        heard = heard or await self.find()
        interval = self.arguments.interval
        wish = ConnectionParametersPreferences(
            connection_interval_min=interval,
            connection_interval_max=interval,
            supervision_timeout=int(self.arguments.supervision),
        )
        connection = await within(
            10,
            self.device.connect(
                heard.address,
                connection_parameters_preferences={hci.Phy.LE_1M: wish},
                own_address_type=self.own,
                timeout=9,
            ),
            "connect",
        )
        self.reasons = []
        self.watch(connection)
        connection.on("disconnection", self.reasons.append)
        connection.on("disconnection", lambda reason: say("link-down", reason=reason))
        connection.on("security_request", lambda request: say("security-request", auth_req=int(request)))
        say("connected", clicker=str(heard.address), own=str(connection.self_address))
        return connection

    async def trusted(self, heard: Heard | None = None) -> Connection:
        """A connection encrypted with the bond."""
        connection = await self.connect(heard)
        await self.encrypt(connection)
        return connection

    async def encrypt(self, connection: Connection) -> None:
        keys = await self.device.keystore.get(str(connection.peer_address))
        if keys is None or keys.ltk is None:
            raise Failure(f"no bond with {connection.peer_address} in the keystore: pair first")
        try:
            await within(STEP, connection.encrypt(), "encrypt")
        except hci.HCI_Error as error:
            raise Failure(f"encrypt: {error}") from None
        say("encrypted", authenticated=keys.ltk.authenticated)

    def watch(self, connection: Connection) -> None:
        """Sees packets before the client does. A command has no response; if one comes anyway, it would be taken for
        that of the next request, so it is recorded as a problem and hidden from the client. Also, the first
        notification of a link may come before the subscription, if a clicker remembers that of its bond."""
        client = connection.gatt_client
        take = client.on_gatt_pdu
        self.first_word = None

        def on_gatt_pdu(pdu: att.ATT_PDU) -> None:
            if isinstance(pdu, att.ATT_Error_Response) and pdu.request_opcode_in_error & COMMAND:
                opcode, handle, code = pdu.request_opcode_in_error, pdu.attribute_handle_in_error, pdu.error_code
                self.problems.append(f"a command was answered: opcode {opcode:#04x}, handle {handle}, error {code:#04x}")
                say("problem", text=self.problems[-1])
                return
            if isinstance(pdu, att.ATT_Handle_Value_Notification) and self.first_word is None:
                self.first_word = bytes(pdu.attribute_value)
                say("first-word", frame=self.first_word.hex())
            take(pdu)

        client.on_gatt_pdu = on_gatt_pdu

    # Pairing

    async def pair(self, connection: Connection, delegate: PairingDelegate, seconds: float, **how: bool) -> dict[str, Any]:
        """Tries to pair: `paired`, `failed` with the reason, `silent`, or `link-lost`."""
        self.device.pairing_config_factory = pairing(delegate, **how)
        try:
            await within(seconds, connection.pair(), "pair")
        except ProtocolError as error:
            return {"outcome": "failed", "reason": error.error_name}
        except TimeUp:
            return {"outcome": "silent", "seconds": seconds}
        except LinkLost:
            return {"outcome": "link-lost", "reasons": self.reasons}
        keys = await self.device.keystore.get(str(connection.peer_address))
        ltk = keys.ltk if keys else None
        return {
            "outcome": "paired",
            "secure_connections": bool(connection.sc),
            "authenticated": bool(ltk and ltk.authenticated),
            "peer": str(connection.peer_address),
        }

    # ATT

    async def discover(self, connection: Connection) -> Peer:
        peer = Peer(connection)
        await within(20, peer.discover_services(), "discover the services")
        await within(20, peer.discover_characteristics(), "discover the characteristics")
        for characteristic in [each for service in peer.services for each in service.characteristics]:
            await within(STEP, peer.discover_descriptors(characteristic), "discover the descriptors")
        return peer

    def characteristic(self, peer: Peer, name: str) -> Any:
        uuid = UUID(self.page.characteristic(name).uuid.removeprefix("0x"))
        found = peer.get_characteristics_by_uuid(uuid)
        if len(found) != 1:
            raise Failure(f"{len(found)} characteristics {name}")
        return found[0]

    async def read(self, peer: Peer, name: str) -> bytes:
        characteristic = self.characteristic(peer, name)
        try:
            return await within(STEP, characteristic.read_value(), f"read {name}")
        except att.ATT_Error as error:
            raise Failure(f"read {name}: {error}") from None


async def ask(peer: Peer, request: att.ATT_PDU, what: str) -> int | att.ATT_PDU:
    """One ATT request; returns the error code, or the response if it was served."""
    response = await within(STEP, peer.gatt_client.send_request(request), what)
    if isinstance(response, att.ATT_Error_Response):
        return int(response.error_code)
    return response
