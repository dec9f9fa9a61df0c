"""Shared by client and clicker: a Bumble host on a controller, lines of JSON on stdout, lines from stdin, and a limit
on every wait. Contains nothing of the protocol."""

from __future__ import annotations

import asyncio
import hashlib
import json
import sys
import threading
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from bumble import hci
from bumble.device import Device, DeviceConfiguration
from bumble.keys import KeyStore
from bumble.pairing import PairingConfig, PairingDelegate
from bumble.transport import open_transport

T = TypeVar("T")
BEGAN = time.monotonic()


class Failure(Exception):
    """A check failed, or a step could not be performed."""


class TimeUp(Failure):
    """Nothing came within the limit."""


class LinkLost(Failure):
    """The link ended during a step."""


def say(event: str, **rest: Any) -> None:
    """Prints one line of JSON, with the milliseconds since the program began."""
    line = {"event": event, "at_ms": round((time.monotonic() - BEGAN) * 1000), **rest}
    print(json.dumps(line), flush=True)


async def within(seconds: float, work: Awaitable[T], what: str) -> T:
    """Awaits `work` with a limit. Bumble cancels waits on a link that ends; that becomes `LinkLost`."""
    task = asyncio.current_task()
    try:
        return await asyncio.wait_for(work, seconds)
    except asyncio.TimeoutError:
        raise TimeUp(f"{what}: nothing within {seconds:g} s") from None
    except asyncio.CancelledError:
        if task and task.cancelling():
            raise
        raise LinkLost(f"{what}: the link ended") from None


async def open_device(transport: str, name: str, address: str, keys: KeyStore) -> Device:
    """A powered host with a static random address. Retries for some seconds, because the controller may start late."""
    deadline = time.monotonic() + 10
    while True:
        try:
            port = await within(5, open_transport(transport), "open the transport")
            break
        except OSError as error:
            if time.monotonic() > deadline:
                raise Failure(f"{transport}: {error}") from None
            await asyncio.sleep(0.2)
    # Never all zero, which means no key. It need not be secret, because this address never changes.
    irk = hashlib.sha256(address.encode()).digest()[:16]
    configuration = DeviceConfiguration(name=name, address=hci.Address(address), irk=irk, gatt_service_enabled=False)
    device = Device.from_config_with_hci(configuration, port.source, port.sink)
    device.keystore = keys
    device.port = port
    await within(10, device.power_on(), "switch the controller on")
    return device


def pairing(delegate: PairingDelegate, sc: bool = True, mitm: bool = True) -> Callable[[Any], PairingConfig]:
    """Pairing settings for `Device.pairing_config_factory`. The identity is the address used on the air."""
    return lambda _: PairingConfig(
        sc=sc,
        mitm=mitm,
        bonding=True,
        delegate=delegate,
        identity_address_type=PairingConfig.AddressType.RANDOM,
    )


class Lines:
    """Lines of stdin, read on a separate thread so that pipes, files and terminals behave the same."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.queue: asyncio.Queue[str | None] = asyncio.Queue()
        threading.Thread(target=self.read, daemon=True).start()

    def read(self) -> None:
        for line in sys.stdin:
            self.put(line.strip())
        self.put(None)

    def put(self, line: str | None) -> None:
        try:
            self.loop.call_soon_threadsafe(self.queue.put_nowait, line)
        except RuntimeError:
            # The program has ended.
            pass

    async def next(self) -> str | None:
        """The next line; `None` at the end."""
        return await self.queue.get()


class Told:
    """Number of lines read so far. Each line ends the current activity, the end of stdin ends all of them."""

    def __init__(self) -> None:
        self.lines = 0
        self.counting = asyncio.create_task(self.count())

    async def count(self) -> None:
        lines = Lines()
        while await lines.next() is not None:
            self.lines += 1
        self.lines = sys.maxsize
