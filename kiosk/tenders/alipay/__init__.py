"""Alipay, face to face, for merchants of mainland China: the kiosk shows a code, or scans the one on the phone.

Money may be given back by `refund`, and by `cancel`: Alipay's cancel closes what is unpaid and refunds what is paid,
so that it is called there and nowhere else. A code that nobody has scanned is unknown to Alipay and can still be paid:
it is unpaid only by proof. What is documented and what is inferred: docs/payments.md. Outside China: antom.py.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

import httpx
from msgspec import Meta

from kiosk.abilities import BillEntry
from kiosk.errors import ConfigError, Refused
from kiosk.facts import Call
from kiosk.order import Order
from kiosk.ports import Acts, Captured, Clock, Paid, Pending, Refunded, Started, Unpaid
from kiosk.remote import Remote, check_address, is_loopback
from kiosk.tables import Minutes, Seconds, Secret, Table, Text
from kiosk.tenders.alipay import answers
from kiosk.tenders.alipay import bill as alipay_bill
from kiosk.tenders.alipay.gateway import Answer, Gateway
from kiosk.tenders.bills import CHINA
from kiosk.tenders.rsa_keys import private_key, public_key
from kiosk.tenders.unknown import unknown

MINUTE = timedelta(minutes=1)  # the shortest life of a code, and the unit it is given in
REFUND_LISTED = timedelta(seconds=10)  # documented: a refund is not looked up earlier
REFUND_LOST = timedelta(minutes=10)  # one that is not listed after that goes to a clerk

CONFIRM = "2m"  # how long a payer whose code was scanned may confirm; the queue cancels earlier
PAYMENT_CODE = re.compile(r"(2[5-9]|30)\d{14,22}", re.ASCII)  # documented: 16 to 24 digits, beginning with 25 to 30

TRAINING_CREDENTIALS = ("9021",)  # how the app of Alipay's own sandbox begins, and of ours


class Settings(Table, frozen=True, kw_only=True):
    """`[tenders.NAME]`, `kind = "alipay"`"""

    base_url: Text = "https://openapi.alipay.com"
    app_id: Annotated[str, Meta(pattern="^[0-9]{16}$")]
    private_key: Secret
    alipay_public_key: Secret
    subject: Annotated[str, Meta(min_length=1, max_length=256)] = "Travel data top-up"
    timeout_s: Seconds = 15.0
    code_minutes: Minutes = 5
    acts: Literal["shows_code", "scans_customer_code"] = "shows_code"


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
) -> Alipay:
    """See kiosk.tenders. Raises ConfigError."""
    check_address(settings.base_url, f"{path}.base_url")
    if currency != "CNY":
        raise ConfigError(
            f'{path}: Alipay in mainland China takes yuan, and kiosk.currency is "{currency}". A shop outside China '
            f'takes Alipay with kind = "antom".'
        )
    gateway = Gateway(
        Remote("Alipay", settings.base_url, settings.timeout_s, transport, clock),
        settings.app_id,
        private_key(settings.private_key.read(f"{path}.private_key"), f"{path}.private_key"),
        public_key(settings.alipay_public_key.read(f"{path}.alipay_public_key"), f"{path}.alipay_public_key"),
        clock,
    )
    made = Scanning if settings.acts == "scans_customer_code" else Alipay
    return made(settings, gateway, name)


@dataclass(frozen=True, slots=True)
class Alipay:
    """See ports.Tender."""

    settings: Settings
    gateway: Gateway
    name: str = "alipay"
    acts: Acts = Acts.SHOWS_CODE
    captures_later: bool = False
    starts: bool = True
    cancels_at_time_out: bool = False
    held_for: timedelta | None = None
    refund_within_h: int | None = None
    bill_zone: ZoneInfo = CHINA

    @property
    def time_to_pay(self) -> timedelta:
        return timedelta(minutes=self.settings.code_minutes)

    def start(self, order: Order, wire: str) -> Started:
        """A code. It makes no trade: that is made by whoever scans it. Asked for again, it is another code."""
        now = self.gateway.clock.now()
        minutes = max(1, math.ceil((order.expires_at - now) / MINUTE))
        lives = {"qr_code_timeout_express": f"{minutes}m", "timeout_express": f"{minutes}m"}
        answer = self._call("precreate", self._wish(order, wire) | lives, changes=True)
        code = answers.code_of(answer, wire, live=is_live(self.settings))
        return Started(code, max(order.expires_at, self.gateway.clock.now() + minutes * MINUTE))

    def ask(self, order: Order, wire: str, now: datetime) -> Paid | Unpaid | Pending:
        return self._meant(self._query(wire), order, wire, now)

    def expire(self, order: Order, wire: str, now: datetime) -> Paid | Unpaid | Pending:
        """Look; close what waits for its payer, which gives nothing back; look again."""
        answer = self._query(wire)
        found = self._meant(answer, order, wire, now)
        if not isinstance(found, Pending) or answers.is_unknown(answer):
            return found
        answers.settled(self._call("close", {"out_trade_no": wire}, changes=True))
        return self.ask(order, wire, now)

    def cancel(self, order: Order, wire: str, now: datetime) -> Paid | Unpaid | Pending:
        """Look; and at once cancel what is not paid: if it was paid in between, this gives the money back."""
        found = self.ask(order, wire, now)
        if not isinstance(found, Pending):
            return found
        cancelled = answers.settled(self._call("cancel", {"out_trade_no": wire}, changes=True))
        if cancelled.get("retry_flag") == "Y":
            return Pending(said="Alipay wants the cancel once more")
        answer = self._query(wire)
        found = self._meant(answer, order, wire, now)
        if cancelled.get("action") == "refund" and not (isinstance(found, Paid) and found.given_back):
            raise answer.reply.odd("that its cancel has given the money back, and that it has not")
        return found

    def capture(self, order: Order, wire: str) -> Captured:
        return Captured()

    @property
    def bill_account(self) -> str:
        return f"alipay {self.gateway.app_id}"

    def bill(self, day: date) -> tuple[BillEntry, ...]:
        """See abilities.HasBill. There from nine o'clock in China on the next day, for six years."""
        return alipay_bill.of_day(self.gateway, day)

    def refund(self, order: Order, wire: str, refund: str, now: datetime) -> Refunded | Pending:
        """Ask for the whole amount back, unless it is back already. The same `refund` again is the same refund."""
        found = self._query(wire)
        if answers.is_back(found, order.paid):
            return Refunded(order.payment_number)
        due = order.paid or order.total  # another amount than was due goes back as it came
        wish = {"out_trade_no": wire, "out_request_no": refund, "refund_amount": str(due.decimal)}
        answer = self._call("refund", wish, changes=True)
        if answers.done(answer).get("out_trade_no") != wire:
            raise answer.reply.odd("about another order")
        return Pending(ask_at=now + REFUND_LISTED, said="accepted, not listed yet")

    def ask_refund(self, order: Order, wire: str, refund: str, now: datetime) -> Refunded | Pending:
        wish = {"out_trade_no": wire, "out_request_no": refund}
        answer = self._call("fastpay.refund.query", wish, changes=False)
        if listed := answers.refund_of(answer, refund, order.paid or order.total):
            return listed
        asked_at = max((attempt.sent_at for attempt in order.of(Call.REFUND)), default=now)
        if now > asked_at + REFUND_LOST:
            found = self.ask(order, wire, now)
            if isinstance(found, Paid) and found.given_back:  # by a cancel, which leaves no refund of ours
                return Refunded(found.number)
            raise Refused("Alipay does not list this refund.")
        return Pending(said="not listed yet")

    def _meant(self, answer: Answer, order: Order, wire: str, now: datetime) -> Paid | Unpaid | Pending:
        """What a look says: a number that Alipay does not know is nobody's payment only after the code is dead."""
        if not answers.is_unknown(answer):
            return answers.trade_of(answer, wire)
        return unknown(order, now, answer.told_at, "Alipay", ": nobody has scanned the code so far")

    def _query(self, wire: str) -> Answer:
        return self._call("query", {"out_trade_no": wire}, changes=False)

    def _wish(self, order: Order, wire: str) -> dict[str, Any]:
        return {"out_trade_no": wire, "total_amount": str(order.total.decimal), "subject": self.settings.subject}

    def _call(self, method: str, wish: dict[str, Any], *, changes: bool) -> Answer:
        return self.gateway.call(f"alipay.trade.{method}", wish, changes=changes)


@dataclass(frozen=True, slots=True)
class Scanning(Alipay):
    """The other way round: the kiosk scans the payment code on the customer's phone. See abilities.ChargesCodes."""

    acts: Acts = Acts.SCANS_CUSTOMER_CODE
    starts: bool = False
    cancels_at_time_out: bool = True

    def reads(self, scanned: str) -> bool:
        return bool(PAYMENT_CODE.fullmatch(scanned))

    def charge(self, order: Order, wire: str, payment_code: str, now: datetime) -> Paid | Pending:
        """Small amounts are taken at once; for others the payer types a password on the phone (10003)."""
        by = {"scene": "bar_code", "auth_code": payment_code, "product_code": "FACE_TO_FACE_PAYMENT"}
        answer = self._call("pay", self._wish(order, wire) | by | {"timeout_express": CONFIRM}, changes=True)
        if answer.code == answers.WAITING:
            return Pending(said="the payer is asked for the password")
        if answers.done(answer).get("out_trade_no") != wire:
            raise answer.reply.odd("about another order")
        return answers.paid(answer)
