"""Tells a scanner's burst from a hand's typing. Pure: keys and their times in, whole scans out.

A scanner types its code in a fraction of a second and ends it with Enter, a line feed, both, or a tab. An Input's own
submit tears such bursts (one of 200 survives back to back), so they are collected above every widget.
"""

from __future__ import annotations

from enum import Enum, auto

GAP_S = 0.035
"""Seconds a key, on the average of a burst: no hand types so fast, and no scanner so slow."""
STALL_S = 0.25
"""What one gap may take out of that average: a busy machine reads a burst in pieces."""
HOLD_S = 0.1
"""So long a key waits where digits choose: it may be the first of a scan. Longer would be felt."""
SCAN_MIN = 10
ENDINGS = ("enter", "tab")


class Part(Enum):
    """What a key is, when it is no whole scan."""

    TYPED = auto()
    SWALLOWED = auto()


class Scans:
    """Fed with every key in order."""

    def __init__(self) -> None:
        self._burst: list[str] = []
        self._first_at = 0.0
        self._last_at = 0.0
        self._ended_at = -1.0

    def take(self, key: str, at: float) -> str | Part:
        """The whole scan that this key ends, or what the key is: typed, or the rest of a scan's ending."""
        if key in ENDINGS:
            return self._end(at)
        if not self._goes_on(at):
            self._burst.clear()
        if not self._burst:
            self._first_at = at
        self._last_at = at
        if len(key) == 1:
            self._burst.append(key)
        else:
            self._burst.clear()
        return Part.TYPED

    def _end(self, at: float) -> str | Part:
        text, prompt = "".join(self._burst), self._goes_on(at)
        self._burst.clear()
        if len(text) >= SCAN_MIN and prompt:
            self._ended_at = at
            return text
        if not text and at - self._ended_at <= GAP_S:  # CR and LF, or a tab after them
            self._ended_at = -1.0
            return Part.SWALLOWED
        return Part.TYPED

    def _goes_on(self, at: float) -> bool:
        gap, spared = at - self._last_at, GAP_S * len(self._burst) - (self._last_at - self._first_at)
        return gap <= max(GAP_S, min(STALL_S, spared))
