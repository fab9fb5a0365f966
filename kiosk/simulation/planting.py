"""What somebody does in a simulated month behind the kiosk's back, for the closing or the day's books to find.

Each kind is planted by seed, so many times, and found as one difference of one kind about one order or entry.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from kiosk.abilities import BillEntry, Moved
from kiosk.facts import Event
from kiosk.identifiers import Purpose, Reference, new_reference, wire_reference
from kiosk.order import Order, State
from kiosk.reconciliation.differences import Difference, Kind
from kiosk.simulation.audit import Audit
from kiosk.simulation.billed import ListedProvider, OwnBill
from kiosk.simulation.customers import FEE, Customers
from kiosk.simulation.premises import KIOSK
from kiosk.simulation.remotes import PRICE
from kiosk.simulation.staff import Staff
from kiosk.simulation.told import Told

IN_THE_DRAWER = ("a note is missing", "a note too many", "counted wrong")
OUTSIDE = {
    "a payment of no order": Kind.MONEY_WITHOUT_ORDER,
    "given back by hand": Kind.REFUND_NOT_RECORDED,
    "paid twice": Kind.PAID_TWICE,
    "given back twice": Kind.REFUND_TWICE,
    "a payment is not in the bill": Kind.ORDER_WITHOUT_MONEY,
    "a refund is not in the bill": Kind.REFUND_MISSING,
    "the fee is charged twice": Kind.AMOUNT,
    "charged by the provider and not listed": Kind.TOP_UP_MISSING,
    "topped up twice": Kind.TOP_UP_TWICE,
    "a top-up of no order": Kind.TOP_UP_WITHOUT_ORDER,
}
RECENT = timedelta(hours=4)
KINDS = (*IN_THE_DRAWER, *OUTSIDE)


@dataclass(frozen=True, slots=True)
class Planted:
    """`about` is the order's reference, or that on the bill; for the drawer, by how many cents it is over."""

    what: str
    about: str


class Planting:
    """`done` is what was planted."""

    def __init__(self, dice: Random, customers: Customers, staff: Staff, audit: Audit) -> None:
        self.dice, self.customers, self.staff, self.audit = dice, customers, staff, audit
        self.premises, self.outside = staff.premises, staff.premises.outside
        self.done: list[Planted] = []
        self._about: set[Reference] = set()

    def plant(self, what: str) -> bool:
        """Do it now. False where there is nothing to do it to, yet."""
        about = self._drawer(what) if what in IN_THE_DRAWER else self._outside(what)
        if about:
            self.done.append(Planted(what, about))
        return bool(about)

    # --- in the drawer -------------------------------------------------------------------------------------------

    def _drawer(self, what: str) -> str:
        """One in a shift, so each is found for itself; and none behind the back of a clerk who has counted."""
        staff = self.staff
        if staff.planted or staff.miscount or staff.counting:
            return ""
        note = self.dice.choice([100, 500, 1_000])
        match what:
            case "a note is missing" if staff.drawer.pieces[note]:
                staff.drawer.pieces[note] -= 1
                staff.planted = -note
            case "a note too many":
                staff.drawer.pieces[note] += 1
                staff.planted = note
            case "counted wrong":
                staff.miscount = note = self.dice.choice([-2_000, -37, 10, 500])
            case _:
                return ""
        return str(-note if what == "a note is missing" else note)

    # --- at a rail, or a provider --------------------------------------------------------------------------------

    def _outside(self, what: str) -> str:
        if what == "a payment of no order":
            return self._stray_payment()
        if what == "a top-up of no order":
            return self._stray_top_up()
        order = self._an_order(State.REFUNDED if what in ("given back twice", "a refund is not in the bill") else None)
        if order is None:
            return ""
        if what in ("charged by the provider and not listed", "topped up twice"):
            return self._top_up(what, order)
        return self._payment(what, order)

    def _an_order(self, state: State | None) -> Order | None:
        """One of the last hours' that is over, at a rail and a provider that can be tampered with.

        No older one: its day may be reconciled already.
        """
        since = self.premises.true.at - RECENT
        for name in self.dice.sample(self.customers.names[-250:], min(250, len(self.customers.names))):
            order = self.premises.counter.order(name)
            rail, provider = self.outside.wallets.get(order.tender), self.outside.providers[order.provider]
            ours = isinstance(rail, OwnBill) and not rail.captures_later and isinstance(provider, ListedProvider)
            if (
                ours
                and order.opened_at > since
                and order.state is (state or State.COMPLETED)
                and name not in self._about
                and self._whole(order)
            ):
                return order
        return None

    def _whole(self, order: Order) -> bool:
        """Paid, and given back where it was, each once: by the rail; what a clerk gave back is in no bill."""
        payment, back = self.outside.books.payment(order), order.state is State.REFUNDED
        if back and (order.shift or self._by_hand(order)):
            return False
        return bool(payment and payment.paid and bool(payment.back) is back)

    def _by_hand(self, order: Order) -> bool:
        return any(each["event"] == Event.SETTLED_RETURNED for each in self.premises.counter.events(order.reference))

    def _keep(self, order: Order) -> str:
        self._about.add(order.reference)
        self.staff.not_again.add(order.reference)
        return order.reference

    def _payment(self, what: str, order: Order) -> str:
        rail, wire = self.outside.wallets[order.tender], wire_reference(order.reference, Purpose.PAYMENT)
        assert isinstance(rail, OwnBill)
        now, way = self.premises.true.at, Moved.IN
        match what:
            case "given back by hand":
                way, payment = Moved.BACK, rail.payments[wire]
                payment.back.append(wire_reference(order.reference, Purpose.REFUND))
                payment.back_at = now
            case "paid twice":
                rail.strays.append(BillEntry(way, wire, f"again-{wire}", order.total, now))
            case "given back twice":
                way = Moved.BACK
                rail.strays.append(BillEntry(way, wire, f"again-{wire}", order.total, now))
            case "a payment is not in the bill":
                rail.hidden.add(f"I{wire}")
            case "a refund is not in the bill":
                way = Moved.BACK
                rail.hidden.add(f"B{wire}")
            case "the fee is charged twice":
                rail.altered[f"I{wire}"] = order.total + FEE
        self.audit.planted.add((order.reference, way))
        return self._keep(order)

    def _top_up(self, what: str, order: Order) -> str:
        provider, wire = self.outside.providers[order.provider], wire_reference(order.reference, Purpose.TOP_UP)
        assert isinstance(provider, ListedProvider)
        if what == "topped up twice":
            provider.executed.append((wire, self.premises.true.at))
        else:
            provider.unlisted.add(wire)
        return self._keep(order)

    def _stray_payment(self) -> str:
        rail, name = self.dice.choice(self.outside.own), new_reference(KIOSK, self.dice.choice)
        wire = wire_reference(name, Purpose.PAYMENT)
        rail.strays.append(BillEntry(Moved.IN, wire, f"I{wire}", PRICE, self.premises.true.at))
        self.audit.planted.add((name, Moved.IN))
        return wire

    def _stray_top_up(self) -> str:
        provider, name = self.dice.choice(self.outside.listed), new_reference(KIOSK, self.dice.choice)
        provider.executed.append((wire_reference(name, Purpose.TOP_UP), self.premises.true.at))
        return wire_reference(name, Purpose.TOP_UP)


def is_news(difference: Difference, told: Told, since: datetime) -> bool:
    """Whether the kiosk had not heard of that payment by then: its rail was away a whole day. Nobody planted that."""
    if difference.kind is not Kind.PAYMENT_NOT_RECORDED or difference.order is None:
        return False
    heard_at = told.came.get(difference.order.reference)
    return heard_at is None or heard_at >= since


def found_outside(differences: Iterable[Difference]) -> set[tuple[Kind, str]]:
    """What the days' reconciliations have told, each once: by its kind, and the order or entry that it is about."""
    return {(each.kind, each.order.reference if each.order else _wire_in(each.says)) for each in differences}


def _wire_in(says: str) -> str:
    """The reference of an entry of no order, as it stands in the sentence for the clerk."""
    return next(word for word in says.split() if word.startswith(KIOSK))


def compared(planted: Iterable[Planted], audit: Audit, differences: Iterable[Difference]) -> Verdict:
    """What of it was found, and what else was."""
    drawer = Counter(str(closing.over) for closing in audit.closings if closing.over)
    said = Counter(str(closing.closed.difference.amount_minor) for closing in audit.closings)
    outside = found_outside(differences)
    found: Counter[str] = Counter()
    missed: list[str] = []
    for each in planted:
        if each.what in IN_THE_DRAWER:
            seen = said[each.about] > 0 and drawer[each.about] > 0
            said[each.about] -= seen
        else:
            seen = (OUTSIDE[each.what], each.about) in outside
            outside.discard((OUTSIDE[each.what], each.about))
        found[each.what] += seen
        if not seen:
            missed.append(f"{each.what}: {each.about}")
    more = [f"{kind}: {about}" for kind, about in sorted(outside)]
    more += [f"{cents} cents over" for cents, times in said.items() if cents != "0" and times > 0]
    return Verdict(found, missed, more)


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many of each kind were found; what was missed; what was found and nobody has planted."""

    found: Counter[str]
    missed: list[str]
    more: list[str]
