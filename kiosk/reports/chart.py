"""Delivery times by the hour of the day, as a chart of letters: blocks that need no colour. Drawn by plotext.

Its height is by powers, since a top-up takes seconds or hours: from one line to the next is six to ten times as long.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from math import log10
from threading import Lock
from types import ModuleType

from kiosk.reports.figures import HourTimes

TICKS = ((1, "1s"), (10, "10s"), (60, "1m"), (600, "10m"), (3600, "1h"), (36000, "10h"), (356400, "99h"))
TICK_COLUMNS = 3
MEDIAN, SLOW = "█", "░"
LEGEND = f"{MEDIAN} half of them within   {SLOW} 95 of 100 within   (seconds, minutes, hours)"
COLUMNS_MIN, ROWS_MIN = 60, 8
HOURS_MIN = 12
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_drawing = Lock()
"""plotext has one figure for the whole program."""


def chart(times: Sequence[HourTimes], columns: int = 77, rows: int = 12) -> list[str]:
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
    hours = _shown_hours(known)
    top = next((s for s, _ in TICKS[1:] if s >= max(each.slow_s for each in times)), TICKS[-1][0])
    ticks = [(s, word) for s, word in TICKS if s <= top]
    frame = TICK_COLUMNS + 2
    wide = max(2, (columns - frame) // len(hours))  # the same for each hour: plotext would round
    plotext.clear_figure()
    plotext.limit_size(False, False)
    plotext.plot_size(frame + wide * len(hours), rows)
    plotext.theme("clear")
    for mark, heights in (
        (SLOW, [_height(known[hour].slow_s) if hour in known else 0 for hour in hours]),
        (MEDIAN, [_height(known[hour].median_s) if hour in known else 0 for hour in hours]),
    ):
        plotext.bar(hours, heights, marker=mark, width=(wide - 2) / wide)
    beside = (wide - 1) / (2 * wide)
    plotext.xlim(hours[0] - beside, hours[-1] + beside)
    named = hours[:: 1 if wide > 4 else 2]
    plotext.xticks(named, [f"{hour}" for hour in named])
    plotext.ylim(0, log10(top))
    plotext.yticks([log10(s) for s, _ in ticks], [f"{word:>{TICK_COLUMNS}}" for _, word in ticks])
    return str(plotext.build())


def _shown_hours(known: Collection[int]) -> list[int]:
    """Those in which the shop sells, and those between; twelve of them at least."""
    first, last = min(known), max(known)
    first = max(0, min(first, last - HOURS_MIN + 1))
    return list(range(first, max(last, first + HOURS_MIN - 1) + 1))


def _height(seconds: float) -> float:
    """A second, and less, is a sliver that can be seen."""
    return log10(max(seconds, 1.2))
