"""The mains of a simulated kiosk: it may fail in the middle of any write to the ledger.

What survives is what a real disk would show: the database and its write-ahead log, cut anywhere after the last commit
that was acknowledged. A disk that lies about an earlier one is out of scope.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

from kiosk.ledger import Due, Ledger
from kiosk.order import Order


class PowerCut(BaseException):
    """The kiosk stopped here. Nothing of it survives but its ledger file. No `except Exception` may catch it."""


class Mains:
    """The power of one kiosk, and the disk under its ledger."""

    def __init__(self, folder: Path, dice: Random) -> None:
        self.dice = dice
        self.fails = 0.0
        """How likely each write is the last one."""
        self._folder = folder
        self._unsynced = (0, 0)
        """From where to where the log was last written without waiting for the disk."""
        self._starts = 0
        self.path = folder / "ledger-0.db"

    @property
    def log(self) -> Path:
        return self.path.with_name(self.path.name + "-wal")

    def size(self) -> int:
        """How long the write-ahead log is."""
        try:
            return os.stat(f"{self.path}-wal").st_size  # noqa: PTH116 - twice in every write: a Path costs more than that
        except FileNotFoundError:
            return 0

    @contextmanager
    def may_fail(self, *, synced: bool = True) -> Iterator[None]:
        """A write: with bad luck the power goes before it, in its middle, or right after it.

        What was only jotted down before it, without waiting for the disk, may be lost with it.
        """
        before = self.size()
        acknowledged = self._unsynced[0] if self._unsynced[1] == before else before
        yield
        if self.dice.random() < self.fails:
            self.cut(acknowledged)
        if not synced:
            self._unsynced = acknowledged, self.size()

    def cut(self, acknowledged: int) -> None:
        """Raises PowerCut. Of what was written after `acknowledged`, any beginning may be on the disk."""
        after = self.size()
        kept = self.dice.choice([acknowledged, self.dice.randint(acknowledged, after), after])
        self._starts, self._unsynced = self._starts + 1, (0, 0)
        survivor = self._folder / f"ledger-{self._starts}.db"
        shutil.copyfile(self.path, survivor)
        if kept:
            shutil.copyfile(self.log, survivor.with_name(survivor.name + "-wal"))
            with survivor.with_name(survivor.name + "-wal").open("r+b") as log:
                log.truncate(kept)
        self.path = survivor
        raise PowerCut

    def clean_up(self, old: Path) -> None:
        """Forget a ledger file that the power cut has left behind."""
        for ending in ("", "-wal", "-shm"):
            old.with_name(old.name + ending).unlink(missing_ok=True)


class MortalLedger(Ledger):
    """The real ledger, on mains that may fail at every write."""

    def __init__(self, mains: Mains, at: datetime) -> None:
        super().__init__(mains.path, mode="training", kiosk="T07", at=at)
        self._mains = mains
        for pragma in ("synchronous = OFF", "wal_autocheckpoint = 0"):  # the power is cut by us, and the log with it
            self.database.execute(f"PRAGMA {pragma}")

    def open_order(self, order: Order, by: str, *, due_at: datetime, told: str = "") -> Order:
        with self._mains.may_fail():
            return super().open_order(order, by, due_at=due_at, told=told)

    def record(self, order: Order, *facts: Any, **how: Any) -> Order:
        with self._mains.may_fail():
            return super().record(order, *facts, **how)

    def schedule(self, due: Due, due_at: datetime, tries: int) -> None:
        with self._mains.may_fail(synced=False):
            super().schedule(due, due_at, tries)
