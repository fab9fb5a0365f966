"""`kiosk show`: an order's timeline, every event and every attempt."""

from __future__ import annotations

from datetime import tzinfo
from typing import Any

import click
import msgspec

from kiosk.assembly import House
from kiosk.cli.common import JSON, in_one_line, next_act, told, with_house
from kiosk.cli.out import put, say_json
from kiosk.facts import Attempt
from kiosk.identifiers import masked_number, parse_reference
from kiosk.ledger.jobs import jobs_of
from kiosk.ledger.messages import Entry, Status, contact_of, messages_of
from kiosk.ledger.rows import instant, stamp
from kiosk.money import Money
from kiosk.order import Order
from kiosk.printing import see_to_cut_jobs

STATUS_WORDS = {
    Status.QUEUED: "waits to be sent",
    Status.SENDING: "is being sent",
    Status.ACCEPTED: "was taken on; whether it arrived is not known",
    Status.ARRIVED: "has arrived",
    Status.FAILED: "failed",
    Status.DROPPED: "was not sent",
}
QUIET = ("event", "by", "attempt", "order", "code", "capture_before", "expires_at")


@click.command("show")
@click.argument("reference")
@JSON
@with_house
def command(house: House, reference: str, as_json: bool) -> None:
    """Show an order: what happened, when, who said so, and what the remotes answered."""
    order = house.ledger.order(parse_reference(reference))
    events = list(house.ledger.events(order.reference))
    if as_json:
        keys = ("seq", "at", "event", "by")
        zone = house.config.zone
        timeline = [{key: event[key] for key in keys} | {"said": said(event["body"], zone)} for event in events]
        messages = [told_message(house, entry) for entry in messages_of(house.ledger, order.reference)]
        more = {"next_look_at": next_look(house, order), "papers": papers(house, order), "messages": messages}
        say_json(told(order) | in_full(order) | more | {"events": timeline})
        return
    put(in_one_line(order))
    number = masked_number(order.sim_number) + (f", {order.network}" if order.network else "")
    what = f"{number}  {order.plan.name}  {order.total}  {order.tender}, {order.provider}"
    put(what)
    for line in order.lines:
        put(f"  {line.name}  {line.amount}")
    put()
    for event in events:
        at = instant(event["at"]).astimezone(house.config.zone)
        what = told_attempt(event["body"]) or event["event"]
        words = said(event["body"], house.config.zone)
        put(f"{at:%Y-%m-%d %H:%M:%S}  {what:<22} {event['by']:<12} {words}".rstrip())
    for paper in papers(house, order):
        at = instant(paper["changed_at"]).astimezone(house.config.zone)
        kind = f"copy of {paper['kind']}" if paper["copy"] else paper["kind"]
        said_of = f"{at:%Y-%m-%d %H:%M:%S}  paper ({kind}): {paper['status']}  {paper['by']}  {paper['reason']}"
        put(said_of.rstrip())
    for message in messages_of(house.ledger, order.reference):
        put(message_words(house, message))
    put()
    if look_at := next_look(house, order):
        put(f"Looked at again at {instant(look_at).astimezone(house.config.zone):%Y-%m-%d %H:%M:%S}.")
    if advice := next_act(order):
        put(advice)


def papers(house: House, order: Order) -> list[dict[str, Any]]:
    """What became of each paper of this order."""
    see_to_cut_jobs(house.ledger, house.config, house.clock)
    return [
        {"kind": job.kind, "copy": job.copy, "status": job.status.value, "reason": job.reason, "by": job.by}
        | {"changed_at": stamp(job.changed_at)}
        for job in jobs_of(house.ledger, order.reference)
    ]


def message_words(house: House, entry: Entry) -> str:
    """A message in one line; where to, as far as a clerk may know."""
    at = entry.changed_at.astimezone(house.config.zone)
    to = "to an address that was deleted since"
    if contact := contact_of(house.ledger, entry.order):
        to = f"to {contact.masked}"
    words = f"{at:%Y-%m-%d %H:%M:%S}  message {entry.kind}, by {entry.channel} {to}: {STATUS_WORDS[entry.status]}"
    return f"{words} ({entry.reason})" if entry.reason else words


def told_message(house: House, entry: Entry) -> dict[str, Any]:
    """The same for a script."""
    contact = contact_of(house.ledger, entry.order)
    told = {"kind": entry.kind, "copy": entry.copy, "channel": entry.channel, "status": entry.status}
    told |= {"to": contact.masked if contact else None, "number": entry.number, "reason": entry.reason}
    return told | {"created_at": stamp(entry.created_at), "changed_at": stamp(entry.changed_at)}


def next_look(house: House, order: Order) -> str | None:
    """When the queue looks at it next, as it stands in the ledger; None where it waits for no remote."""
    entry = house.ledger.entry(order.reference)
    return stamp(entry.due_at) if entry else None


def in_full(order: Order) -> dict[str, Any]:
    """What only an order's own page tells: its lines, what it costs us, the cash, the numbers of the remotes."""
    return {
        "language": order.language,
        "lines": [line_of(line.kind, line.name, line.amount) for line in order.lines],
        "wholesale_minor": order.plan.wholesale.amount_minor,
        "wholesale_currency": order.plan.wholesale.currency,
        "paid_minor": order.paid.amount_minor if order.paid else None,
        "tendered_minor": order.tendered.amount_minor if order.tendered else None,
        "change_minor": order.change.amount_minor if order.change else None,
        "shift": order.shift,
        "payment_number": order.payment_number,
        "delivery_number": order.delivery_number,
        "attempts": msgspec.to_builtins(order.attempts),
    }


def line_of(kind: str, name: str, amount: Money) -> dict[str, Any]:
    return {"kind": kind, "name": name, "amount_minor": amount.amount_minor}


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
