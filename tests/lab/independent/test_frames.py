"""Tests `frames` against the page, against invalid bytes and against itself: `python -m unittest` in this folder."""

import random
import unittest

from frames import (
    CHOICES, CUES, LONGEST, REPORTS, FrameError, Message, Unknown, decode_cue, decode_report, encode, encode_cue,
    encode_report,
)  # fmt: skip
from page import read_page

PAGE = read_page()
BOTH = [(REPORTS, PAGE.reports, decode_report), (CUES, PAGE.cues, decode_cue)]


class ThePage(unittest.TestCase):
    """The page and `frames` agree."""

    def test_messages_and_fields(self) -> None:
        for known, described, _ in BOTH:
            self.assertEqual([each.number for each in described], list(range(len(described))))
            self.assertEqual([each.name for each in described], [name for name, _ in known])
            for each, (name, forms) in zip(described, known):
                self.assertEqual(each.fields, [(key, form.text) for key, form in forms.items()], name)

    def test_choices(self) -> None:
        told = {
            title: [(name, None if held is None else held.text) for name, held in names]
            for title, names in CHOICES.items()
        }
        self.assertEqual(PAGE.choices, told)

    def test_examples(self) -> None:
        for known, described, decode in BOTH:
            for each in described:
                self.assertTrue(each.examples, f"{each.name} has no example")
                for example in each.examples:
                    message = decode(example.frame)
                    self.assertEqual(message, Message(example.name, example.values))
                    self.assertEqual(message.extra, b"")
                    self.assertEqual(encode(known, example.name, example.values), example.frame)

    def test_the_table_and_the_refusals(self) -> None:
        self.assertEqual(PAGE.services[0].uuid, PAGE.service_uuid)
        # For too little security; for an access the characteristic does not have; for a value that is too long.
        self.assertEqual(PAGE.refusals, [0x05, 0x08, 0x0F, 0x02, 0x03, 0x0D])
        guarded = [each.name for service in PAGE.services for each in service.characteristics if each.guarded]
        self.assertEqual(guarded, ["Report", "Cue", "Version"])


def any_value(form, chance: random.Random):
    """A random value of the form, often at the ends of its range."""
    if hasattr(form, "bits"):
        top = (1 << form.bits) - 1
        return chance.choice([0, 1, 127, 128, top, chance.randint(0, top)])
    if hasattr(form, "low"):
        return chance.randint(form.low, form.high)
    if hasattr(form, "name"):
        name, held = chance.choice(CHOICES[form.name])
        return name if held is None else (name, any_value(held, chance))
    kind = type(form).__name__
    if kind == "Flag":
        return chance.random() < 0.5
    if kind == "VersionForm":
        return (chance.randint(0, 255), chance.randint(0, 255))
    return chance.choice([None, chance.randint(1, 10)])


class RoundTrips(unittest.TestCase):
    def test_every_message(self) -> None:
        chance = random.Random(1)
        for known, _, decode in BOTH:
            for name, forms in known:
                for _ in range(500):
                    values = {key: any_value(form, chance) for key, form in forms.items()}
                    frame = encode(known, name, values)
                    self.assertLessEqual(len(frame), LONGEST)
                    self.assertEqual(decode(frame), Message(name, values))

    def test_the_longest_of_each_fits(self) -> None:
        for known, _, _ in BOTH:
            for name, forms in known:
                for choices in (0, -1):
                    values = {key: widest(form, choices) for key, form in forms.items()}
                    self.assertLessEqual(len(encode(known, name, values)), LONGEST, name)


def widest(form, choice: int):
    if hasattr(form, "bits"):
        return (1 << form.bits) - 1
    if hasattr(form, "name"):
        names = CHOICES[form.name]
        holding = [each for each in names if each[1] is not None] or names
        name, held = holding[choice]
        return name if held is None else (name, widest(held, choice))
    return {"Byte": 10, "Flag": True, "VersionForm": (255, 255), "Dial": 10}[type(form).__name__]


class Rubbish(unittest.TestCase):
    """Any bytes give either a message or `FrameError`."""

    def test_any_bytes(self) -> None:
        chance = random.Random(2)
        for _ in range(50_000):
            frame = chance.randbytes(chance.randint(0, 24))
            self.survives(frame)

    def test_every_example_cut_and_changed(self) -> None:
        for _, described, _ in BOTH:
            for example in (example for each in described for example in each.examples):
                for length in range(len(example.frame)):
                    with self.assertRaises(FrameError):
                        (decode_report if described is PAGE.reports else decode_cue)(example.frame[:length])
                for at in range(len(example.frame)):
                    for byte in range(256):
                        self.survives(example.frame[:at] + bytes([byte]) + example.frame[at + 1 :])

    def survives(self, frame: bytes) -> None:
        for decode in (decode_report, decode_cue):
            try:
                self.assertIsInstance(decode(frame), (Message, Unknown))
            except FrameError:
                pass

    def test_what_is_refused(self) -> None:
        for frame in (
            b"",
            bytes(21),
            bytes.fromhex("05ac02010b"),  # a dial of 11
            bytes.fromhex("05ac020100"),  # a dial of 0
            bytes.fromhex("05ac020205"),  # neither 0 nor 1 before the dial
            bytes.fromhex("00f403010002"),  # a flag of 2
            bytes.fromhex("0102ffffffffff01"),  # more than 32 bits
            bytes.fromhex("01ffff0405"),  # more than 16 bits
            bytes.fromhex("01808080000005"),  # four bytes for 16 bits
        ):
            with self.assertRaises(FrameError, msg=frame.hex()):
                decode_cue(frame)

    def test_values_that_cannot_be_said(self) -> None:
        for name, values in (
            ("Show", {"number": 65536, "mode": "Rate"}),
            ("Show", {"number": 1, "mode": "Press"}),
            ("Show", {"number": 1}),
            ("Pulse", {"show": 1, "dial": 0}),
            ("Welcome", {"session": True, "version": (1, 0), "alone": False}),
            ("Shout", {}),
        ):
            with self.assertRaises(FrameError):
                encode_cue(name, **values)


class LaterVersions(unittest.TestCase):
    def test_a_longer_message(self) -> None:
        frame = encode_cue("Bye", session=300) + b"\x07\x08"
        message = decode_cue(frame)
        self.assertEqual(message, Message("Bye", {"session": 300}))
        self.assertEqual(message.extra, b"\x07\x08")

    def test_an_unknown_message(self) -> None:
        self.assertEqual(decode_report(b"\x63\x01"), Unknown(0x63, b"\x01"))

    def test_an_unknown_choice(self) -> None:
        frame = encode_report("Clicked", boot=1, seq=2, uptime=3, show=4, means=Unknown(99, b"\x01\x02"))
        self.assertEqual(decode_report(frame)["means"], Unknown(99, b"\x01\x02"))


if __name__ == "__main__":
    unittest.main()
