"""kill -9 in the middle of a closing: it is closed once or not at all, and its paper can be printed afterwards."""

from __future__ import annotations

import signal
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.ledger import shifts
from tests.orders import usd
from tests.world import PIN, World

pytestmark = pytest.mark.prove
PLANTS = Path(__file__).parent / "plants"
CLOSE = ("shift", "close", "--counted", "100", "--clerk", "mei")
PARTS = {
    "counted, nothing closed": ("kiosk.ledger.closing:close_shift before 1", 0),
    "in the transaction, the closing's event written": ("kiosk.ledger.store:Ledger.append after 2", 0),
    "closed, nothing printed": ("kiosk.ledger.closing:close_shift after 1", 1),
    "the paper is claimed": ("kiosk.ledger.jobs:claim_job after 1", 1),
    "printed, not on record": ("kiosk.ledger.jobs:finish_job before 1", 1),
}


@pytest.mark.parametrize("part", PARTS)
def test_a_closing_that_is_killed_is_closed_once_or_not_at_all(kiosk: World, part: str) -> None:
    """Wherever it dies: the same closing again does the rest, and no second one comes of it."""
    cut, closed = PARTS[part]
    with closing(kiosk.house()) as house:
        shifts.open_shift(house.ledger, usd(10000), "clerk:mei", at=house.clock.now())
    usual = kiosk.env
    kiosk.env = usual | {"CUT": cut, "PYTHONPATH": str(PLANTS)}
    kiosk.run(*CLOSE, pin=PIN, code=-signal.SIGKILL)
    kiosk.env = usual

    assert len(kiosk.rows("SELECT 1 FROM events WHERE event = 'shift_closed'")) == closed
    if not closed:
        kiosk.run(*CLOSE, pin=PIN)
    else:
        kiosk.run("shift", "show", "1", "--print")
    assert len(kiosk.rows("SELECT 1 FROM events WHERE event = 'shift_closed'")) == 1
    (*_, paper) = kiosk.twin.receipts
    assert "Exact" in paper
    kiosk.run("verify")
