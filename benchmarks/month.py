"""A month of 30,000 orders, closed three times a day. Limit: every closing to the cent what the books outside say.

And every planted difference found, and nothing else. `month.py ORDERS` lives through fewer. Two such months go on side
by side: in one the clocks go forward, in the other back.
"""

from __future__ import annotations

import logging
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from datetime import date
from pathlib import Path

from kiosk.simulation.month import Lived, Month
from kiosk.simulation.planting import KINDS

ORDERS, DAYS = 30_000, 30
MONTHS = ((1, date(2026, 3, 1)), (2, date(2026, 10, 20)))
"""Seed and first day. The clocks of New York change on 8 March and on 1 November."""
EACH_PLANTED = 6


def live_through(seed: int, first: date, orders: int) -> tuple[Lived, float]:
    """One month, and how many minutes it took."""
    logging.disable(logging.CRITICAL)  # a simulated fault is no news
    started = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="kiosk-month-", dir=_memory()) as folder:
        lived = Month(Path(folder), seed, first, DAYS, orders, dict.fromkeys(KINDS, EACH_PLANTED), tell=_say).run()
    return lived, (time.perf_counter() - started) / 60


def _say(line: str) -> None:
    print(f"  {line}", flush=True)


def _memory() -> str | None:
    """A folder that is no disk, where there is one: nobody cuts this machine's power."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - a folder of its own is made in it


def tell(first: date, lived: Lived, minutes: float) -> bool:
    """Its figures. Whether all was as it must be."""
    verdict = lived.verdict
    print(f"{DAYS} days from {first}: {lived.orders:,} orders, {lived.closings} closings ({minutes:.0f} min)")
    print("  ended: " + ", ".join(f"{state} {number:,}" for state, number in lived.ended.most_common()))
    print("  faults: " + ", ".join(f"{kind} {number:,}" for kind, number in lived.faults.most_common()))
    print(f"  {lived.compared:,} figures of closings compared, {len(lived.wrong)} wrong; {lived.recounts} counts again")
    print(f"  {lived.crossed:,} payments and refunds told after the closing that they were made before")
    found, planted = sum(verdict.found.values()), sum(lived.planted.values())
    print(f"  {planted} differences planted, of {len(lived.planted)} kinds; {found} found, {len(verdict.more)} more")
    for sentence in (*lived.wrong[:20], *verdict.missed, *verdict.more):
        print(f"  WRONG: {sentence}")
    return not (lived.wrong or verdict.missed or verdict.more)


def main() -> None:
    orders = int(sys.argv[1]) if len(sys.argv) > 1 else ORDERS
    with ProcessPoolExecutor(len(MONTHS)) as pool:
        running = {pool.submit(live_through, seed, first, orders): first for seed, first in MONTHS}
        right = [tell(running[done], *done.result()) for done in as_completed(running)]
    if not all(right):
        sys.exit(1)


if __name__ == "__main__":
    main()
