"""Steering the radio: one JSON object a line over TCP, an answer a line. `handle` has the words."""

import asyncio
import json

from .air import Air
from .log import now_ms
from .standin import StandIn


class Control:
    """Answers orders about one air."""

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
            except Exception as error:  # An order that cannot be read is answered, not fatal.
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
                # Shorter than the supervision timeout the link lives on, and what waited crosses afterwards.
                air.set_reach(of, False)
                asyncio.get_running_loop().call_later(order["ms"] / 1000, air.set_reach, of, True)
            case "drop":
                # The next so many connection events in which something would have crossed are lost.
                air.drop_events = int(order["events"])
            case "fade":
                air.fade = float(order["share"])
                air.random.seed(int(order.get("seed", 1)))
            case "lose":
                # Notifications lost for good, counted from now: `nth` [1, 5] or `every` 3; both empty: none any more.
                air.notifications = 0
                air.lose.clear()
                air.lose.extend(sorted(int(number) for number in order.get("nth", [])))
                air.lose_every = int(order.get("every", 0))
            case "rssi":
                air.rssi[of] = int(order["dbm"])
            case "pose":
                # Under another's public address, for a host that asks from now on.
                air.pose(of, str(order["as"]))
            case "wrong-key":
                air.wrong_keys = int(order.get("times", 1))
            case "mic":
                air.silent_mic_failure = order["central"] == "silence"
            case "latency":
                air.obey_latency = bool(order["obey"])
            case "duplicates":
                air.filter_duplicates = bool(order["filter"])
            case "end":
                for link in list(air.links):
                    link.end(int(order.get("reason", 0x08)))
            case "begin":
                # A new case: good weather, and a diary of its own.
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
