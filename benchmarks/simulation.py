"""Simulated days of faults until 200,000 orders have lived through 1,000,000 of them. Limit: no violation.

`simulation.py ORDERS` lives through fewer, with five faults an order all the same.
"""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from itertools import count

from kiosk.simulation.days import simulate

ORDERS, FAULTS_AN_ORDER, ORDERS_A_SEED = 200_000, 5, 20


def main() -> None:
    orders = int(sys.argv[1]) if len(sys.argv) > 1 else ORDERS
    faults: Counter[str] = Counter()
    ended: Counter[str] = Counter()
    started, seeds = time.perf_counter(), 0
    for lived in simulate(count(), orders=ORDERS_A_SEED, jobs=os.cpu_count() or 1):
        faults, ended, seeds = faults + lived.faults, ended + lived.ended, seeds + 1
        if lived.violation:
            sys.exit(lived.violation)
        if sum(ended.values()) >= orders and sum(faults.values()) >= orders * FAULTS_AN_ORDER:
            break
        if seeds % 100 == 0:
            print(f"  {seeds} seeds, {sum(ended.values()):,} orders, {sum(faults.values()):,} faults", flush=True)
    minutes = (time.perf_counter() - started) / 60
    print(f"{sum(ended.values()):,} orders, {sum(faults.values()):,} faults, 0 violations ({minutes:.0f} min)")
    print("ended: " + ", ".join(f"{state} {number:,}" for state, number in ended.most_common()))
    print("faults: " + ", ".join(f"{kind} {number:,}" for kind, number in faults.most_common()))


if __name__ == "__main__":
    main()
