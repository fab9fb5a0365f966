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


class JobStatus(StrEnum):
    """`sent` means that bytes left and nobody confirmed paper; `unknown`, that a job was cut in the middle."""

    QUEUED = "queued"
    PRINTING = "printing"
    PRINTED = "printed"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"


def claim_job(ledger: Ledger, order: Reference, kind: str, *, by: str, at: datetime) -> int | None:
    """Take the job before the first byte is sent; None where somebody else has it, or it was printed already.

    A receipt prints at most once by itself: one conditional UPDATE decides who.
    """
    with ledger.database.transaction():
        ledger.database.execute(
            "INSERT OR IGNORE INTO print_jobs (order_id, kind, status, created_at, changed_at)"
            " VALUES (?, ?, 'queued', ?, ?)",
            (order, kind, stamp(at), stamp(at)),
        )
        rows = ledger.database.rows(
            "SELECT id FROM print_jobs WHERE order_id = ? AND kind = ? AND copy = 0", (order, kind)
        )
        id = int(rows[0]["id"])
        claimed = ledger.database.execute(
            "UPDATE print_jobs SET status = 'printing', by = ?, changed_at = ? WHERE id = ? AND status = 'queued'",
            (by, stamp(at), id),
        )
    return id if claimed else None


def claim_again(ledger: Ledger, order: Reference, kind: str, *, by: str, at: datetime) -> tuple[int, bool]:
    """A job for a paper that somebody asks for, taken at once; and whether it may be the second one of its kind."""
    if (first := claim_job(ledger, order, kind, by=by, at=at)) is not None:
        return first, False
    with ledger.database.transaction():
        rows = ledger.database.rows(
            "SELECT copy, status FROM print_jobs WHERE order_id = ? AND kind = ?", (order, kind)
        )
        new = ledger.database.rows(
            "INSERT INTO print_jobs (order_id, kind, copy, status, by, created_at, changed_at)"
            " VALUES (?, ?, ?, 'printing', ?, ?, ?) RETURNING id",
            (order, kind, max(row["copy"] for row in rows) + 1, by, stamp(at), stamp(at)),
        )
    return int(new[0]["id"]), any(row["status"] != JobStatus.FAILED for row in rows)


def finish_job(ledger: Ledger, id: int, status: JobStatus, reason: str, *, at: datetime) -> None:
    """Write down what became of the paper."""
    ledger.database.execute(
        "UPDATE print_jobs SET status = ?, reason = ?, changed_at = ? WHERE id = ?", (status, reason, stamp(at), id)
    )


@dataclass(frozen=True, slots=True)
class Job:
    """One paper. `copy` counts those that came after the first of its kind; `by` is the printer."""

    order: Reference
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


def jobs_of(ledger: Ledger, order: Reference) -> list[Job]:
    """Every paper of an order, the oldest first."""
    return _read(ledger, "WHERE order_id = ? ORDER BY id", order)


def missing_papers(ledger: Ledger, since: datetime) -> list[Job]:
    """What did not print, or nobody knows, since then; without those that came out at another try."""
    return _read(
        ledger,
        "AS job WHERE status IN ('failed', 'unknown') AND changed_at >= ? AND NOT EXISTS"
        " (SELECT 1 FROM print_jobs WHERE order_id = job.order_id AND kind = job.kind AND id > job.id)"
        " ORDER BY changed_at",
        stamp(since),
    )


def _read(ledger: Ledger, where: str, *values: str) -> list[Job]:
    return [
        Job(
            order=row["order_id"],
            kind=row["kind"],
            copy=row["copy"],
            status=JobStatus(row["status"]),
            reason=row["reason"],
            by=row["by"],
            changed_at=instant(row["changed_at"]),
        )
        for row in ledger.database.rows(f"SELECT * FROM print_jobs {where}", values)
    ]
