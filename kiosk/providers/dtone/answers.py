"""What DT One's answers mean: plans, what is left, transactions, balances, promotions. Pure; sends nothing.

It must never take a transaction for ours that is not exactly ours. Shapes: docs/providers.md.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, InvalidOperation
from typing import Any

from kiosk.abilities import Listed, Shown
from kiosk.errors import BadMoney
from kiosk.money import Money, exponent
from kiosk.plans import Place, Plan
from kiosk.ports import Absent, Delivered, NotDelivered, Processing, TopUp
from kiosk.promotions import ProviderPromotion
from kiosk.providers.dtone.codes import NEVER, WHY, State
from kiosk.remote import Reply, plain

ESIM, KIND = 13, "FIXED_VALUE_PIN_PURCHASE"
MEGABYTES = {"KB": Decimal(1) / 1024, "MB": Decimal(1), "GB": Decimal(1024), "TB": Decimal(1024) * 1024}
HOURS = {"HOUR": 1, "DAY": 24, "WEEK": 7 * 24, "MONTH": 30 * 24}
UNLIMITED = -1
PLACES_MAX = 250


def entries(reply: Reply, what: str) -> list[dict[str, Any]]:
    """The objects of an answer that is a list. Raises Unreachable where it is none."""
    found = reply.json()
    if not isinstance(found, list):
        raise reply.odd(f"without its list of {what}")
    return [entry for entry in found if isinstance(entry, dict)]


def number(told: object) -> Decimal | None:
    """A finite number of sensible size; None for anything else."""
    try:
        found = Decimal(str(told).strip())
    except InvalidOperation:
        return None
    return found if found.is_finite() and abs(found) < 10**9 else None


def part(record: object, *keys: str) -> Any:
    """What stands under these keys, one within the other; None where anything is missing."""
    for key in keys:
        record = record.get(key) if isinstance(record, dict) else None
    return record


# --- plans and what is left on a SIM -----------------------------------------------------------------------------


def plan_of(record: dict[str, Any]) -> Plan | None:
    """One product on offer; None where its id, price, size or days cannot be read: then it is not sold."""
    id, cost = record.get("id"), wholesale_of(record)
    data, days = _megabytes(record.get("benefits"), "amount", "total_including_tax"), _days(record.get("validity"))
    if record.get("type") != KIND or part(record, "service", "id") != ESIM or not takes_card_number(record):
        return None
    if type(id) is not int or id < 1 or cost is None or not cost.amount_minor or not data or not days:
        return None
    name, size = plain(record.get("name") or id, 60), None if data == UNLIMITED else data
    return Plan(str(id), name, size, days, cost, _coverage(record.get("regions")))


def _coverage(regions: object) -> tuple[Place, ...]:
    """The places that a product names as its regions; none where it names none, or one cannot be read."""
    found = regions if isinstance(regions, list) else []
    places = [Place(plain(part(one, "code") or "", 10), plain(part(one, "name") or "", 40)) for one in found]
    return tuple(places[:PLACES_MAX]) if all(place.name for place in places) else ()


def takes_card_number(record: dict[str, Any]) -> bool:
    """Whether a card number is all that the product asks for: the kiosk has nothing else to give."""
    for field, wanted in record.items():
        if not field.startswith("required_") or not wanted:
            continue
        alternatives = wanted if isinstance(wanted, list) else []
        if field != "required_credit_party_identifier_fields" or ["account_number"] not in alternatives:
            return False
    return True


def wholesale_of(record: dict[str, Any]) -> Money | None:
    """What it costs us: the wholesale amount and its fee, rounded up to the smallest unit."""
    price = part(record, "prices", "wholesale")
    amount, fee, currency = number(part(price, "amount")), number(part(price, "fee") or 0), part(price, "unit")
    if amount is None or fee is None or amount + fee < 0 or part(price, "unit_type") != "CURRENCY":
        return None
    return _money(amount + fee, currency, ROUND_CEILING)


def _money(amount: Decimal, currency: object, rounding: str) -> Money | None:
    """Rounded to the smallest unit, to our disadvantage. None where that is no currency."""
    try:
        minor = amount.scaleb(exponent(str(currency))).to_integral_value(rounding)
    except BadMoney:
        return None
    return Money(int(minor), str(currency))


def _megabytes(benefits: object, *amount: str) -> int | None:
    """All data among the benefits; UNLIMITED where one of them is, None where there is none or one cannot be read."""
    total = Decimal(0)
    data = [one for one in benefits if part(one, "type") == "DATA"] if isinstance(benefits, list) else []
    for benefit in data:
        size, unit = number(part(benefit, *amount)), MEGABYTES.get(str(part(benefit, "unit")))
        if size == UNLIMITED:
            return UNLIMITED
        if size is None or size < 0 or unit is None:
            return None
        total += size * unit
    return int(total) if data else None


def _days(validity: object) -> int | None:
    """Whole days; None where it is unknown, without end, or ends within a day: that cannot be said in days."""
    quantity, unit = part(validity, "quantity"), HOURS.get(str(part(validity, "unit")))
    if type(quantity) is not int or quantity < 1 or unit is None or quantity * unit % 24:
        return None
    return quantity * unit // 24


def left_of(reply: Reply) -> tuple[int | None, datetime | None]:
    """MB left on a SIM (None: unlimited or unknown), and until when. Raises Unreachable."""
    if reply.status != 200:
        raise reply.odd("without what is left")
    benefits = entries(reply, "benefits")
    left_mb = _megabytes(benefits, "amount")
    ends = [moment(benefit.get("expiration_date")) for benefit in benefits if benefit.get("type") == "DATA"]
    return None if left_mb == UNLIMITED else left_mb, max((end for end in ends if end), default=None)


def on_the_sim(reply: Reply, now: datetime) -> int:
    """MB that a SIM shows, or UNLIMITED; 0 where it shows no data that still counts. Raises Unreachable."""
    data = [one for one in entries(reply, "benefits") if one.get("type") == "DATA"]
    counting = [one for one in data if (moment(one.get("expiration_date")) or now) >= now]
    found = _megabytes(counting, "amount") if counting else 0
    if found is None:
        raise reply.odd("with data that cannot be read")
    return found


def shown(left_mb: int, plan: Plan | None) -> Shown:
    """Whether this plan is on a SIM that shows so much: of one sum only nothing, and enough for the plan, say it."""
    if left_mb == UNLIMITED:
        return Shown(True, "the SIM shows data without limit")
    said = f"the SIM shows {left_mb} MB"
    if not left_mb:
        return Shown(False, said)
    if plan and plan.data_mb and left_mb >= plan.data_mb:
        return Shown(True, said)
    return Shown(None, f"{said}, which may be of this plan or of another")


def moment(told: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(told))
    except ValueError:
        return None
    return found.replace(tzinfo=found.tzinfo or UTC)


# --- transactions ------------------------------------------------------------------------------------------------


def state_of(record: dict[str, Any]) -> int | None:
    found = part(record, "status", "class", "id")
    return found if type(found) is int else None


def id_of(record: dict[str, Any]) -> int:
    """DT One's own number of a transaction; 0 where it has none that can be read."""
    found = record.get("id")
    return found if type(found) is int else 0


def number_of(record: dict[str, Any]) -> str:
    """The same, as a clerk reads it."""
    return str(id_of(record) or "?")


def listed(record: dict[str, Any]) -> Listed:
    """One transaction as it stands in their list."""
    said = f"{plain(part(record, 'status', 'message') or '?', 60)}, {plain(record.get('creation_date') or '?', 40)}"
    at, stands = moment(record.get("creation_date")), state_of(record) not in (*NEVER, State.REVERSED)
    return Listed(plain(record.get("external_id") or "", 40), number_of(record), said, at, stands)


def contradiction(record: dict[str, Any], request: TopUp) -> str:
    """What a transaction of our reference says that we did not ask for, or an empty text."""
    if record.get("external_id") != request.reference:
        return "another reference"
    if str(part(record, "product", "id")) != request.plan_id:
        return f"another plan, {plain(part(record, 'product', 'id'), 60)}"
    if part(record, "credit_party_identifier", "account_number") != request.sim_number:
        return "another card, or none: then it has sold a new eSIM"
    return "a new eSIM" if part(record, "metadata", "activation_type") == "DATA_PLAN" else ""


def verdict(records: list[dict[str, Any]], request: TopUp) -> Delivered | Processing | Absent | NotDelivered:
    """What all transactions of our reference say together. Delivered wins; all must be a no for NotDelivered."""
    said, refused = [], []
    for record in records:
        state = state_of(record)
        if wrong := contradiction(record, request):
            said.append(f"DT One has our reference with {wrong}")
        elif state == State.COMPLETED:
            return Delivered(number_of(record), wholesale_of(record))
        elif state in NEVER:
            refused.append(why_not(record))
        else:
            said.append(plain(part(record, "status", "message"), 60))
    if said:
        return Processing(number_of(records[0]), "; ".join(said))
    return NotDelivered("; ".join(refused)) if refused else Absent()


def why_not(record: dict[str, Any]) -> str:
    """A definite no in words: who refused, why, and what DT One calls it."""
    status, state = plain(part(record, "status", "message"), 60), State(state_of(record) or 0)
    detail = status.partition("-")[2]
    why = next((f": {words}" for start, words in WHY.items() if detail.startswith(start)), "")
    return f"{NEVER[state]}{why} ({status}, number {number_of(record)})"


# --- the account -------------------------------------------------------------------------------------------------


def balance_of(reply: Reply, currency: str) -> Money:
    """What is available, without what is held for top-ups under way: in this currency, or in the only one there is."""
    held = {str(entry.get("unit")): number(entry.get("available")) for entry in entries(reply, "balances")}
    unit = currency if currency in held or len(held) != 1 else next(iter(held))
    available = held.get(unit)
    money = None if available is None else _money(available, unit, ROUND_FLOOR)
    if money is None:
        raise reply.odd("without our balance")
    return money


def promotion_of(record: dict[str, Any]) -> ProviderPromotion | None:
    """One promotion; None where its dates cannot be read."""
    first, last, products = moment(record.get("start_date")), moment(record.get("end_date")), record.get("products")
    if first is None or last is None:
        return None
    ids = tuple(str(part(one, "id")) for one in products if part(one, "id")) if isinstance(products, list) else ()
    return ProviderPromotion(plain(record.get("id"), 20), plain(record.get("title"), 60), first, last, ids)
