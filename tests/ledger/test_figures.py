"""The ledger that the figures are taken from is a true one."""

from __future__ import annotations

import sys
from pathlib import Path
from random import Random

from kiosk.ledger import Ledger
from kiosk.ledger.verify import problems
from tests.orders import NOW

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


def test_what_the_figures_are_taken_from_follows_from_its_events(tmp_path: Path) -> None:
    """A hundred orders, made in bulk: the chain holds, and every order is what its events say."""
    sys.path.insert(0, str(BENCHMARKS))
    try:
        from _bulk import KIOSK, fill  # type: ignore[import-not-found]
    finally:
        sys.path.remove(str(BENCHMARKS))
    ledger = Ledger(tmp_path / "ledger.db", mode="training", kiosk=KIOSK, at=NOW)
    fill(ledger, 100, NOW, Random(1))  # noqa: S311 - it need only repeat

    assert len(ledger.orders()) == 100
    assert list(problems(ledger)) == []
    ledger.close()
