"""Messages of the air protocol, implemented from `crates/wire/GATT.md` alone, as an independent check of the project's
own encoding. Knows bytes and values, not links, order or time.

A message is its name and its fields; a choice is its name, or the pair of its name and its value. Never derive this
file from the project's Rust sources, or it would repeat their mistakes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

LONGEST = 20
MAJOR, MINOR = 1, 0


class FrameError(ValueError):
    """The only error of this module: the bytes are not a message, or the values cannot be encoded."""


@dataclass(frozen=True)
class Unknown:
    """A choice, or a whole message, with a number of a later version; `rest` is what followed it."""

    number: int
    rest: bytes

    def plain(self) -> dict[str, Any]:
        return {"unknown": self.number, "rest": self.rest.hex()}


@dataclass(frozen=True)
class Message:
    """`extra` holds trailing bytes of a later version; it is printed but not compared."""

    name: str
    fields: dict[str, Any]
    extra: bytes = field(default=b"", compare=False)

    def __getitem__(self, name: str) -> Any:
        return self.fields[name]

    def plain(self) -> dict[str, Any]:
        """As a value for JSON."""
        told = {name: plain(value) for name, value in self.fields.items()}
        if self.extra:
            told["extra"] = self.extra.hex()
        return {"message": self.name, **told}


def plain(value: Any) -> Any:
    if isinstance(value, Unknown):
        return value.plain()
    return list(value) if isinstance(value, tuple) else value


class Reader:
    """Takes bytes from the front."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def byte(self) -> int:
        if self.at >= len(self.data):
            raise FrameError("ends in the middle")
        self.at += 1
        return self.data[self.at - 1]

    def rest(self) -> bytes:
        left, self.at = self.data[self.at :], len(self.data)
        return left


# Forms: the encoding of one field. `text` is the page's name for it, to compare with the page.


@dataclass(frozen=True)
class Varint:
    bits: int

    @property
    def text(self) -> str:
        return f"varint, {self.bits} bits"

    def read(self, reader: Reader) -> int:
        value = 0
        # Overlong encodings are refused, even if they add nothing.
        for shift in range(0, self.bits, 7):
            byte = reader.byte()
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                if value >> self.bits:
                    raise FrameError(f"more than {self.bits} bits")
                return value
        raise FrameError(f"a varint longer than {self.bits} bits need")

    def write(self, value: Any) -> bytes:
        number = whole(value, 0, (1 << self.bits) - 1)
        out = bytearray()
        while number >= 0x80:
            out.append(number & 0x7F | 0x80)
            number >>= 7
        out.append(number)
        return bytes(out)


@dataclass(frozen=True)
class Byte:
    low: int
    high: int

    @property
    def text(self) -> str:
        return f"byte, {self.low} to {self.high}"

    def read(self, reader: Reader) -> int:
        byte = reader.byte()
        if not self.low <= byte <= self.high:
            raise FrameError(f"{byte} is not {self.low} to {self.high}")
        return byte

    def write(self, value: Any) -> bytes:
        return bytes([whole(value, self.low, self.high)])


class Flag:
    text = "byte, 0 or 1"

    def read(self, reader: Reader) -> bool:
        byte = reader.byte()
        if byte > 1:
            raise FrameError(f"{byte} is neither 0 nor 1")
        return byte == 1

    def write(self, value: Any) -> bytes:
        if not isinstance(value, bool):
            raise FrameError(f"{value!r} is neither true nor false")
        return bytes([value])


class VersionForm:
    text = "byte `major`, byte `minor`"

    def read(self, reader: Reader) -> tuple[int, int]:
        return (reader.byte(), reader.byte())

    def write(self, value: Any) -> bytes:
        if not isinstance(value, (tuple, list)) or len(value) != 2:
            raise FrameError(f"{value!r} is no version")
        return bytes(whole(part, 0, 255) for part in value)


class Dial:
    text = "0, or 1 and a byte, 1 to 10"

    def read(self, reader: Reader) -> int | None:
        tag = reader.byte()
        if tag > 1:
            raise FrameError(f"{tag} is neither 0 nor 1")
        return RATING.read(reader) if tag else None

    def write(self, value: Any) -> bytes:
        return b"\x00" if value is None else b"\x01" + RATING.write(value)


@dataclass(frozen=True)
class ChoiceForm:
    name: str

    @property
    def text(self) -> str:
        return f"choice: {self.name}"

    def read(self, reader: Reader) -> Any:
        number = reader.byte()
        choices = CHOICES[self.name]
        if number >= len(choices):
            # Its length is unknown, so what follows cannot be read either.
            return Unknown(number, reader.rest())
        name, held = choices[number]
        return name if held is None else (name, held.read(reader))

    def write(self, value: Any) -> bytes:
        if isinstance(value, Unknown):
            return bytes([whole(value.number, 0, 255)]) + value.rest
        name, inner = value if isinstance(value, (tuple, list)) and len(value) == 2 else (value, None)
        for number, (known, held) in enumerate(CHOICES[self.name]):
            if known == name:
                if (held is None) != (inner is None):
                    raise FrameError(f"{name} holds {'nothing' if held is None else held.text}")
                return bytes([number]) + (b"" if held is None else held.write(inner))
        raise FrameError(f"{self.name} has no {value!r}")


def whole(value: Any, low: int, high: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise FrameError(f"{value!r} is not {low} to {high}")
    return value


RATING, FLAG, VERSION, DIAL = Byte(1, 10), Flag(), VersionForm(), Dial()
V16, V32 = Varint(16), Varint(32)

# Each list in the order of its numbers.
CHOICES: dict[str, list[tuple[str, Any]]] = {
    "Means": [
        ("Rating", RATING),
        ("Same", RATING),
        ("Nudge", ChoiceForm("Toward")),
        *((name, None) for name in (
            "Spot", "No", "Yes", "Again", "Beside", "SameSpot", "Enough", "OnlySharp", "Numb", "Slipped",
            "FeltLeft", "FeltRight", "Less", "More", "LetGo", "Sharp", "Stop",
        )),
    ],
    "Alarm": [("Sharp", None), ("Stop", None)],
    "Toward": [("Left", None), ("Right", None), ("Head", None), ("Feet", None)],
    "Mode": [(name, None) for name in (
        "Rate", "Hold", "Ask", "Locate", "Settle", "Release", "Next", "AfterSharp", "Sides",
    )],
    "Tone": [(name, None) for name in (
        "No", "Question", "HoldBegins", "MinimumReached", "TenSeconds", "PressureOff", "Flush", "Over",
    )],
}  # fmt: skip

Fields = dict[str, Any]
REPORTS: list[tuple[str, Fields]] = [
    ("Hello", {"boot": V16, "first_boot": V16, "first_seq": V32, "version": VERSION, "session": V32}),
    ("Clicked", {"boot": V16, "seq": V32, "uptime": V32, "show": V16, "means": ChoiceForm("Means")}),
    ("Alarm", {"boot": V16, "seq": V32, "uptime": V32, "what": ChoiceForm("Alarm")}),
    ("Beat", {"boot": V16, "uptime": V32, "dial": DIAL, "next": V32, "show": V16, "alarm": FLAG}),
]
CUES: list[tuple[str, Fields]] = [
    ("Welcome", {"session": V32, "version": VERSION, "alone": FLAG}),
    ("Ack", {"boot": V16, "next": V32}),
    ("AlarmStored", {"boot": V16, "seq": V32}),
    ("Show", {"number": V16, "mode": ChoiceForm("Mode")}),
    ("Play", {"tone": ChoiceForm("Tone")}),
    ("Pulse", {"show": V16, "dial": DIAL}),
    ("Bye", {"session": V32}),
]


def decode_report(frame: bytes) -> Message | Unknown:
    return decode(REPORTS, frame)


def decode_cue(frame: bytes) -> Message | Unknown:
    return decode(CUES, frame)


def decode(messages: list[tuple[str, Fields]], frame: bytes) -> Message | Unknown:
    if not 1 <= len(frame) <= LONGEST:
        raise FrameError(f"{len(frame)} bytes")
    reader = Reader(bytes(frame))
    number = reader.byte()
    if number >= len(messages):
        return Unknown(number, reader.rest())
    name, forms = messages[number]
    values: dict[str, Any] = {}
    for key, form in forms.items():
        try:
            values[key] = form.read(reader)
        except FrameError as error:
            raise FrameError(f"{name}.{key}: {error}") from None
    return Message(name, values, reader.rest())


def encode_report(name: str, **values: Any) -> bytes:
    return encode(REPORTS, name, values)


def encode_cue(name: str, **values: Any) -> bytes:
    return encode(CUES, name, values)


def encode(messages: list[tuple[str, Fields]], name: str, values: dict[str, Any]) -> bytes:
    for number, (known, forms) in enumerate(messages):
        if known != name:
            continue
        if set(values) != set(forms):
            raise FrameError(f"{name} has the fields {', '.join(forms)}")
        frame = bytes([number]) + b"".join(form.write(values[key]) for key, form in forms.items())
        if len(frame) > LONGEST:
            raise FrameError(f"{name} would be {len(frame)} bytes")
        return frame
    raise FrameError(f"there is no {name}")
