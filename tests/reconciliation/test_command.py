"""The real `kiosk reconcile`, a process of its own, the day after a sale at each rail's sandbox."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from kiosk.abilities import HasBill
from kiosk.order import State
from tests.sandbox.conftest import PLAIN
from tests.tenders.alipay_rail import ALIPAY
from tests.tenders.antom_rail import ANTOM
from tests.tenders.card_rail import CARD
from tests.tenders.till import Till, opened
from tests.tenders.wechat_rail import WECHAT

pytestmark = pytest.mark.prove

AGO = timedelta(hours=36)
"""So long after a sale, the bill of its day is there at every rail."""
LESS = {
    "wechat": "UPDATE wechat_payments SET total = total - 1",
    "alipay": "UPDATE alipay_trades SET total = total - 1",
    "antom": "UPDATE antom_payments SET amount = amount - 1",
    "stripe": """UPDATE stripe_objects SET body =
                 json_set(body, '$.amount_captured', json_extract(body, '$.amount') - 1) WHERE kind = 'charge'""",
}


@pytest.fixture(params=[WECHAT, ALIPAY, ANTOM, CARD], ids=lambda rail: rail.remote)
def till(keys: Path, request: pytest.FixtureRequest) -> Iterator[Till]:
    """A kiosk one and a half days ago, whose sale of that day is delivered; since then nothing has happened."""
    rail = request.param
    reports = f'reports = "{keys}"\n' if rail is ANTOM else ""
    with opened(keys, rail, settings=reports) as made:
        made.clock.at = datetime.now(UTC) - AGO
        made.show()
        made.pay()
        made.wait(minutes=2)
        assert made.order.state is State.COMPLETED
        made.clock.at = datetime.now(UTC)
        yield made


def day_of(till: Till) -> date:
    assert isinstance(till.tender, HasBill)
    return (datetime.now(UTC) - AGO).astimezone(till.tender.bill_zone).date()


def fetch(till: Till) -> None:
    """What the owner does at Antom's dashboard."""
    if till.rail is ANTOM:
        name = f"transactionItems_{day_of(till):%Y%m%d}_000.csv"
        page = f"{till.world.sandbox.url}/antom/v1/settlements/M1/{day_of(till):%Y%m%d}/{name}"
        (till.world.folder / name).write_bytes(httpx.get(page, verify=PLAIN).content)


def reconciled(till: Till, *, code: int) -> dict[str, Any]:
    said = till.world.run("reconcile", "--date", day_of(till).isoformat(), "--json", code=code)
    found: dict[str, Any] = json.loads(said)
    return found


def test_a_day_in_order_ends_with_zero_and_the_same_sum_three_ways(till: Till) -> None:
    """The rail's bill, the ledger; and the provider is asked as well."""
    fetch(till)

    found = reconciled(till, code=0)

    (rail,) = found["rails"]
    total = till.order.total
    assert (
        rail["in"]["theirs"] == rail["in"]["ours"] == {"amount_minor": total.amount_minor, "currency": total.currency}
    )
    assert (rail["entries"], rail["agree"], found["differences"], found["unanswered"]) == (1, True, [], [])


def test_a_cent_less_in_the_rails_books_ends_with_one_and_before_a_clerk(till: Till) -> None:
    """Told again the next time, and filed once."""
    with closing(sqlite3.connect(till.world.folder / "sandbox.db")) as db, db:
        assert db.execute(LESS[till.rail.remote]).rowcount == 1
    fetch(till)

    first, second = (reconciled(till, code=1) for _ in range(2))

    assert [each["kind"] for each in first["differences"]] == ["amount"]
    assert first["differences"] == second["differences"]
    assert len(till.findings()) == 1


def test_a_bill_that_cannot_be_had_ends_with_six(till: Till) -> None:
    """Nothing is said to be in order, nor to be missing."""
    if till.rail is not ANTOM:  # whose file is simply not there
        till.turn(garbage=True)

    found = reconciled(till, code=6)

    assert (found["rails"], found["differences"]) == ([], [])
    assert len(found["unanswered"]) == 1
    assert till.findings() == []
