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
HALF_MIN = 4
"""So many keys in a scanner's pace are no hand's either: half a scan, whose cable was pulled or whose paper slipped."""
ENDINGS = ("enter", "tab")


class Part(Enum):
    """What a key is, when it is no whole scan."""

    TYPED = auto()
    SWALLOWED = auto()
    HALF = auto()
    """The ending of what may be half a scan: where digits choose, neither it nor they may."""


class Scans:
    """Fed with every key in order."""

    def __init__(self) -> None:
        self._burst: list[str] = []
        self._first_at = 0.0
        self._last_at = 0.0
        self._ended_at = -1.0
        self._behind = False
        """The burst began right behind a whole scan: it is the scanner's, whatever it is."""

    @property
    def text(self) -> str:
        """The burst so far."""
        return "".join(self._burst)

    @property
    def half(self) -> bool:
        """Whether the burst so far, if nothing more comes, is half a scan rather than a hand's keys."""
        return self._behind or len(self._burst) >= HALF_MIN

    def take(self, key: str, at: float) -> str | Part:
        """The whole scan that this key ends, or what the key is: typed, or the rest of a scan's ending."""
        if key in ENDINGS:
            return self._end(at)
        if not self._goes_on(at):
            self._burst.clear()
        if not self._burst:
            self._first_at = at
            self._behind = at - self._ended_at <= GAP_S
        self._last_at = at
        if len(key) == 1:
            self._burst.append(key)
        else:
            self._burst.clear()
        return Part.TYPED

    def close(self, at: float) -> None:
        """No more came in time: what there is, was all. Its ending may still follow."""
        self._burst.clear()
        self._ended_at = at

    def _end(self, at: float) -> str | Part:
        text, prompt, half = self.text, self._goes_on(at), self.half
        self._burst.clear()
        if prompt and len(text) >= SCAN_MIN:
            self._ended_at = at
            return text
        if not text and at - self._ended_at <= STALL_S:  # CR and LF, or a tab after them
            return Part.SWALLOWED
        if text and prompt and self._behind:
            self._ended_at = at
            return Part.SWALLOWED
        return Part.HALF if text and prompt and half else Part.TYPED

    def _goes_on(self, at: float) -> bool:
        gap, spared = at - self._last_at, GAP_S * len(self._burst) - (self._last_at - self._first_at)
        return 0 <= gap <= max(GAP_S, min(STALL_S, spared))
