"""Bytes of a scanner's line into whole codes. Pure: bytes and their times in, codes out.

CR, LF, CR LF or a tab end a code, or it stands between STX and ETX; a pause does where nothing stands behind it.
Half a code, whose rest does not come, is never put together with the next one.
"""

from __future__ import annotations

import re

PAUSE_S = 0.3
"""Within a code no scanner is silent for so long: the slowest line, 1,200 baud, sends a byte in 8 ms."""
CODE_MAX = 2000
"""Bytes; more than any code that means something here."""
_STX, _ETX = b"\x02", b"\x03"
_END = re.compile(rb"[\r\n\t\x03]")


class Frames:
    """What has come of one scanner's line."""

    def __init__(self, *, pause_ends: bool = False) -> None:
        """`pause_ends`: nothing stands behind a code, so that silence ends it."""
        self._pause_ends = pause_ends
        self._rest = b""
        self._last_at = 0.0
        self._too_long = False

    def feed(self, data: bytes, at: float) -> list[str]:
        """The codes that are whole now. `at` is when the bytes came, in seconds in which somebody listened."""
        codes = self.quiet(at) if self._rest or self._too_long else []
        if data:
            self._last_at = at
            self._rest += data
        while (end := self._ending()) is not None:
            code, self._rest = self._rest[: end.start()], self._rest[end.end() :]
            codes += self._told(code)
        if len(self._rest) > CODE_MAX:
            self._rest, self._too_long = b"", True
        return codes

    def quiet(self, at: float) -> list[str]:
        """Nothing came until now. What was left is a whole code where a pause ends one, and else half a code: gone."""
        if at - self._last_at <= PAUSE_S:
            return []
        left, self._rest = self._rest, b""
        codes = self._told(left) if self._pause_ends else []
        self._too_long = False
        return codes

    def forget(self) -> None:
        """The line was lost: what came of a code is half of one."""
        self._rest, self._too_long = b"", False

    def _ending(self) -> re.Match[bytes] | None:
        """Between STX and ETX a code may have several lines."""
        if self._rest.startswith(_STX):
            return re.compile(_ETX).search(self._rest)
        return _END.search(self._rest)

    def _told(self, code: bytes) -> list[str]:
        """What is too long, empty, or has lost its beginning is none."""
        too_long, self._too_long = self._too_long, False
        text = code.rpartition(_STX)[2].decode(errors="replace")
        return [text] if text.strip() and not too_long else []
