"""What is said aloud of what is written: no pictures, numbers digit by digit; and what a voice must be able to.

Pure but for the protocol: it turns a line of a screen into sentences that a synthesizer reads as a person would.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from kiosk.texts import Texts

_PICTURES = re.compile("[\u2190-\u21ff\u2500-\u27bf\ue000-\uf8ff]+")
"""Arrows, lines of boxes, blocks, symbols: nothing that anybody should hear."""
_NUMBERS = re.compile(
    r"(?P<masked>[\d*][\d* ]*\*[\d* ]*\d)"
    r"|(?P<amount>(?<![\d.,])\d+[.,]\d{2}(?![\d.]))"
    r"|(?P<number>\+?\d[\d ]{4,}\d)"
    r"|(?P<reference>\b(?=[A-Z0-9 -]*\d)[A-Z0-9]{3,5}(?:[ -][A-Z0-9]{3,5}){2,}\b)"
)
"""What is said sign by sign: a number with hidden digits, an amount, a long number, an order's reference."""
_ENDS = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])|\n+")
_WORTH_SAYING = re.compile(r"\w")

SLOWEST, SLOWER, USUAL = 90, 120, 155
"""Words a minute."""
QUIET, LOUD, LOUDEST = 80, 130, 200
"""Of 200, which is as loud as the synthesizer gets; the loudspeaker's own volume is the owner's."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One thing to say, in one language."""

    text: str
    language: str


class Voice(Protocol):
    """Says one sentence at a time, and never waits for its end."""

    def begin(self, sentence: Sentence, *, words_a_minute: int, loudness: int) -> None:
        """Begin to say it; what is being said ends. Raises nothing: who cannot be heard has still the screen."""

    @property
    def speaks(self) -> bool:
        """Whether something is being said now."""

    def stop(self) -> None:
        """Say no more."""


class Headphones(Protocol):
    """Whether headphones are plugged in."""

    @property
    def plugged(self) -> bool | None:
        """None where nothing was heard of them yet."""

    def stop(self) -> None:
        """Listen no more."""


def sentences(line: str, texts: Texts) -> list[Sentence]:
    """A line of a screen as it is said: one sentence after the other."""
    plain = unicodedata.normalize("NFC", _PICTURES.sub(" ", line))
    found = [_spoken(part, texts) for part in _ENDS.split(plain)]
    return [Sentence(part, texts.language) for part in found if _WORTH_SAYING.search(part)]


def _spoken(part: str, texts: Texts) -> str:
    point, hidden = texts.say("point"), texts.say("hidden digits")

    def signs(found: re.Match[str]) -> str:
        if found.lastgroup == "amount":
            whole, cents = re.split("[.,]", found[0])
            return f"{_apart(whole)} {point} {_apart(cents)}"
        return _spelt(re.sub(r"[*][* ]*", f"/{hidden}/", found[0]))

    return re.sub(r"\s+", " ", _NUMBERS.sub(signs, part)).strip()


def _spelt(number: str) -> str:
    """Sign by sign, with a pause where it is written in groups; what is between two strokes is a word."""
    groups = (group for group in re.split(r"(/[^/]+/)|[ -]+", number) if group)
    return ", ".join(group.strip("/") if group.startswith("/") else _apart(group) for group in groups)


def _apart(digits: str) -> str:
    return " ".join(digits)
