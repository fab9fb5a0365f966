"""A bank card on a reader of Stripe Terminal, server-driven: the kiosk asks Stripe, and Stripe asks the reader.

One order is one payment intent, however many cards the customer tries: so it can be paid only once. Paying holds the
money; it is taken after the delivery, else the hold is let go. The intent is the truth, whatever the reader says or
fails to say. Nothing here may give money back except `refund`, and nothing ever sees a card's number.

What is documented and what is inferred: docs/payments.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import httpx
from msgspec import Meta

from kiosk.abilities import BillEntry, Listed
from kiosk.errors import ConfigError, NotNow, Refused
from kiosk.facts import PROVES_NOTHING_HAPPENED, Attempt, Call, Outcome
from kiosk.order import Order, State
from kiosk.ports import Acts, Captured, Clock, Paid, Pending, Refunded, Started, Unpaid
from kiosk.remote import Remote, check_address, is_loopback
from kiosk.tables import Minutes, Seconds, Secret, Table, Text
from kiosk.tenders.bills import UTC
from kiosk.tenders.stripe import answers
from kiosk.tenders.stripe import bill as stripe_bill
from kiosk.tenders.stripe.wire import Thing, Wire

TRAINING_CREDENTIALS = ("sk_test_", "rk_test_")
LIVE_CREDENTIALS = ("sk_live_", "rk_live_")
KEY_IS_GOOD = timedelta(hours=20)
"""For so long the reference of an order finds its intent as an idempotency key; Stripe may forget it after a day."""
UNPAYABLE = ("canceled", "succeeded", "requires_capture")
SOON = timedelta(seconds=answers.RETRY_S)


class Settings(Table, frozen=True, kw_only=True):
    """`[tenders.card]`, with kind = "stripe"."""

    base_url: Text = "https://api.stripe.com"
    secret_key: Secret
    reader: Annotated[str, Meta(pattern="^tmr_[0-9A-Za-z]{1,60}$", description="a reader's id such as tmr_…")]
    timeout_s: Seconds = 15.0
    pay_minutes: Minutes = 5


def is_live(settings: Settings) -> bool:
    return not is_loopback(settings.base_url)


def build(
    settings: Settings,
    *,
    name: str,
    path: str,
    currency: str,
    state_dir: Path,
    clock: Clock,
    transport: httpx.BaseTransport | None = None,
) -> Stripe:
    """See kiosk.tenders. Raises ConfigError."""
    check_address(settings.base_url, f"{path}.base_url")
    key, live = settings.secret_key.read(f"{path}.secret_key"), is_live(settings)
    if not live and key.startswith(LIVE_CREDENTIALS):
        raise ConfigError(f"{path}.secret_key: this one is live; a sandbox does not get to see it.")
    if not key.startswith((*TRAINING_CREDENTIALS, *LIVE_CREDENTIALS)):
        raise ConfigError(f"{path}.secret_key: not a secret key of Stripe; it begins with sk_ or rk_.")
    remote = Remote("Stripe", settings.base_url, settings.timeout_s, transport, clock)
    return Stripe(settings, Wire(remote, key, settings.reader, live), clock, name)


@dataclass(frozen=True, slots=True)
class Stripe:
    """See ports.Tender. An order's `code` is the id of its intent."""

    settings: Settings
    wire: Wire
    clock: Clock
    name: str = "card"
    acts: Acts = Acts.READER
    captures_later: bool = True
    starts: bool = True
    cancels_at_time_out: bool = False
    held_for: timedelta | None = answers.HOLD
    refund_within_h: int | None = None
    bill_zone: ZoneInfo = UTC

    @property
    def time_to_pay(self) -> timedelta:
        return timedelta(minutes=self.settings.pay_minutes)

    def start(self, order: Order, wire: str) -> Started:
        """Make the intent, and have the reader ask for a card. Again after a decline: for the same intent."""
        id = order.code or self._made(order, wire)["id"]
        if self.wire.intent(id, wire)["status"] == "requires_payment_method":
            self._ask_for_card(order, wire, id)
        return Started(id)

    def _ask_for_card(self, order: Order, wire: str, id: str) -> None:
        """One order at a time: another one's intent that can still be paid is not pushed off the reader."""
        reader = self.wire.look_at_reader()
        if reader.status == "in_progress" and reader.intent != id and self._payable(reader.intent):
            raise NotNow("The card reader still waits for another order.", retry_after_s=answers.RETRY_S)
        if not (reader.waits_for(id) and _in_doubt(order.of(Call.START)[:-1])):
            self.wire.process(id)

    def _payable(self, other: str) -> bool:
        return bool(other) and self.wire.status(other) not in UNPAYABLE

    def listed(self, prefix: str, since: datetime, until: datetime) -> tuple[Listed, ...]:
        """See abilities.Lists: by the order's reference, which every intent of ours carries."""
        return tuple(each for each in map(answers.listed, self.wire.listed(since, until)) if _begins(each, prefix))

    @property
    def bill_account(self) -> str:
        return f"stripe {self.wire.account}"

    def bill(self, day: date) -> tuple[BillEntry, ...]:
        """See abilities.HasBill. There as soon as the day is over, in UTC."""
        return stripe_bill.of_day(self.wire, day, self.clock.now())

    def reader_online(self) -> bool:
        """See abilities.HasReader."""
        return self.wire.look_at_reader().online

    def ask(self, order: Order, wire: str, now: datetime) -> Paid | Unpaid | Pending:
        """The reader first, then the intent: so what the intent says is newer than why the reader stopped asking.

        Raises Refused(again=True) where no card was taken, and the reader asks for none any more.
        """
        waiting = order.state is State.AUTHORIZING and order.code != ""
        reader = self.wire.look_at_reader() if waiting else None
        intent = self.wire.intent(order.code, wire) if order.code else self.wire.search(wire)
        if intent is None:
            return Pending(said="Stripe does not find the order")
        found = answers.standing(intent)
        if reader is None or not isinstance(found, Pending) or intent["status"] != "requires_payment_method":
            return found
        return self._at_the_reader(reader, intent, found)

    def _at_the_reader(self, reader: answers.Reader, intent: Thing, found: Pending) -> Pending:
        """Not paid yet: does the reader still ask for a card?"""
        if reader.intent == intent["id"] and reader.status == "failed":
            raise answers.decline_of(intent, reader.failure)
        if reader.intent != intent["id"] or not reader.online:
            raise Refused("the reader does not ask for a card any more", again=True, code="reader_lost")
        return found

    def expire(self, order: Order, wire: str, now: datetime) -> Paid | Unpaid | Pending:
        """First the reader asks for no card any more, then the intent is looked at, and cancelled if it is unpaid."""
        id = order.code
        if not id:
            if not _may_exist(order):
                return Unpaid("the reader was never asked for a card")
            fresh = now - order.opened_at < KEY_IS_GOOD
            found = self._made(order, wire) if fresh else self.wire.search(wire)
            if found is None:
                return Unpaid("Stripe does not know the order, a day after it was opened")
            id = found["id"]
        if self.wire.look_at_reader().waits_for(id):
            try:
                self.wire.stop()
            except NotNow as busy:
                return Pending(ask_at=now + SOON, said=str(busy))
        standing = answers.standing(self.wire.intent(id, wire))
        return answers.standing(self.wire.cancel(id, wire)) if isinstance(standing, Pending) else standing

    def cancel(self, order: Order, wire: str, now: datetime) -> Paid | Unpaid | Pending:
        """The same as at the time-out: what was paid stands, and is given back by `refund`."""
        return self.expire(order, wire, now)

    def capture(self, order: Order, wire: str) -> Captured:
        """Take the hold. Looks first, so a capture whose answer was lost is not refused."""
        intent = self._known(order, wire)
        if intent["status"] == "requires_capture":
            intent = self.wire.capture(intent["id"], wire)
        if intent["status"] == "requires_capture":
            raise NotNow("Stripe has not taken the money yet.", retry_after_s=answers.RETRY_S)
        if intent["status"] != "succeeded":
            raise Refused(f"the hold is over: the intent is {intent['status']}.")
        return Captured(intent["id"])

    def refund(self, order: Order, wire: str, refund: str, now: datetime) -> Refunded | Pending:
        """A hold is let go by cancelling its intent; what was taken goes back by a refund of this number."""
        intent = self._known(order, wire)
        if intent["status"] == "requires_capture":
            intent = self.wire.cancel(intent["id"], wire)
        if intent["status"] != "succeeded":
            return _let_go(intent)
        if found := self._found(intent, refund):
            return found
        made = self.wire.refund(intent["id"], wire, refund)
        return answers.refunded(made) if made else self.ask_refund(order, wire, refund, now)

    def ask_refund(self, order: Order, wire: str, refund: str, now: datetime) -> Refunded | Pending:
        """By its number; else what was given back by hand, all of it."""
        intent = self._known(order, wire)
        if intent["status"] != "succeeded":
            return _let_go(intent)
        if found := self._found(intent, refund):
            return found
        raise Refused("Stripe does not know this refund.")

    def _found(self, intent: Thing, refund: str) -> Refunded | Pending | None:
        """What Stripe has of this refund, or of others that gave back everything. Raises Refused where ours failed."""
        every = self.wire.refunds(intent["id"])
        if ours := next((each for each in every if (each.get("metadata") or {}).get("refund") == refund), None):
            return answers.refunded(ours)
        return answers.by_hand(intent, every)

    def _made(self, order: Order, wire: str) -> Thing:
        return self.wire.create(wire, order.total.amount_minor, order.total.currency)

    def _known(self, order: Order, wire: str) -> Thing:
        """The intent of a paid order."""
        id = order.code or order.payment_number
        found = self.wire.intent(id, wire) if id else self.wire.search(wire)
        if found is None:
            raise NotNow("Stripe does not find the order.")
        return found


def _begins(entry: Listed, prefix: str) -> bool:
    """Whether it is of our own: an account may serve others, too, whose intents carry no reference."""
    return entry.reference != "" and entry.reference.startswith(prefix)


def _may_exist(order: Order) -> bool:
    """Whether any call may have had the reader ask for a card."""
    return any(attempt.outcome not in PROVES_NOTHING_HAPPENED for attempt in order.of(Call.START))


def _in_doubt(earlier: tuple[Attempt, ...]) -> bool:
    """Whether the call before this one may have reached the reader, which then must not be disturbed."""
    return bool(earlier) and earlier[-1].outcome in (None, Outcome.UNKNOWN, Outcome.LOST)


def _let_go(intent: Thing) -> Refunded:
    """A hold that is cancelled was never taken. Raises Refused where there is nothing that could be given back."""
    if intent["status"] != "canceled":
        raise Refused(f"there is nothing to give back: the intent is {intent['status']}.")
    return Refunded(intent["id"])
