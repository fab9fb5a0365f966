"""A hundred thousand inputs of any kind, as raw bytes into one terminal, and the kiosk is still a kiosk.

`KIOSK_INPUTS` and `KIOSK_SEED` make it longer, and another one (docs/kiosk-machine.md).
"""

from __future__ import annotations

import os
import random
import re
import select
import termios
import time
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.fuzz import inputs, pieces
from tests.journeys.terminal import Terminal
from tests.world import World

INPUTS, SEED = int(os.environ.get("KIOSK_INPUTS", "100000")), int(os.environ.get("KIOSK_SEED", "1"))
AT_ONCE = 500
QUIET_S, ASLEEP, PATIENCE_S = 0.01, 5, 300.0
POINTER = re.compile(rb"\x1b\]22;[a-z-]+\x07")
"""The shape of a mouse's pointer, which Textual sets."""
EVIL = (
    *(b"Traceback", b"Search for commands", b"Out of service"),
    *(b"\x1b]", b"\x1bP", b"\x1bc", b"\x1b[?1049l", b"\x1b[?1000l", b"\x1b[?2004l"),
)
"""What a kiosk that goes on never shows, nor tells its terminal: a title, a clipboard, another screen, no touches."""


class Fuzz:
    """One terminal that is typed at without mercy; what comes back is kept, and looked through."""

    def __init__(self, kiosk: World, terminal: Terminal) -> None:
        self.kiosk, self.terminal = kiosk, terminal
        self.descriptor: int = terminal.process.child_fd
        self.pids = processes(terminal)
        self.modes: list[Any] = termios.tcgetattr(self.descriptor)
        self.painted = b""
        self.steps: Counter[str] = Counter()

    def feed(self, stream: bytes, dice: random.Random) -> None:
        """All of it, in pieces, while what the kiosk paints is read; then until it has nothing more to paint."""
        for piece in pieces(stream, dice):
            while piece:
                readable, writable, _ = select.select([self.descriptor], [self.descriptor], [], PATIENCE_S)
                assert readable or writable, "the kiosk takes nothing any more"
                if readable:
                    self.painted += os.read(self.descriptor, 65536)
                if writable:
                    piece = piece[os.write(self.descriptor, piece[:1024]) :]
        self.settle()

    def settle(self) -> None:
        """Until it has worked all of that off: it sleeps, and paints nothing more."""
        end, asleep = time.monotonic() + PATIENCE_S, 0
        while asleep < ASLEEP:
            if select.select([self.descriptor], [], [], QUIET_S)[0]:
                self.painted += os.read(self.descriptor, 65536)
                asleep = 0
            asleep = asleep + 1 if state_of(self.pids[-1]) == "S" else 0
            assert time.monotonic() < end, "it is still busy"

    def look(self) -> None:
        """Still the same program, on the same terminal, that has shown nothing but its own pictures."""
        painted, self.painted = self.painted, b""
        self.steps.update(row["step"] for row in self.kiosk.rows("SELECT step FROM seats"))
        assert self.terminal.process.isalive()
        for pid in self.pids:
            assert state_of(pid) in "SRD", f"process {pid} is {state_of(pid)}"
        assert termios.tcgetattr(self.descriptor) == self.modes
        painted = POINTER.sub(b"", painted)
        for evil in EVIL:
            assert evil not in painted, painted[max(0, painted.index(evil) - 300) :][:600]


def state_of(pid: int) -> str:
    """S: asleep, R: at work, T: stopped; of its main thread."""
    return Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()[0]


def processes(terminal: Terminal) -> list[int]:
    """The kiosk and its screens; what else it may have called for a moment (the list of fonts, a voice) came later."""
    kiosk = int(terminal.process.pid or 0)
    return [kiosk, min(children(kiosk))]


def children(pid: int) -> Iterator[int]:
    for task in Path(f"/proc/{pid}/task").iterdir():
        yield from map(int, (task / "children").read_text(encoding="ascii").split())


@pytest.mark.prove
def test_a_hundred_thousand_raw_inputs_lead_nowhere_but_through_the_kiosk(kiosk: World, tmp_path: Path) -> None:
    """Keys, sequences, touches, pastes, scans, function keys, control bytes, torn letters; cut anywhere.

    No end, no suspension, no palette, no screenshot, no clerk's way out, no traceback; the terminal is as it was, and
    the next customer finds the first screen.
    """
    home = tmp_path / "home"
    home.mkdir()
    kiosk.env |= {"HOME": str(home), "XDG_DOWNLOAD_DIR": str(home)}
    here = set(Path.cwd().iterdir())
    dice, stream = random.Random(SEED), inputs(SEED, INPUTS)  # noqa: S311 - it need only repeat
    with Terminal(kiosk, 80, 24) as terminal:
        terminal.wait_for("Have ready")
        kiosk.wait_for("SELECT 1 FROM seats")
        fuzz, sent = Fuzz(kiosk, terminal), 0
        while some := list(islice(stream, AT_ONCE)):
            fuzz.feed(b"".join(some), dice)
            fuzz.look()
            sent += len(some)
        fuzz.feed(b"\x1b[201~\x1b\\", dice)
        fuzz.look()
        terminal.screen.reset()
        terminal.resize(100, 30)
        back_to_the_first_screen(terminal)
        terminal.press("1")
        terminal.wait_for("What is the number of your card?")
        pids = processes(terminal)

    assert (sent, pids) == (INPUTS, fuzz.pids)
    assert len(fuzz.steps) > 2, f"it has hardly gone anywhere: {fuzz.steps}"
    assert "Traceback" not in (log := (kiosk.state / "kiosk.log").read_text(encoding="utf-8"))
    assert "The screens ended" not in log
    assert [path for path in home.rglob("*") if ".config" not in path.parts] == []  # PulseAudio's, of the voice
    assert set(Path.cwd().iterdir()) == here
    assert kiosk.rows("SELECT 1 FROM events WHERE event = 'paid'") == []
    kiosk.run("verify")


def back_to_the_first_screen(terminal: Terminal) -> None:
    """A customer who presses Esc until it says what the kiosk is for; in ordinary letters, and in English."""
    for _ in range(60):
        seen = terminal.look(0.5)
        if "Choose your language" in seen:
            return
        if "A-" in seen:
            terminal.press("f3")
        elif "A+" in seen:
            terminal.press("f2", "1")
        else:
            terminal.press("esc")
    raise AssertionError(f"no way back from:\n{terminal.look()}")
