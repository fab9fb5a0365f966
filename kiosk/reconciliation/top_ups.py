"""A provider's list of one day against the ledger. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from kiosk.abilities import Listed
from kiosk.identifiers import Reference, grouped_reference
from kiosk.order import Order
from kiosk.questions import Question
from kiosk.reconciliation.differences import UNDER_WAY, Day, Difference, Kind, OrderOf, reference_of


def compare_provider(
    provider: str, day: Day, listed: Sequence[Listed], delivered: Sequence[Order], order_of: OrderOf, kiosk: str
) -> list[Difference]:
    """What the provider lists against what the ledger says was delivered. `listed` may reach beyond the day."""
    standing: dict[Reference, list[Listed]] = defaultdict(list)
    for entry in listed:
        if entry.stands and (reference := reference_of(entry.reference, kiosk)):
            standing[reference].append(entry)
    found = []
    for reference, entries in standing.items():
        if any(entry.at is None or day.start <= entry.at < day.end for entry in entries):
            found += list(_top_up(provider, order_of(reference), entries))
    for order in delivered:
        if order.reference not in standing:
            says = f"{grouped_reference(order.reference)} is on record as delivered (number {order.delivery_number})"
            found.append(
                Difference(
                    Kind.TOP_UP_MISSING, provider, f"{says}, and {provider} does not list it", order, Question.LOOK_UP
                )
            )
    return found


def _top_up(provider: str, order: Order | None, entries: Sequence[Listed]) -> Iterator[Difference]:
    numbers = sorted({entry.number for entry in entries})
    name = grouped_reference(order.reference) if order else ""
    if order is None:
        says = f"{provider} has {entries[0].reference} (number {numbers[0]}: {entries[0].said})"
        yield Difference(Kind.TOP_UP_WITHOUT_ORDER, provider, f"{says}, and the ledger has no such order")
        return
    if len(numbers) > 1:
        says = f"{name} was topped up {len(numbers)} times (numbers {', '.join(numbers)})"
        yield Difference(Kind.TOP_UP_TWICE, provider, says, order)
    if not order.delivered_at and order.state not in UNDER_WAY:
        says = f"{name} is {order.state}, and {provider} lists its top-up (number {numbers[0]})"
        yield Difference(Kind.TOP_UP_NOT_RECORDED, provider, says, order, Question.LOOK_UP)
