"""The air between the controllers: who is in reach of whom, and the events of each connection. Timing is that of a
real link: packets are delivered only at connection events, nothing is delivered out of reach, and a link without a
packet for its supervision timeout ends on both sides with reason 0x08. HCI belongs to the controllers."""

import asyncio
import math
import random
from collections import deque
from dataclasses import dataclass, field

from .log import Log, now_ms

# Error codes of the link layer.
TIMEOUT = 0x08
PEER_ENDED = 0x13
LOCAL_ENDED = 0x16
RESPONSE_TIMEOUT = 0x22
MIC_FAILURE = 0x3D

# New parameters take effect this many events later, the minimum of the specification.
EVENTS_TO_INSTANT = 6
# Timeout of a control procedure without an answer; it ends the link.
PROCEDURE_SECONDS = 40.0
# Duration of one 27-byte packet in each direction, which limits the packets of an event.
SECONDS_A_PACKET = 0.0025
MOST_PACKETS_AN_EVENT = 6

CENTRAL, PERIPHERAL = 0, 1


@dataclass
class Data:
    """One link layer data packet; `last` marks the end of a host packet, which is then reported as completed."""

    payload: bytes
    first: bool
    last: bool
    queued: float = field(default_factory=now_ms)


class Air:
    """All controllers and connections, and the faults that have been requested."""

    def __init__(self, log: Log) -> None:
        self.log = log
        self.controllers: list = []
        self.links: list[Link] = []
        self.ended: deque[dict] = deque(maxlen=64)
        self.away: set[str] = set()
        self.keys: list[dict] = []
        self.forget_orders()

    def forget_orders(self) -> None:
        """Removes all faults and forgets all history."""
        for name in list(self.away):
            self.set_reach(name, True)
        self.fade = 0.0
        self.drop_events = 0
        self.random = random.Random(1)
        self.rssi: dict[str, int] = {}
        self.lose: deque[int] = deque()
        self.lose_every = 0
        self.notifications = 0
        self.wrong_keys = 0
        self.silent_mic_failure = False
        self.obey_latency = False
        self.filter_duplicates = True
        self.refuse_unlisted = False
        for controller in self.controllers:
            controller.public_address = controller.own_address
        self.keys.clear()
        self.ended.clear()

    def pose(self, name: str, victim: str) -> None:
        """Lets the controller `name` use the public address of `victim`."""
        by_name = {controller.name: controller for controller in self.controllers}
        by_name[name].public_address = by_name[victim].own_address

    def in_reach(self, one, other) -> bool:
        return not {"*", one.name, other.name} & self.away

    def set_reach(self, name: str, reach: bool) -> None:
        """`name` is a controller, or `*` for all."""
        self.log.write("reach", of=name, reach=reach)
        if reach:
            self.away.discard(name)
        else:
            self.away.add(name)
        for link in list(self.links):
            link.reach_changed()

    def rssi_of(self, controller) -> int:
        return self.rssi.get(controller.name, self.rssi.get("*", -50))

    def advertise(self, sender, advertisement) -> None:
        for controller in self.controllers:
            if controller is not sender and self.in_reach(sender, controller):
                controller.hear(advertisement, self.rssi_of(sender))

    def event_fails(self) -> bool:
        """Whether this connection event fails by request; the link layer retransmits at the next one."""
        if self.drop_events > 0:
            self.drop_events -= 1
            return True
        return self.fade > 0 and self.random.random() < self.fade

    def swallows(self, payload: bytes) -> bool:
        """Whether a notification is dropped for good, as by a full queue in a host."""
        if len(payload) < 5 or payload[2:4] != b"\x04\x00" or payload[4] != 0x1B:
            return False
        self.notifications += 1
        if self.lose and self.lose[0] <= self.notifications:
            self.lose.popleft()
            return True
        return self.lose_every > 0 and self.notifications % self.lose_every == 0


class Link:
    """One connection. Packets are reported to `ends[CENTRAL]` and `ends[PERIPHERAL]`; both queues are in link order."""

    def __init__(self, air: Air, central, peripheral, interval: int, latency: int, timeout: int) -> None:
        self.air = air
        self.loop = asyncio.get_running_loop()
        self.ends = [central, peripheral]
        self.handles = [0, 0]
        self.control: tuple[deque, deque] = (deque(), deque())
        self.data: tuple[deque[Data], deque[Data]] = (deque(), deque())
        self.octets = [27, 27]
        self.interval, self.latency, self.timeout = interval, latency, timeout
        self.encrypted = False
        self.paused = False
        self.key: dict | None = None
        self.open = True
        self.counts = [0, 0]
        self.bytes = [0, 0]
        self.history = [self.parameters()]
        self.began = now_ms()
        self.anchor = self.loop.time() + 0.0025
        self.failing_since: float | None = None
        self.tick_handle: asyncio.TimerHandle | None = None
        self.loss_handle: asyncio.TimerHandle | None = None
        self.procedure_handle: asyncio.TimerHandle | None = None
        air.links.append(self)

    def parameters(self) -> dict:
        return {"interval_ms": self.interval * 1.25, "latency": self.latency, "timeout_ms": self.timeout * 10}

    # Sending

    def send_control(self, side: int, deliver) -> None:
        """Queues a control packet from `side`; `deliver()` runs when it is delivered."""
        self.control[side].append(deliver)
        self.schedule()

    def send_data(self, side: int, payload: bytes, first: bool) -> None:
        size = self.octets[side]
        pieces = [payload[at : at + size] for at in range(0, len(payload), size)] or [b""]
        for number, piece in enumerate(pieces):
            self.data[side].append(Data(piece, first and number == 0, number == len(pieces) - 1))
        self.schedule()

    def pause(self, pause: bool) -> None:
        """Pauses data while encryption starts; the other side has to answer in time."""
        self.paused = pause
        if self.procedure_handle:
            self.procedure_handle.cancel()
            self.procedure_handle = None
        if pause:
            self.procedure_handle = self.loop.call_later(PROCEDURE_SECONDS, self.end, RESPONSE_TIMEOUT)
        else:
            self.schedule()

    # Connection events

    def seconds(self) -> float:
        return self.interval * 0.00125

    def waiting(self, side: int) -> bool:
        if self.control[side]:
            return True
        return bool(self.data[side]) and not self.paused and self.ends[1 - side].has_room()

    def reaches(self) -> bool:
        return self.ends[0].powered and self.ends[1].powered and self.air.in_reach(*self.ends)

    def schedule(self) -> None:
        """Schedules the next event if anything is queued for it."""
        if not self.open or self.tick_handle or not self.reaches():
            return
        if not (self.waiting(CENTRAL) or self.waiting(PERIPHERAL)):
            return
        seconds = self.seconds()
        step = 1
        if self.air.obey_latency and not self.waiting(PERIPHERAL):
            # A peripheral without data skips events up to its latency.
            step = self.latency + 1
        passed = (self.loop.time() - self.anchor) / seconds
        number = (math.floor(passed / step) + 1) * step
        self.tick_handle = self.loop.call_at(self.anchor + number * seconds, self.event)

    def event(self) -> None:
        self.tick_handle = None
        if not self.open or not self.reaches():
            return
        if self.air.event_fails():
            since = self.failing_since = self.failing_since or self.loop.time() - self.seconds()
            if self.loop.time() - since >= self.timeout / 100:
                self.end(TIMEOUT)
            else:
                self.schedule()
            return
        self.failing_since = None
        budget = max(1, min(MOST_PACKETS_AN_EVENT, int(self.seconds() / SECONDS_A_PACKET)))
        for side in [CENTRAL, PERIPHERAL] * budget:
            if self.open and self.waiting(side):
                self.cross(side)
        self.schedule()

    def cross(self, side: int) -> None:
        if self.control[side]:
            self.control[side].popleft()()
            return
        data = self.data[side].popleft()
        self.counts[side] += 1
        self.bytes[side] += len(data.payload)
        lost = data.first and self.air.swallows(data.payload)
        waited = round(now_ms() - data.queued, 3)
        if data.first:
            self.log_data(side, data, waited, lost)
        if not lost:
            self.ends[1 - side].receive(self, 1 - side, data)
        if data.last:
            self.ends[side].completed(self, side)

    def log_data(self, side: int, data: Data, waited: float, lost: bool) -> None:
        channel = int.from_bytes(data.payload[2:4], "little")
        kind = {4: "att", 5: "signal", 6: "smp"}.get(channel, "l2cap")
        if kind == "att" and len(data.payload) > 4 and data.payload[4] in (0x1B, 0x1D):
            kind = "notification" if data.payload[4] == 0x1B else "indication"
        names = [end.name for end in self.ends]
        self.air.log.write(
            kind, sender=names[side], receiver=names[1 - side], encrypted=self.encrypted, waited=waited,
            lost=lost, bytes=data.payload[4:].hex(),
        )  # fmt: skip

    # Reach and the end

    def reach_changed(self) -> None:
        if not self.open:
            return
        if self.reaches():
            if self.loss_handle:
                self.loss_handle.cancel()
                self.loss_handle = None
            self.schedule()
        elif self.loss_handle is None:
            if self.tick_handle:
                self.tick_handle.cancel()
                self.tick_handle = None
            # The last packet was received at the last event before now.
            seconds = self.seconds()
            last = self.anchor + max(0, math.floor((self.loop.time() - self.anchor) / seconds)) * seconds
            self.loss_handle = self.loop.call_at(last + self.timeout / 100, self.end, TIMEOUT)

    def update(self, interval: int, latency: int, timeout: int) -> None:
        """Applies new parameters at their instant and tells both sides."""

        def instant() -> None:
            if not self.open:
                return
            self.anchor = self.loop.time()
            self.interval, self.latency, self.timeout = interval, latency, timeout
            if self.tick_handle:
                self.tick_handle.cancel()
                self.tick_handle = None
            self.history.append(self.parameters())
            self.air.log.write("parameters", **self.names(), **self.parameters())
            for side in (CENTRAL, PERIPHERAL):
                self.ends[side].updated(self, side)
            if self.loss_handle:
                self.loss_handle.cancel()
                self.loss_handle = None
                self.reach_changed()
            self.schedule()

        self.loop.call_later(EVENTS_TO_INSTANT * self.seconds(), instant)

    def end(self, reason: int, peripheral_reason: int | None = None) -> None:
        """Ends the link; the reason may differ on the peripheral's side."""
        self.end_side(CENTRAL, reason)
        self.end_side(PERIPHERAL, reason if peripheral_reason is None else peripheral_reason)

    def end_side(self, side: int, reason: int) -> None:
        """Tells one side, once, and closes the link for traffic."""
        if self.open:
            self.open = False
            for handle in (self.tick_handle, self.loss_handle, self.procedure_handle):
                if handle:
                    handle.cancel()
            self.air.links.remove(self)
            self.air.ended.append({**self.stats(), "reason": reason, "lasted_ms": round(now_ms() - self.began)})
            self.air.log.write("end", **self.names(), reason=reason, side=("central", "peripheral")[side])
        if self.handles[side]:
            self.ends[side].ended(self, side, reason)
            self.handles[side] = 0

    # Telling

    def names(self) -> dict:
        return {"central": self.ends[CENTRAL].name, "peripheral": self.ends[PERIPHERAL].name}

    def stats(self) -> dict:
        return {
            **self.names(),
            **self.parameters(),
            "open": self.open,
            "encrypted": self.encrypted,
            "key": self.key,
            "octets": self.octets,
            "packets": {"central": self.counts[CENTRAL], "peripheral": self.counts[PERIPHERAL]},
            "bytes": {"central": self.bytes[CENTRAL], "peripheral": self.bytes[PERIPHERAL]},
            "queued": {"central": len(self.data[CENTRAL]), "peripheral": len(self.data[PERIPHERAL])},
            "history": self.history,
        }
