"""The owner's views: documented column by column, the same figures as the report, and nobody's number in them."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from babel.numbers import list_currencies

from kiosk.contacts import Channel, Contact
from kiosk.facts import Event
from kiosk.ledger import Ledger
from kiosk.ledger.messages import leave_contact
from kiosk.ledger.schema_views import FOUR_DECIMALS, NO_DECIMALS, THREE_DECIMALS
from kiosk.money import exponent
from kiosk.reports.figures import Report, read_report
from kiosk.reports.period import Span, period_of
from tests.orders import NOW, a_fact, a_ledger, opened
from tests.reports.planted import NEW_YORK, at, config

DOCS = (Path(__file__).parent.parent.parent / "docs" / "reports.md").read_text(encoding="utf-8")
SATURDAY = ("2026-11-28T05:00", "2026-11-29T05:00")
COMPUTED = (
    "SELECT tender, count(*), sum(paid_minor) FROM sales WHERE paid_at >= ? AND paid_at < ? GROUP BY 1",
    "SELECT cause, count(*), sum(returned_minor) FROM refunds WHERE refunded_at >= ? AND refunded_at < ? GROUP BY 1",
    "SELECT kind, cause, count(*) FROM failures WHERE at >= ? AND at < ? GROUP BY 1, 2",
    "SELECT max(seconds), count(*) FROM deliveries WHERE paid_at >= ? AND paid_at < ?",
    "SELECT sum(off_minor) FROM promotion_use WHERE paid_at >= ? AND paid_at < ?",
)


@pytest.fixture
def copy(planted: Ledger, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """The same ledger as another program sees it, to do with what one likes."""
    planted.database.empty_log()
    shutil.copyfile(planted.path, tmp_path / "copy.db")
    with closing(sqlite3.connect(tmp_path / "copy.db")) as connection:
        yield connection


def report(ledger: Ledger) -> Report:
    return read_report(ledger, config(), period_of(Span.DAY, date(2026, 11, 28), NEW_YORK), at("2026-12-15 12:00"))


def views(connection: sqlite3.Connection) -> dict[str, list[str]]:
    """Each view with its columns, in their order."""
    names = [row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'view'")]
    return {name: [row[1] for row in connection.execute(f"PRAGMA table_info({name})")] for name in names}


def rows(connection: sqlite3.Connection) -> dict[str, list[Any]]:
    every = {name: f"SELECT * FROM {name} ORDER BY reference" for name in views(connection)}  # noqa: S608 - our own
    return {name: connection.execute(sql).fetchall() for name, sql in every.items()}


def documented() -> dict[str, list[str]]:
    sections = re.findall(r"^### `(\w+)`\n(.*?)(?=^### |\Z)", DOCS, flags=re.MULTILINE | re.DOTALL)
    return {name: re.findall(r"^\| `(\w+)` \|", text, flags=re.MULTILINE) for name, text in sections}


def test_every_view_and_column_is_documented_and_no_other(copy: sqlite3.Connection) -> None:
    """In the order in which they stand there."""
    assert views(copy) == documented()


def test_what_the_owner_computes_by_sql_is_what_the_report_says(planted: Ledger, copy: sqlite3.Connection) -> None:
    """Sales by way to pay, given back by cause, failures, times, what the promotion took off."""
    told = report(planted)
    computed = [copy.execute(sql, SATURDAY).fetchall() for sql in COMPUTED]
    tenders, back, failed, seconds, off = computed

    assert {(each.name, each.orders, each.amount.amount_minor) for each in told.by_tender} == set(tenders)
    assert {(each.name, each.orders, each.amount.amount_minor) for each in told.given_back} == set(back)
    assert {(each.kind, each.cause, each.times) for each in told.failures} == set(failed)
    assert seconds == [(max(each.slow_s for each in told.times), sum(each.top_ups for each in told.times))]
    assert off == [(sum(each.off.amount_minor for each in told.effects),)]


def test_the_examples_of_the_manual_work(copy: sqlite3.Connection) -> None:
    """Each gives rows, and the first one those of that Saturday."""
    examples = [copy.execute(sql).fetchall() for sql in re.findall(r"```sql\n(.*?)```", DOCS, flags=re.DOTALL)]

    assert examples[0] == [("cash", "USD", 2, 5750), ("wechat", "USD", 5, 8750)]
    assert len(examples) == 3
    assert all(examples)


def test_a_views_amounts_are_the_same_in_smallest_units_and_as_decimal_text(copy: sqlite3.Connection) -> None:
    """Of every column that has both; a negative margin, too."""
    copy.execute("UPDATE orders SET wholesale_minor = 1805 WHERE tender = 'cash' AND wholesale_currency = 'USD'")
    compared = 0
    for view, columns in views(copy).items():
        for column in (name for name in columns if f"{name}_minor" in columns):
            for minor, text in copy.execute(f"SELECT {column}_minor, {column} FROM {view}"):  # noqa: S608
                compared += minor is not None
                assert (text is None) if minor is None else (Decimal(text) == Decimal(minor) / 100)

    assert compared > 50
    assert ("-0.55",) in copy.execute("SELECT margin FROM sales").fetchall()


def test_the_views_know_the_decimals_of_every_currency() -> None:
    """As kiosk.money has them."""
    known = dict.fromkeys(NO_DECIMALS, 0) | dict.fromkeys(THREE_DECIMALS, 3) | dict.fromkeys(FOUR_DECIMALS, 4)

    assert {name: exponent(name) for name in list_currencies() if exponent(name) != 2} == known


def test_no_view_has_a_customers_number_or_address(planted: Ledger, copy: sqlite3.Connection, tmp_path: Path) -> None:
    """Neither the SIM, nor where the message went, nor what anybody wrote."""
    ledger = a_ledger(tmp_path / "another")
    order = opened(ledger, 1, sim_number="+13055550142")
    order = ledger.record(order, a_fact(Event.PAID), a_fact(Event.REJECTED, reason="mei@example.com"), at=NOW)
    leave_contact(ledger, order, Contact(Channel.EMAIL, "mei@example.com", "en"), None, at=NOW)
    ledger.record(order, a_fact(Event.REFUNDED), at=NOW)
    with closing(sqlite3.connect(ledger.path)) as connection:
        said = str(rows(connection)) + str(rows(copy))
    ledger.close()

    assert order.reference in said
    assert [secret for secret in ("8901260862291477122", "3055550142", "mei@", "she asked") if secret in said] == []


def test_the_views_outlive_later_changes_of_the_tables(copy: sqlite3.Connection) -> None:
    """A column gets another name, one is added, a table is called otherwise: no column and no figure changes."""
    before = (views(copy), rows(copy))
    for change in (
        "ALTER TABLE orders RENAME COLUMN tender TO paid_by",
        "ALTER TABLE orders RENAME COLUMN lines TO bill",
        "ALTER TABLE orders ADD COLUMN more TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE findings RENAME TO found",
        "ALTER TABLE orders RENAME TO sold",
    ):
        copy.execute(change)

    assert (views(copy), rows(copy)) == before
