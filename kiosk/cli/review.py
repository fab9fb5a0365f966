"""`kiosk review`: what waits for a clerk."""

from __future__ import annotations

from datetime import datetime

import click

from kiosk.assembly import House
from kiosk.cli.common import JSON, next_act, table, told, with_house
from kiosk.cli.out import put, say_json
from kiosk.identifiers import grouped_reference
from kiosk.ledger.desk import open_findings
from kiosk.ledger.jobs import Job
from kiosk.order import State
from kiosk.printing import papers_to_see_to
from kiosk.supervision import has_supervisor


@click.command("review")
@JSON
@with_house
def command(house: House, as_json: bool) -> None:
    """List orders in review and open findings, the nearest deadline first."""
    orders = house.ledger.orders([State.REVIEW])
    findings = open_findings(house.ledger)
    papers = papers_to_see_to(house.ledger, house.config, house.clock)
    if as_json:
        found = [
            {"finding": f.name, "kind": f.kind, "reason": f.reason, "order": f.order}
            | {"opened_at": f.opened_at.isoformat(), "deadline_at": f.deadline_at.isoformat()}
            for f in findings
        ]
        missing = [_told(paper) for paper in papers]
        say_json({"orders": [told(order) for order in orders], "findings": found, "papers": missing})
        return
    entries = [
        (order.deadline_at or order.since_at, grouped_reference(order.reference), str(order.total), order.reason)
        for order in orders
    ] + [(finding.deadline_at, finding.name, finding.kind, finding.reason) for finding in findings]
    if not entries:
        put("Nothing waits for a clerk.")
        tell_papers(house, papers)
        return
    now = house.clock.now()
    rows = [
        (f"{at.astimezone(house.config.zone):%m-%d %H:%M}{' LATE' if at < now else ''}", name, what, reason)
        for at, name, what, reason in sorted(entries)
    ]
    table(rows, ("DEADLINE", "WHAT", "", "WHY"))
    put()
    if orders:
        put(next_act(orders[0]).replace(grouped_reference(orders[0].reference), "REFERENCE"))
    if findings:
        put(f"When a finding is dealt with: kiosk decide {findings[0].name} done --clerk NAME --reason …")
    if min(entries)[0] < now and has_supervisor(house.ledger):
        put("What is LATE takes a supervisor or owner as well: --supervisor NAME")
    tell_papers(house, papers)


def tell_papers(house: House, papers: list[Job]) -> None:
    """Receipts of the last day that did not come out, or nobody knows. Nothing waits for them: a customer may ask."""
    if not papers:
        return

    def at(when: datetime) -> str:
        return f"{when.astimezone(house.config.zone):%m-%d %H:%M}"

    put()
    put("Receipts that did not come out, or nobody knows:")
    rows = [(at(paper.changed_at), _about(paper), paper.kind, paper.status.value, paper.reason) for paper in papers]
    table(rows, ("AT", "ORDER", "PAPER", "", "WHY"))
    put()
    last = papers[-1]
    command = f"kiosk receipt {_about(last)}" if last.order else f"kiosk shift show {last.z} --print"
    put(f"Look at the paper; print it for who asks: {command}")


def _told(paper: Job) -> dict[str, object]:
    about: dict[str, object] = {"order": paper.order, "z": paper.z, "kind": paper.kind, "status": paper.status.value}
    return about | {"reason": paper.reason, "changed_at": paper.changed_at.isoformat()}


def _about(paper: Job) -> str:
    return grouped_reference(paper.order) if paper.order else f"Z {paper.z}"
