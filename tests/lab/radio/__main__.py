"""The strict virtual radio: `python -m radio --h4 9001 --h4 9002 --control 9000 --log FILE`.

Each `--h4 [NAME:]PORT` is one controller, named c1, c2, ... by default; its host connects to that TCP port on the
loopback and speaks H4. Port 0 takes any free port; `--ports FILE` writes one `name port` per line once all are open.
The last port is used by the stand-in, if one is requested."""

import argparse
import asyncio
import ctypes
import logging
import os
import signal
import sys

from .air import Air
from .control import Control
from .controller import StrictController
from .log import Log
from .port import Port
from .standin import StandIn

PR_SET_PDEATHSIG = 1


async def serve(arguments: argparse.Namespace) -> None:
    air = Air(Log(arguments.log))
    ports = []
    for number, wanted in enumerate(arguments.h4, start=1):
        name, _, port = wanted.rpartition(":")
        controller = StrictController(name or f"c{number}", air, f"00:1B:DC:00:00:{number:02X}")
        server = await asyncio.start_server(Port(controller).serve, "127.0.0.1", int(port))
        ports.append((controller.name, server.sockets[0].getsockname()[1]))
    server = await asyncio.start_server(Control(air, StandIn(ports[-1][1])).serve, "127.0.0.1", arguments.control)
    ports.append(("control", server.sockets[0].getsockname()[1]))
    lines = "".join(f"{name} {port}\n" for name, port in ports)
    if arguments.ports:
        # Renamed into place, so that a reader never sees an incomplete file.
        with open(arguments.ports + ".new", "w", encoding="utf-8") as file:
            file.write(lines)
        os.replace(arguments.ports + ".new", arguments.ports)
    print(lines, end="", flush=True)
    await asyncio.get_running_loop().create_future()


def main() -> None:
    parser = argparse.ArgumentParser(prog="radio", description=__doc__)
    parser.add_argument("--h4", action="append", default=[], metavar="[NAME:]PORT")
    parser.add_argument("--control", type=int, default=0, metavar="PORT")
    parser.add_argument("--ports", metavar="FILE")
    parser.add_argument("--log", metavar="FILE")
    arguments = parser.parse_args()
    if sys.platform == "linux":
        # Ends together with the process that started it, even after a crash.
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        asyncio.run(serve(arguments))
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
