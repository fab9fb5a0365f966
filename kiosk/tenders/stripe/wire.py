"""The calls to Stripe that a card on a reader needs, one method each; an error comes out as the NoAnswer that it is.

Only what Stripe itself answered in its documented shape is believed. It must never send a call twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from kiosk.errors import Misconfigured, NoAnswer, Refused, Unreachable
from kiosk.remote import Remote, Reply, plain
from kiosk.tenders.stripe import answers

VERSION = "2026-08-26.dahlia"
"""The newest version of the API whose published description the sandbox was held against (docs/payments.md)."""
CHARGE = {"expand[]": "latest_charge"}
PAGES_MAX = 500

Thing = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wire:
    """`reader` is Stripe's id of the reader at this kiosk."""

    remote: Remote
    secret_key: str
    reader: str
    live: bool

    @property
    def account(self) -> str:
        """One for each key, and nothing of the key."""
        return sha256(self.secret_key.encode()).hexdigest()

    # --- the intent ----------------------------------------------------------------------------------------------

    def create(self, wire: str, amount_minor: int, currency: str) -> Thing:
        """A new intent, or within a day the one that this reference made already, as it was when it was new."""
        form = {
            "amount": str(amount_minor),
            "currency": currency.lower(),
            "payment_method_types[]": "card_present",
            "capture_method": "manual",
            "metadata[order]": wire,
        }
        return self._intent(self._post("payment_intents", form, key=wire), wire)

    def intent(self, id: str, wire: str) -> Thing:
        return self._intent(self._get(f"payment_intents/{id}", CHARGE), wire)

    def status(self, id: str) -> str:
        """How an intent stands, whosever it is."""
        return str(self._get(f"payment_intents/{id}", {}).record().get("status", ""))

    def search(self, wire: str) -> Thing | None:
        """The intent of this reference. What was made in the last minute may not be found yet."""
        query = {"query": f'metadata["order"]:"{wire}"', "expand[]": "data.latest_charge"}
        reply = self._get("payment_intents/search", query)
        found = answers.data_of(reply)
        return self._intent(reply, wire, found[0]) if found else None

    def listed(self, since: datetime, until: datetime) -> Iterator[Thing]:
        """Every intent of the account that was made from `since` to `until`, newest first."""
        created = {"created[gte]": str(int(since.timestamp())), "created[lte]": str(int(until.timestamp()))}
        return self._pages("payment_intents", created)

    def moved(self, since: datetime, until: datetime) -> Iterator[Thing]:
        """Everything that moved the account's balance from `since` until just before `until`, its source in full."""
        created = {"created[gte]": str(int(since.timestamp())), "created[lt]": str(int(until.timestamp()))}
        for each in self._pages("balance_transactions", created | {"expand[]": "data.source"}):
            if each.get("object") != "balance_transaction":
                raise Unreachable("Stripe answered with something else than what moved its balance.", sent=True)
            yield each

    def order_of(self, id: str) -> str:
        """Our reference in an intent, whosever it is; empty where it has none."""
        metadata = self._get(f"payment_intents/{id}", {}).record().get("metadata")
        return plain((metadata.get("order") if isinstance(metadata, dict) else "") or "", 40)

    def _pages(self, path: str, wanted: Mapping[str, str]) -> Iterator[Thing]:
        """Every thing of a list, newest first; raises NoAnswer before it would end with a part of it."""
        after: dict[str, str] = {}
        for _ in range(PAGES_MAX):
            reply = self._get(path, {**wanted, "limit": "100", **after})
            page = answers.data_of(reply)
            yield from page
            if reply.record().get("has_more") is not True:
                return
            if not page:
                break
            after = {"starting_after": str(page[-1].get("id"))}
        raise reply.odd(f"with a list that does not end, or has more than {PAGES_MAX} pages")

    def cancel(self, id: str, wire: str) -> Thing:
        """The intent after it was cancelled; where that was too late, as it stands."""
        return self._changed(f"payment_intents/{id}/cancel", id, wire)

    def capture(self, id: str, wire: str) -> Thing:
        """The intent after it was captured; where that is not possible, as it stands."""
        return self._changed(f"payment_intents/{id}/capture", id, wire)

    def _changed(self, path: str, id: str, wire: str) -> Thing:
        reply = self._send("POST", path, form=CHARGE)
        if answers.code_in(reply) in answers.TOO_LATE:
            return self.intent(id, wire)
        return self._intent(self._good(reply), wire)

    def _intent(self, reply: Reply, wire: str, found: Thing | None = None) -> Thing:
        intent = answers.intent_of(reply, wire, found)
        if intent["livemode"] is not self.live:
            raise Misconfigured(f"Stripe answers for {'test' if self.live else 'live'} money: check secret_key.")
        return intent

    # --- refunds ---------------------------------------------------------------------------------------------------

    def refund(self, id: str, wire: str, refund: str) -> Thing | None:
        """Give back all that is left. The same reference within a day is the same refund. None: given back already."""
        form = {"payment_intent": id, "metadata[order]": wire, "metadata[refund]": refund}
        reply = self._send("POST", "refunds", form=form, key=refund)
        if answers.code_in(reply) == "charge_already_refunded":
            return None
        return answers.refund_of(self._good(reply))

    def refunds(self, id: str) -> list[Thing]:
        """Every refund of this intent, whoever made it, newest first."""
        return answers.data_of(self._get("refunds", {"payment_intent": id, "limit": "100"}))

    # --- the reader --------------------------------------------------------------------------------------------------

    def look_at_reader(self) -> answers.Reader:
        return answers.reader_of(self._get(f"terminal/readers/{self.reader}", {}))

    def process(self, id: str) -> None:
        """Have the reader ask for a card. Where the intent is past that, nothing: it is looked at next."""
        form = {"payment_intent": id, "process_config[enable_customer_cancellation]": "true"}
        reply = self._send("POST", f"terminal/readers/{self.reader}/process_payment_intent", form=form)
        if answers.code_in(reply) not in answers.TOO_LATE:
            answers.reader_of(self._good(reply))

    def stop(self) -> None:
        """Have the reader ask no more. An offline one asks nobody: it has no line to authorize a card by."""
        reply = self._send("POST", f"terminal/readers/{self.reader}/cancel_action", form={})
        if answers.code_in(reply) != answers.OFFLINE:
            answers.reader_of(self._good(reply))

    # --- HTTP --------------------------------------------------------------------------------------------------------

    def _get(self, path: str, params: Mapping[str, str]) -> Reply:
        """A look-up. A no says nothing of what was looked for."""
        try:
            return self._good(reply := self._send("GET", path, params=params))
        except Refused as error:
            raise reply.odd("that it cannot say") from error

    def _post(self, path: str, form: Mapping[str, str], key: str) -> Reply:
        return self._good(self._send("POST", path, form=form, key=key))

    def _good(self, reply: Reply) -> Reply:
        if reply.status != 200:
            error: NoAnswer = answers.refusal(reply)
            raise error
        return reply

    def _send(self, method: str, path: str, *, key: str = "", **how: Any) -> Reply:
        headers = {"Authorization": f"Bearer {self.secret_key}", "Stripe-Version": VERSION}
        headers |= {"Idempotency-Key": key} if key else {}
        return self.remote.send(method, f"/v1/{path}", changes=method == "POST", headers=headers, **how)
