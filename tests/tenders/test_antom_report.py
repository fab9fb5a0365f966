"""Antom's report of a day, as its pages describe the file, in the folder where the owner puts it: whole, or none."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from kiosk.abilities import Moved
from kiosk.errors import Misconfigured, NotNow, Unreachable
from kiosk.money import Money
from kiosk.tenders.antom.report import of_day

DAY = date(2026, 11, 22)
NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
"""Of the next day, in China."""
HEAD = (
    "customerId,acquirer,acquirerReferenceNo,referenceMerchantId,referenceStoreId,transactionId,originalTransactionId,"
    "transactionRequestId,referenceTransactionId,transactionType,transactionTime,transactionCurrency,transactionAmount"
)


def row(kind: str, request: str, amount: str, *, id: str = "P9", time: str = "2026-11-22T23:59:59+08:00") -> str:
    return f"102,Antom,,M1,S1,{id},,{request},O1,{kind},{time},USD,{amount}"


PAID = row("PAYMENT", "T07P1", "18.00")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    put(tmp_path, PAID)
    return tmp_path


def put(folder: Path, *rows: str, head: str = HEAD, end: str = "<END>", number: int = 0) -> None:
    text = "\r\n".join((head, *rows, end, ""))
    (folder / f"transactionItems_20261122_{number:03}.csv").write_text(text, encoding="utf-8")


def test_payments_come_in_and_refunds_and_cancels_go_back(folder: Path) -> None:
    """In whole units of the currency, minus signs or none; what is neither, and what failed, moves nothing."""
    status = f"{HEAD},transactionStatus"
    rows = (
        PAID + ",SUCCESS",
        row("REFUND", "T07R1", "-18.00", id="R9") + ",SUCCESS",
        row("CANCEL", "T07P2", "2.5", id="P8") + ",SUCCESS",
        row("PAYMENT", "T07P3", "9.00", id="P7") + ",FAIL",
        row("DISPUTE", "", "18.00", id="D1") + ",SUCCESS",
    )
    put(folder, *rows, head=status)

    came, back, cancelled = of_day(str(folder), DAY, NOON)

    assert (came.moved, came.reference, came.amount, came.number) == (Moved.IN, "T07P1", Money(1800, "USD"), "P9")
    assert (back.moved, back.reference, back.amount) == (Moved.BACK, "T07R1", Money(1800, "USD"))
    assert (cancelled.moved, cancelled.reference, cancelled.amount) == (Moved.BACK, "T07P2", Money(250, "USD"))
    assert came.at == datetime(2026, 11, 22, 15, 59, 59, tzinfo=UTC)


def test_a_day_in_several_files_is_all_of_them(folder: Path) -> None:
    """Numbered from 000 without a gap; with a gap there is no bill yet, and the message names the file."""
    put(folder, row("PAYMENT", "T07P3", "3.00", id="P3"), number=2)
    with pytest.raises(NotNow, match=r"transactionItems_20261122_000\.csv, transactionItems_20261122_002\.csv"):
        of_day(str(folder), DAY, NOON)
    put(folder, row("PAYMENT", "T07P2", "2.00", id="P2"), number=1)

    assert [entry.reference for entry in of_day(str(folder), DAY, NOON)] == ["T07P1", "T07P2", "T07P3"]


def test_a_day_without_a_file_is_no_day_without_payments(folder: Path) -> None:
    """It says what to put where; an empty report is another thing."""
    with pytest.raises(NotNow, match=r"put transactionItems_20261121_000\.csv"):
        of_day(str(folder), date(2026, 11, 21), NOON)
    put(folder)

    assert of_day(str(folder), DAY, NOON) == ()


def test_without_a_folder_the_owner_reads_what_to_do() -> None:
    """Antom documents no API that fetches a report: nothing is pretended."""
    with pytest.raises(Misconfigured, match="by SFTP and on its dashboard alone"):
        of_day("", DAY, NOON)


@pytest.mark.parametrize("day", [DAY, date(2026, 11, 23), date(2027, 11, 22)])
def test_a_day_that_is_not_over_in_china_has_no_report(folder: Path, day: date) -> None:
    """Whatever lies in the folder: a file of today is not the whole of it."""
    with pytest.raises(NotNow, match="00:00 in China"):
        of_day(str(folder), day, datetime(2026, 11, 22, 15, 59, tzinfo=UTC))


@pytest.mark.parametrize(
    ("head", "rows", "end"),
    [
        (HEAD, (PAID,), ""),
        (HEAD, (PAID, PAID[:-20]), "<END>"),
        (HEAD, (row("PAYMENT", "T07P1", "18,00"),), "<END>"),
        (HEAD, (row("PAYMENT", "T07P1", ""),), "<END>"),
        (HEAD, (row("PAYMENT", "T07P1", "18.00", time="2026-11-22 10:00:00"),), "<END>"),
        (HEAD.replace("transactionRequestId", "requestId"), (PAID,), "<END>"),
        (HEAD.replace("transactionAmount", "amount"), (PAID,), "<END>"),
        ("", (), "<END>"),
    ],
    ids=["cut", "half a row", "two amounts", "no amount", "no zone", "no reference", "no amounts", "no head"],
)
def test_a_part_of_a_report_is_never_taken_for_the_whole(
    folder: Path, head: str, rows: tuple[str, ...], end: str
) -> None:
    """No entry of it counts, the good ones neither."""
    put(folder, *rows, head=head, end=end)

    with pytest.raises(Unreachable, match="not whole, or of another form"):
        of_day(str(folder), DAY, NOON)
