"""A real disk that is full, or read-only: a small one is mounted for it, so `make prove` runs as root."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from devices.twin import PrinterTwin
from kiosk.sandbox.server import Sandbox
from tests.journeys.terminal import Terminal
from tests.journeys.visits import CASH, WECHAT, to_payment
from tests.world import PIN, World

pytestmark = pytest.mark.prove
SIZE_MB = 40
DO_NOT_PAY = "Please do not pay now, not even a code that you have scanned."


def mount(*arguments: str) -> None:
    done = subprocess.run(["mount", *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stderr}A small disk is mounted here: run `make prove` as root."


@pytest.fixture
def small(tmp_path: Path) -> Iterator[World]:
    """A kiosk whose state folder is a disk of its own."""
    with Sandbox(tmp_path / "sandbox.db", limits=False) as sandbox, PrinterTwin() as twin:
        made = World(tmp_path, sandbox, twin, wechat=True)
        made.state.mkdir()
        mount("-t", "tmpfs", "-o", f"size={SIZE_MB}m,mode=700", "tmpfs", str(made.state))
        try:
            made.run("clerk", "add", "mei", "--role", "owner", pin=PIN)
            yield made
        finally:
            subprocess.run(["umount", "-l", str(made.state)], check=False)


def fill(disk: Path) -> Path:
    """Take all the room there is."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (2**20, 2**12, 1):
            try:
                while file.write(bytes(size)):
                    continue
            except OSError:
                continue
    return filler


def test_a_full_disk_stops_the_sale_at_the_payment_screen_and_service_comes_back(small: World) -> None:
    """The code disappears, the clerk reads why; `kiosk sell` takes no cash; with room, the order goes on as it was."""
    with Terminal(small, 100, 30) as terminal:
        to_payment(terminal, WECHAT)
        terminal.wait_for("Scan with WeChat Pay")
        filler = fill(small.state)
        seen = " ".join(terminal.wait_for(DO_NOT_PAY).split())
        assert "disk" in seen
        assert "full" in seen
        assert "full" in small.sell(code=8)
        assert small.delivered() == []
        filler.unlink()
        terminal.wait_for("Choose your language")
        (order,) = small.orders()
        assert order["state"] == "AUTHORIZING"
        small.sell()

    assert b"Traceback" not in terminal.raw
    assert b"Logging error" not in terminal.raw
    assert len(small.delivered()) == 1
    small.run("verify")


def test_a_disk_that_fills_up_under_the_queue_is_caught_up_with(small: World) -> None:
    """`kiosk sync` says it and goes on by itself; what waits is delivered once."""
    small.turn(endpoint="POST orders/topups", reject=13)
    small.sell("--wait", "1", code=10)
    sync = small.start("sync")
    assert sync.stdout
    assert "Working the queue" in sync.stdout.readline()
    filler = fill(small.state)
    assert "full" in sync.stdout.readline()
    small.clear_faults()
    filler.unlink()
    assert "The ledger works again" in sync.stdout.readline()
    small.wait_for("SELECT 1 FROM orders WHERE state = 'COMPLETED'")
    sync.terminate()
    _, err = sync.communicate(timeout=30)

    assert sync.returncode == 0
    assert err == ""
    assert len(small.delivered()) == 1


def test_a_read_only_disk_is_told_and_waited_out(small: World) -> None:
    """As disks come up after they have failed: no cash is taken; writable again, the kiosk sells by itself."""
    with Terminal(small, 100, 30) as terminal:
        to_payment(terminal, CASH)
        terminal.wait_for("Please pay")
        reference = small.orders()[0]["reference"]
    mount("-o", "remount,ro", str(small.state))
    told = small.run("cash", reference, "--clerk", "mei", pin=PIN, code=8)
    assert "Traceback" not in told
    assert "read-only" in told.lower()
    with Terminal(small, 100, 30) as terminal:
        seen = " ".join(terminal.wait_for(DO_NOT_PAY).split())
        assert "read-only" in seen.lower()
        mount("-o", "remount,rw", str(small.state))
        terminal.wait_for("Choose your language")
        small.run("cash", reference, "--clerk", "mei", pin=PIN)
        small.wait_for("SELECT 1 FROM orders WHERE state = 'COMPLETED'")

    assert b"Traceback" not in terminal.raw
    assert len(small.delivered()) == 1
