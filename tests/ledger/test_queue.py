"""The queue is the orders in -ING states, each with a due time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from kiosk.facts import Event, Outcome
from kiosk.ledger import Due, Ledger
from kiosk.ledger.due import make_due, next_watched
from kiosk.ledger.verify import problems
from kiosk.order import State
from tests.orders import (
    LATER,
    NOW,
    a_fact,
    a_top_up,
    opened,
    recorded,
)

E, S = Event, State


def test_what_is_due_first_comes_first(ledger: Ledger) -> None:
    """Only -ING orders wait in the queue; a review waits for a clerk, a settled order for nothing."""
    soon, late = opened(ledger, 1), opened(ledger, 2)
    recorded(ledger, S.REVIEW, 3)
    recorded(ledger, S.COMPLETED, 4)
    ledger.record(late, a_fact(E.NOTED), at=NOW, due_at=NOW + timedelta(seconds=9), tries=3)

    due = ledger.next_due(10)

    assert [entry.reference for entry in due] == [soon.reference, late.reference]
    assert due[1] == Due(late.reference, NOW + timedelta(seconds=9), 3, 2)
    assert ledger.next_due(1) == due[:1]


def test_a_new_state_is_due_at_once_and_a_note_changes_nothing(ledger: Ledger) -> None:
    """The queue forgets its back-off where the order moves, and only there."""
    order = opened(ledger)
    order = ledger.record(order, a_fact(E.NOTED), at=NOW, due_at=LATER, tries=5)
    order = ledger.record(order, a_fact(E.NOTED), at=NOW)
    noted = ledger.entry(order.reference)
    order = ledger.record(order, a_fact(E.PAID), at=NOW)

    assert noted == Due(order.reference, LATER, 5, 3)
    assert ledger.entry(order.reference) == Due(order.reference, NOW, 0, 4)


@pytest.mark.parametrize("state", [S.REVIEW, S.COMPLETED, S.REFUNDED, S.ABANDONED])
def test_what_waits_for_no_remote_has_no_entry_in_the_queue(ledger: Ledger, state: State) -> None:
    """The queue cannot touch it."""
    order = recorded(ledger, state)

    assert ledger.entry(order.reference) is None
    assert ledger.next_due(10) == []


def test_a_note_about_a_settled_order_puts_it_in_no_queue(ledger: Ledger) -> None:
    """Whatever the note says of when to look again: nothing waits, and the watch goes on."""
    order = recorded(ledger, S.COMPLETED)
    watched = next_watched(ledger)

    ledger.record(order, a_fact(E.NOTED), at=NOW, due_at=NOW)

    assert ledger.entry(order.reference) is None
    assert watched
    assert next_watched(ledger) == replace(watched, version=order.version + 1)


def test_an_order_that_moved_on_is_not_put_off(ledger: Ledger) -> None:
    """A late worker cannot delay what somebody else has set going."""
    order = opened(ledger)
    entry = ledger.entry(order.reference)
    assert entry is not None
    moved = ledger.record(order, a_fact(E.PAID), at=NOW)

    ledger.schedule(entry, LATER, 7)

    assert ledger.entry(order.reference) == Due(order.reference, NOW, 0, moved.version)


def test_an_order_that_stands_still_is_put_off(ledger: Ledger) -> None:
    """Putting off is no event: the chain stays as it is."""
    order, head = opened(ledger), ledger.head()
    entry = ledger.entry(order.reference)
    assert entry is not None

    ledger.schedule(entry, LATER, 7)

    assert ledger.entry(order.reference) == Due(order.reference, LATER, 7, 1)
    assert ledger.head() == head


def test_a_new_holder_looks_at_once_at_calls_that_were_in_flight(ledger: Ledger) -> None:
    """A call cut off by a power cut is due now; other orders, and reviews, keep their time."""
    cut, answered, review = (recorded(ledger, S.SUBMITTING, number) for number in (1, 2, 3))
    ledger.record(cut, a_fact(E.NOTED, attempt=a_top_up()), at=NOW, due_at=LATER)
    ledger.record(answered, a_fact(E.NOTED, attempt=a_top_up(1, Outcome.UNKNOWN)), at=NOW, due_at=LATER)
    ledger.record(review, a_fact(E.ESCALATED, attempt=a_top_up()), at=NOW)

    make_due(ledger, NOW + timedelta(seconds=1), beyond=timedelta(days=9))

    assert [(due.reference, due.due_at) for due in ledger.next_due(10)] == [
        (cut.reference, NOW + timedelta(seconds=1)),
        (answered.reference, LATER),
    ]
    assert list(problems(ledger)) == []
