"""`kiosk run`: holds the seat and the queue, and keeps the screens alive as a child process.

A screen that dies (an exception in a Textual handler ends the app with a traceback and exit code 0) shows *Out of
service* for seconds, and is started again. No path ends in a shell or a traceback. The queue never notices.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import termios
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from kiosk import SCREENS_LEFT
from kiosk.child import Screens, loaded
from kiosk.errors import KioskError, QueueHeld

if TYPE_CHECKING:
    from kiosk.assembly import House
    from kiosk.holder import QueueLock, Workers

log = logging.getLogger(__name__)

AGAIN_S = (1.0, 2.0, 5.0, 10.0)
HEARTBEAT_S = 5.0
FIRST_PAINT_S = 1.0
"""What backstage needs takes half a second of a processor to load: until then the customer has the whole machine."""
RESET = "\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?1015l\x1b[?2004l\x1b[?1049l\x1b[<u\x1b[?25h\x1b[0m"
"""Mouse and paste reporting off, the ordinary screen, the ordinary keyboard, the cursor: what a killed child leaves."""


def supervise(house: Callable[[], House], config: str, seat: str) -> None:
    """Run until a clerk closes the screens. `config` is the file's path, empty for training.

    Raises KioskError where the kiosk cannot open at all.
    """
    terminal = _terminal()
    screens = loaded()
    screens.prepare(config)
    from kiosk.ledger import seats

    kiosk = None
    try:
        kiosk = house()
        seats.take_seat(kiosk.ledger, seat, os.getpid(), at=kiosk.clock.now())
    except KioskError:
        screens.stop()
        if kiosk:
            kiosk.close()
        raise
    for name in (signal.SIGINT, signal.SIGQUIT, signal.SIGTSTP):
        signal.signal(name, signal.SIG_IGN)  # keys that would leave the kiosk; the terminal sends them to both of us
    for name in (signal.SIGHUP, signal.SIGTERM):
        signal.signal(name, _end)  # the terminal is gone, or the machine shuts down: no key can send these
    stop = threading.Event()
    backstage = threading.Thread(target=_backstage, args=(kiosk, seat, stop), name="backstage", daemon=True)
    backstage.start()
    try:
        _keep_alive(screens, config, seat, terminal, kiosk)
    finally:
        _restore(terminal)
        stop.set()
        backstage.join(10)
        seats.leave_seat(kiosk.ledger, seat, os.getpid())
        kiosk.close()


def _keep_alive(screens: Screens, config: str, seat: str, terminal: list[Any] | None, house: House) -> None:
    """Start the screens again whenever they die, with a growing pause where they die at once."""
    deaths = 0
    while True:
        started = time.monotonic()
        screens.go(seat)
        try:
            code, last_words = screens.wait()
        except SystemExit:
            screens.stop()
            raise
        if code == SCREENS_LEFT:
            return
        _restore(terminal)
        _echo_off()
        deaths = deaths + 1 if time.monotonic() - started < 30 else 1
        last_words = last_words or (f"killed by signal {-code}" if code < 0 else f"exit code {code}")
        log.error("The screens ended with code %s. %s", code, last_words)
        pause_s = AGAIN_S[min(deaths, len(AGAIN_S)) - 1]
        _out_of_service(last_words, pause_s, house)
        time.sleep(pause_s)
        screens = Screens()
        screens.prepare(config)


def _backstage(house: House, seat: str, stop: threading.Event) -> None:
    """The queue and the seat's signs of life, behind the screens. The queue is taken over when its holder ends."""
    if stop.wait(FIRST_PAINT_S):
        return
    from kiosk.holder import Workers
    from kiosk.ledger import seats

    lock: QueueLock | None = None
    workers: Workers | None = None
    told = ""
    while True:
        try:
            if workers is None:
                lock = lock or house.lock(f"kiosk run, seat {seat}")
                workers = Workers(house.queue(), house.config.file.sync.workers)
            seats.sign_of_life(house.ledger, seat, at=house.clock.now())
        except QueueHeld as error:
            if told != str(error):
                log.info("%s", error)
            told = str(error)
        except KioskError:
            log.exception("Backstage cannot work; trying again.")
        if stop.wait(HEARTBEAT_S):
            break
    if workers:
        workers.stop()
    if lock:
        lock.release()


def _end(number: int, _: object) -> NoReturn:
    raise SystemExit(128 + number)


def _terminal() -> list[Any] | None:
    """How the terminal was before the screens took it; None where there is none."""
    with suppress(termios.error, OSError):
        return termios.tcgetattr(sys.stdin.fileno())
    return None


def _restore(attributes: list[Any] | None) -> None:
    """The terminal as it was found. What was typed ahead is nobody's."""
    if attributes is not None:
        with suppress(termios.error, OSError):
            termios.tcsetattr(sys.stdin.fileno(), termios.TCSANOW, attributes)
            termios.tcflush(sys.stdin.fileno(), termios.TCIFLUSH)
    with suppress(OSError):  # a terminal that is gone
        sys.stdout.write(RESET + "\x1b[2J\x1b[H")
        sys.stdout.flush()


def _echo_off() -> None:
    """Keys pressed while the screens start again are nobody's: they are neither shown nor a signal."""
    with suppress(termios.error, OSError):
        attributes = termios.tcgetattr(sys.stdin.fileno())
        attributes[3] &= ~(termios.ECHO | termios.ISIG | termios.ICANON)
        termios.tcsetattr(sys.stdin.fileno(), termios.TCSANOW, attributes)


def _out_of_service(last_words: str, pause_s: float, house: House) -> None:
    """What the customer sees, and under it one line for the clerk."""
    cause = next(line for line in reversed(last_words.splitlines()) if line.strip())
    kind = cause.split(":")[0].strip()[:60]
    log_file: Path = house.config.state_dir / "kiosk.log"
    sys.stdout.write(
        "\r\n\r\n   Out of service. Back in a moment.\r\n   暂停服务，请稍候。\r\n\r\n"
        "   What was paid is safe: it is delivered or given back by itself.\r\n"
        "   已付款项安全：将自动充值或退款。\r\n\r\n\r\n"
        f"   For the clerk: {kind}.\r\n"
        f"   The log is {log_file.name}. Starting again in {pause_s:.0f} s.\r\n"
    )
    sys.stdout.flush()
