"""The thin shell under load: threads and processes at one ledger, holders that are killed, thousands of orders."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.ledger.verify import problems
from tests.crash.rush import Rush
from tests.crash.series import PLANTS

pytestmark = pytest.mark.prove


def test_five_thousand_orders_through_threads_and_killed_holders_end_in_one_place_each(tmp_path: Path) -> None:
    """No deadlock, no order twice, none forgotten: what was paid is executed once, or the cash went back."""
    rush = Rush(tmp_path, 5000, seed=1)
    rush.run(takeovers=6)

    assert list(rush.disagreements()) == []
    assert list(problems(rush.shop.ledger)) == []
    assert sum(rush.counted().values()) == 5000
    assert rush.happened["refused"] >= 1
    assert rush.happened["taken over"] == 3


def test_a_rush_would_notice_a_top_up_sent_twice(tmp_path: Path) -> None:
    """The same with a planted defect: a top-up in doubt is sent again."""
    rush = Rush(tmp_path, 300, seed=2, PYTHONPATH=str(PLANTS), DEFECT="resend without a look")
    rush.run(takeovers=0)

    assert any("executed 2 times" in wrong for wrong in rush.disagreements())
