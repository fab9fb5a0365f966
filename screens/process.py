"""What a process that shows screens for its parent does first; nobody else starts it, and it is nobody's without it."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import termios
from contextlib import suppress
from pathlib import Path

from kiosk import assembly
from kiosk.assembly import House

PR_SET_PDEATHSIG = 1  # linux/prctl.h


def die_with_parent() -> None:
    """A killed parent takes its screens with it: the next start finds the terminal free."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    for name in (signal.SIGINT, signal.SIGQUIT, signal.SIGTSTP):
        signal.signal(name, signal.SIG_IGN)


def told_by_parent() -> tuple[House, str]:
    """What it is to show: the house of a configuration (an empty line: training), and the name of the seat or terminal.

    They are said a line each on the descriptor that is our argument; the second may come much later than the first.
    """
    with os.fdopen(int(sys.argv[1]), encoding="utf-8") as parent:
        config_path = parent.readline().rstrip("\n")
        house = assembly.build(Path(config_path) if config_path else None, train=not config_path)
        return house, parent.readline().rstrip("\n")


def forget_what_was_typed() -> None:
    """Keys from before the first picture are nobody's: they were meant for screens that are gone."""
    with suppress(termios.error):
        termios.tcflush(0, termios.TCIFLUSH)


def draw_on_standard_output() -> None:
    """Textual draws on `sys.__stderr__`. Ours is the parent's pipe, which a traceback must reach, and no customer.

    The size is the terminal's own, whatever a shell has left in the environment.
    """
    for stale in ("COLUMNS", "LINES"):
        os.environ.pop(stale, None)
    sys.__stderr__ = open(1, "w", encoding="utf-8", closefd=False)  # type: ignore[misc]  # noqa: SIM115
