"""Alipay through Antom (AMS, IN_STORE_PAYMENT) for shops outside China: the kiosk shows an order code.

Money may be given back by `refund`, and by `cancel`: Antom's cancel ends what is unpaid and gives back what is paid, so
that it is called there and nowhere else. At the end of the time to pay nothing is called: the payment has an expiry,
and ends by itself. What is documented and what is inferred: docs/payments.md. In mainland China: alipay.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

import httpx
from msgspec import Meta

from kiosk.abilities import BillEntry
from kiosk.errors import NoAnswer, Refused
from kiosk.money import Money
from kiosk.order import Order
from kiosk.ports import Acts, Captured, Clock, Paid, Pending, Refunded, Started, Unpaid
from kiosk.remote import Remote, check_address, is_loopback
from kiosk.tables import Count, Seconds, Secret, Table, Text
from kiosk.tenders.antom import answers
from kiosk.tenders.antom import report as antom_report
from kiosk.tenders.antom.answers import Answer
from kiosk.tenders.antom.gateway import SANDBOX, Gateway
from kiosk.tenders.bills import CHINA
from kiosk.tenders.rsa_keys import private_key, public_key
from kiosk.tenders.unknown import unknown

CONFIRM = timedelta(minutes=2)  # how long a payer whose code was scanned may confirm; the queue cancels earlier
PAYMENT_CODE = re.compile(r"(2[5-9]|30)\d{14,22}", re.ASCII)  # what the wallets behind it show: as Alipay's own

TRAINING_CREDENTIALS = (SANDBOX,)  # Antom's own sandbox, and ours

Minutes = Annotated[int, Meta(ge=1, le=29)]  # documented: an expiry is less than thirty minutes away
Short = Annotated[str, Meta(min_length=1, max_length=64)]


class Settings(Table, frozen=True, kw_only=True):
    """`[tenders.NAME]`, `kind = "antom"`"""

    base_url: Text = "https://open-na-global.alipay.com"
    client_id: Annotated[str, Meta(pattern="^[0-9A-Za-z_]{1,64}$")]
    private_key: Secret
    antom_public_key: Secret
    key_version: Count = 1
    notify_url: Annotated[str, Meta(pattern=r"^https://[^?\s]{1,247}$")]
    merchant_id: Short
    merchant_name: Short
    merchant_category_code: Annotated[str, Meta(pattern="^[0-9]{4}$")]
    store_id: Short
    store_name: Short
    settlement_currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")] = "USD"
    description: Annotated[str, Meta(min_length=1, max_length=256)] = "Travel data top-up"
    timeout_s: Seconds = 15.0
    code_minutes: Minutes = 5
    acts: Literal["shows_code", "scans_customer_code"] = "shows_code"
    reports: Annotated[str, Meta(pattern="^(/.*)?$", description="a folder's whole path, from / on")] = ""


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
) -> Antom:
    """See kiosk.tenders. Raises ConfigError."""
    check_address(settings.base_url, f"{path}.base_url")
    gateway = Gateway(
        Remote("Alipay", settings.base_url, settings.timeout_s, transport, clock),
        settings.client_id,
        settings.key_version,
        private_key(settings.private_key.read(f"{path}.private_key"), f"{path}.private_key"),
        public_key(settings.antom_public_key.read(f"{path}.antom_public_key"), f"{path}.antom_public_key"),
        clock,
    )
    made = Scanning if settings.acts == "scans_customer_code" else Antom
    return made(settings, gateway, name)


@dataclass(frozen=True, slots=True)
class Antom:
    """See ports.Tender."""

    settings: Settings
    gateway: Gateway
    name: str = "antom"
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
        """An order code. The same again is the same payment, and the same code."""
        answer = self._call("pay", self._wish(order, wire, "OrderCode"), changes=True)
        code, until = answers.code_of(answer, wire, live=is_live(self.settings))
        return Started(code, max(order.expires_at, until or order.expires_at))

    def ask(self, order: Order, wire: str, now: datetime) -> Paid | Unpaid | Pending:
        answer = self._inquired(wire)
        if not answers.looked(answer, answers.UNKNOWN):
            return unknown(order, now, answer.told_at, "Antom")
        return answers.payment_of(answer, wire)

    def expire(self, order: Order, wire: str, now: datetime) -> Paid | Unpaid | Pending:
        """Look: the payment ends by itself at its expiry, and nothing that could give back is called."""
        return self.ask(order, wire, now)

    def cancel(self, order: Order, wire: str, now: datetime) -> Paid | Unpaid | Pending:
        """Look; and at once cancel what is not paid: if it was paid in between, this gives the money back."""
        found = self.ask(order, wire, now)
        if not isinstance(found, Pending):
            return found
        cancelled = self._call("cancel", {"paymentRequestId": wire}, changes=True)
        if cancelled.status != "S" and cancelled.code not in answers.SETTLED_MEANWHILE:
            raise answers.refusal(cancelled)
        return self.ask(order, wire, now)

    def capture(self, order: Order, wire: str) -> Captured:
        return Captured()

    @property
    def bill_account(self) -> str:
        return f"antom {self.gateway.client_id}"

    def bill(self, day: date) -> tuple[BillEntry, ...]:
        """See abilities.HasBill: from the report that the owner has put into the folder `reports`."""
        return antom_report.of_day(self.settings.reports, day, self.gateway.clock.now())

    def refund(self, order: Order, wire: str, refund: str, now: datetime) -> Refunded | Pending:
        """Ask for the whole amount back, unless it is back already. The same `refund` again is the same refund."""
        found = self._inquired(wire)
        if answers.looked(found, answers.UNKNOWN) and answers.is_back(found, order.paid):
            return Refunded(order.payment_number)
        due = order.paid or order.total  # another amount than was due goes back as it came
        number = order.payment_number or answers.paid(found).number
        wish = {"refundRequestId": refund, "paymentId": number, "refundAmount": _amount(due)}
        answer = self._call("refund", wish, changes=True)
        if answer.status != "S" and answer.code != "REFUND_IN_PROCESS":
            raise answers.refusal(answer)
        try:
            return self._refund_state(order, refund) or Pending(said="accepted, not listed yet")
        except Refused:
            raise
        except NoAnswer as error:  # it was accepted: a look that failed says nothing against it
            return Pending(said=str(error))

    def ask_refund(self, order: Order, wire: str, refund: str, now: datetime) -> Refunded | Pending:
        found = self._refund_state(order, refund) or self._back(order, wire)
        if found is None:
            raise Refused("Antom does not know this refund.")
        return found

    def _back(self, order: Order, wire: str) -> Refunded | None:
        """Whether the money is back without a refund of ours: a cancel leaves none."""
        found = self._inquired(wire)
        known = answers.looked(found, answers.UNKNOWN) and answers.is_back(found, order.paid)
        return Refunded(order.payment_number) if known else None

    def _refund_state(self, order: Order, refund: str) -> Refunded | Pending | None:
        """What Antom says of the refund; None where it does not know it. Raises Refused where it failed."""
        answer = self._call("inquiryRefund", {"refundRequestId": refund}, changes=False)
        known = answers.looked(answer, answers.NO_REFUND)
        return answers.refund_of(answer, refund, order.paid or order.total) if known else None

    def _inquired(self, wire: str) -> Answer:
        return self._call("inquiryPayment", {"paymentRequestId": wire}, changes=False)

    def _wish(self, order: Order, wire: str, scenario: str) -> dict[str, Any]:
        """A payment. Every scalar is a text."""
        settings = self.settings
        amount, code = _amount(order.total), settings.merchant_category_code
        store = {"referenceStoreId": settings.store_id, "storeName": settings.store_name, "storeMCC": code}
        merchant = {"referenceMerchantId": settings.merchant_id, "merchantName": settings.merchant_name}
        return {
            "productCode": "IN_STORE_PAYMENT",
            "paymentRequestId": wire,
            "paymentAmount": amount,
            "paymentMethod": {"paymentMethodType": "CONNECT_WALLET"},
            "paymentFactor": {"inStorePaymentScenario": scenario},
            "paymentExpiryTime": _china(order.expires_at),
            "paymentNotifyUrl": settings.notify_url,
            "settlementStrategy": {"settlementCurrency": settings.settlement_currency},
            "order": {
                "referenceOrderId": wire,
                "orderDescription": settings.description,
                "orderAmount": amount,
                "merchant": merchant | {"merchantMCC": code, "store": store},
            },
        }

    def _call(self, name: str, wish: dict[str, Any], *, changes: bool) -> Answer:
        return self.gateway.call(name, wish, changes=changes)


@dataclass(frozen=True, slots=True)
class Scanning(Antom):
    """The other way round: the kiosk scans the payment code on the customer's phone. See abilities.ChargesCodes."""

    acts: Acts = Acts.SCANS_CUSTOMER_CODE
    starts: bool = False
    cancels_at_time_out: bool = True

    def reads(self, scanned: str) -> bool:
        return bool(PAYMENT_CODE.fullmatch(scanned))

    def charge(self, order: Order, wire: str, payment_code: str, now: datetime) -> Paid | Pending:
        """Taken at once, or in process while the payer is asked. Unknown (U) is never "not done": it is looked up."""
        wish = self._wish(order, wire, "PaymentCode")
        wish["paymentMethod"]["paymentMethodId"] = payment_code
        wish["paymentExpiryTime"] = _china(now + CONFIRM)
        wish["order"]["env"] = {"storeTerminalId": order.reference[:3], "storeTerminalRequestTime": _china(now)}
        answer = self._call("pay", wish, changes=True)
        if answer.code == "PAYMENT_IN_PROCESS":
            return Pending(said="the payer is asked on the phone")
        if answer.status == "U":
            raise answer.reply.odd(f"that it does not know ({answer.code})")
        if answer.status != "S":
            raise answers.refusal(answer)
        if answer.record.get("paymentRequestId") != wire:
            raise answer.reply.odd("about another order")
        return answers.paid(answer)


def _china(at: datetime) -> str:
    return at.astimezone(CHINA).isoformat(timespec="seconds")


def _amount(money: Money) -> dict[str, str]:
    return {"currency": money.currency, "value": str(money.amount_minor)}
