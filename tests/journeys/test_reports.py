"""The owner looks at yesterday at the counter, in a real terminal, while the ledger is in use."""

from __future__ import annotations

import csv
from datetime import date, timedelta

import pytest

from tests.journeys.terminal import Terminal
from tests.test_report_command import sell
from tests.world import PIN, World

pytestmark = pytest.mark.prove


def test_the_owner_reads_yesterday_and_takes_it_along_as_a_file(kiosk: World) -> None:
    """M, R, one day back: sold, margin and the chart at 80x24; E writes the files, and the page says where."""
    day = date.fromisoformat(sell(kiosk))
    with Terminal(kiosk, 80, 24, command="counter") as counter:
        counter.wait_for("Who is at the counter?", seconds=60)
        counter.press(*"mei", "enter", *PIN, "enter")
        counter.wait_for("Nothing needs anybody")
        counter.press("m")
        counter.wait_for("What else?")
        counter.press("r")
        counter.wait_for("so far")
        counter.press("left")
        counter.wait_for(f"{day:%A} {day.day} {day:%B %Y}")
        page = counter.wait_for("1 order 17.50 USD")
        assert "= 17.50 paid - 0.00 given back - 10.00 cost" in page
        counter.press("pagedown")
        assert "█" in counter.wait_for("half of them within")
        counter.press("e")
        counter.wait_for("Written")
        counter.press("right")
        counter.wait_for(f"{day + timedelta(days=1):%A}")
        counter.press("esc")
        counter.wait_for("What else?")

    (file,) = (kiosk.state / "reports").glob("*.csv")
    assert file.name == f"report-day-{day}.csv"
    rows = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
    assert {"section": "sold", "name": "", "figure": "amount", "value": "17.50", "unit": "USD"} in rows
    assert file.stat().st_mode & 0o777 == 0o600
