"""A bank card on Stripe's reader before its sandbox, as the contract asks for it."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from kiosk.money import Money
from kiosk.order import State
from kiosk.sale import try_again
from kiosk.sandbox.stripe_books import READER
from tests.sandbox.conftest import PLAIN
from tests.tenders.rail import CANCEL, Can, Payment, Rail

if TYPE_CHECKING:
    from tests.tenders.till import Till

TABLE = """
[tenders.card]
kind = "stripe"
base_url = "{url}/stripe"
secret_key = {{ file = "{folder}/stripe-key" }}
reader = "{reader}"
timeout_s = 5
"""


class CardRail(Rail):
    """Stripe Terminal, server-driven. Leaving a hold alone is how it goes back: by a cancel, not by a refund."""

    name, remote = "card", "stripe"
    calls = {  # noqa: RUF012 - nobody changes it
        "start": "POST payment_intents",
        "look": "GET payment_intents/pi_*",
        "close": "POST */cancel_action",
        "capture": "POST */capture",
        "refund": "POST payment_intents/*/cancel",
        "look_at_refund": "GET payment_intents/*",
    }
    refused = "intent_invalid_state"
    not_now = "rate_limit"
    misconfigured = "api_key_expired"
    can = frozenset({Can.CANCEL_GIVES_BACK})

    def table(self, folder: Path, url: str) -> str:
        (folder / "stripe-key").write_text("sk_test_training\n", encoding="utf-8")
        return TABLE.format(folder=folder, url=url, reader=READER)

    def pay(self, till: Till) -> bool:
        """A good card; after a decline the customer asks the kiosk for another try first."""
        if till.order.declined and till.order.state is State.AUTHORIZING:
            try_again(till.house.ledger, till.order, by="1", at=till.clock.now())
            till.work()
        return self.act(till, "tap")

    def decline(self, till: Till) -> None:
        assert self.act(till, "decline")

    def act(self, till: Till, act: str) -> bool:
        """What a customer does at the reader; whether it was possible."""
        return httpx.post(f"{till.world.sandbox.url}/reader", data={"act": act}, verify=PLAIN).status_code == 303

    def payments(self, till: Till) -> list[Payment]:
        refunds = self.read(till, "stripe/refunds")
        return [_payment(row, refunds) for row in self.read(till, "stripe/payments")]

    def spoil(self, till: Till, *, less_minor: int = 0, currency: str = "", paid: bool = False) -> None:
        with closing(sqlite3.connect(till.world.folder / "sandbox.db")) as connection, connection:
            rows = list(connection.execute("SELECT id, body FROM stripe_objects WHERE kind = 'payment_intent'"))
            for id, body in rows:
                intent: dict[str, Any] = json.loads(body)
                intent["amount"] -= less_minor
                intent["amount_capturable"] -= less_minor
                intent["currency"] = currency.lower() or intent["currency"]
                if paid:
                    intent |= {"status": "succeeded", "amount_received": intent["amount"]}
                said = json.dumps(intent)
                connection.execute("UPDATE stripe_objects SET body = ? WHERE id = ?", [said, id])


def _payment(row: dict[str, Any], refunds: list[dict[str, Any]]) -> Payment:
    """A hold that was let go was paid, and went back by no refund."""
    charge, status = row["latest_charge"] or {"status": "none"}, row["status"]
    back = [refund for refund in refunds if refund["payment_intent"] == row["id"] and refund["status"] != "failed"]
    given = [refund["metadata"]["refund"] for refund in back if refund["status"] == "succeeded"]
    held = charge["status"] == "succeeded"
    return Payment(
        reference=row["metadata"]["order"],
        total=Money(row["amount"], row["currency"].upper()),
        paid=held or status == "succeeded",
        payable=status == "requires_payment_method",
        taken=status == "succeeded",
        back=(*given, *([CANCEL] if held and status == "canceled" else [])),
        back_under_way=any(refund["status"] == "pending" for refund in back),
    )


CARD = CardRail()
