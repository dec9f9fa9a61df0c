"""Tests `client.py` against `clicker.py` over the lab's strict radio, before either is used to check the project's own
programs. Some cases are made to fail, to see that the checks notice. `selftest.py [NAME ...]`; needs the lab's Python;
exits with 0 on success."""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import time
import traceback
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
LAPTOP = "F1:00:00:00:00:02"
STRANGER = "F1:00:00:00:00:03"


class Program:
    """A program of this folder, its output so far, and its stdin."""

    def __init__(self, name: str, process: asyncio.subprocess.Process) -> None:
        self.name, self.process = name, process
        self.said: list[dict[str, Any]] = []
        self.reader = asyncio.create_task(self.read())

    async def read(self) -> None:
        assert self.process.stdout
        async for line in self.process.stdout:
            self.said.append(json.loads(line))

    def type(self, line: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(line.encode() + b"\n")

    def all(self, event: str) -> list[dict[str, Any]]:
        return [line for line in self.said if line["event"] == event]

    async def wait(self, event: str, seconds: float = 20.0, since: int = 0, **fields: Any) -> dict[str, Any]:
        """First line of that kind with those fields after the first `since` lines."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for line in self.said[since:]:
                if line["event"] == event and all(line.get(key) == value for key, value in fields.items()):
                    return line
            if self.reader.done():
                break
            await asyncio.sleep(0.02)
        raise AssertionError(f"{self.name} never said {event} {fields}; last: {self.said[-5:]}")

    async def result(self, seconds: float = 90.0) -> dict[str, Any]:
        await asyncio.wait_for(self.process.wait(), seconds)
        await self.reader
        last = self.said[-1]
        assert last["event"] == "result", last
        assert self.process.returncode == (0 if last["ok"] else 1), self.process.returncode
        return last

    async def stop(self) -> None:
        if self.process.returncode is None:
            self.process.kill()
        await self.process.wait()


class Meeting:
    """A radio with one clicker on it, and laptops on request."""

    async def begin(self, *words: str) -> "Meeting":
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name)
        self.programs: list[Program] = []
        self.radio = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "radio", "--h4", "clicker:0", "--h4", "laptop:0", "--ports", str(self.path / "ports"),
            cwd=HERE.parent, stdout=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        while not (self.path / "ports").exists():
            await asyncio.sleep(0.05)
        self.ports = dict(line.split() for line in (self.path / "ports").read_text().splitlines())
        await self.start_clicker(*words)
        return self

    async def start_clicker(self, *words: str) -> None:
        files = ["--keystore", str(self.path / "clicker.keys"), "--store", str(self.path / "clicker.store")]
        self.clicker = await self.start("clicker", *files, *words)
        await self.clicker.wait("advertising")

    async def start(self, name: str, *words: str) -> Program:
        port = self.ports["clicker" if name == "clicker" else "laptop"]
        process = await asyncio.create_subprocess_exec(
            sys.executable, str(HERE / f"{name}.py"), "--transport", f"tcp-client:127.0.0.1:{port}", *words,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        self.programs.append(Program(name, process))
        return self.programs[-1]

    async def client(self, *words: str, address: str = LAPTOP) -> Program:
        return await self.start("client", "--keystore", str(self.path / f"{address}.keys"), "--address", address, *words)

    async def run(self, *words: str, ok: bool = True, address: str = LAPTOP) -> Program:
        """Runs a client's command to its end."""
        client = await self.client(*words, address=address)
        result = await client.result()
        assert result["ok"] == ok, result
        return client

    async def pair(self, address: str = LAPTOP) -> None:
        since = len(self.clicker.said)
        self.clicker.type("window")
        client = await self.client("pair", address=address)
        client.type((await self.clicker.wait("passkey", since=since))["passkey"])
        result = await client.result()
        assert result["ok"], result

    async def order(self, **order: Any) -> None:
        """Sends a command to the radio."""
        reader, writer = await asyncio.open_connection("127.0.0.1", int(self.ports["control"]))
        writer.write(json.dumps(order).encode() + b"\n")
        await reader.readline()
        writer.close()

    def state(self, *more: str) -> list[str]:
        return ["session", "--state", str(self.path / "laptop.state"), *more]

    async def end(self) -> None:
        for program in self.programs:
            await program.stop()
        self.radio.kill()
        await self.radio.wait()
        self.folder.cleanup()


async def is_found_and_has_the_table(meeting: Meeting) -> None:
    await meeting.run("find")
    await meeting.run("table")


async def refuses_strangers(meeting: Meeting) -> None:
    await meeting.run("refuse-unencrypted", address=STRANGER)
    await meeting.run("stranger-cue", address=STRANGER)
    await meeting.run("refuse-pairing", "--within", "2", address=STRANGER)
    assert meeting.clicker.all("pairing-ignored") and not meeting.clicker.all("cue")


async def refuses_weak_pairing(meeting: Meeting) -> None:
    meeting.clicker.type("window")
    just_works = await meeting.run("refuse-just-works", address=STRANGER)
    assert just_works.all("pairing")[0]["outcome"] == "failed"
    legacy = await meeting.run("refuse-legacy", "--passkey-from", "000001", address=STRANGER)
    assert legacy.all("pairing")[0]["outcome"] == "failed"


async def closes_after_three_wrong_passkeys(meeting: Meeting) -> None:
    meeting.clicker.type("window")
    client = await meeting.client("wrong-passkey", "--tries", "3", address=STRANGER)
    for turn in range(3):
        while len(meeting.clicker.all("passkey")) <= turn:
            await asyncio.sleep(0.05)
        client.type(meeting.clicker.all("passkey")[turn]["passkey"])
    result = await client.result()
    assert result["ok"], result
    await meeting.clicker.wait("window", open=False)


async def holds_a_session(meeting: Meeting) -> None:
    await meeting.pair()
    await meeting.run("info")
    meeting.clicker.type("rate 4")
    await meeting.clicker.wait("refused", why="no session")
    client = await meeting.client(*meeting.state("--seconds", "8", "--show", "Rate", "--show", "Hold"))
    await client.wait("cue", message="Show")
    for line in ("rate 4", "same", "nudge left", "felt right", "let-go", "sharp", "yes"):
        meeting.clicker.type(line)
    result = await client.result()
    assert result["ok"], result
    summary = client.all("summary")[0]
    assert summary["taken"] == [[1, seq] for seq in range(7)], summary
    taken = [line["means"] for line in client.all("taken")]
    assert taken == [["Rating", 4], ["Same", 4], ["Nudge", "Left"], "FeltRight", "LetGo", "Sharp", "Yes"], taken
    assert {line["mode"] for line in meeting.clicker.all("obeyed")} == {"Rate", "Hold"}
    await meeting.clicker.wait("alarm-stored", boot=1, seq=5)
    await meeting.clicker.wait("session", open=False)
    await meeting.run("listen", "--seconds", "4")


async def goes_on_where_it_ended(meeting: Meeting) -> None:
    """Takes nothing, then the link ends, then a restart: every event once and in order."""
    await meeting.pair()
    client = await meeting.client(*meeting.state("--seconds", "6", "--no-ack", "--no-bye", "--no-alarm-stored"))
    await client.wait("cue", message="Welcome")
    await meeting.clicker.wait("session", open=True)
    for number in range(12):
        meeting.clicker.type(f"rate {number % 10 + 1}")
    meeting.clicker.type("stop")
    result = await client.result()
    assert result["ok"], result
    summary = client.all("summary")[0]
    assert not summary["taken"] and 350 <= summary["again_ms"] <= 700, summary
    assert 150 <= summary["alarm_ms"] <= 300, summary
    sent = {line["seq"] for line in client.all("report") if line["message"] == "Clicked"}
    assert sent == set(range(8)), sent
    meeting.clicker.type("quit")
    await meeting.clicker.process.wait()
    await meeting.start_clicker()
    client = await meeting.client(*meeting.state("--seconds", "4"))
    await client.wait("taken", boot=1, seq=3)
    meeting.clicker.type("yes")
    result = await client.result()
    assert result["ok"], result
    assert client.all("summary")[0]["taken"] == [[1, seq] for seq in range(13)] + [[2, 0]]
    # The session had not ended, so no new welcome was needed.
    assert not [line for line in client.all("cue") if line["message"] == "Welcome"]


async def takes_the_session_up_on_a_new_link(meeting: Meeting) -> None:
    """Out of reach in a session, and a clicker that is reset meanwhile: every event once and in order."""
    await meeting.pair()
    client = await meeting.client(*meeting.state("--seconds", "120", "--told", "--go-on"))
    await meeting.clicker.wait("session", open=True)
    meeting.clicker.type("rate 3")
    await client.wait("taken", boot=1, seq=0)
    await meeting.order(do="reach", link=False)
    meeting.clicker.type("sharp")
    meeting.clicker.type("rate 4")
    await client.wait("lost")
    await meeting.order(do="reach", link=True)
    await client.wait("taken", boot=1, seq=2)
    meeting.clicker.type("quit")
    await meeting.clicker.process.wait()
    await meeting.start_clicker()
    meeting.clicker.type("yes")
    await client.wait("taken", boot=2, seq=0)
    client.type("enough")
    result = await client.result()
    assert result["ok"] and len(client.all("lost")) == 2, result
    assert client.all("summary")[-1]["taken"] == [[1, 0], [1, 1], [1, 2], [2, 0]]


async def loses_notifications(meeting: Meeting) -> None:
    await meeting.pair()
    client = await meeting.client(*meeting.state("--seconds", "8"))
    await meeting.clicker.wait("session", open=True)
    # Irregular intervals: a period that matches the clicker's own would lose the same event each time.
    await meeting.order(do="lose", nth=[2, 3, 5, 9, 14, 20, 21, 30, 38, 39, 40])
    for number in range(20):
        meeting.clicker.type(f"rate {number % 10 + 1}")
    await client.wait("taken", boot=1, seq=19)
    result = await client.result()
    assert result["ok"] and client.all("dropped"), result
    assert client.all("summary")[0]["taken"] == [[1, seq] for seq in range(20)]


async def says_when_nobody_hears(meeting: Meeting) -> None:
    await meeting.pair()
    await meeting.run(*meeting.state("--seconds", "5", "--no-pulse", "--no-bye"))
    await meeting.clicker.wait("not-heard")
    client = await meeting.run(*meeting.state("--seconds", "7", "--stop-reading", "1", "--stop-for", "3.5"))
    assert client.all("frozen") and client.all("thawed")
    await meeting.clicker.wait("heard-again")


async def takes_no_stranger_for_the_laptop(meeting: Meeting) -> None:
    await meeting.pair()
    await meeting.run(*meeting.state("--seconds", "2", "--no-bye"))
    await meeting.run("spoof", LAPTOP, "--within", "2", address=STRANGER)
    await meeting.run(*meeting.state("--seconds", "2"))


async def bears_rubbish(meeting: Meeting) -> None:
    await meeting.pair()
    await meeting.run("rubbish", "--seconds", "2")
    assert meeting.clicker.all("rubbish")


async def notices_another_major_version(meeting: Meeting) -> None:
    await meeting.clicker.stop()
    await meeting.start_clicker("--major", "2")
    meeting.clicker.type("window")
    client = await meeting.client("pair")
    client.type((await meeting.clicker.wait("passkey"))["passkey"])
    result = await client.result()
    assert not result["ok"] and "version 2" in result["problems"][0], result
    await meeting.run("session", ok=False)


async def notices_rubbish_and_passes_over_the_future(meeting: Meeting) -> None:
    await meeting.pair()
    await meeting.clicker.stop()
    await meeting.start_clicker("--malformed")
    client = await meeting.run(*meeting.state("--seconds", "4"), ok=False)
    assert client.all("rubbish")
    await meeting.clicker.stop()
    await meeting.start_clicker("--unknown-messages")
    client = await meeting.client(*meeting.state("--seconds", "4"))
    await meeting.clicker.wait("session", open=True)
    meeting.clicker.type("future")
    meeting.clicker.type("yes")
    result = await client.result()
    assert result["ok"], result
    assert [line["means"] for line in client.all("taken")] == [{"unknown": 99, "rest": "01a55a"}, "Yes"]
    assert [line for line in client.all("report") if "unknown" in line]


CASES = [
    is_found_and_has_the_table,
    refuses_strangers,
    refuses_weak_pairing,
    closes_after_three_wrong_passkeys,
    holds_a_session,
    goes_on_where_it_ended,
    takes_the_session_up_on_a_new_link,
    loses_notifications,
    says_when_nobody_hears,
    takes_no_stranger_for_the_laptop,
    bears_rubbish,
    notices_another_major_version,
    notices_rubbish_and_passes_over_the_future,
]


async def passes(case: Any, turn: asyncio.Semaphore) -> int:
    async with turn:
        meeting = Meeting()
        try:
            await meeting.begin()
            await asyncio.wait_for(case(meeting), 180)
            print(f"independent {case.__name__} ... ok", flush=True)
            return 0
        except Exception:
            print(f"independent {case.__name__} ... FAILED", flush=True)
            traceback.print_exc()
            for program in meeting.programs:
                for line in program.said[-12:]:
                    print(f"  {program.name}: {json.dumps(line)}")
            return 1
        finally:
            await meeting.end()


async def main() -> int:
    cases = [case for case in CASES if not sys.argv[1:] or case.__name__ in sys.argv[1:]]
    # Each on its own radio; most of the time is spent waiting for connection events.
    turn = asyncio.Semaphore(2)
    failed = sum(await asyncio.gather(*(passes(case, turn) for case in cases)))
    print(f"independent: {len(cases) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
