"""Sentences that more than one screen says: how much data, how long, what became of an order."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from kiosk.coverage import coverage_of
from kiosk.facts import Attempt, Call, Outcome
from kiosk.identifiers import is_phone
from kiosk.order import Order, State
from kiosk.plans import Plan, Sim
from kiosk.texts import Texts

if TYPE_CHECKING:
    from kiosk.assembly import House

REACHED = (Outcome.DONE, Outcome.ACCEPTED)


def of_when(texts: Texts, at: datetime, house: House) -> str:
    """The time of something that is shown as it was then: `14:05`, with its day where that is another one."""
    zone = house.config.zone
    same_day = at.astimezone(zone).date() == house.clock.now().astimezone(zone).date()
    return f"{at.astimezone(zone):%H:%M}" if same_day else texts.when(at, zone)


def left_words(texts: Texts, sim: Sim, zone: tzinfo) -> str:
    """What is left on the card, and how old that figure is: the provider's own may be 20 minutes old."""
    say = texts.say
    if is_phone(sim.number) and sim.left_mb is None:
        return say("Mobile network: {network}", network=sim.network) if sim.network else ""
    if not sim.active:
        return say("A new card, not yet used. It can be topped up before its first use.")
    if sim.left_mb is None or sim.as_of is None:
        return say("Found. What is left on the card is not known just now.")
    left, seen = texts.data(sim.left_mb), sim.as_of.astimezone(zone).strftime("%H:%M")
    if sim.left_until is None:
        return say("Left on the card: {left}, as of {seen}.", left=left, seen=seen)
    day = texts.day(sim.left_until.astimezone(zone).date())
    return say("Left on the card: {left} until {day}, as of {seen}.", left=left, day=day, seen=seen)


def about_words(texts: Texts, house: House, provider: str, plan: Plan) -> str:
    """One line about a plan, for who has not paid yet: where it works; of credit, that it is no data."""
    if plan.is_credit:
        return texts.say("Credit is money on the number, and no data by itself.")
    places = coverage_of(house.config, provider, plan, texts)
    return texts.say("Works in: {places}", places=places) if places else ""


def clock_words(seconds: float) -> str:
    """Time left as `14:59`, never below nothing."""
    rest_s = max(0, int(seconds))
    return f"{rest_s // 60}:{rest_s % 60:02d}"


Line = tuple[datetime | None, str]
"""One line of progress: when it happened, or None for what is being waited for."""


def progress(texts: Texts, order: Order) -> list[Line]:
    """What was done and what is being waited for, money first."""
    say = texts.say
    lines: list[Line] = []
    if order.paid is not None:
        paid = say("Paid: {amount}, {tender}", amount=order.paid, tender=texts.tender(order.tender))
        lines.append((order.paid_at, paid))
    lines += _top_ups(texts, order)
    if order.delivered_at is not None:
        lines.append((order.delivered_at, say("Top-up confirmed")))
    if order.refunded_at is not None:
        lines.append((order.refunded_at, say("Money given back")))
    waiting = waiting_words(texts, order)
    return [*lines, (None, waiting)] if waiting else lines


def _top_ups(texts: Texts, order: Order) -> list[Line]:
    """The mobile network was asked, and whether it answered: the newest attempt tells."""
    attempts: tuple[Attempt, ...] = order.of(Call.TOP_UP)
    if not attempts:
        return []
    newest = attempts[-1]
    lines: list[Line] = [(newest.sent_at, texts.say("Top-up ordered"))]
    if newest.outcome is None or newest.outcome in REACHED or order.delivered_at is not None:
        return lines
    said = {
        Outcome.REFUSED: texts.say("Top-up refused"),
        Outcome.NOT_NOW: texts.say("Not possible just now"),
    }.get(newest.outcome, texts.say("No answer"))
    return [*lines, (newest.answered_at or newest.sent_at, said)]


def waiting_words(texts: Texts, order: Order) -> str:
    """What is being waited for; empty where nothing is."""
    say = texts.say
    match order.state:
        case State.AUTHORIZING | State.CANCELLING:
            return say("Checking the payment")
        case State.SUBMITTING if order.in_doubt:
            return say("Waiting for an answer")
        case State.SUBMITTING:
            return say("Waiting for the line")
        case State.REFUNDING:
            return say("Refund under way")
        case State.REVIEW:
            return say("A clerk is checking")
    return ""
