"""A day's report in a ledger with 1,000 and with 1,000,000 settled orders: it takes what the day has, not the years.

Limit: a median of at most 1.5 times that of the small ledger, or 5 ms more. Alternating rounds in one run; both days
have as many orders. `report.py ORDERS` builds a smaller one, to try things out. A month in the large one is told, too.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from _bulk import AN_HOUR, KIOSK, fill

from kiosk.config import Config, check
from kiosk.ledger import Ledger
from kiosk.reports.figures import Report, read_report
from kiosk.reports.period import Span, period_of
from kiosk.simulation.remotes import NOON

FEW, MANY, ROUNDS = 1_000, 1_000_000, 40
RATIO, EXTRA_MS = 1.5, 5.0
ZONE = ZoneInfo("America/New_York")
YESTERDAY: date = (NOON - timedelta(days=1)).date()


def config(folder: Path) -> Config:
    raw: dict[str, Any] = {
        "kiosk": {"id": "K07", "name": "TOP-UP", "help_line": "1", "refund_policy": {"en": "Refunded."}},
        "ledger": {"mode": "training", "state_dir": str(folder), "pepper": {"file": str(folder / "pepper")}},
        "providers": {"airtime": {}},
        "tenders": {"cash": {}},
    }
    return check(raw, "the benchmark")


def made(path: Path, count: int) -> Ledger:
    started = time.perf_counter()
    ledger = Ledger(path, mode="training", kiosk=KIOSK, at=NOON)
    fill(ledger, count, NOON, Random(count))
    ledger.close()
    print(
        f"{count:,} settled orders made in {time.perf_counter() - started:.0f} s: {path.stat().st_size / 1e6:,.0f} MB"
    )
    return Ledger(path, mode="training", kiosk=KIOSK, at=NOON)


def measured(ledger: Ledger, shop: Config, span: Span) -> tuple[float, Report]:
    started = time.perf_counter()
    report = read_report(ledger, shop, period_of(span, YESTERDAY, ZONE), NOON)
    return (time.perf_counter() - started) * 1000, report


def main() -> None:
    many = int(sys.argv[1]) if len(sys.argv) > 1 else MANY
    with tempfile.TemporaryDirectory() as folder:
        shop = config(Path(folder))
        small, large = made(Path(folder) / "small.db", FEW), made(Path(folder) / "large.db", many)
        for ledger in (small, large) * 3:
            measured(ledger, shop, Span.DAY)
        pairs = [(measured(small, shop, Span.DAY), measured(large, shop, Span.DAY)) for _ in range(ROUNDS)]
        few_ms, many_ms = (statistics.median(ms for ms, _ in column) for column in zip(*pairs, strict=True))
        orders = [sum(each.orders for each in report.totals.sold) for _, report in pairs[0]]
        month_ms, month = measured(large, shop, Span.MONTH)
        of_a_month = sum(each.orders for each in month.totals.sold)
        for ledger in (small, large):
            ledger.close()
    print(f"a day of {orders[0]} and of {orders[1]} sales, with the day before")
    print(f"among {FEW:,}: {few_ms:.1f} ms; among {many:,}: {many_ms:.1f} ms; ratio {many_ms / few_ms:.2f}")
    print(f"a month of {of_a_month:,} sales, with the month before: {month_ms:.0f} ms")
    assert min(orders) > 20 * AN_HOUR * 0.8, "the days are not alike"
    good = many_ms <= few_ms * RATIO or many_ms <= few_ms + EXTRA_MS
    print(f"limit: ratio {RATIO} or {EXTRA_MS:.0f} ms more: {'kept' if good else 'TOO SLOW'}")
    sys.exit(not good)


if __name__ == "__main__":
    main()
