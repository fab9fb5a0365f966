"""The SIM's number: typed, pasted, scanned or touched, grouped as people know it, with a word on it after every digit.

Where the shop takes card numbers and phone numbers, what is typed tells which it is, and the screen says so.
"""

from __future__ import annotations

import re
import time
import unicodedata
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.containers import Grid, Horizontal, Vertical
from textual.widgets import Digits

from kiosk.bank_cards import is_bank_card
from kiosk.identifiers import Doubt, SimNumber, grouped_iccid, grouped_number
from kiosk.phones import (
    LENGTH,
    Kind,
    PhoneDoubt,
    PhoneReading,
    Reading,
    clean_number,
    kind_of,
    parse_number,
    read_number,
    takes,
)
from kiosk.scanned import Scan, ScanKind, is_money
from kiosk.texts import printable
from screens.frame import KioskScreen
from screens.number_words import BOTH, asked_words, reading_words, scan_words
from screens.parts import Key, Touch, Words

if TYPE_CHECKING:
    from kiosk.assembly import House

DEMO = "8900000461442300635"
DEMOS = {Kind.CARD: DEMO, Kind.PHONE: "+13055550142"}
USUAL, UNTOLD = 19, 4
"""Dashes for a card number that is to come, and where it may as well become a phone number."""
DIGITS_MAX = 24
BIG_MAX = 20
KEYPAD = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "backspace", "0", "enter")
CHIP = "┌─────┐\n│ SIM │  US DATA SIM\n└─────┘"
BARS = "█▌▐▌▐█▐ ▌█▐▌ █▐▌▐█ ▌▐█▌"


class NumberScreen(KioskScreen[SimNumber]):
    """Answers with the number. A check digit that does not fit is asked about once, and then let go on."""

    name_of_step = "number"
    step = 1
    types = True
    rest_s = 1.5
    """How soon the rest of a number follows that was thrown away."""

    def __init__(self, house: House, typed: str = "") -> None:
        super().__init__(house)
        self.rules = house.config.sims
        self.kinds = takes(self.rules)
        self.typed = self._cleaned(typed)
        self._refused_at = -self.rest_s
        self._asked = ""
        """The number whose check digit was asked about."""

    def body(self) -> ComposeResult:
        yield Words(id="question")
        yield Words(id="hint")
        yield Digits(id="number")
        yield Words(id="plain-number")
        yield Words(id="feedback")
        with Horizontal(id="number-tools"):
            with Vertical(id="picture", classes="drawn"):
                yield Words(id="picture-chip")
                yield Words(id="picture-bars")
                yield Words(id="picture-number")
                yield Words(id="picture-here")
                if Kind.PHONE in self.kinds:
                    yield Words(id="picture-phone")
            with Grid(id="keypad"):
                for key in KEYPAD:
                    yield Touch(key, id=f"pad-{key}", classes="pad")

    def on_mount(self) -> None:
        self.query_one("#picture-chip", Words).show(CHIP)
        self.query_one("#picture-bars", Words).show(f"{BARS}\n{BARS}")
        self.query_one("#picture-number", Words).show(grouped_iccid(DEMO))
        for part in ("bars", "number", "here"):
            self.query_one(f"#picture-{part}").display = Kind.CARD in self.kinds

    def relabel(self) -> None:
        say = self.texts.say
        question, hint = asked_words(self.texts, self.kinds)
        self.query_one("#question", Words).show(question)
        self.query_one("#hint", Words).show(hint)
        self.query_one("#picture-here", Words).show("^^^^ " + say("this number"))
        for words in self.query("#picture-phone").results(Words):
            phone = grouped_number(DEMOS[Kind.PHONE])
            words.show(say("or {number}", number=phone) if self.kinds == BOTH else phone)
        for key in KEYPAD:
            does = {"backspace": say("Delete"), "enter": say("OK")}.get(key, "")
            self.query_one(f"#pad-{key}", Touch).show("" if does else key, does)
        self._show_number()

    def keys(self) -> list[Key]:
        say = self.texts.say
        does = say("Demo card") if self.kinds == (Kind.CARD,) else say("Demo number")
        demo = [Key("d", "D", does)] if self.house.config.training else []
        return [Key("escape", "Esc", say("Back")), Key("enter", "Enter", say("Continue")), *demo]

    def take(self, key: str) -> None:
        if key == "escape":
            self.leave()
        elif key == "enter":
            self._enter()
        elif key in ("backspace", "delete"):
            self._type(self.typed[:-1])
        elif key == "d" and self.house.config.training:
            demos = [DEMOS[kind] for kind in self.kinds]
            self._type(demos[(demos.index(self.typed) + 1) % len(demos) if self.typed in demos else 0])
        elif re.fullmatch("[0-9a-f]", key := unicodedata.normalize("NFKC", key)):
            self._type_on(key.upper())
        elif key == "+" and Kind.PHONE in self.kinds and not self.typed:
            self._type(key)

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        self.stay()
        self._type(event.text if is_money(event.text) else self._cleaned(event.text))

    def scanned(self, scan: Scan) -> None:
        """A scan is the whole number: what was typed before it goes, and a good one needs no Enter."""
        if scan.kind is not ScanKind.SIM:
            self._refuse(scan_words(self.texts, scan.kind))
            return
        self._type(scan.text[:DIGITS_MAX])
        if self._good:
            self._enter()

    def _refuse(self, told: str) -> None:
        """Nothing of what was scanned, pasted or typed stays; what it was is said."""
        self._type("")
        feedback = self.query_one("#feedback", Words)
        feedback.show(told)
        feedback.set_class(True, "warm")

    def _cleaned(self, text: str) -> str:
        """What was pasted or scanned, without what could command the terminal, and not without end."""
        return clean_number(printable(text), self.rules)[:DIGITS_MAX]

    @property
    def _reading(self) -> Reading:
        return read_number(self.typed, self.rules)

    @property
    def _good(self) -> bool:
        return self._reading.whole

    def _type(self, typed: str) -> None:
        if is_money(typed):  # by hand, too
            self._refused_at = time.monotonic()
            kind = ScanKind.BANK_CARD if is_bank_card(typed) else ScanKind.PAYMENT_CODE
            self._refuse(scan_words(self.texts, kind))
            return
        self.typed, self._asked = typed, ""
        self._show_number()

    def _type_on(self, sign: str) -> None:
        """One more. A hand that types the number of a bank card goes on for a while: that is thrown away, too."""
        if time.monotonic() - self._refused_at < self.rest_s:
            self._refused_at = time.monotonic()
            return
        self._type((self.typed + sign)[:DIGITS_MAX])

    def _enter(self) -> None:
        reading = self._reading
        if reading.doubt is Doubt.CHECK_DIGIT and self._asked != self.typed:
            self._asked = self.typed
        elif reading.whole or reading.doubt is Doubt.CHECK_DIGIT:
            self.leave(parse_number(self.typed, self.rules, checked=True))
            return
        self._show_number(insist=True)

    def _show_number(self, *, insist: bool = False) -> None:
        reading, kind = self._reading, kind_of(self.typed, self.rules)
        big, plain = self.query_one("#number", Digits), self.query_one("#plain-number", Words)
        digits = self._digits(reading, kind)
        big.display, plain.display = bool(digits), not digits
        big.update(digits)
        plain.show(self.typed if isinstance(reading, PhoneReading) else grouped_iccid(self.typed))
        feedback = self.query_one("#feedback", Words)
        if self._asked and self._asked == self.typed:
            feedback.show(self.texts.say("Is every digit the same as on your card? Then press Enter or OK once more."))
        else:
            feedback.show(reading_words(self.texts, reading, kind, self.kinds))
        feedback.set_class(reading.whole, "ok")
        alarming = reading.doubt.value not in (Doubt.NONE, Doubt.EMPTY, Doubt.SHORT)
        feedback.set_class(alarming or (insist and not reading.whole), "warm")

    def _digits(self, reading: Reading, kind: Kind | None) -> str:
        """The number in large figures, dashes for what is to come; empty where it does not fit that picture."""
        if isinstance(reading, PhoneReading):
            fits = reading.doubt not in (PhoneDoubt.CHARACTERS, PhoneDoubt.COUNTRY, PhoneDoubt.LONG)
            return grouped_number("+1" + reading.digits.ljust(LENGTH, "-")) if fits else ""
        if len(self.typed) > BIG_MAX or not (self.typed.isdecimal() or not self.typed):
            return ""
        return grouped_iccid(self.typed.ljust(USUAL if kind else UNTOLD, "-"))
