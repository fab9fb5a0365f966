"""What a printer has letters for: which of its fonts says a character, how wide, and what is said in its place.

One byte is one cell: ASCII and code pages are half as wide as the two bytes of a hanzi, also for signs that a
terminal draws narrow (“ ” … °). So lines are laid out by their bytes.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from devices.profiles import Profile
from kiosk.fonts import face_for
from kiosk.texts import cell_width, printable

CELL, SMALL_CELL = 12, 9
"""Dots of a letter in font A, and in the small font B. A hanzi has two cells of font A in both."""

NO_BREAK = "\xa0"  # holds a number together until lines are broken, and is printed as a space

# U+00A5 is four bytes of GB18030, which printers' fonts lack; NFKC would turn ￥ back into it.
_PLAINER = {"¥": "￥", "–": "-", "—": "-", "‘": "'", "’": "'", "“": '"', "”": '"', "−": "-", "×": "x"}


def said(text: str, profile: Profile) -> str:
    """The text in characters that the printer can print: the same, plainer ones, or `?`."""
    return "".join(_said(char, profile) for char in _composed(text))


def _composed(text: str) -> str:
    """Letters and their accents in one; every space that holds a number together as NO_BREAK."""
    return unicodedata.normalize("NFC", printable(text)).replace("\u202f", NO_BREAK)


def readable(text: str, profile: Profile) -> bool:
    """Whether no letter of it is lost."""
    lost = (char for char in _composed(text) if _lost(char, profile))
    return not any(char.isalpha() or unicodedata.combining(char) for char in lost)


def _lost(char: str, profile: Profile) -> bool:
    return _said(char, profile) in ("", "?") and char != "?"


@lru_cache(maxsize=4096)
def _said(char: str, profile: Profile) -> str:
    for candidate in (char, _PLAINER.get(char, ""), unicodedata.normalize("NFKC", char)):
        if candidate and all(codec_of(each, profile) for each in candidate):
            return candidate
    if unicodedata.combining(char):
        return ""
    if face_for(char, profile.font):
        return char
    base = unicodedata.normalize("NFD", char)[0]
    return base if codec_of(base, profile) else "?"


@lru_cache(maxsize=4096)
def codec_of(char: str, profile: Profile, page: str = "") -> str | None:
    """The codec of the font that has this character, or None. A code page that is selected already comes first.

    GBK and not all of GB18030: its four-byte codes are in no printer's font. Letters of Europe are taken from code
    pages, also where the Chinese font has some of them: there they are as wide as a hanzi, and others are missing.
    """
    if char.isascii() or char == NO_BREAK:
        return "ascii"
    pages = [codec for codec, _ in profile.code_pages]
    found = next((codec for codec in ([page] if page else []) + pages if _has(codec, char)), None)
    european = char.isalpha() and char < "\u0250"
    if profile.chinese and not (european and found) and _has("gbk", char):
        return "gbk"
    return found


def _has(codec: str, char: str) -> bool:
    return char.encode(codec, "ignore") != b""


def select(codec: str, profile: Profile) -> bytes:
    """ESC t: take the characters from 0x80 up from this code page."""
    return b"\x1bt" + bytes([dict(profile.code_pages)[codec]])


@lru_cache(maxsize=4096)
def cells(char: str, profile: Profile) -> int:
    """How many columns of font A."""
    match codec_of(char, profile):
        case None:
            return cell_width(char)
        case "gbk":
            return 2
        case _:
            return 1


def dots(char: str, profile: Profile, *, small: bool = False) -> int:
    """How wide it is printed."""
    wide = cells(char, profile)
    return SMALL_CELL if small and wide == 1 else wide * CELL
