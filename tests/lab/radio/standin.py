"""A stand-in clicker for cases about the laptop's side only: a Bumble peripheral on one of the radio's ports,
controlled by the command `stand-in`. It keeps its bonds until the radio ends."""

from bumble.keys import MemoryKeyStore

from .hosts import Shows, add_service, advertise, open_host

# Address of the bond; static random, like the clicker's.
ADDRESS = "F0:00:00:00:00:01"


class StandIn:
    """Its output is kept in `said`, oldest first: `ready`, `link up`, `passkey 123456`, `paired`, ..."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.said: list[str] = []
        self.keys = MemoryKeyStore()
        self.device = None
        self.value = None

    async def order(self, order: str, rest: dict) -> None:
        match order:
            case "start":
                await self.start(rest.get("name", "stand-in"))
            case "stop":
                if self.device:
                    await self.device.lab_transport.close()
                self.device = None
                self.said.append("stopped")
            case "forget":
                await self.keys.delete_all()
                self.said.append("forgotten")
            case "notify":
                await self.device.notify_subscribers(self.value, bytes.fromhex(rest["hex"]))
            case _:
                raise ValueError(f"the stand-in knows no {order}")

    async def start(self, name: str) -> None:
        shows = Shows(lambda number: self.said.append(f"passkey {number:06}"))
        self.device = await open_host(self.port, name, ADDRESS, shows, self.keys)
        self.value = add_service(self.device)
        self.device.on("connection", self.connected)
        await advertise(self.device, name)
        self.said.append("ready")

    def connected(self, connection) -> None:
        say = self.said.append
        say("link up")
        connection.on("disconnection", lambda reason: say(f"link down {reason:#04x}"))
        connection.on("connection_encryption_change", lambda: say("encrypted"))
        connection.on("pairing", lambda _: say("paired"))
        connection.on("pairing_failure", lambda reason: say(f"not paired {reason}"))
