"""Simulated remotes of a few lines, with books of their own, for the real queue in virtual time.

A fault is named for where it strikes: "down" before anything left, "dark" on the way there, "lost" on the way back,
"late" where the request arrives long after the kiosk has given it up; or it is the error that the remote answers with.
The sandbox (`kiosk.sandbox`) stands in for one vendor's API; these stand for what all of them may do.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from kiosk.abilities import Allowance
from kiosk.errors import Refused, Unreachable
from kiosk.identifiers import Purpose, Reference, SimNumber, wire_reference
from kiosk.money import Money
from kiosk.order import Order
from kiosk.plans import Plan, Sim
from kiosk.ports import Absent, Delivered, NotDelivered, Processing, TopUp

NOON = datetime(2026, 8, 1, 12, 0, tzinfo=UTC)
PRICE = Money(1800, "USD")
PLAN = Plan("us-10gb-30d", "10 GB for 30 days", 10240, 30, Money(1000, "USD"))
CARD = SimNumber("8901260862291477122")

Fault = str | Exception | None


class SetClock:
    """A clock that stands until it is told to go on."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    @property
    def off_by(self) -> dict[str, timedelta]:
        return {}

    def heard(self, remote: str, told: datetime) -> None:
        """This clock stands above the others."""

    def not_before(self, at: datetime) -> None:
        """And above the ledger."""

    def go_on(self, **how_long: float) -> None:
        self.at += timedelta(**how_long)


@dataclass
class Remote:
    """What all remotes share: the calls they got, the faults that strike the next ones, requests still on their way."""

    clock: SetClock
    faults: deque[Fault] = field(default_factory=deque)
    weather: Callable[[str], Fault] = lambda asked: None
    late_by: Callable[[], timedelta] = lambda: timedelta(minutes=10)
    calls: list[tuple[str, str]] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    """The references of what it has refused: only such an order may be given back as refused."""
    under_way: list[tuple[datetime, Callable[[], None]]] = field(default_factory=list)

    def under(self, weather: Callable[[str], Fault], late_by: Callable[[], timedelta]) -> None:
        """From now on every call meets this weather."""
        self.weather, self.late_by = weather, late_by

    def strike(self, asked: str, reference: str) -> Fault:
        """The fault of this call. Raises it where nothing reaches the remote."""
        self.arrive()
        self.calls.append((asked, reference))
        fault = self.faults.popleft() if self.faults else self.weather(asked)
        if isinstance(fault, Refused):
            self.refused.add(reference)
        if isinstance(fault, Exception):
            raise fault
        if fault in ("down", "dark"):
            raise Unreachable(f"{asked}: nothing came back", sent=fault == "dark")
        return fault

    def change(self, asked: str, reference: str, effect: Callable[[], None]) -> None:
        """One call that changes the books, with what may befall it."""
        fault = self.strike(asked, reference)
        if fault == "late":
            self.under_way.append((self.clock.now() + self.late_by(), effect))
            raise Unreachable(f"{asked}: no answer in time", sent=True)
        effect()
        lose(fault)

    def read(self, asked: str, reference: str) -> None:
        """One call that only reads, with what may befall it."""
        fault = self.strike(asked, reference)
        lose("lost" if fault == "late" else fault)

    def arrive(self) -> None:
        """Requests that were given up long ago reach the remote after all."""
        due = [effect for at, effect in self.under_way if at <= self.clock.now()]
        self.under_way = [(at, effect) for at, effect in self.under_way if at > self.clock.now()]
        for effect in due:
            effect()

    def asked(self, *names: str) -> list[str]:
        """The references of the calls of these names, in order."""
        return [reference for name, reference in self.calls if name in names]


def lose(fault: Fault) -> None:
    """The reply is lost, after the remote has done its work."""
    if fault == "lost":
        raise Unreachable("the reply was lost", sent=True)


@dataclass
class FakeProvider(Remote):
    """Executes each top-up it gets; with `repeat_is_lookup` only the first of one reference."""

    name: str = "airtime"
    card: SimNumber = CARD
    plan: Plan = PLAN
    repeat_is_lookup: bool = False
    takes: timedelta = timedelta(0)
    listed_after: timedelta = timedelta(0)
    fails: bool = False
    allowance: Allowance | None = None
    failed: set[str] = field(default_factory=set)
    """References whose top-up the network did not carry out, or took back later."""
    executed: list[tuple[str, datetime]] = field(default_factory=list)
    _indexed: dict[str, list[datetime]] = field(default_factory=dict)
    _known: int = 0

    def sim(self, number: SimNumber) -> Sim:
        return Sim(number, self.name, (self.plan,))

    def top_up(self, request: TopUp) -> Delivered | Processing:
        self.change("top_up", request.reference, lambda: self._execute(request.reference))
        found = self._record_of(request.reference)
        if isinstance(found, NotDelivered):
            raise Refused(found.reason)
        return Processing("accepted") if isinstance(found, Absent) else found

    def _execute(self, reference: str) -> None:
        if not (self.repeat_is_lookup and self.times(reference)):
            self.executed.append((reference, self.clock.now()))

    def times(self, reference: str) -> list[datetime]:
        """When it executed this one. A month of top-ups is not searched for each."""
        for name, at in self.executed[self._known :]:
            self._indexed.setdefault(name, []).append(at)
        self._known = len(self.executed)
        return self._indexed.get(reference, [])

    def forget(self) -> None:
        """Empty its books, where only the kiosk's own are looked at."""
        self.executed.clear()
        self._indexed.clear()
        self._known = 0

    def look_up(self, request: TopUp) -> Delivered | Processing | Absent | NotDelivered:
        self.read("look_up", request.reference)
        return self._record_of(request.reference)

    def _record_of(self, reference: str) -> Delivered | Processing | Absent | NotDelivered:
        now = self.clock.now()
        ages = [now - at for at in self.times(reference) if now - at >= self.listed_after]
        if not ages:
            return Absent()
        if max(ages) < self.takes:
            return Processing("A1", "in progress")
        if self.fails or reference in self.failed:
            self.refused.add(reference)
            return NotDelivered("the network refused it")
        return Delivered("A1")

    def take_back(self, order: Order) -> bool:
        """The network takes this order's top-up back. Whether it does such a thing at all."""
        self.failed.add(wire_reference(order.reference, Purpose.TOP_UP))
        return True

    def delivered(self, order: Order | Reference) -> int:
        """How often the SIM was topped up for this order, by the provider's own books."""
        wire = wire_reference(_reference(order), Purpose.TOP_UP)
        return 0 if self.fails or wire in self.failed else len(self.times(wire))


def _reference(order: Order | Reference) -> Reference:
    return order.reference if isinstance(order, Order) else order
