"""One order, one clock and one ledger that the tests of the core share. For tests only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from msgspec import structs

from kiosk.facts import Attempt, Call, Event, Fact, Outcome
from kiosk.identifiers import Reference, SimNumber, new_reference
from kiosk.ledger import Ledger
from kiosk.money import Money
from kiosk.order import Order, State, advance
from kiosk.plans import Line, LineKind, Plan

NOW = datetime(2026, 8, 1, 18, 32, tzinfo=UTC)
LATER = NOW + timedelta(hours=4)


@dataclass
class FixedClock:
    """A clock that stands still until a test moves it."""

    at: datetime = NOW

    def now(self) -> datetime:
        return self.at

    def heard(self, remote: str, told: datetime) -> None:
        """This clock stands above the others."""

    def not_before(self, at: datetime) -> None:
        """And above the ledger."""


def usd(amount_minor: int) -> Money:
    return Money(amount_minor, "USD")


def reference(number: int) -> Reference:
    """The `number`th reference of kiosk K07; another of its kind where that would end in 0Z, as no reference does."""
    characters = iter(f"{number:011}{number:010}1")
    return new_reference("K07", lambda _: next(characters))


def an_order(**changes: Any) -> Order:
    """An order of 17.50 USD that waits for its payment; `changes` are fields of Order."""
    order = Order(
        reference=reference(1),
        sim_number=SimNumber("8901260862291477122"),
        provider="airalo",
        tender="wechat",
        language="en",
        plan=Plan("us-10gb-30d", "10 GB for 30 days", 10240, 30, usd(1000)),
        lines=(
            Line(LineKind.PLAN, "10 GB for 30 days", usd(1800)),
            Line(LineKind.DISCOUNT, "Welcome discount", usd(-200)),
            Line(LineKind.TAX, "Sales tax", usd(150)),
        ),
        total=usd(1750),
        captures_later=False,
        opened_at=NOW,
        expires_at=NOW + timedelta(minutes=5),
        since_at=NOW,
    )
    return structs.replace(order, **changes)


def a_fact(event: Event, **said: Any) -> Fact:
    """The event with what it needs to be legal: an amount where money came, a reason and a deadline for a review."""
    needed: dict[str, Any] = {"by": "test"}
    if event in (Event.PAID, Event.FOUND_PAID):
        needed |= {"amount": usd(1750), "number": "4200001234"}
    if event in (Event.ESCALATED, Event.FOUND_PAID, Event.FOUND_DELIVERED, Event.REVERSED, Event.REFUND_FAILED):
        needed |= {"reason": "a clerk must look", "deadline_at": LATER}
    return Fact(event=event, **(needed | said))


def after(order: Order, *events: Event | Fact) -> Order:
    """The order after these events, one second apart."""
    for number, event in enumerate(events, start=1):
        fact = event if isinstance(event, Fact) else a_fact(event)
        order = advance(order, fact, NOW + timedelta(seconds=number))
    return order


def a_top_up(number: int = 1, outcome: Outcome | None = None) -> Attempt:
    """An attempt at the top-up; without an outcome it is in doubt."""
    answered_at = NOW if outcome else None
    return Attempt(number, Call.TOP_UP, "K0700000000001XT1", NOW, outcome, answered_at)


PATHS: dict[State, tuple[Event, ...]] = {
    State.AUTHORIZING: (),
    State.CANCELLING: (Event.CANCELLED,),
    State.SUBMITTING: (Event.PAID,),
    State.CAPTURING: (Event.PAID, Event.DELIVERED),
    State.REFUNDING: (Event.PAID, Event.REJECTED),
    State.REVIEW: (Event.PAID, Event.ESCALATED),
    State.COMPLETED: (Event.PAID, Event.DELIVERED, Event.CAPTURED),
    State.REFUNDED: (Event.PAID, Event.REJECTED, Event.REFUNDED),
    State.ABANDONED: (Event.UNPAID,),
}


def an_order_in(state: State, **changes: Any) -> Order:
    """An order that came to `state` the usual way."""
    return after(an_order(**changes), *PATHS[state])


def a_ledger(folder: Path, *, mode: str = "live", kiosk: str = "K07") -> Ledger:
    """The ledger in this folder, opened or made. Close it."""
    return Ledger(folder / "ledger.db", mode=mode, kiosk=kiosk, at=NOW)


def opened(ledger: Ledger, number: int = 1, **changes: Any) -> Order:
    """An order on record, due at once."""
    order = an_order(**({"reference": reference(number)} | changes))
    return ledger.open_order(order, "customer", due_at=order.opened_at)


def recorded(ledger: Ledger, state: State, number: int = 1, **changes: Any) -> Order:
    """An order on record that came to `state` the usual way."""
    order = opened(ledger, number, **changes)
    for event in PATHS[state]:
        order = ledger.record(order, a_fact(event), at=NOW)
    return order
