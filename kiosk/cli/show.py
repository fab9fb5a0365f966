"""`kiosk show`: an order's timeline, every event and every attempt."""

from __future__ import annotations

from typing import Any

import click
import msgspec

from kiosk.assembly import House
from kiosk.cli.common import JSON, next_act, told, with_house
from kiosk.cli.out import put, say_json
from kiosk.identifiers import masked_number, parse_reference
from kiosk.ledger.jobs import Job
from kiosk.ledger.messages import Entry, contact_of, messages_of
from kiosk.ledger.rows import instant, stamp
from kiosk.money import Money
from kiosk.order import Order
from kiosk.telling import in_one_line, message_words, paper_words, papers, said, timeline


@click.command("show")
@click.argument("reference")
@JSON
@with_house
def command(house: House, reference: str, as_json: bool) -> None:
    """Show an order: what happened, when, who said so, and what the remotes answered."""
    order = house.ledger.order(parse_reference(reference))
    if as_json:
        events = house.ledger.events(order.reference)
        keys = ("seq", "at", "event", "by")
        zone = house.config.zone
        happened = [{key: event[key] for key in keys} | {"said": said(event["body"], zone)} for event in events]
        messages = [told_message(house, entry) for entry in messages_of(house.ledger, order.reference)]
        more = {
            "next_look_at": next_look(house, order),
            "papers": [told_paper(job) for job in papers(house, order)],
            "messages": messages,
        }
        say_json(told(order) | in_full(order) | more | {"events": happened})
        return
    put(in_one_line(order))
    number = masked_number(order.sim_number) + (f", {order.network}" if order.network else "")
    what = f"{number}  {order.plan.name}  {order.total}  {order.tender}, {order.provider}"
    put(what)
    for line in order.lines:
        put(f"  {line.name}  {line.amount}")
    put()
    for event in timeline(house, order):
        put(event)
    for paper in papers(house, order):
        put(paper_words(house, paper))
    for message in messages_of(house.ledger, order.reference):
        put(message_words(house, message))
    put()
    if look_at := next_look(house, order):
        put(f"Looked at again at {instant(look_at).astimezone(house.config.zone):%Y-%m-%d %H:%M:%S}.")
    if advice := next_act(order):
        put(advice)


def told_paper(job: Job) -> dict[str, Any]:
    """What became of a paper, for a script."""
    told = {"kind": job.kind, "copy": job.copy, "status": job.status.value, "reason": job.reason, "by": job.by}
    return told | {"changed_at": stamp(job.changed_at)}


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
