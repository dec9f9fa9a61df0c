"""Checks a clicker's advertisement and attribute table against the page, and what it refuses on an untrusted link.
Each check returns its problems as sentences; an empty list is a pass. Only a trusted link is given a session."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

from bumble import att
from bumble.core import UUID
from bumble.device import Peer
from bumble.gatt import Characteristic as Gatt

from air import say
from frames import encode_cue
from page import Characteristic, Page
from reach import CCCD, Heard, Reach, ask, parts

PROPERTIES = {
    "notify": Gatt.Properties.NOTIFY,
    "write, with response": Gatt.Properties.WRITE,
    "read": Gatt.Properties.READ,
}
# Every server has these two services as well; the page does not mention them.
EVERYWHERE = {UUID("1800"), UUID("1801")}
# Purpose of each in the page.
MUST = {"Report": {"subscribe"}, "Cue": {"write"}, "Version": {"read"}}
NOT_PERMITTED = {att.ATT_READ_NOT_PERMITTED_ERROR, att.ATT_WRITE_NOT_PERMITTED_ERROR}


def uuid_of(text: str) -> UUID:
    return UUID(text.removeprefix("0x"))


def told(uuids: Iterable[UUID]) -> list[str]:
    return [uuid.to_hex_str() for uuid in uuids]


def check_advertisement(heard: Heard, page: Page) -> list[str]:
    problems = []
    said = parts(heard.advertisement)
    flags = [value for kind, value in said if kind == 1]
    if not flags or not flags[0][0] & 2:
        problems.append("not generally discoverable")
    if heard.kind != 0:
        problems.append(f"advertising of kind {heard.kind}, not connectable and undirected")
    if not heard.names_service(UUID(page.service_uuid)):
        problems.append("the advertisement does not hold the service")
    if extra := [kind for kind, _ in said if kind not in (1, 6, 7)]:
        problems.append(f"the advertisement holds more: kinds {extra}")
    name = "Unknot " + heard.address.to_string(False).replace(":", "")[-4:].upper()
    response = parts(heard.response or b"")
    if [value for kind, value in response if kind == 9] != [name.encode()]:
        problems.append(f"the scan response does not hold the name {name}: {response}")
    if extra := [kind for kind, _ in response if kind != 9]:
        problems.append(f"the scan response holds more: kinds {extra}")
    return problems


def check_table(peer: Peer, page: Page) -> list[str]:
    """Services, characteristics, properties and descriptors: exactly those of the page."""
    problems = []
    for service in peer.services:
        holds = [
            [each.uuid.to_hex_str(), str(each.properties), *told(one.type for one in each.descriptors)]
            for each in service.characteristics
        ]
        uuid, first, last = service.uuid.to_hex_str(), service.handle, service.end_group_handle
        say("service", uuid=uuid, first=first, last=last, holds=holds)
    wanted = [uuid_of(service.uuid) for service in page.services]
    found = [service.uuid for service in peer.services if service.uuid not in EVERYWHERE]
    if wanted != found:
        problems.append(f"services {told(found)}, the page has {told(wanted)}")
    for service in page.services:
        for proxy in (one for one in peer.services if one.uuid == uuid_of(service.uuid)):
            problems += check_service(proxy, service.characteristics)
    return problems


def check_service(proxy: Any, wanted: list[Characteristic]) -> list[str]:
    problems = []
    names = told(uuid_of(one.uuid) for one in wanted)
    found = told(one.uuid for one in proxy.characteristics)
    if names != found:
        problems.append(f"{proxy.uuid.to_hex_str()}: characteristics {found}, the page has {names}")
    for one in wanted:
        for characteristic in (each for each in proxy.characteristics if each.uuid == uuid_of(one.uuid)):
            if characteristic.properties != PROPERTIES[one.does]:
                problems.append(f"{one.name}: does {characteristic.properties}, on the page {one.does}")
            descriptors = [each.type for each in characteristic.descriptors]
            if descriptors != ([CCCD] if one.does == "notify" else []):
                problems.append(f"{one.name}: descriptors {told(descriptors)}")
    return problems


async def check_open(reach: Reach, peer: Peer) -> list[str]:
    """What any link may read is served in the format of the page."""
    problems = []
    for name in (one.name for service in reach.page.services for one in service.characteristics if not one.guarded):
        value = await reach.read(peer, name)
        if name == "Battery Level":
            say("read", of=name, value=list(value))
            if len(value) != 1 or value[0] > 100:
                problems.append(f"{name}: {value.hex()}")
        else:
            say("read", of=name, value=value.decode("utf-8", "replace"))
            if not 1 <= len(value) <= 22:
                problems.append(f"{name}: {len(value)} bytes")
    return problems


async def check_refused(reach: Reach, peer: Peer) -> list[str]:
    """Every ATT request that reads, writes or subscribes to what is guarded, on an untrusted link."""
    problems: list[str] = []
    allowed = set(reach.page.refusals)
    got: list[bytes] = []
    for name in (one.name for service in reach.page.services for one in service.characteristics if one.guarded):
        characteristic = reach.characteristic(peer, name)
        handle = characteristic.handle
        peer.gatt_client.notification_subscribers.setdefault(handle, set()).add(got.append)
        payload = encode_cue("Welcome", session=0x5EED, version=(1, 0), alone=False)
        tries: list[tuple[str, att.ATT_PDU]] = [
            ("read", att.ATT_Read_Request(handle)),
            ("read on", att.ATT_Read_Blob_Request(handle, 0)),
            ("read by type", att.ATT_Read_By_Type_Request(handle, handle, characteristic.uuid)),
            ("read several", att.ATT_Read_Multiple_Request([handle, handle])),
            ("write", att.ATT_Write_Request(handle, payload)),
            ("prepare a write", att.ATT_Prepare_Write_Request(handle, 0, payload)),
        ]
        for descriptor in characteristic.descriptors:
            tries += [
                ("subscribe", att.ATT_Write_Request(descriptor.handle, b"\x01\x00")),
                ("prepare to subscribe", att.ATT_Prepare_Write_Request(descriptor.handle, 0, b"\x01\x00")),
                ("read the subscription", att.ATT_Read_Request(descriptor.handle)),
            ]
        # A command has no answer; the final check shows that it had no effect.
        await peer.gatt_client.send_command(att.ATT_Write_Command(handle, payload))
        for what, request in tries:
            answer = await ask(peer, request, f"{what} {name}")
            problems += judge(name, what, answer, allowed, what in MUST[name])
        if any(what.startswith("prepare") for what, _ in tries):
            answer = await ask(peer, att.ATT_Execute_Write_Request(1), f"execute the writes to {name}")
            say("tried", what="execute", of=name, answer=shown(answer))
    await asyncio.sleep(2.5)
    if got:
        problems.append(f"{len(got)} notifications on a link that is not trusted: {got[0].hex()}")
    return problems


def judge(name: str, what: str, answer: Any, allowed: set[int], strictly: bool) -> list[str]:
    """`strictly`: a laptop does this on a trusted link too, so only the page's errors are accepted."""
    say("tried", what=what, of=name, answer=shown(answer))
    if not isinstance(answer, int):
        if what == "read the subscription" and answer.attribute_value == b"\x00\x00":
            # The page allows reading a subscription on any link; that reveals nothing.
            return []
        if what.startswith("prepare") and isinstance(answer, att.ATT_Prepare_Write_Response):
            # Only execution counts; its effect is checked later.
            return []
        return [f"{name}: {what} was served"]
    if answer in allowed:
        return []
    # An operation that the characteristic or the server does not support at all may be refused with its own error.
    if not strictly and answer in NOT_PERMITTED | {att.ATT_REQUEST_NOT_SUPPORTED_ERROR, att.ATT_ATTRIBUTE_NOT_LONG_ERROR}:
        return []
    return [f"{name}: {what} was refused with {answer:#04x}"]


def shown(answer: Any) -> str:
    return f"{answer:#04x}" if isinstance(answer, int) else "served"
