"""`kiosk decide`: the way out of a review, and of a finding."""

from __future__ import annotations

import re

import click

from kiosk.assembly import House
from kiosk.cli.common import PIN_FD, SECOND, SECOND_PIN_FD, next_act, signed_in, two_signed_in, with_house
from kiosk.cli.out import put
from kiosk.decisions import RESUMED, VERBS, decide
from kiosk.errors import Illegal
from kiosk.hearsay import written
from kiosk.identifiers import parse_reference
from kiosk.ledger.desk import decide_finding
from kiosk.order import State
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
@with_house
def command(
    house: House,
    name: str,
    verb: str,
    to: str | None,
    clerk: str,
    reason: str,
    pin_fd: int | None,
    second: str | None,
    second_pin_fd: int | None,
) -> None:
    """Decide an order in review, or close a finding (F12 done).

    resume: ask the remotes again (never sends a top-up twice) · refund: give the money back · delivered, returned,
    unpaid: settle it by hand, with evidence of the other side's books · done: a finding is dealt with. Cash for what a
    wallet or card service refuses to give back: kiosk cash-back.
    """
    if not reason.strip():
        raise Illegal("A decision needs a reason.")
    if to and verb != "resume":
        raise click.UsageError(f"--to goes with resume only; {verb} says itself where the order goes.")
    finding = re.fullmatch(r"[Ff]\d{1,9}", name)
    if bool(finding) is not (verb == "done"):
        raise Illegal("A finding can only be decided as done, and an order cannot.")
    if finding:
        by = signed_in(house, clerk, pin_fd)
        decide_finding(house.ledger, name, by=by, decision=written(reason), at=house.clock.now())
        put(f"{name.upper()} is closed.")
        return
    order = house.ledger.order(parse_reference(name))
    by, other = two_signed_in(house, clerk, pin_fd, second, second_pin_fd)
    target, above = State(to) if to else None, house.config.second_person_above
    now = house.clock.now()
    order = decide(house.ledger, order, verb, to=target, by=by, reason=reason, at=now, second=other, above=above)
    put(in_one_line(order))
    if advice := next_act(order):
        put(advice)
