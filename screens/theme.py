"""The colours by their roles, in one place. Every text on every ground has a contrast of 7:1 or more.

A role is never told by its colour alone: the words say it too.
"""

from __future__ import annotations

from textual.theme import Theme

TOKENS = {
    "kiosk-dark": {
        "ground": "#0d1117",
        "panel": "#161d27",
        "line": "#30405a",
        "ink": "#f4f7fb",
        "dim": "#a9b8cc",
        "accent": "#5eead4",
        "warm": "#ffd166",
        "ok": "#86efac",
        "bad": "#fca5a5",
    },
    "kiosk-light": {
        "ground": "#f8fafc",
        "panel": "#e8eef5",
        "line": "#8496ae",
        "ink": "#0b1320",
        "dim": "#37465a",
        "accent": "#00504a",
        "warm": "#663c00",
        "ok": "#0f4d27",
        "bad": "#861717",
    },
    "kiosk-contrast": {
        "ground": "#000000",
        "panel": "#000000",
        "line": "#ffffff",
        "ink": "#ffffff",
        "dim": "#ffffff",
        "accent": "#00ffff",
        "warm": "#ffff00",
        "ok": "#66ff66",
        "bad": "#ffb0b0",
    },
}


def themes() -> list[Theme]:
    """The tokens as Textual knows them. In the stylesheet a role is `$k-` and its name."""
    return [
        Theme(
            name=name,
            primary=tokens["accent"],
            accent=tokens["accent"],
            warning=tokens["warm"],
            error=tokens["bad"],
            success=tokens["ok"],
            foreground=tokens["ink"],
            background=tokens["ground"],
            surface=tokens["ground"],
            panel=tokens["panel"],
            dark=name != "kiosk-light",
            variables={f"k-{role}": colour for role, colour in tokens.items()},
        )
        for name, tokens in TOKENS.items()
    ]
