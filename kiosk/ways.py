"""Which ways to pay work at this moment, and what the last answer says about the line. Pure.

It must never call the line up without an answer that came through it, nor offer a way to pay for what is known to be
undeliverable: `Outlook` is what the rest of the kiosk knows of that (outlook.py asks for it).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from kiosk.errors import Misconfigured, NoAnswer, Unreachable

if TYPE_CHECKING:
    from kiosk.money import Money
    from kiosk.order import Order
    from kiosk.ports import Tender


class LineState(StrEnum):
    """The line to the outside, by the last answer: unknown until somebody asked."""

    UNKNOWN = "unknown"
    UP = "up"
    DOWN = "down"


class Hindrance(StrEnum):
    """Why a way to pay does not work now. The screens have a sentence for each."""

    NO_LINE = "no_line"
    READER_OFF = "reader_off"
    READER_BUSY = "reader_busy"
    CLOCK = "clock"
    PROVIDER_AWAY = "provider_away"
    LIMIT = "limit"
    AMOUNT = "amount"
    NO_PAPER = "no_paper"
    SWITCHED_OFF = "switched_off"


@dataclass(frozen=True, slots=True)
class Outlook:
    """What stands against a sale, beyond the line of this seat.

    `rails_away` are the ways to pay whose rail the queue hears nothing of, `readers_off` those whose card reader is,
    `unpaid` those by which an order is being paid, or may be: a reader takes one at a time. While the provider is away,
    `offline` are the ways that the owner's rules allow, and `limit` is the limit that one more sale would break, for
    the clerk. `off` are the ways that the shop does not offer now. `paperless` says that no receipt would be printed
    now, `paper_needed` that nothing is sold without one.
    """

    rails_away: frozenset[str] = frozenset()
    readers_off: frozenset[str] = frozenset()
    unpaid: frozenset[str] = frozenset()
    clock_is_off: bool = False
    provider_away: bool = False
    offline: tuple[str, ...] = ()
    limit: str = ""
    off: frozenset[str] = frozenset()
    paperless: bool = False
    paper_needed: bool = False


CLEAR = Outlook()


@dataclass(frozen=True, slots=True)
class Way:
    """One way to pay as it stands now; it works where `hindrance` is None."""

    tender: Tender
    hindrance: Hindrance | None


def ways_to_pay(
    tenders: Mapping[str, Tender], line: LineState, outlook: Outlook = CLEAR, total: Money | None = None
) -> list[Way]:
    """Every configured way to pay, in the configuration's order; for a sale of `total`, where that is known."""
    return [Way(tender, _too_much(tender, total) or _hindrance(tender, line, outlook)) for tender in tenders.values()]


def _too_much(tender: Tender, total: Money | None) -> Hindrance | None:
    if total is None:
        return None
    from kiosk.abilities import amount_limit

    limit = amount_limit(tender)
    return Hindrance.AMOUNT if limit and total > limit else None


def _hindrance(tender: Tender, line: LineState, outlook: Outlook) -> Hindrance | None:
    if tender.name in outlook.off:
        return Hindrance.SWITCHED_OFF
    if outlook.paper_needed:
        return Hindrance.NO_PAPER
    from kiosk.ports import Acts  # 20 ms: not before the welcome screen has painted

    wallet = tender.acts in (Acts.SHOWS_CODE, Acts.SCANS_CUSTOMER_CODE)  # a scanner is a keyboard: always there
    by_line = wallet or tender.acts is Acts.READER
    if by_line and (line is LineState.DOWN or tender.name in outlook.rails_away):
        return Hindrance.NO_LINE
    if wallet and outlook.clock_is_off:  # a wallet's signature holds the time
        return Hindrance.CLOCK
    if tender.acts is Acts.READER and tender.name in outlook.readers_off:
        return Hindrance.READER_OFF
    if tender.acts is Acts.READER and tender.name in outlook.unpaid:
        return Hindrance.READER_BUSY
    if outlook.provider_away:
        if tender.name not in outlook.offline:
            return Hindrance.PROVIDER_AWAY
        return Hindrance.LIMIT if outlook.limit else None
    return None


def line_after(answer: NoAnswer | None) -> LineState:
    """What one answer says about the line; None is a yes. Even a refusal came through it."""
    match answer:
        case Unreachable():
            return LineState.DOWN
        case Misconfigured():
            return LineState.UNKNOWN
    return LineState.UP


def line_of(order: Order) -> LineState:
    """What the order's newest answered call says about the line."""
    from kiosk.facts import Outcome

    outcomes = [attempt.outcome for attempt in order.attempts if attempt.outcome is not None]
    if not outcomes:
        return LineState.UNKNOWN
    return LineState.DOWN if outcomes[-1] in (Outcome.NOT_SENT, Outcome.UNKNOWN) else LineState.UP
