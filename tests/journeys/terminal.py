"""The real program in a real terminal: a pty, a terminal emulator, keys, touches, and a camera for QR codes."""

from __future__ import annotations

import os
import re
import signal
import sys
import time
from contextlib import suppress
from typing import Any

import pexpect
import pyte
import zxingcpp
from PIL import Image

from screens.large_parts import CAP_ROWS
from screens.letters import large
from tests.world import World

KEYS = {
    "enter": "\r",
    "esc": "\x1b",
    "backspace": "\x7f",
    "f2": "\x1bOQ",
    "f3": "\x1bOR",
    "f4": "\x1bOS",
    "f5": "\x1b[15~",
    "f6": "\x1b[17~",
    "f7": "\x1b[18~",
    "f8": "\x1b[19~",
    "f9": "\x1b[20~",
    "f10": "\x1b[21~",
    "pagedown": "\x1b[6~",
    "left": "\x1b[D",
    "right": "\x1b[C",
    "up": "\x1b[A",
    "down": "\x1b[B",
}
FOREIGN = re.compile(r"\x1b\[[<>=?][0-9;]*[a-zA-Z]|\x1b\[\?[0-9;]*\$p|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)")
"""What a modern terminal understands and pyte does not: keyboard protocols, queries, titles. Modes are let through."""

KEYPAD_FROM = 41
"""On the smallest terminal, the large keypad stands from this column on."""
BLACK_WHITE = {"default": (0, 0, 0), "black": (0, 0, 0), "white": (255, 255, 255)}


class Terminal:
    """`kiosk run` or another `command`, at a terminal of `columns` × `rows`, started by the program `under` if any."""

    def __init__(
        self,
        kiosk: World,
        columns: int = 100,
        rows: int = 30,
        *arguments: str,
        under: tuple[str, ...] = (),
        command: str = "run",
    ) -> None:
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self.raw = b""
        env = kiosk.env | {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
        words = [*under, sys.executable, "-m", "kiosk", command, *arguments]
        self.process = pexpect.spawn(words[0], words[1:], env=env, dimensions=(rows, columns), timeout=None)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def kill(self) -> None:
        """kill -9 to the whole program, and the terminal is gone."""
        self.kill_program()
        with suppress(pexpect.EOF, OSError):
            self.process.close(force=True)

    def kill_program(self) -> None:
        """kill -9 while somebody goes on looking at the terminal."""
        with suppress(ProcessLookupError):
            os.kill(int(self.process.pid or 0), signal.SIGKILL)

    def look(self, seconds: float = 0.05) -> str:
        """What stands on the screen, after reading what has been written meanwhile."""
        end = time.monotonic() + seconds
        while data := self._read(max(0.0, end - time.monotonic())):
            self.raw += data
            self._stream.feed(_plain(data))
        buffer, columns = self.screen.buffer, range(self.screen.columns)  # pyte's own `display` fails on half a hanzi
        return "\n".join("".join(buffer[row][at].data for at in columns).rstrip() for row in range(self.screen.lines))

    def _read(self, seconds: float) -> bytes:
        """What is written within that time; nothing where nothing is."""
        try:
            data: Any = self.process.read_nonblocking(65536, timeout=seconds)
        except (pexpect.TIMEOUT, pexpect.EOF):
            return b""
        return bytes(data)

    def _touch_cell(self, column: int, row: int) -> None:
        """Both from 1."""
        for end in "Mm":
            self.process.send(f"\x1b[<0;{column};{row}{end}")

    def alive(self) -> bool:
        return bool(self.process.isalive())

    def wait_for(self, *texts: str, seconds: float = 20) -> str:
        """Until one of the texts stands on the screen; what stands there then."""
        end = time.monotonic() + seconds
        while True:
            seen = self.look()
            if any(_squeezed(text) in _squeezed(seen) for text in texts):
                return self.look(0.15)  # the rest of the same picture
            assert time.monotonic() < end, f"never saw {texts!r} but:\n{seen}"
            assert self.alive(), f"ended without {texts!r}:\n{seen}"

    def press(self, *keys: str) -> None:
        """Type keys at a hand's pace; a name from KEYS, or characters."""
        for key in keys:
            assert key in KEYS or len(key) == 1 or not key.isprintable(), f"no key is called {key}"
            self.process.send(KEYS.get(key, key))
            self.look(0.045)

    def touch(self, text: str) -> None:
        """Touch the middle of `text` as it stands on the screen."""
        self.wait_for(text)
        for row, line in enumerate(self._cells()):
            joined = "".join(line)
            if text in joined:
                column = _cell_of(line, joined.index(text)) + max(1, len(text) // 2)
                self._touch_cell(column, row + 1)
                self.look(0.05)
                return
        raise AssertionError(f"{text!r} is broken over two lines")

    def finds_large(self, text: str, rows: int) -> tuple[int, int] | None:
        """Where these words stand in letters of so many rows, cell by cell: column and row of their corner."""
        wanted = large(text, 1000, rows, "")
        wide = max(map(len, wanted))
        wanted = [line.ljust(wide) for line in wanted]
        seen = ["".join(line) for line in self._cells()]
        for top in range(len(seen) - rows + 1):
            for left in range(self.screen.columns - wide + 1):
                if all(seen[top + row][left : left + wide] == wanted[row] for row in range(rows)):
                    return left, top
        return None

    def wait_for_large(self, text: str, rows: int = 5, seconds: float = 20) -> None:
        """Until these words stand on the screen in large letters."""
        end = time.monotonic() + seconds
        while not self.finds_large(text, rows):
            seen = self.look(0.1)
            assert time.monotonic() < end, f"never saw {text!r} in large letters but:\n{seen}"
            assert self.alive(), f"ended without {text!r}:\n{seen}"

    def touch_large(self, text: str, rows: int = 5) -> None:
        """Touch the beginning of these words in large letters, once they are seen."""
        self.wait_for_large(text, rows)
        found = self.finds_large(text, rows)
        assert found
        self._touch_at(found[0] + 1, found[1] + rows // 2)

    def touch_cap(self, sign: str) -> None:
        """Touch the key with this large sign on it: the last there is, for the same sign may stand in what is typed."""
        cap = [line.ljust(CAP_ROWS) for line in large(sign, 1000, CAP_ROWS, "")[:-1]]
        self.look(0.02)
        seen = ["".join(line) for line in self._cells()]
        places = [
            (left, top)
            for left in range(KEYPAD_FROM, self.screen.columns - CAP_ROWS)
            for top in range(len(seen) - len(cap) + 1)
            if all(seen[top + row][left : left + len(line.rstrip())] == line.rstrip() for row, line in enumerate(cap))
        ]
        assert places, f"no key says {sign!r}:\n{self.look()}"
        self._touch_at(places[-1][0] + 1, places[-1][1] + 1)

    def touch_down(self) -> None:
        """Touch the lower of the two large keys at the right, which go through large text."""
        self._touch_at(self.screen.columns - 4, self.screen.lines - 8)
        self.look(0.2)

    def _touch_at(self, column: int, row: int) -> None:
        self._touch_cell(column + 1, row + 1)
        self.look(0.1)

    def resize(self, columns: int, rows: int) -> None:
        """Somebody enlarges the window."""
        self.process.setwinsize(rows, columns)
        self.screen.resize(rows, columns)

    def touch_key(self, label: str) -> None:
        """Touch the key of the on-screen keypad that says `label`: framed, and nowhere else a word by itself."""
        end = time.monotonic() + 5
        while True:  # a busy machine paints in pieces
            self.look(0.02)
            for row, line in enumerate(self._cells()):
                joined = "".join(line)
                if match := re.search(rf"│ *{re.escape(label)} *│", joined):
                    column = _cell_of(line, match.start() + match[0].index(label)) + 1
                    self._touch_cell(column, row + 1)
                    self.look(0.05)
                    return
            assert time.monotonic() < end, f"no key says {label!r}:\n{self.look()}"

    def scan_qr(self, seconds: float = 10) -> str:
        """What a phone reads off the screen, held there until it reads something: a busy machine paints in pieces."""
        end = time.monotonic() + seconds
        while len(found := zxingcpp.read_barcodes(self._photograph())) != 1:
            assert time.monotonic() < end, f"{len(found)} codes on the screen"
            self.look(0.2)
        return str(found[0].text)

    def _photograph(self) -> Image.Image:
        """Half blocks as pixels, in the colours that the terminal got."""
        width, height = self.screen.columns, self.screen.lines
        picture = Image.new("RGB", (width, height * 2))
        for row in range(height):
            for column in range(width):
                cell = self.screen.buffer[row][column]
                upper, lower = _pixels(cell)
                picture.putpixel((column, row * 2), upper)
                picture.putpixel((column, row * 2 + 1), lower)
        return picture.resize((width * 8, height * 16), Image.Resampling.NEAREST)

    def _cells(self) -> list[list[str]]:
        return [
            [self.screen.buffer[row][column].data for column in range(self.screen.columns)]
            for row in range(self.screen.lines)
        ]


def _plain(data: bytes) -> bytes:
    text = data.decode("utf-8", "surrogateescape")
    return FOREIGN.sub(lambda match: match[0] if re.fullmatch(r"\x1b\[\?(25|1049)[hl]", match[0]) else "", text).encode(
        "utf-8", "surrogateescape"
    )


def _squeezed(text: str) -> str:
    """Without white space: a sentence may be wrapped anywhere, and pyte pads hanzi."""
    return re.sub(r"\s+", "", text)


def _cell_of(line: list[str], character: int) -> int:
    """The column of the cell in which the n-th character of the line stands."""
    seen = 0
    for column, data in enumerate(line):
        seen += len(data)
        if seen > character:
            return column
    raise AssertionError("beyond the line")


def _pixels(cell: Any) -> tuple[tuple[int, int, int], tuple[int, int, int]]:
    ink, ground = _colour(cell.bg if cell.reverse else cell.fg), _colour(cell.fg if cell.reverse else cell.bg)
    match cell.data:
        case "▀":
            return ink, ground
        case "▄":
            return ground, ink
        case "█":
            return ink, ink
    return ground, ground


def _colour(name: str) -> tuple[int, int, int]:
    if re.fullmatch("[0-9a-f]{6}", name):
        return int(name[:2], 16), int(name[2:4], 16), int(name[4:], 16)
    return BLACK_WHITE.get(name, (128, 128, 128))
