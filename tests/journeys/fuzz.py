"""Whatever may come out of a keyboard, a touch screen, a scanner or a broken line, as raw bytes, by a seed."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

from tests.sinks.hostile import PIECES
from tests.world import SIM

KEYS = (
    *(b"\r", b"\n", b"\t", b"\x7f", b"\x08", b"\x1b", b"\x1b\x1b", b" ", b"\x1b[A", b"\x1b[B", b"\x1b[C", b"\x1b[D"),
    *(b"\x1b[H", b"\x1b[F", b"\x1b[2~", b"\x1b[3~", b"\x1b[5~", b"\x1b[6~", b"\x1b[Z", b"\x1bOM", b"\x1b[1;5C"),
    *(b"\x1bOP", b"\x1bOQ", b"\x1bOR", b"\x1bOS", b"\x1b[15~", b"\x1b[17~", b"\x1b[18~", b"\x1b[19~", b"\x1b[20~"),
    *(b"\x1b[21~", b"\x1b[23~", b"\x1b[24~", b"\x1b[1;2P", b"\x1b[21;5~", b"\x1b[24;3~", b"\x1b[25~", b"\x1b[34~"),
)
REPORTS = (
    *(
        b"\x1b[I",
        b"\x1b[O",
        b"\x1b[1;1R",
        b"\x1b[?2026;2$y",
        b"\x1b[?2048;2$y",
        b"\x1b[?1;2c",
        b"\x1b[>0;276;0c",
        b"\x1b[0n",
    ),
    *(
        b"\x1b]11;rgb:0000/0000/0000\x07",
        b"\x1bP>|xterm(370)\x1b\\",
        b"\x1b[?7u",
        b"\x1b[8;24;80t",
        b"\x1b[48;24;80;0;0t",
    ),
)
SCANS = (
    *(SIM.encode(), b"8901260862291477122", b"]C1" + SIM.encode(), b"4111111111111111", b"130000000000000000"),
    *(
        b"K077Q3F9XKD2MWB",
        b"LPA:1$rsp.example$ABC",
        b"https://example.com/?iccid=" + SIM.encode(),
        b"%B4111111111111111^X^2512?",
    ),
)
WORDS = ("demo", "mei", "admin", "exit", "quit", ":q!", "sudo -s", "000000", "135791", "ctrl+c", "中文", "ñandú", "🙂")


def inputs(seed: int, number: int) -> Iterator[bytes]:
    """So many inputs; the first ones of each kind come as often as the last."""
    dice = random.Random(seed)  # noqa: S311 - it need only repeat
    kinds = [kind for kind, often in KINDS for _ in range(often)]
    for _ in range(number):
        yield dice.choice(kinds)(dice)


def pieces(stream: bytes, dice: random.Random) -> Iterator[bytes]:
    """The stream as a line may deliver it: cut anywhere, within a sequence and within a letter."""
    at = 0
    while at < len(stream):
        size = dice.choice((1, 2, 3, 7, 40, 300, 900))
        yield stream[at : at + size]
        at += size


def _digit(dice: random.Random) -> bytes:
    return b"%d" % dice.randrange(10)


def _letter(dice: random.Random) -> bytes:
    return bytes([dice.randrange(0x20, 0x7F)])


def _control(dice: random.Random) -> bytes:
    return bytes([dice.choice((*range(0x20), 0x7F))])


def _alt(dice: random.Random) -> bytes:
    return b"\x1b" + bytes([dice.randrange(0x80)])


def _sequence(dice: random.Random) -> bytes:
    """A control sequence of any parameters, known to somebody or not."""
    parameters = ";".join(str(dice.randrange(300)) for _ in range(dice.randrange(4)))
    return f"\x1b[{dice.choice(('', '', '?', '<', '>', '='))}{parameters}{chr(dice.randrange(0x40, 0x7F))}".encode()


def _kitty(dice: random.Random) -> bytes:
    """A key as the keyboard protocol that Textual asks for tells it, with any modifiers."""
    return f"\x1b[{dice.choice((27, 13, 9, 99, 113, 122, 112, 92, 57344))};{dice.randrange(1, 17)}u".encode()


def _mouse(dice: random.Random) -> bytes:
    where = f"{dice.choice((0, 0, 0, 1, 2, 32, 35, 64, 65, 66, 128))};{dice.randrange(1, 90)};{dice.randrange(1, 30)}"
    return f"\x1b[<{where}M\x1b[<{where}m".encode() if dice.random() < 0.8 else f"\x1b[<{where}M".encode()


def _old_mouse(dice: random.Random) -> bytes:
    return b"\x1b[M" + bytes(dice.randrange(0x20, 0x100) for _ in range(3))


def _paste(dice: random.Random) -> bytes:
    text = "".join(dice.choice((*PIECES, *WORDS)) for _ in range(dice.randrange(4)))
    return b"\x1b[200~" + text.encode("utf-8", "replace") + b"\x1b[201~"


def _scan(dice: random.Random) -> bytes:
    return dice.choice(SCANS) + dice.choice((b"\r", b"\r", b"\n", b"\t", b"\r\n", b""))


def _torn(dice: random.Random) -> bytes:
    """Letters of UTF-8 whole and in pieces, and bytes that are none."""
    return dice.choice(
        (dice.choice(WORDS).encode(), bytes(dice.randrange(0x80, 0x100) for _ in range(dice.randrange(1, 5))))
    )


KINDS: tuple[tuple[Callable[[random.Random], bytes], int], ...] = (
    (_digit, 22),
    (_letter, 10),
    (_control, 8),
    (lambda dice: dice.choice(KEYS), 16),
    (_alt, 3),
    (_sequence, 6),
    (_kitty, 4),
    (lambda dice: dice.choice(REPORTS), 3),
    (_mouse, 12),
    (_old_mouse, 1),
    (_paste, 6),
    (_scan, 3),
    (_torn, 4),
    (lambda dice: dice.choice(WORDS).encode(), 1),
    (lambda dice: dice.choice(PIECES).encode("utf-8", "replace"), 1),
)
