"""The clicker's storage: events until they are acknowledged, alarms until they are stored, the session and its owner,
optionally in a file across restarts; and the order in which events are sent. Knows no radio; time is an argument."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from frames import Unknown, plain

MOST_KEPT, FOR_ALARMS = 1024, 32
MOST_ON_THE_WAY = 8
AGAIN_AFTER = 0.4
ALARM_AGAIN_AFTER = 0.2


@dataclass
class Event:
    boot: int
    seq: int
    uptime: int
    show: int
    # A choice: its name, or the pair of its name and its value.
    means: Any

    @property
    def place(self) -> tuple[int, int]:
        return (self.boot, self.seq)


@dataclass
class Alarm:
    boot: int
    seq: int
    uptime: int
    what: str
    said: float = 0.0

    @property
    def place(self) -> tuple[int, int]:
        return (self.boot, self.seq)


def means_of(kept: Any) -> Any:
    """Reads what `plain` wrote."""
    if isinstance(kept, dict):
        return Unknown(kept["unknown"], bytes.fromhex(kept["rest"]))
    return tuple(kept) if isinstance(kept, list) else kept


class Store:
    """Everything that survives a restart. A new object on an existing file is the next boot."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.boot, self.next = 1, 0
        self.events: list[Event] = []
        self.alarms: list[Alarm] = []
        self.session, self.owner = 0, ""
        if path and path.exists():
            kept = json.loads(path.read_text(encoding="utf-8"))
            self.boot = kept["boot"] + 1
            self.events = [Event(**each) for each in kept["events"]]
            for event in self.events:
                event.means = means_of(event.means)
            self.alarms = [Alarm(**each) for each in kept["alarms"]]
            self.session, self.owner = kept["session"], kept["owner"]
        self.save()

    def restart(self) -> None:
        """A reset in the same program."""
        self.boot, self.next = self.boot + 1, 0
        self.save()

    def save(self) -> None:
        if not self.path:
            return
        kept = {
            "boot": self.boot,
            "session": self.session,
            "owner": self.owner,
            "events": [{**asdict(event), "means": plain(event.means)} for event in self.events],
            "alarms": [{**asdict(alarm), "said": 0.0} for alarm in self.alarms],
        }
        temporary = self.path.with_suffix(".new")
        with open(temporary, "w", encoding="utf-8") as file:
            json.dump(kept, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, self.path)

    @property
    def first(self) -> tuple[int, int]:
        """Position of the oldest stored event, or of the next one if there is none."""
        return self.events[0].place if self.events else (self.boot, self.next)

    def accept(self, means: Any, uptime: int, show: int) -> Event | None:
        """Adds an event, unless there is no room: an accepted event is never lost."""
        alarm = means in ("Sharp", "Stop")
        if len(self.events) >= MOST_KEPT - (0 if alarm else FOR_ALARMS):
            return None
        event = Event(self.boot, self.next, uptime, show, means)
        self.next += 1
        self.events.append(event)
        if alarm:
            self.alarms.append(Alarm(event.boot, event.seq, uptime, means))
        self.save()
        return event

    def acknowledge(self, boot: int, following: int) -> int | None:
        """Number of events that it frees; 0 if it acknowledges events that do not exist yet."""
        if (boot, following) > (self.boot, self.next):
            return None
        before = len(self.events)
        self.events = [event for event in self.events if event.place >= (boot, following)]
        self.save()
        return before - len(self.events)

    def alarm_stored(self, boot: int, seq: int) -> bool:
        before = len(self.alarms)
        self.alarms = [alarm for alarm in self.alarms if alarm.place != (boot, seq)]
        self.save()
        return len(self.alarms) < before


class Order:
    """Go-back-N: at most eight unacknowledged, and from the oldest again after a time without progress."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.start()

    def start(self) -> None:
        """A new link: nothing is in flight."""
        self.sent = 0
        self.progress = 0.0

    def acknowledged(self, freed: int, now: float) -> None:
        if freed:
            self.sent = max(0, self.sent - freed)
            self.progress = now

    def due(self, now: float) -> Event | None:
        """Event to send now, if any."""
        if self.sent and now - self.progress >= AGAIN_AFTER:
            self.sent = 0
        if self.sent >= min(MOST_ON_THE_WAY, len(self.store.events)):
            return None
        event = self.store.events[self.sent]
        # A laptop cannot tell the end of a boot from a gap, so the next boot starts only when the previous events are
        # stored.
        if event.boot != self.store.events[0].boot:
            return None
        if self.sent == 0:
            self.progress = now
        self.sent += 1
        return event

    def alarm_due(self, now: float) -> Alarm | None:
        for alarm in self.store.alarms:
            if now - alarm.said >= ALARM_AGAIN_AFTER:
                alarm.said = now
                return alarm
        return None
