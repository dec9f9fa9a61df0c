"""Parses `crates/wire/GATT.md`, so that the page, this folder and a clicker can be compared by machine. Knows only the
page's layout; its callers know the meaning."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PAGE = Path(__file__).resolve().parents[3] / "crates" / "wire" / "GATT.md"


class PageError(ValueError):
    """The page has a layout that this parser does not know."""


@dataclass
class Characteristic:
    name: str
    uuid: str
    does: str
    link: str
    value: str

    @property
    def guarded(self) -> bool:
        return self.link != "any"


@dataclass
class Service:
    name: str
    uuid: str
    characteristics: list[Characteristic] = field(default_factory=list)


@dataclass
class Example:
    frame: bytes
    name: str
    values: dict[str, Any]


@dataclass
class Described:
    """One message: its number, its fields with their forms, its examples."""

    number: int
    name: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    examples: list[Example] = field(default_factory=list)


@dataclass
class Page:
    service_uuid: str
    services: list[Service]
    refusals: list[int]
    reports: list[Described]
    cues: list[Described]
    # Names of each choice in the order of their numbers, with their values.
    choices: dict[str, list[tuple[str, str | None]]]

    def service(self, name: str) -> Service:
        return found(self.services, name)

    def characteristic(self, name: str) -> Characteristic:
        return found([each for service in self.services for each in service.characteristics], name)


def found(things: list, name: str) -> Any:
    for thing in things:
        if thing.name == name:
            return thing
    raise PageError(f"the page has no {name}")


def read_page(path: Path = PAGE) -> Page:
    text = path.read_text(encoding="utf-8")
    parts = dict(sections(text, "## "))
    services = read_services(parts["GATT table"])
    # The first indented line names the service that is advertised.
    advertised = re.search(r"^ {4}([0-9a-f-]{36})$", parts["Advertising"], re.MULTILINE)
    if not advertised:
        raise PageError("no advertised service")
    return Page(
        service_uuid=advertised.group(1),
        services=services,
        refusals=[int(code, 16) for code in re.findall(r"0x([0-9A-F]{2})\b", parts["Pairing and security"])],
        reports=read_messages(parts["Reports: clicker to laptop"]),
        cues=read_messages(parts["Cues: laptop to clicker"]),
        choices=dict(read_choices(parts["Choices"])),
    )


def sections(text: str, mark: str) -> list[tuple[str, str]]:
    pieces = re.split(f"^{re.escape(mark)}(.*)$", text, flags=re.MULTILINE)
    return [(title.strip(), body) for title, body in zip(pieces[1::2], pieces[2::2])]


def rows(text: str) -> list[list[str]]:
    """Rows of the tables in `text`, without their headers."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]
    rule = next((at for at, row in enumerate(cells) if all(set(cell) <= {"-"} and cell for cell in row)), None)
    if rule is None:
        raise PageError("a section without a table")
    return cells[rule + 1 :]


def read_services(text: str) -> list[Service]:
    services: list[Service] = []
    for name, uuid, does, link, value in rows(text):
        uuid = uuid.strip("`")
        if does == "service":
            services.append(Service(name.strip("*"), uuid))
        else:
            services[-1].characteristics.append(Characteristic(name, uuid, does, link, value))
    return services


def read_messages(text: str) -> list[Described]:
    messages = []
    for title, body in sections(text, "### "):
        number, name = title.split(": ")
        message = Described(int(number), name)
        message.fields = [(key.strip("`"), form) for key, form, _ in rows(body)]
        for frame, said in re.findall(r"^`((?:[0-9a-f]{2} ?)+)` is `(.*)`\.$", body, re.MULTILINE):
            kind, values = Notation(said).message()
            message.examples.append(Example(bytes.fromhex(frame), kind, values))
        messages.append(message)
    return messages


def read_choices(text: str) -> list[tuple[str, list[tuple[str, str | None]]]]:
    choices = []
    for title, body in sections(text, "### "):
        names: list[tuple[str, str | None]] = []
        for number, said, _ in rows(body):
            if int(number) != len(names):
                raise PageError(f"{title}: {number} out of order")
            match = re.fullmatch(r"`(\w+)`(?:, then (.*))?", said)
            if not match:
                raise PageError(f"{title}: {said}")
            names.append((match.group(1), match.group(2)))
        choices.append((title, names))
    return choices


class Notation:
    """Parses the notation of the page's examples, `Name { key: value }`, into values of `frames`."""

    def __init__(self, text: str) -> None:
        self.tokens = re.findall(r"\w+|[{}():,]", text)
        self.at = 0

    def next(self, wanted: str | None = None) -> str:
        if self.at >= len(self.tokens):
            raise PageError("an example that ends too early")
        token = self.tokens[self.at]
        if wanted and token != wanted:
            raise PageError(f"{token} where {wanted} was expected")
        self.at += 1
        return token

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def message(self) -> tuple[str, dict[str, Any]]:
        return self.next(), self.record()

    def record(self) -> dict[str, Any]:
        values: dict[str, Any] = {}
        self.next("{")
        while self.peek() != "}":
            key = self.next()
            self.next(":")
            values[key] = self.value()
            if self.peek() == ",":
                self.next()
        self.next("}")
        return values

    def value(self) -> Any:
        token = self.next()
        if token.isdigit():
            return int(token)
        if token in ("true", "false"):
            return token == "true"
        if token == "None":
            return None
        if self.peek() == "{":
            record = self.record()
            return (record["major"], record["minor"]) if token == "Version" else record
        if self.peek() == "(":
            self.next("(")
            inner = self.value()
            self.next(")")
            return inner if token in ("Some", "Dial") else (token, inner)
        return token
