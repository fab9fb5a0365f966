"""A receipt as a document of blocks. Pure: order and texts in, blocks out; devices and screens render them.

It says in plain words where the money and the top-up stand, and what the customer does next. It must never promise
what the order does not show, and never carry a whole card number.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum
from typing import assert_never

from kiosk.facts import Card
from kiosk.identifiers import grouped_reference, is_phone, masked_number
from kiosk.order import Order, State
from kiosk.texts import Texts, printable


class Kind(StrEnum):
    """What the paper is for."""

    SALE = "sale"
    WAITING = "waiting"
    CLAIM = "claim"
    REVIEW = "review"
    REFUND = "refund"
    CASH_BACK = "cash-back"
    CLOSING = "closing"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Logo:
    """The owner's picture, centred: the path of a PNG. Only paper shows it."""

    path: str


@dataclass(frozen=True, slots=True)
class Title:
    """One line, large and centred."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Text that wraps; `bold` for what must not be missed, `small` for what another reader needs."""

    text: str
    bold: bool = False
    centred: bool = False
    small: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A key at the left, a value at the right; the value is never broken.

    `small` is the key for another reader, the clerk, and stands beside it.
    """

    key: str
    value: str
    bold: bool = False
    small: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across the paper."""


@dataclass(frozen=True, slots=True)
class Qr:
    """A QR code of `text`, centred."""

    text: str


Block = Logo | Title | Paragraph | Row | Rule | Qr


@dataclass(frozen=True, slots=True)
class Document:
    """What is to be printed, top to bottom, in one language."""

    kind: Kind
    language: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class ReceiptShop:
    """Who stands behind the receipt. Policy, header and footer are in its language; `training` prints NO VALUE.

    `header` and `footer` are the owner's lines under the address and at the end; `logo` the path of a PNG, or "".
    """

    name: str
    address: tuple[str, ...]
    kiosk: str
    help_line: str
    training: bool
    refund_policy: str
    header: tuple[str, ...] = ()
    footer: tuple[str, ...] = ()
    logo: str = ""


def receipt(
    order: Order, shop: ReceiptShop, head: str, texts: Texts, zone: tzinfo, now: datetime, coverage: str = ""
) -> Document:
    """The receipt of `order` as it stands. `head` anchors the ledger: `SEQ:HASH`, its number and 20 hex digits.

    `coverage` says where the plan works, where anybody does.
    """
    kind, title, (said, *advice) = _standing(order, texts, zone)
    training = (Title(texts.say("TRAINING – NO VALUE")),) if shop.training else ()
    blocks = (
        *training,
        *head_of(shop),
        Rule(),
        Title(title),
        Row(texts.say("Reference"), grouped_reference(order.reference), bold=True),
        Row(texts.number_name(order.sim_number), masked_number(order.sim_number)),
        *((Row(texts.say("Mobile network"), printable(order.network)),) if order.network else ()),
        Row(texts.say("Kiosk"), printable(shop.kiosk)),
        Row(texts.say("Date"), texts.when(order.paid_at or order.opened_at, zone)),
        Rule(),
        *_amounts(order, texts),
        *((Paragraph(texts.say("Works in: {places}", places=coverage)),) if coverage else ()),
        Rule(),
        Paragraph(said, bold=True),
        *(Paragraph(sentence) for sentence in advice),
        *((Row(texts.say("Help line"), printable(shop.help_line), bold=True),) if shop.help_line else ()),
        Rule(),
        *((Paragraph(printable(shop.refund_policy)),) if shop.refund_policy else ()),
        Row(texts.say("Printed"), texts.when(now, zone)),
        Row(texts.say("Ledger"), printable(head)),
        Qr(order.reference),
        *(Paragraph(printable(line), centred=True) for line in shop.footer),
        *training,
    )
    return Document(kind, texts.language, blocks)


def head_of(shop: ReceiptShop) -> tuple[Block, ...]:
    """Whose paper it is: logo, name, address, and what the owner says under it."""
    logo = (Logo(shop.logo),) if shop.logo else ()
    lines = (*shop.address, *shop.header)
    return (*logo, Title(printable(shop.name)), *(Paragraph(printable(line), centred=True) for line in lines))


def _standing(order: Order, texts: Texts, zone: tzinfo) -> tuple[Kind, str, tuple[str, ...]]:
    """What the paper is for, its title, and sentences: where things stand, then what the customer does next."""
    say = texts.say
    keep = say("Keep this receipt.")
    match order.state:
        case State.COMPLETED | State.CAPTURING:
            at = texts.when(order.delivered_at or order.since_at, zone)
            said = say("Delivered on {when}. The plan is on your card.", when=at)
            if is_phone(order.sim_number):
                said = say("Delivered on {when} to your phone number.", when=at)
            advice = say("Turn on mobile data for this card. If there is no connection, restart the phone.")
            return Kind.SALE, say("Top-up receipt"), (said,) if order.plan.is_credit else (said, advice)
        case State.SUBMITTING:
            said = say("Paid. The mobile network has not confirmed the top-up yet.")
            advice = say("It will be delivered automatically. Do not pay again.")
            return Kind.WAITING, say("Paid, top-up to follow"), (said, advice, keep, *_until(order, texts, zone))
        case State.REFUNDING:
            said = say("To be refunded in full: {amount}.", amount=order.total)
            return Kind.CLAIM, say("Refund receipt"), (said, *_way_back(order, texts), keep)
        case State.REFUNDED:
            at = texts.when(order.refunded_at or order.since_at, zone)
            if _over_the_counter(order):
                said = say("Handed back on {when}: {amount}.", when=at, amount=order.total)
                return Kind.CASH_BACK, say("Cash back"), (said,)
            said = say("Refunded in full on {when}: {amount}.", when=at, amount=order.total)
            return Kind.REFUND, say("Refund receipt"), (said, *_way_back(order, texts))
        case State.REVIEW:
            said = say("A clerk is looking into this order.")
            return Kind.REVIEW, say("In review"), (said, keep, *_until(order, texts, zone))
        case State.AUTHORIZING:
            return Kind.WAITING, say("To be paid"), (say("Not paid yet. This is not a receipt."),)
        case State.CANCELLING:
            said = say("Cancelled. Do not pay this order any more.")
            return Kind.CLAIM, say("Cancelled"), (said, say("If you have paid it, you get it back in full."), keep)
        case State.ABANDONED:
            return Kind.REFUND, say("Cancelled"), (say("Cancelled. Nothing was paid."),)
        case _ as state:
            assert_never(state)


def _until(order: Order, texts: Texts, zone: tzinfo) -> tuple[str, ...]:
    """What to do once the deadline has passed, where the order has one."""
    if order.deadline_at is None:
        return ()
    at = texts.when(order.deadline_at, zone)
    said = texts.say("If it is not settled by {when}, show this receipt at the counter or call the help line.", when=at)
    return (said,)


def _over_the_counter(order: Order) -> bool:
    """With a shift the money came out of a till: the rail had refused."""
    return order.tender == "cash" or bool(order.shift)


def _way_back(order: Order, texts: Texts) -> tuple[str, ...]:
    """How the money reaches the customer."""
    if not _over_the_counter(order):
        return (texts.say("The money goes back the way you paid. Your bank may take some days to show it."),)
    return (texts.say("Show this receipt at the counter to get your money back."),)


def _amounts(order: Order, texts: Texts) -> tuple[Row, ...]:
    """The lines, the total, and how it was paid."""
    rows = [Row(printable(line.name), texts.cost(line)) for line in order.lines]
    rows.append(Row(texts.say("Total"), texts.money(order.total), bold=True))
    if order.paid is None:
        return tuple(rows)
    rows.append(Row(texts.say("Paid with"), texts.tender(order.tender)))
    if order.tendered is not None:
        rows.append(Row(texts.say("Tendered"), texts.money(order.tendered)))
    if order.change is not None:
        rows.append(Row(texts.say("Change given"), texts.money(order.change)))
    if order.card is not None:
        rows += _card_rows(order.card, texts)
    if order.payment_number:
        rows.append(Row(texts.say("Payment number"), printable(order.payment_number)))
    if order.refunded_at is not None:
        rows.append(Row(texts.say("Refunded"), texts.money(-order.total), bold=True))
    return tuple(rows)


def _card_rows(card: Card, texts: Texts) -> Iterator[Row]:
    """What a receipt of a card on a reader must show (docs/payments.md). What the rail does not tell has no row."""
    say = texts.say
    entries = {"contact": say("chip"), "contactless": say("contactless"), "magnetic": say("magnetic stripe")}
    yield Row(texts.brand(card.brand), f"**** {printable(card.last4)}")
    for name, value in (
        (say("Card entry"), entries.get(card.entry.partition("_")[0], card.entry)),
        (say("Application"), card.application),
        (say("AID"), card.aid),
        (say("Authorization"), card.authorization),
    ):
        if value:
            yield Row(name, printable(value))
