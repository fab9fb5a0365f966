"""How long top-ups usually take, by the ledger's own history: a figure for the customer, which stops nothing."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from math import ceil
from typing import TYPE_CHECKING

from kiosk.errors import LedgerError
from kiosk.texts import Texts

if TYPE_CHECKING:
    from kiosk.assembly import House


def usual_span(house: House, *providers: str) -> timedelta | None:
    """Within what time eight of ten are delivered; of several providers, by the slowest. None where nobody knows."""
    from kiosk.ledger.pasts import pasts
    from kiosk.peak import usual

    with suppress(LedgerError):
        spans = [usual(pasts(house.ledger, provider, house.clock.now())) for provider in providers]
        return max((span for span in spans if span), default=None)
    return None


def rounded(span: timedelta) -> tuple[int, bool]:
    """As a number that is easy to read, never too low; and whether these are minutes."""
    seconds = max(1, ceil(span / timedelta(seconds=1)))
    if seconds > 60:
        return ceil(seconds / 60), True
    return (seconds if seconds <= 10 else 5 * ceil(seconds / 5)), False


def mostly_words(texts: Texts, span: timedelta) -> str:
    n, minutes = rounded(span)
    if minutes:
        return texts.plural("Mostly done within {n} minute.", "Mostly done within {n} minutes.", n)
    return texts.plural("Mostly done within {n} second.", "Mostly done within {n} seconds.", n)


def after_words(texts: Texts, span: timedelta | None) -> str:
    """The same for who has not paid yet; empty where nobody knows."""
    if span is None:
        return ""
    n, minutes = rounded(span)
    if minutes:
        return texts.plural(
            "After the payment: mostly done within {n} minute.", "After the payment: mostly done within {n} minutes.", n
        )
    return texts.plural(
        "After the payment: mostly done within {n} second.", "After the payment: mostly done within {n} seconds.", n
    )
