"""`kiosk reconcile`: a day of the ledger against the rails' bills and the providers' lists."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta
from typing import Any

import click

from kiosk.assembly import House
from kiosk.cli.common import JSON, with_house
from kiosk.cli.out import put, say_json
from kiosk.money import Money
from kiosk.reconciliation.day import Books, Report
from kiosk.reconciliation.differences import Difference
from kiosk.reconciliation.money import Totals

NO_ANSWER = 6


@click.command("reconcile")
@click.option(
    "--date", "at", type=click.DateTime(["%Y-%m-%d"]), help="The day, as each remote counts it (default: yesterday)."
)
@JSON
@with_house
def command(house: House, at: datetime | None, as_json: bool) -> None:
    """Compare a day three ways: ledger, rails, providers. What is different goes to the clerks as well.

    A rail's bill is ready the next day, by the rail's own clock. Exit code 1 where anything is different, 6 where some
    of the books could not be compared.
    """
    today = house.clock.now().astimezone(house.config.zone).date()
    day = at.date() if at else today - timedelta(days=1)
    if day > today:
        raise click.BadParameter(f"{day} has not been yet.", param_hint="'--date'")
    report = books_of(house).reconcile(day)
    if as_json:
        say_json(told(report))
    else:
        tell(report)
    sys.exit(exit_code(report))


def exit_code(report: Report) -> int:
    """For scripts: a difference weighs more than books that could not be compared."""
    return 1 if report.differences else NO_ANSWER if report.unanswered else 0


def books_of(house: House) -> Books:
    config = house.config
    return Books(house.ledger, house.remotes, house.clock, config.kiosk_id, config.zone, config.currency)


def tell(report: Report) -> None:
    """One line for each remote, and one for each difference with what to do about it."""
    for totals in report.totals:
        put(in_one_line(totals))
    for provider, number in report.top_ups.items():
        put(f"{provider}: {counted(number, 'top-up')} delivered")
    for difference in report.differences:
        put(f"{difference.kind.upper()}  {difference.says}. Next: {difference.act}.")
    for sentence in report.unanswered:
        put(sentence, err=True)
    found = counted(len(report.differences), "difference") if report.differences else "no differences"
    part = " in what could be compared" if report.unanswered else ""
    put(f"{report.day}: {found}{part}.")


def in_one_line(totals: Totals) -> str:
    same = "the ledger says the same" if totals.agree else f"the ledger says {totals.ours_in}, {totals.ours_back} back"
    way = f"; {totals.under_way} of them still on their way through the queue" if totals.under_way else ""
    entries = f"{totals.entries} {'entry' if totals.entries == 1 else 'entries'}"
    return f"{totals.remote}: {totals.theirs_in} came in, {totals.theirs_back} went back ({entries}); {same}{way}"


def counted(number: int, what: str) -> str:
    return f"{number} {what if number == 1 else what + 's'}"


def told(report: Report) -> dict[str, Any]:
    """For scripts."""
    return {
        "date": report.day.isoformat(),
        "differences": [_difference(difference) for difference in report.differences],
        "rails": [
            {
                "rail": totals.remote,
                "in": {"theirs": _money(totals.theirs_in), "ours": _money(totals.ours_in)},
                "back": {"theirs": _money(totals.theirs_back), "ours": _money(totals.ours_back)},
                "entries": totals.entries,
                "under_way": totals.under_way,
                "agree": totals.agree,
            }
            for totals in report.totals
        ],
        "top_ups": report.top_ups,
        "unanswered": report.unanswered,
    }


def _difference(difference: Difference) -> dict[str, Any]:
    return {
        "kind": difference.kind.value,
        "remote": difference.remote,
        "reference": difference.order.reference if difference.order else None,
        "says": difference.says,
        "act": difference.act,
    }


def _money(money: Money) -> dict[str, Any]:
    return {"amount_minor": money.amount_minor, "currency": money.currency}
