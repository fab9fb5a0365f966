"""Papers that belong to no order: the printer's test page, and the closing of a shift. Pure.

A closing says what the ledger holds, and carries its head: paper in the owner's hands anchors the chain.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo

from kiosk.money import Money
from kiosk.receipt import Block, Document, Kind, Paragraph, Qr, ReceiptShop, Row, Rule, Title, head_of
from kiosk.texts import Texts, printable


@dataclass(frozen=True, slots=True)
class Sums:
    """One table of a closing: what it is about, in the paper's language, its lines, and their total."""

    heading: str
    lines: tuple[tuple[str, Money], ...]
    total: Money


@dataclass(frozen=True, slots=True)
class Closing:
    """What a shift came to. `closed_at` None: a reading in the middle of it, which closes nothing.

    `number` is the closing's; `till` says how the till stood, `carried` what is open and goes on.
    """

    shift: str
    clerk: str
    opened_at: datetime
    closed_at: datetime | None
    sums: tuple[Sums, ...]
    number: int | None = None
    till: tuple[Block, ...] = ()
    carried: tuple[Block, ...] = ()


def closing(done: Closing, shop: ReceiptShop, head: str, texts: Texts, zone: tzinfo, now: datetime) -> Document:
    """The paper of a closing. `head` is the ledger's: `SEQ:HASH`."""
    say = texts.say
    training = (Title(say("TRAINING – NO VALUE")),) if shop.training else ()
    until = done.closed_at or now
    return Document(
        Kind.CLOSING,
        texts.language,
        (
            *training,
            *head_of(shop),
            Rule(),
            Title(say("Closing") if done.closed_at else say("Reading")),
            *((Row("Z", str(done.number), bold=True),) if done.number else ()),
            Row(say("Kiosk"), printable(shop.kiosk)),
            Row(say("Shift"), printable(done.shift)),
            Row(say("Clerk"), printable(done.clerk)),
            Row(say("From"), texts.when(done.opened_at, zone)),
            Row(say("Until"), texts.when(until, zone)),
            *((Rule(), *done.till) if done.till else ()),
            *(block for sums in done.sums for block in _table(sums, texts)),
            *((Rule(), *done.carried) if done.carried else ()),
            Rule(),
            *(() if done.closed_at else (Paragraph(say("The shift goes on: this closes nothing."), bold=True),)),
            Row(say("Printed"), texts.when(now, zone)),
            Row(say("Ledger"), printable(head)),
            *training,
        ),
    )


def _table(sums: Sums, texts: Texts) -> Iterator[Block]:
    yield Rule()
    yield Paragraph(printable(sums.heading), bold=True)
    for name, amount in sums.lines:
        yield Row(printable(name), texts.money(amount))
    yield Row(texts.say("Total"), texts.money(sums.total), bold=True)


def printer_check(shop: ReceiptShop, texts: Texts, zone: tzinfo, now: datetime) -> Document:
    """What the clerk prints to see that the printer works: every kind of block, and no order."""
    return Document(
        Kind.TEST,
        texts.language,
        (
            *head_of(shop),
            Rule(),
            Title(texts.say("Printer test")),
            Row(texts.say("Kiosk"), printable(shop.kiosk)),
            Row(texts.say("Printed"), texts.when(now, zone)),
            Paragraph(texts.say("If you can read this, the printer works."), bold=True),
            Qr(shop.kiosk),
        ),
    )
