"""A ledger with two days whose figures are known."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kiosk.ledger import Ledger
from tests.orders import a_ledger
from tests.reports.planted import plant


@pytest.fixture(scope="package")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    """What `plant` has planted: these tests only read."""
    ledger = a_ledger(tmp_path_factory.mktemp("planted"))
    plant(ledger)
    yield ledger
    ledger.close()
