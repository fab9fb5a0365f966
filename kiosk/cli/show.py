"""`kiosk show`: an order's timeline, every event and every attempt."""

from __future__ import annotations

from typing import Any

import click
import msgspec

from kiosk.assembly import House
from kiosk.cli.common import JSON, in_one_line, say_json, told, with_house
from kiosk.facts import Attempt
from kiosk.identifiers import masked_iccid, parse_reference
from kiosk.ledger.rows import instant
from kiosk.money import Money

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
        timeline = [{key: event[key] for key in keys} | {"said": said(event["body"])} for event in events]
        attempts = msgspec.to_builtins(order.attempts)
        say_json(told(order) | {"events": timeline, "attempts": attempts})
        return
    click.echo(in_one_line(order))
    click.echo(f"{masked_iccid(order.iccid)}  {order.plan.title}  {order.total}  {order.tender}, {order.provider}")
    for line in order.lines:
        click.echo(f"  {line.name}  {line.amount}")
    click.echo()
    for event in events:
        at = instant(event["at"]).astimezone(house.config.zone)
        what = told_attempt(event["body"]) or event["event"]
        click.echo(f"{at:%Y-%m-%d %H:%M:%S}  {what:<22} {event['by']:<12} {said(event['body'])}".rstrip())


def told_attempt(body: dict[str, Any]) -> str:
    """`top_up sent` or `top_up: accepted`: an attempt as one word of the timeline, where nothing else happened."""
    if body["event"] != "noted" or "attempt" not in body:
        return ""
    attempt = msgspec.convert(body["attempt"], Attempt)
    return f"{attempt.call}: {attempt.outcome}" if attempt.outcome else f"{attempt.call} sent"


def said(body: dict[str, Any]) -> str:
    """What else an event says, as words."""
    words = []
    for key, value in body.items():
        if key in QUIET:
            continue
        if isinstance(value, dict):
            value = str(msgspec.convert(value, Money))
        words.append(str(value) if key in ("reason", "remote") else f"{key} {value}")
    if answer := body.get("attempt", {}).get("answer"):
        words.append(answer)
    return "; ".join(dict.fromkeys(words))
