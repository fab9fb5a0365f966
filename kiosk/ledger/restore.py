"""Puts a backup in the ledger's place. The replaced file is kept aside, and a power cut at any moment loses neither.

All is prepared in a copy beside the ledger; only then are names changed, while the lock says `restoring`. The event
`restored` goes on after the newest head that anybody knows, so that no number of an event is given twice.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kiosk.errors import LedgerBroken, LedgerError
from kiosk.identifiers import Reference
from kiosk.ledger.chain import Head
from kiosk.ledger.database import Translated
from kiosk.ledger.hold import MADE, RESTORING, Hold
from kiosk.ledger.reopening import REOPENED, RESTORED
from kiosk.ledger.rows import stamp
from kiosk.ledger.schema import STATE_IS_WAITING
from kiosk.ledger.store import Ledger
from kiosk.ledger.verify import problems
from kiosk.order import Order

ENDINGS = ("", "-wal", "-shm")


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back and what did not: events after `backup` up to `newest` are lost, and perhaps some after it.

    `newest_at` is when the backup's newest event was recorded; `replaced` is where the replaced ledger lies now.
    """

    backup: Head
    newest: Head
    newest_at: datetime
    replaced: Path | None

    @property
    def lost(self) -> int:
        return self.newest.seq - self.backup.seq


def restore(
    backup: Path,
    path: Path,
    paper: Head | None,
    *,
    mode: str,
    kiosk: str,
    at: datetime,
    treat: Callable[[Ledger, Restored], None],
) -> Restored:
    """Put `backup` in the place of the ledger at `path`. `paper` is the newest printed head; None: there is no paper.

    `treat` is what must be done to the orders before anybody sees them. Raises LedgerBusy while a kiosk has the ledger
    open, LedgerBroken where the backup is not whole, LedgerError where the paper contradicts it; then nothing changes.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if path.exists() and backup.exists() and path.samefile(backup):
        raise LedgerError(f"{backup} is the ledger itself, and no backup of it.")
    with _alone(path) as hold, _prepared(backup, path, mode, kiosk, at) as copy:
        head, newest_at = copy.head(), copy.newest_at()
        newest = max((h for h in (head, _checked(copy, paper), _replaced(path, head, paper)) if h), key=_seq)
        aside = _free_name(path, at) if any(_beside(path, ending).exists() for ending in ENDINGS) else None
        restored = Restored(head, newest, newest_at, aside)
        with copy.database.transaction():
            body = {"backup": str(head), "newest": str(newest), "newest_at": stamp(newest_at), "replaced": str(aside)}
            copy.append(at, RESTORED, "kiosk restore", body, seq=newest.seq + 1)
            copy.database.execute("DELETE FROM seats")
        treat(copy, restored)
        copy.database.execute("PRAGMA journal_mode=DELETE")  # one file alone, without a log beside it
        copy.close()
        hold.mark(RESTORING)
        _swap(copy.path, path, aside)
        hold.mark(MADE)
    return restored


@contextmanager
def _alone(path: Path) -> Iterator[Hold]:
    hold = Hold(path, alone=True)
    try:
        yield hold
    finally:
        hold.release()


def _seq(head: Head) -> int:
    return head.seq


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


@contextmanager
def _prepared(backup: Path, path: Path, mode: str, kiosk: str, at: datetime) -> Iterator[Ledger]:
    """A whole copy of the backup, beside the ledger. What is left of it afterwards is removed."""
    unfinished = _beside(path, ".restoring")
    leftovers = [_beside(unfinished, ending) for ending in (*ENDINGS, "-lock")]
    for leftover in leftovers:
        leftover.unlink(missing_ok=True)
    try:
        if not backup.is_file():
            raise LedgerError(f"There is no file {backup}.")
        unfinished.touch(0o600)
        source = f"{backup.resolve().as_uri()}?mode=ro"
        with Translated(backup), closing(sqlite3.connect(source, uri=True)) as original:
            with closing(sqlite3.connect(unfinished)) as copy:
                original.backup(copy)
            original.execute("SELECT seq FROM events LIMIT 1")  # an empty file is no ledger
        with closing(Ledger(unfinished, mode=mode, kiosk=kiosk, at=at)) as ledger:
            if found := next(problems(ledger), ""):
                raise LedgerBroken(f"{backup} is not whole: {found} Nothing was changed; take another backup.")
            yield ledger
    except OSError as error:
        raise LedgerError(f"{unfinished} cannot be written: {error.strerror}. Nothing was changed.") from None
    finally:
        for leftover in leftovers:
            leftover.unlink(missing_ok=True)


def _checked(copy: Ledger, paper: Head | None) -> Head | None:
    """The paper's head. Raises LedgerError where it contradicts the backup's own chain."""
    if paper and paper.seq <= copy.head().seq and (found := next(problems(copy, str(paper)), "")):
        raise LedgerError(
            f"The paper contradicts this backup: {found} It is a backup of another ledger, or the paper was typed"
            " wrong. Nothing was changed."
        )
    return paper


def _replaced(path: Path, backup: Head, paper: Head | None) -> Head | None:
    """How far the ledger that is replaced goes, where it can still be read and is the same one.

    Raises LedgerError where the paper contradicts it.
    """
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as old:
            hashes = dict(
                old.execute(
                    "SELECT seq, hash FROM events WHERE seq IN (?, ?, (SELECT max(seq) FROM events))",
                    (backup.seq, paper.seq if paper else 0),
                ).fetchall()
            )
    except sqlite3.Error:  # gone or damaged: that is why it is replaced
        return None
    if not hashes or hashes.get(backup.seq) != backup.hash:
        return None
    if paper and not hashes.get(paper.seq, paper.hash).startswith(paper.hash):
        raise LedgerError(f"Event {paper.seq} of the ledger is another one than on the paper. Nothing was changed.")
    newest = max(hashes)
    return Head(newest, hashes[newest])


def _free_name(path: Path, at: datetime) -> Path:
    """A name for the replaced ledger that nothing has yet."""
    for number in range(1, 1000):
        name = f"{path.stem}-replaced-{at:%Y%m%dT%H%M%SZ}{f'-{number}' if number > 1 else ''}{path.suffix}"
        aside = path.with_name(name)
        if not any(_beside(aside, ending).exists() for ending in ENDINGS):
            return aside
    raise LedgerError(f"{path.parent} holds too many replaced ledgers; move them to another disk.")


def _swap(new: Path, path: Path, aside: Path | None) -> None:
    """The replaced ledger with its log aside, the new one in its place, and both on the disk."""
    for ending in reversed(ENDINGS):
        if aside and _beside(path, ending).exists():
            _beside(path, ending).rename(_beside(aside, ending))
    new.rename(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


# --- what is asked of a restored ledger --------------------------------------------------------------------------


def touched(ledger: Ledger) -> list[Order]:
    """The orders that the lost part may have gone on with: what is open, and what was settled in the last days."""
    rows = ledger.database.rows(
        "SELECT reference FROM orders WHERE due_at IS NOT NULL OR watch_at IS NOT NULL ORDER BY opened_at"
    )
    return [ledger.order(Reference(row["reference"])) for row in rows]


def told_before(ledger: Ledger, name: str) -> bool:
    """Whether a finding about `name` was opened after a restore, decided or not."""
    sql = "SELECT 1 FROM findings WHERE kind = ? AND instr(reason, ?) LIMIT 1"
    return bool(ledger.database.rows(sql, (RESTORED, name)))


def reopen(ledger: Ledger, by: str, at: datetime) -> None:
    """A clerk says yes: selling goes on, and what was put off is due."""
    with ledger.database.transaction():
        ledger.append(at, REOPENED, by, {})
        ledger.database.execute(
            f"UPDATE orders SET due_at = :at WHERE {STATE_IS_WAITING} AND due_at > :at", {"at": stamp(at)}
        )
