"""`kiosk serve` as it really runs: a process, and those of its pages' screens."""

from __future__ import annotations

import re
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.world import World


@dataclass
class Served:
    """A `kiosk serve` that runs."""

    url: str
    process: subprocess.Popen[str]
    ends: bool = False

    def end(self) -> None:
        """As systemd does: once."""
        if not self.ends:
            self.ends = True
            self.process.send_signal(signal.SIGTERM)

    def screens(self) -> list[int]:
        """The processes of its pages' screens."""
        return screens_of(self.process.pid)

    def wait_for_screens(self, count: int, seconds: float = 20) -> list[int]:
        end = time.monotonic() + seconds
        while len(found := self.screens()) != count:
            assert time.monotonic() < end, f"{found}, and not {count}"
            time.sleep(0.05)
        return found


@contextmanager
def served(kiosk: World, *arguments: str, grace_s: float = 30, seats_max: int = 4) -> Iterator[Served]:
    """`kiosk serve`, at any free port. At the end it leaves in peace."""
    if "[serve]" not in kiosk.config.read_text(encoding="utf-8"):
        kiosk.set(f"[serve]\ngrace_s = {grace_s}\nseats_max = {seats_max}\n")
    process = kiosk.start("serve", "--port", "0", *arguments)
    server = Served("", process)
    try:
        server.url = address_of(process)
        yield server
    finally:
        server.end()
        _, errors = process.communicate(timeout=30)
    assert (process.returncode, errors) == (0, "")


def address_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    while line := process.stdout.readline():
        if match := re.search(r"(?:screens are|counter is) at (http://\S+)", line):
            return match[1]
    raise AssertionError(process.communicate()[1])


def screens_of(server: int) -> list[int]:
    """The processes that this one has started, and that live."""
    return [int(pid) for pid in Path(f"/proc/{server}/task/{server}/children").read_text(encoding="utf-8").split()]
