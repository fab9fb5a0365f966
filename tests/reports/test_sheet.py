"""What other programs and people get: JSON, CSV without formulas, lines of a terminal, files of the owner alone."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import date
from io import StringIO
from pathlib import Path

import pytest

from kiosk.errors import KioskError
from kiosk.ledger import Ledger
from kiosk.reports.chart import LEGEND, MEDIAN, SLOW, chart
from kiosk.reports.figures import HourTimes, Margin, Report, Sum, Totals, read_report
from kiosk.reports.period import Span, period_of
from kiosk.reports.sheet import csv_text, export, told, write
from kiosk.reports.words import differences, lines_of, span_words
from tests.orders import a_ledger, usd
from tests.reports.planted import NEW_YORK, at, config


@pytest.fixture
def report(planted: Ledger) -> Report:
    period = period_of(Span.DAY, date(2026, 11, 28), NEW_YORK)
    return read_report(planted, config(), period, at("2026-12-15 12:00"))


def sheet(report: Report) -> dict[tuple[str, str, str], tuple[str, str]]:
    rows = list(csv.DictReader(StringIO(csv_text(report))))
    found = {(row["section"], row["name"], row["figure"]): (row["value"], row["unit"]) for row in rows}
    assert len(found) == len(rows), "two rows are called alike"
    return found


def test_each_row_of_the_csv_is_one_figure_with_its_unit(report: Report) -> None:
    """Amounts are decimal text beside their currency; a minus is a number's, and stays."""
    read = sheet(replace(report, totals=replace(report.totals, margins=(Margin(usd(0), usd(100), usd(5)),))))

    assert read["sold by way to pay", "wechat", "amount"] == ("87.50", "USD")
    assert read["delivery times by hour", "13:00", "95 of 100 within"] == ("7200.0", "s")
    assert read["promotions: discount", "Welcome discount", "average margin with it"] == ("5.13", "USD")
    assert read["margin", "bought in USD", "margin"] == ("-1.05", "USD")


@pytest.mark.parametrize("name", ["=cmd|'/C calc'!A0", "+1", "-1+1", "@SUM(A1)", " =1", "\t=1", "＝1"])
def test_no_text_is_a_formula_for_a_spreadsheet(report: Report, name: str) -> None:
    """A plan that its provider calls so is a text with an apostrophe."""
    read = csv.DictReader(StringIO(csv_text(replace(report, by_plan=(Sum(name, 1, usd(1)),)))))
    (cell,) = {row["name"] for row in read if row["section"] == "sold by plan"}

    assert cell == "'" + name.replace("\t", " ")


def test_json_says_the_same_as_the_report_with_the_moments_for_the_views(report: Report) -> None:
    """Integers of the smallest unit; a margin that nobody knows is null."""
    read = json.loads(json.dumps(told(report)))

    assert (read["since"], read["until"]) == ("2026-11-28T05:00:00Z", "2026-11-29T05:00:00Z")
    assert read["sold"] == [{"orders": 7, "amount_minor": 14500, "currency": "USD"}]
    assert [each["margin"] for each in read["margins"]] == [None, {"amount_minor": 3800, "currency": "USD"}]
    assert read["delivery_times"][0] == {"hour": 9, "top_ups": 2, "median_s": 7.0, "p95_s": 10.0}
    assert read["before"]["sold"] == [{"orders": 1, "amount_minor": 1750, "currency": "USD"}]


def test_the_difference_is_told_in_words(report: Report) -> None:
    """More, less, as much; in percent where there was something before."""
    said = " ".join(differences(report))

    assert "Compared with the day before: 6 orders more than 1;" in said
    assert "sold: 127.50 USD more than 17.50 USD (+729 %)" in said
    assert "given back: 35.00 USD more than 0.00 USD;" in said
    assert said.endswith("2 failures more than 0.")
    same = replace(report, before=report.totals)
    assert "as many orders (7); " in " ".join(differences(same))
    nothing = Totals((), (), (), 0)
    assert differences(replace(report, totals=nothing, before=nothing)) == ["Nothing was sold the day before either."]


def test_a_margin_over_two_currencies_says_that_no_rate_is_known(report: Report) -> None:
    """Both amounts, each in its own."""
    said = " ".join(" ".join(lines_of(report, [])).split())

    assert "Margin is not known of what is bought in CNY:" in said
    assert "40.00 paid - 0.00 given back (USD), 0.00 CNY cost; no exchange rate is known here" in said
    assert "= 105.00 paid - 35.00 given back - 32.00 cost of what was delivered" in said


@pytest.mark.parametrize("columns", [77, 97])
def test_no_line_is_wider_than_the_page(report: Report, columns: int) -> None:
    """With the longest names that a provider may give, hanzi too."""
    long = (Sum("无限流量套餐" * 12, 123456, usd(123456789)), Sum("Unlimited " * 12, 1, usd(1)))
    many = Margin(usd(12345678901), usd(12345678901), usd(12345678901))
    totals = replace(report.totals, margins=(many,) * 2, sold=long)
    wide = replace(report, by_plan=long, totals=totals)
    drawn = chart([HourTimes(hour, 5, 4.0, 99999.0) for hour in range(24)], columns)

    assert drawn
    assert max(map(cells, lines_of(wide, drawn, columns))) <= columns


def cells(line: str) -> int:
    return sum(2 if "一" <= char <= "鿿" else 1 for char in line)


def test_the_chart_shows_every_hour_with_blocks_that_need_no_colour() -> None:
    """Half of nine o'clock's within 10 s, 95 of 100 within an hour: so high, and so much of it dark."""
    *rows, axis, hours, legend = chart([HourTimes(9, 5, 10.0, 3600.0), HourTimes(20, 5, 1.0, 1.0)], 77, 12)
    at_nine = hours.index(" 9") + 1
    column = "".join(row[at_nine] for row in rows if len(row) > at_nine)

    assert "\x1b" not in "".join(rows)
    assert [word for word in ("1s", "10s", "1m", "10m", "1h") if not any(word in row for row in rows)] == []
    assert column.startswith("─" + SLOW)
    assert column.endswith(MEDIAN)
    assert 0.2 < column.count(MEDIAN) / (len(column) - 1) < 0.4  # log(10) of log(3600) is 0.28
    assert hours.split()[0] == "9"
    assert hours.split()[-1] == "20"
    assert axis.endswith("┘")
    assert legend == LEGEND


def test_hours_in_which_nothing_was_sold_have_no_block() -> None:
    """Between two that have; and nothing at all is no chart."""
    *rows, _, hours, _ = chart([HourTimes(0, 1, 5.0, 5.0), HourTimes(11, 1, 5.0, 5.0)])
    blocks = {hour: any(row[hours.index(f" {hour}") + 1] == MEDIAN for row in rows[1:]) for hour in (0, 5, 11)}

    assert blocks == {0: True, 5: False, 11: True}
    assert chart([]) == []


@pytest.mark.parametrize(
    ("seconds", "words"), [(4.24, "4.2 s"), (59.6, "1 min 0 s"), (90, "1 min 30 s"), (7500, "2 h 5 min")]
)
def test_a_time_is_told_as_people_tell_it(seconds: float, words: str) -> None:
    """To the minute where it is hours."""
    assert span_words(seconds) == words


def test_files_are_for_their_owner_alone_and_whole(report: Report, tmp_path: Path) -> None:
    """CSV and JSON under the period's name; exported again they are replaced, and nothing lies beside them."""
    folder = tmp_path / "state" / "reports"
    export(report, folder)
    files = export(report, folder)

    assert [file.name for file in files] == ["report-day-2026-11-28.csv", "report-day-2026-11-28.json"]
    assert sorted(folder.iterdir()) == files
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert folder.stat().st_mode & 0o777 == 0o700
    assert files[0].read_text(encoding="utf-8") == csv_text(report)
    assert json.loads(files[1].read_text(encoding="utf-8")) == told(report)


def test_a_file_that_cannot_be_written_says_so(report: Report, tmp_path: Path) -> None:
    """With its name, and that there is nothing in it."""
    (tmp_path / "reports").touch()

    with pytest.raises(KioskError, match="reports cannot be made: File exists"):
        export(report, tmp_path / "reports")
    with pytest.raises(KioskError, match=r"a\.csv cannot be written: No such file or directory"):
        write(tmp_path / "nowhere" / "a.csv", "x")


def test_an_empty_ledger_has_a_report(tmp_path: Path) -> None:
    """Nothing was sold, and nothing is divided by nothing."""
    ledger = a_ledger(tmp_path)
    read = read_report(ledger, config(), period_of(Span.MONTH, date(2026, 11, 1), NEW_YORK), at("2026-11-28 12:00"))
    ledger.close()

    assert lines_of(read, chart(read.times))[1:] == [
        "Sold               nothing was sold",
        "Given back         nothing",
        "Failures                0",
        "Nothing was sold the month before by the same hour either.",
    ]
    assert told(read)["sold"] == []
