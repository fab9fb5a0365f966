"""What a promotion has done: the orders that had it beside those of the same period that had not. Pure.

It compares, and proves nothing: who bought with a discount may have bought without it, too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from kiosk.ledger.reports import SoldRow, UseRow
from kiosk.money import Money
from kiosk.plans import LineKind
from kiosk.promotions import Promotion
from kiosk.texts import texts


@dataclass(frozen=True, slots=True)
class Group:
    """Orders, what was paid for them, and the margin of the `settled` ones: delivered or given back, cost in the same

    currency.
    """

    orders: int
    paid: Money
    settled: int
    margin: Money

    @property
    def average(self) -> Money | None:
        """What was paid for one of them; None where there is none."""
        return _each(self.paid, self.orders)

    @property
    def average_margin(self) -> Money | None:
        return _each(self.margin, self.settled)


@dataclass(frozen=True, slots=True)
class Effect:
    """One promotion of the owner (`discount`), or of a provider (`bonus`, which takes nothing off)."""

    name: str
    kind: LineKind
    off: Money
    having: Group
    without: Group


def _each(amount: Money, many: int) -> Money | None:
    if not many:
        return None
    each = (Decimal(amount.amount_minor) / many).to_integral_value(ROUND_HALF_UP)
    return Money(int(each), amount.currency)


def effects(used: Iterable[UseRow], sold: Iterable[SoldRow], promotions: Sequence[Promotion]) -> tuple[Effect, ...]:
    """Each promotion once, whatever the languages of its orders; what was used most comes first."""
    everything: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for row in sold:
        _add(everything[row.currency], row)
    having: defaultdict[tuple[LineKind, str, str], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    off: defaultdict[tuple[LineKind, str, str], int] = defaultdict(int)
    for use in used:
        kind = LineKind(use.kind)
        key = (kind, _name(kind, use.promotion, use.language, promotions), use.currency)
        _add(having[key], use)
        off[key] += use.off_minor
    found = []
    for (kind, name, currency), counts in having.items():
        rest = [all_ - some for all_, some in zip(everything[currency], counts, strict=True)]
        money = Money(off[kind, name, currency], currency)
        found.append(Effect(name, kind, money, _group(counts, currency), _group(rest, currency)))
    return tuple(sorted(found, key=lambda effect: (-effect.having.orders, effect.name)))


def _add(counts: list[int], row: SoldRow | UseRow) -> None:
    for place, value in enumerate((row.orders, row.paid_minor, row.settled, row.margin_minor)):
        counts[place] += value


def _group(counts: list[int], currency: str) -> Group:
    orders, paid, settled, margin = counts
    return Group(orders, Money(paid, currency), settled, Money(margin, currency))


def _name(kind: LineKind, printed: str, language: str, promotions: Sequence[Promotion]) -> str:
    """The promotion's English name, by the one that was printed; as it was printed, where nobody knows it any more."""
    if kind is LineKind.BONUS:
        before, _, after = texts(language).say("Included: {title}", title="\0").partition("\0")
        return printed.removeprefix(before).removesuffix(after)
    return next((each.name("en") for each in promotions if printed in each.names.values()), printed)
