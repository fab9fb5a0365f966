"""WeChat Pay by payment code: the customer's phone shows a code, the kiosk scans it and charges it.

Revoking gives back what was paid; so it is sent by `cancel` alone, and never in the first seconds of an order. The code
is passed on, and nothing else is done with it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from kiosk.facts import Call
from kiosk.order import Order
from kiosk.ports import Acts, Paid, Pending, Refunded, Unpaid
from kiosk.tenders.wechat import answers
from kiosk.tenders.wechat.account import Account

CODE = re.compile("1[0-5][0-9]{16}")
"""Documented: 18 digits, 10 to 15 first."""
REVOKES_AFTER = timedelta(seconds=16)  # documented: at least 15 s after the order was made
LOOK_AGAIN = timedelta(seconds=5)  # WeChat Pay advises 10 s while the payer confirms; somebody stands there


@dataclass(frozen=True, slots=True, kw_only=True)
class ScannedCodes(Account):
    """See ports.Tender and abilities.ChargesCodes."""

    acts: Acts = Acts.SCANS_CUSTOMER_CODE
    starts: bool = False
    cancels_at_time_out: bool = True

    def reads(self, scanned: str) -> bool:
        return CODE.fullmatch(scanned) is not None

    def charge(self, order: Order, wire: str, payment_code: str, now: datetime) -> Paid | Pending:
        """Take the total by this code. Pending while the payer confirms on the phone."""
        wish = self._order(order, wire) | {"payer": {"auth_code": payment_code}}
        if self.dialect.currency:
            wish["scene_info"] = {"store_info": {"out_id": order.reference[:3]}}  # demanded in the mainland: our kiosk
        else:
            wish |= {"trade_type": "MICROPAY", "merchant_category_code": self.merchant.category_code}
        found = answers.charge_of(self.door.call("POST", self.dialect.codes, wish), wire)
        return Pending(now + LOOK_AGAIN, found.said) if isinstance(found, Pending) else found

    def ask(self, order: Order, wire: str, now: datetime) -> Paid | Unpaid | Pending:
        found = super(ScannedCodes, self).ask(order, wire, now)
        return Pending(found.ask_at or now + LOOK_AGAIN, found.said) if isinstance(found, Pending) else found

    def expire(self, order: Order, wire: str, now: datetime) -> Paid | Unpaid | Pending:
        """Only look: the time-out of a scanned code is a cancel."""
        return self.ask(order, wire, now)

    def cancel(self, order: Order, wire: str, now: datetime) -> Paid | Unpaid | Pending:
        """Look; revoke what is not paid yet; look again. What is paid in between, the revoke gives back."""
        found = self.ask(order, wire, now)
        if not isinstance(found, Pending):
            return found
        charged = [attempt.answered_at or attempt.sent_at for attempt in order.of(Call.CHARGE)]
        revocable_at = max(charged, default=order.opened_at) + REVOKES_AFTER
        if now < revocable_at:
            return Pending(ask_at=revocable_at, said="WeChat Pay revokes no order in its first 15 seconds")
        wish = {"appid": self.merchant.appid} if self.dialect.currency else {}
        path = f"{self.dialect.reversals}/{wire}/reverse"
        answers.closed(self.door.call("POST", path, wish | {"mchid": self.merchant.mchid}))
        return self.ask(order, wire, now)

    def refund(self, order: Order, wire: str, refund: str, now: datetime) -> Refunded | Pending:
        """Look first: what a revoke has given back already is back."""
        if back := answers.revoked(self._look(wire), wire):
            return back
        return super(ScannedCodes, self).refund(order, wire, refund, now)

    def ask_refund(self, order: Order, wire: str, refund: str, now: datetime) -> Refunded | Pending:
        if back := answers.revoked(self._look(wire), wire):
            return back
        return super(ScannedCodes, self).ask_refund(order, wire, refund, now)
