"""A ledger with two days whose figures are known."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.ledger import Ledger
from tests.orders import a_ledger
from tests.reports.planted import plant


@pytest.fixture
def planted(tmp_path: Path) -> Iterator[Ledger]:
    """What `plant` has planted."""
    ledger = a_ledger(tmp_path)
    plant(ledger)
    yield ledger
    ledger.close()
