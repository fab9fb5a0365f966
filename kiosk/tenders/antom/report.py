"""Antom's report of one day's transactions, to be reconciled: a file that the owner has put into a folder.

Antom hands it out by SFTP and on its dashboard, and documents no API that fetches it: the kiosk reads what is there,
and never takes a day without a file for a day without payments. Source: docs.antom.com, `reconcile/transaction_details`
and `reconcile/perform`; which columns' names we have not seen there is in docs/payments.md.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path

from kiosk.abilities import BillEntry, Moved
from kiosk.errors import BadMoney, Misconfigured, NotNow, Unreachable
from kiosk.money import Money
from kiosk.remote import plain
from kiosk.tenders.bills import CHINA, check_ready

END = "<END>"
WAYS = {"PAYMENT": Moved.IN, "CAPTURE": Moved.IN, "REFUND": Moved.BACK, "CANCEL": Moved.BACK}
AMOUNTS = ("transactionAmount", "transactionAmountValue")
SIZE_MAX_BYTES = 50_000_000


def of_day(folder: str, day: date, now: datetime) -> tuple[BillEntry, ...]:
    """See abilities.HasBill. Raises NotNow while the day's files are not there, Misconfigured without a folder."""
    if not folder:
        raise Misconfigured(
            "Antom hands out its report of a day by SFTP and on its dashboard alone: put its files into a folder, and "
            "name that folder as `reports` in the tender's table."
        )
    check_ready("Antom", day, time(), CHINA, now)
    entries: list[BillEntry] = []
    for file in _files(Path(folder), day):
        try:
            entries += [entry for row in _rows(_text(file)) if (entry := _entry(row))]
        except (OSError, UnicodeDecodeError, ValueError, KeyError, BadMoney, csv.Error) as error:
            said = f"Antom's report {file} is not whole, or of another form than documented ({type(error).__name__})."
            raise Unreachable(f"{said} Fetch it again.", sent=False) from None
    return tuple(entries)


def _files(folder: Path, day: date) -> Sequence[Path]:
    """All of the day's: they are numbered from 000 without a gap."""
    stem = f"transactionItems_{day:%Y%m%d}_"
    found = sorted(folder.glob(f"{stem}[0-9][0-9][0-9].csv"))
    if [file.name for file in found] != [f"{stem}{number:03}.csv" for number in range(len(found))] or not found:
        there = ", ".join(file.name for file in found) or "nothing of that day"
        raise NotNow(
            f"Antom's report of {day} is not in {folder} yet ({there} is there): put {stem}000.csv into it, and those "
            f"that follow, from its dashboard or from /v1/settlements/…/{day:%Y%m%d}/ of its SFTP server."
        )
    return found


def _text(file: Path) -> str:
    if file.stat().st_size > SIZE_MAX_BYTES:
        raise ValueError("a report of such a size")
    return file.read_text(encoding="utf-8-sig")


def _rows(text: str) -> Iterator[Mapping[str, str]]:
    """The rows by the head's names, up to the mark that says that the file is whole."""
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines or lines[-1].strip().strip(",") != END:
        raise ValueError("a report ends in its mark")
    names, *rows = list(csv.reader(lines[:-1]))
    for row in rows:
        yield {name.strip(): value.strip() for name, value in zip(names, row, strict=True)}


def _entry(row: Mapping[str, str]) -> BillEntry | None:
    """A payment, or what went back; None for what moves nothing of ours, and for what has not succeeded."""
    moved = WAYS.get(row["transactionType"])
    if moved is None or row.get("transactionStatus", "SUCCESS") != "SUCCESS":
        return None
    amount = row[next((name for name in AMOUNTS if name in row), AMOUNTS[0])]
    at = datetime.fromisoformat(row["transactionTime"])
    if at.tzinfo is None:
        raise ValueError("a time without its zone")
    number = row["transactionId"]
    if moved is Moved.BACK:  # a cancel has the number of its payment, and by one page a refund, too
        number = f"{number}/{row['transactionRequestId']}"
    money = Money.parse(amount.removeprefix("-"), row["transactionCurrency"])
    return BillEntry(moved, row["transactionRequestId"], plain(number, 130), money, at)
