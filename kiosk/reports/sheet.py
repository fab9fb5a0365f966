"""A report for other programs: as JSON's values, as rows of CSV, and as files that nobody else may read.

An amount is decimal text beside its currency in CSV, an integer of the smallest unit in JSON. A spreadsheet runs a
cell that begins with = + - or @ as a formula, so that a text which does is given an apostrophe; a number is not.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator, Sequence
from io import StringIO
from pathlib import Path
from typing import Any

from kiosk.errors import KioskError
from kiosk.money import Money
from kiosk.reports.effects import Effect, Group
from kiosk.reports.figures import Margin, Report, Sum, Totals
from kiosk.reports.period import Period
from kiosk.untrusted import cell, json_text

HEADER = ("section", "name", "figure", "value", "unit")

Row = tuple[str, str, str, str, str]


def told(report: Report) -> dict[str, Any]:
    """For scripts. The times are UTC, as the ledger's views have them: `since` is in it, `until` is not."""
    period = report.period
    return {
        "period": period.span.value,
        "first_day": period.first.isoformat(),
        "time_zone": str(period.zone),
        "hours": period.hours,
        "since": _stamp(period.since.isoformat()),
        "until": _stamp(period.until.isoformat()),
        "read_at": _stamp(report.at.isoformat()),
        "so_far": report.so_far,
        **_totals(report.totals),
        "before": _totals(report.before),
        "by_tender": _sums(report.by_tender),
        "by_plan": _sums(report.by_plan),
        "by_provider": _sums(report.by_provider),
        "taxes_and_fees": _sums(report.taxes_and_fees),
        "not_delivered_yet": _sums(report.waiting),
        "given_back_by_cause": _sums(report.given_back),
        "delivery_times": [
            {"hour": each.hour, "top_ups": each.top_ups, "median_s": each.median_s, "p95_s": each.slow_s}
            for each in report.times
        ],
        "failures_by_cause": [
            {"kind": each.kind, "cause": each.cause, "times": each.times} for each in report.failures
        ],
        "promotions": [_effect(effect) for effect in report.effects],
    }


def _stamp(text: str) -> str:
    return text.replace("+00:00", "Z")


def _money(money: Money | None) -> dict[str, Any] | None:
    return None if money is None else {"amount_minor": money.amount_minor, "currency": money.currency}


def _sums(sums: Sequence[Sum]) -> list[dict[str, Any]]:
    return [
        ({"name": each.name} if each.name else {}) | {"orders": each.orders, **(_money(each.amount) or {})}
        for each in sums
    ]


def _totals(totals: Totals) -> dict[str, Any]:
    return {
        "sold": _sums(totals.sold),
        "given_back": _sums(totals.given_back),
        "margins": [
            {"paid": _money(each.paid), "given_back": _money(each.given_back), "cost": _money(each.cost)}
            | {"margin": _money(each.margin)}
            for each in totals.margins
        ],
        "failures": totals.failures,
    }


def _effect(effect: Effect) -> dict[str, Any]:
    named = {"name": effect.name, "kind": effect.kind.value, "off": _money(effect.off)}
    return named | {"with": _group(effect.having), "without": _group(effect.without)}


def _group(group: Group) -> dict[str, Any]:
    return {
        "orders": group.orders,
        "paid": _money(group.paid),
        "average": _money(group.average),
        "settled": group.settled,
        "margin": _money(group.margin),
        "average_margin": _money(group.average_margin),
    }


# --- CSV -------------------------------------------------------------------------------------------------------------


def csv_text(report: Report) -> str:
    """One figure in each row; a header; lines end as everywhere on this machine."""
    written = StringIO()
    rows = csv.writer(written, lineterminator="\n")
    rows.writerow(HEADER)
    for section, name, figure, value, unit in _rows(report):
        rows.writerow((section, cell(name), figure, value, cell(unit)))
    return written.getvalue()


def _rows(report: Report) -> Iterator[Row]:
    period = report.period
    yield "period", "", "first day", period.first.isoformat(), period.span.value
    yield "period", "", "until", _stamp(report.at.isoformat() if report.so_far else period.until.isoformat()), "UTC"
    yield "period", "", "hours", str(period.hours), "hours"
    for name, sums in (
        ("sold", report.totals.sold),
        ("sold in the period before", report.before.sold),
        ("given back", report.totals.given_back),
        ("given back in the period before", report.before.given_back),
        ("taxes and fees", report.taxes_and_fees),
        ("not delivered yet", report.waiting),
        ("sold by way to pay", report.by_tender),
        ("sold by plan", report.by_plan),
        ("sold by provider", report.by_provider),
        ("given back by cause", report.given_back),
    ):
        for each in sums:
            yield name, each.name, "orders", str(each.orders), "orders"
            yield name, each.name, "amount", str(each.amount.decimal), each.amount.currency
    yield from _margin_rows("margin", report.totals.margins)
    yield from _margin_rows("margin in the period before", report.before.margins)
    for times in report.times:
        name = f"{times.hour:02}:00"
        yield "delivery times by hour", name, "top-ups", str(times.top_ups), "top-ups"
        yield "delivery times by hour", name, "median", str(times.median_s), "s"
        yield "delivery times by hour", name, "95 of 100 within", str(times.slow_s), "s"
    for failure in report.failures:
        yield "failures by cause", failure.cause, failure.kind, str(failure.times), "times"
    for effect in report.effects:
        yield from _effect_rows(effect)


def _margin_rows(section: str, margins: Sequence[Margin]) -> Iterator[Row]:
    for each in margins:
        name = f"bought in {each.cost.currency}"
        amounts = {"paid": each.paid, "given back": each.given_back, "cost": each.cost, "margin": each.margin}
        for figure, amount in amounts.items():
            if amount is not None:
                yield section, name, figure, str(amount.decimal), amount.currency


def _effect_rows(effect: Effect) -> Iterator[Row]:
    yield f"promotions: {effect.kind}", effect.name, "off", str(effect.off.decimal), effect.off.currency
    for which, group in (("with it", effect.having), ("without it", effect.without)):
        yield f"promotions: {effect.kind}", effect.name, f"orders {which}", str(group.orders), "orders"
        amounts = {"paid": group.paid, "average": group.average, "margin": group.margin}
        for figure, amount in (amounts | {"average margin": group.average_margin}).items():
            if amount is not None:
                row = (f"{figure} {which}", str(amount.decimal), amount.currency)
                yield (f"promotions: {effect.kind}", effect.name, *row)


# --- files -----------------------------------------------------------------------------------------------------------


def name_of(period: Period) -> str:
    """`report-day-2026-11-28`, without what says which kind of file it is."""
    return f"report-{period.span}-{period.first}"


def export(report: Report, folder: Path) -> list[Path]:
    """Both files, in a folder of the owner's alone; one of the same name is replaced. Raises KioskError."""
    csv_file, json_file = (folder / f"{name_of(report.period)}.{kind}" for kind in ("csv", "json"))
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise KioskError(f"{folder} cannot be made: {error.strerror}. Nothing was written.") from None
    write(csv_file, csv_text(report))
    write(json_file, json_text(told(report), 2) + "\n")
    return [csv_file, json_file]


def write(path: Path, text: str) -> None:
    """Whole or not at all, readable by its owner alone. Raises KioskError."""
    half = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        file = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(file, "w", encoding="utf-8") as opened:
            opened.write(text)
        os.replace(half, path)  # noqa: PTH105 - as the other doors say it
    except OSError as error:
        half.unlink(missing_ok=True)
        raise KioskError(f"{path} cannot be written: {error.strerror}. There is no report in it.") from None
