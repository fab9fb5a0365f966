"""The guards: what the machine refuses although its table allows it."""

from __future__ import annotations

import pytest
from msgspec import structs

from kiosk.errors import Illegal
from kiosk.facts import Event, Outcome
from kiosk.money import Money
from kiosk.order import State, advance
from tests.orders import LATER, NOW, a_fact, a_top_up, after, an_order, an_order_in, usd

E, S = Event, State


@pytest.mark.parametrize("amount", [None, usd(1749), usd(1751), Money(1750, "CNY")])
def test_only_the_amount_that_is_due_pays(amount: Money | None) -> None:
    """A cent less, a cent more, or another currency is no payment of this order."""
    with pytest.raises(Illegal, match=r"17\.50 USD is due"):
        after(an_order(), a_fact(E.PAID, amount=amount))


def test_found_paid_names_the_amount() -> None:
    """Money that was found later is some money: without an amount it would wipe out the payment on record."""
    with pytest.raises(Illegal, match="amount"):
        after(an_order_in(S.COMPLETED), a_fact(E.FOUND_PAID, amount=None))


@pytest.mark.parametrize("event", [E.REJECTED, E.GAVE_UP])
@pytest.mark.parametrize("outcome", [None, Outcome.UNKNOWN, Outcome.ACCEPTED, Outcome.DONE])
def test_a_top_up_in_doubt_is_never_given_up(event: Event, outcome: Outcome | None) -> None:
    """A sent top-up without a definite no cannot lead to a refund by itself."""
    order = after(an_order_in(S.SUBMITTING), a_fact(E.NOTED, attempt=a_top_up(outcome=outcome)))

    with pytest.raises(Illegal, match="look it up first"):
        advance(order, a_fact(event), NOW)


def test_a_no_to_the_second_attempt_is_no_proof_about_the_first() -> None:
    """Every attempt needs its own definite no."""
    order = after(
        an_order_in(S.SUBMITTING),
        a_fact(E.NOTED, attempt=a_top_up(1, Outcome.UNKNOWN)),
        a_fact(E.NOTED, attempt=a_top_up(2, Outcome.REFUSED)),
    )

    assert order.in_doubt


@pytest.mark.parametrize("outcome", [Outcome.REFUSED, Outcome.NOT_NOW, Outcome.NOT_SENT])
def test_a_definite_no_frees_the_refund(outcome: Outcome) -> None:
    """Where nothing can have happened, the money goes back."""
    order = after(an_order_in(S.SUBMITTING), a_fact(E.NOTED, attempt=a_top_up(outcome=outcome)), E.REJECTED)

    assert order.state is S.REFUNDING


def test_an_answered_attempt_keeps_its_place() -> None:
    """Attempts stand in the order in which they were made, as the ledger lists them, whoever is answered first."""
    order = after(
        an_order_in(S.SUBMITTING),
        a_fact(E.NOTED, attempt=a_top_up(1)),
        a_fact(E.NOTED, attempt=a_top_up(2)),
        a_fact(E.NOTED, attempt=a_top_up(1, Outcome.REFUSED)),
    )

    assert [attempt.number for attempt in order.attempts] == [1, 2]


@pytest.mark.parametrize("event", [E.RESUMED_AUTHORIZING, E.RESUMED_CANCELLING])
def test_a_paid_order_is_never_asked_for_its_payment_again(event: Event) -> None:
    """Nobody pays twice because a clerk resumed too far back."""
    with pytest.raises(Illegal, match="it is paid"):
        after(an_order_in(S.REVIEW), event)


def test_a_delivered_order_is_never_submitted_again() -> None:
    """Resuming cannot deliver twice."""
    order = after(an_order_in(S.CAPTURING), E.ESCALATED)

    with pytest.raises(Illegal, match="delivered already"):
        after(order, E.RESUMED_SUBMITTING)


@pytest.mark.parametrize(
    "event", [E.RESUMED_SUBMITTING, E.RESUMED_CAPTURING, E.RESUMED_REFUNDING, E.REFUND_ORDERED, E.SETTLED_RETURNED]
)
def test_without_a_payment_nothing_is_delivered_or_given_back(event: Event) -> None:
    """What was never paid can only be looked at again, or settled as unpaid."""
    with pytest.raises(Illegal, match="no payment is on record"):
        after(an_order(), E.ESCALATED, event)


def test_authorized_money_must_be_taken_before_a_clerk_settles_it_as_delivered() -> None:
    """A clerk cannot give away a delivery whose hold was never captured."""
    order = after(an_order(captures_later=True), E.PAID, E.DELIVERED, E.ESCALATED)

    with pytest.raises(Illegal, match="resume to CAPTURING"):
        after(order, E.SETTLED_DELIVERED)


def test_a_capture_that_was_finally_refused_may_be_settled_as_delivered() -> None:
    """Then there is nothing left to take, and the clerk decides."""
    order = after(an_order(captures_later=True), E.PAID, E.DELIVERED, a_fact(E.ESCALATED, capture_refused=True))

    assert after(order, E.SETTLED_DELIVERED).state is S.COMPLETED


def test_a_refused_capture_of_an_unpaid_order_completes_nothing() -> None:
    """COMPLETED always has a payment on record."""
    order = after(an_order(captures_later=True), a_fact(E.ESCALATED, capture_refused=True))

    with pytest.raises(Illegal):
        after(order, E.SETTLED_DELIVERED)


def test_a_paid_order_is_unpaid_only_by_the_rails_proof() -> None:
    """A clerk's word does not make a payment disappear."""
    with pytest.raises(Illegal, match="the rail has not proven otherwise"):
        after(an_order_in(S.REVIEW), E.SETTLED_UNPAID)


def test_the_rails_later_proof_lets_a_clerk_settle_it_as_unpaid() -> None:
    """With the rail's own word the record may be closed."""
    order = after(an_order_in(S.REVIEW), a_fact(E.NOTED, unpaid_proven=True))

    assert after(order, E.SETTLED_UNPAID).state is S.ABANDONED


def test_found_paid_ends_an_older_proof_of_unpaid() -> None:
    """The proof from before the money was found cannot send it nowhere."""
    order = after(an_order(), a_fact(E.UNPAID, unpaid_proven=True), E.FOUND_PAID)

    with pytest.raises(Illegal, match="the rail has not proven otherwise"):
        after(order, E.SETTLED_UNPAID)


@pytest.mark.parametrize(
    "event",
    [E.RESUMED_SUBMITTING, E.RESUMED_CAPTURING, E.RESUMED_REFUNDING, E.REFUND_ORDERED, E.SETTLED_DELIVERED],
)
def test_money_that_was_given_back_buys_nothing_and_is_not_given_back_twice(event: Event) -> None:
    """Delivered or given back, never both: after a refund a clerk can only settle it as returned."""
    order = after(an_order_in(S.REFUNDED), a_fact(E.FOUND_DELIVERED))
    if event is E.RESUMED_SUBMITTING:
        order = structs.replace(order, delivered_at=None)

    with pytest.raises(Illegal, match="given back already"):
        after(order, event)


def test_a_refund_that_failed_may_be_ordered_again() -> None:
    """The rail's later no takes the refund off the record."""
    order = after(an_order_in(S.REFUNDED), E.REFUND_FAILED, E.REFUND_ORDERED, E.REFUNDED)

    assert order.state is S.REFUNDED
    assert order.refunded_at is not None


@pytest.mark.parametrize("missing", [{"reason": ""}, {"deadline_at": None}])
@pytest.mark.parametrize("state", [S.AUTHORIZING, S.SUBMITTING, S.COMPLETED])
def test_a_review_always_has_a_reason_and_a_deadline(state: State, missing: dict[str, None]) -> None:
    """Nobody is asked to decide without knowing what and until when."""
    event = E.FOUND_PAID if state is S.COMPLETED else E.ESCALATED

    with pytest.raises(Illegal, match="a reason and a deadline"):
        after(an_order_in(state), a_fact(event, **missing))


def test_a_note_does_not_erase_why_a_clerk_must_look() -> None:
    """The reason and the deadline of a review stay until it is decided."""
    order = after(an_order_in(S.REVIEW), a_fact(E.NOTED, reason="a late answer"))

    assert (order.reason, order.deadline_at) == ("a clerk must look", LATER)


def test_what_the_clerk_says_is_delivered_keeps_the_providers_number() -> None:
    """A later word without a number does not wipe out the one on record."""
    order = after(an_order(), E.PAID, a_fact(E.DELIVERED, number="A-77"), a_fact(E.ESCALATED, said_delivered=True))

    assert order.delivery_number == "A-77"
