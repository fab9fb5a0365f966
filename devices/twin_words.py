"""What somebody types at the simulated printer's terminal, as its knobs."""

from __future__ import annotations

import re
from dataclasses import asdict

from devices.twin_engine import Knobs

_WORDS: dict[str, dict[str, bool]] = {
    "paper out": {"paper": False},
    "near end": {"near_end": True},
    "new roll": {"paper": True, "near_end": False},
    "open cover": {"cover_open": True},
    "close cover": {"cover_open": False},
    "error": {"error": True},
    "silent": {"silent": True},
    "wrong": {"wrong": True},
    "chatty": {"chatty": True},
    "hang": {"hang": True},
    "go on": {"hang": False},
}
_NUMBERS = {
    "slow": ("baud", "bits a second, as a serial line"),
    "late": ("late_s", "seconds before each answer"),
    "out after": ("runs_out_after", "bytes until the roll ends"),
    "hang after": ("hang_after", "bytes until it hangs"),
    "reset after": ("reset_after", "bytes until it resets itself"),
}
HELP = (
    f"{', '.join(_WORDS)}; "
    + "; ".join(f"{word} N ({meant})" for word, (_, meant) in _NUMBERS.items())
    + "; well (all as at first); status."
)


def knobs_of(line: str) -> dict[str, object]:
    """The knobs that a line turns. Raises ValueError, with what may be typed."""
    words = " ".join(line.lower().split())
    if words == "well":
        return asdict(Knobs())
    if words in _WORDS:
        return dict(_WORDS[words])
    if match := re.fullmatch(rf"({'|'.join(_NUMBERS)}) (\d+(?:\.\d+)?)", words):
        name, number = _NUMBERS[match[1]][0], float(match[2])
        return {name: number if name == "late_s" else int(number)}
    raise ValueError(HELP)


def told(knobs: Knobs) -> str:
    """How it stands: what is not as at first."""
    usual = asdict(Knobs())
    turned = {name: value for name, value in asdict(knobs).items() if value != usual[name]}
    return ", ".join(f"{name} = {value}" for name, value in turned.items()) or "ready"
