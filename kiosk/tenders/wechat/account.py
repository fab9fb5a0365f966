"""What both ways to pay by WeChat Pay have in common: looking at payments, giving back, and the bill.

Nothing here gives money back except `refund`.
"""

from __future__ import annotations

from abc import ABC
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from kiosk.abilities import BillEntry
from kiosk.errors import NoAnswer, Refused
from kiosk.order import Order
from kiosk.ports import Acts, Captured, Clock, Paid, Pending, Refunded, Started, Unpaid
from kiosk.remote import Reply
from kiosk.tenders.bills import CHINA, check_ready
from kiosk.tenders.unknown import unknown
from kiosk.tenders.wechat import answers, bill
from kiosk.tenders.wechat.dialects import Dialect
from kiosk.tenders.wechat.door import Door
from kiosk.tenders.wechat.signing import told_at


@dataclass(frozen=True, slots=True)
class Merchant:
    """Who sells, as WeChat Pay knows it."""

    mchid: str
    appid: str
    description: str
    code_minutes: int
    category_code: str
    notify_url: str
    live: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Account(ABC):
    """See ports.Tender and abilities.HasBill."""

    name: str
    merchant: Merchant
    dialect: Dialect
    door: Door
    clock: Clock
    acts: Acts
    starts: bool
    cancels_at_time_out: bool
    captures_later: bool = False
    held_for: timedelta | None = None
    refund_within_h: int | None = None
    bill_zone: ZoneInfo = CHINA

    @property
    def time_to_pay(self) -> timedelta:
        return timedelta(minutes=self.merchant.code_minutes)

    def start(self, order: Order, wire: str) -> Started:
        return Started()

    def ask(self, order: Order, wire: str, now: datetime) -> Paid | Unpaid | Pending:
        reply = self._look(wire)
        if not answers.is_unknown(reply):
            return answers.trade_of(reply, wire)
        return unknown(order, now, told_at(reply.headers), "WeChat Pay")

    def _look(self, wire: str) -> Reply:
        return self.door.call("GET", f"{self.dialect.orders}/{wire}?mchid={self.merchant.mchid}")

    def _order(self, order: Order, wire: str) -> dict[str, Any]:
        """What every order says of itself."""
        return {
            "appid": self.merchant.appid,
            "mchid": self.merchant.mchid,
            "out_trade_no": wire,
            "description": self.merchant.description,
            "amount": {"total": order.total.amount_minor, "currency": order.total.currency},
        }

    def capture(self, order: Order, wire: str) -> Captured:
        return Captured()

    def refund(self, order: Order, wire: str, refund: str, now: datetime) -> Refunded | Pending:
        """Ask for the whole amount back. The same `refund` again is the same refund, so a retry is a look as well."""
        due = order.paid or order.total  # another amount than was due goes back as it came
        amount = {"refund": due.amount_minor, "total": due.amount_minor, "currency": due.currency}
        wish = {"out_trade_no": wire, "out_refund_no": refund, "amount": amount}
        if not self.dialect.currency:  # overseas; the mainland's refunds know the merchant by the signature alone
            wish |= {"appid": self.merchant.appid, "mchid": self.merchant.mchid}
        reply = self.door.call("POST", self.dialect.refunds, wish)
        if reply.status != 200:
            raise answers.refusal(reply)
        if reply.record().get("out_refund_no") != refund:
            raise reply.odd("about another refund")
        try:
            found = self._refund_state(order, refund)
        except Refused:
            raise
        except NoAnswer as error:  # it was accepted: a look that failed says nothing against it
            return Pending(said=str(error))
        return found or Pending(said="accepted, not listed yet")

    def ask_refund(self, order: Order, wire: str, refund: str, now: datetime) -> Refunded | Pending:
        found = self._refund_state(order, refund)
        if found is None:
            raise Refused("WeChat Pay does not know this refund.")
        return found

    def _refund_state(self, order: Order, refund: str) -> Refunded | Pending | None:
        """What WeChat Pay says of the refund; None where it does not know it. Raises Refused where it failed."""
        who = "" if self.dialect.currency else f"?mchid={self.merchant.mchid}"
        reply = self.door.call("GET", f"{self.dialect.refund}/{refund}{who}")
        return None if answers.is_unknown(reply) else answers.refund_of(reply, refund, order.paid or order.total)

    @property
    def bill_account(self) -> str:
        return f"wechat {self.merchant.mchid}"

    def bill(self, day: date) -> tuple[BillEntry, ...]:
        """See abilities.HasBill. There from ten o'clock in China on the next day, for three months."""
        check_ready("WeChat Pay", day, bill.READY, CHINA, self.clock.now())
        if self.dialect.currency:
            return bill.of_mainland(self.door, day)
        return bill.of_overseas(self.door, day, self.merchant.mchid)
