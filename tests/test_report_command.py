"""`kiosk report`, the real program: the text, the sheet, the file, and what it refuses."""

from __future__ import annotations

import csv
import json
from contextlib import closing
from datetime import timedelta
from io import StringIO

import pytest

from kiosk.facts import Event, Fact
from tests.orders import a_fact, an_order
from tests.world import World

pytestmark = pytest.mark.prove


def sell(kiosk: World) -> str:
    """One order of yesterday, delivered after four seconds. Returns its day, by the shop's calendar."""
    with closing(kiosk.house()) as house:
        paid_at = house.clock.now() - timedelta(days=1)
        times = {"opened_at": paid_at, "since_at": paid_at, "expires_at": paid_at + timedelta(minutes=5)}
        order = house.ledger.open_order(an_order(**times), "customer", due_at=paid_at)
        order = house.ledger.record(order, a_fact(Event.PAID), at=paid_at)
        done = (a_fact(Event.DELIVERED), Fact(event=Event.CAPTURED, by="queue"))
        house.ledger.record(order, *done, at=paid_at + timedelta(seconds=4))
        return paid_at.astimezone(house.config.zone).date().isoformat()


def test_a_day_is_told_as_text_csv_json_and_into_a_file(kiosk: World) -> None:
    """The same figures each time; nobody but the owner reads the file."""
    day = sell(kiosk)
    text = kiosk.run("report", "day", "--date", day)
    sheet = list(csv.DictReader(StringIO(kiosk.run("report", "day", "--date", day, "--csv"))))
    told = json.loads(kiosk.run("report", "day", "--date", day, "--json"))
    file = kiosk.folder / "report.csv"
    kiosk.run("report", "day", "--date", day, "--csv", "--output", str(file))

    assert "Sold                    1 order         17.50 USD" in text
    assert "= 17.50 paid - 0.00 given back - 10.00 cost of what was delivered" in text
    assert "█ half of them within" in text
    assert {"section": "sold", "name": "", "figure": "amount", "value": "17.50", "unit": "USD"} in sheet
    assert told["sold"] == [{"orders": 1, "amount_minor": 1750, "currency": "USD"}]
    assert list(csv.DictReader(StringIO(file.read_text(encoding="utf-8")))) == sheet
    assert file.stat().st_mode & 0o777 == 0o600


def test_what_cannot_be_told_is_refused_with_the_reason(kiosk: World) -> None:
    """A day that has not been, two formats at once, a folder that is not there."""
    assert "2099-01-01 has not been yet" in kiosk.run("report", "day", "--date", "2099-01-01", code=2)
    assert "Either --csv or --json" in kiosk.run("report", "week", "--csv", "--json", code=2)
    assert "cannot be written" in kiosk.run("report", "month", "--output", str(kiosk.folder / "no" / "f"), code=1)
