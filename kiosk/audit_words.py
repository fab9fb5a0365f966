"""What an event says, as a sentence about who stands before it: `mei  took 24.50 USD in cash`. Pure.

An event that has no sentence here is told by its name and what it carries: a new one is never hidden.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import tzinfo
from typing import Any

from kiosk.money import Money
from kiosk.telling import said

Body = Mapping[str, Any]
KEYS_SHOWN = 12
HIDDEN = ("pin", "keys", "event", "by")

OF_ORDERS = {
    "opened": "opened an order at the till",
    "paid": "took the cash",
    "cancelled": "cancelled",
    "refunded": "handed cash back",
    "refund_ordered": "ordered a refund",
    "settled_delivered": "settled by hand: it was delivered",
    "settled_returned": "settled by hand: it was given back",
    "settled_unpaid": "settled by hand: it was never paid",
    "resumed_authorizing": "had the payment looked up again",
    "resumed_cancelling": "had the cancelled payment looked up again",
    "resumed_submitting": "had the top-up looked up again",
    "resumed_capturing": "had the taking of the money looked up again",
    "resumed_refunding": "had the refund looked up again",
    "found_paid": "took cash for an order that was over",
    "noted": "noted",
}
"""Of what a clerk does to an order; what else the event carries follows."""


def told(event: str, body: Body, zone: tzinfo) -> str:
    """The sentence."""
    if sentence := SENTENCES.get(event):
        return sentence(body)
    if "event" in body:
        more = said(dict(body), zone)
        words = OF_ORDERS.get(event, event.replace("_", " "))
        return f"{words}: {more}" if more else words
    return f"{event.replace('_', ' ')}: {_everything(body)}".removesuffix(": ")


def whom(body: Body) -> str:
    """The clerk whom it is about, where it is about one."""
    return str(body.get("clerk") or body.get("name") or "")


def _everything(body: Body) -> str:
    plain = {key: _value(value) for key, value in body.items() if key not in HIDDEN}
    return ", ".join(f"{key.replace('_', ' ')} {value}" for key, value in plain.items() if value)


def _value(value: Any) -> str:
    """Amounts as people read them; whole tables are for who opens the ledger."""
    if isinstance(value, dict) and set(value) == {"amount_minor", "currency"}:
        return str(Money(value["amount_minor"], value["currency"]))
    return "" if value is None or isinstance(value, dict | list) else str(value)


def _amount(body: Body) -> Money:
    return Money(body["amount_minor"], body["currency"])


def _pin_refused(body: Body) -> str:
    whose = "a name that nobody here has" if body["clerk"] == "-" else body["clerk"]
    return f"wrong PIN for {whose} at {body['terminal']}, number {body['in_a_row']} in a row"


def _configuration(body: Body) -> str:
    if not body["before"]:
        return f"configuration on record for the first time ({body['config'][:12]})"
    keys = body["changed"]
    which = ", ".join(keys[:KEYS_SHOWN]) if keys else "which keys cannot be told"
    if keys and len(keys) > KEYS_SHOWN:
        which += f", and {len(keys) - KEYS_SHOWN} more"
    return f"configuration changed: {which} ({body['before'][:12]} to {body['config'][:12]})"


def _finding(body: Body) -> str:
    return f"finding F{body['id']} opened, {body['kind']}: {body['reason']}"


def _closing(body: Body) -> str:
    difference = Money(**body["difference"])
    short = difference.amount_minor < 0
    told = f"{'short' if short else 'over'} {-difference if short else difference}: {body['reason']}"
    return f"closed shift {body['id']} as Z {body['z']}, {told if difference.amount_minor else 'no difference'}"


SENTENCES: dict[str, Callable[[Body], str]] = {
    "genesis": lambda body: f"began this ledger: {body['mode']}, kiosk {body['kiosk']}",
    "clerk_added": lambda body: f"added {body['name']} as {body['role']}",
    "clerk_disabled": lambda body: f"disabled {body['name']}",
    "clerk_role": lambda body: f"made {body['name']} {body['role']}, who was {body['was']}",
    "clerk_pin": lambda body: f"set a new PIN for {body['name']}",
    "signed_in": lambda body: f"signed in at {body['terminal']}",
    "signed_out": lambda body: f"signed out at {body['terminal']}",
    "locked": lambda body: f"locked {body['terminal']}",
    "pin_refused": _pin_refused,
    "started": lambda body: f"{body['what']} was started, version {body['version']}",
    "configuration_changed": _configuration,
    "finding_opened": _finding,
    "finding_decided": lambda body: f"closed finding F{body['id']}: {body['decision']}",
    "shift_opened": lambda body: f"opened shift {body['id']}",
    "shift_closed": _closing,
    "cash_moved": lambda body: f"cash {body['way']}, {_amount(body)}: {body['reason']}",
    "till_counted": lambda body: f"counted {_amount(body)} in the till",
    "staff_came": lambda body: f"went to seat {body['seat']}",
    "restored": lambda body: "put a backup in the ledger's place",
    "reopened": lambda body: "said yes to selling again after a restore",
}
