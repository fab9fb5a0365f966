"""Behind the screens: the queue, the seat's signs of life, and whether the ledger can be sold from.

A ledger that is damaged or gone is let go of, so that it can be put right under a waiting kiosk; nothing else ends it.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from kiosk.errors import KioskError, LedgerBroken, LedgerError, LedgerGone, QueueHeld, WrongLedger

if TYPE_CHECKING:
    from kiosk.assembly import House
    from kiosk.code_slot import CodeSlot
    from kiosk.holder import QueueLock, Rounds, Workers
    from kiosk.sync import Queue

log = logging.getLogger(__name__)

PULSE_S = 5.0
ERRANDS_EVERY_S = 0.3
"""A clerk waits for what is asked for at the counter."""
WHOLE_EVERY_S = 6 * 3600.0
"""How often the whole file is read: damage in a part that nobody asks for is found before somebody needs it."""


class Backstage:
    """One thread of its own, beside the queue's workers. `trouble` is why nothing can be sold now, for the clerk."""

    def __init__(self, house: House, name: str, seat: str = "", changed: Callable[[str], object] = lambda _: None):
        """`name` is the queue's holder, as others read it; `changed` hears of every change of `trouble`."""
        self.trouble = ""
        self._house, self._name, self._seat, self._changed = house, name, seat, changed
        self._lock: QueueLock | None = None
        self._workers: Workers | None = None
        self._slot: CodeSlot | None = None
        self._rounds: list[Rounds] = []
        self._seated = self._noted = False
        self._bad: object = None
        self._whole_at = 0.0
        self._told = ""
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="backstage", daemon=True)

    def sit_down(self) -> None:
        """Open the ledger and take the seat. A ledger in trouble is waited out.

        Raises WrongLedger, SeatTaken, ConfigError: no waiting mends these.
        """
        try:
            self._check()
        except WrongLedger:
            raise
        except LedgerError as error:
            self._fail(error)

    def take_queue(self) -> None:
        """Raises QueueHeld."""
        self._lock = self._lock or self._house.lock(self._name)

    def start(self, pause_s: float = 0.0) -> None:
        self._pause_s = pause_s
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(10)
        self._leave_queue()
        try:
            if self._seated:
                from kiosk.ledger import seats

                seats.leave_seat(self._house.ledger, self._seat, os.getpid())
        except LedgerError as error:
            log.warning("The seat could not be left: %s", error)

    # --- its rounds ------------------------------------------------------------------------------------------

    def _run(self) -> None:
        if self._stop.wait(self._pause_s):
            return
        while True:
            try:
                self.look()
            except Exception as error:
                log.exception("Backstage failed; it goes on.")
                self._fail(error)
            if self._stop.wait(PULSE_S):
                return

    def look(self) -> None:
        """One look at everything; its thread does it again and again."""
        try:
            self._refuse_what_is_known_bad()
            self._work()
            self._check()
            self._note_start()
            self._read_all()
        except (KioskError, OSError) as error:
            self._fail(error)
        else:
            self._set("")

    def _work(self) -> None:
        """See that the queue is worked: by this process, unless another one holds it."""
        if self._workers is None:
            from kiosk.holder import Workers

            ledger = self._house.ledger  # first: where it is gone, nothing is made in its place
            try:
                self.take_queue()
                queue = self._house.queue()
                self._workers = Workers(queue, self._house.config.file.sync.workers)
                self._listen(queue)
                self._rounds = self._begin_rounds(queue)
            except QueueHeld as error:
                if self._told != str(error):
                    log.info("%s", error)
                self._told = str(error)
            log.debug("The queue of %s is looked after.", ledger.path)
        elif self._workers.broken:
            raise self._workers.broken

    def _begin_rounds(self, queue: Queue) -> list[Rounds]:
        """What is worked beside the queue: messages, and what the clerks ask for."""
        from kiosk.errands import Errands
        from kiosk.holder import Rounds
        from kiosk.post import outbox

        return [
            Rounds("messages", lambda: outbox(self._house)),
            Rounds("errands", lambda: Errands(queue), ERRANDS_EVERY_S),
        ]

    def _listen(self, queue: Queue) -> None:
        """For payment codes. Where that cannot be, their way to pay says "not now", and the others go on."""
        from kiosk.code_slot import slot_of

        try:
            self._slot = slot_of(queue, self._house.config.state_dir)
        except OSError as error:
            log.error("No payment code can be taken: %s", error)

    def _check(self) -> None:
        from kiosk.ledger import pulse, seats

        ledger, now = self._house.ledger, self._house.clock.now()
        if self._seat and not self._seated:
            seats.take_seat(ledger, self._seat, os.getpid(), at=now)
            self._seated = True
        if self._seat:
            seats.sign_of_life(ledger, self._seat, at=now)
        pulse.refuse_unless_well(ledger)
        if self._workers is not None:
            from kiosk.printing import see_to_cut_jobs

            see_to_cut_jobs(ledger, self._house.config, self._house.clock)

    def _note_start(self) -> None:
        """Once, and never before the first picture."""
        if not self._noted:
            from kiosk.starts import note_start

            note_start(self._house, self._name)
            self._noted = True

    def _read_all(self) -> None:
        """Now and then, and soon after the start: the whole file."""
        if time.monotonic() > self._whole_at:
            from kiosk.ledger import pulse

            self._whole_at = time.monotonic() + WHOLE_EVERY_S
            pulse.refuse_unless_whole(self._house.ledger.path)

    def _refuse_what_is_known_bad(self) -> None:
        """A damaged file is opened again only when it has changed, and is whole."""
        if self._bad is None:
            return
        from kiosk.ledger import pulse

        path = self._house.config.state_dir / "ledger.db"
        if self._bad != _looks(path) and path.exists():
            self._bad = _looks(path)
            pulse.refuse_unless_whole(path)
            self._bad = None
        else:
            raise LedgerBroken(self.trouble)

    def _fail(self, error: Exception) -> None:
        """Say it, and let go of what can only be put right while nobody has it open."""
        if isinstance(error, LedgerBroken | LedgerGone) and "ledger" in self._house.__dict__:
            self._leave_queue()
            self._house.let_go()
            self._seated = False
        if isinstance(error, LedgerBroken):
            self._bad = _looks(self._house.config.state_dir / "ledger.db")
        self._set(str(error) or type(error).__name__)

    def _set(self, trouble: str) -> None:
        if trouble == self.trouble:
            return
        self.trouble = trouble
        if trouble:
            log.error("Out of service: %s", trouble)
        else:
            log.info("In service again.")
        self._changed(trouble)

    def _leave_queue(self) -> None:
        for rounds in self._rounds:
            rounds.stop()
        if self._slot:
            self._slot.stop()
        if self._workers:
            self._workers.stop()
        if self._lock:
            self._lock.release()
        self._slot = self._workers = self._lock = None
        self._rounds = []


def _looks(path: object) -> object:
    """What tells one state of a file from another."""
    try:
        found = os.stat(str(path))  # noqa: PTH116
    except OSError:
        return ()
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns
