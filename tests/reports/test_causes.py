"""Every reason that the queue gives is of some cause: what is said by its own code, and what a view makes of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from kiosk.answers import conclude
from kiosk.errors import Refused
from kiosk.facts import Attempt, Call, Event, Fact, Outcome
from kiosk.ledger import Ledger
from kiosk.ledger.causes import FAILED, OTHER, SAID
from kiosk.order import Order, State, advance
from kiosk.ports import Absent, Delivered, NotDelivered, Paid
from kiosk.questions import Question
from kiosk.restoring import Shop as Restored
from kiosk.restoring import _facts as of_a_restored
from kiosk.settlement import next_part
from kiosk.simulation.shop import Shop
from kiosk.tables import Sales
from tests.orders import LATER, NOW, a_fact, a_ledger, a_top_up, after, an_order_in, opened, reference, usd
from tests.reports.planted import NEW_YORK

CAUSES = {cause for _, cause in SAID}


def answered(order: Order, question: Question, answer: Any, attempt: Attempt | None = None) -> str:
    """Why an answer of a remote puts the order before a clerk."""
    concluded = conclude(order, question, attempt, answer, NOW + timedelta(days=1), Sales())
    return next(fact.reason for fact in concluded.facts if fact.event is Event.ESCALATED)


def by_answers() -> Iterator[str]:
    def noted(state: State, attempt: Attempt, **changes: Any) -> Order:
        return after(an_order_in(state, **changes), Fact(event=Event.NOTED, by="queue", attempt=attempt))

    lost = a_top_up(1, Outcome.LOST)
    calls = {call: Attempt(1, call, "K07", NOW) for call in (Call.CAPTURE, Call.REFUND)}
    yield answered(an_order_in(State.AUTHORIZING), Question.ASK, Paid(usd(1), "42"))
    yield answered(noted(State.CANCELLING, lost), Question.ASK, Paid(usd(1750), "42"))
    yield answered(an_order_in(State.REFUNDING), Question.LOOK_UP, Delivered("7"))
    yield answered(noted(State.SUBMITTING, lost, tender="cash"), Question.LOOK_UP, NotDelivered("gone"))
    yield answered(noted(State.SUBMITTING, a_top_up()), Question.LOOK_UP, Absent(""))
    holding = an_order_in(State.CAPTURING, captures_later=True)
    yield answered(holding, Question.CAPTURE, Refused("no"), calls[Call.CAPTURE])
    yield answered(an_order_in(State.REFUNDING), Question.REFUND, Refused("no"), calls[Call.REFUND])


def by_the_clock(shop: Shop) -> Iterator[str]:
    """What the queue says by itself when a bound is reached."""

    def waiting(state: State, *attempts: Attempt, **changes: Any) -> Order:
        order = an_order_in(state, **({"tender": "wallet", "provider": "airtime"} | changes))
        for attempt in attempts:
            order = advance(order, Fact(event=Event.NOTED, by="queue", attempt=attempt), NOW)
        return order

    def bound(order: Order, now: datetime) -> str:
        part = next_part(order, now, shop.queue.remotes)
        assert isinstance(part, Fact)
        return part.reason

    year = NOW + timedelta(days=365)
    yield bound(waiting(State.CANCELLING), year)
    yield bound(waiting(State.REFUNDING), year)
    yield bound(waiting(State.SUBMITTING, a_top_up()), year)
    yield bound(waiting(State.SUBMITTING, a_top_up(1, Outcome.LOST)), year)
    yield bound(waiting(State.SUBMITTING, *(a_top_up(number) for number in range(1, 200))), NOW + timedelta(minutes=1))
    holding = a_fact(Event.PAID, capture_before=LATER)
    authorized = after(an_order_in(State.AUTHORIZING, captures_later=True, tender="card", provider="airtime"), holding)
    yield bound(after(authorized, Event.DELIVERED), year)
    facts = of_a_restored(
        an_order_in(State.REFUNDING, tender="cash", provider="airtime"),
        Restored("K07", shop.tenders, shop.providers, shop.sales, NEW_YORK),
        NOW,
    )
    yield facts[-1].reason


def caused(ledger: Ledger, *facts: Fact) -> list[tuple[str, str]]:
    """What the view makes of them: one order in review for each."""
    for number, fact in enumerate(facts, start=1):
        order = opened(ledger, number)
        if fact.event in (Event.FOUND_PAID, Event.FOUND_DELIVERED, Event.REVERSED, Event.REFUND_FAILED):
            order = ledger.record(order, a_fact(Event.UNPAID), at=NOW)
        if fact.event in (Event.REJECTED, Event.GAVE_UP):
            order = ledger.record(order, a_fact(Event.PAID), at=NOW)
        ledger.record(order, fact, at=NOW)
    found = ledger.database.rows("SELECT reference, kind, cause FROM failures")
    by_order = {row["reference"]: (row["kind"], row["cause"]) for row in found}
    return [by_order[reference(number)] for number in range(1, len(facts) + 1)]


def test_every_reason_of_the_queue_is_of_a_cause_and_every_cause_has_its_reason(tmp_path: Path) -> None:
    """None of what the code says falls under another reason, and no cause waits for a sentence that nobody says."""
    shop, ledger = Shop(tmp_path / "shop"), a_ledger(tmp_path)
    contradicted = "an answer contradicts the record: K07 is COMPLETED"  # sync.py, of a race that no test can plan
    reasons = [*by_answers(), *by_the_clock(shop), contradicted]
    said = caused(ledger, *(a_fact(Event.ESCALATED, reason=reason) for reason in reasons))
    shop.close()
    ledger.close()

    assert {kind for kind, _ in said} == {"review"}
    assert {cause for _, cause in said} == CAUSES


def test_a_reason_that_nobody_knows_is_counted_all_the_same(tmp_path: Path) -> None:
    """Nothing that failed is left out of the count; and what an event alone says needs no sentence."""
    ledger = a_ledger(tmp_path)
    others = [event for event in FAILED if event is not Event.ESCALATED]
    said = caused(ledger, a_fact(Event.ESCALATED, reason="who knows"), *(a_fact(event) for event in others))
    ledger.close()

    assert said == [("review", OTHER), *(FAILED[event] for event in others)]
