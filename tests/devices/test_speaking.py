"""A voice is a program: what it gets, when it ends, and what becomes of a machine without one. And a jack's switch."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from devices import headphones, voice
from devices.jack import Jack
from devices.speaking import SpeakingProgram, lacks
from kiosk.languages import LANGUAGES
from kiosk.speech import Sentence
from kiosk.tables import VoiceTable
from tests.heard import Ear


def ended(speaking: SpeakingProgram) -> None:
    end = time.monotonic() + 10
    while speaking.speaks:
        assert time.monotonic() < end, "it never ends"
        time.sleep(0.02)


def test_a_sentence_reaches_the_program_by_a_pipe_with_its_voice_pace_and_loudness(tmp_path: Path) -> None:
    """Chinese by its own voice; nothing of the words is an argument, which other users of the machine could list."""
    ear = Ear(tmp_path / "ear")
    speaking = SpeakingProgram(str(ear.path))
    speaking.begin(Sentence("请核对。", "zh"), words_a_minute=120, loudness=130)
    ended(speaking)

    assert ear.lines() == [["cmn", "120", "130", "请核对。"]]


def test_a_new_sentence_ends_the_one_before(tmp_path: Path) -> None:
    """Two voices at once are understood by nobody."""
    ear = Ear(tmp_path / "ear", pause_s=30)
    speaking = SpeakingProgram(str(ear.path))
    speaking.begin(Sentence("One.", "en"), words_a_minute=155, loudness=80)
    ear.wait_for("One.")
    before = speaking.speaks
    speaking.begin(Sentence("Two.", "en"), words_a_minute=155, loudness=80)
    ear.wait_for("Two.")
    speaking.stop()

    assert (before, speaking.speaks) == (True, False)
    assert ear.said() == ["One.", "Two."]


def test_a_program_that_is_gone_is_written_down_and_nothing_else(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Who cannot be heard has still the screen."""
    speaking = SpeakingProgram(str(tmp_path / "gone"))
    speaking.begin(Sentence("One.", "en"), words_a_minute=155, loudness=80)

    assert not speaking.speaks
    assert "cannot be started" in caplog.text
    assert "One." not in caplog.text


def test_a_machine_without_the_program_has_no_voice() -> None:
    """Nor one whose owner wants none."""
    assert voice(VoiceTable(program="no-such-program-here")) is None
    assert voice(VoiceTable(program="")) is None
    assert headphones(VoiceTable()) is None
    assert lacks("no-such-program-here") == [*LANGUAGES]


@dataclass
class Switched:
    """One event of an input device, as evdev has it."""

    type: int
    code: int
    value: int


class FakeJack:
    """Bytes in a pipe: each is a switch's event, 1 for in and 0 for out."""

    def __init__(self) -> None:
        self.fd, self._hand = os.pipe()

    def plug(self, value: int) -> None:
        os.write(self._hand, bytes([value]))

    def pull_the_cable(self) -> None:
        os.close(self._hand)

    def read(self) -> Iterator[object]:
        data = os.read(self.fd, 16)
        if not data:
            raise OSError(19, "No such device")
        return iter([Switched(5, 2, value) for value in data] + [Switched(0, 0, 0)])

    def close(self) -> None:
        os.close(self.fd)


def settled(jack: Jack, value: bool | None) -> None:
    end = time.monotonic() + 10
    while jack.plugged is not value:
        assert time.monotonic() < end, f"{jack.plugged} is never {value}"
        time.sleep(0.02)


def test_headphones_are_noticed_in_and_out_and_nobody_knows_where_the_device_is_gone() -> None:
    """Other events of the device say nothing of them."""
    device = FakeJack()
    jack = Jack("/dev/input/event9", lambda name: device)
    assert jack.plugged is None
    device.plug(1)
    settled(jack, True)
    device.plug(0)
    settled(jack, False)
    device.plug(1)
    settled(jack, True)
    device.pull_the_cable()
    settled(jack, None)
    jack.stop()
