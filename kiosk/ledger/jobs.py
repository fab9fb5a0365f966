"""The jobs of the printer, a row each: what was to come out on paper, and whether it did.

A receipt prints at most once by itself, and the row says so before the first byte is sent: what a power cut leaves
behind is *unknown*, never *to be printed*.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kiosk.identifiers import Reference
from kiosk.ledger.rows import instant, stamp
from kiosk.ledger.store import Ledger

CUT = "the kiosk was cut off while it printed"
Subject = Reference | int
"""What a paper is about: an order, or a closing by its number."""


class JobStatus(StrEnum):
    """`sent` means that bytes left and nobody confirmed paper; `unknown`, that a job was cut in the middle."""

    QUEUED = "queued"
    PRINTING = "printing"
    PRINTED = "printed"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"


def _whose(subject: Subject) -> str:
    """The column that names it."""
    return "z" if isinstance(subject, int) else "order_id"


def claim_job(ledger: Ledger, about: Subject, kind: str, *, by: str, at: datetime) -> int | None:
    """Take the job before the first byte is sent; None where somebody else has it, or it was printed already.

    A receipt prints at most once by itself: one conditional UPDATE decides who.
    """
    whose = _whose(about)
    with ledger.database.transaction():
        ledger.database.execute(
            f"INSERT OR IGNORE INTO print_jobs ({whose}, kind, status, created_at, changed_at)"
            " VALUES (?, ?, 'queued', ?, ?)",
            (about, kind, stamp(at), stamp(at)),
        )
        rows = ledger.database.rows(
            f"SELECT id FROM print_jobs WHERE {whose} = ? AND kind = ? AND copy = 0", (about, kind)
        )
        id = int(rows[0]["id"])
        claimed = ledger.database.execute(
            "UPDATE print_jobs SET status = 'printing', by = ?, changed_at = ? WHERE id = ? AND status = 'queued'",
            (by, stamp(at), id),
        )
    return id if claimed else None


def claim_again(ledger: Ledger, about: Subject, kind: str, *, by: str, at: datetime) -> tuple[int, bool]:
    """A job for a paper that somebody asks for, taken at once; and whether it may be the second one of its kind."""
    if (first := claim_job(ledger, about, kind, by=by, at=at)) is not None:
        return first, False
    whose = _whose(about)
    with ledger.database.transaction():
        rows = ledger.database.rows(
            f"SELECT copy, status FROM print_jobs WHERE {whose} = ? AND kind = ?", (about, kind)
        )
        new = ledger.database.rows(
            f"INSERT INTO print_jobs ({whose}, kind, copy, status, by, created_at, changed_at)"
            " VALUES (?, ?, ?, 'printing', ?, ?, ?) RETURNING id",
            (about, kind, max(row["copy"] for row in rows) + 1, by, stamp(at), stamp(at)),
        )
    return int(new[0]["id"]), any(row["status"] != JobStatus.FAILED for row in rows)


def finish_job(ledger: Ledger, id: int, status: JobStatus, reason: str, *, at: datetime) -> None:
    """Write down what became of the paper."""
    ledger.database.execute(
        "UPDATE print_jobs SET status = ?, reason = ?, changed_at = ? WHERE id = ?", (status, reason, stamp(at), id)
    )


@dataclass(frozen=True, slots=True)
class Job:
    """One paper. `copy` counts those that came after the first of its kind; `by` is the printer.

    It is of an order, or of the closing `z`.
    """

    order: Reference | None
    z: int | None
    kind: str
    copy: int
    status: JobStatus
    reason: str
    by: str
    changed_at: datetime


def mark_cut_jobs(ledger: Ledger, before: datetime, *, at: datetime) -> None:
    """What prints since `before` has nobody left who would say how it ended."""
    open_jobs = "FROM print_jobs WHERE status = 'printing' AND changed_at < ?"
    if ledger.database.rows(f"SELECT 1 {open_jobs} LIMIT 1", (stamp(before),)):  # without one, no lock is taken
        ledger.database.execute(
            "UPDATE print_jobs SET status = 'unknown', reason = ?, changed_at = ?"
            " WHERE status = 'printing' AND changed_at < ?",
            (CUT, stamp(at), stamp(before)),
        )


def jobs_of(ledger: Ledger, about: Subject) -> list[Job]:
    """Every paper of an order or a closing, the oldest first."""
    return _read(ledger, f"WHERE {_whose(about)} = ? ORDER BY id", about)


def missing_papers(ledger: Ledger, since: datetime) -> list[Job]:
    """What did not print, or nobody knows, since then; without those that came out at another try."""
    return _read(
        ledger,
        "AS job WHERE status IN ('failed', 'unknown') AND changed_at >= ? AND NOT EXISTS"
        " (SELECT 1 FROM print_jobs WHERE order_id = job.order_id AND kind = job.kind AND id > job.id)"
        " AND NOT EXISTS (SELECT 1 FROM print_jobs WHERE z = job.z AND kind = job.kind AND id > job.id)"
        " ORDER BY changed_at",
        stamp(since),
    )


def _read(ledger: Ledger, where: str, *values: str | int) -> list[Job]:
    return [
        Job(
            order=row["order_id"],
            z=row["z"],
            kind=row["kind"],
            copy=row["copy"],
            status=JobStatus(row["status"]),
            reason=row["reason"],
            by=row["by"],
            changed_at=instant(row["changed_at"]),
        )
        for row in ledger.database.rows(f"SELECT * FROM print_jobs {where}", values)
    ]
