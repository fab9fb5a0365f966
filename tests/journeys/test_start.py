"""The first seconds: what a customer sees of a kiosk that starts."""

from __future__ import annotations

import time

from tests.journeys.terminal import Terminal
from tests.world import World


def test_the_first_picture_stays_where_it_is(kiosk: World) -> None:
    """On a large terminal, too: what moves away from under a finger is missed."""
    with Terminal(kiosk, 120, 40) as terminal:
        rows: set[int] = set()
        painted = 0.0
        while not painted or time.monotonic() < painted + 2:
            found = [row for row, line in enumerate(terminal.look(0.005).split("\n")) if "1  English" in line]
            rows.update(found)
            painted = painted or (time.monotonic() if found else 0.0)

    assert len(rows) == 1
