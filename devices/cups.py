"""A queue of CUPS, through `lp`: raw bytes in, and a look at whether the job has left the queue.

python-escpos's LP is not used: it says nothing of what `lp` refused, adds a line, and waits without a limit. A queue
holds what it cannot print, and would print it by itself later: what has not left it in time is cancelled.
"""

from __future__ import annotations

import os
import re
import subprocess
import time
from pathlib import Path
from threading import Lock

from devices.encode import can_say, escpos
from devices.profiles import Profile
from kiosk.errors import DeviceError
from kiosk.paper import Condition, PrinterState
from kiosk.receipt import Document

ASK_S = 3.0
POLL_S = 0.1
_REASONS = (  # IPP printer-state-reasons (RFC 8011, 5.4.12), as `lpstat -l` lists them after "Alerts:"
    ("media-empty", Condition.OUT),
    ("media-needed", Condition.OUT),
    ("cover-open", Condition.COVER),
    ("door-open", Condition.COVER),
    ("offline", Condition.OFFLINE),
    ("connecting-to-device", Condition.OFFLINE),
    ("media-low", Condition.NEAR_END),
)


class CupsPrinter:
    """One queue. A job that has left it is *sent*: nobody says what came out."""

    def __init__(self, queue: str, profile: Profile, timeout_s: float) -> None:
        self.name, self.columns = f"printer {queue} of CUPS", profile.columns
        self._queue, self._profile, self._timeout_s = queue, profile, timeout_s
        self._lock = Lock()

    def can_say(self, document: Document) -> bool:
        """Whether every letter of it can be printed, as the printer's own or in a picture."""
        return can_say(document, self._profile)

    def print(self, document: Document) -> bool:
        """False: sent. Raises DeviceError."""
        job = escpos(document, self._profile)
        with self._lock:
            until = time.monotonic() + self._timeout_s
            state = self.look()
            if not state.condition.prints:
                raise DeviceError(f"Nothing was sent to the {self.name}: {state.why or state.condition}.", sent=False)
            self._see_through(self._queued(job), until)
        return False

    def look(self) -> PrinterState:
        try:
            done = _run("lpstat", "-l", "-p", self._queue)
        except OSError as error:
            return PrinterState(Condition.AWAY, f"lpstat cannot be run: {error.strerror}")
        except subprocess.TimeoutExpired:
            return PrinterState(Condition.AWAY, "CUPS does not answer")
        if done.returncode:
            return PrinterState(Condition.AWAY, _said(done) or "CUPS does not know this queue")
        if re.search(r"\bdisabled since\b", done.stdout.partition("\n")[0]):
            return PrinterState(Condition.OFFLINE, f"the queue is stopped; cupsenable {self._queue} starts it")
        alerts = "".join(re.findall(r"Alerts: (.*)", done.stdout))
        return PrinterState(next((meant for word, meant in _REASONS if word in alerts), Condition.UNKNOWN))

    def _queued(self, job: bytes) -> str:
        """The job's id. Raises DeviceError."""
        try:
            done = _run("lp", "-d", self._queue, "-o", "raw", "-t", "kiosk receipt", data=job)
        except OSError as error:
            raise DeviceError(f"lp cannot be run: {error.strerror}.", sent=False) from None
        except subprocess.TimeoutExpired:
            raise DeviceError(f"The {self.name} does not take the receipt. Look at the paper.", sent=True) from None
        if done.returncode:
            raise DeviceError(f"The {self.name} refused: {_said(done)}.", sent=False)
        found = re.search(rf"\b{re.escape(self._queue)}-\d+\b", done.stdout)
        return found[0] if found else ""

    def _see_through(self, job: str, until: float) -> None:
        """Wait until the job has left the queue, and take it back if it has not. Raises DeviceError."""
        try:
            while job in _run("lpstat", "-W", "not-completed", "-o", self._queue).stdout.split():
                if time.monotonic() >= until:
                    _run("cancel", job)
                    raise DeviceError(f"The {self.name} held the receipt back; it was cancelled.", sent=True)
                time.sleep(POLL_S)
        except (OSError, subprocess.TimeoutExpired):
            raise DeviceError(f"The {self.name} went silent. Look at the paper.", sent=True) from None


def _run(*command: str, data: bytes = b"") -> subprocess.CompletedProcess[str]:
    """A command of CUPS in English, killed when it takes too long. Raises OSError, TimeoutExpired."""
    done = subprocess.run(  # noqa: S603 - our own words, and a queue's name that cannot be an option
        command, input=data, capture_output=True, timeout=ASK_S, env=os.environ | {"LC_ALL": "C"}, check=False
    )
    decoded = [text.decode(errors="replace") for text in (done.stdout, done.stderr)]
    return subprocess.CompletedProcess(command, done.returncode, *decoded)


def _said(done: subprocess.CompletedProcess[str]) -> str:
    """What a command says of its failure, in one line."""
    return " ".join(done.stderr.split()).rstrip(".").removeprefix(f"{Path(done.args[0]).name}: ")
