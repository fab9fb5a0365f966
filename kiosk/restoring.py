"""What a restored ledger does not know, and what follows: every call of an open order may have been made already.

Nothing is sent for it again: it is looked up, and what cannot be looked up, and cash, goes to a clerk. What only the
remotes know becomes findings. It must never move money, and never guess what the lost part held.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from kiosk.abilities import Listed, Lists
from kiosk.errors import BadReference, NoAnswer, UnknownOrder
from kiosk.facts import Attempt, Call, Event, Fact, Outcome
from kiosk.identifiers import grouped_reference, parse_reference
from kiosk.ledger import Ledger
from kiosk.ledger.desk import open_finding
from kiosk.ledger.gaps import Gap
from kiosk.ledger.reopening import RESTORED
from kiosk.ledger.restore import Restored, told_before, touched
from kiosk.order import Order, State
from kiosk.ports import Acts, Provider, Tender
from kiosk.questions import attempt_at
from kiosk.settlement import escalation
from kiosk.tables import Sales

BILL_AFTER = timedelta(hours=36)
"""A rail's bill of a day is there the next day: WeChat Pay's after 10:00 in Beijing (docs/payments.md)."""
BY = "kiosk restore"


@dataclass(frozen=True, slots=True)
class Shop:
    """What the treatment of a restored ledger needs to know of its kiosk."""

    kiosk: str
    tenders: Mapping[str, Tender]
    providers: Mapping[str, Provider]
    sales: Sales
    zone: ZoneInfo

    def window(self, since: datetime, until: datetime) -> str:
        """The time that is lost, by the shop's clock."""
        return " to ".join(f"{at.astimezone(self.zone):%Y-%m-%d %H:%M}" for at in (since, until))


# --- the orders --------------------------------------------------------------------------------------------------


def treat(ledger: Ledger, restored: Restored, shop: Shop, now: datetime) -> None:
    """Every order that the lost part may have gone on with, and the findings about what nobody can look up."""
    for order in touched(ledger):
        if facts := _facts(order, shop, now):
            ledger.record(order, *facts, at=now, due_at=None if order.settled or order.state is State.REVIEW else now)
    for reason, deadline_at in _by_hand(restored, shop, now):
        open_finding(ledger, RESTORED, reason, at=now, deadline_at=deadline_at)


def _facts(order: Order, shop: Shop, now: datetime) -> tuple[Fact, ...]:
    tender = shop.tenders.get(order.tender)
    by_hand = tender is not None and tender.acts is Acts.CLERK
    calls = [call for call in _calls(order, tender) if call is Call.TOP_UP or not by_hand]
    lost = tuple(
        Fact(event=Event.NOTED, by=BY, attempt=_attempt(order, call, len(order.attempts) + place, now))
        for place, call in enumerate(calls, start=1)
    )
    if by_hand and order.state in (State.AUTHORIZING, State.CANCELLING, State.REFUNDING):
        reason = "a part of the ledger was lost: cash may have been taken, or handed back, and the plan topped up"
        return (*lost, escalation(f"{reason}; look at the receipts and the till", now, shop.sales, order))
    return lost


def _calls(order: Order, tender: Tender | None) -> Iterator[Call]:
    """The calls that the lost part may have made, and whose having been made matters."""
    match order.state:
        case State.AUTHORIZING | State.CANCELLING:
            if tender is None or tender.starts:
                yield Call.START
            if tender is None or tender.acts is Acts.SCANS_CUSTOMER_CODE:
                yield Call.CHARGE
        case State.CAPTURING if order.captures_later:
            yield Call.CAPTURE
        case State.REFUNDING:
            yield Call.REFUND
    if not order.delivered_at:
        yield Call.TOP_UP


def _attempt(order: Order, call: Call, number: int, now: datetime) -> Attempt:
    """Dated now, so that it is looked for from now on: what was sent at the last moment may be listed late."""
    usual = attempt_at(order, call, now)
    return replace(usual, number=number, outcome=Outcome.LOST, answer="the ledger was restored")


# --- what nobody can look up -------------------------------------------------------------------------------------


def _by_hand(restored: Restored, shop: Shop, now: datetime) -> Iterator[tuple[str, datetime]]:
    """What a clerk must compare by hand, and until when."""
    window = shop.window(restored.newest_at, now)
    soon = now + timedelta(hours=shop.sales.review_within_h)
    lost = f"events {restored.backup.seq + 1} to {restored.newest.seq}" if restored.lost else "what was recorded"
    yield (
        f"The ledger was restored: {lost} from {window} may be missing. Decisions, clerks (kiosk clerk list), shifts"
        " and cash are as they were before: compare the receipts and the till",
        soon,
    )
    rails = [name for name, tender in shop.tenders.items() if tender.acts is not Acts.CLERK]
    for name in [*rails, *shop.providers]:
        if not isinstance(shop.tenders.get(name) or shop.providers.get(name), Lists):
            what = "payment" if name in rails else "top-up"
            yield (
                f"{name} cannot list what it has of us. Compare its bill from {window} with `kiosk orders`: every"
                f" {what} whose reference begins with {shop.kiosk} and that this ledger does not know was lost with it",
                now + BILL_AFTER,
            )


# --- what only the remotes know ----------------------------------------------------------------------------------


def search(ledger: Ledger, gap: Gap, shop: Shop, now: datetime) -> list[str]:
    """Ask every remote that can list for references that this ledger does not know. Returns what was found, in words.

    May be repeated: nothing becomes a finding twice. A remote that gives no answer becomes one, too.
    """
    found = []
    for name, remote in {**shop.tenders, **shop.providers}.items():
        if not isinstance(remote, Lists):
            continue
        try:
            listed = remote.listed(shop.kiosk, gap.since, gap.at)
        except NoAnswer as error:
            window = shop.window(gap.since, gap.at)
            reasons = [
                f"{name} could not be asked for what it has of us from {window} ({error}): kiosk restore asks again"
            ]
        else:
            reasons = [reason for entry in listed if (reason := _unknown(ledger, name, entry))]
        found += [reason for reason in reasons if _tell(ledger, reason, shop, now)]
    return found


def _unknown(ledger: Ledger, remote: str, entry: Listed) -> str:
    """Why this entry needs a clerk, or an empty text where the ledger knows of it."""
    try:
        reference = parse_reference(entry.reference[:15])
    except BadReference:
        return ""
    name = grouped_reference(reference)
    told = f"{remote} has {entry.reference} (number {entry.number}: {entry.said})"
    try:
        order = ledger.order(reference)
    except UnknownOrder:
        return (
            f"{told}, and this ledger does not know {name}: it was lost. Look for its receipt and its payment;"
            " what was paid and not delivered is to be given back"
        )
    if order.settled and not order.delivered_at and not order.in_doubt:
        return f"{told}, and {name} is {order.state} here: compare its receipt"
    return ""


def _tell(ledger: Ledger, reason: str, shop: Shop, now: datetime) -> bool:
    """Open a finding, unless it was told before. What it is about stands before the first comma or bracket."""
    about = reason.partition(" (")[0]
    if told_before(ledger, about):
        return False
    open_finding(ledger, RESTORED, reason, at=now, deadline_at=now + timedelta(hours=shop.sales.review_within_h))
    return True
