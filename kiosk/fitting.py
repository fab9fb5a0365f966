"""An order in review, for the clerk who must decide it: why it is there, until when, what each side says, what fits.

It decides nothing: of the acts that are allowed it puts first what the record and the sides speak for, and says why.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, tzinfo

from kiosk.acts import Act, Verb
from kiosk.facts import Call, refused_for_good
from kiosk.ledger.sides import Proves, Sides
from kiosk.order import Order, State
from kiosk.supervision import OVER

TAKEN_UP_WITHIN = timedelta(seconds=3)
"""A queue that runs takes a clerk's question up within a second."""
ANSWERED_WITHIN = timedelta(minutes=2)
FITTING_MAX = 3


def review_words(order: Order, acts: Sequence[Act], sides: Sides | None, now: datetime, zone: tzinfo) -> Iterator[str]:
    """What a clerk reads first, line by line."""
    if order.state is State.REVIEW:
        yield f"Why: {order.reason}"
        if order.deadline_at:
            over = f". {OVER}" if any(act.raised for act in acts) else ""
            yield deadline_words(order.deadline_at, now, zone) + over
    if sides:
        yield from sides_words(order, sides, now, zone)
    if order.state is State.REVIEW:
        for act, why in fitting(order, acts, sides):
            yield f"Fits: {act.key.upper()} {act.title} - {why}"


def deadline_words(by: datetime, now: datetime, zone: tzinfo) -> str:
    """Until when, and how long that is."""
    at = f"{by.astimezone(zone):%Y-%m-%d %H:%M}"
    return f"Decide by {at}: {span(by - now)} left" if now < by else f"LATE since {at}: {span(now - by)} over"


def span(length: timedelta) -> str:
    """`2 d 3 h`, `3 h 12 min`, `12 min`."""
    minutes = max(0, int(length.total_seconds() // 60))
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h {minutes % 60} min"
    return f"{minutes // 1440} d {minutes % 1440 // 60} h"


def sides_words(order: Order, sides: Sides, now: datetime, zone: tzinfo) -> Iterator[str]:
    """What each side said when it was last asked, or how that stands."""
    for name, said in ((order.tender, sides.payment), (order.provider, sides.delivery)):
        if said:
            yield f"{name}, asked {said.at.astimezone(zone):%m-%d %H:%M:%S}: {said.words}"
        else:
            yield f"{name}: {_waiting(sides, now)}"


def _waiting(sides: Sides, now: datetime) -> str:
    if sides.taken_at is None and now - sides.asked_at > TAKEN_UP_WITHIN:
        return "NOT ASKED YET: nobody works the queue. Start `kiosk run` or `kiosk sync`; it is asked then."
    if sides.taken_at and now - sides.taken_at > ANSWERED_WITHIN:
        return "asked, and no answer yet. Does `kiosk run` or `kiosk sync` still run?"
    return "asking ..."


def fitting(order: Order, acts: Sequence[Act], sides: Sides | None) -> list[tuple[Act, str]]:
    """Of these acts those that something speaks for, the most fitting first, each with why."""
    allowed = {act.verb: act for act in acts}
    found: dict[Verb, str] = {}
    for verb, why in _reasons(order, sides):
        if verb in allowed:
            found.setdefault(verb, why)
    return [(allowed[verb], why) for verb, why in found.items()][:FITTING_MAX]


def _reasons(order: Order, sides: Sides | None) -> Iterator[tuple[Verb, str]]:
    """What speaks for which act. What is proven stands before what is only likely."""
    paid = sides.payment.proves if sides and sides.payment else Proves.NOTHING
    delivered = sides.delivery.proves if sides and sides.delivery else Proves.NOTHING
    if refused_for_good(order.of(Call.REFUND)):
        yield Verb.HAND_BACK, f"{order.tender} has refused for good to give it back."
    if paid is Proves.BACK:
        yield Verb.RETURNED, f"{order.tender} says that the money is back."
    if delivered is Proves.DELIVERED:
        yield Verb.DELIVERED, f"{order.provider} says that it was delivered."
    if delivered is Proves.NOT_DELIVERED:
        yield Verb.REFUND, f"{order.provider} says that it was not delivered."
    if paid is Proves.UNPAID and not order.paid:
        yield Verb.UNPAID, f"{order.tender} has proof that nothing was paid."
    if paid is Proves.PAID and not order.paid:
        yield Verb.RESUME, f"{order.tender} says that it was paid, and that is not on record yet."
    if sides is None:
        yield Verb.SIDES, "Neither side was asked since it came here."
    if order.paid and not order.of(Call.TOP_UP) and not order.delivered_at:
        yield Verb.REFUND, "It is paid, and nothing was ever sent to the provider."
    yield Verb.RESUME, "Looking again changes nothing by itself, and may settle it."
