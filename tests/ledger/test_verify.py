"""`problems` finds what an attacker with the file in hands changed, and nothing in a good ledger."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from kiosk.facts import Event, Outcome
from kiosk.ledger import Ledger, desk
from kiosk.ledger.database import insert
from kiosk.ledger.rows import row_of, stamp
from kiosk.ledger.verify import problems
from kiosk.order import State
from tests.orders import LATER, NOW, a_fact, a_ledger, a_top_up, an_order, opened, recorded, reference


@pytest.fixture
def busy(ledger: Ledger) -> Ledger:
    """A ledger with an order in every state, attempts, findings, a clerk and a shift."""
    for number, state in enumerate(State, start=1):
        recorded(ledger, state, number)
    order = ledger.order(reference(3))
    for attempt in (a_top_up(1), a_top_up(2), a_top_up(1, Outcome.UNKNOWN)):
        order = ledger.record(order, a_fact(Event.NOTED, attempt=attempt), at=NOW)
    for reason in ("the float is low", "money without an order"):
        desk.open_finding(ledger, "float_low", reason, at=NOW, deadline_at=LATER, order=order.reference)
    desk.decide_finding(ledger, "F1", by="clerk:mei", decision="topped up", at=NOW)
    desk.add_clerk(ledger, "mei", "hash", "clerk", at=NOW)
    desk.shift_of(ledger, "clerk:mei", at=NOW)
    return ledger


def attack(ledger: Ledger, *statements: str) -> None:
    """Change the file with another program, its triggers dropped and its foreign keys off."""
    with closing(sqlite3.connect(ledger.path)) as raw:
        for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            raw.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            raw.execute(statement)
        raw.commit()


def test_a_good_ledger_has_no_problems(busy: Ledger) -> None:
    """Whoever checks an honest ledger hears nothing, with or without a paper in hand."""
    paper = str(busy.head())
    opened(busy, 77)

    assert list(problems(busy)) == []
    assert list(problems(busy, paper)) == []
    assert list(problems(busy, str(busy.head()).upper())) == []


def test_an_order_of_the_first_ledgers_is_still_what_its_events_say(ledger: Ledger) -> None:
    """They called what a SIM is known by its ICCID, and knew no network by name."""
    order = an_order()
    said = msgspec.to_builtins(order)
    said["iccid"] = said.pop("sim_number")
    del said["network"]
    with ledger.database.transaction() as execute:
        ledger.append(NOW, "opened", "customer", {"event": "opened", "by": "customer", "order": said}, order.reference)
        insert(execute, "orders", row_of(order) | {"due_at": stamp(NOW)})

    assert list(problems(ledger)) == []


@pytest.mark.parametrize(
    "statements",
    [
        ["UPDATE events SET body = replace(body, '1750', '1050') WHERE event = 'paid'"],
        ["UPDATE events SET by = 'clerk:mei' WHERE seq = 4"],
        ["UPDATE events SET at = '2026-08-01T18:32:01.000000Z' WHERE seq = 4"],
        ["UPDATE events SET hash = 'x' WHERE seq = 4"],
        ["UPDATE events SET order_id = NULL WHERE seq = 4"],
        ["DELETE FROM events WHERE seq = 4"],
        ["DELETE FROM events WHERE seq = 4", "UPDATE events SET seq = seq - 1 WHERE seq > 4"],
        ["REPLACE INTO events SELECT 4, at, order_id, event, by, body, prev, hash FROM events WHERE seq = 5"],
        [
            "UPDATE events SET seq = -1 WHERE seq = 4",
            "UPDATE events SET seq = 4 WHERE seq = 5",
            "UPDATE events SET seq = 5 WHERE seq = -1",
        ],
    ],
)
def test_a_changed_event_is_found(busy: Ledger, statements: list[str]) -> None:
    """Edited, deleted, replaced, swapped: the chain breaks where it was touched."""
    attack(busy, *statements)

    assert any("Event" in problem for problem in problems(busy))


def test_a_cut_tail_is_found_with_a_paper_in_hand(busy: Ledger) -> None:
    """What other people hold on paper cannot be cut off the end."""
    paper = str(busy.head())
    attack(busy, "DELETE FROM events WHERE seq = (SELECT max(seq) FROM events)")

    assert any("its tail was cut off" in problem for problem in problems(busy, paper))


def test_a_ledger_written_anew_is_found_with_a_paper_in_hand(busy: Ledger, tmp_path: Path) -> None:
    """A second chain of the same length has another head."""
    paper = str(busy.head())
    with closing(a_ledger(tmp_path / "anew")) as anew:
        for number in range(1, busy.head().seq):
            opened(anew, number)

        assert any("written anew" in problem for problem in problems(anew, paper))


@pytest.mark.parametrize("head", ["nonsense", "12", ":", "4:abc", "x:0123456789abcdef0123"])
def test_a_mistyped_head_is_told(busy: Ledger, head: str) -> None:
    """Whoever types the paper wrong sees what it looks like."""
    assert any("is not the head of a ledger" in problem for problem in problems(busy, head))


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("state = 'ABANDONED', due_at = NULL", "state"),
        ("total_minor = 1", "total_minor"),
        ("paid_minor = 1", "paid_minor"),
        ("paid_at = NULL", "paid_at"),
        ("sim_number = '8901260862291477123'", "sim_number"),
        ("lines = '[]'", "lines"),
        ("tender = 'cash'", "tender"),
        ("version = version + 1", "version"),
        ("delivered_at = opened_at", "delivered_at"),
        ("refunded_at = opened_at", "refunded_at"),
        ("shift = 'S9', tendered_minor = 1, change_minor = 1", "shift"),
    ],
)
def test_a_changed_order_is_found_and_its_column_named(busy: Ledger, change: str, named: str) -> None:
    """An order is what its events say, in every column."""
    attack(busy, f"UPDATE orders SET {change} WHERE version = (SELECT max(version) FROM orders)")  # noqa: S608

    assert any(f": {named} is " in problem for problem in problems(busy))


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("DELETE FROM orders WHERE state = 'REFUNDED'", "has events, but no row"),
        ("UPDATE orders SET reference = 'K07ABCDABCDABC0' WHERE state = 'COMPLETED'", "has a row, but no events"),
        ("UPDATE attempts SET outcome = 'refused' WHERE number = 1", "its attempts are not what its events say"),
        ("DELETE FROM attempts WHERE number = 1", "its attempts are not what its events say"),
        ("UPDATE attempts SET reference = 'X'", "its attempts are not what its events say"),
        ("UPDATE orders SET due_at = '2099-01-01T00:00:00.000000Z' WHERE state = 'REVIEW'", "is in review"),
        ("UPDATE findings SET reason = 'nothing'", "The findings are not"),
        ("UPDATE findings SET deadline_at = '2099-01-01T00:00:00.000000Z' WHERE id = 2", "F2"),
        ("UPDATE findings SET order_id = NULL WHERE id = 2", "F2"),
        ("UPDATE findings SET decided_at = opened_at, decided_by = 'clerk:mei' WHERE id = 2", "F2"),
        ("UPDATE findings SET decided_at = NULL WHERE id = 1", "F1"),
        ("UPDATE findings SET decided_by = 'clerk:bob', decision = 'stolen' WHERE id = 1", "F1"),
        ("DELETE FROM findings WHERE id = 2", "F2"),
        (
            "INSERT INTO findings VALUES (9, '2026', 'float_low', NULL, 'why', '2026', NULL, '', '')",
            "F9",
        ),
        ("UPDATE clerks SET role = 'owner'", "clerk mei"),
        ("UPDATE clerks SET pin_hash = 'that of eve'", "clerk mei"),
        ("UPDATE shifts SET opened_by = 'clerk:bob'", "shift S1"),
        ("UPDATE shifts SET opened_at = '2026-07-01T00:00:00.000000Z'", "shift S1"),
        ("UPDATE shifts SET closed_at = '2026-08-01T23:00:00.000000Z'", "shift S1"),
        ("DELETE FROM shifts", "shift S1"),
        ("INSERT INTO shifts (id, opened_at, opened_by, closed_at) VALUES ('S2', '', 'clerk:bob', '')", "shift S2"),
        ("INSERT INTO clerks VALUES ('eve', 'hash', 'owner', '2026-08-01', NULL)", "clerk eve"),
    ],
)
def test_what_does_not_follow_from_the_events_is_found(busy: Ledger, statement: str, sentence: str) -> None:
    """A deleted or invented order, a changed attempt, a changed finding, a clerk made owner behind our back."""
    attack(busy, statement)

    assert any(sentence in problem for problem in problems(busy))


def test_selling_goes_on_while_somebody_checks(busy: Ledger, tmp_path: Path) -> None:
    """A sale between the reading of the events and of the orders is no contradiction."""
    with closing(a_ledger(tmp_path)) as selling:
        order = selling.order(reference(1))

        def sell(sql: str) -> None:
            nonlocal order
            if sql.startswith("SELECT * FROM orders") and order.state is State.AUTHORIZING:
                order = selling.record(order, a_fact(Event.PAID), at=NOW)

        busy.database.connection.set_trace_callback(sell)
        found = list(problems(busy))
        busy.database.connection.set_trace_callback(None)

    assert order.state is State.SUBMITTING
    assert found == []
