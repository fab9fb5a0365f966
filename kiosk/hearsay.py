"""What remotes say, made fit to be kept: bounded, on one line, without control characters and without secrets. Pure.

Adapters choose their words with care; this is the door behind them, which every answer passes before it goes on record.
It never changes what an answer means.
"""

from __future__ import annotations

import re
from dataclasses import astuple, fields, replace
from typing import Any, TypeVar

from kiosk.bank_cards import is_bank_card
from kiosk.errors import NoAnswer, Unreachable
from kiosk.facts import Card
from kiosk.identifiers import without_phones
from kiosk.ports import Paid, Started
from kiosk.texts import printable

SAID_MAX, NUMBER_MAX, CODE_MAX, CARD_MAX = 300, 100, 1024, 32
"""Characters of a remark, of a remote's own number, of a QR code with some care for phones, of a word about a card."""

_SECRETS = (
    re.compile(r"(?i)\b((?:bearer|basic)\s+)[\w.~+/=-]{6,}"),
    re.compile(  # a name that tells, and a value that looks made up
        r"(?i)([\w-]*(?:secret|token|passw|api.?key|signature|authorization)[\w-]*[\"']?\s*[:=]\s*[\"']?)"
        r"(?=[^\s\"',;&]*\d)[^\s\"',;&]{6,}"
    ),
    re.compile(r"()(?<![\w+/=.-])(?=[\w+/=.-]*\d)(?=[\w+/=.-]*[A-Za-z])[\w+/=.-]{40,}"),  # a key, a signature, a token
)
_LONG_NUMBERS = re.compile(r"(?<!\w)(\d{4})\d{8,16}(\d{4})(?!\w)")
"""A bank card's, a SIM's, or a wallet's payment code, which is money."""
_CARD_LIKE = re.compile(r"(?<!\w)\d(?:[ -]?\d){12,18}(?!\w)")
_ABROAD = re.compile(r"\+\d(?:[ ().-]{0,2}\d){3,9}[ ().-]{0,2}((?:[ .-]?\d){4})(?!\w)")
_HERE = re.compile(r"(?<![\w+(-])\(?[2-9]\d{2}(?:\) ?|[ .-])[2-9]\d{2}[ .-]?(\d{4})(?!\w)")
"""A US number as people write it. Ten digits in one piece stay: they may be a provider's own number, evidence."""
_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")

T = TypeVar("T")


def kept(text: str, limit: int = SAID_MAX) -> str:
    """A remark as it may be kept."""
    line = _line(text[: limit * 10])
    for secret in _SECRETS:
        line = secret.sub(lambda found: f"{found[1]}***", line)
    return _cut(_MAIL.sub("***", without_phones(_LONG_NUMBERS.sub(r"\1****\2", line))), limit)


def written(text: str) -> str:
    """A clerk's reason as it may be kept: events are never deleted, so no address, phone or bank card stands in one.

    Other long numbers stay: a payment's number is evidence.
    """
    line = _CARD_LIKE.sub(lambda found: f"****{found[0][-4:]}" if is_bank_card(found[0]) else found[0], _line(text))
    line = _HERE.sub(r"****\1", without_phones(_ABROAD.sub(r"+****\1", line)))
    return _MAIL.sub("***", line)


def kept_answer(answer: T) -> T:
    """A definite answer with its texts as they may be kept. Raises Unreachable for a code that no phone could read."""
    if isinstance(answer, Started):
        if len(answer.code) > CODE_MAX or _line(answer.code) != answer.code:
            raise Unreachable("It gave a code that cannot be shown.", sent=True)
        return answer
    texts = {field.name: getattr(answer, field.name) for field in fields(answer)}  # type: ignore[arg-type]
    fit: dict[str, Any] = {
        name: _cut(_line(said[:1000]), NUMBER_MAX) if name == "number" else kept(said)
        for name, said in texts.items()
        if isinstance(said, str)
    }
    if isinstance(answer, Paid) and answer.card:
        fit["card"] = Card(*(kept(said, CARD_MAX) for said in astuple(answer.card)))
    return answer if fit.items() <= texts.items() else replace(answer, **fit)  # type: ignore[type-var]


def kept_error(error: NoAnswer) -> NoAnswer:
    """The same error with its words as they may be kept."""
    error.args = (kept(str(error)),)
    return error


def _line(text: str) -> str:
    return " ".join(printable(text).split())


def _cut(line: str, limit: int) -> str:
    return line if len(line) <= limit else line[: limit - 1] + "…"
