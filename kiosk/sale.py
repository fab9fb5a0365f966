"""Opens a sale, and what hands do to it: take cash, leave. Everything else is the queue's, or a clerk's decision."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from msgspec.structs import replace

from kiosk.abilities import amount_limit
from kiosk.config import Config
from kiosk.errors import BadMoney, Illegal, Refused
from kiosk.facts import Call, Event, Fact, Outcome
from kiosk.identifiers import grouped_reference, new_reference
from kiosk.ledger import Ledger, desk
from kiosk.money import Money
from kiosk.order import Order, State
from kiosk.plans import Line, LineKind, Plan, PriceList, Sim, total_of
from kiosk.ports import Acts, Tender
from kiosk.promotions import Promotion, ProviderPromotion, best, told_of
from kiosk.texts import texts

ASKED_AT_ONCE = (Acts.SHOWS_CODE, Acts.READER)
"""With the other ways to pay there is nobody to ask before a clerk takes cash, or a code is scanned."""


def plan_of(sim: Sim, plan_id: str, prices: PriceList) -> Plan:
    """The plan of this name among those the SIM takes and we have a price for. Raises Refused."""
    for plan in sim.plans:
        if plan.id == plan_id and prices.sells(plan):
            return plan
    offered = ", ".join(plan.id for plan in sim.plans if prices.sells(plan)) or "none"
    raise Refused(f"This SIM does not take the plan {plan_id!r}; plans for it: {offered}.")


def open_sale(
    ledger: Ledger,
    sim: Sim,
    plan: Plan,
    lines: tuple[Line, ...],
    tender: Tender,
    *,
    kiosk: str,
    language: str,
    by: str,
    at: datetime,
    choose: Callable[[str], str],
) -> Order:
    """A new order on record, waiting for its payment. Raises Illegal where this way to pay does not take so much."""
    total, limit = total_of(lines), amount_limit(tender)
    if limit and total > limit:
        raise Illegal(f"By {tender.name} a sale may come to {limit}, and this one comes to {total}.")
    expires_at = at + tender.time_to_pay
    order = Order(
        reference=new_reference(kiosk, choose),
        sim_number=sim.number,
        provider=sim.provider,
        network=sim.network,
        tender=tender.name,
        language=language,
        plan=plan,
        lines=lines,
        total=total,
        captures_later=tender.captures_later,
        opened_at=at,
        expires_at=expires_at,
        since_at=at,
    )
    told = ""
    if sim.remembered_at:
        told = f"{sim.provider} did not answer: SIM not seen, plans of {sim.remembered_at:%Y-%m-%d %H:%M} UTC"
    return ledger.open_order(order, by, due_at=at if tender.acts in ASKED_AT_ONCE else expires_at, told=told)


def lines_of(
    config: Config,
    plan: Plan,
    language: str,
    at: datetime,
    told: Iterable[ProviderPromotion] = (),
    promotions: Sequence[Promotion] | None = None,
) -> tuple[Line, ...]:
    """The lines of a sale of `plan` at this moment: with the best promotion of the day, taxes and fees.

    What the provider gives on top, as `told`, is a line that costs nothing: so it is shown, printed and on record.
    `promotions` are the shop's own that count; None: all that are configured.
    """
    today, say = at.astimezone(config.zone).date(), texts(language).say
    running = config.promotions if promotions is None else promotions
    discount = best(running, plan, config.prices.retail(plan), today, language)
    name = texts(language).plan(plan)
    price, *rest = config.prices.lines(plan, name, language, discount)
    bonus = told_of(told, plan, at)
    if bonus is None:
        return (price, *rest)
    named = say("Included: {title}", title=bonus.title)
    return (price, Line(LineKind.BONUS, named, Money(0, config.currency)), *rest)


def lines_in(language: str, order: Order, config: Config) -> tuple[Line, ...]:
    """The order's own lines, named in another language where the configuration still prices them alike.

    What the provider gave on top stays in the words in which it was told. Of the promotions, some were switched off
    when it was sold, or none.
    """
    bonus = tuple(line for line in order.lines if line.kind is LineKind.BONUS)
    priced = tuple(line for line in order.lines if line.kind is not LineKind.BONUS)
    for promotions in (config.promotions, (), *((one,) for one in config.promotions)):
        try:
            named = lines_of(config, order.plan, language, order.opened_at, promotions=promotions)
        except BadMoney:  # the plan has lost its price since
            break
        if [(line.kind, line.amount) for line in named] == [(line.kind, line.amount) for line in priced]:
            return (named[0], *bonus, *named[1:])
    return order.lines


def cancel(ledger: Ledger, order: Order, *, by: str, at: datetime) -> Order:
    """The customer leaves, or takes another way to pay. What still arrives on this order can only be given back."""
    return ledger.record(order, Fact(event=Event.CANCELLED, by=by, reason="the customer left this way to pay"), at=at)


def takes_another_code(order: Order) -> bool:
    """Whether a scanned code was tried and took nothing: the customer may show another one, to another order."""
    return order.state is State.ABANDONED and bool(order.of(Call.CHARGE))


def try_again(ledger: Ledger, order: Order, *, by: str, at: datetime) -> Order:
    """The customer wants the reader to ask for a card once more: of the same payment, so it can be paid only once.

    Raises Illegal where it is not waiting for one.
    """
    asked = order.of(Call.START)
    if order.state is not State.AUTHORIZING or not asked or asked[-1].outcome not in (Outcome.REFUSED, Outcome.DONE):
        raise Illegal(f"{grouped_reference(order.reference)} is {order.state}: no card can be tried again.")
    again = replace(asked[-1], outcome=Outcome.NOT_NOW, answer="")
    return ledger.record(order, Fact(event=Event.NOTED, by=by, attempt=again), at=at, due_at=at)


def change_for(total: Money, tendered: Money) -> Money:
    """What the clerk hands back of what the customer gave. Raises Illegal where it is not enough."""
    change = tendered - total
    if change.amount_minor < 0:
        raise Illegal(f"{total} is due, and {tendered} was tendered: {-change} is missing.")
    return change


def take_cash(ledger: Ledger, order: Order, tendered: Money, *, by: str, at: datetime, review_by: datetime) -> Order:
    """A clerk has taken the cash. On an order that was abandoned meanwhile it is found_paid, for a clerk to decide."""
    if order.tender != "cash":
        raise Illegal(f"{grouped_reference(order.reference)} is paid by {order.tender}, not with cash.")
    if order.state not in (State.AUTHORIZING, State.CANCELLING, State.ABANDONED):
        raise Illegal(f"{grouped_reference(order.reference)} is {order.state}: no cash is due for it.")
    change = change_for(order.total, tendered)
    shift = desk.shift_of(ledger, by, at=at)
    event, reason, deadline_at = Event.PAID, "", None
    if order.state is State.ABANDONED:
        event, reason, deadline_at = Event.FOUND_PAID, "cash was taken after the time to pay was over", review_by
    fact = Fact(
        event=event,
        by=by,
        amount=order.total,
        tendered=tendered,
        change=change,
        shift=shift,
        reason=reason,
        deadline_at=deadline_at,
    )
    return ledger.record(order, fact, at=at)


def cash_at_kiosk(config: Config) -> bool:
    """Whether the owner lets a clerk confirm cash at the kiosk itself."""
    return bool(config.file.tenders.get("cash", {}).get("at_kiosk", False))
