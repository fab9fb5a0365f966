"""Many simulated days, one seed each, on all cores. Each leaves nothing behind but its figures, or its violation."""

from __future__ import annotations

import logging
import tempfile
import traceback
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path

from kiosk.simulation.books import Violation
from kiosk.simulation.day import Day

AT_A_TIME = 64
"""Seeds handed out at once: a violation ends the rest."""


@dataclass(frozen=True, slots=True)
class Lived:
    """What became of one seed: the faults that struck, by kind; where its orders ended; the violation's story."""

    seed: int
    faults: Counter[str] = field(default_factory=Counter)
    ended: Counter[str] = field(default_factory=Counter)
    violation: str = ""


def live_through(seed: int, *, orders: int) -> Lived:
    """Live through one seed. A defect of the kiosk is a violation too, with its traceback."""
    logging.disable(logging.CRITICAL)  # a simulated fault is no news
    with tempfile.TemporaryDirectory(prefix="kiosk-simulation-") as folder:
        day = Day(Path(folder), seed, orders)
        try:
            day.run()
        except Violation as wrong:
            return Lived(seed, day.struck, violation=str(wrong))
        except Exception:  # noqa: BLE001 - a defect is told with its seed, like any other violation
            return Lived(seed, day.struck, violation=str(day.violation(None, traceback.format_exc())))
        finally:
            logging.disable(logging.NOTSET)
    return Lived(seed, day.struck, day.ended)


def simulate(seeds: Iterable[int], *, orders: int, jobs: int) -> Iterator[Lived]:
    """Each seed's days, in the seeds' order, in so many processes. Ends after the first violation."""
    remaining = iter(seeds)
    with ProcessPoolExecutor(jobs) as pool:
        while batch := list(islice(remaining, AT_A_TIME)):
            for lived in pool.map(partial(live_through, orders=orders), batch):
                yield lived
                if lived.violation:
                    return
