"""Cash to the clerk. A human answers every question, so this tender calls nobody and only knows its deadlines.

Paying and handing back are events a clerk records (cashdesk.py); here the queue learns when to stop waiting.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.errors import BadMoney, ConfigError
from kiosk.money import Money
from kiosk.order import Order
from kiosk.ports import Acts, Captured, Clock, Paid, Pending, Refunded, Started, Unpaid
from kiosk.tables import Amount, Hours, Minutes, Table

if TYPE_CHECKING:
    import httpx


class Settings(Table, frozen=True, kw_only=True):
    """`[tenders.cash]`"""

    expires_min: Minutes = 30
    cash_back_within_h: Hours = 48
    at_kiosk: bool = False
    amount_max: Amount | None = None


def is_live(settings: Settings) -> bool | None:
    """Cash is neither live nor training: the ledger's stamp decides what it is worth."""
    return None


@dataclass(frozen=True, slots=True)
class Cash:
    """See ports.Tender."""

    settings: Settings
    name: str = "cash"
    acts: Acts = Acts.CLERK
    captures_later: bool = False
    starts: bool = False
    cancels_at_time_out: bool = False
    held_for: timedelta | None = None
    amount_max: Money | None = None

    @property
    def refund_within_h(self) -> int | None:
        return self.settings.cash_back_within_h

    @property
    def time_to_pay(self) -> timedelta:
        return timedelta(minutes=self.settings.expires_min)

    def start(self, order: Order, wire: str) -> Started:
        return Started()

    def ask(self, order: Order, wire: str, now: datetime) -> Paid | Unpaid | Pending:
        return Pending(ask_at=order.expires_at, said="waiting for the clerk")

    def expire(self, order: Order, wire: str, now: datetime) -> Paid | Unpaid | Pending:
        return Unpaid("no clerk confirmed the cash in time")

    def cancel(self, order: Order, wire: str, now: datetime) -> Paid | Unpaid | Pending:
        return Unpaid("cancelled before a clerk took the cash")

    def capture(self, order: Order, wire: str) -> Captured:
        return Captured()

    def refund(self, order: Order, wire: str, refund: str, now: datetime) -> Refunded | Pending:
        back_by = order.since_at + timedelta(hours=self.settings.cash_back_within_h)
        return Pending(ask_at=back_by, said="waiting for the clerk to hand it back")

    def ask_refund(self, order: Order, wire: str, refund: str, now: datetime) -> Refunded | Pending:
        return self.refund(order, wire, refund, now)


def build(
    settings: Settings,
    *,
    name: str,
    path: str,
    currency: str,
    state_dir: Path,
    clock: Clock,
    transport: httpx.BaseTransport | None = None,
) -> Cash:
    """See kiosk.tenders. Raises ConfigError."""
    return Cash(settings, name, amount_max=_amount(settings.amount_max, currency, f"{path}.amount_max"))


def _amount(text: str | None, currency: str, path: str) -> Money | None:
    try:
        return None if text is None else Money.parse(text, currency)
    except BadMoney as error:
        raise ConfigError(f"{path}: {error}") from None
