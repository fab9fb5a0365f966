"""What the tests of the counter may ask for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from devices.twin import PrinterTwin
from kiosk.assembly import House
from kiosk.config import load
from kiosk.holder import drain
from kiosk.post import outbox
from kiosk.sandbox.server import Sandbox
from kiosk.train.room import furnish, hire
from kiosk.train.shop import Shop
from tests.providers.fakes import FixedClock
from tests.screens.counter.desk import a_desk
from tests.screens.room import Room


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Room]:
    """A shop with two clerks."""
    made = a_desk(tmp_path)
    yield made
    made.close()


@pytest.fixture
def shop(tmp_path: Path, keys: Path) -> Iterator[Shop]:
    """The shop of `kiosk train`, whose time goes on when a test says so."""
    clock = FixedClock()
    with (
        Sandbox(tmp_path / "sandbox.db", limits=False, clock=clock.now) as sandbox,
        PrinterTwin() as paper,
        closing(House(load(furnish(tmp_path, sandbox.url, paper.port)), clock)) as house,
    ):
        house.ledger.database.execute("PRAGMA synchronous = OFF")  # no test here cuts the machine's own power
        hire(house)
        queue, letters = house.queue(), outbox(house)

        def a_moment_later() -> None:
            clock.forward(seconds=2)
            drain(queue)
            drain(letters)

        yield Shop(house, sandbox.url, paper, a_moment_later)
