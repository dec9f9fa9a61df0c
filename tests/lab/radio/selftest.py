"""Self-test of the radio: `python -m radio.selftest`. Two Bumble hosts meet on it, and each check shows that the radio
detects what Bumble's own controller would accept. Needs no virtual machine. Exits with 0 on success."""

import asyncio
import logging
import sys
import time
import traceback

from bumble import hci
from bumble.att import ATT_Error
from bumble.core import ProtocolError, UUID
from bumble.device import ConnectionParametersPreferences, Peer
from bumble.keys import MemoryKeyStore

from .air import Air
from .control import Control
from .controller import StrictController
from .hosts import VALUE, Shows, Types, add_service, advertise, eventually, open_host
from .log import Log
from .port import Port

CLICKER, LAPTOP = "F0:00:00:00:00:01", "F0:00:00:00:00:02"


class Meeting:
    """An air with a host for the clicker and one for the laptop."""

    async def begin(self) -> "Meeting":
        self.air = Air(Log(None))
        self.control = Control(self.air)
        self.servers, self.ports = [], []
        for name in ("c1", "c2"):
            controller = StrictController(name, self.air, f"00:1B:DC:00:00:0{name[1]}")
            self.servers.append(await asyncio.start_server(Port(controller).serve, "127.0.0.1", 0))
            self.ports.append(self.servers[-1].sockets[0].getsockname()[1])
        self.shown: asyncio.Future = asyncio.get_running_loop().create_future()
        self.clicker_keys, self.laptop_keys = MemoryKeyStore(), MemoryKeyStore()
        self.clicker = await open_host(self.ports[0], "clicker", CLICKER, Shows(self.show), self.clicker_keys)
        self.value = add_service(self.clicker)
        self.laptop = await open_host(self.ports[1], "laptop", LAPTOP, Types(self.read), self.laptop_keys)
        await advertise(self.clicker, "clicker")
        return self

    def show(self, number: int) -> None:
        self.shown.set_result(number)

    async def read(self) -> int:
        return await self.shown

    async def connect(self):
        """The laptop's side of a new connection, at 30 ms with a supervision timeout of 420 ms, as the kernel uses."""
        wish = ConnectionParametersPreferences(
            connection_interval_min=30.0, connection_interval_max=30.0, supervision_timeout=420
        )
        connection = await asyncio.wait_for(
            self.laptop.connect(CLICKER, connection_parameters_preferences={hci.Phy.LE_1M: wish}), 5
        )
        self.reasons: list[int] = []
        connection.on("disconnection", self.reasons.append)
        return connection

    async def paired(self):
        connection = await self.connect()
        await asyncio.wait_for(connection.pair(), 10)
        await eventually(lambda: self.clicker_keys.all_keys and self.laptop_keys.all_keys, 2, "keys on both sides")
        return connection

    async def again(self):
        """Disconnects and reconnects."""
        for connection in list(self.laptop.connections.values()):
            await connection.disconnect()
        await asyncio.sleep(0.1)
        return await self.connect()

    def order(self, **order) -> dict:
        return self.control.handle(order)

    def link(self) -> dict:
        return self.order(do="stats")["links"][0]

    async def end(self) -> None:
        for host in (self.clicker, self.laptop):
            await host.lab_transport.close()
        for server in self.servers:
            server.close()
        await asyncio.sleep(0.05)


async def pairs_by_passkey(meeting: Meeting) -> None:
    connection = await meeting.paired()
    link = meeting.link()
    assert link["encrypted"] and link["key"]["result"] == "same", link
    assert connection.authenticated, "not authenticated"
    keys = list(meeting.laptop_keys.all_keys.values())[0]
    assert keys.ltk and keys.ltk.authenticated, keys


async def guards_what_is_not_encrypted(meeting: Meeting) -> None:
    peer = Peer(await meeting.connect())
    await peer.discover_all()
    value = peer.get_characteristics_by_uuid(UUID(VALUE))[0]
    try:
        await value.read_value()
    except (ATT_Error, ProtocolError):
        return
    raise AssertionError("read without a bond")


async def compares_the_stored_key(meeting: Meeting) -> None:
    await meeting.paired()
    connection = await meeting.again()
    await asyncio.wait_for(connection.encrypt(), 5)
    stats = meeting.order(do="stats")
    assert [key["result"] for key in stats["keys"]] == ["same", "same"], stats["keys"]
    assert stats["keys"][0]["hash"] == stats["keys"][1]["hash"], stats["keys"]
    assert stats["links"][0]["encrypted"]


async def ends_at_a_wrong_key(meeting: Meeting) -> None:
    await meeting.paired()
    connection = await meeting.again()
    meeting.order(do="wrong-key")
    try:
        await asyncio.wait_for(connection.encrypt(), 2)
    except (Exception, asyncio.CancelledError):
        # The host may raise anything; only the reason counts.
        pass
    await eventually(lambda: meeting.reasons, 2, "the end of the link")
    assert meeting.reasons == [0x3D], meeting.reasons
    assert meeting.order(do="stats")["keys"][-1]["result"] == "mismatch"


async def says_that_a_key_is_missing(meeting: Meeting) -> None:
    await meeting.paired()
    meeting.clicker_keys.all_keys.clear()
    connection = await meeting.again()
    try:
        await asyncio.wait_for(connection.encrypt(), 5)
    except hci.HCI_Error as error:
        assert error.error_code == 0x06, error
    else:
        raise AssertionError("encrypted without a key")
    assert meeting.order(do="stats")["keys"][-1]["result"] == "missing"
    assert not meeting.reasons, "the link itself lives on"


async def loses_reach(meeting: Meeting) -> None:
    await meeting.paired()
    began = time.monotonic()
    meeting.order(do="reach", link=False)
    await eventually(lambda: meeting.reasons, 3, "the end of the link")
    took = time.monotonic() - began
    assert meeting.reasons == [0x08], meeting.reasons
    assert 0.38 <= took <= 1, took
    await asyncio.sleep(0.1)
    try:
        await asyncio.wait_for(meeting.connect(), 1)
    except asyncio.TimeoutError:
        pass
    else:
        raise AssertionError("connected out of reach")


async def a_stall_is_lived_through(meeting: Meeting) -> None:
    connection = await meeting.paired()
    got: list[bytes] = []
    peer = Peer(connection)
    await peer.discover_all()
    await peer.get_characteristics_by_uuid(UUID(VALUE))[0].subscribe(got.append)
    meeting.order(do="stall", ms=300)
    for number in range(5):
        await meeting.clicker.notify_subscribers(meeting.value, bytes([number]))
    await asyncio.sleep(0.1)
    assert not got, "nothing crosses in a stall"
    await eventually(lambda: len(got) == 5, 1, "all that waited")
    assert got == [bytes([number]) for number in range(5)] and not meeting.reasons


async def loses_a_notification_on_order(meeting: Meeting) -> None:
    connection = await meeting.paired()
    got: list[bytes] = []
    peer = Peer(connection)
    await peer.discover_all()
    await peer.get_characteristics_by_uuid(UUID(VALUE))[0].subscribe(got.append)
    meeting.order(do="lose", nth=[2])
    for number in range(3):
        await meeting.clicker.notify_subscribers(meeting.value, bytes([number]))
    await eventually(lambda: len(got) == 2, 1, "two of three")
    assert got == [b"\x00", b"\x02"], got


async def completes_only_what_crossed(meeting: Meeting) -> None:
    await meeting.paired()
    for connection in meeting.clicker.connections.values():
        connection.parameters.supervision_timeout = 0
    meeting.order(do="stall", ms=250)
    for number in range(20):
        await meeting.clicker.notify_subscribers(meeting.value, bytes([number]), force=True)
    await asyncio.sleep(0.1)
    link = meeting.link()
    assert link["queued"]["peripheral"] <= StrictController.total_num_le_acl_data_packets, link["queued"]
    await eventually(lambda: meeting.link()["queued"]["peripheral"] == 0, 2, "an empty queue")


async def updates_parameters(meeting: Meeting) -> None:
    connection = await meeting.paired()
    told: list[int] = []
    their = list(meeting.clicker.connections.values())[0]
    for side in (connection, their):
        side.on("connection_parameters_update", lambda: told.append(1))
    assert meeting.link()["interval_ms"] == 30.0
    await connection.update_parameters(15.0, 15.0, 30, 4000)
    await eventually(lambda: len(told) == 2, 2, "both sides told")
    link = meeting.link()
    assert (link["interval_ms"], link["latency"], link["timeout_ms"]) == (15.0, 30, 4000), link
    assert abs(their.parameters.connection_interval - 15.0) < 0.1, their.parameters


async def the_peripheral_asks_for_parameters(meeting: Meeting) -> None:
    await meeting.paired()
    their = list(meeting.clicker.connections.values())[0]
    await their.update_parameters(15.0, 15.0, 30, 4000)
    await eventually(lambda: meeting.link()["interval_ms"] == 15.0, 2, "the new interval")


async def holds_packets_to_the_interval(meeting: Meeting) -> None:
    connection = await meeting.paired()
    times: list[float] = []
    peer = Peer(connection)
    await peer.discover_all()
    await peer.get_characteristics_by_uuid(UUID(VALUE))[0].subscribe(lambda _: times.append(time.monotonic()))
    for number in range(8):
        await meeting.clicker.notify_subscribers(meeting.value, bytes([number]))
        await eventually(lambda: len(times) > number, 1, "the notification")
    gaps = sorted(later - earlier for earlier, later in zip(times, times[1:]))
    # On a busy machine a packet may come an event late, but never early.
    assert 0.025 < gaps[len(gaps) // 2] < 0.045 and times[-1] - times[0] > 0.19, gaps


async def a_dead_host_is_a_lost_link(meeting: Meeting) -> None:
    await meeting.paired()
    await meeting.clicker.lab_transport.close()
    await eventually(lambda: meeting.reasons, 3, "the end of the link")
    assert meeting.reasons == [0x08], meeting.reasons


async def a_goodbye_carries_its_reason(meeting: Meeting) -> None:
    connection = await meeting.connect()
    their = list(meeting.clicker.connections.values())[0]
    reasons: list[int] = []
    their.on("disconnection", reasons.append)
    await connection.disconnect()
    await eventually(lambda: reasons and meeting.reasons, 1, "both sides told")
    assert (meeting.reasons, reasons) == ([0x16], [0x13]), (meeting.reasons, reasons)


async def refuses_what_it_does_not_list(meeting: Meeting) -> None:
    command = hci.HCI_LE_Set_Resolvable_Private_Address_Timeout_Command(rpa_timeout=900)
    for refuse, status in ((False, 0), (True, 1)):
        meeting.order(do="unlisted", refuse=refuse)
        answer = await meeting.clicker.host.send_command(command)
        answer = getattr(answer, "return_parameters", answer)
        got = getattr(answer, "status", answer)
        assert int(got) == status, (refuse, got)


CHECKS = [
    pairs_by_passkey,
    guards_what_is_not_encrypted,
    compares_the_stored_key,
    ends_at_a_wrong_key,
    says_that_a_key_is_missing,
    loses_reach,
    a_stall_is_lived_through,
    loses_a_notification_on_order,
    completes_only_what_crossed,
    updates_parameters,
    the_peripheral_asks_for_parameters,
    holds_packets_to_the_interval,
    a_dead_host_is_a_lost_link,
    a_goodbye_carries_its_reason,
    refuses_what_it_does_not_list,
]


async def passes(check) -> int:
    """Runs one check and prints its result; returns 1 if it failed."""
    meeting = await Meeting().begin()
    try:
        await asyncio.wait_for(check(meeting), 20)
        print(f"radio {check.__name__} ... ok", flush=True)
        return 0
    except Exception:
        print(f"radio {check.__name__} ... FAILED", flush=True)
        traceback.print_exc()
        return 1
    finally:
        await meeting.end()


async def run(names: list[str]) -> int:
    checks = [check for check in CHECKS if not names or check.__name__ in names]
    # In parallel, each on its own air: most of the time is spent waiting for connection events.
    failed = sum(await asyncio.gather(*(passes(check) for check in checks)))
    print(f"radio: {len(checks) - failed} checks passed, {failed} failed")
    return failed


if __name__ == "__main__":
    # A host that is switched off while busy logs many errors.
    logging.disable(logging.CRITICAL)
    sys.exit(1 if asyncio.run(run(sys.argv[1:])) else 0)
