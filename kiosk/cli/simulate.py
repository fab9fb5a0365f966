"""`kiosk simulate`: the real ledger, settlement and queue through days of faults, by seed."""

from __future__ import annotations

import os
import sys
from collections import Counter

import click

from kiosk.cli.common import JSON
from kiosk.cli.out import put_lines, say_json


@click.command("simulate")
@click.option("--seeds", type=click.IntRange(min=1), default=50, show_default=True, help="How many days of faults.")
@click.option("--from", "first", type=click.IntRange(min=0), default=0, show_default=True, help="The first seed.")
@click.option("--orders", type=click.IntRange(1, 1000), default=20, show_default=True, help="Orders of each seed.")
@click.option(
    "--jobs", type=click.IntRange(1, 256), default=os.cpu_count() or 1, help="Processes; default: one a core."
)
@JSON
def command(seeds: int, first: int, orders: int, jobs: int, as_json: bool) -> None:
    """Prove the promise: every payment ends in exactly one place, whatever breaks.

    Simulated customers, clerks, rails and providers; lost requests and replies, late answers, garbage, outages, power
    cuts, clocks that jump. No configuration, no network, no real money. The same seed is the same day again. Exit code
    1, and the story of it, where a payment was in two places or in none.
    """
    from kiosk.simulation.days import Lived, simulate

    faults: Counter[str] = Counter()
    ended: Counter[str] = Counter()
    lived: Lived | None = None
    with click.progressbar(length=seeds, label="Simulating", file=sys.stderr) as bar:
        for lived in simulate(range(first, first + seeds), orders=orders, jobs=jobs):
            faults += lived.faults
            ended += lived.ended
            bar.update(1)
    violation = lived.violation if lived else ""
    if as_json:
        say_json({"orders": sum(ended.values()), "ended": ended, "faults": faults, "violation": violation})
    else:
        put_lines(violation or _told(faults, ended))
    sys.exit(1 if violation else 0)


def _told(faults: Counter[str], ended: Counter[str]) -> str:
    struck = ", ".join(f"{kind} {count:,}" for kind, count in faults.most_common())
    places = ", ".join(f"{state} {count:,}" for state, count in ended.most_common())
    return (
        f"{sum(ended.values()):,} orders, {sum(faults.values()):,} faults, no violation.\n"
        f"Where the orders ended: {places}.\nFaults: {struck}."
    )
