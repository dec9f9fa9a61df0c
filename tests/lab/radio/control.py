"""Control of the radio: one JSON object per line over TCP, one answer per line. `handle` has the commands."""

import asyncio
import json

from .air import Air
from .log import now_ms
from .standin import StandIn


class Control:
    """Executes commands on one air."""

    def __init__(self, air: Air, stand_in: StandIn | None = None) -> None:
        self.air = air
        self.stand_in = stand_in

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            try:
                order = json.loads(line)
                if order["do"] == "stand-in":
                    await self.stand_in.order(order["order"], order)
                answer = {"ok": True, **self.handle(order)}
            except Exception as error:  # A command that cannot be parsed gets an error as its answer.
                answer = {"ok": False, "error": f"{type(error).__name__}: {error}"}
            writer.write((json.dumps(answer) + "\n").encode())
            await writer.drain()
        writer.close()

    def handle(self, order: dict) -> dict:
        air = self.air
        of = str(order.get("of", "*"))
        what = order["do"]
        air.log.write("order", order=order)
        match what:
            case "reach":
                air.set_reach(of, bool(order["link"]))
            case "stall":
                # If shorter than the supervision timeout, the link survives and queued packets are delivered
                # afterwards.
                air.set_reach(of, False)
                asyncio.get_running_loop().call_later(order["ms"] / 1000, air.set_reach, of, True)
            case "drop":
                # The next n connection events with data fail.
                air.drop_events = int(order["events"])
            case "fade":
                air.fade = float(order["share"])
                air.random.seed(int(order.get("seed", 1)))
            case "lose":
                # Drops notifications, counted from now: `nth` [1, 5] or `every` 3; both empty: none.
                air.notifications = 0
                air.lose.clear()
                air.lose.extend(sorted(int(number) for number in order.get("nth", [])))
                air.lose_every = int(order.get("every", 0))
            case "rssi":
                air.rssi[of] = int(order["dbm"])
            case "pose":
                # Takes effect for a host that reads the address from now on.
                air.pose(of, str(order["as"]))
            case "wrong-key":
                air.wrong_keys = int(order.get("times", 1))
            case "mic":
                air.silent_mic_failure = order["central"] == "silence"
            case "latency":
                air.obey_latency = bool(order["obey"])
            case "unlisted":
                # Whether controllers answer 0x01 to commands that they do not list as supported.
                air.refuse_unlisted = bool(order["refuse"])
            case "duplicates":
                air.filter_duplicates = bool(order["filter"])
            case "end":
                for link in list(air.links):
                    link.end(int(order.get("reason", 0x08)))
            case "begin":
                # Starts a new case: no faults, and a new log file.
                air.forget_orders()
                air.log.turn_to(order["log"])
                if self.stand_in:
                    self.stand_in.said.clear()
            case "mark":
                air.log.write("mark", text=order.get("text", ""))
            case "stand-in":
                return {"ms": now_ms(), "said": self.stand_in.said}
            case "now":
                pass
            case "stats":
                return {"ms": now_ms(), **self.stats()}
            case _:
                raise ValueError(f"no order is called {what}")
        return {"ms": now_ms()}

    def stats(self) -> dict:
        air = self.air
        return {
            "controllers": [
                {
                    "name": controller.name,
                    "powered": controller.powered,
                    "advertising": controller.le_legacy_advertiser.enabled,
                    "scanning": controller.le_scan_enable,
                    "connecting": controller.initiating is not None,
                    "links": len(controller.links),
                    **controller.counts,
                }
                for controller in air.controllers
            ],
            "links": [link.stats() for link in air.links],
            "ended": list(air.ended),
            "keys": air.keys,
            "said": self.stand_in.said if self.stand_in else [],
            "away": sorted(air.away),
        }
