"""A sale in each language, in a real terminal, by keyboard alone; and somebody who needs help calls staff."""

from __future__ import annotations

import pytest

from kiosk.texts import LANGUAGES, texts
from tests.journeys.terminal import Terminal
from tests.world import PIN, SIM, World

FIRST_WORDS = 14
"""Characters of a sentence that stand on its first line, however it is broken."""


@pytest.mark.prove
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_stranger_buys_in_their_language(kiosk: World, language: str) -> None:
    """From the tile in its own script to the receipt in it; each screen says its question in it."""
    say = texts(language).say

    def asks(sentence: str) -> str:
        return say(sentence)[:FIRST_WORDS].strip()

    with Terminal(kiosk, 80, 24) as terminal:
        terminal.wait_for(LANGUAGES[language])
        terminal.press(str([*LANGUAGES].index(language) + 1))
        terminal.wait_for(asks("What is the number of your card?"))
        terminal.press(*SIM, "enter")
        terminal.wait_for(say("Choose a plan for {card}", card="").split(" ")[0][:FIRST_WORDS])
        terminal.press("5")
        terminal.wait_for(asks("Is this right? Then choose how to pay."))
        terminal.press("1")
        kiosk.wait_for("SELECT 1 FROM orders WHERE state = 'AUTHORIZING'")
        order = kiosk.orders()[0]
        kiosk.run("cash", order["reference"], "--clerk", "mei", "--tendered", "30", pin=PIN)
        terminal.wait_for(asks("Your receipt is printed."))
        terminal.press("enter")
        terminal.wait_for("Choose your language")

    assert kiosk.orders()[0]["state"] == "COMPLETED"
    assert kiosk.rows("SELECT language FROM orders")[0]["language"] == language
    printed = kiosk.twin.receipts[0]
    assert say("Top-up receipt") in printed or (
        language == "ko" and "Top-up receipt" in printed
    )  # a font may be missing
    kiosk.run("verify")


@pytest.mark.prove
def test_who_is_lost_asks_for_help_in_their_language_and_staff_comes(kiosk: World) -> None:
    """F2, the tile, ?, S; a clerk answers at the counter, and the customer reads it."""
    with Terminal(kiosk, 80, 24) as terminal:
        terminal.wait_for("Choose your language")
        terminal.press("1")
        terminal.wait_for("What is the number of your card?")
        terminal.press(*SIM[:6])
        terminal.press("f2")
        terminal.wait_for("7  Français")
        terminal.press("7")
        terminal.wait_for("Quel est le numéro de votre carte")
        terminal.press("?")
        terminal.wait_for("4. Payez.")
        terminal.press("s")
        terminal.wait_for("Le personnel a été appelé")
        assert "CALLED" in kiosk.run("seats")
        kiosk.run("seats", "--come", "1", "--clerk", "mei")
        terminal.wait_for("Quelqu'un arrive.")
        terminal.press("esc")
        terminal.wait_for("6 chiffres")
        terminal.press("esc")
        terminal.wait_for("Choose your language")
        kiosk.wait_for("SELECT 1 FROM seats WHERE called_at IS NULL")
