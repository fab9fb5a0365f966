"""A receipt as a document of blocks. Pure: order and texts in, blocks out; devices and screens render them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What the paper is for."""

    SALE = "sale"
    WAITING = "waiting"
    REFUND = "refund"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Title:
    """One line, large and centred."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Text that wraps; `bold` for what must not be missed."""

    text: str
    bold: bool = False
    centred: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A key at the left, a value at the right; the value is never broken."""

    key: str
    value: str
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across the paper."""


@dataclass(frozen=True, slots=True)
class Qr:
    """A QR code of `text`, centred."""

    text: str


Block = Title | Paragraph | Row | Rule | Qr


@dataclass(frozen=True, slots=True)
class Document:
    """What is to be printed, top to bottom, in one language."""

    kind: Kind
    language: str
    blocks: tuple[Block, ...]
