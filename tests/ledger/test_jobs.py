"""The jobs of the printer: paper that comes out once, and what is known of each."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from kiosk.facts import Event
from kiosk.identifiers import Reference
from kiosk.ledger import Ledger, jobs
from kiosk.ledger.jobs import JobStatus
from kiosk.order import State
from tests.orders import LATER, NOW, PATHS, a_fact, an_order


def test_of_many_threads_one_prints_a_receipt(ledger: Ledger) -> None:
    """A receipt comes out at most once by itself."""
    order = ledger.open_order(an_order(), "customer", due_at=NOW)
    start = threading.Barrier(6)

    def claim(number: int) -> int | None:
        start.wait()
        return jobs.claim_job(ledger, order.reference, "sale", by=f"printer{number}", at=NOW)

    with ThreadPoolExecutor(6) as pool:
        claims = list(pool.map(claim, range(6)))

    assert sorted(claim is None for claim in claims) == [False, *[True] * 5]


@pytest.mark.parametrize("status", [status for status in jobs.JobStatus if status is not jobs.JobStatus.QUEUED])
def test_a_job_that_ended_somehow_is_not_claimed_again(ledger: Ledger, status: jobs.JobStatus) -> None:
    """Whether paper came out or nobody knows: it is not printed a second time by itself."""
    order = ledger.open_order(an_order(), "customer", due_at=NOW)
    job = jobs.claim_job(ledger, order.reference, "sale", by="printer", at=NOW)
    assert job is not None
    jobs.finish_job(ledger, job, status, "", at=NOW)

    assert jobs.claim_job(ledger, order.reference, "sale", by="printer", at=NOW) is None


@pytest.mark.parametrize(("state", "kind"), [(State.COMPLETED, "sale"), (State.REFUNDED, "refund")])
def test_a_settled_order_has_its_receipt_queued(ledger: Ledger, state: State, kind: str) -> None:
    """In the same transaction: a power cut cannot lose the paper."""
    order = ledger.open_order(an_order(), "customer", due_at=NOW)
    for event in PATHS[state]:
        order = ledger.record(order, a_fact(event), at=NOW)
    order = ledger.record(order, a_fact(Event.NOTED), at=NOW)

    assert [(row["kind"], row["status"]) for row in ledger.database.rows("SELECT * FROM print_jobs")] == [
        (kind, "queued")
    ]


def claimed(ledger: Ledger) -> tuple[int, Reference]:
    order = ledger.open_order(an_order(), "customer", due_at=NOW)
    job = jobs.claim_job(ledger, order.reference, "sale", by="printer", at=NOW)
    assert job is not None
    return job, order.reference


def test_a_job_that_was_cut_is_unknown_and_stays_so(ledger: Ledger) -> None:
    """The power went while it printed: nobody knows, nobody prints it again by itself, and the clerk sees it."""
    _, order = claimed(ledger)
    jobs.mark_cut_jobs(ledger, NOW, at=LATER)  # it has only just begun
    fresh = jobs.jobs_of(ledger, order)[0].status
    jobs.mark_cut_jobs(ledger, NOW + timedelta(seconds=1), at=LATER)

    (job,) = jobs.jobs_of(ledger, order)
    assert fresh is JobStatus.PRINTING
    assert (job.status, job.reason, job.changed_at) == (JobStatus.UNKNOWN, jobs.CUT, LATER)
    assert jobs.claim_job(ledger, order, "sale", by="printer", at=LATER) is None
    assert jobs.missing_papers(ledger, NOW) == [job]


def test_a_paper_that_came_out_at_another_try_is_not_missing(ledger: Ledger) -> None:
    """Failed, asked for again, printed: the list of what is missing is empty. So it is of what is long ago."""
    job, order = claimed(ledger)
    jobs.finish_job(ledger, job, JobStatus.FAILED, "no paper", at=NOW)
    missing = jobs.missing_papers(ledger, NOW)
    long_ago = jobs.missing_papers(ledger, LATER)
    again, second = jobs.claim_again(ledger, order, "sale", by="printer", at=LATER)
    jobs.finish_job(ledger, again, JobStatus.PRINTED, "", at=LATER)

    assert [(paper.status, paper.reason) for paper in missing] == [(JobStatus.FAILED, "no paper")]
    assert second is False
    assert (long_ago, jobs.missing_papers(ledger, NOW)) == ([], [])
