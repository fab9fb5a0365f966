"""What the owner puts on receipts, looked at when the kiosk starts: a logo or a font that fails would fail every paper.

Only the logo's head is read here: to draw it takes Pillow, which costs time, and is loaded when something is printed.
"""

from __future__ import annotations

from pathlib import Path

from kiosk.errors import ConfigError
from kiosk.tables import File
from kiosk.texts import LANGUAGES, printable, wrapped

PNG = b"\x89PNG\r\n\x1a\n"
BYTES_MAX, WIDTH_MAX, HEIGHT_MAX = 256 * 1024, 576, 256
LINES_MAX = 12
POLICY_LINES, POLICY_COLUMNS = 4, 38
"""So much of a refund policy is seen beside the longest bill on the smallest terminal, whatever language is spoken."""
FONTS = (b"\x00\x01\x00\x00", b"OTTO", b"ttcf", b"true")
"""How files of TrueType and OpenType fonts begin."""


def refuse_bad_letterhead(file: File, source: str) -> None:
    """Raises ConfigError for what cannot be printed, or not be seen whole before it is paid."""
    own = file.receipt
    for language, policy in file.kiosk.refund_policy.items():
        taken = len(wrapped(printable(policy), POLICY_COLUMNS, lambda sign: 2 if sign >= "\u1100" else 1))
        if taken > POLICY_LINES:
            raise ConfigError(
                f"{source}: kiosk.refund_policy.{language}: too long by {taken - POLICY_LINES} of {taken} lines;"
                f" the smallest screen has room for {POLICY_LINES} lines of {POLICY_COLUMNS} characters"
                f" ({POLICY_COLUMNS // 2} in Chinese)."
            )
    if own.clerk_language not in LANGUAGES:
        known = ", ".join(LANGUAGES)
        raise ConfigError(f"{source}: receipt.clerk_language: no such language; known here: {known}.")
    for name, lines in (("header", own.header), ("footer", own.footer)):
        for language, written in lines.items():
            if len(written) > LINES_MAX:
                raise ConfigError(f"{source}: receipt.{name}.{language}: at most {LINES_MAX} lines fit on a receipt.")
    if own.logo:
        _look_at_logo(Path(own.logo).expanduser(), f"{source}: receipt.logo")
    if file.printer.font:
        head = _head(Path(file.printer.font).expanduser(), 4, f"{source}: printer.font")
        if head not in FONTS:
            raise ConfigError(f"{source}: printer.font: is not a TrueType or OpenType font.")


def _look_at_logo(path: Path, where: str) -> None:
    head = _head(path, 24, where)
    if head[:8] != PNG or head[12:16] != b"IHDR" or len(head) < 24:
        raise ConfigError(f"{where}: is not a PNG.")
    width, height = int.from_bytes(head[16:20]), int.from_bytes(head[20:24])
    if not (0 < width <= WIDTH_MAX and 0 < height <= HEIGHT_MAX):
        raise ConfigError(
            f"{where}: is {width} x {height} dots; at most {WIDTH_MAX} x {HEIGHT_MAX} go on a receipt"
            " (384 wide on 58 mm paper)."
        )
    if path.stat().st_size > BYTES_MAX:
        raise ConfigError(f"{where}: has more than {BYTES_MAX // 1024} kB.")


def _head(path: Path, size: int, where: str) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(size)
    except OSError as error:
        raise ConfigError(f"{where}: {path} cannot be read: {error.strerror}.") from None
