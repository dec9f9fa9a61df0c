"""A clicker on Bumble, to check a laptop program: `clicker.py --transport tcp-client:127.0.0.1:9002 --window 60`.

It is written from `crates/wire/GATT.md` alone and shares nothing with the project's programs. Lines of stdin are the
meanings of gestures; lines of JSON on stdout report what happens. It has no buttons and no gesture grammar: a line
means the same in every mode.

Lines: `rate 4`, `same`, `nudge left`, `felt left`, `yes`, `sharp`, `stop` and everything else that the page calls
Means, in lower case with dashes; and `window`, `close-window`, `forget`, `battery 70`, `disconnect`, `reset`, `quit`.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
import time
from pathlib import Path
from typing import Any

from air import Failure, Lines, say, within
from frames import CHOICES, LONGEST, MAJOR, MINOR, FrameError, Unknown, decode_cue, encode_report
from page import PAGE, read_page
from peripheral import FileKeys, Peripheral
from store import Order, Store

TICK = 0.02
HELLO_AGAIN, HELLO_SELDOM, HELLOS_SOON = 1.0, 2.75, 10
NOT_HEARD, BEAT, QUICK_BEAT = 2.5, 0.5, 0.25
QUICK_MODES = {"Hold", "Settle", "Release"}
RUBBISH = [b"", b"\x01", b"\x01\x80\x80\x80\x80", b"\x03\x01\x01\x05\x00\x01\x00", b"\x01\x01\x00\x01\x01\x00\x0b", b"\xff" * 20]
LATER = [b"\x63", b"\x04\x01\x02\x03", b"\x80" + bytes(19)]


def dashed(name: str) -> str:
    return "".join("-" + letter.lower() if letter.isupper() else letter for letter in name).strip("-")


# Accepted input lines and their meanings.
PLAIN = {dashed(name): name for name, held in CHOICES["Means"] if held is None}
TOWARD = {dashed(name): name for name, _ in CHOICES["Toward"]}
FELT = {"left": "FeltLeft", "right": "FeltRight"}


class Clicker:
    """The rules of a session. `peripheral` sends its messages."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self.arguments = arguments
        self.store = Store(Path(arguments.store) if arguments.store else None)
        self.order = Order(self.store)
        self.peripheral = Peripheral(read_page(Path(arguments.page)), self.on_cue, self.on_link)
        self.peripheral.values = {
            "Version": bytes([arguments.major, MINOR]),
            "Battery Level": bytes([88]),
            "Manufacturer Name": b"Unknot lab",
            "Model Number": b"Independent clicker",
            "Firmware Revision": b"1.0.0",
        }
        self.started = time.monotonic()
        self.dial: int | None = None
        self.mode, self.show = "Rate", 0
        self.closing = False
        self.heard = time.monotonic()
        self.lost = False
        self.subscribed = False
        self.located = False
        self.hello_at = self.beat_at = self.odd_at = 0.0
        self.hellos = self.odd = 0

    @property
    def uptime(self) -> int:
        return round((time.monotonic() - self.started) * 1000)

    @property
    def session(self) -> int:
        """The session kept open for the bond at the other end."""
        return self.store.session if self.store.session and self.store.owner == self.peripheral.peer() else 0

    # What the laptop says

    def on_link(self, kind: str) -> None:
        if kind == "subscribed":
            self.subscribed, self.located = True, False
            self.heard, self.lost = time.monotonic(), False
            self.order.start()
            self.hello_at, self.hellos = 0.0, 0
        elif kind in ("connected", "disconnected"):
            self.subscribed = False

    def on_cue(self, frame: bytes) -> None:
        try:
            cue = decode_cue(frame)
        except FrameError as error:
            say("rubbish", frame=frame.hex(), error=str(error))
            return
        if isinstance(cue, Unknown):
            say("cue", frame=frame.hex(), **cue.plain())
            return
        if cue.name != "Pulse" or self.arguments.pulses:
            say("cue", frame=frame.hex(), **cue.plain())
        act = {"Welcome": self.welcome, "Ack": self.ack, "AlarmStored": self.alarm_stored, "Show": self.obey,
               "Pulse": self.pulse, "Bye": self.bye, "Play": lambda _: None}[cue.name]  # fmt: skip
        if cue.name != "Welcome" and not self.session:
            say("problem", text=f"{cue.name} outside a session")
            return
        act(cue)

    def welcome(self, cue: Any) -> None:
        if cue["session"] == 0:
            say("problem", text="a Welcome of session 0")
            return
        peer = self.peripheral.peer()
        if self.store.session and self.store.owner != peer and self.store.events:
            # Stored events belong to another bond; the Hello names no session.
            say("refused", why="events of another bond are kept")
        elif (self.store.session, self.store.owner) != (cue["session"], peer):
            self.store.session, self.store.owner = cue["session"], peer
            self.store.save()
            say("session", open=True, session=cue["session"])
        self.closing = False
        self.heard, self.lost = time.monotonic(), False
        self.hello_at = 0.0

    def ack(self, cue: Any) -> None:
        freed = self.store.acknowledge(cue["boot"], cue["next"])
        if freed is None:
            say("problem", text=f"an Ack of what has not been: {cue.plain()}")
            return
        self.located = True
        self.order.acknowledged(freed, time.monotonic())
        if freed:
            say("acked", up_to=[cue["boot"], cue["next"]], left=len(self.store.events))
        self.close_if_done()

    def alarm_stored(self, cue: Any) -> None:
        if self.store.alarm_stored(cue["boot"], cue["seq"]):
            say("alarm-stored", boot=cue["boot"], seq=cue["seq"])

    def obey(self, cue: Any) -> None:
        if isinstance(cue["mode"], Unknown):
            return
        if cue["number"] != self.show:
            say("obeyed", show=cue["number"], mode=cue["mode"])
        self.show, self.mode = cue["number"], cue["mode"]

    def pulse(self, cue: Any) -> None:
        self.heard = time.monotonic()
        if self.lost:
            self.lost = False
            say("heard-again", show=cue["show"])
        if cue["dial"] is not None and cue["dial"] != self.dial:
            say("dial-differs", laptop=cue["dial"], clicker=self.dial)

    def bye(self, cue: Any) -> None:
        if cue["session"] != self.store.session:
            say("problem", text=f"Bye to session {cue['session']}, open is {self.store.session}")
            return
        self.closing = True
        self.close_if_done()

    def close_if_done(self) -> None:
        if self.closing and not self.store.events and not self.store.alarms:
            say("session", open=False, session=self.store.session)
            self.store.session, self.store.owner = 0, ""
            self.store.save()
            self.closing = self.located = False
            self.mode, self.show = "Rate", 0
            self.hello_at, self.hellos = 0.0, 0

    # What the clicker says

    async def run(self) -> None:
        while True:
            await asyncio.sleep(TICK)
            if self.subscribed and not self.peripheral.stands_still():
                try:
                    await self.speak(time.monotonic())
                except Failure as error:
                    say("unsaid", error=str(error))

    async def speak(self, now: float) -> None:
        seldom = not self.session and self.hellos >= HELLOS_SOON
        if not (self.session and self.located) and now - self.hello_at >= (HELLO_SELDOM if seldom else HELLO_AGAIN):
            self.hello_at, self.hellos = now, self.hellos + 1
            boot, seq = self.store.first
            version = (self.arguments.major, MINOR)
            await self.say("Hello", boot=self.store.boot, first_boot=boot, first_seq=seq, version=version, session=self.session)
            return
        if not self.session:
            return
        if not self.lost and now - self.heard > NOT_HEARD:
            self.lost = True
            say("not-heard")
        if alarm := self.order.alarm_due(now):
            await self.say("Alarm", boot=alarm.boot, seq=alarm.seq, uptime=alarm.uptime, what=alarm.what)
        if now - self.beat_at >= (QUICK_BEAT if self.mode in QUICK_MODES else BEAT):
            self.beat_at = now
            await self.say("Beat", boot=self.store.boot, uptime=self.uptime, dial=self.dial, next=self.store.next,
                           show=self.show, alarm=bool(self.store.alarms))  # fmt: skip
        while event := self.order.due(now):
            await self.say("Clicked", boot=event.boot, seq=event.seq, uptime=event.uptime, show=event.show, means=event.means)
        if now - self.odd_at >= 0.7:
            self.odd_at = now
            await self.say_oddly()

    async def say(self, name: str, **values: Any) -> None:
        frame = encode_report(name, **values)
        if self.arguments.unknown_messages:
            # Longer at its end, as in a later version.
            frame = (frame + b"\xa5\x5a")[:LONGEST]
        if name not in ("Beat", "Hello"):
            say("said", frame=frame.hex(), message=name, **{key: values[key] for key in ("boot", "seq")})
        await self.peripheral.notify(frame)

    async def say_oddly(self) -> None:
        odd = (RUBBISH if self.arguments.malformed else []) + (LATER if self.arguments.unknown_messages else [])
        if odd:
            await self.peripheral.notify(odd[self.odd % len(odd)])
            self.odd += 1

    # What the hand does

    async def line(self, line: str) -> bool:
        """Executes one line; returns false to end the program."""
        match line.split():
            case []:
                pass
            case ["quit"]:
                return False
            case ["window"]:
                self.peripheral.open_window()
            case ["close-window"]:
                self.peripheral.close_window()
            case ["forget"]:
                await self.peripheral.keys.delete_all()
                self.store.session, self.store.owner = 0, ""
                say("forgotten")
            case ["battery", percent] if percent.isdigit() and int(percent) <= 100:
                self.peripheral.values["Battery Level"] = bytes([int(percent)])
            case ["disconnect"]:
                await self.peripheral.disconnect()
            case ["reset"]:
                await self.reset()
            case words:
                means = self.meaning(words)
                if means is None:
                    say("problem", text=f"no such line: {line}")
                else:
                    self.gesture(means)
        return True

    async def reset(self) -> None:
        await self.peripheral.disconnect()
        self.store.restart()
        self.started, self.dial = time.monotonic(), None
        self.mode, self.show = "Rate", 0
        say("reset", boot=self.store.boot)

    def meaning(self, words: list[str]) -> Any:
        match words:
            case ["rate", number] if number.isdigit() and 1 <= int(number) <= 10:
                self.dial = int(number)
                return ("Rating", self.dial)
            case ["same"] if self.dial is not None:
                return ("Same", self.dial)
            case ["nudge", toward] if toward in TOWARD:
                return ("Nudge", TOWARD[toward])
            case ["felt", side] if side in FELT:
                return FELT[side]
            case ["future"]:
                # A choice that no version has yet.
                return Unknown(99, b"\x01")
            case [word] if word in PLAIN:
                return PLAIN[word]
        return None

    def gesture(self, means: Any) -> None:
        if not self.store.session:
            say("refused", why="no session")
            return
        event = self.store.accept(means, self.uptime, self.show)
        if event is None:
            say("refused", why="full")
            return
        told = means.plain() if isinstance(means, Unknown) else means
        say("accepted", boot=event.boot, seq=event.seq, means=told)


async def run(arguments: argparse.Namespace) -> None:
    clicker = Clicker(arguments)
    lines = Lines()
    keys = FileKeys(Path(arguments.keystore) if arguments.keystore else None)
    await clicker.peripheral.open(arguments.transport, arguments.address, keys)
    if arguments.window:
        clicker.peripheral.open_window(arguments.window)
    speaking = asyncio.create_task(clicker.run())
    while (line := await lines.next()) is not None:
        try:
            if not await clicker.line(line):
                break
        except Failure as error:
            say("problem", text=str(error))
    else:
        # Without stdin it only reacts to the air.
        await asyncio.sleep(float("inf") if arguments.linger is None else arguments.linger)
    speaking.cancel()
    try:
        await within(2, clicker.peripheral.disconnect(), "disconnect")
        await within(2, clicker.peripheral.device.port.close(), "close the transport")
    except Failure as error:
        say("left", error=str(error))


def main() -> None:
    parser = argparse.ArgumentParser(prog="clicker.py", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--transport", required=True, help="a Bumble transport, as tcp-client:127.0.0.1:9002")
    parser.add_argument("--keystore", metavar="FILE", help="where bonds are kept; without it they end with the program")
    parser.add_argument("--store", metavar="FILE", help="where events are kept; each start on the same file is a boot")
    parser.add_argument("--address", default="F1:00:00:00:00:01", help="its static random address")
    parser.add_argument("--page", default=str(PAGE))
    parser.add_argument("--window", type=float, default=0.0, metavar="S", help="open for pairing from the start")
    parser.add_argument("--linger", type=float, metavar="S", help="after the end of stdin; without it, for ever")
    parser.add_argument("--pulses", action="store_true", help="print pulses too")
    parser.add_argument("--major", type=int, default=MAJOR, help="speak another major version")
    parser.add_argument("--malformed", action="store_true", help="frames that are none between the good ones")
    parser.add_argument("--unknown-messages", action="store_true", help="frames of later versions between the good ones")
    parser.add_argument("--debug", action="store_true", help="Bumble's own log on stderr")
    arguments = parser.parse_args()
    # Bumble logs every refusal as an error.
    logging.basicConfig(level=logging.DEBUG if arguments.debug else logging.CRITICAL, stream=sys.stderr)
    try:
        asyncio.run(run(arguments))
    except (KeyboardInterrupt, asyncio.CancelledError):
        pass
    except Failure as error:
        say("problem", text=str(error))
        sys.exit(1)


if __name__ == "__main__":
    main()
