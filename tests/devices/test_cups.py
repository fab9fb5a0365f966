"""A queue of CUPS. Its commands are stood in for by scripts that say what CUPS 2.4 says, word for word."""

from __future__ import annotations

from pathlib import Path

import pytest

from devices.cups import CupsPrinter
from devices.encode import escpos
from devices.profiles import MODELS
from kiosk.errors import DeviceError
from kiosk.paper import Condition
from tests.receipts import ORDER, SHOP, printed

PROFILE, DOCUMENT = MODELS["generic-80mm"], printed(ORDER, SHOP)
IDLE = "printer counter is idle.  enabled since Fri Nov 27 15:35:13 2026\n\tForm mounted:\n\tAlerts: none\n"
STOPPED = "printer counter disabled since Fri Nov 27 15:35:13 2026 -\n\tPaused\n\tAlerts: paused\n"
TAKEN = "request id is counter-7 (1 file(s))\n"
WAITING = "counter-7                kiosk             1024   Fri Nov 27 15:35:13 2026\n"


class Cups:
    """lp, lpstat and cancel in a folder of their own, first in the path."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.says("lpstat-p", IDLE)
        self.says("lpstat-o", "")
        self.says("lp", TAKEN)
        self.command("lpstat", 'case "$*" in *-o*) . ./lpstat-o.sh;; *) . ./lpstat-p.sh;; esac')
        self.command("lp", "cat > job; . ./lp.sh")
        self.command("cancel", 'echo "$1" > cancelled')

    def command(self, name: str, script: str) -> None:
        path = self.folder / name
        path.write_text(f"#!/bin/sh\ncd {self.folder}\n{script}\n", encoding="utf-8")
        path.chmod(0o700)

    def says(self, what: str, out: str, *, fails: str = "") -> None:
        self.folder.joinpath(f"{what}.txt").write_text(fails or out, encoding="utf-8")
        tail = " >&2; exit 1" if fails else ""
        self.folder.joinpath(f"{what}.sh").write_text(f"cat {what}.txt{tail}\n", encoding="utf-8")

    @property
    def job(self) -> bytes:
        return path.read_bytes() if (path := self.folder / "job").exists() else b""


@pytest.fixture
def cups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cups:
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return Cups(tmp_path)


def refusal(timeout_s: float = 5.0) -> tuple[str, bool]:
    with pytest.raises(DeviceError) as caught:
        CupsPrinter("counter", PROFILE, timeout_s).print(DOCUMENT)
    return str(caught.value), caught.value.sent


def test_a_job_that_has_left_the_queue_is_sent(cups: Cups) -> None:
    """The bytes of the receipt and no others; nobody says that it is printed."""
    assert CupsPrinter("counter", PROFILE, 5.0).print(DOCUMENT) is False
    assert cups.job == escpos(DOCUMENT, PROFILE)
    assert not (cups.folder / "cancelled").exists()


@pytest.mark.parametrize(
    ("told", "condition"),
    [
        (IDLE, Condition.UNKNOWN),
        (STOPPED, Condition.OFFLINE),
        (IDLE.replace("none", "media-empty-error"), Condition.OUT),
        (IDLE.replace("none", "cover-open-warning media-low-report"), Condition.COVER),
        (IDLE.replace("none", "media-low-report"), Condition.NEAR_END),
        (IDLE.replace("none", "offline-report"), Condition.OFFLINE),
    ],
)
def test_a_queue_says_how_its_printer_is(cups: Cups, told: str, condition: Condition) -> None:
    """By the reasons that IPP knows. Where it must not print, nothing is queued."""
    cups.says("lpstat-p", told)

    assert CupsPrinter("counter", PROFILE, 5.0).look().condition is condition
    if not condition.prints:
        assert refusal()[1] is False
        assert cups.job == b""


def test_what_cups_refuses_is_said_in_its_words(cups: Cups) -> None:
    """An unknown queue, a queue that takes nothing: nothing was sent."""
    cups.says("lp", "", fails='lp: Destination "counter" is not accepting jobs.\n')
    refused = refusal()
    cups.says("lpstat-p", "", fails='lpstat: Invalid destination name in list "counter".\n')
    unknown = refusal()

    assert refused == ('The printer counter of CUPS refused: Destination "counter" is not accepting jobs.', False)
    assert 'Invalid destination name in list "counter".' in unknown[0]
    assert unknown[1] is False


def test_a_job_that_stays_in_the_queue_is_taken_back(cups: Cups) -> None:
    """It would print by itself when the printer is back."""
    cups.says("lpstat-o", WAITING)
    said, sent = refusal(timeout_s=0.05)

    assert "held the receipt back; it was cancelled" in said
    assert sent is True
    assert (cups.folder / "cancelled").read_text(encoding="utf-8") == "counter-7\n"


def test_a_machine_without_cups_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The commands are not there."""
    monkeypatch.setenv("PATH", str(tmp_path))

    assert "lpstat cannot be run" in refusal()[0]
