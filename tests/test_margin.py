"""What an order has left us, as a clerk reads it on its page."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.facts import Event, Fact
from kiosk.money import Money
from kiosk.telling import margin_words
from tests.orders import a_fact, a_ledger, an_order, opened

PAID, DELIVERED, BACK = a_fact(Event.PAID), a_fact(Event.DELIVERED), a_fact(Event.REFUNDED)
BILLED_MORE = a_fact(Event.DELIVERED, wholesale=Money(1200, "USD"))
IN_RUPEES = replace(an_order().plan, wholesale=Money(80000, "INR"))


@pytest.mark.parametrize(
    ("plan", "facts", "told"),
    [
        (None, (), ""),
        (
            None,
            (PAID,),
            "not yet, it is neither delivered nor given back (paid 17.50 USD, taxes and fees in it 1.50 USD)",
        ),
        (None, (PAID, DELIVERED), "7.50 USD (paid 17.50 USD, cost 10.00 USD, taxes and fees in it 1.50 USD)"),
        (None, (PAID, BILLED_MORE), "5.50 USD (paid 17.50 USD, cost 12.00 USD, taxes and fees in it 1.50 USD)"),
        (
            None,
            (PAID, a_fact(Event.REJECTED), BACK),
            "0.00 USD (paid 17.50 USD, given back 17.50 USD, taxes and fees in it 1.50 USD)",
        ),
        (
            IN_RUPEES,
            (PAID, DELIVERED),
            "cannot be told, since it is bought in INR"
            " (paid 17.50 USD, cost 800.00 INR, taxes and fees in it 1.50 USD)",
        ),
    ],
    ids=["not paid", "waiting", "delivered", "billed more", "given back", "bought in rupees"],
)
def test_the_margin_is_what_was_paid_less_what_went_back_and_what_it_cost(
    tmp_path: Path, plan: object, facts: tuple[Fact, ...], told: str
) -> None:
    """By the provider's own bill; in one currency, or not at all."""
    ledger = a_ledger(tmp_path)
    order = opened(ledger, 1, **({"plan": plan} if plan else {}))
    for fact in facts:
        order = ledger.record(order, fact, at=order.since_at)

    assert margin_words(ledger, order) == (f"Margin: {told}" if told else "")
    ledger.close()
