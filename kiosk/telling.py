"""An order in words for clerks: state, timeline, papers, messages. For the command line and the counter."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, tzinfo
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import msgspec

from kiosk.facts import Attempt
from kiosk.identifiers import grouped_reference
from kiosk.ledger.jobs import Job, jobs_of
from kiosk.ledger.messages import Entry, Status, contact_of
from kiosk.ledger.raised import raisings
from kiosk.ledger.reports import came_to
from kiosk.ledger.rows import instant
from kiosk.ledger.sides import Side, Sides, sides_of
from kiosk.money import Money
from kiosk.order import Order, State
from kiosk.printing import see_to_cut_jobs
from kiosk.texts import printable

if TYPE_CHECKING:
    from kiosk.assembly import House
    from kiosk.ledger.store import Ledger

STATE_WORDS = {
    State.AUTHORIZING: "waiting for the payment",
    State.CANCELLING: "cancelled; making sure that nothing was paid",
    State.SUBMITTING: "paid; the top-up is being delivered",
    State.CAPTURING: "delivered; the money is being taken",
    State.REFUNDING: "the money is to be given back",
    State.REVIEW: "a clerk must decide",
    State.COMPLETED: "delivered and verified",
    State.REFUNDED: "the money is given back",
    State.ABANDONED: "nothing was paid",
}
STATUS_WORDS = {
    Status.QUEUED: "waits to be sent",
    Status.SENDING: "is being sent",
    Status.ACCEPTED: "was taken on; whether it arrived is not known",
    Status.ARRIVED: "has arrived",
    Status.FAILED: "failed",
    Status.DROPPED: "was not sent",
}
STEP_WORDS = {
    "welcome": "at the welcome screen",
    "language": "choosing a language",
    "number": "giving the SIM's number",
    "sim": "waiting while the number is looked up",
    "plan": "choosing a plan",
    "choose": "being helped to choose a plan",
    "summary": "checking the price, choosing how to pay",
    "pay": "paying",
    "delivery": "paid, waiting for the top-up",
    "done": "at the end, reading what became of it",
    "contact": "leaving an address for messages",
    "where": "asking where a top-up is",
    "found": "reading what became of an earlier order",
    "help": "reading the help",
    "clerk": "at the clerk's name and PIN",
    "closed": "nobody: the kiosk is out of service",
    "counter": "nobody: a clerk has the counter open there",
}
"""Where a kiosk's customer is, by the name of the screen."""
QUIET = ("event", "by", "attempt", "order", "code", "capture_before", "expires_at")


def step_words(step: str) -> str:
    """Where a kiosk's customer is, in plain English."""
    return STEP_WORDS.get(step, step)


def in_one_line(order: Order) -> str:
    """An order for a person."""
    text = f"{grouped_reference(order.reference)}  {order.state}: {STATE_WORDS[order.state]}"
    return f"{text} ({printable(order.reason)})" if order.reason else text


def timeline(house: House, order: Order) -> Iterator[str]:
    """Every event, a line each, the oldest first: when, what, who, and what the remote said."""
    zone = house.config.zone
    lines = [_line_of(event, zone) for event in house.ledger.events(order.reference)]
    asked = [line for sides in sides_of(house.ledger, order.reference) for line in _asked(sides)]
    over = [(at, "raised", by, "its deadline is over") for at, by in raisings(house.ledger, order.reference)]
    for at, what, by, words in sorted([*lines, *asked, *over], key=itemgetter(0)):
        yield printable(f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S}  {what:<22} {by:<12} {words}".rstrip())


def _line_of(event: dict[str, Any], zone: tzinfo) -> tuple[datetime, str, str, str]:
    what = told_attempt(event["body"]) or event["event"]
    return instant(event["at"]), what, event["by"], said(event["body"], zone)


def _asked(sides: Sides) -> Iterator[tuple[datetime, str, str, str]]:
    """What a clerk had asked, and what was said."""
    yield sides.asked_at, "sides asked", sides.by, ""
    for side in Side:
        if answer := sides.of(side):
            yield answer.at, f"{side} side says", "queue", answer.words


def told_attempt(body: dict[str, Any]) -> str:
    """`top_up sent` or `top_up: accepted`: an attempt as one word of the timeline, where nothing else happened."""
    if body["event"] != "noted" or "attempt" not in body:
        return ""
    attempt = msgspec.convert(body["attempt"], Attempt)
    return f"{attempt.call}: {attempt.outcome}" if attempt.outcome else f"{attempt.call} sent"


def said(body: dict[str, Any], zone: tzinfo) -> str:
    """What else an event says, as words; times by the shop's clock."""
    words = []
    for key, value in body.items():
        if key in QUIET:
            continue
        if isinstance(value, dict):
            value = str(msgspec.convert(value, Money))
        if key == "deadline_at":
            key, value = "until", f"{instant(value).astimezone(zone):%Y-%m-%d %H:%M}"
        words.append(str(value) if key in ("reason", "remote") else f"{key} {value}")
    answer = body.get("attempt", {}).get("answer", "")
    if answer != body.get("number"):
        words.append(answer)
    return "; ".join(dict.fromkeys(filter(None, words)))


def papers(house: House, order: Order) -> list[Job]:
    """What became of each paper of this order, as far as anybody knows."""
    see_to_cut_jobs(house.ledger, house.config, house.clock)
    return jobs_of(house.ledger, order.reference)


def paper_words(house: House, job: Job) -> str:
    """A paper in one line."""
    at = job.changed_at.astimezone(house.config.zone)
    kind = f"copy of {job.kind}" if job.copy else job.kind
    return f"{at:%Y-%m-%d %H:%M:%S}  paper ({kind}): {job.status.value}  {job.by}  {job.reason}".rstrip()


def message_words(house: House, entry: Entry) -> str:
    """A message in one line; where to, as far as a clerk may know."""
    at = entry.changed_at.astimezone(house.config.zone)
    to = "to an address that was deleted since"
    if contact := contact_of(house.ledger, entry.order):
        to = f"to {contact.masked}"
    words = f"{at:%Y-%m-%d %H:%M:%S}  message {entry.kind}, by {entry.channel} {to}: {STATUS_WORDS[entry.status]}"
    return f"{words} ({entry.reason})" if entry.reason else words


def margin_words(ledger: Ledger, order: Order) -> str:
    """What the order has left us, in one line; empty where nothing was paid."""
    row = came_to(ledger, order.reference)
    if row is None:
        return ""
    money = [f"paid {Money(row.paid_minor, row.currency)}"]
    if row.returned_minor:
        money.append(f"given back {Money(row.returned_minor, row.currency)}")
    if row.cost_minor is not None:
        money.append(f"cost {Money(row.cost_minor, row.cost_currency)}")
    if row.taxes_and_fees_minor:
        money.append(f"taxes and fees in it {Money(row.taxes_and_fees_minor, row.currency)}")
    if row.margin_minor is not None:
        told = str(Money(row.margin_minor, row.currency))
    elif row.currency != row.cost_currency:
        told = f"cannot be told, since it is bought in {row.cost_currency}"
    else:
        told = "not yet, it is neither delivered nor given back"
    return f"Margin: {told} ({', '.join(money)})"
