"""Process start to first paint of the welcome screen, against a bare Textual app with one label. Limit: 1.6."""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time

import pexpect

LIMIT, ROUNDS = 1.6, 15
BARE = """
from textual.app import App
from textual.widgets import Label
class Bare(App):
    def compose(self):
        yield Label("Choose your language")
Bare().run()
"""


def first_paint_s(command: list[str], env: dict[str, str]) -> float:
    """Seconds until the sentence is on the terminal."""
    started = time.perf_counter()
    process = pexpect.spawn(sys.executable, command, env=env, dimensions=(30, 100), timeout=20)
    process.expect("Choose your language")
    seconds = time.perf_counter() - started
    process.close(force=True)
    return seconds


def main() -> None:
    with tempfile.TemporaryDirectory() as state:
        env = dict(os.environ) | {"XDG_STATE_HOME": state, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
        kiosk = ["-m", "kiosk", "run", "--training"]
        for command in (["-c", BARE], kiosk):
            first_paint_s(command, env)  # the first one makes the ledger and fills the disk's cache
        pairs = [(first_paint_s(["-c", BARE], env), first_paint_s(kiosk, env)) for _ in range(ROUNDS)]
    bare, ours = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(ours / bare for bare, ours in pairs)
    print(f"bare {bare * 1000:.0f} ms, kiosk {ours * 1000:.0f} ms, ratio {ratio:.2f} (limit {LIMIT})")
    sys.exit(ratio > LIMIT)


if __name__ == "__main__":
    main()
