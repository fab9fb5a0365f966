"""Papers that belong to no order: the closing of a shift, and the printer's test page."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from kiosk.plain import plain
from kiosk.receipt import Kind, Logo, Paragraph, Qr, Row, Title
from kiosk.slips import Closing, Sums, closing, printer_check
from kiosk.texts import LANGUAGES, texts, width
from tests.receipts import AT, HEAD, NEW_YORK, SHOP, usd

DAY = Closing(
    shift="2026-08-01/1",
    clerk="ana",
    opened_at=AT - timedelta(hours=8),
    closed_at=AT,
    sums=(
        Sums("Taken", (("Cash", usd(1750)), ("WeChat Pay", usd(184500))), usd(186250)),
        Sums("Given back", (("Cash", usd(-1750)),), usd(-1750)),
    ),
)

CLOSING = """\
                 SIM & Go
         JFK Airport, Terminal 4
             Queens, NY 11430
------------------------------------------
                 Closing
Kiosk                                  K07
Shift                         2026-08-01/1
Clerk                                  ana
From                 1 Aug 2026, 06:32 EDT
Until                1 Aug 2026, 14:32 EDT
------------------------------------------
Taken
Cash                                $17.50
WeChat Pay                       $1,845.00
Total                            $1,862.50
------------------------------------------
Given back
Cash                               -$17.50
Total                              -$17.50
------------------------------------------
Printed              1 Aug 2026, 14:33 EDT
Ledger           1234:0123456789abcdef0123
"""


def test_a_closing_reads_to_the_letter() -> None:
    """Tables with their totals, and the head of the ledger."""
    document = closing(DAY, SHOP, HEAD, texts("en"), NEW_YORK, AT + timedelta(minutes=1))

    assert document.kind is Kind.CLOSING
    assert plain(document, 42) == CLOSING


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reading_says_that_it_closes_nothing(language: str) -> None:
    """In the middle of a shift; nobody files it as the closing. Training is loud here, too."""
    going_on = replace(DAY, closed_at=None)
    training = replace(SHOP, training=True)
    document = closing(going_on, training, HEAD, texts(language), NEW_YORK, AT)
    said = texts(language).say("The shift goes on: this closes nothing.")

    assert Paragraph(said, bold=True) in document.blocks
    assert document.blocks[0] == document.blocks[-1] == Title(texts(language).say("TRAINING – NO VALUE"))
    assert max(map(width, plain(document, 24).splitlines())) <= 24


def test_the_printer_check_names_the_kiosk_and_shows_every_kind_of_block() -> None:
    """The slip that a clerk prints to see whether the printer works, the logo too."""
    document = printer_check(replace(SHOP, logo="/logo.png"), texts("en"), NEW_YORK, AT)

    assert document.kind is Kind.TEST
    assert Row("Kiosk", "K07") in document.blocks
    assert {Logo, Title, Paragraph, Row, Qr} <= {type(block) for block in document.blocks}
