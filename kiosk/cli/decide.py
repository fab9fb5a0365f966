"""`kiosk decide`: the way out of a review, and of a finding."""

from __future__ import annotations

import re
from typing import Any

import click

from kiosk.assembly import House
from kiosk.cli.common import (
    PIN_FD,
    SECOND,
    SECOND_PIN_FD,
    SUPERVISOR,
    SUPERVISOR_PIN_FD,
    all_signed_in,
    next_act,
    with_house,
)
from kiosk.cli.out import put
from kiosk.decisions import RESUMED, VERBS, decide
from kiosk.errors import Illegal
from kiosk.hearsay import written
from kiosk.identifiers import parse_reference
from kiosk.order import Order, State
from kiosk.supervision import ALONE, close_finding, has_supervisor, is_late
from kiosk.telling import in_one_line


@click.command("decide")
@click.argument("name", metavar="REF|FINDING")
@click.argument("verb", type=click.Choice(["resume", *VERBS, "done"]))
@click.option("--to", type=click.Choice(list(RESUMED), case_sensitive=False), help="With resume: the state.")
@click.option("--clerk", required=True, metavar="NAME", help="Who decides.")
@click.option("--reason", required=True, help="Why, and with which evidence; it goes on record.")
@PIN_FD
@SECOND
@SECOND_PIN_FD
@SUPERVISOR
@SUPERVISOR_PIN_FD
@with_house
def command(house: House, name: str, verb: str, to: str | None, clerk: str, reason: str, **who: Any) -> None:
    """Decide an order in review, or close a finding (F12 done).

    resume: ask the remotes again (never sends a top-up twice) · refund: give the money back · delivered, returned,
    unpaid: settle it by hand, with evidence of the other side's books · done: a finding is dealt with. Cash for what a
    wallet or card service refuses to give back: kiosk cash-back. After its deadline it takes a supervisor or owner.
    """
    if not reason.strip():
        raise Illegal("A decision needs a reason.")
    if to and verb != "resume":
        raise click.UsageError(f"--to goes with resume only; {verb} says itself where the order goes.")
    finding = re.fullmatch(r"[Ff]\d{1,9}", name)
    if bool(finding) is not (verb == "done"):
        raise Illegal("A finding can only be decided as done, and an order cannot.")
    if finding:
        by, _, supervisor = all_signed_in(house, clerk, **who)
        words, now = written(reason), house.clock.now()
        close_finding(house.ledger, name, by=by, supervisor=supervisor, decision=words, at=now)
        put(f"{name.upper()} is closed.")
        return
    order = house.ledger.order(parse_reference(name))
    by, second, supervisor = all_signed_in(house, clerk, **who)
    said_alone(house, order)
    done = decide(
        house.ledger, order, verb, to=State(to) if to else None, by=by, reason=reason, at=house.clock.now(),
        second=second, supervisor=supervisor, above=house.config.second_person_above,
    )  # fmt: skip
    put(in_one_line(done))
    if advice := next_act(done):
        put(advice)


def said_alone(house: House, order: Order) -> None:
    """Say that a clerk decides what should be a supervisor's, where the shop has none."""
    late = order.state is State.REVIEW and is_late(order.deadline_at, house.clock.now())
    if late and not has_supervisor(house.ledger):
        put(ALONE, err=True)
