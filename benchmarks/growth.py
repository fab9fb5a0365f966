"""What is asked all day, of a ledger with 1,000 and with 1,000,000 settled orders: it must cost the same.

Limit, for each question: a median of at most 1.5 times that of the small ledger or 0.2 ms more, and a p99 below 50 ms
in the large one. Alternating rounds in one run. `growth.py ORDERS` builds a smaller one, to try things out.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random

from _bulk import KIOSK, fill, leave_open, unpaid

from kiosk.facts import Event, Fact
from kiosk.identifiers import Reference, SimNumber
from kiosk.ledger import Ledger
from kiosk.ledger.due import make_due, next_watched, watch_again
from kiosk.ledger.pasts import pasts
from kiosk.ledger.verify import problems
from kiosk.order import State
from kiosk.simulation.remotes import NOON

FEW, MANY, ROUNDS = 1_000, 1_000_000, 300
RATIO, EXTRA_MS, P99_MS = 1.5, 0.2, 50.0
WAITING, REVIEWS = 20, 5


@dataclass(frozen=True)
class Shop:
    """One ledger, and some of the orders in it."""

    ledger: Ledger
    samples: list[tuple[Reference, SimNumber]]
    dice: Random

    def sample(self) -> tuple[Reference, SimNumber]:
        """Another order each time: the ledger remembers those of the last moments."""
        self.samples.append(self.samples.pop(0))
        return self.samples[-1]


def open_ledger(path: Path) -> Ledger:
    return Ledger(path, mode="training", kiosk=KIOSK, at=NOON)


def made(path: Path, count: int) -> Shop:
    """The ledger with `count` settled orders, and the same few that wait or are in review in both."""
    dice, started = Random(count), time.perf_counter()
    ledger = open_ledger(path)
    samples = fill(ledger, count, NOON, dice)
    leave_open(ledger, samples, NOON, dice, waiting=WAITING, reviews=REVIEWS)
    ledger.close()
    size_mb = path.stat().st_size / 1e6
    print(f"{count:,} settled orders made in {time.perf_counter() - started:.0f} s: {size_mb:,.0f} MB")
    return Shop(open_ledger(path), samples, dice)


def start_up(shop: Shop) -> None:
    """What stands between a new holder and its first sale: the file is opened, and the queue is swept."""
    ledger = open_ledger(shop.ledger.path)
    ledger.newest_at()
    make_due(ledger, NOON, beyond=timedelta(minutes=10))
    ledger.close()


def a_sale(shop: Shop) -> None:
    """Two commits of a sale, without the disk's own time (that is ledger.py's)."""
    ledger = shop.ledger
    order = ledger.open_order(unpaid(NOON, shop.dice, shop.sample()[1]), "benchmark", due_at=NOON)
    ledger.record(order, Fact(event=Event.UNPAID, by="benchmark", unpaid_proven=True), at=NOON)


def look_again(shop: Shop) -> None:
    """The watch over settled orders: which one is next, and when again."""
    if due := next_watched(shop.ledger):
        watch_again(shop.ledger, due.reference, due.version, NOON, due.tries)


QUESTIONS: dict[str, Callable[[Shop], object]] = {
    "start-up sweep": start_up,
    "next due": lambda shop: shop.ledger.next_due(5),
    "next customer": lambda shop: shop.ledger.next_due(5, opened_after=NOON - timedelta(minutes=15)),
    "next to be watched": look_again,
    "by reference": lambda shop: shop.ledger.order(shop.sample()[0]),
    "by ICCID": lambda shop: shop.ledger.orders(sim=shop.sample()[1]),
    "by last six digits": lambda shop: shop.ledger.orders(sim=shop.sample()[1][-6:]),
    "reviews": lambda shop: shop.ledger.orders([State.REVIEW]),
    "present hour": lambda shop: pasts(shop.ledger, "airtime", NOON),
    "two commits": a_sale,
}


def measured_ms(question: Callable[[Shop], object], shop: Shop) -> float:
    started = time.perf_counter()
    question(shop)
    return (time.perf_counter() - started) * 1000


def kept(name: str, small: Shop, large: Shop) -> bool:
    """Ask both in turn, print the medians, and say whether the limit is kept."""
    question = QUESTIONS[name]
    for shop in (small, large) * 5:
        question(shop)
    pairs = [(measured_ms(question, small), measured_ms(question, large)) for _ in range(ROUNDS)]
    few_ms, many_ms = (statistics.median(column) for column in zip(*pairs, strict=True))
    p99_ms = statistics.quantiles([many for _, many in pairs], n=100)[98]
    good = (many_ms <= few_ms * RATIO or many_ms <= few_ms + EXTRA_MS) and p99_ms < P99_MS
    print(
        f"{name:20} {few_ms:7.3f} ms {many_ms:7.3f} ms  ratio {many_ms / few_ms:5.2f}  p99 {p99_ms:6.2f} ms"
        f"  {'' if good else 'TOO SLOW'}"
    )
    return good


def main() -> None:
    many = int(sys.argv[1]) if len(sys.argv) > 1 else MANY
    with tempfile.TemporaryDirectory() as folder:
        small, large = made(Path(folder) / "small.db", FEW), made(Path(folder) / "large.db", many)
        for shop in (small, large):
            shop.ledger.database.execute("PRAGMA synchronous = OFF")
        assert not list(problems(small.ledger)), "the ledger that was made is not a true one"
        print(f"{'':20} {FEW:7,}    {many:9,}     (limit: ratio {RATIO} or +{EXTRA_MS} ms; p99 {P99_MS:.0f} ms)")
        good = [kept(name, small, large) for name in QUESTIONS]
        for shop in (small, large):
            shop.ledger.close()
    sys.exit(not all(good))


if __name__ == "__main__":
    main()
