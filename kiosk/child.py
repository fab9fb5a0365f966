"""The screens as a child process. It is started before anything else is loaded, and paints when it is told `go`.

Imports next to nothing: what stands here is between the start of the program and the first paint.
"""

from __future__ import annotations

import os
import signal
import sys
import termios
from contextlib import suppress
from typing import NoReturn

LAST_WORDS_MAX = 20_000


class Screens:
    """One child. Its standard error is ours to read: a traceback is for the log, never for a customer."""

    def __init__(self, *, fork: bool = False) -> None:
        """`fork` spares the start of a second interpreter; only while this process has no threads."""
        self._over = False
        reading, self._go = os.pipe()
        self._words, errors = os.pipe()
        self._pid = os.fork() if fork else self._spawn(reading, errors)
        if self._pid == 0:
            os.close(self._go)
            os.close(self._words)
            _become_the_screens(reading, errors)
        os.close(reading)
        os.close(errors)

    def _spawn(self, reading: int, errors: int) -> int:
        os.set_inheritable(reading, True)
        command = [sys.executable, "-P", "-c", "from screens.__main__ import main; main()", str(reading)]
        return os.posix_spawn(sys.executable, command, os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, errors, 2)])

    def prepare(self, config: str) -> None:
        """Read this configuration file (empty: training), while the parent reads it, too, and opens the ledger."""
        with suppress(BrokenPipeError):
            os.write(self._go, f"{config}\n".encode())

    def go(self, seat: str) -> None:
        """Paint, at this seat."""
        with suppress(BrokenPipeError):
            os.write(self._go, f"{seat}\n".encode())
        os.close(self._go)
        self._go = -1

    def kill(self) -> None:
        """End it at once, whatever it does; `wait` hears of it."""
        if not self._over:
            with suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGKILL)

    def wait(self) -> tuple[int, str]:
        """Until it ends: its exit code (negative: the signal that killed it) and its last words."""
        words = b""
        while data := os.read(self._words, 4096):
            words = (words + data)[-LAST_WORDS_MAX:]
        self._over = True
        _, status = os.waitpid(self._pid, 0)
        for descriptor in (self._words, self._go):
            if descriptor >= 0:
                os.close(descriptor)
        return os.waitstatus_to_exitcode(status), words.decode(errors="replace").strip()

    def stop(self) -> None:
        """End it before it was told to go, or whatever it does."""
        self.kill()
        self.wait()


def echo_off() -> None:
    """Keys that are pressed while nothing is painted are nobody's: they are neither shown nor a signal."""
    with suppress(termios.error, OSError):
        attributes = termios.tcgetattr(0)
        attributes[3] &= ~(termios.ECHO | termios.ISIG | termios.ICANON)
        termios.tcsetattr(0, termios.TCSANOW, attributes)


def _become_the_screens(reading: int, errors: int) -> NoReturn:
    """What the child of a fork does: nothing of its parent's but what the interpreter has loaded."""
    code = 1
    try:
        os.dup2(errors, 2)
        sys.argv = ["screens", str(reading)]
        from screens.__main__ import main

        main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:  # noqa: BLE001 - its last words, and then the end
        sys.excepthook(*sys.exc_info())
    finally:
        with suppress(OSError):
            sys.stderr.flush()
        os._exit(code)


_loading: list[Screens] = []


def preload() -> None:
    """Start loading the screens, before the command line is even read."""
    _loading.append(Screens(fork=True))


def loaded() -> Screens:
    """The screens that load already, or new ones."""
    return _loading.pop() if _loading else Screens()
