"""The radio's log: one JSON object per line, each with `ms` of the monotonic clock. It is the only record of
deliveries, so delays are measured from it."""

import json
import time


def now_ms() -> float:
    return round(time.monotonic() * 1000, 3)


class Log:
    """Writes lines to a file, if there is one."""

    def __init__(self, path: str | None) -> None:
        self.file = None
        if path:
            self.turn_to(path)

    def turn_to(self, path: str) -> None:
        """Continues in a new file."""
        if self.file:
            self.file.close()
        # Line-buffered, so that the file is complete when the machine is switched off.
        self.file = open(path, "w", buffering=1, encoding="utf-8")

    def write(self, what: str, **fields) -> None:
        if self.file:
            self.file.write(json.dumps({"ms": now_ms(), "what": what, **fields}) + "\n")
