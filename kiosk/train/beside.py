"""The kiosk beside the counter: in a part of the same window where tmux runs it, else by the command to type."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

COLUMNS, ROWS = 80, 24


def command_of(config: Path) -> str:
    """What somebody types in a second terminal."""
    return f"kiosk run --config {shlex.quote(str(config))}"


@contextmanager
def kiosk_beside(config: Path) -> Iterator[bool]:
    """Whether it stands there: beside, below, or in a window of its own, as there is room. Gone afterwards."""
    tmux = shutil.which("tmux") if "TMUX" in os.environ else None
    pane = _opened(tmux, config) if tmux else ""
    try:
        yield bool(pane)
    finally:
        if tmux and pane:
            _tmux(tmux, "kill-pane", "-t", pane)


def _opened(tmux: str, config: Path) -> str:
    """The pane's own name; empty where tmux made none."""
    wide, high = shutil.get_terminal_size((COLUMNS, ROWS))
    if wide > 2 * COLUMNS:
        how = ["split-window", "-h"]
    elif high > 2 * ROWS:
        how = ["split-window", "-v"]
    else:
        how = ["new-window", "-n", "kiosk"]
    run = shlex.join([sys.executable, "-m", "kiosk", "run", "--config", str(config)])
    return _tmux(tmux, *how, "-d", "-P", "-F", "#{pane_id}", run)


def _tmux(tmux: str, *words: str) -> str:
    """What tmux says; empty where it refuses."""
    done = subprocess.run([tmux, *words], check=False, capture_output=True, text=True)  # noqa: S603 - words of our own
    return done.stdout.strip() if done.returncode == 0 else ""
