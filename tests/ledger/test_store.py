"""The ledger on a real file: what is recorded is what is read, once, by whoever was first."""

from __future__ import annotations

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec import structs

from kiosk.errors import Illegal, LedgerError, Stale, UnknownOrder
from kiosk.facts import Call, Card, Event, Outcome
from kiosk.ledger import Ledger
from kiosk.ledger.verify import problems
from kiosk.order import Order, State, advance
from tests.orders import (
    LATER,
    NOW,
    a_fact,
    a_ledger,
    a_top_up,
    an_order,
    an_order_in,
    opened,
    recorded,
    reference,
    usd,
)

E, S = Event, State


# --- recording ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", State)
def test_what_is_recorded_is_what_is_read(ledger: Ledger, state: State) -> None:
    """In every state the order on disk equals the order in memory, and the one that its events make."""
    order = recorded(ledger, state)

    assert _on_disk(ledger, order) == order
    assert order == structs.replace(
        an_order_in(state), since_at=order.since_at, paid_at=order.paid_at, **_instants(order)
    )
    assert list(problems(ledger)) == []


def _on_disk(ledger: Ledger, order: Order) -> Order:
    """As another process reads it, which has never seen it before."""
    with closing(a_ledger(ledger.path.parent)) as another:
        return another.order(order.reference)


def _instants(order: Order) -> dict[str, Any]:
    names = ("delivered_at", "captured_at", "refunded_at")
    return {name: getattr(order, name) for name in names}


def test_no_field_of_an_order_is_lost(ledger: Ledger) -> None:
    """Every field that an order has comes back from the disk, its attempts too."""
    endless = replace(an_order().plan, data_mb=None)
    order = recorded(ledger, S.SUBMITTING, captures_later=True, network="T-Mobile US", plan=endless)
    rich = a_fact(
        E.ESCALATED,
        attempt=a_top_up(2, Outcome.ACCEPTED),
        code="https://qr.example/1",
        expires_at=LATER,
        capture_before=LATER,
        card=Card("visa", "4242", "contactless_emv", "Visa Credit", "A0000000031010", "123456"),
        shift="S1",
        tendered=usd(2000),
        change=usd(250),
        number="A-77",
        unpaid_proven=True,
        capture_refused=True,
        said_delivered=True,
        doubt_checked=True,
    )
    order = ledger.record(order, a_fact(E.NOTED, attempt=a_top_up(1)), rich, at=NOW + timedelta(microseconds=7))

    assert _on_disk(ledger, order) == order
    assert list(problems(ledger)) == []
    unset = {name for name in order.__struct_fields__ if getattr(order, name) in (None, "", False, ())}
    assert unset == {"captured_at", "refunded_at"}


def test_the_events_alone_make_the_order(ledger: Ledger) -> None:
    """Whoever has the events has the orders."""
    order = recorded(ledger, S.COMPLETED)
    bodies = [row["body"] for row in ledger.events(order.reference)]
    rebuilt = msgspec.convert(bodies[0]["order"], Order)
    for body in bodies[1:]:
        rebuilt = advance(rebuilt, msgspec.convert(body, type(a_fact(E.PAID))), NOW)

    assert rebuilt == order


def test_several_facts_are_recorded_together_or_not_at_all(ledger: Ledger) -> None:
    """A fact that is refused takes those before it back, and the chain stays as it was."""
    order = opened(ledger)
    head = ledger.head()

    with pytest.raises(Illegal):
        ledger.record(order, a_fact(E.PAID), a_fact(E.REFUNDED), at=NOW)

    assert ledger.order(order.reference) == order
    assert ledger.head() == head


def test_what_is_remembered_is_never_older_than_the_disk(ledger: Ledger, tmp_path: Path) -> None:
    """Another process writes: the order is read anew, with its attempts; unchanged, it is the very same one."""
    order = opened(ledger)
    with closing(a_ledger(tmp_path)) as other:
        written = other.record(order, a_fact(E.NOTED, attempt=a_top_up()), a_fact(E.PAID), at=NOW)

    assert ledger.order(order.reference) == written
    assert ledger.order(order.reference) is ledger.order(order.reference)


def test_what_could_not_be_committed_is_not_remembered(ledger: Ledger) -> None:
    """The write fails at its end: the order is as it was."""
    order = opened(ledger)
    ledger.database.execute(
        "CREATE TRIGGER full BEFORE UPDATE ON orders BEGIN SELECT raise(ABORT, 'the disk is full'); END"
    )
    with pytest.raises(LedgerError):
        ledger.record(order, a_fact(E.PAID), at=NOW)

    assert ledger.order(order.reference) == order


def test_an_order_that_moved_on_says_who_moved_it_and_how(ledger: Ledger) -> None:
    """Whoever was slower reads what happened meanwhile."""
    order = opened(ledger)
    ledger.record(order, a_fact(E.CANCELLED, by="clerk:mei"), at=NOW)

    with pytest.raises(Stale, match="cancelled by clerk:mei at 18:32:00 UTC"):
        ledger.record(order, a_fact(E.PAID), at=NOW)


def test_an_unknown_order_is_named_as_people_write_it(ledger: Ledger) -> None:
    """The sentence shows the reference in groups."""
    with pytest.raises(UnknownOrder, match=r"K07-\w{4}-\w{4}-\w{4}"):
        ledger.order(reference(99))


def test_a_reference_is_used_once(ledger: Ledger) -> None:
    """A second order of the same name is refused, and leaves no event."""
    opened(ledger)
    head = ledger.head()

    with pytest.raises(LedgerError):
        opened(ledger)

    assert ledger.head() == head


def test_an_order_whose_lines_do_not_add_up_leaves_no_trace(ledger: Ledger) -> None:
    """Nothing wrong is ever written down."""
    head = ledger.head()

    with pytest.raises(Illegal):
        opened(ledger, total=usd(1))

    assert ledger.head() == head


# --- races -------------------------------------------------------------------------------------------------------


def race(ledgers: list[Ledger], order: Order, event: Event = E.PAID) -> list[str]:
    """Let each ledger record the same event at the same moment; who won, and who was told."""
    start = threading.Barrier(len(ledgers))

    def run(ledger: Ledger) -> str:
        start.wait()
        try:
            ledger.record(order, a_fact(event), at=NOW)
        except Stale:
            return "stale"
        return "won"

    with ThreadPoolExecutor(len(ledgers)) as pool:
        return sorted(pool.map(run, ledgers))


def test_of_many_threads_exactly_one_wins(ledger: Ledger) -> None:
    """Threads that share a ledger cannot both move an order."""
    order = opened(ledger)

    assert race([ledger] * 6, order) == ["stale"] * 5 + ["won"]
    assert list(problems(ledger)) == []


def test_of_many_connections_exactly_one_wins(ledger: Ledger, tmp_path: Path) -> None:
    """Nor can processes that each open the file."""
    others = [a_ledger(tmp_path) for _ in range(3)]
    order = opened(ledger)

    outcome = race([ledger, *others], order)
    for other in others:
        other.close()

    assert outcome == ["stale"] * 3 + ["won"]
    assert list(problems(ledger)) == []


def test_another_connections_write_is_noticed(ledger: Ledger, tmp_path: Path) -> None:
    """A screen's poll costs nothing until somebody has written."""
    before = ledger.database.changes()
    with closing(a_ledger(tmp_path)) as other:
        assert ledger.database.changes() == before
        opened(other)

    assert ledger.database.changes() != before


# --- the chain ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE events SET by = 'nobody' WHERE seq = 2",
        "UPDATE OR REPLACE events SET seq = 1 WHERE seq = 2",
        "DELETE FROM events WHERE seq = 2",
        "DELETE FROM events",
        "INSERT OR REPLACE INTO events SELECT * FROM events WHERE seq = 2",
        "REPLACE INTO events SELECT * FROM events WHERE seq = 1",
        "INSERT INTO events SELECT seq + 9, at, order_id, event, by, body, prev, hash FROM events WHERE seq = 2",
        "INSERT INTO events SELECT NULL, at, order_id, event, by, body, prev, hash FROM events WHERE seq = 2",
    ],
)
def test_events_are_append_only_for_everybody(ledger: Ledger, sql: str) -> None:
    """The file itself refuses, whichever program writes to it."""
    opened(ledger)

    with closing(sqlite3.connect(ledger.path)) as raw, pytest.raises(sqlite3.IntegrityError, match="append-only"):
        raw.execute(sql)


def test_the_head_moves_with_every_event_and_is_short_on_paper(ledger: Ledger) -> None:
    """Number and 80 bits of the hash."""
    before = ledger.head()
    opened(ledger)
    head = ledger.head()

    assert (before.seq, head.seq) == (1, 2)
    assert str(head) == f"2:{head.hash[:20]}"


# --- looking up --------------------------------------------------------------------------------------------------


def test_orders_are_found_by_state_and_by_card(ledger: Ledger) -> None:
    """By the whole number or its last six digits, the newest first."""
    first = opened(ledger, 1)
    second = opened(ledger, 2, opened_at=NOW + timedelta(seconds=1), expires_at=LATER)
    third = recorded(ledger, S.COMPLETED, 3, sim_number="8985200012345678906")

    assert ledger.orders() == [second, first, third] or ledger.orders() == [second, third, first]
    assert ledger.orders([S.COMPLETED]) == [third]
    assert ledger.orders(sim="477122") == [second, first]
    assert ledger.orders([S.AUTHORIZING], sim="8985200012345678906") == []
    assert ledger.orders(limit=1) == [second]


def test_a_phone_is_found_by_its_last_four_digits_as_well(ledger: Ledger) -> None:
    """They are what its receipt shows; cards that end alike stay out."""
    phone = opened(ledger, 1, sim_number="+13055550142")
    card = opened(ledger, 2, sim_number="8985200012345550142")

    assert ledger.orders(sim="0142") == ledger.orders(sim="50142") == ledger.orders(sim="+13055550142") == [phone]
    assert set(ledger.orders(sim="550142")) == {phone, card}
    assert ledger.orders(sim="0143") == []


def test_attempts_are_listed_as_they_were_made(ledger: Ledger) -> None:
    """The first stays the first when it is answered last."""
    order = recorded(ledger, S.SUBMITTING)
    for attempt in (a_top_up(1), a_top_up(2), a_top_up(1, Outcome.REFUSED)):
        order = ledger.record(order, a_fact(E.NOTED, attempt=attempt), at=NOW)

    assert [(a.number, a.outcome) for a in order.of(Call.TOP_UP)] == [(1, Outcome.REFUSED), (2, None)]
    assert ledger.order(order.reference) == order
    assert list(problems(ledger)) == []


def test_who_was_faster_is_told_however_much_happened_since(ledger: Ledger) -> None:
    """The queue has worked on the decision meanwhile, and come back: the clerk still reads whose it was."""
    seen = recorded(ledger, State.REVIEW, 1)
    now = ledger.record(seen, a_fact(Event.REFUND_ORDERED, by="clerk:bob", reason="asked for"), at=NOW)
    for _ in range(4):
        now = ledger.record(now, a_fact(Event.NOTED, by="queue", reason="asked"), at=NOW)
    ledger.record(now, a_fact(Event.ESCALATED, by="queue"), at=NOW)

    with pytest.raises(Stale, match=r"refund_ordered by clerk:bob at .*; escalated by queue at"):
        ledger.record(seen, a_fact(Event.SETTLED_DELIVERED, by="clerk:mei", reason="seen"), at=NOW)
