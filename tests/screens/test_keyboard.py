"""No byte from a terminal ends the screens, and the key after it works. A hundred thousand: journeys/test_fuzz.py."""

from __future__ import annotations

import random
import time

import pytest
from textual import events

from screens.keyboard import Ear
from tests.journeys.fuzz import inputs, pieces


def keys(ear: Ear, *pressed: bytes) -> list[str]:
    return [event.key for data in pressed for event in ear.hear(data) if isinstance(event, events.Key)]


@pytest.mark.parametrize("data", [b"\xd5", b"\xff\xfe", b"\xc3(", b"\xed\xa0\x80", b"\xf0\x9f\x99"])
def test_a_byte_that_is_no_letter_is_nobodys(data: bytes) -> None:
    """A scanner of another alphabet, a line that breaks: Textual's own driver ends the program by it."""
    ear = Ear()

    assert [key for key in keys(ear, b"1", data, b"2") if key.isdecimal()] == ["1", "2"]


def test_a_letter_that_comes_in_pieces_is_one() -> None:
    """As a line may cut it."""
    ear = Ear()
    heard = [event for byte in "中".encode() for event in ear.hear(bytes([byte])) if isinstance(event, events.Key)]

    assert [event.character for event in heard] == ["中"]


def test_a_report_that_makes_no_sense_deafens_nobody(caplog: pytest.LogCaptureFixture) -> None:
    """A window of no size, and a touch in it: what comes next is heard. What came is not in the log."""
    ear = Ear()

    assert keys(ear, b"\x1b[48;24;80;0;0t", b"\x1b[<0;5;5M", b"7") == ["7"]
    assert all("48" not in record.getMessage() for record in caplog.records)


def test_whatever_comes_in_the_next_key_is_heard() -> None:
    """Some thousand inputs of any kind, cut anywhere; then whatever was begun is ended."""
    ear, dice = Ear(), random.Random(3)  # noqa: S311 - it need only repeat
    for piece in pieces(b"".join(inputs(3, 3_000)), dice):
        for _ in ear.hear(piece):
            pass

    keys(ear, b"\x1b[201~", b"\x1b\\")
    time.sleep(0.15)  # then it was no sequence
    keys(ear, b"")
    assert keys(ear, b"7") == ["7"]
