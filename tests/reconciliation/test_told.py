"""What `kiosk reconcile` says of a day, and the exit code that a script goes by."""

from __future__ import annotations

from datetime import date

import pytest

from kiosk.cli.reconcile import exit_code, tell, told
from kiosk.money import Money
from kiosk.reconciliation.day import Report
from kiosk.reconciliation.differences import Difference, Kind
from kiosk.reconciliation.money import Totals

DAY = date(2026, 11, 22)
EIGHTEEN, NOTHING = Money(1800, "USD"), Money(0, "USD")
AGREE = Totals("card", EIGHTEEN, EIGHTEEN, NOTHING, NOTHING, entries=1, under_way=0)
STRANGE = Difference(Kind.MONEY_WITHOUT_ORDER, "card", "card has 18.00 USD, and the ledger has no such order")
MISSING = "There is no bill of alipay for 2026-11-22: put the report into the folder."


def test_a_day_in_order_says_so_with_its_totals(capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 0, and nothing on the error stream."""
    report = Report(DAY, totals=[AGREE], top_ups={"airalo": 1})
    tell(report)
    said = capsys.readouterr()

    assert exit_code(report) == 0
    assert said.out.splitlines() == [
        "card: 18.00 USD came in, 0.00 USD went back (1 entry); the ledger says the same",
        "airalo: 1 top-up delivered",
        "2026-11-22: no differences.",
    ]
    assert said.err == ""


def test_books_that_could_not_be_compared_are_no_day_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 6; the last line does not speak for what nobody has seen."""
    report = Report(DAY, totals=[AGREE], unanswered=[MISSING])
    tell(report)
    said = capsys.readouterr()

    assert exit_code(report) == 6
    assert said.out.splitlines()[-1] == "2026-11-22: no differences in what could be compared."
    assert said.err == f"{MISSING}\n"


def test_a_difference_is_one_line_with_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 1, also where other books could not be compared; a script reads the same."""
    report = Report(DAY, differences=[STRANGE], totals=[AGREE], unanswered=[MISSING])
    tell(report)
    lines = capsys.readouterr().out.splitlines()

    assert exit_code(report) == 1
    assert lines[1] == f"MONEY WITHOUT ORDER  {STRANGE.says}. Next: {STRANGE.act}."
    assert lines[-1] == "2026-11-22: 1 difference in what could be compared."
    assert told(report)["differences"] == [
        {
            "kind": "money without order",
            "remote": "card",
            "reference": None,
            "says": STRANGE.says,
            "act": STRANGE.act,
        }
    ]
    assert told(report)["unanswered"] == [MISSING]
