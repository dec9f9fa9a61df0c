"""The clicker's radio side on Bumble: advertising, the page's attribute table, pairing by a shown passkey in a window,
bonds. It enforces security itself, because Bumble treats every encrypted link as authenticated and lets plain values
be written. Sessions are handled elsewhere."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bumble import att, smp
from bumble.core import UUID, AdvertisingData
from bumble.device import Connection, Device
from bumble.gatt import Characteristic, Descriptor, Service
from bumble.keys import MemoryKeyStore, PairingKeys
from bumble.pairing import PairingDelegate

from air import open_device, pairing, say, within
from page import Characteristic as Described
from page import Page

WINDOW_SECONDS, WINDOW_TRIES = 60.0, 3
ANY = Characteristic.Permissions.READABLE | Characteristic.Permissions.WRITEABLE
PROPERTIES = {
    "notify": Characteristic.Properties.NOTIFY,
    "write, with response": Characteristic.Properties.WRITE,
    "read": Characteristic.Properties.READ,
}
# With more queued packets than this the link is stalled, and new messages would come too late.
QUEUE = 4


class FileKeys(MemoryKeyStore):
    """Bonds in memory for immediate access, and in a file if one is named."""

    def __init__(self, path: Path | None) -> None:
        super().__init__()
        self.path = path
        if path and path.exists():
            kept = json.loads(path.read_text(encoding="utf-8"))
            self.all_keys = {name: PairingKeys.from_dict(keys) for name, keys in kept.items()}

    async def update(self, name: str, keys: PairingKeys) -> None:
        await super().update(name, keys)
        self.save()

    async def delete(self, name: str) -> None:
        await super().delete(name)
        self.save()

    def save(self) -> None:
        if self.path:
            self.path.write_text(json.dumps({name: keys.to_dict() for name, keys in self.all_keys.items()}), encoding="utf-8")


class Shows(PairingDelegate):
    """Shows the passkey, as a clicker does on its lights."""

    def __init__(self) -> None:
        # Only the laptop's identity is needed; this side has none besides its address.
        none = PairingDelegate.KeyDistribution.DISTRIBUTE_ENCRYPTION_KEY
        super().__init__(PairingDelegate.DISPLAY_OUTPUT_ONLY, local_responder_key_distribution=none)

    async def generate_passkey(self) -> int:
        # Bumble treats a passkey of 0 as none.
        return 1 + secrets.randbelow(999_999)

    async def display_number(self, number: int, digits: int) -> None:
        say("passkey", passkey=f"{number:06}")


class Peripheral:
    """One clicker on the air. Calls `on_cue(frame)` for writes of a trusted laptop, and `on_link(kind)` with
    `connected`, `encrypted`, `subscribed`, `disconnected`."""

    def __init__(self, page: Page, on_cue: Callable[[bytes], None], on_link: Callable[[str], None]) -> None:
        self.page = page
        self.on_cue, self.on_link = on_cue, on_link
        self.connection: Connection | None = None
        self.window_until = 0.0
        self.tries = 0
        self.values: dict[str, bytes] = {}
        self.characteristics: dict[str, Characteristic] = {}
        self.device: Device

    async def open(self, transport: str, address: str, keys: FileKeys) -> None:
        self.keys = keys
        self.name = "Unknot " + address.replace(":", "")[-4:].upper()
        self.device = await open_device(transport, self.name, address, keys)
        self.device.pairing_config_factory = pairing(Shows())
        self.device.smp_manager.session_proxy = self.pairing_session()
        for service in self.page.services:
            made = [self.make(one) for one in service.characteristics]
            self.device.add_service(Service(UUID(service.uuid.removeprefix("0x")), made))
        # Bumble does not answer this request if a value is refused.
        server = self.device.gatt_server
        server.on_att_read_multiple_request = server.on_att_request
        self.device.on("connection", self.connected)
        await self.advertise()

    async def advertise(self) -> None:
        kinds = AdvertisingData
        service = UUID(self.page.service_uuid).to_bytes()
        said = kinds([(kinds.FLAGS, b"\x06"), (kinds.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS, service)])
        response = kinds([(kinds.COMPLETE_LOCAL_NAME, self.name.encode())])
        start = self.device.start_advertising(
            advertising_data=bytes(said),
            scan_response_data=bytes(response),
            advertising_interval_min=60.0,
            advertising_interval_max=60.0,
        )
        await within(5, start, "advertise")
        say("advertising", name=self.name, address=str(self.device.random_address))

    # The table

    def make(self, described: Described) -> Characteristic:
        descriptors = []
        if described.does == "notify":
            value = att.AttributeValueV2(
                read=lambda bearer: self.subscription(bearer, described),
                write=lambda bearer, value: self.subscribe(bearer, described, value),
            )
            descriptors.append(Descriptor(UUID("2902"), ANY, value))
        value = att.AttributeValueV2(
            read=lambda bearer: self.read(bearer, described),
            write=lambda bearer, value: self.write(bearer, described, value),
        )
        uuid = UUID(described.uuid.removeprefix("0x"))
        made = Characteristic(uuid, PROPERTIES[described.does], ANY, value, descriptors)
        self.characteristics[described.name] = made
        return made

    def guard(self, connection: Connection, described: Described) -> None:
        if described.guarded and not self.trusted(connection):
            raise att.ATT_Error(att.ATT_INSUFFICIENT_AUTHENTICATION_ERROR)

    def trusted(self, connection: Connection | None) -> bool:
        """Encrypted with the key of an authenticated bond."""
        if connection is None or not connection.encryption:
            return False
        keys = self.keys.all_keys.get(str(connection.peer_address))
        return bool(keys and keys.ltk and keys.ltk.authenticated)

    def read(self, connection: Connection, described: Described) -> bytes:
        self.guard(connection, described)
        if described.does != "read":
            raise att.ATT_Error(att.ATT_READ_NOT_PERMITTED_ERROR)
        return self.values[described.name]

    def write(self, connection: Connection, described: Described, value: bytes) -> None:
        self.guard(connection, described)
        if not described.does.startswith("write"):
            raise att.ATT_Error(att.ATT_WRITE_NOT_PERMITTED_ERROR)
        self.on_cue(bytes(value))

    def subscription(self, connection: Connection, described: Described) -> bytes:
        self.guard(connection, described)
        return self.device.gatt_server.read_cccd(connection, self.characteristics[described.name])

    def subscribe(self, connection: Connection, described: Described, value: bytes) -> None:
        self.guard(connection, described)
        self.device.gatt_server.write_cccd(connection, self.characteristics[described.name], value)
        if value[:1] == b"\x01":
            # The response to the write should precede the first notification.
            asyncio.get_running_loop().call_later(0.05, self.on_link, "subscribed")

    # Saying

    def peer(self) -> str:
        """Bond of the other end; empty if it is not trusted."""
        return str(self.connection.peer_address) if self.connection and self.trusted(self.connection) else ""

    def stands_still(self) -> bool:
        queue = self.device.host.le_acl_packet_queue
        return bool(queue and queue.pending > QUEUE)

    async def notify(self, frame: bytes) -> None:
        if self.connection and self.trusted(self.connection):
            work = self.device.notify_subscriber(self.connection, self.characteristics["Report"], frame)
            await within(5, work, "notify")

    # The link

    def connected(self, connection: Connection) -> None:
        self.connection = connection
        say("connected", peer=str(connection.peer_address))
        connection.on("disconnection", self.disconnected)
        connection.on("connection_encryption_change", lambda: self.encrypted(connection))
        connection.on("pairing", self.paired)
        self.on_link("connected")

    def encrypted(self, connection: Connection) -> None:
        say("encrypted", on=bool(connection.encryption), trusted=self.trusted(connection))
        self.on_link("encrypted")

    def disconnected(self, reason: int) -> None:
        say("disconnected", reason=reason)
        self.connection = None
        self.on_link("disconnected")
        asyncio.get_running_loop().create_task(self.advertise())

    async def disconnect(self) -> None:
        if self.connection:
            await within(5, self.connection.disconnect(), "disconnect")

    # Pairing

    def open_window(self, seconds: float = WINDOW_SECONDS) -> None:
        self.window_until = time.monotonic() + seconds
        self.tries = 0
        say("window", open=True, seconds=seconds)

    def close_window(self) -> None:
        self.window_until = 0.0
        say("window", open=False)

    @property
    def window_open(self) -> bool:
        return time.monotonic() < self.window_until

    def paired(self, keys: PairingKeys) -> None:
        authenticated = bool(keys.ltk and keys.ltk.authenticated)
        say("paired", peer=str(self.connection and self.connection.peer_address), authenticated=authenticated)
        self.close_window()
        # Keys are stored only now, when the link has been encrypted for a moment.
        self.on_link("encrypted")

    def pairing_failed(self, reason: int) -> None:
        self.tries += 1
        say("pairing-failed", reason=int(reason), tries=self.tries)
        if self.tries >= WINDOW_TRIES and self.window_open:
            self.close_window()

    def pairing_session(self) -> type[smp.Session]:
        peripheral = self

        class Windowed(smp.Session):
            """Bumble's pairing, only in the window and only with a passkey."""

            def on_smp_command(self, command: smp.SMP_Command) -> None:
                if not peripheral.window_open and not hasattr(self, "preq"):
                    say("pairing-ignored", code=int(command.code))
                    # A link that stays open would be asked for the key of a bond, which it does not have.
                    self.on_disconnection(0)
                    return
                super().on_smp_command(command)

            def on_smp_pairing_request_command(self, command: smp.SMP_Pairing_Request_Command) -> None:
                wanted = smp.AuthReq.SC | smp.AuthReq.MITM | smp.AuthReq.BONDING
                keys = (smp.IoCapability.KEYBOARD_ONLY, smp.IoCapability.KEYBOARD_DISPLAY)
                if command.auth_req & wanted != wanted or command.io_capability not in keys:
                    say("pairing-refused", auth_req=int(command.auth_req), io_capability=int(command.io_capability))
                    self.send_pairing_failed(smp.ErrorCode.AUTHENTICATION_REQUIREMENTS)
                    return
                super().on_smp_pairing_request_command(command)

            def on_pairing_failure(self, reason: smp.ErrorCode) -> None:
                super().on_pairing_failure(reason)
                # Bumble would continue this failed pairing at the next request on the same link.
                self.on_disconnection(0)
                peripheral.pairing_failed(reason)

        return Windowed
