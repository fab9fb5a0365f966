"""`kiosk report`: sales, margin, delivery times, failures and promotions of a day, a week or a month."""

from __future__ import annotations

import sys
import time
from datetime import datetime
from pathlib import Path

import click

from kiosk.assembly import House
from kiosk.cli.common import JSON, with_house
from kiosk.cli.out import put_lines, say_json, tell_progress
from kiosk.reports.chart import chart
from kiosk.reports.figures import Report, read_report
from kiosk.reports.period import Period, Span, period_of
from kiosk.reports.sheet import csv_text, told, write
from kiosk.reports.words import lines_of
from kiosk.untrusted import json_text

FIRST_YEAR, PATIENCE_S = 2000, 1.0


@click.command("report")
@click.argument("span", type=click.Choice([span.value for span in Span]))
@click.option("--date", "at", type=click.DateTime(["%Y-%m-%d"]), help="A day of it, by the shop's calendar.")
@click.option("--csv", "as_csv", is_flag=True, help="One figure in each row, for a spreadsheet.")
@JSON
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Into this file, for its owner alone.")
@with_house
def command(house: House, span: str, at: datetime | None, as_csv: bool, as_json: bool, output: Path | None) -> None:
    """A day, a week (from Monday) or a month: today's, unless --date names another."""
    if as_csv and as_json:
        raise click.UsageError("Either --csv or --json.")
    today = house.clock.now().astimezone(house.config.zone).date()
    day = at.date() if at else today
    if day > today or day.year < FIRST_YEAR:
        raise click.BadParameter(f"{day} has not been yet." if day > today else f"{day} is before any kiosk.")
    report = _read(house, period_of(Span(span), day, house.config.zone))
    if output:
        write(output, _text(report, as_csv=as_csv, as_json=as_json))
    elif as_json:
        say_json(told(report))
    else:
        put_lines(_text(report, as_csv=as_csv, as_json=False))


def _text(report: Report, *, as_csv: bool, as_json: bool) -> str:
    if as_json:
        return json_text(told(report), 2) + "\n"
    return csv_text(report) if as_csv else "\n".join(lines_of(report, chart(report.times))) + "\n"


def _read(house: House, period: Period) -> Report:
    """With its progress where it takes long, and somebody looks on."""
    started, told_of_it = time.monotonic(), False

    def tell(percent: int) -> None:
        nonlocal told_of_it
        if told_of_it or (sys.stderr.isatty() and time.monotonic() - started > PATIENCE_S):
            told_of_it = True
            tell_progress(percent, done=False)

    report = read_report(house.ledger, house.config, period, house.clock.now(), tell)
    if told_of_it:
        tell_progress(100, done=True)
    return report
