"""5,000 receipts through a printer that fails at random: what the jobs say is what the paper says."""

from __future__ import annotations

import random
import re
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from devices import links
from devices.printers import EscposPrinter
from devices.profiles import Profile
from devices.twin import PrinterTwin
from kiosk.errors import DeviceError
from kiosk.receipt import Document, Kind, Paragraph, Title

PROFILE = Profile(columns=42, chinese=True, native_qr=True, cutter=True, answers=True)
RECEIPTS, SEED = 5_000, 7
FAULTS: tuple[dict[str, Any], ...] = (
    {"paper": False},
    {"cover_open": True},
    {"error": True},
    {"near_end": True},
    {"chatty": True},
    {"silent": True},
    {"wrong": True},
    {"hang": True},
    {"late_s": 0.02},
    {"baud": 200_000},
    {"reset_after": 0},
    {"reset_after": 30},
    {"hang_after": 30},
    {"runs_out_after": 30},
)


def descriptors_open() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def receipt(number: int) -> Document:
    return Document(Kind.SALE, "zh", (Title("小票"), Paragraph(f"No. {number:05d}.")))


def at(twin: PrinterTwin, **waits: float) -> EscposPrinter:
    return EscposPrinter("printer", lambda until: links.network(twin.host, twin.port, until), PROFILE, **waits)


def what_came_of(printer: EscposPrinter, number: int) -> str:
    try:
        return "printed" if printer.print(receipt(number)) else "sent"
    except DeviceError as error:
        return "unknown" if error.sent else "failed"


def fault(dice: random.Random, twin: PrinterTwin) -> None:
    """One receipt in four meets a printer that is not well."""
    twin.well()
    if dice.random() < 1 / 4:
        twin.turn(**dice.choice(FAULTS))


@pytest.mark.prove
def test_what_the_jobs_say_is_what_the_paper_says() -> None:
    """Printed and sent: on paper once. Failed: never. Unknown: at most once. No thread or descriptor is left."""
    dice, jobs = random.Random(SEED), {}  # noqa: S311 - dice that repeat
    threads, descriptors = threading.active_count(), descriptors_open()
    with PrinterTwin() as twin:
        printer = at(twin, timeout_s=0.15, ask_wait_s=0.05, late_s=0.06)
        for number in range(RECEIPTS):
            fault(dice, twin)
            jobs[number] = what_came_of(printer, number)
        twin.well()
        came_back = what_came_of(at(twin, timeout_s=20.0, ask_wait_s=20.0, late_s=5.0), RECEIPTS)
    paper = Counter(int(found) for text in twin.receipts for found in re.findall(r"No\. (\d{5})\.", text))
    paper.pop(RECEIPTS, None)
    seen = {word: Counter(paper[number] for number, job in jobs.items() if job == word) for word in set(jobs.values())}
    sys.stdout.write(f"{RECEIPTS} receipts, by how often each is on paper: {seen}\n")

    assert came_back == "printed"
    assert set(seen["printed"]) == {1}
    assert set(seen["failed"]) == {0}
    assert set(seen["unknown"]) <= {0, 1}
    assert set(seen.get("sent", {1: 0})) <= {1}
    assert sum(seen["printed"].values()) > RECEIPTS / 2
    until = time.monotonic() + 10
    while threading.active_count() > threads and time.monotonic() < until:
        time.sleep(0.05)
    assert threading.active_count() <= threads
    assert descriptors_open() <= descriptors
