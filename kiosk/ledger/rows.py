"""An order as a row of the ledger, and back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import cache, lru_cache
from operator import attrgetter
from typing import Any

import msgspec

from kiosk.facts import Attempt, Call, Card, Outcome
from kiosk.identifiers import Reference, SimNumber
from kiosk.money import Money
from kiosk.order import Order, State
from kiosk.plans import Line, Place, Plan

Row = Mapping[str, Any]


@lru_cache(maxsize=1024)
def stamp(at: datetime) -> str:
    """An instant as it stands in the ledger: UTC, of fixed width, so that it sorts as text."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _maybe(at: datetime | None) -> str | None:
    return None if at is None else stamp(at)


def _instant(text: str | None) -> datetime | None:
    return None if text is None else instant(text)


def _money(minor: int | None, currency: str | None) -> Money | None:
    return None if minor is None or currency is None else Money(minor, currency)


def _minor(amount: Money | None) -> int | None:
    return None if amount is None else amount.amount_minor


def _currency(amount: Money | None) -> str | None:
    return None if amount is None else amount.currency


def _card(card: Card | None) -> str:
    return "" if card is None else msgspec.json.encode(card).decode()


COURSE: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "state": ("state", str),
    "version": ("version", int),
    "expires_at": ("expires_at", stamp),
    "since_at": ("since_at", stamp),
    "since_attempt": ("since_attempt", int),
    "code": ("code", str),
    "paid_minor": ("paid", _minor),
    "paid_currency": ("paid", _currency),
    "paid_at": ("paid_at", _maybe),
    "payment_number": ("payment_number", str),
    "capture_before": ("capture_before", _maybe),
    "card": ("card", _card),
    "delivered_at": ("delivered_at", _maybe),
    "delivery_number": ("delivery_number", str),
    "captured_at": ("captured_at", _maybe),
    "capture_refused": ("capture_refused", int),
    "refunded_at": ("refunded_at", _maybe),
    "unpaid_proven": ("unpaid_proven", int),
    "doubt_checked": ("doubt_checked", int),
    "reason": ("reason", str),
    "deadline_at": ("deadline_at", _maybe),
    "shift": ("shift", str),
    "tendered_minor": ("tendered", _minor),
    "change_minor": ("change", _minor),
}
"""What an order's events may change after the opening: by column, the field, and how it stands in the row."""

_SAID = tuple((column, said) for column, (_, said) in COURSE.items())
_course = attrgetter(*(field for field, _ in COURSE.values()))


def row_of(order: Order) -> dict[str, Any]:
    """Every column of `orders` but the queue's own (due_at, tries), which do not follow from events."""
    return _sold(order) | {column: said(told) for (column, said), told in zip(_SAID, _course(order), strict=True)}


def _sold(order: Order) -> dict[str, Any]:
    """What it was opened with, and stays."""
    return {
        "reference": order.reference,
        "sim_number": order.sim_number,
        "provider": order.provider,
        "network": order.network,
        "tender": order.tender,
        "language": order.language,
        **_plan_columns(order.plan),
        "lines": msgspec.json.encode(order.lines).decode(),
        "total_minor": order.total.amount_minor,
        "currency": order.total.currency,
        "captures_later": int(order.captures_later),
        "opened_at": stamp(order.opened_at),
    }


def changed(before: Order, after: Order) -> dict[str, Any]:
    """What stands in the row of `after` that did not stand in the row of the order as it was before."""
    course = zip(_SAID, _course(before), _course(after), strict=True)
    return {column: said(now) for (column, said), then, now in course if now is not then and now != then}


def _plan_columns(plan: Plan) -> dict[str, Any]:
    return {
        "plan_id": plan.id,
        "plan_title": plan.title,
        "plan_data_mb": plan.data_mb,
        "plan_days": plan.days,
        "plan_coverage": msgspec.json.encode(plan.coverage).decode(),
        "wholesale_minor": plan.wholesale.amount_minor,
        "wholesale_currency": plan.wholesale.currency,
    }


def _plan_of(row: Row) -> Plan:
    wholesale = Money(row["wholesale_minor"], row["wholesale_currency"])
    coverage = msgspec.json.decode(row["plan_coverage"], type=tuple[Place, ...])
    return Plan(row["plan_id"], row["plan_title"], row["plan_data_mb"], row["plan_days"], wholesale, coverage)


def order_of(row: Row, attempts: Iterable[Row]) -> Order:
    currency = row["currency"]
    return Order(
        reference=Reference(row["reference"]),
        state=State(row["state"]),
        version=row["version"],
        sim_number=SimNumber(row["sim_number"]),
        provider=row["provider"],
        network=row["network"],
        tender=row["tender"],
        language=row["language"],
        plan=_plan_of(row),
        lines=msgspec.json.decode(row["lines"], type=tuple[Line, ...]),
        total=Money(row["total_minor"], currency),
        captures_later=bool(row["captures_later"]),
        opened_at=instant(row["opened_at"]),
        expires_at=instant(row["expires_at"]),
        since_at=instant(row["since_at"]),
        since_attempt=row["since_attempt"],
        code=row["code"],
        paid=_money(row["paid_minor"], row["paid_currency"]),
        paid_at=_instant(row["paid_at"]),
        payment_number=row["payment_number"],
        capture_before=_instant(row["capture_before"]),
        card=msgspec.json.decode(row["card"], type=Card) if row["card"] else None,
        delivered_at=_instant(row["delivered_at"]),
        delivery_number=row["delivery_number"],
        captured_at=_instant(row["captured_at"]),
        capture_refused=bool(row["capture_refused"]),
        refunded_at=_instant(row["refunded_at"]),
        unpaid_proven=bool(row["unpaid_proven"]),
        doubt_checked=bool(row["doubt_checked"]),
        reason=row["reason"],
        deadline_at=_instant(row["deadline_at"]),
        shift=row["shift"],
        tendered=_money(row["tendered_minor"], currency),
        change=_money(row["change_minor"], currency),
        attempts=tuple(attempt_of(attempt) for attempt in attempts),
    )


def attempt_row(order_id: str, attempt: Attempt) -> dict[str, Any]:
    return {
        "order_id": order_id,
        "number": attempt.number,
        "call": attempt.call.value,
        "reference": attempt.reference,
        "sent_at": stamp(attempt.sent_at),
        "outcome": attempt.outcome.value if attempt.outcome else None,
        "answered_at": _maybe(attempt.answered_at),
        "answer": attempt.answer,
    }


def attempt_of(row: Row) -> Attempt:
    return Attempt(
        number=row["number"],
        call=Call(row["call"]),
        reference=row["reference"],
        sent_at=instant(row["sent_at"]),
        outcome=Outcome(row["outcome"]) if row["outcome"] else None,
        answered_at=_instant(row["answered_at"]),
        answer=row["answer"],
    )


@cache
def insertion(table: str, columns: tuple[str, ...], how: str = "") -> str:
    """The statement that writes one row: the values of these columns. `how` is OR REPLACE, or nothing."""
    values = ", ".join("?" for _ in columns)
    return f"INSERT {how} INTO {table} ({', '.join(columns)}) VALUES ({values})"


@cache
def assignment(table: str, columns: tuple[str, ...], key: str) -> str:
    """The statement that changes these columns of one row, found by `key`: their values, then the key's."""
    return f"UPDATE {table} SET {', '.join(f'{column} = ?' for column in columns)} WHERE {key} = ?"
