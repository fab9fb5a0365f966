"""A QR code as a square of modules. Pure; screens and printers draw it in their own way."""

from __future__ import annotations

Modules = tuple[tuple[bool, ...], ...]
"""Rows of modules, True for dark; without a quiet zone."""


def modules(text: str) -> Modules:
    """The smallest code for `text`. Level L: a screen has no scratches, and 80x24 has few cells."""
    import segno  # costs 20 ms: not before a code is shown

    code = segno.make_qr(text, error="l", boost_error=False)
    return tuple(tuple(bool(module) for module in row) for row in code.matrix)


def half_blocks(code: Modules, quiet: int) -> str:
    """Two modules in each cell, dark as ink and light as paper; `quiet` modules of paper on every side."""
    size = len(code) + 2 * quiet
    blank = (False,) * size
    rows = [blank] * quiet + [(False,) * quiet + row + (False,) * quiet for row in code] + [blank] * quiet
    if len(rows) % 2:
        rows.append(blank)
    signs = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}
    pairs = zip(rows[::2], rows[1::2], strict=True)
    return "\n".join("".join(signs[cell] for cell in zip(upper, lower, strict=True)) for upper, lower in pairs)
