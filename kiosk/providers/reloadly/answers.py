"""What Reloadly's answers mean: top-ups, balances, promotions. Pure; sends nothing.

It must never take a top-up for ours that is not exactly ours. Shapes: docs/providers.md.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import ROUND_FLOOR, Decimal
from email.utils import parsedate_to_datetime
from typing import Any

from kiosk.abilities import Listed
from kiosk.errors import Refused
from kiosk.money import Money
from kiosk.plans import Plan
from kiosk.ports import Absent, Delivered, NotDelivered, Processing, TopUp
from kiosk.promotions import ProviderPromotion
from kiosk.providers.reloadly.codes import NEVER, State
from kiosk.providers.reloadly.plans import asked, money, number
from kiosk.remote import Reply, plain

Record = Mapping[str, Any]

# --- top-ups -----------------------------------------------------------------------------------------------------


def id_of(record: Record) -> int:
    """Reloadly's own number of a top-up; 0 where it has none that can be read."""
    found = record.get("transactionId")
    return found if type(found) is int else 0


def state_of(record: Record) -> str:
    """How it stands, in Reloadly's word; empty where it does not say."""
    found = record.get("status")
    return found if isinstance(found, str) else ""


def numbers_of(*records: Record) -> str:
    """The same, as a clerk reads them: several where our reference was carried out several times."""
    return ", ".join(str(id_of(record) or "?") for record in records)


def listed(record: Record) -> Listed:
    """One top-up as it stands in their report."""
    said = f"{plain(record.get('status') or '?', 40)}, {plain(record.get('transactionDate') or '?', 40)}"
    at, stands = moment(record.get("transactionDate")), state_of(record) not in NEVER
    return Listed(plain(record.get("customIdentifier") or "", 40), numbers_of(record), said, at, stands)


def is_open(record: Record) -> bool:
    """Whether its state must be asked for, and can be. A report may lag, and older answers have no status at all."""
    return id_of(record) > 0 and state_of(record) not in (State.SUCCESSFUL, *NEVER)


def with_status(record: Record, reply: Reply) -> Record:
    """The top-up with its live state, of the answer to the question for it. Raises Unreachable."""
    told = reply.record()
    found = told.get("transaction")
    live = found if isinstance(found, dict) else told if "transactionId" in told else {}
    status = told.get("status")
    if not isinstance(status, str):
        raise reply.odd("without the state of the top-up")
    return {**record, **live, "status": status}


def contradiction(record: Record, request: TopUp) -> str:
    """What a top-up of our reference says that we did not ask for, or an empty text."""
    try:
        wanted = asked(request.plan_id)
    except Refused:
        return "a plan that is none of Reloadly's"
    if record.get("operatorId") != wanted.operator_id:
        return f"another mobile network, {plain(record.get('operatorName') or record.get('operatorId'), 60)}"
    if number(record.get("requestedAmount")) != wanted.amount:
        return f"another amount, {plain(record.get('requestedAmount'), 20)}"
    if str(record.get("recipientPhone") or "").removeprefix("+") != request.sim_number.removeprefix("+"):
        return "another phone number"
    return "a PIN instead of a top-up" if record.get("pinDetail") else ""


def verdict(records: Sequence[Record], request: TopUp) -> Delivered | Processing | Absent | NotDelivered:
    """What all top-ups of our reference say together. Delivered wins; all must be a no for NotDelivered."""
    done, said, refused = [], [], []
    for record in records:
        status = state_of(record)
        if record.get("customIdentifier") != request.reference:
            continue
        if wrong := contradiction(record, request):
            said.append(f"Reloadly has our reference with {wrong}")
        elif status == State.SUCCESSFUL:
            done.append(record)
        elif status in NEVER:
            refused.append(f"{NEVER[State(status)]} ({status}, number {numbers_of(record)})")
        else:
            said.append(plain(status or "no state", 40))
    if done:
        return Delivered(numbers_of(*done), cost_of(done[0]))
    if said:
        return Processing(numbers_of(*records), "; ".join(said))
    return NotDelivered("; ".join(refused)) if refused else Absent()


def cost_of(record: Record) -> Money | None:
    """What our account was debited, where the top-up says so: a report does not."""
    told = record.get("balanceInfo")
    balances = told if isinstance(told, dict) else {}
    cost, before, after = (number(balances.get(key)) for key in ("cost", "oldBalance", "newBalance"))
    if cost is None and before is not None and after is not None:
        cost = before - after
    found = money(cost, balances.get("currencyCode"))
    return found if found and found.amount_minor > 0 else None


# --- the account -------------------------------------------------------------------------------------------------


def balance_of(reply: Reply) -> Money:
    """What is left, rounded down."""
    told = reply.record()
    found = money(number(told.get("balance")), told.get("currencyCode"), ROUND_FLOOR)
    if found is None:
        raise reply.odd("without our balance")
    return found


def moment(told: object) -> datetime | None:
    """A moment in any of the ways that Reloadly has written one in; taken as UTC where it does not say."""
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            found = read(str(told))
        except (ValueError, TypeError, OverflowError):
            continue
        return found.replace(tzinfo=found.tzinfo or UTC)
    return None


def promotion_of(record: Record, plans: Sequence[Plan]) -> ProviderPromotion | None:
    """One promotion, with those of its operator's plans that it names; None where it cannot be read."""
    first, last = moment(record.get("startDate")), moment(record.get("endDate"))
    ids = tuple(plan.id for plan in plans if _names(record.get("denominations"), plan))
    if first is None or last is None or not ids:
        return None
    title = plain(record.get("title2") or record.get("title") or "", 60)
    return ProviderPromotion(plain(record.get("promotionId") or record.get("id"), 20), title, first, last, ids)


def _names(denominations: object, plan: Plan) -> bool:
    """Whether the words of a promotion (`All`, `USD 10 and up`, `USD 10 and 15`) name this plan's amount."""
    words = str(denominations or "")
    if words.strip().lower() == "all":
        return True
    amounts = [Decimal(found) for found in re.findall(r"\d+(?:\.\d+)?", words)]
    amount = asked(plan.id).amount
    if len(amounts) == 1 and re.search(r"\b(up|above|more)\b", words, re.IGNORECASE):
        return amount >= amounts[0]
    return amount in amounts
