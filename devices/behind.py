"""What may block for ever runs in a thread that is left behind when its time is over.

A name server that does not answer, a device that is opened or closed and does not come back: no screen waits for them,
and no more than a few threads are ever left. Work must not begin anything once its own deadline is over.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")
LEFT_MAX = 2


class Stuck(Exception):
    """The work did not come back in time, or was not begun because too much is stuck already (`begun` False)."""

    def __init__(self, *, begun: bool) -> None:
        super().__init__()
        self.begun = begun


class Aside(Generic[T]):
    """Does one piece of work after another, each in a thread of its own."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._left: list[threading.Thread] = []

    def run(self, work: Callable[[], T], within_s: float) -> T:
        """What the work gives, or its error. Raises Stuck."""
        self._left = [thread for thread in self._left if thread.is_alive()]
        if len(self._left) >= LEFT_MAX:
            raise Stuck(begun=False)
        given: list[T] = []
        failed: list[BaseException] = []

        def do() -> None:
            try:
                given.append(work())
            except BaseException as error:  # noqa: BLE001 - raised by who waits
                failed.append(error)

        thread = threading.Thread(target=do, name=self._name, daemon=True)
        thread.start()
        thread.join(within_s)
        if thread.is_alive():
            self._left.append(thread)
            raise Stuck(begun=True)
        if failed:
            raise failed[0]
        return given[0]
