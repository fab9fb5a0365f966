"""A stranger pays cash while the printer misbehaves: the sale completes, keys stay fast, the paper's row is true."""

from __future__ import annotations

import select
import statistics
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest

from kiosk.clock import SteadyClock
from kiosk.ledger.jobs import CUT
from kiosk.printing import see_to_cut_jobs
from tests.journeys.terminal import KEYS, Terminal
from tests.world import PIN, SIM, World

STROKES = 40


def pays(terminal: Terminal, kiosk: World) -> str:
    """From the welcome screen to the end of the visit. The order's reference."""
    terminal.wait_for("Choose your language")
    terminal.press("1")
    terminal.wait_for("What is the number of your card?")
    terminal.press(*SIM, "enter")
    terminal.wait_for("Choose a plan")
    terminal.press("5")
    terminal.wait_for("$24.50")
    terminal.press("1")
    terminal.wait_for("Please pay")
    reference = str(next(order["reference"] for order in kiosk.orders() if order["state"] == "AUTHORIZING"))
    kiosk.run("cash", reference, "--clerk", "mei", "--tendered", "30", pin=PIN)
    terminal.wait_for("Delivered: 10 GB")
    return reference


def keystrokes_s(terminal: Terminal) -> list[float]:
    """From each key to the first byte of the answer."""
    found = []
    for _ in range(STROKES):
        terminal.look(0.06)
        began = time.perf_counter()
        terminal.process.send(KEYS["down"])
        select.select([terminal.process.child_fd], [], [], 5)
        found.append(time.perf_counter() - began)
    return found


def paper(kiosk: World, order: str) -> list[tuple[str, str]]:
    rows = kiosk.rows("SELECT order_id, kind, status FROM print_jobs WHERE kind = 'sale' ORDER BY id")
    return [(row["kind"], row["status"]) for row in rows if row["order_id"] == order]


@pytest.mark.prove
def test_keys_stay_fast_while_the_printer_hangs(kiosk: World) -> None:
    """Against the same screen of the same run while it prints well. A hung printer gets nothing."""
    kiosk.set("timeout_s = 15", "timeout_s = 2\n")
    with Terminal(kiosk) as terminal:
        first = pays(terminal, kiosk)
        terminal.wait_for("receipt is printed")
        well = keystrokes_s(terminal)
        terminal.press("enter")
        terminal.wait_for("Choose your language")
        kiosk.twin.turn(hang=True)
        second = pays(terminal, kiosk)
        terminal.wait_for("is being printed")
        hung = keystrokes_s(terminal)
        seen = terminal.look()
        terminal.wait_for("There is no paper receipt")
        kiosk.twin.turn(hang=False)
        kiosk.run("receipt", second)

    ratios = [pick(hung) / pick(well) for pick in (statistics.median, max)]
    sys.stdout.write(f"a key while the printer hangs, against one while it is well: {ratios[0]:.2f} (median)\n")
    assert "is being printed" in seen
    assert [order["state"] for order in kiosk.orders()] == ["COMPLETED"] * 2
    assert paper(kiosk, first) == [("sale", "printed")]
    assert paper(kiosk, second) == [("sale", "failed"), ("sale", "printed")]
    assert len(kiosk.twin.receipts) == 2
    assert ratios[0] < 3
    kiosk.run("verify")


@pytest.mark.prove
def test_a_power_cut_in_the_middle_of_a_receipt_leaves_it_unknown(kiosk: World) -> None:
    """It never prints again by itself; the clerk sees it, and what is then printed is a COPY."""
    kiosk.set("timeout_s = 15", "timeout_s = 2\n")
    kiosk.twin.turn(hang_after=300)
    with Terminal(kiosk) as terminal:
        order = pays(terminal, kiosk)
        kiosk.wait_for("SELECT 1 FROM print_jobs WHERE status = 'printing'")
        terminal.kill()
    kiosk.twin.turn(hang=False)
    house = kiosk.house(SteadyClock(lambda: datetime.now(UTC) + timedelta(minutes=2)))
    see_to_cut_jobs(house.ledger, house.config, house.clock)
    house.close()
    review = kiosk.run("review")
    kiosk.run("receipt", order)

    assert paper(kiosk, order) == [("sale", "unknown"), ("sale", "printed")]
    assert CUT in review
    assert "COPY" in kiosk.twin.receipts[-1]
    assert len(kiosk.twin.receipts) <= 2
