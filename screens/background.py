"""Work that may take its time, in a thread that belongs to no screen: a screen only looks whether it is done."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

T = TypeVar("T")


def begin(work: Callable[[], T], name: str) -> Future[T]:
    """Start `work` and return at once. Its error is kept in the Future."""
    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:  # noqa: BLE001 - it is raised where the result is asked for
            future.set_exception(error)

    threading.Thread(target=run, name=name, daemon=True).start()
    return future


class Once(Generic[T]):
    """Work that is done once, whoever asks for it first; again only where it failed."""

    def __init__(self, work: Callable[[], T], name: str) -> None:
        self._work, self._name = work, name
        self._future: Future[T] | None = None

    def begin(self) -> None:
        if self._future is None or (self._future.done() and self._future.exception()):
            self._future = begin(self._work, self._name)

    @property
    def result(self) -> T | None:
        """What it gave; None as long as there is nothing."""
        future = self._future
        return future.result() if future is not None and future.done() and not future.exception() else None
