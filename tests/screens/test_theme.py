"""The colours: every text can be read on every ground, and the roles are the same in every theme."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.color import Color

from screens.parts import Touch
from screens.theme import TOKENS
from screens.welcome import WelcomeScreen
from tests.screens.room import NARROW, Host, Room, sees, settled

TEXTS = ("ink", "dim", "accent", "warm", "ok", "bad")


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    parts = [part / 255 for part in Color.parse(colour).rgb]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", TOKENS)
@pytest.mark.parametrize("ground", ["ground", "panel"])
@pytest.mark.parametrize("text", TEXTS)
def test_every_text_stands_out_from_its_ground(theme: str, ground: str, text: str) -> None:
    """7:1 or more (WCAG AAA), in an airport hall and with old eyes."""
    light, dark = sorted((luminance(TOKENS[theme][text]), luminance(TOKENS[theme][ground])), reverse=True)

    assert (light + 0.05) / (dark + 0.05) >= 7


def test_every_theme_has_every_role() -> None:
    """A role that a theme lacks would stop the stylesheet."""
    assert len({frozenset(tokens) for tokens in TOKENS.values()}) == 1


@pytest.mark.prove
async def test_contrast_is_changed_by_key_and_by_touch_and_the_next_customer_starts_with_the_first(
    tmp_path: Path,
) -> None:
    """Shown in the foot of the welcome screen; each press the next theme, and nobody inherits another's."""
    room = Room(tmp_path)
    app = Host(room, WelcomeScreen)
    worn = []
    async with app.run_test(size=NARROW) as pilot:
        await sees(pilot, "Contrast")
        first = app.screen
        for _ in TOKENS:
            before = app.theme
            await pilot.press("f4")
            await settled(pilot, lambda before=before: app.theme != before, "changed by key")  # type: ignore[misc]
            worn.append(app.theme)
        (touch,) = (each for each in app.screen.query(".foot-key").results(Touch) if each.key == "f4")
        await pilot.click(touch)
        await settled(pilot, lambda: app.theme == worn[0], "changed by touch")
        await pilot.press("enter")
        await settled(pilot, lambda: app.screen is not first, "the next customer")

        assert app.theme == app.first_theme
    room.close()

    assert sorted(worn) == sorted(TOKENS)
