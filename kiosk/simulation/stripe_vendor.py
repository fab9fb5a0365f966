"""Stripe as the simulation has to know it: its table, its calls, and its books."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from kiosk.money import Money
from kiosk.simulation.payments import Payment

Rows = Sequence[Mapping[str, Any]]
STRIPE_PATHS = (
    ("POST */v1/payment_intents", "start"),
    ("POST */process_payment_intent", "start"),
    ("POST */cancel_action", "cancel"),
    ("POST */payment_intents/*/cancel", "cancel"),
    ("POST */capture", "capture"),
    ("POST */refunds", "refund"),
)
STRIPE_CODES = ("amount_too_small", "api_key_expired")
STRIPE_BOOKS = ("stripe/payments", "stripe/refunds", "stripe/readers")
AN_INTENT_LIVES = timedelta(days=10_000)
"""No intent ends by itself."""


def stripe_table(folder: Path) -> dict[str, Any]:
    """See `adapted_rails.RailVendor`."""
    from kiosk.sandbox.stripe import KEY
    from kiosk.sandbox.stripe_books import READER

    (folder / "stripe-key").write_text(KEY)
    return {
        "kind": "stripe",
        "base_url": "http://127.0.0.1/stripe",
        "secret_key": {"file": str(folder / "stripe-key")},
        "reader": READER,
    }


def stripe_payment(wire: str, books: Sequence[Rows]) -> Payment | None:
    """See `adapted_rails.RailVendor`. Several intents of one reference are one payment, unless two were paid."""
    found = [_payment(row, books[1]) for row in books[0] if row["metadata"]["order"] == wire]
    paid = [payment for payment in found if payment.paid]
    assert len(paid) <= 1, f"{wire} was authorized {len(paid)} times"
    return next(iter(paid or found), None)


def _payment(row: Mapping[str, Any], refunds: Rows) -> Payment:
    """A hold that was let go went back by the rail's own hand, whoever asked for it."""
    charge, status = row["latest_charge"] or {"status": "none"}, row["status"]
    made = Payment(_at(row["created"]) + AN_INTENT_LIVES, closed=status == "canceled", captured=status == "succeeded")
    if charge["status"] != "succeeded":
        return made
    made.paid = Money(row["amount"], row["currency"].upper())
    made.held_until = _at(charge["payment_method_details"]["card_present"]["capture_before"])
    if status == "canceled":
        made.back.append("rail")
    for refund in (refund for refund in refunds if refund["payment_intent"] == row["id"]):
        name = refund["metadata"]["refund"]
        made.wanted_back[name] = _at(refund["created"])
        if refund["status"] == "failed":
            made.failed.add(name)
        elif refund["status"] == "succeeded":
            made.back.append(name)
    return made


def _at(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
