"""A real ledger in a real file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.ledger import Ledger
from tests.orders import a_ledger


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """A new live ledger of kiosk K07."""
    made = a_ledger(tmp_path)
    yield made
    made.close()
