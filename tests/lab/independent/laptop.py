"""The laptop's side of a session by the page: welcome, pulses, events taken in order and acknowledged, alarms stored,
bye. Its state can be kept in a file, so that later runs continue where this one ended. It also records violations of
the page by the clicker. It contains no coach."""

from __future__ import annotations

import asyncio
import json
import os
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from bumble import att

from air import Failure, LinkLost, say, within
from frames import MAJOR, MINOR, FrameError, Message, Unknown, decode_report, encode_cue

PULSE, WELCOME_AGAIN, SHOW_AGAIN = 0.5, 1.0, 1.0
# Limit for an answer on a busy machine. The clicker answers within a second.
PATIENCE = 10.0
MOST_ON_THE_WAY = 8
HELLO = 0
QUICK_MODES = {"Hold", "Settle", "Release"}


@dataclass
class Kept:
    """State on disk: the session, the next event in order, and what was taken. One JSON line per change."""

    path: Path | None
    session: int = 0
    expected: tuple[int, int] | None = None
    taken: list[tuple[int, int]] = field(default_factory=list)
    alarms: set[tuple[int, int]] = field(default_factory=set)

    def load(self) -> None:
        if not self.path or not self.path.exists():
            return
        for line in self.path.read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            match entry["kind"]:
                case "session":
                    self.session = entry["session"]
                case "event":
                    self.taken.append((entry["boot"], entry["seq"]))
                    self.expected = (entry["boot"], entry["seq"] + 1)
                case "alarm":
                    self.alarms.add((entry["boot"], entry["seq"]))

    def write(self, kind: str, **rest: Any) -> None:
        if not self.path:
            return
        with open(self.path, "a", encoding="utf-8") as file:
            file.write(json.dumps({"kind": kind, **rest}) + "\n")
            file.flush()
            # An event must be on the disk before it is acknowledged.
            os.fsync(file.fileno())

    def hello(self, first: tuple[int, int]) -> None:
        """Start of the clicker's order; events already taken are skipped."""
        if self.expected is None or first > self.expected:
            self.expected = first

    def take(self, boot: int, seq: int, fields: dict[str, Any]) -> bool:
        """Whether it is the next event; if so, stores it."""
        assert self.expected is not None
        later_boot = boot > self.expected[0] and seq == 0
        if (boot, seq) != self.expected and not later_boot:
            return False
        self.write("event", boot=boot, seq=seq, **fields)
        self.taken.append((boot, seq))
        self.expected = (boot, seq + 1)
        return True


# First notification of the link, once there is one.
FirstWord = Callable[[], bytes | None]
# Number of lines that have come on stdin.
Lines = Callable[[], int]


class Session:
    """One link of a session."""

    def __init__(
        self, peer: Any, report: Any, cue: Any, kept: Kept, options: Any, first_word: FirstWord, lines: Lines = lambda: 0
    ) -> None:
        self.peer, self.report, self.cue = peer, report, cue
        self.first_word, self.lines = first_word, lines
        # Number of the line that ends the time before the session, the session, and the time after it.
        first = int(options.before > 0)
        self.before_ends, self.ends, self.after_ends = (partial(self.told, first + turn) for turn in range(3))
        self.kept, self.options = kept, options
        self.frames: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        self.problems: list[str] = []
        self.hello: Message | None = None
        self.hellos = 0
        self.open = self.over = False
        self.ack_wanted = asyncio.Event()
        self.acknowledging: asyncio.Task[None]
        self.shown: tuple[int, str] | None = None
        self.beat: Message | None = None
        self.beats: dict[str, list[float]] = {}
        self.settled = False
        self.frozen = False
        self.began = time.monotonic()
        self.last: dict[str, float] = {}
        self.counts: dict[str, int] = {}
        self.first_sent: dict[tuple[int, int], float] = {}
        self.again: list[float] = []
        self.alarm_gaps: list[float] = []
        self.uptime = (0, 0)

    def told(self, line: int) -> bool:
        """Whether this many lines have come."""
        return self.lines() >= line

    def problem(self, text: str) -> None:
        if text not in self.problems:
            say("problem", text=text)
            self.problems.append(text)

    def on_notification(self, frame: bytes) -> None:
        self.frames.put_nowait((time.monotonic(), bytes(frame)))

    async def write(self, name: str, quiet: bool = False, **values: Any) -> None:
        if not quiet:
            say("cue", message=name, **values)
        await self.write_raw(encode_cue(name, **values))

    async def write_raw(self, frame: bytes) -> int | None:
        """Error code if the write was refused."""
        try:
            # Longer than a link survives without an answer.
            work = self.peer.gatt_client.write_value(self.cue, frame, with_response=True)
            await within(PATIENCE, work, "write a cue")
        except att.ATT_Error as error:
            self.problem(f"a cue was refused: {frame.hex()}: {error.error_code:#04x}")
            return int(error.error_code)
        return None

    # The steps of the page

    async def begin(self) -> None:
        """Steps 3 and 4: subscribes, greets, and waits for a Hello that names the session."""
        self.acknowledging = asyncio.create_task(self.acknowledges())
        await within(5, self.peer.gatt_client.subscribe(self.report, self.on_notification), "subscribe")
        subscribed = time.monotonic()
        await self.handle_for(PATIENCE, until=lambda: self.hello is not None)
        if self.hello is None:
            raise Failure(f"no Hello within {PATIENCE:g} s of subscribing")
        first = self.first_word()
        if first and first[0] != HELLO:
            self.problem(f"the first word on the link is {first.hex()}, not a Hello")
        say("first-hello", after_ms=round((time.monotonic() - subscribed) * 1000))
        if self.hello["session"] == self.kept.session:
            self.opened()
            return
        await self.handle_for(self.options.before, until=self.before_ends)
        for _ in range(5):
            await self.write("Welcome", session=self.kept.session, version=(MAJOR, MINOR), alone=self.options.alone)
            await self.handle_for(WELCOME_AGAIN, until=lambda: self.open)
            if self.open:
                return
        raise Failure(f"five times Welcome, and Hello names {self.hello['session']}, not {self.kept.session}")

    def opened(self) -> None:
        self.open = True
        self.kept.write("session", session=self.kept.session)

    async def run(self) -> None:
        """Step 5, for the requested time."""
        for tone in self.options.play:
            await self.write("Play", tone=tone)
        handles = self.handle_for(self.options.seconds, until=self.ends)
        parts = [asyncio.create_task(part) for part in (handles, self.pulses(), self.freezes(), self.shows())]
        try:
            await asyncio.gather(*parts)
        finally:
            # If one task has failed, as all do on a lost link, the others are cancelled.
            for part in parts:
                part.cancel()
        self.silence()

    async def after(self) -> None:
        """Connected without a session."""
        await self.handle_for(self.options.after, until=self.after_ends)

    async def acknowledges(self) -> None:
        """One Ack for everything taken while the previous one was on its way; runs until cancelled."""
        while True:
            await self.ack_wanted.wait()
            self.ack_wanted.clear()
            if self.kept.expected and not self.options.no_ack:
                boot, following = self.kept.expected
                await self.write("Ack", quiet=True, boot=boot, next=following)

    async def bye(self) -> None:
        """Step 6, once everything is stored."""
        await self.handle_for(PATIENCE, until=self.all_stored)
        if not self.all_stored():
            self.problem(f"not everything was stored {PATIENCE:g} s after the end")
        await self.write("Bye", session=self.kept.session)
        self.open, self.over, self.hello = False, True, None
        await self.handle_for(PATIENCE, until=lambda: self.hello is not None and self.hello["session"] == 0)
        if self.hello is None or self.hello["session"] != 0:
            self.problem(f"no Hello without a session within {PATIENCE:g} s of Bye")

    def all_stored(self) -> bool:
        beat, expected = self.beat, self.kept.expected
        return bool(beat and expected and (beat["boot"], beat["next"]) <= expected and not beat["alarm"])

    async def pulses(self) -> None:
        began = time.monotonic()
        while time.monotonic() < began + self.options.seconds and not self.ends():
            if not self.options.no_pulse and not self.frozen:
                dial = self.beat["dial"] if self.beat else None
                await self.write("Pulse", quiet=True, show=self.shown[0] if self.shown else 0, dial=dial)
            await asyncio.sleep(PULSE)

    async def shows(self) -> None:
        """Shows each mode for its share of the time, repeating it until a beat confirms it."""
        modes = self.options.show
        share = self.options.seconds / max(1, len(modes))
        first = self.beat["show"] if self.beat else 0
        for turn, mode in enumerate(modes, start=1):
            end = time.monotonic() + share
            self.shown = ((first + turn) % 65536, mode)
            while time.monotonic() < end and not self.ends():
                if not self.frozen and (self.beat is None or self.beat["show"] != self.shown[0]):
                    await self.write("Show", number=self.shown[0], mode=mode)
                    await asyncio.sleep(min(SHOW_AGAIN, max(0.0, end - time.monotonic())))
                else:
                    await asyncio.sleep(0.1)
            if not self.frozen and (self.beat is None or self.beat["show"] != self.shown[0]):
                self.problem(f"Show {self.shown} was never obeyed")

    async def freezes(self) -> None:
        """A laptop that stalls: it neither reads nor writes, and the link survives."""
        if self.options.stop_reading is None:
            return
        await asyncio.sleep(self.options.stop_reading)
        say("frozen")
        self.frozen = True
        await asyncio.sleep(self.options.stop_for)
        self.frozen = False
        # Queued reports say nothing about the clicker's timing.
        self.last.clear()
        say("thawed")

    async def handle_for(self, seconds: float, until: Any = lambda: False) -> None:
        deadline = time.monotonic() + seconds
        while not until():
            left = deadline - time.monotonic()
            if left <= 0:
                return
            if self.frozen:
                await asyncio.sleep(min(0.05, left))
                continue
            try:
                when, frame = await asyncio.wait_for(self.frames.get(), min(left, 0.2))
            except asyncio.TimeoutError:
                if self.peer.connection.handle not in self.peer.connection.device.connections:
                    raise LinkLost("the link ended in the session") from None
                continue
            await self.handle(when, frame)

    # Reports

    async def handle(self, when: float, frame: bytes) -> None:
        try:
            message = decode_report(frame)
        except FrameError as error:
            say("rubbish", frame=frame.hex(), error=str(error))
            self.problem(f"a report that is none: {frame.hex()}: {error}")
            return
        told = message.plain()
        if isinstance(message, Unknown):
            say("report", frame=frame.hex(), **told)
            return
        self.counts[message.name] = self.counts.get(message.name, 0) + 1
        if message.name != "Beat" or self.options.beats:
            say("report", frame=frame.hex(), **told)
        if self.hellos == 0 and message.name != "Hello":
            # Sent before this subscription, to one of an earlier link; without a Hello it has no place in the order.
            say("early")
            return
        await {"Hello": self.on_hello, "Clicked": self.on_clicked, "Alarm": self.on_alarm, "Beat": self.on_beat}[
            message.name
        ](when, message)
        self.last[message.name] = when

    async def on_hello(self, when: float, message: Message) -> None:
        self.hello = message
        self.hellos += 1
        if message["version"][0] != MAJOR:
            raise Failure(f"the clicker speaks version {message['version']}: update one of the two")
        if (message["first_boot"], message["first_seq"]) > (message["boot"], 2**32) or message["first_boot"] > message["boot"]:
            self.problem(f"a Hello whose oldest event is of a later boot: {message.plain()}")
        self.kept.hello((message["first_boot"], message["first_seq"]))
        if message["session"] == self.kept.session:
            if not self.open:
                self.opened()
            # Without a statement of the next event the Hellos would continue.
            self.ack_wanted.set()

    async def on_clicked(self, when: float, message: Message) -> None:
        boot, seq = message["boot"], message["seq"]
        if not self.open and not self.over and self.hello and not self.hello["session"]:
            self.problem("Clicked before the session was named")
        if (boot, seq) in self.first_sent:
            self.again.append(when - self.first_sent[boot, seq])
        self.first_sent[boot, seq] = when
        if self.kept.expected and boot == self.kept.expected[0] and seq >= self.kept.expected[1] + MOST_ON_THE_WAY:
            self.problem(f"event {seq} sent while {self.kept.expected[1]} is not acknowledged: more than 8 on the way")
        if isinstance(message["means"], Unknown):
            say("later-version", means=message["means"].plain())
        before = self.kept.expected
        if self.options.no_ack or before is None:
            return
        if self.kept.take(boot, seq, {"uptime": message["uptime"], "means": message.plain()["means"]}):
            say("taken", boot=boot, seq=seq, means=message.plain()["means"], jumped=boot != before[0])
        else:
            say("dropped", boot=boot, seq=seq, expected=list(before))
        self.ack_wanted.set()

    async def on_alarm(self, when: float, message: Message) -> None:
        if "Alarm" in self.last:
            self.alarm_gaps.append(when - self.last["Alarm"])
        place = (message["boot"], message["seq"])
        if not self.options.no_alarm_stored:
            if place not in self.kept.alarms:
                self.kept.alarms.add(place)
                self.kept.write("alarm", boot=place[0], seq=place[1], what=message.plain()["what"])
            await self.write("AlarmStored", boot=place[0], seq=place[1])

    async def on_beat(self, when: float, message: Message) -> None:
        if not self.open and self.hello is not None and self.hello["session"] == 0:
            self.problem("a Beat outside a session")
        now = (message["boot"], message["uptime"])
        if now < self.uptime:
            self.problem(f"the uptime went back from {self.uptime} to {now}")
        self.uptime = now
        mode = self.shown[1] if self.shown and message["show"] == self.shown[0] else "none"
        if self.beat and self.beat["show"] == message["show"] and self.beat["boot"] == message["boot"]:
            # By the clicker's own clock, because a busy machine delays arrivals.
            self.beats.setdefault(mode, []).append((message["uptime"] - self.beat["uptime"]) / 1000)
        self.beat = message

    # The end

    def end(self) -> None:
        self.acknowledging.cancel()

    def silence(self) -> None:
        """Beats per mode: two or four a second, with some tolerance for a busy machine."""
        for mode, gaps in self.beats.items():
            if len(gaps) < 4 or mode == "none":
                continue
            mean = sum(gaps) / len(gaps)
            wanted = 0.25 if mode in QUICK_MODES else 0.5
            if not 0.8 * wanted <= mean <= 1.4 * wanted:
                self.problem(f"in {mode} a Beat every {mean:.3f} s, not {wanted} s")

    def summary(self) -> dict[str, Any]:
        def mean(gaps: list[float]) -> int | None:
            return round(1000 * sum(gaps) / len(gaps)) if gaps else None

        return {
            "session": self.kept.session,
            "counts": self.counts,
            "taken": [list(place) for place in self.kept.taken],
            "expected": list(self.kept.expected or ()),
            "beat_ms": {mode: mean(gaps) for mode, gaps in self.beats.items()},
            "alarm_ms": mean(self.alarm_gaps),
            "again_ms": mean(self.again),
            "last_beat": self.beat.plain() if self.beat else None,
        }


def new_session() -> int:
    return random.randint(1, 2**32 - 1)
