"""The radio's diary: one JSON object a line, each with `ms` of the monotonic clock. What crossed the air is known only
from here, so delays are measured from it."""

import json
import time


def now_ms() -> float:
    return round(time.monotonic() * 1000, 3)


class Log:
    """Writes lines to a file, or nowhere."""

    def __init__(self, path: str | None) -> None:
        self.file = None
        if path:
            self.turn_to(path)

    def turn_to(self, path: str) -> None:
        """What follows goes into a new file."""
        if self.file:
            self.file.close()
        # Line by line, so that the file is whole up to the moment the machine is switched off.
        self.file = open(path, "w", buffering=1, encoding="utf-8")

    def write(self, what: str, **fields) -> None:
        if self.file:
            self.file.write(json.dumps({"ms": now_ms(), "what": what, **fields}) + "\n")
