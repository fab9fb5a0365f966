"""Strings that want something: as they may stand in a plan's name, a remote's error, a shop's text, a scan, a paste.

Made by a seed: the same seed gives the same strings. And what must never come out of a sink, told by Unicode's own
tables and not by the kiosk's.
"""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Iterator

LONG_EVERY = 1000
PIECES = (
    *(
        "\x1b[2J",
        "\x1b[53m",
        "\x1b[6n",
        "\x1b[?1049l",
        "\x1b[?1000l",
        "\x1bc",
        "\x9b31m",
        "\x1b[200~",
        "\x1b#8",
        "\x1b",
    ),
    *("\x1b]0;owned\x07", "\x1b]2;owned\x1b\\", "\x1b]52;c;b3duZWQ=\x07", "\x9d52;c;b3duZWQ=\x9c", "\x1bP$q\x1b\\"),
    *(
        "\x1b]8;;http://evil.example\x1b\\here\x1b]8;;\x1b\\",
        "\x1b_Gi=1\x1b\\",
        "\x1b^x\x1b\\",
        "\x07",
        "\x08\x08",
        "\x0e",
    ),
    *(
        "\x1bp\x00\x19\xfa",
        "\x1b@",
        "\x1d(A\x02\x00\x00\x02",
        "\x1dV\x00",
        "\x10\x14\x01\x00\x05",
        "\x10\x04\x01",
        "\x1b*\x00",
    ),
    *("\x1d(k\x04\x001A2\x00", "\x1cp\x01\x00", "\x1c.", "\x1f", "\x1di\x01", "\x1b=\x00", "\x1dv0\x00"),
    *(
        "\r\nBcc: evil@example.com",
        "\nSubject: owned",
        "\r\n\r\n<html>",
        "\r\n.\r\nMAIL FROM:<x@y.example>",
        "\x0b",
        "\x0c",
    ),
    *(
        "\n2026-08-01 18:32:00,000 INFO kiosk.sync: paid",
        "\rpaid",
        "\u2028paid",
        "\u2029paid",
        "\x85paid",
        "\x1c\x1d\x1e",
    ),
    *("../../etc/passwd", "..\\..\\x", "/", "~", "-rf", ".hidden", "C:\\x", "%2e%2e%2f", "\x00.png", "con"),
    *(
        "%s%n%x",
        "{reference}",
        "{0.__class__}",
        "{",
        "}",
        "$(reboot)",
        "`reboot`",
        "${HOME}",
        "'; DROP TABLE orders; --",
    ),
    *(
        "[bold red]x[/]",
        "[@click=app.quit]x[/]",
        "[/]",
        "[link=x]",
        ":smile:",
        "\\[",
        "<script>x</script>",
        "&amp;",
        "]]>",
    ),
    *("\u202egnp.exe", "\u2066\u2067\u2068\u2069", "\u200e\u200f\u061c", "\u202a\u202b\u202c\u202d", "שלום", "مرحبا"),
    *("\u200b\u200c\u200d", "\u2060\ufeff", "\xad", "\u034f", "\u3164\uffa0", "\u115f\u1160", "\u180e", "\u2800"),
    *("\U000e0001\U000e0041\U000e007f", "\ufe0f\ufe0e", "\U000e0100", "\ufff9x\ufffay\ufffb", "\U0001d173", "\ufffe"),
    *("\ud800", "\udfff\ud800", "\ue000\uf8ff", "\U000f0000\U0010ffff", "e" + "\u0301" * 200, "ส" + "\u0e49" * 40),
    *(
        "👨‍👩‍👧‍👦",
        "🇺🇸",
        "👍🏽",
        "❤️",
        "中文充值",
        "10 GB",
        "$18.00",
        "Ω",
        "⌂",
        "€",
        "\xa0",
        "ﷺ",
        "𒐫",
        "꧅",
        "ñ",
        "한국어",
    ),
    *("4111111111111111", "8901260862291477122", "li.wei@example.com", "+13055550142"),
)


def hostile(seed: int, number: int) -> Iterator[str]:
    """So many strings: pieces with wishes, between letters of any kind; now and then a very long one."""
    dice = random.Random(seed)  # noqa: S311 - it need only repeat
    pick, below = dice.choice, dice.random
    for count in range(number):
        parts = [pick(PIECES) for _ in range(1 + int(below() * 4))]
        if below() < 0.4:
            parts.append("".join(chr(int(below() ** 3 * 0x110000)) for _ in range(int(below() * 8))))
        if below() < 0.3:
            parts.append(chr(int(below() * 0xA0)))
        text = pick(("", "Plan ", "x", "充值")).join(parts)
        yield text * 300 if count % LONG_EVERY == LONG_EVERY - 1 else text


FORBIDDEN_KINDS = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
SEEN_FORMATS = {*range(0x600, 0x606), 0x6DD, 0x8E2}
"""Arabic signs around numbers: format characters by name, and drawn."""
UNSEEN = {0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0}
UNSEEN |= {*range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0000, 0xE1000)}
FORBIDDEN = frozenset(
    chr(code)
    for code in range(0x110000)
    if (unicodedata.category(chr(code)) in FORBIDDEN_KINDS and code not in SEEN_FORMATS)
    or code in UNSEEN
    or 0xFDD0 <= code <= 0xFDEF
    or code & 0xFFFE == 0xFFFE
)
MARKS_MAX = 3


def evil_in(line: str) -> str:
    """What must not stand in a line that a sink has given out, or an empty text."""
    if line.isascii() and line.isprintable():
        return ""
    if found := FORBIDDEN.intersection(line):
        return f"characters {sorted(f'U+{ord(char):04X}' for char in found)}"
    marks = 0
    for char in line:
        marks = marks + 1 if unicodedata.category(char) in ("Mn", "Me") else 0
        if marks > MARKS_MAX:
            return "a heap of accents"
    return ""
