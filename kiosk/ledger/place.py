"""Where the ledger lies: that it is still the very file that was opened, and that there is room for what follows.

A file that is deleted under a running program takes every entry without a word, and keeps none of them.
"""

from __future__ import annotations

import os
from pathlib import Path

from kiosk.errors import LedgerError, LedgerGone

ROOM_BYTES = 16 * 2**20
"""Free space without which no order is opened: what is sold must be seen through, whatever else fills the disk."""


class Place:
    """The ledger's files as they were when it was opened."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._files: dict[str, tuple[int, int] | None] = {}

    def remember(self) -> None:
        """These files are the ledger's, from now on."""
        self._files = {name: _identity(name) for name in (f"{self._path}", f"{self._path}-wal")}

    def refuse_if_gone(self) -> None:
        """Raises LedgerGone where a file was deleted, moved or replaced since."""
        for name, identity in self._files.items():
            if _identity(name) != identity:
                raise LedgerGone(
                    f"{name} was deleted, moved or replaced while the kiosk had it open. Put it back, or restore a"
                    " backup: kiosk restore FILE."
                )


def _identity(name: str) -> tuple[int, int] | None:
    try:
        found = os.stat(name)  # noqa: PTH116 - twice in every transaction, where a Path costs more than the look
    except OSError:
        return None
    return found.st_dev, found.st_ino


def refuse_unless_room(path: Path) -> None:
    """Raises LedgerError where the disk is too full to see an order through."""
    try:
        disk = os.statvfs(path)
    except OSError as error:
        raise LedgerGone(f"{path} is gone: {error.strerror}. Put it back, or restore a backup.") from None
    free = disk.f_bavail * disk.f_frsize
    if free < ROOM_BYTES:
        raise LedgerError(
            f"The disk of {path} is nearly full: {free // 2**20} MB are left, and an order needs"
            f" {ROOM_BYTES // 2**20} to be seen through. Free some space."
        )
