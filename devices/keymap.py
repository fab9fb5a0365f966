"""The keys of a scanner that is a keyboard to Linux, as the signs that they stand for. Pure.

US layout, as scanners are set up when they are new; whoever has set one to another language sets it back.
"""

from __future__ import annotations

from functools import cache

KEY, DOWN, DROPPED = 1, 1, (0, 3)
"""linux/input-event-codes.h: EV_KEY; the value of a key that goes down; EV_SYN with SYN_DROPPED, events were lost."""
SHIFTS, CONTROLS = ("KEY_LEFTSHIFT", "KEY_RIGHTSHIFT"), ("KEY_LEFTCTRL", "KEY_RIGHTCTRL")
_SIGNS = {
    "KEY_1": "1!",
    "KEY_2": "2@",
    "KEY_3": "3#",
    "KEY_4": "4$",
    "KEY_5": "5%",
    "KEY_6": "6^",
    "KEY_7": "7&",
    "KEY_8": "8*",
    "KEY_9": "9(",
    "KEY_0": "0)",
    "KEY_MINUS": "-_",
    "KEY_EQUAL": "=+",
    "KEY_LEFTBRACE": "[{",
    "KEY_RIGHTBRACE": "]}",
    "KEY_SEMICOLON": ";:",
    "KEY_APOSTROPHE": "'\"",
    "KEY_GRAVE": "`~",
    "KEY_BACKSLASH": "\\|",
    "KEY_COMMA": ",<",
    "KEY_DOT": ".>",
    "KEY_SLASH": "/?",
    "KEY_SPACE": "  ",
    "KEY_ENTER": "\r\r",
    "KEY_KPENTER": "\r\r",
    "KEY_TAB": "\t\t",
    "KEY_KPDOT": "..",
    "KEY_KPMINUS": "--",
    "KEY_KPPLUS": "++",
    "KEY_KPSLASH": "//",
    "KEY_KPASTERISK": "**",
    "KEY_KPEQUAL": "==",
    **{f"KEY_{letter}": letter.lower() + letter for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"},
    **{f"KEY_KP{digit}": f"{digit}{digit}" for digit in range(10)},
}
_WITH_CONTROL = {
    "KEY_RIGHTBRACE": "\x1d",
    "KEY_M": "\r",
    "KEY_J": "\n",
    "KEY_I": "\t",
    "KEY_B": "\x02",
    "KEY_C": "\x03",
}
"""Control signs as scanners type them: GS is Ctrl and ]."""


@cache
def _codes() -> dict[int, str]:
    """The kernel's number of each key that means something here."""
    from evdev import ecodes  # 0.3 s: never before the first picture

    return {getattr(ecodes, name): name for name in (*_SIGNS, *SHIFTS, *CONTROLS)}


class Keys:
    """Fed with every event in order; keeps which shift keys are held."""

    def __init__(self) -> None:
        self._held: set[str] = set()

    def take(self, kind: int, code: int, value: int) -> str:
        """The sign that this event types; empty for a release, a repeat, or a key that types nothing."""
        name = _codes().get(code, "") if kind == KEY else ""
        if name in (*SHIFTS, *CONTROLS):
            (self._held.discard if value == 0 else self._held.add)(name)
            return ""
        if not name or value != DOWN:
            return ""
        if self._held & set(CONTROLS):
            return _WITH_CONTROL.get(name, "")
        return _SIGNS[name][1 if self._held & set(SHIFTS) else 0]
