"""A page of `kiosk serve` in a real browser, read like a terminal: by what its line brought."""

from __future__ import annotations

import queue
import subprocess
import time
from pathlib import Path

import pyte

from tests.browser.chromium import Chromium, Tab
from tests.journeys.terminal import Terminal


class Page(Terminal):
    """A page as its customer has it: touched by a finger, read by eye."""

    def __init__(self, chromium: Chromium, url: str = "", size: tuple[int, int] = (1280, 800)) -> None:
        self.raw = b""
        self.hold_s = 0.05
        """How long a finger stays."""
        self.forgive = False
        """Errors of this page are part of what is tried."""
        self.sent: list[str] = []
        """What its keys and touches were told as."""
        self.screen = pyte.Screen(100, 30)
        self._stream = pyte.ByteStream(self.screen)
        self.tab = Tab(chromium, size)
        if url:
            self.tab.open(url)

    def __exit__(self, *_: object) -> None:
        pass

    def kill(self) -> None:
        self.tab.close()

    def alive(self) -> bool:
        return self.forgive or not self.tab.errors

    def _read(self, seconds: float) -> bytes:
        end = time.monotonic() + seconds
        while True:
            try:
                sent, what = self.tab.frames.get(timeout=max(0.001, end - time.monotonic()))
            except queue.Empty:
                return b""
            if not sent:
                return bytes(what)
            if what[0] == "stdin":
                self.sent.append(what[1])
            elif what[0] == "resize":
                self.screen.resize(what[1]["height"], what[1]["width"])

    def _touch_cell(self, column: int, row: int) -> None:
        left, top, width, height = self.box()
        across, down = width / self.screen.columns, height / self.screen.lines
        self.tab.tap(left + (column - 0.5) * across, top + (row - 0.5) * down, self.hold_s)

    def box(self) -> tuple[float, float, float, float]:
        """Where the terminal is in the window: left, top, width, height."""
        left, top, width, height = self.tab.ask(
            "(() => { const box = document.querySelector('.xterm-screen').getBoundingClientRect();"
            " return [box.x, box.y, box.width, box.height]; })()"
        )
        return left, top, width, height

    def reload(self) -> None:
        """What stood there is forgotten: it must be painted anew."""
        self.look(0.1)
        self.screen.reset()
        self.tab.reload()

    def press(self, *keys: str) -> None:
        raise NotImplementedError("a finger has no keys")


def read_by_camera(page: Page, folder: Path, seconds: float = 15) -> str:
    """What ZBar, as a phone would, reads off the page's picture."""
    end = time.monotonic() + seconds
    while True:
        page.look(0.2)
        picture = page.tab.photograph(folder / "page.png")
        found = subprocess.run(
            ["zbarimg", "--quiet", "--raw", str(picture)], capture_output=True, text=True, check=False
        )
        if found.stdout:
            return found.stdout.split("\n")[0]
        assert time.monotonic() < end, "no code on the page"
