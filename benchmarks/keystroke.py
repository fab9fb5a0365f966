"""Key to screen on the card-number screen, against a bare Textual Input; alone, and while the world hangs. Limit: 1.3.

Alternating rounds in one run: a digit is sent to the pty, and the clock stops at the first byte that comes back.
"""

from __future__ import annotations

import os
import select
import socket
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import pexpect

LIMIT, ROUNDS, KEYS = 1.3, 12, 20
BARE = """
from textual.app import App
from textual.widgets import Input
class Bare(App):
    def compose(self):
        yield Input(placeholder="number")
    def on_mount(self):
        self.query_one(Input).cursor_blink = False
Bare().run()
"""


HUNG = """
[ledger]
mode = "training"
state_dir = "{folder}/hung"
[providers.airalo]
base_url = "http://127.0.0.1:{provider}/airalo/v2/"
client_id = "training-client"
client_secret = {{ file = "{folder}/airalo-secret" }}
[tenders.cash]
[printer]
kind = "network"
host = "127.0.0.1"
port = {printer}
"""


class Program:
    """A program in a pty, ready to be typed at."""

    def __init__(self, command: list[str], env: dict[str, str]) -> None:
        self.process = pexpect.spawn(sys.executable, command, env=env, dimensions=(30, 100), timeout=20)

    def quiet(self) -> None:
        """Read until nothing has come for a while."""
        while select.select([self.process.child_fd], [], [], 0.15)[0]:
            os.read(self.process.child_fd, 65536)

    def keystroke_s(self, key: str) -> float:
        self.quiet()
        started = time.perf_counter()
        self.process.send(key)
        select.select([self.process.child_fd], [], [], 5)
        return time.perf_counter() - started


def hung() -> socket.socket:
    """A printer or a provider that takes connections and bytes, and never answers."""
    return socket.create_server(("127.0.0.1", 0))


def measure(bare: Program, kiosk: Program) -> tuple[list[float], list[float]]:
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(ROUNDS):
        for program, figures in ((bare, theirs), (kiosk, ours)):
            for number in range(KEYS):
                figures.append(program.keystroke_s("7" if number % 2 == 0 else "\x7f"))
    return theirs, ours


def told(name: str, theirs: list[float], ours: list[float]) -> bool:
    """Print the figures; whether they are within the limit."""
    kept = True
    for word, pick in (("median", statistics.median), ("p99", lambda values: statistics.quantiles(values, n=100)[98])):
        bare, kiosk = pick(theirs), pick(ours)
        print(
            f"{name}, {word}: bare {bare * 1000:.2f} ms, kiosk {kiosk * 1000:.2f} ms, ratio {kiosk / bare:.2f}", end=""
        )
        print(f" (limit {LIMIT})")
        kept = kept and kiosk / bare <= LIMIT
    return kept


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        env = dict(os.environ) | {"XDG_STATE_HOME": folder, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
        printer, provider = hung(), hung()
        stack.enter_context(printer)
        stack.enter_context(provider)
        ports = {"provider": provider.getsockname()[1], "printer": printer.getsockname()[1]}
        config = Path(folder) / "hung.toml"
        config.write_text(HUNG.format(folder=folder, **ports), encoding="utf-8")
        (Path(folder) / "airalo-secret").write_text("training-secret", encoding="utf-8")
        bare = Program(["-c", BARE], env)
        kept = True
        for name, arguments in (("alone", ["--training"]), ("all hangs", ["--config", str(config)])):
            kiosk = Program(["-m", "kiosk", "run", *arguments], env)
            kiosk.process.expect("Choose your language")
            kiosk.quiet()
            kiosk.process.send("1")
            kiosk.process.expect("What is the number")
            if name == "all hangs":  # a question is out that nobody will answer
                kiosk.process.send("8900000461442300635\r")
                time.sleep(0.5)
                kiosk.process.send("\x1b")
                kiosk.process.expect("What is the number")
            kept = told(name, *measure(bare, kiosk)) and kept
            kiosk.process.close(force=True)
        bare.process.close(force=True)
    sys.exit(not kept)


if __name__ == "__main__":
    main()
