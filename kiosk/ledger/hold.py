"""Who has the ledger open, and whether there was one: a small file beside it, locked as long as it is open.

The kernel lets go of the lock when a process ends, however it ends. The file says `made` once a ledger was made here:
if the ledger is gone then, no new one is made in its place. A restore holds it alone, and says `restoring` meanwhile.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from kiosk.errors import LedgerBusy, LedgerError, LedgerGone

MADE, RESTORING = "made", "restoring"


class Hold:
    """One process's hold on the ledger at `path`."""

    def __init__(self, path: Path, *, alone: bool = False) -> None:
        """Take hold. Raises LedgerBusy where somebody else holds it `alone`, or, to be alone, at all."""
        self._path = path
        try:
            self._file = os.open(f"{path}-lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise LedgerError(f"{path} cannot be used: {error.strerror}. Check the disk and the permissions.") from None
        try:
            fcntl.flock(self._file, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError:
            self.release()
            if alone:
                raise LedgerBusy(
                    f"{path} is open in a kiosk; end it first (a clerk: F10 twice), and `kiosk sync` too."
                ) from None
            raise LedgerBusy(f"{path} is being restored at this moment; wait until that is done.") from None

    def refuse_unless_whole(self) -> None:
        """Raises LedgerGone where a ledger was made here and is not there any more, or a restore was interrupted."""
        match self.says:
            case "restoring":
                raise LedgerGone(f"A restore of {self._path} was interrupted. Do it again: kiosk restore FILE.")
            case "made" if not self._path.exists():
                raise LedgerGone(
                    f"There was a ledger at {self._path}, and it is gone. Put it back, or restore a backup: "
                    f"kiosk restore FILE. Only for a new, empty one: delete {self._path.name}-lock as well."
                )

    @property
    def says(self) -> str:
        return os.pread(self._file, 20, 0).decode(errors="replace").strip()

    def mark(self, text: str) -> None:
        """Write it down, and on to the disk."""
        os.pwrite(self._file, text.ljust(20).encode(), 0)
        os.fsync(self._file)

    def made(self) -> None:
        """A ledger is here now. A disk that is full keeps no kiosk from opening: the next start says it again."""
        if self.says != MADE:
            try:
                self.mark(MADE)
            except OSError:
                return

    def release(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
