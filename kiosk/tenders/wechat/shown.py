"""WeChat Pay, Native: the kiosk shows a code, the customer scans it and pays.

Closing an order that was paid is answered with "paid", and then the payment stands: nothing here gives money back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from kiosk.facts import Call
from kiosk.order import Order
from kiosk.ports import Acts, Paid, Pending, Started, Unpaid
from kiosk.tenders.bills import CHINA
from kiosk.tenders.wechat import answers
from kiosk.tenders.wechat.account import Account

AT_LEAST = timedelta(minutes=1)  # documented: an earlier time_expire is put off to a minute after the order


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCodes(Account):
    """See ports.Tender."""

    acts: Acts = Acts.SHOWS_CODE
    starts: bool = True
    cancels_at_time_out: bool = False

    def start(self, order: Order, wire: str) -> Started:
        """Make the order. The same again before it expires gives a fresh code for the same order."""
        wish = self._order(order, wire) | {
            "notify_url": self.merchant.notify_url,
            "time_expire": order.expires_at.astimezone(CHINA).isoformat(timespec="seconds"),
        }
        if not self.dialect.currency:
            wish |= {"trade_type": "NATIVE", "merchant_category_code": self.merchant.category_code}
        reply = self.door.call("POST", self.dialect.native, wish)
        code = answers.code_of(reply, live=self.merchant.live)
        return Started(code, max(order.expires_at, self.clock.now() + AT_LEAST))

    def expire(self, order: Order, wire: str, now: datetime) -> Paid | Unpaid | Pending:
        """Look; close what is unpaid; look again, for the customer may pay in between. Gives nothing back."""
        found = self.ask(order, wire, now)
        if not isinstance(found, Pending):
            return found
        begun = [attempt.answered_at or attempt.sent_at for attempt in order.of(Call.START)]
        closable_at = max(begun, default=order.opened_at) + self.dialect.closes_after
        if now < closable_at:
            return Pending(ask_at=closable_at, said="WeChat Pay closes no order in its first five minutes")
        path = f"{self.dialect.orders}/{wire}/close"
        answers.closed(self.door.call("POST", path, {"mchid": self.merchant.mchid}))
        return self.ask(order, wire, now)

    def cancel(self, order: Order, wire: str, now: datetime) -> Paid | Unpaid | Pending:
        """The same as at the time-out: WeChat Pay's close never gives back."""
        return self.expire(order, wire, now)
