"""The outside: each provider, each way to pay and each messenger is asked for something that moves nothing.

Where an answer comes, the address, the credentials and the signatures are right; and every answer tells the time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from kiosk.abilities import Greets, HasFloat, HasReader
from kiosk.doctor import Line, Verdict
from kiosk.errors import ConfigError, Misconfigured, NoAnswer
from kiosk.identifiers import Purpose, SimNumber, new_reference, wire_reference
from kiosk.money import Money
from kiosk.order import Order
from kiosk.plans import Line as PriceLine
from kiosk.plans import LineKind, Plan
from kiosk.ports import Acts, Tender
from kiosk.texts import printable

if TYPE_CHECKING:
    from kiosk.assembly import House

AWAY = "Is the line up? What is paid meanwhile is delivered, or given back, when it answers again."
OURS = "See its table in config.toml, and what it gave you when you signed up."


def _asked(what: str, name: str, ask: Callable[[], Line]) -> Line:
    """The line of one remote: what it said, or why not."""
    try:
        return ask()
    except (ConfigError, Misconfigured) as error:
        return Line(what, Verdict.WRONG, f"{name}: {printable(str(error)).rstrip('.')}", OURS)
    except NoAnswer as error:
        return Line(what, Verdict.WRONG, f"{name}: {printable(str(error)).rstrip('.')}", AWAY)


def providers(house: House) -> Iterator[Line]:
    """What is left of our float, which only who is known there is told."""
    for name in house.config.file.providers:
        yield _asked("provider", name, lambda name=name: _provider(house, name))  # type: ignore[misc]


def _provider(house: House, name: str) -> Line:
    made = house.providers[name]
    if not isinstance(made, HasFloat):
        return Line("provider", Verdict.NOTE, f"{name}: has nothing that could be asked without an order")
    left = made.balance()
    low = house.config.file.sync.float_low.get(name)
    if low is not None and left.decimal < Decimal(low):
        said = f"{name}: answers, and {left.decimal} {left.currency} are left of our credit there"
        return Line("provider", Verdict.NOTE, said, f"Pay in: below {low} you wanted to know.")
    return Line("provider", Verdict.FINE, f"{name}: answers; {left.decimal} {left.currency} of our credit are left")


def tenders(house: House) -> Iterator[Line]:
    """Each rail is asked about a payment that never was; each card reader, whether it has a line."""
    for name in house.config.file.tenders:
        yield _asked("to pay", name, lambda name=name: _tender(house, name))  # type: ignore[misc]


def _tender(house: House, name: str) -> Line:
    made = house.tenders[name]
    if made.acts is Acts.CLERK:
        return Line("to pay", Verdict.FINE, f"{name}: a clerk takes it")
    if isinstance(made, HasReader):
        if not made.reader_online():
            said = f"{name}: the account is right, and its reader is not online"
            return Line("to pay", Verdict.WRONG, said, "Is the reader on, and does it have a network?")
        return Line("to pay", Verdict.FINE, f"{name}: answers; its reader is online")
    never = order_that_never_was(house, made)
    made.ask(never, wire_reference(never.reference, Purpose.PAYMENT), house.clock.now())
    return Line("to pay", Verdict.FINE, f"{name}: answers, and knows us")


def order_that_never_was(house: House, tender: Tender) -> Order:
    """In no ledger and at no rail: to ask about it shows that we may ask."""
    now, price = house.clock.now(), Money(100, house.config.currency)
    plan = Plan("none", "none", None, 1, price)
    return Order(
        reference=new_reference(house.config.file.kiosk.id, house.choose),
        sim_number=SimNumber("8900000000000000009"),
        provider="none",
        tender=tender.name,
        language="en",
        plan=plan,
        lines=(PriceLine(LineKind.PLAN, plan.title, price),),
        total=price,
        captures_later=tender.captures_later,
        opened_at=now,
        expires_at=now + tender.time_to_pay,
        since_at=now,
    )


def messages(house: House) -> Iterator[Line]:
    """Whether customers can be written to; each server is greeted, and nothing is sent."""
    from kiosk.post import channels_of, messengers  # loads httpx: only for who asks

    if not house.config.file.messages:
        yield Line("messages", Verdict.NOTE, "there are none to customers", "See [messages.email] in config.toml.")
    try:
        for channel in channels_of(house.config):
            made = messengers(house)(channel)
            if made is not None and isinstance(made, Greets):
                made.greet()
            yield Line("messages", Verdict.FINE, f"{channel} can be sent")
    except (ConfigError, NoAnswer) as error:
        todo = "No order waits for it; what customers are to be told is tried again by itself."
        yield Line("messages", Verdict.WRONG, printable(str(error)).rstrip("."), todo)


def clock(house: House) -> Iterator[Line]:
    """What the remotes just told of the time: wallets refuse a kiosk whose clock is off."""
    off = house.clock.off_by
    for remote, ahead in sorted(off.items()):
        seconds = round(ahead.total_seconds())
        said = f"{abs(seconds)} s {'ahead of' if seconds > 0 else 'behind'} {remote}"
        yield Line("clock", Verdict.WRONG, said, "Set it: timedatectl set-ntp true. No wallet is offered until then.")
    if not off:
        yield Line(
            "clock", Verdict.FINE, f"{house.clock.now():%Y-%m-%d %H:%M:%S} UTC; nobody who told the time disagrees"
        )
