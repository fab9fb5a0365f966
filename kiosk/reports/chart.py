"""Delivery times by the hour of the day, as a chart of letters: blocks that need no colour. Drawn by plotext.

Its height is by powers, since a top-up takes seconds or hours: from one line to the next is six to ten times as long.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import log10
from threading import Lock
from types import ModuleType

from kiosk.reports.figures import HourTimes

TICKS = ((1, "1 s"), (10, "10 s"), (60, "1 min"), (600, "10 min"), (3600, "1 h"), (36000, "10 h"), (360000, "100 h"))
MEDIAN, SLOW = "█", "░"
LEGEND = f"{MEDIAN} half of them within   {SLOW} 95 of 100 within   by the hour at which it was paid"
COLUMNS_MIN, ROWS_MIN = 60, 8
HOURS = list(range(24))
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_drawing = Lock()
"""plotext has one figure for the whole program."""


def chart(times: Sequence[HourTimes], columns: int = 78, rows: int = 12) -> list[str]:
    """So many lines of at most so many columns, and one that says what the blocks are. None where nothing is known."""
    if not times:
        return []
    import plotext  # costs 80 ms: not before something is drawn

    with _drawing:
        drawn = _drawn(plotext, times, max(COLUMNS_MIN, columns), max(ROWS_MIN, rows))
    lines = [line.rstrip() for line in _COLOURS.sub("", drawn).split("\n")]
    return [*(line for line in lines if line), LEGEND]


def _drawn(plotext: ModuleType, times: Sequence[HourTimes], columns: int, rows: int) -> str:
    known = {each.hour: each for each in times}
    top = next((s for s, _ in TICKS[1:] if s >= max(each.slow_s for each in times)), TICKS[-1][0])
    shown = [(s, word) for s, word in TICKS if s <= top]
    plotext.clear_figure()
    plotext.limit_size(False, False)
    plotext.plot_size(columns, rows)
    plotext.theme("clear")
    slow = [_height(known[hour].slow_s) if hour in known else 0 for hour in HOURS]
    half = [_height(known[hour].median_s) if hour in known else 0 for hour in HOURS]
    plotext.bar(HOURS, slow, marker=SLOW, width=0.6)
    plotext.bar(HOURS, half, marker=MEDIAN, width=0.6)
    plotext.xlim(-0.5, 23.5)
    plotext.xticks(HOURS[::2], [f"{hour}h" for hour in HOURS[::2]])
    plotext.ylim(0, log10(top))
    plotext.yticks([log10(s) for s, _ in shown], [word for _, word in shown])
    return str(plotext.build())


def _height(seconds: float) -> float:
    """A second, and less, is a sliver that can be seen."""
    return log10(max(seconds, 1.2))
