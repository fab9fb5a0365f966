"""The card number: typed, pasted, scanned or touched, grouped as on the card, with a word on it after every digit."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.containers import Grid, Horizontal, Vertical
from textual.widgets import Digits

from kiosk.identifiers import Doubt, SimNumber, clean_iccid, grouped_iccid, parse_iccid, read_iccid
from kiosk.texts import printable
from screens.frame import KioskScreen, Scanned
from screens.parts import Key, Touch, Words
from screens.words import doubt_words

if TYPE_CHECKING:
    from kiosk.assembly import House

DEMO = "8900000461442300635"
USUAL = 19
DIGITS_MAX = 24
BIG_MAX = 20
KEYPAD = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "backspace", "0", "enter")
CHIP = "┌─────┐\n│ SIM │  US DATA SIM\n└─────┘"
BARS = "█▌▐▌▐█▐ ▌█▐▌ █▐▌▐█ ▌▐█▌"


def cleaned(text: str) -> str:
    """What was pasted or scanned, without what could command the terminal, and not without end."""
    return clean_iccid(printable(text))[:DIGITS_MAX]


class NumberScreen(KioskScreen[SimNumber]):
    """Answers with the card number. A check digit that does not fit is asked about once, and then let go on."""

    name_of_step = "number"
    step = 1
    types = True

    def __init__(self, house: House, typed: str = "") -> None:
        super().__init__(house)
        self.typed = cleaned(typed)
        self._asked = ""
        """The number whose check digit was asked about."""

    def body(self) -> ComposeResult:
        yield Words(id="question")
        yield Words(id="hint")
        yield Digits(id="number")
        yield Words(id="plain-number")
        yield Words(id="feedback")
        with Horizontal(id="number-tools"):
            with Vertical(id="picture"):
                yield Words(id="picture-chip")
                yield Words(id="picture-bars")
                yield Words(id="picture-number")
                yield Words(id="picture-here")
            with Grid(id="keypad"):
                for key in KEYPAD:
                    yield Touch(key, id=f"pad-{key}", classes="pad")

    def on_mount(self) -> None:
        self.query_one("#picture-chip", Words).show(CHIP)
        self.query_one("#picture-bars", Words).show(f"{BARS}\n{BARS}")
        self.query_one("#picture-number", Words).show(grouped_iccid(DEMO))

    def relabel(self) -> None:
        say = self.texts.say
        self.query_one("#question", Words).show(say("What is the number of your card?"))
        self.query_one("#hint", Words).show(say("It stands on the back of the card, beside the barcode."))
        self.query_one("#picture-here", Words).show("^^^^ " + say("this number"))
        for key in KEYPAD:
            does = {"backspace": say("Delete"), "enter": say("OK")}.get(key, "")
            self.query_one(f"#pad-{key}", Touch).show("" if does else key, does)
        self._show_number()

    def keys(self) -> list[Key]:
        say = self.texts.say
        demo = [Key("d", "D", say("Demo card"))] if self.house.config.training else []
        return [Key("escape", "Esc", say("Back")), Key("enter", "Enter", say("Continue")), *demo]

    def take(self, key: str) -> None:
        if key == "escape":
            self.leave()
        elif key == "enter":
            self._enter()
        elif key in ("backspace", "delete"):
            self._type(self.typed[:-1])
        elif key == "d" and self.house.config.training:
            self._type(DEMO)
        elif re.fullmatch("[0-9a-f]", key):
            self._type((self.typed + key.upper())[:DIGITS_MAX])

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        self.stay()
        self._type(cleaned(event.text))

    def on_scanned(self, event: Scanned) -> None:
        """A scan is the whole number: what was typed before it goes, and a good one needs no Enter."""
        self.stay()
        if self.kiosk.is_payment_code(event.text):
            self._type("")
            told = self.texts.say("That is a payment code. Please show it later, when you pay.")
            self.query_one("#feedback", Words).show(told)
            return
        text = cleaned(event.text)
        typed_by_hand = self._good and self.typed.endswith(text)  # a busy machine has read the last keys at once
        if not typed_by_hand:
            self._type(text)
        if self._good:
            self._enter()

    @property
    def _good(self) -> bool:
        return read_iccid(self.typed, self.house.config.sims).doubt is Doubt.NONE

    def _type(self, typed: str) -> None:
        self.typed, self._asked = typed, ""
        self._show_number()

    def _enter(self) -> None:
        reading = read_iccid(self.typed, self.house.config.sims)
        if reading.doubt is Doubt.CHECK_DIGIT and self._asked != self.typed:
            self._asked = self.typed
        elif reading.doubt in (Doubt.NONE, Doubt.CHECK_DIGIT):
            self.leave(parse_iccid(self.typed, self.house.config.sims, checked=True))
            return
        self._show_number(insist=True)

    def _show_number(self, *, insist: bool = False) -> None:
        reading = read_iccid(self.typed, self.house.config.sims)
        big, plain = self.query_one("#number", Digits), self.query_one("#plain-number", Words)
        big.display = len(self.typed) <= BIG_MAX and (self.typed.isdecimal() or not self.typed)
        plain.display = not big.display
        big.update(grouped_iccid(self.typed.ljust(USUAL, "-")))
        plain.show(grouped_iccid(self.typed))
        feedback = self.query_one("#feedback", Words)
        if self._asked and self._asked == self.typed:
            feedback.show(self.texts.say("Is every digit the same as on your card? Then press Enter or OK once more."))
        else:
            feedback.show(doubt_words(self.texts, reading))
        feedback.set_class(reading.doubt is Doubt.NONE, "ok")
        alarming = reading.doubt not in (Doubt.NONE, Doubt.EMPTY, Doubt.SHORT)
        feedback.set_class(alarming or (insist and reading.doubt is not Doubt.NONE), "warm")
