"""kill -9 at every named part of a step and at any moment, by seed: `kiosk sync`, `kiosk sell`, `kiosk run` in a pty.

At least 300 kills; ends with 1 where one payment is in two places or in none, or where a part was never hit. A seed
alone again: `python benchmarks/kills.py SEED`.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from kiosk.sandbox.wechat_keys import training_keys
from tests.crash.parts import CLERK, LEDGER, QUEUE, SALE, STEP
from tests.crash.series import Series, Violation, doomed_world
from tests.crash.visits import die_on_a_screen

SEEDS, SCREEN_SEEDS = range(1, 14), range(14, 18)
KILLS, SCREEN_KILLS, IN_ALL = 22, 10, 300


def one_seed(seed: int, keys: Path) -> tuple[Counter[str], Counter[str]]:
    """The kills by part, and the orders by how they ended. Raises Violation."""
    again = f"python benchmarks/kills.py {seed}"
    with tempfile.TemporaryDirectory() as folder, doomed_world(Path(folder) / "kiosk", keys) as kiosk:
        series = Series(kiosk, seed, again, parts=STEP if seed in SCREEN_SEEDS else QUEUE | LEDGER)
        try:
            if seed in SCREEN_SEEDS:
                for _ in range(SCREEN_KILLS):
                    series.strike()
                    die_on_a_screen(series)
            else:
                series.run(KILLS)
            orders = series.settle().orders.values()
        finally:
            series.close()
        kiosk.run("verify")
    return series.kills, Counter(f"{order.tender} {order.state}" for order in orders)


def main() -> None:
    asked = [int(seed) for seed in sys.argv[1:]]
    kills: Counter[str] = Counter()
    ends: Counter[str] = Counter()
    violations, started = 0, time.monotonic()
    with tempfile.TemporaryDirectory() as keys:
        training_keys(Path(keys))
        for seed in asked or (*SEEDS, *SCREEN_SEEDS):
            try:
                killed, ended = one_seed(seed, Path(keys))
            except Violation as violation:
                violations += 1
                print(violation, flush=True)
                continue
            kills, ends = kills + killed, ends + ended
            program = "kiosk run" if seed in SCREEN_SEEDS else "kiosk sync, kiosk sell"
            print(f"seed {seed}, {program}: {killed.total()} kills, {ended.total()} orders", flush=True)
    for part, times in sorted(kills.items()):
        print(f"  {times:4} × {part}")
    print(f"{kills.total()} kills, {ends.total()} orders, {violations} violations, {time.monotonic() - started:.0f} s")
    print("; ".join(f"{times} {end}" for end, times in sorted(ends.items())))
    never = (QUEUE | LEDGER | CLERK | SALE).keys() - kills.keys()
    if never and not asked:
        print(f"never hit: {', '.join(sorted(never))}")
    sys.exit(bool(violations or (not asked and (never or kills.total() < IN_ALL))))


if __name__ == "__main__":
    main()
