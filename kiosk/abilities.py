"""What some providers and rails can do beyond the port. Each is optional: who has it not is not asked, and that is all.

One has an ability by having its methods; nothing is registered. `isinstance(provider, HasFloat)` asks for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol, runtime_checkable
from zoneinfo import ZoneInfo

from kiosk.money import Money
from kiosk.order import Order
from kiosk.ports import Paid, Pending, TopUp
from kiosk.promotions import ProviderPromotion


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a remote's newest answer said of its rate limit: `left` more calls of `limit` in its window."""

    limit: int
    left: int


@runtime_checkable
class TellsAllowance(Protocol):
    """It says with its answers what is left of its rate limit: of that a share is kept for who is standing there."""

    @property
    def allowance(self) -> Allowance | None:
        """Of the newest answer; None where that said nothing."""
        ...


@runtime_checkable
class HasFloat(Protocol):
    """It sells to us from money that we have paid in: our float."""

    def balance(self) -> Money:
        """What is left of our float, in the provider's currency. Changes nothing. Raises NoAnswer."""
        ...


@runtime_checkable
class TellsPromotions(Protocol):
    """It says what it gives on top of its plans, for a time."""

    def promotions(self) -> tuple[ProviderPromotion, ...]:
        """What it gives on top at present. Its bonus is in the plan already. Changes nothing. Raises NoAnswer."""
        ...


@dataclass(frozen=True, slots=True)
class Shown:
    """What the SIM itself shows of a delivered top-up: whether it is there, and the evidence, for a clerk.

    `there` is None where what it shows says neither: it may be of another top-up, or nobody is told.
    """

    there: bool | None
    evidence: str


@runtime_checkable
class ShowsTopUps(Protocol):
    """It can tell what a SIM shows, apart from its own record of our order."""

    shows_within_s: float
    """How old its answer may be (docs/providers.md says by whose word): earlier after a delivery, it proves nothing."""

    def shown(self, request: TopUp, times: int) -> Shown:
        """Whether the SIM shows this top-up; `times` is how many of this plan we delivered to it so far, this one

        among them. Changes nothing; proves nothing about the order, and moves none. Raises NoAnswer.
        """
        ...


@runtime_checkable
class TakesRequests(Protocol):
    """People at the provider decide whether a top-up that failed is paid back to our float."""

    def request_credit(self, request: TopUp, why: str) -> str:
        """Ask them, and return their number of the request. Taken on is not granted. Asks anew each time it is called.

        Raises NoAnswer.
        """
        ...


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry of a remote's list: the reference it carries, as it went over the wire; its number; how it stands.

    `at` is when it was made, by the remote. `stands` is False where it failed, or was taken back, for good.
    """

    reference: str
    number: str
    said: str
    at: datetime | None = None
    stands: bool = True


@runtime_checkable
class Lists(Protocol):
    """It can list what it has of us; a rail may have this, too. Asked after a restore, for what was lost."""

    def listed(self, prefix: str, since: datetime, until: datetime) -> tuple[Listed, ...]:
        """What was made from `since` to `until` (whole days, where the remote knows no hours), and whose reference

        begins with `prefix`. Changes nothing. Raises NoAnswer; never returns a part of the list alone.
        """
        ...


def amount_limit(tender: object) -> Money | None:
    """The most that this way to pay takes for one sale, its `amount_max`; None where it has none, or sets no limit."""
    limit: Money | None = getattr(tender, "amount_max", None)
    return limit


@runtime_checkable
class HasReader(Protocol):
    """Cards are taken by a reader that stands beside the kiosk, and has a line of its own."""

    def reader_online(self) -> bool:
        """Whether the reader has given a sign of life lately. Changes nothing. Raises NoAnswer."""
        ...


@runtime_checkable
class ChargesCodes(Protocol):
    """A wallet whose payment code we scan off the customer's phone. That code is money: it is passed on at once, and

    never stored, shown or logged.
    """

    def reads(self, scanned: str) -> bool:
        """Whether what was scanned looks like a payment code of this wallet: by its length and first digits alone."""
        ...

    def charge(self, order: Order, wire: str, payment_code: str, now: datetime) -> Paid | Pending:
        """Take the order's total by this code, under our reference `wire`. Called at most once for an order.

        Pending while the payer confirms on the phone. Refused where the code is no good: nothing was taken, and a new
        code is a new order. Raises NoAnswer; what became of it, `Tender.ask` finds by the same reference.
        """
        ...


class Moved(StrEnum):
    """Which way money went."""

    IN = "in"
    BACK = "back"


@dataclass(frozen=True, slots=True)
class BillEntry:
    """One movement in a rail's bill: a payment, or a refund. Both amounts are the order's, and positive.

    `reference` is ours as it went over the wire, the payment's or the refund's; `number` is the rail's own.
    """

    moved: Moved
    reference: str
    number: str
    amount: Money
    at: datetime


@runtime_checkable
class HasBill(Protocol):
    """The rail keeps a bill: what it moved for us, by days of its own."""

    bill_zone: ZoneInfo
    """Where its days begin and end."""

    @property
    def bill_account(self) -> str:
        """Whose bill it is: two ways to pay into one account have one bill, which is asked for once. Not for people."""
        ...

    def bill(self, day: date) -> tuple[BillEntry, ...]:
        """Everything that moved on that day; a hold on a card that was never taken has not. Changes nothing.

        Raises NotNow while the bill is not made yet, NoAnswer; never returns a part of the bill alone.
        """
        ...


@runtime_checkable
class Greets(Protocol):
    """A messenger that can say hello and log in, for `kiosk doctor`."""

    def greet(self) -> None:
        """Send nothing. Raises NoAnswer where no message could be sent either."""
        ...


@runtime_checkable
class TellsFate(Protocol):
    """A messenger that knows later whether a message has arrived."""

    def arrived(self, number: str) -> bool:
        """Whether the message of this number has reached the phone; False: not yet, as far as anybody knows.

        Refused where it never will. Changes nothing. Raises NoAnswer.
        """
        ...
