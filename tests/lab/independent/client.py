"""A laptop on Bumble, to check a clicker: `client.py --transport tcp-client:127.0.0.1:9001 --keystore FILE COMMAND`.

Prints lines of JSON, the last one `result`; the exit status is 0 if all checks passed, else 1. It is written from
`crates/wire/GATT.md` alone and shares nothing with the project's programs. It has no coach: the command line says what
it shows and pulses."""

from __future__ import annotations

import argparse
import asyncio
import logging
import secrets
import sys
import time
import traceback
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from bumble import hci
from bumble.keys import MemoryKeyStore, PairingKeys
from bumble.pairing import PairingDelegate

from air import Failure, LinkLost, TimeUp, Told, say, within
from checks import check_advertisement, check_open, check_refused, check_table
from frames import CHOICES, MAJOR
from laptop import Kept, Session, new_session
from page import PAGE
from reach import Bystander, Heard, Reach, Types

Problems = list[str]


async def find(reach: Reach, options: Any) -> Problems:
    await reach.open()
    heard = await reach.find(options.seconds, response=True)
    say("found", clicker=str(heard.address), advertisement=heard.advertisement.hex(), response=(heard.response or b"").hex())
    return check_advertisement(heard, reach.page)


async def pair(reach: Reach, options: Any) -> Problems:
    await reach.open()
    connection = await reach.connect()
    outcome = await reach.pair(connection, Types(options.passkey_from), options.within)
    say("pairing", **outcome)
    if outcome["outcome"] != "paired":
        return [f"not paired: {outcome}"]
    problems = [f"not {what}" for what in ("secure_connections", "authenticated") if not outcome[what]]
    return problems + await major(reach, await reach.discover(connection))


async def major(reach: Reach, peer: Any) -> Problems:
    """Step 2 of the page."""
    version = await reach.read(peer, "Version")
    say("read", of="Version", value=list(version))
    if len(version) < 2:
        return [f"Version of {len(version)} bytes"]
    if version[0] != MAJOR:
        side = "the laptop" if version[0] > MAJOR else "the clicker"
        return [f"the clicker speaks version {version[0]}.{version[1]}, this side {MAJOR}: update {side}"]
    return []


async def info(reach: Reach, _: Any) -> Problems:
    await reach.open()
    peer = await reach.discover(await reach.trusted())
    return await major(reach, peer) + await check_open(reach, peer)


async def table(reach: Reach, _: Any) -> Problems:
    await reach.open()
    heard = await reach.find(response=True)
    problems = check_advertisement(heard, reach.page)
    peer = await reach.discover(await reach.connect(heard))
    return problems + check_table(peer, reach.page)


async def refuse_unencrypted(reach: Reach, _: Any) -> Problems:
    await reach.open()
    peer = await reach.discover(await reach.connect())
    return await check_refused(reach, peer) + await check_open(reach, peer)


async def refuse_weak(reach: Reach, options: Any, delegate: PairingDelegate, **how: bool) -> Problems:
    """Tries a weaker pairing; whatever its result, guarded attributes must be refused afterwards."""
    await reach.open(keys=MemoryKeyStore())
    heard = await reach.find()
    connection = await reach.connect(heard)
    peer = await reach.discover(connection)
    outcome = await reach.pair(connection, delegate, options.within, **how)
    say("pairing", **outcome)
    if outcome["outcome"] != "paired":
        return await refused_after(reach, heard, connection, peer)
    # Some stacks learn only at the end how the other side paired. The clicker must then disconnect at once and keep no
    # bond.
    try:
        problems = await check_refused(reach, peer)
        return problems + [f"paired on weaker terms, and the link lives on: {outcome}"]
    except LinkLost:
        say("shown-out", reasons=reach.reasons)
    connection = await reach.connect(heard)
    try:
        await reach.encrypt(connection)
        return ["the bond of a weaker pairing was kept"]
    except Failure as error:
        say("encryption", refused=str(error))
    return await refused_after(reach, heard, connection, peer)


async def refused_after(reach: Reach, heard: Heard, connection: Any, peer: Any) -> Problems:
    if peer.connection.handle not in reach.device.connections:
        if connection.handle not in reach.device.connections:
            say("again", why="the link ended with the pairing")
            connection = await reach.connect(heard)
        peer = await reach.discover(connection)
    return await check_refused(reach, peer) + await check_open(reach, peer)


async def refuse_just_works(reach: Reach, options: Any) -> Problems:
    return await refuse_weak(reach, options, Bystander(), mitm=False)


async def refuse_legacy(reach: Reach, options: Any) -> Problems:
    return await refuse_weak(reach, options, Types(options.passkey_from), sc=False)


async def refuse_pairing(reach: Reach, options: Any) -> Problems:
    """Outside the window: no answer to pairing, and nothing guarded is served."""
    await reach.open(keys=MemoryKeyStore())
    heard = await reach.find()
    connection = await reach.connect(heard)
    peer = await reach.discover(connection)
    outcome = await reach.pair(connection, Types("000001"), options.within)
    say("pairing", **outcome)
    problems = []
    if outcome["outcome"] != "silent":
        problems.append(f"outside the window a pairing request is not answered, the page says: {outcome}")
    return problems + await refused_after(reach, heard, connection, peer)


async def wrong_passkey(reach: Reach, options: Any) -> Problems:
    """A passkey that is not the one shown."""
    await reach.open(keys=MemoryKeyStore())
    heard = await reach.find()
    problems = []
    connection = peer = None
    delegate = Types(options.passkey_from, change=1)
    for turn in range(options.tries):
        if connection is None or connection.handle not in reach.device.connections:
            connection = await reach.connect(heard)
            peer = await reach.discover(connection)
        outcome = await reach.pair(connection, delegate, options.within)
        say("pairing", turn=turn + 1, **outcome)
        # After three attempts the window is closed, and there is no answer.
        fits = ("failed", "link-lost", "silent") if turn >= 3 else ("failed", "link-lost")
        if outcome["outcome"] not in fits:
            problems.append(f"a wrong passkey: {outcome}")
    return problems + await refused_after(reach, heard, connection, peer)


async def spoof(reach: Reach, options: Any) -> Problems:
    """A stranger with the bonded laptop's address, but without its key."""
    keys = MemoryKeyStore()
    await reach.open(address=options.victim, keys=keys)
    heard = await reach.find()
    connection = await reach.connect(heard)
    peer = await reach.discover(connection)
    problems = await check_refused(reach, peer)
    outcome = await reach.pair(connection, Types("000001"), options.within)
    say("pairing", **outcome)
    if outcome["outcome"] == "paired":
        problems.append("paired under the bonded laptop's address")
    if connection.handle not in reach.device.connections:
        connection = await reach.connect(heard)
    guess = PairingKeys.Key(secrets.token_bytes(16), authenticated=True)
    await keys.update(str(connection.peer_address), PairingKeys(ltk=guess))
    try:
        await within(5, connection.encrypt(), "encrypt with a guessed key")
        problems.append("encrypted with a guessed key")
    except (hci.HCI_Error, LinkLost, TimeUp) as error:
        say("encryption", refused=str(error), reasons=reach.reasons)
    await asyncio.sleep(0.5)
    if connection.handle in reach.device.connections:
        # Without an answer the link may hang for good.
        await within(10, connection.disconnect(), "disconnect")
    peer = await reach.discover(await reach.connect(heard))
    return problems + await check_refused(reach, peer) + await check_open(reach, peer)


async def stranger_cue(reach: Reach, _: Any) -> Problems:
    """A laptop without a bond writes every cue, with and without response."""
    from bumble import att
    from frames import encode_cue
    from reach import ask

    await reach.open(keys=MemoryKeyStore())
    peer = await reach.discover(await reach.connect())
    handle = reach.characteristic(peer, "Cue").handle
    problems = []
    for name, values in (
        ("Welcome", {"session": 7, "version": (1, 0), "alone": False}),
        ("Ack", {"boot": 65535, "next": 2**32 - 1}),
        ("AlarmStored", {"boot": 1, "seq": 0}),
        ("Show", {"number": 9, "mode": "Rate"}),
        ("Play", {"tone": "Over"}),
        ("Pulse", {"show": 9, "dial": None}),
        ("Bye", {"session": 7}),
    ):
        frame = encode_cue(name, **values)
        await peer.gatt_client.send_command(att.ATT_Write_Command(handle, frame))
        answer = await ask(peer, att.ATT_Write_Request(handle, frame), f"write {name}")
        say("tried", what="write", of=name, answer=answer if isinstance(answer, int) else "served")
        if answer not in reach.page.refusals:
            problems.append(f"{name}: {'served' if not isinstance(answer, int) else hex(answer)}")
    return problems


# A session on a new link, and its problems so far.
Joined = tuple[Session, Problems]
# How long a clicker may be out of reach, in seconds.
AWAY = 60.0


async def join(reach: Reach, options: Any) -> Joined:
    """Objects of a session, and steps 1 and 2."""
    kept = Kept(Path(options.state) if options.state else None)
    kept.load()
    kept.session = options.session or kept.session or new_session()
    await reach.open()
    told = Told() if options.told else None
    return await meet(reach, options, kept, lambda: told.lines if told else 0)


async def meet(reach: Reach, options: Any, kept: Kept, lines: Callable[[], int], heard: Heard | None = None) -> Joined:
    """Steps 1 and 2."""
    peer = await reach.discover(await reach.trusted(heard))
    problems = await major(reach, peer)
    report, cue = (reach.characteristic(peer, name) for name in ("Report", "Cue"))
    return Session(peer, report, cue, kept, options, lambda: reach.first_word, lines), problems


async def meet_again(reach: Reach, options: Any, before: Session) -> Joined:
    """Steps 1 and 2 once the clicker is heard; the link may be lost during them as well."""
    while True:
        heard = await reach.find(AWAY)
        try:
            return await meet(reach, options, before.kept, before.lines, heard)
        except (LinkLost, TimeUp) as error:
            say("lost", why=str(error))


async def live(one: Session, options: Any) -> LinkLost | None:
    """Steps 3 to 6. Returns how the link was lost, if it was."""
    try:
        await one.begin()
        await one.run()
        if not options.no_bye:
            await one.bye()
        await one.after()
    except LinkLost as error:
        return error
    finally:
        one.end()
        say("summary", **one.summary())
    return None


async def session(reach: Reach, options: Any) -> Problems:
    one, problems = await join(reach, options)
    while not problems:
        lost = await live(one, options)
        problems = one.problems
        if lost is None:
            break
        if not options.go_on:
            return [*problems, str(lost)]
        say("lost", why=str(lost))
        one, found = await meet_again(reach, options, one)
        problems = problems + found
    return problems


def hellos(seconds: float) -> float:
    """Expected number of Hellos in this time: ten at 1 s, then one every 2.75 s."""
    return min(seconds, 10.0) + max(seconds - 10.0, 0.0) / 2.75


async def listen(reach: Reach, options: Any) -> Problems:
    """Subscribes and sends nothing: outside a session only Hellos come, at the page's interval."""
    one, problems = await join(reach, options)
    if problems:
        return problems
    await within(5, one.peer.gatt_client.subscribe(one.report, one.on_notification), "subscribe")
    began = time.monotonic()
    await one.handle_for(options.seconds, until=one.ends)
    seconds = time.monotonic() - began
    say("summary", **one.summary())
    if one.hello and one.hello["session"] == 0:
        if set(one.counts) != {"Hello"}:
            one.problem(f"outside a session: {one.counts}")
        if abs(one.counts.get("Hello", 0) - hellos(seconds)) > 1 + seconds * 0.1:
            one.problem(f"{one.counts.get('Hello', 0)} Hellos in {seconds:.1f} s")
    elif not one.hello:
        one.problem("no Hello")
    return one.problems


async def rubbish(reach: Reach, options: Any) -> Problems:
    """Sends invalid frames and frames of later versions between valid ones: the session must survive."""
    one, problems = await join(reach, options)
    if problems:
        return problems
    # Longer than a cue may be, if the clicker accepts writes of that length.
    mtu = await within(5, one.peer.gatt_client.request_mtu(64), "agree on a longer MTU")
    say("mtu", mtu=mtu)
    await one.begin()
    frames = [b"", b"\x63", b"\x63\x01\x02", b"\x00", b"\x01\x02", b"\x03\x05\x63", b"\x04\x63", b"\x05\x01\x01\x0b",
              b"\x05\x01\x02\x05", b"\x01\xff\xff\xff\xff\xff\xff", b"\xff" * 20, b"\x06\x00\x09\x09\x09", bytes(20)]  # fmt: skip
    frames += [bytes.fromhex("0601") + bytes(length - 2) for length in (21, 40) if length <= mtu - 3]
    for frame in frames:
        answer = await one.write_raw(frame)
        say("tried", frame=frame.hex(), answer="served" if answer is None else f"{answer:#04x}")
        await one.handle_for(0.1)
    # The page leaves open how an invalid write is answered, so both answers are fine.
    one.problems = [each for each in one.problems if not each.startswith("a cue was refused")]
    await one.run()
    await one.bye()
    one.end()
    say("summary", **one.summary())
    return one.problems


COMMANDS: dict[str, tuple[Callable[[Reach, Any], Awaitable[Problems]], str]] = {
    "find": (find, "find a clicker and hold its advertisement against the page"),
    "pair": (pair, "pair by passkey and bond"),
    "info": (info, "read version, battery and device information"),
    "table": (table, "hold the attribute table against the page"),
    "refuse-unencrypted": (refuse_unencrypted, "everything guarded is refused without encryption"),
    "refuse-just-works": (refuse_just_works, "pairing without a passkey is refused, and all else after it"),
    "refuse-legacy": (refuse_legacy, "legacy pairing is refused, and all else after it"),
    "refuse-pairing": (refuse_pairing, "outside the window pairing is not answered"),
    "wrong-passkey": (wrong_passkey, "a wrong passkey does not pair"),
    "spoof": (spoof, "the bonded laptop's address without its key is a stranger's"),
    "stranger-cue": (stranger_cue, "every cue is refused without a bond"),
    "listen": (listen, "subscribe and say nothing"),
    "session": (session, "hold a session"),
    "rubbish": (rubbish, "a session with frames that are none"),
}


def parse(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="client.py", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--transport", required=True, help="a Bumble transport, as tcp-client:127.0.0.1:9001")
    parser.add_argument("--keystore", metavar="FILE", help="where bonds are kept; without it they end with the program")
    parser.add_argument("--address", default="F1:00:00:00:00:02", help="this laptop's static random address")
    parser.add_argument("--clicker", metavar="ADDRESS", help="the one to take, where there are several")
    parser.add_argument("--page", default=str(PAGE), help="the page to hold the clicker against")
    parser.add_argument("--interval", type=float, default=30.0, help="of the connection, in milliseconds")
    parser.add_argument("--supervision", type=float, default=2000.0, help="timeout of the link, in milliseconds")
    parser.add_argument("--limit", type=float, default=120.0, help="seconds for the whole command")
    parser.add_argument("--debug", action="store_true", help="Bumble's own log on stderr")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, (_, text) in COMMANDS.items():
        command = commands.add_parser(name, help=text)
        if name in ("pair", "wrong-passkey", "refuse-legacy"):
            command.add_argument("--passkey-from", default="stdin", help="stdin, six digits, or a file that will hold them")
        if name in ("pair", "wrong-passkey", "refuse-legacy", "refuse-just-works", "refuse-pairing", "spoof"):
            waits = 70.0 if name in ("pair", "wrong-passkey") else 5.0
            command.add_argument("--within", type=float, default=waits, help="seconds to wait for an answer")
        if name == "wrong-passkey":
            command.add_argument("--tries", type=int, default=1)
        if name == "spoof":
            command.add_argument("victim", metavar="ADDRESS", help="of the bonded laptop; with /P if public")
        if name == "find":
            command.add_argument("--seconds", type=float, default=10.0)
        if name in ("session", "listen", "rubbish"):
            add_session(command)
    return parser.parse_args(words)


def add_session(command: argparse.ArgumentParser) -> None:
    modes = [name for name, _ in CHOICES["Mode"]]
    command.add_argument("--seconds", type=float, default=5.0)
    command.add_argument("--before", type=float, default=0.0, metavar="S", help="connected before the session is opened")
    command.add_argument("--after", type=float, default=0.0, metavar="S", help="connected after it is closed")
    stages = "a line on stdin ends what goes on: the time before the session, the session, the time after it"
    command.add_argument("--told", action="store_true", help=stages)
    command.add_argument("--go-on", action="store_true", help="a lost link is made anew, and the session taken up")
    command.add_argument("--show", action="append", default=[], choices=modes, help="several share the time")
    tones = [name for name, _ in CHOICES["Tone"]]
    command.add_argument("--play", action="append", default=[], choices=tones, help="once, at the start")
    command.add_argument("--session", type=int, help="its id; else the one of --state, else a random one")
    command.add_argument("--state", metavar="FILE", help="what was taken, for later runs to go on from")
    command.add_argument("--alone", action="store_true", help="the receiver is alone")
    command.add_argument("--beats", action="store_true", help="print beats too")
    command.add_argument("--no-pulse", action="store_true")
    command.add_argument("--no-ack", action="store_true", help="take no event")
    command.add_argument("--no-alarm-stored", action="store_true")
    command.add_argument("--no-bye", action="store_true", help="leave the session open")
    command.add_argument("--stop-reading", type=float, metavar="S", help="stand still after so many seconds")
    command.add_argument("--stop-for", type=float, default=3.0, metavar="S", help="for so long")


async def run(arguments: argparse.Namespace) -> int:
    reach = Reach(arguments)
    work, _ = COMMANDS[arguments.command]
    try:
        problems = await within(arguments.limit, work(reach, arguments), arguments.command)
    except Failure as error:
        problems = [str(error)]
    except Exception as error:
        traceback.print_exc()
        problems = [repr(error)]
    problems += reach.problems
    if hasattr(reach, "device"):
        try:
            await within(5, reach.close(), "close")
        except Exception as error:
            say("left", error=repr(error))
    say("result", command=arguments.command, ok=not problems, problems=problems)
    return 1 if problems else 0


def main() -> None:
    arguments = parse(sys.argv[1:])
    # Bumble logs every refusal as an error.
    logging.basicConfig(level=logging.DEBUG if arguments.debug else logging.CRITICAL, stream=sys.stderr)
    sys.exit(asyncio.run(run(arguments)))


if __name__ == "__main__":
    main()
