"""A ledger that takes no entry: nothing is sent that is not written down, and an answer that was lost is looked up."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kiosk.errors import LedgerError, LedgerGone
from kiosk.facts import Outcome
from kiosk.identifiers import Reference
from kiosk.ledger import Ledger
from kiosk.ledger.verify import problems
from kiosk.order import State
from kiosk.simulation.shop import Shop


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    made = Shop(tmp_path)
    yield made
    made.close()


@contextmanager
def full(ledger: Ledger) -> Iterator[None]:
    """SQLite may take no page more: what it says then is SQLITE_FULL, as on a full disk."""
    database = ledger.database
    pages = database.rows("PRAGMA page_count")[0]["page_count"]
    database.execute(f"PRAGMA max_page_count = {pages}")
    yield
    database.execute("PRAGMA max_page_count = 1073741823")


@contextmanager
def read_only(ledger: Ledger) -> Iterator[None]:
    """SQLite refuses every write, with the error of a read-only disk."""
    ledger.database.execute("PRAGMA query_only = ON")
    yield
    ledger.database.execute("PRAGMA query_only = OFF")


def test_a_call_that_cannot_be_written_down_is_not_made(shop: Shop) -> None:
    """Neither the code for the customer nor the top-up: the remotes hear nothing, and later each hears once."""
    paid, new = shop.sell("wallet"), shop.open("wallet")
    asked = shop.asked("start", "top_up")
    with read_only(shop.ledger):
        for name in (paid, new):
            with pytest.raises(LedgerError, match=r"read-only\. Make it writable again"):
                shop.queue.step(first=name)
        assert shop.asked("start", "top_up") == asked

    shop.wait(minutes=5)

    assert shop.state(paid) is State.COMPLETED
    assert len(shop.provider.executed) == 1
    assert list(problems(shop.ledger)) == []


@pytest.mark.parametrize("repeat_is_lookup", [False, True])
def test_an_answer_that_could_not_be_written_down_is_looked_up_later(shop: Shop, repeat_is_lookup: bool) -> None:
    """The disk fills up while the top-up is out: it is found, not sent again."""
    shop.provider.repeat_is_lookup = repeat_is_lookup
    name = shop.sell("cash")
    due, task = shop.in_flight(name)
    answer = shop.queue.perform(task)
    with read_only(shop.ledger), pytest.raises(LedgerError):
        shop.queue.conclude(task, answer)
    shop.queue.claims.release(due)
    assert shop.order(name).attempts[-1].outcome is None

    shop.wait(minutes=30)

    assert shop.state(name) is State.COMPLETED
    assert len(shop.provider.executed) == 1
    assert shop.order(name).attempts[0].outcome in (None, Outcome.DONE)


def fill(shop: Shop, names: list[Reference]) -> None:
    """Sell until nothing fits any more."""
    for _ in range(500):
        names.append(shop.open("cash"))
        shop.take_cash(names[-1])


def test_a_disk_that_fills_up_during_sales_loses_none_of_them(shop: Shop) -> None:
    """Orders are opened and paid until nothing fits any more; with room again, all that was recorded is settled."""
    names: list[Reference] = []
    with full(shop.ledger):
        with pytest.raises(LedgerError, match="The disk is full"):
            fill(shop, names)
        with pytest.raises(LedgerError, match="The disk is full"):
            shop.now()
    assert names

    shop.wait(hours=3)

    recorded = {order.reference for order in shop.ledger.orders()}
    states = {shop.state(name) for name in names if name in recorded}
    assert states <= {State.COMPLETED, State.ABANDONED}
    assert len(shop.provider.executed) == sum(shop.state(name) is State.COMPLETED for name in names if name in recorded)
    assert list(problems(shop.ledger)) == []


def test_nothing_is_recorded_in_a_file_that_was_deleted(shop: Shop) -> None:
    """SQLite would go on writing where nobody can read: every entry is refused instead."""
    name = shop.open("cash")
    shop.ledger.path.unlink()

    with pytest.raises(LedgerGone, match="was deleted, moved or replaced"):
        shop.take_cash(name)
    shop.clock.go_on(minutes=40)
    with pytest.raises(LedgerGone):
        shop.queue.step(first=name)


def test_nothing_is_recorded_where_the_log_was_deleted(shop: Shop) -> None:
    """The write-ahead log is the ledger, too."""
    name = shop.open("cash")
    Path(f"{shop.ledger.path}-wal").unlink()

    with pytest.raises(LedgerGone, match=r"ledger\.db-wal was deleted"):
        shop.take_cash(name)
